//! Campaigns as the API answers them.

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
use crate::web::locale::Locale;

/// A campaign in a list.
#[derive(Debug, Object)]
pub struct CampaignSummary {
    /// Name in addresses.
    pub slug: String,
    /// Name in Chinese; in its own language where it has only one.
    pub name_zh: String,
    /// Name in English; empty where it has only one language.
    pub name_en: String,
    /// Where it stands now.
    pub phase: Phase,
    /// First instant of voting.
    pub opens_at: DateTime<Utc>,
    /// End of voting, exclusive: the last day ends at 24:00 in China.
    pub closes_at: DateTime<Utc>,
}

/// A campaign with its rules.
#[derive(Debug, Object)]
pub struct Campaign {
    /// Name in addresses.
    pub slug: String,
    /// Name in Chinese; in its own language where it has only one.
    pub name_zh: String,
    /// Name in English; empty where it has only one language.
    pub name_en: String,
    /// What it is for, in Chinese.
    pub purpose_zh: String,
    /// What it is for, in English.
    pub purpose_en: String,
    /// `both`, or the tag of its only language.
    pub language: String,
    /// Departments that host it.
    pub hosts: Vec<Named>,
    /// Where it stands now.
    pub phase: Phase,
    /// First instant of voting.
    pub opens_at: DateTime<Utc>,
    /// End of voting, exclusive: the last day ends at 24:00 in China.
    pub closes_at: DateTime<Utc>,
    /// First day of voting in China.
    pub opens_on: NaiveDate,
    /// Last day of voting in China, included.
    pub closes_on: NaiveDate,
    /// Most options on one ballot.
    pub max_choices: i32,
    /// How many options become issues; 0 where nothing is dispatched.
    pub top_n: i32,
    /// Tracks on which ballots are taken; counted and shown apart. Anonymous ballots are not people: one person can cast
    /// several.
    pub tracks: Vec<Track>,
    /// How options are ranked; fixed by publication.
    pub ranking_rule: RankingRule,
    /// Anonymous passes that an address (in IPv6 a /64) gets a day.
    pub day_cap: i32,
    /// How many seconds a phone computes for an anonymous pass at most.
    pub work_seconds: i32,
    /// What is seen while voting is open, by everybody, staff included.
    pub display: Display,
    /// Whether a ballot names a place.
    pub places: bool,
    /// Places that the issues go to, in official order.
    pub units: Vec<Named>,
    /// Fixed last day for fixes, rolled forward to a working day.
    #[oai(skip_serializing_if_is_none)]
    pub deadline_on: Option<NaiveDate>,
    /// Or this many working days after dispatch.
    #[oai(skip_serializing_if_is_none)]
    pub deadline_days: Option<i32>,
    /// Working days within which an assignment is to be acknowledged or returned.
    pub acknowledge_days: i32,
    /// When wording and rules were frozen.
    #[oai(skip_serializing_if_is_none)]
    pub published_at: Option<DateTime<Utc>>,
    /// SHA-256 of the published questionnaire, hexadecimal: what every ballot commits to.
    #[oai(skip_serializing_if_is_none)]
    pub questionnaire: Option<String>,
    /// Reason of a suspension or cancellation.
    #[oai(skip_serializing_if_is_none)]
    pub notice: Option<String>,
    /// The halt that holds.
    #[oai(skip_serializing_if_is_none)]
    pub halt: Option<Halt>,
    /// For those who make campaigns: to be sent back with a change.
    #[oai(skip_serializing_if_is_none)]
    pub revision: Option<i32>,
    /// For those who make campaigns: what the asker may do now.
    #[oai(skip_serializing_if_is_none)]
    pub moves: Option<Vec<CampaignMove>>,
}

/// A halt that holds.
#[derive(Debug, Object)]
pub struct Halt {
    /// When it began.
    pub since: Option<DateTime<Utc>>,
    /// When it ends by itself; none once an approver confirmed it.
    #[oai(skip_serializing_if_is_none)]
    pub until: Option<DateTime<Utc>>,
    /// Whether an approver confirmed it.
    pub confirmed: bool,
}

/// A code with its names.
#[derive(Debug, Object)]
pub struct Named {
    /// Stable code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
}

/// The options of a campaign.
#[derive(Debug, Object)]
pub struct Questionnaire {
    /// Name of the campaign in addresses.
    pub campaign: String,
    /// SHA-256 of the questionnaire, hexadecimal, once published.
    #[oai(skip_serializing_if_is_none)]
    pub questionnaire: Option<String>,
    /// Most options on one ballot.
    pub max_choices: i32,
    /// How many of the options become issues; 0 where nothing is dispatched.
    pub top_n: i32,
    /// How options are ranked, by the name of the rule.
    pub ranking_rule: RankingRule,
    /// The same in words, in Chinese.
    pub ranking_zh: String,
    /// The same in words, in English.
    pub ranking_en: String,
    /// Options in the order of ballot numbers.
    pub options: Vec<OptionObject>,
}

impl CampaignSummary {
    /// A campaign at an instant.
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
            closes_on: last_day(found),
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

    /// Adds what those who make campaigns see.
    pub fn for_staff(&mut self, found: &campaign::Model, ctx: &Ctx) {
        self.revision = Some(found.revision);
        self.moves = Some(offers(found, ctx.now, |act| ctx.may(act)));
    }
}

impl Questionnaire {
    /// A campaign's options; `options` in the order of ballot numbers.
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
