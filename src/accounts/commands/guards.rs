//! Guards that several commands share: the right to administer accounts, and the rule of two people.

use entity::access_change;
use entity::id::AccountId;
use entity::stored::AccessKind;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

use crate::accounts::access_changes::is_guarded;
use crate::base::access::Act;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Result};

/// Refuses actors who do not administer accounts. The operator's command line is allowed.
pub(super) fn may_administer(ctx: &Ctx) -> Result<()> {
    match ctx.actor {
        Actor::System(_) => Ok(()),
        Actor::Staff(_) | Actor::Nobody => ctx.require(Act::WriteAccounts).map(|_| ()),
    }
}

/// Refuses a single person an access change that takes two people, because the holder has a weighty role. The operator's command
/// line is not refused.
///
/// # Errors
/// `account.two_people`.
pub(super) async fn check_alone(tx: &DatabaseTransaction, ctx: &Ctx, account: AccountId) -> Result<()> {
    let is_operator = matches!(ctx.actor, Actor::System(_));
    if !is_operator && is_guarded(tx, account).await? { Err(Error::conflict("account.two_people")) } else { Ok(()) }
}

/// Records an access change that one person made. The holder is told of the change, and the rules about two people look at it.
pub(super) async fn note_alone(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    account: AccountId,
    kind: AccessKind,
) -> Result<()> {
    let change = access_change::ActiveModel {
        kind: Set(kind),
        proposed_by: Set(ctx.account()),
        decided_by: Set(ctx.account()),
        decided_at: Set(Some(ctx.now)),
        confirmed: Set(true),
        ..blank(account, ctx)
    };
    access_change::Entity::insert(change).exec_without_returning(tx).await?;
    Ok(())
}

/// An access change that is proposed now, without its details.
pub(super) fn blank(account: AccountId, ctx: &Ctx) -> access_change::ActiveModel {
    access_change::ActiveModel {
        account_id: Set(account),
        issuer: Set(String::new()),
        subject: Set(String::new()),
        token_hash: Set(None),
        proposed_at: Set(ctx.now),
        decided_by: Set(None),
        decided_at: Set(None),
        confirmed: Set(false),
        ..Default::default()
    }
}
