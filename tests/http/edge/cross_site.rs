//! Cross-site request forgery (CSRF): no request that another site makes a browser send is accepted, and nothing is written.

use entity::stored::Role;
use poem::Request;
use poem::http::{Method, header};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::routes;
use testing::{Desk, Person, TestApp};

/// Names and values of headers.
type Headers = &'static [(&'static str, &'static str)];

/// Requests that a foreign page can make a browser send, by their headers. All of them carry the cookie of a signed-in member of
/// staff.
const SHAPES: [(&str, &str, Headers); 12] = [
    (
        "a form of a foreign site",
        "application/x-www-form-urlencoded",
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    ),
    (
        "a form of a sister domain",
        "application/x-www-form-urlencoded",
        &[("sec-fetch-site", "same-site"), ("origin", "http://a.shudu.test")],
    ),
    ("a sandboxed frame", "application/x-www-form-urlencoded", &[("sec-fetch-site", "cross-site"), ("origin", "null")]),
    ("an old browser, foreign", "application/x-www-form-urlencoded", &[("origin", "https://evil.example")]),
    ("an old browser, null", "application/x-www-form-urlencoded", &[("origin", "null")]),
    ("an old browser, another port", "application/x-www-form-urlencoded", &[("origin", "http://shudu.test:8081")]),
    ("an old browser, another scheme", "application/x-www-form-urlencoded", &[("origin", "https://shudu.test")]),
    ("neither header", "application/x-www-form-urlencoded", &[]),
    ("JSON as plain text", "text/plain", &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")]),
    (
        "a form with files",
        "multipart/form-data; boundary=x",
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
    ),
    ("a forged origin", "application/json", &[("sec-fetch-site", "cross-site"), ("origin", "http://shudu.test")]),
    (
        "two answers to where from",
        "application/json",
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
    ),
];

fn cookie(person: &Person) -> String {
    format!("{}={}", shudu::web::session_cookie::COOKIE, person.token.as_ref().unwrap().1)
}

fn request(person: &Person, method: Method, path: &str, media: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = Request::builder()
        .method(method)
        .uri(path.parse().unwrap())
        .header(header::HOST, "shudu.test")
        .header(header::CONTENT_TYPE, media)
        .header(header::COOKIE, cookie(person));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body("login=x&act=x")
}

/// Number of rows of every table of the main store.
async fn rows(app: &TestApp) -> Vec<(String, i64)> {
    let db = app.app.stores.main.db();
    let backend = app.app.stores.main.backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1",
    };
    let mut found = Vec::new();
    for row in db.query_all_raw(Statement::from_string(backend, sql)).await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        let count = Statement::from_string(backend, format!("SELECT count(*) AS n FROM {name}"));
        found.push((name, db.query_one_raw(count).await.unwrap().unwrap().try_get("", "n").unwrap()));
    }
    found
}

#[tokio::test]
async fn no_unsafe_address_takes_a_request_of_another_site() {
    let desk = Desk::new().await;
    let admin = desk.sysadmin.clone();
    let before = rows(&desk.app).await;
    let mut tried = 0;
    for address in routes::all() {
        for method in address.methods.iter().filter(|method| !method.is_safe()) {
            for (shape, media, headers) in SHAPES {
                for person in [&admin, &desk.coordinator] {
                    let answer = person.request(request(person, method.clone(), &address.path, media, headers)).await;
                    assert_eq!(answer.status.as_u16(), 403, "{method} {}: {shape}", address.path);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 1000, "{tried}");
    assert_eq!(rows(&desk.app).await, before);
}

#[tokio::test]
async fn no_header_or_field_makes_a_safe_request_write() {
    let desk = Desk::new().await;
    let admin = desk.sysadmin.clone();
    let before = rows(&desk.app).await;
    for address in routes::all().iter().filter(|address| address.methods.iter().any(|method| !method.is_safe())) {
        let path = format!("{}?_method=POST", address.path);
        for name in ["x-http-method-override", "x-method-override", "x-http-method"] {
            let mut asked = request(&admin, Method::GET, &path, "text/plain", &[("sec-fetch-site", "cross-site")]);
            asked.headers_mut().insert(name, "POST".parse().unwrap());
            admin.request(asked).await;
        }
    }
    assert_eq!(rows(&desk.app).await, before);
}

#[tokio::test]
async fn the_own_pages_and_programs_get_through() {
    let app = TestApp::new().await;
    let admin = app.staff(Role::Sysadmin, "").await;
    for headers in [
        &[("sec-fetch-site", "same-origin"), ("origin", "http://shudu.test")] as &[_],
        &[("sec-fetch-site", "none")],
        &[("origin", "http://shudu.test")],
    ] {
        let asked = request(&admin, Method::POST, "/preferences", "application/x-www-form-urlencoded", headers);
        admin.request(asked).await.expect(303);
    }
    // The request comes through a proxy that speaks HTTPS.
    let mut asked = request(
        &admin,
        Method::POST,
        "/preferences",
        "application/x-www-form-urlencoded",
        &[("origin", "https://shudu.test")],
    );
    asked.headers_mut().insert("x-forwarded-proto", "https".parse().unwrap());
    admin.clone().at("127.0.0.1").request(asked).await.expect(303);
    // A program sends no cookie and no headers of a browser.
    let program = Request::builder()
        .method(Method::POST)
        .uri("/api/v1/sessions".parse().unwrap())
        .content_type("application/json")
        .body(r#"{"login":"sysadmin","password":"rain over the river"}"#);
    app.nobody().request(program).await.expect(201);
}
