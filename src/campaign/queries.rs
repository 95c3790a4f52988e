//! Reading campaigns.

use chrono::{DateTime, Utc};
use entity::id::CampaignId;
use entity::stored::{StoredPhase, TermKind};
use entity::{campaign, campaign_event, campaign_option};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::options::{NewOption, Vocabulary};
use super::phase::Phase;
use crate::error::{Error, Result};
use crate::programme;

/// A campaign by its slug, whatever its phase: for staff and for rules.
///
/// # Errors
/// `NotFound`.
pub async fn campaign(db: &impl ConnectionTrait, slug: &str) -> Result<campaign::Model> {
    campaign::Entity::find_by_slug(slug)
        .one(db)
        .await?
        .ok_or(Error::NotFound("campaign"))
}

/// A campaign that the public may see.
///
/// # Errors
/// `NotFound`, also for a draft.
pub async fn published(
    db: &impl ConnectionTrait,
    slug: &str,
    now: DateTime<Utc>,
) -> Result<campaign::Model> {
    let found = campaign(db, slug).await?;
    if Phase::of(&found, now).is_public() {
        Ok(found)
    } else {
        Err(Error::NotFound("campaign"))
    }
}

/// A campaign by its key.
///
/// # Errors
/// `NotFound`.
pub async fn by_id(db: &impl ConnectionTrait, id: CampaignId) -> Result<campaign::Model> {
    campaign::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or(Error::NotFound("campaign"))
}

/// All campaigns, the latest opening first.
///
/// # Errors
/// A store that fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<campaign::Model>> {
    Ok(campaign::Entity::find()
        .order_by_desc(campaign::COLUMN.opens_at)
        .order_by_desc(campaign::COLUMN.id)
        .all(db)
        .await?)
}

/// All campaigns that the public may see, the latest opening first.
///
/// # Errors
/// A store that fails.
pub async fn all_published(db: &impl ConnectionTrait) -> Result<Vec<campaign::Model>> {
    let hidden = [StoredPhase::Draft, StoredPhase::InReview];
    Ok(all(db)
        .await?
        .into_iter()
        .filter(|c| !hidden.contains(&c.phase) && c.published_at.is_some())
        .collect())
}

/// The options of a campaign in the order of ballot numbers.
///
/// # Errors
/// A store that fails.
pub async fn options(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Result<Vec<campaign_option::Model>> {
    Ok(campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.campaign_id.eq(campaign))
        .order_by_asc(campaign_option::COLUMN.ballot_no)
        .all(db)
        .await?)
}

/// One option by its code.
///
/// # Errors
/// `NotFound`.
pub async fn option(db: &impl ConnectionTrait, code: &str) -> Result<campaign_option::Model> {
    campaign_option::Entity::find_by_code(code)
        .one(db)
        .await?
        .ok_or(Error::NotFound("issue"))
}

/// The history of a campaign, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn history(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
) -> Result<Vec<campaign_event::Model>> {
    Ok(campaign_event::Entity::find()
        .filter(campaign_event::COLUMN.campaign_id.eq(campaign))
        .order_by_asc(campaign_event::COLUMN.id)
        .all(db)
        .await?)
}

/// The codes that options may refer to.
///
/// # Errors
/// A store that fails.
pub async fn vocabulary(db: &impl ConnectionTrait) -> Result<Vocabulary> {
    let codes = async |kind| -> Result<std::collections::HashSet<String>> {
        Ok(programme::queries::terms(db, kind)
            .await?
            .into_iter()
            .map(|t| t.code)
            .collect())
    };
    Ok(Vocabulary {
        departments: codes(TermKind::Department).await?,
        domains: codes(TermKind::Domain).await?,
        root_causes: codes(TermKind::RootCause).await?,
        remedies: codes(TermKind::Remedy).await?,
    })
}

/// An option as it is written in a table.
#[must_use]
pub fn as_written(option: &campaign_option::Model) -> NewOption {
    NewOption {
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
        co_departments: option.co_departments.clone(),
        root_cause: option.root_cause.clone(),
        remedies: option.remedies.clone(),
        affected: option.affected,
        proposed_by: option.proposed_by,
    }
}
