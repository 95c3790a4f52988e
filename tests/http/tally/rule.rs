//! The effect of the ranking rule on anonymous votes: on pages, in the API and in the file.

use entity::stored::{RankingRule, Track};
use serde_json::{Value, json};

use super::cast;
use testing::app::noon;
use testing::given::Organisation;
use testing::{TestApp, given};

const DESK: &str = "/desk/campaigns/t1/tally";

/// Number of anonymous ballots that one machine casts for the same option.
const STUFFED: usize = 9_000;

/// A counted campaign. Real-name votes: T1-1 30, T1-2 25, T1-3 9, T1-4 9. Honest anonymous votes: T1-1 20, T1-2 15, T1-3 12.
/// `stuffed` further anonymous ballots are for T1-6.
async fn counted(app: &TestApp, people: &Organisation, rule: RankingRule, stuffed: usize) {
    use Track::{Anonymous as A, RealName as R};
    given::published(app, people, "t1", |draft| draft.ranking_rule = rule).await;
    app.clock.set(noon("2018-04-06"));
    cast(
        app,
        "t1",
        1,
        &[
            (30, R, "320000", &[1]),
            (25, R, "320000", &[2]),
            (9, R, "320000", &[3, 4]),
            (20, A, "320000", &[1]),
            (15, A, "320000", &[2]),
            (12, A, "320000", &[3]),
            (stuffed, A, "610000", &[6]),
        ],
    )
    .await;
    app.clock.set(noon("2018-04-09"));
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
}

async fn ranking(app: &TestApp) -> Value {
    app.nobody().get("/api/v1/campaigns/t1/ranking").await.expect(200).json()
}

fn codes(ranking: &Value) -> Vec<&str> {
    ranking["ranking"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn nine_thousand_anonymous_votes_move_nothing_where_real_names_decide_and_it_is_said_what_they_would_move() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people, RankingRule::RealNameVotes, STUFFED).await;
    let found = ranking(&app).await;
    // T1-6 has no real-name votes, so it ranks behind the options that have some. Between T1-5 and T1-6 only the ballot number
    // decides.
    assert_eq!(codes(&found), ["T1-1", "T1-2", "T1-3", "T1-4", "T1-5", "T1-6"]);
    assert_eq!((&found["rule"], &found["basis"]), (&json!("realname-number/1"), &json!("counted")));
    assert!(found["rule_text"].as_str().unwrap().contains("匿名票列在旁边，不影响名次"));
    let other = &found["other_rule"];
    assert_eq!(
        (&other["rule"], &other["is_same"], &other["comes_in"], &other["falls_out"]),
        (&json!("votes-realname-number/1"), &json!(false), &json!(["T1-6"]), &json!(["T1-2"]))
    );
    let first = &found["ranking"][0];
    assert_eq!(
        (&first["votes"], &first["votes_real_name"], &first["votes_anonymous"]),
        (&json!(50), &json!(30), &json!(20))
    );
    assert_eq!(first["share_real_name"], "46.9");
    let last = &found["ranking"][5];
    assert_eq!((&last["votes"], &last["selected"]), (&json!(STUFFED), &json!(false)));
    // T1-3 and T1-4 tie by real-name votes, whatever their anonymous votes.
    let tie = &found["ranking"][2]["tie"];
    assert_eq!(
        (&tie["with"], &tie["step"], &tie["across_cut"]),
        (&json!(["T1-4"]), &json!("ballot_number"), &json!(false))
    );
    assert_eq!(tie["sentence"], "T1-3与T1-4的实名票同为9票，按题号，排为T1-3、T1-4");

    let page = app.nobody().get("/campaigns/t1/results").await.expect(200).text();
    let page_en = app.nobody().in_english().get("/campaigns/t1/results").await.expect(200).text();
    let desk = people.approver.get(DESK).await.expect(200).text();
    let file = app.nobody().get("/campaigns/t1/results.csv").await.expect(200).text();
    let differs = "如果按全部得票（匿名加实名）排，前2项会有1项不同：换上T1-6，换下T1-2。";
    assert_eq!(other["sentence"], differs);
    for (place, text) in [("page", &page), ("desk", &desk), ("file", &file)] {
        for said in [differs, "匿名票不等于人数", "realname-number/1", "匿名票列在旁边，不影响名次"]
        {
            assert!(text.contains(said), "{said} in {place}: {text}");
        }
    }
    for said in [
        "实名票中，“麻烦事1”得票最多：",
        "每2张选票里约有1张选了它",
        "前2名入选，第2名比第3名多16张实名票",
        "T1-6，另有匿名9,000票，未入选",
        "占实名选票",
        "＝匿名9,047＋实名64",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(
        page_en
            .contains("By all votes, anonymous ones included, 1 of the first 2 would be another: T1-6 in, T1-2 out.")
    );
    assert!(page_en.contains("Anonymous ballots are not people: one person can cast several"));
    // Rows are ordered by the deciding figure, and stuffed ballots do not shrink the bars.
    let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}: {page}"));
    assert!(at("T1-1，另有匿名20票") < at("T1-2，另有匿名15票"));
    assert!(page.contains("<rect class=\"b1\" x=\"0\" y=\"0\" width=\"30\" height=\"10\"/></svg>"), "{page}");
    assert!(page.contains("viewBox=\"0 0 30 10\"") && !page.contains("viewBox=\"0 0 9000 10\""));

    // The signed selection equals the ranking that was shown.
    let drawn = people.organiser.post_json("/api/v1/campaigns/t1/selection", &().into()).await.expect(200).json();
    assert_eq!((&drawn["rule"], &drawn["selected"]), (&json!("realname-number/1"), &json!(["T1-1", "T1-2"])));
    assert_eq!(drawn["other_rule"]["comes_in"], json!(["T1-6"]));
    for approver in [&people.approver, &people.second_approver] {
        approver.post_json("/api/v1/campaigns/t1/selection/approval", &().into()).await.expect(200);
    }
    let after = ranking(&app).await;
    assert_eq!(
        (&after["basis"], &after["ranking"], &after["other_rule"]),
        (&json!("certified"), &found["ranking"], other)
    );
    let issue = app.nobody().get("/issues/T1-6").await.expect(200).text();
    assert!(issue.contains("得实名票0张，排第6。入选的是实名票最多的前2个，所以没有入选"), "{issue}");
    assert!(issue.contains("9,111张选票里得实名票0张、匿名票9,000张，按实名票排第6；匿名票不等于人数"), "{issue}");
}

#[tokio::test]
async fn where_all_votes_decide_it_is_said_what_real_names_alone_would_select() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people, RankingRule::AllVotes, 60).await;
    let found = ranking(&app).await;
    assert_eq!(codes(&found), ["T1-6", "T1-1", "T1-2", "T1-3", "T1-4", "T1-5"]);
    let other = &found["other_rule"];
    assert_eq!((&other["comes_in"], &other["falls_out"]), (&json!(["T1-2"]), &json!(["T1-6"])));
    let differs = "如果只按实名票排，前2项会有1项不同：换上T1-2，换下T1-6。";
    for page in [app.nobody().get("/campaigns/t1/results").await.text(), people.approver.get(DESK).await.text()] {
        for said in [differs, "votes-realname-number/1", "得票（匿名加实名）多的排在前面"] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }
}

#[tokio::test]
async fn where_both_rules_select_the_same_it_is_said_too() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people, RankingRule::RealNameVotes, 0).await;
    let found = ranking(&app).await;
    assert_eq!(found["other_rule"]["is_same"], true);
    let page = app.nobody().get("/campaigns/t1/results").await.text();
    assert!(page.contains("如果按全部得票（匿名加实名）排，前2项还是这些。"), "{page}");
}

#[tokio::test]
async fn a_province_is_compared_by_the_votes_that_decide() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people, RankingRule::RealNameVotes, 60).await;
    let page = app.nobody().get("/campaigns/t1/results/provinces?place=320000").await.expect(200).text();
    for said in [
        "江苏省（实名票）：“麻烦事1”得票最多，每2张选票里约有1张选了它",
        "江苏省（实名票）的选票：64张，占全国64张的100.0%",
        "T1-1，江苏省（实名票）第1，全国第1",
        "匿名票不等于人数",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A province without real-name ballots is not compared, even with sixty anonymous ballots.
    let page = app.nobody().get("/campaigns/t1/results/provinces?place=610000").await.expect(200).text();
    assert!(page.contains("陕西省（实名票）不足20张选票，不和别处比较"), "{page}");
    let file = app.nobody().get("/campaigns/t1/results.csv").await.text();
    assert!(file.contains("当地实名票最多"), "{file}");
}

#[tokio::test]
async fn with_one_track_there_is_no_other_rule_to_speak_of() {
    for (track, note) in [(Track::Anonymous, true), (Track::RealName, false)] {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        given::published(&app, &people, "t1", |draft| {
            draft.tracks = vec![track];
            draft.ranking_rule = shudu::campaign::rule::usual(&draft.tracks);
        })
        .await;
        app.clock.set(noon("2018-04-06"));
        cast(&app, "t1", 1, &[(3, track, "320000", &[1, 2]), (1, track, "320000", &[2])]).await;
        app.clock.set(noon("2018-04-09"));
        people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
        let found = ranking(&app).await;
        assert!(found.get("other_rule").is_none(), "{found}");
        assert_eq!(codes(&found)[..2], ["T1-2", "T1-1"]);
        let page = app.nobody().get("/campaigns/t1/results").await.text();
        assert!(!page.contains("换一种排法") && page.contains("得票多的排在前面；票数相同，题号小的在前"), "{page}");
        assert_eq!(page.contains("匿名票不等于人数"), note, "{page}");
        let file = app.nobody().get("/campaigns/t1/results.csv").await.text();
        assert_eq!(file.contains("匿名票不等于人数"), note, "{file}");
    }
}
