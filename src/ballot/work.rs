//! Proof of work for anonymous passes, and the slower path for browsers without script.
//!
//! A challenge is `expiry ‖ ripe ‖ random ‖ MAC`, base64url; it is bound to its campaign by the MAC and good for one
//! pass. It is solved by a decimal `nonce` such that SHA-256 of `challenge:nonce` begins with the asked number of zero
//! bits, or by patience: a *ticket* is a challenge that asks for no work but is ripe only after [`PATIENCE`].
//! All instants are system time, in seconds.
//!
//! # Why
//! The same solution gives the same pass again: somebody who presses twice, or whose answer was lost, holds one vote and
//! not two. So the desk remembers under which block number a challenge was redeemed, and the rest of the serial is an HMAC
//! of the challenge.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::counting::Rule;
use crate::error::{Error, Refusal, Result};
use crate::keys::{self, Key};

/// How long a challenge can be solved: a person reads thirty options in the meantime.
const LIFE: TimeDelta = TimeDelta::hours(2);
/// How long a ticket makes its holder wait.
pub const PATIENCE: TimeDelta = TimeDelta::seconds(10);
/// Tickets that one address gets at once, and in an hour: behind one are many people, and few of them without script.
pub const TICKETS: Rule = Rule { name: "ticket_peer", free: 300, leak: TimeDelta::seconds(12) };
/// Passes that one address gets at once, and in an hour: behind one may be a whole district.
pub const PASSES: Rule = Rule { name: "pass_peer", free: 6_000, leak: TimeDelta::milliseconds(600) };
/// Redeemed challenges that are remembered at most; beyond, new ones are refused until old ones expire.
const ROOM: usize = 2_000_000;
/// How often expired ones are swept out, in seconds; more often where the memory is full.
const SWEEP: u32 = 600;
const SWEEP_FULL: u32 = 60;

/// Hands out challenges and takes solutions. The key lives with the process: a restart voids open challenges.
pub struct Desk {
    key: Key,
    bits: u8,
    redeemed: Mutex<Redeemed>,
}

/// Block numbers by the first eight bytes of the challenge. Where two challenges share those, they share a block number,
/// which harms nothing: the rest of their serials differs.
#[derive(Default)]
struct Redeemed {
    blocks: HashMap<u64, Block>,
    swept: u32,
}

#[derive(Clone, Copy)]
struct Block {
    number: u32,
    expires: u32,
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

/// A challenge that was solved: the right to one pass.
#[derive(Debug)]
pub struct Solved {
    /// What the pass's serial ends in.
    pub tail: [u8; 28],
    key: u64,
    expires: u32,
    now: u32,
}

impl Desk {
    /// A desk that asks for so many bits of work.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn new(bits: u8) -> Result<Self> {
        Ok(Self { key: Key::ephemeral()?, bits, redeemed: Mutex::default() })
    }

    /// A challenge to be solved by work.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn challenge(&self, campaign: &str, system: DateTime<Utc>) -> Result<Challenge> {
        Ok(Challenge { challenge: self.token(campaign, system, None)?, bits: self.bits, expires: system + LIFE })
    }

    /// A ticket to be redeemed by waiting.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn ticket(&self, campaign: &str, system: DateTime<Utc>) -> Result<String> {
        self.token(campaign, system, Some(system + PATIENCE))
    }

    /// Reads a solved challenge.
    ///
    /// # Errors
    /// `pass.challenge` for one that is not ours, of another campaign or expired, and for a ticket of a time that is far ahead; `pass.work` for a wrong nonce;
    /// `pass.ripe` for a ticket that comes too early, with the seconds left.
    pub fn solved(&self, campaign: &str, challenge: &str, nonce: &str, system: DateTime<Utc>) -> Result<Solved> {
        let token = self.read(campaign, challenge).ok_or_else(|| refuse("pass.challenge"))?;
        let now = system.timestamp();
        if token.expires <= now {
            return Err(refuse("pass.challenge"));
        }
        match token.ripe {
            0 if zero_bits(challenge, nonce) < u32::from(self.bits) => {
                return Err(refuse("pass.work"));
            }
            // Given out under a clock that was ahead: it would have its holder wait until that time comes again.
            ripe if ripe - now > PATIENCE.num_seconds() => return Err(refuse("pass.challenge")),
            ripe if ripe > now => {
                return Err(Error::Conflict(Refusal::new("pass.ripe").with("seconds", ripe - now)));
            }
            _ => {}
        }
        let mut tail = [0; 28];
        tail.copy_from_slice(&self.key.mac(&[b"serial/1", &token.random])[..28]);
        Ok(Solved {
            tail,
            key: token.random.first_chunk().map_or(0, |b| u64::from_be_bytes(*b)),
            expires: seconds(token.expires),
            now: seconds(now),
        })
    }

    /// The block number under which the challenge was redeemed before.
    ///
    /// # Errors
    /// A process that is going down.
    pub fn block_of(&self, solved: &Solved) -> Result<Option<u32>> {
        Ok(self.redeemed()?.blocks.get(&solved.key).map(|block| block.number))
    }

    /// Redeems the challenge under a block number. Gives the number that stands: another one, where a second press was
    /// quicker.
    ///
    /// # Errors
    /// `Busy` where too many challenges were redeemed in too short a time.
    pub fn redeem(&self, solved: &Solved, number: u32) -> Result<u32> {
        let mut redeemed = self.redeemed()?;
        let full = redeemed.blocks.len() >= ROOM;
        let pause = if full { SWEEP_FULL } else { SWEEP };
        // Swept in the future: the clock was set back.
        if !(redeemed.swept..redeemed.swept.saturating_add(pause)).contains(&solved.now) {
            redeemed.blocks.retain(|_, block| block.expires > solved.now);
            redeemed.swept = solved.now;
        }
        if redeemed.blocks.len() >= ROOM && !redeemed.blocks.contains_key(&solved.key) {
            return Err(Error::Busy { retry_after: 60 });
        }
        let block = Block { number, expires: solved.expires };
        Ok(redeemed.blocks.entry(solved.key).or_insert(block).number)
    }

    fn redeemed(&self) -> Result<std::sync::MutexGuard<'_, Redeemed>> {
        self.redeemed.lock().map_err(|_| Error::Internal("challenge desk poisoned".to_owned()))
    }

    fn token(&self, campaign: &str, system: DateTime<Utc>, ripe: Option<DateTime<Utc>>) -> Result<String> {
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

/// Seconds since 1970 in 32 bits, good until 2106.
fn seconds(timestamp: i64) -> u32 {
    u32::try_from(timestamp).unwrap_or(u32::MAX)
}

/// Leading zero bits of SHA-256 over `challenge:nonce`.
#[must_use]
pub fn zero_bits(challenge: &str, nonce: &str) -> u32 {
    let digest = Sha256::new().chain_update(challenge).chain_update(":").chain_update(nonce).finalize();
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
    (0u64..).map(|n| n.to_string()).find(|nonce| zero_bits(challenge, nonce) >= u32::from(bits)).unwrap_or_default()
}

const fn refuse(code: &'static str) -> Error {
    Error::conflict(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().refusal().code
    }

    #[test]
    fn a_challenge_redeemed_again_keeps_its_serial() {
        let desk = Desk::new(8).unwrap();
        let c = desk.challenge("s1", NOW).unwrap();
        let nonce = solve(&c.challenge, 8);
        let solved = || desk.solved("s1", &c.challenge, &nonce, NOW).unwrap();
        assert_eq!(desk.block_of(&solved()).unwrap(), None);
        assert_eq!(desk.redeem(&solved(), 7).unwrap(), 7);
        assert_eq!(desk.redeem(&solved(), 8).unwrap(), 7);
        assert_eq!(desk.block_of(&solved()).unwrap(), Some(7));
        assert_eq!(solved().tail, solved().tail);
    }

    #[test]
    fn two_challenges_lead_to_two_serials() {
        let desk = Desk::new(0).unwrap();
        let tail = || {
            let c = desk.challenge("s1", NOW).unwrap().challenge;
            desk.solved("s1", &c, "", NOW).unwrap().tail
        };
        assert_ne!(tail(), tail());
    }

    #[test]
    fn a_challenge_of_another_campaign_or_desk_or_day_is_refused() {
        let desk = Desk::new(0).unwrap();
        let c = desk.challenge("s1", NOW).unwrap().challenge;
        let other = Desk::new(0).unwrap();
        let late = NOW + LIFE;
        assert_eq!(code(desk.solved("s2", &c, "0", NOW)), "pass.challenge");
        assert_eq!(code(other.solved("s1", &c, "0", NOW)), "pass.challenge");
        assert_eq!(code(desk.solved("s1", &c, "0", late)), "pass.challenge");
        assert_eq!(code(desk.solved("s1", "", "0", NOW)), "pass.challenge");
    }

    #[test]
    fn a_wrong_nonce_is_refused() {
        let desk = Desk::new(12).unwrap();
        let c = desk.challenge("s1", NOW).unwrap().challenge;
        let wrong = (0..).map(|n| n.to_string()).find(|n| zero_bits(&c, n) < 12).unwrap();
        assert_eq!(code(desk.solved("s1", &c, &wrong, NOW)), "pass.work");
        desk.solved("s1", &c, &solve(&c, 12), NOW).unwrap();
    }

    #[test]
    fn a_ticket_is_good_after_ten_seconds_and_not_before() {
        let desk = Desk::new(24).unwrap();
        let ticket = desk.ticket("s1", NOW).unwrap();
        let early = desk.solved("s1", &ticket, "", NOW + TimeDelta::seconds(9));
        assert_eq!(code(early), "pass.ripe");
        desk.solved("s1", &ticket, "", NOW + TimeDelta::seconds(10)).unwrap();
    }

    #[test]
    fn under_a_clock_that_was_set_back_tickets_are_given_out_anew_and_memory_is_swept() {
        let desk = Desk::new(0).unwrap();
        let ahead = NOW + TimeDelta::hours(3);
        let ticket = desk.ticket("s1", ahead).unwrap();
        assert_eq!(code(desk.solved("s1", &ticket, "", NOW)), "pass.challenge");
        let redeem = |system| {
            let challenge = desk.challenge("s1", system).unwrap().challenge;
            desk.redeem(&desk.solved("s1", &challenge, "", system).unwrap(), 1).unwrap();
            desk.redeemed.lock().unwrap().swept
        };
        assert_eq!(redeem(ahead), seconds(ahead.timestamp()));
        assert_eq!(redeem(NOW), seconds(NOW.timestamp()));
    }
}
