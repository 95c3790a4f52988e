//! Load shedding: the number of requests in progress is bounded, by class and in total. A request beyond the bounds is refused
//! before any work.
//!
//! # Why
//! Each class has places of its own, so that a rush of readers leaves room for everybody else. With a growing total, fewer
//! classes are admitted: files and exports are refused first, then reading, then staff, and voting last. A body is read before
//! its request takes a place, because otherwise slow senders would hold all places. The number of large bodies at once is
//! limited, because they are held in memory, in total and for each address: one sender does not keep all others from uploading.
//! Senders without a session have a few places of their own, for forms whose session has ended.
//! Cached pages do not reach this layer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use poem::{Endpoint, Middleware, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::base::error::{Error, Result};
use crate::web::body::{self, Pace, SignedSender};
use crate::web::client::Client;
use crate::web::policy::{Class, Policy, SMALL_BODY};

/// Number of places by class.
pub type Permits = Vec<(Class, usize)>;

/// Time after which a refused request may succeed, in seconds.
const LATER: u64 = 2;
/// Largest number of bodies above [`SMALL_BODY`] that arrive at once.
const LARGE: usize = 128;
/// Largest number of these bodies from one address.
const LARGE_OF_ADDRESS: usize = 32;
/// Largest number of these bodies from senders without a session.
const LARGE_UNSIGNED: usize = 16;

/// Counts of the requests in progress. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ConcurrencyLimit {
    counts: Arc<Counts>,
    pace: Pace,
    large: Arc<Semaphore>,
    unsigned: Arc<Semaphore>,
    /// Number of large bodies that arrive, by the address of the sender.
    senders: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
}

#[derive(Debug)]
struct Counts {
    all: AtomicUsize,
    limits: Vec<ClassLimit>,
}

#[derive(Debug)]
struct ClassLimit {
    class: Class,
    places: usize,
    /// Total number of requests in progress from which on the class is refused.
    ceiling: usize,
    taken: AtomicUsize,
}

impl ConcurrencyLimit {
    /// Counts without any request in progress.
    #[must_use]
    pub fn new(places: &Permits, pace: Pace) -> Self {
        let most = places.iter().map(|(_, places)| *places).max().unwrap_or(usize::MAX);
        let limit = |(class, places): &(Class, usize)| ClassLimit {
            class: *class,
            places: *places,
            ceiling: most / share(*class),
            taken: AtomicUsize::new(0),
        };
        let counts = Counts { all: AtomicUsize::new(0), limits: places.iter().map(limit).collect() };
        let [large, unsigned] = [LARGE, LARGE_UNSIGNED].map(|places| Arc::new(Semaphore::new(places)));
        Self { counts: Arc::new(counts), pace, large, unsigned, senders: Arc::default() }
    }

    /// Takes a place for a large body of an address. `is_signed` tells whether the sender has a session.
    ///
    /// # Errors
    /// `Busy` where the address, or all of them together, send as many as are read at once.
    pub fn enter_large(&self, address: Option<IpAddr>, is_signed: bool) -> Result<LargeBody> {
        let busy = || Error::Busy { retry_after: LATER };
        let places = if is_signed { &self.large } else { &self.unsigned };
        let permit = Arc::clone(places).try_acquire_owned().map_err(|_| busy())?;
        let mut senders = self.senders.lock().map_err(|_| Error::Internal("large bodies poisoned".to_owned()))?;
        let sent = senders.entry(address).or_default();
        if *sent >= LARGE_OF_ADDRESS {
            return Err(busy());
        }
        *sent += 1;
        drop(senders);
        Ok(LargeBody { senders: Arc::clone(&self.senders), address, _permit: permit })
    }

    /// Takes a place for a request.
    ///
    /// # Errors
    /// `Busy` where the class or the total is at its limit.
    pub fn enter(&self, class: Class) -> Result<Permit> {
        let counts = &self.counts;
        let limit = counts.limits.iter().position(|limit| limit.class == class);
        // The request is counted first and compared then: two requests at once never take the same place.
        let place = Permit { counts: Arc::clone(counts), limit };
        let all = counts.all.fetch_add(1, Ordering::Relaxed);
        let Some(limit) = limit.map(|limit| &counts.limits[limit]) else { return Ok(place) };
        let taken = limit.taken.fetch_add(1, Ordering::Relaxed);
        if taken < limit.places && all < limit.ceiling { Ok(place) } else { Err(Error::Busy { retry_after: LATER }) }
    }

    /// Number of requests of a class in progress.
    #[must_use]
    pub fn taken(&self, class: Class) -> usize {
        let limit = self.counts.limits.iter().find(|limit| limit.class == class);
        limit.map_or(0, |limit| limit.taken.load(Ordering::Relaxed))
    }
}

/// Divisor of the total for a class: the class is refused once this part of all places is taken (one half, one quarter, one
/// eighth).
const fn share(class: Class) -> usize {
    match class {
        Class::Voting | Class::Health => 1,
        Class::Staff | Class::SigningIn => 2,
        Class::Reading => 4,
        Class::Exports | Class::Files => 8,
    }
}

/// Place of a request, held while the request is in progress.
#[derive(Debug)]
pub struct Permit {
    counts: Arc<Counts>,
    limit: Option<usize>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.counts.all.fetch_sub(1, Ordering::Relaxed);
        if let Some(limit) = self.limit {
            self.counts.limits[limit].taken.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Place of a large body, held until the request is answered.
#[derive(Debug)]
pub struct LargeBody {
    senders: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
    address: Option<IpAddr>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for LargeBody {
    fn drop(&mut self) {
        let Ok(mut senders) = self.senders.lock() else { return };
        if let Some(sent) = senders.get_mut(&self.address) {
            *sent -= 1;
            if *sent == 0 {
                senders.remove(&self.address);
            }
        }
    }
}

impl<E: Endpoint> Middleware<E> for ConcurrencyLimit {
    type Output = ConcurrencyLimitEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ConcurrencyLimitEndpoint { endpoint, load: self.clone() }
    }
}

/// Endpoint of the middleware [`ConcurrencyLimit`].
pub struct ConcurrencyLimitEndpoint<E> {
    endpoint: E,
    load: ConcurrencyLimit,
}

impl<E: Endpoint> Endpoint for ConcurrencyLimitEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        let Policy { class, max_body, .. } = Policy::of(&request);
        let mut place = self.load.enter(class)?;
        if request.method().is_safe() {
            return self.endpoint.call(request).await;
        }
        drop(place);
        let is_large = max_body > SMALL_BODY && body::is_longer(&request, SMALL_BODY);
        let address = if is_large { Client::of(&request)?.key() } else { None };
        let is_signed = request.data::<SignedSender>().is_some();
        let _large = is_large.then(|| self.load.enter_large(address, is_signed)).transpose()?;
        let body_check = body::bound(&mut request, max_body, self.load.pace).await?;
        place = self.load.enter(class)?;
        let answer = self.endpoint.call(request).await;
        drop(place);
        body_check.check()?;
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::Edge;

    fn load() -> ConcurrencyLimit {
        let places = vec![(Class::Voting, 16), (Class::Staff, 6), (Class::Reading, 3), (Class::Exports, 2)];
        ConcurrencyLimit::new(&places, Edge::default().pace)
    }

    #[test]
    fn a_class_has_places_of_its_own_and_gives_them_back() {
        let load = load();
        let mut held: Vec<Permit> = (0..3).map(|_| load.enter(Class::Reading).unwrap()).collect();
        assert_eq!(load.enter(Class::Reading).unwrap_err().retry_after(), Some(LATER));
        held.push(load.enter(Class::Voting).unwrap());
        assert_eq!(load.taken(Class::Reading), 3);
        drop(held);
        assert_eq!((load.taken(Class::Reading), load.counts.all.load(Ordering::Relaxed)), (0, 0));
    }

    #[test]
    fn one_address_sends_some_large_bodies_and_leaves_room_for_others() {
        let load = load();
        let address = |last: u8| Some(IpAddr::from([192, 0, 2, last]));
        let mut held: Vec<LargeBody> = Vec::new();
        while let Ok(place) = load.enter_large(address(1), true) {
            held.push(place);
        }
        assert_eq!(held.len(), LARGE_OF_ADDRESS);
        let other = load.enter_large(address(2), true).unwrap();
        assert!(load.enter_large(address(1), true).is_err());
        let strangers: Vec<LargeBody> = (3..).map_while(|last| load.enter_large(address(last), false).ok()).collect();
        assert_eq!(strangers.len(), LARGE_UNSIGNED, "senders without a session take no place of staff");
        drop(strangers);
        held.clear();
        assert!(load.enter_large(address(1), true).is_ok(), "places are given back");
        held.extend((3..).map_while(|last| load.enter_large(address(last), true).ok()).take(LARGE));
        assert_eq!(held.len(), LARGE - 1);
        drop((other, held));
        assert!(load.senders.lock().unwrap().is_empty());
    }

    #[test]
    fn the_more_is_worked_on_the_fewer_kinds_are_taken() {
        let load = load();
        let mut held = Vec::new();
        let mut refused = Vec::new();
        for n in 0..=16 {
            for class in [Class::Exports, Class::Reading, Class::Staff, Class::Voting] {
                if load.enter(class).is_err()
                    && !refused.contains(&(class, n))
                    && refused.iter().all(|(c, _)| *c != class)
                {
                    refused.push((class, n));
                }
            }
            held.extend(load.enter(Class::Voting));
        }
        assert_eq!(refused, [(Class::Exports, 2), (Class::Reading, 4), (Class::Staff, 8), (Class::Voting, 16)]);
    }
}
