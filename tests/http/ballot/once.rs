//! One pass gives one ballot under any concurrency, and every count equals a recount of the ballots.

use entity::stored::Track;
use poem::http::StatusCode;
use shudu::ballot::queries::turnout;
use shudu::ballot_log::counts::counts;
use shudu::demo::prng::Prng;
use tokio::task::JoinSet;

use super::voting::{self, Form, receipt_of};
use testing::{Answer, given};

/// Number of concurrent presses of the button.
const AT_ONCE: usize = 50;

fn statuses(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|a| a.status.as_u16() == status).count()
}

#[tokio::test]
async fn fifty_times_the_same_ballot_at_once_is_one_ballot_and_one_receipt() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let pass = voting::pass(&program).await;
    let mut presses = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (program, pass) = (program.clone(), pass.clone());
        presses.spawn(async move { voting::cast(&program, &pass, &["T1-1", "T1-2"]).await });
    }
    let answers = presses.join_all().await;
    assert_eq!(statuses(&answers, 201), 1);
    assert_eq!(statuses(&answers, 200), AT_ONCE - 1);
    // Promises of one moment share a signature; everything else of the receipt is the same text.
    let receipt = |answer: &Answer| {
        let mut receipt = answer.json();
        assert!(receipt.as_object_mut().unwrap().remove("promise").is_some_and(|promise| promise.is_string()));
        receipt
    };
    assert!(answers.iter().all(|answer| receipt(answer) == receipt(&answers[0])));
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn fifty_different_ballots_of_one_pass_at_once_are_one_ballot() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let pass = voting::pass(&program).await;
    // Every set of one to three of the six options, for two provinces: more than fifty ballots.
    let mut sets: Vec<(String, Vec<String>)> = Vec::new();
    for place in ["320000", "330000"] {
        for bits in 1u32..64 {
            let set: Vec<String> = (0..6).filter(|n| bits >> n & 1 == 1).map(|n| format!("T1-{}", n + 1)).collect();
            if set.len() <= 3 {
                sets.push((place.to_owned(), set));
            }
        }
    }
    let mut presses = JoinSet::new();
    for (place, set) in sets.into_iter().take(AT_ONCE) {
        let (program, pass) = (program.clone(), pass.clone());
        presses.spawn(async move {
            let choices: Vec<&str> = set.iter().map(String::as_str).collect();
            voting::cast_from(&program, &pass, &place, &choices).await
        });
    }
    let answers = presses.join_all().await;
    assert_eq!(answers.len(), AT_ONCE);
    assert_eq!(statuses(&answers, 201), 1);
    assert_eq!(statuses(&answers, 409), AT_ONCE - 1);
    let refused = answers.iter().filter(|a| a.status == StatusCode::CONFLICT);
    assert!(refused.into_iter().all(|a| a.code() == "ballot.pass_used"));
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn fifty_presses_of_a_person_at_once_are_one_ballot_by_page_too() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-5"]).await.expect(200);
    let person = Form::of(&check, "cast").with("track", "real_name").send(&citizen).await.expect(200);
    let mut presses = JoinSet::new();
    for _ in 0..AT_ONCE {
        let citizen = citizen.clone();
        let form = Form::of(&person, "cast").with("name", "王芳").with("number", voting::NUMBER);
        presses.spawn(async move { form.send(&citizen).await });
    }
    let answers = presses.join_all().await;
    let first = receipt_of(&answers[0]);
    assert!(answers.iter().all(|a| receipt_of(a) == first));
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn fifty_presses_of_one_solution_at_once_are_one_pass() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let challenge = voting::challenge(&program).await;
    let nonce = shudu::pass::proof_of_work::solve(&challenge, 4);
    let asked = serde_json::json!({ "track": "anonymous", "challenge": challenge, "nonce": nonce });
    let mut presses = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (program, asked) = (program.clone(), asked.clone());
        presses.spawn(async move { voting::ask_pass(&program, &asked).await.expect(200).json() });
    }
    let answers = presses.join_all().await;
    assert!(answers.iter().all(|a| *a == answers[0]));
}

/// Ballots are cast at random: repeated, contradicted, refused or never sent. The box holds exactly the ballots that the answers
/// confirmed.
#[tokio::test]
async fn counts_are_what_the_answers_said_whatever_is_cast() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let mut chance = Prng::of(&["ballots by chance"]);
    let places = ["320000", "330500", "610000", "820000", "990000", ""];
    let mut passes: Vec<String> = Vec::new();
    let mut expected = std::collections::BTreeMap::new();
    for _ in 0..400 {
        if passes.is_empty() || chance.chance(60) {
            let pass = if chance.chance(70) {
                given::pass(&app, "t1").await
            } else {
                let number = super::person::number(chance.below(200));
                let today = shudu::base::clock::day_of(app.clock.now());
                let resident = shudu::pass::resident::Resident::parse(&number, today).unwrap();
                app.app.passes.issuing.real_name(&paper, &resident.into(), app.clock.now()).await.unwrap()
            };
            passes.push(pass.encode());
        }
        let pass = chance.pick(&passes).unwrap().clone();
        let place = *chance.pick(&places).unwrap();
        let choices: Vec<String> = (0..chance.below(5)).map(|_| format!("T1-{}", chance.below(7) + 1)).collect();
        let sent: Vec<&str> = choices.iter().map(String::as_str).collect();
        let answer = voting::cast_from(&program, &pass, place, &sent).await;
        match answer.status.as_u16() {
            201 => {
                let track: Track = answer.json()["track"].as_str().unwrap().parse().unwrap();
                let province = format!("{}0000", &place[..2]);
                for option in std::iter::once("").chain(sent) {
                    *expected.entry((option.to_owned(), province.clone(), track)).or_insert(0i64) += 1;
                }
            }
            200 | 409 | 422 => {}
            other => panic!("{other}: {}", answer.text()),
        }
    }
    let store = &app.app.stores.ballots;
    assert_eq!(counts(store, "t1").await.unwrap(), expected);
    let ballots = voting::ballots(&app).await;
    passes.sort();
    passes.dedup();
    assert!(ballots > 50, "{ballots}");
    assert!(ballots <= i64::try_from(passes.len()).unwrap());
    assert_eq!(turnout(store, "t1").await.unwrap().0, ballots);
}
