//! Step 1: the place in which the voter deals with the government.

use askama::Template;
use poem::Response;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::form_state::Carried;
use crate::base::error::{FieldError, Refusal, Result};
use crate::page_views::{PageGroup, PageOf};
use crate::sign_in::extract::Visit;
use crate::web::counted::counted;
use crate::web::page::{Page, answer};

#[derive(Template)]
#[template(path = "ballot/place.html")]
struct PlacePage {
    p: Page,
    slug: String,
    /// Address of the campaign, to which the first step leads back.
    campaign: String,
    /// Whether the form is a plain link to the options, because nothing was entered yet.
    first: bool,
    address: String,
    /// Name of the place field: a parameter of the visitor's own address, or a part of the form.
    field: &'static str,
    order: u8,
    step: String,
    error: String,
    hidden: Vec<(&'static str, String)>,
    regions: Vec<Region>,
}

struct Region {
    code: String,
    name: String,
    places: Vec<Choice>,
}

struct Choice {
    code: String,
    name: String,
    /// Text that the search box matches: names in both languages, pinyin and initials. The box loads the cities by itself.
    search: String,
    on: bool,
}

/// The step as everybody first sees it.
pub fn fresh(visit: &Visit, booth: &Booth) -> Result<Response> {
    let page_of = PageOf::new(&booth.campaign.slug, PageGroup::Ballot);
    counted(&page(visit, booth, &Carried::default(), Vec::new(), true), page_of)
}

/// The first step again, because no place was chosen.
pub fn refused(visit: &Visit, booth: &Booth) -> Result<Response> {
    let errors = vec![FieldError { field: "place".to_owned(), refusal: Refusal::new("ballot.no_place") }];
    answer(422, None, &page(visit, booth, &Carried::default(), errors, true))
}

/// The step again, with everything that has been entered since. Before any option was ticked the step is the first one still.
pub fn again(visit: &Visit, booth: &Booth, carried: &Carried, errors: Vec<FieldError>) -> Result<Response> {
    let status = if errors.is_empty() { 200 } else { 422 };
    let is_first = errors.is_empty() && carried.choices.is_empty() && carried.pass.is_empty();
    answer(status, None, &page(visit, booth, carried, errors, is_first))
}

fn page(visit: &Visit, booth: &Booth, carried: &Carried, errors: Vec<FieldError>, first: bool) -> PlacePage {
    let mut p = booth.page(visit).titled("ballot-place-title");
    if !errors.is_empty() {
        p = p.refused(errors);
    }
    PlacePage {
        slug: booth.campaign.slug.clone(),
        campaign: p.href(&format!("/campaigns/{}", booth.campaign.slug)),
        address: if first { format!("/campaigns/{}/ballot", booth.campaign.slug) } else { p.href(&booth.address()) },
        field: if first { "my-place" } else { "place" },
        order: booth.order,
        step: booth.step(&p, 1),
        error: p.error("place").unwrap_or_default(),
        hidden: carried.hidden(&["place"]),
        regions: regions(booth, &p, &carried.place),
        first,
        p,
    }
}

/// The places in the order of the list, grouped by region.
fn regions(booth: &Booth, p: &Page, chosen: &str) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for place in &booth.places {
        let choice = Choice {
            code: place.code.clone(),
            name: p.pick(&place.name_zh, &place.name_en).to_owned(),
            search: [&place.name_zh, &place.name_en, &place.pinyin, &place.initials].map(String::as_str).join(" "),
            on: place.code == chosen,
        };
        match regions.iter_mut().find(|r| r.code == place.region) {
            Some(region) => region.places.push(choice),
            None => regions.push(Region {
                code: place.region.clone(),
                name: p.tc("ballot-region-", &place.region),
                places: vec![choice],
            }),
        }
    }
    regions
}
