//! Halts of a vote: one organiser halts at once for a limited time. A lasting halt needs an approver.

use chrono::{DateTime, Utc};
use entity::stored::Role;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use shudu::base::main_store::Changes;
use shudu::scheduler;

use testing::app::noon;
use testing::{Answer, Person, TestApp, given};

/// A campaign whose voting runs from 5 April 2018 to the end of 8 April, in China.
struct Running {
    app: TestApp,
    people: given::Organisation,
}

impl Running {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        given::open(&app, &people, "t1").await;
        Self { app, people }
    }

    async fn at(&self, moment: &str) {
        self.app.clock.set(moment.parse::<DateTime<Utc>>().unwrap());
        scheduler::tick(&self.app.app).await.unwrap();
    }

    async fn act(&self, person: &Person, noun: &str) -> Answer {
        let person = self.app.sign_in_again(person).await;
        person.post_json(&format!("/api/v1/campaigns/t1/{noun}"), &json!({ "reason": "机房断电" })).await
    }

    async fn seen(&self) -> Value {
        self.app.nobody().get("/api/v1/campaigns/t1").await.expect(200).json()
    }

    async fn page(&self) -> String {
        self.app.nobody().get("/campaigns/t1").await.expect(200).text()
    }

    /// Whether the ballot box accepts ballots.
    async fn is_open(&self) -> bool {
        let (store, now) = (&self.app.app.stores.ballots, self.app.clock.now());
        shudu::pass::paper::taking(store, "t1", now).await.is_ok()
    }
}

#[tokio::test]
async fn a_halt_that_nobody_confirms_ends_by_itself_after_a_day() {
    let r = Running::new().await;
    r.at("2018-04-05T12:00:00+08:00").await;
    r.act(&r.people.organiser, "suspension").await.expect(200);
    let seen = r.seen().await;
    assert_eq!((&seen["phase"], &seen["halt"]["confirmed"]), (&json!("suspended"), &json!(false)));
    assert_eq!(seen["halt"]["until"], "2018-04-06T04:00:00+00:00");
    assert!(!r.is_open().await);
    let page = r.page().await;
    assert!(page.contains("还没有得到批准人确认") && page.contains("理由：机房断电"), "{page}");
    // The halt waits for approvers, on the desk and on the board.
    let desk = r.people.approver.get("/desk").await.expect(200).text();
    assert!(desk.contains("投票暂停，等批准人确认"));
    r.at("2018-04-06T11:59:59+08:00").await;
    assert_eq!(r.seen().await["phase"], "suspended");
    // The halt ends by the clock, before any job runs.
    r.app.clock.set("2018-04-06T12:00:00+08:00".parse().unwrap());
    assert_eq!(r.seen().await["phase"], "voting");
    r.at("2018-04-06T12:00:00+08:00").await;
    assert!(r.is_open().await);
    let page = r.page().await;
    assert!(page.contains("暂停没有得到确认，自动恢复") && page.contains("/campaigns/t1/ballot"), "{page}");
    assert!(r.seen().await.get("notice").is_none());
}

#[tokio::test]
async fn no_organiser_alone_halts_beyond_the_close_nor_again_and_again() {
    let r = Running::new().await;
    r.at("2018-04-08T20:00:00+08:00").await;
    r.act(&r.people.organiser, "suspension").await.expect(200);
    // The halt lasts half of the four hours that are left.
    assert_eq!(r.seen().await["halt"]["until"], "2018-04-08T14:00:00+00:00");
    r.at("2018-04-08T22:00:00+08:00").await;
    assert_eq!(r.seen().await["phase"], "voting");
    let other = r.app.staff_as("organiser-2", Role::Organiser, "").await;
    for person in [&r.people.organiser, &other] {
        assert_eq!(r.act(person, "suspension").await.expect(409).code(), "campaign.halt_alone");
    }
    let moves = r.app.sign_in_again(&r.people.organiser).await.get("/api/v1/campaigns/t1").await.expect(200).json();
    assert_eq!(moves["moves"], json!(["halt-request"]));
    // A requested halt begins only when it is confirmed.
    r.act(&r.people.organiser, "halt-request").await.expect(200);
    assert!(r.is_open().await && r.seen().await["phase"] == "voting");
    assert!(!r.page().await.contains("请批准人同意暂停"), "a request stays inside");
    assert_eq!(r.act(&r.people.organiser, "halt-request").await.expect(409).code(), "campaign.halt_waits");
    r.at("2018-04-09T00:00:00+08:00").await;
    let seen = r.seen().await["phase"].clone();
    assert!(seen == "closed" || seen == "tallied", "{seen}");
}

#[tokio::test]
async fn a_confirmed_halt_lasts_until_somebody_of_either_office_ends_it() {
    let r = Running::new().await;
    r.at("2018-04-06T12:00:00+08:00").await;
    assert_eq!(r.act(&r.people.approver, "halt-confirmation").await.expect(409).code(), "campaign.halt_none");
    r.act(&r.people.organiser, "suspension").await.expect(200);
    r.act(&r.people.organiser, "halt-confirmation").await.expect(404);
    let organiser_now_approver = r.app.change_role(&r.people.organiser, Role::Approver, "").await;
    let own = r.act(&organiser_now_approver, "halt-confirmation").await.expect(403);
    assert_eq!(own.code(), "campaign.halt_own");
    r.act(&r.people.approver, "halt-confirmation").await.expect(200);
    let page = r.page().await;
    assert!(page.contains("office of approver-1已确认") && !page.contains("name of approver"), "{page}");
    r.at("2018-04-20T12:00:00+08:00").await;
    let seen = r.seen().await;
    assert_eq!((&seen["phase"], &seen["halt"]["confirmed"]), (&json!("suspended"), &json!(true)));
    assert!(!r.is_open().await);
    r.act(&r.people.approver, "resumption").await.expect(200);
    assert_eq!(r.seen().await["phase"], "closed");
}

#[tokio::test]
async fn an_approver_makes_a_halt_that_was_asked_for() {
    let r = Running::new().await;
    r.at("2018-04-05T12:00:00+08:00").await;
    r.act(&r.people.organiser, "suspension").await.expect(200);
    r.act(&r.people.organiser, "resumption").await.expect(200);
    assert_eq!(r.act(&r.people.organiser, "suspension").await.expect(409).code(), "campaign.halt_alone");
    r.act(&r.people.organiser, "halt-request").await.expect(200);
    r.act(&r.people.approver, "halt-confirmation").await.expect(200);
    assert!(!r.is_open().await);
    assert_eq!(r.seen().await["notice"], "机房断电");
    r.at("2018-04-07T12:00:00+08:00").await;
    assert_eq!(r.seen().await["phase"], "suspended");
    r.act(&r.people.organiser, "resumption").await.expect(200);
    assert!(r.is_open().await);
    // An unanswered request lapses.
    r.act(&r.people.organiser, "suspension").await.expect(200);
    r.act(&r.people.organiser, "resumption").await.expect(200);
    r.act(&r.people.organiser, "halt-request").await.expect(200);
    r.at("2018-04-08T12:00:00+08:00").await;
    assert_eq!(r.act(&r.people.approver, "halt-confirmation").await.expect(409).code(), "campaign.halt_none");
}

#[tokio::test]
async fn a_halt_of_an_earlier_version_is_given_an_end() {
    use entity::campaign::{ActiveModel, COLUMN, Entity};

    let r = Running::new().await;
    r.at("2018-04-06T12:00:00+08:00").await;
    r.act(&r.people.organiser, "suspension").await.expect(200);
    let earlier = ActiveModel {
        halted_by: Set(None),
        halted_at: Set(None),
        halt_until: Set(None),
        halt_confirmed_by: Set(None),
        ..Default::default()
    };
    let store = &r.app.app.stores.main;
    let forget = Entity::update_many().set(earlier).filter(COLUMN.slug.eq("t1"));
    store.write(Changes::Internal, async |tx| Ok(forget.exec(tx).await?)).await.unwrap();
    r.at("2018-04-06T18:00:00+08:00").await;
    let seen = r.seen().await;
    assert_eq!(seen["halt"]["since"], "2018-04-06T04:00:00+00:00");
    assert_eq!(seen["halt"]["until"], "2018-04-07T10:00:00+00:00");
    r.app.clock.set(noon("2018-04-09"));
    scheduler::tick(&r.app.app).await.unwrap();
    assert_ne!(r.seen().await["phase"], "suspended");
}
