//! The days on which something changed, so that a reader can step from one such day to the next.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AssignmentId, CampaignId, IssueId};
use entity::{assignment, assignment_event};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect};

use super::AsOf;
use crate::base::clock::{day_of, end_of, start_of};
use crate::base::error::Result;

/// Assignments whose changes count.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// The assignments of these campaigns.
    Campaigns(&'a [CampaignId]),
    /// The assignments of one issue.
    Issue(IssueId),
    /// The assignments of one province, by its code.
    Province(&'a str),
    /// One single assignment.
    One(AssignmentId),
}

/// The nearest days with a change on either side of an as-of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Last day with a change before the as-of day.
    pub before: Option<NaiveDate>,
    /// First day with a change after the as-of day, up to now.
    pub after: Option<NaiveDate>,
}

/// Finds the nearest days with a change on either side of an as-of day.
///
/// # Errors
/// A store that fails.
pub async fn around(db: &impl ConnectionTrait, scope: Scope<'_>, as_of: AsOf, now: DateTime<Utc>) -> Result<Around> {
    let at = assignment_event::COLUMN.at;
    let before = nearest(db, scope, at.lt(start_of(as_of.day)).into(), Order::Desc).await?;
    let after = if as_of.is_past {
        let later = Condition::all().add(at.gte(end_of(as_of.day))).add(at.lte(now));
        nearest(db, scope, later, Order::Asc).await?
    } else {
        None
    };
    Ok(Around { before, after })
}

async fn nearest(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    when: Condition,
    order: Order,
) -> Result<Option<NaiveDate>> {
    let at: Option<DateTime<Utc>> = assignment_event::Entity::find()
        .select_only()
        .column(assignment_event::Column::At)
        .filter(when)
        .filter(scope.condition())
        .order_by(assignment_event::Column::At, order)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(at.map(day_of))
}

impl Scope<'_> {
    fn condition(self) -> Condition {
        use assignment::Column::{CampaignId, IssueId, Province};
        let which = match self {
            Self::One(id) => return assignment_event::COLUMN.assignment_id.eq(id).into(),
            Self::Campaigns(ids) => CampaignId.is_in(ids.iter().copied()),
            Self::Issue(id) => IssueId.eq(id),
            Self::Province(code) => Province.eq(code),
        };
        let ids = Query::select().column(assignment::Column::Id).from(assignment::Entity).and_where(which).take();
        Condition::all().add(assignment_event::Column::AssignmentId.in_subquery(ids))
    }
}
