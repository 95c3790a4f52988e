//! Forged casts by scripts without a right to vote, against the endpoint that citizens use: spent passes with another ballot,
//! seals that were guessed, damaged or made elsewhere, and strings that are no passes.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::stored::Track;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use shudu::ballot_log::counts::{counts, recount};
use shudu::base::keys::{Key, random};
use shudu::demo::prng::Prng;
use shudu::pass::seal::{Pass, Sealer};

use testing::app::noon;
use testing::proof::{Proof, size};
use testing::{Answer, Person, TestApp, given};

/// Slug of the attacked campaign. Its passes have 70 bytes, so their base64 strings end in unused bits.
const SLUG: &str = "vo1";
const PLACES: [&str; 4] = ["320000", "330000", "610000", "110000"];
/// Number of requests under way at a time.
const AT_ONCE: usize = 64;

/// Passes and seals that a forger has seen or holds, and the unspent passes under attack.
struct CapturedPasses {
    /// Spent passes, each with the body that was cast with it.
    spent: Vec<(Pass, Value)>,
    /// Valid and unspent passes. A forgery that differs from one of them in one bit would be a vote if that bit were not checked.
    unspent: Vec<Pass>,
    /// Passes of another campaign, valid there.
    elsewhere: Vec<Pass>,
    /// Sealer of a campaign with the same slug at another site.
    other_site: Sealer,
    /// Passes with the site's own seals, on a track that the campaign does not accept.
    other_track: Vec<Pass>,
}

/// A cast that must be refused, with the answer that it must get.
struct Forgery {
    slug: &'static str,
    body: Value,
    status: u16,
    code: &'static str,
}

type Forge = fn(&CapturedPasses, &mut Prng) -> Forgery;

const FORGERIES: [(&str, Forge); 15] = [
    ("a spent pass with other choices", |s, chance| replayed(s, chance, true, false)),
    ("a spent pass from another place", |s, chance| replayed(s, chance, false, true)),
    ("a spent pass with both", |s, chance| replayed(s, chance, true, true)),
    ("a random seal", |s, chance| {
        with_bytes(s, chance, |bytes, _| {
            let from = bytes.len() - 32;
            bytes[from..].copy_from_slice(&random::<32>().unwrap());
        })
    }),
    ("a random serial under a good seal", |s, chance| {
        with_bytes(s, chance, |bytes, _| {
            let from = bytes.len() - 64;
            bytes[from..from + 32].copy_from_slice(&random::<32>().unwrap());
        })
    }),
    ("a flipped bit", |s, chance| {
        with_bytes(s, chance, |bytes, chance| {
            bytes[chance.below(70)] ^= 1 << chance.below(8);
        })
    }),
    ("a pass that is cut", |s, chance| with_bytes(s, chance, |bytes, chance| bytes.truncate(chance.below(70)))),
    ("a pass with more behind it", |s, chance| {
        with_bytes(s, chance, |bytes, chance| {
            bytes.extend((0..=chance.below(33)).map(|n| u8::try_from(n).unwrap()));
        })
    }),
    ("the pass for another track", |s, chance| with_bytes(s, chance, |bytes, _| bytes[1] = 3 - bytes[1])),
    ("a pass of another campaign", |s, chance| malformed(chance.pick(&s.elsewhere).unwrap().encode(), chance)),
    ("the same, with this campaign's name written in", |s, chance| {
        let mut bytes = decode(chance.pick(&s.elsewhere).unwrap());
        bytes[3..6].copy_from_slice(SLUG.as_bytes());
        malformed(URL_SAFE_NO_PAD.encode(bytes), chance)
    }),
    ("a pass of another site", |s, chance| {
        let track = if chance.chance(50) { Track::Anonymous } else { Track::RealName };
        malformed(s.other_site.seal(track, random().unwrap()).encode(), chance)
    }),
    ("a sealed pass on a track that is not taken", |s, chance| {
        let pass = chance.pick(&s.other_track).unwrap().encode();
        Forgery {
            slug: "an1",
            body: ballot(&pass, "320000", &["AN1-1".to_owned()]),
            ..malformed(String::new(), chance)
        }
    }),
    ("a good pass in another spelling", |s, chance| {
        let pass = chance.pick(&s.unspent).unwrap().encode();
        let text = match chance.below(5) {
            0 => format!("{pass}=="),
            1 => format!(" {pass}"),
            2 => format!("{pass}\n"),
            3 => pass.replacen(['-', '_'], "+", 1) + "/",
            // The last base64 character of 70 bytes has four unused bits, which must be zero.
            _ => {
                let (head, last) = pass.split_at(pass.len() - 1);
                let at = ALPHABET.find(last).unwrap();
                format!("{head}{}", &ALPHABET[at + 1..at + 2])
            }
        };
        malformed(text, chance)
    }),
    ("a text that is no pass", |_, chance| {
        let length = chance.below(200);
        // Without NUL, which no body may contain.
        let text = (0..length).map(|_| char::from_u32(u32::try_from(1 + chance.below(0x4ffe)).unwrap()).unwrap_or('?'));
        malformed(text.collect(), chance)
    }),
];

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn ballot(pass: &str, place: &str, choices: &[String]) -> Value {
    json!({ "pass": pass, "place": place, "choices": choices })
}

fn choices(chance: &mut Prng) -> Vec<String> {
    let mut options: Vec<usize> = (1..=6).collect();
    chance.shuffle(&mut options);
    options[..=chance.below(3)].iter().map(|n| format!("VO1-{n}")).collect()
}

fn malformed(pass: String, chance: &mut Prng) -> Forgery {
    let place = chance.pick(&PLACES).unwrap();
    Forgery { slug: SLUG, body: ballot(&pass, place, &choices(chance)), status: 422, code: "ballot.pass_malformed" }
}

fn decode(pass: &Pass) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(pass.encode()).unwrap()
}

/// A forgery from a valid unspent pass with changed bytes.
fn with_bytes(captured: &CapturedPasses, chance: &mut Prng, change: fn(&mut Vec<u8>, &mut Prng)) -> Forgery {
    let mut bytes = decode(chance.pick(&captured.unspent).unwrap());
    change(&mut bytes, chance);
    malformed(URL_SAFE_NO_PAD.encode(bytes), chance)
}

fn replayed(captured: &CapturedPasses, chance: &mut Prng, other_choices: bool, other_place: bool) -> Forgery {
    let (_, cast) = chance.pick(&captured.spent).unwrap();
    let mut body = cast.clone();
    if other_choices {
        let sorted = |value: &Value| {
            let mut codes: Vec<String> = serde_json::from_value(value.clone()).unwrap();
            codes.sort_unstable();
            codes
        };
        while sorted(&body["choices"]) == sorted(&cast["choices"]) {
            body["choices"] = choices(chance).into();
        }
    }
    if other_place {
        while body["place"] == cast["place"] {
            body["place"] = (*chance.pick(&PLACES).unwrap()).into();
        }
    }
    Forgery { slug: SLUG, body, status: 409, code: "ballot.pass_used" }
}

async fn cast(who: &Person, slug: &str, body: &Value) -> Answer {
    who.post_json(&format!("/api/v1/campaigns/{slug}/ballots"), body).await
}

/// Opens three campaigns: the one under attack, another one, and one that accepts only anonymous ballots.
async fn open(app: &TestApp) {
    let people = given::organisation(app).await;
    given::published(app, &people, SLUG, |_| ()).await;
    given::published(app, &people, "el1", |_| ()).await;
    given::published(app, &people, "an1", |draft| draft.tracks = vec![Track::Anonymous]).await;
    app.clock.set(noon("2018-04-06"));
}

async fn capture(app: &TestApp) -> CapturedPasses {
    let mut chance = Prng::of(&["spoils"]);
    let site = &app.app.keys.site;
    let real_name = |slug: &str| Sealer::of(site, slug).seal(Track::RealName, random().unwrap());
    let mut captured = CapturedPasses {
        spent: Vec::new(),
        unspent: Vec::new(),
        elsewhere: Vec::new(),
        other_site: Sealer::of(&Key::ephemeral().unwrap(), SLUG),
        other_track: (0..100).map(|_| real_name("an1")).collect(),
    };
    let who = app.nobody();
    for number in 0..200 {
        let mut pass = given::pass(app, SLUG).await;
        if number % 2 == 0 {
            pass = real_name(SLUG);
        }
        let body = ballot(&pass.encode(), chance.pick(&PLACES).unwrap(), &choices(&mut chance));
        cast(&who, SLUG, &body).await.expect(201);
        captured.spent.push((pass, body));
        captured.unspent.push(if number % 2 == 0 { given::pass(app, SLUG).await } else { real_name(SLUG) });
        captured.elsewhere.push(if number % 2 == 0 { given::pass(app, "el1").await } else { real_name("el1") });
    }
    captured
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_forged_cast_is_accepted() {
    let app = TestApp::new().await;
    open(&app).await;
    let captured = capture(&app).await;
    let store = &app.app.stores.ballots;
    let before = (counts(store, SLUG).await.unwrap(), recount(store, SLUG, |_| ()).await.unwrap());
    let who = app.nobody();

    let proof = Proof::of(
        "a scripted cast with a replayed, forged or foreign pass is refused with the right answer, and counts stay",
    );
    let tried = Mutex::new(HashSet::new());
    stream::iter(0..size(5_000, 1_000_000u64))
        .for_each_concurrent(AT_ONCE, |number| {
            let (who, captured, proof, tried) = (&who, &captured, &proof, &tried);
            async move {
                let mut chance = Prng::of(&["forgery", &number.to_string()]);
                let (name, forge) = *chance.pick(&FORGERIES).unwrap();
                let forgery = forge(captured, &mut chance);
                let answer = cast(who, forgery.slug, &forgery.body).await;
                let right = answer.status.as_u16() == forgery.status && answer.code() == forgery.code;
                proof.trial(right, || format!("{name}: {} {}, sent {}", answer.status, answer.text(), forgery.body));
                tried.lock().unwrap().insert(name);
            }
        })
        .await;
    assert_eq!(tried.lock().unwrap().len(), FORGERIES.len(), "every kind was tried");

    let after = (counts(store, SLUG).await.unwrap(), recount(store, SLUG, |_| ()).await.unwrap());
    if before != after {
        proof.fail("the counts have moved".to_owned());
    }
    for slug in ["el1", "an1"] {
        let ballots = recount(store, slug, |_| ()).await.unwrap();
        if !ballots.is_empty() {
            proof.fail(format!("{slug} has ballots: {ballots:?}"));
        }
    }
    // The forgeries have spent no valid pass.
    for pass in &captured.unspent {
        let answer = cast(&who, SLUG, &ballot(&pass.encode(), "320000", &["VO1-1".to_owned()])).await;
        if answer.status != 201 {
            proof.fail(format!("a good pass afterwards: {}", answer.text()));
        }
    }
    proof.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ballot_that_is_sent_again_has_the_same_receipt_and_counts_once() {
    let app = TestApp::new().await;
    open(&app).await;
    let ballots = size(100, 10_000u64);
    let proof =
        Proof::of("the identical ballot sent again, by several at once, gives the same receipt and counts once");
    let who = app.nobody();
    let fresh = AtomicU64::new(0);
    stream::iter(0..ballots)
        .for_each_concurrent(AT_ONCE / 10, |number| {
            let (app, who, proof, fresh) = (&app, &who, &proof, &fresh);
            async move {
                let mut chance = Prng::of(&["again", &number.to_string()]);
                let pass = given::pass(app, SLUG).await.encode();
                let picked = choices(&mut chance);
                let place = *chance.pick(&PLACES).unwrap();
                let answers: Vec<Answer> = stream::iter(0..10)
                    .map(|_| {
                        // The order of the choices is not part of a ballot.
                        let mut picked = picked.clone();
                        chance.shuffle(&mut picked);
                        let body = ballot(&pass, place, &picked);
                        async move { cast(who, SLUG, &body).await }
                    })
                    .buffer_unordered(10)
                    .collect()
                    .await;
                let first = answers[0].json();
                for answer in &answers {
                    let body = answer.json();
                    let same = ["receipt", "leaf_hash", "include_before"].iter().all(|name| body[name] == first[name]);
                    let taken = matches!(answer.status.as_u16(), 200 | 201);
                    proof.trial(taken && same, || format!("{} {body}", answer.status));
                    fresh.fetch_add(u64::from(answer.status == 201), Ordering::Relaxed);
                }
            }
        })
        .await;
    let stored = recount(&app.app.stores.ballots, SLUG, |_| ()).await.unwrap();
    let stored: i64 = stored.iter().filter(|((option, ..), _)| option.is_empty()).map(|(_, n)| n).sum();
    let new = fresh.into_inner();
    if (new, stored.unsigned_abs()) != (ballots, ballots) {
        proof.fail(format!("{ballots} ballots, {new} answered as new, {stored} stored"));
    }
    proof.end();
}
