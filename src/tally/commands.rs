//! Commands that store a count, draw up the selection of a campaign and sign it.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, CampaignId};
use entity::stored::{CampaignMove, Track};
use entity::{campaign, issue, selection, tally, tally_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use super::invalidation::queries::open;
use super::published::digest;
use super::queries;
use super::two_signatures::{Signature, Signing, sign};
use crate::audit;
use crate::ballot_log::Sequencer;
use crate::ballot_log::counts::Counts;
use crate::base::access::Act;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, OnDuplicate, Result};
use crate::campaign::phase::{Phase, next};
use crate::campaign::{commands as campaigns, queries as campaign_queries};

/// Stores a count and replaces an earlier one.
pub(super) async fn put(
    tx: &DatabaseTransaction,
    campaign: CampaignId,
    counted_at: DateTime<Utc>,
    counts: &Counts,
    invalidated: i64,
) -> Result<()> {
    tally::Entity::delete_by_id(campaign).exec(tx).await?;
    tally_line::Entity::delete_many().filter(tally_line::COLUMN.campaign_id.eq(campaign)).exec(tx).await?;
    let sum =
        |test: &dyn Fn(&str, Track) -> bool| counts.iter().filter(|((o, _, t), _)| test(o, *t)).map(|(_, n)| n).sum();
    let row = tally::ActiveModel {
        campaign_id: Set(campaign),
        counted_at: Set(counted_at),
        ballots: Set(sum(&|option, _| option.is_empty())),
        ballots_real_name: Set(sum(&|option, track| option.is_empty() && track == Track::RealName)),
        option_votes: Set(sum(&|option, _| !option.is_empty())),
        invalidated: Set(invalidated),
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

/// Draws up the selection from the stored count, by the rule that the campaign published. Before the first signature a new
/// selection replaces an earlier one.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.no_cut` for a campaign that selects nothing; `selection.signed`;
/// `invalidation.open`; `tally.unsigned` where the stored count is not the signed count.
pub async fn propose(tx: &DatabaseTransaction, ctx: &Ctx, sequencer: &Sequencer, slug: &str) -> Result<()> {
    let proposer = ctx.require(Act::ProposeResults)?.id;
    let (found, standing) = tallied(tx, ctx, slug).await?;
    if found.top_n < 1 {
        return Err(Error::conflict("selection.no_cut"));
    }
    if standing.as_ref().is_some_and(|s| s.first_approver.is_some()) {
        return Err(Error::conflict("selection.signed"));
    }
    let counted = queries::tally(tx, found.id).await?.ok_or(Error::NotFound("tally"))?;
    let options = campaign_queries::options(tx, found.id).await?;
    let ranking = queries::ranking(&found, &options, &queries::signed_lines(tx, sequencer, &found).await?);
    if standing.is_some() {
        // A signature put in the meantime stays; the selection is not replaced then.
        let replaced = selection::Entity::delete_by_id(found.id)
            .filter(selection::COLUMN.first_approver.is_null())
            .exec(tx)
            .await?;
        if replaced.rows_affected == 0 {
            return Err(Error::conflict("selection.signed"));
        }
    }
    let row = selection::ActiveModel {
        campaign_id: Set(found.id),
        digest: Set(counted.digest),
        rule: Set(found.ranking_rule.code().to_owned()),
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
    audit::record(tx, ctx, "tally.propose_selection", slug, serde_json::json!({ "rule": found.ranking_rule.code() }))
        .await
}

/// The version of a selection as a signer reads it. The version changes where the selection is drawn up again, and with every
/// signature.
#[must_use]
pub fn version(standing: &selection::Model) -> String {
    let parts =
        (&standing.digest, standing.proposed_by, standing.proposed_at.timestamp_micros(), standing.first_approver);
    hex::encode(Sha256::digest(format!("{parts:?}")))
}

/// Signs the selection. The second signature certifies it: the selected options become issues. `expected` is the version that the
/// signer read (optimistic lock).
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.none`; `selection.author`, `selection.twice`: the two signers are different
/// people, and neither wrote the campaign or drew up the selection; `selection.changed` where somebody else signed at the same
/// moment or the selection is not the expected version; `tally.unsigned` where the selection does not follow from the signed count.
pub async fn approve(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    sequencer: &Sequencer,
    slug: &str,
    expected: Option<&str>,
) -> Result<()> {
    let approver = ctx.require(Act::SignResults)?.id;
    let (found, standing) = tallied(tx, ctx, slug).await?;
    let standing = standing.ok_or(Error::conflict("selection.none"))?;
    signing(&campaign_queries::own_hands(tx, &found).await?, &standing).check(approver)?;
    if expected.is_some_and(|read| read != version(&standing)) {
        return Err(Error::conflict("selection.changed"));
    }
    let signature = Signature::due(standing.first_approver);
    let ranking = queries::signed_ranking(tx, sequencer, &found, &standing).await?;
    let columns = match signature {
        Signature::First => (selection::Column::FirstApprover, selection::Column::FirstAt),
        Signature::Second => (selection::Column::SecondApprover, selection::Column::SecondAt),
    };
    let row = selection::Entity::update_many().filter(selection::COLUMN.campaign_id.eq(found.id));
    if !sign(tx, row, columns, approver, ctx.now).await? {
        return Err(Error::conflict("selection.changed"));
    }
    if signature == Signature::Second {
        campaign_queries::hold(tx, found.id).await?;
    }
    audit::record(tx, ctx, "tally.approve_selection", slug, serde_json::json!({ "signature": signature.number() }))
        .await?;
    if signature == Signature::First {
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

/// The signing rule of a selection. `own` are the accounts that wrote the campaign.
#[must_use]
pub const fn signing<'a>(own: &'a [AccountId], standing: &selection::Model) -> Signing<'a> {
    Signing {
        own,
        proposed_by: standing.proposed_by,
        first_approver: standing.first_approver,
        codes: ("selection.author", "selection.twice"),
    }
}

async fn tallied(
    tx: &DatabaseTransaction,
    ctx: &Ctx,
    slug: &str,
) -> Result<(campaign::Model, Option<selection::Model>)> {
    let found = campaign_queries::campaign(tx, slug).await?;
    next(Phase::of(&found, ctx.now), CampaignMove::Certification)?;
    if open(tx, found.id).await?.is_some() {
        return Err(Error::conflict("invalidation.open"));
    }
    let standing = queries::selection(tx, found.id).await?;
    Ok((found, standing))
}
