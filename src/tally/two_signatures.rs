//! The rule of two signatures (dual control), for selections and for rules of invalidation: two different people sign, and
//! neither wrote the campaign or proposed the signed matter.

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany};

use crate::base::error::{Error, Refusal, Result};

/// Position of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The first of two signatures.
    First,
    /// The second signature, which decides.
    Second,
}

impl Signature {
    /// The signature that is due next.
    #[must_use]
    pub const fn due(first_approver: Option<AccountId>) -> Self {
        if first_approver.is_none() { Self::First } else { Self::Second }
    }

    /// The position as a number, 1 or 2, as the audit trail states it.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }
}

/// The matter to be signed, and the accounts that may not sign it.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// Accounts that wrote the campaign.
    pub own: &'a [AccountId],
    /// Account that proposed the matter.
    pub proposed_by: AccountId,
    /// Account that signed first; none before the first signature.
    pub first_approver: Option<AccountId>,
    /// Codes of the two refusals: for authors, and for a second signature by the same person.
    pub codes: (&'static str, &'static str),
}

impl Signing<'_> {
    /// Checks that an account may put the next signature. The command and the desk use this one rule.
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

/// Puts a signature where there is none yet (compare-and-set). Returns false where somebody else signed at the same moment.
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
