//! How much was resolved and verified on each day since dispatch: from the moves that change either.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::CampaignId;
use entity::stored::Move;
use entity::{assignment, assignment_event};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};

use super::{AsOf, Sent};
use crate::base::clock::day_of;
use crate::base::error::Result;

/// One campaign, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// How many assignments were dispatched.
    pub all: i64,
    /// Day of dispatch.
    pub dispatched_on: NaiveDate,
    /// Days from dispatch to the deadline.
    pub due_age: i64,
    /// Days from dispatch to the as-of day.
    pub age: i64,
    /// The days with a change, and what stood at their end; the day of dispatch is the first.
    pub points: Vec<Point>,
}

/// What stood at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Days since dispatch.
    pub age: i64,
    /// Signed by provinces.
    pub resolved: i64,
    /// Confirmed by teams.
    pub verified: i64,
}

impl Series {
    /// What stood at an age; nothing before the first change.
    #[must_use]
    pub fn at(&self, age: i64) -> Point {
        self.points.iter().rev().find(|p| p.age <= age).copied().unwrap_or(Point { age, resolved: 0, verified: 0 })
    }
}

/// The series of some campaigns, in their order.
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
    // The day of dispatch is always there, so that a line begins at nothing.
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
