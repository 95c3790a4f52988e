//! One person gives one real-name ballot, however the identity number is written.

use std::collections::HashSet;

use sea_orm::{EntityTrait, PaginatorTrait};
use shudu::pass::resident::{Resident, check_character};
use tokio::task::JoinSet;

use super::voting;

/// An invented identity number with a valid check character.
pub fn number(n: usize) -> String {
    let (year, month, day) = (1940 + n % 60, 1 + n / 60 % 12, 1 + n / 720 % 28);
    let digits = format!("320106{year:04}{month:02}{day:02}{:03}", n / 20_160 % 999 + 1);
    let check = check_character(digits.as_bytes()).unwrap() as char;
    format!("{digits}{check}")
}

/// Ways in which people write an identity number.
fn spellings(number: &str) -> Vec<String> {
    let wide =
        |text: &str| -> String { text.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect() };
    vec![
        number.to_owned(),
        number.to_lowercase(),
        format!(" {} {} {} ", &number[..6], &number[6..14], &number[14..]),
        format!("{}-{}-{}", &number[..6], &number[6..14], &number[14..]),
        wide(number),
        wide(&number.to_lowercase()),
    ]
}

#[tokio::test]
async fn a_number_that_nobody_has_is_refused_in_words() {
    let (app, _) = voting::open().await;
    for (number, zh, en) in [
        ("110105491231002", "15位的老号码从2013年起已经停用", "void since 2013"),
        ("110000194912310022", "身份证号不对", "identity number is not right"),
        ("110105194912310003", "身份证号不对", "identity number is not right"),
    ] {
        for (who, sentence) in [(app.nobody(), zh), (app.nobody().in_english(), en)] {
            let refused = voting::person_pass(&who, "王芳", number).await.expect(422);
            assert!(refused.text().contains(sentence), "{number}: {}", refused.text());
        }
    }
    assert_eq!(entered(&app).await, 0);
}

#[tokio::test]
async fn every_spelling_of_a_number_gives_the_same_pass_over_http() {
    const PEOPLE: usize = 30;
    let (app, _) = voting::open().await;
    let mut asked = JoinSet::new();
    let mut sent = 0;
    for n in 0..PEOPLE {
        for (spelling, text) in spellings(&number(n * 37)).into_iter().enumerate() {
            let program = app.nobody();
            sent += 1;
            // The name makes no difference.
            let name = format!("王芳{spelling}");
            asked.spawn(async move {
                let answer = voting::person_pass(&program, &name, &text).await.expect(200);
                (n, answer.json()["pass"].as_str().unwrap().to_owned())
            });
        }
    }
    let given: HashSet<(usize, String)> = asked.join_all().await.into_iter().collect();
    assert!(sent > PEOPLE * 5);
    assert_eq!(given.len(), PEOPLE, "one pass each");
    let passes: HashSet<&String> = given.iter().map(|(_, pass)| pass).collect();
    assert_eq!(passes.len(), PEOPLE, "no two people share one");
    assert_eq!(entered(&app).await, PEOPLE as u64);
}

#[tokio::test]
async fn ten_thousand_people_in_several_spellings_have_ten_thousand_passes() {
    const PEOPLE: usize = 10_000;
    let (app, _) = voting::open().await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let now = app.clock.now();
    let today = shudu::base::clock::day_of(now);
    let mut asked = JoinSet::new();
    for turn in 0..2 {
        for n in 0..PEOPLE {
            let spellings = spellings(&number(n));
            let text = &spellings[(n + turn * 2) % spellings.len()];
            let resident = Resident::parse(text, today).unwrap();
            let (issuing, paper) = (app.app.passes.issuing.clone(), paper.clone());
            asked.spawn(async move {
                // The queue is bounded, so a refused request is repeated.
                loop {
                    match issuing.real_name(&paper, &resident.clone().into(), now).await {
                        Ok(pass) => return (n, pass.serial),
                        Err(shudu::base::error::Error::Busy { .. }) => tokio::task::yield_now().await,
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    }
    let given: HashSet<(usize, [u8; 32])> = asked.join_all().await.into_iter().collect();
    assert_eq!(given.len(), PEOPLE);
    let serials: HashSet<&[u8; 32]> = given.iter().map(|(_, serial)| serial).collect();
    assert_eq!(serials.len(), PEOPLE);
    assert_eq!(entered(&app).await, PEOPLE as u64);
}

#[tokio::test]
async fn another_day_gives_the_same_pass_and_another_campaign_another() {
    use testing::given;
    let (app, people) = voting::open().await;
    let program = app.nobody();
    let pass = async || {
        voting::person_pass(&program, "王芳", voting::NUMBER).await.expect(200).json()["pass"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = pass().await;
    app.clock.advance(chrono::TimeDelta::days(2));
    assert_eq!(pass().await, first);
    app.clock.advance(chrono::TimeDelta::days(-7));
    given::published(&app, &people, "t2", |_| ()).await;
    app.clock.advance(chrono::TimeDelta::days(6));
    let asked = serde_json::json!({ "track": "real_name", "name": "王芳", "number": voting::NUMBER });
    let other = program.post_json("/api/v1/campaigns/t2/passes", &asked).await;
    assert_ne!(other.expect(200).json()["pass"], first);
    assert_eq!(entered(&app).await, 2);
}

#[tokio::test]
async fn a_pass_key_that_was_lost_is_brought_back_and_never_made_anew() {
    use entity::pass_key;
    use sea_orm::IntoActiveModel;
    use shudu::ballot::consistency::check;
    use shudu::base::keys::Key;
    use shudu::pass::pass_keys::PassKeys;
    let (app, people) = voting::open().await;
    let program = app.nobody();
    voting::person_pass(&program, "王芳", voting::NUMBER).await.expect(200);
    let product = &app.app;
    let db = product.stores.main.db();
    let kept = pass_key::Entity::find_by_id("t1").one(db).await.unwrap().unwrap();
    let paper = product.passes.papers.get("t1").await.unwrap();
    // The view of another process, which has not read the key yet.
    let asked = async || PassKeys::of(product.stores.main.clone(), &product.keys).key(&paper).await;
    let start = async || check(&product.ballots, app.clock.now()).await;
    let put = async |sealed: &str| {
        pass_key::Entity::delete_by_id("t1").exec(db).await.unwrap();
        let row = pass_key::Model { campaign: "t1".to_owned(), sealed: sealed.to_owned() };
        pass_key::Entity::insert(row.into_active_model()).exec_without_returning(db).await.unwrap();
    };
    start().await.unwrap();
    pass_key::Entity::delete_by_id("t1").exec(db).await.unwrap();
    assert!(start().await.unwrap_err().to_string().contains("the pass key of t1 is missing"));
    asked().await.unwrap_err();
    assert!(!product.passes.issuing.pass_keys.has("t1").await.unwrap());
    let other = Key::ephemeral().unwrap().to_text();
    put(&product.keys.site.seal("pass_key/t1", other.as_bytes()).unwrap()).await;
    assert!(start().await.unwrap_err().to_string().contains("is another one"));
    asked().await.unwrap_err();
    put(&kept.sealed).await;
    start().await.unwrap();
    asked().await.unwrap();
    // After the close the key is not needed, and the count destroys it.
    app.clock.set(testing::app::noon("2018-04-09"));
    pass_key::Entity::delete_by_id("t1").exec(db).await.unwrap();
    start().await.unwrap();
    put(&kept.sealed).await;
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    assert!(!product.passes.issuing.pass_keys.has("t1").await.unwrap());
    start().await.unwrap();
}

async fn entered(app: &testing::TestApp) -> u64 {
    entity::register::nullifier::Entity::find().count(app.app.stores.register.db()).await.unwrap()
}
