//! Roles that are lent for some days. A lent role holds from the first day to the last and is on record for both people. It never
//! makes lender and borrower two independent people.

use entity::stored::{AssignmentState, Role};
use poem::http::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use testing::app::noon;
use testing::desk::ROW;
use testing::{Answer, Desk, Person};

const AT: &str = "/api/v1/delegations";

fn loan(borrower: &str, from: &str, until: &str) -> Value {
    json!({ "borrower": borrower, "role": "province_coordinator", "scope": "320000", "from": from, "until": until })
}

async fn lend(desk: &Desk, body: Value) -> Answer {
    desk.coordinator.post_json(AT, &body).await
}

async fn reads(person: &Person) -> bool {
    person.get(&format!("/desk/assignments/{ROW}")).await.status == 200
}

#[tokio::test]
async fn a_lent_role_holds_from_the_first_day_to_the_last_in_china() {
    let desk = Desk::new().await;
    lend(&desk, loan("handler-320000", "2018-04-12", "2018-04-14")).await.expect(201);
    // 422: the role is right, and only the department is missing.
    for (moment, status) in [
        ("2018-04-11T23:59:59+08:00", 403),
        ("2018-04-12T00:00:00+08:00", 422),
        ("2018-04-14T23:59:59+08:00", 422),
        ("2018-04-15T00:00:00+08:00", 403),
    ] {
        desk.app.clock.set(moment.parse().unwrap());
        let fresh = desk.app.sign_in_again(&desk.handler).await;
        let at = format!("/api/v1/assignments/{ROW}/acknowledgement");
        assert_eq!(fresh.post_json(&at, &json!({ "department": "" })).await.status.as_u16(), status, "{moment}");
    }
}

#[tokio::test]
async fn a_role_is_lent_to_somebody_once_and_a_loan_that_ended_is_over() {
    use entity::delegation;
    use sea_orm::ActiveValue::Set;
    use sea_orm::EntityTrait;

    let desk = Desk::new().await;
    let mate = desk.app.staff_with("mate", &[(Role::Handler, "320000")]).await;
    let lent = async || mate.get("/api/v1/account").await.expect(200).json()["lent"].as_array().unwrap().len();
    let made = lend(&desk, loan("mate", "2018-04-10", "2018-04-20")).await.expect(201).json();
    for (from, until) in [("2018-04-10", "2018-04-20"), ("2018-04-20", "2018-04-30"), ("2018-04-12", "2018-04-13")] {
        let refused = lend(&desk, loan("mate", from, until)).await.expect(422).json();
        assert_eq!(refused["errors"][0]["code"], "delegation.lent", "{from} {until}");
        assert_eq!(refused["errors"][0]["field"], "from_on");
    }
    let later = lend(&desk, loan("mate", "2018-04-21", "2018-04-30")).await.expect(201).json();
    assert_eq!(later.as_array().unwrap().len(), 2);
    // An earlier version accepted the same loan twice.
    let db = desk.app.app.stores.main.db();
    let mut double: delegation::ActiveModel = delegation::Entity::find().all(db).await.unwrap()[0].clone().into();
    double.id = sea_orm::ActiveValue::NotSet;
    double.until_on = Set("2018-04-15".parse().unwrap());
    delegation::Entity::insert(double).exec(db).await.unwrap();
    assert_eq!(lent().await, 2);
    let at = format!("{AT}/{}", made[0]["number"]);
    desk.coordinator.send(Method::DELETE, &at, None, Vec::new()).await.expect(204);
    assert_eq!(lent().await, 0);
    let left = desk.coordinator.get(AT).await.expect(200).json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["from"]), (1, &json!("2018-04-21")));
}

#[tokio::test]
async fn it_ends_early_with_the_next_request_and_with_the_lenders_role_or_account() {
    let desk = Desk::new().await;
    let mate = desk.app.staff_with("mate", &[(Role::Handler, "320000")]).await;
    let lent = async || {
        let account = mate.get("/api/v1/account").await.expect(200).json();
        account["lent"].as_array().unwrap().len()
    };
    let made = lend(&desk, loan("mate", "2018-04-10", "2018-04-20")).await.expect(201).json();
    assert_eq!(lent().await, 1);
    let at = format!("{AT}/{}", made[0]["number"]);
    for other in [&mate, &desk.second, &desk.sysadmin] {
        other.send(Method::DELETE, &at, None, Vec::new()).await.expect(404);
    }
    desk.coordinator.send(Method::DELETE, &at, None, Vec::new()).await.expect(204);
    assert_eq!(lent().await, 0);
    desk.coordinator.send(Method::DELETE, &at, None, Vec::new()).await.expect(404);
    lend(&desk, loan("mate", "2018-04-10", "2018-04-20")).await.expect(201);
    assert_eq!(lent().await, 1);
    desk.app.change_role(&desk.coordinator, Role::Handler, "320000").await;
    assert_eq!(lent().await, 0);
    desk.app.change_role(&desk.coordinator, Role::ProvinceCoordinator, "320000").await;
    assert_eq!(lent().await, 1);
    desk.sysadmin.post_form(&format!("/desk/accounts/{}/suspension", desk.coordinator.login), &[]).await.expect(303);
    assert_eq!(lent().await, 0);
}

#[tokio::test]
async fn lender_and_borrower_are_one_person_where_two_are_needed() {
    let desk = Desk::new().await;
    lend(&desk, loan("handler-320000", "2018-04-10", "2018-04-20")).await.expect(201);
    for noun in ["acknowledgement", "plan"] {
        desk.make_move(&desk.coordinator, noun).await;
    }
    // The coordinator reports. The borrower of the coordinator's role must not sign that report.
    desk.make_move(&desk.coordinator, "report").await;
    let answer = desk.post(&desk.handler, ROW, "signature", json!({})).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_report");
    desk.make_move(&desk.second, "sending-back").await;
    // The handler reports in the own role, and must not sign that report in the borrowed role either.
    desk.make_move(&desk.handler, "report").await;
    let answer = desk.post(&desk.handler, ROW, "signature", json!({})).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_report");
    desk.post(&desk.second, ROW, "signature", json!({})).await.expect(200);
}

#[tokio::test]
async fn what_is_reported_in_a_lent_role_is_not_signed_by_the_lender() {
    let desk = Desk::new().await;
    let mate = desk.app.staff_with("mate", &[]).await;
    // An account of the same office as the coordinator, with no role in the province.
    let account = desk.sysadmin.get("/api/v1/accounts/mate").await.expect(200).json();
    let office = format!("office of {}", desk.coordinator.login);
    let body = json!({ "name": "x", "office": office, "active": true, "version": account["version"] });
    desk.sysadmin.send_json(Method::PUT, "/api/v1/accounts/mate", &body).await.expect(200);
    let mate = desk.app.sign_in_again(&mate).await;
    assert!(!reads(&mate).await);
    lend(&desk, loan("mate", "2018-04-10", "2018-04-20")).await.expect(201);
    assert!(reads(&mate).await);
    for noun in ["acknowledgement", "plan", "report"] {
        desk.make_move(&mate, noun).await;
    }
    let answer = desk.post(&desk.coordinator, ROW, "signature", json!({})).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_report");
    // The history names the lender to those who work on the assignment; the public reads the office.
    let page = desk.second.get(&format!("/desk/assignments/{ROW}")).await.expect(200).text();
    assert!(page.contains(&format!("代name of {}办理", desk.coordinator.login)), "{page}");
    let public = desk.app.nobody().get("/issues/T1-1/provinces/320000").await.expect(200).text();
    assert!(!public.contains("name of") && public.contains(&office));
    // Neither lender nor borrower may verify the fix later.
    desk.post(&desk.second, ROW, "signature", json!({})).await.expect(200);
    let lender = desk.app.change_role(&desk.coordinator, Role::TeamLeader, "T3").await;
    let answer = desk.post(&lender, ROW, "verification", Desk::body("verification")).await.expect(403);
    assert_eq!(answer.code(), "assignment.own_work");
    // A rejection removes both the reporter and the lender from the assignment.
    desk.make_move(&desk.leader, "rejection").await;
    let rows = entity::assignment::Entity::find().all(desk.app.app.stores.main.db()).await.unwrap();
    assert!(rows.iter().any(|row| row.state == AssignmentState::Rework));
    assert!(rows.iter().all(|row| row.reporter_id.is_none() && row.reporter_for.is_none()));
}

#[tokio::test]
async fn a_lent_role_is_not_lent_on_nor_given_outside_the_house_nor_to_who_would_judge_it() {
    let desk = Desk::new().await;
    let mate = desk.app.staff_with("mate", &[(Role::Handler, "320000")]).await;
    lend(&desk, loan("mate", "2018-04-10", "2018-04-20")).await.expect(201);
    let answer = mate.post_json(AT, &loan("handler-320000", "2018-04-10", "2018-04-20")).await.expect(422);
    assert_eq!(answer.code(), "delegation.not_yours");
    for (body, code) in [
        (loan("province_coordinator-610000", "2018-04-10", "2018-04-20"), "delegation.borrower"),
        (loan("team_leader-t3", "2018-04-10", "2018-04-20"), "delegation.borrower"),
        (loan("sysadmin", "2018-04-10", "2018-04-20"), "delegation.borrower"),
        (loan("province_coordinator-320000", "2018-04-10", "2018-04-20"), "delegation.borrower"),
        (loan("nobody", "2018-04-10", "2018-04-20"), "delegation.borrower"),
        (loan("coordinator-2", "2018-04-10", "2018-04-20"), "delegation.has_it"),
        (loan("handler-320000", "2018-04-09", "2018-04-20"), "delegation.from"),
        (loan("handler-320000", "2018-04-20", "2018-04-19"), "delegation.until"),
        (loan("handler-320000", "2018-04-10", "2018-07-09"), "delegation.long"),
    ] {
        assert_eq!(lend(&desk, body.clone()).await.expect(422).code(), code, "{body}");
    }
    for other in [&desk.handler, &desk.organiser, &desk.approver, &desk.sysadmin, &desk.auditor] {
        other.post_json(AT, &loan("mate", "2018-04-10", "2018-04-20")).await.expect(404);
    }
    // A later grant must not combine a borrowed role with a role that excludes it.
    let security = desk.app.staff(Role::SecurityAdmin, "").await;
    let account = security.get("/api/v1/accounts/mate").await.expect(200).json();
    let body = json!({
        "roles": [{ "role": "team_leader", "scope": "T3" }], "home_province": "", "version": account["version"],
    });
    let answer = security.send_json(Method::PUT, "/api/v1/accounts/mate/roles", &body).await.expect(422);
    assert_eq!(answer.code(), "account.checks_itself");
}

#[tokio::test]
async fn a_borrower_from_the_province_does_not_check_it_for_the_leader() {
    let desk = Desk::new().await;
    desk.advance_to(AssignmentState::Resolved).await;
    let security = desk.app.staff(Role::SecurityAdmin, "").await;
    let mate = desk.app.staff_with("mate", &[(Role::TeamLeader, "T1")]).await;
    let change = async |login: &str, home: &str| {
        let account = security.get(&format!("/api/v1/accounts/{login}")).await.expect(200).json();
        let body = json!({ "roles": account["roles"], "home_province": home, "version": account["version"] });
        let at = format!("/api/v1/accounts/{login}/roles");
        security.send_json(Method::PUT, &at, &body).await.expect(200);
    };
    let account = desk.sysadmin.get("/api/v1/accounts/mate").await.expect(200).json();
    let office = format!("office of {}", desk.leader.login);
    let body = json!({ "name": "x", "office": office, "active": true, "version": account["version"] });
    desk.sysadmin.send_json(Method::PUT, "/api/v1/accounts/mate", &body).await.expect(200);
    let body = json!({
        "borrower": "mate", "role": "team_leader", "scope": "T3", "from": "2018-04-10", "until": "2018-04-20",
    });
    desk.leader.post_json(AT, &body).await.expect(201);
    for (login, home) in [("mate", "320000"), ("team_leader-t3", "320000")] {
        change(login, home).await;
        let borrower = desk.app.sign_in_again(&mate).await;
        let answer = desk.post(&borrower, ROW, "verification", Desk::body("verification")).await.expect(403);
        assert_eq!(answer.code(), "assignment.own_province", "{login}");
        change(login, "").await;
    }
    let borrower = desk.app.sign_in_again(&mate).await;
    desk.post(&borrower, ROW, "verification", Desk::body("verification")).await.expect(200);
}

#[tokio::test]
async fn the_page_lends_shows_and_ends_and_keeps_what_was_typed() {
    let desk = Desk::new().await;
    let page = desk.coordinator.get("/desk/delegations").await.expect(200).text();
    assert!(page.contains("现在没有授权") && page.contains("handler-320000") && page.contains("/desk/delegations\""));
    let fields = [
        ("role", "province_coordinator 320000"),
        ("borrower", "handler-320000"),
        ("from_on", "2018-04-12"),
        ("until_on", "2018-04-11"),
    ];
    let again = desk.coordinator.post_form("/desk/delegations", &fields).await.expect(422).text();
    assert!(again.contains("截止日不能早于起始日") && again.contains(r#"value="2018-04-12""#));
    assert!(again.contains(r#"<option value="handler-320000" selected>"#));
    let mut right = fields;
    right[3].1 = "2018-04-14";
    let done = desk.coordinator.post_form("/desk/delegations", &right).await.expect(303);
    let page = desk.coordinator.get(&done.location()).await.expect(200).text();
    assert!(page.contains("授权已登记") && page.contains("提前结束"));
    desk.app.clock.set(noon("2018-04-13"));
    let theirs = desk.app.sign_in_again(&desk.handler).await.get("/desk/delegations").await.expect(200).text();
    assert!(theirs.contains("省级统筹（江苏）") && !theirs.contains("提前结束</button>"));
    let end = page.split("action=\"/desk/delegations/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let coordinator = desk.app.sign_in_again(&desk.coordinator).await;
    coordinator.post_form(&format!("/desk/delegations/{end}"), &[]).await.expect(303);
    assert!(coordinator.get("/desk/delegations").await.text().contains("现在没有授权"));
}
