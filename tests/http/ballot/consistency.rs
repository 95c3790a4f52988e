//! Stores that were lost, emptied or restored from an old copy beside newer stores. Nobody votes twice, and the start refuses and
//! names the store.

use entity::ballots::ballot_paper;
use entity::register::nullifier;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::Value;
use shudu::ballot::consistency;
use shudu::base::key_fingerprints;
use shudu::pass::paper::FORMAT;

use super::voting;
use testing::app::noon;
use testing::given::{self, Organisation};
use testing::{Person, TestApp};

async fn person(who: &Person) -> String {
    let answer = voting::person_pass(who, "王芳", voting::NUMBER).await.expect(200).json();
    answer["pass"].as_str().unwrap().to_owned()
}

/// Checks that a start of the same site would make.
async fn start(app: &TestApp) -> Result<(), String> {
    key_fingerprints::open(&app.app.config.data, &app.app.stores).await.map_err(|e| e.to_string())?;
    consistency::check(&app.app.ballots, app.clock.now()).await.map_err(|e| e.to_string())
}

async fn run(db: &sea_orm::DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

async fn count(people: &Organisation) -> testing::Answer {
    people.organiser.post_json("/api/v1/campaigns/t1/count", &Value::Null).await
}

#[tokio::test]
async fn an_emptied_register_gives_nobody_a_second_vote_and_is_noticed_at_start_and_at_the_count() {
    let (app, people) = voting::open().await;
    let citizen = app.nobody();
    let pass = person(&citizen).await;
    voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);
    start(&app).await.unwrap();
    run(app.app.stores.register.db(), "DELETE FROM nullifier").await;
    let refused = start(&app).await.unwrap_err();
    assert!(refused.contains("1 real-name ballots") && refused.contains("--lost-register t1"), "{refused}");
    app.clock.set(noon("2018-04-09"));
    let answer = count(&people).await.expect(409);
    assert_eq!(answer.code(), "tally.register");
    assert!(answer.text().contains("实名票有1张") && answer.text().contains("只有0人"), "{}", answer.text());
    // On another day, the same identity gets the same pass. The vote stands, and a second one is refused.
    app.clock.set(noon("2018-04-07"));
    assert_eq!(person(&citizen).await, pass);
    voting::cast(&citizen, &pass, &["T1-1"]).await.expect(200);
    let second = voting::cast(&citizen, &pass, &["T1-2"]).await.expect(409);
    assert_eq!(second.code(), "ballot.pass_used");
    // Everybody who voted has asked again, so the register holds enough people and the start succeeds.
    start(&app).await.unwrap();
}

#[tokio::test]
async fn a_register_that_was_lost_for_good_is_counted_without_where_the_operator_says_so() {
    let app = TestApp::with_config(|config| config.lost_registers = vec!["t1".to_owned()]).await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let citizen = app.nobody();
    let pass = person(&citizen).await;
    voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);
    run(app.app.stores.register.db(), "DELETE FROM nullifier").await;
    start(&app).await.unwrap();
    app.clock.set(noon("2018-04-09"));
    count(&people).await.expect(200);
}

#[tokio::test]
async fn a_store_that_is_new_beside_others_that_are_not_is_refused_by_name() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = person(&citizen).await;
    voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);
    let stores = &app.app.stores;
    for (name, db) in stores.connections() {
        let known = entity::store_key::Entity::find().all(db).await.unwrap();
        run(db, "DELETE FROM store_key").await;
        let refused = start(&app).await.unwrap_err();
        assert!(refused.contains(&format!("the {name} store is new beside others")), "{name}: {refused}");
        for row in known {
            let row = sea_orm::IntoActiveModel::into_active_model(row);
            entity::store_key::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
    }
    start(&app).await.unwrap();
}

#[tokio::test]
async fn an_older_main_or_ballots_store_beside_newer_ones_is_refused() {
    let (app, _) = voting::open().await;
    let stores = &app.app.stores;
    run(stores.main.db(), "UPDATE campaign SET slug = 'other' WHERE slug = 't1'").await;
    let refused = start(&app).await.unwrap_err();
    assert!(refused.contains("the main store was lost or is older than the others: t1"), "{refused}");
    run(stores.main.db(), "UPDATE campaign SET slug = 't1' WHERE slug = 'other'").await;
    start(&app).await.unwrap();
    run(stores.ballots.db(), "DELETE FROM ballot_paper").await;
    let refused = start(&app).await.unwrap_err();
    assert!(refused.contains("the ballots store was lost or is older than the others: t1"), "{refused}");
}

#[tokio::test]
async fn a_campaign_that_votes_on_an_older_format_is_refused_and_one_in_which_nobody_voted_is_taken_over() {
    let (app, _) = voting::open().await;
    let older = "UPDATE ballot_paper SET format = 1, pass_key = NULL";
    run(app.app.stores.ballots.db(), older).await;
    start(&app).await.unwrap();
    let paper = ballot_paper::Entity::find_by_id("t1").one(app.app.stores.ballots.db()).await.unwrap().unwrap();
    assert_eq!(paper.format, FORMAT);
    let pass_keys = app.app.passes.issuing.pass_keys.all().await.unwrap();
    assert_eq!(paper.pass_key, Some(pass_keys[0].1.fingerprint()));

    let citizen = app.nobody();
    let pass = person(&citizen).await;
    voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);
    run(app.app.stores.ballots.db(), older).await;
    let refused = start(&app).await.unwrap_err();
    assert!(refused.contains("votes on format 1") && refused.contains("start the version that began it"), "{refused}");
    // A paper of a later format is refused as well: people who hold a pass but have not voted would be given another pass.
    run(app.app.stores.ballots.db(), &format!("UPDATE ballot_paper SET format = {}", FORMAT + 1)).await;
    assert!(start(&app).await.unwrap_err().contains("of a later version"));
    // After the close nobody gets a pass any more, so the start succeeds and the campaign can be counted.
    run(app.app.stores.ballots.db(), older).await;
    app.clock.set(noon("2018-04-09"));
    start(&app).await.unwrap();
}

#[tokio::test]
async fn keys_are_never_made_beside_used_stores_and_a_foreign_log_key_is_refused() {
    let (app, _) = voting::open().await;
    let keys = app.app.config.data.join("keys");
    for name in ["site.key", "log.key"] {
        let file = keys.join(name);
        let own = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        assert!(start(&app).await.unwrap_err().contains(&format!("keys/{name} is missing")), "{name}");
        assert!(!file.exists(), "{name}");
        std::fs::write(&file, [7; 32]).unwrap();
        let refused = start(&app).await.unwrap_err();
        assert!(refused.contains(&format!("keys/{name} is another one")), "{refused}");
        std::fs::remove_file(&file).unwrap();
        std::fs::write(&file, own).unwrap();
    }
    // A site of an earlier version has no fingerprint of its log key. The start stores the fingerprint of the present key.
    for (_, db) in app.app.stores.connections() {
        run(db, "DELETE FROM store_key WHERE name = 'log'").await;
    }
    start(&app).await.unwrap();
    let known = entity::store_key::Entity::find_by_id("log").one(app.app.stores.main.db()).await.unwrap().unwrap();
    assert_eq!(known.fingerprint, app.app.keys.log.fingerprint());
}

#[tokio::test]
async fn a_pass_follows_from_the_identity_alone_and_tells_no_day() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let first = person(&citizen).await;
    run(app.app.stores.register.db(), "DELETE FROM nullifier").await;
    app.clock.set(noon("2018-04-08"));
    assert_eq!(person(&citizen).await, first);
    let row = nullifier::Entity::find().one(app.app.stores.register.db()).await.unwrap().unwrap();
    assert_eq!(row.issued_on, given::day("2018-04-08"));
}
