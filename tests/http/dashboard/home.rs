//! The front page in each of its states, in both languages.

use entity::stored::{AssignmentState, CampaignMove, Display};
use shudu::base::main_store::Changes;
use shudu::campaign::commands::advance;

use crate::tally::show;
use testing::app::noon;
use testing::{Desk, TestApp, given};

/// The front page in Chinese and in English.
async fn home(app: &TestApp) -> (String, String) {
    let zh = app.nobody().get("/").await.expect(200);
    assert!(zh.headers["cache-control"].to_str().unwrap().starts_with("public"));
    let en = app.nobody().get("/?lang=en").await.expect(200);
    (zh.text(), en.text())
}

#[tokio::test]
async fn with_nothing_to_vote_on_it_says_so_and_lists_the_provinces() {
    let app = TestApp::new().await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("现在没有开放的投票") && zh.contains("交办到31个省份限期解决"));
    assert!(zh.contains("还没有省份报来变化") && !zh.contains("上一次选出的堵点"));
    assert!(en.contains("No vote is open now") && en.contains("31 provinces must fix it"));
    assert_eq!(zh.matches("href=\"/provinces/").count(), 31);
    assert!(zh.contains("<h3>华北</h3>") && zh.contains("<a href=\"/provinces/150000\">内蒙古</a>"));
    // A language that is chosen in the address stays in every link.
    assert!(en.contains("<a href=\"/provinces/150000?lang=en\">Inner Mongolia</a>"));
}

#[tokio::test]
async fn a_campaign_to_come_is_announced_and_an_open_one_is_one_tap_away() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("下一次投票") && zh.contains("2018年4月5日开始，2018年4月8日24:00截止"));
    assert!(en.contains("From 5 April 2018 to 8 April 2018, 24:00"));
    assert!(!zh.contains("开始投票"));

    app.clock.set(noon("2018-04-06"));
    given::ballots(&app, "t1", &[("320000", &[1]), ("330000", &[2])]).await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("选票还少，暂不公布") && en.contains("too few ballots yet to be shown"));
    given::ballots(&app, "t1", &[("320000", &[1_u8][..]); 50]).await;
    show(&app, "t1", 1).await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("正在投票") && zh.contains("2018年4月8日24:00截止"));
    assert!(zh.contains("已公布52张选票（2018年4月6日12:00更新）") && zh.contains("试一试"));
    assert!(zh.contains("href=\"/campaigns/t1/ballot\">开始投票</a>"));
    assert!(zh.contains("看活动说明") && !zh.contains("看现在的得票"));
    assert!(en.contains("52 ballots shown (updated at 6 April 2018, 12:00)") && en.contains("Start voting</a>"));
    assert!(en.contains("href=\"/campaigns/t1/ballot?lang=en\""));
}

#[tokio::test]
async fn turnout_is_shown_by_the_campaigns_rule() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |d| d.display = Display::Closed).await;
    app.clock.set(noon("2018-04-06"));
    given::ballots(&app, "t1", &[("320000", &[1])]).await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("投票期间不公布参与人次") && !zh.contains("1人次"));
    assert!(en.contains("Turnout is not shown while voting is open"));

    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |d| d.display = Display::Live).await;
    app.clock.set(noon("2018-04-06"));
    let (zh, _) = home(&app).await;
    assert!(zh.contains("href=\"/campaigns/t1/results\">看现在的得票</a>"));
}

#[tokio::test]
async fn a_halted_vote_and_one_that_is_being_counted_are_told() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let organiser = app.ctx(&people.organiser);
    let go = async |act, reason: &str| {
        app.app
            .stores
            .main
            .write(Changes::Campaigns, async |tx| advance(tx, &organiser, "t1", act, reason).await)
            .await
            .unwrap();
    };
    go(CampaignMove::Suspension, "题目有误").await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("投票已暂停") && zh.contains("题目有误") && !zh.contains("开始投票"));
    assert!(en.contains("Voting is halted"));
    go(CampaignMove::Resumption, "").await;

    app.clock.set(noon("2018-04-09"));
    let (zh, en) = home(&app).await;
    assert!(zh.contains("2018年4月8日24:00截止，正在计票"));
    assert!(en.contains("It closed on 8 April 2018 at 24:00; the count is under way"));

    let count = "/api/v1/campaigns/t1/count";
    people.organiser.post_json(count, &().into()).await.expect(200);
    let (zh, en) = home(&app).await;
    assert!(zh.contains("初步结果") && zh.contains("href=\"/campaigns/t1/results\">看结果</a>"));
    assert!(en.contains("The selection is published once two approvers have signed"));
}

#[tokio::test]
async fn a_certified_result_is_told_until_it_is_dispatched() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::certified(&app, &people, "t1").await;
    let (zh, en) = home(&app).await;
    assert!(zh.contains("结果已认证") && zh.contains("选出的堵点很快交办到各省"));
    assert!(en.contains("Result certified"));
}

#[tokio::test]
async fn the_last_dispatched_campaign_shows_three_fractions_and_the_latest_moves() {
    let desk = Desk::new().await;
    let (zh, en) = home(&desk.app).await;
    for wanted in [
        "上一次选出的堵点，改了没有？",
        "截至2018年4月10日，4月10日交办，已0天",
        "href=\"/dashboard?campaign=t1\">0.0%</a>",
        ">0/6<",
        "还没有省份报来变化",
    ] {
        assert!(zh.contains(wanted), "{wanted}\n{zh}");
    }
    assert!(!zh.contains("已交办</b>"));

    desk.advance_to(AssignmentState::Verified).await;
    desk.app.clock.set(noon("2018-04-12"));
    let (zh, later) = home(&desk.app).await;
    for wanted in [
        "截至2018年4月12日，4月10日交办，已2天",
        "16.7%",
        ">1/6<",
        "href=\"/issues/T1-1/provinces/320000\">江苏：麻烦事1</a>",
        "督导核验通过",
        "<p class=\"muted\">省级确认解决</p>",
        "承办部门说改好了",
        "4月10日",
    ] {
        assert!(zh.contains(wanted), "{wanted}\n{zh}");
    }
    assert!(en.contains("dispatched on 10 April, 0 days ago"));
    for wanted in [
        "dispatched on 10 April, 2 days ago",
        "A supervision team confirmed the fix",
        "/issues/T1-1/provinces/320000?lang=en\">Jiangsu: Nuisance 1</a>",
    ] {
        assert!(later.contains(wanted), "{wanted}\n{later}");
    }
    // The page shows neither names nor offices of the people who made the moves.
    assert!(!zh.contains("name of") && !zh.contains("office of"));
}

#[tokio::test]
async fn overdue_rows_are_counted_of_those_not_resolved() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    desk.app.clock.set(noon("2018-07-04"));
    let (zh, _) = home(&desk.app).await;
    assert!(zh.contains(">5</a>") && zh.contains(">5/5<"), "{zh}");
    assert!(zh.contains("分母是还没解决的"));
}

#[tokio::test]
async fn what_is_overdue_in_an_earlier_campaign_is_said_on_both_front_pages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::dispatched(&app, &people, "t1").await;
    app.clock.set(noon("2018-04-03"));
    given::dispatched(&app, &people, "t2").await;
    app.clock.set(noon("2018-07-20"));
    for path in ["/", "/dashboard"] {
        let page = app.nobody().get(path).await.expect(200).text();
        let line = |slug: &str| {
            let at = page
                .find(&format!("<a href=\"/dashboard?campaign={slug}\""))
                .unwrap_or_else(|| panic!("{slug}: {page}"));
            page[at..].split("</li>").next().unwrap().to_owned()
        };
        assert!(line("t1,t2").contains("2次活动"), "{}", line("t1,t2"));
        assert!(line("t1").contains("<b class=\"bad\">逾期"), "{}", line("t1"));
    }
}
