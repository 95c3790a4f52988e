//! Replacing the password of an account.

use entity::account;
use entity::id::AccountId;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use crate::base::error::Result;
use crate::sign_in::session;

/// Puts a password in place of the one that holds; all sessions end. Only the hash: what else changed in the meantime stays.
pub async fn set_password(tx: &DatabaseTransaction, account: AccountId, hash: String) -> Result<()> {
    let changed = account::ActiveModel { id: Set(account), password_hash: Set(hash), ..Default::default() };
    changed.update(tx).await?;
    session::close_all(tx, account).await
}
