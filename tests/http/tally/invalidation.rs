//! Rules of invalidation: previewed, proposed, signed by two approvers, written to the log, and counted again.

use entity::stored::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use shudu::app::App;

use super::{cast, counted, open};
use crate::log::verifies;
use testing::app::noon;
use testing::given::Organisation;
use testing::{TestApp, given};

const RULES: &str = "/api/v1/campaigns/t1/invalidations";
const SELECTION: &str = "/api/v1/campaigns/t1/selection";

/// A rule that meets the twelve ballots from 320000 with exactly T1-1 and T1-2.
fn rule() -> Value {
    json!({ "track": "anonymous", "province": "320000", "choices": "T1-2, T1-1", "reason": "同一台机器连续提交" })
}

fn approval(number: i32) -> String {
    format!("{RULES}/{number}/approval")
}

/// A counted campaign with the rule and its first signature.
async fn signed_once() -> (TestApp, Organisation) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    people.organiser.post_json(RULES, &rule()).await.expect(200);
    people.approver.post_json(&approval(1), &().into()).await.expect(200);
    (app, people)
}

async fn signed_twice(people: &Organisation, number: i32) -> Value {
    people.approver.post_json(&approval(number), &().into()).await.expect(200);
    people.second_approver.post_json(&approval(number), &().into()).await.expect(200).json()
}

/// Receipt number of a ballot with these choices.
async fn receipt_with(app: &TestApp, choices: &str) -> String {
    use entity::ballots::ballot;
    use sea_orm::{EntityTrait, QueryFilter};
    let db = app.app.stores.ballots.db();
    let found = ballot::Entity::find().filter(ballot::COLUMN.choices.eq(choices)).one(db).await.unwrap().unwrap();
    let (serial, leaf) = (found.serial.try_into().unwrap(), found.leaf.try_into().unwrap());
    app.app.ballots.locators.number(&serial, &leaf).plain()
}

/// A copy of the public log, as a stranger fetches it.
async fn copied(app: &App) -> tempfile::TempDir {
    testing::public_log::fetch(&app.ballots.sequencer, "t1").await
}

#[tokio::test]
async fn a_rule_signed_by_two_takes_its_ballots_from_the_count_and_leaves_them_in_the_log() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    people.organiser.post_json(SELECTION, &().into()).await.expect(200);
    let preview = format!("{RULES}/preview?track=anonymous&province=320000&choices=T1-1,T1-2");
    let tried = people.approver.get(&preview).await.expect(200).json();
    assert_eq!(
        (&tried["ballots"], &tried["criteria"]),
        (&json!(12), &json!("track=anonymous province=320000 choices=T1-1,T1-2"))
    );
    let blocks: u64 = tried["blocks"].as_array().unwrap().iter().map(|b| b["ballots"].as_u64().unwrap()).sum();
    assert_eq!(blocks, 12);
    let change = &tried["changes"][0];
    assert_eq!((&change["code"], &change["votes"], &change["votes_after"]), (&json!("T1-1"), &json!(36), &json!(24)));

    let proposed = people.organiser.post_json(RULES, &rule()).await.expect(200).json();
    assert_eq!(
        (&proposed["number"], &proposed["state"], &proposed["ballots"]),
        (&json!(1), &json!("proposed"), &json!(12))
    );
    // The public does not see the rule before it is applied, and no selection is possible in the meantime.
    assert_eq!(app.nobody().get(RULES).await.expect(200).json(), json!([]));
    assert_eq!(people.organiser.post_json(SELECTION, &().into()).await.expect(409).code(), "invalidation.open");
    let applied = signed_twice(&people, 1).await;
    assert_eq!(applied["state"], "applied");
    assert_eq!(applied["signatures"][1]["office"], "office of approver-2");

    let tally = app.nobody().get("/api/v1/campaigns/t1/tally").await.expect(200).json();
    assert_eq!((&tally["ballots"]["total"], &tally["invalidated"]), (&json!(45), &json!(12)));
    let t1 = tally["options"].as_array().unwrap().iter().find(|o| o["code"] == "T1-1").unwrap();
    assert_eq!(t1["votes"], 24);
    verifies(copied(&app.app).await.path(), "OK");
    let (void, counting) = (receipt_with(&app, "T1-1,T1-2").await, receipt_with(&app, "T1-4").await);
    let seen = app.nobody().get(&format!("/api/v1/receipts/{void}")).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["void_by"]), (&json!("in_log"), &json!(1)));
    let seen = app.nobody().get(&format!("/api/v1/receipts/{counting}")).await.expect(200).json();
    assert_eq!(seen["void_by"], Value::Null);
    let page = app.nobody().get(&format!("/receipts/{void}")).await.expect(200).text();
    assert!(page.contains("按规则1作废"), "{page}");
    let signed = app.nobody().get("/log/t1/tally").await.expect(200).text();
    assert!(signed.contains("\nincluded 57\ninvalidated 12\n- 320000 anonymous 10\n"), "{signed}");
    let batches = app.nobody().get("/log/t1/batches").await.expect(200).text();
    assert_eq!(batches, "57\n58\n");
    let page = app.nobody().get("/campaigns/t1/results").await.expect(200).text();
    assert!(
        page.contains("日志里有57张选票，按规则作废12张，计入45张") && page.contains("同一台机器连续提交"),
        "{page}"
    );
    // The earlier selection rests on the old count and is void.
    people.approver.post_json("/api/v1/campaigns/t1/selection/approval", &().into()).await.expect(409);
    people.organiser.post_json(SELECTION, &().into()).await.expect(200);
    people.approver.post_json("/api/v1/campaigns/t1/selection/approval", &().into()).await.expect(200);
    let late = people.organiser.post_json(RULES, &rule()).await;
    assert_eq!(late.expect(409).code(), "selection.signed");
}

#[tokio::test]
async fn nobody_signs_alone_and_every_refusal_says_why() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    let early = people.organiser.post_json(RULES, &rule()).await;
    assert_eq!(early.expect(409).code(), "campaign.wrong_phase");
    super::cast_with_a_tie(&app).await;
    app.clock.set(noon("2018-04-09"));
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);

    for (body, field) in [
        (json!({ "reason": "x" }), "criteria"),
        (json!({ "track": "anonymous", "reason": " " }), "reason"),
        (json!({ "province": "32", "reason": "x" }), "province"),
        (json!({ "choices": "T1-99", "reason": "x" }), "choices"),
        (json!({ "batches": "7-9", "reason": "x" }), "criteria"),
    ] {
        let refused = people.organiser.post_json(RULES, &body).await.expect(422).json();
        assert_eq!(refused["errors"][0]["field"], field, "{refused}");
    }
    people.approver.post_json(RULES, &rule()).await.expect(404);
    people.organiser.post_json(RULES, &rule()).await.expect(200);
    let second = people.organiser.post_json(RULES, &rule()).await;
    assert_eq!(second.expect(409).code(), "invalidation.open");
    people.organiser.post_json(&approval(1), &().into()).await.expect(404);
    people.approver.post_json(&approval(1), &().into()).await.expect(200);
    let twice = people.approver.post_json(&approval(1), &().into()).await;
    assert_eq!(twice.expect(403).code(), "invalidation.twice");
    people.organiser.post_json(&format!("{RULES}/1/withdrawal"), &().into()).await.expect(200);
    let gone = people.second_approver.post_json(&approval(1), &().into()).await;
    assert_eq!(gone.expect(409).code(), "invalidation.decided");
    people.second_approver.post_json(&approval(9), &().into()).await.expect(404);
    let tally = app.nobody().get("/api/v1/campaigns/t1/tally").await.expect(200).json();
    assert_eq!((&tally["ballots"]["total"], &tally["invalidated"]), (&json!(57), &json!(0)));
}

#[tokio::test]
async fn a_second_rule_does_not_take_back_what_the_first_took_and_2500_ballots_need_three_entries() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    use entity::stored::Track::Anonymous;
    cast(
        &app,
        "t1",
        1,
        &[(2500, Anonymous, "330000", &[2]), (40, Anonymous, "330000", &[1]), (3, Anonymous, "610000", &[2])],
    )
    .await;
    app.clock.set(noon("2018-04-09"));
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    let exact = json!({ "province": "330000", "choices": "T1-2", "reason": "脚本" });
    people.organiser.post_json(RULES, &exact).await.expect(200);
    signed_twice(&people, 1).await;
    assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "2543\n2546\n");
    // The next rule meets all remaining ballots of the track. Invalidated ballots are not met again.
    let all = json!({ "track": "anonymous", "batches": "1", "reason": "全部" });
    let proposed = people.organiser.post_json(RULES, &all).await.expect(200).json();
    assert_eq!((&proposed["number"], &proposed["ballots"]), (&json!(2), &json!(43)));
    signed_twice(&people, 2).await;
    verifies(copied(&app.app).await.path(), "OK");
    let tally = app.nobody().get("/api/v1/campaigns/t1/tally").await.expect(200).json();
    assert_eq!((&tally["ballots"]["total"], &tally["invalidated"]), (&json!(0), &json!(2543)));
    assert_eq!(app.nobody().get(RULES).await.expect(200).json().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_rule_that_a_crash_kept_from_the_log_is_applied_by_the_scheduler() {
    let (app, people) = signed_once().await;
    // The staging folder cannot be made: the second signature is stored, but the rule is not in the log yet.
    let staging = app.app.config.data.join("objects/staged");
    std::fs::remove_dir_all(&staging).unwrap();
    std::fs::write(&staging, "in the way").unwrap();
    people.second_approver.post_json(&approval(1), &().into()).await.expect(500);
    std::fs::remove_file(&staging).unwrap();
    app.nobody().get(&format!("{RULES}/1")).await.expect(401);
    let rule = people.organiser.get(&format!("{RULES}/1")).await.expect(200).json();
    assert_eq!(rule["state"], "signed");
    shudu::scheduler::tick(&app.app).await.unwrap();
    shudu::scheduler::tick(&app.app).await.unwrap();
    let rules = app.nobody().get(RULES).await.expect(200).json();
    assert_eq!((&rules[0]["state"], &rules[0]["ballots"]), (&json!("applied"), &json!(12)));
    assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n58\n");
    verifies(copied(&app.app).await.path(), "OK");
}

#[tokio::test]
async fn the_signed_count_is_never_that_of_an_older_checkpoint() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    people.organiser.post_json(RULES, &rule()).await.expect(200);
    // The checkpoint of the rule's batch cannot be stored: the batch is committed, and neither checkpoint nor count moves.
    let history = app.app.config.data.join("objects/log/t1/history/58");
    std::fs::create_dir_all(history.join(".in-the-way")).unwrap();
    people.approver.post_json(&approval(1), &().into()).await.expect(200);
    people.second_approver.post_json(&approval(1), &().into()).await.expect(500);
    verifies(copied(&app.app).await.path(), "OK");
    assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n");
    std::fs::remove_dir_all(&history).unwrap();
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n58\n");
    verifies(copied(&app.app).await.path(), "OK");
}

#[tokio::test]
async fn whoever_counts_again_finishes_a_rule_that_is_on_its_way_into_the_log() {
    let (app, people) = signed_once().await;
    // The batch is committed in the store, but its checkpoint cannot be stored.
    let beside = app.app.config.data.join("objects/log/t1/history/58");
    std::fs::create_dir_all(beside.join(".in-the-way")).unwrap();
    people.second_approver.post_json(&approval(1), &().into()).await.expect(500);
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(500);
    std::fs::remove_dir_all(&beside).unwrap();
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    verifies(copied(&app.app).await.path(), "OK");
    shudu::scheduler::tick(&app.app).await.unwrap();
    let rules = app.nobody().get(RULES).await.expect(200).json();
    assert_eq!(rules[0]["state"], "applied");
    verifies(copied(&app.app).await.path(), "OK");
}

#[tokio::test]
async fn a_rule_stands_in_the_log_together_with_its_count_whatever_fails_afterwards() {
    let (app, people) = signed_once().await;
    // The main store accepts the signature, and the following write fails.
    let db = app.app.stores.main.db();
    let fails = "ALTER TABLE tally_line RENAME TO tally_line_away";
    db.execute_unprepared(fails).await.unwrap();
    people.second_approver.post_json(&approval(1), &().into()).await.expect(500);
    verifies(copied(&app.app).await.path(), "OK");
    db.execute_unprepared("ALTER TABLE tally_line_away RENAME TO tally_line").await.unwrap();
    shudu::scheduler::tick(&app.app).await.unwrap();
    let rules = app.nobody().get(RULES).await.expect(200).json();
    assert_eq!(rules[0]["state"], "applied");
    verifies(copied(&app.app).await.path(), "OK");
}

#[tokio::test]
async fn the_desk_tries_a_rule_before_it_is_proposed_and_shows_it_to_those_who_sign() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let desk = "/desk/campaigns/t1/invalidations";
    let empty = people.organiser.get(desk).await.expect(200).text();
    assert!(empty.contains("这个活动没有作废选票的规则"), "{empty}");
    let tried = people.organiser.get(&format!("{desk}?province=320000&choices=T1-1+T1-2")).await.expect(200).text();
    assert!(tried.contains("有12张选票符合") && tried.contains("name=\"reason\""), "{tried}");
    let wrong = people.organiser.get(&format!("{desk}?blocks=x")).await.expect(422).text();
    assert!(wrong.contains("段名是8位十六进制"), "{wrong}");
    let form = [("province", "320000"), ("choices", "T1-1 T1-2"), ("reason", "")];
    let again = people.organiser.post_form(desk, &form).await.expect(422).text();
    assert!(again.contains("value=\"320000\"") && again.contains("有12张选票符合"), "{again}");
    let form = [("province", "320000"), ("choices", "T1-1 T1-2"), ("reason", "脚本")];
    people.organiser.post_form(desk, &form).await.expect(303);
    let waiting = people.approver.get(desk).await.expect(200).text();
    assert!(
        waiting.contains("等第一名批准人")
            && waiting.contains("province=320000&#38;choices=T1-1%2CT1-2#preview")
            && waiting.contains("invalidations/1/approval"),
        "{waiting}"
    );
    let address = format!("{desk}/1/approval");
    assert!(!waiting.contains(&format!("action=\"{address}\"")), "no way past the check: {waiting}");
    let page = people.approver.get(&address).await.expect(200).text();
    assert!(
        page.contains("这是两个签字里的第一个") && page.contains("12张选票作废") && page.contains("脚本"),
        "{page}"
    );
    people.approver.post_form(&address, &[("expected_version", "2")]).await.expect(409);
    people.approver.check_and_act(&address, &[]).await.expect(303);
    let twice = people.approver.post_form(&format!("{desk}/1/approval"), &[]).await.expect(403).text();
    assert!(twice.contains("同一个人不能签两次"), "{twice}");
    let first = people.second_approver.post_form(&address, &[("expected_version", "1")]).await.expect(409).text();
    assert!(first.contains("这是第二个签字，签完马上生效：12张选票作废"), "{first}");
    people.second_approver.check_and_act(&address, &[]).await.expect(303);
    let done = people.organiser.get(desk).await.expect(200).text();
    assert!(done.contains("已生效"), "{done}");
    for stranger in [app.staff(Role::Handler, "320000").await, app.staff(Role::TeamLeader, "T3").await] {
        assert!(matches!(stranger.get(desk).await.status.as_u16(), 403 | 404));
    }
}
