//! Load shedding: the number of requests in progress is bounded, by class and in total. A request beyond the bounds is refused
//! before any work.
//!
//! # Why
//! Each class has places of its own, so that a rush of readers leaves room for everybody else. With a growing total, fewer
//! classes are admitted: files and exports are refused first, then reading, then staff, and voting last. A body is read before
//! its request takes a place, because otherwise slow senders would hold all places. The number of large bodies at once is
//! limited, because they are held in memory. Cached pages do not reach this layer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use poem::{Endpoint, Middleware, Request};
use tokio::sync::Semaphore;

use crate::base::error::{Error, Result};
use crate::web::body::{self, Pace};
use crate::web::policy::{Class, Policy, SMALL_BODY};

/// Number of places by class.
pub type Permits = Vec<(Class, usize)>;

/// Time after which a refused request may succeed, in seconds.
const LATER: u64 = 2;
/// Largest number of bodies above [`SMALL_BODY`] that arrive at once.
const LARGE: usize = 128;

/// Counts of the requests in progress. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ConcurrencyLimit {
    counts: Arc<Counts>,
    pace: Pace,
    large: Arc<Semaphore>,
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
        Self { counts: Arc::new(counts), pace, large: Arc::new(Semaphore::new(LARGE)) }
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
        let is_large = max_body > SMALL_BODY && body::claimed(&request).is_none_or(|length| length > SMALL_BODY);
        let _room = match is_large.then(|| self.load.large.try_acquire()) {
            Some(Err(_)) => return Err(Error::Busy { retry_after: LATER }.into()),
            room => room,
        };
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
