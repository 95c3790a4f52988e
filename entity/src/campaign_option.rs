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
    /// Key.
    #[sea_orm(primary_key)]
    pub id: CampaignOptionId,
    /// Whose.
    pub campaign_id: CampaignId,
    /// Its name in addresses, unique over all campaigns.
    #[sea_orm(unique)]
    pub code: String,
    /// Number in the fixed order; the last step of the tie rule.
    pub ballot_no: i32,
    /// A full sentence that a person would say.
    pub title_zh: String,
    /// The same in English.
    pub title_en: String,
    /// At most 12 characters, for tables.
    pub short_zh: String,
    /// At most 26 letters, for tables.
    pub short_en: String,
    /// The word under which the ballot groups it.
    pub theme_zh: String,
    /// The same in English.
    pub theme_en: String,
    /// Field of service.
    pub domain: String,
    /// Department in charge.
    pub lead_department: String,
    /// Supporting departments.
    pub co_departments: Codes,
    /// Why it blocks.
    pub root_cause: String,
    /// What would clear it.
    pub remedies: Codes,
    /// Whom it blocks.
    pub affected: Affected,
    /// Who proposed it.
    pub proposed_by: ProposedBy,
}

impl ActiveModelBehavior for ActiveModel {}
