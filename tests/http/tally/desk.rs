//! The desk of count and selection, from the close to the second signature.

use entity::stored::Role;
use shudu::base::main_store::Changes;

use super::{closed, counted};
use testing::actors::carried_version;
use testing::{TestApp, given};

const DESK: &str = "/desk/campaigns/t1/tally";
const SELECTION: &str = "/desk/campaigns/t1/selection";
const APPROVAL: &str = "/desk/campaigns/t1/selection/approval";

#[tokio::test]
async fn from_the_close_to_the_second_signature_by_forms() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    people.organiser.post_form(DESK, &[]).await.expect(303);

    let desk = people.organiser.get(DESK).await.text();
    assert!(desk.contains("按公布的规则取前2项"));
    assert!(desk.contains("T1-2与T1-3同为20票，按实名票4比6，T1-3入选"));
    assert!(desk.contains("<tr role=\"row\" class=\"cut\">"));
    let answer = people.organiser.post_form(SELECTION, &[]).await.expect(303);
    let desk = people.organiser.get(&answer.location()).await.text();
    assert!(desk.contains("入选名单已拟定，等两名批准人签字"));
    assert!(desk.contains("name of organiser（office of organiser）"));
    assert!(desk.contains("2018年4月9日12:00") && desk.contains("重新拟定"));
    assert!(!desk.contains("签字批准"));

    let desk = people.approver.get(DESK).await.text();
    assert!(desk.contains("签字批准") && desk.contains("签字后不能撤回"));
    assert!(!desk.contains("重新拟定"));
    assert!(!desk.contains(&format!("action=\"{APPROVAL}\"")), "no way past the check: {desk}");
    let answer = people.approver.check_and_act(APPROVAL, &[]).await.expect(303);
    let desk = people.approver.get(&answer.location()).await.text();
    assert!(desk.contains("已签字，还差一名批准人"));
    assert!(desk.contains("同一个人不能签两次") && !desk.contains("签字批准"));
    let refused = people.approver.post_form(APPROVAL, &[]).await.expect(403);
    let refused = refused.text();
    assert!(refused.contains("<title>出错：") && refused.contains("role=\"alert\""));

    assert_eq!(people.approver.get(APPROVAL).await.expect(303).location(), DESK);
    let answer = people.second_approver.check_and_act(APPROVAL, &[]).await;
    let desk = people.second_approver.get(&answer.expect(303).location()).await;
    let desk = desk.text();
    assert!(desk.contains("已签字，名单生效，结果已公布"));
    assert!(desk.contains("href=\"/campaigns/t1/results\""));
    assert!(desk.contains("name of approver-1") && desk.contains("name of approver-2"));
    assert!(!desk.contains("<button type=\"submit\" class=\"btn\""));
}

#[tokio::test]
async fn a_signature_is_looked_at_before_it_is_given_and_holds_for_the_selection_that_was_read() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    people.organiser.post_form(SELECTION, &[]).await.expect(303);
    let page = people.approver.get(APPROVAL).await.expect(200).text();
    for said in [
        "签字批准：小试",
        "这是两个签字里的第一个",
        "前2项成为堵点，结果马上公布，可以交办到3个省份，共6项任务",
        "name of organiser（office of organiser），2018年4月9日12:00",
        "T1-1、T1-3",
        "57张选票",
        "T1-2与T1-3同为20票，按实名票4比6，T1-3入选",
        "办理后不能撤销：",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (name, old) = carried_version(&page);
    // The selection is drawn up again after the page was opened.
    app.clock.advance(chrono::TimeDelta::minutes(1));
    people.organiser.post_form(SELECTION, &[]).await.expect(303);
    for fields in [&[(name, &*old)][..], &[]] {
        let refused = people.approver.post_form(APPROVAL, fields).await.expect(409).text();
        assert!(refused.contains("请看过最新情况再签") && refused.contains("2018年4月9日12:01"), "{refused}");
    }
    let (name, first) = carried_version(&people.second_approver.get(APPROVAL).await.expect(200).text());
    people.approver.check_and_act(APPROVAL, &[]).await.expect(303);
    // A first signature that was meant does not become the second one.
    let refused = people.second_approver.post_form(APPROVAL, &[(name, &first)]).await.expect(409).text();
    assert!(refused.contains("这是第二个签字，签完马上生效") && refused.contains("name of approver-1"), "{refused}");
    people.second_approver.check_and_act(APPROVAL, &[]).await.expect(303);
}

#[tokio::test]
async fn the_desk_of_the_organiser_leads_to_the_count_itself() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let desk = people.organiser.get("/desk").await.expect(200).text();
    assert!(desk.contains(&format!("href=\"{DESK}\">拟定名单")), "{desk}");
    let overview = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(overview.contains("等拟定名单") && !overview.contains("等签字"), "{overview}");
    people.organiser.post_form(SELECTION, &[]).await.expect(303);
    let desk = people.approver.get("/desk").await.expect(200).text();
    assert!(desk.contains(&format!("href=\"{DESK}\">核对名单")), "{desk}");
}

#[tokio::test]
async fn ties_go_to_the_lower_option_number_wherever_the_rule_is_told() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    super::certified(&app, &people).await;
    for page in ["/campaigns/t1", "/campaigns/t1/results", "/desk/campaigns/t1/preview", DESK] {
        let page = people.organiser.get(page).await.expect(200).text();
        assert!(page.contains("题号") && !page.contains("选票编号"), "{page}");
    }
}

#[tokio::test]
async fn the_auditor_reads_what_others_decide() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let auditor = app.staff(Role::Auditor, "").await;
    let desk = auditor.get(DESK).await.expect(200).text();
    assert!(desk.contains("名单由主办方拟定：name of organiser"));
    people.organiser.post_form(SELECTION, &[]).await.expect(303);
    let desk = auditor.in_english().get(DESK).await.expect(200).text();
    assert!(desk.contains("Those who can still sign: name of approver-1 (office of approver-1), name of approver-2"));
    assert!(!desk.contains("Sign the selection"));
}

#[tokio::test]
async fn a_draft_says_that_there_is_nothing_to_count() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let organiser = app.ctx(&people.organiser);
    let draft = given::draft("t9");
    app.app
        .stores
        .main
        .write(Changes::Public, async |tx| shudu::campaign::commands::create(tx, &organiser, &draft).await)
        .await
        .unwrap();
    let desk = people.organiser.get("/desk/campaigns/t9/tally").await;
    assert!(desk.expect(200).text().contains("活动还没有公布"));
    people.organiser.get("/desk/campaigns/nowhere/tally").await.expect(404);
}
