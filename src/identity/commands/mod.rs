//! Accounts: made, changed, suspended, given a new password. Signing in and out, and the own password, in `signing`.

mod delegating;
mod grants;
mod sign_on;
mod signing;

use entity::account;
use entity::id::AccountId;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

pub use self::delegating::{MOST_DAYS, NewDelegation, delegate, end_delegation};
pub use self::grants::{RolesChange, confirm_role, put_roles, refuse_role};
use self::grants::{check_grants, check_offices, grants_detail, put_grants};
pub use self::sign_on::{Arrival, invite, link, sign_on, unlink};
pub use self::signing::{Attempt, change_password, sign_in, sign_out};
use super::{password, queries, session};
use crate::access::Act;
use crate::audit;
use crate::ctx::{Actor, Ctx, Grant};
use crate::error::{Error, OnDuplicate, Problems, Refusal, Result};
use crate::store::Store;

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// What is typed at sign-in: letters, digits, dots, dashes.
    pub login: String,
    /// Name.
    pub name: String,
    /// Organisation.
    pub office: String,
    /// First password.
    pub password: String,
    /// Roles: only the operator's command line gives them here, for the first administrators.
    pub grants: Vec<Grant>,
}

/// What an account is to be from now on.
#[derive(Clone, Debug)]
pub struct AccountChange {
    /// Name.
    pub name: String,
    /// Organisation.
    pub office: String,
    /// Whether sign-in is allowed.
    pub active: bool,
    /// [`queries::version`] of the account that the change was made from.
    pub version: String,
}

/// Makes an account. The operator's command line may; else a system administrator, whose accounts begin without roles.
///
/// # Errors
/// `NotFound` for others, and for roles that another office grants; `Invalid`; `account.login_taken`.
pub async fn add_account(store: &Store, ctx: &Ctx, new: NewAccount) -> Result<AccountId> {
    may_administer(ctx)?;
    if !new.grants.is_empty() && !matches!(ctx.actor, Actor::System(_)) {
        ctx.require(Act::GrantRoles)?;
    }
    let taken = || Error::field("login", Refusal::new("account.login_taken"));
    let mut problems = Problems::default();
    let login = problems.text("login", &new.login, 40).to_lowercase();
    problems.check(
        login.is_empty()
            || login.len() >= 3 && login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
        "login",
        "account.login",
    );
    let (name, office) = check_words(&mut problems, &new.name, &new.office);
    check_offices(&mut problems, "roles", &new.grants);
    if let Err(Error::Invalid(errors)) = password::check("password", &login, &new.password) {
        errors.into_iter().for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.finish()?;
    if login == "new" {
        return Err(taken()); // its page would have the address of the form
    }
    let password_hash = password::hash(new.password).await?;
    store
        .write(async |tx| {
            check_grants(tx, &new.grants).await?;
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
            put_grants(tx, made.id, &new.grants).await?;
            audit::record(tx, ctx, "identity.add_account", &login, grants_detail(&new.grants)).await?;
            Ok(made.id)
        })
        .await
}

/// Changes an account: words, and whether it may sign in; its sessions end. Roles are [`put_roles`].
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own` where an administrator would change the own account; `account.changed` where
/// somebody else did in the meantime.
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
    session::close_all(tx, row.id).await?;
    let detail = serde_json::json!({ "active": change.active });
    let mut row: account::ActiveModel = row.into();
    row.name = Set(name);
    row.office = Set(office);
    row.active = Set(change.active);
    row.update(tx).await?;
    audit::record(tx, ctx, "identity.change_account", login, detail).await
}

/// Suspends an account, or lets it sign in again; roles stay, its sessions end.
///
/// # Errors
/// `NotFound`; `account.own`.
pub async fn set_active(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, active: bool) -> Result<()> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    let change =
        AccountChange { version: queries::version(&row, &staff.grants), name: row.name, office: row.office, active };
    change_account(tx, ctx, login, change).await
}

/// Sets a new first password for an account whose holder cannot sign in; its sessions end.
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own`: the own password is changed with the old one.
pub async fn reset_password(store: &Store, ctx: &Ctx, login: &str, new: String) -> Result<()> {
    may_administer(ctx)?;
    let (row, _) = queries::account(store.db(), login).await?;
    if ctx.account() == Some(row.id) {
        return Err(Error::conflict("account.own"));
    }
    password::check("password", &row.login, &new)?;
    set_password(store, ctx, row, new, "identity.reset_password").await
}

async fn set_password(store: &Store, ctx: &Ctx, row: account::Model, new: String, act: &str) -> Result<()> {
    let hash = password::hash(new).await?;
    store
        .write(async |tx| {
            // Only the hash: what else changed in the meantime stays.
            let changed = account::ActiveModel { id: Set(row.id), password_hash: Set(hash), ..Default::default() };
            changed.update(tx).await?;
            session::close_all(tx, row.id).await?;
            audit::record(tx, ctx, act, &row.login, serde_json::json!({})).await
        })
        .await
}

fn check_words(problems: &mut Problems, name: &str, office: &str) -> (String, String) {
    (problems.text("name", name, 40), problems.text("office", office, 60))
}

fn may_administer(ctx: &Ctx) -> Result<()> {
    match ctx.actor {
        Actor::System(_) => Ok(()),
        Actor::Staff(_) | Actor::Nobody => ctx.require(Act::WriteAccounts).map(|_| ()),
    }
}
