//! The organiser's page with the decisions that provinces wait for.

use serde_json::json;

use testing::Desk;
use testing::app::noon;
use testing::desk::ROW;

const PAGE: &str = "/desk/rulings";

#[tokio::test]
async fn a_return_is_ruled_upon_from_the_list_and_leads_back_to_it() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "return").await;
    let page = desk.organiser.get(PAGE).await.expect(200).text();
    assert!(page.contains("1项退回待裁定，0项免办待定"));
    assert!(page.contains("职责清单没有这一项") && page.contains("该省此前没有退回过"));
    assert!(page.contains("2个工作日内，即4月12日前决定"));
    let ruling = format!("/desk/assignments/{ROW}/ruling");
    assert!(page.contains(&format!("action=\"{ruling}\"")));
    let back = ("back", PAGE);
    let empty = [("seen", "2"), back, ("to", "province"), ("ruling", "")];
    let again = desk.organiser.post_form(&ruling, &empty).await.expect(422).text();
    assert!(again.contains("name=\"back\" value=\"/desk/rulings\""));
    let fields = [("seen", "2"), back, ("to", "province"), ("ruling", "由省里办")];
    let sent = desk.organiser.post_form(&ruling, &fields).await.expect(303);
    assert_eq!(sent.location(), "/desk/rulings?done=ruling");
    let page = desk.organiser.get(&sent.location()).await.expect(200).text();
    assert!(page.contains("裁定已作出。") && page.contains("没有待裁定的退回"));
}

#[tokio::test]
async fn a_ruling_leads_nowhere_but_to_our_own_lists() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "return").await;
    let ruling = format!("/desk/assignments/{ROW}/ruling");
    let fields = [("back", "//evil.example"), ("to", "exempt"), ("ruling", "不办")];
    let sent = desk.organiser.post_form(&ruling, &fields).await.expect(303);
    assert_eq!(sent.location(), format!("/desk/assignments/{ROW}?done=ruling"));
}

#[tokio::test]
async fn earlier_returns_of_the_province_stand_beside_the_case() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "return").await;
    let ruling = json!({ "to": "province", "ruling": "清单里有" });
    desk.post(&desk.organiser, ROW, "ruling", ruling).await.expect(200);
    desk.make_move_on(&desk.coordinator, "T1-2/320000", "return").await;
    desk.make_move_on(&desk.other_coordinator, "T1-2/610000", "return").await;
    let page = desk.organiser.get(PAGE).await.expect(200).text();
    assert!(page.contains("江苏省以往的退回和裁定（2条）"));
    assert!(page.contains("清单里有"));
    assert_eq!(page.matches("该省此前没有退回过").count(), 1);
    desk.app.clock.set(noon("2018-04-13"));
    let page = desk.organiser.get(PAGE).await.expect(200).text();
    assert!(page.contains("应在4月12日前决定，仍可办理"));
}

#[tokio::test]
async fn requests_for_exemption_are_granted_or_refused_from_the_list() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "exemption-request").await;
    desk.make_move_on(&desk.coordinator, "T1-2/320000", "exemption-request").await;
    let page = desk.organiser.get(PAGE).await.expect(200).text();
    assert!(page.contains("0项退回待裁定，2项免办待定") && page.contains("当地没有这项业务"));
    let fields = [("seen", "1"), ("back", PAGE), ("basis", "属实")];
    for (row, noun, done) in
        [(ROW, "exemption", "已同意免办"), ("T1-2/320000", "exemption-refusal", "已告知省里不同意免办")]
    {
        let form = format!("/desk/assignments/{row}/{noun}");
        assert!(page.contains(&format!("formaction=\"{form}\"")));
        let sent = desk.organiser.post_form(&form, &fields).await.expect(303);
        assert_eq!(sent.location(), format!("{PAGE}?done={noun}"));
        let next = desk.organiser.get(&sent.location()).await.expect(200).text();
        assert!(next.contains(done));
    }
    let english = desk.organiser.clone().in_english().get(PAGE).await.expect(200).text();
    assert!(english.contains("No request waits for a decision."));
}

#[tokio::test]
async fn the_list_is_the_organisers_alone() {
    let desk = Desk::new().await;
    for (name, person) in desk.everybody() {
        let expected = if name == "organiser" { 200 } else { 404 };
        person.get(PAGE).await.expect(expected);
    }
}
