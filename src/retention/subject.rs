//! A member of staff: everything that is kept about somebody, and what stays when somebody left.

use crate::access::Act;
use entity::{account, audit_entry, role_grant, session, sign_on_invitation, sign_on_link};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    Statement,
};
use serde_json::{Value, json};

use crate::audit::{self, Entry, openings};
use crate::ctx::{Actor, Ctx};
use crate::error::{Error, Result};
use crate::identity::second_factor::Factors;
use crate::identity::{self, queries};

/// Columns that say who did something, besides the audit trail.
const TRACES: &[(&str, &str)] = &[
    ("campaign", "author_id"),
    ("campaign", "approver_id"),
    ("campaign_event", "actor_id"),
    ("selection", "proposed_by"),
    ("selection", "first_approver"),
    ("selection", "second_approver"),
    ("invalidation", "proposed_by"),
    ("invalidation", "first_approver"),
    ("invalidation", "second_approver"),
    ("dispatch", "approver_id"),
    ("assignment", "reporter_id"),
    ("assignment_event", "actor_id"),
    ("assignment_event", "on_behalf_of"),
    ("exemption_request", "author_id"),
    ("plan", "author_id"),
    ("report", "author_id"),
    ("evidence", "author_id"),
    ("verification", "leader_id"),
];

/// Everything about a member of staff. Itself an entry of the trail.
///
/// # Errors
/// `NotFound`, also for anybody but the operator and a system administrator.
pub async fn export(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<Value> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    audit::record(tx, ctx, "identity.export_person", login, json!({})).await?;
    let sessions = session::Entity::find().filter(session::COLUMN.account_id.eq(row.id)).all(tx).await?;
    let factors = Factors::of(tx, row.id).await?;
    let link = queries::sign_on_link(tx, row.id).await?;
    let acts = audit_entry::Entity::find()
        .filter(audit_entry::COLUMN.actor_id.eq(row.id))
        .order_by_asc(audit_entry::COLUMN.number)
        .all(tx)
        .await?;
    let about: Vec<_> = openings::about(tx, row.id, &[&row.login, &row.name]).await?.into_iter().collect();
    let mut personal = Vec::new();
    for part in about.chunks(500) {
        for opening in openings::of(tx, part).await? {
            personal.push(json!({ "entry": opening.entry, "name": opening.name, "value": opening.value }));
        }
    }
    let mut traces = serde_json::Map::new();
    for (table, column) in TRACES {
        let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} = {}", row.id);
        let found = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
        let count: i64 = found.map(|row| row.try_get("", "n")).transpose()?.unwrap_or(0);
        traces.insert(format!("{table}.{column}"), count.into());
    }
    Ok(json!({
        "account": {
            "number": row.id, "login": row.login, "name": row.name, "office": row.office, "active": row.active,
            "created_at": row.created_at,
            "roles": staff.grants.iter().map(|g| json!({ "role": g.role, "scope": g.scope })).collect::<Vec<_>>(),
        },
        "sessions": sessions.iter().map(|s| json!({
            "kind": s.kind, "browser": s.browser, "created_at": s.created_at, "seen_at": s.seen_at,
            "expires_at": s.expires_at,
        })).collect::<Vec<_>>(),
        "second_factors": {
            "codes_since": factors.totp.as_ref().map(|held| held.made_at),
            "passkeys": factors.passkeys.iter().map(|held| json!({
                "name": held.name, "made_at": held.made_at, "used_at": held.used_at,
            })).collect::<Vec<_>>(),
        },
        "sign_on": link.map(|link| json!({
            "issuer": link.issuer, "subject": link.subject, "given": link.given, "linked_at": link.linked_at,
        })),
        "acts": acts.iter().map(|e| json!({
            "entry": e.number, "at": e.at, "system_at": e.system_at, "act": e.act, "object": e.object, "detail": e.detail,
        })).collect::<Vec<_>>(),
        "personal_in_the_trail": personal,
        "rows_that_name_the_account": traces,
    }))
}

/// Erases who somebody was, after he or she left: the account keeps its number for the histories and loses name, login,
/// password, second factors and roles; its sessions end; what opens the personal part of the trail goes. Gives the number.
///
/// # Errors
/// `NotFound` as [`export`]; `person.active` while the account may still sign in; `person.erased`.
pub async fn erase(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<i64> {
    may_administer(ctx)?;
    let (row, _) = queries::account(tx, login).await?;
    let former = format!("former-{}", row.id);
    if row.active {
        return Err(Error::conflict("person.active"));
    }
    if row.login == former {
        return Err(Error::conflict("person.erased"));
    }
    identity::commands::forget_ways_in(tx, row.id).await?;
    role_grant::Entity::delete_many().filter(role_grant::COLUMN.account_id.eq(row.id)).exec(tx).await?;
    sign_on_link::Entity::delete_many().filter(sign_on_link::COLUMN.account_id.eq(row.id)).exec(tx).await?;
    let invited = sign_on_invitation::Entity::delete_many();
    invited.filter(sign_on_invitation::COLUMN.account_id.eq(row.id)).exec(tx).await?;
    account::Entity::update_many()
        .set(account::ActiveModel {
            login: Set(former),
            name: Set(format!("离职人员#{} (former staff)", row.id)),
            password_hash: Set(String::new()),
            ..Default::default()
        })
        .filter(account::COLUMN.id.eq(row.id))
        .exec(tx)
        .await?;
    openings::erase_person(tx, ctx, row.id, &[&row.login, &row.name]).await?;
    let entry = Entry { act: "identity.erase_person", detail: json!({ "account": row.id }), ..Entry::default() };
    audit::enter(tx, ctx, entry).await?;
    Ok(row.id.0)
}

fn may_administer(ctx: &Ctx) -> Result<()> {
    match ctx.actor {
        Actor::System(_) => Ok(()),
        Actor::Staff(_) | Actor::Nobody => ctx.require(Act::WriteAccounts).map(|_| ()),
    }
}
