//! Queries that read campaigns, their options and their histories.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, CampaignId};
use entity::stored::{CampaignMove, StoredPhase, TermKind};
use entity::{account, campaign, campaign_event, campaign_option};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::draft::Known;
use super::options::{NewOption, Vocabulary};
use super::phase::Phase;
use crate::accounts;
use crate::base::access::Act;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::text;
use crate::{audit, programme};

/// Acts of the audit trail that change a draft.
const EDITS: [&str; 2] = ["campaign.edit", "campaign.put_options"];

/// A campaign by its slug, in any phase: for staff and for rules.
///
/// # Errors
/// `NotFound`.
pub async fn campaign(db: &impl ConnectionTrait, slug: &str) -> Result<campaign::Model> {
    campaign::Entity::find_by_slug(slug).one(db).await?.ok_or(Error::NotFound("campaign"))
}

/// A campaign that the public may see.
///
/// # Errors
/// `NotFound`, also for a draft.
pub async fn published(db: &impl ConnectionTrait, slug: &str, now: DateTime<Utc>) -> Result<campaign::Model> {
    let found = campaign(db, slug).await?;
    // A draft that was cancelled was never public.
    if Phase::of(&found, now).is_public() && found.published_at.is_some() {
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
    campaign::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("campaign"))
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
    Ok(all(db).await?.into_iter().filter(|c| !hidden.contains(&c.phase) && c.published_at.is_some()).collect())
}

/// The options of a campaign in the order of ballot numbers.
///
/// # Errors
/// A store that fails.
pub async fn options(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Vec<campaign_option::Model>> {
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
    campaign_option::Entity::find_by_code(code).one(db).await?.ok_or(Error::NotFound("issue"))
}

/// The moves of a campaign, oldest first.
///
/// # Errors
/// A store that fails.
pub async fn history(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<Vec<campaign_event::Model>> {
    Ok(campaign_event::Entity::find()
        .filter(campaign_event::COLUMN.campaign_id.eq(campaign))
        .order_by_asc(campaign_event::COLUMN.id)
        .all(db)
        .await?)
}

/// The latest move of one kind in the history of a campaign.
///
/// # Errors
/// A store that fails.
pub async fn last_move(
    db: &impl ConnectionTrait,
    campaign: CampaignId,
    act: CampaignMove,
) -> Result<Option<campaign_event::Model>> {
    Ok(campaign_event::Entity::find()
        .filter(campaign_event::COLUMN.campaign_id.eq(campaign))
        .filter(campaign_event::COLUMN.act.eq(act))
        .order_by_desc(campaign_event::COLUMN.id)
        .one(db)
        .await?)
}

/// The codes that options may refer to.
///
/// # Errors
/// A store that fails.
pub async fn vocabulary(db: &impl ConnectionTrait) -> Result<Vocabulary> {
    let codes = async |kind| -> Result<HashSet<String>> {
        Ok(programme::queries::terms(db, kind).await?.into_iter().map(|t| t.code).collect())
    };
    Ok(Vocabulary {
        departments: codes(TermKind::Department).await?,
        domains: codes(TermKind::Domain).await?,
        root_causes: codes(TermKind::RootCause).await?,
        remedies: codes(TermKind::Remedy).await?,
    })
}

/// The codes that rules may refer to, and the names that other submitted campaigns already have. `own` is the slug of the campaign
/// whose rules are written; none for a new campaign.
///
/// # Errors
/// A store that fails.
pub async fn known(db: &impl ConnectionTrait, own: Option<&str>) -> Result<Known> {
    let departments = programme::queries::terms(db, TermKind::Department).await?;
    let units = programme::queries::provinces(db).await?;
    let mut others = all(db).await?;
    others.retain(|c| own != Some(c.slug.as_str()));
    // A draft may have any name until it is submitted. The name of a cancelled campaign is free for the one in its place.
    let named = others.iter().filter(|c| !matches!(c.phase, StoredPhase::Draft | StoredPhase::Cancelled));
    let looks = named.flat_map(|c| [text::look(&c.name_zh), text::look(&c.name_en)]);
    Ok(Known {
        departments: departments.into_iter().map(|t| t.code).collect(),
        units: units.into_iter().map(|p| p.code).collect(),
        names: looks.filter(|look| !look.is_empty()).collect(),
        slugs: others.iter().map(|c| c.slug.clone()).collect(),
    })
}

/// The given option codes that another campaign already has.
///
/// # Errors
/// A store that fails.
pub async fn taken_codes(
    db: &impl ConnectionTrait,
    own: Option<CampaignId>,
    codes: impl IntoIterator<Item = &str>,
) -> Result<HashSet<String>> {
    let mut taken = campaign_option::Entity::find().filter(campaign_option::COLUMN.code.is_in(codes));
    if let Some(own) = own {
        taken = taken.filter(campaign_option::COLUMN.campaign_id.ne(own));
    }
    Ok(taken.all(db).await?.into_iter().map(|o| o.code).collect())
}

/// Number of options of a campaign.
///
/// # Errors
/// A store that fails.
pub async fn option_count(db: &impl ConnectionTrait, campaign: CampaignId) -> Result<u64> {
    Ok(campaign_option::Entity::find().filter(campaign_option::COLUMN.campaign_id.eq(campaign)).count(db).await?)
}

/// The accounts that may publish a campaign in review: approvers who neither wrote the campaign nor submitted it.
///
/// # Errors
/// A store that fails.
pub async fn publishers(db: &impl ConnectionTrait, campaign: &campaign::Model) -> Result<Vec<account::Model>> {
    let own = own_hands(db, campaign).await?;
    Ok(accounts::queries::holders(db, Act::PublishCampaigns)
        .await?
        .into_iter()
        .filter(|account| !own.contains(&account.id))
        .collect())
}

/// The accounts that worked on a campaign: the author, everybody who changed rules or options, and the last person who
/// submitted the campaign to review.
///
/// # Errors
/// A store that fails.
pub async fn own_hands(db: &impl ConnectionTrait, campaign: &campaign::Model) -> Result<Vec<AccountId>> {
    let handed_in = campaign_event::Entity::find()
        .filter(campaign_event::COLUMN.campaign_id.eq(campaign.id))
        .filter(campaign_event::COLUMN.act.eq(CampaignMove::Submission))
        .order_by_desc(campaign_event::COLUMN.id)
        .one(db)
        .await?
        .and_then(|event| event.actor_id);
    let wrote = audit::actors(db, &EDITS, &campaign.slug).await?;
    Ok(campaign.author_id.into_iter().chain(handed_in).chain(wrote).collect())
}

/// Locks a campaign until the transaction ends (`SELECT … FOR UPDATE`). The campaign is moved after an entry was written to the
/// audit trail, and a transaction that holds the end of the audit trail must not wait for another lock.
///
/// # Errors
/// A store that fails.
pub async fn hold(tx: &DatabaseTransaction, id: CampaignId) -> Result<()> {
    campaign::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}

/// The latest change of a campaign: instant (programme time) and account.
///
/// # Errors
/// A store that fails.
pub async fn last_change(
    db: &impl ConnectionTrait,
    campaign: &campaign::Model,
) -> Result<Option<(DateTime<Utc>, Option<AccountId>)>> {
    let edit = audit::last(db, &EDITS, &campaign.slug).await?;
    let moved = history(db, campaign.id).await?.pop();
    let edit = edit.map(|entry| (entry.at, entry.actor_id));
    let moved = moved.map(|event| (event.at, event.actor_id));
    // For equal instants the edit is taken: a move is recorded in the same transaction as the change that belongs to it.
    Ok([moved, edit].into_iter().flatten().max_by_key(|c| c.0))
}

/// A stored option in the form of a table line.
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

/// Checks that every code is free, for a preview before anything is written.
///
/// # Errors
/// `options.taken` for each code that another campaign already has.
pub async fn check_taken(db: &impl ConnectionTrait, own: Option<CampaignId>, options: &[NewOption]) -> Result<()> {
    let taken = taken_codes(db, own, options.iter().map(|o| o.code.as_str())).await?;
    let mut problems = Problems::default();
    for option in options.iter().filter(|o| taken.contains(&o.code)) {
        problems.add("options", Refusal::new("options.taken").with("text", &option.code));
    }
    problems.finish()
}
