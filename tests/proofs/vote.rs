//! Bulk voting in a campaign: many ballots from many places, on both tracks, the same in every run.

use std::path::Path;

use entity::ballots::ballot;
use entity::stored::Track;
use sea_orm::{EntityTrait, QueryFilter};
use shudu::base::ctx::Ctx;
use shudu::demo::ballots::Ballot;
use shudu::demo::prng::Prng;
use shudu::demo::votes;
use tempfile::TempDir;

use testing::TestApp;
use testing::app::noon;

/// Codes of the places; the last ones get so few ballots that they are merged.
const PLACES: [&str; 7] = ["320000", "330000", "610000", "110000", "440000", "540000", "710000"];
/// Number of ballots that are invented at a time.
const CHUNK: usize = 50_000;

/// Casts `ballots` ballots in the campaign `t1` through the ballot box; `first` is the number of the first real-name voter.
pub async fn many(app: &TestApp, ballots: usize, first: u32) {
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    let codes: Vec<String> = (1..=6).map(|n| format!("T1-{n}")).collect();
    let mut chance = Prng::of(&["many", &first.to_string()]);
    let (mut left, mut voter) = (ballots, first);
    while left > 0 {
        let invented: Vec<Ballot<'_>> = (0..left.min(CHUNK)).map(|_| ballot(&codes, &mut chance)).collect();
        left -= invented.len();
        voter = votes::cast(&app.app, &paper, &invented, voter, || ()).await.unwrap();
    }
}

fn ballot<'a>(codes: &'a [String], chance: &mut Prng) -> Ballot<'a> {
    let track = if chance.chance(20) { Track::RealName } else { Track::Anonymous };
    let place = if chance.chance(98) { chance.below(5) } else { chance.below(PLACES.len()) };
    let mut choices: Vec<&str> = codes.iter().map(String::as_str).collect();
    chance.shuffle(&mut choices);
    choices.truncate(1 + chance.below(3));
    Ballot { track, province: PLACES[place], choices, day: 0 }
}

/// Counts the campaign `t1` after its close. Returns a copy of its public log.
pub async fn count(app: &TestApp) -> TempDir {
    app.clock.set(noon("2018-04-09"));
    let system = Ctx::system("test", &app.clock);
    shudu::tally::flows::count(&app.app.ballots, &app.app.steadiness, &system, "t1").await.unwrap();
    copied(app).await
}

/// Fetches the public log of `t1` again into a folder that holds an older copy.
pub async fn again(app: &TestApp, copy: &Path) {
    testing::public_log::fetch_into(&app.app.ballots.sequencer, "t1", copy).await;
}

/// A copy of the public log of `t1`, as a stranger fetches it.
pub async fn copied(app: &TestApp) -> TempDir {
    testing::public_log::fetch(&app.app.ballots.sequencer, "t1").await
}

/// Serials and leaf hashes of all ballots of `t1`, as the box stores them.
pub async fn stored(app: &TestApp) -> Vec<([u8; 32], [u8; 32])> {
    let found = ballot::Entity::find().filter(ballot::COLUMN.campaign.eq("t1"));
    let rows = found.all(app.app.stores.ballots.db()).await.unwrap();
    rows.into_iter().map(|row| (row.serial.try_into().unwrap(), row.leaf.try_into().unwrap())).collect()
}
