//! A sample of the ballot for staff who approve a campaign: the words and the template parts that voters get.

use askama::Template;
use entity::stored::Track;

use crate::ballot::pages::ballot_view::Booth;
use crate::ballot::pages::options::{Theme, themes};
use crate::base::error::{Error, Result};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "ballot/sample.html")]
struct Sample {
    p: Page,
    /// Prefix of every id, because several samples share a page.
    prefix: String,
    name: String,
    has_places: bool,
    /// Numbers of the three steps in words.
    steps: [String; 3],
    question: String,
    hint: String,
    language: String,
    themes: Vec<Theme>,
    anonymous: bool,
    real_name: bool,
    named: bool,
    no_source: bool,
    ranking: String,
    error: String,
}

/// The sample in the language of a page, with the options in the order of the booth. `has_source` states whether the site can
/// verify the identity of voters.
///
/// # Errors
/// A template that cannot be rendered.
pub fn sample(p: &Page, booth: &Booth, has_source: bool) -> Result<String> {
    let takes = |track: Track| booth.campaign.tracks.has(track.code());
    let (anonymous, real_name) = (takes(Track::Anonymous), takes(Track::RealName));
    let ranking = booth.ranking(p);
    let sample = Sample {
        prefix: format!("{}-", p.lang()),
        name: p.pick(&booth.campaign.name_zh, &booth.campaign.name_en).to_owned(),
        has_places: booth.campaign.places,
        steps: [1, 2, 3]
            .map(|step| if step == 1 && !booth.campaign.places { String::new() } else { booth.step(p, step) }),
        question: p.tr("ballot-options-title", &[("most", booth.campaign.max_choices.to_string())]),
        hint: p.tr("ballot-options-hint", &[("ranking", ranking.clone())]),
        language: booth.language(p),
        themes: themes(booth, p, &[]),
        named: !anonymous,
        no_source: real_name && !has_source,
        real_name: real_name && has_source,
        error: String::new(),
        ranking,
        anonymous,
        p: p.clone(),
    };
    sample.render().map_err(|e| Error::Internal(e.to_string()))
}
