//! Tampering with the database or the files behind the product's back: such changes are not counted, not signed and not shown.

use sea_orm::{ConnectionTrait, DbBackend};
use shudu::campaign::phase::Phase;
use shudu::campaign::queries::campaign;

use super::{cast_with_a_tie, certified, counted};
use crate::sealed::let_ballots_change;
use testing::app::noon;
use testing::given::Organisation;
use testing::{TestApp, given};

const COUNT: &str = "/api/v1/campaigns/t1/count";

/// A campaign with 57 sealed ballots, after its close and not counted.
async fn sealed() -> (TestApp, Organisation) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    cast_with_a_tie(&app).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    let_ballots_change(&app.app).await;
    app.clock.set(noon("2018-04-09"));
    (app, people)
}

async fn write(app: &TestApp, statements: &[&str]) {
    let db = app.app.stores.ballots.db();
    for statement in statements {
        db.execute_unprepared(statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
    }
}

/// Checks that nobody can count: the refusal to the organiser names the cause, the scheduler counts nothing, and no count is
/// signed.
async fn is_refused(app: &TestApp, people: &Organisation, named: &str, what: &str) {
    let refused = people.organiser.post_json(COUNT, &().into()).await;
    assert_eq!(refused.status.as_u16(), 409, "{what}: {}", refused.text());
    let answer = refused.json();
    assert_eq!(answer["code"], "tally.unequal", "{what}");
    assert!(answer.to_string().contains(named), "{what}: {answer}");
    assert!(shudu::scheduler::tick(&app.app).await.is_err(), "{what}");
    let found = campaign(app.app.stores.main.db(), "t1").await.unwrap();
    assert_eq!(Phase::of(&found, app.clock.now()), Phase::Closed, "{what}");
    for path in ["tally", "tile/entries/"] {
        app.nobody().get(&format!("/log/t1/{path}")).await.expect(404);
    }
}

/// Moves the ten votes of anonymous ballots of Jiangsu for T1-3 to T1-4, in both tables of counts.
const MOVED: [&str; 4] = [
    "UPDATE ballot_count SET n = n - 10 WHERE option = 'T1-3' AND province = '320000' AND track = 'anonymous'",
    "INSERT INTO ballot_count (campaign, shard, track, province, option, n) VALUES ('t1', 0, 'anonymous', '320000', 'T1-4', 10)",
    "UPDATE sealed_count SET n = n - 10 WHERE option = 'T1-3' AND province = '320000' AND track = 'anonymous'",
    "INSERT INTO sealed_count (campaign, track, province, option, n) VALUES ('t1', 'anonymous', '320000', 'T1-4', 10)",
];
const VOTES: &str =
    "UPDATE ballot SET choices = 'T1-4' WHERE choices = 'T1-3' AND province = '320000' AND track = 'anonymous'";

#[tokio::test]
async fn sealed_ballots_that_were_changed_with_both_tables_of_counts_are_not_counted() {
    let (app, people) = sealed().await;
    write(&app, &[&[VOTES][..], &MOVED].concat()).await;
    // The refusal names the receipt of one of the ten ballots, in parentheses.
    is_refused(&app, &people, "（", "rows and counts").await;
    // After the rows are restored, the campaign is counted.
    let back = [
        "UPDATE ballot SET choices = 'T1-3' WHERE choices = 'T1-4' AND province = '320000' AND track = 'anonymous'",
        "UPDATE ballot_count SET n = n + 10 WHERE option = 'T1-3' AND province = '320000' AND track = 'anonymous'",
        "DELETE FROM ballot_count WHERE option = 'T1-4' AND province = '320000'",
        "UPDATE sealed_count SET n = n + 10 WHERE option = 'T1-3' AND province = '320000' AND track = 'anonymous'",
        "DELETE FROM sealed_count WHERE option = 'T1-4' AND province = '320000'",
    ];
    write(&app, &back).await;
    people.organiser.post_json(COUNT, &().into()).await.expect(200);
}

#[tokio::test]
async fn every_other_way_to_change_what_is_sealed_is_refused_by_name() {
    let copy = "INSERT INTO ballot (campaign, serial, track, province, choices, leaf, batch) SELECT campaign, leaf, track, \
                province, choices, leaf, 0 FROM ballot WHERE choices = 'T1-5'";
    let one_less = "UPDATE ballot_count SET n = n - 1 WHERE province = '610000' AND track = 'anonymous' AND option IN ('', 'T1-5')";
    let one_more = "UPDATE ballot_count SET n = n + 1 WHERE province = '610000' AND track = 'anonymous' AND option IN ('', 'T1-5')";
    let ways: &[(&str, &[&str], &str)] = &[
        ("the log's own count alone", &["UPDATE sealed_count SET n = n + 1 WHERE option = 'T1-1'"], "sealed_count"),
        (
            "a place",
            &[
                "UPDATE ballot SET province = '110000' WHERE choices = 'T1-5'",
                "UPDATE ballot_count SET province = '110000' WHERE option = 'T1-5'",
                "UPDATE ballot_count SET n = n - 1 WHERE option = '' AND province = '610000' AND track = 'anonymous'",
                "INSERT INTO ballot_count (campaign, shard, track, province, option, n) VALUES ('t1', 0, 'anonymous', '110000', '', 1)",
            ],
            "（",
        ),
        (
            "a ballot taken away",
            &["DELETE FROM ballot WHERE choices = 'T1-5'", one_less, "DELETE FROM ballot_count WHERE n = 0"],
            "batch 1",
        ),
        ("a ballot put in", &[copy, one_more], "（"),
        ("a leaf hash", &["UPDATE ballot SET leaf = serial WHERE choices = 'T1-5'"], "（"),
        ("a batch of its own", &["UPDATE ballot SET batch = 3 WHERE choices = 'T1-5'"], "（"),
    ];
    for (what, statements, named) in ways {
        let (app, people) = sealed().await;
        write(&app, statements).await;
        is_refused(&app, &people, named, what).await;
    }
}

#[tokio::test]
async fn files_of_the_log_that_were_changed_are_not_counted() {
    for (file, named) in
        [("tile/entries/000.p/57", "entry 0"), ("places/000.p/57", "entry 0"), ("tile/0/000.p/57", "entry 0")]
    {
        let (app, people) = sealed().await;
        let path = app.app.config.data.join("objects/log/t1").join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        // The changed byte is in the first entry, in the first opened place, or in the first hash.
        let at = if file.contains("places") { bytes.iter().position(|b| *b != 0).unwrap() + 20 } else { 20 };
        bytes[at] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let named = if file.contains("places") { "entry" } else { named };
        is_refused(&app, &people, named, file).await;
    }
}

/// Writes into the main store, as a role that owns the database.
async fn write_main(app: &TestApp, statement: &str) {
    app.app.stores.main.db().execute_unprepared(statement).await.unwrap_or_else(|e| panic!("{statement}: {e}"));
    app.app.stores.main.announce().await.unwrap();
}

#[tokio::test]
async fn a_stored_count_that_is_not_the_signed_one_is_shown_nowhere_and_nobody_signs_on_it() {
    let faked = "UPDATE tally_line SET n = n + 1000 WHERE option = 'T1-4' AND track = 'anonymous'";
    for statements in
        [&[faked][..], &[faked, "UPDATE tally SET digest = 'whatever fits'"], &["UPDATE tally SET digest = ''"]]
    {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        counted(&app, &people).await;
        people.organiser.post_json("/api/v1/campaigns/t1/selection", &().into()).await.expect(200);
        for statement in statements {
            write_main(&app, statement).await;
        }
        for path in [
            "/campaigns/t1/results",
            "/api/v1/campaigns/t1/tally",
            "/api/v1/campaigns/t1/ranking",
            "/campaigns/t1/results.csv",
        ] {
            let answer = app.nobody().get(path).await.expect(503).text();
            assert!(
                !answer.contains("1,005") && !answer.contains("1005") && !answer.contains("1,00"),
                "{path}: {answer}"
            );
        }
        assert_eq!(app.nobody().get("/api/v1/campaigns/t1/tally").await.code(), "tally.unsigned");
        people.organiser.post_json("/api/v1/campaigns/t1/selection", &().into()).await.expect(503);
        people.approver.post_json("/api/v1/campaigns/t1/selection/approval", &().into()).await.expect(503);
    }
}

#[tokio::test]
async fn a_ranking_that_does_not_follow_from_the_signed_count_is_not_shown() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    certified(&app, &people).await;
    app.nobody().get("/api/v1/campaigns/t1/ranking").await.expect(200);
    let swapped = match app.app.stores.main.db().get_database_backend() {
        DbBackend::Postgres => {
            "UPDATE selection SET ranking = replace(replace(replace(ranking::text, 'T1-1', 'T1-x'), 'T1-6', 'T1-1'), 'T1-x', 'T1-6')::json"
        }
        _ => {
            "UPDATE selection SET ranking = replace(replace(replace(ranking, 'T1-1', 'T1-x'), 'T1-6', 'T1-1'), 'T1-x', 'T1-6')"
        }
    };
    write_main(&app, swapped).await;
    for path in ["/campaigns/t1/results", "/api/v1/campaigns/t1/ranking"] {
        app.nobody().get(path).await.expect(503);
    }
}

#[tokio::test]
async fn a_log_whose_files_are_gone_is_not_begun_anew() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    let log = app.app.config.data.join("objects/log/t1");
    std::fs::remove_dir_all(&log).unwrap();
    let found = campaign(app.app.stores.main.db(), "t1").await.unwrap();
    let options = shudu::campaign::queries::options(app.app.stores.main.db(), found.id).await.unwrap();
    let questionnaire = shudu::campaign::questionnaire::bytes(&found, &options);
    app.app.ballots.sequencer.open("t1", &questionnaire).await.unwrap();
    assert!(!log.exists());
    app.app.ballots.sequencer.recount("t1").await.map(drop).unwrap_err();
}
