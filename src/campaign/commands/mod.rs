//! Commands that write campaigns: rules and options of a draft in this module, moves in `moves`, imported campaigns in
//! `import`.

mod halting;
mod import;
mod moves;

use entity::id::CampaignId;
use entity::stored::{CampaignMove, StoredPhase};
use entity::{campaign, campaign_event, campaign_option};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::draft::{Deadline, Draft};
use super::options::NewOption;
use super::queries;
use crate::audit;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, OnDuplicate, Refusal, Result};
use crate::base::text;

pub use halting::end_halts;
pub use import::{Import, import};
pub use moves::{advance, advance_checked, check_revision};

/// Creates a campaign in the draft phase.
///
/// # Errors
/// `NotFound` for anybody but an organiser; `Invalid`; `campaign.slug_taken`; `campaign.name_taken` for a name that looks like
/// that of another campaign that was submitted.
pub async fn create(tx: &DatabaseTransaction, ctx: &Ctx, draft: &Draft) -> Result<campaign::Model> {
    let author = ctx.require(Act::WriteCampaigns)?.id;
    draft.check(&queries::known(tx, None).await?)?;
    let row = campaign::ActiveModel {
        language: Set("both".to_owned()),
        phase: Set(StoredPhase::Draft),
        places: Set(true),
        author_id: Set(Some(author)),
        notice: Set(String::new()),
        revision: Set(1),
        ..rules(draft)
    };
    let made = row.insert(tx).await.on_duplicate(Error::field("slug", Refusal::new("campaign.slug_taken")))?;
    note(tx, ctx, &made, CampaignMove::Creation, "").await?;
    Ok(made)
}

/// Changes the rules of a draft. `revision` is the revision that the editor read (optimistic lock).
///
/// # Errors
/// `NotFound`; `Invalid`; `campaign.name_taken`; `campaign.frozen`; `campaign.stale` where somebody else changed the draft meanwhile.
pub async fn edit(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    revision: i32,
    draft: &Draft,
) -> Result<campaign::Model> {
    ctx.require(Act::WriteCampaigns)?;
    let found = editable(tx, slug, revision).await?;
    draft.check(&queries::known(tx, Some(slug)).await?)?;
    let made = save(tx, &found, rules(draft)).await?;
    audit::record(tx, ctx, "campaign.edit", &made.slug, serde_json::json!({ "revision": made.revision })).await?;
    Ok(made)
}

/// Replaces all options of a draft by a list.
///
/// # Errors
/// As [`edit`]; `options.taken` for a code that another campaign already has.
pub async fn put_options(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    revision: i32,
    options: &[NewOption],
) -> Result<()> {
    ctx.require(Act::WriteCampaigns)?;
    let found = editable(tx, slug, revision).await?;
    save(tx, &found, unchanged()).await?;
    campaign_option::Entity::delete_many().filter(campaign_option::COLUMN.campaign_id.eq(found.id)).exec(tx).await?;
    insert_options(tx, found.id, options).await?;
    audit::record(tx, ctx, "campaign.put_options", slug, serde_json::json!({ "options": options.len() })).await
}

/// Inserts options into a campaign that has none.
///
/// # Errors
/// `options.taken`.
pub async fn insert_options(tx: &DatabaseTransaction, campaign: CampaignId, options: &[NewOption]) -> Result<()> {
    queries::check_taken(tx, None, options).await?;
    for chunk in options.chunks(100) {
        let rows = chunk.iter().map(|o| campaign_option::ActiveModel {
            campaign_id: Set(campaign),
            code: Set(o.code.clone()),
            ballot_no: Set(o.ballot_no),
            title_zh: Set(o.title_zh.clone()),
            title_en: Set(o.title_en.clone()),
            short_zh: Set(o.short_zh.clone()),
            short_en: Set(o.short_en.clone()),
            theme_zh: Set(o.theme_zh.clone()),
            theme_en: Set(o.theme_en.clone()),
            domain: Set(o.domain.clone()),
            lead_department: Set(o.lead_department.clone()),
            co_departments: Set(o.co_departments.clone()),
            root_cause: Set(o.root_cause.clone()),
            remedies: Set(o.remedies.clone()),
            affected: Set(o.affected),
            proposed_by: Set(o.proposed_by),
            ..Default::default()
        });
        campaign_option::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await
            .on_duplicate(Error::conflict("options.taken_meanwhile"))?;
    }
    Ok(())
}

/// Writes an entry into the history of a campaign and into the audit trail.
///
/// # Errors
/// A store that fails.
pub async fn note(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    campaign: &campaign::Model,
    act: CampaignMove,
    reason: &str,
) -> Result<()> {
    let event = campaign_event::ActiveModel {
        campaign_id: Set(campaign.id),
        at: Set(ctx.now),
        act: Set(act),
        actor_id: Set(ctx.account()),
        office: Set(ctx.office()),
        reason: Set(reason.to_owned()),
        ..Default::default()
    };
    campaign_event::Entity::insert(event).exec_without_returning(tx).await?;
    audit::record(tx, ctx, &format!("campaign.{act}"), &campaign.slug, serde_json::json!({ "reason": reason })).await
}

async fn editable(tx: &DatabaseTransaction, slug: &str, revision: i32) -> Result<campaign::Model> {
    let found = queries::campaign(tx, slug).await?;
    if found.phase != StoredPhase::Draft {
        return Err(Error::conflict("campaign.frozen"));
    }
    if found.revision != revision {
        return Err(Error::conflict("campaign.stale"));
    }
    Ok(found)
}

/// Saves a change to a campaign and increases its revision. The update matches the revision that was read (compare-and-set), so
/// that of two writers with the same revision only the first saves, on every database.
async fn save(
    tx: &DatabaseTransaction,
    found: &campaign::Model,
    mut change: campaign::ActiveModel,
) -> Result<campaign::Model> {
    change.revision = Set(found.revision + 1);
    let saved = campaign::Entity::update_many()
        .set(change)
        .filter(campaign::COLUMN.id.eq(found.id))
        .filter(campaign::COLUMN.revision.eq(found.revision))
        .exec(tx)
        .await
        .on_duplicate(Error::field("slug", Refusal::new("campaign.slug_taken")))?;
    if saved.rows_affected == 1 { queries::by_id(tx, found.id).await } else { Err(Error::conflict("campaign.stale")) }
}

/// A change without any column set.
fn unchanged() -> campaign::ActiveModel {
    Default::default()
}

/// The columns for the rules of a draft.
fn rules(draft: &Draft) -> campaign::ActiveModel {
    let (on, days) = match draft.deadline {
        Deadline::On(day) => (Some(day), None),
        Deadline::After(days) => (None, Some(days)),
    };
    campaign::ActiveModel {
        slug: Set(draft.slug.clone()),
        name_zh: Set(text::tidy(&draft.name_zh)),
        name_en: Set(text::tidy(&draft.name_en)),
        purpose_zh: Set(text::tidy(&draft.purpose_zh)),
        purpose_en: Set(text::tidy(&draft.purpose_en)),
        hosts: Set(draft.hosts.iter().collect()),
        opens_at: Set(draft.opens_at()),
        closes_at: Set(draft.closes_at()),
        max_choices: Set(draft.max_choices),
        top_n: Set(draft.top_n),
        tracks: Set(draft.track_codes()),
        ranking_rule: Set(draft.ranking_rule),
        day_cap: Set(draft.day_cap),
        work_seconds: Set(draft.work_seconds),
        display: Set(draft.display),
        units: Set(draft.units.iter().collect()),
        deadline_on: Set(on),
        deadline_days: Set(days),
        acknowledge_days: Set(draft.acknowledge_days),
        ..unchanged()
    }
}
