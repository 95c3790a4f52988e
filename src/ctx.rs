//! Who is asking, and when.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::Role;

use crate::error::{Error, Result};

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
    /// Roles with their scopes.
    pub grants: Vec<Grant>,
}

/// One role, within one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Province or team code; empty where the role is not limited.
    pub scope: String,
}

impl Staff {
    /// Whether one of the grants is this role, in whatever scope.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }

    /// Whether one of the grants is this role in this scope.
    #[must_use]
    pub fn holds_in(&self, role: Role, scope: &str) -> bool {
        self.grants.iter().any(|g| g.role == role && g.scope == scope)
    }

    /// The scopes in which the role is held.
    pub fn scopes(&self, role: Role) -> impl Iterator<Item = &str> {
        self.grants.iter().filter(move |g| g.role == role).map(|g| g.scope.as_str())
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

    /// The signed-in member of staff, who holds a role.
    ///
    /// # Errors
    /// `Unauthenticated`, or `NotFound`: what is not yours does not exist for you.
    pub fn require(&self, role: Role) -> Result<&Staff> {
        self.require_any(&[role])
    }

    /// The signed-in member of staff, who holds one of several roles.
    ///
    /// # Errors
    /// As [`Ctx::require`].
    pub fn require_any(&self, roles: &[Role]) -> Result<&Staff> {
        let staff = self.staff()?;
        if roles.iter().any(|role| staff.holds(*role)) { Ok(staff) } else { Err(Error::NotFound("page")) }
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
