//! The last moves of all assignments, which the front page shows as news.

use entity::stored::Move;
use entity::{assignment, assignment_event, campaign_option, issue, place};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::base::error::Result;
use crate::programme;

/// A move with the names that the front page shows. The person who made the move is left out: the public learns of offices,
/// never of people.
#[derive(Clone, Debug)]
pub struct Latest {
    /// Row of the move.
    pub event: assignment_event::Model,
    /// Code of the issue.
    pub issue: String,
    /// Option of the campaign that became the issue, with its wording.
    pub option: campaign_option::Model,
    /// Province of the assignment.
    pub place: place::Model,
}

/// The last moves, the newest first. Dispatches are left out, because one dispatch makes hundreds of moves at once.
///
/// # Errors
/// A store that fails.
pub async fn latest(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Latest>> {
    let events = assignment_event::Entity::find()
        .filter(assignment_event::COLUMN.act.ne(Move::Dispatch))
        .order_by_desc(assignment_event::COLUMN.at)
        .order_by_desc(assignment_event::COLUMN.id)
        .limit(most)
        .all(db)
        .await?;
    let rows = assignment::Entity::find()
        .filter(assignment::COLUMN.id.is_in(events.iter().map(|e| e.assignment_id)))
        .all(db)
        .await?;
    let issues = issue::Entity::find().filter(issue::COLUMN.id.is_in(rows.iter().map(|r| r.issue_id))).all(db).await?;
    let options = campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.id.is_in(issues.iter().map(|i| i.option_id)))
        .all(db)
        .await?;
    let places = programme::queries::places(db).await?;
    Ok(events
        .into_iter()
        .filter_map(|event| {
            let row = rows.iter().find(|r| r.id == event.assignment_id)?;
            let issue = issues.iter().find(|i| i.id == row.issue_id)?;
            Some(Latest {
                issue: issue.code.clone(),
                option: options.iter().find(|o| o.id == issue.option_id)?.clone(),
                place: places.iter().find(|p| p.code == row.province)?.clone(),
                event,
            })
        })
        .collect())
}
