//! Something that went wrong at this site, told to everybody; never changed once it is published.

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, IncidentId};

/// Something that went wrong at this site, told to everybody; never changed once it is published.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incident")]
pub struct Model {
    /// Key; its number in addresses.
    #[sea_orm(primary_key)]
    pub id: IncidentId,
    /// Name of an incident that the program itself publishes, once a site; none for what people write.
    #[sea_orm(unique)]
    pub known_as: Option<String>,
    /// Programme time.
    pub published_at: DateTimeUtc,
    /// One line, in Chinese.
    pub title_zh: String,
    /// One line, in English.
    pub title_en: String,
    /// The account of it in Chinese: events, effects, advice; paragraphs are separated by line breaks.
    #[sea_orm(column_type = "Text")]
    pub text_zh: String,
    /// The same in English.
    #[sea_orm(column_type = "Text")]
    pub text_en: String,
    /// The publisher; none for the program itself.
    pub published_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
