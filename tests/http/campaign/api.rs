//! The life of a campaign, as in the pages, through the API.

use entity::stored::Role;
use poem::http::Method;
use serde_json::{Value, json};

use super::{rules, shown, table};
use testing::{Answer, Person, TestApp, given};

async fn act(person: &Person, act: &str, body: Value) -> Answer {
    let path = format!("/api/v1/campaigns/t1/{act}");
    person.post_json(&path, &body).await
}

async fn put(person: &Person, path: &str, body: &Value) -> Answer {
    person.send_json(Method::PUT, &format!("/api/v1/campaigns/{path}"), body).await
}

fn list() -> Value {
    given::options("t1")
        .iter()
        .map(|o| {
            json!({
                "code": o.code,
                "ballot_no": o.ballot_no,
                "title_zh": o.title_zh,
                "title_en": o.title_en,
                "short_zh": o.short_zh,
                "short_en": o.short_en,
                "theme_zh": o.theme_zh,
                "theme_en": o.theme_en,
                "domain": o.domain,
                "lead_department": o.lead_department,
                "co_departments": o.co_departments.0,
                "root_cause": o.root_cause,
                "remedies": o.remedies.0,
                "affected": o.affected.code(),
                "proposed_by": o.proposed_by.code(),
            })
        })
        .collect()
}

#[tokio::test]
async fn a_campaign_lives_its_whole_life_through_the_api() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let visitor = app.nobody();
    let made = people.organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201).json();
    assert_eq!((&made["phase"], &made["revision"]), (&json!("draft"), &json!(1)));
    assert_eq!(made["moves"], json!(["submission", "cancellation"]));

    let mut change = rules("t1");
    change["name_zh"] = json!("改过的名称");
    change["revision"] = json!(1);
    let changed = put(&people.organiser, "t1", &change).await.expect(200).json();
    assert_eq!((&changed["name_zh"], &changed["revision"]), (&json!("改过的名称"), &json!(2)));
    let body = json!({"revision": 2, "options": list()});
    let options = put(&people.organiser, "t1/options", &body).await.expect(200).json();
    assert_eq!(options["options"].as_array().unwrap().len(), 6);

    act(&people.organiser, "submission", json!({})).await.expect(200);
    let back = json!({"reason": "再想想"});
    act(&people.approver, "sending-back", back).await.expect(200);
    act(&people.organiser, "submission", json!({"revision": 5})).await.expect(200);
    visitor.get("/api/v1/campaigns/t1").await.expect(404);
    let published = act(&people.approver, "publication", json!({})).await.expect(200).json();
    assert_eq!(published["phase"], "scheduled");

    let seen = shown(&visitor, "t1").await;
    assert_eq!(seen["questionnaire"].as_str().unwrap().len(), 64);
    assert_eq!(seen["units"][2]["name_zh"], "陕西省");
    assert_eq!(seen["hosts"][0]["code"], "NDRC");
    assert_eq!(seen["tracks"], json!(["anonymous", "real_name"]));
    assert_eq!((&seen["display"], &seen["deadline_on"]), (&json!("turnout"), &json!("2018-06-30")));
    for staff_only in ["revision", "moves", "notice"] {
        assert!(seen.get(staff_only).is_none(), "{staff_only}: {seen}");
    }
    let list = visitor.get("/api/v1/campaigns").await.expect(200).json();
    assert_eq!(list[0]["slug"], "t1");

    let halt = json!({"reason": "机房断电"});
    act(&people.organiser, "suspension", halt).await.expect(200);
    act(&people.organiser, "resumption", json!({})).await.expect(200);
    let end = json!({"reason": "并入第四季"});
    let ended = act(&people.organiser, "cancellation", end).await.expect(200).json();
    assert_eq!((&ended["phase"], &ended["notice"]), (&json!("cancelled"), &json!("并入第四季")));
}

#[tokio::test]
async fn the_questionnaire_is_in_the_order_of_ballot_numbers_in_both_languages() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    let path = "/api/v1/campaigns/t1/questionnaire";
    let found = app.nobody().get(path).await.expect(200).json();
    assert_eq!(found["questionnaire"], shown(&app.nobody(), "t1").await["questionnaire"]);
    let numbers: Vec<_> =
        found["options"].as_array().unwrap().iter().map(|o| o["ballot_no"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    let option = &found["options"][3];
    for (member, value) in [
        ("code", json!("T1-4")),
        ("title_zh", json!("第4件办起来很麻烦的事情")),
        ("title_en", json!("Errand number 4 is a great nuisance")),
        ("theme_en", json!("Online")),
        ("lead_department", json!("MPS")),
        ("root_cause", json!("queueing")),
        ("remedies", json!(["mobile", "agent"])),
    ] {
        assert_eq!(option[member], value, "{member}");
    }
}

#[tokio::test]
async fn wrong_rules_are_named_member_by_member() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    let mut wrong = rules("T 1");
    wrong["opens_on"] = json!("-262143-01-01");
    wrong["tracks"] = json!([]);
    wrong["units"] = json!(["320000", "320000", "810000"]);
    let problem = organiser.post_json("/api/v1/campaigns", &wrong).await.expect(422).json();
    let codes: Vec<_> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        codes,
        ["campaign.slug", "form.year", "campaign.no_track", "campaign.unknown_unit", "campaign.unit_twice"]
    );
    let mut both = rules("t1");
    both["deadline_days"] = json!(30);
    let problem = organiser.post_json("/api/v1/campaigns", &both).await.expect(422);
    assert_eq!(problem.code(), "campaign.one_deadline");
    organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201);
    let mut again = rules("t1");
    (again["name_zh"], again["name_en"]) = (json!("另一次"), json!("Another trial"));
    let twice = organiser.post_json("/api/v1/campaigns", &again).await.expect(422);
    assert_eq!(twice.code(), "campaign.slug_taken");
}

#[tokio::test]
async fn options_come_as_a_list_or_as_a_table_and_are_checked_alike() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201);
    let mut wrong = list();
    wrong[2]["short_zh"] = json!("一二三四五六七八九十一二三");
    let body = json!({"revision": 1, "options": wrong});
    let problem = put(&organiser, "t1/options", &body).await.expect(422);
    assert_eq!(problem.code(), "options.too_long");
    let title = problem.json()["errors"][0]["title"].clone();
    assert_eq!(title, "第3行short_zh：“一二三四五六七八九十一二三”有13个字，最多12个");
    let body = json!({"revision": 1, "csv": table("t1").replace("queueing", "queue")});
    let problem = put(&organiser, "t1/options", &body).await.expect(422).json();
    assert_eq!(problem["errors"].as_array().unwrap().len(), 6);
    for neither in [json!({"revision": 1}), json!({"revision": 1, "options": list(), "csv": ""})] {
        let problem = put(&organiser, "t1/options", &neither).await.expect(422);
        assert_eq!(problem.code(), "options.one_form");
    }
    assert_eq!(super::option_count(&app, "t1").await, 0);
    put(&organiser, "t1/options", &json!({"revision": 1, "csv": table("t1")})).await.expect(200);
    assert_eq!(super::option_count(&app, "t1").await, 6);
}

#[tokio::test]
async fn stale_and_frozen_changes_are_refused() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    people.organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201);
    let body = json!({"revision": 1, "options": list()});
    put(&people.organiser, "t1/options", &body).await.expect(200);
    let mut change = rules("t1");
    change["revision"] = json!(1);
    let stale = put(&people.organiser, "t1", &change).await.expect(409);
    assert_eq!(stale.code(), "campaign.stale");
    assert_eq!(put(&people.organiser, "t1/options", &body).await.expect(409).code(), "campaign.stale");
    act(&people.organiser, "submission", json!({})).await.expect(200);
    act(&people.approver, "publication", json!({})).await.expect(200);
    change["revision"] = shown(&people.organiser, "t1").await["revision"].clone();
    let frozen = put(&people.organiser, "t1", &change).await.expect(409);
    assert_eq!(frozen.code(), "campaign.frozen");
    let body = json!({"revision": change["revision"], "options": list()});
    assert_eq!(put(&people.organiser, "t1/options", &body).await.expect(409).code(), "campaign.frozen");
}

#[tokio::test]
async fn a_move_out_of_turn_says_where_the_campaign_stands() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    people.organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201);
    for (person, noun) in [
        (&people.organiser, "suspension"),
        (&people.organiser, "resumption"),
        (&people.approver, "publication"),
        (&people.approver, "sending-back"),
    ] {
        let problem = act(person, noun, json!({"reason": "x"})).await.expect(409);
        assert_eq!(problem.code(), "campaign.wrong_phase");
        assert_eq!(problem.json()["title"], "现在不能这样做：活动正在起草");
    }
    let few = act(&people.organiser, "submission", json!({})).await.expect(409);
    assert_eq!(few.code(), "campaign.too_few_options");
}

#[tokio::test]
async fn a_draft_is_read_by_those_who_make_campaigns() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    people.organiser.post_json("/api/v1/campaigns", &rules("t1")).await.expect(201);
    let auditor = app.staff(Role::Auditor, "").await;
    for reader in [&people.organiser, &people.approver, &auditor] {
        assert_eq!(shown(reader, "t1").await["phase"], "draft");
        let list = reader.get("/api/v1/campaigns").await.expect(200).json();
        assert_eq!(list.as_array().unwrap().len(), 1);
        reader.get("/api/v1/campaigns/t1/questionnaire").await.expect(200);
    }
    assert_eq!(shown(&auditor, "t1").await["moves"], json!([]));
}

#[tokio::test]
async fn a_date_that_is_none_and_a_number_out_of_range_are_named() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    for (member, value) in [
        ("opens_on", json!("x")),
        ("closes_on", json!("2018-02-30")),
        ("deadline_on", json!("30.6.2018")),
        ("max_choices", json!(2_147_483_648_i64)),
        ("top_n", json!(18_446_744_073_709_551_615_u64)),
    ] {
        let mut wrong = rules("t1");
        wrong[member] = value;
        let refused = people.organiser.post_json("/api/v1/campaigns", &wrong).await.expect(422).json();
        let error = &refused["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!(member), &json!("malformed")), "{refused}");
    }
}
