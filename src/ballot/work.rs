//! Proof of work for anonymous passes, and the slower path for browsers without script.
//!
//! A challenge is `expiry ‖ ripe ‖ random ‖ MAC`, base64url; it is bound to its campaign by the MAC and good for one
//! pass. It is solved by a decimal `nonce` such that SHA-256 of `challenge:nonce` begins with the asked number of zero
//! bits, or by patience: a *ticket* is a challenge that asks for no work but is ripe only after [`PATIENCE`].
//! All instants are system time, in seconds.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::error::{Error, Refusal, Result};
use crate::keys::{self, Key};

/// How long a challenge can be solved: a person reads thirty options in the meantime.
const LIFE: TimeDelta = TimeDelta::hours(2);
/// How long a ticket makes its holder wait.
pub const PATIENCE: TimeDelta = TimeDelta::seconds(10);
/// Spent challenges that are remembered at most; beyond, new ones are refused until old ones expire.
const ROOM: usize = 2_000_000;

/// Hands out challenges and takes solutions. The key lives with the process: a restart voids open challenges.
pub struct Desk {
    key: Key,
    bits: u8,
    spent: Mutex<HashMap<[u8; 16], i64>>,
}

/// A challenge as it is handed out.
#[derive(Clone, Debug)]
pub struct Challenge {
    /// The string to be hashed with the nonce.
    pub challenge: String,
    /// Leading zero bits asked for.
    pub bits: u8,
    /// Until when, system time.
    pub expires: DateTime<Utc>,
}

impl Desk {
    /// A desk that asks for so many bits of work.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn new(bits: u8) -> Result<Self> {
        Ok(Self {
            key: Key::ephemeral()?,
            bits,
            spent: Mutex::default(),
        })
    }

    /// A challenge to be solved by work.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn challenge(&self, campaign: &str, system: DateTime<Utc>) -> Result<Challenge> {
        Ok(Challenge {
            challenge: self.token(campaign, system, None)?,
            bits: self.bits,
            expires: system + LIFE,
        })
    }

    /// A ticket to be redeemed by waiting.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn ticket(&self, campaign: &str, system: DateTime<Utc>) -> Result<String> {
        self.token(campaign, system, Some(system + PATIENCE))
    }

    /// Takes a solved challenge, once.
    ///
    /// # Errors
    /// `pass.challenge` for one that is not ours, of another campaign, expired or spent; `pass.work` for a wrong nonce;
    /// `pass.ripe` for a ticket that comes too early, with the seconds left.
    pub fn redeem(
        &self,
        campaign: &str,
        challenge: &str,
        nonce: &str,
        system: DateTime<Utc>,
    ) -> Result<()> {
        let token = self
            .read(campaign, challenge)
            .ok_or_else(|| refuse("pass.challenge"))?;
        let now = system.timestamp();
        if token.expires <= now {
            return Err(refuse("pass.challenge"));
        }
        match token.ripe {
            0 if zero_bits(challenge, nonce) < u32::from(self.bits) => {
                return Err(refuse("pass.work"));
            }
            ripe if ripe > now => {
                return Err(Error::Conflict(
                    Refusal::new("pass.ripe").with("seconds", ripe - now),
                ));
            }
            _ => {}
        }
        self.spend(token.random, token.expires, now)
    }

    fn spend(&self, random: [u8; 16], expires: i64, now: i64) -> Result<()> {
        let mut spent = self
            .spent
            .lock()
            .map_err(|_| Error::Internal("challenge desk poisoned".to_owned()))?;
        if spent.len() >= ROOM {
            spent.retain(|_, expires| *expires > now);
        }
        if spent.len() >= ROOM {
            return Err(Error::Busy { retry_after: 60 });
        }
        match spent.insert(random, expires) {
            None => Ok(()),
            Some(_) => Err(refuse("pass.challenge")),
        }
    }

    fn token(
        &self,
        campaign: &str,
        system: DateTime<Utc>,
        ripe: Option<DateTime<Utc>>,
    ) -> Result<String> {
        let mut bytes = Vec::with_capacity(48);
        bytes.extend_from_slice(&(system + LIFE).timestamp().to_be_bytes());
        bytes.extend_from_slice(&ripe.map_or(0, |at| at.timestamp()).to_be_bytes());
        bytes.extend_from_slice(&keys::random::<16>()?);
        let mac = self.key.mac(&[campaign.as_bytes(), &bytes]);
        bytes.extend_from_slice(&mac[..16]);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn read(&self, campaign: &str, challenge: &str) -> Option<Token> {
        let bytes = <[u8; 48]>::try_from(URL_SAFE_NO_PAD.decode(challenge).ok()?).ok()?;
        let (body, mac) = bytes.split_at(32);
        let expected = self.key.mac(&[campaign.as_bytes(), body]);
        let (expires, rest) = body.split_first_chunk::<8>()?;
        let (ripe, random) = rest.split_first_chunk::<8>()?;
        bool::from(expected[..16].ct_eq(mac)).then_some(Token {
            expires: i64::from_be_bytes(*expires),
            ripe: i64::from_be_bytes(*ripe),
            random: random.try_into().ok()?,
        })
    }
}

struct Token {
    expires: i64,
    /// Zero for a challenge, else the second from which the ticket is good.
    ripe: i64,
    random: [u8; 16],
}

/// Leading zero bits of SHA-256 over `challenge:nonce`.
#[must_use]
pub fn zero_bits(challenge: &str, nonce: &str) -> u32 {
    let digest = Sha256::new()
        .chain_update(challenge)
        .chain_update(":")
        .chain_update(nonce)
        .finalize();
    digest
        .iter()
        .try_fold(0, |bits, byte| match byte {
            0 => Ok(bits + 8),
            byte => Err(bits + byte.leading_zeros()),
        })
        .unwrap_or_else(|bits| bits)
}

/// Solves a challenge by trying; for tests and the load generator.
#[must_use]
pub fn solve(challenge: &str, bits: u8) -> String {
    (0u64..)
        .map(|n| n.to_string())
        .find(|nonce| zero_bits(challenge, nonce) >= u32::from(bits))
        .unwrap_or_default()
}

const fn refuse(code: &'static str) -> Error {
    Error::conflict(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn code(result: Result<()>) -> &'static str {
        result.unwrap_err().refusal().code
    }

    #[test]
    fn a_solved_challenge_is_good_once() {
        let desk = Desk::new(8).unwrap();
        let c = desk.challenge("s1", NOW).unwrap();
        let nonce = solve(&c.challenge, 8);
        desk.redeem("s1", &c.challenge, &nonce, NOW).unwrap();
        assert_eq!(
            code(desk.redeem("s1", &c.challenge, &nonce, NOW)),
            "pass.challenge"
        );
    }

    #[test]
    fn a_challenge_of_another_campaign_or_desk_or_day_is_refused() {
        let desk = Desk::new(0).unwrap();
        let c = desk.challenge("s1", NOW).unwrap().challenge;
        assert_eq!(code(desk.redeem("s2", &c, "0", NOW)), "pass.challenge");
        assert_eq!(
            code(Desk::new(0).unwrap().redeem("s1", &c, "0", NOW)),
            "pass.challenge"
        );
        assert_eq!(
            code(desk.redeem("s1", &c, "0", NOW + TimeDelta::days(1))),
            "pass.challenge"
        );
    }

    #[test]
    fn a_wrong_nonce_is_refused_and_does_not_spend_the_challenge() {
        let desk = Desk::new(12).unwrap();
        let c = desk.challenge("s1", NOW).unwrap().challenge;
        let wrong = (0..)
            .map(|n| n.to_string())
            .find(|n| zero_bits(&c, n) < 12)
            .unwrap();
        assert_eq!(code(desk.redeem("s1", &c, &wrong, NOW)), "pass.work");
        desk.redeem("s1", &c, &solve(&c, 12), NOW).unwrap();
    }

    #[test]
    fn a_ticket_is_good_after_ten_seconds_and_not_before() {
        let desk = Desk::new(24).unwrap();
        let ticket = desk.ticket("s1", NOW).unwrap();
        assert_eq!(
            code(desk.redeem("s1", &ticket, "", NOW + TimeDelta::seconds(9))),
            "pass.ripe"
        );
        desk.redeem("s1", &ticket, "", NOW + TimeDelta::seconds(10))
            .unwrap();
    }
}
