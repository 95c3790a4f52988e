//! What may be seen of a count: the display rule and the rule of small cells applied, once for everybody.

use chrono::{DateTime, Utc};
use entity::stored::{RankingRule, Track};
use entity::{campaign, campaign_option, selection, tally};

use super::{decided, lines, ranking};
use crate::ballot;
use crate::ballot::queries::Counts;
use crate::campaign::{phase::Phase, queries as campaigns};
use crate::error::{Error, Refusal, Result};
use crate::store::Stores;
use crate::tally::display::{Shows, shows};
use crate::tally::published::{ByTrack, by_option, without_places};
use crate::tally::ranking::Ranked;

/// Everything that anybody may see of a campaign's count at an instant: what pages, the API and files show, staff or not.
#[derive(Clone, Debug)]
pub struct Results {
    /// The campaign.
    pub campaign: campaign::Model,
    /// Its phase.
    pub phase: Phase,
    /// As of when: the instant of the count, or now while voting runs.
    pub at: DateTime<Utc>,
    /// Ballots by track; none where nothing may be seen.
    pub turnout: Option<ByTrack>,
    /// The counts; none where they may not be seen.
    pub count: Option<Count>,
}

/// Counts as they may be shown.
#[derive(Clone, Debug)]
pub struct Count {
    /// The campaign's options in the order of ballot numbers.
    pub options: Vec<campaign_option::Model>,
    /// The published cells.
    pub cells: Counts,
    /// The options by rank.
    pub ranking: Vec<Ranked>,
    /// The stored count; none while voting runs.
    pub tally: Option<tally::Model>,
    /// The selection, once it is certified.
    pub selection: Option<selection::Model>,
}

impl Count {
    /// An option by its code.
    #[must_use]
    pub fn option(&self, code: &str) -> Option<&campaign_option::Model> {
        self.options.iter().find(|o| o.code == code)
    }

    /// Option votes of all options together, by track.
    #[must_use]
    pub fn option_votes(&self) -> ByTrack {
        let votes = by_option(&self.cells);
        votes.iter().filter(|(option, _)| !option.is_empty()).fold(ByTrack::default(), |sum, (_, n)| ByTrack {
            anonymous: sum.anonymous + n.anonymous,
            real_name: sum.real_name + n.real_name,
        })
    }
}

impl Results {
    /// Whether the campaign took real-name ballots: else nothing is told of that track.
    #[must_use]
    pub fn has_real_name(&self) -> bool {
        self.campaign.tracks.0.iter().any(|t| t == Track::RealName.code())
    }

    /// Whether anonymous ballots are among those shown: their number is not one of people.
    #[must_use]
    pub fn has_anonymous(&self) -> bool {
        self.campaign.tracks.has(Track::Anonymous.code())
    }

    /// Whether real-name votes decide and anonymous ones stand beside them.
    #[must_use]
    pub fn is_by_real_name(&self) -> bool {
        self.campaign.ranking_rule == RankingRule::RealNameVotes && self.has_anonymous()
    }

    /// The counts, for those who cannot do without.
    ///
    /// # Errors
    /// `tally.hidden`, with what is shown instead: `turnout` or nothing.
    pub fn counted(&self) -> Result<&Count> {
        self.count.as_ref().ok_or_else(|| {
            let shown = match (self.phase, &self.turnout) {
                (_, Some(_)) => "turnout",
                (Phase::Scheduled | Phase::Cancelled, None) => "none",
                (_, None) => "closed",
            };
            Error::Conflict(Refusal::new("tally.hidden").with("shown", shown))
        })
    }
}

/// What may be seen of a campaign's count now.
///
/// # Errors
/// `NotFound`, also for a draft.
pub async fn results(stores: &Stores, slug: &str, now: DateTime<Utc>) -> Result<Results> {
    let db = stores.main.db();
    let campaign = campaigns::published(db, slug, now).await?;
    let phase = Phase::of(&campaign, now);
    let (mut at, mut turnout, mut count) = (now, None, None);
    match shows(phase, campaign.display) {
        Shows::Nothing => {}
        Shows::Turnout => turnout = Some(cast(stores, slug).await?),
        Shows::Running => {
            let cells = without_places(&ballot::queries::counts(&stores.ballots, slug).await?);
            let options = campaigns::options(db, campaign.id).await?;
            turnout = Some(by_option(&cells).get("").copied().unwrap_or_default());
            count = Some(Count {
                ranking: ranking(&campaign, &options, &cells),
                options,
                cells,
                tally: None,
                selection: None,
            });
        }
        Shows::Count => {
            let stored = super::tally(db, campaign.id)
                .await?
                .ok_or_else(|| Error::Internal(format!("{slug} is counted and has no count")))?;
            let cells = lines(db, campaign.id).await?;
            let options = campaigns::options(db, campaign.id).await?;
            let selection = match phase {
                Phase::Tallied => None,
                _ => super::selection(db, campaign.id).await?,
            };
            at = stored.counted_at;
            turnout = Some(of_stored(&stored));
            count = Some(Count {
                ranking: match &selection {
                    Some(selection) => decided(selection)?,
                    None => ranking(&campaign, &options, &cells),
                },
                options,
                cells,
                tally: Some(stored),
                selection,
            });
        }
    }
    Ok(Results { campaign, phase, at, turnout, count })
}

/// The ballots of a campaign by track, as far as they may be seen now: what [`results`] shows, without the counts.
///
/// # Errors
/// A store that fails.
pub async fn turnout(stores: &Stores, campaign: &campaign::Model, now: DateTime<Utc>) -> Result<Option<ByTrack>> {
    Ok(match shows(Phase::of(campaign, now), campaign.display) {
        Shows::Nothing => None,
        Shows::Turnout | Shows::Running => Some(cast(stores, &campaign.slug).await?),
        Shows::Count => super::tally(stores.main.db(), campaign.id).await?.as_ref().map(of_stored),
    })
}

async fn cast(stores: &Stores, slug: &str) -> Result<ByTrack> {
    let (all, real_name) = ballot::queries::turnout(&stores.ballots, slug).await?;
    Ok(ByTrack { anonymous: all - real_name, real_name })
}

const fn of_stored(stored: &tally::Model) -> ByTrack {
    ByTrack { anonymous: stored.ballots - stored.ballots_real_name, real_name: stored.ballots_real_name }
}
