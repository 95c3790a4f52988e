//! Sign-in and proofs against a real provider: the npm package oidc-provider, in a process of its own.
//!
//! Without Node or its packages, these tests say so and end. `scripts/test` installs the packages and requires both by
//! `SHUDU_TEST_OIDC`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use entity::stored::Role;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

use super::browser::{BALLOT, Browser, SITE, citizens, staff, way_out};
use crate::ballot::voting::{Form, ballots};
use testing::{TestApp, app::noon, given};

const SECRET: &str = "a secret of the tests, long enough for any algorithm";

struct Real {
    process: Child,
    url: String,
}

impl Drop for Real {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Starts the provider. Returns none where it cannot be started, unless it is required.
fn start(kind: &str) -> Option<Real> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oidc");
    let demanded = std::env::var("SHUDU_TEST_OIDC").is_ok_and(|value| value == "demanded");
    if !std::path::Path::new(folder).join("node_modules/oidc-provider").is_dir() && !demanded {
        eprintln!("left out: npm ci --prefix tests/oidc --ignore-scripts");
        return None;
    }
    let started = Command::new("node")
        .arg("provider.mjs")
        .arg(format!("{{\"kind\": \"{kind}\", \"site\": \"{SITE}\"}}"))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut process = match started {
        Ok(process) => process,
        Err(error) if !demanded => {
            eprintln!("left out: node: {error}");
            return None;
        }
        Err(error) => panic!("node: {error}"),
    };
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let url = lines.into_iter().find(|line| line.starts_with("http://127.0.0.1:")).unwrap();
    Some(Real { process, url })
}

/// Acts as a person at the provider: follows the address, signs in and is sent back. Returns the path of the return.
async fn sign_in_at_provider(address: Url, who: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let mut cookies: Vec<String> = Vec::new();
    let (mut at, mut form) = (address, false);
    for _ in 0..8 {
        let request = if form { client.post(at.clone()).form(&[("who", who)]) } else { client.get(at.clone()) };
        let answer = request.header(COOKIE, cookies.join("; ")).send().await.unwrap();
        for line in answer.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
            let name = pair.split_once('=').unwrap().0.to_owned();
            cookies.retain(|cookie| cookie.split_once('=').unwrap().0 != name);
            cookies.push(pair);
        }
        form = answer.status() == 200;
        let Some(location) = answer.headers().get(LOCATION) else {
            assert!(form, "{} {}", answer.status(), answer.text().await.unwrap());
            continue;
        };
        at = at.join(location.to_str().unwrap()).unwrap();
        if at.as_str().starts_with(SITE) {
            return at[url::Position::BeforePath..].to_owned();
        }
    }
    panic!("lost at {at}");
}

#[tokio::test]
async fn a_citizen_votes_under_the_name_that_a_real_provider_vouches_for() {
    let Some(real) = start("citizens") else { return };
    let app = TestApp::without_demo_with(citizens(&real.url, SECRET, "'identity'")).await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    app.clock.set(noon("2018-04-06"));

    let go = async |who: &str| {
        let browser = Browser::of(&app);
        let page = browser.post("/campaigns/t1/ballot?o=7", &BALLOT).await.expect(200);
        let back = sign_in_at_provider(way_out(&page, &real.url), who).await;
        let answer = browser.arrive(&back).await;
        (browser, answer, back)
    };
    let (browser, answer, back) = go("wang").await;
    let page = browser.get(&answer.expect(303).location()).await.expect(200);
    let pass = Form::of(&page, "cast").get("pass").to_owned();
    browser.press(&Form::of(&page, "cast")).await.expect(303);
    assert_eq!(ballots(&app).await, 1);
    Browser::of(&app).arrive(&back).await.expect(403);

    let (browser, answer, _) = go("wang").await;
    let page = browser.get(&answer.expect(303).location()).await.expect(200);
    assert_eq!(Form::of(&page, "cast").get("pass"), pass, "the same pass");
    go("li").await.1.expect(303);
    assert!(go("smith").await.1.expect(409).text().contains("可以匿名投票"), "a passport");
    assert!(go("").await.1.expect(409).text().contains("取消"));
}

#[tokio::test]
async fn a_coordinator_signs_in_at_a_real_provider_and_out_again() {
    let Some(real) = start("staff") else { return };
    let app = TestApp::without_demo_with(staff(&real.url, SECRET, "")).await;
    let admin = app.staff_as("admin", Role::Sysadmin, "").await;
    app.staff_as("wang", Role::Handler, "320000").await;
    app.staff_as("zhao", Role::Organiser, "").await;
    for (login, subject) in [("wang", "u-18"), ("zhao", "u-19")] {
        admin.post_form(&format!("/desk/accounts/{login}/sign-on"), &[("subject", subject)]).await.expect(303);
    }
    let go = async |who: &str| {
        let browser = Browser::of(&app);
        let address = browser.get("/sign-in/provider").await.expect(303).location().parse().unwrap();
        let answer = browser.arrive(&sign_in_at_provider(address, who).await).await;
        (browser, answer)
    };
    let (browser, answer) = go("u-18").await;
    assert_eq!(answer.expect(303).location(), "/desk");
    browser.get("/desk").await.expect(200);
    go("u-17").await.1.expect(403);
    assert!(go("u-19").await.1.expect(403).text().contains("核验方式"), "one factor");

    browser.post("/sign-out", &[]).await.expect(303);
    let end = browser.get("/sign-in/provider/end").await.expect(303).location();
    let page = reqwest::get(end).await.unwrap();
    assert_eq!(page.status(), 200, "the provider asks whether to end the session");
    assert!(page.text().await.unwrap().contains("logout"));
}
