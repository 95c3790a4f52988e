//! The four pages of a ballot, with and without script.

use chrono::TimeDelta;

use super::voting::{self, BALLOT_PAGE, Form, NUMBER, OPTIONS, receipt_of};
use testing::{TestApp, given};

#[tokio::test]
async fn the_start_leads_to_one_of_sixty_four_orders() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    for asked in ["", "?o=64", "?o=-1", "?o=x", "?step=options"] {
        let answer = citizen.get(&format!("/campaigns/t1/ballot{asked}")).await;
        let location = answer.expect(303).location();
        let order = location.strip_prefix("/campaigns/t1/ballot?o=").unwrap().parse::<u8>().unwrap();
        assert!(order < 64);
    }
    let english = citizen.get("/campaigns/t1/ballot?lang=en").await;
    assert!(english.expect(303).location().ends_with("&lang=en"));
}

#[tokio::test]
async fn the_options_stand_by_theme_in_the_order_of_the_address() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let codes = async |order: u8| {
        let page = citizen
            .get(&format!("/campaigns/t1/ballot?o={order}&step=options&my-place=320000"))
            .await
            .expect(200)
            .text();
        let found: Vec<String> =
            regex::Regex::new("value=\"(T1-\\d)\"").unwrap().captures_iter(&page).map(|c| c[1].to_owned()).collect();
        assert_eq!(found.len(), 6);
        // Options of one theme stay together: 1–3 are one theme, 4–6 the other.
        let first = ["T1-1", "T1-2", "T1-3"].contains(&&*found[0]);
        assert!(found[..3].iter().all(|c| ["T1-1", "T1-2", "T1-3"].contains(&&**c) == first));
        found
    };
    assert_eq!(codes(17).await, codes(17).await);
    let mut orders = std::collections::HashSet::new();
    for order in 0..8 {
        orders.insert(codes(order).await);
    }
    assert!(orders.len() > 4, "{orders:?}");
}

#[tokio::test]
async fn without_script_a_ballot_is_four_pages_and_a_short_wait() {
    let (app, _) = voting::open().await;
    for (citizen, texts) in [
        (app.nobody(), ["江苏省", "第1件办起来很麻烦的事情", "请等10秒", "还要等10秒", "投票已收到"]),
        (
            app.nobody().in_english(),
            [
                "Jiangsu",
                "Errand number 1 is a great nuisance",
                "Wait 10 seconds",
                "10 seconds to go",
                "Your ballot is in",
            ],
        ),
    ] {
        let [place, option, wait, early, received] = texts;
        let page = citizen.get(BALLOT_PAGE).await.expect(200).text();
        assert!(page.contains(place) && page.contains("value=\"820000\""));
        let page = citizen.get(OPTIONS).await.expect(200).text();
        assert!(page.contains(option));

        let check = voting::check(&citizen, &["T1-1", "T1-4"]).await.expect(200);
        assert!(check.text().contains(place) && check.text().contains(option));
        let waiting = voting::press(&citizen, &check).await.expect(200);
        assert!(waiting.text().contains(wait));
        let ticket = Form::of(&waiting, "cast");
        let refused = ticket.send(&citizen).await.expect(409);
        assert!(refused.text().contains(early));
        assert_eq!(Form::of(&refused, "cast").get("ticket"), ticket.get("ticket"));

        app.clock.wait(TimeDelta::seconds(10));
        let receipt = receipt_of(&ticket.send(&citizen).await);
        let again = receipt_of(&ticket.send(&citizen).await);
        assert_eq!(receipt, again, "a second press is the same ballot");
        assert!(citizen.get(&receipt).await.expect(200).text().contains(received));
    }
    assert_eq!(voting::ballots(&app).await, 2);
}

#[tokio::test]
async fn with_script_the_pass_is_there_before_the_check_and_every_press_is_the_same_ballot() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let page = citizen.get(OPTIONS).await.expect(200).text();
    assert!(page.contains("data-pow=\"t1\"") && page.contains("data-ballot"));
    let check = voting::check_with_pass(&citizen, &["T1-2"]).await.expect(200);
    assert!(!check.text().contains("data-pow=\"t1\""), "the work is done");
    assert!(!Form::of(&check, "cast").get("pass").is_empty());
    let first = receipt_of(&voting::press(&citizen, &check).await);
    let second = receipt_of(&voting::press(&citizen, &check).await);
    assert_eq!(first, second);
    // Back at the options and the check, the pass is still the same, and used.
    let options = Form::of(&check, "options").send(&citizen).await.expect(200);
    let form = options.text();
    assert!(form.contains("value=\"T1-2\" checked"), "{form}");
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn work_that_is_done_only_on_the_check_counts_too() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-3"]).await.expect(200);
    assert!(check.text().contains("data-pow=\"t1\""));
    let challenge = voting::challenge(&citizen).await;
    let nonce = shudu::pass::proof_of_work::solve(&challenge, 4);
    let form = Form::of(&check, "cast").with("challenge", &challenge).with("nonce", &nonce);
    let first = receipt_of(&form.send(&citizen).await);
    assert_eq!(first, receipt_of(&form.send(&citizen).await));
    // For a solution that is no longer valid, the page offers the short wait, and keeps every entry.
    let stale = Form::of(&check, "cast").with("challenge", "AAAA").with("nonce", "1");
    let waiting = stale.send(&citizen).await.expect(409);
    assert_eq!(Form::of(&waiting, "cast").get("choice"), "T1-3");
    assert!(!Form::of(&waiting, "cast").get("ticket").is_empty());
}

#[tokio::test]
async fn place_and_choices_can_be_changed_from_the_check() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1", "T1-5"]).await.expect(200);
    let place = Form::of(&check, "place").send(&citizen).await.expect(200);
    let form = Form::of(&place, "check");
    assert_eq!((form.get("place"), form.all("choice").len()), ("320000", 2));
    let check = form.with("place", "610000").send(&citizen).await.expect(200);
    assert!(check.text().contains("陕西省"));
    let form = Form::of(&check, "cast");
    assert_eq!(form.get("place"), "610000");
    assert_eq!(form.all("choice"), ["T1-1", "T1-5"]);
    receipt_of(&form.send(&citizen).await);
    let counts = shudu::ballot_log::counts::counts(&app.app.stores.ballots, "t1").await.unwrap();
    assert!(counts.keys().all(|(_, province, _)| province == "610000"));
}

#[tokio::test]
async fn a_real_name_ballot_asks_who_it_is_and_counts_on_its_own_track() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let check = voting::check_with_pass(&citizen, &["T1-1"]).await.expect(200);
    let form = Form::of(&check, "cast").with("track", "real_name");
    let person = form.send(&citizen).await.expect(200);
    assert!(person.text().contains("请不要填真实号码"));
    let typed = Form::of(&person, "cast").with("name", "王芳");
    let refused = typed.with("number", "110105").send(&citizen).await.expect(422);
    assert!(refused.text().contains("身份证号不对"));
    let form = Form::of(&refused, "cast");
    assert_eq!((form.get("name"), form.get("number")), ("王芳", "110105"));
    let form = form.with("number", NUMBER);
    let receipt = receipt_of(&form.send(&citizen).await);
    assert_eq!(receipt, receipt_of(&form.send(&citizen).await));
    // Another spelling of the number and another name are the same person.
    let form =
        Form::of(&refused, "cast").with("name", "王 芳芳").with("number", "１１０１０５１９４９１２３１００２ｘ");
    assert_eq!(receipt, receipt_of(&form.send(&citizen).await));
    let used = form.with("choice", "T1-2").send(&citizen).await.expect(409);
    assert!(used.text().contains("已经投过票，原来的选择已计入，不能更改"));
    let (all, real_name) = shudu::ballot::queries::turnout(&app.app.stores.ballots, "t1").await.unwrap();
    assert_eq!((all, real_name), (1, 1));
}

#[tokio::test]
async fn a_campaign_with_one_track_offers_one() {
    use entity::stored::Track;
    let (app, _) = voting::opened(|d| d.tracks = vec![Track::Anonymous]).await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200);
    assert!(!check.text().contains("real_name"));
    assert_eq!(Form::of(&check, "cast").get("track"), "anonymous");
    let forged = Form::of(&check, "cast").with("track", "real_name");
    let refused = forged.send(&citizen).await.expect(422);
    assert!(refused.text().contains("这次活动不收这种选票"));
    assert_eq!(Form::of(&refused, "cast").all("choice"), ["T1-1"]);
}

#[tokio::test]
async fn outside_the_demo_the_real_name_track_says_that_nobody_can_prove_an_identity() {
    let app = TestApp::without_demo().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let citizen = app.nobody();
    let check = voting::check(&citizen, &["T1-1"]).await.expect(200);
    assert!(check.text().contains("本站还没有接入实名核验"));
    assert!(!check.text().contains("value=\"real_name\""));
    let forged = Form::of(&check, "cast").with("track", "real_name");
    let refused = forged.send(&citizen).await.expect(409);
    assert_eq!(Form::of(&refused, "cast").all("choice"), ["T1-1"]);
    let english = app.nobody().in_english();
    let answer = voting::person_pass(&english, "Wang Fang", NUMBER).await;
    let answer = answer.expect(409);
    assert_eq!(answer.code(), "pass.no_source");
    assert!(answer.text().contains("no identity source"));
}
