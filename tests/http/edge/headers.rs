//! Security headers on every answer, whatever the request and its outcome.

use std::sync::Arc;

use entity::stored::Role;
use poem::endpoint::{BoxEndpoint, make};
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, Request, Response};
use shudu::server;

use super::routes;
use testing::{Answer, Desk, Person, TestApp};

/// Checks the headers that every answer must carry.
#[track_caller]
fn guarded(answer: &Answer, what: &str) {
    // Pages for the frames of other sites are tested in `other_sites`.
    let is_framable = what.contains("/embed/") && what.starts_with("GET") | what.starts_with("HEAD");
    let said = |name: &str| {
        let lines: Vec<_> = answer.headers.get_all(name).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(lines.len(), 1, "{what}: {name}: {lines:?}");
        lines[0].to_owned()
    };
    let policy = said("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
    assert!(is_framable || policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert_eq!(answer.headers.get("x-frame-options").is_some_and(|told| told == "DENY"), !is_framable, "{what}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains"),
    ] {
        assert_eq!(said(name), value, "{what}");
    }
    assert!(said("permissions-policy").contains("camera=()"));
    assert!(said("x-request-id").len() >= 12, "{what}");
    let kept = said("cache-control");
    let is_public = kept.starts_with("public,");
    assert!(is_public || kept.contains("no-store") || kept == "private, no-cache", "{what}: {kept}");
    if answer.headers.contains_key(header::SET_COOKIE)
        || answer.status.is_client_error()
        || answer.status.is_server_error()
    {
        assert!(kept.contains("no-store"), "{what}: {kept}");
    }
}

#[tokio::test]
async fn every_address_answers_with_every_header_whoever_asks_and_however() {
    let desk = Desk::new().await;
    let people = [desk.app.nobody(), desk.sysadmin.clone(), desk.organiser.clone()];
    let mut answers = 0;
    for address in routes::all() {
        for (n, person) in people.iter().enumerate() {
            for method in [Method::GET, Method::POST, Method::DELETE, Method::HEAD] {
                // Signed-in people only read: other methods would sign them out or change the answers for the others.
                if n > 0 && method != Method::GET {
                    continue;
                }
                let what = format!("{method} {} ({n})", address.path);
                let answer = person.send(method, &address.path, Some("application/json"), b"{}".to_vec()).await;
                guarded(&answer, &what);
                assert!(answer.status.as_u16() < 500, "{what}: {}", answer.status);
                if n > 0 && address.path.starts_with("/desk") {
                    assert!(answer.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"), "{what}");
                }
                answers += 1;
            }
        }
    }
    assert!(answers > 500, "{answers}");
}

#[tokio::test]
async fn assets_refusals_and_tokens_carry_them_too() {
    let app = TestApp::new().await;
    app.staff(Role::Organiser, "").await;
    let nobody = app.nobody();
    let page = nobody.get("/sign-in").await.expect(200).text();
    let asset = page.split('"').find(|part| part.starts_with("/assets/")).unwrap().to_owned();
    guarded(&nobody.get(&asset).await.expect(200), "asset");
    guarded(&nobody.get("/nowhere").await.expect(404), "404");
    guarded(&nobody.get("/api/v1/nowhere").await.expect(404), "404");
    guarded(&nobody.send(Method::PUT, "/sign-in", None, Vec::new()).await.expect(405), "405");
    guarded(&nobody.post_form("/sign-in", &[("login", &*"x".repeat(1 << 20))]).await.expect(413), "413");
    let token = nobody
        .post_json(
            "/api/v1/sessions",
            &serde_json::json!({
        "login": "organiser", "password": testing::actors::PASSWORD }),
        )
        .await
        .expect(201);
    guarded(&token, "token");
    assert!(token.headers[header::CACHE_CONTROL].to_str().unwrap().contains("no-store"));
    let signed_in =
        nobody.post_form("/sign-in", &[("login", "organiser"), ("password", testing::actors::PASSWORD)]).await;
    guarded(&signed_in, "sign-in");
    let preferences = nobody.post_form("/preferences", &[("theme", "dark")]).await.expect(303);
    guarded(&preferences, "preferences");
    for cookie in [&signed_in, &preferences].map(|a| a.headers[header::SET_COOKIE].to_str().unwrap().to_owned()) {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn the_api_explorer_runs_no_script_that_its_policy_does_not_name() {
    let app = TestApp::new().await;
    let page = app.nobody().get("/api/explorer").await.expect(200);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    // The three hashes are for one style, the library and the script that starts it. The browser journeys test that a browser
    // runs them without complaint.
    assert_eq!(policy.matches("'sha256-").count(), 3, "{policy}");
}

async fn ask(endpoint: &BoxEndpoint<'static, Response>, method: Method, path: &str, site: &str) -> Answer {
    let request = Request::builder().method(method).uri(path.parse().unwrap()).header("sec-fetch-site", site);
    let mut response = endpoint.get_response(request.finish()).await;
    let body = response.take_body().into_vec().await.unwrap();
    Answer { status: response.status(), headers: response.headers().clone(), body }
}

#[tokio::test]
async fn a_panic_is_answered_in_both_shapes_and_harms_no_other_request() {
    let app = TestApp::new().await;
    let panics = make(|request: Request| async move {
        assert!(!request.uri().path().ends_with("panic"), "on purpose");
        Ok::<_, poem::Error>(Response::builder().status(StatusCode::OK).body("fine"))
    });
    let endpoint = Arc::new(server::around(&app.app, panics).unwrap().boxed());
    for method in [Method::GET, Method::POST] {
        let call = ask(&endpoint, method.clone(), "/api/panic", "same-origin").await;
        guarded(&call, "panic");
        assert_eq!((call.status.as_u16(), call.code().as_str()), (500, "internal"));
        assert!(!call.text().contains("on purpose"));
        let page = ask(&endpoint, method.clone(), "/panic", "same-origin").await;
        guarded(&page, "panic");
        assert_eq!(page.status.as_u16(), 500);
        assert!(page.text().contains("<html"));
        assert_eq!(ask(&endpoint, method, "/fine", "same-origin").await.text(), "fine");
    }
}

#[tokio::test]
async fn a_request_id_is_taken_from_a_proxy_only_and_only_if_it_looks_like_one() {
    let app = TestApp::new().await;
    let ask = async |person: Person, id: &str| {
        let request = Request::builder().uri("/healthz".parse().unwrap()).header("x-request-id", id).finish();
        person.request(request).await.headers["x-request-id"].to_str().unwrap().to_owned()
    };
    let id = "4f0c8a6e2b1d4c3f9a7e5b6d8c0f1a2b";
    assert_eq!(ask(app.nobody().at("127.0.0.1"), id).await, id);
    for (address, id) in [
        ("192.0.2.1", id),
        ("127.0.0.1", "short"),
        ("127.0.0.1", "with blanks and = signs"),
        ("127.0.0.1", &*"a".repeat(65)),
    ] {
        let given = ask(app.nobody().at(address), id).await;
        assert!(given != id && given.len() == 12, "{given}");
    }
}
