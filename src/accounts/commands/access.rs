//! Access changes that take two people. The rule and its reason are in [`access_changes`].

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::AccessKind;
use entity::{access_change, account};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::json;

use super::guards::blank;
use super::inviting::{Invitation, insert_invitation};
use super::sign_on::{check_subject, put_link};
use crate::accounts::access_changes::{self, are_one_hand, waiting};
use crate::accounts::queries;
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::sign_in::Authentication;
use crate::sign_in::commands::passwords::set_password;
use crate::sign_in::second_factor::{self, recovery};
use crate::sign_in::session::{Token, close_all, hash};

/// Access change that is to be proposed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Kind of the change.
    pub kind: AccessKind,
    /// Name of the holder at the provider; for a link only.
    pub subject: String,
}

/// Access change that was proposed.
pub struct Proposed {
    /// Number of the proposal.
    pub number: i64,
    /// Link of the invitation, shown to the proposer only once; void until the change is confirmed.
    pub link: Option<Invitation>,
}

/// Access change that was confirmed.
pub struct Confirmed {
    /// Kind of the change.
    pub kind: AccessKind,
    /// Code that the holder types beside the link, shown to the second person only once; none where there is no invitation.
    pub code: Option<String>,
    /// Instant until which link and code can be used, system time.
    pub expires: DateTime<Utc>,
}

/// Proposes an access change, in place of a waiting proposal of the same administrator.
///
/// # Errors
/// `NotFound`; `account.own`; `access.waits` while the proposal of another administrator waits; `access.active` where a
/// reinstatement is not needed; `Invalid` for the name of a link, or an account that is linked already.
pub async fn propose_access(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    login: &str,
    wanted: Wanted,
) -> Result<Proposed> {
    let staff = ctx.require(Act::WriteAccounts)?;
    let row = held(tx, login).await?;
    if row.id == staff.id {
        return Err(Error::conflict("account.own"));
    }
    if let Some(other) = waiting(tx, row.id, ctx.now).await? {
        if other.proposed_by != Some(staff.id) {
            return Err(Error::conflict("access.waits"));
        }
        decide(tx, ctx, &other, false).await?;
    }
    let mut change = access_change::ActiveModel { proposed_by: Set(Some(staff.id)), ..blank(row.id, ctx) };
    change.kind = Set(wanted.kind);
    let mut link = None;
    match wanted.kind {
        AccessKind::Invitation | AccessKind::SecondFactor => {
            let token = Token::random()?;
            change.token_hash = Set(Some(hash(token.reveal())));
            link = Some(Invitation {
                login: row.login.clone(),
                token,
                expires: ctx.system + access_changes::PROPOSAL_LIFETIME,
            });
        }
        AccessKind::Reinstatement if row.active => return Err(Error::conflict("access.active")),
        AccessKind::Reinstatement => {}
        AccessKind::SignOn => {
            let provider = authentication.single_sign_on.as_ref().ok_or(Error::NotFound("page"))?;
            change.issuer = Set(provider.party.provider.issuer.clone());
            change.subject = Set(check_subject(&wanted.subject)?);
            if queries::sign_on_link(tx, row.id).await?.is_some() {
                return Err(Error::field("subject", Refusal::new("account.sign_on_linked")));
            }
        }
    }
    let number = change.insert(tx).await?.id.0;
    let detail = json!({ "kind": wanted.kind, "number": number });
    audit::record(tx, ctx, "identity.propose_access", &row.login, detail).await?;
    Ok(Proposed { number, link })
}

/// Confirms a proposed change as the second person: the change is made, and the sessions of the account end.
///
/// # Errors
/// `NotFound`, also for a proposal that was decided or lapsed; `account.own`; `access.proposer`; `access.in_hand` where one of
/// the two people recently handed out access to the account of the other; `access.proposer_gone` where the proposer no longer
/// administers accounts; `access.active`, `Invalid` as [`propose_access`].
pub async fn confirm_access(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, number: i64) -> Result<Confirmed> {
    let staff = ctx.require(Act::ConfirmAccess)?;
    let expires = ctx.system + super::inviting::INVITATION_LIFETIME;
    let row = held(tx, login).await?;
    let found = proposal(tx, &row, ctx, number).await?;
    if row.id == staff.id {
        return Err(Error::conflict("account.own"));
    }
    let proposer = found.proposed_by.ok_or(Error::NotFound("proposal"))?;
    if proposer == staff.id {
        return Err(Error::Forbidden(Refusal::new("access.proposer")));
    }
    if are_one_hand(tx, proposer, staff.id, ctx.now).await? {
        return Err(Error::Forbidden(Refusal::new("access.in_hand")));
    }
    let (standing, them) = queries::account_by_id(tx, proposer).await?;
    if !standing.active || !them.may(Act::WriteAccounts) {
        return Err(Error::conflict("access.proposer_gone"));
    }
    decide(tx, ctx, &found, true).await?;
    let mut code = None;
    match found.kind {
        AccessKind::Invitation | AccessKind::SecondFactor => {
            if found.kind == AccessKind::SecondFactor {
                second_factor::commands::forget(tx, row.id).await?;
            }
            set_password(tx, row.id, String::new()).await?;
            let second = recovery::code()?;
            let token_hash = found.token_hash.clone().ok_or(Error::NotFound("proposal"))?;
            insert_invitation(tx, row.id, token_hash, Some(hash(&recovery::plain(&second))), expires).await?;
            code = Some(second);
        }
        AccessKind::Reinstatement if row.active => return Err(Error::conflict("access.active")),
        AccessKind::Reinstatement => {
            account::ActiveModel { id: Set(row.id), active: Set(true), ..Default::default() }.update(tx).await?;
        }
        AccessKind::SignOn => {
            put_link(tx, &row, (&found.issuer, &found.subject), ctx.now).await?;
        }
    }
    close_all(tx, row.id).await?;
    let detail = json!({ "kind": found.kind, "number": number });
    audit::record(tx, ctx, "identity.confirm_access", &row.login, detail).await?;
    Ok(Confirmed { kind: found.kind, code, expires })
}

/// Refuses or withdraws a proposed change.
///
/// # Errors
/// `NotFound`, also for a proposal that was decided or lapsed.
pub async fn refuse_access(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, number: i64) -> Result<()> {
    ctx.require(Act::ConfirmAccess)?;
    let row = held(tx, login).await?;
    let found = proposal(tx, &row, ctx, number).await?;
    decide(tx, ctx, &found, false).await?;
    let detail = json!({ "kind": found.kind, "number": number });
    audit::record(tx, ctx, "identity.refuse_access", &row.login, detail).await
}

/// Ends the proposals for an account whose holder has left.
pub(super) async fn forget_proposals(tx: &DatabaseTransaction, ctx: &Ctx, account: AccountId) -> Result<()> {
    if let Some(found) = waiting(tx, account, ctx.now).await? {
        decide(tx, ctx, &found, false).await?;
    }
    Ok(())
}

/// An account, with its row locked until the transaction ends. Of two administrators who propose or confirm at once, the second
/// sees the change of the first.
async fn held(tx: &DatabaseTransaction, login: &str) -> Result<account::Model> {
    let found = account::Entity::find_by_login(login).lock_exclusive().one(tx).await?;
    found.ok_or(Error::NotFound("account"))
}

async fn proposal(
    tx: &DatabaseTransaction,
    row: &account::Model,
    ctx: &Ctx,
    number: i64,
) -> Result<access_change::Model> {
    let found = waiting(tx, row.id, ctx.now).await?.filter(|found| found.id.0 == number);
    found.ok_or(Error::NotFound("proposal"))
}

async fn decide(tx: &DatabaseTransaction, ctx: &Ctx, found: &access_change::Model, confirmed: bool) -> Result<()> {
    let decided = access_change::Entity::update_many()
        .set(access_change::ActiveModel {
            decided_by: Set(ctx.account()),
            decided_at: Set(Some(ctx.now)),
            confirmed: Set(confirmed),
            token_hash: Set(None),
            ..Default::default()
        })
        .filter(access_change::COLUMN.id.eq(found.id))
        .filter(access_change::COLUMN.decided_at.is_null())
        .exec(tx)
        .await?;
    if decided.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound("proposal")) }
}
