//! Who is asking, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AccountId;
use entity::stored::Role;

use crate::base::access::Capacity;
use crate::base::error::{Error, Result};

/// Who is asking, and when. Built once a request, once a command line, once a step of the demo.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who.
    pub actor: Actor,
    /// Programme time.
    pub now: DateTime<Utc>,
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
    /// Nobody, at an instant.
    #[must_use]
    pub const fn nobody(now: DateTime<Utc>) -> Self {
        Self { actor: Actor::Nobody, now }
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
