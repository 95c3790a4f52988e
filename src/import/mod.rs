//! `shudu import`: imports real ballots from elsewhere as a campaign. Every ballot goes through the ballot box.

pub mod pabulib;

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};
use futures_util::{StreamExt, TryStreamExt, stream};
use public_log::bundle::NO_PLACE;

use self::pabulib::Election;
use crate::app::App;
use crate::base::clock::{day_of, end_of, start_of};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::commands::Import;
use crate::campaign::draft::is_slug;
use crate::campaign::options::{NewOption, is_code};
use crate::pass::paper::Paper;
use crate::tally::ranking::Ranked;
use crate::{campaign, tally};

/// Size of the largest file that is read, in bytes.
pub const MAX_FILE: u64 = 256 << 20;
/// Number of ballots that are cast concurrently.
const AT_ONCE: usize = 2048;

/// The result of an import.
#[derive(Debug)]
pub struct Outcome {
    /// Number of counted ballots.
    pub ballots: i64,
    /// Number of counted option votes.
    pub option_votes: i64,
    /// Options of the campaign by rank.
    pub ranking: Vec<Ranked>,
    /// Option votes as counted by the ballot box, in the order of the file's projects.
    pub counted: Vec<u64>,
}

/// The slug for a file name: lower case, with a dash for every other character.
#[must_use]
pub fn slug_of(file: &Path) -> String {
    let stem = file.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
    let dashed: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    dashed.trim_matches('-').to_owned()
}

/// Imports an election as a campaign, casts its ballots and counts them.
///
/// # Errors
/// `import.slug`; `import.project` for an id that no option code can hold; `campaign.slug_taken`; any refusal of a ballot.
pub async fn run(app: &App, slug: &str, election: &Election, seen: impl Fn()) -> Result<Outcome> {
    if !is_slug(slug) {
        return Err(Error::Conflict(Refusal::new("import.slug").with("slug", slug)));
    }
    let codes = codes(slug, election)?;
    let (opens_at, closes_at) = window(election, app.clock.now());
    let import = Import {
        slug: slug.to_owned(),
        name: election.title().unwrap_or_else(|| slug.to_owned()).split_whitespace().collect::<Vec<_>>().join(" "),
        language: election.language.clone().unwrap_or_else(|| "und".to_owned()),
        opens_at,
        closes_at,
        max_choices: i32::try_from(election.max_choices).unwrap_or(i32::MAX),
        options: options(election, &codes),
    };
    // Programme time is set within the vote while its ballots are cast, and after the vote while they are counted.
    let by_hand = app.steadiness.by_hand();
    app.clock.set(opens_at + TimeDelta::hours(12));
    let system = || Ctx::system("import", &app.clock);
    let ctx = system();
    app.stores.main.write(Changes::Campaigns, async |tx| campaign::commands::import(tx, &ctx, &import).await).await?;
    let paper = app.passes.papers.get(slug).await?;
    stream::iter(&election.ballots)
        .map(Ok)
        .try_for_each_concurrent(AT_ONCE, |ballot| {
            let (paper, codes, seen) = (&paper, &codes, &seen);
            async move {
                let choices: Vec<String> = ballot.choices.iter().filter_map(|n| codes.get(*n).cloned()).collect();
                cast(app, paper, &choices).await?;
                seen();
                Ok::<(), Error>(())
            }
        })
        .await?;
    app.clock.set(closes_at + TimeDelta::hours(1));
    tally::flows::count(&app.ballots, &app.steadiness, &system(), slug).await?;
    drop(by_hand);
    outcome(app, slug, &codes).await
}

async fn cast(app: &App, paper: &Paper, choices: &[String]) -> Result<()> {
    let pass = app.passes.issuing.anonymous(paper).await?;
    app.ballots.ballot_box.cast_patiently(paper.check(&pass, NO_PLACE, choices)?).await?;
    Ok(())
}

async fn outcome(app: &App, slug: &str, codes: &[String]) -> Result<Outcome> {
    let db = app.stores.main.db();
    let found = campaign::queries::campaign(db, slug).await?;
    let options = campaign::queries::options(db, found.id).await?;
    let lines = tally::queries::lines(db, found.id).await?;
    let ranking = tally::queries::ranking(&found, &options, &lines);
    let counted =
        codes.iter().map(|code| ranking.iter().find(|r| r.code == *code).map_or(0, |r| r.votes.unsigned_abs()));
    let tally = tally::queries::tally(db, found.id).await?.ok_or(Error::NotFound("tally"))?;
    Ok(Outcome { ballots: tally.ballots, option_votes: tally.option_votes, counted: counted.collect(), ranking })
}

/// Option codes `{slug}-{project id}`, in the order of the projects.
fn codes(slug: &str, election: &Election) -> Result<Vec<String>> {
    election
        .projects
        .iter()
        .map(|project| {
            let code = format!("{slug}-{}", project.id);
            let refusal = Refusal::new("import.project").with("line", project.line).with("project", &project.id);
            if is_code(&project.id) && code.len() <= 80 { Ok(code) } else { Err(Error::Conflict(refusal)) }
        })
        .collect()
}

/// The instants from the start of the first day of voting to the end of the last day. A file without dates counts as voted
/// yesterday.
fn window(election: &Election, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let yesterday = day_of(now - TimeDelta::days(1));
    let begin = election.begin.or(election.end).unwrap_or(yesterday);
    (start_of(begin), end_of(election.end.unwrap_or(begin)))
}

fn options(election: &Election, codes: &[String]) -> Vec<NewOption> {
    (1..)
        .zip(election.projects.iter().zip(codes))
        .map(|(ballot_no, (project, code))| {
            let name = project.name.split_whitespace().collect::<Vec<_>>().join(" ");
            NewOption {
                code: code.clone(),
                ballot_no,
                short_zh: name.chars().take(12).collect(),
                short_en: name.chars().take(26).collect(),
                title_zh: name,
                title_en: String::new(),
                theme_zh: String::new(),
                theme_en: String::new(),
                domain: String::new(),
                lead_department: String::new(),
                co_departments: Codes::default(),
                root_cause: String::new(),
                remedies: Codes::default(),
                affected: Affected::Citizen,
                proposed_by: ProposedBy::Citizen,
            }
        })
        .collect()
}
