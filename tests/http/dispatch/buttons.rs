//! The buttons on the page of an assignment are exactly the moves that the table allows, for every state and every role.

use std::collections::BTreeSet;

use entity::stored::AssignmentState;
use shudu::base::access::Act;
use shudu::base::ctx::Actor;
use shudu::dispatch::pages::assignment_detail::row;

use testing::Desk;
use testing::desk::ROW;

/// Nouns of the moves that a page offers.
fn offered(page: &str) -> BTreeSet<String> {
    let moves = page.split(" id=\"moves\">").nth(1).unwrap();
    let moves = moves.split("</section>").next().unwrap();
    let address = format!("href=\"/desk/assignments/{ROW}/");
    let nouns = moves.split(&address).skip(1);
    nouns.map(|n| n.split('"').next().unwrap().to_owned()).collect()
}

async fn check(desk: &Desk, state: AssignmentState) {
    assert_eq!(desk.state(ROW).await, state);
    let db = desk.app.app.stores.main.db();
    for (name, person) in desk.everybody() {
        let Actor::Staff(staff) = &person.actor else {
            panic!("{name} is not signed in");
        };
        let answer = person.get(&format!("/desk/assignments/{ROW}")).await;
        let ctx = desk.app.ctx(person);
        let Ok(row) = row(db, &ctx, "T1-1", "320000").await else {
            assert_eq!(answer.status, 404, "{name}");
            continue;
        };
        let page = answer.expect(200).text();
        let mut allowed: BTreeSet<String> = row.offers(staff).iter().map(ToString::to_string).collect();
        if allowed.contains("exemption") {
            allowed.insert("exemption-refusal".to_owned());
        }
        let coordinates = staff.may_in(Act::Coordinate, "320000");
        if coordinates && state.is_open() && row.asked.is_none() {
            allowed.insert("exemption-request".to_owned());
        }
        assert_eq!(offered(&page), allowed, "{name} at {state}");
        for noun in &allowed {
            let form = format!("/desk/assignments/{ROW}/{noun}");
            let form = person.get(&form).await.expect(200).text();
            assert!(form.contains(&format!("action=\"/desk/assignments/{ROW}/{noun}\"")), "{name} {noun}");
        }
        let reads = name == "auditor";
        assert!(!reads || allowed.is_empty(), "an auditor writes nothing");
    }
}

#[tokio::test]
async fn buttons_are_what_the_table_offers_in_every_state() {
    for state in AssignmentState::ALL {
        let desk = Desk::new().await;
        desk.advance_to(*state).await;
        check(&desk, *state).await;
    }
}

#[tokio::test]
async fn buttons_follow_requests_returns_and_who_reported() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "exemption-request").await;
    check(&desk, AssignmentState::Dispatched).await;
    desk.make_move(&desk.organiser, "exemption-refusal").await;
    desk.make_move(&desk.coordinator, "return").await;
    desk.make_move(&desk.organiser, "ruling").await;
    check(&desk, AssignmentState::Dispatched).await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.make_move(&desk.coordinator, "plan").await;
    desk.make_move(&desk.coordinator, "report").await;
    check(&desk, AssignmentState::Reported).await;
    desk.make_move(&desk.coordinator, "withdrawal").await;
    let part = desk.report_of(&desk.handler, ROW, 3).await;
    desk.post(&desk.handler, ROW, "report", part).await.expect(200);
    check(&desk, AssignmentState::Reported).await;
}
