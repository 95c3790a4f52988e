//! One person is one nullifier, however the number is written. The answer time does not show whether the person already has a
//! pass.

use std::collections::HashSet;
use std::time::Instant;

use futures_util::future::join_all;
use shudu::demo::prng::Prng;
use shudu::pass::person::Person;
use shudu::pass::resident::{Resident, check_character};

use testing::proof::{Proof, figure, full, size};
use testing::{TestApp, given};

/// Identity number of the n-th person, unique to the person. Every kind of prefix that is given out occurs.
fn number(n: usize) -> String {
    const PREFIXES: [&str; 8] = ["110105", "320106", "650102", "710000", "810000", "820000", "830000", "911124"];
    let (prefix, n) = (PREFIXES[n % PREFIXES.len()], n / PREFIXES.len());
    let (order, n) = (n % 999 + 1, n / 999);
    let digits = format!("{prefix}{}{:02}{:02}{order:03}", 1931 + n % 70, 1 + n / 70 % 12, 1 + n / 840 % 28);
    let check = char::from(check_character(digits.as_bytes()).unwrap());
    format!("{digits}{check}")
}

fn wide(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect()
}

/// Twelve ways in which people and machines write an identity number.
fn spellings(number: &str) -> [String; 12] {
    let (county, born, rest) = (&number[..6], &number[6..14], &number[14..]);
    let lower = number.to_lowercase();
    [
        number.to_owned(),
        lower.clone(),
        wide(number),
        wide(&lower),
        format!(" {county} {born} {rest} "),
        format!("{county}-{born}-{rest}"),
        format!("{county}\u{3000}{born}\u{a0}{rest}"),
        format!("{}{}{}", wide(county), born, wide(rest)),
        format!("{number}\n"),
        format!("\t{lower}"),
        format!("{county} - {born} - {rest}"),
        format!("{}-{}-{}", wide(county), wide(born), wide(&rest.to_lowercase())),
    ]
}

#[tokio::test]
async fn a_number_in_twelve_spellings_is_one_nullifier_and_no_two_numbers_share_one() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let today = "2018-04-06".parse().unwrap();
    let proof = Proof::of("a number in twelve spellings is one nullifier, which no other number has");
    let mut seen = HashSet::new();
    for n in 0..size(2_000, 500_000) {
        let plain = number(n);
        let mut own = HashSet::new();
        for spelling in spellings(&plain) {
            let person = Resident::parse(&spelling, today).map(Person::from);
            own.insert(person.map(|person| paper.nullifier(&person)));
        }
        let one = own.len() == 1 && !own.contains(&None);
        let new = own.into_iter().flatten().all(|nullifier| seen.insert(nullifier));
        proof.trial(one && new, || format!("{plain}: one nullifier: {one}, new: {new}"));
    }
    proof.end();
}

/// Mean of samples, and variance of the mean.
fn moments(samples: &[f64]) -> (f64, f64) {
    let n = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / n;
    let variance = samples.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, variance / n)
}

/// Welch's t statistic: the distance of two means in standard errors.
fn welch(one: &[f64], other: &[f64]) -> f64 {
    let ((mean, error), (other_mean, other_error)) = (moments(one), moments(other));
    (mean - other_mean) / (error + other_error).sqrt()
}

/// Timing side channel: an onlooker measures the answer times of new people and of people with a pass, in random order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn timing_does_not_tell_who_has_a_pass() {
    /// Value of t from which the two classes count as distinguishable.
    const LIMIT: f64 = 4.5;
    const AT_ONCE: usize = 100;
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let (today, now) = ("2018-04-06".parse().unwrap(), app.clock.now());
    let person = |n| Person::from(Resident::parse(&number(n), today).unwrap());
    let samples = size(500, 100_000);

    let mut chance = Prng::of(&["timing"]);
    let mut known = 200;
    for n in 0..known {
        app.app.passes.issuing.real_name(&paper, &person(n), now).await.unwrap();
    }
    let mut times = [Vec::new(), Vec::new()];
    while times.iter().any(|class| class.len() < samples) {
        let before = known;
        let asked = (0..AT_ONCE).map(|_| {
            let is_known = chance.below(2) == 1;
            let n = if is_known { chance.below(before) } else { known };
            known += usize::from(!is_known);
            (is_known, person(n))
        });
        let asked: Vec<(bool, Person)> = asked.collect();
        let answered = asked.iter().map(async |(is_known, who)| {
            let began = Instant::now();
            app.app.passes.issuing.real_name_unhurried(&paper, who, now).await.unwrap();
            (*is_known, began.elapsed().as_secs_f64() * 1e6)
        });
        for (is_known, time) in join_all(answered).await {
            let class = &mut times[usize::from(is_known)];
            if class.len() < samples {
                class.push(time);
            }
        }
    }
    // Pauses of the machine would hide a difference, so the slowest hundredth is left out, with one bound for both classes.
    let mut all: Vec<f64> = times.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let bound = all[all.len() * 99 / 100];
    let [new, old] = times.map(|class| class.into_iter().filter(|time| *time <= bound).collect::<Vec<f64>>());
    let t = welch(&new, &old);
    if full() {
        let (new, old) = (moments(&new).0, moments(&old).0);
        figure(&format!("time to a pass, {samples} each: new {new:.1} µs, known {old:.1} µs, Welch t = {t:.2}"));
    }
    let proof =
        Proof::of("the time to a real-name pass does not tell whether there is one already (Welch t within 4.5)");
    proof.held(2 * samples as u64);
    if t.abs() >= LIMIT {
        proof.fail(format!("t = {t:.2}"));
    }
    proof.end();
}
