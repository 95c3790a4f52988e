//! Two nodes on a PostgreSQL cluster of three, kept by Patroni, while parts of it fail.
//!
//! `scripts/cluster` runs the topology of `deploy/` on this machine, and `scripts/test` names its folder in `TEST_CLUSTER`. Voters cast
//! ballots at both nodes all the time. Afterwards every acknowledged ballot is in the log exactly once, and nobody was answered with an
//! internal error.

mod nodes;
mod topology;

use std::time::Duration;

use testing::proof::Proof;

use self::nodes::Pair;
use self::topology::Topology;
use crate::crash::load::Voting;
use crate::crash::reconciliation::{look_up_every_receipt, mirror, reconcile};

/// Time between two ballots of a connection.
const PAUSE: Duration = Duration::from_millis(200);
/// Number of passes for one run, which votes for some minutes at most.
const PASSES: usize = 40_000;
/// Time for which a part is frozen: longer than every lease.
const FROZEN: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn nothing_acknowledged_is_lost_whatever_part_of_the_cluster_fails() {
    let topology = Topology::given();
    let mut pair = Pair::on(&topology, PASSES).await;
    let voting = Voting::with(std::mem::take(&mut pair.site.passes));
    let proof =
        Proof::of("ballots acknowledged while parts of a cluster fail are in the log once, and no answer is 500");
    pair.start();
    let loads = pair.addresses().map(|address| voting.begin(&address, PAUSE));
    let resumed = async |what: &str| nodes::resumed(&voting, what).await;

    let old = topology.run(&["kill", "pg", "primary"]);
    resumed("primary killed").await;
    topology.run(&["start", "pg", &old]);
    topology.complete();

    let old = topology.run(&["freeze", "pg", "primary"]);
    resumed("primary frozen").await;
    tokio::time::sleep(FROZEN).await;
    topology.run(&["thaw", "pg", &old]);
    resumed("primary thawed").await;
    topology.complete();

    topology.run(&["switch"]);
    resumed("switchover").await;

    for etcd in ["1", "2"] {
        topology.run(&["kill", "etcd", etcd]);
    }
    resumed("etcd without its majority").await;
    for etcd in ["1", "2"] {
        topology.run(&["start", "etcd", etcd]);
    }

    let [first, second] = [pair.kill(0), 1];
    resumed(&format!("node {first} killed")).await;
    pair.start();
    pair.freeze(second, FROZEN).await;
    resumed(&format!("node {second} frozen and thawed")).await;

    for load in loads {
        load.stop().await;
    }
    for server in pair.servers() {
        look_up_every_receipt(server, &voting).await;
    }
    pair.stop();
    reconcile(&pair.site, &voting).await;
    pair.pass_the_close();
    pair.start();
    let [one, other] = pair.servers();
    let (one, other) = (mirror(one).await, mirror(other).await);
    assert_eq!(nodes::files(one.path()), nodes::files(other.path()), "both nodes serve the same log");
    pair.stop();

    let ledger = voting.ledger.lock().unwrap();
    proof.held(ledger.acknowledged() as u64);
    ledger.failures.iter().for_each(|failure| proof.fail(failure.clone()));
    println!("{:?}", ledger.answers);
    drop(ledger);
    proof.end();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a cluster: scripts/cluster up"]
async fn two_nodes_begin_at_once_on_empty_databases() {
    let topology = Topology::given();
    let pair = Pair::on_empty_databases(&topology).await;
    for server in pair.servers() {
        let answer = crate::crash::load::client().get(format!("{}/readyz", server.address)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
