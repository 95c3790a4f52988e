//! A change of the ways into an account by the hand of administrators: one of them, or a proposal of one that another
//! confirms. A row is never removed.

use sea_orm::entity::prelude::*;

use crate::id::{AccessChangeId, AccountId};
use crate::stored::AccessKind;

/// A change of the ways into an account by the hand of administrators.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_change")]
pub struct Model {
    /// Key; its number in addresses.
    #[sea_orm(primary_key)]
    pub id: AccessChangeId,
    /// Whose account.
    pub account_id: AccountId,
    /// What.
    pub kind: AccessKind,
    /// For a link: who vouches; else empty.
    pub issuer: String,
    /// For a link: the name there; else empty.
    pub subject: String,
    /// SHA-256 of the token of the link that the proposer holds, hexadecimal; none where there is none, or it is in use.
    pub token_hash: Option<String>,
    /// Who proposed it, or did it alone; none for the operator's command line.
    pub proposed_by: Option<AccountId>,
    /// Programme time.
    pub proposed_at: DateTimeUtc,
    /// Who confirmed, refused or withdrew it; the proposer where one person was enough.
    pub decided_by: Option<AccountId>,
    /// When; none while it waits, or where it lapsed.
    pub decided_at: Option<DateTimeUtc>,
    /// Whether it was done.
    pub confirmed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
