//! The JSON face of rules that invalidate ballots.

use chrono::{DateTime, Utc};
use entity::invalidation::Model;
use poem::http::Method;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::invalidation::queries::{self, Preview};
use super::invalidation::{State, commands};
use crate::accounts::queries::by_ids;
use crate::app::App;
use crate::ballot_log::invalidation::Typed;
use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::queries as campaigns;
use crate::sign_in::extract::{Signed, Visit};
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/campaigns/:slug/invalidations", Policy::CALL),
    (Method::GET, "/campaigns/:slug/invalidations/:number", Policy::CALL),
    (Method::GET, "/campaigns/:slug/invalidations/preview", Policy::CALL),
    (Method::POST, "/campaigns/:slug/invalidations", Policy::STAFF),
    (Method::POST, "/campaigns/:slug/invalidations/:number/approval", Policy::SENSITIVE),
    (Method::POST, "/campaigns/:slug/invalidations/:number/withdrawal", Policy::STAFF),
];

/// See the module.
pub struct InvalidationApi;

/// Which ballots, and why. All parts that are given have to be met; at least one is given.
#[derive(Debug, Object)]
struct NewRule {
    /// `anonymous` or `real_name`.
    #[oai(default)]
    track: String,
    /// Six digits: ballots counted under this province.
    #[oai(default)]
    province: String,
    /// Names of blocks of 4,096 anonymous passes, each eight hexadecimal digits, parted by commas.
    #[oai(default)]
    blocks: String,
    /// Batches of the log, counted from 1, such as `1-3`.
    #[oai(default)]
    batches: String,
    /// Exactly these option codes, parted by commas.
    #[oai(default)]
    choices: String,
    /// At most 500 characters; everybody reads it.
    reason: String,
}

/// What a rule would change.
#[derive(Debug, Object)]
struct PreviewAnswer {
    /// The canonical spelling.
    criteria: String,
    /// Ballots that it meets and that count now.
    ballots: u64,
    /// Blocks of anonymous passes among them, most first; at most 50.
    blocks: Vec<BlockMet>,
    /// Options whose votes or rank would change.
    changes: Vec<Change>,
}

/// A block of anonymous passes.
#[derive(Debug, Object)]
struct BlockMet {
    /// Its name: the first four bytes of the serials, hexadecimal.
    block: String,
    /// Ballots met.
    ballots: usize,
}

/// One option before and after.
#[derive(Debug, Object)]
struct Change {
    /// Option code.
    code: String,
    /// Votes now.
    votes: i64,
    /// Votes without the ballots.
    votes_after: i64,
    /// Rank now.
    rank: i32,
    /// Rank without the ballots.
    rank_after: i32,
    /// Whether it is selected now.
    selected: bool,
    /// Whether it would be selected.
    selected_after: bool,
}

/// A rule.
#[derive(Debug, Object)]
struct RuleAnswer {
    /// Number among the rules of the campaign.
    number: i32,
    /// Which ballots: parts as `name=value`, parted by blanks.
    criteria: String,
    /// Why.
    reason: String,
    /// Ballots that it meets.
    ballots: i64,
    /// Where it stands.
    state: State,
    /// When it was proposed.
    proposed_at: DateTime<Utc>,
    /// Who signed, by office.
    signatures: Vec<RuleSignature>,
    /// When the log said so and the count was taken again.
    applied_at: Option<DateTime<Utc>>,
}

/// A signature.
#[derive(Debug, Object)]
struct RuleSignature {
    /// Office.
    office: String,
    /// When.
    at: DateTime<Utc>,
}

#[OpenApi(tag = "ApiTags::Tally")]
impl InvalidationApi {
    /// The rules by which ballots of a campaign do not count
    ///
    /// Those that are applied, by their numbers.
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

    /// One rule, whatever its state (organiser, approver, auditor)
    #[oai(path = "/campaigns/:slug/invalidations/:number", method = "get")]
    async fn rule(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        signed.ctx.require(Act::ReadCounts)?;
        standing(&signed, &slug, number.0).await
    }

    /// What a rule would change (organiser, approver, auditor)
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
    /// Possible between the count and the first signature under the selection, one rule at a time. Ballots are never deleted:
    /// the rule is appended to the public log, and the count is taken again without them.
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
        let number = commands::propose(&signed.app.ballots, &signed.ctx, &slug, &typed, &body.reason).await?;
        standing(&signed, &slug, number).await
    }

    /// Signs a rule (approver)
    ///
    /// Two different people sign, neither of them the author of the campaign or the one who proposed the rule. With the
    /// second signature it is applied.
    #[oai(path = "/campaigns/:slug/invalidations/:number/approval", method = "post")]
    async fn approve(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        commands::approve(&signed.app.ballots, &signed.ctx, &slug, number.0).await?;
        standing(&signed, &slug, number.0).await
    }

    /// Withdraws a rule that is not signed twice (organiser)
    #[oai(path = "/campaigns/:slug/invalidations/:number/withdrawal", method = "post")]
    async fn withdraw(&self, signed: Signed, slug: Path<String>, number: Path<i32>) -> Result<Json<RuleAnswer>> {
        commands::withdraw(&signed.app.ballots, &signed.ctx, &slug, number.0).await?;
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
