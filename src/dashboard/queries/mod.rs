//! Reading the dashboard: one query for the page, the API and the file.

pub mod assignment_history;
pub mod changes;
mod checks;
pub mod latest;
pub mod ledger;
mod standings;
pub mod stories;
pub mod trend;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{campaign, campaign_option, dispatch, issue};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use self::checks::checks;
use self::standings::standings;
use super::figures::{AssignmentAsOf, Checks, Count, GroupFigure, group, total};
use crate::base::clock::{day_of, end_of};
use crate::base::clock::{just_after, last_day};
use crate::base::error::{Error, Refusal, Result};
use crate::campaign::queries as campaigns;
use crate::programme::calendar::Known;

/// An as-of day and the instant that the day stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// As-of day, in China.
    pub day: NaiveDate,
    /// Instant before which events count, programme time: 24:00 of a past day, or just after now for today.
    pub instant: DateTime<Utc>,
    /// Whether the as-of day is over.
    pub is_past: bool,
}

impl AsOf {
    /// Parses `YYYY-MM-DD`. An absent or empty text stands for today.
    ///
    /// # Errors
    /// `Invalid`: a text that is not a date; a day in the future.
    pub fn read(text: Option<&str>, now: DateTime<Utc>) -> Result<Self> {
        let today = day_of(now);
        let day = match text.map(str::trim).filter(|t| !t.is_empty()) {
            None => today,
            Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map_err(|_| Error::field("as_of", Refusal::new("as_of.no_date")))?,
        };
        if day > today {
            return Err(Error::field("as_of", Refusal::new("as_of.future").with("last", today)));
        }
        let is_past = day < today;
        // Events of this very instant count today.
        let instant = if is_past { end_of(day) } else { just_after(now) };
        Ok(Self { day, instant, is_past })
    }

    /// The choice of working-day arrangements: for a past day those known at its end, for today the newest.
    #[must_use]
    pub const fn known(self) -> Known {
        if self.is_past { Known::Before(self.instant) } else { Known::Now }
    }
}

/// A campaign with its dispatch.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Row of the campaign.
    pub campaign: campaign::Model,
    /// Dispatch of the campaign.
    pub dispatch: dispatch::Model,
}

impl Sent {
    /// The day of the dispatch, in China.
    #[must_use]
    pub fn dispatched_on(&self) -> NaiveDate {
        day_of(self.dispatch.at)
    }

    /// The last day for fixes, in China.
    #[must_use]
    pub fn due_on(&self) -> NaiveDate {
        last_day(self.dispatch.due_at)
    }
}

/// A dispatched campaign as the dashboard shows it.
#[derive(Clone, Debug)]
pub struct Dispatched {
    /// Row of the campaign.
    pub campaign: campaign::Model,
    /// Dispatch of the campaign.
    pub dispatch: dispatch::Model,
    /// Issues of the campaign, by rank.
    pub issues: Vec<issue::Model>,
    /// Options with the wording of the issues, in the same order.
    pub options: Vec<campaign_option::Model>,
}

impl Dispatched {
    /// The issues with their wording, by rank.
    pub fn worded(&self) -> impl Iterator<Item = (&issue::Model, &campaign_option::Model)> {
        self.issues.iter().zip(&self.options)
    }

    /// The day of the dispatch, in China.
    #[must_use]
    pub fn dispatched_on(&self) -> NaiveDate {
        day_of(self.dispatch.at)
    }

    /// The last day for fixes, in China.
    #[must_use]
    pub fn due_on(&self) -> NaiveDate {
        last_day(self.dispatch.due_at)
    }

    /// The number of days from the dispatch to a day.
    #[must_use]
    pub fn age(&self, day: NaiveDate) -> i64 {
        (day - self.dispatched_on()).num_days()
    }
}

/// Everything that the dashboard shows as of a day.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// As-of day of all figures.
    pub as_of: AsOf,
    /// Every campaign dispatched by the day, in the order of dispatch, whether shown or not.
    pub choice: Vec<Sent>,
    /// Campaigns that are shown, in the order of dispatch: all that were dispatched by the day, or those asked for.
    pub campaigns: Vec<Dispatched>,
    /// Every assignment of those campaigns with its state on the day, in the order of dispatch, rank and province.
    pub standings: Vec<AssignmentAsOf>,
    /// Counts of all assignments together.
    pub total: Count,
    /// Figures by campaign, in the order of dispatch.
    pub by_campaign: Vec<GroupFigure>,
    /// Figures by issue, in the order of dispatch and rank.
    pub by_issue: Vec<GroupFigure>,
    /// Figures by province, in the order of the codes.
    pub by_province: Vec<GroupFigure>,
    /// Figures by supervision team, in the order of the codes, without ranks.
    pub by_team: Vec<GroupFigure>,
}

/// Reads the dashboard as of a day, for all campaigns, or for the campaigns of some slugs, separated by commas.
///
/// # Errors
/// `NotFound` for a campaign that the public may not see.
pub async fn dashboard(db: &impl ConnectionTrait, as_of: AsOf, campaign: Option<&str>) -> Result<Dashboard> {
    let published = campaigns::all_published(db).await?;
    let wanted: Option<Vec<&str>> = campaign.map(|slugs| slugs.split(',').collect());
    if let Some(slugs) = &wanted
        && !slugs.iter().all(|s| published.iter().any(|c| c.slug == *s))
    {
        return Err(Error::NotFound("campaign"));
    }
    let acts = dispatch::Entity::find()
        .filter(dispatch::COLUMN.at.lt(as_of.instant))
        .order_by_asc(dispatch::COLUMN.at)
        .order_by_asc(dispatch::COLUMN.id)
        .all(db)
        .await?;
    let choice: Vec<Sent> = acts
        .into_iter()
        .filter_map(|dispatch| {
            let campaign = published.iter().find(|c| c.id == dispatch.campaign_id)?.clone();
            Some(Sent { campaign, dispatch })
        })
        .collect();
    let shown = choice
        .iter()
        .filter(|sent| {
            let slug = sent.campaign.slug.as_str();
            wanted.as_ref().is_none_or(|w| w.contains(&slug))
        })
        .cloned()
        .collect();
    let campaigns = worded(db, shown).await?;
    let standings = standings(db, as_of, &campaigns).await?;
    let at = as_of.instant;
    let slugs: Vec<&str> = campaigns.iter().map(|d| d.campaign.slug.as_str()).collect();
    let codes: Vec<&str> = campaigns.iter().flat_map(|d| d.issues.iter().map(|i| i.code.as_str())).collect();
    Ok(Dashboard {
        total: total(&standings, at),
        by_campaign: in_order(group(&standings, at, |s| &s.campaign), &slugs),
        by_issue: in_order(group(&standings, at, |s| &s.issue), &codes),
        by_province: group(&standings, at, |s| &s.province),
        by_team: unranked(group(&standings, at, |s| &s.team)),
        as_of,
        choice,
        campaigns,
        standings,
    })
}

/// A supervision team with the figures of its provinces and its own checks.
#[derive(Clone, Debug)]
pub struct TeamFigure {
    /// Figures of the provinces that the team checks, without a rank.
    pub group: GroupFigure,
    /// Checks that the team made by the day.
    pub checks: Checks,
}

/// The supervision teams of a dashboard with their checks, in the order of the codes. A team that checked a province which another
/// team checks now has a line as well, so that the lines add up to all checks.
///
/// # Errors
/// A store that fails.
pub async fn teams(db: &impl ConnectionTrait, dash: &Dashboard) -> Result<Vec<TeamFigure>> {
    let acts: Vec<_> = dash.campaigns.iter().map(|d| d.dispatch.id).collect();
    let mut checks = checks(db, dash.as_of, &acts).await?;
    let mut teams: Vec<TeamFigure> = dash
        .by_team
        .iter()
        .map(|group| TeamFigure { checks: checks.remove(&group.code).unwrap_or_default(), group: group.clone() })
        .collect();
    teams.extend(checks.into_iter().map(|(code, checks)| {
        let group = GroupFigure { code, count: Count::default(), rank: None, shared: false };
        TeamFigure { group, checks }
    }));
    teams.sort_by(|one, other| one.group.code.cmp(&other.group.code));
    Ok(teams)
}

/// The slug of the campaign that was dispatched last by a day.
///
/// # Errors
/// A store that fails.
pub async fn newest(db: &impl ConnectionTrait, as_of: AsOf) -> Result<Option<String>> {
    let act = dispatch::Entity::find()
        .filter(dispatch::COLUMN.at.lt(as_of.instant))
        .order_by_desc(dispatch::COLUMN.at)
        .order_by_desc(dispatch::COLUMN.id)
        .one(db)
        .await?;
    Ok(match act {
        Some(act) => Some(campaigns::by_id(db, act.campaign_id).await?.slug),
        None => None,
    })
}

/// The groups without ranks. Provinces sign, so a rank by signatures says nothing about the team that checks.
fn unranked(lines: Vec<GroupFigure>) -> Vec<GroupFigure> {
    lines.into_iter().map(|line| GroupFigure { rank: None, shared: false, ..line }).collect()
}

fn in_order(mut lines: Vec<GroupFigure>, codes: &[&str]) -> Vec<GroupFigure> {
    let place: HashMap<&str, usize> = codes.iter().zip(0..).map(|(c, n)| (*c, n)).collect();
    lines.sort_by_key(|l| place.get(l.code.as_str()).copied());
    lines
}

async fn worded(db: &impl ConnectionTrait, shown: Vec<Sent>) -> Result<Vec<Dispatched>> {
    let issues = issue::Entity::find()
        .filter(issue::COLUMN.campaign_id.is_in(shown.iter().map(|s| s.campaign.id)))
        .order_by_asc(issue::COLUMN.rank)
        .all(db)
        .await?;
    let options: HashMap<_, _> = campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.id.is_in(issues.iter().map(|i| i.option_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|o| (o.id, o))
        .collect();
    shown
        .into_iter()
        .map(|Sent { campaign, dispatch }| {
            let issues: Vec<issue::Model> = issues.iter().filter(|i| i.campaign_id == campaign.id).cloned().collect();
            let options = issues
                .iter()
                .map(|i| {
                    options
                        .get(&i.option_id)
                        .cloned()
                        .ok_or_else(|| Error::Internal(format!("issue {} has no option", i.code)))
                })
                .collect::<Result<_>>()?;
            Ok(Dispatched { campaign, dispatch, issues, options })
        })
        .collect()
}
