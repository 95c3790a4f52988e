//! The campaign and its questionnaire as the API answers them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::stored::{CampaignMove, Display, RankingRule, TermKind, Track};
use entity::{campaign, campaign_option};
use poem_openapi::Object;
use sea_orm::ConnectionTrait;

use super::option::OptionObject;
use crate::base::clock::day_of;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::campaign::draft::{last_day, tracks};
use crate::campaign::phase::{Phase, offers};
use crate::campaign::rule;
use crate::programme;
use crate::web::dates::{closing_time, opening_time};
use crate::web::locale::Locale;

/// A campaign in a list.
#[derive(Debug, Object)]
pub struct CampaignSummary {
    /// Name of the campaign in addresses.
    pub slug: String,
    /// Name of the campaign in Chinese; for a campaign in one language, the name in that language.
    pub name_zh: String,
    /// Name of the campaign in English; empty for a campaign in one language.
    pub name_en: String,
    /// Phase of the campaign now.
    pub phase: Phase,
    /// First instant of voting, programme time.
    pub opens_at: DateTime<Utc>,
    /// Exclusive end of voting, programme time; a last day without another time ends at 24:00 in China.
    pub closes_at: DateTime<Utc>,
}

/// A campaign with its rules.
#[derive(Debug, Object)]
pub struct Campaign {
    /// Name of the campaign in addresses.
    pub slug: String,
    /// Name of the campaign in Chinese; for a campaign in one language, the name in that language.
    pub name_zh: String,
    /// Name of the campaign in English; empty for a campaign in one language.
    pub name_en: String,
    /// Purpose of the campaign in Chinese, one sentence.
    pub purpose_zh: String,
    /// Purpose of the campaign in English, one sentence.
    pub purpose_en: String,
    /// Language of the campaign: `both`, or the tag of its only language.
    pub language: String,
    /// Departments that host the campaign.
    pub hosts: Vec<Named>,
    /// Phase of the campaign now.
    pub phase: Phase,
    /// First instant of voting, programme time.
    pub opens_at: DateTime<Utc>,
    /// Exclusive end of voting, programme time; a last day without another time ends at 24:00 in China.
    pub closes_at: DateTime<Utc>,
    /// First day of voting in China.
    pub opens_on: NaiveDate,
    /// Time of the first day at which voting opens, in China, such as `0:00`.
    pub opens_time: String,
    /// Last day of voting in China, included.
    pub closes_on: NaiveDate,
    /// Time of the last day at which voting closes, in China, such as `24:00`.
    pub closes_time: String,
    /// Largest number of options on one ballot.
    pub max_choices: i32,
    /// Number of options that become issues; 0 where nothing is dispatched.
    pub top_n: i32,
    /// Tracks on which ballots are taken; each track is counted and shown separately. Anonymous ballots are not people: one
    /// person can cast several.
    pub tracks: Vec<Track>,
    /// Rule by which options are ranked; fixed by publication.
    pub ranking_rule: RankingRule,
    /// Number of anonymous passes that one address (in IPv6 a /64) gets on one day.
    pub day_cap: i32,
    /// Longest time in seconds that a phone computes the puzzle of an anonymous pass.
    pub work_seconds: i32,
    /// Figures that are shown to everybody, staff included, while voting is open.
    pub display: Display,
    /// Whether a ballot names a place.
    pub places: bool,
    /// Places that receive the issues, in official order.
    pub units: Vec<Named>,
    /// Fixed last day for the fixes, rolled forward to a working day; absent where `deadline_days` is set.
    #[oai(skip_serializing_if_is_none)]
    pub deadline_on: Option<NaiveDate>,
    /// Number of working days for the fixes after the dispatch; absent where `deadline_on` is set.
    #[oai(skip_serializing_if_is_none)]
    pub deadline_days: Option<i32>,
    /// Number of working days within which an assignment is to be acknowledged or returned.
    pub acknowledge_days: i32,
    /// Instant of the publication, which froze wording and rules; programme time.
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    /// SHA-256 of the published questionnaire, hexadecimal; every ballot commits to this hash.
    #[oai(skip_serializing_if_is_none)]
    pub questionnaire: Option<String>,
    /// Published reason of a halt or cancellation.
    #[oai(skip_serializing_if_is_none)]
    pub notice: Option<String>,
    /// The halt that is in force; absent where none is.
    #[oai(skip_serializing_if_is_none)]
    pub halt: Option<Halt>,
    /// Revision of the campaign, to be sent back with a change; only for staff who read drafts.
    #[oai(skip_serializing_if_is_none)]
    pub revision: Option<i32>,
    /// Moves that the caller may make now; only for staff who read drafts.
    #[oai(skip_serializing_if_is_none)]
    pub moves: Option<Vec<CampaignMove>>,
}

/// A halt that is in force.
#[derive(Debug, Object)]
pub struct Halt {
    /// Instant at which the halt began, programme time.
    pub since: Option<DateTime<Utc>>,
    /// Instant at which the halt ends by itself, programme time; absent after an approver has confirmed the halt.
    #[oai(skip_serializing_if_is_none)]
    pub until: Option<DateTime<Utc>>,
    /// Whether an approver has confirmed the halt.
    pub confirmed: bool,
}

/// The code of a department or place, with its names.
#[derive(Debug, Object)]
pub struct Named {
    /// Stable code of the department or place.
    pub code: String,
    /// Chinese name of the department or place.
    pub name_zh: String,
    /// English name of the department or place.
    pub name_en: String,
}

/// The options of a campaign.
#[derive(Debug, Object)]
pub struct Questionnaire {
    /// Slug of the campaign, its name in addresses.
    pub campaign: String,
    /// SHA-256 of the questionnaire, hexadecimal; absent before the publication.
    #[oai(skip_serializing_if_is_none)]
    pub questionnaire: Option<String>,
    /// Largest number of options on one ballot.
    pub max_choices: i32,
    /// Number of options that become issues; 0 where nothing is dispatched.
    pub top_n: i32,
    /// Name of the rule by which options are ranked.
    pub ranking_rule: RankingRule,
    /// The ranking rule as a Chinese sentence.
    pub ranking_zh: String,
    /// The ranking rule as an English sentence.
    pub ranking_en: String,
    /// Options in the order of ballot numbers.
    pub options: Vec<OptionObject>,
}

impl CampaignSummary {
    /// The summary of a campaign at an instant.
    pub fn of(found: &campaign::Model, now: DateTime<Utc>) -> Self {
        Self {
            slug: found.slug.clone(),
            name_zh: found.name_zh.clone(),
            name_en: found.name_en.clone(),
            phase: Phase::of(found, now),
            opens_at: found.opens_at,
            closes_at: found.closes_at,
        }
    }
}

impl Campaign {
    /// A campaign at an instant, as everybody may see it.
    pub async fn of(db: &impl ConnectionTrait, found: &campaign::Model, now: DateTime<Utc>) -> Result<Self> {
        let departments = programme::queries::terms(db, TermKind::Department).await?;
        let places = programme::queries::places(db).await?;
        Ok(Self {
            slug: found.slug.clone(),
            name_zh: found.name_zh.clone(),
            name_en: found.name_en.clone(),
            purpose_zh: found.purpose_zh.clone(),
            purpose_en: found.purpose_en.clone(),
            language: found.language.clone(),
            hosts: departments
                .into_iter()
                .filter(|d| found.hosts.has(&d.code))
                .map(|d| Named { code: d.code, name_zh: d.name_zh, name_en: d.name_en })
                .collect(),
            phase: Phase::of(found, now),
            opens_at: found.opens_at,
            closes_at: found.closes_at,
            opens_on: day_of(found.opens_at),
            opens_time: opening_time(found.opens_at),
            closes_on: last_day(found),
            closes_time: closing_time(found.closes_at),
            max_choices: found.max_choices,
            top_n: found.top_n,
            tracks: tracks(found),
            ranking_rule: found.ranking_rule,
            day_cap: found.day_cap,
            work_seconds: found.work_seconds,
            display: found.display,
            places: found.places,
            units: places
                .into_iter()
                .filter(|place| found.units.has(&place.code))
                .map(|place| Named { code: place.code, name_zh: place.name_zh, name_en: place.name_en })
                .collect(),
            deadline_on: found.deadline_on,
            deadline_days: found.deadline_days,
            acknowledge_days: found.acknowledge_days,
            published_at: found.published_at,
            questionnaire: found.questionnaire.clone(),
            notice: Some(found.notice.clone()).filter(|notice| !notice.is_empty()),
            halt: (Phase::of(found, now) == Phase::Suspended).then(|| Halt {
                since: found.halted_at,
                until: found.halt_until,
                confirmed: found.halt_confirmed_by.is_some(),
            }),
            revision: None,
            moves: None,
        })
    }

    /// Adds the fields for staff who read drafts.
    pub fn for_staff(&mut self, found: &campaign::Model, ctx: &Ctx) {
        self.revision = Some(found.revision);
        self.moves = Some(offers(found, ctx.now, |act| ctx.may(act)));
    }
}

impl Questionnaire {
    /// The questionnaire of a campaign; `options` must be in the order of ballot numbers.
    pub fn of(found: &campaign::Model, options: &[campaign_option::Model]) -> Self {
        Self {
            campaign: found.slug.clone(),
            questionnaire: found.questionnaire.clone(),
            max_choices: found.max_choices,
            top_n: found.top_n,
            ranking_rule: found.ranking_rule,
            ranking_zh: rule::sentence(Locale::Zh, found),
            ranking_en: rule::sentence(Locale::En, found),
            options: options.iter().map(OptionObject::of).collect(),
        }
    }
}
