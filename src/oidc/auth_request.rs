//! The way of one browser to a provider and back (OpenID Connect authentication request).
//!
//! The data that are needed again at the return are sealed with an AEAD into a text that the browser or program keeps. Nobody
//! else can read, make or change such a text. A text opens only for the purpose for which it was sealed, and only until it
//! expires. A request ends once: a request that was used is remembered until it would have expired. All instants are system time.
//!
//! # Why
//! The browser keeps the data, not the site. So a flood of requests fills no memory, and a restart ends no request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::base::error::{Error, Result};
use crate::base::keys::{self, Key};
use crate::base::rate_limit::{Limit, PersistentLimiter};

/// Time that a browser may be away: people look for a card or a phone in the meantime.
pub const REQUEST_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Failed returns that one network may send: enough for an office, too few for a flood.
pub const RETURNS: Limit = Limit { name: "return_peer", burst: 600, refill: TimeDelta::seconds(6) };
/// Codes of refusals that come before the provider is asked.
const UNASKED: [&str; 3] = ["provider.mismatch", "provider.used", "busy"];
/// Most ended requests that are remembered. Each of them was begun here and came back.
const MAX_REMEMBERED: usize = 500_000;

/// Secrets that only this site and the browser that began the request know.
#[derive(Clone, Deserialize, Serialize)]
pub struct Nonces {
    /// Random text that comes back with the browser (`state`).
    pub state: String,
    /// Random text that comes back inside the ID token (`nonce`).
    pub nonce: String,
    /// Proves at the token endpoint that this site began the request (code verifier of PKCE).
    pub verifier: String,
    /// Whether people have to prove again who they are, although the provider knows the browser.
    pub anew: bool,
}

/// Asks a provider about a return. Only failed questions count for the network. So neither neighbours who prove who they are nor
/// clients that send a malformed answer use the allowance up.
///
/// # Errors
/// `TooMany`; the errors of the question.
pub async fn limited<T>(
    limiter: &PersistentLimiter,
    peer: &str,
    system: DateTime<Utc>,
    asking: impl Future<Output = Result<T>>,
) -> Result<T> {
    limiter.try_acquire(RETURNS, peer, system)?;
    let answer = asking.await;
    let is_in_vain = answer.as_ref().is_err_and(|error| !UNASKED.contains(&error.refusal().code));
    if !is_in_vain {
        limiter.table().take_back(RETURNS, limiter.digest(RETURNS, peer));
    }
    answer
}

/// Authentication request that is under way at a provider.
#[derive(Deserialize, Serialize)]
pub struct AuthRequest<P> {
    /// State, nonce and code verifier of the request.
    pub secrets: Nonces,
    /// Data of the caller that come back with the answer.
    pub payload: P,
}

#[derive(Deserialize, Serialize)]
struct Dated<T> {
    expires: i64,
    value: T,
}

/// Seals and opens the state cookie, and remembers the requests that were consumed.
pub struct StateCookie {
    key: Key,
    ended: Mutex<HashMap<[u8; 16], i64>>,
}

impl Nonces {
    /// Fresh random secrets.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn fresh(anew: bool) -> Result<Self> {
        let text = || keys::random::<32>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        Ok(Self { state: text()?, nonce: text()?, verifier: text()?, anew })
    }
}

impl StateCookie {
    /// The state cookie under a key that is derived from the key of the site.
    #[must_use]
    pub fn of(site: &Key) -> Self {
        Self { key: site.derive("trip/1", ""), ended: Mutex::default() }
    }

    /// Seals a value for one purpose. The sealed text opens for [`REQUEST_LIFETIME`].
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn seal(&self, purpose: &str, value: &impl Serialize, system: DateTime<Utc>) -> Result<String> {
        let dated = Dated { expires: (system + REQUEST_LIFETIME).timestamp(), value };
        let bytes = serde_json::to_vec(&dated).map_err(|e| Error::Internal(e.to_string()))?;
        self.key.seal(purpose, &bytes)
    }

    /// Opens a text that was sealed for the purpose; none where the text was not sealed here, was changed, or has expired.
    #[must_use]
    pub fn open<T: DeserializeOwned>(&self, purpose: &str, sealed: &str, system: DateTime<Utc>) -> Option<T> {
        let dated: Dated<T> = serde_json::from_slice(&self.key.unseal(purpose, sealed).ok()?).ok()?;
        (system.timestamp() < dated.expires).then_some(dated.value)
    }

    /// Consumes a request: true the first time, false every further time.
    #[must_use]
    pub fn consume(&self, secrets: &Nonces, system: DateTime<Utc>) -> bool {
        let now = system.timestamp();
        let name = self.key.mac(&[b"ended", secrets.state.as_bytes()]);
        let name: [u8; 16] = std::array::from_fn(|n| name[n]);
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.len() >= MAX_REMEMBERED {
            ended.retain(|_, expires| *expires > now);
        }
        ended.len() < MAX_REMEMBERED && ended.insert(name, (system + REQUEST_LIFETIME).timestamp()).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn cookie() -> StateCookie {
        StateCookie::of(&Key::ephemeral().unwrap())
    }

    #[test]
    fn a_sealed_text_opens_here_for_its_purpose_and_until_it_expires() {
        let cookie = cookie();
        let sealed = cookie.seal("vote s1", &"x".to_owned(), NOW).unwrap();
        let open = |cookie: &StateCookie, purpose: &str, at| cookie.open::<String>(purpose, &sealed, at);
        let late = NOW + REQUEST_LIFETIME;
        assert_eq!(open(&cookie, "vote s1", late - TimeDelta::seconds(1)).as_deref(), Some("x"));
        assert_eq!(open(&cookie, "vote s1", late), None);
        assert_eq!(open(&cookie, "sign-in", NOW), None);
        assert_eq!(open(&super::tests::cookie(), "vote s1", NOW), None);
    }

    #[test]
    fn a_changed_text_does_not_open() {
        let cookie = cookie();
        let sealed = cookie.seal("p", &"something to keep".to_owned(), NOW).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            assert_eq!(cookie.open::<String>("p", &URL_SAFE_NO_PAD.encode(bytes), NOW), None, "byte {at}");
        }
        assert_eq!(cookie.open::<String>("p", "", NOW), None);
        assert_eq!(cookie.open::<String>("p", "?", NOW), None);
    }

    #[test]
    fn a_trip_ends_once() {
        let (cookie, one, other) = (cookie(), Nonces::fresh(false).unwrap(), Nonces::fresh(false).unwrap());
        assert!(cookie.consume(&one, NOW));
        assert!(!cookie.consume(&one, NOW));
        assert!(cookie.consume(&other, NOW));
    }

    #[test]
    fn two_texts_of_the_same_have_the_same_length_and_nothing_else_in_common() {
        let cookie = cookie();
        let seal = || cookie.seal("p", &"same".to_owned(), NOW).unwrap();
        let (one, other) = (seal(), seal());
        assert_eq!(one.len(), other.len());
        assert_ne!(one[..21], other[..21]);
    }
}
