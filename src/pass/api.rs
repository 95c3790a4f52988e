//! The JSON face of this slice: puzzles, proofs of identity, passes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::stored::Track;
use poem::http::Method;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::proof_of_work::Challenge;
use super::puzzle::{ANSWERS, ITERATIONS};
use super::{commands, proving};
use crate::app::App;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::Visit;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::POST, "/campaigns/:slug/challenges", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/proofs", Policy::VOTING),
    (Method::POST, "/campaigns/:slug/passes", Policy::VOTING),
];

/// See the module.
pub struct PassApi;

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

#[OpenApi(tag = "ApiTags::Ballots")]
impl PassApi {
    /// Asks for work to be done for an anonymous pass.
    ///
    /// Refused (429, `pass.day_cap`) where the network took all anonymous passes that it gets a day.
    #[oai(path = "/campaigns/:slug/challenges", method = "post")]
    async fn challenge(&self, visit: Visit, slug: Path<String>) -> Result<Json<ChallengeAnswer>, Error> {
        let app = &visit.app;
        let Challenge { challenge, target, expires } =
            commands::challenge(&app.passes, &nobody(app), &slug, &visit.peer).await?;
        let answers = u32::try_from(ANSWERS).unwrap_or(u32::MAX);
        Ok(Json(ChallengeAnswer { challenge, target, iterations: ITERATIONS, answers, expires }))
    }

    /// Begins to prove an identity for a real-name pass.
    ///
    /// Refused (`pass.no_source`) where the site has no identity source that a browser can go to.
    #[oai(path = "/campaigns/:slug/proofs", method = "post")]
    async fn proof(&self, app: Data<&Arc<App>>, slug: Path<String>) -> Result<Json<ProofAnswer>, Error> {
        let begun = proving::begin(&app.passes, &nobody(&app), &slug, &*slug).await?;
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
                commands::anonymous_pass(&app.passes, &ctx, &slug, solved, peer).await?
            }
            Track::RealName if !asked.proof.is_empty() => {
                let proven = (asked.proof.as_str(), asked.answer.as_str());
                proving::proven(&app.passes, &ctx, &slug, proven, peer).await?
            }
            Track::RealName => {
                let typed = (asked.name.as_str(), asked.number.as_str());
                commands::real_name_pass(&app.passes, &ctx, &slug, typed, peer).await?
            }
        };
        Ok(Json(PassAnswer { pass: pass.encode() }))
    }
}

fn nobody(app: &App) -> Ctx {
    Ctx::nobody(&app.clock)
}
