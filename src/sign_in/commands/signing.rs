//! Opening and ending sessions.

use chrono::{DateTime, Utc};
use entity::account;
use entity::stored::{SessionKind, SessionStage};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use crate::audit;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::sign_in::Authentication;
use crate::sign_in::second_factor::Factors;
use crate::sign_in::second_factor::commands::lay_first;
use crate::sign_in::session::{self, Opened, Opening};

/// Sign-in of a person who was identified by a password or by a provider.
pub struct SessionEntry<'a> {
    /// Kind of the session: in a browser or a program.
    pub kind: SessionKind,
    /// Browser of the session in words.
    pub browser: String,
    /// Issuer that vouches for the person; none for a password.
    pub provider: Option<&'a str>,
    /// Whether a second factor was shown at the provider. Then no second factor is due here.
    pub proved_factor: bool,
    /// Instant of the proof, system time.
    pub proved_at: DateTime<Utc>,
}

/// Opens a session at the stage that is due.
pub async fn enter(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    authentication: &Authentication,
    row: &account::Model,
    SessionEntry { kind, browser, provider, proved_factor, proved_at }: SessionEntry<'_>,
) -> Result<Opened> {
    let system = ctx.system;
    let due = Factors::of(tx, row.id).await?.stage(authentication.demands_second_factor);
    let stage = if proved_factor { SessionStage::Complete } else { due };
    let opening = Opening { account: row.id, kind, stage, browser, password_at: proved_at, factor_at: proved_at };
    let opened = session::open(tx, opening, authentication.sessions, system).await?;
    if stage == SessionStage::Enrolment {
        lay_first(tx, authentication, row.id, &opened).await?;
    }
    let act = if stage == SessionStage::Complete { "identity.sign_in" } else { "identity.password" };
    let mut detail = json!({ "kind": kind });
    if let Some(issuer) = provider {
        detail["provider"] = json!(issuer);
    }
    audit::record(tx, ctx, act, &row.login, detail).await?;
    Ok(opened)
}

/// Signs out: ends the session of the token. Other sessions of the account continue.
///
/// # Errors
/// `Unauthenticated`.
pub async fn sign_out(tx: &DatabaseTransaction, ctx: &Ctx, token: &str) -> Result<()> {
    let login = ctx.staff()?.login.clone();
    session::close(tx, token).await?;
    audit::record(tx, ctx, "identity.sign_out", &login, json!({})).await
}
