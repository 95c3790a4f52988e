//! Recovery codes: ten codes on paper, each for one use. A code has 140 random bits; the store contains only its HMAC.

use entity::id::AccountId;
use entity::recovery_code;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::key;
use crate::base::error::Result;
use crate::base::keys::{self, Keys};
use crate::base::text;

/// Number of codes that are given at a time.
pub const COUNT: usize = 10;

/// Digits and letters that are not mistaken for each other (no i, l, o, u).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LETTERS: usize = 28;
const GROUP: usize = 4;

/// Makes new codes in place of those that are left.
///
/// # Errors
/// A store that fails.
pub async fn renew(tx: &DatabaseTransaction, keys: &Keys, account: AccountId) -> Result<Vec<String>> {
    forget(tx, account).await?;
    let codes = (0..COUNT).map(|_| code()).collect::<Result<Vec<_>>>()?;
    let rows = codes
        .iter()
        .map(|code| recovery_code::ActiveModel { code_hash: Set(hash(keys, account, code)), account_id: Set(account) });
    recovery_code::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(codes)
}

/// Removes all codes of an account.
///
/// # Errors
/// A store that fails.
pub async fn forget(tx: &DatabaseTransaction, account: AccountId) -> Result<()> {
    recovery_code::Entity::delete_many().filter(recovery_code::COLUMN.account_id.eq(account)).exec(tx).await?;
    Ok(())
}

/// Accepts a code of an account once: the use deletes the code.
///
/// # Errors
/// A store that fails.
pub async fn accept(tx: &DatabaseTransaction, keys: &Keys, account: AccountId, code: &str) -> Result<bool> {
    let used = recovery_code::Entity::delete_many()
        .filter(recovery_code::COLUMN.code_hash.eq(hash(keys, account, code)))
        .filter(recovery_code::COLUMN.account_id.eq(account))
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// A random code in groups, for writing down and typing.
///
/// # Errors
/// A machine without randomness.
pub fn code() -> Result<String> {
    let letters = keys::random::<LETTERS>()?.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

fn hash(keys: &Keys, account: AccountId, code: &str) -> String {
    let account = account.0.to_be_bytes();
    hex::encode(key(keys).mac(&[b"recovery", &account, plain(code).as_bytes()]))
}

/// A code in the form in which it was given out, for any way of writing and typing it.
#[must_use]
pub fn plain(code: &str) -> String {
    text::plain(code)
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        assert_eq!(plain("0A1B-c2d3 EFGH.jkmn"), "0a1bc2d3efghjkmn");
        assert_eq!(plain("oIlO"), "0110");
        let code = code().unwrap();
        assert_eq!((code.len(), plain(&code).len()), (34, LETTERS));
        assert_eq!(plain(&code.to_uppercase()), plain(&code));
    }
}
