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
use super::puzzle::{ANSWERS, ITERATIONS};
use super::work::Challenge;
use super::{commands, proving, queries, receipts};
use crate::app::App;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::campaign::queries as campaigns;
use crate::identity::extract::Visit;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/campaigns/:slug/challenges", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/proofs", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/passes", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/ballots", Policy::VOTING),
    (Method::GET, "/receipts/:receipt", Policy::CALL),
    (Method::GET, "/campaigns/:slug/turnout", Policy::CALL),
];

/// See the module.
pub struct BallotApi;

/// Work to be done for an anonymous pass.
#[derive(Object)]
struct ChallengeAnswer {
    /// The password of a search with PBKDF2-HMAC-SHA256. Only the network that asked can redeem it.
    challenge: String,
    /// A nonce (0 to 4,294,967,295) names one block of output: salt `nonce / 256` (4 bytes, big-endian), block number
    /// `nonce % 256 + 1`. It is an answer where the first four bytes of the block, big-endian, are not above this. The more passes a
    /// network took today, the smaller it is.
    target: u32,
    /// Iterations of PBKDF2.
    iterations: u32,
    /// So many answers are looked for.
    answers: u32,
    /// Until when a solution is taken, by the system's clock.
    expires: DateTime<Utc>,
}

/// Who asks for a pass, and by what right.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewPass {
    /// On which track the ballot is to count.
    track: Track,
    /// For an anonymous pass: the challenge.
    #[oai(default)]
    challenge: String,
    /// For an anonymous pass: the answers, decimal, in ascending order, with commas between them.
    #[oai(default)]
    nonce: String,
    /// For a real-name pass, in the demo: a name. It is neither stored nor logged.
    #[oai(default)]
    name: String,
    /// For a real-name pass, in the demo: an identity number. It is neither stored nor logged.
    #[oai(default)]
    number: String,
    /// For a real-name pass: what was given when the proof was begun.
    #[oai(default)]
    proof: String,
    /// For a real-name pass: the query of the address to which the identity source sent the browser (`code=…&state=…`).
    #[oai(default)]
    answer: String,
}

/// A proof of identity that was begun.
#[derive(Object)]
struct ProofAnswer {
    /// Where a browser has to go: somebody proves there who they are. It is sent back to `/identity/return` of this site; the
    /// program reads the query of that address instead of following it.
    address: String,
    /// Goes into the call that asks for the pass. Good once, for this campaign, and only with the answer to this address.
    proof: String,
    /// Until when, by the system's clock.
    expires: DateTime<Utc>,
}

/// The right to one ballot.
#[derive(Object)]
struct PassAnswer {
    /// One opaque string. Whoever holds it holds the vote; asking again in the same way gives the same one.
    pass: String,
}

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
    /// Asks for work to be done for an anonymous pass.
    ///
    /// Refused (429, `pass.day_cap`) where the network took all anonymous passes that it gets a day.
    #[oai(path = "/campaigns/:slug/challenges", method = "post")]
    async fn challenge(&self, visit: Visit, slug: Path<String>) -> Result<Json<ChallengeAnswer>, Error> {
        let app = &visit.app;
        let Challenge { challenge, target, expires } =
            commands::challenge(&app.ballots, &nobody(app), &slug, &visit.peer).await?;
        let answers = u32::try_from(ANSWERS).unwrap_or(u32::MAX);
        Ok(Json(ChallengeAnswer { challenge, target, iterations: ITERATIONS, answers, expires }))
    }

    /// Begins to prove an identity for a real-name pass.
    ///
    /// Refused (`pass.no_source`) where the site has no identity source that a browser can go to.
    #[oai(path = "/campaigns/:slug/proofs", method = "post")]
    async fn proof(&self, app: Data<&Arc<App>>, slug: Path<String>) -> Result<Json<ProofAnswer>, Error> {
        let begun = proving::begin(&app.ballots, &nobody(&app), &slug, &*slug).await?;
        Ok(Json(ProofAnswer { address: begun.address, proof: begun.sealed, expires: begun.expires }))
    }

    /// Asks for a pass.
    ///
    /// An anonymous one costs work, and counts for the network once the work was checked. A real-name one needs an identity source: begin with `POST /campaigns/{slug}/proofs`, send
    /// somebody to the address, and give back `proof` with the `answer` of the source. That of the demo takes any name with
    /// an identity number of the right form instead. One identity has one pass in a campaign: whoever asks again gets the
    /// same, in the same form and time.
    #[oai(path = "/campaigns/:slug/passes", method = "post")]
    async fn pass(
        &self,
        visit: Visit,
        slug: Path<String>,
        asked: JsonBody<NewPass>,
    ) -> Result<Json<PassAnswer>, Error> {
        let app = &visit.app;
        let (ctx, peer) = (nobody(app), &visit.peer);
        let pass = match asked.track {
            Track::Anonymous => {
                let solved = (asked.challenge.as_str(), asked.nonce.as_str());
                commands::anonymous_pass(&app.ballots, &ctx, &slug, solved, peer).await?
            }
            Track::RealName if !asked.proof.is_empty() => {
                let proven = (asked.proof.as_str(), asked.answer.as_str());
                proving::proven(&app.ballots, &ctx, &slug, proven, peer).await?
            }
            Track::RealName => {
                let typed = (asked.name.as_str(), asked.number.as_str());
                commands::real_name_pass(&app.ballots, &ctx, &slug, typed, peer).await?
            }
        };
        Ok(Json(PassAnswer { pass: pass.encode() }))
    }

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

fn nobody(app: &App) -> Ctx {
    Ctx::nobody(&app.clock)
}
