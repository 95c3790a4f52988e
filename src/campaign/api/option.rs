//! The option of a questionnaire in the API, as its author sends it and as the questionnaire shows it.

use entity::campaign_option;
use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};
use poem_openapi::Object;

use crate::campaign::options::NewOption;

/// One option of a questionnaire.
#[derive(Debug, Object)]
pub struct OptionObject {
    /// Code of the option, unique over all campaigns.
    pub code: String,
    /// Ballot number: place of the option in the fixed order, from 1; the last criterion of the ranking rule.
    pub ballot_no: i32,
    /// Title in Chinese, a full sentence.
    pub title_zh: String,
    /// Title in English, a full sentence.
    pub title_en: String,
    /// Short title in Chinese; at most 12 characters.
    pub short_zh: String,
    /// Short title in English; at most 26 characters.
    pub short_en: String,
    /// Theme under which the ballot groups the option, in Chinese.
    pub theme_zh: String,
    /// Theme under which the ballot groups the option, in English.
    pub theme_en: String,
    /// Code of the field of service.
    pub domain: String,
    /// Code of the lead department.
    pub lead_department: String,
    /// Codes of the supporting departments.
    #[oai(default)]
    pub co_departments: Vec<String>,
    /// Code of the root cause.
    pub root_cause: String,
    /// Codes of the remedies that would clear the pain point.
    pub remedies: Vec<String>,
    /// People whom the pain point blocks.
    pub affected: Affected,
}

impl OptionObject {
    /// The object of a stored option.
    #[must_use]
    pub fn of(option: &campaign_option::Model) -> Self {
        Self {
            code: option.code.clone(),
            ballot_no: option.ballot_no,
            title_zh: option.title_zh.clone(),
            title_en: option.title_en.clone(),
            short_zh: option.short_zh.clone(),
            short_en: option.short_en.clone(),
            theme_zh: option.theme_zh.clone(),
            theme_en: option.theme_en.clone(),
            domain: option.domain.clone(),
            lead_department: option.lead_department.clone(),
            co_departments: option.co_departments.0.clone(),
            root_cause: option.root_cause.clone(),
            remedies: option.remedies.0.clone(),
            affected: option.affected,
        }
    }

    /// The option in the form that is checked and stored.
    #[must_use]
    pub fn into_new(self, proposed_by: ProposedBy) -> NewOption {
        NewOption {
            code: self.code,
            ballot_no: self.ballot_no,
            title_zh: self.title_zh,
            title_en: self.title_en,
            short_zh: self.short_zh,
            short_en: self.short_en,
            theme_zh: self.theme_zh,
            theme_en: self.theme_en,
            domain: self.domain,
            lead_department: self.lead_department,
            co_departments: Codes(self.co_departments),
            root_cause: self.root_cause,
            remedies: Codes(self.remedies),
            affected: self.affected,
            proposed_by,
        }
    }
}
