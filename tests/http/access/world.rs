//! A site with a history, in which every kind of person has something to open.

use entity::stored::Role;
use serde_json::json;
use shudu::base::main_store::Changes;

use testing::desk::PDF;
use testing::given::{self, draft};
use testing::{Desk, Person, TestApp};

/// Names of the people in the matrix, in the order of its columns.
pub const COLUMNS: [&str; 13] = [
    "nobody",
    "organiser",
    "approver",
    "coordinator",
    "handler",
    "leader",
    "borrower",
    "elsewhere",
    "auditor",
    "sysadmin",
    "security",
    "no role",
    "suspended",
];

/// The site and the people of the matrix.
pub struct World {
    pub app: TestApp,
    pub people: Vec<Person>,
    /// SHA-256 of a file of the assignment that waits for its verification.
    pub sha256: String,
}

impl World {
    /// A site with three campaigns. The campaign `t1` has assignments in Jiangsu in a state for every move, the campaign `t2` has
    /// verified and exempt assignments, and the campaign `d1` is a draft.
    pub async fn new() -> Self {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        let handler = app.staff(Role::Handler, "320000").await;
        let coordinator = app.staff(Role::ProvinceCoordinator, "320000").await;
        let leader = app.staff(Role::TeamLeader, "T3").await;
        for slug in ["t1", "t2"] {
            app.clock.set(testing::app::noon("2018-04-01"));
            given::certified_with(&app, &people, slug, |draft| draft.top_n = 6).await;
            app.clock.set(testing::app::noon("2018-04-10"));
            let ctx = app.ctx(&people.approver);
            app.app
                .stores
                .main
                .write(Changes::Campaigns, async |tx| shudu::dispatch::commands::dispatch(tx, &ctx, slug, None).await)
                .await
                .unwrap();
        }
        let organiser = app.ctx(&people.organiser);
        let new = draft("d1");
        app.app
            .stores
            .main
            .write(Changes::Campaigns, async |tx| shudu::campaign::commands::create(tx, &organiser, &new).await)
            .await
            .unwrap();
        let mut sha256 = String::new();
        let ways: [(&str, &[&str]); 7] = [
            ("T1-2", &["return"]),
            ("T1-3", &["acknowledgement"]),
            ("T1-4", &["acknowledgement", "plan"]),
            ("T1-5", &["acknowledgement", "plan", "report"]),
            ("T1-6", &["acknowledgement", "plan", "report", "signature"]),
            ("T2-1", &["acknowledgement", "plan", "report", "signature", "verification"]),
            ("T2-2", &["exemption-request", "exemption"]),
        ];
        for (issue, nouns) in ways {
            for noun in nouns {
                let person = match *noun {
                    "plan" | "report" => &handler,
                    "verification" => &leader,
                    "exemption" => &people.organiser,
                    _ => &coordinator,
                };
                let at = format!("/api/v1/assignments/{issue}/320000");
                let mut body = if *noun == "report" { json!(null) } else { Desk::body(noun) };
                if *noun == "report" {
                    let file = [PDF, issue.as_bytes()].concat();
                    let media = Some("application/octet-stream");
                    let path = format!("{at}/evidence?name=x.pdf");
                    let put = handler.send(poem::http::Method::POST, &path, media, file);
                    let put = put.await.expect(200).json()["sha256"].clone();
                    // The report covers only a part, so a signature is refused for everybody.
                    let covered = if issue == "T1-5" { 97 } else { 98 };
                    body = json!({
                        "before": "要到窗口排队", "after": "手机上就能办", "effective_on": "2018-04-10",
                        "covered": covered, "coverable": 98, "evidence": [put],
                    });
                    if issue == World::row_for("verification") {
                        sha256 = put.as_str().unwrap().to_owned();
                    }
                }
                person.post_json(&format!("{at}/{noun}"), &body).await.expect(200);
            }
        }
        let borrower = app.staff_with("borrower", &[(Role::Handler, "330000")]).await;
        let plain = app.staff_with("no-role", &[]).await;
        app.staff_with("somebody", &[]).await;
        let suspended = app.staff_as("suspended", Role::Organiser, "").await;
        let system = shudu::base::ctx::Ctx::system("test", &app.clock);
        let suspend = async |tx: &_| shudu::accounts::commands::set_active(tx, &system, "suspended", false).await;
        app.app.stores.main.write(Changes::Internal, suspend).await.unwrap();
        let borrower = lend(&app, &coordinator, &borrower).await;
        let people = vec![
            app.nobody(),
            people.organiser,
            people.approver,
            coordinator,
            handler,
            leader,
            borrower,
            app.staff(Role::ProvinceCoordinator, "610000").await,
            app.staff(Role::Auditor, "").await,
            app.staff(Role::Sysadmin, "").await,
            app.staff(Role::SecurityAdmin, "").await,
            plain,
            suspended,
        ];
        Self { app, people, sha256 }
    }

    /// Code of the issue whose assignment in Jiangsu is in the state for the move of this noun.
    pub fn row_for(noun: &str) -> &'static str {
        match noun {
            "ruling" => "T1-2",
            "plan" => "T1-3",
            "report" | "evidence" | "exemption" | "exemption-refusal" => "T1-4",
            "withdrawal" | "signature" | "sending-back" => "T1-5",
            "verification" | "rejection" => "T1-6",
            "relapse" => "T2-1",
            _ => "T1-1",
        }
    }
}

/// Moves the borrower to the coordinator's office and lends the borrower the coordinator's role for a month.
async fn lend(app: &TestApp, coordinator: &Person, borrower: &Person) -> Person {
    let system = shudu::base::ctx::Ctx::system("test", &app.clock);
    let store = &app.app.stores.main;
    let (row, staff) = shudu::accounts::queries::account(store.db(), &borrower.login).await.unwrap();
    let change = shudu::accounts::commands::AccountChange {
        name: row.name.clone(),
        office: format!("office of {}", coordinator.login),
        active: true,
        version: shudu::accounts::queries::version(&row, &staff.grants),
    };
    let login = borrower.login.as_str();
    store
        .write(Changes::Internal, async |tx| {
            shudu::accounts::commands::change_account(tx, &system, login, change).await
        })
        .await
        .unwrap();
    // The first loan holds today; the other loans exist to be ended.
    for (from, until) in [("2018-04-10", "2018-05-09"), ("2018-06-01", "2018-06-02"), ("2018-06-03", "2018-06-04")] {
        let body = json!({
            "borrower": login, "role": "province_coordinator", "scope": "320000", "from": from, "until": until,
        });
        coordinator.post_json("/api/v1/delegations", &body).await.expect(201);
    }
    app.sign_in_again(borrower).await
}
