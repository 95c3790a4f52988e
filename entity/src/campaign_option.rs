//! One line of a questionnaire: a candidate pain point.

use sea_orm::entity::prelude::*;

use crate::codes::Codes;
use crate::id::{CampaignId, CampaignOptionId};
use crate::stored::{Affected, ProposedBy};

/// One line of a questionnaire: a candidate pain point.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_option")]
pub struct Model {
    /// Key of the option.
    #[sea_orm(primary_key)]
    pub id: CampaignOptionId,
    /// Campaign whose questionnaire holds the option.
    pub campaign_id: CampaignId,
    /// Code of the option in addresses, unique over all campaigns.
    #[sea_orm(unique)]
    pub code: String,
    /// Number of the option in the fixed order; the last step of the tie rule.
    pub ballot_no: i32,
    /// Title in Chinese: a full sentence that a person would say.
    pub title_zh: String,
    /// Title in English: a full sentence that a person would say.
    pub title_en: String,
    /// Short title in Chinese for tables, at most 12 characters.
    pub short_zh: String,
    /// Short title in English for tables, at most 26 letters.
    pub short_en: String,
    /// Theme in Chinese under which the ballot groups the option.
    pub theme_zh: String,
    /// Theme in English under which the ballot groups the option.
    pub theme_en: String,
    /// Code of the field of service.
    pub domain: String,
    /// Code of the department in charge.
    pub lead_department: String,
    /// Codes of the supporting departments.
    pub co_departments: Codes,
    /// Code of the root cause that blocks people.
    pub root_cause: String,
    /// Codes of the remedies that would remove the block.
    pub remedies: Codes,
    /// Group that the pain point blocks.
    pub affected: Affected,
    /// Group that proposed the option.
    pub proposed_by: ProposedBy,
}

impl ActiveModelBehavior for ActiveModel {}
