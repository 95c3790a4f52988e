//! Rights of other sites, over every address: scripts may read the public projection, frames may show the pages made for them,
//! and nothing else is open.

use std::collections::BTreeSet;

use poem::Request;
use poem::http::{Method, header};
use shudu::web::policy::OtherSites;
use shudu::web::session_cookie;

use super::routes::{self, filled};
use testing::{Answer, Desk, Person};

/// Addresses whose answers scripts of other sites may read.
const READABLE: [&str; 20] = [
    "/api/v1/assignments",
    "/api/v1/assignments/:issue/:province",
    "/api/v1/campaigns",
    "/api/v1/campaigns/:slug",
    "/api/v1/campaigns/:slug/invalidations",
    "/api/v1/campaigns/:slug/questionnaire",
    "/api/v1/campaigns/:slug/ranking",
    "/api/v1/campaigns/:slug/tally",
    "/api/v1/campaigns/:slug/turnout",
    "/api/v1/campaigns/:slug/views",
    "/api/v1/dashboard",
    "/api/v1/incidents",
    "/api/v1/openapi.json",
    "/campaigns/:slug/results.csv",
    "/dashboard-matrix.csv",
    "/dashboard.csv",
    "/issues/:code/provinces/:province/history.csv",
    "/log",
    "/log/*path",
    "/verify/verify.py",
];

/// Addresses that other sites may frame.
const FRAMABLE: [&str; 4] = ["/embed/dashboard", "/embed/issues/:code", "/embed/provinces/:code", "/embed/trend"];

/// Addresses of the table with a use by other sites, all of them for GET.
fn with_use(other_sites: OtherSites) -> BTreeSet<String> {
    let used: Vec<_> = shudu::router::entries().into_iter().filter(|(.., p)| p.other_sites == other_sites).collect();
    assert!(used.iter().all(|(method, ..)| method == Method::GET), "{used:?}");
    used.into_iter().map(|(_, pattern, _)| pattern).collect()
}

async fn ask(person: &Person, method: &Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method.clone()).uri(path.parse().unwrap()).header("host", "shudu.test");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    person.request(request.finish()).await
}

fn said<'a>(answer: &'a Answer, name: &str) -> &'a str {
    let mut lines = answer.headers.get_all(name).iter();
    let line = lines.next().map(|line| line.to_str().unwrap()).unwrap_or_default();
    assert_eq!(lines.next(), None, "{name} twice");
    line
}

#[test]
fn the_table_opens_exactly_these_addresses() {
    let named = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
    assert_eq!(with_use(OtherSites::Read), named(&READABLE));
    assert_eq!(with_use(OtherSites::Frame), named(&FRAMABLE));
}

#[tokio::test]
async fn scripts_of_other_sites_read_the_public_projection_and_nothing_else() {
    let desk = Desk::new().await;
    let nobody = desk.app.nobody();
    let session = format!("{}={}", session_cookie::COOKIE, desk.organiser.token.as_ref().unwrap().1);
    let readable: BTreeSet<String> = with_use(OtherSites::Read).iter().map(|pattern| filled(pattern)).collect();
    let mut opened = BTreeSet::new();
    for address in routes::all() {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS] {
            let is_readable = readable.contains(&address.path) && (method == Method::GET || method == Method::HEAD);
            let requests: [&[(&str, &str)]; 4] = [
                &[],
                &[("origin", "https://other.example"), ("sec-fetch-site", "cross-site")],
                &[("origin", "null"), ("cookie", "__Host-type=2")],
                &[("origin", "https://other.example"), ("cookie", &session)],
            ];
            for (n, headers) in requests.into_iter().enumerate() {
                let what = format!("{method} {} {headers:?}", address.path);
                let answer = ask(&nobody, &method, &address.path, headers).await;
                let origin = said(&answer, "access-control-allow-origin");
                // A session may see more than the public projection, on calls.
                let is_shown =
                    is_readable && (n < 3 || !address.path.starts_with("/api/") || address.path.ends_with("/tally"));
                assert_eq!(origin, if is_shown { "*" } else { "" }, "{what}");
                for never in ["access-control-allow-credentials", "access-control-expose-headers"] {
                    assert_eq!(said(&answer, never), "", "{what}");
                }
                if is_shown {
                    assert!(!answer.headers.contains_key(header::SET_COOKIE), "{what}");
                    opened.insert(address.path.clone());
                }
            }
        }
    }
    assert_eq!(opened, readable);
}

#[tokio::test]
async fn a_question_ahead_is_answered_for_readable_addresses_and_their_two_methods() {
    let desk = Desk::new().await;
    let readable: BTreeSet<String> = with_use(OtherSites::Read).iter().map(|pattern| filled(pattern)).collect();
    for address in routes::all() {
        for wanted in ["GET", "HEAD", "POST", "PUT", "DELETE"] {
            let headers = [("origin", "https://other.example"), ("access-control-request-method", wanted)];
            let answer = ask(&desk.app.nobody(), &Method::OPTIONS, &address.path, &headers).await;
            let is_answered = readable.contains(&address.path) && matches!(wanted, "GET" | "HEAD");
            let what = format!("{wanted} {}", address.path);
            assert_eq!(answer.status.as_u16() == 204, is_answered, "{what}: {}", answer.status);
            assert_eq!(said(&answer, "access-control-allow-origin"), if is_answered { "*" } else { "" }, "{what}");
            let methods = if is_answered { "GET, HEAD" } else { "" };
            assert_eq!(said(&answer, "access-control-allow-methods"), methods, "{what}");
            assert_eq!(said(&answer, "access-control-allow-headers"), "", "{what}");
        }
    }
}

#[tokio::test]
async fn frames_show_the_pages_made_for_them_and_nothing_else() {
    let desk = Desk::new().await;
    let framable: BTreeSet<String> = with_use(OtherSites::Frame).iter().map(|pattern| filled(pattern)).collect();
    let mut framed = 0;
    for address in routes::all() {
        let answer = ask(&desk.app.nobody(), &Method::GET, &address.path, &[("sec-fetch-dest", "iframe")]).await;
        let policy = said(&answer, "content-security-policy");
        if !framable.contains(&address.path) {
            assert!(policy.contains("frame-ancestors 'none'"), "{}: {policy}", address.path);
            assert_eq!(said(&answer, "x-frame-options"), "DENY", "{}", address.path);
            continue;
        }
        framed += 1;
        assert_eq!(answer.status.as_u16(), 200, "{}", address.path);
        assert!(policy.contains("frame-ancestors *") && policy.contains("form-action 'none'"), "{policy}");
        assert!(!policy.contains("script-src"), "{policy}");
        assert_eq!(said(&answer, "x-frame-options"), "", "{}", address.path);
        harmless(&answer);
    }
    assert_eq!(framed, framable.len());
    for absent in ["/embed/issues/X-9", "/embed/provinces/999999", "/embed/dashboard?as_of=tomorrow"] {
        let answer = ask(&desk.app.nobody(), &Method::GET, absent, &[]).await;
        assert!(answer.status.is_client_error(), "{absent}: {}", answer.status);
        assert!(said(&answer, "content-security-policy").contains("frame-ancestors *"));
        harmless(&answer);
    }
}

/// Checks that a framed page has neither form nor script, sets nothing, and that its links leave the frame.
fn harmless(answer: &Answer) {
    let page = answer.text();
    for never in ["<form", "<script", "<button", "<input", "/sign-in", "/preferences"] {
        assert!(!page.contains(never), "{never}: {page}");
    }
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    for link in page.split("<a ").skip(1) {
        let link = link.split('>').next().unwrap();
        assert!(link.contains("target=\"_blank\"") && link.contains("rel=\"noopener\""), "{link}");
    }
}
