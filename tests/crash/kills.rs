//! Servers killed with `kill -9` at random moments.

use super::crashes::crash_and_reconcile;
use super::site::Site;
use testing::process_databases;
use testing::proof::{conclude, full, size};

/// Number of kills of one site before its account is closed.
const A_SITE: usize = 100;
/// Number of passes for each kill: more than the load spends.
const PASSES: usize = 400;

async fn kills(claim: &str, server: Option<&str>, n: usize) {
    let (mut failures, mut left) = (Vec::new(), n);
    while left > 0 {
        let here = left.min(A_SITE);
        left -= here;
        let urls = match server {
            Some(server) => Some(process_databases::fresh(server).await),
            None => None,
        };
        let mut site = Site::new(urls.clone(), here * PASSES).await;
        site.set("SHUDU_SEAL_AT", if full() { 60 } else { 20 });
        let (wrong, seen) = crash_and_reconcile(&mut site, None, here).await;
        println!("{} of {n} kills: {seen}", n - left);
        failures.extend(wrong);
        if let (Some(server), Some(urls)) = (server, urls) {
            process_databases::remove(server, &urls).await;
        }
    }
    conclude(claim, n, &failures);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_counted_twice() {
    kills("kill -9 under load, SQLite: no acknowledged ballot lost, none counted twice", None, size(20, 3000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgresql_either() {
    let Some(server) = process_databases::given() else {
        return println!("left out: TEST_DATABASE_URL is not set");
    };
    let claim = "kill -9 under load, PostgreSQL: no acknowledged ballot lost, none counted twice";
    kills(claim, Some(&server), size(20, 500)).await;
}
