//! The moves of a campaign: the role that makes each move, its time and its reason.

use entity::stored::Role;
use serde_json::json;

use super::{draft, press, revision, send, shown};
use testing::app::noon;
use testing::{TestApp, given};

#[tokio::test]
async fn the_author_cannot_publish_and_the_page_says_who_can() {
    let app = TestApp::new().await;
    let author = app.staff_as("author", Role::Organiser, "").await;
    draft(&author, "t1").await;
    press(&author, "t1", "submission", "").await.expect(303);
    let author = app.change_role(&author, Role::Approver, "").await;
    let alone = author.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(alone.contains("没有人可以批准"), "{alone}");

    app.staff_as("approver-1", Role::Approver, "").await;
    let page = author.get("/desk/campaigns/t1").await.expect(200).text();
    for said in ["起草和送审的人不能批准自己的活动。", "可以批准的有：name of approver-1（office of approver-1）"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("/t1/publication\""), "no button: {page}");
    let fields = [("revision", revision(&page))];
    let forced = send(&author, "/t1/publication", &fields).await.expect(403).text();
    assert!(forced.contains("可以批准的有：name of approver-1（office of approver-1）"), "{forced}");
    let by_api = author.post_json("/api/v1/campaigns/t1/publication", &json!({})).await.expect(403);
    assert_eq!(by_api.code(), "campaign.own");
    app.nobody().get("/campaigns/t1").await.expect(404);
}

#[tokio::test]
async fn whoever_hands_in_another_ones_draft_cannot_publish_it() {
    let app = TestApp::new().await;
    let author = app.staff(Role::Organiser, "").await;
    let second = app.staff_as("second", Role::Organiser, "").await;
    draft(&author, "t1").await;
    press(&second, "t1", "submission", "").await.expect(303);
    let second = app.change_role(&second, Role::Approver, "").await;
    let by_api = second.post_json("/api/v1/campaigns/t1/publication", &json!({})).await.expect(403);
    assert_eq!(by_api.code(), "campaign.own");
}

#[tokio::test]
async fn a_campaign_is_sent_back_for_a_reason_and_can_be_written_again() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let refused = press(&people.approver, "t1", "sending-back", "  ").await.expect(422).text();
    assert!(refused.contains("这里不能空着"));
    assert!(refused.contains("href=\"#reason-sending-back\""), "{refused}");
    let long = "长".repeat(501);
    let refused = press(&people.approver, "t1", "sending-back", &long).await.expect(422).text();
    assert!(refused.contains("写了501个字，最多500个") && refused.contains(&long));
    press(&people.approver, "t1", "sending-back", "第三题请说得再白一点").await.expect(303);
    let page = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(page.contains("退回修改：第三题请说得再白一点"), "{page}");
    people.organiser.get("/desk/campaigns/t1/rules").await.expect(200);
}

#[tokio::test]
async fn nothing_is_handed_in_without_enough_options_or_after_its_close() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    send(&organiser, "/new", &super::form("t1")).await.expect(303);
    let refused = press(&organiser, "t1", "submission", "").await.expect(409).text();
    assert!(refused.contains("只有0个题目，至少要3个"), "{refused}");
    draft(&organiser, "t2").await;
    app.clock.set(noon("2018-04-09"));
    let refused = press(&organiser, "t2", "submission", "").await.expect(409).text();
    assert!(refused.contains("投票截止时间已过，请先改日期"), "{refused}");
}

#[tokio::test]
async fn a_halt_is_explained_to_everybody_and_ends() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    press(&people.organiser, "t1", "suspension", "").await.expect(422);
    press(&people.organiser, "t1", "suspension", "机房断电").await.expect(303);
    let visitor = app.nobody();
    assert_eq!(shown(&visitor, "t1").await["notice"], "机房断电");
    let page = visitor.get("/campaigns/t1").await.expect(200).text();
    for said in ["投票暂停：", "理由：机房断电", "office of organiser"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("/campaigns/t1/ballot"), "no way to the ballot");
    assert!(!page.contains("name of organiser"), "offices, never names");

    press(&people.organiser, "t1", "resumption", "").await.expect(303);
    let page = visitor.get("/campaigns/t1").await.expect(200).text();
    assert!(page.contains("/campaigns/t1/ballot") && page.contains("暂停：机房断电"));
    assert_eq!(shown(&visitor, "t1").await["phase"], "voting");
}

#[tokio::test]
async fn a_campaign_halted_over_its_close_is_closed_when_it_resumes() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    press(&people.organiser, "t1", "suspension", "机房断电").await.expect(303);
    press(&people.approver, "t1", "halt-confirmation", "").await.expect(303);
    app.clock.set(noon("2018-04-09"));
    press(&people.organiser, "t1", "resumption", "").await.expect(303);
    assert_eq!(shown(&app.nobody(), "t1").await["phase"], "closed");
}

#[tokio::test]
async fn a_campaign_is_cancelled_before_voting_only() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    given::published(&app, &people, "t2", |_| ()).await;
    press(&people.organiser, "t1", "cancellation", "并入第四季").await.expect(303);
    let visitor = app.nobody();
    let page = visitor.get("/campaigns/t1").await.expect(200).text();
    assert!(page.contains("活动取消：") && page.contains("理由：并入第四季"), "{page}");

    app.clock.set(noon("2018-04-06"));
    let page = people.organiser.get("/desk/campaigns/t2").await.expect(200).text();
    assert!(!page.contains("/t2/cancellation"), "not offered: {page}");
    let page = people.organiser.get("/desk/campaigns/t2/suspension").await.expect(200).text();
    let fields = [("revision", revision(&page)), ("reason", "并入第四季".to_owned())];
    let refused = send(&people.organiser, "/t2/cancellation", &fields).await.expect(409).text();
    assert!(refused.contains("现在不能这样做：活动正在投票"), "{refused}");
    let by_api = people
        .organiser
        .post_json("/api/v1/campaigns/t2/cancellation", &json!({"reason": "并入第四季"}))
        .await
        .expect(409);
    assert_eq!(by_api.code(), "campaign.wrong_phase");
}

#[tokio::test]
async fn a_cancelled_draft_was_never_shown_to_anybody() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    press(&organiser, "t1", "cancellation", "不办了").await.expect(303);
    let visitor = app.nobody();
    for path in ["/campaigns/t1", "/api/v1/campaigns/t1", "/api/v1/campaigns/t1/questionnaire"] {
        visitor.get(path).await.expect(404);
    }
}

#[tokio::test]
async fn in_review_the_rules_wait_and_nothing_says_that_they_are_fixed() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let page = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(
        page.contains("等待批准，暂不能改") && !page.contains(">不能改<") && !page.contains("从公布起固定"),
        "{page}"
    );
    press(&people.approver, "t1", "publication", "").await.expect(303);
    let page = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(page.contains(">不能改<") && page.contains("从公布起固定"), "{page}");
}

#[tokio::test]
async fn pressing_twice_or_on_an_old_page_changes_nothing() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let page = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    let fields = [("revision", revision(&page))];
    send(&people.organiser, "/t1/submission", &fields).await.expect(303);
    let twice = send(&people.organiser, "/t1/submission", &fields).await.expect(409).text();
    assert!(twice.contains("打开之后，有人改过这个活动"), "{twice}");
    assert!(twice.contains("没有办成，填的都还在"), "{twice}");
    let seen = people.approver.get("/desk/campaigns/t1").await.expect(200).text();
    press(&people.second_approver, "t1", "sending-back", "再想想").await.expect(303);
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let old = [("revision", revision(&seen))];
    send(&people.approver, "/t1/publication", &old).await.expect(409);
    assert_eq!(shown(&people.organiser, "t1").await["phase"], "in_review");
    let stale = json!({"revision": 1});
    let by_api = people.approver.post_json("/api/v1/campaigns/t1/publication", &stale).await;
    assert_eq!(by_api.expect(409).code(), "campaign.stale");
}

#[tokio::test]
async fn the_address_of_a_move_leads_back_to_the_overview() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let answer = people.organiser.get("/desk/campaigns/t1/submission").await.expect(303);
    assert_eq!(answer.location(), "/desk/campaigns/t1");
    assert_eq!(shown(&people.organiser, "t1").await["phase"], "draft");
}
