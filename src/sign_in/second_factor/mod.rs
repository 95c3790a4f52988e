//! Second factors: one-time codes ([`totp`]), passkeys ([`passkeys`]), and recovery codes on paper for the case that neither is
//! at hand ([`recovery`]).
//!
//! An account with a factor is asked for it at every sign-in. Where the site demands a factor ([`SecondFactor::Required`]) and
//! the account has none yet, a right password leads to enrolment and to nothing else. Enrolment ends all other sessions and all
//! unfinished sign-ins of the account: a thief who has only the password must not enrol a second factor beside the owner's.

pub mod commands;
pub mod flows;
pub mod passkeys;
pub mod recovery;
pub mod totp;

use entity::id::AccountId;
use entity::stored::SessionStage;
use entity::{passkey, recovery_code};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::Deserialize;

use crate::base::error::Result;
use crate::base::keys::{Key, Keys};

/// Whether staff need a second factor
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Every member of staff needs one
    Required,
    /// Only members of staff who have enrolled one need it
    Optional,
}

/// Second factors that an account has enrolled.
#[derive(Clone, Debug)]
pub struct Factors {
    /// One-time codes of the account; none where they are not enrolled.
    pub totp: Option<entity::totp::Model>,
    /// Passkeys of the account, in the order of their enrolment.
    pub passkeys: Vec<passkey::Model>,
    /// Number of recovery codes that are left.
    pub codes: u64,
}

impl Factors {
    /// Reads the factors of an account.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Self> {
        Ok(Self {
            totp: entity::totp::Entity::find_by_id(account).one(db).await?,
            passkeys: passkey::Entity::find()
                .filter(passkey::COLUMN.account_id.eq(account))
                .order_by_asc(passkey::COLUMN.made_at)
                .order_by_asc(passkey::COLUMN.id_hash)
                .all(db)
                .await?,
            codes: recovery_code::Entity::find().filter(recovery_code::COLUMN.account_id.eq(account)).count(db).await?,
        })
    }

    /// Number of factors; recovery codes are no factor of their own.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::from(self.totp.is_some()) + self.passkeys.len()
    }

    /// Stage of a sign-in after a right password.
    #[must_use]
    pub fn stage(&self, is_demanded: bool) -> SessionStage {
        match (self.count(), is_demanded) {
            (0, false) => SessionStage::Complete,
            (0, true) => SessionStage::Enrolment,
            _ => SessionStage::Factor,
        }
    }
}

/// Key under which secrets of second factors are encrypted and recovery codes hashed.
fn key(keys: &Keys) -> Key {
    keys.site.derive("shudu/second-factor/1", "")
}
