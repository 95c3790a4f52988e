//! The demo, played completely: its figures come from the ordinary commands and equal the acceptance figures.

use std::collections::BTreeMap;

use shudu::app::App;
use shudu::config::Settings;
use shudu::dashboard::figures::{GroupFigure, percent};
use shudu::dashboard::queries::{AsOf, Dashboard, dashboard};
use shudu::demo::{self, data::programme};
use shudu::{ballot, campaign, tally};

async fn as_of(app: &App, day: &str, campaign: Option<&str>) -> Dashboard {
    let as_of = AsOf::read(Some(day), app.clock.now()).unwrap();
    dashboard(app.stores.main.db(), as_of, campaign).await.unwrap()
}

fn resolved(lines: &[GroupFigure]) -> BTreeMap<&str, i64> {
    lines.iter().map(|l| (l.code.as_str(), l.count.resolved())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_meets_its_acceptance_figures() {
    let dir = tempfile::tempdir().unwrap();
    let config = Settings { data: Some(dir.path().join("demo")), ..Settings::default() }.resolve().unwrap();
    let (app, _) = demo::make(config).await.unwrap();
    let told = &programme().acceptance;

    let may = as_of(&app, "2018-05-15", None).await;
    assert_eq!((may.total.resolved(), may.total.assignments()), (260, 620));
    assert_eq!(percent(260, 620), "41.9");
    let above: Vec<&str> =
        may.by_issue.iter().filter(|l| l.count.resolved() * 10 > 31 * 7).map(|l| l.code.as_str()).collect();
    assert_eq!(above, ["S1-03", "S1-04"]);

    let june = as_of(&app, "2018-06-22", None).await;
    assert_eq!((june.total.resolved(), june.total.assignments()), (542, 1240));
    assert_eq!(resolved(&june.by_campaign), BTreeMap::from([("s1", 369), ("s2", 173)]));
    for province in &told.by_province {
        assert_eq!(
            resolved(&june.by_province)[province.province.as_str()],
            i64::try_from(province.total_june_22).unwrap(),
            "{}",
            province.province
        );
    }
    for team in &told.by_team {
        assert_eq!(resolved(&june.by_team)[team.team.as_str()], i64::try_from(team.resolved).unwrap(), "{}", team.team);
    }
    let rank = |code: &str| june.by_team.iter().find(|l| l.code == code).unwrap().rank;
    assert_eq!(rank("T5"), rank("T6"));
    assert_eq!(percent(74, 160), "46.3");

    let today = as_of(&app, "2018-07-07", None).await;
    assert_eq!(today.total.overdue, 251);
    assert_eq!(as_of(&app, "2018-07-02", None).await.total.overdue, 0, "the deadline day itself is not late");
    assert_eq!(as_of(&app, "2018-07-03", None).await.total.overdue, 251);

    // The days off were loaded before the first dispatch, so every past day knows them.
    let known = AsOf::read(Some("2018-05-01"), app.clock.now()).unwrap().known();
    let calendar = shudu::programme::queries::calendar(app.stores.main.db(), known).await.unwrap();
    assert_eq!(calendar.working_days_of(2018), 250);

    // Between the relapse of a row and its second signature, one row fewer is resolved. The figures of past days still show that.
    let before = as_of(&app, "2018-06-05", Some("s1")).await;
    let after = as_of(&app, "2018-06-06", Some("s1")).await;
    assert_eq!(before.total.resolved() - after.total.resolved(), 1);

    let db = app.stores.main.db();
    for told in &programme().campaigns {
        let found = campaign::queries::campaign(db, &told.slug).await.unwrap();
        let counts = shudu::ballot_log::counts::counts(&app.stores.ballots, &told.slug).await.unwrap();
        assert_eq!(counts, shudu::ballot_log::counts::recount(&app.stores.ballots, &told.slug, |_| ()).await.unwrap());
        let turnout = ballot::queries::turnout(&app.stores.ballots, &told.slug).await.unwrap();
        // A campaign under way shows all ballots except the newest ones of each track.
        let newest = if told.display == "live" { shudu::ballot_log::steps::LEAST } else { 0 };
        assert_eq!(turnout, (i64::from(told.ballots) + 2 * newest, i64::from(told.ballots_real_name) + newest));
        let shown =
            tally::queries::results(&app.stores, &app.ballots.sequencer, &told.slug, app.clock.now()).await.unwrap();
        let ballots = shown.turnout.unwrap();
        assert_eq!((ballots.total(), ballots.real_name), (i64::from(told.ballots), i64::from(told.ballots_real_name)));
        let counts = shown.count.unwrap().cells;
        let options = campaign::queries::options(db, found.id).await.unwrap();
        let ranking = tally::queries::ranking(&found, &options, &counts);
        for option in &told.options {
            let ranked = ranking.iter().find(|r| r.code == option.code).unwrap();
            assert_eq!(
                (ranked.votes, ranked.votes_real_name),
                (i64::from(option.votes_all), i64::from(option.votes_real_name))
            );
            if let Some(selected) = option.expected_selected {
                assert_eq!(ranked.selected, selected, "{}", option.code);
            }
        }
    }
}
