//! Queries that read assignments, their events and their requests for exemption.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AssignmentId, CampaignId};
use entity::stored::AssignmentState;
use entity::{assignment, assignment_event, campaign_option, dispatch, exemption_request, issue, place};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use super::people::workers;
use super::workflow::Case;
use crate::base::access::{Act, Provinces};
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::{programme, tally};

/// One assignment with everything that its rules need. A value exists only for an assignment within somebody's provinces, so a
/// query that takes the value stays within that reach.
#[derive(Clone, Debug)]
pub struct LoadedAssignment {
    /// Stored row of the assignment.
    pub assignment: assignment::Model,
    /// Issue of the assignment.
    pub issue: issue::Model,
    /// Dispatch that created the assignment.
    pub dispatch: dispatch::Model,
    /// Code of the supervision team that verifies fixes in the province; none where the province has no team.
    pub team: Option<String>,
    /// Everybody on whose word the province's side of the assignment made a move or asked for an exemption.
    worked: Vec<AccountId>,
}

impl LoadedAssignment {
    /// Key of the assignment.
    #[must_use]
    pub const fn id(&self) -> AssignmentId {
        self.assignment.id
    }

    /// The facts that the rules about persons look at.
    #[must_use]
    pub fn case(&self) -> Case<'_> {
        Case { row: &self.assignment, worked: &self.worked }
    }
}

/// One assignment, by the codes in its address.
///
/// # Errors
/// `NotFound`, the same for an assignment that does not exist and for one outside the provinces.
pub async fn assignment(
    db: &impl ConnectionTrait,
    within: &Provinces,
    issue: &str,
    province: &str,
) -> Result<LoadedAssignment> {
    if !within.include(province) {
        return Err(Error::NotFound("assignment"));
    }
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
    let worked = workers(db, assignment.id).await?;
    Ok(LoadedAssignment { assignment, issue, dispatch, team, worked })
}

/// One assignment, for staff within whose reach it is: for everybody else it does not exist.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn for_staff(db: &impl ConnectionTrait, ctx: &Ctx, issue: &str, province: &str) -> Result<LoadedAssignment> {
    ctx.staff()?;
    // The answer is the same for an assignment outside the reach, an absent assignment, and a role that reads no assignments.
    let same = |error| if matches!(error, Error::NotFound(_)) { Error::NotFound("assignment") } else { error };
    let within = ctx.provinces(Act::ReadAssignments).map_err(same)?;
    assignment(db, &within, issue, province).await.map_err(same)
}

/// The moves of an assignment, oldest first. Where `before` is given, only the moves before that instant, exclusive.
///
/// # Errors
/// A store that fails.
pub async fn events(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
    before: Option<DateTime<Utc>>,
) -> Result<Vec<assignment_event::Model>> {
    let mut events = assignment_event::Entity::find().filter(assignment_event::COLUMN.assignment_id.eq(found.id()));
    if let Some(before) = before {
        events = events.filter(assignment_event::COLUMN.at.lt(before));
    }
    Ok(events.order_by_asc(assignment_event::COLUMN.seq).all(db).await?)
}

/// Locks the row until the transaction ends (`SELECT … FOR UPDATE`), for checks followed by inserts into related tables, and
/// returns the row as it is under the lock. SQLite has a single writer and needs no lock.
///
/// # Errors
/// A store that fails.
pub async fn lock(tx: &DatabaseTransaction, found: &LoadedAssignment) -> Result<assignment::Model> {
    let row = assignment::Entity::find_by_id(found.id()).lock_exclusive().one(tx).await?;
    row.ok_or(Error::NotFound("assignment"))
}

/// The dispatch of a campaign; none before the campaign was dispatched.
///
/// # Errors
/// A store that fails.
pub async fn dispatch(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Option<dispatch::Model>> {
    Ok(dispatch::Entity::find_by_campaign_id(campaign).one(db).await?)
}

/// The request for exemption of an assignment that awaits a decision.
///
/// # Errors
/// A store that fails.
pub async fn open_exemption_request(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
) -> Result<Option<exemption_request::Model>> {
    Ok(exemption_request::Entity::find()
        .filter(exemption_request::COLUMN.assignment_id.eq(found.id()))
        .filter(exemption_request::COLUMN.decided_at.is_null())
        .one(db)
        .await?)
}

/// Every request for exemption of an assignment, open or decided, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn exemption_requests(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
) -> Result<Vec<exemption_request::Model>> {
    Ok(exemption_request::Entity::find()
        .filter(exemption_request::COLUMN.assignment_id.eq(found.id()))
        .order_by_asc(exemption_request::COLUMN.id)
        .all(db)
        .await?)
}

/// One assignment of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Stored row of the assignment.
    pub assignment: assignment::Model,
    /// Issue of the assignment.
    pub issue: issue::Model,
    /// Option of the campaign that gives the issue its wording.
    pub option: campaign_option::Model,
    /// Province of the assignment.
    pub place: place::Model,
}

/// Conditions that narrow a list of assignments, within the provinces that the reader may read.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Code of the only province to list; none for all provinces.
    pub province: Option<String>,
    /// Key of the only campaign to list; none for all campaigns.
    pub campaign: Option<CampaignId>,
    /// States to list; empty for all states.
    pub states: Vec<AssignmentState>,
    /// Keys of the only assignments to list; none for all assignments.
    pub ids: Option<Vec<AssignmentId>>,
    /// Span in which the deadline of an open assignment must lie, start included and end excluded; none for any deadline.
    pub due: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The states in which an assignment is open.
#[must_use]
pub fn open_states() -> Vec<AssignmentState> {
    let all = AssignmentState::ALL.iter().copied();
    all.filter(|state| state.is_open()).collect()
}

/// One page of assignments, with the total number. Open assignments come first, then the order is deadline, issue, province.
///
/// # Errors
/// A store that fails.
pub async fn list(
    db: &impl ConnectionTrait,
    within: &Provinces,
    filter: &Filter,
    (offset, limit): (u64, u64),
) -> Result<(u64, Vec<Listed>)> {
    let rows = narrowed(within, filter);
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

/// Number of assignments that match a filter.
///
/// # Errors
/// A store that fails.
pub async fn count(db: &impl ConnectionTrait, within: &Provinces, filter: &Filter) -> Result<u64> {
    Ok(narrowed(within, filter).count(db).await?)
}

/// The assignments of some provinces.
pub(super) fn of(within: &Provinces) -> Select<assignment::Entity> {
    let rows = assignment::Entity::find();
    match within.codes() {
        Some(codes) => rows.filter(assignment::COLUMN.province.is_in(codes)),
        None => rows,
    }
}

fn narrowed(within: &Provinces, filter: &Filter) -> Select<assignment::Entity> {
    let mut rows = of(within);
    if let Some(province) = &filter.province {
        rows = rows.filter(assignment::COLUMN.province.eq(province));
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
