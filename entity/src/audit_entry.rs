//! One entry of the audit trail, append-only: a link of the hash chain that `docs/audit.md` describes.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AuditEntryId};

/// One entry of the audit trail, append-only: a link of the hash chain that `docs/audit.md` describes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Place of the entry in the chain, from 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: AuditEntryId,
    /// Instant of the act, programme time.
    pub at: DateTimeUtc,
    /// Instant of the act, system time.
    pub system_at: DateTimeUtc,
    /// Account that acted; none for the system and for citizens.
    pub actor_id: Option<AccountId>,
    /// Capacity of the actor: the roles held, or the operator's command.
    pub capacity: String,
    /// Account for which the actor acted; none where the actor acted for nobody else.
    pub on_behalf_of: Option<AccountId>,
    /// Name of the act, as `slice.act`.
    pub act: String,
    /// Object of the act: a slug or a code; empty where the object is personal and the entry only commits to it.
    pub object: String,
    /// Facts without personal data, in JSON, kept as the text that was hashed.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
    /// Commitments to personal values: lines of a name, a space and the salted SHA-256 hash as 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub commitments: String,
    /// SHA-256 over all fields above and the hash of the previous entry, hexadecimal. Empty where an earlier version wrote the
    /// entry, until the entry is chained.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
