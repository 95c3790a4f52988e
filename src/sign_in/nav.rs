//! The left side of every desk: which lists somebody has, by role. One function, so that a desk is shown to exactly those who
//! may open it.
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

/// A list of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What is to be done today.
    Work,
    /// Campaigns.
    Campaigns,
    /// Assignments.
    Assignments,
    /// Returns and requested exemptions.
    Rulings,
    /// Roles lent for some days.
    Delegations,
    /// Accounts.
    Accounts,
    /// Working days.
    Calendar,
    /// What went wrong, told to everybody.
    Incidents,
    /// The audit trail.
    Audit,
    /// What is kept how long.
    Retention,
    /// The own account; stands apart from the lists.
    Account,
}

/// One entry of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Its message.
    pub key: &'static str,
    /// Its address.
    pub address: &'static str,
    /// Whether the page stands in it.
    pub current: bool,
}

/// The entries of one person.
pub type Nav = Vec<NavItem>;

/// Every list with its message, its address and the acts of which one opens it; none: everybody.
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

/// The lists of a member of staff.
#[must_use]
pub fn nav(staff: &Staff, current: Section) -> Nav {
    LISTS
        .iter()
        .filter(|(.., acts)| acts.is_empty() || acts.iter().any(|act| staff.may(*act)))
        .map(|(section, key, address, _)| NavItem { key, address, current: *section == current })
        .collect()
}
