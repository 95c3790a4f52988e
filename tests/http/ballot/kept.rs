//! Ticks and typed texts of a ballot are kept: by the tools of the head, on the way back, and after the close.

use poem::Request;
use poem::http::{Method, header};

use super::voting::{self, BALLOT_PAGE, Form, NUMBER, OPTIONS, receipt_of};
use testing::{Answer, Person};

/// Presses a tool without script: the browser sends the fields of the form, and sends them on where the answer says.
async fn press(who: &Person, at: &str, page: &Answer, attribute: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(page.tool(attribute).parse().unwrap())
        .header(header::HOST, "shudu.test")
        .header(header::ACCEPT_LANGUAGE, "zh-CN")
        .header(header::REFERER, format!("http://shudu.test{at}"))
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(serde_urlencoded::to_string(fields).unwrap());
    let sent_on = who.request(request).await.expect(307);
    assert_eq!(sent_on.headers.contains_key(header::SET_COOKIE), attribute.starts_with("data-"));
    who.post_form(&sent_on.location(), fields).await
}

const TOOLS: [(&str, &str); 3] =
    [("data-type=\"2\"", "zh-CN"), ("data-theme=\"dark\"", "zh-CN"), (" lang=\"en\"", "en")];

#[tokio::test]
async fn the_first_two_steps_keep_the_place_and_every_tick() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let place = citizen.get(BALLOT_PAGE).await.expect(200);
    let options = citizen.get(OPTIONS).await.expect(200);
    for (attribute, language) in TOOLS {
        let page = press(
            &citizen,
            BALLOT_PAGE,
            &place,
            attribute,
            &[("o", "17"), ("step", "options"), ("my-place", "320000")],
        )
        .await;
        let html = page.expect(200).text();
        assert!(
            html.contains(&format!("<html lang=\"{language}\">")) && html.contains("value=\"320000\" checked"),
            "{html}"
        );
        assert!(html.contains("method=\"get\""), "the first step still");
        let fields = [("choice", "T1-1"), ("choice", "T1-4"), ("challenge", "c"), ("nonce", "")];
        let page = press(&citizen, OPTIONS, &options, attribute, &fields).await.expect(200);
        let html = page.text();
        assert!(html.contains(&format!("<html lang=\"{language}\">")), "{html}");
        assert!(html.contains("value=\"T1-1\" checked") && html.contains("value=\"T1-4\" checked"), "{html}");
        assert!(html.contains("name=\"place\" value=\"320000\""), "the place came from the referring address");
        // The same from the page that was answered.
        let page =
            press(&citizen, BALLOT_PAGE, &page, "data-type=\"3\"", &[("place", "320000"), ("choice", "T1-2")]).await;
        assert!(page.expect(200).text().contains("value=\"T1-2\" checked"));
    }
}

#[tokio::test]
async fn the_check_and_the_identity_keep_everything() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1", "T1-5"]).await.expect(200);
    for (attribute, language) in TOOLS {
        let form = Form::of(&check, "cast").with("track", "real_name");
        let fields: Vec<_> = form.fields().into_iter().filter(|(name, _)| *name != "act").collect();
        let again = press(&citizen, BALLOT_PAGE, &check, attribute, &fields).await.expect(200);
        assert!(again.text().contains(&format!("<html lang=\"{language}\">")));
        let kept = Form::of(&again, "cast");
        assert_eq!(kept.all("choice"), ["T1-1", "T1-5"]);
        assert_eq!((kept.get("track"), kept.get("pass")), ("real_name", form.get("pass")));

        let person = kept.send(&citizen).await.expect(200);
        let form = Form::of(&person, "cast").with("name", "王芳").with("number", "1101");
        let fields: Vec<_> = form.fields().into_iter().filter(|(name, _)| *name != "act").collect();
        let again = press(&citizen, BALLOT_PAGE, &person, attribute, &fields).await.expect(200);
        let kept = Form::of(&again, "cast");
        assert_eq!((kept.get("name"), kept.get("number"), kept.all("choice").len()), ("王芳", "1101", 2));
        assert_eq!(again.headers[header::CACHE_CONTROL], "no-store", "an identity is stored nowhere");
    }
    assert_eq!(voting::ballots(&app).await, 0);
}

#[tokio::test]
async fn the_wait_goes_on_and_is_not_begun_anew() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200);
    let waiting = voting::press(&citizen, &check).await.expect(200);
    app.clock.wait(chrono::TimeDelta::seconds(4));
    let form = Form::of(&waiting, "cast");
    let fields: Vec<_> = form.fields().into_iter().filter(|(name, _)| *name != "act").collect();
    let again = press(&citizen, BALLOT_PAGE, &waiting, "data-type=\"2\"", &fields).await.expect(200);
    assert!(again.text().contains("请等6秒"), "{}", again.text());
    assert_eq!(Form::of(&again, "cast").get("ticket"), form.get("ticket"));
}

#[tokio::test]
async fn the_enter_key_means_the_main_button_and_not_a_tool() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1"]).await.expect(200);
    let html = check.text();
    let first = html.find("form=\"ballot\"").unwrap();
    let tag = &html[html[..first].rfind('<').unwrap()..];
    assert!(tag.starts_with("<button type=\"submit\" class=\"vh\" form=\"ballot\" tabindex=\"-1\" aria-hidden=\"true\" name=\"enter\" value=\"cast\">"));
    let form = Form::of(&check, "cast").with("enter", "cast").with("act", "");
    receipt_of(&form.send(&citizen).await);
}

#[tokio::test]
async fn back_shows_a_step_again_for_a_quarter_of_an_hour_and_an_identity_never() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let refused = citizen.post_form(OPTIONS, &[]).await.expect(422);
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200);
    let waiting = voting::press(&citizen, &check).await.expect(200);
    let person = Form::of(&check, "cast").with("track", "real_name").send(&citizen).await.expect(200);
    for page in [&refused, &check, &waiting, &person] {
        assert_eq!(page.headers[header::CACHE_CONTROL], "private, max-age=900");
    }
    let typed = Form::of(&person, "cast").with("name", "王芳").with("number", "1101").send(&citizen).await.expect(422);
    assert_eq!(typed.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn the_same_ballot_again_after_the_close_gets_its_receipt_on_the_page_too() {
    let (app, people) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1"]).await.expect(200);
    let first = receipt_of(&voting::press(&citizen, &check).await);
    let pass = Form::of(&check, "cast").get("pass").to_owned();
    app.clock.set(testing::app::noon("2018-04-09"));
    let again = || async {
        assert_eq!(receipt_of(&voting::press(&citizen, &check).await), first);
        voting::cast(&citizen, &pass, &["T1-1"]).await.expect(200);
        voting::cast(&citizen, &pass, &["T1-2"]).await.expect(409);
    };
    again().await;
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    again().await;
}

#[tokio::test]
async fn a_second_ballot_under_a_real_name_is_refused_and_may_go_the_anonymous_way() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let vote = async |choice: &str| {
        let check = voting::check(&citizen, &[choice]).await.expect(200);
        let person = Form::of(&check, "cast").with("track", "real_name").send(&citizen).await.expect(200);
        Form::of(&person, "cast").with("name", "王芳").with("number", NUMBER).send(&citizen).await
    };
    receipt_of(&vote("T1-1").await);
    let used = vote("T1-2").await.expect(409);
    assert!(used.text().contains("这个证件号已经投过票") && !used.text().contains("匿名投票时是这份凭证"));
    let check = Form::of(&used, "check").send(&citizen).await.expect(200);
    let form = Form::of(&check, "cast");
    assert_eq!((form.all("choice"), form.get("track"), form.get("pass")), (vec!["T1-2"], "anonymous", ""));
    // A used anonymous pass offers nothing of the kind.
    let check = voting::check_with_pass(&citizen, &["T1-3"]).await.expect(200);
    receipt_of(&voting::press(&citizen, &check).await);
    let used = Form::of(&check, "cast").with("choice", "T1-4").send(&citizen).await.expect(409);
    assert!(!used.text().contains("改用匿名投票") && used.text().contains("name=\"choice\" value=\"T1-4\""));
}

#[tokio::test]
async fn one_tick_too_many_is_refused_with_a_link_to_every_tick() {
    let (app, _) = voting::open().await;
    let refused = voting::check(&app.nobody(), &["T1-1", "T1-2", "T1-4", "T1-6"]).await.expect(422);
    let html = refused.text();
    let summary = html.split("data-errors").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(summary.contains("有1处需要改"), "{summary}");
    for code in ["T1-1", "T1-2", "T1-4", "T1-6"] {
        assert!(summary.contains(&format!("href=\"#option-{code}\"")), "{code}: {summary}");
    }
    assert!(!summary.contains("#option-T1-3\""));
}

#[tokio::test]
async fn a_city_is_found_and_the_button_of_the_place_never_scrolls_away() {
    let (app, _) = voting::open().await;
    let html = app.nobody().get(BALLOT_PAGE).await.expect(200).text();
    let words = html.split("data-words=\"").nth(1).unwrap().split('"').next().unwrap();
    let words = app.nobody().get(words).await.expect(200).json();
    let row = words["320000"].as_str().unwrap();
    assert!(row.contains("南京") && row.contains("nanjing"), "{row}");
    assert!(html.contains("value=\"320000\"") && words.as_object().unwrap().keys().all(|code| html.contains(code)));
    assert!(html.contains("class=\"ballot-bar\"") && html.contains("class=\"has-bar\""));
}

#[tokio::test]
async fn the_button_of_the_check_names_what_comes_next() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200).text();
    let button = check.split("value=\"cast\" data-busy").nth(1).unwrap().split("</button>").next().unwrap();
    assert!(
        button.contains("class=\"if-named\">去核验身份<") && button.contains("class=\"if-unnamed\">提交投票<"),
        "{button}"
    );
}
