//! The public view of campaigns.

use entity::stored::{Display, Role, Track};
use shudu::base::main_store::Changes;

use super::{draft, press};
use testing::app::noon;
use testing::{TestApp, given};

#[tokio::test]
async fn a_draft_is_nowhere_for_the_public() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    draft(&people.organiser, "t1").await;
    let visitor = app.nobody();
    for handed_in in [false, true] {
        if handed_in {
            press(&people.organiser, "t1", "submission", "").await.expect(303);
        }
        for path in ["/campaigns/t1", "/api/v1/campaigns/t1", "/api/v1/campaigns/t1/questionnaire"] {
            visitor.get(path).await.expect(404);
        }
        let list = visitor.get("/campaigns").await.expect(200).text();
        assert!(list.contains("还没有公布的活动") && !list.contains("小试"), "{list}");
        let list = visitor.get("/api/v1/campaigns").await.expect(200).json();
        assert_eq!(list.as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn the_page_changes_with_the_phase() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let visitor = app.nobody();
    let page = async || visitor.get("/campaigns/t1").await.expect(200).text();

    let scheduled = page().await;
    for said in [
        "2018年4月5日（周四）0:00开始投票，2018年4月8日（周日）24:00截止",
        "最多选3项，提交后不能修改",
        "匿名或实名，自己选；两种分开计票，分开公布",
        "只公布参与人次，不公布各项得票，工作人员也看不到",
        "前2项成为堵点。得票（匿名加实名）多的排在前面；票数相同，先比实名票；还相同，题号小的在前",
        "匿名票不等于人数",
        "江苏省、浙江省、陕西省",
        "2018年6月30日（周六），遇休息日顺延到下一个工作日",
        "国家发展改革委",
        "/api/v1/campaigns/t1\"",
    ] {
        assert!(scheduled.contains(said), "{said}: {scheduled}");
    }
    for hidden in ["第1件办起来很麻烦的事情", "/t1/ballot", "/t1/questionnaire", "name of"] {
        assert!(!scheduled.contains(hidden), "{hidden}: {scheduled}");
    }

    app.clock.set(noon("2018-04-06"));
    let voting = page().await;
    for said in ["投票到2018年4月8日（周日）24:00", "开始投票", "/campaigns/t1/ballot"] {
        assert!(voting.contains(said), "{said}: {voting}");
    }
    app.clock.set(noon("2018-04-09"));
    let closed = page().await;
    assert!(closed.contains("正在计票") && !closed.contains("/t1/ballot"), "{closed}");
}

#[tokio::test]
async fn the_page_leads_to_the_figures_that_the_display_rule_allows() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    for (slug, display) in [("t1", Display::Turnout), ("t2", Display::Live), ("t3", Display::Closed)] {
        given::published(&app, &people, slug, |draft| draft.display = display).await;
    }
    let visitor = app.nobody();
    let page = async |slug: &str| visitor.get(&format!("/campaigns/{slug}")).await.expect(200).text();
    assert!(!page("t1").await.contains("/t1/results"), "nothing to see before voting");
    for day in ["2018-04-06", "2018-04-09"] {
        app.clock.set(noon(day));
        let (turnout, live, closed) = (page("t1").await, page("t2").await, page("t3").await);
        assert!(turnout.contains("看参与人次") && turnout.contains("/t1/results"), "{turnout}");
        assert!(live.contains("看目前得票") && live.contains("/t2/results"), "{live}");
        assert!(!closed.contains("/t3/results"), "{closed}");
        assert!(closed.contains("什么数字都不公布，工作人员也看不到"), "{closed}");
    }
}

#[tokio::test]
async fn a_counted_campaign_leads_to_its_results_and_a_dispatched_one_to_its_progress() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::certified(&app, &people, "t1").await;
    let visitor = app.nobody();
    let page = visitor.get("/campaigns/t1").await.expect(200).text();
    assert!(page.contains("/campaigns/t1/results") && page.contains("结果已公布，下一步交办到各省"));
    let desk = people.organiser.get("/desk/campaigns/t1").await.expect(200).text();
    assert!(desk.contains("/desk/campaigns/t1/tally") && desk.contains("/desk/campaigns/t1/dispatch"));

    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    let page = app.nobody().get("/campaigns/t1").await.expect(200).text();
    for said in ["2个堵点已交办到各省，正在整改和核验", "/dashboard?campaign=t1", "交办到各省"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("name of"), "offices, never names: {page}");
}

#[tokio::test]
async fn rules_are_said_as_they_are() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |draft| {
        draft.display = Display::Live;
        draft.tracks = vec![Track::Anonymous];
        draft.deadline = shudu::campaign::draft::Deadline::After(30);
    })
    .await;
    let page = app.nobody().get("/campaigns/t1").await.expect(200).text();
    for said in [
        "公布参与人次，也公布各项得票",
        "只有匿名",
        "前2项成为堵点。得票多的排在前面；票数相同，题号小的在前",
        "交办后30个工作日，交办当天不算",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn the_list_puts_what_can_be_voted_on_first() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "late", |draft| {
        draft.name_zh = "以后的".to_owned();
        draft.opens_on = given::day("2018-05-01");
        draft.closes_on = given::day("2018-05-02");
    })
    .await;
    given::open(&app, &people, "now").await;
    let page = app.nobody().get("/campaigns").await.expect(200).text();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("可以投票") < at("小试") && at("小试") < at("未开始或暂停"));
    assert!(at("未开始或暂停") < at("以后的"));
    assert!(page.contains("/campaigns/now/ballot") && !page.contains("/campaigns/late/ballot"));
}

#[tokio::test]
async fn public_pages_speak_english_too() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let english = app.nobody().in_english();
    let list = english.get("/campaigns").await.expect(200).text();
    assert!(list.contains("Vote until 24:00 on Sunday 8 April 2018"), "{list}");
    let page = english.get("/campaigns/t1").await.expect(200).text();
    for said in [
        "<html lang=\"en\">",
        "A small trial",
        "0:00 on Thursday 5 April 2018 to 24:00 on Sunday 8 April 2018, 4 days",
        "Up to 3 options; it cannot be changed once cast",
        "Acknowledged or returned within 1 working day of dispatch",
        "Start voting",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A language that is chosen in the address stays in every link.
    let sticky = app.nobody().get("/campaigns/t1?lang=en").await.expect(200).text();
    assert!(sticky.contains("/campaigns/t1/ballot?lang=en"), "{sticky}");
}

#[tokio::test]
async fn an_imported_campaign_shows_only_the_rules_that_it_has() {
    let app = TestApp::new().await;
    let import = shudu::campaign::commands::Import {
        slug: "old".to_owned(),
        name: "Old Mill".to_owned(),
        language: "en".to_owned(),
        opens_at: "2018-03-01T00:00:00Z".parse().unwrap(),
        closes_at: "2018-03-05T16:00:00Z".parse().unwrap(),
        max_choices: 3,
        options: given::options("old"),
    };
    let system = shudu::base::ctx::Ctx::system("test", &app.clock);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| shudu::campaign::commands::import(tx, &system, &import).await)
        .await
        .unwrap();
    let page = app.nobody().get("/campaigns/old").await.expect(200).text();
    assert!(page.contains("<h1 lang=\"en\">Old Mill</h1>"), "{page}");
    for hidden in ["整改期限", "怎样入选", "征集"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let auditor = app.staff(Role::Auditor, "").await;
    auditor.get("/desk/campaigns/old").await.expect(200);
    auditor.get("/desk/campaigns/old/preview").await.expect(200);
}
