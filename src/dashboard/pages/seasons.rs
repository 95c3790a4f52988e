//! All dispatched campaigns in one line each, and together: what was dispatched, signed, verified, and what is overdue.
//!
//! # Why
//! A page that shows one campaign must not hide what is overdue in another one.

use sea_orm::ConnectionTrait;

use super::dashboard::Part;
use super::names::campaign_name;
use crate::base::error::Result;
use crate::dashboard::figures::Count;
use crate::dashboard::pages::view::View;
use crate::dashboard::queries::{AsOf, dashboard};
use crate::web::page::Page;

/// One line of figures with a link to the dashboard.
pub struct Season {
    /// Name of the campaign, or a word for all of them.
    pub name: String,
    /// The counts in words.
    pub figures: String,
    /// Count of the overdue assignments in words.
    pub overdue: String,
    /// Whether an assignment is overdue.
    pub is_late: bool,
    /// Address of the dashboard of the line.
    pub href: String,
    /// Whether the page shows the campaigns of the line.
    pub current: bool,
}

/// The lines as of a day: all campaigns together, where there are several; then each in the order of dispatch.
///
/// # Errors
/// A store that fails.
pub async fn seasons(
    p: &Page,
    db: &impl ConnectionTrait,
    as_of: AsOf,
    (view, part): (&View, Part),
) -> Result<Vec<Season>> {
    let all = dashboard(db, as_of, None).await?;
    let line = |name: String, count: &Count, slugs: String| Season {
        name,
        figures: p.tr(
            "dashboard-season-figures",
            &[("all", p.n(count.assignments())), ("done", p.n(count.resolved())), ("verified", p.n(count.verified()))],
        ),
        overdue: p.tr("dashboard-season-overdue", &[("late", p.n(count.overdue))]),
        is_late: count.overdue > 0,
        current: view.campaign.as_ref() == Some(&slugs),
        href: p.href(&View { campaign: Some(slugs), ..view.unfiltered() }.at(part.path())),
    };
    let count = |slug: &str| all.by_campaign.iter().find(|figure| figure.code == slug).map(|figure| &figure.count);
    let slugs: Vec<&str> = all.campaigns.iter().map(|d| d.campaign.slug.as_str()).collect();
    let together = p.tr("dashboard-together", &[("n", slugs.len().to_string())]);
    let together = (slugs.len() > 1).then(|| line(together, &all.total, slugs.join(",")));
    let each = all.campaigns.iter().filter_map(|d| {
        let slug = &d.campaign.slug;
        Some(line(campaign_name(p, &d.campaign), count(slug)?, slug.clone()))
    });
    Ok(together.into_iter().chain(each).collect())
}
