//! What the API takes and gives about accounts.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AccessKind, Role};
use entity::{access_change, account, role_proposal};
use poem_openapi::Object;
use sea_orm::ConnectionTrait;

use crate::accounts::commands::{self, Invitation};
use crate::accounts::{access_changes, queries};
use crate::base::ctx::{Ctx, Grant, Staff};
use crate::base::error::Result;

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
    /// Roles that others lend today.
    pub lent: Vec<LentObject>,
}

/// A role of somebody else, for some days.
#[derive(Object)]
pub struct LentObject {
    /// The role.
    pub role: Role,
    /// Code of the province or team.
    pub scope: String,
    /// Account of the lender.
    pub lender: String,
    /// The last day.
    pub until: NaiveDate,
}

/// A role that waits for its second person.
#[derive(Object)]
pub struct ProposalObject {
    /// Its number in addresses.
    pub number: i64,
    /// The role.
    pub role: Role,
    /// Code of the province or team; empty where the role is not limited.
    pub scope: String,
}

/// A change of the ways into an account that waits for the second person.
#[derive(Object)]
pub struct AccessObject {
    /// Its number in addresses.
    pub number: i64,
    /// What.
    pub kind: AccessKind,
    /// The name at the provider; empty but for a link.
    pub subject: String,
    /// When it was proposed.
    pub proposed: DateTime<Utc>,
    /// When it lapses.
    pub lapses: DateTime<Utc>,
}

impl AccessObject {
    /// As it stands.
    pub fn of(row: &access_change::Model) -> Self {
        Self {
            number: row.id.0,
            kind: row.kind,
            subject: row.subject.clone(),
            proposed: row.proposed_at,
            lapses: row.proposed_at + access_changes::PROPOSAL_LIFETIME,
        }
    }
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
    /// Province where the holder comes from and checks nothing; empty for none.
    pub home_province: String,
    /// Roles with their scopes.
    pub roles: Vec<RoleObject>,
    /// Roles that wait for the second person.
    pub proposed: Vec<ProposalObject>,
    /// The change of the ways into the account that waits for the second person.
    pub access: Option<AccessObject>,
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

pub(in crate::accounts) fn grants(roles: Vec<RoleObject>) -> Vec<Grant> {
    roles.into_iter().map(|r| Grant { role: r.role, scope: r.scope }).collect()
}

impl From<&Staff> for OwnAccount {
    fn from(staff: &Staff) -> Self {
        Self {
            login: staff.login.clone(),
            name: staff.name.clone(),
            office: staff.office.clone(),
            roles: roles(&staff.grants),
            lent: staff
                .lent
                .iter()
                .map(|lent| LentObject {
                    role: lent.grant.role,
                    scope: lent.grant.scope.clone(),
                    lender: lent.login.clone(),
                    until: lent.until,
                })
                .collect(),
        }
    }
}

impl AccountObject {
    /// An account as it stands.
    pub async fn standing(db: &impl ConnectionTrait, ctx: &Ctx, login: &str) -> Result<Self> {
        let (row, staff) = queries::account(db, login).await?;
        let waiting = access_changes::waiting(db, row.id, ctx.now).await?;
        Ok(Self::of(&row, &staff.grants, &queries::proposals(db, row.id).await?, waiting.as_ref()))
    }

    /// An account with its roles.
    pub fn of(
        row: &account::Model,
        grants: &[Grant],
        proposed: &[role_proposal::Model],
        waiting: Option<&access_change::Model>,
    ) -> Self {
        Self {
            login: row.login.clone(),
            name: row.name.clone(),
            office: row.office.clone(),
            active: row.active,
            home_province: row.home_province.clone().unwrap_or_default(),
            roles: roles(grants),
            proposed: proposed
                .iter()
                .map(|p| ProposalObject { number: p.id.0, role: p.role, scope: p.scope.clone() })
                .collect(),
            access: waiting.map(AccessObject::of),
            version: queries::version(row, grants),
        }
    }
}

impl From<NewAccountObject> for commands::NewAccount {
    fn from(new: NewAccountObject) -> Self {
        Self { login: new.login, name: new.name, office: new.office, password: String::new(), grants: Vec::new() }
    }
}

impl From<AccountChangeObject> for commands::AccountChange {
    fn from(change: AccountChangeObject) -> Self {
        Self { name: change.name, office: change.office, active: change.active, version: change.version }
    }
}

impl InvitationObject {
    /// With the address of the site before its path.
    pub fn of(address: &str, invitation: &Invitation) -> Self {
        Self { link: invitation.link(address), expires: invitation.expires }
    }
}
