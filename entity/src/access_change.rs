//! A change of the ways into an account by administrators. One administrator makes the change alone, or one proposes and another
//! confirms it (dual control). A row is never removed.

use sea_orm::entity::prelude::*;

use crate::id::{AccessChangeId, AccountId};
use crate::stored::AccessKind;

/// A change of the ways into an account by administrators.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_change")]
pub struct Model {
    /// Key of the change, shown as its number in addresses.
    #[sea_orm(primary_key)]
    pub id: AccessChangeId,
    /// Account whose ways in are changed.
    pub account_id: AccountId,
    /// Kind of the change.
    pub kind: AccessKind,
    /// Issuer identifier of the provider, for a proposed single sign-on link; otherwise empty.
    pub issuer: String,
    /// Subject identifier of the holder at that provider, for a proposed single sign-on link; otherwise empty.
    pub subject: String,
    /// SHA-256 of the token in the invitation link that the proposer holds, hexadecimal; none where the change has no link, or is
    /// decided.
    pub token_hash: Option<String>,
    /// Account that proposed the change or made it alone; none for the operator's command line.
    pub proposed_by: Option<AccountId>,
    /// Instant of the proposal, programme time.
    pub proposed_at: DateTimeUtc,
    /// Account that confirmed, refused or withdrew the change; the proposer where one person was enough.
    pub decided_by: Option<AccountId>,
    /// Instant of the decision, programme time; none while the proposal waits, or where it lapsed.
    pub decided_at: Option<DateTimeUtc>,
    /// Whether the change was made.
    pub confirmed: bool,
}

impl ActiveModelBehavior for ActiveModel {}
