//! Views of a past day never change, whatever is edited, loaded, erased or removed later.

use entity::stored::{AssignmentState, CampaignMove, Role};
use poem::http::Method;
use serde_json::{Value, json};
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::retention::{purge_job, subject};

use super::words;
use testing::app::noon;
use testing::{Desk, Person, TestApp, given};

/// Days that are over: before the dispatch, between dispatch and deadline, the deadline, and after the deadline.
const DAYS: [&str; 6] = ["2018-04-06", "2018-04-20", "2018-06-29", "2018-07-02", "2018-07-04", "2018-07-06"];

/// Addresses that show something as of a day.
const ADDRESSES: [&str; 19] = [
    "/dashboard?as_of=",
    "/dashboard/matrix?rows=provinces&as_of=",
    "/dashboard/issues?as_of=",
    "/dashboard/provinces?as_of=",
    "/dashboard/teams?as_of=",
    "/dashboard/trend?as_of=",
    "/dashboard/assignments?fact=overdue&as_of=",
    "/dashboard.csv?as_of=",
    "/dashboard-matrix.csv?as_of=",
    "/dashboard-matrix.csv?fact=overdue&as_of=",
    "/issues/T1-1?as_of=",
    "/issues/T1-3?as_of=",
    "/provinces/320000?as_of=",
    "/issues/T1-1/provinces/320000?as_of=",
    "/issues/T1-2/provinces/610000?as_of=",
    "/issues/T1-1/provinces/320000/history.csv?as_of=",
    "/api/v1/dashboard?as_of=",
    "/api/v1/assignments?as_of=",
    "/api/v1/assignments/T1-2/610000?as_of=",
];

/// A desk with one verified assignment, other assignments that nobody acknowledged, and two loaded years of working days. The
/// clock is at noon of 7 July 2018, a Saturday, five days after the deadline.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.app.clock.set(noon("2018-04-12"));
    load(&desk, 2018, &["2018-04-29", "2018-04-30", "2018-05-01", "2018-06-18"], &["2018-04-28"]).await;
    load(&desk, 2019, &["2019-01-01"], &[]).await;
    desk.advance_to(AssignmentState::Verified).await;
    desk.app.clock.set(noon("2018-07-07"));
    // An entry is on record on that day, so the earlier days are over, whatever the clock says later.
    desk.app.staff_as("newcomer", Role::Auditor, "").await;
    desk
}

async fn load(desk: &Desk, year: i32, holidays: &[&str], makeup_days: &[&str]) {
    let body = json!({ "holidays": holidays, "makeup_days": makeup_days });
    desk.sysadmin.send_json(Method::PUT, &format!("/api/v1/calendar/{year}"), &body).await.expect(200);
}

/// Answers of all addresses for all past days. The language changes from one answer to the next, so that every address is read in
/// both languages.
async fn shown(desk: &Desk) -> Vec<(String, u16, String)> {
    let mut all = Vec::new();
    let readers = [("zh", desk.app.nobody()), ("en", desk.app.nobody().in_english())];
    for (number, day) in DAYS.into_iter().enumerate() {
        for (place, address) in ADDRESSES.into_iter().enumerate() {
            let (language, reader) = &readers[(number + place) % 2];
            let answer = reader.get(&format!("{address}{day}")).await;
            // A page that is not found shows its request number, which differs from request to request.
            let text = if answer.status == 200 { answer.text() } else { String::new() };
            all.push((format!("{language} {address}{day}"), answer.status.as_u16(), text));
        }
    }
    all
}

async fn stands(desk: &Desk, before: &[(String, u16, String)], edit: &str) {
    for (was, is) in before.iter().zip(shown(desk).await) {
        assert!(*was == is, "{edit} changed {}", was.0);
    }
}

async fn late(reader: &Person, query: &str) -> Value {
    let path = format!("/api/v1/assignments/T1-2/610000{query}");
    reader.get(&path).await.expect(200).json()["working_days_late"].clone()
}

#[tokio::test]
async fn an_arrangement_that_is_loaded_later_changes_today_and_no_past_day() {
    let desk = desk().await;
    let reader = desk.app.nobody();
    let before = shown(&desk).await;
    assert_eq!((late(&reader, "?as_of=2018-07-06").await, late(&reader, "").await), (json!(4), json!(4)));
    let typed = [("holidays", "2018-07-03\r\n2018-07-04"), ("makeup_days", "2018-07-07")];
    desk.sysadmin.post_form("/desk/calendar/2018", &typed).await.expect(303);
    stands(&desk, &before, "a form").await;
    assert_eq!(late(&reader, "").await, 3, "5, 6 and 7 July");
    load(&desk, 2018, &["2018-07-03"], &[]).await;
    stands(&desk, &before, "a call").await;
    assert_eq!(late(&reader, "").await, 3, "4, 5 and 6 July");
    load(&desk, 2018, &[], &[]).await;
    load(&desk, 2017, &["2017-10-02"], &[]).await;
    stands(&desk, &before, "a year without days off").await;
    // Once a day is over, it keeps the arrangement that was known at its end.
    load(&desk, 2018, &["2018-07-06"], &[]).await;
    desk.app.clock.set(noon("2018-07-08"));
    load(&desk, 2018, &["2018-07-03", "2018-07-04", "2018-07-05"], &[]).await;
    assert_eq!((late(&reader, "?as_of=2018-07-07").await, late(&reader, "").await), (json!(3), json!(1)));
    // The dispatch desk uses the arrangements that were known when the dispatch was signed.
    let page = desk.organiser.get("/desk/campaigns/t1/dispatch").await.expect(200).text();
    assert!(!page.contains("7月3日") && !page.contains("4月30日"), "{page}");
}

#[tokio::test]
async fn a_clock_that_goes_back_puts_no_arrangement_under_days_that_were_shown() {
    let desk = desk().await;
    let reader = desk.app.nobody();
    let before = shown(&desk).await;
    for (number, now) in ["2018-07-03", "2018-04-02", "2018-07-07", "2018-06-01", "2017-01-01"].into_iter().enumerate()
    {
        desk.app.clock.set(noon(now));
        let day = format!("2018-07-0{}", 3 + number % 3);
        load(&desk, 2018, &[&day], &[]).await;
        let year = desk.sysadmin.get("/api/v1/calendar/2018").await.expect(200).json();
        assert_eq!(year["holidays"], json!([day]), "the last one loaded counts today, whatever the clock says");
        desk.app.clock.set(noon("2018-07-07"));
        stands(&desk, &before, now).await;
        assert_eq!(late(&reader, "").await, 3);
    }
    let year = desk.sysadmin.get("/api/v1/calendar/2018").await.expect(200).json();
    assert_eq!(year["earlier"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn people_who_leave_and_what_is_no_longer_kept_change_no_past_day() {
    let desk = desk().await;
    let before = shown(&desk).await;
    for person in [&desk.leader, &desk.coordinator, &desk.handler, &desk.approver] {
        let path = format!("/api/v1/accounts/{}", person.login);
        let mut account = desk.sysadmin.get(&path).await.expect(200).json();
        for only_read in ["login", "roles", "proposed", "home_province"] {
            account.as_object_mut().unwrap().remove(only_read);
        }
        account["name"] = json!("改名");
        account["office"] = json!("改名的单位");
        account["active"] = json!(false);
        desk.sysadmin.send_json(Method::PUT, &path, &account).await.expect(200);
        stands(&desk, &before, "another office").await;
        let ctx = Ctx::system("person", &desk.app.clock);
        let work = async |tx: &_| subject::erase(tx, &ctx, &person.login).await;
        desk.app.app.stores.main.write(Changes::Public, work).await.unwrap();
        stands(&desk, &before, "an erased person").await;
    }
    let later = chrono::TimeDelta::days(365 * 40);
    let ctx = Ctx::system("clockwork", &desk.app.clock).at(desk.app.clock.now() + later);
    purge_job::enforce(&desk.app.app.retention, &ctx, desk.app.clock.system() + later).await.unwrap();
    desk.app.app.stores.main.write(Changes::Public, shudu::programme::reference::fill).await.unwrap();
    stands(&desk, &before, "a round of removal and a set-up").await;
}

#[tokio::test]
async fn a_campaign_that_is_halted_later_was_open_on_the_days_before() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let moves = async |who: &Person, act: CampaignMove| {
        let ctx = app.ctx(who);
        let work = async |tx: &_| shudu::campaign::commands::advance(tx, &ctx, "t1", act, "查一件事").await;
        app.app.stores.main.write(Changes::Campaigns, work).await.unwrap();
    };
    let said = async |query: &str| words(&app.nobody().get(&format!("/issues/T1-1{query}")).await.expect(200).text());
    moves(&people.organiser, CampaignMove::Suspension).await;
    moves(&people.approver, CampaignMove::HaltConfirmation).await;
    assert!(said("").await.contains("这次活动已暂停或取消"));
    assert!(said("?as_of=2018-04-05").await.contains("正在投票"));
    app.clock.set(noon("2018-04-07"));
    moves(&people.organiser, CampaignMove::Resumption).await;
    assert!(said("").await.contains("正在投票"));
    assert!(said("?as_of=2018-04-06").await.contains("这次活动已暂停或取消"));
}
