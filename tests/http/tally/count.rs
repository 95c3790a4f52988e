//! Counting: after the close, by an organiser, and only where the counts equal a recount.

use entity::stored::{Role, Track};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::{closed, counted, others};
use testing::app::noon;
use testing::{TestApp, given};

const COUNT: &str = "/api/v1/campaigns/t1/count";
const DESK: &str = "/desk/campaigns/t1/tally";

#[tokio::test]
async fn an_organiser_counts_after_the_close_and_sees_sums_and_recount() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    let desk = people.organiser.get(DESK).await.expect(200).text();
    assert!(desk.contains("开始计票") && !desk.contains("T1-1"));
    let answer = people.organiser.post_form(DESK, &[]).await.expect(303);
    assert_eq!(answer.location(), "/desk/campaigns/t1/tally?done=count");
    let desk = people.organiser.get(&answer.location()).await.expect(200);
    let desk = desk.text();
    assert!(desk.contains("已计票：57张选票，累计数与逐张重数一致"), "{desk}");
    assert!(desk.contains("累计数与逐张重数") && desk.contains("计票摘要"));
    for figure in ["57", "40", "17", "82"] {
        let cell = format!("<div>{figure}</div>");
        assert_eq!(desk.matches(&cell).count(), 2, "{figure} stands twice");
    }
    assert!(desk.contains("拟定入选名单"));
}

#[tokio::test]
async fn counting_before_the_close_is_refused_and_the_desk_offers_no_button() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let desk = people.organiser.get(DESK).await.expect(200).text();
    assert!(!desk.contains("开始计票"));
    let answer = people.organiser.post_json(COUNT, &().into()).await;
    assert_eq!(answer.expect(409).code(), "campaign.wrong_phase");
    people.organiser.post_form(DESK, &[]).await.expect(409);
    // Voting continues.
    given::ballots(&app, "t1", &[("320000", &[1])]).await;
}

#[tokio::test]
async fn counting_twice_changes_nothing() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let tally = "/api/v1/campaigns/t1/tally";
    let once = app.nobody().get(tally).await.json();
    app.clock.set(noon("2018-04-12"));
    let again = people.organiser.post_json(COUNT, &().into()).await;
    assert_eq!(again.expect(200).json()["digest"], once["digest"]);
    people.organiser.post_form(DESK, &[]).await.expect(303);
    assert_eq!(app.nobody().get(tally).await.json(), once);
}

#[tokio::test]
async fn only_organisers_count_and_only_those_who_may_see_the_desk() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    app.nobody().post_json(COUNT, &().into()).await.expect(401);
    app.nobody().get(DESK).await.expect(303);
    for other in others(&app).await.iter().chain([&people.approver]) {
        other.post_json(COUNT, &().into()).await.expect(404);
        other.post_form(DESK, &[]).await.expect(404);
    }
    let auditor = app.staff_as("auditor-2", Role::Auditor, "").await;
    for reader in [&people.approver, &auditor] {
        let desk = reader.get(DESK).await.expect(200).text();
        assert!(!desk.contains("<button type=\"submit\" class=\"btn\""), "{desk}");
        assert!(desk.contains("计票由主办方做：name of organiser（office of organiser）"));
    }
    let handler = app.staff_as("handler-2", Role::Handler, "320000").await;
    handler.get(DESK).await.expect(404);
    for path in ["/api/v1/campaigns/nowhere/count", "/api/v1/campaigns/nowhere/selection"] {
        people.organiser.post_json(path, &().into()).await.expect(404);
    }
}

#[tokio::test]
async fn sums_that_differ_from_a_recount_are_refused_shown_and_not_stored() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    // Somebody with database access changes the count of T1-4 by `n` votes.
    let tamper = async |n: i64| {
        app.app
            .stores
            .ballots
            .write(async |tx| {
                use entity::ballots::ballot_count;
                ballot_count::Entity::update_many()
                    .col_expr(ballot_count::Column::N, Expr::col(ballot_count::Column::N).add(n))
                    .filter(ballot_count::COLUMN.campaign.eq("t1"))
                    .filter(ballot_count::COLUMN.option.eq("T1-4"))
                    .filter(ballot_count::COLUMN.track.eq(Track::Anonymous))
                    .exec(tx)
                    .await?;
                Ok(())
            })
            .await
            .unwrap();
    };
    tamper(5).await;
    let answer = people.organiser.post_json(COUNT, &().into()).await;
    assert_eq!(answer.expect(409).code(), "tally.differs");
    let desk = people.organiser.post_form(DESK, &[]).await.expect(409).text();
    for wanted in [
        "累计数和逐张重数有1格对不上，没有记结果",
        "T1-4 麻烦事4",
        "陕西省",
        "<div>10</div>",
        "<div>5</div>",
        "重新计票",
    ] {
        assert!(desk.contains(wanted), "{wanted}\n{desk}");
    }
    app.nobody().get("/api/v1/campaigns/t1/tally").await.expect(409);
    let db = app.app.stores.main.db();
    let stored = entity::tally::Entity::find().all(db).await.unwrap();
    let lines = entity::tally_line::Entity::find().all(db).await.unwrap();
    assert!(stored.is_empty() && lines.is_empty());
    // After the correction, the campaign is counted.
    tamper(-5).await;
    people.organiser.post_form(DESK, &[]).await.expect(303);
}

#[tokio::test]
async fn a_missing_ballot_is_noticed() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    crate::sealed::let_ballots_change(&app.app).await;
    app.app
        .stores
        .ballots
        .write(async |tx| {
            use entity::ballots::ballot;
            let one = ballot::Entity::find().filter(ballot::COLUMN.choices.eq("T1-5")).one(tx).await?.unwrap();
            ballot::Entity::delete_many()
                .filter(ballot::COLUMN.campaign.eq("t1"))
                .filter(ballot::Column::Serial.eq(one.serial))
                .exec(tx)
                .await?;
            Ok(())
        })
        .await
        .unwrap();
    let desk = people.organiser.post_form(DESK, &[]).await.expect(409).text();
    assert!(desk.contains("有2格对不上") && desk.contains("T1-5 麻烦事5"));
}

#[tokio::test]
async fn after_the_count_no_ballot_enters() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    // The paper is closed for good, even when the clock is set back.
    app.clock.set(noon("2018-04-07"));
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let pass = given::pass(&app, "t1").await;
    let ballot = paper.check(&pass, "320000", &["T1-1".to_owned()]).unwrap();
    let refused = app.app.ballots.ballot_box.cast(ballot).await.unwrap_err();
    assert_eq!(refused.refusal().code, "ballot.cancelled");
}
