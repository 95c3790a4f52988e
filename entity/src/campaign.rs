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
    /// Key.
    #[sea_orm(primary_key)]
    pub id: CampaignId,
    /// Its name in addresses.
    #[sea_orm(unique)]
    pub slug: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English; empty where the campaign has one language.
    pub name_en: String,
    /// One sentence in Chinese.
    pub purpose_zh: String,
    /// One sentence in English.
    pub purpose_en: String,
    /// `both`, or the tag of the only language.
    pub language: String,
    /// Departments that host it.
    pub hosts: Codes,
    /// The stored part of the phase.
    pub phase: StoredPhase,
    /// First instant of voting.
    pub opens_at: DateTimeUtc,
    /// End of voting, exclusive: the day after the last day, 00:00 UTC+8.
    pub closes_at: DateTimeUtc,
    /// Most options on one ballot.
    pub max_choices: i32,
    /// How many options become issues.
    pub top_n: i32,
    /// Tracks on which ballots are taken.
    pub tracks: Codes,
    /// How options are ranked; fixed by publication.
    pub ranking_rule: RankingRule,
    /// Anonymous passes that an address gets a day.
    pub day_cap: i32,
    /// How long a phone computes for an anonymous pass at most, in seconds.
    pub work_seconds: i32,
    /// What is seen while voting is open.
    pub display: Display,
    /// Provinces that the issues go to.
    pub units: Codes,
    /// Whether voters choose a place; an imported campaign has none.
    pub places: bool,
    /// Fixed last day for fixes, rolled forward to a working day.
    pub deadline_on: Option<Date>,
    /// Or this many working days after dispatch.
    pub deadline_days: Option<i32>,
    /// Working days within which a row is to be acknowledged or returned.
    pub acknowledge_days: i32,
    /// Who wrote it; none for an import.
    pub author_id: Option<AccountId>,
    /// Who published it.
    pub approver_id: Option<AccountId>,
    /// When wording and rules froze.
    pub published_at: Option<DateTimeUtc>,
    /// SHA-256 of the published questionnaire, hexadecimal.
    pub questionnaire: Option<String>,
    /// Reason of a suspension or cancellation, shown to everybody.
    pub notice: String,
    /// Who asked for the halt that holds, or that waits for an approver.
    pub halted_by: Option<AccountId>,
    /// When; programme time.
    pub halted_at: Option<DateTimeUtc>,
    /// Until when a halt that nobody confirmed holds, or can be confirmed; none once it is confirmed.
    pub halt_until: Option<DateTimeUtc>,
    /// The approver who confirmed the halt.
    pub halt_confirmed_by: Option<AccountId>,
    /// Counts edits, so that two editors notice each other.
    pub revision: i32,
}

impl ActiveModelBehavior for ActiveModel {}
