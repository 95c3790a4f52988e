//! Names for codes in the language of the reader: places, teams, campaigns, issues, reference words.

use std::collections::HashMap;

use entity::stored::TermKind;
use entity::{campaign, campaign_option, place, team, term};
use sea_orm::ConnectionTrait;

use crate::base::error::Result;
use crate::programme::queries;
use crate::web::page::Page;

/// Names that the pages of this slice show, by code.
pub struct Names {
    places: HashMap<String, place::Model>,
    teams: HashMap<String, team::Model>,
    words: HashMap<(TermKind, String), term::Model>,
}

impl Names {
    /// Reads all names.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(db: &impl ConnectionTrait) -> Result<Self> {
        let (places, teams) = (queries::places(db).await?, queries::teams(db).await?);
        Ok(Self {
            places: places.into_iter().map(|p| (p.code.clone(), p)).collect(),
            teams: teams.into_iter().map(|t| (t.code.clone(), t)).collect(),
            words: queries::words(db).await?,
        })
    }

    /// A place, by its code.
    #[must_use]
    pub fn place(&self, code: &str) -> Option<&place::Model> {
        self.places.get(code)
    }

    /// The position of a place in official order. Unknown places come last.
    #[must_use]
    pub fn position(&self, code: &str) -> i32 {
        self.places.get(code).map_or(i32::MAX, |p| p.position)
    }

    /// The short name of a place in running text; the code of an unknown place.
    #[must_use]
    pub fn short<'a>(&'a self, p: &Page, code: &'a str) -> &'a str {
        self.places.get(code).map_or(code, |q| short_name(p, q))
    }

    /// The name of a supervision team; a text for "no team" where the code is unknown.
    #[must_use]
    pub fn team(&self, p: &Page, code: &str) -> String {
        self.teams.get(code).map_or_else(|| p.t("dashboard-no-team"), |t| p.pick(&t.name_zh, &t.name_en).to_owned())
    }

    /// The name of a reference word; the code of an unknown word.
    #[must_use]
    pub fn word(&self, p: &Page, kind: TermKind, code: &str) -> String {
        self.words.get(&(kind, code.to_owned())).map_or(code.to_owned(), |w| p.pick(&w.name_zh, &w.name_en).to_owned())
    }

    /// The remedies of an option, each with its test of when the fix counts as done.
    #[must_use]
    pub fn tests(&self, p: &Page, option: &campaign_option::Model) -> Vec<(String, String)> {
        option
            .remedies
            .0
            .iter()
            .filter_map(|code| self.words.get(&(TermKind::Remedy, code.clone())))
            .map(|w| (p.pick(&w.name_zh, &w.name_en), p.pick(&w.detail_zh, &w.detail_en)))
            .filter(|(_, test)| !test.is_empty())
            .map(|(name, test)| (name.to_owned(), test.to_owned()))
            .collect()
    }
}

/// The short name of a place, in the language of the reader.
#[must_use]
pub fn short_name<'a>(p: &Page, place: &'a place::Model) -> &'a str {
    p.pick(&place.short_zh, &place.name_en)
}

/// The name of a campaign, in the language of the reader.
#[must_use]
pub fn campaign_name(p: &Page, campaign: &campaign::Model) -> String {
    p.pick(&campaign.name_zh, &campaign.name_en).to_owned()
}

/// The short title of an issue, in the language of the reader.
#[must_use]
pub fn issue_name(p: &Page, option: &campaign_option::Model) -> String {
    p.pick(&option.short_zh, &option.short_en).to_owned()
}
