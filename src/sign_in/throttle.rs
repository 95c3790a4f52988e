//! Throttle against password guessing. Failures are counted for the text that was typed as the account and for the client's
//! network. Each failure beyond a few makes the next attempt wait longer. All instants are system time.
//!
//! A browser that the account knows ([`super::known_device`]) is counted by itself in place of the account, with the same
//! numbers. So strangers who guess elsewhere without end do not lock the holder out there. A thief of such a browser's cookie
//! gains one more budget of tries, at that one account. Other browsers, and programs, have to wait for the guesses of strangers
//! as for their own; so do all people behind a network from which guesses come.
//!
//! # Why
//! The counter belongs to the typed text, so an account that does not exist answers like one that does. An attempt is counted
//! before it is checked, and taken back when it was right: a thousand guesses at once are no way around. Counters are leaky
//! buckets and are not reset at once. So a steady guesser ends at one try per quarter of an hour and account, and an office of
//! many people behind one address is not shut out by everyday typing mistakes. The counters are kept in the store: a restart
//! forgets nothing, and another node knows them a moment later ([`crate::base::rate_limit`]).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::base::error::{Error, Result};
use crate::base::rate_limit::{Limit, PersistentLimiter, Table};

const ACCOUNT: Limit = Limit { name: "sign_in_account", burst: 5, refill: TimeDelta::minutes(15) };
const PEER: Limit = Limit { name: "sign_in_peer", burst: 20, refill: TimeDelta::minutes(1) };

/// Limit of its own, so that no typed text is ever taken for a browser.
const DEVICE: Limit = Limit { name: "sign_in_device", ..ACCOUNT };

/// Limits that the throttle counts.
pub const RULES: [Limit; 3] = [ACCOUNT, DEVICE, PEER];

/// First wait, in seconds. Every further failure doubles it.
const FIRST: i64 = 2;
/// Longest wait, in seconds.
const LONGEST: i64 = 15 * 60;

/// Subject for which an attempt counts, besides the network.
#[derive(Clone, Copy)]
pub enum Who<'a> {
    /// Text that was typed as the account.
    Account(&'a str),
    /// Browser that the account knows, by its random bytes.
    Device([u8; 16]),
}

/// Counts of failed attempts.
pub struct Throttle {
    limiter: Arc<PersistentLimiter>,
}

impl Throttle {
    /// A throttle that counts in this limiter.
    #[must_use]
    pub const fn new(limiter: Arc<PersistentLimiter>) -> Self {
        Self { limiter }
    }

    /// Counts an attempt, unless it comes too early. `peer` is the network of the client
    /// ([`crate::web::client::Client::network`]).
    ///
    /// # Errors
    /// `TooMany` with the seconds to wait.
    pub fn attempt(&self, who: Who<'_>, peer: &str, system: DateTime<Utc>) -> Result<()> {
        let ((limit, subject), peer) = self.names(who, peer);
        let mut table = self.limiter.table();
        let wait = wait(&mut table, limit, subject, system).max(wait(&mut table, PEER, peer, system));
        if wait > TimeDelta::zero() {
            let seconds = wait.num_milliseconds().max(1).unsigned_abs().div_ceil(1000);
            return Err(Error::TooMany { retry_after: seconds });
        }
        table.add(limit, subject, system);
        table.add(PEER, peer, system);
        Ok(())
    }

    /// Takes a counted attempt back, because it was right. The counter of the account, or of the browser that it knows, is
    /// cleared. The counter of the network loses only this attempt: otherwise one good password would pay for guesses at all
    /// other accounts.
    pub fn succeeded(&self, who: Who<'_>, peer: &str) {
        let ((limit, subject), peer) = self.names(who, peer);
        let mut table = self.limiter.table();
        table.forget(limit, subject);
        table.take_back(PEER, peer);
    }

    /// Takes this one attempt back, and keeps the attempts that were counted before.
    pub fn taken_back(&self, who: Who<'_>, peer: &str) {
        let ((limit, subject), peer) = self.names(who, peer);
        let mut table = self.limiter.table();
        table.take_back(limit, subject);
        table.take_back(PEER, peer);
    }

    fn names(&self, who: Who<'_>, peer: &str) -> ((Limit, [u8; 16]), [u8; 16]) {
        let (limit, subject) = match who {
            Who::Account(typed) => (ACCOUNT, super::login(typed)),
            Who::Device(device) => (DEVICE, hex::encode(device)),
        };
        ((limit, self.limiter.digest(limit, &subject)), self.limiter.digest(PEER, peer))
    }
}

fn wait(table: &mut Table, limit: Limit, name: [u8; 16], system: DateTime<Utc>) -> TimeDelta {
    let Some(count) = table.get(limit, name, system) else {
        return TimeDelta::zero();
    };
    let Some(beyond) = count.count.checked_sub(limit.burst) else {
        return TimeDelta::zero();
    };
    let full = FIRST.checked_shl(beyond).filter(|_| beyond < 16).map_or(LONGEST, |wait| wait.min(LONGEST));
    // Under a clock that was set back, the full time is waited once more: the last count is never in the future.
    TimeDelta::seconds(full) - (system - count.last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::keys::Key;
    use crate::base::rate_limit::MAX_SUBJECTS;

    fn throttle() -> Throttle {
        Throttle::new(Arc::new(PersistentLimiter::new(Key::ephemeral().unwrap(), true)))
    }

    fn wait_of(result: Result<()>) -> u64 {
        match result {
            Ok(()) => 0,
            Err(error) => error.retry_after().unwrap(),
        }
    }

    #[test]
    fn waits_double_and_the_right_password_ends_them() {
        let throttle = throttle();
        let mut now = DateTime::UNIX_EPOCH;
        let mut waits = Vec::new();
        for n in 0..16 {
            // A new address for every attempt: this test is about the account.
            let peer = format!("192.0.2.{n}");
            let wait = wait_of(throttle.attempt(Who::Account("organiser"), &peer, now));
            waits.push(wait);
            now += TimeDelta::seconds(i64::try_from(wait).unwrap());
            if wait > 0 {
                throttle.attempt(Who::Account("organiser"), &peer, now).unwrap();
            }
        }
        // After seventeen minutes one failure has leaked away.
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 900]);
        assert!(throttle.attempt(Who::Account(" Organiser "), "192.0.2.99", now).is_err());
        assert!(throttle.attempt(Who::Account("auditor"), "192.0.2.99", now).is_ok());
        throttle.succeeded(Who::Account("organiser"), "192.0.2.99");
        assert!(throttle.attempt(Who::Account("organiser"), "192.0.2.99", now).is_ok());
    }

    #[test]
    fn a_day_of_steady_guessing_stays_under_a_hundred_and_twenty_tries() {
        let throttle = throttle();
        let start = DateTime::UNIX_EPOCH;
        let mut now = start;
        let mut tries = 0;
        while now < start + TimeDelta::days(1) {
            let peer = format!("198.51.100.{tries}");
            match wait_of(throttle.attempt(Who::Account("organiser"), &peer, now)) {
                0 => tries += 1,
                wait => now += TimeDelta::seconds(i64::try_from(wait).unwrap()),
            }
        }
        assert!(tries < 120, "{tries}");
    }

    #[test]
    fn an_address_that_tries_many_accounts_waits_too() {
        let throttle = throttle();
        let now = DateTime::UNIX_EPOCH;
        for n in 0..20 {
            assert!(throttle.attempt(Who::Account(&format!("a{n}")), "2001:db8:0:1::/64", now).is_ok());
        }
        assert_eq!(wait_of(throttle.attempt(Who::Account("b"), "2001:db8:0:1::/64", now)), 2);
        assert!(throttle.attempt(Who::Account("b"), "2001:db8:0:2::/64", now).is_ok());
        let later = now + TimeDelta::minutes(20);
        assert!(throttle.attempt(Who::Account("c"), "2001:db8:0:1::/64", later).is_ok());
    }

    #[test]
    fn a_flood_of_names_does_not_wash_an_attacked_account_away() {
        let throttle = throttle();
        let now = DateTime::UNIX_EPOCH;
        for n in 0..6 {
            drop(throttle.attempt(Who::Account("organiser"), &format!("192.0.2.{n}"), now));
        }
        for n in 0..MAX_SUBJECTS + 100 {
            let peer = format!("10.{}.{}.1", n / 250, n % 250);
            throttle.attempt(Who::Account(&format!("flood{n}")), &peer, now).unwrap();
        }
        assert!(throttle.attempt(Who::Account("organiser"), "203.0.113.1", now).is_err());
    }

    #[test]
    fn a_browser_that_the_account_knows_is_counted_by_itself() {
        let throttle = throttle();
        let now = DateTime::UNIX_EPOCH;
        let (account, here) = (Who::Account("organiser"), "203.0.113.1");
        let (device, other) = (Who::Device([1; 16]), Who::Device([2; 16]));
        for n in 0..100 {
            drop(throttle.attempt(account, &format!("192.0.2.{n}"), now));
        }
        assert_eq!(wait_of(throttle.attempt(account, here, now)), 2);
        for _ in 0..5 {
            throttle.attempt(device, here, now).unwrap();
        }
        assert_eq!(wait_of(throttle.attempt(device, here, now)), 2);
        throttle.attempt(other, here, now).unwrap();
        // A right password there clears the count of that browser only: it must not buy new tries for strangers.
        throttle.succeeded(device, here);
        throttle.attempt(device, here, now).unwrap();
        assert_eq!(wait_of(throttle.attempt(account, here, now)), 2);
        // The network is counted for all browsers together.
        for n in 10..30 {
            drop(throttle.attempt(Who::Device([n; 16]), here, now));
        }
        assert!(throttle.attempt(Who::Device([99; 16]), here, now).is_err());
    }
}
