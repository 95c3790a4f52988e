//! A rule by which ballots do not count, with its preview and its two signatures. The ballots stay in the log.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId, InvalidationId};

/// A rule by which ballots do not count, with its preview and its two signatures. The ballots stay in the log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invalidation")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key)]
    pub id: InvalidationId,
    /// Whose ballots.
    pub campaign_id: CampaignId,
    /// Number among the rules of the campaign, from 1.
    pub number: i32,
    /// Which ballots, in the one canonical spelling.
    pub criteria: String,
    /// Why, in words that everybody reads.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// How many it was when it was proposed; as many have to be named in the end.
    pub ballots: i64,
    /// Who proposed it.
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
    /// Taken back before the second signature.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// In the public log, and the count taken again.
    pub appended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
