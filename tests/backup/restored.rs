//! Checks of a restored site.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use entity::ballots::ballot;
use public_log::verify::{Source, verify};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value, json};
use shudu::app::App;
use shudu::ballot::ballot_box::Cast;
use shudu::pass::puzzle::solve;
use shudu::scheduler;

use super::place::{Place, text};
use super::site::{cast, cast_anonymous, number, open, published, real_name_pass, roots};

/// Facts that were known before the backup began.
#[derive(Clone)]
pub struct Before {
    /// Leaf hashes of the ballots that were acknowledged.
    pub receipts: Vec<[u8; 32]>,
    /// Receipt numbers of these ballots.
    pub numbers: Vec<String>,
    /// Numbers of the persons who voted under their names, each with the pass of that person.
    pub persons: Vec<(u32, String)>,
}

/// Checks a restored site, to the end of its campaign. `seen` holds the roots by size that were published up to the size of the
/// copy.
pub async fn check(place: &Place, before: &Before, seen: &BTreeMap<u64, [u8; 32]>) {
    serves(place, before).await;
    let recounted = place.run_ok(&["recount", "s3"]);
    assert!(recounted.contains("equal to the kept counts"), "{recounted}");
    goes_on(place, before).await;
    let ballots = is_counted(place).await;
    let trail = place.run_ok(&["audit", "verify"]);
    assert!(trail.contains("entries hold together"), "{trail}");
    let app = open(place, 4).await;
    for campaign in app.ballots.sequencer.logs().await.unwrap() {
        let copy = testing::public_log::fetch(&app.ballots.sequencer, &campaign).await;
        let report = verify(&Source::folder(copy.path()), None).unwrap();
        assert!(report.is_counted, "{report:?}");
        assert!(!report.key.contains("/log/s3+") || report.ballots == Some((ballots, 0)), "{report:?}, {ballots}");
        verify_in_python(copy.path());
    }
    app.stores.clone().close().await.unwrap();
    drop(app);
    let extended = roots(&place.log("s3"));
    for (size, root) in seen {
        let today = published(&place.log("s3"));
        let had = shudu::backup::root_at(&place.log("s3"), today, *size).unwrap();
        assert_eq!(had, *root, "the log of {today} entries began otherwise when it had {size}");
        assert!(extended.get(size).is_none_or(|kept| kept == root), "another checkpoint of {size} entries is kept");
    }
}

/// Checks that the built program serves the site: receipts are found, and ballots are accepted.
async fn serves(place: &Place, before: &Before) {
    let mut child = place
        .command(&["serve", "--listen", "127.0.0.1:0", "--pass-bits", "2"])
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let site = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
    let client = reqwest::Client::new();
    for number in before.numbers.iter().rev().take(5) {
        let address = format!("{site}/api/v1/receipts/{number}");
        let mut answer = client.get(&address).send().await.unwrap();
        while answer.status() == 503 {
            answer = client.get(&address).send().await.unwrap();
        }
        let status = answer.status();
        let said = answer.text().await.unwrap();
        assert_eq!(status, 200, "{number} was acknowledged before the copy was begun: {said}");
    }
    let campaign = format!("{site}/api/v1/campaigns/s3");
    let challenge = post(&client, format!("{campaign}/challenges"), &json!({})).await;
    let words = challenge["challenge"].as_str().unwrap();
    let nonce = solve(words, u32::try_from(challenge["target"].as_u64().unwrap()).unwrap());
    let wish = json!({ "track": "anonymous", "challenge": words, "nonce": nonce });
    let pass = post(&client, format!("{campaign}/passes"), &wish).await;
    let body = json!({ "pass": pass["pass"], "place": "320000", "choices": ["S3-01"] });
    let receipt = post(&client, format!("{campaign}/ballots"), &body).await;
    assert!(receipt["receipt"].is_string(), "{receipt}");
    // SIGKILL without an orderly stop: the next checks start from the state after a crash.
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn post(client: &reqwest::Client, address: String, body: &Value) -> Value {
    let answer = client.post(address).json(body).send().await.unwrap();
    let status = answer.status().as_u16();
    let said = answer.json().await.unwrap();
    assert!(matches!(status, 200 | 201), "{status} {said}");
    said
}

/// Checks that every acknowledged ballot is there, that nobody gets a second pass, and that new ballots are sealed.
async fn goes_on(place: &Place, before: &Before) {
    let app = open(place, 0).await;
    let leaves = leaves(&app).await;
    let lost = before.receipts.iter().filter(|leaf| !leaves.contains(leaf.as_slice())).count();
    assert_eq!(lost, 0, "of {} receipts that were acknowledged before the copy was begun", before.receipts.len());
    for (person, pass) in before.persons.iter().rev().take(20) {
        assert_eq!(real_name_pass(&app, *person).await, *pass, "{} has a second pass", number(*person));
    }
    for choice in 0..25 {
        cast_anonymous(&app, "s3", choice).await;
    }
    let size = published(&place.log("s3"));
    app.ballots.sequencer.seal("s3", 10).await.unwrap();
    assert!(published(&place.log("s3")) >= size + 25, "new ballots are sealed");
    let pass = real_name_pass(&app, 39_999).await;
    assert_eq!(cast(&app, "s3", &pass, 3).await.cast, Cast::New, "a person who has not voted can");
    assert_eq!(app.files.get(EVIDENCE).await.unwrap(), b"%PDF-1.4 evidence\n%%EOF\n");
}

/// SHA-256 of the evidence file that [`super::site::SiteUnderLoad::start`] stores on every site.
const EVIDENCE: &str = "42ec73bb0a1807c0d6f9239fd37ed85091e69898eaa71e69556d54df0682c2ad";

async fn leaves(app: &App) -> HashSet<Vec<u8>> {
    let rows: Vec<Vec<u8>> = ballot::Entity::find()
        .select_only()
        .column(ballot::Column::Leaf)
        .into_tuple()
        .all(app.stores.ballots.db())
        .await
        .unwrap();
    rows.into_iter().collect()
}

/// Lets the scheduler count the campaign four days later, after its close. Gives the number of its ballots.
async fn is_counted(place: &Place) -> u64 {
    let app = open(place, 4).await;
    scheduler::tick(&app).await.unwrap();
    u64::try_from(shudu::ballot::queries::turnout(&app.stores.ballots, "s3").await.unwrap().0).unwrap()
}

/// Runs the verifier in Python, which shares no code with the product.
fn verify_in_python(log: &Path) {
    let script = format!("{}/verify/verify.py", env!("CARGO_MANIFEST_DIR"));
    let python = Command::new("python3").args([&script, "log", text(log)]).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stdout));
}
