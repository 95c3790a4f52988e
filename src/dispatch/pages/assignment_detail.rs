//! One assignment as every desk page shows it, for the pages of all slices.

use chrono::{DateTime, Utc};
use entity::stored::{AssignmentState, Move, TermKind};
use entity::{assignment_event, campaign, campaign_option, exemption_request, place, term};
use sea_orm::ConnectionTrait;

use crate::base::access::Act;
use crate::base::clock;
use crate::base::ctx::{Ctx, Staff};
use crate::base::error::Result;
use crate::dispatch::deadline::{Due, Limit};
use crate::dispatch::queries::LoadedAssignment;
use crate::dispatch::{queries, workflow};
use crate::programme::calendar::Known;
use crate::web::dates::{day_short, moment_long};
use crate::web::locale::Locale;
use crate::web::page::Page;
use crate::{campaign as campaigns, programme};

/// One assignment with everything that its pages need.
#[derive(Clone, Debug)]
pub struct AssignmentDetail {
    /// Assignment with everything that its rules need.
    pub found: LoadedAssignment,
    /// Option of the campaign that gives the issue its wording.
    pub option: campaign_option::Model,
    /// Province of the assignment.
    pub place: place::Model,
    /// Campaign of the assignment.
    pub campaign: campaign::Model,
    /// Lead department of the issue; none where the list of terms lacks its code.
    pub lead: Option<term::Model>,
    /// Remedies that would clear the issue, with their tests.
    pub remedies: Vec<term::Model>,
    /// Next deadline of the assignment, while the assignment is open.
    pub due: Option<Due>,
    /// Request for exemption that awaits a decision.
    pub asked: Option<exemption_request::Model>,
    /// Moves of the assignment, oldest first.
    pub events: Vec<assignment_event::Model>,
}

/// One assignment, for staff within whose reach it is: for everybody else it does not exist.
///
/// # Errors
/// `Unauthenticated`; `NotFound`.
pub async fn row(db: &impl ConnectionTrait, ctx: &Ctx, issue: &str, province: &str) -> Result<AssignmentDetail> {
    let found = queries::for_staff(db, ctx, issue, province).await?;
    let option = campaigns::queries::option(db, &found.issue.code).await?;
    let calendar = programme::queries::calendar(db, Known::Now).await?;
    let limit = found.dispatch.acknowledge_due_at;
    let departments = programme::queries::terms(db, TermKind::Department).await?;
    let remedies = programme::queries::terms(db, TermKind::Remedy).await?;
    Ok(AssignmentDetail {
        place: programme::queries::place(db, province).await?,
        campaign: campaigns::queries::by_id(db, found.issue.campaign_id).await?,
        lead: departments.into_iter().find(|d| d.code == option.lead_department),
        remedies: remedies.into_iter().filter(|r| option.remedies.has(&r.code)).collect(),
        due: Due::of(&found.assignment, limit, &calendar, ctx.now),
        asked: queries::open_exemption_request(db, &found).await?,
        events: queries::events(db, &found, None).await?,
        option,
        found,
    })
}

/// Top of every page of one assignment, in words.
#[derive(Clone, Debug)]
pub struct Head {
    /// Code of the issue.
    pub code: String,
    /// The issue in citizens' words.
    pub title: String,
    /// Short form of the issue's title.
    pub short: String,
    /// Name of the province.
    pub place: String,
    /// Name of the campaign.
    pub campaign: String,
    /// Code of the state of the assignment.
    pub state: &'static str,
    /// Code of the fact that is shown beside the state; empty for none.
    pub fact: &'static str,
    /// Coverage in % for a report that covers only a part; else -1.
    pub cover: i64,
    /// Next deadline as a sentence; empty where the assignment is not open.
    pub due: String,
    /// Address of the page of the assignment.
    pub href: String,
    /// Number of moves of the assignment, which forms on this page send back as the version.
    pub version: i32,
}

impl AssignmentDetail {
    /// The top of a page of this assignment.
    #[must_use]
    pub fn head(&self, p: &Page) -> Head {
        let row = &self.found.assignment;
        Head {
            code: self.found.issue.code.clone(),
            title: p.pick(&self.option.title_zh, &self.option.title_en).to_owned(),
            short: p.pick(&self.option.short_zh, &self.option.short_en).to_owned(),
            place: p.pick(&self.place.name_zh, &self.place.name_en).to_owned(),
            campaign: p.pick(&self.campaign.name_zh, &self.campaign.name_en).to_owned(),
            state: row.state.code(),
            fact: fact(self.due),
            cover: cover(row),
            due: self.due.map(|d| due_text(p, d)).unwrap_or_default(),
            href: self.href(),
            version: row.moves,
        }
    }

    /// Address of the page of the assignment.
    #[must_use]
    pub fn href(&self) -> String {
        address(&self.found.issue.code, &self.found.assignment.province)
    }

    /// Moves that somebody may make now.
    #[must_use]
    pub fn offers(&self, staff: &Staff) -> Vec<Move> {
        workflow::offers(staff, &self.found.case(), self.asked.is_some())
    }

    /// Whether somebody may ask for an exemption now. A request is no move, so the table of moves does not contain it.
    #[must_use]
    pub fn may_ask_exemption(&self, staff: &Staff) -> bool {
        let row = &self.found.assignment;
        row.state.is_open() && self.asked.is_none() && staff.may_in(Act::Coordinate, &row.province)
    }

    /// Moves that came after a form was made: each as a sentence with office, move and time, and with the reason that was
    /// given.
    #[must_use]
    pub fn changes_since(&self, p: &Page, version: i32) -> Vec<(String, String)> {
        let later = self.events.iter().filter(|e| e.seq > version);
        later
            .map(|e| {
                let said = p.tr(
                    "dispatch-change",
                    &[
                        ("office", e.office.clone()),
                        ("at", moment_long(p.locale, e.at)),
                        ("act", p.tc("dispatch-did-", e.act)),
                        ("state", p.t(&format!("state-{}", e.to_state))),
                    ],
                );
                (said, e.reason.clone())
            })
            .collect()
    }
}

/// Address of the page of an assignment.
#[must_use]
pub fn address(issue: &str, province: &str) -> String {
    format!("/desk/assignments/{issue}/{province}")
}

/// Code of the fact beside the state: overdue, due soon, or empty.
#[must_use]
pub fn fact(due: Option<Due>) -> &'static str {
    match due {
        Some(due) if due.is_overdue() => "overdue",
        Some(due) if due.is_soon() => "due-soon",
        _ => "",
    }
}

/// Coverage in %, rounded down, for a filed report that covers only a part; else -1.
#[must_use]
pub fn cover(row: &entity::assignment::Model) -> i64 {
    if row.state == AssignmentState::Reported && row.covered < row.coverable {
        i64::from(row.covered) * 100 / i64::from(row.coverable.max(1))
    } else {
        -1
    }
}

/// A deadline as a sentence.
#[must_use]
pub fn due_text(p: &Page, due: Due) -> String {
    let what = match due.limit {
        Limit::Acknowledgement => "acknowledge",
        Limit::Fix => "fix",
    };
    let when = match (due.late, due.days) {
        (true, 0) => "past",
        (true, _) => "late",
        (false, 0) => "today",
        (false, _) => "left",
    };
    p.tr(&format!("dispatch-due-{what}-{when}"), &[("n", due.days.to_string()), ("day", day_short(p.locale, due.on))])
}

/// Instant of an event in China time, as tables show it.
#[must_use]
pub fn stamp(at: DateTime<Utc>) -> String {
    at.with_timezone(&clock::CHINA).format("%Y-%m-%d %H:%M").to_string()
}

/// Name of a term in the language of the reader.
#[must_use]
pub fn word(locale: Locale, term: &term::Model) -> String {
    locale.pick(&term.name_zh, &term.name_en).to_owned()
}
