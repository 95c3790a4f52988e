//! Receipts and turnout: the facts that may be known about one ballot and about the number of ballots.

use entity::stored::{Display, Track};
use serde_json::Value;
use shudu::ballot::queries;
use shudu::ballot::receipts::{Asked, parse};
use shudu::base::main_store::Changes;

use super::voting;
use crate::tally::cast;
use testing::Person;
use testing::app::noon;

#[tokio::test]
async fn a_receipt_is_found_in_every_spelling_and_shows_no_choice_and_no_place() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast = voting::cast(&citizen, &pass, &["T1-1", "T1-6"]).await;
    let receipt = cast.expect(201).json()["receipt"].as_str().unwrap().to_owned();
    let grouped = voting::grouped(&receipt);

    let page = citizen.get(&format!("/receipts/{receipt}")).await.expect(200);
    let html = page.text();
    assert!(html.contains("投票已收到") && html.contains("已计入“小试”的票箱"));
    assert!(html.contains(&grouped) && html.contains("2018年4月8日24:00"));
    for secret in ["T1-1", "T1-6", "第1件", "江苏", "320000", "账本", &pass] {
        assert!(!html.contains(secret), "{secret}");
    }
    // A number that somebody else saw early leads to the choices later. The receipt and the page on privacy say so.
    assert!(html.contains("公开前请不要给别人看"), "{html}");
    assert!(citizen.get("/privacy").await.expect(200).text().contains("公开前请不要把回执给别人看"));
    let english = app.nobody().in_english();
    let html = english.get(&format!("/receipts/{receipt}")).await.text();
    assert!(html.contains("Your ballot is in") && html.contains("8 April 2018, 24:00"));
    assert!(html.contains("Waiting to be sealed with the next batch"));

    let typed = grouped.replace(' ', "+").to_lowercase();
    let answer = citizen.get(&format!("/receipts?number=+{typed}")).await;
    assert_eq!(answer.expect(303).location(), format!("/receipts/{receipt}"));
    let upper = receipt.to_uppercase();
    let answer = citizen.get(&format!("/receipts/{upper}")).await;
    assert_eq!(answer.expect(303).location(), format!("/receipts/{receipt}"));

    let call = citizen.get(&format!("/api/v1/receipts/{upper}")).await.expect(200);
    let found = call.json();
    assert_eq!(found["status"], "in_box");
    assert_eq!(found["campaign"], "t1");
    assert!(["index", "proof", "void_by"].iter().all(|part| found[*part].is_null()), "{found}");
    assert_eq!(found.as_object().unwrap().len(), 10, "{found}");
}

/// Every address that tells something about a receipt.
fn addresses(number: &str) -> [String; 4] {
    ["/receipts/{}", "/receipts/{}/promise", "/receipts/{}/proof", "/api/v1/receipts/{}"]
        .map(|path| path.replace("{}", number))
}

#[tokio::test]
async fn a_receipt_that_differs_in_a_single_bit_is_unknown_and_nothing_is_signed() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast = voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201).json();
    let number = cast["receipt"].as_str().unwrap();
    let Some(Asked::Number(own)) = parse(number) else { panic!("{number}") };
    let leaf = hex::decode(cast["leaf_hash"].as_str().unwrap()).unwrap();
    let flipped = |bytes: &[u8], bit: usize| {
        let mut other = bytes.to_vec();
        other[bit / 8] ^= 1 << (bit % 8);
        other
    };
    let try_all = async || {
        for bit in 0..128 {
            let other = hex::encode(flipped(&hex::decode(number).unwrap(), bit));
            // The page, the promise, the proof and the call are tried for a few bits; the one query behind all four is tried for
            // every bit.
            assert!(queries::receipt(&app.app.ballots, &parse(&other).unwrap()).await.unwrap().is_none(), "bit {bit}");
            for path in addresses(&other).iter().filter(|_| bit % 25 == 5) {
                let answer = citizen.get(path).await.expect(404).text();
                assert!(!answer.contains("shudu/promise"), "{path}");
            }
        }
        for bit in 0..256 {
            let other = Asked::Promise(own, flipped(&leaf, bit).try_into().unwrap());
            assert!(queries::receipt(&app.app.ballots, &other).await.unwrap().is_none(), "bit {bit} of the leaf hash");
        }
    };
    try_all().await;
    // After the count every leaf is public.
    app.clock.set(noon("2018-04-09"));
    shudu::scheduler::tick(&app.app).await.unwrap();
    for path in addresses(number) {
        citizen.get(&path).await.expect(200);
    }
    try_all().await;
}

#[tokio::test]
async fn a_ballot_that_is_in_no_log_after_its_time_is_called_late_in_red() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast = voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201).json();
    let (path, call) = (
        format!("/receipts/{}", cast["receipt"].as_str().unwrap()),
        format!("/api/v1/receipts/{}", cast["receipt"].as_str().unwrap()),
    );
    // 24 hours after the close, nobody has counted.
    app.clock.set("2018-04-09T16:00:00Z".parse().unwrap());
    assert!(citizen.get(&path).await.expect(200).text().contains("投票已收到"));
    assert_eq!(citizen.get(&call).await.expect(200).json()["status"], "in_box");
    app.clock.set("2018-04-09T16:00:01Z".parse().unwrap());
    let page = citizen.get(&path).await.expect(200).text();
    assert!(page.contains("notice-error") && page.contains("已经过了2018年4月10日"), "{page}");
    assert!(!page.contains("投票已收到") && !page.contains("正在等这一批"), "{page}");
    let page = app.nobody().in_english().get(&path).await.expect(200).text();
    assert!(page.contains("This ballot is not in the log") && !page.contains("Your ballot is in<"), "{page}");
    assert_eq!(citizen.get(&call).await.expect(200).json()["status"], "late");
    // After a late count the ballot is in the log, and the page shows no alarm.
    shudu::scheduler::tick(&app.app).await.unwrap();
    assert!(!citizen.get(&path).await.expect(200).text().contains("notice-error"));
    assert_eq!(citizen.get(&call).await.expect(200).json()["status"], "in_log");
}

#[tokio::test]
async fn an_unknown_receipt_is_404_with_the_number_kept() {
    let (app, _) = voting::open().await;
    let number = "ab".repeat(16);
    for (who, unknown, malformed) in [
        (app.nobody(), "没有这个回执。请逐组核对全部8组字符", "回执号是八组，每组四个字母或数字"),
        (
            app.nobody().in_english(),
            "There is no such receipt. Check all eight groups of characters",
            "A receipt number has eight groups of four letters or digits",
        ),
    ] {
        let page = who.get(&format!("/receipts/{number}")).await.expect(404);
        assert!(page.text().contains(unknown) && page.text().contains(&number));
        let page = who.get("/receipts/7Q4K").await.expect(404);
        assert!(page.text().contains(unknown));
        let page = who.get("/receipts?number=7Q4K").await.expect(422);
        assert!(page.text().contains(malformed) && page.text().contains("value=\"7Q4K\""));
        let call = who.get(&format!("/api/v1/receipts/{number}")).await.expect(404);
        assert_eq!(call.code(), "not_found");
        assert_eq!(call.json()["title"], unknown);
        who.get("/api/v1/receipts/7Q4K").await.expect(404);
    }
}

#[tokio::test]
async fn turnout_is_shown_as_the_campaign_says_and_staff_see_no_more() {
    for (display, shown) in [
        (Display::Turnout, [Value::from(107), Value::from(51)]),
        (Display::Live, [Value::from(107), Value::from(51)]),
        (Display::Closed, [Value::Null, Value::Null]),
    ] {
        let (app, people) = voting::opened(|d| d.display = display).await;
        let citizen = app.nobody();
        let pass = voting::pass(&citizen).await;
        voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);
        let person = voting::person_pass(&citizen, "王芳", voting::NUMBER).await;
        let pass = person.expect(200).json()["pass"].as_str().unwrap().to_owned();
        voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201);

        // A small number of ballots is not shown, and of a large number the newest ballots are not shown.
        let nothing = [Value::Null, Value::Null];
        let moment = Value::from("2018-04-06T04:00:00+00:00");
        let see = async |who: &Person, figures: &[Value; 2], moment: &Value| {
            let turnout = who.get("/api/v1/campaigns/t1/turnout").await.expect(200).json();
            assert_eq!([&turnout["ballots"], &turnout["real_name"]], figures.each_ref(), "{display}");
            assert_eq!((&turnout["display"], &turnout["as_of"]), (&display.code().into(), moment));
            assert!(!turnout.to_string().contains("T1-"));
        };
        see(&citizen, &nothing, &Value::Null).await;
        let more = [(55, Track::Anonymous, "320000", &[1_u8][..]), (50, Track::RealName, "320000", &[2])];
        cast(&app, "t1", 1, &more).await;
        see(&people.organiser, &nothing, &Value::Null).await;
        for _ in 0..2 {
            shudu::scheduler::tick(&app.app).await.unwrap();
            cast(&app, "t1", 100, &[(50, Track::Anonymous, "320000", &[1]), (50, Track::RealName, "320000", &[2])])
                .await;
        }
        let moment = if display == Display::Closed { Value::Null } else { moment };
        // The close does not reveal the rest; the count does.
        for day in ["2018-04-06", "2018-04-09"] {
            app.clock.set(noon(day));
            for who in [&citizen, &people.organiser] {
                see(who, &shown, &moment).await;
            }
        }
        people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
        let all = [Value::from(257), Value::from(101)];
        see(&citizen, &all, &Value::from("2018-04-08T16:00:00+00:00")).await;
    }
}

#[tokio::test]
async fn a_campaign_that_nobody_published_has_no_turnout_and_no_ballot() {
    let (app, people) = voting::open().await;
    let ctx = app.ctx(&people.organiser);
    let draft = testing::given::draft("t2");
    app.app
        .stores
        .main
        .write(Changes::Public, async |tx| shudu::campaign::commands::create(tx, &ctx, &draft).await)
        .await
        .unwrap();
    for who in [app.nobody(), people.organiser.clone()] {
        for slug in ["t2", "nothing"] {
            let base = format!("/api/v1/campaigns/{slug}");
            who.get(&format!("{base}/turnout")).await.expect(404);
            let nothing = Value::Null;
            who.post_json(&format!("{base}/challenges"), &nothing).await.expect(404);
            who.get(&format!("/campaigns/{slug}/ballot?o=1")).await.expect(404);
        }
    }
}
