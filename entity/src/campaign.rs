//! One consultation round, from draft to dispatch.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::id::{AccountId, CampaignId};
use crate::stored::{Display, RankingRule, StoredPhase};

/// One consultation round, from draft to dispatch.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    /// Key of the campaign.
    #[sea_orm(primary_key)]
    pub id: CampaignId,
    /// Slug of the campaign, its name in addresses.
    #[sea_orm(unique)]
    pub slug: String,
    /// Name of the campaign in Chinese.
    pub name_zh: String,
    /// Name of the campaign in English; empty where the campaign has one language.
    pub name_en: String,
    /// Purpose of the campaign, one sentence in Chinese.
    pub purpose_zh: String,
    /// Purpose of the campaign, one sentence in English.
    pub purpose_en: String,
    /// `both`, or the tag of the only language.
    pub language: String,
    /// Codes of the departments that host the campaign.
    pub hosts: Codes,
    /// Stored part of the phase; `voting` and `closed` come from the clock.
    pub phase: StoredPhase,
    /// First instant of voting, programme time.
    pub opens_at: DateTimeUtc,
    /// End of voting, exclusive, programme time: 00:00 UTC+8 of the day after the last day.
    pub closes_at: DateTimeUtc,
    /// Maximum number of options on one ballot.
    pub max_choices: i32,
    /// Number of options that become issues.
    pub top_n: i32,
    /// Tracks on which ballots are accepted.
    pub tracks: Codes,
    /// Rule by which options are ranked; fixed by publication.
    pub ranking_rule: RankingRule,
    /// Maximum number of anonymous passes for one network address in a day.
    pub day_cap: i32,
    /// Longest time that a phone computes for the puzzle of an anonymous pass, in seconds.
    pub work_seconds: i32,
    /// Figures that are shown while voting is open.
    pub display: Display,
    /// Codes of the provinces to which the issues are dispatched.
    pub units: Codes,
    /// Whether voters choose a place; an imported campaign has no places.
    pub places: bool,
    /// Last day for fixes, where the deadline is a fixed date; rolled forward to a working day.
    pub deadline_on: Option<Date>,
    /// Number of working days from the dispatch to the deadline for fixes, where the deadline is no fixed date.
    pub deadline_days: Option<i32>,
    /// Number of working days within which an assignment is to be acknowledged or returned.
    pub acknowledge_days: i32,
    /// Account that wrote the campaign; none for an import.
    pub author_id: Option<AccountId>,
    /// Account that published the campaign; none before publication, and for an import.
    pub approver_id: Option<AccountId>,
    /// Instant of publication, programme time. Wording and rules are frozen from then on.
    pub published_at: Option<DateTimeUtc>,
    /// SHA-256 of the published questionnaire, hexadecimal.
    pub questionnaire: Option<String>,
    /// Reason of a suspension or cancellation, shown to everybody; otherwise empty.
    pub notice: String,
    /// Account that began or requested the last halt. The value is cleared after a confirmed halt and kept after one that nobody
    /// confirmed.
    pub halted_by: Option<AccountId>,
    /// Instant at which the last halt began or was requested, programme time; cleared and kept like `halted_by`.
    pub halted_at: Option<DateTimeUtc>,
    /// Instant at which an unconfirmed halt or a request for a halt ends, programme time; none once the halt is confirmed.
    pub halt_until: Option<DateTimeUtc>,
    /// Account of the approver who confirmed the halt.
    pub halt_confirmed_by: Option<AccountId>,
    /// Number of saved changes: an optimistic lock, so that two editors notice each other.
    pub revision: i32,
}

impl ActiveModelBehavior for ActiveModel {}
