//! One act on record, append-only.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AuditEntryId};

/// One act on record, append-only.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: AuditEntryId,
    /// Programme time.
    pub at: DateTimeUtc,
    /// System time.
    pub system_at: DateTimeUtc,
    /// Who; none for the system and for citizens.
    pub actor_id: Option<AccountId>,
    /// What, as `slice.act`.
    pub act: String,
    /// On what: a slug, a code, a login.
    pub object: String,
    /// Facts without personal data.
    pub detail: Json,
}

impl ActiveModelBehavior for ActiveModel {}
