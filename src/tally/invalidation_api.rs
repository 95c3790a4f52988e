//! JSON operations for rules that invalidate ballots.

use chrono::{DateTime, Utc};
use entity::invalidation::Model;
use poem::http::Method;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::invalidation::queries::{self, Preview};
use super::invalidation::{State, commands, flows};
use crate::accounts::queries::by_ids;
use crate::app::App;
use crate::ballot_log::criteria::Typed;
use crate::base::access::Act;
use crate::base::error::Result;
use crate::base::main_store::Changes;
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::{Signed, Visit};
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/campaigns/:slug/invalidations", Policy::PUBLIC_CALL),
    (Method::GET, "/campaigns/:slug/invalidations/:number", Policy::CALL),
    (Method::GET, "/campaigns/:slug/invalidations/preview", Policy::CALL),
    (Method::POST, "/campaigns/:slug/invalidations", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/invalidations/:number/approval", Policy::SENSITIVE),
    (Method::POST, "/campaigns/:slug/invalidations/:number/withdrawal", Policy::STAFF),
];

/// JSON operations for rules that invalidate ballots.
pub struct InvalidationApi;

/// A new rule: the criteria of the ballots, and the reason. A ballot has to meet all criteria that are given; at least one is
/// given.
#[derive(Debug, Object)]
struct NewRule {
    /// Track of the ballots: `anonymous` or `real_name`.
    #[oai(default)]
    track: String,
    /// Six-digit code of the province under which the ballots are counted.
    #[oai(default)]
    province: String,
    /// Names of blocks of 4,096 anonymous passes, eight hexadecimal digits each, separated by commas.
    #[oai(default)]
    blocks: String,
    /// Range of batches of the log, counted from 1, such as `1-3`.
    #[oai(default)]
    batches: String,
    /// Option codes, separated by commas; a ballot has to tick exactly these options.
    #[oai(default)]
    choices: String,
    /// Public reason for the rule; at most 500 characters.
    reason: String,
}

/// The effect that a rule would have.
#[derive(Debug, Object)]
struct PreviewAnswer {
    /// Criteria in their canonical spelling.
    criteria: String,
    /// Number of ballots that meet the criteria and count now.
    ballots: u64,
    /// Blocks of anonymous passes among these ballots, largest first; at most 50.
    blocks: Vec<BlockMet>,
    /// Options whose votes or rank would change.
    changes: Vec<Change>,
}

/// A block of anonymous passes.
#[derive(Debug, Object)]
struct BlockMet {
    /// Name of the block: the first four bytes of its serials, hexadecimal.
    block: String,
    /// Number of matched ballots of the block.
    ballots: usize,
}

/// One option before and after the rule.
#[derive(Debug, Object)]
struct Change {
    /// Code of the option.
    code: String,
    /// Votes of the option now.
    votes: i64,
    /// Votes of the option without the matched ballots.
    votes_after: i64,
    /// Rank of the option now.
    rank: i32,
    /// Rank of the option without the matched ballots.
    rank_after: i32,
    /// Whether the option is selected now.
    selected: bool,
    /// Whether the option would be selected without the matched ballots.
    selected_after: bool,
}

/// A rule that invalidates ballots.
#[derive(Debug, Object)]
struct RuleAnswer {
    /// Number of the rule within the campaign.
    number: i32,
    /// Criteria of the ballots: parts as `name=value`, separated by spaces.
    criteria: String,
    /// Public reason for the rule.
    reason: String,
    /// Number of ballots that the rule matched when it was proposed.
    ballots: i64,
    /// State of the rule.
    state: State,
    /// Instant of the proposal, programme time.
    proposed_at: DateTime<Utc>,
    /// Signatures under the rule, by office.
    signatures: Vec<RuleSignature>,
    /// Instant at which the rule was in the log and the count was taken again, programme time.
    applied_at: Option<DateTime<Utc>>,
}

/// A signature under a rule.
#[derive(Debug, Object)]
struct RuleSignature {
    /// Office in whose name the rule was signed.
    office: String,
    /// Instant of the signature, programme time.
    at: DateTime<Utc>,
}

#[OpenApi(tag = "ApiTags::Tally")]
impl InvalidationApi {
    /// Invalidation rules of a campaign
    ///
    /// Lists the applied rules by their numbers.
    #[oai(path = "/campaigns/:slug/invalidations", method = "get")]
    async fn rules(&self, visit: Visit, slug: Path<String>) -> Result<Json<Vec<RuleAnswer>>> {
        let db = visit.app.stores.main.db();
        let found = campaigns::published(db, &slug, visit.ctx.now).await?;
        let rules = queries::rules(db, found.id).await?;
        let shown = rules.iter().filter(|rule| State::of(rule) == State::Applied);
        let mut answers = Vec::new();
        for rule in shown {
            answers.push(answer(&visit.app, rule).await?);
        }
        Ok(Json(answers))
    }

    /// One rule in any state (organiser, approver, auditor)
    #[oai(path = "/campaigns/:slug/invalidations/:number", method = "get")]
    async fn rule(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        signed.ctx.require(Act::ReadCounts)?;
        standing(&signed, &slug, number.0).await
    }

    /// Preview of an invalidation rule (organiser, approver, auditor)
    #[oai(path = "/campaigns/:slug/invalidations/preview", method = "get")]
    #[expect(clippy::too_many_arguments, reason = "one argument a query parameter")]
    async fn preview(
        &self,
        signed: Signed,
        slug: Path<String>,
        #[oai(default)] track: Query<String>,
        #[oai(default)] province: Query<String>,
        #[oai(default)] blocks: Query<String>,
        #[oai(default)] batches: Query<String>,
        #[oai(default)] choices: Query<String>,
    ) -> Result<Json<PreviewAnswer>> {
        let typed =
            Typed { track: track.0, province: province.0, blocks: blocks.0, batches: batches.0, choices: choices.0 };
        let preview = queries::preview(&signed.app.ballots, &signed.ctx, &slug, &typed).await?;
        Ok(Json(PreviewAnswer {
            criteria: preview.criteria.spelling(),
            ballots: preview.ballots,
            blocks: (preview.blocks.iter().take(50))
                .map(|(block, ballots)| BlockMet { block: block.clone(), ballots: *ballots })
                .collect(),
            changes: changes(&preview),
        }))
    }

    /// Proposes a rule (organiser)
    ///
    /// A rule is possible between the count and the first signature under the selection, one rule at a time. Ballots are never
    /// deleted: the rule is appended to the public log, and the count is taken again without the matched ballots.
    #[oai(path = "/campaigns/:slug/invalidations", method = "post")]
    async fn propose(&self, signed: Signed, slug: Path<String>, body: JsonBody<NewRule>) -> Result<Json<RuleAnswer>> {
        let body = body.0;
        let typed = Typed {
            track: body.track,
            province: body.province,
            blocks: body.blocks,
            batches: body.batches,
            choices: body.choices,
        };
        let number = flows::propose(&signed.app.ballots, &signed.ctx, &slug, &typed, &body.reason).await?;
        standing(&signed, &slug, number).await
    }

    /// Signs a rule (approver)
    ///
    /// Two different people sign. Neither is the author of the campaign or the person who proposed the rule. The second signature
    /// applies the rule.
    #[oai(path = "/campaigns/:slug/invalidations/:number/approval", method = "post")]
    async fn approve(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        flows::approve(&signed.app.ballots, &signed.ctx, &slug, number.0, None).await?;
        standing(&signed, &slug, number.0).await
    }

    /// Withdraws a rule that is not signed twice (organiser)
    #[oai(path = "/campaigns/:slug/invalidations/:number/withdrawal", method = "post")]
    async fn withdraw(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        signed.ctx.require(Act::ProposeResults)?;
        let work = async |tx: &_| commands::withdraw(tx, &signed.ctx, &slug, number.0).await;
        signed.write(Changes::Public, work).await?;
        standing(&signed, &slug, number.0).await
    }
}

async fn standing(signed: &Signed, slug: &str, number: i32) -> Result<Json<RuleAnswer>> {
    let db = signed.app.stores.main.db();
    let found = campaigns::campaign(db, slug).await?;
    answer(&signed.app, &queries::rule(db, found.id, number).await?).await.map(Json)
}

async fn answer(app: &App, rule: &Model) -> Result<RuleAnswer> {
    let signed: Vec<_> = queries::signatures(rule).collect();
    let people = by_ids(app.stores.main.db(), signed.iter().map(|s| s.0)).await?;
    Ok(RuleAnswer {
        number: rule.number,
        criteria: rule.criteria.clone(),
        reason: rule.reason.clone(),
        ballots: rule.ballots,
        state: State::of(rule),
        proposed_at: rule.proposed_at,
        signatures: signed
            .into_iter()
            .map(|(who, at)| RuleSignature {
                office: people.get(&who).map(|a| a.office.clone()).unwrap_or_default(),
                at,
            })
            .collect(),
        applied_at: rule.appended_at,
    })
}

fn changes(preview: &Preview) -> Vec<Change> {
    preview
        .changed()
        .map(|(before, after)| Change {
            code: before.code.clone(),
            votes: before.votes,
            votes_after: after.votes,
            rank: before.rank,
            rank_after: after.rank,
            selected: before.selected,
            selected_after: after.selected,
        })
        .collect()
}
