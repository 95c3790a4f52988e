//! The line with the number of views of a campaign's pages, the same on every page that shows it.

use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::page_views::queries::of_campaign;
use crate::sign_in::extract::Visit;
use crate::web::dates::day_long;
use crate::web::page::Page;

/// The number of views of a campaign with its span of time, such as 浏览1,234次（2018年6月1日至2018年7月7日）.
///
/// # Errors
/// A store that fails.
pub async fn line(visit: &Visit, p: &Page, slug: &str) -> Result<String> {
    let now = visit.ctx.now;
    let views = of_campaign(visit.app.stores.main.db(), &visit.app.page_views, slug).await?;
    let args = [
        ("n", p.n(views.total())),
        ("count", views.total().to_string()),
        ("since", day_long(p.locale, views.since.unwrap_or(day_of(now)))),
        ("until", day_long(p.locale, day_of(now))),
    ];
    Ok(p.tr("campaign-views", &args))
}
