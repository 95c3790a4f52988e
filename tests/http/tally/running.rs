//! Running figures under an adversary who looks at everything after every ballot and keeps all of it. Nobody can isolate fewer
//! ballots than a step has: not by comparing two looks during the vote, and not by comparing the last look with the count.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::stored::{Display, Track};
use public_log::bundle::unbundle;
use public_log::leaf::Entry;
use shudu::ballot_log::steps::LEAST;
use shudu::base::main_store::Changes;
use shudu::scheduler::tick;

use super::{cast, open};
use testing::app::noon;
use testing::{Person, TestApp, given};

/// Addresses that could show figures of a vote.
const VIEWS: [&str; 17] = [
    "/",
    "/?lang=en",
    "/campaigns",
    "/campaigns/t1",
    "/campaigns/t1/results",
    "/campaigns/t1/results?lang=en",
    "/campaigns/t1/results.csv",
    "/api/v1/campaigns",
    "/api/v1/campaigns/t1",
    "/api/v1/campaigns/t1/tally",
    "/api/v1/campaigns/t1/ranking",
    "/api/v1/campaigns/t1/turnout",
    "/log/",
    "/log/t1/",
    "/log/t1/batches",
    "/log/t1/checkpoint",
    "/log/t1/tile/",
];
/// Further such addresses, for staff.
const DESKS: [&str; 5] =
    ["/desk", "/desk/campaigns", "/desk/campaigns/t1", "/desk/campaigns/t1/tally", "/desk/retention"];

/// Votes by option and track; an empty option counts ballots.
type Figures = BTreeMap<(String, Track), i64>;

/// Everything that a person sees, as text. Pages are rendered again, without the cache.
async fn seen(app: &TestApp, person: &Person) -> String {
    app.app.stores.main.announce().await.unwrap();
    let mut seen = String::new();
    for path in VIEWS.iter().chain(&DESKS) {
        let answer = person.get(path).await;
        let request = answer.headers.get("x-request-id").map(|id| id.to_str().unwrap().to_owned());
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        seen.push_str(&format!("{path} {} {}\n", answer.status, text.replace(&request.unwrap_or_default(), "")));
    }
    seen
}

/// Figures that the calls return: those of the tally, or only those of the turnout.
async fn figures(person: &Person) -> Figures {
    let mut figures = Figures::new();
    let tally = person.get("/api/v1/campaigns/t1/tally").await;
    if tally.status == 200 {
        for cell in tally.json()["cells"].as_array().unwrap() {
            let track = cell["track"].as_str().unwrap().parse().unwrap();
            *figures.entry((cell["option"].as_str().unwrap().to_owned(), track)).or_default() +=
                cell["count"].as_i64().unwrap();
        }
    }
    let turnout = person.get("/api/v1/campaigns/t1/turnout").await.expect(200).json();
    let real_name = turnout["real_name"].as_i64().unwrap_or(0);
    let anonymous = turnout["ballots"].as_i64().unwrap_or(0) - real_name;
    for (track, n) in [(Track::Anonymous, anonymous), (Track::RealName, real_name)] {
        let counted = figures.entry((String::new(), track)).or_insert(n);
        assert_eq!(*counted, n, "turnout and tally are of one instant");
    }
    figures.retain(|_, n| *n != 0);
    figures
}

fn ballots(figures: &Figures, track: Track) -> i64 {
    figures.get(&(String::new(), track)).copied().unwrap_or(0)
}

/// Number of ballots that an onlooker isolates by comparing two figures: the ballots of a track that moved by fewer ballots than
/// a step has. A track that was not shown before may appear with the count at any size.
fn recovered(one: &Figures, other: &Figures) -> i64 {
    let mut recovered = 0;
    for track in Track::ALL {
        let (before, moved) = (ballots(one, *track), ballots(other, *track) - ballots(one, *track));
        let options = one.keys().chain(other.keys()).filter(|key| key.1 == *track);
        let is_same = options.into_iter().all(|key| one.get(key) == other.get(key));
        if !is_same && before != 0 && moved.abs() < LEAST {
            recovered += moved.abs().max(1);
        }
    }
    recovered
}

/// Cumulative figures of the batches of the counted log.
async fn batches(app: &TestApp) -> Vec<Figures> {
    let copy = testing::public_log::fetch(&app.app.ballots.sequencer, "t1").await;
    let folder = copy.path();
    let text = std::fs::read_to_string(folder.join("batches")).unwrap();
    let ends: Vec<usize> = text.lines().map(|line| line.parse().unwrap()).collect();
    let mut entries = Vec::new();
    for number in 0.. {
        let whole = folder.join(format!("tile/entries/{number:03}"));
        let edge = folder.join(format!("tile/entries/{number:03}.p/{}", ends.last().unwrap() % 256));
        match std::fs::read(whole).or_else(|_| std::fs::read(edge)) {
            Ok(bytes) => entries.extend(unbundle(&bytes).unwrap()),
            Err(_) => break,
        }
    }
    assert_eq!(entries.len(), *ends.last().unwrap());
    let mut sum = Figures::new();
    let mut sums = Vec::new();
    for (at, entry) in (1..).zip(&entries) {
        let ballot = Entry::read(entry).unwrap();
        for option in std::iter::once("").chain(ballot.choices.iter().copied()) {
            *sum.entry((option.to_owned(), Track::try_from(ballot.track).unwrap())).or_default() += 1;
        }
        if ends.contains(&at) {
            sums.push(sum.clone());
        }
    }
    sums
}

/// Casts the next ballot. Every third ballot is on the real-name track, and no two consecutive ballots are equal.
async fn next_ballot(app: &TestApp, number: u32) {
    let track = if number.is_multiple_of(3) { Track::RealName } else { Track::Anonymous };
    let option = u8::try_from(1 + number % 6).unwrap();
    let place = if number.is_multiple_of(2) { "320000" } else { "330000" };
    cast(app, "t1", number, &[(1, track, place, &[option])]).await;
}

/// Casts 600 ballots, and the public and staff look after each; then come the close and the count. Returns all figures that were
/// seen.
async fn followed(display: Display) -> (TestApp, Vec<Figures>) {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = display).await;
    let anybody = app.nobody();
    let mut all = vec![figures(&anybody).await];
    let (mut texts, mut steps) = (BTreeMap::new(), Vec::new());
    for number in 1..=600 {
        next_ballot(&app, number).await;
        tick(&app.app).await.unwrap();
        app.app.ballots.sequencer.seal_shown("t1", 120).await.unwrap();
        let found = figures(&anybody).await;
        let is_moved = all.last() != Some(&found);
        if is_moved {
            steps.push(app.clock.now());
            all.push(found.clone());
        }
        // The clock stands still except for rare jumps, so pages differ only where figures moved.
        if is_moved || number.is_multiple_of(20) {
            for (name, person) in [("anybody", &anybody), ("staff", &people.organiser)] {
                let text = seen(&app, person).await;
                let before = texts.insert(name, text.clone());
                let is_same = before.as_ref().is_none_or(|before| *before == text);
                assert!(is_moved || is_same, "{name} sees ballot {number}:\n{before:?}\n{text}");
            }
            assert_eq!(figures(&people.organiser).await, found);
        }
        let size = app.app.ballots.sequencer.newest("t1").await.unwrap().map_or(0, |newest| newest.checkpoint.size);
        let shown = Track::ALL.iter().map(|track| ballots(&found, *track)).sum::<i64>();
        assert!(size <= shown.unsigned_abs(), "the log holds {size} of {shown} that are shown");
        if number.is_multiple_of(40) {
            app.clock.advance(TimeDelta::minutes(6));
            texts.clear();
        }
    }
    for pair in steps.windows(2) {
        assert!(pair[1] - pair[0] >= TimeDelta::minutes(10), "{steps:?}");
    }
    assert!(steps.len() > 3, "figures do move: {all:?}");
    // The close alone reveals nothing more.
    app.clock.set(noon("2018-04-09"));
    app.app.stores.main.announce().await.unwrap();
    for person in [&anybody, &people.organiser] {
        assert_eq!(Some(&figures(person).await), all.last());
    }
    people.organiser.post_json("/api/v1/campaigns/t1/count", &().into()).await.expect(200);
    let counted = figures(&anybody).await;
    assert_eq!((ballots(&counted, Track::Anonymous), ballots(&counted, Track::RealName)), (400, 200));
    all.push(counted);
    (app, all)
}

#[tokio::test]
async fn whoever_looks_after_every_ballot_recovers_none_from_running_counts() {
    let (app, mut all) = followed(Display::Live).await;
    // After the count the entries are public. The sums up to each batch equal figures that were shown.
    let batches = batches(&app).await;
    assert!(batches.len() > 2);
    for (number, batch) in batches.iter().enumerate() {
        assert!(all.contains(batch), "batch {number} is of another instant: {batch:?}");
    }
    all.extend(batches);
    for (at, other) in all.iter().enumerate() {
        for one in &all[..at] {
            assert_eq!(recovered(one, other), 0, "{one:?}\n{other:?}");
        }
    }
}

#[tokio::test]
async fn whoever_looks_after_every_ballot_recovers_none_from_turnout() {
    let (app, mut all) = followed(Display::Turnout).await;
    // The same holds for the ballots of each batch, by track.
    all.iter_mut().for_each(|figures| figures.retain(|key, _| key.0.is_empty()));
    for mut batch in batches(&app).await {
        batch.retain(|key, _| key.0.is_empty());
        assert!(all.contains(&batch), "{batch:?}");
    }
    for (at, other) in all.iter().enumerate() {
        for one in &all[..at] {
            assert_eq!(recovered(one, other), 0, "{one:?}\n{other:?}");
        }
    }
}

/// A campaign with live display and ballots for the first option on each track.
async fn live(anonymous: usize, real_name: usize) -> TestApp {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = Display::Live).await;
    more(&app, 1, anonymous, real_name).await;
    app
}

async fn more(app: &TestApp, first: u32, anonymous: usize, real_name: usize) {
    let ballots = [(anonymous, Track::Anonymous, "320000", &[1_u8][..]), (real_name, Track::RealName, "320000", &[1])];
    cast(app, "t1", first, &ballots).await;
}

/// Numbers of anonymous and real-name ballots that are shown after a run of the scheduler.
async fn shown(app: &TestApp) -> (i64, i64) {
    tick(&app.app).await.unwrap();
    let figures = figures(&app.nobody()).await;
    (ballots(&figures, Track::Anonymous), ballots(&figures, Track::RealName))
}

#[tokio::test]
async fn tracks_move_apart_and_a_small_one_is_not_shown_as_none() {
    let app = live(60, 49).await;
    assert_eq!(shown(&app).await, (0, 0));
    let who = app.nobody();
    for path in ["/campaigns/t1/results", "/campaigns/t1/results?lang=en"] {
        let page = who.get(path).await.expect(200).text();
        assert!(page.contains("收到的选票还少") || page.contains("Too few ballots have come in"), "{page}");
        assert!(!page.contains("class=\"fv\""), "no figure: {page}");
    }
    let hidden = who.get("/api/v1/campaigns/t1/ranking").await.expect(409);
    assert!(hidden.text().contains("收到的选票还少"));
    who.get("/campaigns/t1/results.csv").await.expect(409);

    more(&app, 100, 50, 0).await;
    assert_eq!(shown(&app).await, (60, 0));
    app.app.stores.main.announce().await.unwrap();
    let page = who.get("/campaigns/t1/results").await.expect(200).text();
    assert!(page.contains("都是匿名选票；实名选票还少，暂不公布") && !page.contains("实名0"), "{page}");
    let file = who.get("/campaigns/t1/results.csv").await.expect(200).text();
    assert!(file.contains("匿名,60\r\n实名,暂不公布\r\n合计,60\r\n"), "{file}");
    let turnout = who.get("/api/v1/campaigns/t1/turnout").await.expect(200).json();
    assert!(turnout["real_name"].is_null() && turnout["ballots"] == 60);

    // The real-name track takes its step at its own time, independently of the other track.
    more(&app, 200, 0, 1).await;
    app.clock.advance(TimeDelta::minutes(9));
    assert_eq!(shown(&app).await, (60, 0));
    more(&app, 300, 0, 50).await;
    app.clock.advance(TimeDelta::seconds(59));
    assert_eq!(shown(&app).await, (60, 0), "ten minutes are not over");
    app.clock.advance(TimeDelta::seconds(1));
    assert_eq!(shown(&app).await, (60, 50));
}

#[tokio::test]
async fn a_clock_that_was_put_back_delays_a_step_and_does_not_keep_it_for_good() {
    let app = live(60, 0).await;
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(shown(&app).await, (0, 0));
    more(&app, 100, 60, 0).await;
    assert_eq!(shown(&app).await, (60, 0));
    more(&app, 200, 60, 0).await;
    app.clock.advance(-TimeDelta::days(1));
    assert_eq!(shown(&app).await, (60, 0), "at once none");
    let turnout = app.nobody().get("/api/v1/campaigns/t1/turnout").await.json();
    assert_eq!(turnout["as_of"], "2018-04-06T04:00:00+00:00", "no time to come");
    app.clock.advance(TimeDelta::minutes(10));
    assert_eq!(shown(&app).await, (120, 0));
}

#[tokio::test]
async fn a_snapshot_that_is_lost_or_damaged_is_taken_anew() {
    let app = live(60, 0).await;
    assert_eq!(shown(&app).await, (0, 0));
    let snapshots = app.app.config.data.join("objects/snapshots/t1");
    std::fs::write(snapshots.join("anonymous-60"), b"{\"\":60}\nhalf").unwrap();
    more(&app, 100, 60, 0).await;
    assert_eq!(shown(&app).await, (0, 0));
    std::fs::remove_dir_all(&snapshots).unwrap();
    more(&app, 200, 10, 0).await;
    assert_eq!(shown(&app).await, (0, 0));
    more(&app, 300, 49, 0).await;
    assert_eq!(shown(&app).await, (0, 0), "49 came after it");
    more(&app, 400, 1, 0).await;
    assert_eq!(shown(&app).await, (130, 0));
    // Without the snapshot, the shown ballots are not sealed before the next step.
    std::fs::remove_dir_all(&snapshots).unwrap();
    app.app.ballots.sequencer.seal_shown("t1", 1).await.unwrap();
    assert!(app.app.ballots.sequencer.newest("t1").await.unwrap().is_none());
}

#[tokio::test]
async fn a_batch_of_an_earlier_version_counts_as_seen() {
    let app = live(60, 55).await;
    app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
    more(&app, 100, 49, 49).await;
    assert_eq!(shown(&app).await, (0, 0));
    more(&app, 200, 50, 50).await;
    assert_eq!(shown(&app).await, (0, 0), "the snapshot is of now: 50 have to follow");
    more(&app, 300, 50, 0).await;
    assert_eq!(shown(&app).await, (159, 0));
    assert_eq!(app.app.ballots.sequencer.newest("t1").await.unwrap().unwrap().checkpoint.size, 115);
}

#[tokio::test]
async fn what_a_halt_finds_stays_shown_and_a_closed_campaign_takes_no_step() {
    let app = TestApp::new().await;
    let people = given::organisation(&app).await;
    open(&app, &people, |draft| draft.display = Display::Closed).await;
    more(&app, 1, 200, 0).await;
    for _ in 0..3 {
        assert_eq!(shown(&app).await, (0, 0));
    }
    assert!(!app.app.config.data.join("objects/snapshots/t1").exists());

    let app = live(60, 0).await;
    shown(&app).await;
    more(&app, 100, 60, 0).await;
    assert_eq!(shown(&app).await, (60, 0));
    more(&app, 200, 60, 0).await;
    app.clock.advance(TimeDelta::hours(1));
    let organiser = app.staff_as("halts", entity::stored::Role::Organiser, "").await;
    let organiser = app.ctx(&organiser);
    app.app
        .stores
        .main
        .write(Changes::Campaigns, async |tx| {
            let act = entity::stored::CampaignMove::Suspension;
            shudu::campaign::commands::advance(tx, &organiser, "t1", act, "题目有误").await
        })
        .await
        .unwrap();
    assert_eq!(shown(&app).await, (60, 0));
}
