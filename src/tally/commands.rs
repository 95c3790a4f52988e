//! Counting, drawing up the selection, signing it.

use entity::id::CampaignId;
use entity::stored::{CampaignMove, Role, Track};
use entity::{campaign, issue, selection, tally, tally_line};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};
use sha2::{Digest, Sha256};

use super::queries;
use super::ranking::RULE;
use crate::audit;
use crate::ballot::ballot_box::BallotBox;
use crate::ballot::issuing::Issuing;
use crate::ballot::queries::{Counts, counts, recount};
use crate::campaign::phase::{Phase, next};
use crate::campaign::{commands as campaigns, queries as campaign_queries};
use crate::ctx::{Actor, Ctx};
use crate::error::{Error, OnDuplicate, Refusal, Result};
use crate::store::Stores;

/// Counts a campaign after its close: closes the paper for good, compares the kept counts with a recount of every ballot,
/// stores the count, destroys the key that could link a person to a ballot. Repeating it is harmless.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `tally.differs` where counts and recount are not equal: nothing is stored then.
pub async fn count(stores: &Stores, ballot_box: &BallotBox, issuing: &Issuing, ctx: &Ctx, slug: &str) -> Result<()> {
    if !matches!(ctx.actor, Actor::System(_)) {
        ctx.require(Role::Organiser)?;
    }
    let found = campaign_queries::campaign(stores.main.db(), slug).await?;
    next(Phase::of(&found, ctx.now), CampaignMove::Tally)?;
    crate::ballot::commands::close(stores, ballot_box, &found).await?;
    let kept = counts(&stores.ballots, slug).await?;
    if kept != recount(&stores.ballots, slug, |_| ()).await? {
        return Err(Error::Conflict(Refusal::new("tally.differs").with("campaign", slug)));
    }
    stores
        .main
        .write(async |tx| {
            let found = campaign_queries::campaign(tx, slug).await?;
            campaigns::advance_checked(tx, ctx, &found, CampaignMove::Tally).await?;
            store(tx, ctx, found.id, &kept).await
        })
        .await?;
    issuing.forget(slug)?;
    tracing::info!(campaign = slug, "counted; pass key destroyed");
    Ok(())
}

async fn store(tx: &DatabaseTransaction, ctx: &Ctx, campaign: CampaignId, counts: &Counts) -> Result<()> {
    let sum =
        |test: &dyn Fn(&str, Track) -> bool| counts.iter().filter(|((o, _, t), _)| test(o, *t)).map(|(_, n)| n).sum();
    let row = tally::ActiveModel {
        campaign_id: Set(campaign),
        counted_at: Set(ctx.now),
        ballots: Set(sum(&|option, _| option.is_empty())),
        ballots_real_name: Set(sum(&|option, track| option.is_empty() && track == Track::RealName)),
        option_votes: Set(sum(&|option, _| !option.is_empty())),
        digest: Set(digest(counts)),
    };
    tally::Entity::insert(row).exec_without_returning(tx).await?;
    let lines: Vec<tally_line::ActiveModel> = counts
        .iter()
        .map(|((option, province, track), n)| tally_line::ActiveModel {
            campaign_id: Set(campaign),
            option: Set(option.clone()),
            province: Set(province.clone()),
            track: Set(*track),
            n: Set(*n),
            ..Default::default()
        })
        .collect();
    for chunk in lines.chunks(500) {
        tally_line::Entity::insert_many(chunk.iter().cloned()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// SHA-256 over the cells in order, one a line: option, province, track, number, parted by blanks.
#[must_use]
pub fn digest(counts: &Counts) -> String {
    let mut digest = Sha256::new();
    for ((option, province, track), n) in counts {
        digest.update(format!("{option} {province} {track} {n}\n"));
    }
    hex::encode(digest.finalize())
}

/// Draws up the selection from the stored count, by the published rule. Drawn up again before anybody signed, it replaces
/// the earlier one.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.signed`.
pub async fn propose(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str) -> Result<()> {
    let proposer = ctx.require(Role::Organiser)?.id;
    let (found, standing) = tallied(tx, ctx, slug).await?;
    if standing.as_ref().is_some_and(|s| s.first_approver.is_some()) {
        return Err(Error::conflict("selection.signed"));
    }
    let counted = queries::tally(tx, found.id).await?.ok_or(Error::NotFound("tally"))?;
    let options = campaign_queries::options(tx, found.id).await?;
    let ranking = queries::ranking(&found, &options, &queries::lines(tx, found.id).await?);
    selection::Entity::delete_by_id(found.id).exec(tx).await?;
    let row = selection::ActiveModel {
        campaign_id: Set(found.id),
        digest: Set(counted.digest),
        rule: Set(RULE.to_owned()),
        top_n: Set(found.top_n),
        ranking: Set(serde_json::to_value(&ranking).map_err(|e| Error::Internal(e.to_string()))?),
        proposed_by: Set(proposer),
        proposed_at: Set(ctx.now),
        first_approver: Set(None),
        first_at: Set(None),
        second_approver: Set(None),
        second_at: Set(None),
    };
    selection::Entity::insert(row).exec_without_returning(tx).await?;
    audit::record(tx, ctx, "tally.propose_selection", slug, serde_json::json!({ "rule": RULE })).await
}

/// Signs the selection. The second signature certifies it: the selected options become issues.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.none`; `selection.author`, `selection.twice`: the two who sign are
/// different people and neither wrote the campaign or drew up the selection.
pub async fn approve(tx: &DatabaseTransaction, ctx: &Ctx, slug: &str) -> Result<()> {
    let approver = ctx.require(Role::Approver)?.id;
    let (found, standing) = tallied(tx, ctx, slug).await?;
    let standing = standing.ok_or(Error::conflict("selection.none"))?;
    if standing.proposed_by == approver || found.author_id == Some(approver) {
        return Err(Error::Forbidden(Refusal::new("selection.author")));
    }
    if standing.first_approver == Some(approver) {
        return Err(Error::Forbidden(Refusal::new("selection.twice")));
    }
    let first = standing.first_approver.is_none();
    let ranking = queries::decided(&standing)?;
    let mut row = standing.into_active_model();
    if first {
        row.first_approver = Set(Some(approver));
        row.first_at = Set(Some(ctx.now));
    } else {
        row.second_approver = Set(Some(approver));
        row.second_at = Set(Some(ctx.now));
    }
    row.update(tx).await?;
    audit::record(
        tx,
        ctx,
        "tally.approve_selection",
        slug,
        serde_json::json!({ "signature": if first { 1 } else { 2 } }),
    )
    .await?;
    if first {
        return Ok(());
    }
    let options = campaign_queries::options(tx, found.id).await?;
    let rows = ranking.iter().filter(|r| r.selected).filter_map(|r| {
        let option = options.iter().find(|o| o.code == r.code)?;
        Some(issue::ActiveModel {
            campaign_id: Set(found.id),
            code: Set(r.code.clone()),
            option_id: Set(option.id),
            rank: Set(r.rank),
            votes: Set(r.votes),
            votes_real_name: Set(r.votes_real_name),
            ..Default::default()
        })
    });
    issue::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .on_duplicate(Error::conflict("selection.signed"))?;
    campaigns::advance_checked(tx, ctx, &found, CampaignMove::Certification).await
}

async fn tallied(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
) -> Result<(campaign::Model, Option<selection::Model>)> {
    let found = campaign_queries::campaign(tx, slug).await?;
    next(Phase::of(&found, ctx.now), CampaignMove::Certification)?;
    let standing = queries::selection(tx, found.id).await?;
    Ok((found, standing))
}
