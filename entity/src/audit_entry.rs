//! One act on record, append-only: a link of the chain that `docs/audit.md` describes.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AuditEntryId};

/// One act on record, append-only: a link of the chain that `docs/audit.md` describes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Place in the chain, from 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: AuditEntryId,
    /// Programme time.
    pub at: DateTimeUtc,
    /// System time.
    pub system_at: DateTimeUtc,
    /// Who; none for the system and for citizens.
    pub actor_id: Option<AccountId>,
    /// In which capacity: the roles held, or the operator's command.
    pub capacity: String,
    /// For whom, where somebody acts for another.
    pub on_behalf_of: Option<AccountId>,
    /// What, as `slice.act`.
    pub act: String,
    /// On what: a slug, a code; empty where it is personal and only committed to.
    pub object: String,
    /// Facts without personal data: JSON, kept as the text that was hashed.
    #[sea_orm(column_type = "Text")]
    pub detail: String,
    /// What is personal, as salted hashes: lines of a name, a blank and 64 hexadecimal digits.
    #[sea_orm(column_type = "Text")]
    pub commitments: String,
    /// SHA-256 over all of the above and the hash before, hexadecimal; empty where an earlier version wrote the entry, until it
    /// is chained.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
