//! Data that the ledger of a province needs besides the dashboard: the instants of the steps that stand and the coverage of the
//! standing report, in one SQL statement.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::AssignmentId;
use entity::stored::Move;
use entity::{assignment, assignment_event};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};

use super::AsOf;
use crate::base::error::Result;
use crate::dashboard::milestones::Milestones;
use crate::report::claim::Coverage;

/// The steps of one assignment that stood on a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steps {
    /// Instants of the steps.
    pub milestones: Milestones,
    /// Coverage that the standing report claims; none without a standing report.
    pub coverage: Option<Coverage>,
}

/// One move of an assignment.
#[derive(FromQueryResult)]
struct Taken {
    assignment_id: AssignmentId,
    act: Move,
    at: DateTime<Utc>,
    /// Detail of a report; none for other moves.
    detail: Option<serde_json::Value>,
}

/// The steps that stood on a day, for every assignment of a province.
///
/// # Errors
/// A store that fails.
pub async fn steps(db: &impl ConnectionTrait, province: &str, as_of: AsOf) -> Result<HashMap<AssignmentId, Steps>> {
    use assignment_event::Column::{Act, AssignmentId as Of, At, Detail};
    let ids = Query::select()
        .column(assignment::Column::Id)
        .from(assignment::Entity)
        .and_where(assignment::Column::Province.eq(province))
        .take();
    // Without an ELSE, the expression is NULL otherwise, with the type in which each database stores JSON.
    let claim = Expr::case(Act.eq(Move::Report), Expr::col(Detail));
    let rows: Vec<Taken> = assignment_event::Entity::find()
        .select_only()
        .columns([Of, Act, At])
        .expr_as(claim, "detail")
        .filter(Of.in_subquery(ids))
        .filter(assignment_event::COLUMN.at.lt(as_of.instant))
        .order_by_asc(assignment_event::COLUMN.assignment_id)
        .order_by_asc(assignment_event::COLUMN.seq)
        .into_model()
        .all(db)
        .await?;
    let mut all: HashMap<AssignmentId, Steps> = HashMap::new();
    for row in rows {
        let steps = all.entry(row.assignment_id).or_default();
        steps.milestones.add(row.act, row.at);
        if let Some(claim) = row.detail.as_ref().and_then(Coverage::stated) {
            steps.coverage = Some(claim);
        }
        if steps.milestones.reported.is_none() {
            steps.coverage = None;
        }
    }
    Ok(all)
}
