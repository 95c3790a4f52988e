//! Passkeys (WebAuthn): challenges for the browser, and checks of its answers.
//!
//! The challenge is kept in the session's row. The first answer, right or wrong, removes it; after five minutes it is void. The
//! site's host name is part of every answer, so a passkey cannot be used through another site.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{passkey, session};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, Uuid, Webauthn, WebauthnBuilder};

use super::key;
use crate::base::ctx::Staff;
use crate::base::error::{Error, Result};
use crate::base::keys::Keys;

/// Time in which a challenge can be answered.
const CHALLENGE_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// The site as a relying party of WebAuthn.
pub struct Passkeys(Webauthn);

/// Challenge that waits for an answer.
#[derive(Serialize, Deserialize)]
struct Ceremony {
    until: DateTime<Utc>,
    question: Question,
}

/// Server side of a challenge, which must stay here.
#[derive(Serialize, Deserialize)]
pub enum Question {
    /// Challenge for a new passkey.
    Registration(Box<PasskeyRegistration>),
    /// Challenge for a passkey that is enrolled.
    Authentication(Box<PasskeyAuthentication>),
}

impl Passkeys {
    /// Passkeys of a site. A site without an address of its own is `localhost`, on any port.
    ///
    /// # Errors
    /// An address without a host name.
    pub fn of(origin: Option<&Url>) -> Result<Self> {
        let local = Url::parse("http://localhost").map_err(failed)?;
        let origin = origin.unwrap_or(&local);
        let host = origin.domain().unwrap_or_default();
        let builder = WebauthnBuilder::new(host, origin).map_err(failed)?;
        let site = builder.rp_name("Shudu").allow_any_port(host == "localhost").build().map_err(failed)?;
        Ok(Self(site))
    }

    /// Challenge for a new passkey: the part for the browser, and the part that stays here.
    ///
    /// # Errors
    /// A stored credential that cannot be read.
    pub fn ask_new(&self, keys: &Keys, staff: &Staff, held: &[passkey::Model]) -> Result<(Value, Question)> {
        // The user handle is the same for every passkey of an account, and reveals nothing about the account.
        let mac = key(keys).mac(&[b"passkey", &staff.id.0.to_be_bytes()]);
        let handle = Uuid::from_slice(&mac[..16]).map_err(failed)?;
        let held = read(held)?.iter().map(|known| known.cred_id().clone()).collect();
        let (asked, kept) =
            self.0.start_passkey_registration(handle, &staff.login, &staff.name, Some(held)).map_err(failed)?;
        Ok((serde_json::to_value(asked).map_err(failed)?, Question::Registration(Box::new(kept))))
    }

    /// Challenge for one of the passkeys of an account.
    ///
    /// # Errors
    /// A stored credential that cannot be read.
    pub fn ask_known(&self, held: &[passkey::Model]) -> Result<(Value, Question)> {
        let (asked, kept) = self.0.start_passkey_authentication(&read(held)?).map_err(failed)?;
        Ok((serde_json::to_value(asked).map_err(failed)?, Question::Authentication(Box::new(kept))))
    }

    /// The new passkey in an answer: the hash of its id, and the credential for the store. None for a wrong answer.
    ///
    /// # Errors
    /// None that is known.
    pub fn new_one(&self, question: &Question, answer: &str) -> Result<Option<(String, String)>> {
        let Question::Registration(kept) = question else {
            return Ok(None);
        };
        let Ok(answer) = serde_json::from_str(answer) else {
            return Ok(None);
        };
        match self.0.finish_passkey_registration(&answer, kept) {
            Ok(made) => Ok(Some((id_hash(&made), serde_json::to_string(&made).map_err(failed)?))),
            Err(error) => {
                tracing::info!(error = %error, "passkey not enrolled");
                Ok(None)
            }
        }
    }

    /// The passkey that an answer proves: the hash of its id, and the credential for the store where it has changed. None for a
    /// wrong answer.
    ///
    /// # Errors
    /// A stored credential that cannot be read.
    pub fn known_one(
        &self,
        question: &Question,
        answer: &str,
        held: &[passkey::Model],
    ) -> Result<Option<(String, Option<String>)>> {
        let Question::Authentication(kept) = question else {
            return Ok(None);
        };
        let Ok(answer) = serde_json::from_str(answer) else {
            return Ok(None);
        };
        let result = match self.0.finish_passkey_authentication(&answer, kept) {
            Ok(result) => result,
            Err(error) => {
                tracing::info!(error = %error, "passkey refused");
                return Ok(None);
            }
        };
        // A passkey that was removed from the account after the challenge is not accepted.
        let Some(mut known) = read(held)?.into_iter().find(|known| known.cred_id() == result.cred_id()) else {
            return Ok(None);
        };
        let changed = known.update_credential(&result) == Some(true);
        let kept = changed.then(|| serde_json::to_string(&known)).transpose().map_err(failed)?;
        Ok(Some((id_hash(&known), kept)))
    }
}

fn read(held: &[passkey::Model]) -> Result<Vec<Passkey>> {
    held.iter().map(|row| serde_json::from_str(&row.credential).map_err(failed)).collect()
}

fn id_hash(known: &Passkey) -> String {
    hex::encode(Sha256::digest(known.cred_id()))
}

/// Puts a challenge into the session, in place of an earlier one.
///
/// # Errors
/// `Unauthenticated` where the session has ended.
pub async fn lay(
    tx: &DatabaseTransaction,
    session: &session::Model,
    question: Question,
    system: DateTime<Utc>,
) -> Result<()> {
    let ceremony = Ceremony { until: system + CHALLENGE_LIFETIME, question };
    let text = serde_json::to_string(&ceremony).map_err(failed)?;
    let laid = session::Entity::update_many()
        .col_expr(session::Column::Ceremony, Expr::value(text))
        .filter(session::COLUMN.token_hash.eq(&session.token_hash))
        .exec(tx)
        .await?;
    if laid.rows_affected == 1 { Ok(()) } else { Err(Error::Unauthenticated) }
}

/// Takes the challenge out of the session by compare-and-set, so that it is answered once. None where there is no challenge, or
/// it is too old.
///
/// # Errors
/// A store that fails.
pub async fn take(
    tx: &DatabaseTransaction,
    session: &session::Model,
    system: DateTime<Utc>,
) -> Result<Option<Question>> {
    let found = session::Entity::find_by_id(&session.token_hash).one(tx).await?;
    let Some(text) = found.and_then(|row| row.ceremony) else {
        return Ok(None);
    };
    let taken = session::Entity::update_many()
        .col_expr(session::Column::Ceremony, Expr::value(None::<String>))
        .filter(session::COLUMN.token_hash.eq(&session.token_hash))
        .filter(session::Column::Ceremony.eq(text.as_str()))
        .exec(tx)
        .await?;
    if taken.rows_affected != 1 {
        return Ok(None);
    }
    let ceremony: Ceremony = serde_json::from_str(&text).map_err(failed)?;
    Ok((system < ceremony.until).then_some(ceremony.question))
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("passkey: {error}"))
}
