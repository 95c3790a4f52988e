//! The public log over HTTP and on disk: its publication over time, verification by strangers, and a failing disk.

use std::path::{Path, PathBuf};
use std::process::Command;

use ::public_log::note::{Checkpoint, Verifier};
use ::public_log::tree::root_of_proof;
use entity::stored::{Display, Track};
use poem::http::header;
use shudu::app::App;
use shudu::ballot_log::Sequencer;
use shudu::base::error::Result;
use shudu::base::objects::Objects;
use tempfile::TempDir;

use super::ballot::voting;
use super::tally::{cast, cast_with_a_tie, counted, open};
use testing::app::noon;
use testing::{TestApp, given, public_log};

/// A copy of the public log, as a stranger fetches it.
async fn copied(app: &TestApp) -> TempDir {
    public_log::fetch(&app.app.ballots.sequencer, "t1").await
}

/// An object of the log in the data directory.
fn object(app: &TestApp, path: &str) -> PathBuf {
    app.app.config.data.join("objects/log/t1").join(path)
}

/// Runs the verifier that shares no code with the product on a campaign's folder. Returns its exit code and output.
fn verify(folder: &Path) -> (i32, String) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("verify/verify.py");
    let out = Command::new("python3").arg(program).arg("log").arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    (out.status.code().unwrap(), said)
}

pub fn verifies(folder: &Path, last: &str) {
    let (code, said) = verify(folder);
    assert_eq!((code, said.lines().last()), (0, Some(last)), "{said}");
    let report = ::public_log::verify::verify(&::public_log::verify::Source::folder(folder), None).unwrap();
    assert_eq!(if report.is_counted { "OK" } else { "OK SO FAR" }, last, "{report:?}");
}

#[tokio::test]
async fn while_voting_runs_only_hashes_and_checkpoints_are_shown() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast_with_a_tie(&app).await;
    let anybody = app.nobody();
    anybody.get("/log/t1/key").await.expect(200);
    anybody.get("/log/t1/checkpoint").await.expect(404);
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    cast(&app, "t1", 100, &[(300, Track::Anonymous, "330000", &[2])]).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();

    let sizes = anybody.get("/log/t1/batches").await.expect(200);
    assert_eq!(sizes.text(), "57\n357\n");
    let full = anybody.get("/log/t1/tile/0/000").await.expect(200);
    assert_eq!(full.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(full.body.len(), 8192);
    let checkpoint = anybody.get("/log/t1/checkpoint").await.expect(200);
    assert_eq!(checkpoint.headers[header::CACHE_CONTROL], "public, no-cache");
    let hidden =
        ["tile/entries/000", "tile/entries/001.p/101", "places/000", "tally", "tile/entries/", "../../keys/log.key"];
    for path in hidden {
        anybody.get(&format!("/log/t1/{path}")).await.expect(404);
    }
    // No file can exist under these names: below a file, or too long for a disk.
    for path in ["key/x", "key/", &"a".repeat(300), &format!("{}/", "a".repeat(300))] {
        anybody.get(&format!("/log/t1/{path}")).await.expect(404);
    }
    let list = anybody.get("/log/t1/").await.expect(200).text();
    assert!(list.contains("href=\"checkpoint\"") && list.contains("href=\"tile/\"") && !list.contains("places"));
    verifies(copied(&app).await.path(), "OK SO FAR");
}

#[tokio::test]
async fn after_the_count_a_stranger_counts_the_same() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    counted(&app, &people).await;
    verifies(copied(&app).await.path(), "OK");
    // A second count changes nothing, because the scheduler may repeat it.
    let before = app.nobody().get("/log/t1/tally").await.expect(200).text();
    let again = people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await;
    again.expect(200);
    assert_eq!(app.nobody().get("/log/t1/tally").await.expect(200).text(), before);

    // The published figures equal the log's own count, row by row.
    let tally = app.nobody().get("/api/v1/campaigns/t1/tally").await.expect(200).json();
    let signed = app.nobody().get("/log/t1/tally").await.expect(200).text();
    let mut lines = 0;
    for cell in tally["cells"].as_array().unwrap() {
        let option = match cell["option"].as_str().unwrap() {
            "" => "-",
            code => code,
        };
        let (province, track) = (cell["province"].as_str().unwrap(), cell["track"].as_str().unwrap());
        let line = format!("\n{option} {province} {track} {}\n", cell["count"]);
        assert!(signed.contains(&line), "{line}{signed}");
        lines += 1;
    }
    assert_eq!(lines, signed.lines().filter(|l| l.split(' ').count() == 4 && !l.starts_with('—')).count());
}

#[tokio::test]
async fn a_campaign_that_shows_running_figures_holds_its_entries_back_until_the_count() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |d| d.display = Display::Live).await;
    for first in [1, 200] {
        cast(&app, "t1", first, &[(150, Track::Anonymous, "330000", &[1, 2]), (3, Track::RealName, "610000", &[3])])
            .await;
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    }
    let who = app.nobody();
    for held in ["tile/entries/000", "tile/entries/001.p/50", "places/000", "places/001.p/50"] {
        who.get(&format!("/log/t1/{held}")).await.expect(404);
    }
    verifies(copied(&app).await.path(), "OK SO FAR");
    app.clock.set(noon("2018-04-09"));
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    who.get("/log/t1/tile/entries/001.p/50").await.expect(200);
    verifies(copied(&app).await.path(), "OK");
}

#[tokio::test]
async fn a_campaign_in_which_nobody_voted_has_a_log_as_well() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    app.clock.set(noon("2018-04-09"));
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    verifies(copied(&app).await.path(), "OK");
}

#[tokio::test]
async fn a_receipt_is_a_promise_first_and_a_proof_once_sealed() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast_now = voting::cast(&citizen, &pass, &["T1-1"]).await.expect(201).json();
    let number = cast_now["receipt"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/receipts/{number}");
    let waiting = citizen.get(&path).await.expect(200).json();
    assert_eq!((&waiting["status"], &waiting["proof"]), (&"in_box".into(), &serde_json::Value::Null));
    assert_eq!(waiting["leaf_hash"], cast_now["leaf_hash"]);
    citizen.get(&format!("/receipts/{number}/proof")).await.expect(404);
    let page = citizen.get(&format!("/receipts/{number}")).await.expect(200).text();
    assert!(page.contains("正在等这一批封存"), "{page}");

    let key = Verifier::parse(citizen.get("/log/t1/key").await.expect(200).text().trim()).unwrap();
    let promise = citizen.get(&format!("/receipts/{number}/promise")).await.expect(200).text();
    assert_eq!(Some(&*promise), waiting["promise"].as_str());
    // The promise of the cast was signed together with others, the one of the receipt alone. Both are of the same ballot.
    let together = cast_now["promise"].as_str().unwrap();
    assert_eq!((together.lines().count(), promise.lines().count()), (18, 12), "{together}\n{promise}");
    for text in [together, &promise] {
        let opened = ::public_log::promise::open(text, &key).unwrap();
        assert_eq!(Some(&*hex::encode(opened.ballot.leaf)), cast_now["leaf_hash"].as_str());
        assert_eq!(opened.by, "2018-04-09T16:00:00Z");
    }

    given::ballots(&app, "t1", &[("320000", &[1]), ("330000", &[2]), ("330000", &[3])]).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    let sealed = citizen.get(&path).await.expect(200).json();
    assert_eq!((&sealed["status"], &sealed["size"]), (&"in_log".into(), &4.into()));
    let text = citizen.get(&format!("/receipts/{number}/proof")).await.expect(200).text();
    assert_eq!(Some(&*text), sealed["proof"].as_str());
    let (proof, checkpoint) = text.split_once("\n\n").unwrap();
    let checkpoint = Checkpoint::open(checkpoint, &key).unwrap();
    let hash = |line: &str| -> [u8; 32] {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.decode(line).unwrap().try_into().unwrap()
    };
    let hashes: Vec<[u8; 32]> = proof.lines().skip(4).map(hash).collect();
    let leaf = hash(proof.lines().nth(2).unwrap());
    assert_eq!(Some(&*hex::encode(leaf)), cast_now["leaf_hash"].as_str());
    let index = sealed["index"].as_u64().unwrap();
    assert_eq!(root_of_proof(leaf, index, 4, &hashes), Some(checkpoint.root));
    let page = citizen.in_english().get(&format!("/receipts/{number}")).await.expect(200).text();
    assert!(page.contains(&format!("Sealed in the public log: entry {} of 4", index + 1)), "{page}");
}

/// Puts a folder where an object is due, or a file where a folder is due, so that writing fails as on a full disk. Returns a
/// function that removes the obstacle.
fn obstruct(place: &Path) -> impl FnOnce() + use<> {
    let place = place.to_owned();
    drop(std::fs::remove_dir_all(&place));
    if place.ends_with("staged/t1") {
        std::fs::write(&place, "in the way").unwrap();
    } else {
        std::fs::create_dir_all(place.join("in the way")).unwrap();
    }
    move || {
        drop(std::fs::remove_file(&place));
        drop(std::fs::remove_dir_all(&place));
    }
}

/// The sequencer after a start, which has to find out where the last one stopped.
async fn restarted(app: &App) -> Result<Sequencer> {
    let (store, papers) = (app.stores.ballots.clone(), app.passes.papers.clone());
    let objects = Objects::of(&app.config.data);
    let questionnaire = app.ballots.sequencer.public_file("t1", "questionnaire").await?.unwrap();
    let later = Sequencer::new(store, papers, app.keys.log.clone(), objects, "another.name".to_owned());
    later.open("t1", &questionnaire).await?;
    Ok(later)
}

#[tokio::test]
async fn a_batch_that_failed_at_any_step_is_finished_later_and_never_replaced() {
    let steps = [
        "staged/t1",
        "log/t1/tile/0/000.p/114",
        "log/t1/places/000.p/114",
        "log/t1/tile/entries/000.p/114",
        "log/t1/history/114",
    ];
    for step in steps {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        open(&app, &people, |_| ()).await;
        cast_with_a_tie(&app).await;
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
        cast(&app, "t1", 200, &[(57, Track::Anonymous, "330000", &[2])]).await;
        let file = app.app.config.data.join("objects").join(step);
        let clear = obstruct(&file);
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err();
        // Nothing is shown and nothing is signed before the batch is committed and its objects are stored.
        assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n");
        assert!(!object(&app, "history/114").is_file(), "{step}");
        clear();
        // More ballots arrive before the next run. A committed batch stays as it was.
        cast(&app, "t1", 400, &[(20, Track::Anonymous, "610000", &[3])]).await;
        let later = restarted(&app.app).await.unwrap();
        later.seal("t1", 1).await.unwrap();
        let batches = app.nobody().get("/log/t1/batches").await.expect(200).text();
        let expected = if step == "staged/t1" { "57\n134\n" } else { "57\n114\n134\n" };
        assert_eq!(batches, expected, "{step}");
        verifies(copied(&app).await.path(), "OK SO FAR");
        // Two sequencers of one site go on side by side.
        cast(&app, "t1", 500, &[(20, Track::Anonymous, "610000", &[3])]).await;
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
        cast(&app, "t1", 600, &[(20, Track::Anonymous, "610000", &[3])]).await;
        later.seal("t1", 1).await.unwrap();
        later.disclose("t1").await.unwrap();
        later.publish_count("t1").await.unwrap();
        verifies(copied(&app).await.path(), "OK");
    }
}

#[tokio::test]
async fn a_committed_batch_whose_stage_is_lost_is_built_from_the_box_again() {
    for step in ["log/t1/tile/0/000.p/57", "log/t1/places/000.p/57", "log/t1/history/57"] {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        open(&app, &people, |_| ()).await;
        cast_with_a_tie(&app).await;
        let objects = app.app.config.data.join("objects");
        let clear = obstruct(&objects.join(step));
        app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err();
        clear();
        std::fs::remove_dir_all(objects.join("staged")).unwrap();
        if step.ends_with("tile/0/000.p/57") {
            cast(&app, "t1", 400, &[(20, Track::Anonymous, "610000", &[3])]).await;
        }
        restarted(&app.app).await.unwrap().seal("t1", 30).await.unwrap();
        assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n");
        verifies(copied(&app).await.path(), "OK SO FAR");
    }
}

/// Two processes find the same batch committed and not signed. Both put, sign and show; the log holds the batch once.
#[tokio::test]
async fn two_processes_that_finish_the_same_batch_write_the_same() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast_with_a_tie(&app).await;
    let clear = obstruct(&object(&app, "history/57"));
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err();
    clear();
    let other = restarted(&app.app).await.unwrap();
    let (one, two) = tokio::join!(app.app.ballots.sequencer.seal("t1", 1), other.seal("t1", 1));
    assert!(one.is_ok() || two.is_ok(), "{one:?} {two:?}");
    assert_eq!(app.nobody().get("/log/t1/batches").await.expect(200).text(), "57\n");
    let shown = app.nobody().get("/log/t1/checkpoint").await.expect(200).text();
    assert_eq!(app.nobody().get("/log/t1/history/57").await.expect(200).text(), shown);
    verifies(copied(&app).await.path(), "OK SO FAR");
}

#[tokio::test]
async fn a_ballot_that_was_changed_in_the_store_is_not_sealed_and_a_changed_tile_is_not_built_upon() {
    use entity::ballots::ballot;
    use sea_orm::{EntityTrait, QueryFilter, sea_query::Expr};
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast_with_a_tie(&app).await;
    super::sealed::let_ballots_change(&app.app).await;
    let turn = async |from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        app.app
            .stores
            .ballots
            .write(async |tx| {
                let turned = ballot::Entity::update_many().col_expr(ballot::Column::Choices, Expr::value(to));
                Ok(turned.filter(ballot::COLUMN.choices.eq(from)).exec(tx).await?)
            })
            .await
            .unwrap();
    };
    turn("T1-5", "T1-6").await;
    let refused = app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err();
    assert!(refused.to_string().contains("is not the one that was cast"), "{refused}");
    app.nobody().get("/log/t1/checkpoint").await.expect(404);
    turn("T1-6", "T1-5").await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();

    let tile = object(&app, "tile/0/000.p/57");
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[700] ^= 1;
    std::fs::write(&tile, &bytes).unwrap();
    cast(&app, "t1", 200, &[(12, Track::Anonymous, "330000", &[2])]).await;
    let refused = app.app.ballots.sequencer.seal("t1", 1).await.unwrap_err();
    assert!(refused.to_string().contains("do not agree"), "{refused}");
}

#[tokio::test]
async fn a_store_that_is_behind_its_log_is_not_opened() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |_| ()).await;
    cast_with_a_tie(&app).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    std::fs::copy(object(&app, "history/57"), object(&app, "history/99")).unwrap();
    let refused = restarted(&app.app).await.err().unwrap();
    assert!(refused.to_string().contains("ahead of the ballots store"), "{refused}");
}
