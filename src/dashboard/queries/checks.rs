//! The checks that supervision teams made before an instant.

use std::collections::BTreeMap;

use entity::id::DispatchId;
use entity::stored::Outcome;
use entity::{assignment, verification};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use super::AsOf;
use crate::base::error::Result;
use crate::dashboard::figures::Checks;

/// Number of checks of one team with one outcome.
#[derive(FromQueryResult)]
struct CheckCount {
    team: String,
    outcome: Outcome,
    n: i64,
}

/// The checks of each team on the assignments of some dispatches, by the code of the team that checked. A check that ended in a
/// relapse counts as refused, like the rejection of a fix.
pub(super) async fn checks(
    db: &impl ConnectionTrait,
    as_of: AsOf,
    acts: &[DispatchId],
) -> Result<BTreeMap<String, Checks>> {
    let assignments = Query::select()
        .column(assignment::Column::Id)
        .from(assignment::Entity)
        .and_where(assignment::Column::DispatchId.is_in(acts.iter().copied()))
        .take();
    let counts: Vec<CheckCount> = verification::Entity::find()
        .select_only()
        .columns([verification::Column::Team, verification::Column::Outcome])
        .column_as(verification::Column::Id.count(), "n")
        .filter(verification::COLUMN.at.lt(as_of.instant))
        .filter(verification::Column::AssignmentId.in_subquery(assignments))
        .group_by(verification::Column::Team)
        .group_by(verification::Column::Outcome)
        .into_model()
        .all(db)
        .await?;
    let mut checks: BTreeMap<String, Checks> = BTreeMap::new();
    for count in counts {
        let of_team = checks.entry(count.team).or_default();
        match count.outcome {
            Outcome::Verified => of_team.passed += count.n,
            Outcome::Rejected | Outcome::Relapsed => of_team.refused += count.n,
        }
    }
    Ok(checks)
}
