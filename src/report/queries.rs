//! Queries that read plans, reports and evidence of an assignment that was found within somebody's reach or in the public
//! projection.

use std::collections::{BTreeSet, HashMap};

use entity::{assignment, evidence, plan, report};
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::base::error::{Error, Result};
use crate::dispatch::queries::LoadedAssignment;
use crate::report::evidence::quota::Used;

/// The plan of an assignment that is in force, which is the latest.
///
/// # Errors
/// A store that fails.
pub async fn plan(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Option<plan::Model>> {
    Ok(plan::Entity::find()
        .filter(plan::COLUMN.assignment_id.eq(found.id()))
        .order_by_desc(plan::COLUMN.id)
        .one(db)
        .await?)
}

/// All reports of an assignment, the latest first.
///
/// # Errors
/// A store that fails.
pub async fn reports(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Vec<report::Model>> {
    Ok(report::Entity::find()
        .filter(report::COLUMN.assignment_id.eq(found.id()))
        .order_by_desc(report::COLUMN.id)
        .all(db)
        .await?)
}

/// All evidence of an assignment, filed and not yet filed, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn evidence(db: &impl ConnectionTrait, found: &LoadedAssignment) -> Result<Vec<evidence::Model>> {
    Ok(evidence::Entity::find()
        .filter(evidence::COLUMN.assignment_id.eq(found.id()))
        .order_by_asc(evidence::COLUMN.id)
        .all(db)
        .await?)
}

/// Number of other assignments that hold the same files, by hash: one document for many assignments deserves a look.
///
/// # Errors
/// A store that fails.
pub async fn held_elsewhere(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
    hashes: &[String],
) -> Result<HashMap<String, usize>> {
    let rows: BTreeSet<(String, i64)> = evidence::Entity::find()
        .filter(evidence::COLUMN.sha256.is_in(hashes))
        .filter(evidence::COLUMN.assignment_id.ne(found.id()))
        .all(db)
        .await?
        .into_iter()
        .map(|e| (e.sha256, e.assignment_id.0))
        .collect();
    let mut counts = HashMap::new();
    for (hash, _) in rows {
        *counts.entry(hash).or_default() += 1;
    }
    Ok(counts)
}

/// Number and size of the evidence files that a province keeps, over all its assignments.
///
/// # Errors
/// A store that fails.
pub async fn used(db: &impl ConnectionTrait, province: &str) -> Result<Used> {
    let own = Query::select()
        .column(assignment::Column::Id)
        .from(assignment::Entity)
        .and_where(assignment::Column::Province.eq(province))
        .to_owned();
    let bytes = Func::coalesce([evidence::Column::Size.sum(), Expr::val(0_i64)]);
    let used = evidence::Entity::find()
        .select_only()
        .column_as(evidence::Column::Id.count(), "files")
        .column_as(Expr::expr(bytes).cast_as("bigint"), "bytes")
        .filter(evidence::Column::AssignmentId.in_subquery(own))
        .into_model::<Used>()
        .one(db)
        .await?;
    Ok(used.unwrap_or(Used { files: 0, bytes: 0 }))
}

/// One file of an assignment, by its hash.
///
/// # Errors
/// `NotFound`.
pub async fn file(db: &impl ConnectionTrait, found: &LoadedAssignment, sha256: &str) -> Result<evidence::Model> {
    evidence::Entity::find()
        .filter(evidence::COLUMN.assignment_id.eq(found.id()))
        .filter(evidence::COLUMN.sha256.eq(sha256))
        .one(db)
        .await?
        .ok_or(Error::NotFound("evidence"))
}
