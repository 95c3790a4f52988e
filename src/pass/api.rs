//! JSON operations for passes: puzzles, proofs of identity, and the passes themselves.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::stored::Track;
use poem::http::Method;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::proof_of_work::Puzzle;
use super::puzzle::{ANSWERS, ITERATIONS};
use super::{flows, proving};
use crate::app::App;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Visit;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Access policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/campaigns/:slug/challenges", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/proofs", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/passes", Policy::VOTING),
];

/// JSON operations for passes.
pub struct PassApi;

/// A puzzle (proof of work) to be solved for an anonymous pass.
#[derive(Object)]
struct ChallengeAnswer {
    /// Password of a search with PBKDF2-HMAC-SHA256. Only the network that asked can redeem the challenge.
    challenge: String,
    /// Target of the proof of work: the greatest value that counts as an answer. A nonce (0 to 4,294,967,295) names one block of
    /// output: salt `nonce / 256` (4 bytes, big-endian), block number `nonce % 256 + 1`. The nonce is an answer where the first
    /// four bytes of the block, big-endian, are not above the target. The target shrinks as the network takes more passes on
    /// the same day.
    target: u32,
    /// Number of iterations of PBKDF2.
    iterations: u32,
    /// Number of answers in a solution.
    answers: u32,
    /// Instant until which a solution is accepted, system time.
    expires: DateTime<Utc>,
}

/// A request for a pass, with the evidence that its track needs.
#[derive(Object)]
#[oai(deny_unknown_fields)]
struct NewPass {
    /// Track on which the ballot is to count.
    track: Track,
    /// For an anonymous pass: the challenge.
    #[oai(default)]
    challenge: String,
    /// Solution of the puzzle, for an anonymous pass: the nonces in decimal digits, ascending, separated by commas.
    #[oai(default)]
    nonce: String,
    /// For a real-name pass, in the demo: a name. The name is neither stored nor logged.
    #[oai(default)]
    name: String,
    /// For a real-name pass, in the demo: an identity number. The number is neither stored nor logged.
    #[oai(default)]
    number: String,
    /// For a real-name pass: the `proof` that was returned when the proof was begun.
    #[oai(default)]
    proof: String,
    /// Authorization response of the identity source (OpenID Connect), for a real-name pass: the query of the redirect,
    /// `code=…&state=…`.
    #[oai(default)]
    answer: String,
}

/// A proof of identity that was begun.
#[derive(Object)]
struct ProofAnswer {
    /// Address that a browser has to open, so that the voter proves an identity there. The identity source redirects the browser
    /// to `/identity/return` of this site. A program reads the query of that redirect instead of following it.
    address: String,
    /// Sealed state of the proof, for the call that requests the pass. The state is valid once, for this campaign, and only with
    /// the answer to this address.
    proof: String,
    /// Instant until which the proof is valid, system time.
    expires: DateTime<Utc>,
}

/// The right to cast one ballot.
#[derive(Object)]
struct PassAnswer {
    /// Pass as one opaque string. The holder of the string holds the vote. The same request gives the same pass again.
    pass: String,
}

#[OpenApi(tag = "ApiTags::Ballots")]
impl PassApi {
    /// Request a puzzle (proof of work) for an anonymous pass
    ///
    /// The answer is 429 `pass.day_cap` where the network took all the anonymous passes that it gets a day.
    #[oai(path = "/campaigns/:slug/challenges", method = "post")]
    async fn challenge(&self, visit: Visit, slug: Path<String>) -> Result<Json<ChallengeAnswer>, Error> {
        let app = &visit.app;
        let Puzzle { text: challenge, target, expires } =
            flows::puzzle(&app.passes, &nobody(app), &slug, &visit.peer).await?;
        let answers = u32::try_from(ANSWERS).unwrap_or(u32::MAX);
        Ok(Json(ChallengeAnswer { challenge, target, iterations: ITERATIONS, answers, expires }))
    }

    /// Begin a proof of identity for a real-name pass
    ///
    /// The answer is `pass.no_source` where the site has no identity source that a browser can open.
    #[oai(path = "/campaigns/:slug/proofs", method = "post")]
    async fn proof(&self, app: Data<&Arc<App>>, slug: Path<String>) -> Result<Json<ProofAnswer>, Error> {
        let begun = proving::begin(&app.passes, &nobody(&app), &slug, &*slug).await?;
        Ok(Json(ProofAnswer { address: begun.address, proof: begun.sealed, expires: begun.expires }))
    }

    /// Request a pass
    ///
    /// An anonymous pass costs a solved puzzle, and counts for the network once the solution was checked. A real-name pass needs
    /// an identity source: begin with `POST /campaigns/{slug}/proofs`, send the voter to the address, and give back `proof` with
    /// the `answer` of the source. The source of the demo takes any name with an identity number of the right form instead. One
    /// identity has one pass in a campaign: a repeated request gives the same pass, in the same form and time.
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
                flows::anonymous_pass(&app.passes, &ctx, &slug, solved, peer).await?
            }
            Track::RealName if !asked.proof.is_empty() => {
                let proven = (asked.proof.as_str(), asked.answer.as_str());
                proving::proven(&app.passes, &ctx, &slug, proven, peer).await?
            }
            Track::RealName => {
                let typed = (asked.name.as_str(), asked.number.as_str());
                flows::real_name_pass(&app.passes, &ctx, &slug, typed, peer).await?
            }
        };
        Ok(Json(PassAnswer { pass: pass.encode() }))
    }
}

fn nobody(app: &App) -> Ctx {
    Ctx::nobody(&app.clock)
}
