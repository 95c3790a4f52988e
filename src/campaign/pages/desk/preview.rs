//! The page with the ballot as voters will read it, in the language of the page and, folded, in the other one:
//! `/desk/campaigns/{slug}/preview`. The words and parts are those of the ballot itself ([`sample`]).

use askama::Template;
use poem::web::Path;
use poem::{Response, handler};

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::sample::sample;
use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::queries;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::locale::Locale;
use crate::web::page::{Page, html};

#[derive(Template)]
#[template(path = "campaign/preview.html")]
struct Preview {
    p: Page,
    nav: Nav,
    slug: String,
    count: usize,
    /// The ballot in Chinese and in English, as HTML.
    ballots: Vec<String>,
}

/// Answers with the ballot in both languages, that of the page first.
#[handler]
pub async fn preview(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let db = signed.app.stores.main.db();
    let campaign = queries::campaign(db, &slug).await?;
    let options = queries::options(db, campaign.id).await?;
    let count = options.len();
    let booth = Booth { campaign, options, order: 0, places: Vec::new() };
    let has_source = signed.app.passes.identity_source.is_set_up();
    let page = signed.page("desk");
    let languages = if page.is_en() { [Locale::En, Locale::Zh] } else { [Locale::Zh, Locale::En] };
    let ballots = languages
        .map(|locale| sample(&Page { locale, ..page.clone() }, &booth, has_source))
        .into_iter()
        .collect::<Result<_>>()?;
    html(&Preview {
        p: page.titled("campaign-preview-title"),
        nav: signed.nav(Section::Campaigns),
        count,
        slug,
        ballots,
    })
}
