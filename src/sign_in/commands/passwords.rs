//! Replacing the password of an account.

use entity::account;
use entity::id::AccountId;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use crate::base::error::Result;
use crate::sign_in::session;

/// Replaces the password hash of an account and ends all its sessions. Other columns keep changes that were made in the meantime.
pub async fn set_password(tx: &DatabaseTransaction, account: AccountId, hash: String) -> Result<()> {
    let changed = account::ActiveModel { id: Set(account), password_hash: Set(hash), ..Default::default() };
    changed.update(tx).await?;
    session::close_all(tx, account).await
}
