//! The import of a campaign that was voted on elsewhere.

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::codes::Codes;
use entity::stored::{CampaignMove, Display, RankingRule, StoredPhase, Track};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use super::{insert_options, note, save, unchanged};
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, OnDuplicate, Refusal, Result};
use crate::campaign::draft::{DAY_CAP, WORK_SECONDS};
use crate::campaign::options::NewOption;
use crate::campaign::{queries, questionnaire};

/// A campaign that was voted on elsewhere.
#[derive(Clone, Debug)]
pub struct Import {
    /// Slug of the campaign.
    pub slug: String,
    /// Name of the campaign in its own language.
    pub name: String,
    /// Tag of the campaign's language.
    pub language: String,
    /// First instant of voting.
    pub opens_at: DateTime<Utc>,
    /// Exclusive end of voting.
    pub closes_at: DateTime<Utc>,
    /// Largest number of options on one ballot.
    pub max_choices: i32,
    /// Options of the campaign.
    pub options: Vec<NewOption>,
}

/// Imports a campaign that was voted on elsewhere: one language, no places, anonymous, published at once so that its ballots
/// can be cast. The campaign ends with its count: nothing is dispatched.
///
/// # Errors
/// `NotFound` for anybody but the operator; `campaign.slug_taken`; `options.taken`.
pub async fn import(tx: &DatabaseTransaction, ctx: &Ctx, import: &Import) -> Result<()> {
    let Actor::System(_) = ctx.actor else {
        return Err(Error::NotFound("page"));
    };
    let row = campaign::ActiveModel {
        slug: Set(import.slug.clone()),
        name_zh: Set(import.name.clone()),
        name_en: Set(String::new()),
        purpose_zh: Set(String::new()),
        purpose_en: Set(String::new()),
        language: Set(import.language.clone()),
        hosts: Set(Codes::default()),
        phase: Set(StoredPhase::Scheduled),
        opens_at: Set(import.opens_at),
        closes_at: Set(import.closes_at),
        max_choices: Set(import.max_choices),
        top_n: Set(0),
        tracks: Set([Track::Anonymous.code()].into_iter().collect()),
        ranking_rule: Set(RankingRule::AllVotes),
        day_cap: Set(DAY_CAP),
        work_seconds: Set(WORK_SECONDS),
        display: Set(Display::Closed),
        units: Set(Codes::default()),
        places: Set(false),
        deadline_on: Set(None),
        deadline_days: Set(None),
        acknowledge_days: Set(1),
        author_id: Set(None),
        approver_id: Set(None),
        published_at: Set(Some(ctx.now)),
        questionnaire: Set(None),
        notice: Set(String::new()),
        revision: Set(1),
        ..unchanged()
    };
    let made = row.insert(tx).await.on_duplicate(Error::Conflict(Refusal::new("campaign.slug_taken")))?;
    insert_options(tx, made.id, &import.options).await?;
    let options = queries::options(tx, made.id).await?;
    let hash = hex::encode(questionnaire::hash(&made, &options));
    let row = campaign::ActiveModel { questionnaire: Set(Some(hash)), ..unchanged() };
    let made = save(tx, &made, row).await?;
    note(tx, ctx, &made, CampaignMove::Publication, "").await
}
