//! The tools of the head keep the form of a desk page: nothing typed is lost by another type size or language.

use chrono::TimeDelta;
use entity::stored::{AssignmentState, Role};
use poem::http::header;

use testing::actors::{PASSWORD, carried_version};
use testing::desk::ROW;
use testing::{Desk, Person, TestApp, given};

use crate::campaign::{draft, form, press, with};

const TYPED: [(&str, &str); 7] = [
    ("expected_version", "2"),
    ("before", "要到窗口排队\n还要<带>\"复印件\""),
    ("after", "手机上就能办"),
    ("effective_on", "2018-04-10"),
    ("covered", "九十八"),
    ("coverable", ""),
    ("evidence", "通知.pdf"),
];

async fn planned() -> (Desk, String) {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.handler, "plan").await;
    (desk, format!("/desk/assignments/{ROW}/report"))
}

fn kept(html: &str) {
    for part in [
        "要到窗口排队\n还要&#60;带&#62;&#34;复印件&#34;</textarea>",
        "手机上就能办</textarea>",
        "value=\"2018-04-10\"",
        "value=\"九十八\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[tokio::test]
async fn a_report_is_drawn_again_with_all_that_was_typed() {
    let (desk, address) = planned().await;
    let page = desk.handler.get(&address).await.expect(200);
    let before = desk.moves(ROW).await;
    for (attribute, language, cookie) in [
        ("data-type=\"3\"", "zh-CN", Some("__Host-prefs-type=3")),
        ("data-theme=\"dark\"", "zh-CN", Some("__Host-prefs-theme=dark")),
        (" lang=\"en\"", "en", None),
    ] {
        let drawn = desk.handler.post_form(&page.tool(attribute), &TYPED).await.expect(200);
        let html = drawn.text();
        kept(&html);
        assert!(html.contains(&format!("<html lang=\"{language}\">")), "{html}");
        assert!(html.contains("name=\"expected_version\" value=\"2\""), "the version on which the text was written");
        assert!(html.contains(if language == "en" { "choose them again" } else { "请重新选择" }), "{html}");
        let set = drawn.headers.get(header::SET_COOKIE).map(|set| set.to_str().unwrap());
        assert!(set.unwrap_or("").starts_with(cookie.unwrap_or("")) && set.is_some() == cookie.is_some());
        // Pressed once more, on the page that was drawn.
        kept(&desk.handler.post_form(&drawn.tool("data-type=\"1\""), &TYPED).await.expect(200).text());
    }
    assert_eq!(desk.moves(ROW).await, before, "nothing was filed");
}

#[tokio::test]
async fn a_form_whose_session_ended_is_kept_in_both_languages() {
    let (desk, address) = planned().await;
    let page = desk.handler.get(&address).await.expect(200);
    let nobody = desk.app.nobody();
    let fields: Vec<(&str, &str)> = TYPED.into_iter().filter(|(name, _)| *name != "evidence").collect();
    for ended in
        [nobody.post_form(&address, &fields).await, nobody.post_form(&page.tool("data-type=\"2\""), &fields).await]
    {
        let ended = ended.expect(401);
        assert!(ended.text().contains("登录已结束"));
        let english = nobody.post_form(&ended.tool(" lang=\"en\""), &fields).await.expect(401);
        assert!(english.text().contains("Your sign-in has ended") && english.text().contains("手机上就能办"));
        let back = nobody.post_form(&english.tool(" lang=\"zh-CN\""), &fields).await.expect(401);
        assert!(back.text().contains("登录已结束") && back.text().contains("手机上就能办"));
    }
}

#[tokio::test]
async fn a_form_that_its_page_no_longer_has_is_kept_as_text() {
    let (desk, address) = planned().await;
    let page = desk.handler.get(&address).await.expect(200);
    let tool = page.tool("data-type=\"2\"");
    desk.make_move(&desk.handler, "report").await;
    let page = desk.handler.post_form(&tool, &TYPED).await.expect(409);
    let gone = page.text();
    assert!(
        gone.contains("刚才填的内容在这里") && gone.contains("手机上就能办") && gone.contains("复印件&#34;</textarea>"),
        "{gone}"
    );
    // The tools of that page say the same: no session has ended.
    let english = desk.handler.post_form(&page.tool(" lang=\"en\""), &TYPED).await.expect(409).text();
    assert!(english.contains("no longer has this form") && english.contains("手机上就能办"), "{english}");
}

#[tokio::test]
async fn a_form_that_waits_for_a_proof_is_kept_under_a_sentence_of_its_own() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let leader = desk.app.sign_in_again(&desk.leader).await;
    let path = format!("/desk/assignments/{ROW}/verification");
    desk.app.clock.wait(TimeDelta::minutes(11));
    let fields = [("test", "手机实办一件，\n用时八分钟"), ("findings", "")];
    let waits = leader.post_form(&path, &fields).await.expect(403);
    let own =
        [("confirmation-to", path.as_str()), ("confirmation-method", "POST"), ("confirmation-password", PASSWORD)];
    let sent = [fields.as_slice(), own.as_slice()].concat();
    let english = leader.post_form(&waits.tool(" lang=\"en\""), &sent).await.expect(403);
    for (page, said) in [
        (&english, "Send it again; it goes on once you have confirmed that it is you."),
        // Pressed once more, on the page that keeps the form.
        (&leader.post_form(&english.tool(" lang=\"zh-CN\""), &fields).await.expect(403), "确认是本人后继续办理。"),
    ] {
        let html = page.text();
        assert!(html.contains(said) && html.contains("手机实办一件，\n用时八分钟</textarea>"), "{html}");
        assert!(html.contains(&format!("action=\"{path}?lang=")), "{html}");
        assert!(!html.contains(PASSWORD) && !html.contains("confirmation-"), "{html}");
    }
    assert_eq!(desk.state(ROW).await, AssignmentState::Resolved, "nothing was filed");
}

/// Sends a form that is refused, and then again to two tools of the answer: its page keeps what was typed.
async fn refused_and_drawn_again(person: &Person, address: &str, fields: &[(&str, &str)], kept: &str) {
    let refused = person.post_form(address, fields).await.expect(422);
    assert!(refused.text().contains(kept), "{address}: {}", refused.text());
    for attribute in ["data-type=\"3\"", " lang=\"en\""] {
        let drawn = person.post_form(&refused.tool(attribute), fields).await;
        assert_eq!(drawn.status.as_u16(), 200, "{address}: {}", drawn.text());
        assert!(drawn.text().contains(kept), "{address}: {}", drawn.text());
    }
}

#[tokio::test]
async fn every_desk_form_that_is_refused_is_drawn_again_by_the_tools() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    let (admin, security) = (app.staff(Role::Sysadmin, "").await, app.staff(Role::SecurityAdmin, "").await);
    let coordinator = app.staff(Role::ProvinceCoordinator, "320000").await;
    draft(&people.organiser, "t1").await;
    let long = "长".repeat(501);
    let kept_long = format!("{long}</textarea>");

    let rules = with(form("t1"), "top_n", "许多");
    let rules: Vec<(&str, &str)> = rules.iter().map(|(field, value)| (*field, value.as_str())).collect();
    refused_and_drawn_again(&people.organiser, "/desk/campaigns/new", &rules, "value=\"许多\"").await;
    let rules = [rules.as_slice(), &[("revision", "2")]].concat();
    refused_and_drawn_again(&people.organiser, "/desk/campaigns/t1/rules", &rules, "value=\"许多\"").await;
    let options = [("revision", "2"), ("options", "没有表头"), ("act", "save")];
    refused_and_drawn_again(&people.organiser, "/desk/campaigns/t1/options", &options, "没有表头</textarea>").await;

    // The address of a move leads to the overview, whose form has an id of the move.
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    let (revision, value) = carried_version(&people.approver.get("/desk/campaigns/t1").await.text());
    let reason = [(revision, value.as_str()), ("reason", long.as_str())];
    refused_and_drawn_again(&people.approver, "/desk/campaigns/t1/sending-back", &reason, &kept_long).await;

    let account = [("login", "x"), ("name", "陈静"), ("office", "")];
    refused_and_drawn_again(&admin, "/desk/accounts/new", &account, "value=\"陈静\"").await;
    let page = admin.get("/desk/accounts/organiser").await.expect(200).text();
    let version = page.split("name=\"version\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let change = [("version", version), ("name", ""), ("office", "新单位")];
    refused_and_drawn_again(&admin, "/desk/accounts/organiser", &change, "value=\"新单位\"").await;
    let roles = [("version", version), ("roles", "sysadmin"), ("roles", "organiser"), ("home_province", "330000")];
    let kept = "<option value=\"330000\" selected";
    refused_and_drawn_again(&security, "/desk/accounts/organiser/roles", &roles, kept).await;
    let loan = [("role", "handler 320000"), ("borrower", ""), ("from_on", "明天"), ("until_on", "")];
    refused_and_drawn_again(&coordinator, "/desk/delegations", &loan, "value=\"明天\"").await;
    let days = [("holidays", "国庆节"), ("makeup_days", "")];
    refused_and_drawn_again(&admin, "/desk/calendar/2019", &days, "国庆节</textarea>").await;
    let incident = [("title_zh", ""), ("title_en", "Late"), ("text_zh", "晚了一天"), ("text_en", "")];
    refused_and_drawn_again(&people.approver, "/desk/incidents", &incident, "晚了一天</textarea>").await;
}

#[tokio::test]
async fn refused_forms_of_a_running_campaign_are_drawn_again_by_the_tools() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    crate::tally::counted(&app, &people).await;
    let long = "长".repeat(501);
    let kept = format!("{long}</textarea>");
    // The proposal is on the page only with its criteria.
    let rule = [("province", "320000"), ("choices", "T1-1 T1-2"), ("reason", long.as_str())];
    refused_and_drawn_again(&people.organiser, "/desk/campaigns/t1/invalidations", &rule, &kept).await;

    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let suspension = "/desk/campaigns/t1/suspension";
    let (revision, value) = carried_version(&people.organiser.get(suspension).await.expect(200).text());
    let reason = [(revision, value.as_str()), ("reason", long.as_str())];
    refused_and_drawn_again(&people.organiser, suspension, &reason, &kept).await;
}

#[tokio::test]
async fn secrets_are_never_drawn_and_other_sites_are_never_answered() {
    let (desk, address) = planned().await;
    let tool = desk.handler.get(&address).await.expect(200).tool("data-type=\"2\"");
    let drawn =
        desk.handler.post_form(&tool, &[("after", "好了"), ("password", "geheim-7"), ("new", "geheim-8")]).await;
    assert!(!drawn.expect(200).text().contains("geheim"));
    let elsewhere = "/desk/preferences?form=move&keep=https%3A//evil.example/";
    let answer = desk.handler.post_form(elsewhere, &[("after", "好了")]).await;
    assert!(answer.headers.get(header::LOCATION).is_none() && !answer.text().contains("evil.example"));
    let signed: &Person = &desk.handler;
    assert_eq!(signed.get("/desk/preferences?keep=//evil.example").await.expect(303).location(), "/desk");
}
