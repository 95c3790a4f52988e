//! Load on a server: eight connections cast ballots as long as the server answers. Some ballots are sent again, some with another
//! selection.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use tokio::task::JoinHandle;

use super::ledger::{Answer, Ballot, Ledger};
use super::site::CAMPAIGN;

/// Number of connections that cast ballots.
const VOTERS: usize = 8;

/// Passes and ledger, shared by all connections.
#[derive(Clone)]
pub struct Voting {
    pub passes: Arc<Vec<String>>,
    pub ledger: Arc<Mutex<Ledger>>,
}

impl Voting {
    /// Passes for voters of whom none has voted.
    pub fn with(passes: Vec<String>) -> Self {
        Self { passes: Arc::new(passes), ledger: Arc::default() }
    }

    /// Starts the load on a server, which goes on until [`Load::stop`]. `pause` is the time between two ballots of a connection.
    pub fn begin(&self, address: &str, pause: Duration) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let client = client();
        let mut tasks = vec![tokio::spawn(watch(client.clone(), address.to_owned(), self.clone(), Arc::clone(&stop)))];
        for _ in 0..VOTERS {
            let voter = vote(client.clone(), address.to_owned(), self.clone(), Arc::clone(&stop), pause);
            tasks.push(tokio::spawn(voter));
        }
        Load { stop, tasks }
    }

    /// Casts a ballot with a pass that was not used before.
    pub async fn cast(&self, client: &reqwest::Client, address: &str) {
        let ballot = self.ledger.lock().unwrap().fresh(self.passes.len()).unwrap();
        self.send(client, address, ballot).await;
    }

    /// Sends one ballot and notes its answer in the ledger.
    pub async fn send(&self, client: &reqwest::Client, address: &str, ballot: Ballot) {
        let body = ballot.body(&self.passes);
        let before = self.ledger.lock().unwrap().send(ballot);
        let answer = post(client, format!("{address}/api/v1/campaigns/{CAMPAIGN}/ballots"), &body).await;
        self.ledger.lock().unwrap().note(ballot, before, answer);
    }

    fn choose(&self, dice: usize) -> Option<Ballot> {
        let mut ledger = self.ledger.lock().unwrap();
        let (which, other) = (dice % 20, dice / 20);
        match which {
            0 | 1 => ledger.recent(other),
            2 => ledger.recent(other).map(Ballot::otherwise),
            3..=6 => ledger.doubtful(other),
            7 => ledger.doubtful(other).map(Ballot::otherwise),
            _ => None,
        }
        .or_else(|| ledger.fresh(self.passes.len()))
    }
}

/// A load that is running.
pub struct Load {
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Load {
    /// Stops the load, after every request under way has been answered or has failed.
    pub async fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

/// An HTTP client that waits 30 seconds for an answer.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap()
}

/// A random number.
pub fn dice() -> usize {
    let bytes: [u8; 4] = shudu::base::keys::random().unwrap();
    u32::from_le_bytes(bytes) as usize
}

async fn vote(client: reqwest::Client, address: String, voting: Voting, stop: Arc<AtomicBool>, pause: Duration) {
    while !stop.load(Ordering::Relaxed) {
        let Some(ballot) = voting.choose(dice()) else {
            return;
        };
        voting.send(&client, &address, ballot).await;
        tokio::time::sleep(pause).await;
    }
}

/// Reads the public checkpoint again and again, as a witness does.
async fn watch(client: reqwest::Client, address: String, voting: Voting, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        if let Ok(answer) = client.get(format!("{address}/log/{CAMPAIGN}/checkpoint")).send().await
            && answer.status() == 200
            && let Ok(text) = answer.text().await
        {
            voting.ledger.lock().unwrap().saw(&text);
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn post(client: &reqwest::Client, address: String, body: &serde_json::Value) -> Option<Answer> {
    let answer = client.post(address).json(body).send().await.ok()?;
    let (status, says_when) = (answer.status().as_u16(), answer.headers().contains_key(RETRY_AFTER));
    Some(Answer { status, says_when, body: answer.json().await.ok()? })
}
