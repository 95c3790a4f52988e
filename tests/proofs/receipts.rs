//! A receipt is recognised only by all of its bits.

use shudu::ballot::queries;

use crate::vote;
use testing::proof::{Proof, size};
use testing::{TestApp, given};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leaf_with_any_bit_flipped_is_no_receipt() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    // Half of the ballots are sealed and half wait, as while voting runs.
    let ballots = size(60, 10_000);
    vote::many(&app, ballots / 2, 1).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    vote::many(&app, ballots - ballots / 2, 1_000_000).await;
    let proof = Proof::of("a stored leaf with any of its 256 bits flipped is no receipt, and nothing is signed for it");
    for leaf in vote::leaves(&app).await {
        let known = queries::receipt(&app.app.ballots, leaf).await.unwrap();
        if known.is_none() {
            proof.fail(format!("{} is unknown", hex::encode(leaf)));
        }
        for bit in 0..256 {
            let mut other = leaf;
            other[bit / 8] ^= 1 << (bit % 8);
            let found = queries::receipt(&app.app.ballots, other).await.unwrap();
            proof.trial(found.is_none(), || format!("bit {bit} of {}", hex::encode(leaf)));
        }
    }
    proof.end();
}
