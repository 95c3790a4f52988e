//! Access changes: changes that administrators make to the means by which an account is entered. Some wait as proposals for a
//! second person.
//!
//! # Why two people for some accounts
//! An administrator who invites the holder of an account anew, removes the second factors or links the account with a name at a
//! provider could enter the account. For an account without a weighty role the audit trail is enough. The holder of a weighty
//! role is one of the two people of other rules (grants, selections, publications). An administrator who could enter that account
//! alone would be both people. So a system administrator proposes, and a security administrator or another system administrator
//! confirms: dual control. The first person gets the link of the invitation, the second person gets the code without which the
//! link opens nothing: split knowledge (NIST SP 800-57, part 2). Where a site has no second person, the change is made on the
//! command line of the machine.

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_change::{COLUMN, Entity, Model};
use entity::id::AccountId;
use entity::stored::AccessKind;
use entity::{account, invitation, sign_on_invitation};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::queries;
use crate::base::access::Act;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::Result;

/// Time that a proposal waits for its second person.
pub const PROPOSAL_LIFETIME: TimeDelta = TimeDelta::days(7);
/// Time for which an administrator who handed out access alone counts as one person with the holder. The holder would notice by
/// then.
pub const IN_HAND: TimeDelta = TimeDelta::days(7);
/// Time for which the holder is told of a change.
pub const NOTICE_PERIOD: TimeDelta = TimeDelta::days(30);

/// Whether access changes of the account take two people: its holder has a weighty role, or is proposed for one.
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

/// Proposals that wait for the confirmation of a member of staff, with their accounts: access changes and weighty roles.
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

/// Recent access changes of an account, which its holder is told; the latest comes first.
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

/// The administrator who recently was the last to hand out access to an account, and did so alone. None where two people did, or
/// the operator.
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

/// Whether two accounts may be in one hand: one of the two holders recently handed out access to the other's account alone.
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

/// Whether there is an unused link into an account that one person handed out alone.
///
/// # Errors
/// A store that fails.
pub async fn has_open_link(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let invited = invitation::Entity::find_by_id(account).one(db).await?.is_some_and(|row| row.code_hash.is_none());
    let linking = sign_on_invitation::Entity::find().filter(sign_on_invitation::COLUMN.account_id.eq(account));
    Ok(invited || linking.one(db).await?.is_some())
}
