//! Something that went wrong at this site, told to everybody. An incident never changes once it is published.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, IncidentId};

/// Something that went wrong at this site, told to everybody. An incident never changes once it is published.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    /// Key of the incident, shown as its number in addresses.
    #[sea_orm(primary_key)]
    pub id: IncidentId,
    /// Name of an incident that the program itself publishes once a site; none for incidents that people write.
    #[sea_orm(unique)]
    pub known_as: Option<String>,
    /// Instant of publication, programme time.
    pub published_at: DateTimeUtc,
    /// Title of the incident in Chinese, one line.
    pub title_zh: String,
    /// Title of the incident in English, one line.
    pub title_en: String,
    /// Account of the incident in Chinese: events, effects, advice. Line breaks separate paragraphs.
    #[sea_orm(column_type = "Text")]
    pub text_zh: String,
    /// Account of the incident in English: events, effects, advice. Line breaks separate paragraphs.
    #[sea_orm(column_type = "Text")]
    pub text_en: String,
    /// Account that published the incident; none for the program itself.
    pub published_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
