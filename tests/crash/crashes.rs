//! Repeated crashes of one site under load, and the final account.

use std::time::Duration;

use super::disk::Disk;
use super::load::{Voting, dice};
use super::reconciliation;
use super::server::Server;
use super::site::Site;

/// Pause between two ballots of a connection: together some 500 ballots a second.
const PAUSE: Duration = Duration::from_millis(12);
/// Longest load before a crash, in milliseconds.
const LONGEST: usize = 450;

/// Crashes a site `times` times at random moments: mostly under load, sometimes during a start. With a disk, every crash is a
/// power cut. Gives the passes and the ledger of the load.
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

/// Crashes a site as [`crash`] does, and closes its account. Gives the failures, and the number of answers of each kind as text.
pub async fn crash_and_reconcile(site: &mut Site, disk: Option<&Disk>, times: usize) -> (Vec<String>, String) {
    let voting = crash(site, disk, times).await;
    if voting.ledger.lock().unwrap().failures.is_empty() {
        reconciliation::reconcile(site, &voting).await;
    }
    let ledger = voting.ledger.lock().unwrap();
    let seen = format!("{:?}, {} checkpoints", ledger.answers, ledger.checkpoints.len());
    (ledger.failures.clone(), seen)
}
