//! Opening and close by the minute.

use entity::stored::Role;
use serde_json::json;

use super::{draft, form, press, rules, send, shown, with};
use testing::{TestApp, given};

#[tokio::test]
async fn a_campaign_opens_and_closes_at_the_minute_that_its_form_names() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    // Noon of 1 April 2018: the vote opens in ten minutes.
    let typed = with(with(form("t1"), "opens_on", "2018-04-01"), "opens_time", "12:10");
    let typed = with(with(typed, "closes_on", "2018-04-02"), "closes_time", "18:30");
    send(&people.organiser, "/new", &typed).await.expect(303);
    let options = [("revision", "1".to_owned()), ("options", super::table("t1")), ("act", "save".to_owned())];
    send(&people.organiser, "/t1/options", &options).await.expect(303);
    let page = people.organiser.get("/desk/campaigns/t1/rules").await.expect(200).text();
    assert!(page.contains("type=\"time\" value=\"12:10\"") && page.contains("value=\"18:30\""), "{page}");
    let board = people.organiser.get("/desk/campaigns").await.expect(200).text();
    assert!(board.contains("2018-04-01 12:10"), "{board}");
    press(&people.organiser, "t1", "submission", "").await.expect(303);
    press(&people.approver, "t1", "publication", "").await.expect(303);

    let visitor = app.nobody();
    let rules = shown(&visitor, "t1").await;
    assert_eq!(rules["opens_at"], "2018-04-01T04:10:00+00:00");
    assert_eq!(rules["closes_at"], "2018-04-02T10:30:00+00:00");
    assert_eq!((&rules["opens_time"], &rules["closes_time"]), (&json!("12:10"), &json!("18:30")));
    let (opens, closes) = ("2018年4月1日（周日）12:10", "2018年4月2日（周一）18:30");
    let page = visitor.get("/campaigns/t1").await.expect(200).text();
    assert!(page.contains(&format!("{opens}开始投票，{closes}截止")), "{page}");
    assert!(page.contains(&format!("{opens}至{closes}，共2天")), "{page}");
    let home = visitor.get("/").await.expect(200).text();
    assert!(home.contains("2018年4月1日12:10开始，2018年4月2日18:30截止"), "{home}");
    let ballot = visitor.get("/campaigns/t1/ballot?o=0").await.expect(409).text();
    assert!(ballot.contains("投票从2018年4月1日12:10开始"), "{ballot}");

    for (at, phase) in [
        ("2018-04-01T12:09:59+08:00", "scheduled"),
        ("2018-04-01T12:10:00+08:00", "voting"),
        ("2018-04-02T18:29:59+08:00", "voting"),
        ("2018-04-02T18:30:00+08:00", "closed"),
    ] {
        app.clock.set(at.parse().unwrap());
        app.app.stores.main.announce().await.unwrap();
        assert_eq!(shown(&visitor, "t1").await["phase"], phase, "{at}");
        let said = match phase {
            "scheduled" => continue,
            "voting" => format!("投票到{closes}"),
            _ => format!("投票已于{closes}截止"),
        };
        let page = visitor.get("/campaigns/t1").await.expect(200).text();
        assert!(page.contains(&said), "{said}: {page}");
    }
    let ballot = visitor.get("/campaigns/t1/ballot?o=0").await.expect(409).text();
    assert!(ballot.contains("投票已于2018年4月2日18:30截止"), "{ballot}");
}

#[tokio::test]
async fn without_times_the_first_day_opens_at_zero_and_the_last_day_counts() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    draft(&organiser, "t1").await;
    let mut typed = with(with(form("t2"), "opens_time", ""), "closes_time", "24:00");
    typed = with(typed, "closes_on", "2018-04-05");
    send(&organiser, "/new", &typed).await.expect(303);
    for (slug, closes) in [("t1", "2018-04-08T16:00:00+00:00"), ("t2", "2018-04-05T16:00:00+00:00")] {
        let rules = shown(&organiser, slug).await;
        assert_eq!(rules["opens_at"], "2018-04-04T16:00:00+00:00");
        assert_eq!(rules["closes_at"], closes);
        assert_eq!((&rules["opens_time"], &rules["closes_time"]), (&json!("0:00"), &json!("24:00")));
    }
}

#[tokio::test]
async fn a_time_that_is_none_or_lies_before_the_opening_is_named() {
    let app = TestApp::new().await;
    let organiser = app.staff(Role::Organiser, "").await;
    let wrong = with(with(form("t1"), "opens_time", "noon"), "closes_time", "24:01");
    let page = send(&organiser, "/new", &wrong).await.expect(422).text();
    for said in ["开始时刻：请按9:30的样子写时刻", "截止时刻：请按18:30的样子写时刻", "value=\"noon\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let soon = with(with(form("t1"), "closes_on", "2018-04-05"), "opens_time", "9：30");
    let page = send(&organiser, "/new", &with(soon, "closes_time", "9:30")).await.expect(422).text();
    assert!(page.contains("截止时刻要晚于开始时刻"), "{page}");

    for midnight in ["0:00", "00：00"] {
        let page = send(&organiser, "/new", &with(form("t1"), "closes_time", midnight)).await.expect(422).text();
        assert!(page.contains("到当天结束为止写24:00"), "{midnight}: {page}");
    }

    let mut by_api = rules("t1");
    by_api["closes_time"] = json!("0:00");
    let refused = organiser.post_json("/api/v1/campaigns", &by_api).await.expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("closes_time"), &json!("campaign.closing_time"))
    );
    by_api["closes_time"] = json!("");
    by_api["opens_time"] = json!("9.30");
    let refused = organiser.post_json("/api/v1/campaigns", &by_api).await.expect(422).json();
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("opens_time"), &json!("form.time"))
    );
    by_api["opens_time"] = json!("9:30");
    by_api["closes_time"] = json!("24:00");
    let made = organiser.post_json("/api/v1/campaigns", &by_api).await.expect(201).json();
    assert_eq!((&made["opens_at"], &made["closes_time"]), (&json!("2018-04-05T01:30:00+00:00"), &json!("24:00")));
}
