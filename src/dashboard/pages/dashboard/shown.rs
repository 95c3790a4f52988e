//! The data of the dashboard for one view and one day, read once for all parts of the page.

use crate::base::error::Result;
use crate::dashboard::pages::names::{Names, campaign_name};
use crate::dashboard::pages::view::View;
use crate::dashboard::queries::{self, AsOf, Dashboard};
use crate::programme;
use crate::programme::calendar::Calendar;
use crate::sign_in::extract::Visit;
use crate::web::dates::day_long;
use crate::web::page::Page;

/// Data from which the parts of the page are made.
pub struct Shown {
    pub view: View,
    pub as_of: AsOf,
    pub dash: Dashboard,
    pub names: Names,
    pub calendar: Calendar,
}

impl Shown {
    /// Reads the data of a view. Without a campaign in the address, the view shows the campaign that was dispatched last.
    pub async fn read(visit: &Visit, mut view: View, as_of: AsOf) -> Result<Self> {
        let db = visit.app.stores.main.db();
        if view.campaign.is_none() {
            view.campaign = queries::newest(db, as_of).await?;
        }
        Self::all(visit, view, as_of).await
    }

    /// Reads the data of a view. Without a campaign in the address, the view shows all campaigns.
    pub async fn all(visit: &Visit, view: View, as_of: AsOf) -> Result<Self> {
        let db = visit.app.stores.main.db();
        let dash = queries::dashboard(db, as_of, view.campaign.as_deref()).await?;
        let calendar = programme::queries::calendar(db, as_of.known()).await?;
        Ok(Self { dash, names: Names::read(db).await?, calendar, view, as_of })
    }

    /// The name of the campaign that is shown, or the number of campaigns.
    pub fn name(&self, p: &Page) -> String {
        match self.dash.campaigns.as_slice() {
            [] => String::new(),
            [one] => campaign_name(p, &one.campaign),
            many => p.tr("dashboard-campaigns", &[("n", many.len().to_string())]),
        }
    }

    /// The title of the dashboard, with the campaign that is shown or the number of campaigns.
    pub fn title(&self, p: &Page) -> String {
        match self.name(p) {
            name if name.is_empty() => p.t("dashboard-dashboard"),
            name => p.tr("dashboard-dashboard-of", &[("name", name)]),
        }
    }
}

/// The as-of day as captions write it.
pub fn caption_day(p: &Page, as_of: AsOf) -> String {
    day_long(p.locale, as_of.day)
}
