//! Rate limits of clients, by class, in memory (GCRA): a burst, and a sustained number of requests a second.
//!
//! # Why
//! One address is not one person: an office, a school or the network of a carrier has thousands of persons behind one address. So
//! the limits of voting are those of a crowd, not of a voter; docs/edge.md has the numbers. The pass, not the address, keeps one
//! person from voting twice. The memory is bounded: where more addresses come than fit, networks of addresses are counted.

use std::future::ready;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::Either;
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use poem::{Endpoint, Middleware, Request};

use crate::base::error::{Error, Result};
use crate::web::client::Client;
use crate::web::policy::{Class, Policy};

/// Largest number of addresses that are remembered for each class. Beyond that number, networks are counted until there is room
/// again.
const MAX_CLIENTS: usize = 100_000;
/// Factor by which the limit of a network exceeds the limit of one address.
const NETWORK: u32 = 16;

/// Rate limit of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Sustained number of requests a second.
    pub a_second: NonZeroU32,
    /// Number of requests at once (burst).
    pub at_once: NonZeroU32,
}

/// Rate limits by class; a class that is absent has no limit.
pub type Rates = Vec<(Class, Rate)>;

/// Counters of the recent requests of every client. Cheap to clone.
#[derive(Clone)]
pub struct ClientRateLimit(Arc<[Limit]>);

struct Limit {
    class: Class,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    networks: DefaultKeyedRateLimiter<IpAddr>,
    is_full: AtomicBool,
}

impl ClientRateLimit {
    /// Counters without any request.
    #[must_use]
    pub fn new(rates: &Rates) -> Self {
        let limit = |(class, rate): &(Class, Rate)| {
            let quota = |times: u32| {
                let times = NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN);
                Quota::per_second(rate.a_second.saturating_mul(times)).allow_burst(rate.at_once.saturating_mul(times))
            };
            Limit {
                class: *class,
                addresses: RateLimiter::keyed(quota(1)),
                networks: RateLimiter::keyed(quota(NETWORK)),
                is_full: AtomicBool::new(false),
            }
        };
        Self(rates.iter().map(limit).collect())
    }

    /// Counts one request. A client without an address is not counted.
    ///
    /// # Errors
    /// `TooMany`, with the seconds until the next request is allowed.
    pub fn check(&self, class: Class, client: &Client) -> Result<()> {
        let Some(limit) = self.0.iter().find(|limit| limit.class == class) else { return Ok(()) };
        let Some(address) = client.key() else { return Ok(()) };
        let checked = if limit.is_full.load(Ordering::Relaxed) {
            limit.networks.check_key(&network(address))
        } else {
            limit.addresses.check_key(&address)
        };
        checked.map_err(|until| {
            let wait = until.wait_time_from(limit.addresses.clock().now());
            Error::TooMany { retry_after: wait.as_secs() + 1 }
        })
    }

    /// Forgets clients whose counters are empty again.
    pub fn sweep(&self) {
        for limit in self.0.iter() {
            limit.addresses.retain_recent();
            limit.networks.retain_recent();
            limit.is_full.store(limit.addresses.len() >= MAX_CLIENTS, Ordering::Relaxed);
        }
    }
}

/// The network of an address, roughly that of one provider: 16 bits of IPv4, 32 bits of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & 0xffff_0000).into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !(u128::MAX >> 32)).into(),
    }
}

impl<E: Endpoint> Middleware<E> for ClientRateLimit {
    type Output = ClientRateLimitEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ClientRateLimitEndpoint { endpoint, floods: self.clone() }
    }
}

/// Endpoint of the middleware [`ClientRateLimit`].
pub struct ClientRateLimitEndpoint<E> {
    endpoint: E,
    floods: ClientRateLimit,
}

impl<E: Endpoint> Endpoint for ClientRateLimitEndpoint<E> {
    type Output = E::Output;

    fn call(&self, request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        let checked = Client::of(&request).and_then(|client| self.floods.check(Policy::of(&request).class, client));
        match checked {
            Ok(()) => Either::Left(self.endpoint.call(request)),
            Err(refusal) => Either::Right(ready(Err(refusal.into()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        Client { address: Some(address.parse().unwrap()), ..Client::default() }
    }

    fn floods() -> ClientRateLimit {
        let rate = Rate { a_second: NonZeroU32::MIN, at_once: NonZeroU32::new(3).unwrap() };
        ClientRateLimit::new(&vec![(Class::Reading, rate)])
    }

    #[test]
    fn one_address_is_held_back_and_others_go_on() {
        let floods = floods();
        for _ in 0..3 {
            floods.check(Class::Reading, &client("2001:db8::1")).unwrap();
        }
        let refused = floods.check(Class::Reading, &client("2001:db8::ffff")).unwrap_err();
        assert!((1..=2).contains(&refused.retry_after().unwrap()));
        floods.check(Class::Reading, &client("2001:db8:0:1::1")).unwrap();
        floods.check(Class::Voting, &client("2001:db8::1")).unwrap();
        for _ in 0..10 {
            floods.check(Class::Reading, &Client::default()).unwrap();
        }
    }

    #[test]
    fn the_memory_is_bounded_and_networks_are_counted_where_it_is_full() {
        let floods = floods();
        for n in 0..MAX_CLIENTS {
            let address = Ipv4Addr::from_bits(0x0a00_0000 + u32::try_from(n).unwrap());
            floods.check(Class::Reading, &client(&address.to_string())).unwrap();
        }
        floods.sweep();
        for n in 0..48 {
            floods.check(Class::Reading, &client(&format!("192.0.2.{n}"))).unwrap();
        }
        // On a busy machine some allowance comes back meanwhile.
        let is_refused = |n: u32| floods.check(Class::Reading, &client(&format!("192.0.2.{}", n % 256))).is_err();
        assert!((48..1_000).any(is_refused));
        assert_eq!(floods.0[0].addresses.len(), MAX_CLIENTS);
    }
}
