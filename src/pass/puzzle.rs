//! The puzzle of an anonymous pass: a search with PBKDF2-HMAC-SHA256 (RFC 8018), a client puzzle as in hashcash.
//!
//! The password is the puzzle. A *nonce* `n` (32 bits) names one block of output: salt `n / 256` (4 bytes, big-endian), block
//! number `n % 256 + 1`, [`ITERATIONS`] iterations. The nonce is an answer where the first four bytes of its block, big-endian,
//! are not above the target. A solution is [`ANSWERS`] answers in ascending order, in decimal digits, separated by commas.
//!
//! # Why
//! Browsers have this function in native code (`crypto.subtle.deriveBits`). So a voter's phone has a far smaller disadvantage
//! against an attacker's native code than with a hash in JavaScript. One call yields many blocks, so the overhead of a call is
//! small. A sum of several searches varies less than one search. The site computes one block for each answer and stops at the
//! first wrong answer.

use ring::hmac;

/// Iterations of PBKDF2 for a block: enough that the comparison in JavaScript costs almost nothing in relation.
pub const ITERATIONS: u32 = 32;
/// Number of answers in a solution.
pub const ANSWERS: usize = 6;
/// Number of blocks for each salt.
const BLOCKS: u32 = 256;

/// Whether a text is a solution of the puzzle.
#[must_use]
pub fn is_solved(puzzle: &str, solution: &str, target: u32) -> bool {
    let Some(nonces) = read(solution) else { return false };
    let key = key(puzzle);
    nonces.iter().all(|nonce| block(&key, *nonce) <= target)
}

/// Solves a puzzle by trying nonces in order; for tests and load generators.
#[must_use]
pub fn solve(puzzle: &str, target: u32) -> String {
    let key = key(puzzle);
    let answers = (0..=u32::MAX).filter(|nonce| block(&key, *nonce) <= target).take(ANSWERS);
    answers.map(|nonce| nonce.to_string()).collect::<Vec<_>>().join(",")
}

/// The nonces of a solution; none unless it is written in the only permitted form.
fn read(solution: &str) -> Option<[u32; ANSWERS]> {
    let mut nonces = [0; ANSWERS];
    let mut words = solution.split(',');
    for nonce in &mut nonces {
        let word = words.next()?;
        *nonce = word.parse().ok().filter(|n: &u32| n.to_string() == word)?;
    }
    (words.next().is_none() && nonces.is_sorted_by(|a, b| a < b)).then_some(nonces)
}

fn key(puzzle: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, puzzle.as_bytes())
}

/// The first four bytes of a block (function F of RFC 8018, section 5.2).
fn block(key: &hmac::Key, nonce: u32) -> u32 {
    let mut first = [0; 8];
    first[..4].copy_from_slice(&(nonce / BLOCKS).to_be_bytes());
    first[4..].copy_from_slice(&(nonce % BLOCKS + 1).to_be_bytes());
    let mut turn = hmac::sign(key, &first);
    let mut sum = head(&turn);
    for _ in 1..ITERATIONS {
        turn = hmac::sign(key, turn.as_ref());
        sum ^= head(&turn);
    }
    sum
}

fn head(tag: &hmac::Tag) -> u32 {
    tag.as_ref().first_chunk().map_or(u32::MAX, |bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use ring::pbkdf2::{PBKDF2_HMAC_SHA256, derive};

    use super::*;

    const PUZZLE: &str = "a challenge that is longer than one block of SHA-256, as challenges of the puzzles are";

    #[test]
    fn a_block_is_what_pbkdf2_gives() {
        let iterations = NonZeroU32::new(ITERATIONS).unwrap();
        for page in [0u32, 1, 70_000] {
            let mut output = [0; 256 * 32];
            derive(PBKDF2_HMAC_SHA256, iterations, &page.to_be_bytes(), PUZZLE.as_bytes(), &mut output);
            for at in [0u32, 1, 7, 255] {
                let expected = output[at as usize * 32..].first_chunk().map(|b| u32::from_be_bytes(*b)).unwrap();
                assert_eq!(block(&key(PUZZLE), page * 256 + at), expected);
            }
        }
    }

    #[test]
    fn a_solution_is_written_in_one_way_and_belongs_to_one_puzzle() {
        let target = u32::MAX / 8;
        let solution = solve(PUZZLE, target);
        assert!(is_solved(PUZZLE, &solution, target));
        assert!(!is_solved("another", &solution, target));
        assert!(!is_solved(PUZZLE, &solution, 0));
        let answers: Vec<&str> = solution.split(',').collect();
        let mut backwards = answers.clone();
        backwards.reverse();
        let twice = [answers[0]; ANSWERS];
        for wrong in [backwards.join(","), twice.join(","), answers[1..].join(","), format!("{solution},4294967295")] {
            assert!(!is_solved(PUZZLE, &wrong, u32::MAX), "{wrong}");
        }
        for wrong in ["", ",", "0,1,2,3,4", "0,1,2,3,4,05", "+0,1,2,3,4,5", "0, 1,2,3,4,5", "0,1,2,3,4,4294967296"] {
            assert!(!is_solved(PUZZLE, wrong, u32::MAX), "{wrong}");
        }
        assert!(is_solved(PUZZLE, "0,1,2,3,4,5", u32::MAX));
    }
}
