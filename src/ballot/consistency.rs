//! Checks across the three stores, before this process serves and again before a campaign is counted. A store that was lost,
//! emptied or restored from an old copy beside newer stores is refused by name, with the way out.
//!
//! A rolled-back store that agrees with the others in all these checks is not noticed here. Only outside memory (checkpoints,
//! promises, witnesses) reveals such a store.

use chrono::{DateTime, Utc};
use entity::ballots::{ballot_count, ballot_paper};
use entity::campaign;
use entity::register::nullifier;
use entity::stored::PaperState;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::Ballots;
use super::queries::turnout;
use crate::base::error::{Error, Refusal, Result};
use crate::base::files;
use crate::campaign::phase::Phase;
use crate::campaign::queries;
use crate::pass::paper::FORMAT;

/// Compares the stores when a process starts. Migrates campaigns of an earlier format in which nobody has voted yet.
///
/// # Errors
/// The first campaign that cannot be served, with the reason; a store that fails.
pub async fn check(ballots: &Ballots, now: DateTime<Utc>) -> Result<()> {
    let campaigns = queries::all(ballots.stores.main.db()).await?;
    let papers = ballot_paper::Entity::find().all(ballots.stores.ballots.db()).await?;
    for paper in &papers {
        let Some(campaign) = campaigns.iter().find(|c| c.slug == paper.campaign) else {
            return Err(lost(
                "main",
                &paper.campaign,
                "the ballots store has its paper, and the main store does not know it",
            ));
        };
        let known = campaign.questionnaire.as_deref().and_then(|hash| hex::decode(hash).ok());
        if known.as_ref() != Some(&paper.questionnaire) {
            return Err(lost("main", &paper.campaign, "its questionnaire is another one in the ballots store"));
        }
        if Phase::of(campaign, now).is_counted() {
            continue;
        }
        if may_take_ballots(paper, now) {
            bring_up(ballots, paper).await?;
            let pass_keys = &ballots.passes.issuing.pass_keys;
            pass_keys.check(&paper.campaign, paper.pass_key.as_deref()).await?;
        }
        if !ballots.lost_registers.contains(&paper.campaign) {
            register_knows_enough(ballots, &paper.campaign).await.map_err(|error| match error {
                Error::Conflict(refusal) => register_lost(&paper.campaign, &refusal),
                other => other,
            })?;
        }
    }
    for campaign in campaigns.iter().filter(|c| c.questionnaire.is_some()) {
        if !papers.iter().any(|paper| paper.campaign == campaign.slug) {
            may_begin(ballots, campaign).await?;
        }
    }
    Ok(())
}

/// Refuses to count where the box holds more real-name ballots than the register has people.
///
/// # Errors
/// `tally.register` with both numbers; a store that fails.
pub async fn check_register(ballots: &Ballots, campaign: &str) -> Result<()> {
    if ballots.lost_registers.iter().any(|lost| lost == campaign) {
        tracing::warn!(campaign, "counted without its register, as the operator says");
        return Ok(());
    }
    register_knows_enough(ballots, campaign).await
}

async fn register_knows_enough(ballots: &Ballots, campaign: &str) -> Result<()> {
    let (_, cast) = turnout(&ballots.stores.ballots, campaign).await?;
    let people = entered(ballots, campaign).await?;
    if u64::try_from(cast).unwrap_or(0) <= people {
        return Ok(());
    }
    let refusal = Refusal::new("tally.register").with("campaign", campaign);
    Err(Error::Conflict(refusal.with("ballots", cast).with("people", people)))
}

async fn entered(ballots: &Ballots, campaign: &str) -> Result<u64> {
    let of = nullifier::Entity::find().filter(nullifier::COLUMN.campaign.eq(campaign));
    Ok(of.count(ballots.stores.register.db()).await?)
}

fn may_take_ballots(paper: &ballot_paper::Model, now: DateTime<Utc>) -> bool {
    paper.state != PaperState::Closed && now < paper.closes_at
}

/// Migrates a paper of an earlier format, where no person was given a pass and no ballot was cast. Otherwise the two formats
/// would give one person two serials.
async fn bring_up(ballots: &Ballots, paper: &ballot_paper::Model) -> Result<()> {
    let campaign = paper.campaign.as_str();
    if paper.format == FORMAT {
        return Ok(());
    }
    if paper.format > FORMAT {
        return Err(Error::Internal(format!(
            "{campaign} votes on format {} of a later version; this one has format {FORMAT}: start that version",
            paper.format
        )));
    }
    let counted = ballot_count::Entity::find().filter(ballot_count::COLUMN.campaign.eq(campaign)).limit(1);
    if counted.one(ballots.stores.ballots.db()).await?.is_some() || entered(ballots, campaign).await? > 0 {
        return Err(Error::Internal(format!(
            "{campaign} votes on format {} of an earlier version, in which people have other passes or receipts than in format \
             {FORMAT}: start the version that began it, let it vote until {} and count, and start this version afterwards; or \
             cancel and vote anew",
            paper.format, paper.closes_at
        )));
    }
    let pass_key = ballots.passes.issuing.pass_keys.make(campaign, &paper.tracks).await?;
    ballots
        .stores
        .ballots
        .write(async |tx| {
            ballot_paper::Entity::update_many()
                .set(ballot_paper::ActiveModel { format: Set(FORMAT), pass_key: Set(pass_key), ..Default::default() })
                .filter(ballot_paper::COLUMN.campaign.eq(campaign))
                .exec(tx)
                .await?;
            Ok(())
        })
        .await?;
    tracing::info!(campaign, "a campaign of an earlier version in which nobody voted yet is taken over");
    Ok(())
}

/// Refuses to make the paper of a campaign that had a paper before: its log was begun, or its register holds people.
async fn may_begin(ballots: &Ballots, campaign: &campaign::Model) -> Result<()> {
    let slug = &campaign.slug;
    let files = ballots.sequencer.files(slug);
    if files::blocking(move || files.is_begun()).await? {
        return Err(lost("ballots", slug, "its log was begun, and the ballots store has no paper of it"));
    }
    if entered(ballots, slug).await? > 0 {
        return Err(lost("ballots", slug, "people are in its register, and the ballots store has no paper of it"));
    }
    Ok(())
}

fn lost(store: &str, campaign: &str, why: &str) -> Error {
    Error::Internal(format!(
        "the {store} store was lost or is older than the others: {campaign}: {why}. Put back the newest copy of it (shudu restore)"
    ))
}

fn register_lost(campaign: &str, refusal: &Refusal) -> Error {
    let value = |name| refusal.args.iter().find(|(n, _)| *n == name).map_or("?", |(_, v)| v.as_str());
    Error::Internal(format!(
        "the register was lost, emptied or put back from an old copy: {campaign} has {} real-name ballots, and its register knows {} \
         people. Nobody can vote twice by it, since passes follow from the identity alone. Put back its newest copy; where there is \
         none, start with --lost-register {campaign} and publish an incident",
        value("ballots"),
        value("people")
    ))
}
