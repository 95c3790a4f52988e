//! The context of a request or command: the actor and both times.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AccountId;
use entity::stored::Role;

use crate::base::access::Capacity;
use crate::base::clock::Clock;
use crate::base::error::{Error, Result};

/// The actor and both times. Built once for each request, command line and step of the demo.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Actor in whose name the work is done.
    pub actor: Actor,
    /// Programme time, for campaigns, deadlines and figures.
    pub now: DateTime<Utc>,
    /// System time, for sessions, puzzles and rate limits.
    pub system: DateTime<Utc>,
}

/// The actor in whose name work is done.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody who is not signed in: a citizen or a reader.
    Nobody,
    /// A command of the operator, or a job of the scheduler. Carries its name.
    System(&'static str),
    /// A signed-in member of staff.
    Staff(Arc<Staff>),
}

/// A member of staff, as found through the session.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Key of the member's account.
    pub id: AccountId,
    /// Login name of the account, as typed at sign-in.
    pub login: String,
    /// Name of the person, shown to staff only.
    pub name: String,
    /// Organisation of the person, shown in histories.
    pub office: String,
    /// Home province of the person, in which the person therefore verifies nothing.
    pub home_province: Option<String>,
    /// Roles with their scopes. The module [`crate::base::access`] defines the rights of each role.
    pub grants: Vec<Grant>,
    /// Roles that others lent to the account, for some days.
    pub lent: Vec<Lent>,
    /// Codes of the provinces of each team in the scopes, by team code.
    pub teams: BTreeMap<String, Vec<String>>,
}

/// One role within one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Role that the account holds.
    pub role: Role,
    /// Code of the province or team to which the role is limited; empty where the role has no limit.
    pub scope: String,
}

impl Grant {
    /// The grant as the audit trail records it.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.role, self.scope).trim().to_owned()
    }
}

/// A role that somebody else lent to the account (delegation).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    /// Role that was lent, within its scope.
    pub grant: Grant,
    /// Account of the lender. Rules about persons treat lender and borrower as one person.
    pub by: AccountId,
    /// Login name of the lender, for the audit trail.
    pub login: String,
    /// Code of the lender's home province.
    pub home_province: Option<String>,
    /// Last day on which the role is lent.
    pub until: NaiveDate,
}

impl Lent {
    /// Code of the lender's home province.
    #[must_use]
    pub fn home(&self) -> Option<&str> {
        self.home_province.as_deref()
    }
}

impl Staff {
    /// The accounts of the persons in whose name an act is done in a capacity: the actor and, for a lent role, the lender.
    pub fn persons(&self, capacity: Capacity<'_>) -> impl Iterator<Item = AccountId> {
        std::iter::once(self.id).chain(capacity.lent.map(|lent| lent.by))
    }
}

impl Ctx {
    /// A context of an actor at the present instant.
    #[must_use]
    pub fn of(actor: Actor, clock: &Clock) -> Self {
        let system = clock.system();
        Self { actor, now: system + clock.offset(), system }
    }

    /// A context of somebody who is not signed in, at the present instant.
    #[must_use]
    pub fn nobody(clock: &Clock) -> Self {
        Self::of(Actor::Nobody, clock)
    }

    /// A context of a command of the operator or of a job of the scheduler, at the present instant.
    #[must_use]
    pub fn system(command: &'static str, clock: &Clock) -> Self {
        Self::of(Actor::System(command), clock)
    }

    /// The same context for another actor.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same context at another instant of programme time.
    #[must_use]
    pub fn at(&self, now: DateTime<Utc>) -> Self {
        Self { now, ..self.clone() }
    }

    /// The signed-in member of staff.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is signed in.
    pub fn staff(&self) -> Result<&Staff> {
        match &self.actor {
            Actor::Staff(staff) => Ok(staff),
            Actor::Nobody | Actor::System(_) => Err(Error::Unauthenticated),
        }
    }

    /// The key of the signed-in account, where there is one.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match &self.actor {
            Actor::Staff(staff) => Some(staff.id),
            Actor::Nobody | Actor::System(_) => None,
        }
    }

    /// The office for which the act is done, as histories show it.
    #[must_use]
    pub fn office(&self) -> String {
        match &self.actor {
            Actor::Staff(staff) => staff.office.clone(),
            Actor::Nobody | Actor::System(_) => String::new(),
        }
    }
}
