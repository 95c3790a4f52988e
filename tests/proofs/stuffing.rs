//! Stuffing the anonymous track: the daily caps hold, and the cost of the puzzle is measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use shudu::app::App;
use shudu::base::ctx::Ctx;
use shudu::base::error::{Error, Result};
use shudu::config::Config;
use shudu::pass::puzzle::{is_solved, solve};
use tokio::task::JoinSet;

use testing::proof::{Proof, figure, full, size};
use testing::{TestApp, given};

/// Number of parallel workers of an attacker: the number of cores of the smallest machine for the product.
const WORKERS: u32 = 2;
/// Duration of each measured attack.
const ATTACK: Duration = Duration::from_secs(60);

async fn voting(day_cap: i32, change: impl FnOnce(&mut Config)) -> TestApp {
    let app = TestApp::with_config(change).await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |draft| draft.day_cap = day_cap).await;
    app.clock.set(testing::app::noon("2018-04-06"));
    app
}

/// Obtains one pass by solving a puzzle, from a network. The puzzle is solved outside the threads that answer requests.
async fn pass(app: &Arc<App>, peer: &str) -> Result<()> {
    let ctx = Ctx::nobody(&app.clock);
    let given = shudu::pass::flows::puzzle(&app.passes, &ctx, "t1", peer).await?;
    let (challenge, target) = (given.text.clone(), given.target);
    let solution = tokio::task::spawn_blocking(move || solve(&challenge, target)).await.unwrap();
    shudu::pass::flows::anonymous_pass(&app.passes, &ctx, "t1", (&given.text, &solution), peer).await.map(drop)
}

/// The /64 in a routed /48 that an attacker uses for the n-th pass; `every` passes share one /64.
fn household(n: u32, every: u32) -> String {
    format!("2001:db8:7:{:x}::/64", n / every)
}

/// Lets attackers take as many passes as possible, until none is left or a time is over. Returns the number of passes.
async fn attack(app: &TestApp, until: Option<Instant>, peer: impl Fn(u32) -> String + Copy + Send + 'static) -> u32 {
    let (next, given) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut hands = JoinSet::new();
    for _ in 0..WORKERS {
        let (app, next, given) = (Arc::clone(&app.app), Arc::clone(&next), Arc::clone(&given));
        hands.spawn(async move {
            while until.is_none_or(|until| Instant::now() < until) {
                match pass(&app, &peer(next.fetch_add(1, Ordering::Relaxed))).await {
                    Ok(()) => given.fetch_add(1, Ordering::Relaxed),
                    Err(Error::UsedUp { .. }) => break,
                    Err(error) => panic!("{error}"),
                };
            }
        });
    }
    hands.join_all().await;
    given.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuffing_ends_at_the_caps_of_a_day() {
    let cap = size(40, 500);
    let app = voting(cap, |config| config.pass_bits = 0).await;
    let cap = cap.unsigned_abs();
    let proof = Proof::of("whoever stuffs gets the day's cap of an address, ten times that of a /48, and not one more");
    let expect = |what: &str, given: u32, cap: u32| {
        proof.held(u64::from(given));
        proof.trial(given == cap, || format!("{what}: {given} of {cap}"));
    };
    expect("address", attack(&app, None, |_| "192.0.2.1".to_owned()).await, cap);
    // Each household takes only ten passes, so that the cap of the network ends the attack before any household's cap.
    expect("/48", attack(&app, None, |n| household(n, 10)).await, 10 * cap);
    proof.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuffing_with_hoarded_challenges_gains_nothing() {
    let app = voting(500, |config| config.pass_bits = 0).await;
    let ctx = Ctx::nobody(&app.app.clock);
    let proof = Proof::of("of challenges that one address hoards each asks for at least the work of the one before");
    let mut before = u32::MAX;
    for _ in 0..size(1_000, 50_000) {
        let given = shudu::pass::flows::puzzle(&app.app.passes, &ctx, "t1", "192.0.2.1").await.unwrap();
        proof.trial(given.target <= before, || format!("{} after {before}", given.target));
        before = given.target;
    }
    proof.end();
}

/// Measures the passes that attacks get in a minute, and the cost of checking. No requirement is placed on the figures.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stuffing_is_measured() {
    if !full() {
        return;
    }
    let usual = || voting(500, |config| config.pass_bits = 10);
    let from_one = attack(&usual().await, Some(Instant::now() + ATTACK), |_| "192.0.2.1".to_owned()).await;
    figure(&format!("passes that one address stuffs in the first minute, two cores: {from_one}"));
    let from_many = attack(&usual().await, Some(Instant::now() + ATTACK), |n| household(n, 1)).await;
    figure(&format!("passes that a /48 stuffs alone in the first minute, a new /64 each, two cores: {from_many}"));

    let app = usual().await;
    let ctx = Ctx::nobody(&app.app.clock);
    let (mut worked, mut checked) = (Duration::ZERO, Duration::ZERO);
    const MEASURED: u32 = 200;
    for n in 0..MEASURED {
        let given = shudu::pass::flows::puzzle(&app.app.passes, &ctx, "t1", &format!("10.{n}.0.1")).await.unwrap();
        let begun = Instant::now();
        let solution = solve(&given.text, given.target);
        worked += begun.elapsed();
        let begun = Instant::now();
        assert!(is_solved(&given.text, &solution, given.target));
        checked += begun.elapsed();
    }
    let [work, check] = [worked, checked].map(|time| time.as_secs_f64() * 1e6 / f64::from(MEASURED));
    figure(&format!("native work of a pass at the base level, one core (ring): {:.1} ms", work / 1e3));
    figure(&format!("check of a right solution by the site: {check:.0} µs"));
}
