//! The state of every assignment at an instant.
//!
//! An assignment that has not moved since the instant still has the state of that instant, so its own row answers. Only for
//! the other assignments are moves read. So the figures of today read no move at all, and those of a past day at most one
//! move for each assignment.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AssignmentId, DispatchId, IssueId};
use entity::stored::AssignmentState;
use entity::{assignment, assignment_event, place};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::{AsOf, Dispatched};
use crate::base::error::Result;
use crate::dashboard::figures::AssignmentAsOf;
use crate::report::claim::Coverage;

/// The columns of an assignment that figures need.
#[derive(FromQueryResult)]
struct MoveRow {
    id: AssignmentId,
    issue_id: IssueId,
    province: String,
    state: AssignmentState,
    moved_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    covered: i32,
    coverable: i32,
}

pub(super) async fn standings(
    db: &impl ConnectionTrait,
    as_of: AsOf,
    dispatched: &[Dispatched],
) -> Result<Vec<AssignmentAsOf>> {
    let acts: Vec<DispatchId> = dispatched.iter().map(|d| d.dispatch.id).collect();
    let rows: Vec<MoveRow> = assignment::Entity::find()
        .select_only()
        .columns([
            assignment::Column::Id,
            assignment::Column::IssueId,
            assignment::Column::Province,
            assignment::Column::State,
            assignment::Column::MovedAt,
            assignment::Column::DueAt,
            assignment::Column::Covered,
            assignment::Column::Coverable,
        ])
        .filter(assignment::COLUMN.dispatch_id.is_in(acts.iter().copied()))
        .order_by_asc(assignment::COLUMN.id)
        .into_model()
        .all(db)
        .await?;
    let pair = |of: Coverage| (i64::from(of.covered), i64::from(of.coverable));
    let moved = rows.iter().any(|r| r.moved_at >= as_of.instant);
    let last = if moved { last_events(db, as_of, &acts).await? } else { HashMap::new() };
    let teams: HashMap<String, String> =
        place::Entity::find().all(db).await?.into_iter().map(|p| (p.code, p.team.unwrap_or_default())).collect();
    let issues: HashMap<_, _> = dispatched
        .iter()
        .flat_map(|d| d.issues.iter().map(move |i| (i.id, (i.code.as_str(), d.campaign.slug.as_str()))))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (code, slug) = issues.get(&row.issue_id)?;
            let (state, since, coverage) = if row.moved_at < as_of.instant {
                let coverage = (row.covered.into(), row.coverable.into());
                (row.state, row.moved_at, Some(coverage))
            } else {
                let event = last.get(&row.id)?;
                (event.to_state, event.at, event.detail.as_ref().and_then(Coverage::stated).map(pair))
            };
            Some(AssignmentAsOf {
                id: row.id,
                campaign: (*slug).to_owned(),
                issue: (*code).to_owned(),
                team: teams.get(&row.province).cloned().unwrap_or_default(),
                province: row.province,
                state,
                since,
                due_at: row.due_at,
                coverage: coverage.filter(|_| state == AssignmentState::Reported),
            })
        })
        .collect())
}

/// The last move of an assignment before an instant.
#[derive(FromQueryResult)]
struct Last {
    assignment_id: AssignmentId,
    to_state: AssignmentState,
    at: DateTime<Utc>,
    /// Detail of a move to the state reported; none for other moves.
    detail: Option<serde_json::Value>,
}

/// The last move before the instant of every assignment that has moved since, in one SQL statement with one row for each
/// assignment.
async fn last_events(
    db: &impl ConnectionTrait,
    as_of: AsOf,
    acts: &[DispatchId],
) -> Result<HashMap<AssignmentId, Last>> {
    use assignment_event::Column::{AssignmentId as Of, At, Detail, Seq, ToState};
    let moved_since = Query::select()
        .column(assignment::Column::Id)
        .from(assignment::Entity)
        .and_where(assignment::Column::DispatchId.is_in(acts.iter().copied()))
        .and_where(assignment::Column::MovedAt.gte(as_of.instant))
        .take();
    let newest = Query::select()
        .column(Of)
        .expr(Func::max(Expr::col(Seq)))
        .from(assignment_event::Entity)
        .and_where(At.lt(as_of.instant))
        .and_where(Expr::col(Of).in_subquery(moved_since))
        .group_by_col(Of)
        .take();
    // Without an ELSE, the expression is NULL otherwise, with the type in which each database stores JSON.
    let reported = Expr::case(ToState.eq(AssignmentState::Reported), Expr::col(Detail));
    let rows: Vec<Last> = assignment_event::Entity::find()
        .select_only()
        .columns([Of, ToState, At])
        .expr_as(reported, "detail")
        .filter(Expr::tuple([Expr::col(Of), Expr::col(Seq)]).in_subquery(newest))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.assignment_id, r)).collect())
}
