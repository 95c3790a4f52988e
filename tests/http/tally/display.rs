//! The figures that are shown before the count: by the display rule of the campaign, the same for everybody.

use entity::stored::{CampaignMove, Display, Role, Track};
use shudu::base::main_store::Changes;

use super::{cast, closed, open, show};
use testing::{Person, TestApp, given};

/// Addresses that could reveal something about a running vote.
const ROUTES: [&str; 20] = [
    "/",
    "/?lang=en",
    "/campaigns",
    "/campaigns/t1",
    "/campaigns/t1/results",
    "/campaigns/t1/results?place=320000",
    "/campaigns/t1/results.csv",
    "/campaigns/t1/results.csv?place=320000",
    "/campaigns/t1/ballot?o=17",
    "/dashboard",
    "/dashboard.csv",
    "/issues/T1-1",
    "/provinces/320000",
    "/api/v1/campaigns",
    "/api/v1/campaigns/t1",
    "/api/v1/campaigns/t1/questionnaire",
    "/api/v1/campaigns/t1/tally",
    "/api/v1/campaigns/t1/ranking",
    "/api/v1/dashboard",
    "/desk/campaigns/t1/tally",
];

/// Further such addresses, for staff.
const DESKS: [&str; 4] = ["/desk", "/desk/campaigns", "/desk/campaigns/t1", "/desk/assignments"];

/// Everything that a person sees of a running vote, without the parts that differ from request to request.
async fn seen(person: &Person) -> Vec<String> {
    let mut seen = Vec::new();
    for path in ROUTES.iter().chain(&DESKS) {
        let answer = person.get(path).await;
        let request = answer.headers.get("x-request-id").cloned();
        let mut text = answer.text();
        if let Some(id) = request {
            text = text.replace(id.to_str().unwrap(), "");
        }
        if let Ok(mut problem) = serde_json::from_str::<serde_json::Value>(&text)
            && problem.get("request").is_some()
        {
            problem["request"] = "".into();
            text = problem.to_string();
        }
        seen.push(format!("{path} {} {text}", answer.status));
    }
    seen
}

/// Views of the public and of every kind of staff, after a number of ballots for one option.
async fn views(display: Display, ballots: usize, option: u8) -> Vec<Vec<String>> {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = display).await;
    cast(&app, "t1", 1, &[(ballots, Track::Anonymous, "320000", &[option])]).await;
    if ballots >= 50 && display != Display::Closed {
        show(&app, "t1", 1).await;
    }
    let mut views = vec![seen(&app.nobody()).await];
    for person in [&people.organiser, &people.approver] {
        views.push(seen(person).await);
    }
    for (role, scope) in
        [(Role::Auditor, ""), (Role::Sysadmin, ""), (Role::ProvinceCoordinator, "320000"), (Role::TeamLeader, "T3")]
    {
        views.push(seen(&app.staff(role, scope).await).await);
    }
    views
}

#[tokio::test]
async fn while_only_turnout_is_shown_no_route_tells_anybody_what_was_chosen() {
    let one = views(Display::Turnout, 57, 1).await;
    let other = views(Display::Turnout, 57, 6).await;
    for (one, other) in one.iter().flatten().zip(other.iter().flatten()) {
        assert_eq!(one, other);
    }
    // The comparison does find a difference where there is one.
    assert_ne!(one, views(Display::Turnout, 58, 1).await);
    assert_ne!(views(Display::Live, 57, 1).await, views(Display::Live, 57, 6).await);
}

#[tokio::test]
async fn while_nothing_is_shown_no_route_tells_anybody_how_many_voted() {
    let few = views(Display::Closed, 2, 1).await;
    let many = views(Display::Closed, 41, 1).await;
    for (few, many) in few.iter().flatten().zip(many.iter().flatten()) {
        assert_eq!(few, many);
    }
}

#[tokio::test]
async fn a_turnout_campaign_shows_ballots_by_track_and_says_why_no_more() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    let ballots: [(usize, Track, &str, &[u8]); 2] =
        [(70, Track::Anonymous, "320000", &[1]), (57, Track::RealName, "320000", &[2])];
    cast(&app, "t1", 1, &ballots).await;
    show(&app, "t1", 1000).await;
    for person in [&app.nobody(), &people.organiser] {
        let page = person.get("/campaigns/t1/results").await.expect(200).text();
        assert!(page.contains("投票正在进行"));
        assert!(page.contains("投票期间只公布参与人次，不公布各项得票，工作人员也看不到"));
        assert!(page.contains("2018年4月8日24:00截止"));
        assert!(page.contains(">127<") && page.contains("＝匿名70＋实名57"));
        assert!(page.contains("2018年4月6日12:00更新") && page.contains("每次至少增加50张选票"));
        assert!(page.contains("href=\"/campaigns/t1/ballot\""));
        assert!(!page.contains("class=\"data"));

        let file = person.get("/campaigns/t1/results.csv").await.expect(200);
        let file = file.text();
        assert!(file.contains("匿名,70\r\n实名,57\r\n合计,127\r\n"));
        assert!(!file.contains("T1-1"));

        for path in ["tally", "ranking"] {
            let answer = person.get(&format!("/api/v1/campaigns/t1/{path}")).await;
            let answer = answer.expect(409);
            assert_eq!(answer.code(), "tally.hidden");
            assert!(answer.text().contains("只公布参与人次"));
        }
    }
    let desk = people.organiser.get("/desk/campaigns/t1/tally").await;
    let desk = desk.expect(200).text();
    assert!(desk.contains("投票到2018年4月8日24:00截止，截止以后才能计票"));
    assert!(desk.contains("127张（2018年4月6日12:00更新）") && !desk.contains("T1-1"));
}

#[tokio::test]
async fn a_live_campaign_shows_running_counts_marked_as_such_and_none_by_province() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = Display::Live).await;
    let ballots: [(usize, Track, &str, &[u8]); 3] = [
        (300, Track::Anonymous, "320000", &[1]),
        (100, Track::RealName, "330000", &[1, 2]),
        (250, Track::Anonymous, "610000", &[3]),
    ];
    cast(&app, "t1", 1, &ballots).await;
    show(&app, "t1", 1000).await;
    for person in [&app.nobody(), &people.organiser] {
        let later = person.get("/campaigns/t1/results/provinces?place=320000").await.expect(200).text();
        assert!(later.contains("各省的数字在计票后公布") && !later.contains("浙江省"), "{later}");
        let page = person.get("/campaigns/t1/results").await.expect(200).text();
        assert!(page.contains("“麻烦事1”目前得票最多："));
        assert!(page.contains("每5张选票里约有3张选了它"));
        assert!(page.contains("投票进行中："));
        assert!(page.contains("目前第2名比第3名多150票"));
        assert!(page.contains("各省的数字在计票后公布"));
        assert!(!page.contains("浙江省") && !page.contains("未入选"));

        let file = person.get("/campaigns/t1/results.csv").await.expect(200);
        let file = file.text();
        assert!(file.contains("状态,投票进行中，不是最终结果"));
        assert!(file.contains("1,T1-1,第1件办起来很麻烦的事情,400,300,100,61.5%,目前在前2项"));
        assert!(!file.contains("浙江省"));

        let tally = person.get("/api/v1/campaigns/t1/tally").await.expect(200);
        let tally = tally.json();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(tally, @r#"
                {
                  "as_of": "2018-04-06T04:00:00+00:00",
                  "ballots": {
                    "anonymous": 550,
                    "real_name": 100,
                    "total": 650
                  },
                  "basis": "running",
                  "campaign": "t1",
                  "cells": [
                    {
                      "count": 550,
                      "option": "",
                      "province": "merged",
                      "track": "anonymous"
                    },
                    {
                      "count": 100,
                      "option": "",
                      "province": "merged",
                      "track": "real_name"
                    },
                    {
                      "count": 300,
                      "option": "T1-1",
                      "province": "merged",
                      "track": "anonymous"
                    },
                    {
                      "count": 100,
                      "option": "T1-1",
                      "province": "merged",
                      "track": "real_name"
                    },
                    {
                      "count": 100,
                      "option": "T1-2",
                      "province": "merged",
                      "track": "real_name"
                    },
                    {
                      "count": 250,
                      "option": "T1-3",
                      "province": "merged",
                      "track": "anonymous"
                    }
                  ],
                  "invalidated": 0,
                  "option_votes": {
                    "anonymous": 550,
                    "real_name": 200,
                    "total": 750
                  },
                  "options": [
                    {
                      "code": "T1-1",
                      "votes": 400,
                      "votes_anonymous": 300,
                      "votes_real_name": 100
                    },
                    {
                      "code": "T1-2",
                      "votes": 100,
                      "votes_anonymous": 0,
                      "votes_real_name": 100
                    },
                    {
                      "code": "T1-3",
                      "votes": 250,
                      "votes_anonymous": 250,
                      "votes_real_name": 0
                    },
                    {
                      "code": "T1-4",
                      "votes": 0,
                      "votes_anonymous": 0,
                      "votes_real_name": 0
                    },
                    {
                      "code": "T1-5",
                      "votes": 0,
                      "votes_anonymous": 0,
                      "votes_real_name": 0
                    },
                    {
                      "code": "T1-6",
                      "votes": 0,
                      "votes_anonymous": 0,
                      "votes_real_name": 0
                    }
                  ],
                  "provinces": [
                    {
                      "ballots": 650,
                      "ballots_anonymous": 550,
                      "ballots_real_name": 100,
                      "province": "merged"
                    }
                  ]
                }
                "#);
        }
        assert!(!tally.to_string().contains("320000"));

        let ranking = person.get("/api/v1/campaigns/t1/ranking").await.expect(200);
        let ranking = ranking.json();
        assert_eq!(ranking["basis"], "running");
        assert_eq!(ranking["ranking"][1]["code"], "T1-3");
        assert_eq!(ranking["signatures"].as_array().unwrap().len(), 0);
    }
}

#[tokio::test]
async fn a_closed_campaign_shows_nothing_until_it_is_counted() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = Display::Closed).await;
    cast(&app, "t1", 1, &[(30, Track::Anonymous, "320000", &[1])]).await;
    for person in [&app.nobody(), &people.organiser] {
        let page = person.get("/campaigns/t1/results").await.expect(200).text();
        assert!(page.contains("投票期间什么都不公布，工作人员也看不到"));
        assert!(!page.contains(">30<"));
        person.get("/campaigns/t1/results.csv").await.expect(409);
        let answer = person.get("/api/v1/campaigns/t1/tally").await.expect(409);
        assert!(answer.text().contains("什么都不公布"));
    }
}

#[tokio::test]
async fn the_close_alone_lifts_nothing() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    let page = app.nobody().get("/campaigns/t1/results").await.text();
    assert!(page.contains("投票已截止，正在计票"));
    assert!(page.contains("先把累计数和逐张重数对上"));
    assert!(page.contains("收到的选票还少，暂不公布数字"));
    assert!(!page.contains(">57<") && !page.contains("T1-1"));
    let tally = "/api/v1/campaigns/t1/tally";
    people.organiser.get(tally).await.expect(409);
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    app.nobody().get(tally).await.expect(200);
}

#[tokio::test]
async fn before_the_opening_after_a_halt_and_for_drafts_the_page_says_so() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let page = app.nobody().get("/campaigns/t1/results").await.text();
    assert!(page.contains("投票还没有开始") && page.contains("2018年4月5日开始投票"));
    let answer = app.nobody().get("/api/v1/campaigns/t1/tally").await;
    assert!(answer.expect(409).text().contains("还没有可以公布的得票"));

    let organiser = app.ctx(&people.organiser);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            let act = CampaignMove::Suspension;
            shudu::campaign::commands::advance(tx, &organiser, "t1", act, "题目有误").await
        })
        .await
        .unwrap();
    let page = app.nobody().in_english().get("/campaigns/t1/results").await;
    let page = page.text();
    assert!(page.contains("Voting is halted") && page.contains("题目有误"));

    let draft = given::draft("hidden");
    app.app
        .stores
        .main
        .write(Changes::Public, async |tx| shudu::campaign::commands::create(tx, &organiser, &draft).await)
        .await
        .unwrap();
    for path in [
        "/campaigns/hidden/results",
        "/campaigns/hidden/results.csv",
        "/campaigns/nowhere/results",
        "/api/v1/campaigns/hidden/tally",
        "/api/v1/campaigns/nowhere/ranking",
    ] {
        app.nobody().get(path).await.expect(404);
        people.organiser.get(path).await.expect(404);
    }
}
