//! A new campaign after an earlier one.

use entity::stored::Role;

use super::{draft, form, shown, with};
use testing::TestApp;

#[tokio::test]
async fn the_rules_of_an_earlier_campaign_fill_the_form_of_a_new_one() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    let fresh = organiser.get("/desk/campaigns/new").await.expect(200).text();
    assert!(fresh.contains("照以前的活动新建：<a href=\"/desk/campaigns/new?from=t1\">小试</a>"), "{fresh}");
    let page = organiser.get("/desk/campaigns/new?from=t1").await.expect(200).text();
    let ticked =
        |id: &str| page.split(&format!("id=\"{id}\"")).nth(1).unwrap().split('>').next().unwrap().contains("checked");
    for id in ["host-NDRC", "unit-320000", "unit-330000", "unit-610000", "track-anonymous", "display-turnout"] {
        assert!(ticked(id), "{id}: {page}");
    }
    assert!(!ticked("unit-110000") && !ticked("options"), "{page}");
    let value = |id: &str| {
        let field = page.split(&format!("id=\"{id}\"")).nth(1).unwrap();
        field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let fields = ["slug", "name_zh", "opens_on", "closes_on", "deadline_on", "max_choices", "top_n"];
    assert_eq!(fields.map(value), ["", "", "", "", "", "3", "2"]);
    assert!(page.contains("已照“小试”填好规则") && page.contains("试一试"), "{page}");
    organiser.get("/desk/campaigns/new?from=t9").await.expect(404);
    let english = organiser.in_english().get("/desk/campaigns/new?from=t1").await.expect(200).text();
    assert!(english.contains("Copy its 6 options as well"), "{english}");
}

#[tokio::test]
async fn options_are_copied_on_request_with_codes_of_the_new_campaign() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    let post = async |form: Vec<(&'static str, String)>| super::send(&organiser, "/new", &form).await;
    post(with(form("t2"), "from", "t1")).await.expect(303);
    assert_eq!(super::option_count(&app, "t2").await, 0, "only on request");

    let wanted = |slug| with(with(form(slug), "from", "t1"), "copy_options", "1");
    let wrong = post(with(wanted("t3"), "top_n", "many")).await.expect(422).text();
    let kept = wrong.split("id=\"options\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert!(kept.contains("checked") && wrong.contains("name=\"from\" value=\"t1\""), "{wrong}");
    post(wanted("t3")).await.expect(303);
    let questionnaire = organiser.get("/api/v1/campaigns/t3/questionnaire").await.expect(200).json();
    let options = questionnaire["options"].as_array().unwrap();
    assert_eq!(options.len(), 6);
    assert_eq!((&options[5]["code"], &options[5]["theme_zh"]), (&"T3-6".into(), &"网上".into()));
    assert_eq!(shown(&organiser, "t3").await["phase"], "draft");

    // The codes of a long slug are too long; then nothing is made.
    let long = "a-campaign-with-a-very-long-name";
    let refused = post(wanted(long)).await.expect(422).text();
    assert!(refused.contains("href=\"#options\"") && refused.contains("最多20个"), "{refused}");
    organiser.get(&format!("/desk/campaigns/{long}")).await.expect(404);
}

#[tokio::test]
async fn a_tick_at_the_options_outlives_a_change_of_language() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    let page = organiser.get("/desk/campaigns/new?from=t1").await.expect(200).text();
    assert!(page.contains("method=\"post\" action=\"/desk/campaigns/new?from=t1\""), "{page}");
    let wanted = with(with(with(form("t2"), "from", "t1"), "copy_options", "1"), "act", "check");
    let fields: Vec<(&str, &str)> = wanted.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let checked = organiser.post_form("/desk/campaigns/new?from=t1", &fields).await.expect(200);
    let drawn = organiser.post_form(&checked.tool(" lang=\"en\""), &fields).await.expect(200).text();
    let box_of_options = drawn.split("id=\"options\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(box_of_options.contains("checked") && drawn.contains("name=\"from\" value=\"t1\""), "{drawn}");
    assert!(drawn.contains("<html lang=\"en\"") && drawn.contains("value=\"t2\""), "{drawn}");
}
