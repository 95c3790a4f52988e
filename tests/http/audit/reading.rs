//! The auditor's pages and call: searching, verifying and exporting entries. Nobody else sees them.

use entity::stored::{Role, Scope};

use super::{acts_since, add_entries, entries, publish, size};
use testing::desk::ROW;
use testing::{Desk, TestApp};

#[tokio::test]
async fn only_auditors_learn_that_there_is_a_trail_to_read() {
    let app = TestApp::new().await;
    for role in Role::ALL {
        let scope = match role.scope() {
            Scope::Everything => "",
            Scope::Province => "320000",
            Scope::Team => "T3",
        };
        let person = app.staff(*role, scope).await;
        let status = if *role == Role::Auditor { 200 } else { 404 };
        for path in ["/desk/audit", "/desk/audit/1", "/api/v1/audit"] {
            assert_eq!(person.get(path).await.status.as_u16(), status, "{role} {path}");
        }
        let status = if *role == Role::Auditor { 200 } else { 404 };
        let export = person.post_form("/desk/audit/export", &[("form", "csv")]).await;
        assert_eq!(export.status.as_u16(), status, "{role}");
        let desk = person.get("/desk/password").await.expect(200).text();
        assert_eq!(desk.contains("href=\"/desk/audit\""), *role == Role::Auditor, "{role}");
    }
    app.nobody().get("/desk/audit").await.expect(303);
    app.nobody().get("/api/v1/audit").await.expect(401);
}

#[tokio::test]
async fn an_auditor_finds_entries_by_who_what_when_and_on_what() {
    let desk = Desk::new().await;
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    desk.app.clock.advance(chrono::TimeDelta::days(2));
    desk.make_move(&desk.handler, "plan").await;
    let auditor = desk.auditor.clone().in_english();
    let count = async |query: &str| {
        auditor.get(&format!("/api/v1/audit?{query}")).await.expect(200).json()["total"].as_u64().unwrap()
    };
    assert_eq!(count(&format!("object={ROW}")).await, 2);
    assert_eq!(count(&format!("object={ROW}&act=assignment.plan")).await, 1);
    assert_eq!(count("act=assignment.").await, 2);
    assert_eq!(count(&format!("who={}", desk.handler.login)).await, 1);
    assert_eq!(count("who=nobody-at-all").await, 0);
    assert_eq!(count("from=2018-04-12&act=assignment.").await, 1);
    assert_eq!(count("until=2018-04-11&act=assignment.").await, 1);
    assert_eq!(count(&format!("object={}", desk.handler.login)).await, 1, "the account that was made");
    assert_eq!(count("object=%25").await, 0, "no sign stands for any other");
    let page = auditor.get("/desk/audit?act=assignment.").await.expect(200).text();
    assert!(page.contains("2 entries") && page.contains("Plan filed") && page.contains(ROW), "{page}");
    let chinese = desk.auditor.get("/desk/audit?act=assignment.plan").await.expect(200).text();
    assert!(chinese.contains("报送整改方案") && chinese.contains("还没有核对过"), "{chinese}");
}

#[tokio::test]
async fn the_state_of_the_chain_is_said_in_words_and_followed_on_demand() {
    let app = TestApp::new().await;
    let auditor = app.staff(Role::Auditor, "").await.in_english();
    add_entries(&app, 120).await;
    assert_eq!(auditor.post_form("/desk/audit/check", &[]).await.expect(303).location(), "/desk/audit");
    let n = size(&app).await;
    let page = auditor.get("/desk/audit").await.expect(200).text();
    assert!(page.contains(&format!("entries 1 to {n} hold together")), "{page}");
    let older = auditor.get("/desk/audit?page=2").await.expect(200).text();
    assert!(older.contains("rel=\"prev\"") && older.contains("rel=\"next\""));
    let state = auditor.get("/api/v1/audit").await.expect(200).json()["chain"].clone();
    assert_eq!(state["size"], n);
    let one = auditor.get("/desk/audit/2").await.expect(200).text();
    assert!(one.contains(&entries(&app).await[0].hash) && one.contains("fits its hash"), "{one}");
    // Terms with their values, times of China beside the text under the hash.
    assert!(one.contains("<dl class=\"summary\">") && one.contains(" (on record as 2"), "{one}");
    auditor.get("/desk/audit/100000").await.expect(404);
}

#[tokio::test]
async fn list_and_entry_tell_the_time_in_one_zone_and_numbers_in_one_form() {
    let app = TestApp::new().await;
    let auditor = app.staff(Role::Auditor, "").await;
    add_entries(&app, 1000).await;
    let n = size(&app).await;
    assert!((1000..2000).contains(&n), "{n}");
    let list = auditor.get("/desk/audit").await.expect(200).text();
    let number = format!("1,{:03}", n - 1000);
    assert!(list.contains(&format!("共{number}条")) && list.contains(&format!(">{number} ")), "{list}");
    assert!(list.contains("2018年4月1日12:00"), "{list}");
    let entry = auditor.get(&format!("/desk/audit/{n}")).await.expect(200).text();
    assert!(entry.contains("2018年4月1日12:00（记录里写作2018-04-01T04:00:00.000000Z）"), "{entry}");
    auditor.post_form("/desk/audit/check", &[]).await.expect(303);
    let list = auditor.get("/desk/audit").await.expect(200).text();
    assert!(list.contains("2018年4月1日12:00（系统时间）"), "the banner goes by the system's clock: {list}");
}

#[tokio::test]
async fn what_is_personal_is_masked_until_somebody_says_why_and_that_is_on_record() {
    let app = TestApp::new().await;
    let auditor = app.staff(Role::Auditor, "").await.in_english();
    add_entries(&app, 1).await;
    let number = size(&app).await;
    let path = format!("/desk/audit/{number}");
    let page = auditor.get(&path).await.expect(200).text();
    assert!(page.contains("s•••y") && !page.contains("somebody"), "{page}");
    let refused = auditor.post_form(&path, &[("reason", " ")]).await.expect(422).text();
    assert!(!refused.contains("somebody"));
    assert_eq!(size(&app).await, number);
    let shown = auditor.post_form(&path, &[("reason", "case 7")]).await.expect(200).text();
    assert!(shown.contains("somebody"), "{shown}");
    let last = entries(&app).await.pop().unwrap();
    assert_eq!((last.act.as_str(), last.object), ("audit.unmask", number.to_string()));
    assert!(last.detail.contains("case 7") && last.actor_id.is_some());
    auditor.post_form(&format!("/desk/audit/{}", number + 1), &[("reason", "x")]).await.expect(404);
}

#[tokio::test]
async fn an_export_carries_its_proof_nothing_personal_and_is_an_entry_itself() {
    let app = TestApp::new().await;
    let auditor = app.staff(Role::Auditor, "").await;
    add_entries(&app, 30).await;
    publish(&app).await.unwrap();
    let start = size(&app).await;
    let table = auditor.post_form("/desk/audit/export", &[("form", "csv"), ("act", "campaign.")]).await.expect(200);
    assert_eq!(table.text().lines().count(), 1 + 27);
    let lines = auditor.post_form("/desk/audit/export", &[("form", "jsonl")]).await.expect(200).text();
    assert_eq!(acts_since(&app, start).await, ["audit.export", "audit.export"]);
    assert!(!lines.contains("somebody") && !table.text().contains("somebody"));
    auditor.post_form("/desk/audit/export", &[]).await.expect(422);
    // The export is verified by a Python program that shares no code with the product.
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("entries.jsonl"), &lines).unwrap();
    for name in ["key", "checkpoint"] {
        let bytes = app.app.trail.public_file(name).await.unwrap().unwrap();
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let check = || {
        std::process::Command::new("python3")
            .arg(format!("{}/verify/audit.py", env!("CARGO_MANIFEST_DIR")))
            .args([dir.path(), &dir.path().join("checkpoint")])
            .output()
            .unwrap()
    };
    let said = check();
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    assert!(
        String::from_utf8_lossy(&said.stdout).contains(&format!("{} entries hold together", start + 2)),
        "{said:?}"
    );
    std::fs::write(dir.path().join("entries.jsonl"), lines.replacen("campaign.edit", "campaign.edlt", 1)).unwrap();
    let said = check();
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("is not what was recorded"), "{said:?}");
}
