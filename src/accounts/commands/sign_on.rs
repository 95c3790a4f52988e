//! Links of accounts with a provider, and sign-in by such a link.

use chrono::{DateTime, TimeDelta, Utc};
use entity::codes::Codes;
use entity::id::AccountId;
use entity::stored::{AccessKind, SessionKind};
use entity::{account, sign_on_invitation, sign_on_link};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::grants::{check_grants, check_together, grants_detail, put_grants};
use super::guards::{check_alone, may_administer, note_alone};
use crate::accounts::access_changes::is_guarded;
use crate::accounts::queries;
use crate::audit;
use crate::base::ctx::{Actor, Ctx, Grant};
use crate::base::error::{Error, OnDuplicate, Problems, Refusal, Result};
use crate::base::keys;
use crate::oidc::verified_claims::VerifiedClaims;
use crate::sign_in::commands::signing::{SessionEntry, enter};
use crate::sign_in::queries::staff;
use crate::sign_in::session::{Opened, hash};
use crate::sign_in::sign_on::SignOn;
use crate::sign_in::{Authentication, session};

/// Time in which an invitation to link an account can be used.
const INVITED: TimeDelta = TimeDelta::hours(72);
/// Longest name that a provider may have for a person (OpenID Connect Core, section 2), in characters.
const LONGEST_SUBJECT: usize = 255;

/// Person for whom a provider vouches, at the return to this site.
pub struct Arrival {
    /// The person and the claims that the provider vouches for.
    pub vouched: VerifiedClaims,
    /// Code of the invitation by which the person came; empty for none.
    pub invitation: String,
    /// Browser of the person in words.
    pub browser: String,
    /// Token that the browser held before. Its session ends, because nobody could end it later.
    pub replaces: Option<String>,
}

/// Signs in a person for whom the provider vouches. Roles that the provider gives are granted first, and roles that it gives no
/// longer are withdrawn, whether the sign-in succeeds or not. The inner result is the answer; the transaction is committed also
/// where the answer is a refusal, because roles may have been withdrawn.
///
/// # Errors
/// Inner, committed: `account.sign_on_unknown` where no account is linked, or the linked account may not sign in;
/// `account.sign_on_taken` for an invitation of a person who is linked already; `account.sign_on_roles` where the roles from the
/// provider may not be together; `account.sign_on_no_role`. Outer, rolled back: `account.sign_on_invitation`; a store that fails.
pub async fn sign_on(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    provider: &SignOn,
    arrival: Arrival,
) -> Result<Result<Opened>> {
    let Arrival { vouched, invitation, browser, replaces } = arrival;
    let link = match standing(tx, &vouched).await? {
        Some(link) if invitation.is_empty() => link,
        Some(_) => return Ok(Err(Error::conflict("account.sign_on_taken"))),
        None if invitation.is_empty() => return Ok(Err(unknown(&vouched))),
        None => accept(tx, ctx, &vouched, &invitation).await?,
    };
    let found = account::Entity::find_by_id(link.account_id).one(tx).await?;
    let Some(row) = found.filter(|row| row.active) else {
        return Ok(Err(unknown(&vouched)));
    };
    if provider.gives_roles()
        && let Err(refusal) = take_over(tx, ctx, &row, link, provider.roles(&vouched.claims)).await?
    {
        return Ok(Err(refusal));
    }
    let staff = staff(tx, &row).await?;
    let ctx = ctx.by(Actor::Staff(std::sync::Arc::new(staff)));
    if let Some(old) = &replaces {
        session::close(tx, old).await?;
    }
    let entry = SessionEntry {
        kind: SessionKind::Cookie,
        browser,
        provider: Some(&vouched.issuer),
        proved_factor: provider.demands_second_factor(),
        // Where the provider does not name the instant, the proof may be old: acts that need reauthentication will ask.
        proved_at: vouched.proved_at.unwrap_or(DateTime::UNIX_EPOCH),
    };
    Ok(Ok(enter(tx, &ctx, authentication, &row, entry).await?))
}

/// Refusal of an unknown person. The refusal contains the person's name at the provider, so that an administrator can link it.
fn unknown(vouched: &VerifiedClaims) -> Error {
    Error::Forbidden(Refusal::new("account.sign_on_unknown").with("subject", &vouched.subject))
}

async fn standing(tx: &DatabaseTransaction, vouched: &VerifiedClaims) -> Result<Option<sign_on_link::Model>> {
    let key = (vouched.issuer.clone(), vouched.subject.clone());
    Ok(sign_on_link::Entity::find_by_id(key).one(tx).await?)
}

/// Links the account of an invitation, which works once.
async fn accept(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    vouched: &VerifiedClaims,
    code: &str,
) -> Result<sign_on_link::Model> {
    let over = || Error::conflict("account.sign_on_invitation");
    let invited = sign_on_invitation::Entity::find_by_id(hash(code)).one(tx).await?;
    let invited = invited.filter(|row| ctx.system < row.expires_at).ok_or_else(over)?;
    let row = account::Entity::find_by_id(invited.account_id).one(tx).await?.filter(|a| a.active).ok_or_else(over)?;
    sign_on_invitation::Entity::delete_by_id(invited.code_hash).exec(tx).await?;
    // One person handed out the code, before the account got a weighty role.
    if is_guarded(tx, row.id).await? {
        return Err(over());
    }
    let staff = staff(tx, &row).await?;
    let ctx = ctx.by(Actor::Staff(std::sync::Arc::new(staff)));
    let link = put_link(tx, &row, (&vouched.issuer, &vouched.subject), ctx.now).await?;
    record_link(tx, &ctx, &row, &vouched.issuer).await?;
    Ok(link)
}

async fn record_link(tx: &DatabaseTransaction, ctx: &Ctx, row: &account::Model, issuer: &str) -> Result<()> {
    let detail = serde_json::json!({ "provider": issuer });
    audit::record(tx, ctx, "identity.link_sign_on", &row.login, detail).await
}

/// Links an account. The caller writes the audit trail.
pub(super) async fn put_link(
    tx: &DatabaseTransaction,
    row: &account::Model,
    (issuer, subject): (&str, &str),
    now: DateTime<Utc>,
) -> Result<sign_on_link::Model> {
    let link = sign_on_link::ActiveModel {
        issuer: Set(issuer.to_owned()),
        subject: Set(subject.to_owned()),
        account_id: Set(row.id),
        given: Set(Codes::default()),
        linked_at: Set(now),
    };
    let link = link.insert(tx).await.on_duplicate(Error::field("subject", Refusal::new("account.sign_on_linked")))?;
    forget_invitation(tx, row.id).await?;
    Ok(link)
}

/// Checks the name of a person at a provider.
pub(super) fn check_subject(subject: &str) -> Result<String> {
    let mut problems = Problems::default();
    let subject = problems.line("subject", subject, LONGEST_SUBJECT);
    problems.finish()?;
    Ok(subject)
}

/// Replaces the roles that the provider gave before by the roles that it gives now. Roles that were granted by hand stay.
/// Sessions end where the roles have changed.
async fn take_over(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    row: &account::Model,
    link: sign_on_link::Model,
    given: Vec<Grant>,
) -> Result<Result<()>> {
    let held = staff(tx, row).await?.grants;
    let mut grants: Vec<Grant> = held.iter().filter(|grant| !link.given.has(&code(grant))).cloned().collect();
    for grant in &given {
        if !grants.contains(grant) {
            grants.push(grant.clone());
        }
    }
    // New roles that may not be together are not granted at all, but withdrawn roles stay withdrawn.
    let refusal = if grants.is_empty() {
        Some(Error::Forbidden(Refusal::new("account.sign_on_no_role")))
    } else {
        let mut problems = Problems::default();
        check_together(tx, &mut problems, row.id, &grants, ctx.now).await?;
        let fits = match problems.finish() {
            Ok(()) => check_grants(tx, &grants).await,
            refused => refused,
        };
        match fits {
            Ok(()) => None,
            Err(error @ Error::Invalid(_)) => {
                tracing::warn!(account = row.login, code = error.refusal().code, "the provider's roles are refused");
                Some(Error::Forbidden(Refusal::new("account.sign_on_roles")))
            }
            Err(other) => return Err(other),
        }
    };
    if matches!(&refusal, Some(error) if error.refusal().code == "account.sign_on_roles") {
        grants = held.iter().filter(|g| !link.given.has(&code(g)) || given.contains(g)).cloned().collect();
    }
    let same = grants.len() == held.len() && held.iter().all(|grant| grants.contains(grant));
    if !same {
        put_grants(tx, row.id, &grants).await?;
        session::close_all(tx, row.id).await?;
        let ctx = ctx.by(Actor::System("single sign-on"));
        audit::record(tx, &ctx, "identity.sign_on_roles", &row.login, grants_detail(&grants)).await?;
    }
    // A role that was granted by hand before stays so: the provider does not withdraw a role that it did not give.
    let by_hand = |grant: &Grant| held.contains(grant) && !link.given.has(&code(grant));
    let now_given: Codes = given.iter().filter(|g| grants.contains(g) && !by_hand(g)).map(code).collect();
    if now_given != link.given {
        let mut link = link.into_active_model();
        link.given = Set(now_given);
        link.update(tx).await?;
    }
    Ok(refusal.map_or(Ok(()), Err))
}

fn code(grant: &Grant) -> String {
    if grant.scope.is_empty() { grant.role.to_string() } else { format!("{}={}", grant.role, grant.scope) }
}

/// Links an account with a person at the provider; its sessions continue.
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own`; `account.two_people`; `account.sign_on_linked` where the account or the subject is
/// linked already.
pub async fn link(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, issuer: &str, subject: &str) -> Result<()> {
    let row = another(tx, ctx, login).await?;
    check_alone(tx, ctx, row.id).await?;
    put_link(tx, &row, (issuer, &check_subject(subject)?), ctx.now).await?;
    note_alone(tx, ctx, row.id, AccessKind::SignOn).await?;
    record_link(tx, ctx, &row, issuer).await
}

/// Removes the link of an account, the roles that the provider gave, and the account's sessions. A waiting invitation ends too.
///
/// # Errors
/// `NotFound`; `account.own`.
pub async fn unlink(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<()> {
    let row = another(tx, ctx, login).await?;
    forget_invitation(tx, row.id).await?;
    let Some(link) = queries::sign_on_link(tx, row.id).await? else {
        return Ok(());
    };
    let held = staff(tx, &row).await?.grants;
    let grants: Vec<Grant> = held.into_iter().filter(|grant| !link.given.has(&code(grant))).collect();
    put_grants(tx, row.id, &grants).await?;
    session::close_all(tx, row.id).await?;
    sign_on_link::Entity::delete_by_id((link.issuer, link.subject)).exec(tx).await?;
    audit::record(tx, ctx, "identity.unlink_sign_on", login, grants_detail(&grants)).await
}

/// Invites the holder of an account to link it. Returns a code that works once; an earlier code becomes void.
///
/// # Errors
/// `NotFound`; `account.own`; `account.two_people`: such an account is linked by name; `account.sign_on_linked` where the account
/// is linked already.
pub async fn invite_sign_on(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<String> {
    let row = another(tx, ctx, login).await?;
    check_alone(tx, ctx, row.id).await?;
    if queries::sign_on_link(tx, row.id).await?.is_some() {
        return Err(Error::field("subject", Refusal::new("account.sign_on_linked")));
    }
    forget_invitation(tx, row.id).await?;
    let code = hex::encode(keys::random::<20>()?);
    let invited = sign_on_invitation::ActiveModel {
        code_hash: Set(hash(&code)),
        account_id: Set(row.id),
        expires_at: Set(ctx.system + INVITED),
    };
    sign_on_invitation::Entity::insert(invited).exec_without_returning(tx).await?;
    note_alone(tx, ctx, row.id, AccessKind::SignOn).await?;
    audit::record(tx, ctx, "identity.invite_sign_on", login, serde_json::json!({})).await?;
    Ok(code)
}

/// Removes the link of an account and its invitation to link.
pub(super) async fn forget_link(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    forget_invitation(tx, account).await?;
    sign_on_link::Entity::delete_many().filter(sign_on_link::COLUMN.account_id.eq(account)).exec(tx).await?;
    Ok(())
}

async fn forget_invitation(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    sign_on_invitation::Entity::delete_many()
        .filter(sign_on_invitation::COLUMN.account_id.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// An account that the administrator may link: any account except their own.
async fn another(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<account::Model> {
    may_administer(ctx)?;
    let (row, _) = queries::account(tx, login).await?;
    if ctx.account() == Some(row.id) { Err(Error::conflict("account.own")) } else { Ok(row) }
}
