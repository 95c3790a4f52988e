//! Writing campaigns.

use entity::codes::Codes;
use entity::id::CampaignId;
use entity::stored::{CampaignMove, Display, Role, StoredPhase, TermKind, Track};
use entity::{campaign, campaign_event, campaign_option};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter,
};

use super::draft::{Deadline, Draft, Known};
use super::options::NewOption;
use super::phase::{Phase, next};
use super::{queries, questionnaire};
use crate::audit;
use crate::ctx::{Actor, Ctx};
use crate::error::{Error, OnDuplicate, Refusal, Result};
use crate::programme;

/// Creates a campaign in draft.
///
/// # Errors
/// `NotFound` for anybody but an organiser; `Invalid`; `campaign.slug_taken`.
pub async fn create(tx: &DatabaseTransaction, ctx: &Ctx, draft: &Draft) -> Result<campaign::Model> {
    let author = ctx.require(Role::Organiser)?.id;
    check(tx, draft).await?;
    let mut row = campaign::ActiveModel {
        language: Set("both".to_owned()),
        phase: Set(StoredPhase::Draft),
        places: Set(true),
        author_id: Set(Some(author)),
        notice: Set(String::new()),
        revision: Set(1),
        ..Default::default()
    };
    fill(&mut row, draft);
    let made = row
        .insert(tx)
        .await
        .on_duplicate(Error::field("slug", Refusal::new("campaign.slug_taken")))?;
    note(tx, ctx, &made, CampaignMove::Creation, "").await?;
    Ok(made)
}

/// Changes the rules of a draft. `revision` is the one that the editor saw.
///
/// # Errors
/// `NotFound`; `Invalid`; `campaign.frozen`; `campaign.stale` where somebody else changed it meanwhile.
pub async fn edit(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    revision: i32,
    draft: &Draft,
) -> Result<campaign::Model> {
    ctx.require(Role::Organiser)?;
    let found = editable(tx, slug, revision).await?;
    check(tx, draft).await?;
    let mut row = found.into_active_model();
    fill(&mut row, draft);
    row.revision = Set(revision + 1);
    let made = row
        .update(tx)
        .await
        .on_duplicate(Error::field("slug", Refusal::new("campaign.slug_taken")))?;
    audit::record(
        tx,
        ctx,
        "campaign.edit",
        &made.slug,
        serde_json::json!({ "revision": made.revision }),
    )
    .await?;
    Ok(made)
}

/// Replaces the options of a draft by a list.
///
/// # Errors
/// As [`edit`]; `options.taken` for a code that another campaign has.
pub async fn put_options(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    revision: i32,
    options: &[NewOption],
) -> Result<()> {
    ctx.require(Role::Organiser)?;
    let found = editable(tx, slug, revision).await?;
    campaign_option::Entity::delete_many()
        .filter(campaign_option::COLUMN.campaign_id.eq(found.id))
        .exec(tx)
        .await?;
    insert_options(tx, found.id, options).await?;
    let mut row = found.into_active_model();
    row.revision = Set(revision + 1);
    row.update(tx).await?;
    audit::record(
        tx,
        ctx,
        "campaign.put_options",
        slug,
        serde_json::json!({ "options": options.len() }),
    )
    .await
}

/// Puts options into a campaign that has none.
///
/// # Errors
/// `options.taken`.
pub async fn insert_options(
    tx: &DatabaseTransaction,
    campaign: CampaignId,
    options: &[NewOption],
) -> Result<()> {
    let codes = options.iter().map(|o| o.code.as_str());
    if let Some(taken) = campaign_option::Entity::find()
        .filter(campaign_option::COLUMN.code.is_in(codes))
        .one(tx)
        .await?
    {
        return Err(Error::field(
            "options",
            Refusal::new("options.taken").with("text", taken.code),
        ));
    }
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
            .await?;
    }
    Ok(())
}

/// Moves a campaign: submission, sending back, publication, suspension, resumption, cancellation. Counting and dispatch
/// have commands of their own.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `campaign.own` where the author would publish; `campaign.reason`;
/// `campaign.too_few_options`, `campaign.opens_in_past` on the way to publication.
pub async fn advance(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
    act: CampaignMove,
    reason: &str,
) -> Result<campaign::Model> {
    let found = queries::campaign(tx, slug).await?;
    let (role, to) = next(Phase::of(&found, ctx.now), act)?;
    let staff = ctx.require(role)?;
    if matches!(
        act,
        CampaignMove::Tally
            | CampaignMove::Certification
            | CampaignMove::Dispatch
            | CampaignMove::Creation
    ) {
        return Err(Error::conflict("campaign.wrong_phase"));
    }
    let needs_reason = matches!(
        act,
        CampaignMove::SendingBack | CampaignMove::Suspension | CampaignMove::Cancellation
    );
    let mut problems = crate::error::Problems::default();
    let reason = if needs_reason {
        problems.text("reason", reason, 500)
    } else {
        problems.optional_text("reason", reason, 500)
    };
    problems.finish()?;
    let mut row = found.clone().into_active_model();
    match act {
        CampaignMove::Submission => check_ready(tx, &found, ctx).await?,
        CampaignMove::Publication => {
            if found.author_id == Some(staff.id) {
                return Err(Error::Forbidden(Refusal::new("campaign.own")));
            }
            check_ready(tx, &found, ctx).await?;
            let options = queries::options(tx, found.id).await?;
            row.questionnaire = Set(Some(hex::encode(questionnaire::hash(&found, &options))));
            row.approver_id = Set(Some(staff.id));
            row.published_at = Set(Some(ctx.now));
        }
        CampaignMove::Suspension | CampaignMove::Cancellation => row.notice = Set(reason.clone()),
        CampaignMove::Resumption => row.notice = Set(String::new()),
        _ => {}
    }
    row.phase = Set(to);
    row.revision = Set(found.revision + 1);
    let moved = row.update(tx).await?;
    note(tx, ctx, &moved, act, &reason).await?;
    Ok(moved)
}

/// Moves a campaign on behalf of a later slice, which has checked who and why.
///
/// # Errors
/// `campaign.wrong_phase`.
pub async fn advance_checked(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    found: &campaign::Model,
    act: CampaignMove,
) -> Result<()> {
    let (_, to) = next(Phase::of(found, ctx.now), act)?;
    let mut row = found.clone().into_active_model();
    row.phase = Set(to);
    row.revision = Set(found.revision + 1);
    row.update(tx).await?;
    note(tx, ctx, found, act, "").await
}

/// A campaign that was voted on elsewhere.
#[derive(Clone, Debug)]
pub struct Import {
    /// Slug.
    pub slug: String,
    /// Name in its own language.
    pub name: String,
    /// Tag of that language.
    pub language: String,
    /// First instant of its vote.
    pub opens_at: chrono::DateTime<chrono::Utc>,
    /// End of its vote, exclusive.
    pub closes_at: chrono::DateTime<chrono::Utc>,
    /// Most options on one ballot.
    pub max_choices: i32,
    /// Its options.
    pub options: Vec<NewOption>,
}

/// Brings in a campaign that was voted on elsewhere: one language, no places, anonymous, published at once so that its
/// ballots can be cast. It stops at the count: nothing of it is dispatched.
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
        ..Default::default()
    };
    let made = row
        .insert(tx)
        .await
        .on_duplicate(Error::Conflict(Refusal::new("campaign.slug_taken")))?;
    insert_options(tx, made.id, &import.options).await?;
    let options = queries::options(tx, made.id).await?;
    let hash = hex::encode(questionnaire::hash(&made, &options));
    let mut row = made.clone().into_active_model();
    row.questionnaire = Set(Some(hash));
    row.update(tx).await?;
    note(tx, ctx, &made, CampaignMove::Publication, "").await
}

/// Puts an entry into a campaign's history and into the audit trail.
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
    campaign_event::Entity::insert(event)
        .exec_without_returning(tx)
        .await?;
    audit::record(
        tx,
        ctx,
        &format!("campaign.{act}"),
        &campaign.slug,
        serde_json::json!({ "reason": reason }),
    )
    .await
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

async fn check(tx: &DatabaseTransaction, draft: &Draft) -> Result<()> {
    let departments: Vec<String> = programme::queries::terms(tx, TermKind::Department)
        .await?
        .into_iter()
        .map(|t| t.code)
        .collect();
    let units: Vec<String> = programme::queries::provinces(tx)
        .await?
        .into_iter()
        .map(|p| p.code)
        .collect();
    draft.check(Known {
        departments: &departments,
        units: &units,
    })
}

/// What must be there before a campaign goes to review and before it is published.
async fn check_ready(
    tx: &DatabaseTransaction,
    campaign: &campaign::Model,
    ctx: &Ctx,
) -> Result<()> {
    let options = queries::options(tx, campaign.id).await?.len();
    let least = usize::try_from(campaign.top_n.max(campaign.max_choices)).unwrap_or(usize::MAX);
    if options < least {
        let refusal = Refusal::new("campaign.too_few_options")
            .with("count", options)
            .with("least", least);
        return Err(Error::Conflict(refusal));
    }
    if campaign.closes_at <= ctx.now {
        return Err(Error::conflict("campaign.opens_in_past"));
    }
    Ok(())
}

fn fill(row: &mut campaign::ActiveModel, draft: &Draft) {
    row.slug = Set(draft.slug.clone());
    row.name_zh = Set(draft.name_zh.trim().to_owned());
    row.name_en = Set(draft.name_en.trim().to_owned());
    row.purpose_zh = Set(draft.purpose_zh.trim().to_owned());
    row.purpose_en = Set(draft.purpose_en.trim().to_owned());
    row.hosts = Set(draft.hosts.iter().collect());
    row.opens_at = Set(draft.opens_at());
    row.closes_at = Set(draft.closes_at());
    row.max_choices = Set(draft.max_choices);
    row.top_n = Set(draft.top_n);
    row.tracks = Set(draft.track_codes());
    row.display = Set(draft.display);
    row.units = Set(draft.units.iter().collect());
    let (on, days) = match draft.deadline {
        Deadline::On(day) => (Some(day), None),
        Deadline::After(days) => (None, Some(days)),
    };
    row.deadline_on = Set(on);
    row.deadline_days = Set(days);
    row.acknowledge_days = Set(draft.acknowledge_days);
}
