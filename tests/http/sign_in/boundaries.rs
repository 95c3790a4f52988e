//! The administrator's pages and calls: nobody else may open them, and nobody else learns that they exist.

use entity::stored::{Role, Scope};
use poem::http::Method;

use testing::{Person, TestApp};

const PAGES: [(&str, &str); 12] = [
    ("GET", "/desk/accounts"),
    ("GET", "/desk/accounts/new"),
    ("POST", "/desk/accounts/new"),
    ("GET", "/desk/accounts/organiser"),
    ("POST", "/desk/accounts/organiser"),
    ("POST", "/desk/accounts/organiser/suspension"),
    ("POST", "/desk/accounts/organiser/reinstatement"),
    ("POST", "/desk/accounts/organiser/invitation"),
    ("POST", "/desk/accounts/organiser/second-factor/removal"),
    ("GET", "/desk/calendar"),
    ("POST", "/desk/calendar/2018"),
    ("POST", "/desk/calendar/nonsense"),
];

const CALLS: [(&str, &str, &str); 8] = [
    ("GET", "/api/v1/accounts", ""),
    ("POST", "/api/v1/accounts", r#"{"login":"x","name":"x","office":"x"}"#),
    ("GET", "/api/v1/accounts/organiser", ""),
    ("PUT", "/api/v1/accounts/organiser", r#"{"name":"x","office":"x","active":false,"version":""}"#),
    ("POST", "/api/v1/accounts/organiser/invitation", ""),
    ("DELETE", "/api/v1/accounts/organiser/second-factor", ""),
    ("GET", "/api/v1/calendar/2018", ""),
    ("PUT", "/api/v1/calendar/2018", r#"{"holidays":[],"makeup_days":[]}"#),
];

async fn page(person: &Person, method: &str, path: &str) -> testing::Answer {
    let method: Method = method.parse().unwrap();
    let media = (method == Method::POST).then_some("application/x-www-form-urlencoded");
    person.send(method, path, media, Vec::new()).await
}

async fn call(person: &Person, method: &str, path: &str, body: &str) -> testing::Answer {
    let media = (!body.is_empty()).then_some("application/json");
    person.send(method.parse().unwrap(), path, media, body.as_bytes().to_vec()).await
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_or_told_401() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let nobody = app.nobody();
    for (method, path) in PAGES {
        let answer = page(&nobody, method, path).await.expect(303);
        let next = if method == "GET" { path } else { "/desk" };
        assert_eq!(answer.location(), format!("/sign-in?next={next}"));
    }
    for (method, path, body) in CALLS {
        let answer = call(&nobody, method, path, body).await.expect(401);
        assert_eq!(answer.code(), "unauthenticated", "{method} {path}");
    }
}

#[tokio::test]
async fn every_other_role_is_told_that_there_is_no_such_page() {
    let app = TestApp::new().await;
    // Two other offices may read accounts; the access matrix tests them.
    let readers = [Role::Sysadmin, Role::SecurityAdmin, Role::Auditor];
    for role in Role::ALL.iter().filter(|role| !readers.contains(role)) {
        let scope = match role.scope() {
            Scope::Everything => "",
            Scope::Province => "320000",
            Scope::Team => "T3",
        };
        let person = app.staff(*role, scope).await;
        for (method, path) in PAGES {
            let answer = page(&person, method, path).await;
            assert_eq!(answer.status.as_u16(), 404, "{role} {method} {path}");
        }
        for (method, path, body) in CALLS {
            let answer = call(&person, method, path, body).await;
            assert_eq!(answer.status.as_u16(), 404, "{role} {method} {path}");
        }
        let desk = person.get("/desk/password").await.expect(200).text();
        assert!(!desk.contains("/desk/accounts") && !desk.contains("/desk/calendar"));
    }
}

#[tokio::test]
async fn the_administrator_opens_all_of_them_and_no_business() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    app.staff(Role::Organiser, "").await;
    for (_, path) in PAGES.iter().filter(|(method, _)| *method == "GET") {
        admin.get(path).await.expect(200);
    }
    let desk = admin.get("/desk/password").await.expect(200).text();
    for own in ["/desk/accounts", "/desk/calendar"] {
        assert!(desk.contains(&format!(r#"href="{own}""#)));
    }
    for foreign in ["/desk/campaigns", "/desk/assignments", "/desk/rulings"] {
        assert!(!desk.contains(foreign));
    }
}
