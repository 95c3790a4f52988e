//! Second factors: codes that change every half minute ([`totp`]), passkeys ([`passkeys`]), and recovery codes on paper for
//! when neither is at hand ([`recovery`]).
//!
//! Whoever has enrolled one is asked for it at every sign-in. Where the site demands one ([`SecondFactor::Required`]) and
//! there is none yet, a right password leads to enrolment and to nothing else. Enrolling ends all other sessions, and what of
//! signing in is still open elsewhere: whoever holds only the password must not enrol a factor beside its owner's.

pub mod commands;
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

/// Whether staff need a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// Everybody does.
    Required,
    /// Only who has enrolled one.
    Optional,
}

/// What an account has enrolled.
#[derive(Clone, Debug)]
pub struct Factors {
    /// Codes that change.
    pub totp: Option<entity::totp::Model>,
    /// Passkeys, in the order of their enrolment.
    pub passkeys: Vec<passkey::Model>,
    /// Recovery codes that are left.
    pub codes: u64,
}

impl Factors {
    /// Reads them.
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

    /// How many; recovery codes are no factor of their own.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::from(self.totp.is_some()) + self.passkeys.len()
    }

    /// Where a right password leads to.
    #[must_use]
    pub fn stage(&self, is_demanded: bool) -> SessionStage {
        match (self.count(), is_demanded) {
            (0, false) => SessionStage::Complete,
            (0, true) => SessionStage::Enrolment,
            _ => SessionStage::Factor,
        }
    }
}

/// The key under which secrets of second factors are encrypted and recovery codes hashed.
fn key(keys: &Keys) -> Key {
    keys.site.derive("shudu/second-factor/1", "")
}
