//! Data for the measurements: campaigns through the ordinary commands, ballots through the ordinary ballot box.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::stored::{Role, Track};
use futures_util::future::try_join_all;
use shudu::app::App;
use shudu::base::clock::{Clock, start_of};
use shudu::base::ctx::Ctx;
use shudu::base::main_store::Changes;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site;
use shudu::demo::data::programme;
use shudu::demo::play;
use shudu::pass::paper::Paper;
use shudu::pass::person::Person;
use shudu::pass::seal::Pass;
use shudu::{dispatch, tally};
use testing::actors::PASSWORD;
use testing::process_databases;
use testing::site::{publish, staff};

use crate::Anything;

/// Number of prepared ballots for wrk: more than wrk sends during a load.
const BALLOTS: usize = 300_000;
/// Number of ballots that are cast or prepared at the same time.
const TOGETHER: usize = 4096;

/// The stores of a site.
pub struct Place {
    /// Data directory of the site.
    pub data: PathBuf,
    /// PostgreSQL URLs of the stores main, ballots and register; none for SQLite files.
    urls: Option<[String; 3]>,
    requires_standby: bool,
}

impl Place {
    /// A site on SQLite files in its data directory.
    pub fn files(data: PathBuf) -> Self {
        Self { data, urls: None, requires_standby: false }
    }

    /// A site on three new databases of a PostgreSQL server.
    pub async fn databases(data: PathBuf, server: &str) -> Self {
        Self { data, urls: Some(process_databases::fresh(server).await), requires_standby: false }
    }

    /// The same site, which writes only while a synchronous standby follows.
    pub fn with_standby(self) -> Self {
        Self { requires_standby: true, ..self }
    }

    /// Environment variables for the server of the site.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let names = ["SHUDU_MAIN_URL", "SHUDU_BALLOTS_URL", "SHUDU_REGISTER_URL"];
        let stores = self.urls.iter().flat_map(|urls| names.into_iter().zip(urls.iter().cloned()));
        let more = [
            // All the load comes from one address.
            ("SHUDU_LIMITS", "off".to_owned()),
            ("SHUDU_SETTLE_AFTER", "0".to_owned()),
            ("SHUDU_REQUIRE_STANDBY", self.requires_standby.to_string()),
        ];
        stores.chain(more).collect()
    }

    async fn open(&self, clock: Clock) -> Anything<Arc<App>> {
        let settings = Settings { data: Some(self.data.clone()), settle_after: Some(0), ..Settings::default() };
        let mut config: Config = settings.resolve()?;
        if let Some([main, ballots, register]) = self.urls.clone() {
            (config.main_url, config.ballots_url, config.register_url) = (Some(main), Some(ballots), Some(register));
        }
        Ok(App::open_at(config, Site::default(), clock).await?)
    }
}

/// Creates five dispatched campaigns with 20 issues × 31 provinces each, and one open campaign.
pub async fn programme_of_five(place: &Place) -> Anything<()> {
    let day = NaiveDate::from_ymd_opt(2018, 4, 2).ok_or("day")?;
    let clock = Clock::shifted(TimeDelta::zero());
    clock.set(start_of(day) + TimeDelta::hours(10));
    let app = place.open(clock).await?;
    let staff = Staff::make(&app).await;
    let template = &programme().campaigns[0];
    for number in 2..=6 {
        let (slug, opens) = (format!("b{number}"), day);
        make_campaign(&app, &staff, &slug, opens, opens, template).await?;
        let system = Ctx::system("bench", &app.clock).at(app.clock.now() + TimeDelta::days(3));
        tally::flows::count(&app.ballots, &app.steadiness, &system, &slug).await?;
        let at = |actor: &Ctx| actor.at(system.now);
        app.stores
            .main
            .write(Changes::Campaigns, async |tx| {
                tally::commands::propose(tx, &at(&staff.organiser), &app.ballots.sequencer, &slug).await?;
                tally::commands::approve(tx, &at(&staff.first), &app.ballots.sequencer, &slug, None).await?;
                tally::commands::approve(tx, &at(&staff.second), &app.ballots.sequencer, &slug, None).await?;
                dispatch::commands::dispatch(tx, &at(&staff.first), &slug, None).await
            })
            .await?;
    }
    let today = app.clock.system();
    app.clock.set(today);
    let opens = shudu::base::clock::day_of(today);
    let closes = opens.checked_add_days(Days::new(30)).ok_or("day")?;
    make_campaign(&app, &staff, "b1", opens, closes, template).await?;
    Ok(())
}

/// Casts `stored` ballots of a track into the open campaign and seals them. Then writes a request body for each ballot of the
/// load to come.
pub async fn ballots(place: &Place, track: Track, stored: usize, bodies: &Path) -> Anything<()> {
    let app = place.open(Clock::shifted(TimeDelta::zero())).await?;
    let paper = app.passes.papers.get("b1").await?;
    let place_of = |n: usize| programme().provinces[n % 31].code.as_str();
    for first in (0..stored).step_by(TOGETHER) {
        let one = async |n: usize| -> Anything<()> {
            let pass = pass(&app, &paper, track, n).await?;
            app.ballots.ballot_box.cast_patiently(paper.check(&pass, place_of(n), &choices(n))?).await?;
            Ok(())
        };
        try_join_all((first..stored.min(first + TOGETHER)).map(one)).await?;
    }
    app.ballots.sequencer.seal("b1", 1).await?;
    let mut text = String::with_capacity(BALLOTS * 260);
    for first in (stored..stored + BALLOTS).step_by(TOGETHER) {
        let voters = first..(stored + BALLOTS).min(first + TOGETHER);
        let passes = try_join_all(voters.clone().map(async |n| pass(&app, &paper, track, n).await)).await?;
        for (n, pass) in voters.zip(passes) {
            let choices: Vec<String> = choices(n).iter().map(|code| format!("\"{code}\"")).collect();
            let (pass, place, choices) = (pass.encode(), place_of(n), choices.join(","));
            writeln!(text, "{{\"pass\":\"{pass}\",\"place\":\"{place}\",\"choices\":[{choices}]}}")?;
        }
    }
    fs::write(bodies, text)?;
    Ok(())
}

/// Issues the pass of a voter. With real names, every voter is another person.
async fn pass(app: &App, paper: &Paper, track: Track, voter: usize) -> Anything<Pass> {
    Ok(match track {
        Track::Anonymous => app.passes.issuing.anonymous(paper).await?,
        Track::RealName => {
            let person = Person::Subject { issuer: "bench".to_owned(), subject: voter.to_string() };
            app.passes.issuing.real_name(paper, &person, app.clock.now()).await?
        }
    })
}

fn choices(n: usize) -> Vec<String> {
    (0..3).map(|c| format!("B1-{:02}", (n * 7 + c * 11) % 30 + 1)).collect()
}

struct Staff {
    organiser: Ctx,
    first: Ctx,
    second: Ctx,
}

impl Staff {
    async fn make(app: &App) -> Self {
        Self {
            organiser: staff(app, "organiser", Role::Organiser, PASSWORD).await,
            first: staff(app, "approver-1", Role::Approver, PASSWORD).await,
            second: staff(app, "approver-2", Role::Approver, PASSWORD).await,
        }
    }
}

async fn make_campaign(
    app: &App,
    staff: &Staff,
    slug: &str,
    opens: NaiveDate,
    closes: NaiveDate,
    template: &shudu::demo::data::Campaign,
) -> Anything<()> {
    let mut template = template.clone();
    template.slug = slug.to_owned();
    (template.name_zh, template.name_en) = (format!("测速（{slug}）"), format!("Benchmark ({slug})"));
    (template.voting_opens, template.voting_closes) = (opens, closes);
    template.deadline = None;
    for option in &mut template.options {
        option.code = option.code.replace("S1", &slug.to_uppercase());
    }
    let draft = play::draft(programme(), &template)?;
    let options = play::options(&template)?;
    let now: DateTime<Utc> = app.clock.now();
    let at = |who: &Ctx| who.at(now);
    publish(app, &at(&staff.organiser), &at(&staff.first), &draft, &options).await;
    Ok(())
}
