//! This site as the client of one provider.
//!
//! These answers are refused:
//!
//! * a state, nonce, issuer, audience or authorised party that is not ours;
//! * a token without a signature, signed by a key that the provider does not publish, or signed with a secret that both sides
//!   know;
//! * a token that has expired;
//! * a code that was used before.
//!
//! The provider's published metadata are fetched again after an hour. Its keys are fetched once more where a token names an
//! unknown key.

mod answer;
mod proof;
mod published;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{AuthenticationContextClass, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

pub use self::answer::Answer;
use self::published::Metadata;
use super::http::Http;
use super::settings::{Provider, Secret, checked, is_here};
use crate::base::error::{Error, Refusal, Result};
use crate::base::files;
use crate::oidc::auth_request::{Nonces, StateCookie};
use crate::oidc::verified_claims::VerifiedClaims;

/// Most questions to one provider at the same time. Each question occupies a thread.
const AT_ONCE: usize = 32;

/// Client of one provider; see the module.
pub struct RelyingParty {
    /// Settings of the provider.
    pub provider: Provider,
    secret: Option<Secret>,
    /// Address to which the provider sends browsers back.
    back: String,
    http: Http,
    known: Mutex<Option<(Metadata, Instant)>>,
    places: Semaphore,
}

/// Reason why the provider vouches for nobody.
enum Failure {
    /// The provider gave no answer, or has a fault. Nothing is known about the person.
    Away(String),
    /// The answer is not valid.
    Wrong(String),
    /// The proof is weaker than the settings ask for.
    Weak(String),
    /// The token names a key that is not known yet.
    UnknownKey(String),
}

impl RelyingParty {
    /// The client of a provider. `back` is the address to which the provider sends browsers back. No request is sent yet.
    ///
    /// # Errors
    /// Texts that are no valid addresses.
    pub fn new(provider: Provider, secret: Option<Secret>, back: String) -> Result<Self> {
        let issuer = checked("issuer", &provider.issuer)?;
        checked("address", &back)?;
        Ok(Self {
            http: Http::new(!is_here(&issuer)),
            provider,
            secret,
            back,
            known: Mutex::default(),
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// The address at the provider to which a browser is sent, for an authentication request with these secrets.
    ///
    /// # Errors
    /// `provider.away`; `provider.refused` for published metadata that are not valid; `Busy`.
    pub async fn begin(self: &Arc<Self>, secrets: &Nonces) -> Result<String> {
        let secrets = secrets.clone();
        self.apart(move |party| {
            let client = party.client(party.metadata()?)?;
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(secrets.verifier));
            let (state, nonce) = (secrets.state, secrets.nonce);
            let mut asked = client
                .authorize_url(
                    CoreAuthenticationFlow::AuthorizationCode,
                    move || CsrfToken::new(state),
                    move || Nonce::new(nonce),
                )
                .set_pkce_challenge(challenge)
                .add_scopes(party.provider.scopes.iter().cloned().map(Scope::new));
            if secrets.anew {
                // `max_age` makes the provider name the instant of the proof as well (`auth_time`).
                asked = asked.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
            }
            for level in &party.provider.acr {
                asked = asked.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
            }
            let (address, ..) = asked.url();
            checked("authorization_endpoint", address.as_str()).map_err(|e| Failure::Wrong(e.to_string()))?;
            Ok(address.to_string())
        })
        .await
    }

    /// The person who came back from an authentication request with these secrets, by the query of the address. `wanted` names
    /// the claims that are needed.
    ///
    /// # Errors
    /// `provider.mismatch` for an answer to another request; `provider.used` where this request ended before;
    /// `provider.cancelled`; `provider.refused` for an answer that is not valid; `provider.weak`; `provider.away`; `Busy`.
    pub async fn finish(
        self: &Arc<Self>,
        state_cookie: &StateCookie,
        secrets: Nonces,
        query: &str,
        wanted: Vec<String>,
        system: DateTime<Utc>,
    ) -> Result<VerifiedClaims> {
        let answer = Answer::parse(query).filter(|answer| is_same(&secrets.state, &answer.state));
        let Some(answer) = answer else {
            return Err(Error::Forbidden(Refusal::new("provider.mismatch")));
        };
        // The request is consumed before the provider is asked: a code that is sent twice at once is redeemed once.
        if !state_cookie.consume(&secrets, system) {
            return Err(Error::Forbidden(Refusal::new("provider.used")));
        }
        let vouched = self.apart(move |party| {
            let metadata = party.metadata()?;
            let names_itself = metadata.additional_metadata().authorization_response_iss_parameter_supported;
            match &answer.issuer {
                Some(issuer) if *issuer != party.provider.issuer => {
                    return Err(Failure::Wrong("the answer names another issuer".to_owned()));
                }
                None if names_itself => return Err(Failure::Wrong("the answer names no issuer".to_owned())),
                _ => {}
            }
            match answer.error {
                Some(error) => Ok(Err(error)),
                None => party.redeem(metadata, secrets, answer.code, &wanted, system).map(Ok),
            }
        });
        vouched.await?.map_err(|error| {
            let error: String = error.chars().filter(char::is_ascii_graphic).take(64).collect();
            tracing::info!(issuer = self.provider.issuer, error, "nobody is vouched for");
            Error::conflict("provider.cancelled")
        })
    }

    /// Address at which a browser ends its session at the provider; none where the provider has no such address, or is away.
    pub async fn end_session(self: &Arc<Self>, back: String) -> Option<String> {
        self.apart(move |party| {
            let endpoint = party.metadata()?.additional_metadata().end_session_endpoint.clone();
            let address = endpoint.and_then(|endpoint| checked("end_session_endpoint", &endpoint).ok());
            Ok(address.map(|mut address| {
                let client = party.provider.client_id.as_str();
                address
                    .query_pairs_mut()
                    .append_pair("client_id", client)
                    .append_pair("post_logout_redirect_uri", &back);
                address.to_string()
            }))
        })
        .await
        .ok()
        .flatten()
    }

    /// Runs work that waits for the provider, outside the threads that answer requests.
    async fn apart<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> std::result::Result<T, Failure> + Send + 'static,
    ) -> Result<T> {
        let Ok(_place) = self.places.try_acquire() else {
            return Err(Error::Busy { retry_after: 30 });
        };
        let party = Arc::clone(self);
        let outcome = files::blocking(move || Ok(work(&party))).await?;
        let issuer = self.provider.issuer.as_str();
        outcome.map_err(|failure| match failure {
            Failure::Away(why) => {
                tracing::warn!(issuer, why, "the provider gives no answer");
                Error::conflict("provider.away")
            }
            Failure::Wrong(why) | Failure::UnknownKey(why) => {
                tracing::warn!(issuer, why, "the provider's answer does not hold");
                Error::Forbidden(Refusal::new("provider.refused"))
            }
            Failure::Weak(why) => {
                tracing::info!(issuer, why, "the provider vouches for less than is asked");
                Error::Forbidden(Refusal::new("provider.weak"))
            }
        })
    }
}

/// Compares in constant time: the state is a secret.
fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
