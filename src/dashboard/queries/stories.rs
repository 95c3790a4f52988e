//! The story of one issue as of a day: from an option of a questionnaire to the moves of 31 provinces.

use chrono::{DateTime, Utc};
use entity::stored::{CampaignMove, Move};
use entity::{
    assignment, assignment_event, campaign, campaign_event, campaign_option, dispatch, issue, selection, tally,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::standings::standings;
use super::{AsOf, Dispatched};
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::dashboard::figures::AssignmentAsOf;
use crate::tally::queries as tallies;
use crate::tally::ranking::Ranked;

/// The story of one issue, or of an option that did not become an issue.
#[derive(Clone, Debug)]
pub struct Story {
    /// Option of the campaign, with its wording.
    pub option: campaign_option::Model,
    /// Campaign of the option.
    pub campaign: campaign::Model,
    /// Whether the campaign was halted or ended on the day, whatever happened later.
    pub halted: bool,
    /// Count of the campaign, where it was counted by the day.
    pub tally: Option<tally::Model>,
    /// Selection of the campaign, where it was signed twice by the day.
    pub selection: Option<selection::Model>,
    /// All places of the decided ranking; empty before the selection.
    pub ranking: Vec<Ranked>,
    /// Issue, where the option was selected.
    pub issue: Option<issue::Model>,
    /// Dispatch of the campaign, where it took place by the day.
    pub dispatch: Option<dispatch::Model>,
    /// State of the issue in every province on the day, in the order of the codes.
    pub standings: Vec<AssignmentAsOf>,
    /// Moves up to the day, oldest first.
    pub steps: Vec<ProvinceMove>,
}

/// One move of one province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvinceMove {
    /// Code of the province.
    pub province: String,
    /// Kind of the move.
    pub act: Move,
    /// Instant of the move, programme time.
    pub at: DateTime<Utc>,
    /// Office that made the move.
    pub office: String,
    /// Reason, basis, ruling or finding that the move states.
    pub reason: String,
}

impl Story {
    /// The place of this option in the decided ranking; none before the selection.
    #[must_use]
    pub fn ranked(&self) -> Option<&Ranked> {
        self.ranking.iter().find(|r| r.code == self.option.code)
    }
}

/// Reads the story of an issue, or of an option that was not selected.
///
/// # Errors
/// `NotFound` for an unknown code, and for an option of a campaign that is not published.
pub async fn story(db: &impl ConnectionTrait, code: &str, as_of: AsOf) -> Result<Story> {
    let option = campaigns::option(db, code).await?;
    let campaign = campaigns::all_published(db)
        .await?
        .into_iter()
        .find(|c| c.id == option.campaign_id)
        .ok_or(Error::NotFound("issue"))?;
    let before = as_of.instant;
    let halted = halted(&campaigns::history(db, campaign.id).await?, before);
    let tally = tallies::tally(db, campaign.id).await?.filter(|t| t.counted_at < before);
    let selection = tallies::selection(db, campaign.id).await?.filter(|s| s.second_at.is_some_and(|at| at < before));
    let ranking = match &selection {
        Some(selection) => tallies::decided(selection)?,
        None => Vec::new(),
    };
    let issue = match tallies::issue(db, code).await {
        Ok(issue) if selection.is_some() => Some(issue),
        Ok(_) | Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let dispatch = crate::dispatch::queries::dispatch(db, campaign.id).await?.filter(|d| d.at < before);
    let mut story = Story {
        option,
        campaign,
        halted,
        tally,
        selection,
        ranking,
        issue,
        dispatch,
        standings: Vec::new(),
        steps: Vec::new(),
    };
    if let (Some(issue), Some(dispatch)) = (&story.issue, &story.dispatch) {
        let whole = [Dispatched {
            campaign: story.campaign.clone(),
            dispatch: dispatch.clone(),
            issues: vec![issue.clone()],
            options: vec![story.option.clone()],
        }];
        story.standings = standings(db, as_of, &whole).await?;
        story.standings.sort_by(|a, b| a.province.cmp(&b.province));
        story.steps = steps(db, issue, as_of).await?;
    }
    Ok(story)
}

/// Whether a campaign was halted or ended at an instant, by the last of its earlier moves that halt, resume or end a campaign.
fn halted(history: &[campaign_event::Model], before: DateTime<Utc>) -> bool {
    use CampaignMove::{Cancellation, HaltConfirmation, HaltLapse, Resumption, Suspension};
    let acts = history.iter().rev().filter(|e| e.at < before).map(|e| e.act);
    let mut turns = acts.filter_map(|act| match act {
        Suspension | HaltConfirmation | Cancellation => Some(true),
        Resumption | HaltLapse => Some(false),
        _ => None,
    });
    turns.next().unwrap_or(false)
}

async fn steps(db: &impl ConnectionTrait, issue: &issue::Model, as_of: AsOf) -> Result<Vec<ProvinceMove>> {
    let rows: Vec<(String, Move, DateTime<Utc>, String, String)> = assignment_event::Entity::find()
        .select_only()
        .column(assignment::Column::Province)
        .columns([
            assignment_event::Column::Act,
            assignment_event::Column::At,
            assignment_event::Column::Office,
            assignment_event::Column::Reason,
        ])
        .join(
            JoinType::InnerJoin,
            assignment_event::Entity::belongs_to(assignment::Entity)
                .from(assignment_event::Column::AssignmentId)
                .to(assignment::Column::Id)
                .into(),
        )
        .filter(assignment::COLUMN.issue_id.eq(issue.id))
        .filter(assignment_event::COLUMN.at.lt(as_of.instant))
        .order_by_asc(assignment_event::COLUMN.at)
        .order_by_asc(assignment_event::COLUMN.id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(province, act, at, office, reason)| ProvinceMove { province, act, at, office, reason })
        .collect())
}
