//! A rule by which ballots do not count, with its preview and its two signatures. The ballots stay in the log.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, CampaignId, InvalidationId};

/// A rule by which ballots do not count, with its preview and its two signatures. The ballots stay in the log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invalidation")]
pub struct Model {
    /// Key of the rule.
    #[sea_orm(primary_key)]
    pub id: InvalidationId,
    /// Campaign whose ballots the rule concerns.
    pub campaign_id: CampaignId,
    /// Number among the rules of the campaign, from 1.
    pub number: i32,
    /// Criteria that the ballots meet, in the one canonical spelling.
    pub criteria: String,
    /// Reason of the rule, in words that everybody reads.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Number of ballots that met the criteria when the rule was proposed. The log has to name as many in the end.
    pub ballots: i64,
    /// Account that proposed the rule.
    pub proposed_by: AccountId,
    /// Instant of the proposal, programme time.
    pub proposed_at: DateTimeUtc,
    /// Account that gave the first signature.
    pub first_approver: Option<AccountId>,
    /// Instant of the first signature, programme time.
    pub first_at: Option<DateTimeUtc>,
    /// Account that gave the second signature.
    pub second_approver: Option<AccountId>,
    /// Instant of the second signature, programme time.
    pub second_at: Option<DateTimeUtc>,
    /// Instant at which the rule was withdrawn, before the second signature, programme time.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Instant at which the rule was in the public log and the count was taken again, programme time.
    pub appended_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
