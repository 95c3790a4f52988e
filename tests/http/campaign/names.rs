//! Names of campaigns: no two campaigns that were submitted have names that look the same.

use entity::stored::Role;
use poem::http::Method;
use serde_json::{Value, json};

use super::{draft, form, rules, send, with};
use testing::{Answer, TestApp};

/// Fields and codes of the errors of a problem.
fn errors(answer: &Answer) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problem = answer.json();
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|e| (text(&e["field"]), text(&e["code"]))).collect()
}

#[tokio::test]
async fn no_campaign_takes_a_name_that_looks_like_that_of_another() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    // A draft may have the name of another draft. Only one of them can be submitted.
    let mut equal = form("t9");
    equal = with(with(equal, "name_zh", "小试"), "name_en", "A small trial");
    send(&organiser, "/new", &equal).await.expect(303);
    organiser.post_json("/api/v1/campaigns/t1/submission", &json!({})).await.expect(200);
    let refused = organiser.post_json("/api/v1/campaigns/t9/submission", &json!({})).await.expect(409);
    assert_eq!(refused.code(), "campaign.name_taken");
    let taken = |field: &str| (field.to_owned(), "campaign.name_taken".to_owned());

    // By the form, also in a copy of the campaign.
    for name in ["小试", "小试。", "小\u{200b}试", "小 试", "小\u{1d159}试", "a SMALL trial"] {
        let twin = with(form("t2"), "name_zh", name);
        let page = send(&organiser, "/new", &twin).await.expect(422).text();
        assert!(page.contains("href=\"#name_zh\"") && page.contains("或者看上去一样"), "{name:?}: {page}");
        send(&organiser, "/new", &with(twin, "from", "t1")).await.expect(422);
    }
    // By the API, for a new campaign and for a draft.
    let mut twin = rules("t2");
    (twin["name_zh"], twin["name_en"]) = (json!("小试……"), json!("A small trial."));
    let refused = organiser.post_json("/api/v1/campaigns", &twin).await.expect(422);
    assert_eq!(errors(&refused), [taken("name_zh"), taken("name_en")]);
    organiser.post_json("/api/v1/campaigns", &rules("t2")).await.expect(201);
    twin["revision"] = json!(1);
    let refused = organiser.send_json(Method::PUT, "/api/v1/campaigns/t2", &twin).await.expect(422);
    assert_eq!(errors(&refused), [taken("name_zh"), taken("name_en")]);

    // A draft keeps its own name.
    let mut same = rules("t2");
    same["revision"] = json!(1);
    organiser.send_json(Method::PUT, "/api/v1/campaigns/t2", &same).await.expect(200);

    // The name of a cancelled campaign is free; its slug is not.
    let act = json!({ "reason": "重新来过" });
    organiser.post_json("/api/v1/campaigns/t1/cancellation", &act).await.expect(200);
    let refused = organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(422);
    assert_eq!(errors(&refused), [("slug".to_owned(), "campaign.slug_taken".to_owned())]);
    let mut anew = rules("t3");
    (anew["name_zh"], anew["name_en"]) = (json!("小试"), json!("A small trial"));
    organiser.post_json("/api/v1/campaigns", &anew).await.expect(201);
}
