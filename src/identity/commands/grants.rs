//! Roles of an account: which go together, which scopes they take.

use entity::id::AccountId;
use entity::stored::{Role, Scope};
use entity::{place, role_grant, team};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::ctx::Grant;
use crate::error::{Error, Problems, Refusal, Result};

/// Three administrators are three people: system administration, audit and business do not meet in one account.
pub(super) fn check_offices(problems: &mut Problems, grants: &[Grant]) {
    problems.check(!grants.is_empty(), "roles", "account.no_role");
    let apart = [Role::Sysadmin, Role::Auditor].iter().any(|r| grants.iter().any(|g| g.role == *r));
    problems.check(!apart || grants.iter().all(|g| g.role == grants[0].role), "roles", "account.offices_apart");
    let checks = grants.iter().any(|g| g.role == Role::TeamLeader);
    let answers = grants.iter().any(|g| matches!(g.role, Role::ProvinceCoordinator | Role::Handler));
    problems.check(!(checks && answers), "roles", "account.checks_itself");
    let named = |g: &Grant| g.role.scope() == Scope::Everything || !g.scope.is_empty();
    problems.check(grants.iter().all(named), "roles", "account.scope_missing");
    let both = [Role::Organiser, Role::Approver].iter().all(|r| grants.iter().any(|g| g.role == *r));
    problems.check(!both, "roles", "account.author_approves");
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

/// Puts these roles in place of those that the account has.
pub(super) async fn put_grants(tx: &impl ConnectionTrait, account: AccountId, grants: &[Grant]) -> Result<()> {
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
    let rows = once.into_iter().map(|grant| role_grant::ActiveModel {
        account_id: Set(account),
        role: Set(grant.role),
        scope: Set(grant.scope.clone()),
        ..Default::default()
    });
    role_grant::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

pub(super) fn grants_detail(grants: &[Grant]) -> serde_json::Value {
    let grants: Vec<String> = grants.iter().map(|g| format!("{} {}", g.role, g.scope).trim().to_owned()).collect();
    serde_json::json!({ "grants": grants })
}
