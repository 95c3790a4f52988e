//! `/sitemap.xml`: every public page with its addresses in both languages, and the day of its last change where the store
//! knows the day.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::NaiveDate;
use poem::{Response, handler};

use crate::base::clock::day_of;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::dashboard::queries::{AsOf, dashboard};
use crate::programme;
use crate::sign_in::extract::Visit;
use crate::web::page::Page;
use crate::web::response_cache::Cacheable;

/// Pages that every site has.
const STANDING: [&str; 15] = [
    "/",
    "/campaigns",
    "/dashboard",
    "/dashboard/matrix",
    "/issues",
    "/provinces",
    "/definitions",
    "/verify",
    "/receipts",
    "/privacy",
    "/incidents",
    "/about",
    "/accessibility",
    "/terms",
    "/log/",
];

/// Addresses with the day of the last change, in the order of the file.
#[derive(Default)]
struct Addresses(Vec<(String, Option<NaiveDate>)>);

impl Addresses {
    fn add(&mut self, address: impl Into<String>, changed: Option<NaiveDate>) {
        self.0.push((address.into(), changed));
    }
}

/// `GET /sitemap.xml`: the addresses (sitemaps.org).
#[handler]
pub async fn sitemap(visit: Visit) -> Result<Response> {
    let (db, now) = (visit.app.stores.main.db(), visit.ctx.now);
    let mut found = Addresses::default();
    STANDING.iter().for_each(|path| found.add(*path, None));
    let dash = dashboard(db, AsOf::read(None, now)?, None).await?;
    // The day on which the last assignment of an issue or of a province moved.
    let mut moved: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for row in &dash.standings {
        for code in [&row.issue, &row.province] {
            let day = moved.entry(code).or_default();
            *day = day_of(row.since).max(*day);
        }
    }
    for campaign in campaigns::all_published(db).await? {
        let path = format!("/campaigns/{}", campaign.slug);
        found.add(&*path, None);
        if Phase::of(&campaign, now).is_counted() {
            found.add(format!("{path}/results"), None);
        }
        for option in campaigns::options(db, campaign.id).await? {
            found.add(format!("/issues/{}", option.code), moved.get(&*option.code).copied());
        }
    }
    for place in programme::queries::places(db).await? {
        found.add(format!("/provinces/{}", place.code), moved.get(&*place.code).copied());
    }
    for row in &dash.standings {
        found.add(format!("/issues/{}/provinces/{}", row.issue, row.province), Some(day_of(row.since)));
    }
    let mut response = Response::builder()
        .content_type("application/xml; charset=utf-8")
        .body(written(&visit.app.config.public_address(), &found));
    response.extensions_mut().insert(Cacheable);
    Ok(response)
}

/// The file. Every address stands once for each language, with links between them.
fn written(origin: &str, found: &Addresses) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for (path, changed) in &found.0 {
        let page = Page { address: path.clone(), ..Page::default() };
        let (zh, en) = (page.address_in("zh-CN"), page.address_in("en"));
        let changed = changed.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        let links = format!(
            "<xhtml:link rel=\"alternate\" hreflang=\"zh-CN\" href=\"{origin}{zh}\"/>\
             <xhtml:link rel=\"alternate\" hreflang=\"en\" href=\"{origin}{en}\"/>"
        );
        for address in [zh, en] {
            // Writing to a string does not fail. Paths hold codes and slugs only, so nothing needs an escape.
            let _ = writeln!(text, "<url><loc>{origin}{address}</loc>{changed}{links}</url>");
        }
    }
    text.push_str("</urlset>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_once_for_each_language_with_its_day() {
        let mut found = Addresses::default();
        found.add("/issues/S1-01", NaiveDate::from_ymd_opt(2018, 6, 22));
        let text = written("https://shudu.example", &found);
        assert!(text.contains("<loc>https://shudu.example/issues/S1-01</loc><lastmod>2018-06-22</lastmod>"), "{text}");
        assert!(text.contains("<loc>https://shudu.example/issues/S1-01?lang=en</loc>"), "{text}");
        assert_eq!(
            text.matches("hreflang=\"en\" href=\"https://shudu.example/issues/S1-01?lang=en\"").count(),
            2,
            "{text}"
        );
    }
}
