//! The personal data of a member of staff: the export of all data, and the erasure after the person left.

use entity::id::AccountId;
use entity::{
    access_change, account, audit_entry, delegation, role_grant, role_proposal, session, sign_on_invitation,
    sign_on_link,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Statement,
};
use serde_json::{Value, json};

use crate::accounts;
use crate::accounts::{delegating, queries};
use crate::audit::{self, Entry, openings};
use crate::base::access::Act;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Result};
use crate::sign_in::second_factor::Factors;

/// Tables whose rows about a person are part of the export.
pub const EXPORTED: &[&str] = &[
    "access_change",
    "audit_entry",
    "delegation",
    "invitation",
    "passkey",
    "recovery_code",
    "role_grant",
    "role_proposal",
    "session",
    "sign_on_invitation",
    "sign_on_link",
    "totp",
];
/// Tables and columns that name the account of an act. The export states only the number of such rows, because the rows
/// belong to the programme.
pub const TRACES: &[(&str, &str)] = &[
    ("campaign", "author_id"),
    ("campaign", "approver_id"),
    ("campaign", "halted_by"),
    ("campaign", "halt_confirmed_by"),
    ("campaign_event", "actor_id"),
    ("selection", "proposed_by"),
    ("selection", "first_approver"),
    ("selection", "second_approver"),
    ("invalidation", "proposed_by"),
    ("invalidation", "first_approver"),
    ("invalidation", "second_approver"),
    ("dispatch", "approver_id"),
    ("incident", "published_by"),
    ("assignment", "reporter_id"),
    ("assignment_event", "actor_id"),
    ("assignment_event", "on_behalf_of"),
    ("exemption_request", "author_id"),
    ("plan", "author_id"),
    ("report", "author_id"),
    ("evidence", "author_id"),
    ("verification", "leader_id"),
];

/// Exports everything that is stored about a member of staff. The export is itself an entry of the audit trail.
///
/// # Errors
/// `NotFound` for an unknown login, and for anybody but the operator and a system administrator.
pub async fn export(tx: &DatabaseTransaction, ctx: &Ctx, login: &str) -> Result<Value> {
    may_administer(ctx)?;
    let (row, staff) = queries::account(tx, login).await?;
    audit::record(tx, ctx, "identity.export_person", login, json!({})).await?;
    let sessions = session::Entity::find().filter(session::COLUMN.account_id.eq(row.id)).all(tx).await?;
    let factors = Factors::of(tx, row.id).await?;
    let link = queries::sign_on_link(tx, row.id).await?;
    let invited = queries::invitation(tx, row.id).await?.map(|invited| invited.expires_at);
    let asked_to_link = sign_on_invitation::Entity::find().filter(sign_on_invitation::COLUMN.account_id.eq(row.id));
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
            "created_at": row.created_at, "home_province": row.home_province, "invited_until": invited,
            "roles": staff.grants.iter().map(|g| json!({ "role": g.role, "scope": g.scope })).collect::<Vec<_>>(),
        },
        "sessions": sessions.iter().map(|s| json!({
            "kind": s.kind, "browser": s.browser, "created_at": s.created_at, "seen_at": s.seen_at,
            "expires_at": s.expires_at,
        })).collect::<Vec<_>>(),
        "second_factors": {
            "recovery_codes_left": factors.codes, "codes_since": factors.totp.as_ref().map(|held| held.made_at),
            "passkeys": factors.passkeys.iter().map(|held| json!({
                "name": held.name, "made_at": held.made_at, "used_at": held.used_at,
            })).collect::<Vec<_>>(),
        },
        "sign_on": link.map(|link| json!({
            "issuer": link.issuer, "subject": link.subject, "given": link.given, "linked_at": link.linked_at,
        })),
        "sign_on_invited_until": asked_to_link.one(tx).await?.map(|invited| invited.expires_at),
        "roles_lent": lent(tx, row.id).await?,
        "role_proposals": proposals(tx, row.id).await?,
        "access_changes": access_changes(tx, row.id).await?,
        "acts": acts.iter().map(|e| json!({
            "entry": e.number, "at": e.at, "system_at": e.system_at, "act": e.act, "object": e.object, "detail": e.detail,
        })).collect::<Vec<_>>(),
        "personal_in_the_trail": personal,
        "rows_that_name_the_account": traces,
    }))
}

/// Lent roles (delegations) to or by a person, with the number of the other account.
async fn lent(tx: &DatabaseTransaction, who: AccountId) -> Result<Vec<Value>> {
    let of = delegating::lent_or_borrowed(who);
    let rows = delegation::Entity::find().filter(of).order_by_asc(delegation::COLUMN.id).all(tx).await?;
    let told = |row: delegation::Model| {
        json!({
            "lender": row.lender_id, "borrower": row.borrower_id, "role": row.role, "scope": row.scope,
            "from_on": row.from_on, "until_on": row.until_on, "made_at": row.made_at, "ended_at": row.ended_at,
        })
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Proposals of weighty roles (dual control) that were made for or by a person, or decided by that person.
async fn proposals(tx: &DatabaseTransaction, who: AccountId) -> Result<Vec<Value>> {
    use role_proposal::COLUMN;
    let of = Condition::any()
        .add(COLUMN.account_id.eq(who))
        .add(COLUMN.proposed_by.eq(who))
        .add(COLUMN.decided_by.eq(Some(who)));
    let rows = role_proposal::Entity::find().filter(of).order_by_asc(COLUMN.id).all(tx).await?;
    let told = |row: role_proposal::Model| {
        json!({
            "for": row.account_id, "role": row.role, "scope": row.scope, "proposed_by": row.proposed_by,
            "proposed_at": row.proposed_at, "decided_by": row.decided_by, "decided_at": row.decided_at,
            "confirmed": row.confirmed,
        })
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Changes of the means of sign-in: to the account of a person, or proposed or decided by that person.
async fn access_changes(tx: &DatabaseTransaction, who: AccountId) -> Result<Vec<Value>> {
    use access_change::COLUMN;
    let of = Condition::any()
        .add(COLUMN.account_id.eq(who))
        .add(COLUMN.proposed_by.eq(Some(who)))
        .add(COLUMN.decided_by.eq(Some(who)));
    let rows = access_change::Entity::find().filter(of).order_by_asc(COLUMN.id).all(tx).await?;
    let told = |row: access_change::Model| {
        json!({
            "for": row.account_id, "kind": row.kind, "issuer": row.issuer, "subject": row.subject,
            "proposed_by": row.proposed_by, "proposed_at": row.proposed_at, "decided_by": row.decided_by,
            "decided_at": row.decided_at, "confirmed": row.confirmed,
        })
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Erases the identity of a person who left. The account keeps its number, for the histories, and loses name, login,
/// password, second factors and roles. Its sessions end. The openings of personal values about the person in the audit trail
/// are erased. Returns the number of the account.
///
/// # Errors
/// `NotFound` as [`export`]; `person.active` while the account may still sign in; `person.erased` for an account that was
/// erased before.
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
    accounts::commands::forget_ways_in(tx, ctx, row.id).await?;
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
