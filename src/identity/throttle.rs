//! Guessing passwords is slow: failures are counted for what was typed as the account and for the address it came from, and
//! each one beyond a few makes the next try wait longer. System time, in the memory of the process.
//!
//! # Why
//! What counts is the text that was typed, so an account that does not exist answers like one that does. An attempt counts
//! before it is looked at and is taken back when it was right: a thousand guesses at once are no way around. Counts leak away
//! with time instead of being forgotten at once, so a steady guesser ends at one try per quarter of an hour and account, and
//! an office of many people behind one address is not shut out by everyday typing mistakes. A restart forgets; whoever
//! guesses cannot cause one. Names are kept as digests, and only so many.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// What is counted, and how gently.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// Failures that cost nothing.
    free: u32,
    /// One failure is forgotten in this time.
    leak: TimeDelta,
}

const ACCOUNT: Limit = Limit { free: 5, leak: TimeDelta::minutes(15) };
const PEER: Limit = Limit { free: 20, leak: TimeDelta::minutes(1) };

/// The first wait, doubled with every further failure …
const FIRST: i64 = 2;
/// … up to this, in seconds.
const LONGEST: i64 = 15 * 60;

/// Names that are counted at once, of each kind.
const ROOM: usize = 10_000;

type Name = [u8; 16];

/// Failed attempts of this process.
#[derive(Debug, Default)]
pub struct Throttle {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    accounts: HashMap<Name, Count>,
    peers: HashMap<Name, Count>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    failures: u32,
    /// From when on the present number leaks.
    since: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Throttle {
    /// Counts an attempt, unless it comes too early.
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn attempt(&self, login: &str, peer: &str, system: DateTime<Utc>) -> Result<()> {
        let (account, peer) = (account(login), address(peer));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = wait(&counts.accounts, &account, ACCOUNT, system).max(wait(&counts.peers, &peer, PEER, system));
        if wait > TimeDelta::zero() {
            let seconds = wait.num_milliseconds().max(1).unsigned_abs().div_ceil(1000);
            return Err(Error::TooMany { retry_after: seconds });
        }
        count(&mut counts.accounts, account, ACCOUNT, system);
        count(&mut counts.peers, peer, PEER, system);
        Ok(())
    }

    /// Takes a counted attempt back: it was right. The account starts afresh; the address only loses this one attempt, as
    /// else one good password would pay for guessing all others.
    pub fn succeeded(&self, login: &str, peer: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.accounts.remove(&account(login));
        if let Some(count) = counts.peers.get_mut(&address(peer)) {
            count.failures = count.failures.saturating_sub(1);
        }
    }
}

fn name(text: &str) -> Name {
    let mut name = Name::default();
    name.copy_from_slice(&Sha256::digest(text)[..16]);
    name
}

fn account(login: &str) -> Name {
    name(&login.trim().to_lowercase())
}

/// One household of IPv6 has 2⁶⁴ addresses: they count as one.
fn address(peer: &str) -> Name {
    match peer.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => name(&format!("{:x?}", &ip.segments()[..4])),
        _ => name(peer),
    }
}

impl Count {
    /// As it stands now, after what has leaked away.
    fn at(self, limit: Limit, system: DateTime<Utc>) -> Self {
        let leaked = (system - self.since).num_seconds().max(0) / limit.leak.num_seconds();
        let leaked = i32::try_from(leaked).unwrap_or(i32::MAX);
        Self {
            failures: self.failures.saturating_sub(leaked.unsigned_abs()),
            since: self.since + limit.leak * leaked,
            last: self.last,
        }
    }
}

fn wait(counts: &HashMap<Name, Count>, name: &Name, limit: Limit, system: DateTime<Utc>) -> TimeDelta {
    let Some(count) = counts.get(name).map(|c| c.at(limit, system)) else {
        return TimeDelta::zero();
    };
    let Some(beyond) = count.failures.checked_sub(limit.free) else {
        return TimeDelta::zero();
    };
    let full = FIRST.checked_shl(beyond).filter(|_| beyond < 16).map_or(LONGEST, |wait| wait.min(LONGEST));
    // Whose clock was set back waits the full time, not until the old time comes again.
    let passed = (system - count.last).max(TimeDelta::zero());
    TimeDelta::seconds(full) - passed
}

fn count(counts: &mut HashMap<Name, Count>, name: Name, limit: Limit, system: DateTime<Utc>) {
    if counts.len() >= ROOM && !counts.contains_key(&name) {
        make_room(counts, limit, system);
    }
    let count = counts.entry(name).or_insert(Count { failures: 0, since: system, last: system });
    *count = count.at(limit, system);
    if count.failures == 0 {
        count.since = system;
    }
    count.failures = count.failures.saturating_add(1);
    count.last = system;
}

/// Forgets what has leaked away; where that is nothing, the smallest and oldest count, so that a flood of made-up names
/// drives out itself and not the account that is under attack.
fn make_room(counts: &mut HashMap<Name, Count>, limit: Limit, system: DateTime<Utc>) {
    counts.retain(|_, count| count.at(limit, system).failures > 0);
    if counts.len() >= ROOM {
        let least = counts.iter().min_by_key(|(_, count)| (count.failures, count.last)).map(|(name, _)| *name);
        if let Some(least) = least {
            counts.remove(&least);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait_of(result: Result<()>) -> u64 {
        match result {
            Ok(()) => 0,
            Err(error) => error.retry_after().unwrap(),
        }
    }

    #[test]
    fn waits_double_and_the_right_password_ends_them() {
        let throttle = Throttle::default();
        let mut now = DateTime::UNIX_EPOCH;
        let mut waits = Vec::new();
        for n in 0..16 {
            // A new address every time: this is about the account.
            let peer = format!("192.0.2.{n}");
            let wait = wait_of(throttle.attempt("organiser", &peer, now));
            waits.push(wait);
            now += TimeDelta::seconds(i64::try_from(wait).unwrap());
            if wait > 0 {
                throttle.attempt("organiser", &peer, now).unwrap();
            }
        }
        // Seventeen minutes in, one failure has leaked away.
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 900]);
        assert!(throttle.attempt(" Organiser ", "192.0.2.99", now).is_err());
        assert!(throttle.attempt("auditor", "192.0.2.99", now).is_ok());
        throttle.succeeded("organiser", "192.0.2.99");
        assert!(throttle.attempt("organiser", "192.0.2.99", now).is_ok());
    }

    #[test]
    fn a_day_of_steady_guessing_stays_under_a_hundred_and_twenty_tries() {
        let throttle = Throttle::default();
        let start = DateTime::UNIX_EPOCH;
        let mut now = start;
        let mut tries = 0;
        while now < start + TimeDelta::days(1) {
            let peer = format!("198.51.100.{tries}");
            match wait_of(throttle.attempt("organiser", &peer, now)) {
                0 => tries += 1,
                wait => now += TimeDelta::seconds(i64::try_from(wait).unwrap()),
            }
        }
        assert!(tries < 120, "{tries}");
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_too() {
        let throttle = Throttle::default();
        let now = DateTime::UNIX_EPOCH;
        for n in 0..20 {
            // All of one IPv6 network.
            let peer = format!("2001:db8:0:1::{n:x}");
            assert!(throttle.attempt(&format!("a{n}"), &peer, now).is_ok());
        }
        assert_eq!(wait_of(throttle.attempt("b", "2001:db8:0:1::ffff", now)), 2);
        assert!(throttle.attempt("b", "2001:db8:0:2::1", now).is_ok());
        let later = now + TimeDelta::minutes(20);
        assert!(throttle.attempt("c", "2001:db8:0:1::1", later).is_ok());
    }

    #[test]
    fn a_flood_of_names_does_not_wash_an_attacked_account_away() {
        let throttle = Throttle::default();
        let now = DateTime::UNIX_EPOCH;
        for n in 0..6 {
            drop(throttle.attempt("organiser", &format!("192.0.2.{n}"), now));
        }
        for n in 0..ROOM + 100 {
            let peer = format!("10.{}.{}.1", n / 250, n % 250);
            throttle.attempt(&format!("flood{n}"), &peer, now).unwrap();
        }
        assert!(throttle.attempt("organiser", "203.0.113.1", now).is_err());
        let counts = throttle.counts.lock().unwrap();
        assert!(counts.accounts.len() <= ROOM && counts.peers.len() <= ROOM);
    }
}
