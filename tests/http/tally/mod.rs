//! Tests of the slice `tally`, over HTTP.

mod count;
mod desk;
mod display;
mod invalidation;
mod results;
mod rule;
mod running;
mod selection;
mod settled;
mod tampered;

use entity::stored::Track;
use shudu::campaign::draft::Draft;
use shudu::demo::ballots::Ballot;

use testing::app::noon;
use testing::given::Organisation;
use testing::{Person, TestApp, given};

/// Casts ballots, each given by number of ballots, track, place and last digits of the choices. `first` is the number of the
/// first voter; a voter who voted by real name cannot do so again.
pub async fn cast(app: &TestApp, slug: &str, first: u32, ballots: &[(usize, Track, &str, &[u8])]) {
    let codes: Vec<String> = (0..10).map(|n| format!("{}-{n}", slug.to_uppercase())).collect();
    let ballots: Vec<Ballot<'_>> = ballots
        .iter()
        .flat_map(|(n, track, province, choices)| {
            let ballot = Ballot {
                track: *track,
                province,
                choices: choices.iter().map(|c| codes[usize::from(*c)].as_str()).collect(),
                day: 0,
            };
            std::iter::repeat_n(ballot, *n)
        })
        .collect();
    let paper = app.app.passes.papers.get(slug).await.unwrap();
    shudu::demo::votes::cast(&app.app, &paper, &ballots, first, || ()).await.unwrap();
}

/// Casts enough further ballots for the sixth option on both tracks that the earlier ballots are shown. `first` is the number of
/// the first voter.
pub async fn show(app: &TestApp, slug: &str, first: u32) {
    let step = async || app.app.ballots.sequencer.step(slug, app.clock.now()).await.unwrap();
    step().await;
    let newest = [(50, Track::Anonymous, "320000", &[6_u8][..]), (50, Track::RealName, "320000", &[6])];
    cast(app, slug, first, &newest).await;
    assert!(step().await);
    app.app.stores.main.announce().await.unwrap();
}

/// Casts 57 ballots (40 anonymous, 17 real-name) with 82 votes. T1-1 has 36 votes (13 real-name), T1-2 and T1-3 tie at 20 across
/// the cut (4 and 6 real-name), T1-4 has 5, T1-5 has 1, and T1-6 has none. 34 ballots are from 320000, 15 + 5 from 610000 and 3
/// from 330000; the last eight are too few for cells of their own.
pub async fn cast_with_a_tie(app: &TestApp) {
    use Track::{Anonymous as A, RealName as R};
    cast(
        app,
        "t1",
        1,
        &[
            (12, A, "320000", &[1, 2]),
            (10, A, "320000", &[3]),
            (6, R, "320000", &[1, 3]),
            (4, R, "320000", &[2]),
            (2, R, "320000", &[1]),
            (3, A, "330000", &[1, 2, 3]),
            (1, A, "610000", &[2, 3]),
            (5, A, "610000", &[4]),
            (1, A, "610000", &[5]),
            (8, A, "610000", &[1]),
            (5, R, "610000", &[1]),
        ],
    )
    .await;
}

/// The campaign `t1` with a tie across the cut, after its close and not counted. The clock is at noon of 9 April 2018.
pub async fn closed(app: &TestApp, people: &Organisation) {
    given::published(app, people, "t1", |_| ()).await;
    app.clock.set(noon("2018-04-06"));
    cast_with_a_tie(app).await;
    app.clock.set(noon("2018-04-09"));
}

/// As [`closed`], and counted.
pub async fn counted(app: &TestApp, people: &Organisation) {
    closed(app, people).await;
    let path = "/api/v1/campaigns/t1/count";
    people.organiser.post_json(path, &().into()).await.expect(200);
}

/// As [`counted`], with a selection that is drawn up and signed twice.
pub async fn certified(app: &TestApp, people: &Organisation) {
    counted(app, people).await;
    let selection = "/api/v1/campaigns/t1/selection";
    let approval = "/api/v1/campaigns/t1/selection/approval";
    for (person, path) in
        [(&people.organiser, selection), (&people.approver, approval), (&people.second_approver, approval)]
    {
        person.post_json(path, &().into()).await.expect(200);
    }
}

/// Opens voting in a campaign with changed rules, at noon of 6 April 2018.
pub async fn open(app: &TestApp, people: &Organisation, change: impl FnOnce(&mut Draft)) {
    given::published(app, people, "t1", change).await;
    app.clock.set(noon("2018-04-06"));
}

/// Staff of every kind except organisers and approvers.
pub async fn others(app: &TestApp) -> Vec<Person> {
    use entity::stored::Role;
    vec![
        app.staff(Role::Auditor, "").await,
        app.staff(Role::Sysadmin, "").await,
        app.staff(Role::ProvinceCoordinator, "320000").await,
        app.staff(Role::Handler, "320000").await,
        app.staff(Role::TeamLeader, "T3").await,
    ]
}
