//! The rule of two signatures, for selections and for rules of invalidation: two different people sign, and neither wrote the
//! campaign or proposed what is signed.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany};

use crate::base::error::{Error, Refusal, Result};

/// Which signature is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The first of two.
    First,
    /// The one that decides.
    Second,
}

impl Signature {
    /// The signature that is due.
    #[must_use]
    pub const fn due(first_approver: Option<AccountId>) -> Self {
        if first_approver.is_none() { Self::First } else { Self::Second }
    }

    /// 1 or 2, as the audit trail states it.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

/// What is to be signed, and who may not.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// Accounts whose own work the campaign is.
    pub own: &'a [AccountId],
    /// The account that proposed it.
    pub proposed_by: AccountId,
    /// The account that signed first; none before that.
    pub first_approver: Option<AccountId>,
    /// Codes of the refusals: for authors, and for a second signature by the same person.
    pub codes: (&'static str, &'static str),
}

impl Signing<'_> {
    /// Whether somebody may put the next signature: one rule for the command and for what the desk offers.
    ///
    /// # Errors
    /// `Forbidden` with one of the two codes.
    pub fn check(&self, approver: AccountId) -> Result<()> {
        let (author, twice) = self.codes;
        if self.proposed_by == approver || self.own.contains(&approver) {
            return Err(Error::Forbidden(Refusal::new(author)));
        }
        if self.first_approver == Some(approver) {
            return Err(Error::Forbidden(Refusal::new(twice)));
        }
        Ok(())
    }
}

/// Columns of one signature: the account and the instant.
pub type Columns<E> = (<E as EntityTrait>::Column, <E as EntityTrait>::Column);

/// Puts a signature where none stands yet (compare-and-set). False where somebody else signed at the same moment.
///
/// # Errors
/// A store that fails.
pub async fn sign<E: EntityTrait>(
    tx: &DatabaseTransaction,
    rows: UpdateMany<E>,
    (account, at): Columns<E>,
    approver: AccountId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let signed = rows
        .col_expr(account, Expr::value(approver))
        .col_expr(at, Expr::value(now))
        .filter(account.is_null())
        .exec(tx)
        .await?;
    Ok(signed.rows_affected > 0)
}
