//! Reading assignments.

use chrono::{DateTime, Utc};
use entity::id::{AssignmentId, CampaignId};
use entity::stored::AssignmentState;
use entity::{assignment, assignment_event, campaign_option, dispatch, exemption_request, issue, place};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::workflow::concerns;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::{programme, tally};

/// One assignment with what its rules need.
#[derive(Clone, Debug)]
pub struct Found {
    /// The row.
    pub assignment: assignment::Model,
    /// Its issue.
    pub issue: issue::Model,
    /// Its dispatch.
    pub dispatch: dispatch::Model,
    /// The team that checks its province.
    pub team: Option<String>,
}

/// One assignment, by the codes in its address.
///
/// # Errors
/// `NotFound`.
pub async fn assignment(db: &impl ConnectionTrait, issue: &str, province: &str) -> Result<Found> {
    let issue = tally::queries::issue(db, issue).await?;
    let assignment = assignment::Entity::find()
        .filter(assignment::COLUMN.issue_id.eq(issue.id))
        .filter(assignment::COLUMN.province.eq(province))
        .one(db)
        .await?
        .ok_or(Error::NotFound("assignment"))?;
    let dispatch =
        dispatch::Entity::find_by_id(assignment.dispatch_id).one(db).await?.ok_or(Error::NotFound("assignment"))?;
    let team = programme::queries::place(db, province).await?.team;
    Ok(Found { assignment, issue, dispatch, team })
}

/// One assignment for somebody who works on it: for everybody else it does not exist.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn for_staff(db: &impl ConnectionTrait, ctx: &Ctx, issue: &str, province: &str) -> Result<Found> {
    let staff = ctx.staff()?;
    let found = assignment(db, issue, province).await?;
    if concerns(staff, province, found.team.as_deref()) { Ok(found) } else { Err(Error::NotFound("assignment")) }
}

/// The moves of an assignment, oldest first; up to an instant, exclusive, where one is given.
///
/// # Errors
/// A store that fails.
pub async fn events(
    db: &impl ConnectionTrait,
    id: AssignmentId,
    before: Option<DateTime<Utc>>,
) -> Result<Vec<assignment_event::Model>> {
    let mut events = assignment_event::Entity::find().filter(assignment_event::COLUMN.assignment_id.eq(id));
    if let Some(before) = before {
        events = events.filter(assignment_event::COLUMN.at.lt(before));
    }
    Ok(events.order_by_asc(assignment_event::COLUMN.seq).all(db).await?)
}

/// The dispatch of a campaign.
///
/// # Errors
/// A store that fails.
pub async fn dispatch(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Option<dispatch::Model>> {
    Ok(dispatch::Entity::find_by_campaign_id(campaign).one(db).await?)
}

/// The request for exemption that awaits a decision.
///
/// # Errors
/// A store that fails.
pub async fn open_exemption_request(
    db: &impl ConnectionTrait,
    id: AssignmentId,
) -> Result<Option<exemption_request::Model>> {
    Ok(exemption_request::Entity::find()
        .filter(exemption_request::COLUMN.assignment_id.eq(id))
        .filter(exemption_request::COLUMN.decided_at.is_null())
        .one(db)
        .await?)
}

/// Every request for exemption, open or decided, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn exemption_requests(db: &impl ConnectionTrait, id: AssignmentId) -> Result<Vec<exemption_request::Model>> {
    Ok(exemption_request::Entity::find()
        .filter(exemption_request::COLUMN.assignment_id.eq(id))
        .order_by_asc(exemption_request::COLUMN.id)
        .all(db)
        .await?)
}

/// One row of a desk list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The row.
    pub assignment: assignment::Model,
    /// Its issue.
    pub issue: issue::Model,
    /// The wording.
    pub option: campaign_option::Model,
    /// Its province.
    pub place: place::Model,
}

/// What a desk list is narrowed to. Empty lists of provinces mean: none. That is how a scope is passed on.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these provinces; none for all.
    pub provinces: Option<Vec<String>>,
    /// Only this campaign.
    pub campaign: Option<CampaignId>,
    /// Only these states.
    pub states: Vec<AssignmentState>,
    /// Only these rows.
    pub ids: Option<Vec<AssignmentId>>,
    /// Only open rows whose deadline lies in this span, the end excluded.
    pub due: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The states that are open.
#[must_use]
pub fn open_states() -> Vec<AssignmentState> {
    let all = AssignmentState::ALL.iter().copied();
    all.filter(|state| state.is_open()).collect()
}

/// Assignments, the open ones first, in the order of deadline, issue and province, with what is shown of them.
///
/// # Errors
/// A store that fails.
pub async fn list(db: &impl ConnectionTrait, filter: &Filter, offset: u64, limit: u64) -> Result<(u64, Vec<Listed>)> {
    let rows = narrowed(filter);
    let total = rows.clone().count(db).await?;
    let rows = rows
        .order_by_desc(assignment::COLUMN.state.is_in(open_states()))
        .order_by_asc(assignment::COLUMN.due_at)
        .order_by_asc(assignment::COLUMN.issue_id)
        .order_by_asc(assignment::COLUMN.province)
        .offset(offset)
        .limit(limit)
        .all(db)
        .await?;
    Ok((total, join(db, rows).await?))
}

/// How many assignments there are.
///
/// # Errors
/// A store that fails.
pub async fn count(db: &impl ConnectionTrait, filter: &Filter) -> Result<u64> {
    Ok(narrowed(filter).count(db).await?)
}

fn narrowed(filter: &Filter) -> Select<assignment::Entity> {
    let mut rows = assignment::Entity::find();
    if let Some(provinces) = &filter.provinces {
        rows = rows.filter(assignment::COLUMN.province.is_in(provinces));
    }
    if let Some(campaign) = filter.campaign {
        rows = rows.filter(assignment::COLUMN.campaign_id.eq(campaign));
    }
    if !filter.states.is_empty() {
        rows = rows.filter(assignment::COLUMN.state.is_in(filter.states.iter().copied()));
    }
    if let Some(ids) = &filter.ids {
        rows = rows.filter(assignment::COLUMN.id.is_in(ids.iter().copied()));
    }
    if let Some((from, until)) = filter.due {
        rows = rows
            .filter(assignment::COLUMN.state.is_in(open_states()))
            .filter(assignment::COLUMN.due_at.gte(from))
            .filter(assignment::COLUMN.due_at.lt(until));
    }
    rows
}

async fn join(db: &impl ConnectionTrait, rows: Vec<assignment::Model>) -> Result<Vec<Listed>> {
    let issues = issue::Entity::find().filter(issue::COLUMN.id.is_in(rows.iter().map(|r| r.issue_id))).all(db).await?;
    let options = campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.id.is_in(issues.iter().map(|i| i.option_id)))
        .all(db)
        .await?;
    let places = programme::queries::places(db).await?;
    rows.into_iter()
        .map(|assignment| {
            let issue = issues.iter().find(|i| i.id == assignment.issue_id).cloned();
            let option = issue.as_ref().and_then(|i| options.iter().find(|o| o.id == i.option_id)).cloned();
            let place = places.iter().find(|p| p.code == assignment.province).cloned();
            match (issue, option, place) {
                (Some(issue), Some(option), Some(place)) => Ok(Listed { assignment, issue, option, place }),
                _ => Err(Error::Internal(format!("assignment {} lacks issue, option or place", assignment.id))),
            }
        })
        .collect()
}
