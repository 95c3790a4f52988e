//! The pass key of a campaign after the count: its encrypted bytes are in no file of any member of the cluster, node or backup.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use entity::pass_key;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, Statement};
use testing::proof::figure;
use testing::topology::Topology;

use super::nodes::Pair;
use crate::crash::load::{Voting, client};
use crate::crash::reconciliation::shows;
use crate::crash::server::shudu;
use crate::crash::site::{CAMPAIGN, STORES, Site};

/// Number of ballots.
const BALLOTS: usize = 40;
/// Longest time for the count and the end of the key.
const PATIENCE: Duration = Duration::from_secs(90);
/// Most checkpoints, each of a segment of its own, until the write-ahead log of the key is gone. With the defaults of PostgreSQL and
/// Patroni, eight segments are kept.
const CHECKPOINTS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn after_the_count_no_file_of_any_member_and_no_backup_holds_the_key() {
    let topology = Topology::given();
    let mut pair = Pair::on(&topology, BALLOTS).await;
    let voting = Voting::with(std::mem::take(&mut pair.site.passes));
    pair.start();
    let client = client();
    for n in 0..BALLOTS {
        voting.cast(&client, &pair.server(n % 2).address).await;
    }
    let main = Database::connect(pair.site.setting(STORES[0])).await.unwrap();
    let sealed = key(&main).await.unwrap();
    topology.run(&["checkpoint"]);
    let members = [1, 2, 3].map(|n| topology.data(n));
    for member in &members {
        assert!(!holding(member, &sealed).is_empty(), "the search finds nothing in {}", member.display());
    }
    back_up(&pair.site, "before");

    pair.stop();
    pair.pass_the_close();
    pair.start();
    assert!(shows(pair.server(0), "tally", PATIENCE).await, "{}", pair.site.last_words());
    let until = Instant::now() + PATIENCE;
    while key(&main).await.is_some() {
        assert!(Instant::now() < until, "the key is not destroyed:\n{}", pair.site.last_words());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let destroyed = segment(&main).await;
    for n in 1.. {
        // Otherwise done every 15 minutes.
        topology.run(&["checkpoint"]);
        let left: Vec<PathBuf> = members
            .iter()
            .flat_map(|member| [holding(member, &sealed), segments_until(&member.join("pg_wal"), &destroyed)].concat())
            .collect();
        if left.is_empty() {
            figure(&format!("the destroyed key was gone after {n} checkpoints"));
            break;
        }
        assert!(n < CHECKPOINTS, "left: {left:?}");
        // Patroni moves the slots of other members every five seconds.
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    back_up(&pair.site, "after");
    // Nodes, objects, logs and both backups are below this folder.
    assert_eq!(holding(&pair.site.folder, &sealed), Vec::<PathBuf>::new());
    pair.stop();
    main.close().await.unwrap();
}

/// The encrypted key of the campaign; none once it is destroyed.
async fn key(main: &DatabaseConnection) -> Option<String> {
    pass_key::Entity::find_by_id(CAMPAIGN).one(main).await.unwrap().map(|row| row.sealed)
}

/// Files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &str) -> Vec<PathBuf> {
    assert!(folder.is_dir(), "{}", folder.display());
    let found = Command::new("grep").args(["-rlaF", "--", bytes]).arg(folder).output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(PathBuf::from).collect()
}

/// Name of the present segment of the write-ahead log.
async fn segment(db: &DatabaseConnection) -> String {
    let ask = Statement::from_string(DbBackend::Postgres, "SELECT pg_walfile_name(pg_current_wal_lsn())");
    db.query_one_raw(ask).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Segments of the write-ahead log up to one, whatever their timeline. They hold pages in a compressed form, too.
fn segments_until(folder: &Path, last: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let place = |name: &str| (name.len() == 24).then(|| name[8..].to_owned());
    all.filter(|path| path.file_name().and_then(|name| place(name.to_str()?)).is_some_and(|own| *own <= last[8..]))
        .collect()
}

fn back_up(site: &Site, name: &str) {
    let copy = site.folder.join(name);
    let done =
        shudu(&["backup", copy.to_str().unwrap()], &site.data()).envs(site.settings().to_vec()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
