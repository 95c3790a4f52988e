//! A disk that fills up under load again and again: writes are refused while the disk is full, nothing is lost, and the service
//! resumes by itself.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use testing::proof::{conclude, size};

use super::load::{Voting, client, dice};
use super::reconciliation::{self, shows};
use super::site::Site;

/// Size of the disk in megabytes: large enough for the ballots of all rounds.
const MEGABYTES: usize = 400;
/// Longest wait for the first refusal on a full disk. Free space inside the files of the store may last longer.
const FULL_WITHIN: Duration = Duration::from_secs(4);
/// Time within which the service accepts ballots again after there is free space.
const BACK_WITHIN: Duration = Duration::from_secs(60);

/// A small file system in memory (tmpfs), mounted for one test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts the file system; none where this machine does not allow mounts.
    fn mount(at: &Path) -> Option<Self> {
        let options = format!("size={MEGABYTES}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|out| out.status.success()).then(|| Self(at.to_owned()))
    }

    /// Fills the file system except for `rest` bytes. Gives a function that frees the space.
    fn fill(&self, rest: usize) -> impl FnOnce() {
        let place = self.0.join("filler");
        let mut filler = File::create(&place).unwrap();
        while filler.write_all(&[7; 4096]).is_ok() {}
        filler.set_len(filler.metadata().unwrap().len().saturating_sub(rest as u64)).unwrap();
        move || fs::remove_file(place).unwrap()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_and_loses_nothing_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(dir.path()) else {
        return println!("left out: mounting a small disk is not allowed here");
    };
    let n = size(3, 150);
    let mut site = Site::at(dir.path(), None, (n + 2) * 3000).await;
    site.set("SHUDU_SEAL_AT", 40);
    let voting = Voting::with(std::mem::take(&mut site.passes));
    let server = site.serve();
    let load = voting.begin(&server.address, Duration::from_millis(12));
    assert!(shows(&server, "checkpoint", BACK_WITHIN).await);
    let mut longest = Duration::ZERO;
    for round in 0..n {
        let make_room = disk.fill(dice() % 30_000);
        let full_at = refusals(&voting);
        let full_since = Instant::now();
        while refusals(&voting) == full_at && full_since.elapsed() < FULL_WITHIN {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(dice() as u64 % 700)).await;
        if round == 0 {
            // Reads are answered while writes are refused.
            for (path, status) in
                [("/healthz", 200), ("/readyz", 503), ("/log/s3/checkpoint", 200), ("/campaigns/s3", 200)]
            {
                let answer = client().get(format!("{}{path}", server.address)).send().await.unwrap();
                assert_eq!(answer.status(), status, "{path}");
            }
        }
        let refused = refusals(&voting) - full_at;
        let acknowledged = acknowledgements(&voting);
        make_room();
        let room_since = Instant::now();
        while acknowledgements(&voting) < acknowledged + 20 {
            assert!(room_since.elapsed() < BACK_WITHIN, "not back:\n{}", site.last_words());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        longest = longest.max(room_since.elapsed());
        if round % 25 == 0 {
            println!("{round} of {n}: {refused} refused, back after at most {longest:?}");
        }
    }
    load.stop().await;
    // The same process finds every receipt, without a restart.
    reconciliation::look_up_every_receipt(&server, &voting).await;
    server.stop();
    // More than ten minutes later the running figures take their next step, and the ballots of that step are sealed.
    let sealed = sealed(&site);
    site.pass(Duration::from_secs(700));
    let server = site.serve();
    let until = Instant::now() + BACK_WITHIN;
    while acknowledgements(&voting) >= sealed + 200 && self::sealed(&site) == sealed {
        assert!(Instant::now() < until, "sealing does not go on:\n{}", site.last_words());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop();
    reconciliation::reconcile(&site, &voting).await;
    let ledger = voting.ledger.lock().unwrap();
    println!("{:?}, back after at most {longest:?}", ledger.answers);
    if !ledger.answers.keys().any(|kind| kind.starts_with("503")) {
        panic!("the disk was never full: {:?}", ledger.answers);
    }
    conclude(
        "disk full under load: clean refusals, nothing acknowledged lost, back within a minute",
        n,
        &ledger.failures,
    );
}

fn refusals(voting: &Voting) -> usize {
    let ledger = voting.ledger.lock().unwrap();
    ledger.answers.iter().filter(|(kind, _)| kind.starts_with("503")).map(|(_, n)| n).sum()
}

fn acknowledgements(voting: &Voting) -> usize {
    voting.ledger.lock().unwrap().answers.get("201").copied().unwrap_or_default()
}

fn sealed(site: &Site) -> usize {
    let history = fs::read_dir(site.log_objects().join("history")).into_iter().flatten();
    let sizes = history.filter_map(|entry| entry.unwrap().file_name().to_string_lossy().parse().ok());
    sizes.max().unwrap_or_default()
}
