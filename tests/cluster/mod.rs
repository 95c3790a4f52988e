//! Two nodes on a PostgreSQL cluster of three, kept by Patroni, while parts of it fail.
//!
//! `scripts/cluster` runs the topology of `deploy/` on this machine, and `scripts/test` names its folder in `TEST_CLUSTER`. Voters cast
//! ballots at both nodes all the time. Afterwards every acknowledged ballot is in the log exactly once, and nobody was answered with an
//! internal error.

mod freshness;
mod keys_gone;
mod nodes;
mod passes;
mod sealing;
mod upgrade;

use std::time::{Duration, Instant};

use testing::proof::Proof;
use testing::topology::Topology;

use self::nodes::{Pair, resumed};
use crate::crash::load::{Voting, client, dice};
use crate::crash::reconciliation::{look_up_receipts, mirror, reconcile};

/// Number of passes for each failure: more than the voters spend.
const PASSES: usize = 6_000;
/// Number of receipts that are looked up at each node, before the account is closed with a look-up of all.
const LOOKED_UP: usize = 1_000;
/// Time for which a part is frozen: longer than every lease.
const FROZEN: Duration = Duration::from_secs(30);
/// Time for which the primary is alone before it dies.
const SILENT: Duration = Duration::from_secs(3);

/// A part of the cluster that fails, or a planned change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    PrimaryKilled,
    PrimaryFrozen,
    StandbysSilent,
    Switchover,
    EtcdMajorityLost,
    NodeKilled,
    NodeFrozen,
    StoreKilled,
    StoresKilled,
}

use Fault::{
    EtcdMajorityLost, NodeFrozen, NodeKilled, PrimaryFrozen, PrimaryKilled, StandbysSilent, StoreKilled, StoresKilled,
    Switchover,
};

/// Failures of one run of the tests, each once.
const EACH: [Fault; 9] = [
    PrimaryKilled,
    PrimaryFrozen,
    StandbysSilent,
    Switchover,
    EtcdMajorityLost,
    NodeKilled,
    NodeFrozen,
    StoreKilled,
    StoresKilled,
];
/// Failures of a sitting of `scripts/failover`, in a circle: of ten, four primaries killed (one of them while its standbys hear
/// nothing), two nodes, two switchovers, a freeze and a store.
const CIRCLE: [Fault; 10] = [
    StandbysSilent,
    NodeKilled,
    Switchover,
    PrimaryKilled,
    PrimaryFrozen,
    PrimaryKilled,
    NodeKilled,
    Switchover,
    PrimaryKilled,
    StoreKilled,
];

/// Makes a part fail, waits until ballots are acknowledged again, and mends the part.
async fn happen(fault: Fault, topology: &Topology, pair: &mut Pair, voting: &Voting) {
    let (what, since) = (format!("{fault:?}"), Instant::now());
    match fault {
        PrimaryKilled => {
            let old = topology.run(&["kill", "pg", "primary"]);
            resumed(voting, &what, since).await;
            topology.run(&["start", "pg", &old]);
            topology.complete();
        }
        PrimaryFrozen => {
            let old = topology.run(&["freeze", "pg", "primary"]);
            resumed(voting, &what, since).await;
            tokio::time::sleep(FROZEN).await;
            let thawed = Instant::now();
            topology.run(&["thaw", "pg", &old]);
            resumed(voting, "PrimaryFrozen, thawed", thawed).await;
            topology.complete();
        }
        // Ballots that the primary acknowledged alone would be lost with it.
        StandbysSilent => {
            let silence = topology.silence();
            tokio::time::sleep(SILENT).await;
            let old = silence.kill_primary();
            resumed(voting, &what, since).await;
            topology.run(&["start", "pg", &old]);
            topology.complete();
        }
        Switchover => {
            topology.run(&["switch"]);
            resumed(voting, &what, since).await;
        }
        EtcdMajorityLost => {
            for n in ["1", "2"] {
                topology.run(&["kill", "etcd", n]);
            }
            resumed(voting, &what, since).await;
            for n in ["1", "2"] {
                topology.run(&["start", "etcd", n]);
            }
            topology.complete();
        }
        NodeKilled => {
            pair.kill(dice() % 2).await;
            resumed(voting, &what, since).await;
            pair.vote(voting);
        }
        NodeFrozen => {
            pair.freeze(dice() % 2, FROZEN).await;
            resumed(voting, &what, since).await;
        }
        // Voting needs no object store: batches wait until it is back.
        StoreKilled | StoresKilled => {
            let stores: &[&str] = if fault == StoreKilled { &["1"] } else { &["1", "2"] };
            for n in stores {
                topology.run(&["kill", "store", n]);
            }
            resumed(voting, &what, since).await;
            let back = Instant::now();
            for n in stores {
                topology.run(&["start", "store", n]);
            }
            resumed(voting, &format!("{fault:?}, back"), back).await;
        }
    }
}

/// Has people vote while parts fail one after the other. Then closes the account.
async fn vote_through(faults: &[Fault], claim: &str) {
    let topology = Topology::given();
    let mut pair = Pair::on(&topology, PASSES * faults.len()).await;
    let voting = Voting::with(std::mem::take(&mut pair.site.passes));
    let proof = Proof::of(claim);
    pair.vote(&voting);
    for fault in faults {
        happen(*fault, &topology, &mut pair, &voting).await;
        proof.held(1);
        let failures = std::mem::take(&mut voting.ledger.lock().unwrap().failures);
        failures.into_iter().for_each(|failure| proof.fail(format!("{fault:?}: {failure}")));
    }
    pair.end_voting().await;
    for server in pair.servers() {
        look_up_receipts(server, &voting, LOOKED_UP).await;
    }
    pair.stop();
    reconcile(&pair.site, &voting).await;
    pair.pass_the_close();
    pair.start();
    let [one, other] = pair.servers();
    let (one, other) = (mirror(one).await, mirror(other).await);
    if nodes::files(one.path()) != nodes::files(other.path()) {
        proof.fail("the nodes do not serve the same log".to_owned());
    }
    pair.stop();
    let ledger = voting.ledger.lock().unwrap();
    ledger.failures.iter().for_each(|failure| proof.fail(failure.clone()));
    testing::proof::figure(&format!("{} ballots acknowledged; answers {:?}", ledger.acknowledged(), ledger.answers));
    drop(ledger);
    proof.end();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn nothing_acknowledged_is_lost_whatever_part_of_the_cluster_fails() {
    let has_stores = Topology::given().has_stores();
    let faults: Vec<Fault> =
        EACH.into_iter().filter(|fault| has_stores || !matches!(fault, StoreKilled | StoresKilled)).collect();
    vote_through(&faults, "parts of a cluster failing: each acknowledged ballot is in the log once, no answer is 500")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "scripts/failover runs it, for half an hour and longer"]
async fn failovers() {
    let count = std::env::var("SHUDU_FAILOVERS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let faults: Vec<Fault> = CIRCLE.into_iter().cycle().take(count).collect();
    vote_through(&faults, "failovers: each acknowledged ballot is in the log once, no answer is 500").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn two_nodes_begin_at_once_on_empty_databases() {
    let pair = Pair::on_empty_databases(&Topology::given()).await;
    for server in pair.servers() {
        let answer = client().get(format!("{}/readyz", server.address)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
