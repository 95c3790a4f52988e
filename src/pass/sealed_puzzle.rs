//! The text of a puzzle: `expiry ‖ ripe ‖ target ‖ random ‖ asker ‖ block`, sealed (AEAD, base64url) under a key of the campaign that
//! is destroyed at the count.
//!
//! The seal binds a puzzle to its campaign, to its level of work ([`super::level`]), to the network that asked (a keyed digest of the
//! network) and to a block of serials. No process keeps anything of a puzzle, so any process of the site opens the puzzles of every
//! other.
//!
//! The text is encrypted, because names of blocks in the open would show whoever asks which serials were given at what time.

use chrono::{DateTime, Utc};

use crate::base::error::Result;
use crate::base::keys::{self, Key};
use crate::networks::PUZZLE_LIFETIME;

/// Place of the sealed text of a puzzle.
const SEAL: &str = "puzzle/1";

/// Name of a block: the first bytes of the serials in it.
pub type BlockName = [u8; 4];

/// A request for a puzzle or for its pass: key of the campaign, network and instant.
#[derive(Clone, Copy, Debug)]
pub struct PuzzleRequest<'a> {
    /// Key of the campaign's puzzles ([`crate::pass::issuing::Issuing::puzzle_key`]).
    pub key: &'a Key,
    /// Network that asks ([`crate::web::client::Client::network`]).
    pub peer: &'a str,
    /// Instant of the request, system time.
    pub system: DateTime<Utc>,
}

/// Length of the content of a puzzle, in bytes.
const WHOLE: usize = 48;

/// Content of a puzzle.
pub(super) struct SealedPuzzle {
    /// Instant of expiry, system time, in seconds since 1970.
    pub expires: i64,
    /// Zero for a puzzle, otherwise the second from which the ticket is ripe.
    pub ripe: i64,
    /// Greatest value of an answer; zero for a ticket.
    pub target: u32,
    /// Random part, from which the tail of the serial follows.
    pub random: [u8; 16],
    asker: [u8; 8],
    /// Block of the pass.
    pub block: BlockName,
}

impl SealedPuzzle {
    /// The text of a new puzzle.
    pub fn seal(asked: PuzzleRequest, block: BlockName, ripe: i64, target: u32) -> Result<String> {
        let random = keys::random()?;
        let mut bytes = Vec::with_capacity(WHOLE);
        bytes.extend_from_slice(&(asked.system + PUZZLE_LIFETIME).timestamp().to_be_bytes());
        bytes.extend_from_slice(&ripe.to_be_bytes());
        bytes.extend_from_slice(&target.to_be_bytes());
        bytes.extend_from_slice(&random);
        bytes.extend_from_slice(&asker(asked, &random));
        bytes.extend_from_slice(&block);
        asked.key.seal(SEAL, &bytes)
    }

    /// Opens the text of a puzzle; none for a text that was not sealed under this key.
    pub fn open(key: &Key, puzzle: &str) -> Option<Self> {
        let bytes = <[u8; WHOLE]>::try_from(key.unseal(SEAL, puzzle).ok()?).ok()?;
        let (expires, rest) = bytes.split_first_chunk::<8>()?;
        let (ripe, rest) = rest.split_first_chunk::<8>()?;
        let (target, rest) = rest.split_first_chunk::<4>()?;
        let (random, rest) = rest.split_first_chunk::<16>()?;
        let (asker, block) = rest.split_first_chunk::<8>()?;
        Some(Self {
            expires: i64::from_be_bytes(*expires),
            ripe: i64::from_be_bytes(*ripe),
            target: u32::from_be_bytes(*target),
            random: *random,
            asker: *asker,
            block: block.try_into().ok()?,
        })
    }

    /// Whether the puzzle was given to the network of the request.
    pub fn is_of(&self, asked: PuzzleRequest) -> bool {
        self.asker == asker(asked, &self.random)
    }
}

/// The keyed digest of the asker, different in each puzzle, so that two puzzles of one network cannot be linked.
fn asker(asked: PuzzleRequest, random: &[u8; 16]) -> [u8; 8] {
    let mac = asked.key.mac(&[b"asker/1", random, asked.peer.as_bytes()]);
    mac.first_chunk().copied().unwrap_or_default()
}
