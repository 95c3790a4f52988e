//! Race conditions on the same right: one identity has one pass, and one pass has one ballot.

use std::collections::HashSet;
use std::sync::Mutex;

use entity::stored::Track;
use futures_util::{StreamExt, stream};
use sea_orm::{EntityTrait, PaginatorTrait};
use shudu::ballot::ballot_box::Cast;
use shudu::ballot_log::counts::{counts, recount};
use shudu::base::error::Error;
use shudu::demo::prng::Prng;
use shudu::pass::resident::Resident;
use shudu::pass::seal::Pass;

use testing::proof::{Proof, size};
use testing::{TestApp, given};

/// Number of attempts under way at a time: fewer than the queue of the writer holds, so that none is refused.
const AT_ONCE: usize = 4096;
/// Number of attempts on each identity and each pass.
const ATTEMPTS: usize = 50;

/// The resident with a number, parsed from one of four spellings.
fn resident(number: usize, spelling: usize) -> Resident {
    let plain = given::identity_number(number);
    let written = match spelling % 4 {
        0 => plain,
        1 => plain.to_lowercase(),
        2 => plain.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect(),
        _ => format!(" {} {} {} ", &plain[..6], &plain[6..14], &plain[14..]),
    };
    Resident::parse(&written, "2018-04-06".parse().unwrap()).unwrap()
}

/// Every index, repeated [`ATTEMPTS`] times, in random order.
fn crowd(of: usize) -> Vec<usize> {
    let mut crowd: Vec<usize> = (0..of * ATTEMPTS).map(|n| n % of).collect();
    // Repetitions of one index stay near each other, so that they are under way at the same time.
    for chunk in crowd.chunks_mut(AT_ONCE) {
        Prng::of(&["crowd"]).shuffle(chunk);
        chunk.sort_by_key(|n| n / 64);
    }
    crowd
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_identity_has_one_pass_and_one_pass_has_one_ballot() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let voters = size(200, 10_000);

    let proof = Proof::of("one identity asked for by 50 at once, in four spellings, has exactly one pass");
    let passes: Vec<Mutex<Option<Pass>>> = (0..voters).map(|_| Mutex::default()).collect();
    stream::iter(crowd(voters).into_iter().enumerate())
        .for_each_concurrent(AT_ONCE, |(attempt, voter)| {
            let (app, paper, passes, proof) = (&app, &paper, &passes, &proof);
            async move {
                let pass = app
                    .app
                    .passes
                    .issuing
                    .real_name(paper, &resident(voter, attempt).into(), app.clock.now())
                    .await
                    .unwrap();
                let mut first = passes[voter].lock().unwrap();
                let same = first.as_ref().is_none_or(|first| *first == pass);
                proof.trial(same, || format!("voter {voter} has two passes"));
                first.get_or_insert(pass);
            }
        })
        .await;
    let passes: Vec<Pass> = passes.into_iter().map(|pass| pass.into_inner().unwrap().unwrap()).collect();
    let distinct: HashSet<[u8; 32]> = passes.iter().map(|pass| pass.serial).collect();
    let rows = entity::register::nullifier::Entity::find().count(app.app.stores.register.db()).await.unwrap();
    if (distinct.len(), rows) != (voters, voters as u64) {
        proof.fail(format!("{voters} identities, {} passes, {rows} rows", distinct.len()));
    }
    proof.end();

    let proof = Proof::of("one pass tried by 50 at once, with ballots that differ, is spent exactly once");
    let standing: Vec<Mutex<HashSet<[u8; 32]>>> = passes.iter().map(|_| Mutex::default()).collect();
    stream::iter(crowd(voters).into_iter().enumerate())
        .for_each_concurrent(AT_ONCE, |(attempt, voter)| {
            let (app, paper, pass, standing, proof) = (&app, &paper, &passes[voter], &standing[voter], &proof);
            async move {
                let choices: Vec<String> = [format!("T1-{}", 1 + attempt % 6)].to_vec();
                let ballot = paper.check(pass, "320000", &choices).unwrap();
                let leaf = ballot.leaf;
                let outcome = app.app.ballots.ballot_box.cast(ballot).await.map(|counted| counted.cast);
                let right = match &outcome {
                    Ok(Cast::New) => standing.lock().unwrap().insert(leaf),
                    Ok(Cast::Again) => true,
                    Err(Error::Conflict(refusal)) => refusal.code == "ballot.pass_used",
                    Err(_) => false,
                };
                proof.trial(right, || format!("voter {voter}: {outcome:?}"));
            }
        })
        .await;
    let wrong = standing.iter().filter(|new| new.lock().unwrap().len() != 1).count();
    if wrong > 0 {
        proof.fail(format!("{wrong} passes were taken other than once"));
    }
    let store = &app.app.stores.ballots;
    let (kept, recounted) = (counts(store, "t1").await.unwrap(), recount(store, "t1", |_| ()).await.unwrap());
    let ballots = recounted.get(&(String::new(), "320000".to_owned(), Track::RealName)).copied();
    if kept != recounted || ballots != Some(i64::try_from(voters).unwrap()) {
        proof.fail(format!("{voters} passes, {ballots:?} ballots"));
    }
    proof.end();
}
