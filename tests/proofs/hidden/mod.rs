//! Ballot secrecy while voting runs, as indistinguishability of two worlds. Both worlds have the same keys, clock, passes, places
//! and order of casts, but other options are ticked. Everything that anybody sees is equal to the last byte.

mod crawl;
mod mask;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::SystemTime;

use entity::stored::{Display, Role, Track};
use public_log::tree::Hash;
use regex::Regex;
use serde_json::{Value, json};
use shudu::base::keys::Key;
use shudu::base::main_store::Changes;
use shudu::pass::resident::Resident;
use shudu::pass::seal::Sealer;
use shudu::scheduler;

use self::mask::Mask;
use crate::vote;
use testing::app::noon;
use testing::given::{self, Organisation};
use testing::proof::{Proof, full, size};
use testing::{Answer, Person, TestApp};

const PLACES: [&str; 4] = ["320000", "330000", "610000", "110000"];

/// A ballot that was cast.
#[derive(Clone)]
struct Voted {
    leaf: Hash,
    /// Receipt number, 32 hexadecimal digits.
    number: String,
}

/// One of the two worlds.
struct World {
    app: TestApp,
    people: Organisation,
    staff: Vec<(String, Person)>,
    /// Ballots in the order of casting.
    cast: Vec<Voted>,
    /// Numbers of the options that a voter ticks in this world.
    wish: fn(usize) -> Vec<usize>,
}

impl World {
    async fn new(app: TestApp, display: Display, wish: fn(usize) -> Vec<usize>) -> Self {
        let people = given::organisation(&app).await;
        given::published(&app, &people, "t1", |draft| draft.display = display).await;
        app.clock.set(noon("2018-04-06"));
        let mut staff = vec![
            ("organiser".to_owned(), people.organiser.clone()),
            ("approver".to_owned(), people.approver.clone()),
            ("somebody".to_owned(), app.nobody()),
        ];
        for (role, scope) in [
            (Role::Auditor, ""),
            (Role::Sysadmin, ""),
            (Role::ProvinceCoordinator, "320000"),
            (Role::Handler, "320000"),
            (Role::TeamLeader, "T3"),
        ] {
            staff.push((role.to_string(), app.staff(role, scope).await));
        }
        Self { app, people, staff, cast: Vec::new(), wish }
    }

    /// Pass of a voter, the same in both worlds.
    async fn pass(&self, voter: usize) -> String {
        let paper = self.app.app.passes.papers.get("t1").await.unwrap();
        if voter.is_multiple_of(3) {
            let resident = Resident::parse(&given::identity_number(voter), "2018-04-06".parse().unwrap()).unwrap();
            return self
                .app
                .app
                .passes
                .issuing
                .real_name(&paper, &resident.into(), self.app.clock.now())
                .await
                .unwrap()
                .encode();
        }
        let mut serial = [7; 32];
        serial[24..].copy_from_slice(&voter.to_be_bytes());
        Sealer::of(&self.app.app.keys.site, "t1").seal(Track::Anonymous, serial).encode()
    }

    /// The next voter casts a ballot, and then tries to cast another one with the same pass.
    async fn vote(&mut self) -> [Answer; 2] {
        let voter = self.cast.len();
        let (pass, place) = (self.pass(voter).await, PLACES[voter * 7 % 4]);
        let who = self.app.nobody();
        let send = async |wish: Vec<usize>| {
            let choices: Vec<String> = wish.iter().map(|n| format!("T1-{n}")).collect();
            let body = json!({ "pass": pass, "place": place, "choices": choices });
            who.post_json("/api/v1/campaigns/t1/ballots", &body).await
        };
        let answer = send((self.wish)(voter)).await.expect(201);
        let (body, text) = (answer.json(), |value: &Value| value.as_str().unwrap().to_owned());
        let leaf = hex::decode(text(&body["leaf_hash"])).unwrap().try_into().unwrap();
        self.cast.push(Voted { leaf, number: text(&body["receipt"]) });
        [answer, send(vec![2, 4]).await]
    }

    async fn mask(&self) -> Mask {
        Mask::of(&self.app, &self.cast).await
    }

    /// Everything that is shown about one receipt.
    async fn receipt(&self, Voted { number, .. }: &Voted, mask: &Mask) -> Vec<String> {
        let who = self.app.nobody();
        let mut shown = Vec::new();
        for address in [
            format!("/api/v1/receipts/{number}"),
            format!("/receipts/{number}"),
            format!("/receipts/{number}?lang=en"),
            format!("/receipts/{number}/promise"),
            format!("/receipts/{number}/proof"),
        ] {
            shown.push(crawl::shown(&who.get(&address).await, mask));
        }
        shown
    }

    /// The sealed ballots, ordered by index.
    async fn by_index(&self) -> Vec<Voted> {
        let who = self.app.nobody();
        let mut found = BTreeMap::new();
        for voted in &self.cast {
            let answer: Value = who.get(&format!("/api/v1/receipts/{}", voted.number)).await.json();
            found.extend(answer["index"].as_u64().map(|index| (index, voted.clone())));
        }
        found.into_values().collect()
    }

    /// The public files: time of writing, name and size of each. A row has no time.
    async fn files(&self) -> Vec<(SystemTime, String, u64)> {
        let (root, objects) = (vote::copied(&self.app).await, self.app.app.config.data.join("objects/log/t1"));
        let names = public_log::verify::Source::folder(root.path()).names().unwrap();
        let facts = |name: String| {
            let size = std::fs::metadata(root.path().join(&name)).unwrap().len();
            let written = std::fs::metadata(objects.join(&name)).and_then(|facts| facts.modified());
            (written.unwrap_or(SystemTime::UNIX_EPOCH), name, size)
        };
        names.into_iter().map(facts).collect()
    }
}

/// Makes two worlds with the same keys.
async fn worlds(display: Display, wishes: [fn(usize) -> Vec<usize>; 2]) -> [World; 2] {
    let app = TestApp::new().await;
    let twin = TestApp::of("2018-04-01", true, Some(&app.app.config.data)).await;
    // Both worlds make the same real-name passes.
    let key = Key::ephemeral().unwrap();
    for world in [&app, &twin] {
        world.app.passes.issuing.pass_keys.put_back("t1", &key).await.unwrap();
    }
    [World::new(app, display, wishes[0]).await, World::new(twin, display, wishes[1]).await]
}

fn first_only(_: usize) -> Vec<usize> {
    vec![1]
}

fn others_and_more(voter: usize) -> Vec<usize> {
    [vec![6], vec![2, 3, 5], vec![4, 6]][voter % 3].clone()
}

/// Compares everything that people see in both worlds: `everybody`, or only the public.
async fn compare(proof: &Proof, worlds: &[World; 2], moment: &str, everybody: bool) {
    // With a stopped clock, cached pages would never expire.
    for world in worlds {
        world.app.app.stores.main.announce().await.unwrap();
    }
    let masks = [worlds[0].mask().await, worlds[1].mask().await];
    for ((name, one), (_, other)) in worlds[0].staff.iter().zip(&worlds[1].staff) {
        if !everybody && name != "somebody" {
            continue;
        }
        let one = crawl::everything(one, &masks[0]).await;
        let other = crawl::everything(other, &masks[1]).await;
        same(proof, &format!("{moment}, {name}"), &one, &other);
    }
    let [one, other] = [worlds[0].files().await, worlds[1].files().await];
    let listed = |files: &[(SystemTime, String, u64)]| {
        files.iter().map(|(_, name, size)| format!("{name} {size}\n")).collect::<String>()
    };
    same_text(proof, &format!("{moment}: files"), &listed(&one), &listed(&other));
    // The clock of a file system has steps of some milliseconds, so only files with different times are compared.
    let order = |a: usize, b: usize| (one[a].0.cmp(&one[b].0), other[a].0.cmp(&other[b].0));
    for (a, b) in (0..one.len().min(other.len())).flat_map(|b| (0..b).map(move |a| (a, b))) {
        let (here, there) = order(a, b);
        let is_row = [&one[a], &one[b], &other[a], &other[b]].iter().any(|file| file.0 == SystemTime::UNIX_EPOCH);
        let agrees = is_row || here == there || here.is_eq() || there.is_eq();
        proof.trial(agrees, || format!("{moment}: {} and {} were written the other way round", one[a].1, one[b].1));
    }
}

fn same(proof: &Proof, what: &str, one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    let addresses = |seen: &BTreeMap<String, String>| seen.keys().cloned().collect::<Vec<_>>().join("\n");
    same_text(proof, &format!("{what}: addresses"), &addresses(one), &addresses(other));
    for (address, text) in one {
        let (one, other) = (unsalted(address, text), unsalted(address, other.get(address).map_or("", String::as_str)));
        same_text(proof, &format!("{what}: {address}"), &one, &other);
    }
}

/// Patterns of a whole hash, a hash in base64, the beginning of a hash in a list, a signature, and a system time.
const SALTS: &str = concat!(
    "[0-9a-f]{64}|[A-Za-z0-9+/]{43}=|>[0-9a-f]{12}<|— [^ ]+ [A-Za-z0-9+/=]{90,}|",
    r"20\d\d-\d\d-\d\dT[0-9:.]+Z"
);

/// Text of the audit trail without hashes and system times. Personal values in the trail have random salts, so two trails share
/// no hash.
fn unsalted<'a>(address: &str, text: &'a str) -> Cow<'a, str> {
    static SALTED: LazyLock<Regex> = LazyLock::new(|| Regex::new(SALTS).unwrap());
    let is_trail = ["/log/audit", "/desk/audit", "/api/v1/audit"].iter().any(|at| address.starts_with(at));
    if is_trail { SALTED.replace_all(text, "<salted>") } else { text.into() }
}

fn same_text(proof: &Proof, what: &str, one: &str, other: &str) {
    proof.trial(one == other, || {
        let at = one.bytes().zip(other.bytes()).position(|(a, b)| a != b).unwrap_or(one.len().min(other.len()));
        let near = |text: &str| {
            let around = at.saturating_sub(80)..(at + 120).min(text.len());
            String::from_utf8_lossy(&text.as_bytes()[around.start.min(text.len())..around.end]).into_owned()
        };
        format!("{what}:\n  {:?}\n  {:?}", near(one), near(other))
    });
}

/// One more voter casts in both worlds, and the answers have to be the same.
async fn vote(proof: &Proof, worlds: &mut [World; 2]) {
    let mut answers = Vec::new();
    for world in worlds.iter_mut() {
        answers.push(world.vote().await);
    }
    // Masks grow with the number of ballots, so only some voters are compared closely.
    if worlds[0].cast.len() % 16 > 1 {
        return;
    }
    let masks = [worlds[0].mask().await, worlds[1].mask().await];
    for (one, other) in answers[0].iter().zip(&answers[1]) {
        same_text(proof, "answer to a cast", &crawl::shown(one, &masks[0]), &crawl::shown(other, &masks[1]));
    }
    let newest = [0, 1].map(|n: usize| worlds[n].cast.last().unwrap());
    let one = worlds[0].receipt(newest[0], &masks[0]).await.join("\n\n");
    let other = worlds[1].receipt(newest[1], &masks[1]).await.join("\n\n");
    same_text(proof, "receipt", &one, &other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_turnout_is_shown_nothing_tells_what_was_ticked() {
    let proof = Proof::of(
        "while a campaign shows turnout only, no page, call, file or receipt tells what was ticked, staff included",
    );
    let mut worlds = worlds(Display::Turnout, [first_only, others_and_more]).await;
    compare(&proof, &worlds, "before the first ballot", full()).await;
    for (batch, voters) in [1, size(40, 300), size(30, 500)].into_iter().enumerate() {
        for _ in 0..voters {
            vote(&proof, &mut worlds).await;
        }
        for world in &worlds {
            // Figures step in both worlds where enough ballots have come.
            world.app.app.ballots.sequencer.step("t1", world.app.clock.now()).await.unwrap();
        }
        compare(&proof, &worlds, &format!("{voters} ballots later"), full()).await;
        for world in &worlds {
            world.app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
        }
        compare(&proof, &worlds, &format!("batch {batch} sealed"), full() || batch == 2).await;
    }
    let masks = [worlds[0].mask().await, worlds[1].mask().await];
    let (one, other) = (worlds[0].by_index().await, worlds[1].by_index().await);
    assert_eq!(one.len(), worlds[0].cast.len());
    for (index, (one, other)) in one.iter().zip(&other).enumerate() {
        let one = worlds[0].receipt(one, &masks[0]).await.join("\n\n");
        let other = worlds[1].receipt(other, &masks[1]).await.join("\n\n");
        same_text(&proof, &format!("receipt of entry {index}"), &one, &other);
    }
    // The comparison does find a difference where there is one.
    for first in [5_000, 6_000] {
        vote::many(&worlds[1].app, 400, first).await;
        worlds[1].app.clock.advance(shudu::ballot_log::steps::APART);
        worlds[1].app.app.ballots.sequencer.step("t1", worlds[1].app.clock.now()).await.unwrap();
    }
    worlds[1].app.app.stores.main.announce().await.unwrap();
    let other = worlds[1].staff[2].1.get("/campaigns/t1/results").await;
    let one = worlds[0].staff[2].1.get("/campaigns/t1/results").await;
    assert_ne!(crawl::shown(&one, &masks[0]), crawl::shown(&other, &masks[1]));
    proof.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nothing_is_shown_nothing_tells_how_many_voted() {
    let proof = Proof::of(
        "while a campaign shows nothing, no page, call, file or receipt tells what was ticked or how many voted, staff included",
    );
    let mut worlds = worlds(Display::Closed, [first_only, others_and_more]).await;
    for _ in 0..size(4, 40) {
        vote(&proof, &mut worlds).await;
    }
    // One of the worlds gets enough ballots for a batch.
    vote::many(&worlds[1].app, 10_050, 1).await;
    for world in &worlds {
        scheduler::tick(&world.app.app).await.unwrap();
    }
    compare(&proof, &worlds, "few and many", true).await;
    let masks = [worlds[0].mask().await, worlds[1].mask().await];
    for voter in 0..worlds[0].cast.len() {
        let one = worlds[0].receipt(&worlds[0].cast[voter], &masks[0]).await.join("\n\n");
        let other = worlds[1].receipt(&worlds[1].cast[voter], &masks[1]).await.join("\n\n");
        same_text(&proof, &format!("receipt of voter {voter}"), &one, &other);
    }
    // A halted campaign reveals nothing more.
    for world in &worlds {
        let ctx = world.app.ctx(&world.people.organiser);
        let act = entity::stored::CampaignMove::Suspension;
        let halt = async |tx: &sea_orm::DatabaseTransaction| {
            shudu::campaign::commands::advance(tx, &ctx, "t1", act, "题目有误").await
        };
        world.app.app.stores.main.write(Changes::Campaigns, halt).await.unwrap();
    }
    compare(&proof, &worlds, "halted", full()).await;
    proof.end();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pass_does_not_tell_how_many_were_asked_for() {
    const BLOCK: usize = 4096;
    let blocks = size(12, 256);
    let proof =
        Proof::of("whoever asks for anonymous passes now and again does not learn how many were asked for in between");
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    given::open(&app, &people, "t1").await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let mut names: Vec<[u8; 4]> = Vec::new();
    for _ in 0..blocks * BLOCK {
        let pass = app.app.passes.issuing.anonymous(&paper).await.unwrap();
        let name = *pass.serial.first_chunk().unwrap();
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    proof.held((blocks * BLOCK) as u64);
    // Among names in random order, half are larger than the one before.
    let (pairs, larger) = (names.len() as f64 - 1.0, names.windows(2).filter(|pair| pair[0] < pair[1]).count() as f64);
    let deviation = ((pairs + 2.0) / 12.0).sqrt();
    if names.len() < blocks || (larger - pairs / 2.0).abs() > 4.0 * deviation {
        proof.fail(format!("of {pairs} names {larger} are larger than the one before"));
    }
    proof.end();
}
