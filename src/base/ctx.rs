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
    /// The actor on whose word something happens.
    pub actor: Actor,
    /// Programme time: campaigns, deadlines and figures go by it.
    pub now: DateTime<Utc>,
    /// System time: sessions, puzzles and rate limits go by it.
    pub system: DateTime<Utc>,
}

/// The one on whose word something happens.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Not signed in: a citizen, a reader.
    Nobody,
    /// A command of the operator, by its name.
    System(&'static str),
    /// A signed-in member of staff.
    Staff(Arc<Staff>),
}

/// A member of staff as the session found it.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Key of the account.
    pub id: AccountId,
    /// What was typed at sign-in.
    pub login: String,
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in histories.
    pub office: String,
    /// The province where the person comes from and therefore checks nothing.
    pub home_province: Option<String>,
    /// Roles with their scopes. What they allow is said in [`crate::base::access`].
    pub grants: Vec<Grant>,
    /// Roles of others, for some days.
    pub lent: Vec<Lent>,
    /// The provinces of the teams that stand in the scopes.
    pub teams: BTreeMap<String, Vec<String>>,
}

/// One role, within one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Province or team code; empty where the role is not limited.
    pub scope: String,
}

impl Grant {
    /// The grant as the audit trail has it.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.role, self.scope).trim().to_owned()
    }
}

/// A role that somebody else lent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    /// The role, within its scope.
    pub grant: Grant,
    /// Whose it is: before every rule about persons the two are one.
    pub by: AccountId,
    /// The lender's login, for the audit trail.
    pub login: String,
    /// The lender's home province.
    pub home_province: Option<String>,
    /// The last day.
    pub until: NaiveDate,
}

impl Lent {
    /// The lender's home province.
    #[must_use]
    pub fn home(&self) -> Option<&str> {
        self.home_province.as_deref()
    }
}

impl Staff {
    /// The persons by whose word an act in a capacity is done: the one who acts, and the one whose role it is.
    pub fn persons(&self, capacity: Capacity<'_>) -> impl Iterator<Item = AccountId> {
        std::iter::once(self.id).chain(capacity.lent.map(|lent| lent.by))
    }
}

impl Ctx {
    /// An actor, at the present.
    #[must_use]
    pub fn of(actor: Actor, clock: &Clock) -> Self {
        let system = clock.system();
        Self { actor, now: system + clock.offset(), system }
    }

    /// Nobody, at the present.
    #[must_use]
    pub fn nobody(clock: &Clock) -> Self {
        Self::of(Actor::Nobody, clock)
    }

    /// A command of the operator, or a job of the scheduler, at the present.
    #[must_use]
    pub fn system(command: &'static str, clock: &Clock) -> Self {
        Self::of(Actor::System(command), clock)
    }

    /// The same times for another actor.
    #[must_use]
    pub fn by(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same at another instant of programme time.
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
