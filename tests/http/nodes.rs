//! Two nodes of one site: whatever one of them gives or knows, the other takes. PostgreSQL only, since SQLite serves one process.

use std::collections::BTreeSet;

use serde_json::json;
use shudu::base::main_store::Main;
use shudu::base::nodes::{Nodes, Shard};
use shudu::base::objects::Address;
use shudu::pass::proof_of_work::solve;
use shudu::scheduler;
use testing::desk::{Desk, ROW, png};
use testing::{Person, TestApp, given};

use crate::ballot::voting;

/// The public page of the assignment that [`Desk`] moves.
const PUBLIC: &str = "/issues/T1-1/provinces/320000";

#[tokio::test]
async fn a_pass_a_ballot_and_its_receipt_of_one_node_are_good_at_the_other() {
    let (app, _) = voting::open().await;
    let Some(other) = app.beside().await else { return };
    let (here, there) = (app.nobody(), other.nobody());
    // One puzzle gives one pass, whichever nodes redeem the solution.
    let challenge = voting::challenge(&here).await;
    let asked = json!({ "track": "anonymous", "challenge": challenge, "nonce": solve(&challenge, 4) });
    let mut serials = BTreeSet::new();
    for node in [&there, &here, &there, &here] {
        let pass = voting::ask_pass(node, &asked).await.expect(200).json()["pass"].as_str().unwrap().to_owned();
        serials.insert(shudu::pass::seal::Pass::parse(&pass).unwrap().serial);
    }
    assert_eq!(serials.len(), 1);
    let pass = voting::pass(&here).await;
    let cast = voting::cast(&there, &pass, &["T1-2"]).await.expect(201).json();
    let again = voting::cast(&here, &pass, &["T1-2"]).await.expect(200).json();
    assert_eq!(cast["receipt"], again["receipt"]);
    assert_eq!(voting::cast(&here, &pass, &["T1-3"]).await.expect(409).code(), "ballot.pass_used");
    let found = format!("/api/v1/receipts/{}", cast["receipt"].as_str().unwrap());
    for node in [&here, &there] {
        node.get(&found).await.expect(200);
    }
    let own = voting::person_pass(&here, "王芳", voting::NUMBER).await.expect(200).json();
    let same = voting::person_pass(&there, "王芳", voting::NUMBER).await.expect(200).json();
    assert_eq!(own["pass"], same["pass"]);
    assert_eq!(voting::ballots(&app).await, 1);
}

#[tokio::test]
async fn a_session_a_file_and_a_move_of_one_node_are_known_at_the_other() {
    let desk = Desk::of(TestApp::new().await).await;
    let Some(other) = desk.app.beside().await else { return };
    let handler = desk.handler.clone().by(&other);
    handler.get("/desk").await.expect(200);
    let hash = desk.upload(&desk.handler, ROW, "a.png", &png()).await.expect(200).json()["sha256"].clone();
    let file = format!("/desk/assignments/{ROW}/evidence/{}", hash.as_str().unwrap());
    let files = [desk.handler.get(&file).await.expect(200).body, handler.get(&file).await.expect(200).body];
    assert_eq!(files[0], files[1]);
    // The page at the other node is rendered before the move, and again once the node has read the version.
    let reader = other.nobody();
    let before = reader.get(PUBLIC).await.expect(200).text();
    desk.make_move(&desk.coordinator, "acknowledgement").await;
    assert_eq!(reader.get(PUBLIC).await.expect(200).text(), before);
    other.app.stores.main.follow().await.unwrap();
    assert_ne!(reader.get(PUBLIC).await.expect(200).text(), before);
}

#[tokio::test]
async fn both_nodes_show_the_same_log_and_no_node_keeps_the_key_after_the_count() {
    let (app, people) = voting::open().await;
    let Some(other) = app.beside().await else { return };
    let (here, there) = (app.nobody(), other.nobody());
    for n in 0..3 {
        let (given, taken) = if n % 2 == 0 { (&here, &there) } else { (&there, &here) };
        let pass = voting::pass(given).await;
        voting::cast(taken, &pass, &["T1-2"]).await.expect(201);
    }
    voting::person_pass(&there, "王芳", voting::NUMBER).await.expect(200);
    app.clock.set(testing::app::noon("2018-04-09"));
    // The organiser counts at the node that does not do the scheduler's work.
    let counting = people.organiser.clone().by(&other);
    counting.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    scheduler::follow(&app.app).await.unwrap();
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    for node in [&app, &other] {
        let pass_keys = &node.app.passes.issuing.pass_keys;
        assert!(!pass_keys.has("t1").await.unwrap());
        pass_keys.key(&paper).await.unwrap_err();
    }
    for path in files(&here, "/log/t1/").await {
        assert_eq!(here.get(&path).await.expect(200).body, there.get(&path).await.expect(200).body, "{path}");
    }
}

/// Addresses of all files below a folder of the public log.
async fn files(who: &Person, folder: &str) -> Vec<String> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        let page = who.get(&folder).await.expect(200).text();
        for name in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = format!("{folder}{name}");
            if name.ends_with('/') { folders.push(path) } else { found.push(path) }
        }
    }
    assert!(
        found.iter().any(|path| path.contains("/tile/entries/")) && found.iter().any(|path| path.ends_with("/tally"))
    );
    found
}

#[tokio::test]
async fn one_node_at_a_time_does_the_work_and_writers_have_rows_of_their_own() {
    let app = TestApp::new().await;
    let Some(other) = app.beside().await else { return };
    let (first, second) = (&app.app.nodes, &other.app.nodes);
    // The first node has its objects in its own data directory: nobody may serve beside it.
    assert!(first.renew().await.unwrap());
    assert!(first.works() && first.is_in_step());
    assert!(second.renew().await.unwrap());
    assert!(!second.works() && second.is_in_step());
    assert!(!first.renew().await.unwrap());
    first.leave().await.unwrap();
    assert!(second.renew().await.unwrap());
    assert!(second.works());
    let shards = [Shard::default(), Shard::default(), Shard::default()];
    for (n, shard) in shards.iter().enumerate() {
        let node = node(&app.app.stores.main, shard, &format!("/nowhere/{n}"));
        assert!(node.renew().await.unwrap());
        assert!(!node.works());
    }
    let numbers: BTreeSet<i32> = shards.iter().map(Shard::current).collect();
    assert_eq!(numbers, BTreeSet::from([0, 2, 3]), "1 belongs to the second node");
}

fn node(main: &Main, shard: &Shard, data: &str) -> Nodes {
    Nodes::new(main.clone(), shard.clone(), std::path::Path::new(data), true)
}

#[tokio::test]
async fn where_a_standby_is_required_nothing_is_written_without_one() {
    let app = TestApp::new().await;
    if app.beside().await.is_none() {
        return;
    }
    let main = &app.app.stores.main;
    let before = main.public().current();
    let refused = main.clone().requiring_standby(true).announce().await.unwrap_err();
    assert_eq!((refused.status(), refused.retry_after()), (503, Some(5)));
    main.follow().await.unwrap();
    assert_eq!(main.public().current(), before);
    main.announce().await.unwrap();
    assert_eq!(main.public().current(), before + 1);
}

/// The object store is an address at which nobody listens, from the first start on.
#[tokio::test]
async fn a_site_starts_and_votes_while_its_object_store_does_not_answer() {
    let away = Address::parse("s3://id:secret@shudu?endpoint=http://127.0.0.1:1&region=garage").unwrap();
    let app = TestApp::with_config(|config| config.objects = Some(away)).await;
    let people = given::organisation(&app).await;
    given::published(&app, &people, "t1", |_| ()).await;
    app.clock.set(testing::app::noon("2018-04-06"));
    let voter = app.nobody();
    let pass = voting::pass(&voter).await;
    let cast = voting::cast(&voter, &pass, &["T1-2"]).await.expect(201).json();
    let found = voter.get(&format!("/api/v1/receipts/{}", cast["receipt"].as_str().unwrap())).await.expect(200).json();
    assert_eq!(found["status"], "in_box");
    voter.get("/readyz").await.expect(200);
    // The log is not begun, so nothing of it is public, and nothing is sealed.
    voter.get("/log/t1/key").await.expect(404);
    assert_eq!(app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err().status(), 503);
    assert_eq!(app.app.trail.publish(&app.app.stores.main, app.clock.system()).await.unwrap_err().status(), 503);
}
