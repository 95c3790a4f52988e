//! Proof of work for anonymous passes (puzzles), and the slower way for browsers without script.
//!
//! A puzzle is a sealed text ([`super::sealed_puzzle`]) that every process of the site can open, also after a restart. A puzzle is
//! redeemed by work ([`super::puzzle`]) or by waiting: a *ticket* is a puzzle that asks for no work but is ripe only after
//! [`TICKET_WAIT`], multiplied by its level. All instants are system time, in seconds.
//!
//! # Why
//! Redeeming is idempotent: the same solution gives the same pass again, because the whole serial follows from the puzzle: its block,
//! and an HMAC of its random part. A voter who presses twice, or whose answer was lost, holds one vote and not two, whichever process
//! answers. A puzzle is counted before the work on it begins ([`crate::networks`]); a pass is counted after its work was checked.
//! Redeemed puzzles are remembered only so that a repetition is not counted again.

use std::collections::HashMap;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use super::sealed_puzzle::{BlockName, PuzzleRequest, SealedPuzzle};
use super::{level, puzzle};
use crate::base::error::{Error, Refusal, Result};
use crate::networks::{PUZZLE_LIFETIME, Way};

/// Waiting time for a ticket at the base level.
pub const TICKET_WAIT: TimeDelta = TimeDelta::seconds(10);
/// Greatest distance into the future at which a puzzle may have been made, because the clock may be set back a little.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(1);
/// Greatest number of redeemed puzzles that are remembered. Beyond it, the repetition of a puzzle is counted as another pass.
const MAX_REDEEMED: usize = 2_000_000;
/// Seconds between two removals of expired puzzles; the second interval applies where the memory is full.
const SWEEP: u32 = 600;
const SWEEP_FULL: u32 = 60;

/// Gives puzzles and accepts solutions.
pub struct Puzzles {
    bits: u8,
    redeemed: Mutex<Redeemed>,
}

/// Expiry of redeemed puzzles by the first eight bytes of their random part.
#[derive(Default)]
struct Redeemed {
    expiries: HashMap<u64, u32>,
    swept: u32,
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

/// A puzzle that was solved: the right to one pass.
#[derive(Debug)]
pub struct Solved {
    /// First bytes of the serial of the pass.
    pub block: BlockName,
    /// Last 28 bytes of the serial of the pass.
    pub tail: [u8; 28],
    /// Way in which the puzzle was solved: work or ticket.
    pub way: Way,
    /// Instant at which the puzzle was made, system time, in seconds since 1970.
    pub opened: i64,
    /// Whether the request comes from the network that received the puzzle.
    is_from_asker: bool,
    /// Name under which the puzzle is remembered.
    name: u64,
    expires: u32,
    now: u32,
}

impl Puzzles {
    /// Puzzles with a base work of `2^bits` tries for each answer.
    #[must_use]
    pub fn new(bits: u8) -> Self {
        Self { bits, redeemed: Mutex::default() }
    }

    /// A puzzle to be solved by work. Its pass is in the block.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn puzzle(&self, asked: PuzzleRequest, block: BlockName, level: u32) -> Result<Puzzle> {
        let target = level::target(self.bits, level);
        Ok(Puzzle {
            text: SealedPuzzle::seal(asked, block, 0, target)?,
            target,
            expires: asked.system + PUZZLE_LIFETIME,
        })
    }

    /// A ticket to be redeemed by waiting. Its pass is in the block.
    ///
    /// # Errors
    /// A machine without randomness.
    pub fn ticket(&self, asked: PuzzleRequest, block: BlockName, level: u32) -> Result<Ticket> {
        let seconds = TICKET_WAIT.num_seconds() * i64::from(level) / i64::from(level::BASE);
        let ticket = SealedPuzzle::seal(asked, block, asked.system.timestamp() + seconds, 0)?;
        Ok(Ticket { ticket, seconds })
    }

    /// Checks a solved puzzle.
    ///
    /// # Errors
    /// `pass.challenge` for a puzzle that this site did not make, of another campaign, expired or made in the future;
    /// `pass.work` for a wrong solution; `pass.ripe` for a ticket that comes too early, with the seconds left.
    pub fn solved(&self, asked: PuzzleRequest, puzzle: &str, solution: &str) -> Result<Solved> {
        let token = SealedPuzzle::open(asked.key, puzzle).ok_or_else(|| refuse("pass.challenge"))?;
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
        tail.copy_from_slice(&asked.key.mac(&[b"serial/1", &token.random])[..28]);
        Ok(Solved {
            block: token.block,
            tail,
            way: if token.ripe == 0 { Way::Work } else { Way::Ticket },
            opened,
            is_from_asker: token.is_of(asked),
            name: token.random.first_chunk().map_or(0, |b| u64::from_be_bytes(*b)),
            expires: seconds(token.expires),
            now: seconds(now),
        })
    }

    /// Whether the puzzle is remembered as redeemed.
    ///
    /// # Errors
    /// A process that is going down.
    pub fn is_redeemed(&self, solved: &Solved) -> Result<bool> {
        Ok(self.redeemed()?.expiries.contains_key(&solved.name))
    }

    /// Redeems the puzzle and counts its pass, unless the puzzle is remembered as redeemed. Returns whether the pass was counted.
    ///
    /// # Errors
    /// Refusals of `count`.
    pub fn redeem(&self, solved: &Solved, count: impl FnOnce() -> Result<()>) -> Result<bool> {
        let mut redeemed = self.redeemed()?;
        if redeemed.expiries.contains_key(&solved.name) {
            return Ok(false);
        }
        let full = redeemed.expiries.len() >= MAX_REDEEMED;
        let pause = if full { SWEEP_FULL } else { SWEEP };
        // The last removal is in the future where the clock was set back.
        if !(redeemed.swept..redeemed.swept.saturating_add(pause)).contains(&solved.now) {
            redeemed.expiries.retain(|_, expires| *expires > solved.now);
            redeemed.swept = solved.now;
        }
        count()?;
        if redeemed.expiries.len() < MAX_REDEEMED {
            redeemed.expiries.insert(solved.name, solved.expires);
        }
        Ok(true)
    }

    fn redeemed(&self) -> Result<std::sync::MutexGuard<'_, Redeemed>> {
        self.redeemed.lock().map_err(|_| Error::Internal("puzzles poisoned".to_owned()))
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
    use crate::base::keys::Key;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use std::sync::LazyLock;

    static S1: LazyLock<Key> = LazyLock::new(|| Key::ephemeral().unwrap());
    static S2: LazyLock<Key> = LazyLock::new(|| Key::ephemeral().unwrap());
    const BLOCK: BlockName = [1, 2, 3, 4];

    fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
        result.unwrap_err().refusal().code
    }

    fn of(key: &'static Key, peer: &'static str, seconds: i64) -> PuzzleRequest<'static> {
        PuzzleRequest { key, peer, system: DateTime::from_timestamp(seconds, 0).unwrap() }
    }

    fn at(seconds: i64) -> PuzzleRequest<'static> {
        of(&S1, "192.0.2.1", seconds)
    }

    fn here() -> PuzzleRequest<'static> {
        at(0)
    }

    #[test]
    fn a_puzzle_redeemed_again_keeps_its_serial_and_is_counted_once() {
        let puzzles = Puzzles::new(4);
        let c = puzzles.puzzle(here(), BLOCK, level::BASE).unwrap();
        let solution = solve(&c.text, 4);
        let counted = std::cell::Cell::new(0);
        let count = || {
            counted.set(counted.get() + 1);
            Ok(())
        };
        let solved = || puzzles.solved(here(), &c.text, &solution).unwrap();
        assert!(!puzzles.is_redeemed(&solved()).unwrap());
        assert!(puzzles.redeem(&solved(), || Err(refuse("full"))).is_err());
        assert!(puzzles.redeem(&solved(), count).unwrap());
        assert!(!puzzles.redeem(&solved(), count).unwrap());
        assert!(puzzles.is_redeemed(&solved()).unwrap());
        assert_eq!((solved().block, solved().tail), (BLOCK, solved().tail));
        assert_eq!(counted.get(), 1);
    }

    #[test]
    fn every_process_of_the_site_gives_the_same_serial_for_a_puzzle() {
        let (one, other) = (Puzzles::new(4), Puzzles::new(4));
        let c = one.puzzle(here(), BLOCK, level::BASE).unwrap().text;
        let solution = solve(&c, 4);
        let [at_one, at_other] = [&one, &other].map(|puzzles| puzzles.solved(here(), &c, &solution).unwrap());
        assert_eq!((at_one.block, at_one.tail), (at_other.block, at_other.tail));
        at_other.check_network().unwrap();
    }

    #[test]
    fn two_puzzles_lead_to_two_serials() {
        let puzzles = Puzzles::new(0);
        let tail = || {
            let c = puzzles.puzzle(here(), BLOCK, level::BASE).unwrap().text;
            puzzles.solved(here(), &c, &solve(&c, 0)).unwrap().tail
        };
        assert_ne!(tail(), tail());
    }

    #[test]
    fn puzzles_of_one_block_have_no_bytes_in_common() {
        let puzzles = Puzzles::new(0);
        let bytes = || {
            let text = puzzles.puzzle(here(), BLOCK, level::BASE).unwrap().text;
            URL_SAFE_NO_PAD.decode(text).unwrap()
        };
        let (one, other) = (bytes(), bytes());
        let shared = one.windows(4).filter(|window| other.windows(4).any(|w| w == *window)).count();
        assert_eq!(shared, 0, "{one:?}\n{other:?}");
        assert!(!one.windows(4).any(|window| window == BLOCK));
    }

    #[test]
    fn a_puzzle_of_another_campaign_or_day_is_refused() {
        let puzzles = Puzzles::new(0);
        let c = puzzles.puzzle(here(), BLOCK, level::BASE).unwrap().text;
        let right = solve(&c, 0);
        assert_eq!(code(puzzles.solved(of(&S2, "192.0.2.1", 0), &c, &right)), "pass.challenge");
        assert_eq!(code(puzzles.solved(at(PUZZLE_LIFETIME.num_seconds()), &c, &right)), "pass.challenge");
        assert_eq!(code(puzzles.solved(here(), "", &right)), "pass.challenge");
    }

    #[test]
    fn a_puzzle_belongs_to_the_network_that_asked() {
        let puzzles = Puzzles::new(0);
        let c = puzzles.puzzle(here(), BLOCK, level::BASE).unwrap().text;
        let right = solve(&c, 0);
        puzzles.solved(here(), &c, &right).unwrap().check_network().unwrap();
        for peer in ["192.0.2.2", "", "2001:db8::/64"] {
            let solved = puzzles.solved(of(&S1, peer, 0), &c, &right).unwrap();
            assert_eq!(code(solved.check_network()), "pass.network");
        }
    }

    #[test]
    fn wrong_work_is_refused_and_work_of_a_lower_level_too() {
        let puzzles = Puzzles::new(6);
        let c = puzzles.puzzle(here(), BLOCK, 8 * level::BASE).unwrap();
        assert_eq!(code(puzzles.solved(here(), &c.text, "0,1,2,3,4,5")), "pass.work");
        assert_eq!(code(puzzles.solved(here(), &c.text, &solve(&c.text, 6))), "pass.work");
        puzzles.solved(here(), &c.text, &puzzle::solve(&c.text, c.target)).unwrap();
    }

    #[test]
    fn any_changed_byte_of_a_puzzle_is_noticed() {
        let puzzles = Puzzles::new(0);
        let c = URL_SAFE_NO_PAD.decode(puzzles.puzzle(here(), BLOCK, level::BASE).unwrap().text).unwrap();
        for at in 0..c.len() {
            let mut forged = c.clone();
            forged[at] ^= 1;
            let forged = URL_SAFE_NO_PAD.encode(forged);
            assert_eq!(code(puzzles.solved(here(), &forged, &solve(&forged, 0))), "pass.challenge");
        }
    }

    #[test]
    fn a_ticket_is_good_after_ten_seconds_times_its_level_and_not_before() {
        let puzzles = Puzzles::new(14);
        for (level, seconds) in [(level::BASE, 10), (2_500, 25), (level::most(60), 3_600)] {
            let ticket = puzzles.ticket(here(), BLOCK, level).unwrap();
            assert_eq!(ticket.seconds, seconds);
            assert_eq!(code(puzzles.solved(at(seconds - 1), &ticket.ticket, "")), "pass.ripe");
            puzzles.solved(at(seconds), &ticket.ticket, "").unwrap();
        }
    }

    #[test]
    fn under_a_clock_that_was_set_back_tickets_are_given_out_anew_and_memory_is_swept() {
        let puzzles = Puzzles::new(0);
        let ahead = TimeDelta::hours(3).num_seconds();
        let ticket = puzzles.ticket(at(ahead), BLOCK, level::BASE).unwrap().ticket;
        assert_eq!(code(puzzles.solved(at(0), &ticket, "")), "pass.challenge");
        let redeem = |seconds| {
            let puzzle = puzzles.puzzle(at(seconds), BLOCK, level::BASE).unwrap().text;
            let solved = puzzles.solved(at(seconds), &puzzle, &solve(&puzzle, 0)).unwrap();
            assert!(puzzles.redeem(&solved, || Ok(())).unwrap());
            puzzles.redeemed.lock().unwrap().swept
        };
        assert_eq!(redeem(ahead), seconds(ahead));
        assert_eq!(redeem(0), seconds(0));
    }
}
