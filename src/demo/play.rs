//! Plays the agenda through the ordinary commands.

use std::collections::HashMap;

use chrono::NaiveTime;
use entity::stored::{AssignmentState, CampaignMove, DayKind, Display, Move, RankingRule, Track};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::DatabaseTransaction;

use super::agenda::{AgendaAct, agenda, begins};
use super::ballots::{Ballot, Totals, generate};
use super::data::{Campaign, Programme};
use super::people::People;
use super::timeline::{self, Step};
use super::{pdf, votes};
use crate::app::App;
use crate::base::access::Provinces;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::campaign::draft::{DAY_CAP, Deadline, Draft, WORK_SECONDS};
use crate::campaign::options::NewOption;
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::LoadedAssignment;
use crate::report::evidence::Stored;
use crate::report::evidence::quota::Quota;
use crate::verification::commands::{Check, decide};
use crate::{campaign, dispatch, programme, report, tally};

/// Number of moves in one transaction. Each move is a command of its own; one commit for many moves saves syncs of the disk.
const TOGETHER: usize = 200;

/// Plays the whole programme into a fresh data directory. Returns the accounts that can sign in.
///
/// # Errors
/// Any refusal of a command: the demo cannot bypass the rules.
pub async fn play(app: &App, programme: &Programme) -> Result<People> {
    let entries = agenda(programme);
    let ballots: u64 = programme.campaigns.iter().map(|c| u64::from(c.ballots)).sum();
    let bar = bar(ballots + entries.len() as u64);
    if let Some(first) = entries.first() {
        app.clock.set(first.at);
    }
    let people = People::make(app, programme).await?;
    load_calendar(app, &people, programme).await?;
    let mut player = Player { app, programme, people, bar, cast: HashMap::new(), voters: 0 };
    let mut steps = Vec::new();
    for entry in entries {
        if let AgendaAct::Step(step) = entry.act {
            steps.push(step);
            if steps.len() == TOGETHER {
                player.steps(&mut steps).await?;
            }
            continue;
        }
        player.steps(&mut steps).await?;
        app.clock.set(entry.at);
        player.act(entry.act).await?;
        player.bar.inc(1);
    }
    player.steps(&mut steps).await?;
    app.clock.set(begins(programme));
    player.bar.finish_and_clear();
    Ok(player.people)
}

fn bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:<12} {bar:40} {percent:>3} %  {elapsed}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

async fn load_calendar(app: &App, people: &People, programme: &Programme) -> Result<()> {
    let calendar = &programme.holiday_calendar_2018;
    let days = calendar.holidays.iter().map(|d| (*d, DayKind::Holiday));
    let days = days.chain(calendar.makeup_working_days.iter().map(|d| (*d, DayKind::Makeup))).collect();
    let ctx = people.ctx("sysadmin", app.clock.now());
    app.stores
        .main
        .write(Changes::Public, async |tx| {
            programme::commands::load_year(tx, &ctx, programme::commands::Year { year: 2018, days }).await
        })
        .await
}

struct Player<'a> {
    app: &'a App,
    programme: &'a Programme,
    people: People,
    bar: ProgressBar,
    /// Remaining ballots of each campaign, in the order of days.
    cast: HashMap<&'a str, Vec<Ballot<'a>>>,
    voters: u32,
}

impl<'a> Player<'a> {
    async fn act(&mut self, act: AgendaAct<'a>) -> Result<()> {
        let (app, now) = (self.app, self.app.clock.now());
        let organiser = self.people.ctx("organiser", now);
        match act {
            AgendaAct::Draft(c) => {
                self.bar.set_message(c.slug.clone());
                let (draft, options) = (draft(self.programme, c)?, options(c)?);
                app.stores
                    .main
                    .write(Changes::Campaigns, async |tx| {
                        let made = campaign::commands::create(tx, &organiser, &draft).await?;
                        campaign::commands::put_options(tx, &organiser, &c.slug, made.revision, &options).await?;
                        campaign::commands::advance(tx, &organiser, &c.slug, CampaignMove::Submission, "").await
                    })
                    .await?;
            }
            AgendaAct::Publish(c) => {
                let approver = self.people.ctx("approver-1", now);
                let publish = CampaignMove::Publication;
                app.stores
                    .main
                    .write(Changes::Campaigns, async |tx| {
                        campaign::commands::advance(tx, &approver, &c.slug, publish, "").await
                    })
                    .await?;
                let ballots = generate(&Totals::of(self.programme, c)).map_err(|e| Error::Internal(e.to_string()))?;
                self.cast.insert(&c.slug, ballots.collect());
            }
            AgendaAct::Vote(c, day) => self.vote(c, day).await?,
            AgendaAct::Count(c) => {
                let system = Ctx::system("demo", &app.clock).at(now);
                tally::flows::count(&app.ballots, &app.steadiness, &system, &c.slug).await?;
            }
            AgendaAct::Propose(c) => {
                app.stores
                    .main
                    .write(Changes::Public, async |tx| {
                        tally::commands::propose(tx, &organiser, &app.ballots.sequencer, &c.slug).await
                    })
                    .await?
            }
            AgendaAct::Approve(c, who) => {
                let approver = self.people.ctx(who, now);
                app.stores
                    .main
                    .write(Changes::Campaigns, async |tx| {
                        tally::commands::approve(tx, &approver, &app.ballots.sequencer, &c.slug, None).await
                    })
                    .await?;
            }
            AgendaAct::Dispatch(c) => {
                let approver = self.people.ctx("approver-1", now);
                app.stores
                    .main
                    .write(Changes::Campaigns, async |tx| {
                        dispatch::commands::dispatch(tx, &approver, &c.slug, None).await
                    })
                    .await?;
            }
            AgendaAct::Step(_) => {}
        }
        Ok(())
    }

    async fn vote(&mut self, c: &'a Campaign, day: u16) -> Result<()> {
        let Some(waiting) = self.cast.get_mut(c.slug.as_str()) else {
            return Ok(());
        };
        let today = waiting.partition_point(|b| b.day <= day);
        let ballots: Vec<Ballot<'a>> = waiting.drain(..today).collect();
        let is_shown = waiting.is_empty() && c.display == Display::Live.code();
        let (app, paper, bar) = (self.app, self.app.passes.papers.get(&c.slug).await?, &self.bar);
        // Running figures leave out the newest ballots, so more ballots are cast after those that are to be shown.
        let later = if is_shown { votes::newest(&ballots) } else { Vec::new() };
        for part in [ballots, later] {
            self.voters = votes::cast(app, &paper, &part, self.voters, || bar.inc(1)).await?;
            if is_shown {
                app.ballots.sequencer.step(&c.slug, app.clock.now()).await?;
            }
        }
        Ok(())
    }

    /// Makes the waiting moves in one transaction. Their files are stored before the transaction.
    async fn steps(&mut self, steps: &mut Vec<Step>) -> Result<()> {
        if steps.is_empty() {
            return Ok(());
        }
        self.bar.set_message("assignments");
        let mut files = Vec::with_capacity(steps.len());
        for step in steps.iter() {
            files.push(self.files(step).await?);
        }
        let people = &self.people;
        self.app
            .stores
            .main
            .write(Changes::Public, async |tx| {
                for (step, files) in steps.iter().zip(files) {
                    make(tx, people, step, files).await.map_err(|e| named(step, &e))?;
                }
                Ok(())
            })
            .await?;
        self.bar.inc(steps.len() as u64);
        steps.clear();
        Ok(())
    }

    async fn files(&self, step: &Step) -> Result<Vec<Stored>> {
        let timeline::Act::Report { evidence, .. } = &step.act else {
            return Ok(Vec::new());
        };
        let mut stored = Vec::with_capacity(evidence.len());
        for (name, text) in evidence {
            stored.push(self.app.files.put(name, pdf::page(text)).await?);
        }
        Ok(stored)
    }
}

/// Names the refused move: a refusal is a mistake in the data of the demo.
fn named(step: &Step, error: &Error) -> Error {
    Error::Internal(format!("{} {} at {}: {:?}: {error:?}", step.issue, step.province, step.at, step.act))
}

/// Makes one move with the account that is responsible for it.
async fn make(tx: &DatabaseTransaction, people: &People, step: &Step, files: Vec<Stored>) -> Result<()> {
    use timeline::Act as A;
    let found = dispatch::queries::assignment(tx, &Provinces::public(), &step.issue, &step.province).await?;
    let letters = programme::queries::place(tx, &step.province).await?.short_en.to_lowercase();
    let coordinator = people.ctx(&format!("coordinator-{letters}"), step.at);
    let handler = people.ctx(&format!("handler-{letters}"), step.at);
    let organiser = people.ctx("organiser", step.at);
    let leader = people.ctx(&format!("leader-{}", found.team.clone().unwrap_or_default().to_lowercase()), step.at);
    let check = |test: &str, findings: &str| Check { test: test.to_owned(), findings: findings.to_owned() };
    let by = async |ctx, act| allowed(tx, ctx, &found, act, None).await;
    match &step.act {
        A::Acknowledge { department } => {
            let permitted = by(&coordinator, Move::Acknowledgement).await?;
            dispatch::commands::acknowledge(tx, &coordinator, permitted, department).await
        }
        A::Return { basis } => {
            dispatch::commands::return_row(tx, &coordinator, by(&coordinator, Move::Return).await?, basis).await
        }
        A::RuleBack { ruling } => {
            dispatch::commands::rule(tx, &organiser, by(&organiser, Move::Ruling).await?, ruling, false).await
        }
        A::Plan { root_cause, remedy, milestones } => {
            // The root cause and remedy codes are those of the option; the timeline describes them in words.
            let option = campaign::queries::option(tx, &step.issue).await?;
            let plan = report::commands::NewPlan {
                root_cause: option.root_cause,
                remedy: option.remedies.0.into_iter().next().unwrap_or_default(),
                description: format!("{root_cause}{remedy}"),
                milestones: milestones.clone(),
            };
            report::commands::file_plan(tx, &handler, by(&handler, Move::Plan).await?, plan).await
        }
        A::Report { .. } => file(tx, &handler, &found, &step.act, files).await,
        A::SendBack { reason } => {
            report::commands::take_back(tx, &coordinator, by(&coordinator, Move::SendingBack).await?, reason).await
        }
        A::Sign => report::commands::sign(tx, &coordinator, by(&coordinator, Move::Signature).await?).await,
        A::Verify { test, findings } => {
            decide(tx, &leader, by(&leader, Move::Verification).await?, &check(test, findings)).await
        }
        A::Reject { finding } => decide(tx, &leader, by(&leader, Move::Rejection).await?, &check("", finding)).await,
        A::Relapse { finding } => decide(tx, &leader, by(&leader, Move::Relapse).await?, &check("", finding)).await,
        A::RequestExemption { class, basis } => {
            let class = class.parse().map_err(|_| Error::Internal(format!("no class {class}")))?;
            dispatch::commands::request_exemption(tx, &coordinator, &found, class, basis).await?;
            Ok(found.assignment)
        }
        A::Exempt { basis } => {
            let row = dispatch::commands::exempt(tx, &organiser, by(&organiser, Move::Exemption).await?, basis).await?;
            debug_assert_eq!(row.state, AssignmentState::Exempt);
            Ok(row)
        }
    }
    .map(|_| ())
}

async fn file(
    tx: &DatabaseTransaction,
    handler: &Ctx,
    found: &LoadedAssignment,
    act: &timeline::Act,
    files: Vec<Stored>,
) -> Result<entity::assignment::Model> {
    let timeline::Act::Report { before, after, effective_on, covered, total, .. } = act else {
        return Err(Error::Internal("not a report".to_owned()));
    };
    let mut evidence = Vec::with_capacity(files.len());
    for stored in files {
        evidence.push(report::commands::add_evidence(tx, handler, found, Quota::default(), stored).await?.sha256);
    }
    let new = report::commands::NewReport {
        before: before.clone(),
        after: after.clone(),
        effective_on: *effective_on,
        covered: i32::try_from(*covered).unwrap_or(i32::MAX),
        coverable: i32::try_from(*total).unwrap_or(i32::MAX),
        evidence,
    };
    let permitted = allowed(tx, handler, found, Move::Report, None).await?;
    report::commands::file_report(tx, handler, permitted, new).await
}

/// The rules of a demo campaign, as its organiser enters them.
///
/// # Errors
/// A word in the data that the product does not know.
pub fn draft(programme: &Programme, c: &Campaign) -> Result<Draft> {
    Ok(Draft {
        slug: c.slug.clone(),
        name_zh: c.name_zh.clone(),
        name_en: c.name_en.clone(),
        purpose_zh: c.purpose_zh.clone(),
        purpose_en: c.purpose_en.clone(),
        hosts: c.hosts.clone(),
        opens_on: c.voting_opens,
        opens_time: NaiveTime::MIN,
        closes_on: c.voting_closes,
        closes_time: NaiveTime::MIN,
        max_choices: i32::try_from(c.max_choices).unwrap_or(i32::MAX),
        top_n: i32::try_from(c.top_n).unwrap_or(i32::MAX),
        tracks: vec![Track::Anonymous, Track::RealName],
        ranking_rule: RankingRule::AllVotes,
        display: c.display.parse::<Display>().map_err(|_| Error::Internal(format!("no display {}", c.display)))?,
        units: programme.provinces.iter().map(|p| p.code.clone()).collect(),
        deadline: c.deadline.map_or(Deadline::After(30), Deadline::On),
        acknowledge_days: 1,
        day_cap: DAY_CAP,
        work_seconds: WORK_SECONDS,
    })
}

/// The options of a demo campaign, as its organiser enters them.
///
/// # Errors
/// A word in the data that the product does not know.
pub fn options(c: &Campaign) -> Result<Vec<NewOption>> {
    let word = |text: &str| Error::Internal(format!("no word {text}"));
    c.options
        .iter()
        .map(|o| {
            Ok(NewOption {
                code: o.code.clone(),
                ballot_no: i32::try_from(o.ballot_no).unwrap_or(i32::MAX),
                title_zh: o.title_zh.clone(),
                title_en: o.title_en.clone(),
                short_zh: o.short_zh.clone(),
                short_en: o.short_en.clone(),
                theme_zh: o.theme_zh.clone(),
                theme_en: o.theme_en.clone(),
                domain: o.domain.clone(),
                lead_department: o.lead_department.clone(),
                co_departments: o.co_departments.iter().collect(),
                root_cause: o.root_cause.clone(),
                remedies: o.remedies.iter().collect(),
                affected: o.affected.parse().map_err(|_| word(&o.affected))?,
                proposed_by: o.proposed_by.parse().map_err(|_| word(&o.proposed_by))?,
            })
        })
        .collect()
}
