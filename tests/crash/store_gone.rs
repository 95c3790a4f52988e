//! PostgreSQL that goes away under load: backends terminated, the server stopped and started, the server killed. The product
//! refuses requests with 503 while PostgreSQL is away, and resumes by itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database};
use testing::process_databases;
use testing::proof::{conclude, size};

use super::load::{Voting, dice};
use super::reconciliation;
use super::site::Site;

/// Time within which the product accepts ballots again after the return of its store.
const BACK_WITHIN: Duration = Duration::from_secs(60);

/// A PostgreSQL server for one test, which keeps every commit on disk.
pub struct Postgres {
    folder: PathBuf,
    /// URL of the administrator's database on the server.
    pub url: String,
}

impl Postgres {
    /// Starts a server in a folder.
    pub fn start(folder: &Path) -> Self {
        let out = script(&["start", folder.to_str().unwrap(), "--durable"]);
        Self { folder: folder.to_owned(), url: out.lines().last().unwrap().to_owned() }
    }

    /// Port of the server.
    pub fn port(&self) -> u16 {
        let (host, _) = self.url.rsplit_once('/').unwrap();
        host.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    /// Stops the server in order.
    pub fn stop(&self) {
        script(&["stop", self.folder.to_str().unwrap()]);
    }

    /// Starts the server again at the same address.
    pub fn start_again(&self) {
        let again = script(&["start", self.folder.to_str().unwrap(), "--durable"]);
        assert_eq!(again.lines().last(), Some(&*self.url), "it came back under another address");
    }

    /// Stops the server in order, or at once as in a crash (SIGQUIT). Starts it again after the time `away`.
    async fn restart(&self, is_orderly: bool, away: Duration) {
        if is_orderly {
            self.stop();
        } else {
            let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
            let process = file.lines().next().unwrap();
            assert!(Command::new("kill").args(["-QUIT", process]).status().unwrap().success());
            while Path::new("/proc").join(process).exists() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        tokio::time::sleep(away).await;
        self.start_again();
    }

    async fn terminate_backends(&self) {
        let db = Database::connect(&self.url).await.unwrap();
        let all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'shudu_crash%'";
        db.execute_unprepared(all).await.unwrap();
        db.close().await.unwrap();
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        script(&["stop", self.folder.to_str().unwrap()]);
    }
}

fn script(arguments: &[&str]) -> String {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres");
    let out = Command::new(program).args(arguments).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A temporary folder that the operating system user of PostgreSQL can enter.
pub fn folder() -> tempfile::TempDir {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    dir
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_goes_away_is_waited_for_and_nothing_is_lost() {
    if process_databases::given().is_none() {
        return println!("left out: TEST_DATABASE_URL is not set");
    }
    let dir = folder();
    let postgres = Postgres::start(&dir.path().join("db"));
    let n = size(6, 60);
    let mut site = Site::new(Some(process_databases::fresh(&postgres.url).await), (n + 2) * 1500).await;
    let voting = Voting::with(std::mem::take(&mut site.passes));
    let server = site.serve();
    let load = voting.begin(&server.address, Duration::from_millis(12));
    let mut longest = Duration::ZERO;
    for round in 0..n {
        tokio::time::sleep(Duration::from_millis(200 + dice() as u64 % 500)).await;
        match round % 6 {
            5 => postgres.restart(false, Duration::from_millis(300)).await,
            2 => postgres.restart(true, Duration::from_millis(dice() as u64 % 3000)).await,
            _ => postgres.terminate_backends().await,
        }
        let (back, acknowledged) = (Instant::now(), acknowledgements(&voting));
        while acknowledgements(&voting) < acknowledged + 20 {
            assert!(back.elapsed() < BACK_WITHIN, "not back:\n{}", site.last_words());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        longest = longest.max(back.elapsed());
    }
    load.stop().await;
    // The same process finds every receipt, without a restart.
    reconciliation::look_up_every_receipt(&server, &voting).await;
    server.stop();
    reconciliation::reconcile(&site, &voting).await;
    let ledger = voting.ledger.lock().unwrap();
    println!("{:?}, back after at most {longest:?}", ledger.answers);
    conclude("PostgreSQL goes away under load: clean refusals, nothing acknowledged lost", n, &ledger.failures);
}

fn acknowledgements(voting: &Voting) -> usize {
    voting.ledger.lock().unwrap().answers.get("201").copied().unwrap_or_default()
}
