//! Time-based one-time codes (TOTP, RFC 6238) of six digits, as authenticator apps make them. A code changes every half minute.
//!
//! A code is accepted in its own half minute and in the ones before and after, and only once. The step of the last accepted code
//! is kept, and only a later step is accepted. The update is a compare-and-set, so that of two requests at the same time one is
//! refused.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::totp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter};
use totp_rs::{Algorithm, Builder, Totp};

use super::key;
use crate::base::error::{Error, Result};
use crate::base::keys::{self, Keys};
use crate::base::text;

/// Length of a step, in seconds.
pub const STEP: i64 = 30;
/// Length of a secret, in bytes: as long as the hash of the code.
const BYTES: usize = 20;
/// Name of the site in authenticator apps.
const ISSUER: &str = "Shudu";

/// Secret that the site and an authenticator app share.
pub struct Secret(Vec<u8>);

impl Secret {
    /// A fresh random secret.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn random() -> Result<Self> {
        Ok(Self(keys::random::<BYTES>()?.to_vec()))
    }

    /// Encrypts the secret for the store.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn seal(&self, keys: &Keys, account: AccountId) -> Result<String> {
        key(keys).seal(&place(account), &self.0)
    }

    /// Decrypts a secret from the store.
    ///
    /// # Errors
    /// A text of another account, or one that was changed.
    pub fn unseal(keys: &Keys, account: AccountId, sealed: &str) -> Result<Self> {
        key(keys).unseal(&place(account), sealed).map(Self)
    }

    /// The secret in Base32, for typing it in.
    ///
    /// # Errors
    /// A secret of the wrong length.
    pub fn text(&self) -> Result<String> {
        Ok(self.rule("")?.secret().to_base32())
    }

    /// The secret as an `otpauth:` address, for scanning it.
    ///
    /// # Errors
    /// A login that an address cannot contain.
    pub fn address(&self, login: &str) -> Result<String> {
        self.rule(login)?.to_url().map_err(failed)
    }

    /// The step to which a code belongs; none where the code is not acceptable now.
    ///
    /// # Errors
    /// A secret of the wrong length.
    pub fn step(&self, code: &str, system: DateTime<Utc>) -> Result<Option<i64>> {
        let code = text::ungrouped(code);
        let now = u64::try_from(system.timestamp()).unwrap_or(0);
        Ok(self.rule("")?.check(&code, now).and_then(|step| i64::try_from(step).ok()))
    }

    fn rule(&self, login: &str) -> Result<Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1) // what every app knows; collisions do not matter here
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP.unsigned_abs())
            .with_secret(self.0.clone())
            .with_account_name(login)
            .with_issuer(Some(ISSUER))
            .build()
            .map_err(failed)
    }
}

/// Accepts a code of an account, once.
///
/// # Errors
/// A store that fails; a secret that does not open.
pub async fn accept(
    tx: &DatabaseTransaction,
    keys: &Keys,
    account: AccountId,
    code: &str,
    system: DateTime<Utc>,
) -> Result<bool> {
    let Some(row) = totp::Entity::find_by_id(account).one(tx).await? else {
        return Ok(false);
    };
    let Some(step) = Secret::unseal(keys, account, &row.secret)?.step(code, system)? else {
        return Ok(false);
    };
    // The latest step that is acceptable now. If the last accepted step is later, it was accepted under a clock that was ahead.
    let newest = system.timestamp().div_euclid(STEP) + 1;
    let accepted = totp::Entity::update_many()
        .col_expr(totp::Column::LastStep, Expr::value(step))
        .filter(totp::COLUMN.account_id.eq(account))
        .filter(Condition::any().add(totp::COLUMN.last_step.lt(step)).add(totp::COLUMN.last_step.gt(newest)))
        .exec(tx)
        .await?;
    Ok(accepted.rows_affected == 1)
}

fn place(account: AccountId) -> String {
    format!("totp/{account}")
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("one-time code: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1, the last six of eight digits.
        let secret = Secret(b"12345678901234567890".to_vec());
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(secret.step(code, at(time)).unwrap(), Some(time / STEP), "{code}");
        }
    }

    #[test]
    fn a_code_is_acceptable_in_its_half_minute_and_in_its_neighbours() {
        let secret = Secret(b"12345678901234567890".to_vec());
        let accepted = |time| secret.step("005924", at(time)).unwrap().is_some();
        let start = 1_234_567_890 / STEP * STEP;
        assert!(!accepted(start - STEP - 1) && accepted(start - STEP) && accepted(start));
        assert!(accepted(start + 2 * STEP - 1) && !accepted(start + 2 * STEP));
        for typed in ["005 924", " 005924 ", "００５９２４", "\u{202d}005924\u{202c}", "００5924"] {
            assert!(secret.step(typed, at(start)).unwrap().is_some());
        }
        for wrong in ["", "5924", "0005924", "abcdef", "-05924", "+05924"] {
            assert_eq!(secret.step(wrong, at(start)).unwrap(), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_learns_the_secret_by_an_address() {
        let secret = Secret(b"12345678901234567890".to_vec());
        assert_eq!(secret.text().unwrap(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let address = secret.address("chen.jing").unwrap();
        assert!(address.starts_with("otpauth://totp/Shudu:chen.jing?"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), "{address}");
    }
}
