//! Accounts: made, changed, signed in.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::{Role, Scope, SessionKind};
use entity::{account, place, role_grant, team};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::session::Token;
use super::{password, session};
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
    /// Roles.
    pub grants: Vec<Grant>,
}

/// Makes an account. The operator's command line may; else a system administrator.
///
/// # Errors
/// `NotFound` for others; `Invalid`; `account.login_taken`.
pub async fn add_account(store: &Store, ctx: &Ctx, new: NewAccount) -> Result<AccountId> {
    may_administer(ctx)?;
    let mut problems = Problems::default();
    let login = problems.text("login", &new.login, 40).to_lowercase();
    problems.check(
        login.len() >= 3
            && login
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
        "login",
        "account.login",
    );
    let name = problems.text("name", &new.name, 40);
    let office = problems.text("office", &new.office, 60);
    check_offices(&mut problems, &new.grants);
    if let Err(Error::Invalid(errors)) = password::check("password", &login, &new.password) {
        errors
            .into_iter()
            .for_each(|e| problems.add(e.field, e.refusal));
    }
    problems.finish()?;
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
            let taken = Error::field("login", Refusal::new("account.login_taken"));
            let made = row.insert(tx).await.on_duplicate(taken)?;
            put_grants(tx, made.id, &new.grants).await?;
            audit::record(
                tx,
                ctx,
                "identity.add_account",
                &login,
                grants_detail(&new.grants),
            )
            .await?;
            Ok(made.id)
        })
        .await
}

/// Changes the roles of an account and whether it may sign in; its sessions end.
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own` where an administrator would change the own account.
pub async fn change_account(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    login: &str,
    active: bool,
    grants: &[Grant],
) -> Result<()> {
    may_administer(ctx)?;
    let row = account::Entity::find_by_login(login)
        .one(tx)
        .await?
        .ok_or(Error::NotFound("account"))?;
    if ctx.account() == Some(row.id) {
        return Err(Error::conflict("account.own"));
    }
    let mut problems = Problems::default();
    check_offices(&mut problems, grants);
    problems.finish()?;
    check_grants(tx, grants).await?;
    role_grant::Entity::delete_many()
        .filter(role_grant::COLUMN.account_id.eq(row.id))
        .exec(tx)
        .await?;
    put_grants(tx, row.id, grants).await?;
    session::close_all(tx, row.id).await?;
    let mut detail = grants_detail(grants);
    if let Some(object) = detail.as_object_mut() {
        object.insert("active".to_owned(), active.into());
    }
    let mut row: account::ActiveModel = row.into();
    row.active = Set(active);
    row.update(tx).await?;
    audit::record(tx, ctx, "identity.change_account", login, detail).await
}

/// Sets a new first password for an account whose holder cannot sign in; its sessions end.
///
/// # Errors
/// `NotFound`; `Invalid`.
pub async fn reset_password(store: &Store, ctx: &Ctx, login: &str, new: String) -> Result<()> {
    may_administer(ctx)?;
    let row = account::Entity::find_by_login(login)
        .one(store.db())
        .await?
        .ok_or(Error::NotFound("account"))?;
    set_password(store, ctx, row, new, "identity.reset_password").await
}

/// Changes the own password; all sessions end, this one too.
///
/// # Errors
/// `Unauthenticated`; `Invalid`: the old password is wrong, the new one too weak.
pub async fn change_password(store: &Store, ctx: &Ctx, old: String, new: String) -> Result<()> {
    let id = ctx.staff()?.id;
    let row = account::Entity::find_by_id(id)
        .one(store.db())
        .await?
        .ok_or(Error::Unauthenticated)?;
    if !password::verify(old, Some(row.password_hash.clone())).await? {
        return Err(Error::field("old", Refusal::new("password.wrong")));
    }
    set_password(store, ctx, row, new, "identity.change_password").await
}

async fn set_password(
    store: &Store,
    ctx: &Ctx,
    row: account::Model,
    new: String,
    act: &str,
) -> Result<()> {
    password::check("password", &row.login, &new)?;
    let hash = password::hash(new).await?;
    store
        .write(async |tx| {
            let (id, login) = (row.id, row.login.clone());
            let mut row: account::ActiveModel = row.into();
            row.password_hash = Set(hash);
            row.update(tx).await?;
            session::close_all(tx, id).await?;
            audit::record(tx, ctx, act, &login, serde_json::json!({})).await
        })
        .await
}

/// Signs in: one sentence for every cause of failure, and the same work.
///
/// # Errors
/// `account.sign_in`.
pub async fn sign_in(
    store: &Store,
    login: &str,
    password: String,
    kind: SessionKind,
    now: DateTime<Utc>,
    system: DateTime<Utc>,
) -> Result<Token> {
    let row = account::Entity::find_by_login(login.trim().to_lowercase())
        .one(store.db())
        .await?
        .filter(|a| a.active);
    let right = password::verify(password, row.as_ref().map(|a| a.password_hash.clone())).await?;
    let Some(row) = row.filter(|_| right) else {
        return Err(Error::field("login", Refusal::new("account.sign_in")));
    };
    let staff = super::queries::staff(store.db(), &row).await?;
    let ctx = Ctx {
        actor: Actor::Staff(std::sync::Arc::new(staff)),
        now,
    };
    store
        .write(async |tx| {
            let token = session::open(tx, row.id, kind, system).await?;
            audit::record(
                tx,
                &ctx,
                "identity.sign_in",
                &row.login,
                serde_json::json!({ "kind": kind }),
            )
            .await?;
            Ok(token)
        })
        .await
}

fn may_administer(ctx: &Ctx) -> Result<()> {
    match ctx.actor {
        Actor::System(_) => Ok(()),
        Actor::Staff(_) | Actor::Nobody => ctx.require(Role::Sysadmin).map(|_| ()),
    }
}

/// Three administrators are three people: system administration, audit and business do not meet in one account.
fn check_offices(problems: &mut Problems, grants: &[Grant]) {
    problems.check(!grants.is_empty(), "roles", "account.no_role");
    let apart = [Role::Sysadmin, Role::Auditor]
        .iter()
        .any(|r| grants.iter().any(|g| g.role == *r));
    problems.check(
        !apart || grants.iter().all(|g| g.role == grants[0].role),
        "roles",
        "account.offices_apart",
    );
    let checks = grants.iter().any(|g| g.role == Role::TeamLeader);
    let answers = grants
        .iter()
        .any(|g| matches!(g.role, Role::ProvinceCoordinator | Role::Handler));
    problems.check(!(checks && answers), "roles", "account.checks_itself");
    let both = [Role::Organiser, Role::Approver]
        .iter()
        .all(|r| grants.iter().any(|g| g.role == *r));
    problems.check(!both, "roles", "account.author_approves");
}

async fn check_grants(tx: &DatabaseTransaction, grants: &[Grant]) -> Result<()> {
    for grant in grants {
        let known = match grant.role.scope() {
            Scope::Everything => grant.scope.is_empty(),
            Scope::Province => place::Entity::find_by_id(&grant.scope)
                .one(tx)
                .await?
                .is_some_and(|p| p.in_dispatch),
            Scope::Team => team::Entity::find_by_id(&grant.scope)
                .one(tx)
                .await?
                .is_some(),
        };
        if !known {
            return Err(Error::field(
                "roles",
                Refusal::new("account.scope").with("scope", &grant.scope),
            ));
        }
    }
    Ok(())
}

async fn put_grants(tx: &impl ConnectionTrait, account: AccountId, grants: &[Grant]) -> Result<()> {
    let rows = grants.iter().map(|grant| role_grant::ActiveModel {
        account_id: Set(account),
        role: Set(grant.role),
        scope: Set(grant.scope.clone()),
        ..Default::default()
    });
    role_grant::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

fn grants_detail(grants: &[Grant]) -> serde_json::Value {
    let grants: Vec<String> = grants
        .iter()
        .map(|g| format!("{} {}", g.role, g.scope).trim().to_owned())
        .collect();
    serde_json::json!({ "grants": grants })
}
