//! The decision on which options became issues, with its inputs and its approvals.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId};

/// The decision on which options became issues, with its inputs and its approvals.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "selection")]
pub struct Model {
    /// Campaign whose options are selected.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    /// Digest of the tally on which the selection rests: SHA-256, hexadecimal.
    pub digest: String,
    /// Name and version of the ranking rule.
    pub rule: String,
    /// Number of options that were to be selected.
    pub top_n: i32,
    /// Ranked options as published, as JSON.
    pub ranking: Json,
    /// Account that drew up the selection.
    pub proposed_by: AccountId,
    /// Instant at which the selection was drawn up, programme time.
    pub proposed_at: DateTimeUtc,
    /// Account that gave the first signature.
    pub first_approver: Option<AccountId>,
    /// Instant of the first signature, programme time.
    pub first_at: Option<DateTimeUtc>,
    /// Account that gave the second signature.
    pub second_approver: Option<AccountId>,
    /// Instant of the second signature, programme time.
    pub second_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
