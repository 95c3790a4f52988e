//! A database address at which something else answers, for example a proxy without a primary behind it. Every kind of request
//! that needs a store is refused with 503 and a `Retry-After` header, and no process starts without its stores.

use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use serde_json::{Value, json};
use testing::process_databases;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::server::shudu;
use super::site::{CAMPAIGN, Site};
use super::store_gone::{Postgres, folder};

/// Behaviour of the listener at the address of the database.
#[derive(Clone, Copy, Debug)]
enum FakeReply {
    Closes,
    Says(&'static [u8]),
}

const ALL: [FakeReply; 4] = [
    FakeReply::Closes,
    FakeReply::Says(b"\0"),
    FakeReply::Says(b"HTTP/1.0 503 Service Unavailable\r\n\r\n"),
    FakeReply::Says(b"N\0\0"),
];

/// A listener at a port, until the value is dropped.
struct FakeServer(tokio::task::JoinHandle<()>);

impl FakeServer {
    async fn at(port: u16, reply: FakeReply) -> Self {
        let until = Instant::now() + Duration::from_secs(20);
        let listener = loop {
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => break listener,
                Err(error) => assert!(Instant::now() < until, "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        Self(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                if let FakeReply::Says(bytes) = reply {
                    drop(stream.write_all(bytes).await);
                }
            }
        }))
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One request of every kind, and whether the request certainly needs a store.
fn requests() -> Vec<(Method, String, Option<Value>, bool)> {
    let campaign = |rest: &str| format!("/api/v1/campaigns/{CAMPAIGN}{rest}");
    let mut all: Vec<(Method, String, Option<Value>, bool)> =
        ["/readyz", "/campaigns?n", "/dashboard?n", "/dashboard.csv"]
            .into_iter()
            .chain([
                "/receipts?code=x",
                "/desk",
                "/invitations/x",
                "/api/v1/campaigns",
                "/api/v1/assignments",
                "/api/v1/dashboard",
            ])
            .map(|path| (Method::GET, path.to_owned(), None, !path.starts_with("/receipts")))
            .collect();
    for rest in ["", "/tally", "/ranking"] {
        all.push((Method::GET, campaign(rest), None, false));
    }
    all.push((Method::GET, format!("/campaigns/{CAMPAIGN}?n"), None, true));
    all.push((Method::GET, format!("/campaigns/{CAMPAIGN}/ballot?n"), None, false));
    all.push((Method::POST, campaign("/challenges"), Some(Value::Null), true));
    all.push((
        Method::POST,
        campaign("/passes"),
        Some(json!({ "track": "anonymous", "challenge": "x", "nonce": "0" })),
        true,
    ));
    all.push((
        Method::POST,
        "/api/v1/sessions".to_owned(),
        Some(json!({ "login": "organiser", "password": "x" })),
        true,
    ));
    all.push((Method::POST, campaign("/count"), Some(Value::Null), true));
    all.push((Method::GET, "/healthz".to_owned(), None, false));
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_primary_every_kind_of_request_is_refused_and_none_fails() {
    if process_databases::given().is_none() {
        return println!("left out: TEST_DATABASE_URL is not set");
    }
    let dir = folder();
    let postgres = Postgres::start(&dir.path().join("db"));
    let mut site = Site::new(Some(process_databases::fresh(&postgres.url).await), 20).await;
    let passes = std::mem::take(&mut site.passes);
    let ballot = |pass: &str| json!({ "pass": pass, "place": "320000", "choices": ["S3-01"] });
    let server = site.serve();
    let client =
        reqwest::Client::builder().timeout(Duration::from_secs(60)).redirect(reqwest::redirect::Policy::none());
    let client = client.build().unwrap();
    let ask = async |method: Method, path: &str, body: &Option<Value>| {
        let request =
            client.request(method, format!("{}{path}", server.address)).header(AUTHORIZATION, "Bearer nobody");
        let request = if let Some(body) = body { request.json(body) } else { request };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.headers().contains_key(RETRY_AFTER))
    };
    let cast = format!("/api/v1/campaigns/{CAMPAIGN}/ballots");
    assert_eq!(ask(Method::POST, &cast, &Some(ballot(&passes[0]))).await.0, 201);
    for (n, reply) in ALL.into_iter().enumerate() {
        let port = postgres.port();
        postgres.stop();
        let proxy = FakeServer::at(port, reply).await;
        let mut all = requests();
        all.push((Method::POST, cast.clone(), Some(ballot(&passes[n + 1])), true));
        for (method, path, body, asks_a_store) in all {
            let (status, says_when) = ask(method.clone(), &path, &body).await;
            let told = format!("{reply:?}: {method} {path}: {status}\n{}", site.last_words());
            assert!(status < 500 || status == 503 && says_when, "{told}");
            assert!(status == 503 || !asks_a_store, "{told}");
        }
        // Another process does not start either.
        let mut start = shudu(&["migrate"], &site.folder.join("other"));
        let out = start.envs(site.settings().iter().cloned()).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && said.contains("the database of the store main does not answer"), "{said}");
        drop(proxy);
        postgres.start_again();
        let until = Instant::now() + Duration::from_secs(60);
        while ask(Method::POST, &cast, &Some(ballot(&passes[n + 1]))).await.0 != 201 {
            assert!(Instant::now() < until, "not back:\n{}", site.last_words());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    server.stop();
}
