//! The JSON face of this slice.
//!
//! Casting is the path that thousands take at once: it reads nothing but the cached ballot paper and waits for one commit.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::stored::{Display, Track};
use poem::http::Method;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::ballot_box::Cast;
use crate::app::App;
use crate::ballot::commands;
use crate::ballot::queries;
use crate::ballot::receipts;
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/campaigns/:slug/ballots", Policy::VOTING),
    (Method::GET, "/receipts/:receipt", Policy::CALL),
    (Method::GET, "/campaigns/:slug/turnout", Policy::CALL),
];

/// See the module.
pub struct BallotApi;

/// A ballot as it is cast.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewBallot {
    /// The pass that is spent.
    pass: String,
    /// Where the voter deals with the government: six digits. Empty in a campaign without places.
    #[oai(default)]
    place: String,
    /// Codes of the options that are ticked, in any order.
    choices: Vec<String>,
}

/// Where a ballot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum ReceiptStatus {
    /// In the ballot box and in its counts, on disk.
    InBox,
    /// In the public log as well: it has a proof.
    InLog,
    /// In the ballot box and not in the public log, although `include_before` is past: the promise is broken.
    Late,
}

/// What is answered to a ballot that counts. It shows no choice.
#[derive(Object)]
struct BallotAnswer {
    /// Leaf hash of the ballot, 64 hexadecimal digits: the number to look it up by.
    receipt: String,
    /// Slug.
    campaign: String,
    /// Track on which it counts.
    track: Track,
    /// Where it stands.
    status: ReceiptStatus,
    /// By when the ballot has to be among those that anybody can check: the closing and 24 hours. Before, looking up the
    /// receipt tells whether it is in the box.
    include_before: DateTime<Utc>,
    /// The signed promise of that: keep it (section 8 of the specification of the ballot log).
    promise: String,
}

#[derive(ApiResponse)]
enum CastAnswer {
    /// Counted now.
    #[oai(status = 201)]
    New(Json<BallotAnswer>),
    /// The same ballot was counted before; the receipt is the same.
    #[oai(status = 200)]
    Again(Json<BallotAnswer>),
}

/// A ballot that was looked up. It shows no choice, no place, no time.
#[derive(Object)]
struct ReceiptAnswer {
    /// Leaf hash of the ballot, 64 hexadecimal digits.
    receipt: String,
    /// Slug.
    campaign: String,
    /// Where it stands.
    status: ReceiptStatus,
    /// By when the ballot has to be in the public log, by the programme's clock.
    include_before: DateTime<Utc>,
    /// The signed promise that it is in the log in time.
    promise: String,
    /// Index of its entry in the log, once it is sealed.
    index: Option<u64>,
    /// Size of the tree that the proof leads to, once it is sealed.
    size: Option<u64>,
    /// The proof as a text that verifiers read, once it is sealed (section 8 of the specification of the ballot log).
    proof: Option<String>,
    /// Number of the rule that made it void: it is in the log, and does not count. Absent for a ballot that counts.
    void_by: Option<i32>,
}

/// How many ballots were cast, as far as it is shown.
#[derive(Object)]
struct TurnoutAnswer {
    /// Slug.
    campaign: String,
    /// What the campaign shows until it is counted. Where that is nothing, and before the first step, numbers and time are null.
    display: Display,
    /// Ballots on all tracks; the anonymous ones among them are not people. Until the count they move in steps: at least 50 new ballots of a track, at least ten minutes
    /// apart.
    ballots: Option<i64>,
    /// Of these on the real-name track; null while that track has taken no step.
    real_name: Option<i64>,
    /// When a number last moved, by the programme's clock; after the count the closing.
    as_of: Option<DateTime<Utc>>,
}

#[OpenApi(tag = "ApiTags::Ballots")]
impl BallotApi {
    /// Casts a ballot.
    ///
    /// The answer comes when the ballot is on disk. The same ballot may be sent again after a lost answer; the same pass
    /// with another place or other choices is refused.
    #[oai(path = "/campaigns/:slug/ballots", method = "post")]
    async fn cast(
        &self,
        app: Data<&Arc<App>>,
        slug: Path<String>,
        ballot: JsonBody<NewBallot>,
    ) -> Result<CastAnswer, Error> {
        let receipt = commands::cast(&app.ballots, &slug, &ballot.pass, &ballot.place, &ballot.choices).await?;
        let answer = Json(BallotAnswer {
            receipt: hex::encode(receipt.leaf),
            campaign: slug.0,
            track: receipt.track,
            status: ReceiptStatus::InBox,
            include_before: receipt.include_before,
            promise: receipt.promise,
        });
        Ok(match receipt.cast {
            Cast::New => CastAnswer::New(answer),
            Cast::Again => CastAnswer::Again(answer),
        })
    }

    /// Looks a ballot up by its receipt.
    #[oai(path = "/receipts/:receipt", method = "get")]
    async fn receipt(&self, app: Data<&Arc<App>>, receipt: Path<String>) -> Result<Json<ReceiptAnswer>, Error> {
        let leaf = receipts::parse(&receipt).ok_or(Error::NotFound("receipt"))?;
        let found = queries::receipt(&app.ballots, leaf).await?.ok_or(Error::NotFound("receipt"))?;
        let status = match &found.proof {
            Some(_) => ReceiptStatus::InLog,
            None if found.is_late(app.clock.now()) => ReceiptStatus::Late,
            None => ReceiptStatus::InBox,
        };
        Ok(Json(ReceiptAnswer {
            receipt: hex::encode(leaf),
            campaign: found.campaign.to_string(),
            status,
            include_before: found.include_before,
            promise: found.promise,
            index: found.proof.as_ref().map(|p| p.index),
            size: found.proof.as_ref().map(|p| p.size),
            proof: found.proof.map(|p| p.text),
            void_by: found.void_by,
        }))
    }

    /// How many ballots were cast, as far as the campaign shows it.
    ///
    /// Until the count the numbers are those of the last step, for everybody.
    #[oai(path = "/campaigns/:slug/turnout", method = "get")]
    async fn turnout(&self, app: Data<&Arc<App>>, slug: Path<String>) -> Result<Json<TurnoutAnswer>, Error> {
        let now = app.clock.now();
        let campaign = campaigns::published(app.stores.main.db(), &slug, now).await?;
        let shown = queries::shown_turnout(&app.stores.ballots, &campaign, now).await?;
        Ok(Json(TurnoutAnswer {
            display: campaign.display,
            campaign: campaign.slug,
            ballots: shown.map(|shown| shown.ballots),
            real_name: shown.and_then(|shown| shown.real_name),
            as_of: shown.map(|shown| shown.at),
        }))
    }
}
