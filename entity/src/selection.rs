//! The decision which options became issues, with its inputs and its approvals.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId};

/// The decision which options became issues, with its inputs and its approvals.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "selection")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    /// Digest of the tally it rests on.
    pub digest: String,
    /// Name and version of the rule.
    pub rule: String,
    /// How many were to be selected.
    pub top_n: i32,
    /// The ranked lines as published.
    pub ranking: Json,
    /// Who drew it up.
    pub proposed_by: AccountId,
    /// When.
    pub proposed_at: DateTimeUtc,
    /// First signature.
    pub first_approver: Option<AccountId>,
    /// When.
    pub first_at: Option<DateTimeUtc>,
    /// Second signature.
    pub second_approver: Option<AccountId>,
    /// When.
    pub second_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
