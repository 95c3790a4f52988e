//! A rush of readers: many readers are refused, and every ballot is accepted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use testing::proof::{conclude, size};

use super::listening::Site;

#[tokio::test(flavor = "multi_thread")]
async fn ballots_are_accepted_while_reads_and_exports_are_shed() {
    let site =
        Site::new(|edge| *edge = edge.clone().limit("off").unwrap().place("voting=256 reading=2 exports=1").unwrap())
            .await;
    let stop = Arc::new(AtomicBool::new(false));
    let counts = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0)]);
    let mut readers = Vec::new();
    for reader in 0..size(24, 200) {
        let (stop, counts) = (Arc::clone(&stop), Arc::clone(&counts));
        let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        let path =
            ["/dashboard.csv", "/api/v1/dashboard", "/api/v1/assignments", "/api/v1/campaigns/t1/tally"][reader % 4];
        let url = site.url(path);
        readers.push(tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let status = client.get(&url).send().await.map_or(0, |answer| {
                    assert!(answer.status() != 503 || answer.headers().contains_key("retry-after"));
                    answer.status().as_u16()
                });
                counts[match status {
                    503 => 1,
                    200..=499 => 0,
                    _ => 2,
                }]
                .fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
    let mut failures = Vec::new();
    let ballots = size(100, 2_000);
    for n in 0..ballots {
        let status = site.votes(&client).await;
        if status != 201 {
            failures.push(format!("ballot {n}: {status}"));
        }
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
    let [read, shed, broken] = [0, 1, 2].map(|n: usize| counts[n].load(Ordering::Relaxed));
    assert!(shed > 0 && read > 0, "{read} read, {shed} shed");
    assert_eq!(broken, 0);
    conclude("ballots are accepted while reads and exports are shed", ballots, &failures);
}
