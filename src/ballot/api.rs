//! JSON operations of casting: ballots, receipts and turnout.
//!
//! Thousands of voters cast at once, so casting reads nothing but the cached ballot paper and waits for one commit.

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
use crate::ballot::{flows, queries, receipts};
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/campaigns/:slug/ballots", Policy::VOTING),
    (Method::GET, "/receipts/:receipt", Policy::READING),
    (Method::GET, "/campaigns/:slug/turnout", Policy::PUBLIC_CALL),
];

/// JSON operations of casting.
pub struct BallotApi;

/// A ballot to be cast.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewBallot {
    /// Pass that the ballot spends.
    pass: String,
    /// Six-digit code of the province in which the voter deals with the government. Empty in a campaign without places.
    #[oai(default)]
    place: String,
    /// Codes of the ticked options, in any order.
    choices: Vec<String>,
}

/// Status of a counted ballot. `in_box`: in the ballot box and in its counts, on disk. `in_log`: also in the public log, with a
/// Merkle inclusion proof. `late`: in the ballot box but not in the public log, although `include_before` is past, so that the
/// promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum ReceiptStatus {
    /// The ballot is in the ballot box and in its counts, on disk.
    InBox,
    /// The ballot is also in the public log and has a Merkle inclusion proof.
    InLog,
    /// The ballot is in the ballot box but not in the public log, although `include_before` is past: the promise is broken.
    Late,
}

/// Answer to a ballot that counts, without the choices of the ballot.
#[derive(Object)]
struct BallotAnswer {
    /// Receipt number of the ballot, 32 hexadecimal digits.
    receipt: String,
    /// Leaf hash of the ballot in the public log, 64 hexadecimal digits.
    leaf_hash: String,
    /// Slug of the campaign.
    campaign: String,
    /// Track on which the ballot counts.
    track: Track,
    /// Status of the ballot.
    status: ReceiptStatus,
    /// Instant by which the ballot has to be in the public log, where anybody can check the ballot: 24 hours after the close,
    /// programme time. Before that instant, a look-up of the receipt tells whether the ballot is in the box.
    include_before: DateTime<Utc>,
    /// Signed promise of that inclusion, to be kept by the voter (section 8 of the specification of the ballot log). Promises of
    /// the same moment share a signature.
    promise: String,
}

#[derive(ApiResponse)]
enum CastAnswer {
    /// The ballot is counted now.
    #[oai(status = 201)]
    New(Json<BallotAnswer>),
    /// The same ballot was counted before. The receipt number is unchanged; the promise is another text with the same meaning.
    #[oai(status = 200)]
    Again(Json<BallotAnswer>),
}

/// A ballot that was looked up. The answer shows no choice, no place and no time.
#[derive(Object)]
struct ReceiptAnswer {
    /// Receipt number of the ballot, 32 hexadecimal digits.
    receipt: String,
    /// Leaf hash of the ballot in the public log, 64 hexadecimal digits.
    leaf_hash: String,
    /// Slug of the campaign.
    campaign: String,
    /// Status of the ballot.
    status: ReceiptStatus,
    /// Instant by which the ballot has to be in the public log, programme time.
    include_before: DateTime<Utc>,
    /// Signed promise that the ballot is in the log by that instant.
    promise: String,
    /// Index of the ballot's entry in the log, once the ballot is sealed.
    index: Option<u64>,
    /// Size of the tree to which the proof leads, once the ballot is sealed.
    size: Option<u64>,
    /// Merkle inclusion proof as text for verifiers, once the ballot is sealed (section 8 of the specification of the ballot
    /// log).
    proof: Option<String>,
    /// Number of the rule that invalidated the ballot: the ballot is in the log but does not count. Absent for a ballot that
    /// counts.
    void_by: Option<i32>,
}

/// Turnout of a campaign: the number of ballots cast, as far as the display rule shows the number.
#[derive(Object)]
struct TurnoutAnswer {
    /// Slug of the campaign.
    campaign: String,
    /// Display rule of the campaign until the count. Numbers and instant are null before the first step, and where the rule shows
    /// nothing.
    display: Display,
    /// Number of ballots on all tracks; anonymous ballots are not people. Until the count the number moves in steps: at least 50
    /// new ballots of a track, at least ten minutes apart.
    ballots: Option<i64>,
    /// Number of ballots on the real-name track; null while that track has taken no step.
    real_name: Option<i64>,
    /// Instant at which a number last moved, programme time; after the count, the instant of the close.
    as_of: Option<DateTime<Utc>>,
}

#[OpenApi(tag = "ApiTags::Ballots")]
impl BallotApi {
    /// Cast a ballot
    ///
    /// The answer comes when the ballot is on disk. Casting is idempotent: the same ballot may be sent again after a lost answer.
    /// The same pass with another place or other choices is refused.
    #[oai(path = "/campaigns/:slug/ballots", method = "post")]
    async fn cast(
        &self,
        app: Data<&Arc<App>>,
        slug: Path<String>,
        ballot: JsonBody<NewBallot>,
    ) -> Result<CastAnswer, Error> {
        let receipt = flows::cast(&app.ballots, &slug, &ballot.pass, &ballot.place, &ballot.choices).await?;
        let answer = Json(BallotAnswer {
            receipt: receipt.number.plain(),
            leaf_hash: hex::encode(receipt.leaf),
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

    /// Look up a ballot by its receipt
    #[oai(path = "/receipts/:receipt", method = "get")]
    async fn receipt(&self, app: Data<&Arc<App>>, receipt: Path<String>) -> Result<Json<ReceiptAnswer>, Error> {
        let asked = receipts::parse(&receipt).ok_or(Error::NotFound("receipt"))?;
        let found = queries::receipt(&app.ballots, &asked).await?.ok_or(Error::NotFound("receipt"))?;
        let status = match &found.proof {
            Some(_) => ReceiptStatus::InLog,
            None if found.is_late(app.clock.now()) => ReceiptStatus::Late,
            None => ReceiptStatus::InBox,
        };
        Ok(Json(ReceiptAnswer {
            receipt: found.number.plain(),
            leaf_hash: hex::encode(found.leaf),
            campaign: found.campaign,
            status,
            include_before: found.include_before,
            promise: found.promise,
            index: found.proof.as_ref().map(|p| p.index),
            size: found.proof.as_ref().map(|p| p.size),
            proof: found.proof.map(|p| p.text),
            void_by: found.void_by,
        }))
    }

    /// Turnout: the number of ballots cast, as far as the display rule of the campaign shows the number
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
