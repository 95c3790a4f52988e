//! The inbox of a person: the assignments within the person's reach whose next move the table of moves lets this person make.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AccountId, AssignmentId, DispatchId, IssueId};
use entity::stored::{AssignmentState, Move};
use entity::{assignment, assignment_event, campaign_option, dispatch, exemption_request, issue};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::deadline::{Due, soon_until};
use super::people::worked_by;
use super::queries::{Filter, Listed, count, list, of, open_states};
use super::workflow::{Case, awaits, offers};
use crate::base::access::{Act, Provinces};
use crate::base::clock::last_day;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::programme::calendar::Calendar;

/// An assignment that waits for a move of the person.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Stored assignment with the issue, option and province that a list shows.
    pub listed: Listed,
    /// Move for which the assignment waits.
    pub act: Move,
    /// Next deadline of the assignment.
    pub due: Option<Due>,
}

/// Kind of work that an assignment waits for, as counts and filters name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Todo {
    /// The assignment is to be acknowledged.
    Acknowledgement,
    /// The fix is to be planned.
    Plan,
    /// The fix is to be reported.
    Report,
    /// The fix is to be reported again, after rework.
    Rework,
    /// The report is to be signed.
    Signature,
    /// The fix is to be verified.
    Verification,
    /// The return is to be ruled upon.
    Ruling,
    /// The request for exemption is to be decided.
    Exemption,
}

impl Todo {
    /// Every kind of work, in the order of the counts.
    pub const ALL: [Self; 8] = [
        Self::Rework,
        Self::Acknowledgement,
        Self::Plan,
        Self::Report,
        Self::Signature,
        Self::Verification,
        Self::Ruling,
        Self::Exemption,
    ];

    /// Code of the kind in addresses and message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Plan => "plan",
            Self::Report => "report",
            Self::Rework => "rework",
            Self::Signature => "signature",
            Self::Verification => "verification",
            Self::Ruling => "ruling",
            Self::Exemption => "exemption",
        }
    }

    /// Whether an assignment waits for this kind of work.
    #[must_use]
    pub fn is_of(self, waiting: &Waiting) -> bool {
        let again = waiting.listed.assignment.state == AssignmentState::Rework;
        match self {
            Self::Acknowledgement => waiting.act == Move::Acknowledgement,
            Self::Plan => waiting.act == Move::Plan,
            Self::Report => waiting.act == Move::Report && !again,
            Self::Rework => waiting.act == Move::Report && again,
            Self::Signature => waiting.act == Move::Signature,
            Self::Verification => waiting.act == Move::Verification,
            Self::Ruling => waiting.act == Move::Ruling,
            Self::Exemption => waiting.act == Move::Exemption,
        }
    }
}

/// Work of a person, with the deadlines in the person's reach.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    /// Assignments whose next move the person can make, ordered by the legal deadline.
    pub waiting: Vec<Waiting>,
    /// Number of open assignments in the person's reach that are past their deadline, whoever has to make the next move.
    pub overdue: u64,
    /// Number of open assignments in the person's reach that are due within the next working days.
    pub soon: u64,
    /// Next deadline in the person's reach, with the number of open assignments that it concerns.
    pub next: Option<(NaiveDate, u64)>,
}

/// The inbox of the person who asks.
///
/// # Errors
/// `NotFound` for persons whose roles do not read assignments.
pub async fn inbox(db: &impl ConnectionTrait, ctx: &Ctx, calendar: &Calendar) -> Result<Inbox> {
    let within = ctx.provinces(Act::ReadAssignments)?;
    let due = |due| Filter { due: Some(due), ..Filter::default() };
    let soon = soon_until(calendar, ctx.now);
    Ok(Inbox {
        waiting: waiting(db, ctx, calendar, &within).await?,
        overdue: count(db, &within, &due((DateTime::UNIX_EPOCH, ctx.now))).await?,
        soon: count(db, &within, &due((ctx.now, soon))).await?,
        next: next_deadline(db, ctx.now, &within).await?,
    })
}

async fn waiting(
    db: &impl ConnectionTrait,
    ctx: &Ctx,
    calendar: &Calendar,
    within: &Provinces,
) -> Result<Vec<Waiting>> {
    let staff = ctx.staff()?;
    let asked: Vec<AssignmentId> = open_requests(db, within).await?.into_iter().map(|r| r.assignment_id).collect();
    let mut filter = Filter::default();
    let all = (0, u64::from(u32::MAX));
    // An organiser reads every assignment, but moves only returned ones and those with a request for exemption.
    let mut found = if staff.may(Act::Handle) || staff.may(Act::Verify) {
        filter.states = open_states();
        filter.states.push(AssignmentState::Resolved);
        list(db, within, &filter, all).await?.1
    } else {
        Vec::new()
    };
    if staff.may(Act::Rule) {
        filter.states = vec![AssignmentState::Returned];
        found.extend(list(db, within, &filter, all).await?.1);
        filter.states = open_states();
        filter.ids = Some(asked.clone());
        found.extend(list(db, within, &filter, all).await?.1);
    }
    found.sort_by_key(|l| l.assignment.id);
    found.dedup_by_key(|l| l.assignment.id);
    let dispatches = dispatches(db).await?;
    let people: Vec<AccountId> = std::iter::once(staff.id).chain(staff.lent.iter().map(|lent| lent.by)).collect();
    let worked = worked_by(db, &people).await?;
    let mut waiting: Vec<Waiting> = found
        .into_iter()
        .filter_map(|listed| {
            let row = &listed.assignment;
            let asked = asked.contains(&row.id);
            let case = Case { row, worked: worked.get(&row.id).map_or(&[], Vec::as_slice) };
            let offered = offers(staff, &case, asked);
            let act = [awaits(row.state), asked.then_some(Move::Exemption)]
                .into_iter()
                .flatten()
                .find(|act| offered.contains(act))?;
            let limit = dispatches.get(&row.dispatch_id)?.acknowledge_due_at;
            let due = Due::of(row, limit, calendar, ctx.now);
            Some(Waiting { listed, act, due })
        })
        .collect();
    waiting.sort_by_key(|w| {
        let row = &w.listed.assignment;
        let on = w.due.map_or_else(|| last_day(row.due_at), |d| d.on);
        (on, w.listed.issue.rank, row.issue_id, row.province.clone())
    });
    Ok(waiting)
}

/// Every dispatch, keyed by its id.
///
/// # Errors
/// A store that fails.
pub async fn dispatches(db: &impl ConnectionTrait) -> Result<HashMap<DispatchId, dispatch::Model>> {
    let all = dispatch::Entity::find().all(db).await?;
    Ok(all.into_iter().map(|d| (d.id, d)).collect())
}

async fn next_deadline(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    within: &Provinces,
) -> Result<Option<(NaiveDate, u64)>> {
    let rows =
        of(within).filter(assignment::COLUMN.state.is_in(open_states())).filter(assignment::COLUMN.due_at.gte(now));
    let first = rows.clone().order_by_asc(assignment::COLUMN.due_at).one(db).await?;
    let Some(first) = first else { return Ok(None) };
    let count = rows.filter(assignment::COLUMN.due_at.eq(first.due_at)).count(db).await?;
    Ok(Some((last_day(first.due_at), count)))
}

/// Every request for exemption in some provinces that awaits a decision, the oldest first.
///
/// # Errors
/// A store that fails.
pub async fn open_requests(db: &impl ConnectionTrait, within: &Provinces) -> Result<Vec<exemption_request::Model>> {
    let mut rows = exemption_request::Entity::find();
    if within.codes().is_some() {
        let ids = of(within).select_only().column(assignment::Column::Id).into_query();
        rows = rows.filter(exemption_request::COLUMN.assignment_id.in_subquery(ids));
    }
    Ok(rows
        .filter(exemption_request::COLUMN.decided_at.is_null())
        .order_by_asc(exemption_request::COLUMN.id)
        .all(db)
        .await?)
}

/// Returns from some provinces and the rulings on them, the latest first: province, code of the issue, event.
///
/// # Errors
/// A store that fails.
pub async fn returns(
    db: &impl ConnectionTrait,
    within: &Provinces,
    provinces: &[String],
) -> Result<Vec<(String, String, assignment_event::Model)>> {
    let rows = of(within)
        .filter(assignment::COLUMN.province.is_in(provinces))
        .filter(assignment::COLUMN.returned.eq(true))
        .all(db)
        .await?;
    let issues = issues(db, &rows).await?;
    let rows: HashMap<AssignmentId, (String, String)> = rows
        .into_iter()
        .filter_map(|row| {
            let code = issues.get(&row.issue_id)?.code.clone();
            Some((row.id, (row.province, code)))
        })
        .collect();
    let events = assignment_event::Entity::find()
        .filter(assignment_event::COLUMN.assignment_id.is_in(rows.keys().copied()))
        .filter(assignment_event::COLUMN.act.is_in([Move::Return, Move::Ruling]))
        .order_by_desc(assignment_event::COLUMN.at)
        .order_by_desc(assignment_event::COLUMN.id)
        .all(db)
        .await?;
    Ok(events
        .into_iter()
        .filter_map(|event| {
            let (province, code) = rows.get(&event.assignment_id)?.clone();
            Some((province, code, event))
        })
        .collect())
}

/// The department of a province that last took an assignment of each lead department: how work was shared out before.
///
/// # Errors
/// A store that fails.
pub async fn departments(
    db: &impl ConnectionTrait,
    within: &Provinces,
    province: &str,
) -> Result<HashMap<String, String>> {
    let rows = of(within)
        .filter(assignment::COLUMN.province.eq(province))
        .filter(assignment::COLUMN.department.ne(""))
        .order_by_asc(assignment::COLUMN.id)
        .all(db)
        .await?;
    let issues = issues(db, &rows).await?;
    let leads: HashMap<_, _> = campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.id.is_in(issues.values().map(|i| i.option_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|o| (o.id, o.lead_department))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let option = issues.get(&row.issue_id)?.option_id;
            Some((leads.get(&option)?.clone(), row.department))
        })
        .collect())
}

async fn issues(db: &impl ConnectionTrait, rows: &[assignment::Model]) -> Result<HashMap<IssueId, issue::Model>> {
    let found = issue::Entity::find().filter(issue::COLUMN.id.is_in(rows.iter().map(|r| r.issue_id))).all(db).await?;
    Ok(found.into_iter().map(|i| (i.id, i)).collect())
}
