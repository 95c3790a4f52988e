//! The page with the ballot as voters will see it, in the language of the page and, folded, in the other one:
//! `/desk/campaigns/{slug}/preview`.

use askama::Template;
use entity::campaign_option;
use entity::stored::Track;
use poem::web::Path;
use poem::{Response, handler};

use crate::base::access::Act;
use crate::base::error::Result;
use crate::campaign::draft::tracks;
use crate::campaign::{queries, rule};
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
    ballots: Vec<Ballot>,
}

/// The ballot in one language.
struct Ballot {
    lang: &'static str,
    name: String,
    place: String,
    question: String,
    themes: Vec<Theme>,
    /// Sentences about the tracks, then about the ranking rule.
    tracks: Vec<String>,
    irrevocable: String,
}

/// The options under one theme.
struct Theme {
    name: String,
    count: usize,
    options: Vec<PreviewLine>,
}

/// One option of the previewed ballot.
struct PreviewLine {
    id: String,
    code: String,
    title: String,
    short: String,
}

/// Answers with the ballot in both languages, that of the page first.
#[handler]
pub async fn preview(signed: Signed, Path(slug): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::ReadCampaigns)?;
    let db = signed.app.stores.main.db();
    let found = queries::campaign(db, &slug).await?;
    let options = queries::options(db, found.id).await?;
    let most = [("most", found.max_choices.to_string())];
    let p = signed.page("desk").titled("campaign-preview-title");
    let languages = if p.is_en() { [Locale::En, Locale::Zh] } else { [Locale::Zh, Locale::En] };
    let ballots = languages
        .into_iter()
        .map(|locale| Ballot {
            lang: locale.tag(),
            name: locale.pick(&found.name_zh, &found.name_en).to_owned(),
            place: if found.places { locale.text("campaign-preview-place") } else { String::new() },
            question: locale.message("campaign-preview-question", &most),
            themes: themes(locale, &options),
            tracks: tracks(&found)
                .iter()
                .map(|track| match track {
                    Track::Anonymous => locale.text("campaign-preview-anonymous"),
                    Track::RealName => locale.text("campaign-preview-real-name"),
                })
                .chain([rule::sentence(locale, &found)])
                .collect(),
            irrevocable: locale.text("campaign-preview-irrevocable"),
        })
        .collect();
    html(&Preview { p, nav: signed.nav(Section::Campaigns), count: options.len(), slug, ballots })
}

/// Groups options by theme, with themes in the order of their first ballot number.
fn themes(locale: Locale, options: &[campaign_option::Model]) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for option in options {
        let name = locale.pick(&option.theme_zh, &option.theme_en);
        let line = PreviewLine {
            id: format!("{}-{}", locale.tag(), option.ballot_no),
            code: option.code.clone(),
            title: locale.pick(&option.title_zh, &option.title_en).to_owned(),
            short: locale.pick(&option.short_zh, &option.short_en).to_owned(),
        };
        match themes.iter_mut().find(|theme| theme.name == name) {
            Some(theme) => theme.options.push(line),
            None => themes.push(Theme { name: name.to_owned(), count: 0, options: vec![line] }),
        }
    }
    for theme in &mut themes {
        theme.count = theme.options.len();
    }
    themes
}
