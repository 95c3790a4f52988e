//! The ballot box under `kill -9`: what was acknowledged is there after a restart, and is counted once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{Days, NaiveDate};
use entity::stored::{CampaignMove, Role};
use serde_json::{Value, json};
use shudu::app::App;
use shudu::ballot::work::solve;
use shudu::config::Settings;
use shudu::ctx::{Actor, Ctx, Grant};
use shudu::demo::{data::programme, play};
use shudu::{campaign, identity};

/// A served data directory.
struct Server {
    child: Child,
    site: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
            .args(["serve", "--listen", "127.0.0.1:0", "--pass-bits", "2", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let site = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        Self { child, site }
    }

    /// SIGKILL: no farewell, no flush.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Season 3 of the demo's programme, open since today.
async fn open_campaign(data: &Path) {
    let config = Settings { data: Some(data.to_owned()), ..Settings::default() }.resolve().unwrap();
    let app = App::open(config).await.unwrap();
    let now = app.clock.now();
    let mut staff = Vec::new();
    for (login, role) in [("organiser", Role::Organiser), ("approver", Role::Approver)] {
        let new = identity::commands::NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            office: login.to_owned(),
            password: "rain over the river".to_owned(),
            grants: vec![Grant { role, scope: String::new() }],
        };
        let system = Ctx { actor: Actor::System("test"), now };
        identity::commands::add_account(&app.stores.main, &system, new).await.unwrap();
        let (_, made) = identity::queries::account(app.stores.main.db(), login).await.unwrap();
        staff.push(Ctx { actor: Actor::Staff(Arc::new(made)), now });
    }
    let today: NaiveDate = shudu::clock::day_of(now);
    let mut told = programme().campaigns[2].clone();
    (told.voting_opens, told.voting_closes) = (today, today.checked_add_days(Days::new(2)).unwrap());
    let (draft, options) = (play::draft(programme(), &told).unwrap(), play::options(&told).unwrap());
    app.write_campaign(async |tx| {
        let made = campaign::commands::create(tx, &staff[0], &draft).await?;
        campaign::commands::put_options(tx, &staff[0], "s3", made.revision, &options).await?;
        campaign::commands::advance(tx, &staff[0], "s3", CampaignMove::Submission, "").await?;
        campaign::commands::advance(tx, &staff[1], "s3", CampaignMove::Publication, "").await
    })
    .await
    .unwrap();
}

async fn post(client: &reqwest::Client, address: String, body: &Value) -> Option<(u16, Value)> {
    let answer = client.post(address).json(body).send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.ok()?))
}

/// A body with a pass of its own, got as a citizen's browser gets it.
async fn ballot(client: &reqwest::Client, site: &str, number: usize) -> Option<Value> {
    let campaign = format!("{site}/api/v1/campaigns/s3");
    let (_, challenge) = post(client, format!("{campaign}/challenges"), &json!({})).await?;
    let text = challenge["challenge"].as_str()?;
    let nonce = solve(text, u8::try_from(challenge["bits"].as_u64()?).ok()?);
    let wish = json!({ "track": "anonymous", "challenge": text, "nonce": nonce });
    let (_, pass) = post(client, format!("{campaign}/passes"), &wish).await?;
    let choices = [format!("S3-{:02}", number % 30 + 1)];
    Some(json!({ "pass": pass["pass"].as_str()?, "place": "320000", "choices": choices }))
}

#[derive(Default)]
struct Seen {
    acknowledged: HashSet<String>,
    /// Sent, and no answer came: the outcome is unknown.
    unknown: Vec<Value>,
}

async fn vote(site: String, seen: Arc<Mutex<Seen>>, stop: Arc<AtomicBool>, first: usize) {
    let client = reqwest::Client::new();
    let mut number = first;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let Some(body) = ballot(&client, &site, number).await else {
            continue;
        };
        match post(&client, format!("{site}/api/v1/campaigns/s3/ballots"), &body).await {
            Some((201, answer)) => {
                let fresh = seen.lock().unwrap().acknowledged.insert(answer["receipt"].as_str().unwrap().to_owned());
                assert!(fresh, "a receipt twice");
            }
            Some((status, answer)) => panic!("{status} {answer}"),
            None => seen.lock().unwrap().unknown.push(body),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_counted_twice() {
    let data = tempfile::tempdir().unwrap();
    open_campaign(data.path()).await;
    let seen = Arc::new(Mutex::new(Seen::default()));
    for round in 0..4 {
        let server = Server::start(data.path());
        let stop = Arc::new(AtomicBool::new(false));
        let voters: Vec<_> = (0..8)
            .map(|n| {
                tokio::spawn(vote(server.site.clone(), Arc::clone(&seen), Arc::clone(&stop), round * 1000 + n * 100))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(600 + 150 * round as u64)).await;
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for voter in voters {
            voter.await.unwrap();
        }
    }

    let server = Server::start(data.path());
    let client = reqwest::Client::new();
    let unknown = std::mem::take(&mut seen.lock().unwrap().unknown);
    for body in unknown {
        // Sent again, it is the same ballot, whether it was in the box or not.
        let (status, answer) =
            post(&client, format!("{}/api/v1/campaigns/s3/ballots", server.site), &body).await.unwrap();
        assert!(matches!(status, 200 | 201), "{status} {answer}");
        seen.lock().unwrap().acknowledged.insert(answer["receipt"].as_str().unwrap().to_owned());
    }
    let receipts = std::mem::take(&mut seen.lock().unwrap().acknowledged);
    assert!(receipts.len() > 50, "the load was a load: {}", receipts.len());
    for receipt in &receipts {
        let answer = client.get(format!("{}/api/v1/receipts/{receipt}", server.site)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{receipt} was acknowledged");
    }
    server.kill();

    let recount =
        Command::new(env!("CARGO_BIN_EXE_shudu")).args(["recount", "s3", "--data"]).arg(data.path()).output().unwrap();
    let said = String::from_utf8(recount.stdout).unwrap();
    assert!(recount.status.success(), "{said}");
    assert!(said.starts_with(&format!("s3: {} ballots", receipts.len())), "{said}, {} receipts", receipts.len());
}
