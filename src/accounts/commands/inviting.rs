//! Invitations: an account is made without a password. Its holder chooses one by a link that works once, for three days.
//!
//! So only the holder ever knows the password. A person who reads the link in time can take the account. Therefore the link is
//! handed over in person or by a way that reaches nobody else, and a second factor that is enrolled already is still asked for.
//! Where two people invite ([`super::access`]), the link opens nothing without the code that the second person has.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::AccountId;
use entity::stored::{AccessKind, SessionKind};
use entity::{account, invitation};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

use super::access;
use super::accounts::{NewAccount, check_new, insert_account, may_make};
use super::guards::{check_alone, may_administer, note_alone};
use super::sign_on::forget_link;
use crate::accounts::queries;
use crate::audit;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Result};
use crate::sign_in::Authentication;
use crate::sign_in::commands::passwords::set_password;
use crate::sign_in::commands::signing::{SessionEntry, enter};
use crate::sign_in::second_factor;
use crate::sign_in::session::{self, Opened, Token, close_all};

/// Time in which an invitation can be accepted.
pub const INVITATION_LIFETIME: TimeDelta = TimeDelta::hours(72);

/// Invitation, whose link is to be handed over.
pub struct Invitation {
    /// Login of the account.
    pub login: String,
    /// Token in the link; shown only once.
    pub token: Token,
    /// Instant until which the invitation can be accepted, system time.
    pub expires: DateTime<Utc>,
}

impl Invitation {
    /// The link, at the address of the site as browsers see it.
    #[must_use]
    pub fn link(&self, address: &str) -> String {
        format!("{address}/invitations/{}", self.token.reveal())
    }
}

/// Makes an account without a password, and the first invitation to it.
///
/// # Errors
/// As [`super::add_account_hashed`].
pub async fn invite_account(tx: &DatabaseTransaction, ctx: &Ctx, new: NewAccount) -> Result<Invitation> {
    may_make(ctx, &new)?;
    let mut problems = Problems::default();
    let words = check_new(&mut problems, &new);
    problems.finish()?;
    let (id, login) = insert_account(tx, ctx, words, String::new(), &new.grants).await?;
    put_invitation(tx, ctx, id, login).await
}

/// Invites the holder of an account anew. The old password and every earlier invitation become void, and the account's sessions
/// end.
///
/// # Errors
/// `NotFound`; `account.own`: one's own password is changed with the old one; `account.two_people`.
pub async fn invite(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<Invitation> {
    may_administer(ctx)?;
    let row = others(tx, ctx, login).await?;
    set_password(tx, row.id, String::new()).await?;
    put_invitation(tx, ctx, row.id, row.login).await
}

/// Removes the second factors of an account whose holder has lost them all; its sessions end. The password is removed too,
/// because it alone would be enough to enrol the next factor. The holder returns by a new invitation.
///
/// # Errors
/// `NotFound`; `account.own`; `account.two_people`.
pub async fn remove_factors(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<()> {
    may_administer(ctx)?;
    let row = others(tx, ctx, login).await?;
    second_factor::commands::forget(tx, row.id).await?;
    set_password(tx, row.id, String::new()).await?;
    note_alone(tx, ctx, row.id, AccessKind::SecondFactor).await?;
    audit::record(tx, ctx, "identity.remove_factors", login, json!({})).await
}

/// Removes every means by which an account is entered: sessions, factors, invitations, proposals, the link with a provider.
///
/// # Errors
/// A store that fails.
pub async fn forget_ways_in(tx: &DatabaseTransaction, ctx: &Ctx, account: AccountId) -> Result<()> {
    access::forget_proposals(tx, ctx, account).await?;
    close_all(tx, account).await?;
    second_factor::commands::forget(tx, account).await?;
    invitation::Entity::delete_by_id(account).exec(tx).await?;
    forget_link(tx, account).await
}

async fn others(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<account::Model> {
    let (row, _) = queries::account(tx, login).await?;
    if ctx.account() == Some(row.id) {
        return Err(Error::conflict("account.own"));
    }
    check_alone(tx, ctx, row.id).await?;
    Ok(row)
}

async fn put_invitation(tx: &DatabaseTransaction, ctx: &Ctx, id: AccountId, login: String) -> Result<Invitation> {
    let (token, expires) = (Token::random()?, ctx.system + INVITATION_LIFETIME);
    insert_invitation(tx, id, session::hash(token.reveal()), None, expires).await?;
    note_alone(tx, ctx, id, AccessKind::Invitation).await?;
    audit::record(tx, ctx, "identity.invite", &login, json!({})).await?;
    Ok(Invitation { login, token, expires })
}

/// Puts an invitation in place of an earlier one.
pub(super) async fn insert_invitation(
    tx: &DatabaseTransaction,
    account: AccountId,
    token_hash: String,
    code_hash: Option<String>,
    expires: DateTime<Utc>,
) -> Result<()> {
    let row = invitation::ActiveModel {
        account_id: Set(account),
        token_hash: Set(token_hash),
        code_hash: Set(code_hash),
        expires_at: Set(expires),
    };
    invitation::Entity::delete_by_id(account).exec(tx).await?;
    invitation::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Acceptance of an invitation, whose password was checked and hashed before the transaction.
pub struct Acceptance<'a> {
    /// Account of the invitation.
    pub account: &'a account::Model,
    /// Token in the link of the invitation.
    pub token: &'a str,
    /// Hash of the chosen password.
    pub password_hash: String,
    /// Kind of the session: in a browser or a program.
    pub kind: SessionKind,
    /// Browser of the session in words.
    pub browser: String,
    /// Token that the browser held before. Its session ends, because nobody could end it later.
    pub replaces: Option<String>,
}

/// Accepts an invitation: uses it up, sets the password and opens a session as far as a password goes.
///
/// # Errors
/// `account.invitation` where the invitation was used or replaced in the meantime, or the account may no longer sign in.
pub async fn accept_invitation(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    acceptance: Acceptance<'_>,
) -> Result<Opened> {
    let Acceptance { account: row, token, password_hash, kind, browser, replaces } = acceptance;
    let used = invitation::Entity::delete_many()
        .filter(invitation::COLUMN.account_id.eq(row.id))
        .filter(invitation::COLUMN.token_hash.eq(session::hash(token)))
        .exec(tx)
        .await?;
    let standing = account::Entity::find_by_id(row.id).one(tx).await?.filter(|a| a.active);
    if used.rows_affected != 1 || standing.is_none() {
        return Err(Error::conflict("account.invitation"));
    }
    set_password(tx, row.id, password_hash).await?;
    if let Some(old) = &replaces {
        session::close(tx, old).await?;
    }
    audit::record(tx, ctx, "identity.accept_invitation", &row.login, json!({})).await?;
    let entry = SessionEntry { kind, browser, provider: None, proved_factor: false, proved_at: ctx.system };
    enter(tx, ctx, authentication, row, entry).await
}
