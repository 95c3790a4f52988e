//! A receipt is recognised only by all of its bits.

use shudu::ballot::queries;
use shudu::ballot::receipts::{Asked, parse};

use crate::vote;
use testing::proof::{Proof, size};
use testing::{TestApp, given};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_with_any_bit_flipped_is_no_receipt() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    // Half of the ballots are sealed and half wait, as while voting runs.
    let ballots = size(60, 10_000);
    vote::many(&app, ballots / 2, 1).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    vote::many(&app, ballots - ballots / 2, 1_000_000).await;
    let proof =
        Proof::of("a receipt number, or a promise, with any bit flipped is no receipt, and nothing is signed for it");
    let find = async |asked: Option<Asked>| match asked {
        Some(asked) => queries::receipt(&app.app.ballots, &asked).await.unwrap(),
        None => None,
    };
    for (serial, leaf) in vote::stored(&app).await {
        let number = app.app.ballots.locators.number(&serial, &leaf);
        let known = find(parse(&number.plain())).await;
        if known.is_none_or(|known| known.leaf != leaf) {
            proof.fail(format!("{} is unknown", number.plain()));
        }
        let bytes = hex::decode(number.plain()).unwrap();
        for bit in 0..128 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let found = find(parse(&hex::encode(other))).await;
            proof.trial(found.is_none(), || format!("bit {bit} of {}", number.plain()));
        }
        for bit in 0..256 {
            let mut other = leaf;
            other[bit / 8] ^= 1 << (bit % 8);
            let found = find(Some(Asked::Promise(number, other))).await;
            proof.trial(found.is_none(), || format!("bit {bit} of the leaf hash {}", hex::encode(leaf)));
        }
    }
    proof.end();
}
