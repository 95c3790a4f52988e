//! Roles of an account: who grants them, which roles may be together, which scopes they take.
//!
//! # Why two people for some roles
//! A system administrator, a security administrator, an auditor or an approver decides what all others may do, or what becomes
//! public. A security administrator proposes such a weighty role, and the role takes effect once a system administrator has
//! confirmed it (dual control). The two are different offices, which no account holds together, and every organisation that runs
//! the product has both anyway. The auditor is not one of the two, because the examiner of the audit trail must not take part in
//! the acts.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, RoleProposalId};
use entity::stored::{Role, Scope};
use entity::{account, place, role_grant, role_proposal, team};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;

use crate::accounts::access_changes::{are_one_hand, has_open_link};
use crate::accounts::{delegating, queries};
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::{Actor, Ctx, Grant};
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::sign_in::session;

/// Roles of an account after a change.
#[derive(Clone, Debug)]
pub struct RolesChange {
    /// Roles of the account with their scopes.
    pub grants: Vec<Grant>,
    /// Code of the holder's home province; empty for none.
    pub home_province: String,
    /// [`queries::version`] of the account that the change was made from (optimistic lock).
    pub version: String,
}

/// Grants and withdraws roles. Withdrawals, and grants of roles that are not weighty, take effect at once, and the sessions end.
/// Weighty roles wait for their second person. Earlier proposals that are not repeated lapse.
///
/// # Errors
/// `NotFound`; `Invalid`; `account.own`: nobody grants roles to their own account; `account.changed` where the account was
/// changed in the meantime.
pub async fn put_roles(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, change: RolesChange) -> Result<()> {
    let is_system = matches!(ctx.actor, Actor::System(_));
    if !is_system {
        ctx.require(Act::GrantRoles)?;
    }
    let (row, staff) = queries::account(tx, login).await?;
    if ctx.account() == Some(row.id) {
        return Err(Error::conflict("account.own"));
    }
    if queries::version(&row, &staff.grants) != change.version {
        return Err(Error::conflict("account.changed"));
    }
    let home = Some(change.home_province).filter(|code| !code.is_empty());
    let mut problems = Problems::default();
    check_home(tx, &mut problems, home.as_deref()).await?;
    check_together(tx, &mut problems, row.id, &change.grants, ctx.now).await?;
    problems.finish()?;
    check_grants(tx, &change.grants).await?;
    let waits = |grant: &&Grant| !is_system && grant.role.is_weighty() && !staff.grants.contains(grant);
    let (proposed, granted): (Vec<&Grant>, Vec<&Grant>) = change.grants.iter().partition(waits);
    let granted: Vec<Grant> = granted.into_iter().cloned().collect();
    let moved = home != row.home_province || !is_same(&granted, &staff.grants);
    put_proposals(tx, ctx, row.id, &proposed).await?;
    let mut detail = grants_detail(&granted);
    detail["home_province"] = json!(home);
    detail["proposed"] = proposed.iter().map(|grant| grant.words()).collect();
    if moved {
        put_grants(tx, row.id, &granted).await?;
        let mut row = row.clone().into_active_model();
        row.home_province = Set(home);
        row.update(tx).await?;
        session::close_all(tx, staff.id).await?;
    }
    audit::record(tx, ctx, "identity.put_roles", login, detail).await
}

/// Confirms a weighty role as the second person: the role takes effect now. The account's sessions end.
///
/// # Errors
/// `NotFound`, also for a proposal that was decided; `account.own`; `role.proposer`; `role.in_hand` where the second person
/// recently handed out access to the account, or to that of the proposer; `role.link_open` while there is an unused link that one
/// person handed out; `Invalid` where the role may no longer be together with the account's other roles.
pub async fn confirm_role(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, number: i64) -> Result<()> {
    let staff = ctx.require(Act::ConfirmRoles)?;
    let (row, found) = proposal(tx, login, number).await?;
    if row.id == staff.id {
        return Err(Error::conflict("account.own"));
    }
    // A person who proposed as a security administrator and now holds the other office is still one person.
    if found.proposed_by == staff.id {
        return Err(Error::Forbidden(Refusal::new("role.proposer")));
    }
    let is_one = async |other| are_one_hand(tx, staff.id, other, ctx.now).await;
    if is_one(row.id).await? || is_one(found.proposed_by).await? {
        return Err(Error::Forbidden(Refusal::new("role.in_hand")));
    }
    if has_open_link(tx, row.id).await? {
        return Err(Error::conflict("role.link_open"));
    }
    let (_, them) = queries::account(tx, login).await?;
    let grant = Grant { role: found.role, scope: found.scope.clone() };
    let mut together = them.grants;
    together.push(grant.clone());
    let mut problems = Problems::default();
    check_together(tx, &mut problems, row.id, &together, ctx.now).await?;
    problems.finish()?;
    decide(tx, ctx, found.id, true).await?;
    put_grants(tx, row.id, &together).await?;
    session::close_all(tx, row.id).await?;
    audit::record(tx, ctx, "identity.confirm_role", login, json!({ "grant": grant.words(), "number": number })).await
}

/// Refuses a proposed role: the second person rejects it, or the proposer withdraws it.
///
/// # Errors
/// `NotFound`, also for a proposal that was decided.
pub async fn refuse_role(tx: &DatabaseTransaction, ctx: &Ctx, login: &str, number: i64) -> Result<()> {
    if !ctx.may(Act::GrantRoles) {
        ctx.require(Act::ConfirmRoles)?;
    }
    let (_, found) = proposal(tx, login, number).await?;
    decide(tx, ctx, found.id, false).await?;
    let grant = Grant { role: found.role, scope: found.scope };
    audit::record(tx, ctx, "identity.refuse_role", login, json!({ "grant": grant.words(), "number": number })).await
}

async fn proposal(
    tx: &DatabaseTransaction,
    login: &str,
    number: i64,
) -> Result<(account::Model, role_proposal::Model)> {
    let (row, _) = queries::account(tx, login).await?;
    let waiting = queries::proposals(tx, row.id).await?;
    let found = waiting.into_iter().find(|p| p.id.0 == number).ok_or(Error::NotFound("proposal"))?;
    Ok((row, found))
}

async fn decide(tx: &DatabaseTransaction, ctx: &Ctx, id: RoleProposalId, confirmed: bool) -> Result<()> {
    let decided = role_proposal::Entity::update_many()
        .set(role_proposal::ActiveModel {
            decided_by: Set(ctx.account()),
            decided_at: Set(Some(ctx.now)),
            confirmed: Set(confirmed),
            ..Default::default()
        })
        .filter(role_proposal::COLUMN.id.eq(id))
        .filter(role_proposal::COLUMN.decided_at.is_null())
        .exec(tx)
        .await?;
    if decided.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound("proposal")) }
}

/// Replaces the waiting proposals. Proposals that are repeated stay as they are.
async fn put_proposals(tx: &DatabaseTransaction, ctx: &Ctx, account: AccountId, wanted: &[&Grant]) -> Result<()> {
    let waiting = queries::proposals(tx, account).await?;
    let is_of = |row: &role_proposal::Model, grant: &Grant| row.role == grant.role && row.scope == grant.scope;
    for row in waiting.iter().filter(|row| !wanted.iter().any(|grant| is_of(row, grant))) {
        decide(tx, ctx, row.id, false).await?;
    }
    let Some(proposer) = ctx.account() else { return Ok(()) };
    for grant in wanted.iter().filter(|grant| !waiting.iter().any(|row| is_of(row, grant))) {
        let row = role_proposal::ActiveModel {
            account_id: Set(account),
            role: Set(grant.role),
            scope: Set(grant.scope.clone()),
            proposed_by: Set(proposer),
            proposed_at: Set(ctx.now),
            decided_by: Set(None),
            decided_at: Set(None),
            confirmed: Set(false),
            ..Default::default()
        };
        role_proposal::Entity::insert(row).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn is_same(one: &[Grant], other: &[Grant]) -> bool {
    one.len() == other.len() && one.iter().all(|grant| other.contains(grant))
}

async fn check_home(tx: &DatabaseTransaction, problems: &mut Problems, home: Option<&str>) -> Result<()> {
    if let Some(code) = home {
        let known = place::Entity::find_by_id(code).one(tx).await?.is_some_and(|p| p.in_dispatch);
        problems.check(known, "home_province", "account.home_province");
    }
    Ok(())
}

/// Checks that the roles may be together in one account, including its borrowed roles.
pub(super) async fn check_together(
    tx: &DatabaseTransaction,
    problems: &mut Problems,
    account: AccountId,
    grants: &[Grant],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut together = delegating::borrowed(tx, account, now).await?;
    together.extend(grants.iter().cloned());
    check_offices(problems, "roles", &together);
    Ok(())
}

/// Separation of duties: system administration, security, audit and business are never together in one account.
pub(super) fn check_offices(problems: &mut Problems, field: &str, grants: &[Grant]) {
    let office = grants.iter().find(|g| g.role.is_office()).map(|g| g.role);
    problems.check(office.is_none_or(|office| grants.iter().all(|g| g.role == office)), field, "account.offices_apart");
    let checks = grants.iter().any(|g| g.role == Role::TeamLeader);
    let answers = grants.iter().any(|g| matches!(g.role, Role::ProvinceCoordinator | Role::Handler));
    problems.check(!(checks && answers), field, "account.checks_itself");
    let named = |g: &Grant| g.role.scope() == Scope::Everything || !g.scope.is_empty();
    problems.check(grants.iter().all(named), field, "account.scope_missing");
    let both = [Role::Organiser, Role::Approver].iter().all(|r| grants.iter().any(|g| g.role == *r));
    problems.check(!both, field, "account.author_approves");
}

pub(super) async fn check_grants(tx: &DatabaseTransaction, grants: &[Grant]) -> Result<()> {
    for grant in grants {
        let known = match grant.role.scope() {
            Scope::Everything => grant.scope.is_empty(),
            Scope::Province => place::Entity::find_by_id(&grant.scope).one(tx).await?.is_some_and(|p| p.in_dispatch),
            Scope::Team => team::Entity::find_by_id(&grant.scope).one(tx).await?.is_some(),
        };
        if !known {
            return Err(Error::field("roles", Refusal::new("account.scope").with("scope", &grant.scope)));
        }
    }
    Ok(())
}

/// Replaces all roles of the account.
pub(super) async fn put_grants(tx: &DatabaseTransaction, account: AccountId, grants: &[Grant]) -> Result<()> {
    role_grant::Entity::delete_many().filter(role_grant::COLUMN.account_id.eq(account)).exec(tx).await?;
    if grants.is_empty() {
        return Ok(());
    }
    let mut once: Vec<&Grant> = Vec::new();
    for grant in grants {
        if !once.contains(&grant) {
            once.push(grant);
        }
    }
    let rows: Vec<_> = once
        .into_iter()
        .map(|grant| role_grant::ActiveModel {
            account_id: Set(account),
            role: Set(grant.role),
            scope: Set(grant.scope.clone()),
            ..Default::default()
        })
        .collect();
    if !rows.is_empty() {
        role_grant::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

pub(super) fn grants_detail(grants: &[Grant]) -> serde_json::Value {
    json!({ "grants": grants.iter().map(Grant::words).collect::<Vec<_>>() })
}
