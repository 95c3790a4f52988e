//! The ballot paper: the fixed data of a campaign against which ballots are checked.
//!
//! The frozen part of a paper (options, limits, places, questionnaire) is cached for ever. The writer reads whether ballots are
//! taken at present, inside the transaction that stores them.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use entity::ballots::ballot_paper;
use entity::stored::{PaperState, Track};
use public_log::bundle::NO_PLACE;
use public_log::leaf::{Leaf, Serial};
use sea_orm::EntityTrait;

use super::person::Person;
use crate::base::clock::last_day;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::keys::{Key, Keys};
use crate::base::store::Store;
use crate::pass::seal::{Pass, Sealer};
use crate::web::dates::{closing_time, opening_time};

/// Format in which this version makes passes and ballots. Format 1 identified receipts by their first eight bytes, and serials of
/// real-name passes began with a day from the register. Format 2 identifies receipts by all of their bytes, and serials of
/// real-name passes depend only on the identity, under a key outside the register. Format 3 has receipt numbers of 16 bytes, and every
/// campaign has a pass key, under which its puzzles are sealed too.
pub const FORMAT: i32 = 3;
/// First format that identifies receipts by all of their bytes.
pub const FORMAT_OF_WHOLE_RECEIPTS: i32 = 2;

/// Longest time between the close and the inclusion of a ballot in the public log.
const INCLUSION_DELAY: TimeDelta = TimeDelta::hours(24);

/// First two digits of places under which ballots are counted: provinces, the Corps, Taiwan, Hong Kong, Macao.
const PLACE_PREFIXES: [&str; 35] = [
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "66", "71", "81", "82",
];

/// The frozen part of a ballot paper with the keys of its campaign.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Slug of the campaign.
    pub campaign: Arc<str>,
    /// Sealer of the campaign, which makes and checks passes.
    pub sealer: Sealer,
    /// Most options on one ballot.
    pub max_choices: usize,
    /// Whether a ballot names a place.
    pub places: bool,
    /// Number of anonymous passes that an address gets a day.
    pub day_cap: u32,
    /// Longest time, in seconds, that a phone computes for an anonymous pass.
    pub work_seconds: u32,
    options: HashMap<String, i32>,
    closes_at: DateTime<Utc>,
    tracks: Vec<Track>,
    /// Fingerprint of the pass key, under which serials of real-name passes are made; none where no track has identities.
    pub pass_key: Option<String>,
    /// SHA-256 of the questionnaire of the campaign.
    pub questionnaire: [u8; 32],
    place_key: Key,
    nullifier_key: Key,
    block_key: Key,
}

/// A ballot that was checked against its paper and can go into the box.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Slug of the campaign.
    pub campaign: Arc<str>,
    /// Serial of the pass.
    pub serial: Serial,
    /// Track of the pass.
    pub track: Track,
    /// Code of the province under which the ballot counts.
    pub province: String,
    /// Codes of the ticked options, ascending, joined by commas.
    pub choices: String,
    /// Leaf hash of the ballot.
    pub leaf: [u8; 32],
}

impl Paper {
    /// The paper with its keys.
    ///
    /// # Errors
    /// A paper whose questionnaire hash is damaged.
    pub fn of(row: &ballot_paper::Model, site: &Key) -> Result<Self> {
        let questionnaire = <[u8; 32]>::try_from(row.questionnaire.as_slice())
            .map_err(|_| Error::Internal(format!("ballot paper of {} is damaged", row.campaign)))?;
        Ok(Self {
            campaign: row.campaign.as_str().into(),
            sealer: Sealer::of(site, &row.campaign),
            options: (0..).zip(&row.options.0).map(|(n, code)| (code.clone(), n)).collect(),
            max_choices: usize::try_from(row.max_choices).unwrap_or(0),
            places: row.places,
            day_cap: u32::try_from(row.day_cap).unwrap_or(0),
            work_seconds: u32::try_from(row.work_seconds).unwrap_or(0),
            closes_at: row.closes_at,
            tracks: row.tracks.0.iter().filter_map(|t| t.parse().ok()).collect(),
            pass_key: row.pass_key.clone(),
            questionnaire,
            place_key: site.derive("place/1", &row.campaign),
            nullifier_key: site.derive("nullifier/1", &row.campaign),
            block_key: site.derive("block/1", &row.campaign),
        })
    }

    /// Whether the paper takes ballots on the track.
    #[must_use]
    pub fn takes(&self, track: Track) -> bool {
        self.tracks.contains(&track)
    }

    /// Instant by which a ballot has to be in the public log: the close and a margin, programme time.
    #[must_use]
    pub fn include_before(&self) -> DateTime<Utc> {
        self.closes_at + INCLUSION_DELAY
    }

    /// The nullifier of a person.
    #[must_use]
    pub fn nullifier(&self, person: &Person) -> [u8; 32] {
        self.nullifier_key.mac(&person.parts())
    }

    /// Salt of the commitment to the place of a ballot: HMAC of the serial under the campaign's place key.
    #[must_use]
    pub fn salt(&self, serial: &Serial) -> [u8; 32] {
        self.place_key.mac(&[serial])
    }

    /// The province under which ballots from a place are counted.
    #[must_use]
    pub fn province_of(&self, place: &str) -> Option<String> {
        if !self.places {
            return Some(NO_PLACE.to_owned());
        }
        let six = place.len() == 6 && place.bytes().all(|b| b.is_ascii_digit());
        let prefix = place.get(..2).filter(|p| six && PLACE_PREFIXES.contains(p))?;
        Some(format!("{prefix}0000"))
    }

    /// The first bytes of all passes in a block. Two blocks may share a name without harm.
    #[must_use]
    pub fn block_name(&self, number: u32) -> [u8; 4] {
        let mac = self.block_key.mac(&[&number.to_be_bytes()]);
        std::array::from_fn(|n| mac[n])
    }

    /// Checks place and choices without a pass. Reports all problems at once.
    ///
    /// # Errors
    /// `Invalid` for an unknown place, no choice, too many choices, a repeated choice or an unknown option.
    pub fn check_choices<'a>(&self, place: &str, choices: &'a [String]) -> Result<(String, Vec<&'a str>)> {
        let mut problems = Problems::default();
        let province = self.province_of(place);
        if province.is_none() {
            problems
                .add("place", Refusal::new(if place.is_empty() { "ballot.no_place" } else { "ballot.unknown_place" }));
        }
        if choices.is_empty() {
            problems.add("choices", Refusal::new("ballot.no_choice"));
        }
        if choices.len() > self.max_choices {
            problems.add(
                "choices",
                Refusal::new("ballot.too_many")
                    .with("count", choices.len())
                    .with("most", self.max_choices)
                    .with("excess", choices.len() - self.max_choices),
            );
        }
        // Only the first unknown option is named, so that a long list of nonsense is not echoed.
        if let Some(unknown) = choices.iter().find(|c| !self.options.contains_key(*c)) {
            let shown: String = unknown.chars().take(20).collect();
            problems.add("choices", Refusal::new("ballot.unknown_option").with("option", shown));
        }
        let mut sorted: Vec<&str> = choices.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            problems.add("choices", Refusal::new("ballot.twice"));
        }
        problems.finish()?;
        Ok((province.unwrap_or_default(), sorted))
    }

    /// Checks as [`Paper::check`] does, for a pass as it was sent. Other problems are reported before a malformed pass.
    ///
    /// # Errors
    /// As [`Paper::check`].
    pub fn check_sent(&self, pass: &str, place: &str, choices: &[String]) -> Result<Checked> {
        match Pass::parse(pass) {
            Some(pass) => self.check(&pass, place, choices),
            None => {
                self.check_choices(place, choices)?;
                Err(Error::field("pass", Refusal::new("ballot.pass_malformed")))
            }
        }
    }

    /// Checks pass, place and choices, and makes the ballot.
    ///
    /// # Errors
    /// As [`Paper::check_choices`]; `ballot.pass_malformed` for a pass that this site did not seal.
    pub fn check(&self, pass: &Pass, place: &str, choices: &[String]) -> Result<Checked> {
        let (province, sorted) = self.check_choices(place, choices)?;
        if !self.sealer.is_sealed(pass) || !self.takes(pass.track) {
            return Err(Error::field("pass", Refusal::new("ballot.pass_malformed")));
        }
        let leaf = Leaf {
            campaign: &self.campaign,
            questionnaire: &self.questionnaire,
            track: pass.track.into(),
            province: &province,
            choices: &sorted,
            serial: &pass.serial,
        };
        Ok(Checked {
            campaign: Arc::clone(&self.campaign),
            serial: pass.serial,
            track: pass.track,
            leaf: leaf.hash(&self.salt(&pass.serial)),
            choices: sorted.join(","),
            province,
        })
    }
}

/// Cache of the papers that this process has read.
#[derive(Clone)]
pub struct Papers {
    store: Store,
    keys: Keys,
    read: Arc<RwLock<HashMap<String, Arc<Paper>>>>,
}

impl Papers {
    /// A cache without any paper.
    #[must_use]
    pub fn new(store: Store, keys: Keys) -> Self {
        Self { store, keys, read: Arc::default() }
    }

    /// The paper of a campaign.
    ///
    /// # Errors
    /// `NotFound` for a campaign that was never published.
    pub async fn get(&self, campaign: &str) -> Result<Arc<Paper>> {
        if let Some(paper) = self.read.read().ok().and_then(|read| read.get(campaign).cloned()) {
            return Ok(paper);
        }
        let row = ballot_paper::Entity::find_by_id(campaign)
            .one(self.store.db())
            .await?
            .ok_or(Error::NotFound("campaign"))?;
        let paper = Arc::new(Paper::of(&row, &self.keys.site)?);
        if let Ok(mut read) = self.read.write() {
            read.insert(campaign.to_owned(), Arc::clone(&paper));
        }
        Ok(paper)
    }
}

/// The reason why a paper takes no ballots at an instant; none where it takes ballots.
#[must_use]
pub fn closed(paper: &ballot_paper::Model, now: DateTime<Utc>) -> Option<Refusal> {
    let day = |at: DateTime<Utc>| crate::base::clock::day_of(at).to_string();
    match paper.state {
        PaperState::Suspended => Some(Refusal::new("ballot.suspended")),
        // A paper closed for good before its end means a cancelled campaign: a campaign is cancelled only before voting begins.
        PaperState::Closed if now < paper.closes_at => Some(Refusal::new("ballot.cancelled")),
        PaperState::Closed => Some(over(paper)),
        PaperState::Open if now < paper.opens_at => {
            let refusal = Refusal::new("ballot.not_open").with("day", day(paper.opens_at));
            let time = opening_time(paper.opens_at);
            Some(refusal.with("time", if time == "0:00" { "none" } else { time.as_str() }))
        }
        PaperState::Open if now >= paper.closes_at => Some(over(paper)),
        PaperState::Open => None,
    }
}

fn over(paper: &ballot_paper::Model) -> Refusal {
    Refusal::new("ballot.closed").with("day", last_day(paper.closes_at)).with("time", closing_time(paper.closes_at))
}

/// Checks that a campaign takes ballots at an instant, by its paper. The ballot box follows the same rule.
///
/// # Errors
/// `NotFound` for a campaign that was never published; `ballot.not_open`, `ballot.closed`, `ballot.suspended`,
/// `ballot.cancelled`.
pub async fn taking(store: &Store, campaign: &str, now: DateTime<Utc>) -> Result<()> {
    let paper = ballot_paper::Entity::find_by_id(campaign).one(store.db()).await?.ok_or(Error::NotFound("campaign"))?;
    closed(&paper, now).map_or(Ok(()), |refusal| Err(Error::Conflict(refusal)))
}
