//! Request and answer bodies of the accounts API.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{AccessKind, Role};
use entity::{access_change, account, role_proposal};
use poem_openapi::Object;
use sea_orm::ConnectionTrait;

use crate::accounts::commands::{self, Invitation};
use crate::accounts::{access_changes, queries};
use crate::base::ctx::{Ctx, Grant, Staff};
use crate::base::error::Result;

/// Account that was made.
#[derive(Object)]
pub struct NewAccountMade {
    /// Account as it is now.
    pub account: AccountObject,
    /// Invitation by which the holder enters the account.
    pub invitation: InvitationObject,
}

/// Invitation, to be handed over only to the holder of the account.
#[derive(Object)]
pub struct InvitationObject {
    /// Link to the page on which the holder chooses a password. The link is shown only once.
    pub link: String,
    /// Instant until which the link can be used, system time.
    pub expires: DateTime<Utc>,
}

/// Role within one scope.
#[derive(Object)]
pub struct RoleObject {
    /// Role of the account.
    pub role: Role,
    /// Code of a province (coordinators, handlers) or of a team (team leaders); empty for all other roles.
    #[oai(default)]
    pub scope: String,
}

/// Account that is signed in.
#[derive(Object)]
pub struct OwnAccount {
    /// Login of the account.
    pub login: String,
    /// Name of the holder, shown to staff only.
    pub name: String,
    /// Organisation of the holder, shown in public histories.
    pub office: String,
    /// Roles of the account with their scopes.
    pub roles: Vec<RoleObject>,
    /// Roles that other accounts lend today.
    pub lent: Vec<LentObject>,
}

/// Role that another account lends for some days.
#[derive(Object)]
pub struct LentObject {
    /// Role that is lent.
    pub role: Role,
    /// Code of the province or team of the role.
    pub scope: String,
    /// Login of the lender.
    pub lender: String,
    /// Last day of the loan, included.
    pub until: NaiveDate,
}

/// Role that waits for the second person.
#[derive(Object)]
pub struct ProposalObject {
    /// Number of the proposal in addresses.
    pub number: i64,
    /// Role that is proposed.
    pub role: Role,
    /// Code of the province or team; empty where the role is not limited.
    pub scope: String,
}

/// Access change that waits for the second person.
#[derive(Object)]
pub struct AccessObject {
    /// Number of the proposal in addresses.
    pub number: i64,
    /// Kind of the change.
    pub kind: AccessKind,
    /// Name of the holder at the provider; empty for other kinds than a link.
    pub subject: String,
    /// Instant of the proposal, programme time.
    pub proposed: DateTime<Utc>,
    /// Instant at which the proposal lapses, programme time.
    pub lapses: DateTime<Utc>,
}

impl AccessObject {
    /// A proposal as it is stored.
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

/// Account as administrators see it.
#[derive(Object)]
pub struct AccountObject {
    /// Login of the account.
    pub login: String,
    /// Name of the holder, shown to staff only.
    pub name: String,
    /// Organisation of the holder, shown in public histories.
    pub office: String,
    /// Whether the account may sign in.
    pub active: bool,
    /// Code of the holder's home province, where the holder may not verify; empty for none.
    pub home_province: String,
    /// Roles of the account with their scopes.
    pub roles: Vec<RoleObject>,
    /// Roles that wait for the second person.
    pub proposed: Vec<ProposalObject>,
    /// Access change that waits for the second person.
    pub access: Option<AccessObject>,
    /// Version of the account, which changes with the account. A change names the version that it was made from (optimistic
    /// lock).
    pub version: String,
}

/// Account that is to be made.
#[derive(Object)]
pub struct NewAccountObject {
    /// Login of the account: 3 to 40 letters, digits, dots, dashes or underscores.
    pub login: String,
    /// Name of the holder, shown to staff only.
    pub name: String,
    /// Organisation of the holder, shown in public histories.
    pub office: String,
}

/// State of an account after a change.
#[derive(Object)]
pub struct AccountChangeObject {
    /// Name of the holder, shown to staff only.
    pub name: String,
    /// Organisation of the holder, shown in public histories.
    pub office: String,
    /// Whether the account may sign in.
    pub active: bool,
    /// Version of the account that the change was made from (optimistic lock).
    pub version: String,
}

/// Change of the caller's own password.
#[derive(Object)]
pub struct PasswordChange {
    /// Present password of the account.
    pub old: String,
    /// New password of the account: 12 to 128 characters.
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
    /// The present state of an account.
    pub async fn standing(db: &impl ConnectionTrait, ctx: &Ctx, login: &str) -> Result<Self> {
        let (row, staff) = queries::account(db, login).await?;
        let waiting = access_changes::waiting(db, row.id, ctx.now).await?;
        Ok(Self::of(&row, &staff.grants, &queries::proposals(db, row.id).await?, waiting.as_ref()))
    }

    /// An account with its roles and proposals.
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
        Self { login: new.login, name: new.name, office: new.office, grants: Vec::new() }
    }
}

impl From<AccountChangeObject> for commands::AccountChange {
    fn from(change: AccountChangeObject) -> Self {
        Self { name: change.name, office: change.office, active: change.active, version: change.version }
    }
}

impl InvitationObject {
    /// The invitation as a link at this address of the site.
    pub fn of(address: &str, invitation: &Invitation) -> Self {
        Self { link: invitation.link(address), expires: invitation.expires }
    }
}
