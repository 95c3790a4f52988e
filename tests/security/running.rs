//! Checks of a product that was opened for the first time.

use std::sync::Arc;

use entity::account;
use poem::http::{Method, StatusCode};
use poem::test::TestClient;
use sea_orm::{EntityTrait, PaginatorTrait};
use shudu::app::App;
use shudu::base::error::Error;
use shudu::config::Settings;
use shudu::server;

async fn fresh() -> (tempfile::TempDir, Arc<App>) {
    let data = tempfile::tempdir().unwrap();
    let settings = Settings { data: Some(data.path().to_owned()), ..Settings::default() };
    let app = App::open(settings.resolve().unwrap()).await.unwrap();
    (data, app)
}

#[tokio::test]
async fn no_account_is_there_from_the_start() {
    let (_data, app) = fresh().await;
    assert_eq!(account::Entity::find().count(app.stores.main.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn key_files_are_for_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let (data, _app) = fresh().await;
    let mut seen = 0;
    for file in std::fs::read_dir(data.path().join("keys")).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o400, "{}", file.path().display());
        seen += 1;
    }
    assert!(seen >= 2, "{seen}");
}

#[tokio::test]
async fn trace_is_answered_nowhere() {
    let (_data, app) = fresh().await;
    let client = TestClient::new(server::endpoint(&app).unwrap());
    for path in ["/", "/desk", "/api/v1/campaigns", "/log/", "/assets/app.css", "/nowhere"] {
        let answer = client.request(Method::TRACE, path).header("x-secret", "canary").send().await;
        let status = answer.0.status();
        assert!(matches!(status, StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND), "{path}: {status}");
        assert!(!answer.0.into_body().into_string().await.unwrap().contains("canary"), "{path}");
    }
}

#[test]
fn a_fault_tells_nothing_of_the_inside() {
    let fault = Error::Internal("/srv/shudu/keys/site.key: canary".to_owned());
    assert!(fault.to_string().contains("canary"), "the log of the operator says it");
    let told = fault.refusal();
    assert_eq!(told.code, "internal");
    assert!(!format!("{told:?}").contains("canary"), "{told:?}");
}
