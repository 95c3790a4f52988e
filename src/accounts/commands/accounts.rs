//! Commands that make, change and suspend accounts.

use entity::account;
use entity::id::AccountId;
use entity::stored::AccessKind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use super::grants::{check_grants, check_offices, grants_detail, put_grants};
use super::guards::{check_alone, may_administer, note_alone};
use crate::accounts::queries;
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::{Actor, Ctx, Grant};
use crate::base::error::{Error, OnDuplicate, Problems, Refusal, Result};
use crate::sign_in::{self, session};

/// Account that is to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Login that is typed at sign-in: letters, digits, dots, dashes, underscores.
    pub login: String,
    /// Name of the holder.
    pub name: String,
    /// Organisation of the holder.
    pub office: String,
    /// Roles of the account. Only the operator's command line gives roles here, for the first administrators.
    pub grants: Vec<Grant>,
}

/// State of an account after a change.
#[derive(Clone, Debug)]
pub struct AccountChange {
    /// Name of the holder.
    pub name: String,
    /// Organisation of the holder.
    pub office: String,
    /// Whether the account may sign in.
    pub active: bool,
    /// [`queries::version`] of the account that the change was made from (optimistic lock).
    pub version: String,
}

/// Makes an account whose password was checked and hashed before the transaction.
///
/// # Errors
/// `NotFound` for other callers, and for roles that another office grants; `Invalid`; `account.login_taken`.
pub async fn add_account_hashed(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    new: NewAccount,
    password_hash: String,
) -> Result<AccountId> {
    may_make(ctx, &new)?;
    let mut problems = Problems::default();
    let words = check_new(&mut problems, &new);
    problems.finish()?;
    Ok(insert_account(tx, ctx, words, password_hash, &new.grants).await?.0)
}

/// Checked login, name and organisation of an account.
pub(in crate::accounts) struct Words {
    login: String,
    name: String,
    office: String,
}

impl Words {
    pub(in crate::accounts) fn about(&self) -> [&str; 3] {
        [&self.login, &self.name, &self.office]
    }
}

pub(in crate::accounts) fn check_new(problems: &mut Problems, new: &NewAccount) -> Words {
    let login = sign_in::login(&problems.line("login", &new.login, 40));
    problems.check(
        login.is_empty()
            || login.len() >= 3 && login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
        "login",
        "account.login",
    );
    let (name, office) = check_words(problems, &new.name, &new.office);
    check_offices(problems, "roles", &new.grants);
    Words { login, name, office }
}

pub(super) async fn insert_account(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    Words { login, name, office }: Words,
    password_hash: String,
    grants: &[Grant],
) -> Result<(AccountId, String)> {
    let taken = || Error::field("login", Refusal::new("account.login_taken"));
    if login == "new" {
        return Err(taken()); // its page would have the address of the form
    }
    check_grants(tx, grants).await?;
    let row = account::ActiveModel {
        login: Set(login.clone()),
        name: Set(name),
        office: Set(office),
        password_hash: Set(password_hash),
        active: Set(true),
        created_at: Set(ctx.now),
        ..Default::default()
    };
    let made = row.insert(tx).await.on_duplicate(taken())?;
    put_grants(tx, made.id, grants).await?;
    audit::record(tx, ctx, "identity.add_account", &login, grants_detail(grants)).await?;
    Ok((made.id, login))
}

/// Changes an account: name, organisation, and whether the account may sign in. Its sessions end. Roles are changed by
/// [`super::put_roles`].
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own` for an administrator's own account; `account.changed` where the account was changed in
/// the meantime; `account.two_people` for the reinstatement of a holder with a weighty role.
pub async fn change_account(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, change: AccountChange) -> Result<()> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    if ctx.account() == Some(row.id) {
        return Err(Error::conflict("account.own"));
    }
    if queries::version(&row, &staff.grants) != change.version {
        return Err(Error::conflict("account.changed"));
    }
    let mut problems = Problems::default();
    let (name, office) = check_words(&mut problems, &change.name, &change.office);
    problems.finish()?;
    let is_let_in = change.active && !row.active;
    if is_let_in {
        check_alone(tx, ctx, row.id).await?;
        note_alone(tx, ctx, row.id, AccessKind::Reinstatement).await?;
    }
    session::close_all(tx, row.id).await?;
    let detail = serde_json::json!({ "active": change.active });
    let mut row: account::ActiveModel = row.into();
    row.name = Set(name);
    row.office = Set(office);
    row.active = Set(change.active);
    row.update(tx).await?;
    audit::record(tx, ctx, "identity.change_account", login, detail).await
}

/// Suspends an account, or lets it sign in again. Its roles stay, its sessions end.
///
/// # Errors
/// `NotFound`; `account.own`; `account.two_people` for the reinstatement of a holder with a weighty role.
pub async fn set_active(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, active: bool) -> Result<()> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    let change =
        AccountChange { version: queries::version(&row, &staff.grants), name: row.name, office: row.office, active };
    change_account(tx, ctx, login, change).await
}

fn check_words(problems: &mut Problems, name: &str, office: &str) -> (String, String) {
    (problems.line("name", name, 40), problems.line("office", office, 60))
}

/// Refuses roles for a new account. Making accounts and granting roles are different offices; only the operator does both, for
/// the first administrators.
pub(in crate::accounts) fn may_make(ctx: &Ctx, new: &NewAccount) -> Result<()> {
    may_administer(ctx)?;
    if new.grants.is_empty() || matches!(ctx.actor, Actor::System(_)) {
        return Ok(());
    }
    ctx.require(Act::GrantRoles).map(|_| ())
}
