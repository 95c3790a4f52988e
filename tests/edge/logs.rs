//! The content of logs. A client uses the real binary in all usual ways, with wrong and malformed requests among them, while the
//! log is verbose. No line of the log holds anything about a person, a pass, a choice or a secret, and neither does an address
//! that a browser sends on.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use chrono::Days;
use entity::stored::Role;
use regex::Regex;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use shudu::app::App;
use shudu::campaign::draft::Deadline;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site;
use shudu::pass::proof_of_work::solve;

use testing::given;
use testing::site::{publish, staff};

const PASSWORD: &str = "canary rain over the river 7";
const WRONG: &str = "canary wrong password 8";
const NUMBER: &str = "11010519491231002X";
const NAME: &str = "金丝雀";

/// A server process and its address. The process is killed when the value is dropped.
struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn serve(data: &Path, log: &Path) -> Server {
    let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--pass-bits", "4", "--metrics-listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("RUST_LOG", "debug,shudu=trace")
        .stdout(Stdio::piped())
        .stderr(File::create(log).unwrap())
        .spawn()
        .unwrap();
    let address = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    Server(child, address)
}

/// Prepares the open campaign `zq9` and its staff.
async fn prepare(data: &Path) {
    let config: Config = Settings { data: Some(data.to_owned()), ..Settings::default() }.resolve().unwrap();
    Site { demo: true, clock_offset: 0 }.write(&config.data).unwrap();
    let app = App::open(config).await.unwrap();
    let organiser = staff(&app, "organiser", Role::Organiser, PASSWORD).await;
    let approver = staff(&app, "approver", Role::Approver, PASSWORD).await;
    let mut draft = given::draft("zq9");
    draft.opens_on = shudu::base::clock::day_of(organiser.now);
    draft.closes_on = draft.opens_on.checked_add_days(Days::new(2)).unwrap();
    draft.deadline = Deadline::After(30);
    publish(&app, &organiser, &approver, &draft, &given::options("zq9")).await;
    app.stores.clone().close().await.unwrap();
}

/// A client of the site. `secrets` holds all values that must not be found in the log, `locations` the targets of all redirects.
struct Visitor {
    client: reqwest::Client,
    site: String,
    secrets: Vec<String>,
    locations: Vec<String>,
}

impl Visitor {
    async fn send(&mut self, request: reqwest::RequestBuilder) -> (u16, String) {
        let answer = request.header("sec-fetch-site", "same-origin").send().await.unwrap();
        let location = answer.headers().get("location").map(|l| l.to_str().unwrap().to_owned());
        self.locations.extend(location);
        for cookie in answer.headers().get_all("set-cookie") {
            let value = cookie.to_str().unwrap().split(['=', ';']).nth(1).unwrap_or("").to_owned();
            if value.len() > 10 {
                self.secrets.push(value);
            }
        }
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn call(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let (status, text) = self.send(self.client.post(format!("{}/api/v1/{path}", self.site)).json(body)).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn get(&mut self, path: &str) -> String {
        self.send(self.client.get(format!("{}{path}", self.site))).await.1
    }

    /// Sends the form of a page with changed fields, as a browser does.
    async fn press(&mut self, page: &str, changes: &[(&str, &str)]) -> (u16, String) {
        let hidden = Regex::new(r#"<input type="hidden" name="([^"]+)" value="([^"]*)""#).unwrap();
        let mut fields: Vec<(String, String)> =
            hidden.captures_iter(page).map(|c| (c[1].to_owned(), c[2].to_owned())).collect();
        fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        fields.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.send(self.client.post(format!("{}/campaigns/zq9/ballot", self.site)).form(&fields)).await
    }

    fn secret(&mut self, value: &Value) -> String {
        let text = value.as_str().unwrap().to_owned();
        self.secrets.push(text.clone());
        text
    }

    async fn votes(&mut self) {
        // An anonymous ballot, cast as a program does.
        let (_, challenge) = self.call("campaigns/zq9/challenges", &Value::Null).await;
        let challenge = self.secret(&challenge["challenge"]);
        let nonce = solve(&challenge, 4);
        let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": nonce });
        let pass = self.call("campaigns/zq9/passes", &asked).await.1;
        let pass = self.secret(&pass["pass"]);
        let ballot = json!({ "pass": pass, "place": "320000", "choices": ["ZQ9-4", "ZQ9-5"] });
        let (status, receipt) = self.call("campaigns/zq9/ballots", &ballot).await;
        assert_eq!(status, 201);
        assert!(receipt["receipt"].is_string());
        // A real-name ballot. The same pass with another choice, and an unknown choice, are refused.
        let asked = json!({ "track": "real_name", "name": NAME, "number": NUMBER });
        let pass = self.call("campaigns/zq9/passes", &asked).await.1;
        let pass = self.secret(&pass["pass"]);
        for (choice, status) in [("ZQ9-4", 201), ("ZQ9-5", 409), ("ZQ9-99", 422)] {
            let ballot = json!({ "pass": pass, "place": "330000", "choices": [choice] });
            assert_eq!(self.call("campaigns/zq9/ballots", &ballot).await.0, status);
        }
        // The pages of voting, without script.
        let page = self.get("/campaigns/zq9/ballot").await;
        for changes in [
            &[("place", "320000"), ("choice", "ZQ9-4"), ("act", "check"), ("step", "check")] as &[_],
            &[("place", "320000"), ("choice", "ZQ9-4"), ("act", "cast"), ("step", "cast"), ("track", "anonymous")],
            &[
                ("place", "320000"),
                ("choice", "ZQ9-4"),
                ("act", "cast"),
                ("track", "real_name"),
                ("name", NAME),
                ("number", NUMBER),
            ],
        ] {
            let (status, _) = self.press(&page, changes).await;
            assert!(status < 500, "{status}");
        }
    }

    async fn errs(&mut self) {
        let malformed = [
            json!({ "pass": "canary-pass", "place": 7, "choices": "canary-choice" }),
            json!({ "canary-member": "canary-value" }),
            json!(["canary-array"]),
        ];
        for body in &malformed {
            for path in ["campaigns/zq9/ballots", "campaigns/zq9/passes", "sessions"] {
                assert!(self.call(path, body).await.0 < 500);
            }
        }
        let bad = self.client.post(format!("{}/api/v1/campaigns/zq9/ballots", self.site));
        self.send(bad.header("content-type", "application/json").body("{\"pass\": \"canary-broken")).await;
        let part = self.client.post(format!("{}/campaigns/zq9/ballot", self.site));
        self.send(part.header("content-type", "multipart/form-data; boundary=x").body("--x\r\ncanary-part")).await;
        self.get("/canary-path/x?q=canary-query").await;
        self.get("/receipts/canary-receipt?x=canary-query").await;
        self.get("/api/v1/calendar/canary-year").await;
        let header = self.client.get(format!("{}/desk", self.site)).header("authorization", "Bearer canary-bearer");
        self.send(header.header("cookie", "__Host-shudu=canary-cookie").header("x-forwarded-for", "canary-address"))
            .await;
        let id = self.client.get(format!("{}/campaigns", self.site)).header("x-request-id", "canary request id");
        self.send(id).await;
    }

    async fn works(&mut self) {
        let wrong = json!({ "login": "organiser", "password": WRONG });
        assert_eq!(self.call("sessions", &wrong).await.0, 422);
        let right = json!({ "login": "organiser", "password": PASSWORD });
        let (status, session) = self.call("sessions", &right).await;
        assert_eq!(status, 201);
        let token = self.secret(&session["token"]);
        let form = [("login", "organiser"), ("password", PASSWORD), ("next", "/desk")];
        let (status, _) = self.send(self.client.post(format!("{}/sign-in", self.site)).form(&form)).await;
        assert_eq!(status, 303);
        for path in ["/api/v1/campaigns", "/api/v1/accounts", "/desk/campaigns"] {
            let asked = self.client.get(format!("{}{path}", self.site)).bearer_auth(&token);
            self.send(asked).await;
        }
        let change = self.client.put(format!("{}/api/v1/accounts/approver/password", self.site)).bearer_auth(&token);
        self.send(change.json(&json!({ "password": "canary new password 9" }))).await;
        let pause = self.client.post(format!("{}/desk/campaigns/zq9/canary", self.site)).bearer_auth(&token);
        self.send(pause.form(&[("reason", "canary reason")])).await;
        let ended = self.client.delete(format!("{}/api/v1/sessions/current", self.site)).bearer_auth(&token);
        self.send(ended).await;
    }
}

/// Runs a client against a server. Gives the client and the log of the server.
async fn visit(days: impl AsyncFnOnce(&mut Visitor)) -> (Visitor, String) {
    let dir = tempfile::tempdir().unwrap();
    let (data, log) = (dir.path().join("data"), dir.path().join("log"));
    prepare(&data).await;
    let server = serve(&data, &log);
    let client = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
    let mut visitor = Visitor { client, site: server.1.clone(), secrets: Vec::new(), locations: Vec::new() };
    days(&mut visitor).await;
    drop(server);
    (visitor, String::from_utf8_lossy(&std::fs::read(&log).unwrap()).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_a_line_with_what_was_refused_and_to_whom() {
    let (_, log) = visit(async |visitor| {
        let right = json!({ "login": "organiser", "password": PASSWORD });
        let token = visitor.call("sessions", &right).await.1["token"].as_str().unwrap().to_owned();
        for path in ["/api/v1/accounts", "/api/v1/campaigns/zq9"] {
            let asked = visitor.client.get(format!("{}{path}", visitor.site)).bearer_auth(&token);
            visitor.send(asked).await;
        }
        let unproved = json!({ "pass": "forged", "place": "320000", "choices": ["ZQ9-4"] });
        assert_eq!(visitor.call("campaigns/zq9/ballots", &unproved).await.0, 422);
        visitor.get("/nowhere").await;
    })
    .await;
    let refused: Vec<&str> = log.lines().filter(|line| line.contains(" refused ")).collect();
    let about = |parts: &[&str]| refused.iter().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(about(&[r#"route="/api/v1/accounts""#, "status=404", r#"account="organiser""#]), "{refused:#?}");
    assert!(about(&["/ballots", "status=422", r#"method="POST""#]), "{refused:#?}");
    assert_eq!(refused.len(), 2, "what was answered, or mistyped by nobody in particular, is no refusal: {refused:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_log_and_no_address_holds_a_number_a_pass_a_choice_a_token_or_a_password() {
    let (mut visitor, log) = visit(async |visitor| {
        visitor.votes().await;
        visitor.errs().await;
        visitor.works().await;
    })
    .await;
    assert!(log.contains("shudu::access") && log.contains("/api/v1/campaigns/:param0/ballots"), "the log was written");
    for known in [PASSWORD, WRONG, NUMBER, NAME, "ZQ9-", "canary", "%E9%87%91%E4%B8%9D", "1101051949"] {
        visitor.secrets.push(known.to_owned());
    }
    assert!(visitor.secrets.len() > 12, "{:?}", visitor.secrets);
    for secret in &visitor.secrets {
        let found = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(found.is_none(), "{secret} stands in the log: {}", found.unwrap_or(""));
        let sent_on = visitor.locations.iter().find(|location| location.contains(secret.as_str()));
        assert!(sent_on.is_none(), "{secret} stands in an address: {sent_on:?}");
    }
    assert!(!visitor.locations.is_empty());
}
