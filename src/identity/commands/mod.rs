//! Accounts: made, changed, suspended. Signing in and out, and the own password, in `signing`; passwords that others have
//! yet to choose, in `inviting`.

mod access;
mod delegating;
mod grants;
mod inviting;
mod sign_on;
mod signing;

use entity::account;
use entity::id::AccountId;
use entity::stored::AccessKind;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

pub use self::access::{Confirmed, Proposed, Wanted, confirm_access, propose_access, refuse_access};
pub use self::delegating::{MOST_DAYS, NewDelegation, delegate, end_delegation};
pub use self::grants::{RolesChange, confirm_role, put_roles, refuse_role};
use self::grants::{check_grants, check_offices, grants_detail, put_grants};
pub use self::inviting::{Guest, Invitation, accept, forget_ways_in, invite, invite_account, invited, remove_factors};
pub use self::sign_on::{Arrival, invite_sign_on, link, sign_on, unlink};
pub use self::signing::{Attempt, change_password, complete, sign_in, sign_out};
use super::{password, queries, session};
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::{Actor, Ctx, Grant};
use crate::base::error::{Error, OnDuplicate, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::identity::Identity;

/// An account to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// What is typed at sign-in: letters, digits, dots, dashes.
    pub login: String,
    /// Name.
    pub name: String,
    /// Organisation.
    pub office: String,
    /// First password; empty for somebody who is invited.
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

/// Makes an account with its password: the operator's command line does, which may give roles too; else a system administrator
/// may, who invites instead ([`invite_account`]) and whose accounts begin without roles.
///
/// # Errors
/// `NotFound` for others, and for roles that another office grants; `Invalid`; `account.login_taken`.
pub async fn add_account(identity: &Identity, ctx: &Ctx, new: NewAccount) -> Result<AccountId> {
    may_make(ctx, &new)?;
    let mut problems = Problems::default();
    let words = check_new(&mut problems, &new);
    if let Err(Error::Invalid(errors)) = password::check(&identity.blocklist, "password", &words.about(), &new.password)
    {
        errors.into_iter().for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.finish()?;
    let hash = password::hash(new.password).await?;
    let grants = new.grants;
    let work = async |tx: &DatabaseTransaction| Ok(insert_account(tx, ctx, words, hash, &grants).await?.0);
    identity.main.write(Changes::Internal, work).await
}

/// What people call an account, checked.
struct Words {
    login: String,
    name: String,
    office: String,
}

impl Words {
    fn about(&self) -> [&str; 3] {
        [&self.login, &self.name, &self.office]
    }
}

fn check_new(problems: &mut Problems, new: &NewAccount) -> Words {
    let login = problems.text("login", &new.login, 40).to_lowercase();
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

async fn insert_account(
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

/// Changes an account: words, and whether it may sign in; its sessions end. Roles are [`put_roles`].
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own` where an administrator would change the own account; `account.changed` where
/// somebody else did in the meantime; `account.two_people` for the reinstatement of somebody with a weighty role.
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
        access::check_alone(tx, ctx, row.id).await?;
        access::note_alone(tx, ctx, row.id, AccessKind::Reinstatement).await?;
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

/// Suspends an account, or lets it sign in again; roles stay, its sessions end.
///
/// # Errors
/// `NotFound`; `account.own`; `account.two_people` for the reinstatement of somebody with a weighty role.
pub async fn set_active(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, active: bool) -> Result<()> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    let change =
        AccountChange { version: queries::version(&row, &staff.grants), name: row.name, office: row.office, active };
    change_account(tx, ctx, login, change).await
}

/// Puts a password in place of the one that holds; all sessions end. Only the hash: what else changed in the meantime stays.
async fn set_password(tx: &DatabaseTransaction, account: AccountId, hash: String) -> Result<()> {
    let changed = account::ActiveModel { id: Set(account), password_hash: Set(hash), ..Default::default() };
    changed.update(tx).await?;
    session::close_all(tx, account).await
}

fn check_words(problems: &mut Problems, name: &str, office: &str) -> (String, String) {
    (problems.text("name", name, 40), problems.text("office", office, 60))
}

/// Who makes an account does not say what it may do: only the operator, for the first administrators.
fn may_make(ctx: &Ctx, new: &NewAccount) -> Result<()> {
    may_administer(ctx)?;
    if new.grants.is_empty() || matches!(ctx.actor, Actor::System(_)) {
        return Ok(());
    }
    ctx.require(Act::GrantRoles).map(|_| ())
}

fn may_administer(ctx: &Ctx) -> Result<()> {
    match ctx.actor {
        Actor::System(_) => Ok(()),
        Actor::Staff(_) | Actor::Nobody => ctx.require(Act::WriteAccounts).map(|_| ()),
    }
}
