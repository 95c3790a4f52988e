//! What the API takes and gives about accounts.

use chrono::{DateTime, Utc};
use entity::account;
use entity::stored::Role;
use poem_openapi::Object;

use crate::config::Config;
use crate::ctx::{Grant, Staff};
use crate::identity::commands::{self, Invitation};
use crate::identity::queries;

/// An account that was made.
#[derive(Object)]
pub struct NewAccountMade {
    /// The account.
    pub account: AccountObject,
    /// How its holder gets in.
    pub invitation: InvitationObject,
}

/// An invitation, to be handed over to nobody but the holder of the account.
#[derive(Object)]
pub struct InvitationObject {
    /// Opens the page on which a password is chosen. It is shown this once.
    pub link: String,
    /// Until when.
    pub expires: DateTime<Utc>,
}

/// One role, within one scope.
#[derive(Object)]
pub struct RoleObject {
    /// The role.
    pub role: Role,
    /// Code of a province (coordinators, handlers) or of a team (team leaders); empty for all other roles.
    #[oai(default)]
    pub scope: String,
}

/// Who is signed in.
#[derive(Object)]
pub struct OwnAccount {
    /// Account.
    pub login: String,
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in public histories.
    pub office: String,
    /// Roles with their scopes.
    pub roles: Vec<RoleObject>,
}

/// An account as administrators see it.
#[derive(Object)]
pub struct AccountObject {
    /// Account.
    pub login: String,
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in public histories.
    pub office: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Roles with their scopes.
    pub roles: Vec<RoleObject>,
    /// Changes whenever the account does; a change names the version that it was made from.
    pub version: String,
}

/// An account to be made.
#[derive(Object)]
pub struct NewAccountObject {
    /// Account: 3 to 40 letters, digits, dots, dashes or underscores.
    pub login: String,
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in public histories.
    pub office: String,
    /// Roles with their scopes, at least one.
    pub roles: Vec<RoleObject>,
}

/// What an account is to be from now on.
#[derive(Object)]
pub struct AccountChangeObject {
    /// Name, shown to staff only.
    pub name: String,
    /// Organisation, shown in public histories.
    pub office: String,
    /// Whether it may sign in.
    pub active: bool,
    /// Roles with their scopes, at least one.
    pub roles: Vec<RoleObject>,
    /// The version that the change was made from.
    pub version: String,
}

/// A change of the own password.
#[derive(Object)]
pub struct PasswordChange {
    /// The present password.
    pub old: String,
    /// The new one: 12 to 128 characters.
    pub new: String,
}

fn roles(grants: &[Grant]) -> Vec<RoleObject> {
    grants.iter().map(|g| RoleObject { role: g.role, scope: g.scope.clone() }).collect()
}

fn grants(roles: Vec<RoleObject>) -> Vec<Grant> {
    roles.into_iter().map(|r| Grant { role: r.role, scope: r.scope }).collect()
}

impl From<&Staff> for OwnAccount {
    fn from(staff: &Staff) -> Self {
        Self {
            login: staff.login.clone(),
            name: staff.name.clone(),
            office: staff.office.clone(),
            roles: roles(&staff.grants),
        }
    }
}

impl AccountObject {
    /// An account with its roles.
    pub fn of(row: &account::Model, grants: &[Grant]) -> Self {
        Self {
            login: row.login.clone(),
            name: row.name.clone(),
            office: row.office.clone(),
            active: row.active,
            roles: roles(grants),
            version: queries::version(row, grants),
        }
    }
}

impl From<NewAccountObject> for commands::NewAccount {
    fn from(new: NewAccountObject) -> Self {
        Self {
            login: new.login,
            name: new.name,
            office: new.office,
            password: String::new(),
            grants: grants(new.roles),
        }
    }
}

impl From<AccountChangeObject> for commands::AccountChange {
    fn from(change: AccountChangeObject) -> Self {
        Self {
            name: change.name,
            office: change.office,
            active: change.active,
            grants: grants(change.roles),
            version: change.version,
        }
    }
}

impl InvitationObject {
    /// With the address of the site before its path.
    pub fn of(config: &Config, invitation: &Invitation) -> Self {
        Self { link: invitation.link(config), expires: invitation.expires }
    }
}
