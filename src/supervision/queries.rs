//! The dashboard: one query for page, API and file.

pub mod latest;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AssignmentId;
use entity::stored::{AssignmentState, Move};
use entity::{assignment, assignment_event, campaign, dispatch, issue, place};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::figures::{Count, Line, Standing, group, total};
use crate::campaign::queries as campaigns;
use crate::clock::{day_of, end_of};
use crate::error::{Error, Refusal, Result};

/// The instant that an as-of day means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The day.
    pub day: NaiveDate,
    /// Events before it count: 24:00 of the day, or now for today.
    pub instant: DateTime<Utc>,
    /// Whether the day is over.
    pub is_past: bool,
}

impl AsOf {
    /// Reads `YYYY-MM-DD`; nothing means today.
    ///
    /// # Errors
    /// `Invalid`: no date; a day to come.
    pub fn read(text: Option<&str>, now: DateTime<Utc>) -> Result<Self> {
        let today = day_of(now);
        let day = match text.map(str::trim).filter(|t| !t.is_empty()) {
            None => today,
            Some(text) => NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .map_err(|_| Error::field("as_of", Refusal::new("as_of.no_date")))?,
        };
        if day > today {
            return Err(Error::field(
                "as_of",
                Refusal::new("as_of.future").with("last", today),
            ));
        }
        let is_past = day < today;
        // Events of this very moment count today.
        let instant = if is_past {
            end_of(day)
        } else {
            now + chrono::TimeDelta::microseconds(1)
        };
        Ok(Self {
            day,
            instant,
            is_past,
        })
    }
}

/// A dispatched campaign as the dashboard shows it.
#[derive(Clone, Debug)]
pub struct Dispatched {
    /// The campaign.
    pub campaign: campaign::Model,
    /// Its dispatch.
    pub dispatch: dispatch::Model,
    /// Its issues by rank.
    pub issues: Vec<issue::Model>,
}

/// Everything that the dashboard shows as of a day.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The day.
    pub as_of: AsOf,
    /// Campaigns dispatched by then, the first one first; narrowed where one was asked for.
    pub campaigns: Vec<Dispatched>,
    /// Every assignment with its state then.
    pub standings: Vec<Standing>,
    /// All together.
    pub total: Count,
    /// By campaign.
    pub by_campaign: Vec<Line>,
    /// By issue.
    pub by_issue: Vec<Line>,
    /// By province.
    pub by_province: Vec<Line>,
    /// By team.
    pub by_team: Vec<Line>,
}

/// The dashboard as of a day, of one campaign or of all.
///
/// # Errors
/// `NotFound` for a campaign that the public may not see.
pub async fn dashboard(
    db: &impl ConnectionTrait,
    as_of: AsOf,
    campaign: Option<&str>,
) -> Result<Dashboard> {
    let mut all = campaigns::all_published(db).await?;
    if let Some(slug) = campaign {
        all.retain(|c| c.slug == slug);
        if all.is_empty() {
            return Err(Error::NotFound("campaign"));
        }
    }
    let mut dispatched = Vec::new();
    for campaign in all {
        let act = dispatch::Entity::find_by_campaign_id(campaign.id)
            .one(db)
            .await?;
        if let Some(dispatch) = act.filter(|d| d.at < as_of.instant) {
            let issues = crate::tally::queries::issues(db, campaign.id).await?;
            dispatched.push(Dispatched {
                campaign,
                dispatch,
                issues,
            });
        }
    }
    dispatched.sort_by_key(|d| (d.dispatch.at, d.dispatch.id));
    let standings = standings(db, as_of, &dispatched).await?;
    let at = as_of.instant;
    Ok(Dashboard {
        total: total(&standings, at),
        by_campaign: group(&standings, at, |s| &s.campaign),
        by_issue: group(&standings, at, |s| &s.issue),
        by_province: group(&standings, at, |s| &s.province),
        by_team: group(&standings, at, |s| &s.team),
        as_of,
        campaigns: dispatched,
        standings,
    })
}

/// One move as far as figures need it.
type Row = (
    AssignmentId,
    i32,
    Move,
    AssignmentState,
    DateTime<Utc>,
    serde_json::Value,
);

async fn standings(
    db: &impl ConnectionTrait,
    as_of: AsOf,
    dispatched: &[Dispatched],
) -> Result<Vec<Standing>> {
    let rows = assignment::Entity::find()
        .filter(
            assignment::COLUMN
                .dispatch_id
                .is_in(dispatched.iter().map(|d| d.dispatch.id)),
        )
        .order_by_asc(assignment::COLUMN.id)
        .all(db)
        .await?;
    let last = last_events(db, as_of).await?;
    let teams: HashMap<String, String> = place::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|p| (p.code, p.team.unwrap_or_default()))
        .collect();
    let issues: HashMap<_, _> = dispatched
        .iter()
        .flat_map(|d| {
            d.issues
                .iter()
                .map(move |i| (i.id, (i.code.as_str(), d.campaign.slug.as_str())))
        })
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (code, slug) = issues.get(&row.issue_id)?;
            let (state, since, coverage) = last.get(&row.id)?;
            Some(Standing {
                campaign: (*slug).to_owned(),
                issue: (*code).to_owned(),
                team: teams.get(&row.province).cloned().unwrap_or_default(),
                province: row.province,
                state: *state,
                since: *since,
                due_at: row.due_at,
                coverage: *coverage,
            })
        })
        .collect())
}

type Last = HashMap<AssignmentId, (AssignmentState, DateTime<Utc>, Option<(i64, i64)>)>;

/// The last move of every assignment before the instant.
async fn last_events(db: &impl ConnectionTrait, as_of: AsOf) -> Result<Last> {
    let events: Vec<Row> = assignment_event::Entity::find()
        .select_only()
        .columns([
            assignment_event::Column::AssignmentId,
            assignment_event::Column::Seq,
            assignment_event::Column::Act,
            assignment_event::Column::ToState,
            assignment_event::Column::At,
            assignment_event::Column::Detail,
        ])
        .filter(assignment_event::COLUMN.at.lt(as_of.instant))
        .order_by_asc(assignment_event::COLUMN.assignment_id)
        .order_by_asc(assignment_event::COLUMN.seq)
        .into_tuple()
        .all(db)
        .await?;
    let mut last = Last::new();
    for (id, _, act, state, at, detail) in events {
        let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_i64);
        let coverage = if act == Move::Report {
            number("covered").zip(number("coverable"))
        } else {
            None
        };
        last.insert(id, (state, at, coverage));
    }
    Ok(last)
}
