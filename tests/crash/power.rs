//! Power cuts: data that was not synced is lost. `kill -9` does not show that loss, because the system keeps everything that a
//! process wrote.

use super::crashes::{crash, crash_and_reconcile};
use super::disk::Disk;
use super::load::dice;
use super::reconciliation;
use super::site::Site;
use testing::proof::{conclude, size};

/// Number of power cuts of one site before its account is closed. The number is small because every cut copies the disk.
const A_SITE: usize = 40;
/// Number of passes for each cut: more than the load spends.
const PASSES: usize = 400;

async fn cuts(claim: &str, n: usize, early: usize) {
    let (mut failures, mut left) = (Vec::new(), n);
    while left > 0 {
        let here = left.min(A_SITE);
        left -= here;
        let mut site = Site::new(None, here * PASSES).await;
        let disk = Disk::under(&mut site);
        site.set("SHIM_EARLY", early);
        site.set("SHIM_SEED", dice());
        let (wrong, seen) = crash_and_reconcile(&mut site, Some(&disk), here).await;
        println!("{} of {n} cuts: {seen}", n - left);
        failures.extend(wrong);
    }
    conclude(claim, n, &failures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_power_cut() {
    cuts("power cut, nothing unsynced survives: no acknowledged ballot lost", size(10, 1000), 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_survives_a_power_cut_that_leaves_some_of_what_was_not_synced() {
    cuts("power cut, half of what is unsynced survives: no acknowledged ballot lost", size(8, 500), 50).await;
}

/// Test of the test itself: a disk that lies about its syncs loses acknowledged ballots, and the account shows the loss.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_lies_loses_ballots_and_is_caught() {
    let n = size(2, 50);
    let mut missed = Vec::new();
    for round in 0..n {
        let mut site = Site::new(None, 2 * PASSES).await;
        let disk = Disk::under(&mut site);
        site.set("SHIM_LIE", if round % 2 == 0 { "all" } else { "wal" });
        let voting = crash(&mut site, Some(&disk), 2).await;
        let acknowledged = voting.ledger.lock().unwrap().receipts().len();
        let lost = match site.start() {
            Some(server) => reconciliation::look_up_every_receipt(&server, &voting).await,
            // The public files were synced and the store was not. The server reports that and does not start.
            None => acknowledged,
        };
        println!("{acknowledged} acknowledged, {lost} lost");
        if lost == 0 && acknowledged > 0 {
            missed.push(format!("{acknowledged} acknowledged on a disk that lies, and none is missed"));
        }
    }
    conclude("power cut on a disk that lies about syncs: the loss is seen", n, &missed);
}
