//! Publishing an incident: by an approver, or by the program.

use entity::id::IncidentId;
use entity::incident;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, sea_query::OnConflict};

use super::known::Known;
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Problems, Result};

/// Greatest length of a title, in characters.
pub const MAX_TITLE: usize = 120;
/// Greatest length of a text, in characters.
pub const MAX_TEXT: usize = 6_000;

/// An incident as an approver writes it, in both languages.
#[derive(Clone, Debug, Default)]
pub struct NewIncident {
    /// Title in Chinese, one line.
    pub title_zh: String,
    /// Title in English, one line.
    pub title_en: String,
    /// Text in Chinese: the event, its meaning, and advice to readers.
    pub text_zh: String,
    /// The same text in English.
    pub text_en: String,
}

impl NewIncident {
    /// The same incident with its texts checked and trimmed.
    ///
    /// # Errors
    /// `Invalid`: every field that is empty or too long.
    fn checked(&self) -> Result<Self> {
        let mut problems = Problems::default();
        let checked = Self {
            title_zh: problems.line("title_zh", &self.title_zh, MAX_TITLE),
            title_en: problems.line("title_en", &self.title_en, MAX_TITLE),
            text_zh: problems.text("text_zh", &self.text_zh, MAX_TEXT),
            text_en: problems.text("text_en", &self.text_en, MAX_TEXT),
        };
        problems.finish()?;
        Ok(checked)
    }
}

/// Publishes an incident. Nothing changes or removes it afterwards.
///
/// # Errors
/// `NotFound` for anybody but an approver; `Invalid` by field.
pub async fn publish(tx: &DatabaseTransaction, ctx: &Ctx, new: &NewIncident) -> Result<IncidentId> {
    let by = ctx.require(Act::PublishIncidents)?.id;
    let new = new.checked()?;
    let row = incident::ActiveModel {
        known_as: Set(None),
        published_at: Set(ctx.now),
        title_zh: Set(new.title_zh.clone()),
        title_en: Set(new.title_en.clone()),
        text_zh: Set(new.text_zh),
        text_en: Set(new.text_en),
        published_by: Set(Some(by)),
        ..Default::default()
    };
    let id = incident::Entity::insert(row).exec(tx).await?.last_insert_id;
    let detail = serde_json::json!({ "title_zh": new.title_zh, "title_en": new.title_en });
    audit::record(tx, ctx, "incident.publish", &id.to_string(), detail).await?;
    Ok(id)
}

/// Publishes an incident that the program knows of an earlier version. The insert is idempotent: a site publishes each known
/// incident once.
///
/// # Errors
/// A store that fails.
pub async fn publish_known(tx: &DatabaseTransaction, ctx: &Ctx, known: &Known) -> Result<()> {
    let row = incident::ActiveModel {
        known_as: Set(Some(known.name.to_owned())),
        published_at: Set(ctx.now),
        title_zh: Set(known.title.0.to_owned()),
        title_en: Set(known.title.1.to_owned()),
        text_zh: Set(known.text.0.to_owned()),
        text_en: Set(known.text.1.to_owned()),
        published_by: Set(None),
        ..Default::default()
    };
    let once = OnConflict::column(incident::Column::KnownAs).do_nothing().to_owned();
    let added = incident::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    if added == 0 {
        return Ok(());
    }
    audit::record(tx, ctx, "incident.publish", known.name, serde_json::json!({ "title_en": known.title.1 })).await
}
