//! Proof of identity at a provider, on the way to a real-name pass.
//!
//! The proof is bound to the campaign and to the browser or program that began it. The answer does not reveal whether a pass was
//! given before: the same identity gets the same pass again, by the same work.

use chrono::{DateTime, Utc};
use entity::stored::Track;
use serde::Serialize;

use super::Passes;
use super::flows::person_pass;
use super::paper::taking;
use super::seal::Pass;
use crate::base::clock::day_of;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::oidc::auth_request::{self, AuthRequest, Nonces};

/// Purpose for which the state of these trips is sealed.
pub const PURPOSE: &str = "vote under a real name";

/// A trip to the provider that was begun.
pub struct Begun {
    /// Address that the browser has to open.
    pub address: String,
    /// Sealed state that the browser has to bring back.
    pub sealed: String,
    /// Instant until which the state is valid, system time.
    pub expires: DateTime<Utc>,
}

/// Begins a trip for a campaign; `payload` is sealed into the state and comes back with it.
///
/// # Errors
/// As [`taking`]; `ballot.track`; `pass.no_source`; `provider.away`; `Busy`.
pub async fn begin(passes: &Passes, ctx: &Ctx, slug: &str, payload: impl Serialize) -> Result<Begun> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    if !passes.papers.get(slug).await?.takes(Track::RealName) {
        return Err(Error::field("track", Refusal::new("ballot.track")));
    }
    let source = passes.identity_source.provider().ok_or_else(|| Error::conflict("pass.no_source"))?;
    // The provider has to authenticate anew: another person may have signed in there with the same browser.
    let (secrets, system) = (Nonces::fresh(true)?, ctx.system);
    let address = source.party.begin(&secrets).await?;
    let sealed = passes.state_cookie.seal(PURPOSE, &AuthRequest { secrets, payload }, system)?;
    Ok(Begun { address, sealed, expires: system + auth_request::REQUEST_LIFETIME })
}

/// The pass for a program's proof: the state that [`begin`] sealed, and the query with which the browser came back.
///
/// # Errors
/// `provider.mismatch` for a proof that this site did not seal, of another campaign, or too old; as [`finish`].
pub async fn proven(passes: &Passes, ctx: &Ctx, slug: &str, (proof, query): (&str, &str), peer: &str) -> Result<Pass> {
    let trip = passes.state_cookie.open::<AuthRequest<String>>(PURPOSE, proof, ctx.system);
    let Some(trip) = trip.filter(|trip| trip.payload == slug) else {
        return Err(Error::Forbidden(Refusal::new("provider.mismatch")));
    };
    finish(passes, ctx, slug, (trip.secrets, query), peer).await
}

/// The pass of a person who came back from a trip. Every repetition gives the same pass. `query` is the query of the address to
/// which the provider redirected the browser.
///
/// # Errors
/// As [`taking`]; `TooMany` for the address; `pass.no_source`, `pass.document`, `pass.kind`; those of
/// [`crate::oidc::relying_party::RelyingParty::finish`].
pub async fn finish(
    passes: &Passes,
    ctx: &Ctx,
    slug: &str,
    (secrets, query): (Nonces, &str),
    peer: &str,
) -> Result<Pass> {
    taking(&passes.stores.ballots, slug, ctx.now).await?;
    let paper = passes.papers.get(slug).await?;
    let source = passes.identity_source.provider().ok_or_else(|| Error::conflict("pass.no_source"))?;
    let system = ctx.system;
    let asked = source.party.finish(&passes.state_cookie, secrets, query, source.wanted(), system);
    let vouched = auth_request::limited(&passes.limiter, peer, system, asked).await?;
    let person = source.person(vouched, day_of(ctx.now))?;
    person_pass(passes, ctx, &paper, &person, peer).await
}
