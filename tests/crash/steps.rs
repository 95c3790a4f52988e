//! A crash at every single step of a sealing and of a count. A step is a change to the files of the log, or a write or sync of a
//! write-ahead log. After the crash the log goes on, and continues every checkpoint that anybody could have read before.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use testing::proof::{conclude, size};

use super::disk::{self, Disk};
use super::load::{Voting, client, dice};
use super::reconciliation::{by_python, by_the_product, leaves, mirror, shows};
use super::site::{CAMPAIGN, Site, TICK_MILLISECONDS};

/// Number of ballots in the first batch: more than one tile.
const SEALED: usize = 290;
/// Number of ballots in the second batch, whose figures are shown.
const SHOWN: usize = 50;
/// Number of ballots after the second batch.
const NEWEST: usize = 57;
/// Number of all ballots.
const ALL: usize = SEALED + SHOWN + NEWEST;
/// Milliseconds between two rounds of the scheduler: longer than a server lives. So each server has one round, at its start.
const ONCE: u32 = 3_600_000;
/// Longest time for a sealing or a count.
const PATIENCE: Duration = Duration::from_secs(60);

/// The data on the disk after the crash.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DiskAfterCrash {
    /// Everything that was written, as after `kill -9`.
    Written,
    /// Only synced data.
    Synced,
    /// The synced data, and half of the rest.
    Half,
}

/// The state of a site before the step.
struct Before {
    site: Site,
    leaves: Vec<String>,
    checkpoint: String,
    /// Whether the count shows the end of the work, or otherwise the checkpoint, and a part of its final text.
    done: (bool, String),
    /// Last line that the verifier in Python prints about the finished log.
    word: &'static str,
}

/// Prepares a site with one sealed batch, and with ballots for the next batch.
async fn before(is_past_the_close: bool) -> Before {
    let mut site = Site::new(None, ALL).await;
    let voting = Voting::with(std::mem::take(&mut site.passes));
    site.set("SHUDU_LOOK_EVERY", ONCE);
    // The round at each start: first there are no ballots; then a snapshot is taken; then that snapshot is shown and sealed, and
    // the next one is taken; then that one is shown.
    for (ballots, shown, seal_at) in
        [(SEALED, 0, 20), (SHOWN, 0, 20), (NEWEST, SEALED, 20), (0, SEALED + SHOWN, 1_000_000)]
    {
        if ballots == 0 {
            site.pass(Duration::from_secs(700));
        }
        site.set("SHUDU_SEAL_AT", seal_at);
        let server = site.serve();
        let client = client();
        if shown > 0 {
            assert!(turnout(&client, &server.address, shown).await, "{shown}");
            assert!(shows(&server, "checkpoint", PATIENCE).await);
        }
        assert!(snapshot(&site, shown, ballots).await);
        for _ in 0..ballots {
            voting.cast(&client, &server.address).await;
        }
        server.stop();
    }
    let leaves: Vec<String> = voting.ledger.lock().unwrap().leaves().into_iter().collect();
    assert_eq!(leaves.len(), ALL);
    site.set("SHUDU_SEAL_AT", 20);
    site.set("SHUDU_LOOK_EVERY", TICK_MILLISECONDS);
    if is_past_the_close {
        site.pass(Duration::from_secs(3 * 86_400));
    }
    let [checkpoint, _] = site.shown();
    copy(&site.data(), &site.folder.join("before"));
    let (done, word) = match is_past_the_close {
        true => ((true, format!("\n{ALL}\n")), "OK"),
        false => ((false, format!("\n{}\n", SEALED + SHOWN)), "OK SO FAR"),
    };
    Before { site, leaves, checkpoint, done, word }
}

/// Waits until the site shows the turnout `ballots`. Gives whether that happened in time.
async fn turnout(client: &reqwest::Client, address: &str, ballots: usize) -> bool {
    let shown = format!("\"ballots\":{ballots},");
    let until = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < until {
        let answer = client.get(format!("{address}/api/v1/campaigns/{CAMPAIGN}/turnout")).send().await.unwrap();
        if answer.text().await.unwrap().contains(&shown) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

/// Waits until the round at the start has taken its snapshot, of the ballots that were cast before. Gives whether that happened
/// in time.
async fn snapshot(site: &Site, shown: usize, to_come: usize) -> bool {
    let due = match (shown, to_come) {
        (0, SHOWN) => SEALED,
        (SEALED, _) => SEALED + SHOWN,
        _ => return true,
    };
    let file = site.data().join(format!("objects/snapshots/{CAMPAIGN}/anonymous-{due}"));
    let until = std::time::Instant::now() + PATIENCE;
    while std::time::Instant::now() < until {
        if file.exists() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

fn copy(from: &Path, to: &Path) {
    drop(fs::remove_dir_all(to));
    assert!(Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap().success());
}

impl Before {
    fn is_done(&self) -> bool {
        let ((is_count, content), [checkpoint, tally]) = (&self.done, self.site.shown());
        let staged = fs::read_dir(self.site.data().join("objects/staged").join(CAMPAIGN));
        (if *is_count { tally } else { checkpoint }).contains(content)
            && staged.is_ok_and(|mut all| all.next().is_none())
    }

    /// Serves until the process dies at a step or has finished its work. Gives whether the process died.
    fn dies_at(&mut self, step: usize) -> bool {
        self.site.set("SHIM_DIE_AT", step);
        let mut child = self.site.spawn();
        let until = std::time::Instant::now() + PATIENCE;
        let died = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if self.is_done() {
                // Only the last syncs of folders may still be missing.
                std::thread::sleep(Duration::from_millis(100));
                break child.try_wait().unwrap().is_some();
            }
            assert!(std::time::Instant::now() < until, "not done after {PATIENCE:?}:\n{}", self.site.last_words());
            std::thread::sleep(Duration::from_millis(3));
        };
        drop(child.kill());
        child.wait().unwrap();
        died
    }

    /// Crashes at a step, starts again, and compares. Gives the failures; none where the work has no such step.
    async fn crash_at(&mut self, step: usize, disk_after: DiskAfterCrash) -> Option<Vec<String>> {
        copy(&self.site.folder.join("before"), &self.site.data());
        drop(fs::remove_file(&self.site.log));
        disk::watch(&mut self.site);
        let disk = (disk_after != DiskAfterCrash::Written).then(|| Disk::under(&mut self.site));
        self.site.set("SHIM_EARLY", if disk_after == DiskAfterCrash::Half { 50 } else { 0 });
        self.site.set("SHIM_SEED", dice());
        if !self.dies_at(step) {
            return None;
        }
        let [shown, _] = self.site.shown();
        if let Some(disk) = disk {
            disk.cut(&self.site.data());
        }
        for name in ["LD_PRELOAD", "SHIM_DISK", "SHIM_DIE_AT"] {
            self.site.unset(name);
        }
        Some(self.recovers(&shown).await)
    }

    async fn recovers(&self, shown: &str) -> Vec<String> {
        let Some(server) = self.site.start() else {
            return vec![format!("it does not start again: {}", self.site.last_words())];
        };
        let until = std::time::Instant::now() + PATIENCE;
        while !self.is_done() {
            if std::time::Instant::now() > until {
                return vec![format!("it does not go on: {}", self.site.last_words())];
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let copy = mirror(&server).await;
        server.stop();
        let log = copy.path();
        let mut wrong: Vec<String> =
            [by_the_product(log, self.word), by_python(log, self.word)].into_iter().flatten().collect();
        for checkpoint in [&*self.checkpoint, shown] {
            let size = checkpoint.lines().nth(1).unwrap_or_default();
            if fs::read_to_string(log.join(format!("history/{size}"))).ok().as_deref() != Some(checkpoint) {
                wrong.push(format!("the checkpoint of size {size} that was shown is not continued"));
            }
        }
        let (mut sealed, mut expected) = (leaves(log), self.leaves.clone());
        sealed.sort_unstable();
        expected.sort_unstable();
        let is_whole = match self.word {
            "OK" => sealed == expected,
            _ => sealed.len() == SEALED + SHOWN && sealed.iter().all(|leaf| expected.binary_search(leaf).is_ok()),
        };
        if !is_whole {
            wrong.push(format!("{} of {} ballots are in the log", sealed.len(), expected.len()));
        }
        wrong
    }
}

async fn every_step(what: &str, is_past_the_close: bool) {
    let mut before = before(is_past_the_close).await;
    let (mut failures, mut n) = (Vec::new(), 0);
    for disk_after in [DiskAfterCrash::Written, DiskAfterCrash::Synced, DiskAfterCrash::Half] {
        // A run of moderate size takes every 45th step, from a random first one.
        let stride = size(45, 1);
        let mut step = 1 + dice() % stride;
        while let Some(wrong) = before.crash_at(step, disk_after).await {
            let name = ["killed", "power cut", "power cut, half survives"][disk_after as usize];
            failures.extend(wrong.into_iter().map(|what| format!("{name} at step {step}: {what}")));
            (n, step) = (n + 1, step + stride);
        }
        println!("{what}: {n} crashes, the last step is {step}");
    }
    conclude(&format!("crash at each step of {what}: the log goes on and continues what was shown"), n, &failures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sealing_may_crash_at_every_step() {
    every_step("a sealing", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_count_may_crash_at_every_step() {
    every_step("a count", true).await;
}
