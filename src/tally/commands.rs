//! Commands that count a campaign, draw up its selection and sign it.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, CampaignId};
use entity::stored::{CampaignMove, Track};
use entity::{campaign, issue, selection, tally, tally_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::invalidation::queries::open;
use super::published::{digest, without_places};
use super::queries;
use super::two_signatures::{Signature, Signing, sign};
use crate::audit;
use crate::ballot::Ballots;
use crate::ballot_log::Sequencer;
use crate::ballot_log::counts::Counts;
use crate::base::access::Act;
use crate::base::clock_steadiness::{Steadiness, Wait};
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, OnDuplicate, Refusal, Result};
use crate::base::main_store::Changes;
use crate::campaign::phase::{Phase, next};
use crate::campaign::{commands as campaigns, queries as campaign_queries};

/// Counts a campaign after its close. The command closes the paper for good, compares the kept counts with a recount of every
/// ballot, stores the count, and destroys the key that could link a person to a ballot. The command is idempotent: a counted
/// campaign keeps its count, and steps that a crash left undone are done.
///
/// The close has to be settled for every caller: a close seen only by a wrong clock would end a vote for good.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `tally.unsettled`, `tally.unsteady` ([`settled`]); `tally.register` where more real-name
/// ballots were cast than the register has people; `tally.differs` where counts and recount are not equal; `tally.unequal` where
/// the files of the log, the rows of the ballot box and the counts are not equal. Nothing is stored after a refusal.
pub async fn count(ballots: &Ballots, steadiness: &Steadiness, ctx: &Ctx, slug: &str) -> Result<()> {
    let stores = &ballots.stores;
    if !matches!(ctx.actor, Actor::System(_)) {
        ctx.require(Act::CountBallots)?;
    }
    let found = campaign_queries::campaign(stores.main.db(), slug).await?;
    if Phase::of(&found, ctx.now).is_counted() {
        return publish(ballots, slug).await;
    }
    next(Phase::of(&found, ctx.now), CampaignMove::Tally)?;
    settled(steadiness, &found, ctx.now)?;
    // This check comes before the paper is closed for good: its refusal is repaired by restoring a store, perhaps while voting
    // goes on.
    crate::ballot::consistency::check_register(ballots, slug).await?;
    crate::ballot::paper_sync::close(ballots, &found).await?;
    let compared = queries::comparison(&stores.ballots, slug).await?;
    if !compared.differences().is_empty() {
        return Err(Error::Conflict(Refusal::new("tally.differs").with("campaign", slug)));
    }
    ballots.sequencer.seal(slug, 1).await?;
    // The files of the log, the rows and both tables of counts have to agree before anything is stored, shown or signed.
    let recounted = ballots.sequencer.recount(slug).await?;
    ballots.sequencer.compare_rows(slug, &recounted).await?;
    let sealed = recounted.counts;
    if without_places(&sealed) != without_places(&compared.kept) {
        let refusal = Refusal::new("tally.unequal").with("campaign", slug).with("what", "ballot_count");
        return Err(Error::Conflict(refusal));
    }
    stores
        .main
        .write(Changes::Public, async |tx| {
            let found = campaign_queries::campaign(tx, slug).await?;
            put(tx, found.id, ctx.now, &sealed, 0).await?;
            campaigns::advance_checked(tx, ctx, &found, CampaignMove::Tally).await
        })
        .await?;
    publish(ballots, slug).await?;
    tracing::info!(campaign = slug, "counted; pass key destroyed");
    Ok(())
}

/// Checks that the close of a campaign is settled ([`crate::base::clock_steadiness`]).
///
/// # Errors
/// `tally.unsettled` where the close was passed too short a time ago; `tally.unsteady` where the clock jumped or the process has
/// just started. Both carry the minutes that are left.
pub fn settled(steadiness: &Steadiness, found: &campaign::Model, now: DateTime<Utc>) -> Result<()> {
    let (code, left) = match steadiness.wait(found.closes_at, now) {
        None => return Ok(()),
        Some(Wait::Unsettled(left)) => ("tally.unsettled", left),
        Some(Wait::Unsteady(left)) => ("tally.unsteady", left),
    };
    let minutes = left.num_seconds().max(1).unsigned_abs().div_ceil(60);
    Err(Error::Conflict(Refusal::new(code).with("minutes", minutes)))
}

/// Completes a count; runs again after a crash. The key that could link a person to a ballot is destroyed, and the write-ahead
/// log is emptied because it still tells the order in which people came. Then the entries of the log are disclosed and the count
/// is signed.
pub(super) async fn publish(ballots: &Ballots, slug: &str) -> Result<()> {
    ballots.passes.issuing.forget(slug).await?;
    ballots.stores.ballots.empty_journal().await?;
    ballots.sequencer.disclose(slug).await?;
    ballots.sequencer.publish_count(slug).await?;
    // Entries and count are public from this line on.
    ballots.stores.main.public().advance();
    Ok(())
}

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
pub async fn propose(tx: &DatabaseTransaction, sequencer: &Sequencer, ctx: &Ctx, slug: &str) -> Result<()> {
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

/// Signs the selection. The second signature certifies it: the selected options become issues.
///
/// # Errors
/// `NotFound`; `campaign.wrong_phase`; `selection.none`; `selection.author`, `selection.twice`: the two signers are different
/// people, and neither wrote the campaign or drew up the selection; `selection.changed` where somebody else signed at the same
/// moment; `tally.unsigned` where the selection does not follow from the signed count.
pub async fn approve(tx: &DatabaseTransaction, sequencer: &Sequencer, ctx: &Ctx, slug: &str) -> Result<()> {
    let approver = ctx.require(Act::SignResults)?.id;
    let (found, standing) = tallied(tx, ctx, slug).await?;
    let standing = standing.ok_or(Error::conflict("selection.none"))?;
    signing(&campaign_queries::own_hands(tx, &found).await?, &standing).check(approver)?;
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
