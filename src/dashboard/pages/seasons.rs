//! All dispatched campaigns in one line each, and together: what was dispatched, signed, verified, and what is overdue.
//!
//! # Why
//! A page that shows one campaign must not hide what is overdue in another one.

use sea_orm::ConnectionTrait;

use super::asof::Link;
use super::dashboard::Part;
use super::names::campaign_name;
use super::sentences::spared;
use crate::base::error::Result;
use crate::dashboard::figures::count_of;
use crate::dashboard::pages::view::View;
use crate::dashboard::queries::{AsOf, Sent, dashboard};
use crate::web::page::Page;

/// One line of figures.
pub struct Season {
    /// Link to the dashboard of the line, with the name of the campaign or a word for all of them.
    pub link: Link,
    /// The counts in words.
    pub figures: String,
    /// Count of the overdue assignments in words.
    pub overdue: String,
    /// Whether an assignment is overdue.
    pub is_late: bool,
}

/// Links to a part of the dashboard: for all campaigns together, where there are several; then for each in the order of dispatch.
pub fn choice(p: &Page, sent: &[Sent], view: &View, part: Part) -> Vec<Link> {
    groups(p, sent).into_iter().map(|(name, slugs)| link(p, name, slugs, (view, part))).collect()
}

/// The lines as of a day, in the order of [`choice`], with links to the summaries.
///
/// # Errors
/// A store that fails.
pub async fn seasons(p: &Page, db: &impl ConnectionTrait, as_of: AsOf, view: &View) -> Result<Vec<Season>> {
    let all = dashboard(db, as_of, None).await?;
    let line = |(name, slugs): (String, String)| {
        let count = count_of(&all.by_campaign, &slugs).unwrap_or(&all.total);
        let args = [
            ("all", p.n(count.assignments())),
            ("done", p.n(count.resolved())),
            ("verified", p.n(count.verified())),
            ("open", p.n(count.open())),
            ("spared", spared(p, count)),
        ];
        Season {
            figures: p.tr("dashboard-season-figures", &args),
            overdue: p.tr("dashboard-season-overdue", &[("late", p.n(count.overdue))]),
            is_late: count.overdue > 0,
            link: link(p, name, slugs, (view, Part::Summary)),
        }
    };
    Ok(groups(p, &all.choice).into_iter().map(line).collect())
}

/// Names and slugs: all campaigns together, where there are several; then each.
fn groups(p: &Page, sent: &[Sent]) -> Vec<(String, String)> {
    let each = sent.iter().map(|sent| (campaign_name(p, &sent.campaign), sent.campaign.slug.clone()));
    let slugs: Vec<&str> = sent.iter().map(|sent| sent.campaign.slug.as_str()).collect();
    let together = (p.tr("dashboard-together", &[("n", slugs.len().to_string())]), slugs.join(","));
    Some(together).filter(|_| sent.len() > 1).into_iter().chain(each).collect()
}

fn link(p: &Page, text: String, slugs: String, (view, part): (&View, Part)) -> Link {
    Link {
        text,
        current: view.campaign.as_ref() == Some(&slugs),
        href: p.href(&View { campaign: Some(slugs), ..view.unfiltered() }.at(part.path())),
    }
}
