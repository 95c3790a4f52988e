//! Access control for staff (role-based): every act, the roles that may do the act, and the reach of each role. One table
//! decides: commands, queries, pages, the navigation and the names of those who can act all ask it.
//!
//! Rows outside the reach of an account do not exist for the account: the answer is 404, the same as for an absent row. Rules
//! about *persons* (an author does not approve, a reporter does not sign) come on top of the table, together with the moves to
//! which they belong.

use std::collections::BTreeSet;

use entity::stored::Role;

use crate::base::ctx::{Ctx, Grant, Lent, Staff};
use crate::base::error::{Error, Result};

/// How far a role reaches in an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All provinces and everything without a province.
    Everything,
    /// The province that is the scope of the grant.
    OwnProvince,
    /// The provinces that the team in the scope of the grant checks.
    TeamProvinces,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $($role:ident in $reach:ident),*;)+) => {
        /// An act of staff: a right to do or read something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Act {
            $($(#[$doc])* $act,)+
        }

        impl Act {
            /// Every act, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The roles that may do the act, each with its reach.
            #[must_use]
            pub const fn hands(self) -> &'static [(Role, Reach)] {
                match self { $(Self::$act => &[$((Role::$role, Reach::$reach)),*]),+ }
            }
        }
    };
}

acts! {
    /// Reads accounts and their roles.
    ReadAccounts = Sysadmin in Everything, SecurityAdmin in Everything, Auditor in Everything;
    /// Makes, renames, suspends and invites accounts.
    WriteAccounts = Sysadmin in Everything;
    /// Grants and withdraws roles and their scopes.
    GrantRoles = SecurityAdmin in Everything;
    /// Confirms a grant of a weighty role that a security administrator proposed (dual control).
    ConfirmRoles = Sysadmin in Everything;
    /// Confirms an access change that a system administrator proposed for an account with a weighty role (dual control).
    ConfirmAccess = Sysadmin in Everything, SecurityAdmin in Everything;
    /// Loads the working-day calendar.
    LoadCalendar = Sysadmin in Everything;
    /// Reads the audit trail.
    ReadTrail = Auditor in Everything;
    /// Reads the retention periods, and the record of removed data.
    ReadRetention = Sysadmin in Everything, Auditor in Everything;
    /// Lends a role of the account to somebody else, between two dates.
    Delegate = ProvinceCoordinator in OwnProvince, TeamLeader in TeamProvinces;

    /// Publishes an incident: tells everybody that something went wrong at the site.
    PublishIncidents = Approver in Everything;

    /// Reads campaigns before they are published, and their histories.
    ReadCampaigns = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Writes drafts, submits them, halts and cancels campaigns.
    WriteCampaigns = Organiser in Everything;
    /// Ends a halt.
    ResumeCampaigns = Organiser in Everything, Approver in Everything;
    /// Publishes a campaign, or sends it back to its author; confirms a halt.
    PublishCampaigns = Approver in Everything;

    /// Reads counts, selections and rules of invalidation before they are published.
    ReadCounts = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Counts a closed campaign.
    CountBallots = Organiser in Everything;
    /// Proposes a selection; proposes or withdraws a rule of invalidation.
    ProposeResults = Organiser in Everything;
    /// Signs a selection or a rule of invalidation.
    SignResults = Approver in Everything;

    /// Reads the preview of a dispatch.
    ReadDispatch = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Sends issues to the provinces.
    Dispatch = Approver in Everything;
    /// Reads the desks of assignments: histories with names, drafts, evidence.
    ReadAssignments = Organiser in Everything, ProvinceCoordinator in OwnProvince, Handler in OwnProvince,
        TeamLeader in TeamProvinces, Auditor in Everything;
    /// Acknowledges, returns, signs, sends back, requests exemptions.
    Coordinate = ProvinceCoordinator in OwnProvince;
    /// Plans, reports, submits evidence.
    Handle = ProvinceCoordinator in OwnProvince, Handler in OwnProvince;
    /// Decides on returns and exemptions.
    Rule = Organiser in Everything;
    /// Verifies, rejects, finds relapses.
    Verify = TeamLeader in TeamProvinces;
}

/// Capacity in which an account acts: the role and, for a lent role, the lender.
#[derive(Clone, Copy, Debug)]
pub struct Capacity<'a> {
    /// Role of the grant by which the account acts.
    pub role: Role,
    /// Delegation by which the account holds the role; `None` for a role of its own.
    pub lent: Option<&'a Lent>,
}

/// The provinces whose assignments a query may read. Values are made only in this module: from an actor and an act, or as the
/// public projection. A query of assignments does not compile without such a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provinces(Option<BTreeSet<String>>);

impl Provinces {
    /// All provinces, for the public projection, which shows no name, no draft and no file.
    #[must_use]
    pub const fn public() -> Self {
        Self(None)
    }

    /// Whether the value includes a province.
    #[must_use]
    pub fn include(&self, province: &str) -> bool {
        self.0.as_ref().is_none_or(|codes| codes.contains(province))
    }

    /// Codes of the provinces; `None` for all provinces.
    #[must_use]
    pub const fn codes(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }
}

impl Staff {
    /// Whether the account may do an act in at least one province.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.held().any(|(grant, _)| act.hands().iter().any(|(role, _)| *role == grant.role))
    }

    /// All capacities in which the account may do an act in a province, own roles before lent roles.
    pub fn capacities(&self, act: Act, province: &str) -> impl Iterator<Item = Capacity<'_>> {
        act.hands()
            .iter()
            .flat_map(move |(role, reach)| {
                self.held().filter(move |(grant, _)| grant.role == *role && self.reaches(grant, *reach, province))
            })
            .map(|(grant, lent)| Capacity { role: grant.role, lent })
    }

    /// Whether the account may do an act in a province.
    #[must_use]
    pub fn may_in(&self, act: Act, province: &str) -> bool {
        self.capacities(act, province).next().is_some()
    }

    /// The account's own grants, then the lent ones.
    fn held(&self) -> impl Iterator<Item = (&Grant, Option<&Lent>)> {
        self.grants.iter().map(|g| (g, None)).chain(self.lent.iter().map(|l| (&l.grant, Some(l))))
    }

    fn reaches(&self, grant: &Grant, reach: Reach, province: &str) -> bool {
        match reach {
            Reach::Everything => true,
            Reach::OwnProvince => grant.scope == province,
            Reach::TeamProvinces => self.checked_by(&grant.scope).iter().any(|code| code == province),
        }
    }

    fn checked_by(&self, team: &str) -> &[String] {
        self.teams.get(team).map_or(&[], Vec::as_slice)
    }

    /// All provinces in which the account may do any act on assignments.
    #[must_use]
    pub fn reach(&self) -> Provinces {
        let acts = [
            Act::ReadDispatch,
            Act::Dispatch,
            Act::ReadAssignments,
            Act::Coordinate,
            Act::Handle,
            Act::Rule,
            Act::Verify,
        ];
        let mut codes = BTreeSet::new();
        for act in acts {
            match self.provinces(act) {
                Provinces(None) => return Provinces(None),
                Provinces(Some(more)) => codes.extend(more),
            }
        }
        Provinces(Some(codes))
    }

    fn provinces(&self, act: Act) -> Provinces {
        let mut codes = BTreeSet::new();
        for (role, reach) in act.hands() {
            for (grant, _) in self.held().filter(|(grant, _)| grant.role == *role) {
                match reach {
                    Reach::Everything => return Provinces(None),
                    Reach::OwnProvince => {
                        codes.insert(grant.scope.clone());
                    }
                    Reach::TeamProvinces => codes.extend(self.checked_by(&grant.scope).iter().cloned()),
                }
            }
        }
        Provinces(Some(codes))
    }
}

impl Ctx {
    /// The signed-in member of staff, if the account may do the act.
    ///
    /// # Errors
    /// `Unauthenticated` where nobody is signed in. `NotFound` where the account may not do the act.
    pub fn require(&self, act: Act) -> Result<&Staff> {
        let staff = self.staff()?;
        if staff.may(act) { Ok(staff) } else { Err(Error::NotFound("page")) }
    }

    /// Whether a member of staff is signed in who may do the act.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.require(act).is_ok()
    }

    /// The provinces in which the signed-in member of staff may do the act.
    ///
    /// # Errors
    /// As [`Ctx::require`].
    pub fn provinces(&self, act: Act) -> Result<Provinces> {
        Ok(self.require(act)?.provinces(act))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::stored::Scope;
    use std::fmt::Write;

    /// The table of acts and roles, in a readable form.
    #[test]
    fn who_may_do_what_is_this() {
        let mut table = String::new();
        for act in Act::ALL {
            for (number, (role, reach)) in act.hands().iter().enumerate() {
                let act = if number == 0 { format!("{act:?}") } else { String::new() };
                writeln!(table, "{act:<17} {role:<21} {reach:?}").unwrap();
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn a_role_reaches_as_far_as_its_grant_in_every_act() {
        for act in Act::ALL {
            for (role, reach) in act.hands() {
                let scope = match reach {
                    Reach::Everything => Scope::Everything,
                    Reach::OwnProvince => Scope::Province,
                    Reach::TeamProvinces => Scope::Team,
                };
                assert_eq!(scope, role.scope(), "{act:?} {role}");
            }
        }
    }

    #[test]
    fn an_act_that_writes_is_nobodys_who_only_reads() {
        let reads = [
            Act::ReadAccounts,
            Act::ReadTrail,
            Act::ReadRetention,
            Act::ReadCampaigns,
            Act::ReadCounts,
            Act::ReadDispatch,
        ];
        for act in Act::ALL.iter().filter(|act| !reads.contains(act) && **act != Act::ReadAssignments) {
            assert!(act.hands().iter().all(|(role, _)| *role != Role::Auditor), "{act:?}");
        }
    }

    #[test]
    fn administrators_touch_no_business_and_business_no_accounts() {
        let offices = [
            Act::ReadAccounts,
            Act::WriteAccounts,
            Act::GrantRoles,
            Act::ConfirmRoles,
            Act::ConfirmAccess,
            Act::LoadCalendar,
            Act::ReadRetention,
        ];
        for act in Act::ALL {
            for (role, _) in act.hands().iter().filter(|(role, _)| *role != Role::Auditor) {
                let administers = matches!(role, Role::Sysadmin | Role::SecurityAdmin);
                assert_eq!(administers, offices.contains(act), "{act:?} {role}");
            }
        }
    }
}
