//! The views of a campaign's pages as the API answers them.

use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::Object;

use crate::page_views::queries::CampaignViews;

/// Views of the public pages of a campaign. A view is one opening of a page in a browser: the same person counts again, robots
/// that say so and pages fetched ahead do not count. Nothing about readers is looked at or kept. A crash of the server loses the
/// views of its last ten seconds.
#[derive(Debug, Object)]
pub struct Views {
    /// Number of views of all groups of pages.
    pub views: i64,
    /// Number of views of each group of pages that was viewed.
    pub pages: Vec<GroupViews>,
    /// First day with a view, in China, programme time; null before the first one is stored.
    pub since: Option<NaiveDate>,
    /// Instant of the counts, programme time.
    pub until: DateTime<Utc>,
}

/// Views of one group of pages.
#[derive(Debug, Object)]
pub struct GroupViews {
    /// Group of pages: `campaign`, `ballot`, `results`, `dashboard` or `issues`.
    pub page: String,
    /// Number of views.
    pub views: i64,
}

impl Views {
    /// The counts at an instant.
    pub fn of(found: &CampaignViews, until: DateTime<Utc>) -> Self {
        let pages =
            found.by_group.iter().map(|(group, views)| GroupViews { page: group.code().to_owned(), views: *views });
        Self { views: found.total(), pages: pages.collect(), since: found.since, until }
    }
}
