//! Navigation of a desk: the lists that a member of staff has, by role. One function builds it, so that a desk is shown to
//! exactly those who may open it.
//!
//! A desk page is built on `templates/desk.html` and has the fields `p` and `nav`:
//!
//! ```text
//! #[template(path = "dispatch/inbox.html")]
//! struct Inbox { p: Page, nav: Nav, … }
//!
//! Inbox { p: signed.page("desk").titled("layout-desk-assignments"), nav: signed.nav(Section::Assignments), … }
//! ```

use crate::base::access::Act;
use crate::base::ctx::Staff;

/// List of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The member's own open work.
    Work,
    /// List of campaigns.
    Campaigns,
    /// List of assignments.
    Assignments,
    /// Returns and requested exemptions that wait for a ruling.
    Rulings,
    /// Lent roles: roles that are lent for some days.
    Delegations,
    /// List of accounts.
    Accounts,
    /// Calendar of working days.
    Calendar,
    /// Incidents: faults that are published for everybody.
    Incidents,
    /// Entries of the audit trail.
    Audit,
    /// Retention: how long each kind of data is kept.
    Retention,
    /// The member's own account; apart from the lists.
    Account,
}

/// Entry of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Key of the entry's label in the messages.
    pub key: &'static str,
    /// Address of the entry's page.
    pub address: &'static str,
    /// Whether the shown page belongs to the entry.
    pub current: bool,
}

/// Entries for one member of staff.
pub type Nav = Vec<NavItem>;

/// Every list with its message key, its address and its acts. Any one of the acts opens the list; without acts, everybody may
/// open it.
const LISTS: [(Section, &str, &str, &[Act]); 10] = [
    (Section::Work, "layout-desk-work", "/desk", &[]),
    (Section::Campaigns, "layout-desk-campaigns", "/desk/campaigns", &[Act::ReadCampaigns]),
    (Section::Assignments, "layout-desk-assignments", "/desk/assignments", &[Act::ReadAssignments]),
    (Section::Rulings, "layout-desk-rulings", "/desk/rulings", &[Act::Rule]),
    (Section::Delegations, "layout-desk-delegations", "/desk/delegations", &[Act::Delegate]),
    (Section::Accounts, "layout-desk-accounts", "/desk/accounts", &[Act::ReadAccounts]),
    (Section::Calendar, "layout-desk-calendar", "/desk/calendar", &[Act::LoadCalendar]),
    (Section::Incidents, "layout-desk-incidents", "/desk/incidents", &[Act::PublishIncidents]),
    (Section::Audit, "layout-desk-audit", "/desk/audit", &[Act::ReadTrail]),
    (Section::Retention, "layout-desk-retention", "/desk/retention", &[Act::ReadRetention]),
];

/// The navigation of a member of staff.
#[must_use]
pub fn nav(staff: &Staff, current: Section) -> Nav {
    LISTS
        .iter()
        .filter(|(.., acts)| acts.is_empty() || acts.iter().any(|act| staff.may(*act)))
        .map(|(section, key, address, _)| NavItem { key, address, current: *section == current })
        .collect()
}
