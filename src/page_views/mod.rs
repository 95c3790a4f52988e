//! Views of the public pages of campaigns, counted without tracking: one number for each campaign, group of pages and day.
//!
//! A view is counted in memory, and counts are added to the main store every [`kept::FLUSH`]. No address, no cookie and nothing
//! else about a reader is looked at or kept. A crash loses the views since the last flush. Days are days of programme time in
//! China.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

pub mod kept;
pub mod queries;

/// A group of public pages of a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageGroup {
    /// The page of the campaign.
    Campaign,
    /// The ballot, before a ballot is cast.
    Ballot,
    /// The results.
    Results,
    /// The dashboard with its parts, where it shows one campaign.
    Dashboard,
    /// The pages of the campaign's options and issues.
    Issues,
}

impl PageGroup {
    /// All groups, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Campaign, Self::Ballot, Self::Results, Self::Dashboard, Self::Issues];

    /// Code of the group, in the store and in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Ballot => "ballot",
            Self::Results => "results",
            Self::Dashboard => "dashboard",
            Self::Issues => "issues",
        }
    }

    /// The group of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }
}

/// Marker of a page that is counted: the campaign and the group to which the page belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageOf {
    /// Slug of the campaign.
    pub campaign: Arc<str>,
    /// Group of the page.
    pub group: PageGroup,
}

impl PageOf {
    /// The marker of a page of a campaign.
    #[must_use]
    pub fn new(campaign: &str, group: PageGroup) -> Self {
        Self { campaign: campaign.into(), group }
    }
}

/// Views that the store does not know yet, by day, campaign and group.
type Waiting = BTreeMap<(NaiveDate, Arc<str>, PageGroup), i64>;

/// The counts of a process. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PageViews(Arc<Mutex<Waiting>>);

impl PageViews {
    /// Counts one view.
    pub fn add(&self, page: &PageOf, day: NaiveDate) {
        *self.waiting().entry((day, Arc::clone(&page.campaign), page.group)).or_default() += 1;
    }

    /// Views of a campaign that the store does not know yet, by group.
    #[must_use]
    pub fn unwritten(&self, campaign: &str) -> BTreeMap<PageGroup, i64> {
        let mut found = BTreeMap::new();
        for ((_, _, group), views) in self.waiting().iter().filter(|((_, slug, _), _)| **slug == *campaign) {
            *found.entry(*group).or_default() += views;
        }
        found
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
