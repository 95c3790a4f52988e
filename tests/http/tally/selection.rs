//! The selection: drawn up by the rule, and signed by two approvers who neither wrote the campaign nor drew up the selection.

use entity::stored::Role;

use super::{certified, closed, counted, others};
use testing::{TestApp, given};

const SELECTION: &str = "/api/v1/campaigns/t1/selection";
const APPROVAL: &str = "/api/v1/campaigns/t1/selection/approval";

#[tokio::test]
async fn two_approvers_certify_what_an_organiser_drew_up() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let drawn = people.organiser.post_json(SELECTION, &().into()).await;
    let drawn = drawn.expect(200).json();
    assert_eq!(drawn["selected"], serde_json::json!(["T1-1", "T1-3"]));
    assert_eq!(drawn["certified"], false);
    let first = people.approver.post_json(APPROVAL, &().into()).await;
    let first = first.expect(200).json();
    assert_eq!(first["signatures"].as_array().unwrap().len(), 1);
    let second = people.second_approver.post_json(APPROVAL, &().into()).await;
    let second = second.expect(200).json();
    assert_eq!(second["certified"], true);
    assert_eq!(second["signatures"][1]["office"], "office of approver-2");
    let db = app.app.stores.main.db();
    let found = shudu::campaign::queries::campaign(db, "t1").await.unwrap();
    let issues = shudu::tally::queries::issues(db, found.id).await.unwrap();
    let codes: Vec<&str> = issues.iter().map(|i| i.code.as_str()).collect();
    assert_eq!(codes, ["T1-1", "T1-3"]);
}

#[tokio::test]
async fn nobody_signs_twice_and_a_third_signature_is_refused() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let early = people.approver.post_json(APPROVAL, &().into()).await;
    assert_eq!(early.expect(409).code(), "selection.none");
    people.organiser.post_json(SELECTION, &().into()).await.expect(200);
    people.organiser.post_json(SELECTION, &().into()).await.expect(200);
    people.approver.post_json(APPROVAL, &().into()).await.expect(200);
    let twice = people.approver.post_json(APPROVAL, &().into()).await;
    assert_eq!(twice.expect(403).code(), "selection.twice");
    // After a signature the selection cannot be drawn up again.
    let again = people.organiser.post_json(SELECTION, &().into()).await;
    assert_eq!(again.expect(409).code(), "selection.signed");
    people.second_approver.post_json(APPROVAL, &().into()).await.expect(200);
    let third = app.staff_as("approver-3", Role::Approver, "").await;
    let third = third.post_json(APPROVAL, &().into()).await;
    assert_eq!(third.expect(409).code(), "campaign.wrong_phase");
}

#[tokio::test]
async fn whoever_wrote_the_campaign_or_drew_up_the_selection_does_not_sign() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let other = app.staff_as("organiser-2", Role::Organiser, "").await;
    other.post_json(SELECTION, &().into()).await.expect(200);
    let author = app.change_role(&people.organiser, Role::Approver, "").await;
    let proposer = app.change_role(&other, Role::Approver, "").await;
    for person in [&author, &proposer] {
        let answer = person.post_json(APPROVAL, &().into()).await;
        assert_eq!(answer.expect(403).code(), "selection.author");
        let form = "/desk/campaigns/t1/selection/approval";
        let desk = person.post_form(form, &[]).await.expect(403).text();
        assert!(desk.contains("起草活动的人和拟定名单的人不能签字"));
        assert!(!desk.contains("签字批准"));
        assert!(desk.contains("还可以签的有：name of approver-1（office of approver-1）、name of approver-2"));
    }
    people.approver.post_json(APPROVAL, &().into()).await.expect(200);
    let desk = author.get("/desk/campaigns/t1/tally").await.text();
    assert!(desk.contains("还可以签的有：name of approver-2（office of approver-2）<"));
}

#[tokio::test]
async fn others_neither_draw_up_nor_sign() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    app.nobody().post_json(SELECTION, &().into()).await.expect(401);
    app.nobody().post_json(APPROVAL, &().into()).await.expect(401);
    let others = others(&app).await;
    for other in others.iter().chain([&people.approver]) {
        other.post_json(SELECTION, &().into()).await.expect(404);
        let form = "/desk/campaigns/t1/selection";
        other.post_form(form, &[]).await.expect(404);
    }
    people.organiser.post_json(SELECTION, &().into()).await.expect(200);
    for other in others.iter().chain([&people.organiser]) {
        other.post_json(APPROVAL, &().into()).await.expect(404);
    }
}

#[tokio::test]
async fn before_the_count_nothing_is_drawn_up() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    closed(&app, &people).await;
    let answer = people.organiser.post_json(SELECTION, &().into()).await;
    assert_eq!(answer.expect(409).code(), "campaign.wrong_phase");
    let answer = people.approver.post_json(APPROVAL, &().into()).await;
    assert_eq!(answer.expect(409).code(), "campaign.wrong_phase");
}

#[tokio::test]
async fn a_certified_selection_stays_as_it_was_decided() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    certified(&app, &people).await;
    let answer = people.organiser.post_json(SELECTION, &().into()).await;
    assert_eq!(answer.expect(409).code(), "campaign.wrong_phase");
    let answer = people.approver.post_json(APPROVAL, &().into()).await;
    assert_eq!(answer.expect(409).code(), "campaign.wrong_phase");
}
