//! The API calls of a program that votes.

use serde_json::{Value, json};
use shudu::pass::level::{BASE, target};
use shudu::pass::proof_of_work::solve;

use super::voting::{self, NUMBER};
use testing::{Answer, TestApp, given};

#[tokio::test]
async fn a_program_gets_a_challenge_a_pass_and_a_receipt() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let asked = program.post_json("/api/v1/campaigns/t1/challenges", &Value::Null).await.expect(200).json();
    assert_eq!(asked["target"], target(4, BASE));
    assert_eq!((&asked["iterations"], &asked["answers"]), (&json!(32), &json!(6)));
    let system = app.clock.system();
    let expires: chrono::DateTime<chrono::Utc> = asked["expires"].as_str().unwrap().parse().unwrap();
    assert_eq!(expires - system, chrono::TimeDelta::hours(2));
    let pass = voting::pass(&program).await;
    let answer = voting::cast(&program, &pass, &["T1-3", "T1-1"]).await.expect(201);
    let first = answer.json();
    // The promised deadline is 24 hours after the close.
    insta::assert_json_snapshot!(first, { ".receipt" => "[receipt]", ".leaf_hash" => "[leaf hash]", ".promise" => "[promise]" }, @r#"
        {
          "campaign": "t1",
          "include_before": "2018-04-09T16:00:00+00:00",
          "leaf_hash": "[leaf hash]",
          "promise": "[promise]",
          "receipt": "[receipt]",
          "status": "in_box",
          "track": "anonymous"
        }
        "#);
    // The same ballot again, with the choices in another order and another city of the province.
    let again = voting::cast_from(&program, &pass, "320500", &["T1-1", "T1-3"]).await;
    let mut second = again.expect(200).json();
    // The promise is another text, because it was signed together with others.
    second["promise"] = first["promise"].clone();
    assert_eq!(second, first);
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn the_same_solution_gives_the_same_pass_and_another_one_another() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let challenge = voting::challenge(&program).await;
    let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": solve(&challenge, 4) });
    let first = voting::ask_pass(&program, &asked).await.expect(200).json();
    let second = voting::ask_pass(&program, &asked).await.expect(200).json();
    assert_eq!(first, second);
    assert_ne!(first["pass"], voting::pass(&program).await);
}

#[tokio::test]
async fn work_that_was_not_done_is_refused() {
    let (app, people) = voting::open().await;
    app.clock.set(testing::app::noon("2018-04-01"));
    given::published(&app, &people, "t2", |_| ()).await;
    app.clock.set(testing::app::noon("2018-04-06"));
    for (program, sentence) in [(app.nobody(), "防刷票计算没有完成"), (app.nobody().in_english(), "was not completed")]
    {
        let challenge = voting::challenge(&program).await;
        let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": "0,1,2,3,4,5" });
        let refused = voting::ask_pass(&program, &asked).await.expect(409);
        assert_eq!(refused.code(), "pass.work");
        assert!(refused.text().contains(sentence));

        let right = solve(&challenge, 4);
        let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": right });
        let foreign = program.post_json("/api/v1/campaigns/t2/passes", &asked).await;
        assert_eq!(foreign.expect(409).code(), "pass.challenge");
        for nothing in ["", "AAAA", "题"] {
            let asked = json!({ "track": "anonymous", "challenge": nothing, "nonce": right });
            let refused = voting::ask_pass(&program, &asked).await.expect(409);
            assert_eq!(refused.code(), "pass.challenge");
        }
    }
}

#[tokio::test]
async fn a_challenge_runs_out_after_two_hours_of_system_time() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let challenge = voting::challenge(&program).await;
    let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": solve(&challenge, 4) });
    app.clock.wait(chrono::TimeDelta::minutes(119));
    voting::ask_pass(&program, &asked).await.expect(200);
    app.clock.wait(chrono::TimeDelta::minutes(1));
    let late = voting::ask_pass(&program, &asked).await.expect(409);
    assert_eq!(late.code(), "pass.challenge");
}

#[tokio::test]
async fn a_request_of_the_wrong_form_is_refused_before_anything_is_done() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let named = |answer: &Answer| {
        let problem = answer.json();
        let error = &problem["errors"][0];
        assert!(!error["title"].as_str().unwrap().is_empty(), "{problem}");
        (error["field"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
    };
    for (asked, field, code) in [
        (json!({}), "track", "missing"),
        (json!({ "track": "assisted" }), "track", "malformed"),
        (json!({ "track": "anonymous", "challenge": [] }), "challenge", "malformed"),
        (json!({ "track": "anonymous", "weight": 2 }), "weight", "unknown_member"),
        (json!([]), "request", "malformed"),
    ] {
        let refused = voting::ask_pass(&program, &asked).await.expect(422);
        assert_eq!(named(&refused), (field.to_owned(), code.to_owned()), "{asked}");
    }
    let pass = voting::pass(&program).await;
    for (ballot, field, code) in [
        (json!({ "pass": pass, "place": "320000" }), "choices", "missing"),
        (json!({ "pass": pass, "place": "320000", "choices": "T1-1" }), "choices", "malformed"),
        (
            json!({ "pass": pass, "place": "320000", "choices": ["T1-1"], "province": "320000" }),
            "province",
            "unknown_member",
        ),
    ] {
        let refused = program.post_json("/api/v1/campaigns/t1/ballots", &ballot).await.expect(422);
        assert_eq!(named(&refused), (field.to_owned(), code.to_owned()), "{ballot}");
    }
    assert_eq!(voting::ballots(&app).await, 0);
}

#[tokio::test]
async fn a_real_name_pass_needs_a_name_and_a_number_that_can_exist() {
    let (app, _) = voting::open().await;
    for (program, sentence) in
        [(app.nobody(), "身份证号不对"), (app.nobody().in_english(), "The identity number is not right")]
    {
        let refused = voting::person_pass(&program, "王", "110105194912310021").await;
        let problem = refused.expect(422).json();
        let codes: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["resident.name", "resident.number"]);
        let text = problem.to_string();
        assert!(text.contains(sentence) && !text.contains("110105194912310021"));
    }
    let program = app.nobody();
    let asked = json!({ "track": "real_name" });
    let refused = voting::ask_pass(&program, &asked).await.expect(422);
    assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 2);
    voting::person_pass(&program, "王芳", NUMBER).await.expect(200);
}

#[tokio::test]
async fn a_campaign_without_places_counts_under_none() {
    use sea_orm::{ActiveValue::Set, EntityTrait};
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    // Only imported campaigns have no places, so the test changes an ordinary paper.
    let paper = entity::ballots::ballot_paper::Entity::find_by_id("t1")
        .one(app.app.stores.ballots.db())
        .await
        .unwrap()
        .unwrap();
    let mut row: entity::ballots::ballot_paper::ActiveModel = paper.into();
    row.places = Set(false);
    app.app
        .stores
        .ballots
        .write(async |tx| Ok(entity::ballots::ballot_paper::Entity::update(row).exec(tx).await?))
        .await
        .unwrap();
    let program = app.nobody();
    let pass = voting::pass(&program).await;
    voting::cast_from(&program, &pass, "", &["T1-1"]).await.expect(201);
    let counts = shudu::ballot_log::counts::counts(&app.app.stores.ballots, "t1").await.unwrap();
    assert!(counts.keys().all(|(_, place, _)| place == "000000"));
}

#[tokio::test]
async fn a_body_that_does_not_end_is_cut_off() {
    let (app, _) = voting::open().await;
    let program = app.nobody();
    let ballot = json!({ "pass": "A".repeat(1 << 21), "place": "320000", "choices": ["T1-1"] });
    let refused = program.post_json("/api/v1/campaigns/t1/ballots", &ballot).await.expect(413);
    assert_eq!(refused.code(), "too_large");
    let page = program.post_form(voting::BALLOT_PAGE, &[("choice", &*"A".repeat(1 << 21))]).await;
    page.expect(413);
}
