//! The final check: a grave move is made on a page that names its effect, and nowhere else.

use testing::actors::carried_version;
use testing::{TestApp, given};

use super::{draft, form, press, send, shown, table, with};

const PUBLICATION: &str = "/desk/campaigns/t1/publication";

#[tokio::test]
async fn a_publication_is_looked_at_before_it_is_made() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let overview = people.approver.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(overview.contains(&format!("href=\"{PUBLICATION}\"")), "{overview}");
    assert!(!overview.contains(&format!("action=\"{PUBLICATION}\"")), "no way past the check: {overview}");

    let page = people.approver.get(PUBLICATION).await.expect(200).text();
    for said in [
        "<title>批准并公布：小试",
        "6个题目和全部规则公布并固定。2018年4月5日（周四）0:00自动开始投票，2018年4月8日（周日）24:00截止；前2项成为堵点，交办到3个省份，共6项任务。",
        "送批准人，name of organiser（office of organiser），2018年4月1日12:00",
        "办理后不能撤销：",
        "题目和规则谁也不能改",
        "现在尚未生效",
        "href=\"/desk/campaigns/t1\">不办，返回",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(shown(&people.organiser, "t1").await["phase"], "in_review", "looking writes nothing");
    let english = people.approver.clone().in_english().get(PUBLICATION).await.expect(200).text();
    assert!(english.contains("2 become issues and go to 3 provinces: 6 assignments"), "{english}");

    people.approver.check_and_act(PUBLICATION, &[]).await.expect(303);
    assert_eq!(shown(&people.organiser, "t1").await["phase"], "scheduled");
}

#[tokio::test]
async fn open_findings_are_sentences_of_their_own_in_both_languages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    // Voting was to open this morning, and the options begin at number 2.
    send(&people.organiser, "/new", &with(form("t1"), "opens_on", "2018-04-01")).await.expect(303);
    let table = table("t1").replace("T1-1,1,", "T1-1,9,");
    send(
        &people.organiser,
        "/t1/options",
        &[("revision", "1".to_owned()), ("options", table), ("act", "save".to_owned())],
    )
    .await
    .expect(303);
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let page = people.approver.get(PUBLICATION).await.expect(200).text();
    assert!(page.contains("提醒：投票开始时间已过，公布后马上可以投票；提醒："), "{page}");
    let english = people.approver.clone().in_english().get(PUBLICATION).await.expect(200).text();
    assert!(
        english.contains("Note: The opening has passed; voting opens at once when this is published; Note: "),
        "{english}"
    );
    let overview = people.approver.clone().in_english().get("/desk/campaigns/t1").await.expect(200).text();
    assert!(overview.contains("Note: </b>The opening has passed"), "{overview}");
}

#[tokio::test]
async fn a_change_after_the_check_was_opened_is_refused_and_shown() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let (name, old) = carried_version(&people.approver.get(PUBLICATION).await.expect(200).text());
    press(&people.second_approver, "t1", "sending-back", "再想想").await.expect(303);
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let refused = people.approver.post_form(PUBLICATION, &[(name, &old)]).await.expect(409).text();
    assert!(refused.contains("打开之后，有人改过这个活动") && refused.contains("出错："), "{refused}");
    let (_, new) = carried_version(&refused);
    assert_ne!(new, old);
    people.approver.post_form(PUBLICATION, &[]).await.expect(422);
    assert_eq!(shown(&people.organiser, "t1").await["phase"], "in_review");
    people.approver.post_form(PUBLICATION, &[(name, &new)]).await.expect(303);
}

#[tokio::test]
async fn halts_and_cancellations_name_their_effect_and_keep_the_typed_reason() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let page = people.organiser.get("/desk/campaigns/t1/suspension").await.expect(200).text();
    for said in ["暂停投票：小试", "马上停止收票", "2018年4月7日12:00自动恢复", "所有人都会看到", "以后不能再单独暂停"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let long = "长".repeat(501);
    let answer = people.organiser.check_and_act("/desk/campaigns/t1/suspension", &[("reason", &long)]).await;
    let refused = answer.expect(422).text();
    assert!(refused.contains("href=\"#reason\"") && refused.contains(&long), "{refused}");
    press(&people.organiser, "t1", "suspension", "机房断电").await.expect(303);
    let page = people.approver.get("/desk/campaigns/t1/halt-confirmation").await.expect(200).text();
    assert!(page.contains("暂停：机房断电，name of organiser") && page.contains("不再收票"), "{page}");

    draft(&people.organiser, "t2").await;
    let page = people.organiser.get("/desk/campaigns/t2/cancellation").await.expect(200).text();
    assert!(page.contains("草稿到此结束") && page.contains("工作人员会看到"), "{page}");
    given::published(&app, &people, "t3", |draft| draft.opens_on = given::day("2018-04-07")).await;
    let page = people.organiser.get("/desk/campaigns/t3/cancellation").await.expect(200).text();
    assert!(page.contains("6个题目不再投票，也不会选出2个堵点、交办到3个省份"), "{page}");
    press(&people.organiser, "t3", "cancellation", "并入第四季").await.expect(303);
}

#[tokio::test]
async fn the_check_is_no_way_to_a_move_that_is_not_offered() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    for act in ["publication", "suspension", "halt-confirmation"] {
        let answer = people.organiser.get(&format!("/desk/campaigns/t1/{act}")).await.expect(303);
        assert_eq!(answer.location(), "/desk/campaigns/t1");
    }
    send(&people.organiser, "/t1/publication", &[("revision", "2".to_owned())]).await.expect(409);
}
