//! The persons of an assignment: everybody on whose word the province's side made a move, and everybody who can make a move
//! now.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AssignmentId};
use entity::stored::Move;
use entity::{account, assignment_event, exemption_request};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::queries::LoadedAssignment;
use super::workflow;
use crate::accounts;
use crate::base::ctx::Staff;
use crate::base::error::Result;

/// Moves that the province's side of an assignment makes.
const PROVINCE: [Move; 7] = [
    Move::Acknowledgement,
    Move::Return,
    Move::Plan,
    Move::Report,
    Move::Withdrawal,
    Move::Signature,
    Move::SendingBack,
];

/// Everybody on whose word the province's side of an assignment made a move or asked for an exemption: actors and lenders of
/// roles.
///
/// # Errors
/// A store that fails.
pub(super) async fn workers(db: &impl ConnectionTrait, id: AssignmentId) -> Result<Vec<AccountId>> {
    let of_province = assignment_event::COLUMN.act.is_in(PROVINCE);
    let moves = assignment_event::Entity::find()
        .select_only()
        .columns([assignment_event::Column::ActorId, assignment_event::Column::OnBehalfOf])
        .filter(assignment_event::COLUMN.assignment_id.eq(id))
        .filter(of_province)
        .into_tuple::<(Option<AccountId>, Option<AccountId>)>()
        .all(db)
        .await?;
    let asked =
        exemption_request::Entity::find().filter(exemption_request::COLUMN.assignment_id.eq(id)).all(db).await?;
    let asked = asked.into_iter().map(|request| (Some(request.author_id), request.author_for));
    Ok(moves.into_iter().chain(asked).flat_map(|(actor, lender)| [actor, lender]).flatten().collect())
}

/// The assignments on whose province's side any of some people worked, each with those people. The function reads a whole list
/// at once.
///
/// # Errors
/// A store that fails.
pub async fn worked_by(
    db: &impl ConnectionTrait,
    people: &[AccountId],
) -> Result<HashMap<AssignmentId, Vec<AccountId>>> {
    let mut worked: HashMap<AssignmentId, Vec<AccountId>> = HashMap::new();
    let theirs = Condition::any()
        .add(assignment_event::COLUMN.actor_id.is_in(people.iter().copied()))
        .add(assignment_event::COLUMN.on_behalf_of.is_in(people.iter().copied()));
    let moves = assignment_event::Entity::find()
        .select_only()
        .columns([
            assignment_event::Column::AssignmentId,
            assignment_event::Column::ActorId,
            assignment_event::Column::OnBehalfOf,
        ])
        .filter(assignment_event::COLUMN.act.is_in(PROVINCE))
        .filter(theirs)
        .into_tuple::<(AssignmentId, Option<AccountId>, Option<AccountId>)>()
        .all(db)
        .await?;
    let asked = exemption_request::Entity::find()
        .filter(
            Condition::any()
                .add(exemption_request::COLUMN.author_id.is_in(people.iter().copied()))
                .add(exemption_request::COLUMN.author_for.is_in(people.iter().copied())),
        )
        .all(db)
        .await?;
    let asked = asked.into_iter().map(|request| (request.assignment_id, Some(request.author_id), request.author_for));
    for (id, actor, lender) in moves.into_iter().chain(asked) {
        worked.entry(id).or_default().extend([actor, lender].into_iter().flatten());
    }
    Ok(worked)
}

/// The accounts that can make a move of this assignment now: those that have the role, as their own or lent, and that no rule
/// about persons bars.
///
/// # Errors
/// A store that fails.
pub async fn hands(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
    act: Move,
    now: DateTime<Utc>,
) -> Result<Vec<account::Model>> {
    let Ok((hand, _)) = workflow::next(found.assignment.state, act) else {
        return Ok(Vec::new());
    };
    let people = accounts::queries::able(db, hand.act(), &found.assignment.province, now).await?;
    let can = |staff: &Staff| hand.capacity_of(staff, &found.case()).is_some();
    Ok(people.into_iter().filter(|(_, staff)| can(staff)).map(|(row, _)| row).collect())
}
