//! Crash after crash under load, and the account at the end.

use std::time::Duration;

use super::account;
use super::disk::Disk;
use super::load::{Voting, dice};
use super::server::Server;
use super::site::Site;

/// Between two ballots of a connection: together some 500 ballots a second.
const PAUSE: Duration = Duration::from_millis(12);
/// Longest load before a crash, in milliseconds.
const LONGEST: usize = 450;

/// Crashes a site so many times, each at a random moment: mostly under load, sometimes while it starts. With a disk, every
/// crash is a power cut. Then the books are closed. Gives what went wrong.
pub async fn crash(site: &mut Site, disk: Option<&Disk>, times: usize) -> Voting {
    let voting = Voting::with(std::mem::take(&mut site.passes));
    for _ in 0..times {
        let mut child = site.spawn();
        if dice().is_multiple_of(10) {
            tokio::time::sleep(Duration::from_millis(dice() as u64 % 200)).await;
            child.kill().unwrap();
            child.wait().unwrap();
        } else if let Some(server) = Server::of(child) {
            let load = voting.begin(&server.address, PAUSE);
            tokio::time::sleep(Duration::from_millis((30 + dice() % LONGEST) as u64)).await;
            server.kill();
            load.stop().await;
        } else {
            voting.ledger.lock().unwrap().fail(format!("it does not start again:\n{}", site.last_words()));
            return voting;
        }
        if let Some(disk) = disk {
            disk.cut(&site.data());
        }
    }
    voting
}

/// As [`crash`], with the books closed. Gives what went wrong, and what was answered how often.
pub async fn crash_and_settle(site: &mut Site, disk: Option<&Disk>, times: usize) -> (Vec<String>, String) {
    let voting = crash(site, disk, times).await;
    if voting.ledger.lock().unwrap().failures.is_empty() {
        account::settle(site, &voting).await;
    }
    let ledger = voting.ledger.lock().unwrap();
    let seen = format!("{:?}, {} checkpoints", ledger.answers, ledger.checkpoints.len());
    (ledger.failures.clone(), seen)
}
