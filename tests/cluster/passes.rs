//! One solution of a puzzle, sent again and again to both nodes.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use shudu::pass::puzzle::solve;
use testing::topology::Topology;

use super::nodes::Pair;
use crate::crash::load::client;
use crate::crash::site::CAMPAIGN;

/// Number of requests with the same solution.
const REQUESTS: usize = 10_000;
/// Number of requests under way at the same time.
const AT_ONCE: usize = 32;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn one_solution_gives_one_pass_however_often_and_wherever_it_is_sent() {
    let mut pair = Pair::on(&Topology::given(), 0).await;
    pair.start();
    let nodes = pair.servers().map(|server| format!("{}/api/v1/campaigns/{CAMPAIGN}", server.address));
    let client = client();
    let before = challenge(&client, &nodes[0]).await;
    let wish = solved(&before);
    let answers = stream::iter(0..REQUESTS).map(|n| ask(&client, &nodes[n % 2], &wish));
    let answers: Vec<(u16, Value)> = answers.buffer_unordered(AT_ONCE).collect().await;
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    let mut passes = BTreeSet::new();
    for (status, answer) in answers {
        *statuses.entry(status).or_default() += 1;
        passes.extend(answer["pass"].as_str().map(ToOwned::to_owned));
    }
    testing::proof::figure(&format!("answers to {REQUESTS} requests with one solution: {statuses:?}"));
    assert_eq!(passes.len(), 1, "{statuses:?}");
    assert!(statuses.keys().all(|status| *status < 500), "{statuses:?}");
    // Somebody else in the same network has no more work than before, and gets a pass of the own.
    let after = challenge(&client, &nodes[1]).await;
    assert_eq!(after["target"], before["target"]);
    let (status, own) = ask(&client, &nodes[1], &solved(&after)).await;
    assert_eq!(status, 200, "{own}");
    assert!(!passes.contains(own["pass"].as_str().unwrap()));
}

async fn challenge(client: &reqwest::Client, campaign: &str) -> Value {
    client.post(format!("{campaign}/challenges")).json(&json!({})).send().await.unwrap().json().await.unwrap()
}

/// A request for a pass with the solution of a puzzle.
fn solved(challenge: &Value) -> Value {
    let words = challenge["challenge"].as_str().unwrap();
    let nonce = solve(words, u32::try_from(challenge["target"].as_u64().unwrap()).unwrap());
    json!({ "track": "anonymous", "challenge": words, "nonce": nonce })
}

async fn ask(client: &reqwest::Client, campaign: &str, wish: &Value) -> (u16, Value) {
    let answer = client.post(format!("{campaign}/passes")).json(wish).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}
