//! Reading everything that can be found, with its words.

use chrono::{DateTime, Utc};
use entity::stored::TermKind;
use entity::{campaign, campaign_option, place};
use sea_orm::ConnectionTrait;

use super::matching::Words;
use crate::base::error::Result;
use crate::campaign::phase::Phase;
use crate::campaign::queries as campaigns;
use crate::dashboard::figures::{Count, count_of};
use crate::dashboard::queries::{AsOf, dashboard};
use crate::{programme, tally};

/// Outcome of an option so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Issue with the counts of its assignments.
    Dispatched(Count),
    /// Issue whose campaign is not dispatched yet.
    Selected,
    /// Option that the ranking left out.
    NotSelected,
    /// Option of a campaign whose selection is not signed yet.
    Undecided,
}

/// An option that can be found.
#[derive(Clone, Debug)]
pub struct FoundOption {
    /// Row of the option.
    pub option: campaign_option::Model,
    /// Campaign of the option.
    pub campaign: campaign::Model,
    /// Outcome of the option.
    pub outcome: Outcome,
    /// Words by which the option is found.
    pub words: Words,
}

/// A place that can be found.
#[derive(Clone, Debug)]
pub struct FoundPlace {
    /// Row of the place.
    pub place: place::Model,
    /// Counts of the assignments of the place; none where nothing was dispatched to it.
    pub count: Option<Count>,
    /// Words by which the place is found.
    pub words: Words,
}

/// Everything that can be found.
#[derive(Clone, Debug)]
pub struct Searchable {
    /// Options of all published campaigns, the latest campaign first, by code.
    pub options: Vec<FoundOption>,
    /// Places in official order.
    pub places: Vec<FoundPlace>,
}

/// Reads everything that the public may find at an instant.
///
/// # Errors
/// A store that fails.
pub async fn searchable(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Searchable> {
    let dash = dashboard(db, AsOf::read(None, now)?, None).await?;
    let terms = programme::queries::words(db).await?;
    let mut options = Vec::new();
    for campaign in campaigns::all_published(db).await? {
        let phase = Phase::of(&campaign, now);
        let is_decided = matches!(phase, Phase::Certified | Phase::Dispatched);
        // The issues of a dispatched campaign are counted by the dashboard.
        let selected =
            if phase == Phase::Certified { tally::queries::issues(db, campaign.id).await? } else { Vec::new() };
        let mut own = campaigns::options(db, campaign.id).await?;
        own.sort_by(|one, other| one.code.cmp(&other.code));
        for option in own {
            let outcome = match count_of(&dash.by_issue, &option.code) {
                Some(count) => Outcome::Dispatched(count.clone()),
                None if !is_decided => Outcome::Undecided,
                None if selected.iter().any(|issue| issue.option_id == option.id) => Outcome::Selected,
                None => Outcome::NotSelected,
            };
            let lead = terms.get(&(TermKind::Department, option.lead_department.clone()));
            let words = Words::of(&[
                &option.code,
                &option.title_zh,
                &option.title_en,
                &option.short_zh,
                &option.short_en,
                &option.theme_zh,
                &option.theme_en,
                lead.map_or("", |term| &term.name_zh),
                lead.map_or("", |term| &term.name_en),
            ]);
            options.push(FoundOption { option, campaign: campaign.clone(), outcome, words });
        }
    }
    let places = programme::queries::places(db).await?;
    let found = |place: place::Model| {
        let words = Words::of(&[
            &place.code,
            &place.name_zh,
            &place.short_zh,
            &place.name_en,
            &place.pinyin,
            &place.initials,
            programme::cities::of(&place.code),
        ]);
        FoundPlace { count: count_of(&dash.by_province, &place.code).cloned(), words, place }
    };
    Ok(Searchable { options, places: places.into_iter().map(found).collect() })
}
