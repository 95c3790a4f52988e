//! The receipt as a QR code: the code holds the signed promise, and the promise that a camera read is found again.

use public_log::note::Verifier;
use regex::Regex;

use super::voting;

/// Reads the code from a page as a camera does: only from its light and dark squares.
fn decode_qr(html: &str) -> String {
    let found = Regex::new(r##"(?s)<svg viewBox="0 -0.5 (\d+) (\d+)" role="img" aria-label="([^"]+)"[^>]*><rect y="-0.5" width="(\d+)" height="(\d+)" fill="#fff"/><path stroke="#000" d="([^"]+)"/></svg>"##)
        .unwrap()
        .captures(html)
        .unwrap_or_else(|| panic!("no code on the page: {html}"));
    let side: usize = found[1].parse().unwrap();
    assert!([2, 4, 5].iter().all(|n| found[*n] == found[1]), "white from edge to edge");
    let mut dark = vec![false; side * side];
    let (mut x, mut y) = (0, 0);
    for step in Regex::new(r"(M)(\d+) (\d+)|(m)(\d+) 0|(h)(\d+)").unwrap().captures_iter(&found[6]) {
        let number = |n: usize| step[n].parse::<usize>().unwrap();
        if step.get(1).is_some() {
            (x, y) = (number(2), number(3));
        } else if step.get(4).is_some() {
            x += number(5);
        } else {
            dark[y * side + x..][..number(7)].fill(true);
            x += number(7);
        }
    }
    const SCALE: usize = 4;
    let shade = |x: usize, y: usize| if dark[y / SCALE * side + x / SCALE] { 20 } else { 240 };
    let mut photo = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, shade);
    let grids = photo.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    grids[0].decode().unwrap().1
}

#[tokio::test]
async fn a_photograph_of_the_receipt_is_the_signed_promise() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast = voting::cast(&citizen, &pass, &["T1-1", "T1-6"]).await.expect(201).json();
    let receipt = cast["receipt"].as_str().unwrap();
    for reader in [app.nobody(), app.nobody().in_english()] {
        let page = reader.get(&format!("/receipts/{receipt}")).await.expect(200);
        assert!(page.body.len() < 40_000, "{} bytes", page.body.len());
        let read = decode_qr(&page.text());
        assert_eq!(read, reader.get(&format!("/receipts/{receipt}/promise")).await.expect(200).text());
        let key = Verifier::parse(citizen.get("/log/t1/key").await.expect(200).text().trim()).unwrap();
        let opened = public_log::promise::open(&read, &key).unwrap();
        assert_eq!(Some(&*hex::encode(opened.ballot.leaf)), cast["leaf_hash"].as_str());
    }
}

#[tokio::test]
async fn what_a_camera_read_is_found_again_however_it_is_pasted() {
    let (app, _) = voting::open().await;
    let citizen = app.nobody();
    let pass = voting::pass(&citizen).await;
    let cast = voting::cast(&citizen, &pass, &["T1-2"]).await.expect(201).json();
    let (receipt, together) = (cast["receipt"].as_str().unwrap(), cast["promise"].as_str().unwrap());
    let alone = citizen.get(&format!("/receipts/{receipt}/promise")).await.expect(200).text();
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    let proof = citizen.get(&format!("/receipts/{receipt}/proof")).await.expect(200).text();
    let look_up = async |pasted: &str| {
        let query = serde_urlencoded::to_string([("number", pasted)]).unwrap();
        citizen.get(&format!("/receipts?{query}")).await
    };
    for text in [together, &alone, &proof] {
        for pasted in [text.to_owned(), text.replace('\n', ""), text.replace('\n', " ")] {
            let answer = look_up(&pasted).await;
            assert_eq!(answer.expect(303).location(), format!("/receipts/{receipt}"), "{pasted}");
        }
        // The text of an unknown ballot is answered with the form and a sentence.
        let leaf = text.lines().nth(2).unwrap();
        for unknown in [text.replace(&leaf[..6], "AAAAAA"), text.replace(&leaf[30..36], "AAAAAA")] {
            look_up(&unknown).await.expect(404);
        }
    }
    look_up(&proof.replace("/log/t1", "/log/t2")).await.expect(404);
    look_up(&proof.replace("/log/t1", "/log/..")).await.expect(404);
}
