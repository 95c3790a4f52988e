//! A disk with slow syncs: no ballot is lost or counted twice, and overload is refused before a ballot is accepted.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use testing::proof::{conclude, full, size};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::disk;
use super::ledger::Ballot;
use super::load::{Voting, client};
use super::reconciliation;
use super::site::{CAMPAIGN, Site};

/// Number of connections of the flood that stay open: the newest ones.
const OPEN: usize = 600;
/// Number of ballots in the flood: more than the queue of the ballot box holds.
const FLOOD: usize = 20_000;

/// Slows every sync of later servers down, as soon as the returned file exists.
fn slow_down(site: &mut Site, milliseconds: u32) -> PathBuf {
    let slow = site.folder.join("slow");
    disk::watch(site);
    site.set("SHIM_DELAY_MS", milliseconds);
    site.set("SHIM_SLOW", slow.display());
    slow
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_slow_disk_everything_is_right_and_slow() {
    let seconds = size(3, 120);
    let mut site = Site::new(None, seconds * 300).await;
    let slow = slow_down(&mut site, 200);
    let voting = Voting::with(std::mem::take(&mut site.passes));
    let server = site.serve();
    std::fs::write(slow, "").unwrap();
    let load = voting.begin(&server.address, Duration::ZERO);
    tokio::time::sleep(Duration::from_secs(seconds as u64)).await;
    server.kill();
    load.stop().await;
    site.unset("LD_PRELOAD");
    reconciliation::reconcile(&site, &voting).await;
    let ledger = voting.ledger.lock().unwrap();
    println!("{:?}", ledger.answers);
    let n = ledger.receipts().len();
    assert!(n > 0);
    conclude("syncs of 200 ms, then kill -9: no acknowledged ballot lost, none counted twice", n, &ledger.failures);
}

/// A flood of ballots fills the queue while every sender hangs up. The ballots of citizens who hang up wait nevertheless. Then
/// every further ballot is refused at once with a `Retry-After` header. A ballot of the flood counts once or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overload_is_refused_before_anything_is_accepted() {
    if !full() {
        return println!("left out in moderate size: nine thousand requests take a while");
    }
    let mut site = Site::new(None, FLOOD + 1).await;
    let slow = slow_down(&mut site, 120_000);
    site.set("SHUDU_SEAL_AT", 1_000_000);
    let voting = Voting::with(std::mem::take(&mut site.passes));
    let server = site.serve();
    std::fs::write(slow, "").unwrap();
    let (mut open, mut refusals, mut sent, client) = (std::collections::VecDeque::new(), 0, 0, client());
    while sent < FLOOD {
        let ballot: Ballot = voting.ledger.lock().unwrap().fresh(FLOOD).unwrap();
        open.push_back(hang_up(&server.address, &ballot.body(&voting.passes)).await);
        let before = voting.ledger.lock().unwrap().send(ballot);
        voting.ledger.lock().unwrap().note(ballot, before, None);
        sent += 1;
        if open.len() > OPEN {
            open.pop_front();
        }
        if sent > 8000 && sent % 100 == 0 {
            let since = Instant::now();
            let probe = client.post(format!("{}/api/v1/campaigns/{CAMPAIGN}/ballots", server.address));
            let probe = probe.json(&ballot.body(&voting.passes)).timeout(Duration::from_secs(2)).send().await;
            if let Ok(answer) = probe
                && answer.status() == 503
            {
                assert!(answer.headers().contains_key("retry-after"));
                assert!(since.elapsed() < Duration::from_secs(1), "refused after {:?}", since.elapsed());
                refusals += 1;
                if refusals == 3 {
                    break;
                }
            }
        }
    }
    assert_eq!(refusals, 3, "{sent} ballots were sent, and the queue was not full");
    server.kill();
    site.unset("LD_PRELOAD");
    site.set("SHUDU_SEAL_AT", 10_000);
    reconciliation::reconcile(&site, &voting).await;
    let ledger = voting.ledger.lock().unwrap();
    println!("{sent} sent: {:?}", ledger.answers);
    let claim = "overload on a slow disk: refused at once with 503 before acceptance, no ballot counted twice";
    conclude(claim, sent, &ledger.failures);
}

/// Sends a ballot without waiting for the answer. The connection stays open until the returned stream is dropped.
async fn hang_up(address: &str, body: &serde_json::Value) -> TcpStream {
    let host = address.trim_start_matches("http://");
    let body = body.to_string();
    let request = format!(
        "POST /api/v1/campaigns/{CAMPAIGN}/ballots HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}
