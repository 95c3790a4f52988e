//! Published incidents of the site: by approvers, and once by the program itself.

use sea_orm::ConnectionTrait;
use serde_json::json;

use testing::{TestApp, given};

const DESK: &str = "/desk/incidents";
const CALL: &str = "/api/v1/incidents";

fn written() -> serde_json::Value {
    json!({
        "title_zh": "四月六日上午不能投票", "title_en": "No voting in the morning of 6 April",
        "text_zh": "九点到十点投不了票。\n已经恢复。", "text_en": "Voting failed from nine to ten.\nIt works again.",
    })
}

#[tokio::test]
async fn an_approver_publishes_and_everybody_reads_in_both_languages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    assert!(app.nobody().get("/incidents").await.expect(200).text().contains("目前没有"));
    let fields = written();
    let fields: Vec<(&str, &str)> =
        fields.as_object().unwrap().iter().map(|(name, text)| (name.as_str(), text.as_str().unwrap())).collect();
    people.approver.get(DESK).await.expect(200);
    let done = people.approver.post_form(DESK, &fields).await.expect(303).location();
    assert!(people.approver.get(&done).await.expect(200).text().contains("四月六日上午不能投票"));
    let page = app.nobody().get("/incidents").await.expect(200).text();
    assert!(page.contains("<p>九点到十点投不了票。</p>") && page.contains("<p>已经恢复。</p>"), "{page}");
    let page = app.nobody().in_english().get("/incidents").await.expect(200).text();
    assert!(page.contains("No voting in the morning of 6 April"), "{page}");

    let number =
        people.second_approver.post_json(CALL, &written()).await.expect(201).json()["number"].as_i64().unwrap();
    let told = app.nobody().get(CALL).await.expect(200).json();
    assert_eq!((told[0]["number"].as_i64().unwrap(), told.as_array().unwrap().len()), (number, 2));
    assert_eq!(told[0]["by_program"], false);
    for (who, status) in [(&app.nobody(), 401), (&people.organiser, 404)] {
        who.post_json(CALL, &written()).await.expect(status);
    }
    people.organiser.get(DESK).await.expect(404);
}

#[tokio::test]
async fn what_is_empty_too_long_or_on_two_lines_is_named_and_kept() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let long = "长".repeat(6_001);
    let fields = [("title_zh", "一行\n两行"), ("title_en", "  "), ("text_zh", &*long), ("text_en", "kept as typed")];
    let page = people.approver.post_form(DESK, &fields).await.expect(422).text();
    for wanted in
        ["只写一行，不能换行", "这里不能空着", "写了6001个字，最多6000个", "kept as typed", "href=\"#title_zh\""]
    {
        assert!(page.contains(wanted), "{wanted}");
    }
    let mut body = written();
    body["text_en"] = "".into();
    let refused = people.approver.post_json(CALL, &body).await.expect(422).json();
    assert!(refused.to_string().contains("text_en"), "{refused}");
    assert_eq!(app.nobody().get(CALL).await.json(), json!([]));
}

#[tokio::test]
async fn a_site_that_an_earlier_version_served_tells_what_that_version_signed_and_a_new_site_has_nothing_to_tell() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let tell = async || shudu::app::publish_known_incidents(&app.app.stores, &app.clock).await.unwrap();
    tell().await;
    assert_eq!(app.nobody().get(CALL).await.json(), json!([]));
    let earlier = "UPDATE ballot_paper SET format = 1";
    app.app.stores.ballots.write(async |tx| Ok(tx.execute_unprepared(earlier).await.map(drop)?)).await.unwrap();
    tell().await;
    tell().await;
    let told = app.nobody().get(CALL).await.json();
    assert_eq!((told.as_array().unwrap().len(), &told[0]["by_program"]), (1, &true.into()));
    assert!(app.nobody().get("/incidents").await.text().contains("只比对前16位"));
}
