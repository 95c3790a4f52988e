//! Data that the ledger of a province needs besides the dashboard: the instants of the steps that stand, in one SQL statement.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::AssignmentId;
use entity::stored::Move;
use entity::{assignment, assignment_event};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::AsOf;
use crate::base::error::Result;
use crate::dashboard::milestones::Milestones;

/// The instants of the steps that stood on a day, for every assignment of a province.
///
/// # Errors
/// A store that fails.
pub async fn milestones(
    db: &impl ConnectionTrait,
    province: &str,
    as_of: AsOf,
) -> Result<HashMap<AssignmentId, Milestones>> {
    let ids = Query::select()
        .column(assignment::Column::Id)
        .from(assignment::Entity)
        .and_where(assignment::Column::Province.eq(province))
        .take();
    let rows: Vec<(AssignmentId, Move, DateTime<Utc>)> = assignment_event::Entity::find()
        .select_only()
        .columns([assignment_event::Column::AssignmentId, assignment_event::Column::Act, assignment_event::Column::At])
        .filter(assignment_event::Column::AssignmentId.in_subquery(ids))
        .filter(assignment_event::COLUMN.at.lt(as_of.instant))
        .order_by_asc(assignment_event::COLUMN.assignment_id)
        .order_by_asc(assignment_event::COLUMN.seq)
        .into_tuple()
        .all(db)
        .await?;
    let mut all: HashMap<AssignmentId, Milestones> = HashMap::new();
    for (id, act, at) in rows {
        all.entry(id).or_default().add(act, at);
    }
    Ok(all)
}
