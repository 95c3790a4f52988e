//! Sessions: a random token in a cookie or an `Authorization` header, only its hash in the store. System time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::id::AccountId;
use entity::session;
use entity::stored::SessionKind;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::keys;

/// A session ends this long after its last use …
pub const IDLE: TimeDelta = TimeDelta::minutes(60);
/// … and this long after sign-in at the latest.
pub const ABSOLUTE: TimeDelta = TimeDelta::hours(12);
/// How finely the last use is noted: not every request is a write.
pub const NOTED: TimeDelta = TimeDelta::minutes(1);

/// What the browser or program holds.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The token as text, for the answer that hands it out.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What the store keeps of a token.
#[must_use]
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

/// Opens a session.
///
/// # Errors
/// A store that fails.
pub async fn open(
    tx: &DatabaseTransaction,
    account: AccountId,
    kind: SessionKind,
    system: DateTime<Utc>,
) -> Result<Token> {
    let token = Token(URL_SAFE_NO_PAD.encode(keys::random::<32>()?));
    let row = session::ActiveModel {
        token_hash: Set(hash(&token.0)),
        account_id: Set(account),
        kind: Set(kind),
        created_at: Set(system),
        seen_at: Set(system),
        expires_at: Set(system + ABSOLUTE),
    };
    session::Entity::insert(row).exec_without_returning(tx).await?;
    session::Entity::delete_many().filter(session::COLUMN.expires_at.lt(system)).exec(tx).await?;
    Ok(token)
}

/// Ends a session. Ending one that is not there is fine.
///
/// # Errors
/// A store that fails.
pub async fn close(tx: &DatabaseTransaction, token: &str) -> Result<()> {
    session::Entity::delete_by_id(hash(token)).exec(tx).await?;
    Ok(())
}

/// Ends every session of an account: after a change of password, roles or state.
///
/// # Errors
/// A store that fails.
pub async fn close_all(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    session::Entity::delete_many().filter(session::COLUMN.account_id.eq(account)).exec(tx).await?;
    Ok(())
}
