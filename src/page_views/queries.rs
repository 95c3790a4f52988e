//! Reads of the counts of views.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::page_view;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{PageGroup, PageViews};
use crate::base::error::Result;

/// Views of the public pages of a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignViews {
    /// Number of views by group of pages.
    pub by_group: BTreeMap<PageGroup, i64>,
    /// First day with a view, in China; none before the first flush.
    pub since: Option<NaiveDate>,
}

impl CampaignViews {
    /// Number of views of all groups.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.by_group.values().sum()
    }
}

/// The views of a campaign: those in the store, and those that this process has not written yet.
///
/// # Errors
/// A store that fails.
pub async fn of_campaign(db: &impl ConnectionTrait, counted: &PageViews, campaign: &str) -> Result<CampaignViews> {
    let rows = page_view::Entity::find()
        .filter(page_view::Column::Campaign.eq(campaign))
        .order_by_asc(page_view::Column::Day)
        .all(db)
        .await?;
    let mut views = CampaignViews { by_group: counted.unwritten(campaign), since: rows.first().map(|row| row.day) };
    for row in rows {
        if let Some(group) = PageGroup::of(&row.page_group) {
            *views.by_group.entry(group).or_default() += row.views;
        }
    }
    Ok(views)
}
