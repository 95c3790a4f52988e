//! The tools of the head keep the form of a desk page: nothing typed is lost by another type size or language.

use poem::http::header;

use testing::desk::ROW;
use testing::{Desk, Person};

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
    let gone = desk.handler.post_form(&tool, &TYPED).await.expect(409).text();
    assert!(
        gone.contains("刚才填的内容在这里") && gone.contains("手机上就能办") && gone.contains("复印件&#34;</textarea>"),
        "{gone}"
    );
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
