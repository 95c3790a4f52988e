//! Copies between two steps of a batch: the checkpoint that is shown is older than the head of the log.

use sea_orm::ConnectionTrait;
use shudu::ballot::queries;
use shudu::ballot::receipts::Asked;
use tempfile::TempDir;

use super::place::{Place, text};
use super::site::{cast_anonymous, open};
use super::stopped_site;

/// Makes the last step of a batch fail: the checkpoint is signed and cannot be shown.
const REFUSAL: &str = "CREATE TRIGGER no_checkpoint_is_shown BEFORE UPDATE OF is_signed ON log_batch
BEGIN SELECT RAISE(ABORT, 'the test refuses'); END";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_between_signing_and_showing_proves_every_ballot_of_the_shown_tree() {
    let (_, copies) = stopped_site().await;
    let (copy, keys) = (copies.path().join("copy"), copies.path().join("keys"));
    let source = Place::files();
    source.run_ok(&["restore", text(&copy), "--keys", text(&keys), "--nothing-published-since"]);
    let app = open(&source, 0).await;
    // The edge of the shown tree is no edge of the head: partial tiles of both sizes are in the log.
    let mut shown = Vec::new();
    for choice in 0..23 {
        shown.push(cast_anonymous(&app, "s3", choice).await.number);
    }
    app.ballots.sequencer.seal("s3", 10).await.unwrap();
    for choice in 0..31 {
        cast_anonymous(&app, "s3", choice).await;
    }
    app.stores.ballots.db().execute_unprepared(REFUSAL).await.unwrap();
    app.ballots.sequencer.seal("s3", 10).await.unwrap_err();
    app.stores.ballots.db().execute_unprepared("DROP TRIGGER no_checkpoint_is_shown").await.unwrap();
    app.stores.clone().close().await.unwrap();
    drop(app);

    let copies = TempDir::new().unwrap();
    let (copy, keys) = (copies.path().join("copy"), copies.path().join("keys"));
    source.run_ok(&["backup", text(&copy), "--keys", text(&keys)]);
    let place = Place::files();
    place.run_ok(&["restore", text(&copy), "--keys", text(&keys), "--nothing-published-since"]);
    let app = open(&place, 0).await;
    for number in shown {
        let found = queries::receipt(&app.ballots, &Asked::Number(number)).await.unwrap().unwrap();
        assert!(found.proof.is_some(), "{} is sealed", number.plain());
    }
    let files = testing::public_log::fetch(&app.ballots.sequencer, "s3").await;
    public_log::verify::verify(&public_log::verify::Source::folder(files.path()), None).unwrap();
    app.stores.clone().close().await.unwrap();
}
