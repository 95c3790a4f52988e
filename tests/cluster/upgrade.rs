//! A rolling upgrade: the schema moves on and nodes of an earlier version are replaced one by one, while people vote at both.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use entity::schema;
use migration::{BallotsMigrator, MainMigrator, MigratorTrait, RegisterMigrator};
use sea_orm::sea_query::Expr;
use sea_orm::{Database, DatabaseConnection, EntityTrait};
use testing::process_databases;
use testing::proof::{conclude, figure};
use testing::topology::Topology;

use super::nodes::Pair;
use crate::crash::load::Voting;
use crate::crash::reconciliation::reconcile;
use crate::crash::server::{program, shudu};
use crate::crash::site::{STORES, Site};

/// Number of passes: more than the voters spend.
const PASSES: usize = 20_000;
/// Time for which the nodes of each stage serve.
const STAGE: Duration = Duration::from_secs(8);
/// Answers to a ballot that are no refusal, and the lack of an answer from a node that stops.
const RIGHT: [&str; 4] = ["201", "200", "409 ballot.pass_used", "no answer"];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "scripts/upgrade runs it, with the program of an earlier version"]
async fn a_rolling_upgrade_refuses_no_ballot() {
    let topology = Topology::given();
    let old = PathBuf::from(std::env::var("TEST_OLD_PROGRAM").unwrap());
    let mut pair = Pair::on(&topology, PASSES).await;
    let levels = levels_of(&old, &topology).await;
    set_back(&pair.site, levels).await;
    pair.programs = [old.clone(), old];
    let voting = Voting::with(std::mem::take(&mut pair.site.passes));
    let mut failures = Vec::new();

    pair.vote(&voting);
    tokio::time::sleep(STAGE).await;
    let since = Instant::now();
    let migrated = shudu(&["migrate"], &pair.third_data()).envs(pair.site.settings().to_vec()).output().unwrap();
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    tokio::time::sleep(STAGE).await;
    report(&voting, "earlier programs, while the schema moves on", since);
    for node in [0, 1] {
        let since = Instant::now();
        pair.programs[node] = program();
        pair.retire(node).await;
        pair.vote(&voting);
        tokio::time::sleep(STAGE).await;
        report(&voting, &format!("node {node} is replaced"), since);
    }
    pair.end_voting().await;
    pair.stop();
    reconcile(&pair.site, &voting).await;
    let mut ledger = voting.ledger.lock().unwrap();
    figure(&format!(
        "levels {levels:?} at first; {} ballots acknowledged; {:?}",
        ledger.acknowledged(),
        ledger.answers
    ));
    failures.append(&mut ledger.failures);
    let refused = ledger.answers.iter().filter(|(answer, _)| !RIGHT.contains(&answer.as_str()));
    failures.extend(refused.map(|(answer, n)| format!("{n} ballots were answered with {answer}")));
    conclude(
        "rolling upgrade under load: no ballot is refused, each acknowledged one is in the log once",
        1,
        &failures,
    );
}

fn report(voting: &Voting, what: &str, since: Instant) {
    let pause = voting.ledger.lock().unwrap().longest_pause(since).as_secs_f64();
    figure(&format!("{what}: longest time without an acknowledged ballot {pause:.1} s"));
}

/// Levels of the schemas that a program makes: main, ballots, register.
async fn levels_of(program: &Path, topology: &Topology) -> [i32; 3] {
    let site = Site::unopened(process_databases::fresh(&topology.url).await);
    let made = std::process::Command::new(program)
        .args(["migrate", "--data"])
        .arg(site.data())
        .envs(site.settings().to_vec())
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut levels = [0; 3];
    for (level, store) in levels.iter_mut().zip(STORES) {
        let db = Database::connect(site.setting(store)).await.unwrap();
        *level = schema::Entity::find().one(&db).await.unwrap().unwrap().level;
        db.close().await.unwrap();
    }
    levels
}

/// Brings the schemas of a site back to these levels.
async fn set_back(site: &Site, levels: [i32; 3]) {
    let [main, ballots, register] = STORES.map(|store| site.setting(store).to_owned());
    down::<MainMigrator>(&main, levels[0]).await;
    down::<BallotsMigrator>(&ballots, levels[1]).await;
    down::<RegisterMigrator>(&register, levels[2]).await;
}

async fn down<M: MigratorTrait>(url: &str, level: i32) {
    let db: DatabaseConnection = Database::connect(url).await.unwrap();
    let steps = M::migrations().len() - usize::try_from(level).unwrap();
    if steps > 0 {
        M::down(&db, Some(u32::try_from(steps).unwrap())).await.unwrap();
        let level = schema::Entity::update_many().col_expr(schema::Column::Level, Expr::value(level));
        level.exec(&db).await.unwrap();
    }
    db.close().await.unwrap();
}
