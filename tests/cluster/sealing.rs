//! A node that dies or is frozen at a step of a sealing, while another node is there to go on.
//!
//! Triggers of the database stop the node before and within its transactions. A folder in the place of an object stops the node between
//! them.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use entity::ballots::{log_batch, log_head};
use entity::job;
use public_log::tiles::{Tile, touched};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    Statement,
};
use testing::proof::conclude;
use testing::topology::Topology;

use super::nodes::Pair;
use crate::crash::load::{Voting, client};
use crate::crash::reconciliation::{reconcile, shows};
use crate::crash::site::{CAMPAIGN, STORES};

/// Number of passes for a round: more than the voters spend.
const PASSES: usize = 200;
/// Time between two ballots. A snapshot is taken every 100 milliseconds, and must not be shown before the obstacle stands.
const PAUSE: Duration = Duration::from_millis(10);
/// Time between two steps of the shown figures, by the programme clock.
const APART: Duration = Duration::from_secs(700);
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time after which a node that met an obstacle has tried again.
const TRIED: Duration = Duration::from_millis(400);
/// Number of the advisory lock that the triggers wait for.
const LOCK: i64 = 7;

/// The moment at which the node stops.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// The content is stored, nothing is committed.
    Staged,
    /// The commit is sent, and the node never hears of it.
    Committing,
    /// The batch is committed. None of its objects is in place.
    Committed,
    /// The objects are in place, and the checkpoint is not signed.
    Put,
    /// The checkpoint is signed and stored, and nobody sees it.
    Signed,
    /// The checkpoint is about to be shown, and the node never hears of it.
    Showing,
}

use Moment::{Committed, Committing, Put, Showing, Signed, Staged};

/// The end of the node at that moment.
#[derive(Clone, Copy, Debug)]
enum End {
    /// The node dies by SIGKILL.
    Killed,
    /// The node stands still from SIGSTOP to SIGCONT. The other node does the work meanwhile.
    Frozen,
}

use End::{Frozen, Killed};

const ROUNDS: [(Moment, End); 10] = [
    (Staged, Killed),
    (Committing, Killed),
    (Committed, Killed),
    (Put, Killed),
    (Signed, Killed),
    (Showing, Killed),
    (Staged, Frozen),
    (Committing, Frozen),
    (Put, Frozen),
    (Signed, Frozen),
];

/// Two nodes with an open campaign, and connections to their databases.
struct Sealing {
    pair: Pair,
    voting: Voting,
    client: reqwest::Client,
    objects: PathBuf,
    main: DatabaseConnection,
    ballots: DatabaseConnection,
    /// Connection that holds the advisory lock.
    holder: DatabaseConnection,
}

impl Sealing {
    async fn begin() -> Self {
        let mut pair = Pair::on(&Topology::given(), ROUNDS.len() * PASSES).await;
        let objects = pair.site.data().join("objects");
        pair.site.set("SHUDU_OBJECTS", objects.display());
        pair.site.set("SHUDU_SEAL_AT", 20);
        let voting = Voting::with(std::mem::take(&mut pair.site.passes));
        let [main, ballots] = [STORES[0], STORES[1]].map(|name| pair.site.setting(name).to_owned());
        let [main, holder, ballots] = [connect(main).await, connect(ballots.clone()).await, connect(ballots).await];
        ballots
            .execute_unprepared(&format!(
                "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END'"
            ))
            .await
            .unwrap();
        Self { pair, voting, client: client(), objects, main, ballots, holder }
    }

    /// One batch, whose sealing ends one node. Gives what went wrong.
    async fn round(&mut self, n: usize, moment: Moment, end: End) -> Vec<String> {
        let (victim, other) = (n % 2, (n + 1) % 2);
        // The first node that starts does the scheduler's work. The programme clock has passed the time between two steps.
        self.pair.pass(APART * u32::try_from(n + 1).unwrap());
        self.pair.start_of(&[victim]);
        self.pair.start_of(&[other]);
        let (size, obstacle) = self.stop_at(moment, victim).await;
        match end {
            Killed => self.pair.kill(victim).await,
            Frozen => self.pair.signal(victim, "-STOP"),
        }
        self.clear(obstacle.as_ref()).await;
        self.end_lease().await;
        self.shown(size).await;
        let left = match end {
            Killed => vec![other],
            Frozen => {
                self.pair.signal(victim, "-CONT");
                tokio::time::sleep(TRIED * 5).await;
                vec![victim, other]
            }
        };
        let wrong = self.compare(&left, size).await;
        // Killed nodes keep their leases: the node that finished does the work of the next round.
        for node in left {
            self.pair.kill(node).await;
        }
        wrong.into_iter().map(|what| format!("{end:?} at {moment:?}: {what}")).collect()
    }

    /// Casts ballots until a node stops at a moment of the next sealing. Gives the size of the log after that batch, and the folder that
    /// stands in the way, where one does.
    async fn stop_at(&self, moment: Moment, node: usize) -> (u64, Option<PathBuf>) {
        let sealed = self.size().await;
        let size = loop {
            match self.snapshot(sealed) {
                Some(size) => break size,
                None => self.cast(node).await,
            }
        };
        let obstacle = self.obstruct(moment, size).await;
        // No more than needed, so that the next snapshot has to wait for the ballots of the next round.
        while !self.has_stopped(moment, size).await {
            self.cast(node).await;
        }
        tokio::time::sleep(TRIED).await;
        (size, obstacle)
    }

    /// Compares what nodes show with the one signed checkpoint of the size.
    async fn compare(&self, nodes: &[usize], size: u64) -> Vec<String> {
        let mut wrong = Vec::new();
        let note = std::fs::read_to_string(self.objects.join(format!("log/{CAMPAIGN}/history/{size}"))).unwrap();
        for node in nodes {
            let server = self.pair.server(*node);
            assert!(shows(server, "checkpoint", PATIENCE).await);
            let address = format!("{}/log/{CAMPAIGN}/checkpoint", server.address);
            let shown = self.client.get(address).send().await.unwrap().text().await.unwrap();
            self.voting.ledger.lock().unwrap().saw(&shown);
            if shown != note {
                wrong.push(format!("node {node} shows another checkpoint than the signed one: {shown}"));
            }
        }
        let committed = self.size().await;
        if committed != size {
            wrong.push(format!("the log has {committed} entries, {size} were sealed"));
        }
        wrong
    }

    async fn cast(&self, node: usize) {
        self.voting.cast(&self.client, &self.pair.server(node).address).await;
        tokio::time::sleep(PAUSE).await;
    }

    /// Number of entries in the committed log.
    async fn size(&self) -> u64 {
        let head = log_head::Entity::find_by_id(CAMPAIGN).one(&self.ballots).await.unwrap();
        head.map_or(0, |head| head.size.unsigned_abs())
    }

    /// Number of ballots in the snapshot that waits to be shown; none where no snapshot has more ballots than were sealed.
    fn snapshot(&self, sealed: u64) -> Option<u64> {
        let folder = self.objects.join("snapshots").join(CAMPAIGN);
        let names = std::fs::read_dir(&folder).ok()?.map(|entry| entry.unwrap().file_name());
        let sizes = names.filter_map(|name| name.to_str()?.strip_prefix("anonymous-")?.parse().ok());
        sizes.filter(|size| *size > sealed).max()
    }

    /// Makes the sealing of a batch that ends at a size stop at a moment. Gives the folder that stands in the way, where one does.
    async fn obstruct(&self, moment: Moment, size: u64) -> Option<PathBuf> {
        let lock = format!("SELECT pg_advisory_lock({LOCK})");
        let trigger = match moment {
            Staged => "CREATE TRIGGER wait BEFORE INSERT ON log_batch",
            Committing => "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON log_batch DEFERRABLE INITIALLY DEFERRED",
            Signed => "CREATE TRIGGER wait BEFORE UPDATE ON log_batch",
            Showing => "CREATE CONSTRAINT TRIGGER wait AFTER UPDATE ON log_batch DEFERRABLE INITIALLY DEFERRED",
            Committed | Put => {
                let (number, width) = touched(0, size).last().unwrap();
                let tile = Tile { level: 0, number, width }.path();
                let path = if matches!(moment, Put) { format!("history/{size}") } else { tile };
                let folder = self.objects.join("log").join(CAMPAIGN).join(path);
                std::fs::create_dir_all(&folder).unwrap();
                return Some(folder);
            }
        };
        self.holder.execute_unprepared(&lock).await.unwrap();
        let trigger = format!("{trigger} FOR EACH ROW EXECUTE FUNCTION wait_here()");
        self.ballots.execute_unprepared(&trigger).await.unwrap();
        None
    }

    /// Whether the node has stopped at the moment.
    async fn has_stopped(&self, moment: Moment, size: u64) -> bool {
        match moment {
            Committed | Put => self.unsigned().await > 0 && self.size().await == size,
            _ => self.waits().await,
        }
    }

    async fn unsigned(&self) -> u64 {
        let unsigned = log_batch::Entity::find().filter(log_batch::COLUMN.is_signed.eq(false));
        unsigned.count(&self.ballots).await.unwrap()
    }

    /// Whether a connection waits for the advisory lock.
    async fn waits(&self) -> bool {
        let sql = format!(
            "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database \
             WHERE locktype = 'advisory' AND objid = {LOCK} AND NOT granted AND d.datname = current_database()"
        );
        self.ballots.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap().is_some()
    }

    async fn clear(&self, obstacle: Option<&PathBuf>) {
        if let Some(folder) = obstacle {
            return std::fs::remove_dir(folder).unwrap();
        }
        self.holder.execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})")).await.unwrap();
        self.ballots.execute_unprepared("DROP TRIGGER wait ON log_batch").await.unwrap();
    }

    /// Ends the lease of the scheduler's work, as time does.
    async fn end_lease(&self) {
        let past = Expr::cust("clock_timestamp() - interval '1 second'");
        job::Entity::update_many().col_expr(job::Column::Until, past).exec(&self.main).await.unwrap();
    }

    /// Repeats a question until the answer is yes.
    async fn wait_for(&self, what: &str, ask: impl AsyncFn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !ask().await {
            assert!(Instant::now() < until, "not there after {PATIENCE:?}: {what}\n{}", self.pair.site.last_words());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the checkpoint of a size is shown.
    async fn shown(&self, size: u64) {
        self.wait_for(&format!("the checkpoint of size {size}"), async || {
            let head = log_head::Entity::find_by_id(CAMPAIGN).one(&self.ballots).await.unwrap();
            let shown = head.and_then(|head| head.checkpoint).unwrap_or_default();
            shown.lines().nth(1) == Some(&size.to_string()) && self.unsigned().await == 0
        })
        .await;
    }
}

async fn connect(url: String) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.min_connections(1).max_connections(1);
    Database::connect(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn a_node_may_end_at_every_step_of_a_sealing() {
    let mut sealing = Sealing::begin().await;
    let mut failures = Vec::new();
    for (n, (moment, end)) in ROUNDS.into_iter().enumerate() {
        failures.extend(sealing.round(n, moment, end).await);
    }
    for db in [sealing.main, sealing.ballots, sealing.holder] {
        db.close().await.unwrap();
    }
    reconcile(&sealing.pair.site, &sealing.voting).await;
    failures.append(&mut sealing.voting.ledger.lock().unwrap().failures);
    conclude(
        "node killed or frozen at each step of a sealing, two nodes on a cluster: one checkpoint a size, the log only grows",
        ROUNDS.len(),
        &failures,
    );
}
