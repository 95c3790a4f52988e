//! Changes of the ways into an account by administrators: proposals that wait for their second person, and what was done.
//!
//! # Why two people for some accounts
//! An administrator who invites the holder of an account anew, takes the second factors off or links the account with a name at a
//! provider could enter it. For an account without a weighty role the audit trail is enough. The holder of a weighty role is
//! one of the two people of other rules (grants, selections, publications): whoever could enter that account alone would be both.
//! So a system administrator proposes, and a security administrator or another system administrator confirms: dual control.
//! The link of the invitation goes to the first, the code without which the link opens nothing to the second: split knowledge
//! (NIST SP 800-57, part 2). Where a site has nobody else, the command line of the machine is the way.

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_change::{COLUMN, Entity, Model};
use entity::account;
use entity::id::AccountId;
use entity::invitation;
use entity::sign_on_invitation;
use entity::stored::AccessKind;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::queries;
use crate::base::access::Act;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::Result;

/// How long a proposal waits for its second person.
pub const PROPOSAL_LIFETIME: TimeDelta = TimeDelta::days(7);
/// How long somebody who alone handed out a way into an account counts as one person with its holder, who would notice by then.
pub const IN_HAND: TimeDelta = TimeDelta::days(7);
/// How long the holder is told of a change.
pub const NOTICE_PERIOD: TimeDelta = TimeDelta::days(30);

/// Whether two people change the ways into an account: its holder has a weighty role, or is to have one.
///
/// # Errors
/// A store that fails.
pub async fn is_guarded(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let grants = entity::role_grant::Entity::find().filter(entity::role_grant::COLUMN.account_id.eq(account));
    let is_weighty = grants.all(db).await?.iter().any(|grant| grant.role.is_weighty());
    Ok(is_weighty || !queries::proposals(db, account).await?.is_empty())
}

/// The proposal for an account that waits for its second person.
///
/// # Errors
/// A store that fails.
pub async fn waiting(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Option<Model>> {
    let of = Entity::find().filter(waits(now)).filter(COLUMN.account_id.eq(account));
    Ok(of.order_by_desc(COLUMN.id).one(db).await?)
}

/// The accounts at which something waits for the confirmation of a member of staff: a change of the ways in, or a weighty role.
///
/// # Errors
/// A store that fails.
pub async fn to_confirm(
    db: &impl ConnectionTrait,
    staff: &Staff,
    now: DateTime<Utc>,
) -> Result<(Vec<(account::Model, Model)>, Vec<(account::Model, Grant)>)> {
    let is_mine = |account: AccountId, proposer: Option<AccountId>| account != staff.id && proposer != Some(staff.id);
    let mut changes = Vec::new();
    if staff.may(Act::ConfirmAccess) {
        changes = Entity::find().filter(waits(now)).order_by_asc(COLUMN.id).all(db).await?;
        changes.retain(|row| is_mine(row.account_id, row.proposed_by));
    }
    let mut roles = Vec::new();
    if staff.may(Act::ConfirmRoles) {
        roles = queries::all_proposals(db).await?;
        roles.retain(|row| is_mine(row.account_id, Some(row.proposed_by)));
    }
    let mut ids: Vec<AccountId> = changes.iter().map(|row| row.account_id).collect();
    ids.extend(roles.iter().map(|row| row.account_id));
    let people = queries::by_ids(db, ids).await?;
    let of = |id: AccountId| people.get(&id).cloned();
    Ok((
        changes.into_iter().filter_map(|row| Some((of(row.account_id)?, row))).collect(),
        roles
            .into_iter()
            .filter_map(|row| Some((of(row.account_id)?, Grant { role: row.role, scope: row.scope })))
            .collect(),
    ))
}

fn waits(now: DateTime<Utc>) -> Condition {
    Condition::all().add(COLUMN.decided_at.is_null()).add(COLUMN.proposed_at.gt(now - PROPOSAL_LIFETIME))
}

/// What administrators changed of the ways into an account lately, the last first: its holder is told.
///
/// # Errors
/// A store that fails.
pub async fn told(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(COLUMN.account_id.eq(account))
        .filter(COLUMN.confirmed.eq(true))
        .filter(COLUMN.decided_at.gt(now - NOTICE_PERIOD))
        .order_by_desc(COLUMN.id)
        .all(db)
        .await?)
}

/// The administrator who lately handed out the last way into an account alone; none where two people did, or the operator.
///
/// # Errors
/// A store that fails.
pub async fn in_hand_of(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Option<AccountId>> {
    let last = Entity::find()
        .filter(COLUMN.account_id.eq(account))
        .filter(COLUMN.confirmed.eq(true))
        .filter(COLUMN.kind.ne(AccessKind::Reinstatement))
        .order_by_desc(COLUMN.id)
        .one(db)
        .await?;
    let alone =
        last.filter(|row| row.decided_by == row.proposed_by && row.decided_at.is_some_and(|at| at > now - IN_HAND));
    Ok(alone.and_then(|row| row.proposed_by))
}

/// Whether two accounts may be in one hand: one of the two holders lately handed out the way into the other's account alone.
///
/// # Errors
/// A store that fails.
pub async fn are_one_hand(
    db: &impl ConnectionTrait,
    one: AccountId,
    other: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    Ok(one == other || in_hand_of(db, one, now).await? == Some(other) || in_hand_of(db, other, now).await? == Some(one))
}

/// Whether somebody holds a link into an account that one person alone handed out, and that was not used yet.
///
/// # Errors
/// A store that fails.
pub async fn has_open_link(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let invited = invitation::Entity::find_by_id(account).one(db).await?.is_some_and(|row| row.code_hash.is_none());
    let linking = sign_on_invitation::Entity::find().filter(sign_on_invitation::COLUMN.account_id.eq(account));
    Ok(invited || linking.one(db).await?.is_some())
}
