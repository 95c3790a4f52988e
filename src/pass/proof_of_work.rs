//! Proof of work for anonymous passes (puzzles), and the slower way for browsers without script.
//!
//! A puzzle is `expiry ‖ ripe ‖ target ‖ random ‖ asker ‖ MAC`, base64url. The MAC binds the puzzle to its campaign, to its
//! level of work ([`super::level`]) and to the network that asked (a keyed digest of the network). A puzzle is valid for one
//! pass. It is redeemed by work ([`super::puzzle`]) or by waiting: a *ticket* is a puzzle that asks for no work but is ripe
//! only after [`TICKET_WAIT`], multiplied by its level. All instants are system time, in seconds.
//!
//! # Why
//! Redeeming is idempotent: the same solution gives the same pass again. A voter who presses twice, or whose answer was lost,
//! holds one vote and not two. So the block number under which a puzzle was redeemed is remembered, and the rest of the serial
//! is an HMAC of the puzzle. A puzzle is counted before the work on it begins ([`crate::networks`]); a pass is counted
//! after its work was checked.

use std::collections::HashMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use subtle::ConstantTimeEq;

use super::{level, puzzle};
use crate::base::error::{Error, Refusal, Result};
use crate::base::keys::{self, Key};
use crate::networks::{PUZZLE_LIFETIME, Way};

/// Waiting time for a ticket at the base level.
pub const TICKET_WAIT: TimeDelta = TimeDelta::seconds(10);
/// Greatest distance into the future at which a puzzle may have been made, because the clock may be set back a little.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(1);
/// Greatest number of redeemed puzzles that are remembered. Beyond it, new puzzles are refused until old ones expire.
const MAX_REDEEMED: usize = 2_000_000;
/// Seconds between two removals of expired puzzles; the second interval applies where the memory is full.
const SWEEP: u32 = 600;
const SWEEP_FULL: u32 = 60;

/// Gives puzzles and accepts solutions. The key lives with the process: a restart voids open puzzles.
pub struct Puzzles {
    key: Key,
    bits: u8,
    redeemed: Mutex<Redeemed>,
}

/// Block numbers by the first eight bytes of the random part of the puzzle. Two puzzles that share those bytes share a
/// block number without harm, because the rest of their serials differs.
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

/// A puzzle for the browser.
#[derive(Clone, Debug)]
pub struct Puzzle {
    /// Text of the puzzle, which is the password of the search.
    pub text: String,
    /// Greatest value of an answer.
    pub target: u32,
    /// Instant of expiry, system time.
    pub expires: DateTime<Utc>,
}

/// A ticket for the browser.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Ticket string, which the browser has to return.
    pub ticket: String,
    /// Seconds until the ticket is ripe.
    pub seconds: i64,
}

/// A request for a puzzle: campaign, network and instant.
#[derive(Clone, Copy, Debug)]
pub struct PuzzleRequest<'a> {
    /// Slug of the campaign.
    pub campaign: &'a str,
    /// Network that asks ([`crate::web::client::Client::network`]).
    pub peer: &'a str,
    /// Instant of the request, system time.
    pub system: DateTime<Utc>,
}

/// A puzzle that was solved: the right to one pass.
#[derive(Debug)]
pub struct Solved {
    /// Last 28 bytes of the serial of the pass.
    pub tail: [u8; 28],
    /// Way in which the puzzle was solved: work or ticket.
    pub way: Way,
    /// Instant at which the puzzle was made, system time, in seconds since 1970.
    pub opened: i64,
    /// Whether the request comes from the network that received the puzzle.
    is_from_asker: bool,
    key: u64,
    expires: u32,
    now: u32,
}

impl Puzzles {
    /// Puzzles with a base work of `2^bits` tries for each answer.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn new(bits: u8) -> Result<Self> {
        Ok(Self { key: Key::ephemeral()?, bits, redeemed: Mutex::default() })
    }

    /// A puzzle to be solved by work.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn puzzle(&self, asked: PuzzleRequest, level: u32) -> Result<Puzzle> {
        let target = level::target(self.bits, level);
        Ok(Puzzle { text: self.token(asked, 0, target)?, target, expires: asked.system + PUZZLE_LIFETIME })
    }

    /// A ticket to be redeemed by waiting.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn ticket(&self, asked: PuzzleRequest, level: u32) -> Result<Ticket> {
        let seconds = TICKET_WAIT.num_seconds() * i64::from(level) / i64::from(level::BASE);
        Ok(Ticket { ticket: self.token(asked, asked.system.timestamp() + seconds, 0)?, seconds })
    }

    /// Checks a solved puzzle.
    ///
    /// # Errors
    /// `pass.challenge` for a puzzle that this site did not make, of another campaign, expired or made in the future;
    /// `pass.work` for a wrong solution; `pass.ripe` for a ticket that comes too early, with the seconds left.
    pub fn solved(&self, asked: PuzzleRequest, puzzle: &str, solution: &str) -> Result<Solved> {
        let token = self.read(asked.campaign, puzzle).ok_or_else(|| refuse("pass.challenge"))?;
        let now = asked.system.timestamp();
        let opened = token.expires - PUZZLE_LIFETIME.num_seconds();
        // A ticket made while the clock was ahead would make its holder wait until that time comes again.
        if token.expires <= now || opened > now + CLOCK_TOLERANCE.num_seconds() {
            return Err(refuse("pass.challenge"));
        }
        match token.ripe {
            0 if !puzzle::is_solved(puzzle, solution, token.target) => {
                return Err(refuse("pass.work"));
            }
            ripe if ripe > now => {
                return Err(Error::Conflict(Refusal::new("pass.ripe").with("seconds", ripe - now)));
            }
            _ => {}
        }
        let mut tail = [0; 28];
        tail.copy_from_slice(&self.key.mac(&[b"serial/1", &token.random])[..28]);
        Ok(Solved {
            tail,
            way: if token.ripe == 0 { Way::Work } else { Way::Ticket },
            opened,
            is_from_asker: token.asker == self.asker(asked.peer, &token.random),
            key: token.random.first_chunk().map_or(0, |b| u64::from_be_bytes(*b)),
            expires: seconds(token.expires),
            now: seconds(now),
        })
    }

    /// The block number under which the puzzle was redeemed before; none where it was not.
    ///
    /// # Errors
    /// A process that is going down.
    pub fn block_of(&self, solved: &Solved) -> Result<Option<u32>> {
        Ok(self.redeemed()?.blocks.get(&solved.key).map(|block| block.number))
    }

    /// Redeems the puzzle under a block number and counts the pass. Returns the number that is stored. Where a second
    /// submission was quicker, that is another number, and nothing is counted.
    ///
    /// # Errors
    /// `Busy` where too many puzzles were redeemed in too short a time; refusals of `count`.
    pub fn redeem(&self, solved: &Solved, number: u32, count: impl FnOnce() -> Result<()>) -> Result<u32> {
        let mut redeemed = self.redeemed()?;
        if let Some(block) = redeemed.blocks.get(&solved.key) {
            return Ok(block.number);
        }
        let full = redeemed.blocks.len() >= MAX_REDEEMED;
        let pause = if full { SWEEP_FULL } else { SWEEP };
        // The last removal is in the future where the clock was set back.
        if !(redeemed.swept..redeemed.swept.saturating_add(pause)).contains(&solved.now) {
            redeemed.blocks.retain(|_, block| block.expires > solved.now);
            redeemed.swept = solved.now;
        }
        if redeemed.blocks.len() >= MAX_REDEEMED {
            return Err(Error::Busy { retry_after: 60 });
        }
        count()?;
        redeemed.blocks.insert(solved.key, Block { number, expires: solved.expires });
        Ok(number)
    }

    fn redeemed(&self) -> Result<std::sync::MutexGuard<'_, Redeemed>> {
        self.redeemed.lock().map_err(|_| Error::Internal("puzzles poisoned".to_owned()))
    }

    fn token(&self, asked: PuzzleRequest, ripe: i64, target: u32) -> Result<String> {
        let random = keys::random()?;
        let mut bytes = Vec::with_capacity(WHOLE);
        bytes.extend_from_slice(&(asked.system + PUZZLE_LIFETIME).timestamp().to_be_bytes());
        bytes.extend_from_slice(&ripe.to_be_bytes());
        bytes.extend_from_slice(&target.to_be_bytes());
        bytes.extend_from_slice(&random);
        bytes.extend_from_slice(&self.asker(asked.peer, &random));
        let mac = self.key.mac(&[asked.campaign.as_bytes(), &bytes]);
        bytes.extend_from_slice(&mac[..16]);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    fn read(&self, campaign: &str, puzzle: &str) -> Option<Token> {
        let bytes = <[u8; WHOLE]>::try_from(URL_SAFE_NO_PAD.decode(puzzle).ok()?).ok()?;
        let (body, mac) = bytes.split_at(WHOLE - 16);
        let expected = self.key.mac(&[campaign.as_bytes(), body]);
        let (expires, rest) = body.split_first_chunk::<8>()?;
        let (ripe, rest) = rest.split_first_chunk::<8>()?;
        let (target, rest) = rest.split_first_chunk::<4>()?;
        let (random, asker) = rest.split_first_chunk::<16>()?;
        bool::from(expected[..16].ct_eq(mac)).then_some(Token {
            expires: i64::from_be_bytes(*expires),
            ripe: i64::from_be_bytes(*ripe),
            target: u32::from_be_bytes(*target),
            random: *random,
            asker: asker.try_into().ok()?,
        })
    }

    /// The keyed digest of the asker, different in each puzzle, so that two puzzles of one network cannot be linked.
    fn asker(&self, peer: &str, random: &[u8; 16]) -> [u8; 8] {
        let mac = self.key.mac(&[b"asker/1", random, peer.as_bytes()]);
        mac.first_chunk().copied().unwrap_or_default()
    }
}

impl Solved {
    /// Checks that the puzzle may be redeemed from the network of the request.
    ///
    /// # Errors
    /// `pass.network` for a puzzle that was given to another network.
    pub const fn check_network(&self) -> Result<()> {
        if self.is_from_asker { Ok(()) } else { Err(refuse("pass.network")) }
    }
}

/// Length of a decoded puzzle, in bytes.
const WHOLE: usize = 60;

struct Token {
    expires: i64,
    /// Zero for a puzzle, otherwise the second from which the ticket is ripe.
    ripe: i64,
    target: u32,
    random: [u8; 16],
    asker: [u8; 8],
}

/// Seconds since 1970 in 32 bits, valid until 2106.
fn seconds(timestamp: i64) -> u32 {
    u32::try_from(timestamp).unwrap_or(u32::MAX)
}

/// Solves a puzzle of the base level; for tests and load generators.
#[must_use]
pub fn solve(puzzle: &str, bits: u8) -> String {
    puzzle::solve(puzzle, level::target(bits, level::BASE))
}

const fn refuse(code: &'static str) -> Error {
    Error::conflict(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().refusal().code
    }

    const fn of(campaign: &'static str, peer: &'static str, seconds: i64) -> PuzzleRequest<'static> {
        PuzzleRequest { campaign, peer, system: DateTime::from_timestamp(seconds, 0).unwrap() }
    }

    const HERE: PuzzleRequest<'static> = of("s1", "192.0.2.1", 0);

    fn at(seconds: i64) -> PuzzleRequest<'static> {
        of("s1", "192.0.2.1", seconds)
    }

    #[test]
    fn a_puzzle_redeemed_again_keeps_its_serial_and_is_counted_once() {
        let puzzles = Puzzles::new(4).unwrap();
        let c = puzzles.puzzle(HERE, level::BASE).unwrap();
        let solution = solve(&c.text, 4);
        let counted = std::cell::Cell::new(0);
        let count = || {
            counted.set(counted.get() + 1);
            Ok(())
        };
        let solved = || puzzles.solved(HERE, &c.text, &solution).unwrap();
        assert_eq!(puzzles.block_of(&solved()).unwrap(), None);
        assert!(puzzles.redeem(&solved(), 6, || Err(refuse("full"))).is_err());
        assert_eq!(puzzles.redeem(&solved(), 7, count).unwrap(), 7);
        assert_eq!(puzzles.redeem(&solved(), 8, count).unwrap(), 7);
        assert_eq!(puzzles.block_of(&solved()).unwrap(), Some(7));
        assert_eq!(solved().tail, solved().tail);
        assert_eq!(counted.get(), 1);
    }

    #[test]
    fn two_puzzles_lead_to_two_serials() {
        let puzzles = Puzzles::new(0).unwrap();
        let tail = || {
            let c = puzzles.puzzle(HERE, level::BASE).unwrap().text;
            puzzles.solved(HERE, &c, &solve(&c, 0)).unwrap().tail
        };
        assert_ne!(tail(), tail());
    }

    #[test]
    fn a_puzzle_of_another_campaign_or_desk_or_day_is_refused() {
        let puzzles = Puzzles::new(0).unwrap();
        let c = puzzles.puzzle(HERE, level::BASE).unwrap().text;
        let other = Puzzles::new(0).unwrap();
        let right = solve(&c, 0);
        assert_eq!(code(puzzles.solved(of("s2", "192.0.2.1", 0), &c, &right)), "pass.challenge");
        assert_eq!(code(other.solved(HERE, &c, &right)), "pass.challenge");
        assert_eq!(code(puzzles.solved(at(PUZZLE_LIFETIME.num_seconds()), &c, &right)), "pass.challenge");
        assert_eq!(code(puzzles.solved(HERE, "", &right)), "pass.challenge");
    }

    #[test]
    fn a_puzzle_belongs_to_the_network_that_asked() {
        let puzzles = Puzzles::new(0).unwrap();
        let c = puzzles.puzzle(HERE, level::BASE).unwrap().text;
        let right = solve(&c, 0);
        puzzles.solved(HERE, &c, &right).unwrap().check_network().unwrap();
        for peer in ["192.0.2.2", "", "2001:db8::/64"] {
            let solved = puzzles.solved(of("s1", peer, 0), &c, &right).unwrap();
            assert_eq!(code(solved.check_network()), "pass.network");
        }
    }

    #[test]
    fn wrong_work_is_refused_and_work_of_a_lower_level_too() {
        let puzzles = Puzzles::new(6).unwrap();
        let c = puzzles.puzzle(HERE, 8 * level::BASE).unwrap();
        assert_eq!(code(puzzles.solved(HERE, &c.text, "0,1,2,3,4,5")), "pass.work");
        assert_eq!(code(puzzles.solved(HERE, &c.text, &solve(&c.text, 6))), "pass.work");
        puzzles.solved(HERE, &c.text, &puzzle::solve(&c.text, c.target)).unwrap();
    }

    #[test]
    fn any_changed_byte_of_a_puzzle_is_noticed() {
        let puzzles = Puzzles::new(0).unwrap();
        let c = URL_SAFE_NO_PAD.decode(puzzles.puzzle(HERE, level::BASE).unwrap().text).unwrap();
        for at in 0..c.len() {
            let mut forged = c.clone();
            forged[at] ^= 1;
            let forged = URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(code(puzzles.solved(HERE, &forged, &solve(&forged, 0))), "pass.challenge");
        }
    }

    #[test]
    fn a_ticket_is_good_after_ten_seconds_times_its_level_and_not_before() {
        let puzzles = Puzzles::new(14).unwrap();
        for (level, seconds) in [(level::BASE, 10), (2_500, 25), (level::most(60), 3_600)] {
            let ticket = puzzles.ticket(HERE, level).unwrap();
            assert_eq!(ticket.seconds, seconds);
            assert_eq!(code(puzzles.solved(at(seconds - 1), &ticket.ticket, "")), "pass.ripe");
            puzzles.solved(at(seconds), &ticket.ticket, "").unwrap();
        }
    }

    #[test]
    fn under_a_clock_that_was_set_back_tickets_are_given_out_anew_and_memory_is_swept() {
        let puzzles = Puzzles::new(0).unwrap();
        let ahead = TimeDelta::hours(3).num_seconds();
        let ticket = puzzles.ticket(at(ahead), level::BASE).unwrap().ticket;
        assert_eq!(code(puzzles.solved(at(0), &ticket, "")), "pass.challenge");
        let redeem = |seconds| {
            let puzzle = puzzles.puzzle(at(seconds), level::BASE).unwrap().text;
            let solved = puzzles.solved(at(seconds), &puzzle, &solve(&puzzle, 0)).unwrap();
            puzzles.redeem(&solved, 1, || Ok(())).unwrap();
            puzzles.redeemed.lock().unwrap().swept
        };
        assert_eq!(redeem(ahead), seconds(ahead));
        assert_eq!(redeem(0), seconds(0));
    }
}
