//! Who may do what: every act of staff, the roles that may do it, and how far each of them reaches. One table, and nothing
//! else decides: commands, queries, pages, the navigation and the names of those who can act all ask it.
//!
//! What lies outside somebody's reach does not exist for them: 404, the same as for what is absent. Rules about *persons*
//! (who wrote does not approve, who reports does not sign) come on top of it, with the moves that they belong to.

use std::collections::BTreeSet;

use entity::stored::Role;

use crate::base::ctx::{Ctx, Grant, Lent, Staff};
use crate::base::error::{Error, Result};

/// How far a role reaches in an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything there is.
    Everything,
    /// The province of the grant.
    OwnProvince,
    /// The provinces that the team of the grant checks.
    TeamProvinces,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $($role:ident in $reach:ident),*;)+) => {
        /// Something that staff do or read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Act {
            $($(#[$doc])* $act,)+
        }

        impl Act {
            /// Every act, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// The roles that may, and how far each reaches.
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
    /// Confirms the grant of a weighty role that a security administrator proposed.
    ConfirmRoles = Sysadmin in Everything;
    /// Confirms a change of the ways into the account of somebody with a weighty role, which a system administrator proposed.
    ConfirmAccess = Sysadmin in Everything, SecurityAdmin in Everything;
    /// Loads the working-day calendar.
    LoadCalendar = Sysadmin in Everything;
    /// Reads the audit trail.
    ReadTrail = Auditor in Everything;
    /// Reads what is kept how long, and what was removed.
    ReadRetention = Sysadmin in Everything, Auditor in Everything;
    /// Lends a role of the own to somebody else, for dates.
    Delegate = ProvinceCoordinator in OwnProvince, TeamLeader in TeamProvinces;

    /// Tells everybody of something that went wrong at the site.
    PublishIncidents = Approver in Everything;

    /// Reads campaigns before they are published, and their histories.
    ReadCampaigns = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Writes drafts, hands them in, halts and cancels campaigns.
    WriteCampaigns = Organiser in Everything;
    /// Ends a halt.
    ResumeCampaigns = Organiser in Everything, Approver in Everything;
    /// Publishes a campaign, or sends it back to its author; confirms a halt.
    PublishCampaigns = Approver in Everything;

    /// Reads counts, selections and rules of invalidation before they are published.
    ReadCounts = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Counts a closed campaign.
    CountBallots = Organiser in Everything;
    /// Draws up a selection; proposes or withdraws a rule of invalidation.
    ProposeResults = Organiser in Everything;
    /// Signs a selection or a rule of invalidation.
    SignResults = Approver in Everything;

    /// Reads what a dispatch would do.
    ReadDispatch = Organiser in Everything, Approver in Everything, Auditor in Everything;
    /// Sends issues to the provinces.
    Dispatch = Approver in Everything;
    /// Reads the desks of assignments: histories with names, drafts, evidence.
    ReadAssignments = Organiser in Everything, ProvinceCoordinator in OwnProvince, Handler in OwnProvince,
        TeamLeader in TeamProvinces, Auditor in Everything;
    /// Acknowledges, returns, signs, sends back, asks for exemptions.
    Coordinate = ProvinceCoordinator in OwnProvince;
    /// Plans, reports, puts down evidence.
    Handle = ProvinceCoordinator in OwnProvince, Handler in OwnProvince;
    /// Rules on returns and exemptions.
    Rule = Organiser in Everything;
    /// Verifies, rejects, finds relapses.
    Verify = TeamLeader in TeamProvinces;
}

/// In which role, and for whom, somebody acts.
#[derive(Clone, Copy, Debug)]
pub struct Capacity<'a> {
    /// The role.
    pub role: Role,
    /// Whose it is, where it is lent.
    pub lent: Option<&'a Lent>,
}

/// The provinces whose assignments a query may read. Made only here: from the one who asks and an act, or as the public
/// projection. A query of assignments without it does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provinces(Option<BTreeSet<String>>);

impl Provinces {
    /// All of them, for what everybody may read: the public projection, which shows no name, no draft and no file.
    #[must_use]
    pub const fn public() -> Self {
        Self(None)
    }

    /// Whether a province is among them.
    #[must_use]
    pub fn include(&self, province: &str) -> bool {
        self.0.as_ref().is_none_or(|codes| codes.contains(province))
    }

    /// Their codes; none for all of them.
    #[must_use]
    pub const fn codes(&self) -> Option<&BTreeSet<String>> {
        self.0.as_ref()
    }
}

impl Staff {
    /// Whether the account may do something, somewhere.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.held().any(|(grant, _)| act.hands().iter().any(|(role, _)| *role == grant.role))
    }

    /// Every capacity in which the account may do something in a province, the own roles before lent ones.
    pub fn capacities(&self, act: Act, province: &str) -> impl Iterator<Item = Capacity<'_>> {
        act.hands()
            .iter()
            .flat_map(move |(role, reach)| {
                self.held().filter(move |(grant, _)| grant.role == *role && self.reaches(grant, *reach, province))
            })
            .map(|(grant, lent)| Capacity { role: grant.role, lent })
    }

    /// Whether the account may do something in a province.
    #[must_use]
    pub fn may_in(&self, act: Act, province: &str) -> bool {
        self.capacities(act, province).next().is_some()
    }

    /// The own grants, then the lent ones.
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

    /// Every province in which the account may do anything at all that has to do with assignments.
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
    /// The signed-in member of staff, who may do this.
    ///
    /// # Errors
    /// `Unauthenticated`, or `NotFound`: what is not yours does not exist for you.
    pub fn require(&self, act: Act) -> Result<&Staff> {
        let staff = self.staff()?;
        if staff.may(act) { Ok(staff) } else { Err(Error::NotFound("page")) }
    }

    /// Whether somebody is signed in who may do this.
    #[must_use]
    pub fn may(&self, act: Act) -> bool {
        self.require(act).is_ok()
    }

    /// Where the signed-in member of staff may do this.
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

    /// The table as a person would read it.
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
