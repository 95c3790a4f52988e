//! The numbers of resolved and verified assignments on each day since dispatch, from the moves that change either number.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::CampaignId;
use entity::stored::Move;
use entity::{assignment, assignment_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};

use super::{AsOf, Sent};
use crate::base::clock::day_of;
use crate::base::error::Result;

/// The trend of one campaign, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Number of assignments that were dispatched.
    pub all: i64,
    /// Day of the dispatch, in China.
    pub dispatched_on: NaiveDate,
    /// Number of days from the dispatch to the deadline.
    pub due_age: i64,
    /// Number of days from the dispatch to the as-of day.
    pub age: i64,
    /// Days with a change, with the numbers at their end; the day of the dispatch is the first.
    pub points: Vec<Point>,
}

/// The numbers at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Number of days since the dispatch.
    pub age: i64,
    /// Number of assignments signed by provinces, checked or not.
    pub resolved: i64,
    /// Number of assignments confirmed by teams.
    pub verified: i64,
}

impl Series {
    /// The numbers at an age, in days since the dispatch; zeros before the first change.
    #[must_use]
    pub fn at(&self, age: i64) -> Point {
        self.points.iter().rev().find(|p| p.age <= age).copied().unwrap_or(Point { age, resolved: 0, verified: 0 })
    }
}

/// Reads the trends of some campaigns, in the given order.
///
/// # Errors
/// A store that fails.
pub async fn trend(db: &impl ConnectionTrait, as_of: AsOf, sent: &[&Sent]) -> Result<Vec<Series>> {
    use assignment_event::Column::{Act, At};
    let counted = [Move::Signature, Move::Verification, Move::Rejection, Move::Relapse];
    let rows: Vec<(CampaignId, Move, DateTime<Utc>)> = assignment_event::Entity::find()
        .select_only()
        .column(assignment::Column::CampaignId)
        .columns([Act, At])
        .join(
            JoinType::InnerJoin,
            assignment_event::Entity::belongs_to(assignment::Entity)
                .from(assignment_event::Column::AssignmentId)
                .to(assignment::Column::Id)
                .into(),
        )
        .filter(assignment::COLUMN.campaign_id.is_in(sent.iter().map(|s| s.campaign.id)))
        .filter(Act.is_in(counted))
        .filter(assignment_event::COLUMN.at.lt(as_of.instant))
        .into_tuple()
        .all(db)
        .await?;
    Ok(sent
        .iter()
        .map(|sent| {
            let own = rows.iter().filter(|r| r.0 == sent.campaign.id);
            series(sent, as_of, own.map(|r| (r.1, r.2)))
        })
        .collect())
}

fn series(sent: &Sent, as_of: AsOf, moves: impl Iterator<Item = (Move, DateTime<Utc>)>) -> Series {
    let start = sent.dispatched_on();
    // The day of the dispatch is always included, so that a line begins at zero.
    let mut changes: BTreeMap<i64, (i64, i64)> = BTreeMap::from([(0, (0, 0))]);
    for (act, at) in moves {
        let change = changes.entry((day_of(at) - start).num_days()).or_default();
        match act {
            Move::Signature => change.0 += 1,
            Move::Rejection => change.0 -= 1,
            Move::Verification => change.1 += 1,
            Move::Relapse => *change = (change.0 - 1, change.1 - 1),
            _ => {}
        }
    }
    let (mut resolved, mut verified) = (0, 0);
    Series {
        all: sent.dispatch.rows.into(),
        dispatched_on: start,
        due_age: (sent.due_on() - start).num_days(),
        age: (as_of.day - start).num_days(),
        points: changes
            .into_iter()
            .map(|(age, (more, checked))| {
                resolved += more;
                verified += checked;
                Point { age, resolved, verified }
            })
            .collect(),
    }
}
