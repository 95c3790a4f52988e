//! So many acts an address and span of time, counted in memory and forgotten with the span.
//!
//! An address of IPv6 counts by its first 64 bits, which one household has. How many addresses are remembered is bounded;
//! when the memory is full, further addresses have to wait.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{Error, Result};

/// Addresses that are remembered at most.
const ROOM: usize = 50_000;

/// See the module.
pub struct Allowance {
    most: u32,
    span: i64,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    windows: HashMap<IpAddr, Window>,
    swept: i64,
}

/// What an address did since a second of system time.
#[derive(Clone, Copy)]
struct Window {
    since: i64,
    acts: u32,
}

impl Allowance {
    /// At most so many acts in a span.
    #[must_use]
    pub fn new(most: u32, span: TimeDelta) -> Self {
        Self { most, span: span.num_seconds(), seen: Mutex::default() }
    }

    /// Counts one act of an address.
    ///
    /// # Errors
    /// `TooMany` where the address used its allowance up, with the seconds until the next span.
    pub fn take(&self, peer: &str, system: DateTime<Utc>) -> Result<()> {
        let now = system.timestamp();
        let mut seen = self.seen.lock().map_err(|_| Error::Internal("allowance poisoned".to_owned()))?;
        let address = household(peer);
        if now - seen.swept >= self.span {
            seen.windows.retain(|_, window| now - window.since < self.span);
            seen.swept = now;
        }
        if seen.windows.len() >= ROOM && !seen.windows.contains_key(&address) {
            return Err(Error::TooMany { retry_after: 60 });
        }
        let fresh = Window { since: now, acts: 0 };
        let window = seen.windows.entry(address).or_insert(fresh);
        if now - window.since >= self.span {
            *window = fresh;
        }
        if window.acts >= self.most {
            let left = (window.since + self.span - now).max(1);
            return Err(Error::TooMany { retry_after: left.unsigned_abs() });
        }
        window.acts += 1;
        Ok(())
    }
}

/// The part of an address that one household has. What is no address counts as one.
fn household(peer: &str) -> IpAddr {
    match peer.parse().map(|address: IpAddr| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from_bits(network))
        }
        Ok(address) => address,
        Err(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn an_address_that_used_its_allowance_up_waits_for_the_next_span() {
        let allowance = Allowance::new(2, TimeDelta::hours(1));
        let at = |seconds| NOW + TimeDelta::seconds(seconds);
        allowance.take("192.0.2.1", at(0)).unwrap();
        allowance.take("192.0.2.1", at(10)).unwrap();
        let refused = allowance.take("192.0.2.1", at(60)).unwrap_err();
        assert_eq!(refused.retry_after(), Some(3540));
        allowance.take("192.0.2.2", at(60)).unwrap();
        allowance.take("192.0.2.1", at(3600)).unwrap();
    }

    #[test]
    fn one_household_counts_as_one() {
        assert_eq!(household("2001:db8::1"), household("2001:db8::ffff:2"));
        assert_ne!(household("2001:db8::1"), household("2001:db8:0:1::1"));
        assert_eq!(household("::ffff:192.0.2.1"), household("192.0.2.1"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let allowance = Allowance::new(1, TimeDelta::hours(1));
        for n in 0..ROOM {
            let address = Ipv4Addr::from_bits(u32::try_from(n).unwrap() + 1).to_string();
            allowance.take(&address, NOW).unwrap();
        }
        assert!(allowance.take("192.0.2.1", NOW).is_err());
        allowance.take("192.0.2.1", NOW + TimeDelta::hours(1)).unwrap();
        assert_eq!(allowance.seen.lock().unwrap().windows.len(), 1);
    }
}
