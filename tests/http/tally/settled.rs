//! A wrong clock ends no vote: irreversible acts wait until the clock was steady for a while.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ballots::ballot_paper;
use entity::stored::PaperState;
use sea_orm::EntityTrait;
use shudu::scheduler;

use crate::ballot::voting;
use testing::given::Organisation;
use testing::{TestApp, given};

const COUNT: &str = "/api/v1/campaigns/t1/count";
const DESK: &str = "/desk/campaigns/t1/tally";
const SETTLE: TimeDelta = TimeDelta::minutes(5);
/// Close of the campaign `t1`: the end of 8 April in China.
const CLOSE: &str = "2018-04-09T00:00:00+08:00";

/// A campaign `t1` with open voting and a pass key in use, under a steady clock.
async fn voting() -> (TestApp, Organisation) {
    let app = TestApp::with_config(|config| config.settle_after = SETTLE).await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    voting::person_pass(&app.nobody(), "王芳", voting::NUMBER).await.expect(200);
    tick(&app).await;
    app.clock.wait(SETTLE);
    tick(&app).await;
    (app, people)
}

async fn tick(app: &TestApp) {
    scheduler::tick(&app.app).await.unwrap();
}

/// Phase of the campaign, whether the paper was closed for good, and whether the pass key exists.
async fn state(app: &TestApp) -> (String, bool, bool) {
    let shown = app.nobody().get("/api/v1/campaigns/t1").await.expect(200).json();
    let paper = ballot_paper::Entity::find_by_id("t1").one(app.app.stores.ballots.db()).await.unwrap().unwrap();
    let phase = shown["phase"].as_str().unwrap().to_owned();
    (phase, paper.state == PaperState::Closed, app.app.passes.issuing.pass_keys.has("t1").await.unwrap())
}

async fn votes(app: &TestApp) {
    let pass = voting::pass(&app.nobody()).await;
    voting::cast_from(&app.nobody(), &pass, "320000", &["T1-1"]).await.expect(201);
}

fn until_close(app: &TestApp) -> TimeDelta {
    CLOSE.parse::<DateTime<Utc>>().unwrap() - app.clock.now()
}

#[tokio::test]
async fn a_clock_that_is_ahead_for_some_looks_ends_no_vote() {
    let (app, people) = voting().await;
    let (pass, jumps) = (voting::pass(&app.nobody()).await, app.app.steadiness.jumps());
    app.clock.step(TimeDelta::days(30));
    for _ in 0..3 {
        tick(&app).await;
        app.clock.wait(TimeDelta::seconds(20));
    }
    assert_eq!(state(&app).await, ("closed".to_owned(), false, true));
    let refused = voting::cast_from(&app.nobody(), &pass, "320000", &["T1-1"]).await;
    assert_eq!(refused.expect(409).code(), "ballot.closed");
    let organiser = app.sign_in_again(&people.organiser).await;
    assert_eq!(organiser.post_json(COUNT, &().into()).await.expect(409).code(), "tally.unsteady");
    app.clock.step(TimeDelta::days(-30));
    tick(&app).await;
    assert_eq!(state(&app).await, ("voting".to_owned(), false, true));
    voting::cast_from(&app.nobody(), &pass, "320000", &["T1-1"]).await.expect(201);
    votes(&app).await;
    voting::person_pass(&app.nobody(), "王芳", voting::NUMBER).await.expect(200);
    assert_eq!(app.app.steadiness.jumps(), jumps + 2);
}

#[tokio::test]
async fn an_organiser_who_is_the_first_to_look_at_a_wrong_clock_is_refused_as_well() {
    let (app, people) = voting().await;
    app.clock.step(TimeDelta::days(3));
    let organiser = app.sign_in_again(&people.organiser).await;
    let desk = organiser.get(DESK).await.expect(200).text();
    assert!(desk.contains("要等时钟再稳定5分钟才能计票") && !desk.contains("开始计票"), "{desk}");
    let refused = organiser.post_json(COUNT, &().into()).await.expect(409);
    assert_eq!(refused.code(), "tally.unsteady");
    let told = organiser.clone().in_english().post_form(DESK, &[]).await.expect(409).text();
    assert!(told.contains("its clock has jumped") && told.contains("5 more minutes"), "{told}");
    assert_eq!(state(&app).await, ("closed".to_owned(), false, true));
    app.clock.step(TimeDelta::days(-3));
    votes(&app).await;
}

#[tokio::test]
async fn after_a_close_two_looks_some_minutes_apart_have_to_agree() {
    let (app, people) = voting().await;
    votes(&app).await;
    app.clock.wait(until_close(&app));
    let organiser = app.sign_in_again(&people.organiser).await;
    tick(&app).await;
    assert_eq!(state(&app).await, ("closed".to_owned(), false, true));
    assert_eq!(organiser.post_json(COUNT, &().into()).await.expect(409).code(), "tally.unsettled");
    app.clock.wait(TimeDelta::minutes(4));
    let desk = organiser.get(DESK).await.expect(200).text();
    assert!(desk.contains("请过1分钟再计票") && !desk.contains("开始计票"), "{desk}");
    // Every jump of the clock restarts the wait, even a jump that is corrected.
    for by in [TimeDelta::hours(1), TimeDelta::hours(-1)] {
        app.clock.step(by);
        tick(&app).await;
    }
    app.clock.wait(TimeDelta::minutes(4));
    tick(&app).await;
    assert_eq!(state(&app).await, ("closed".to_owned(), false, true));
    app.clock.wait(TimeDelta::minutes(1));
    tick(&app).await;
    assert_eq!(state(&app).await, ("tallied".to_owned(), true, false));
}

#[tokio::test]
async fn an_organiser_counts_by_hand_when_the_close_is_settled() {
    let (app, people) = voting().await;
    votes(&app).await;
    app.clock.wait(until_close(&app) + SETTLE);
    let organiser = app.sign_in_again(&people.organiser).await;
    organiser.post_json(COUNT, &().into()).await.expect(200);
    assert_eq!(state(&app).await, ("tallied".to_owned(), true, false));
    // A counted campaign stays counted, whatever the clock says.
    app.clock.step(TimeDelta::days(-30));
    organiser.post_json(COUNT, &().into()).await.expect(200);
}

#[tokio::test]
async fn under_a_wrong_clock_nothing_is_removed() {
    let app = TestApp::with_config(|config| config.settle_after = SETTLE).await;
    app.clock.wait(SETTLE);
    app.nobody().post_form("/sign-in", &[("login", "nobody-here"), ("password", "not this one")]).await.expect(422);
    let openings = async || shudu::audit::openings::count(app.app.stores.main.db()).await.unwrap();
    let before = openings().await;
    assert!(before > 0);
    app.clock.step(TimeDelta::days(4000));
    tick(&app).await;
    assert_eq!(app.app.retention.last_round.last(), None);
    app.clock.step(TimeDelta::days(-4000));
    tick(&app).await;
    assert_eq!(app.app.retention.last_round.last(), None);
    app.clock.wait(SETTLE);
    tick(&app).await;
    assert_eq!(openings().await, before);
    assert_eq!(app.app.retention.last_round.last().unwrap().1, shudu::retention::last_round::Removed::default());
}
