//! One assignment as the public sees it on a day: its moves, its claims and its checks. No name of a person and no file
//! leaves this slice.

use chrono::{DateTime, Utc};
use entity::stored::{AssignmentState, Move};
use entity::{assignment_event, campaign, campaign_option, evidence, exemption_request, place, report, verification};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::AsOf;
use crate::base::access::Provinces;
use crate::base::error::Result;
use crate::campaign::queries as campaigns;
use crate::dashboard::figures::AssignmentAsOf;
use crate::dashboard::milestones::{Milestones, courses, is_failure};
use crate::dispatch::queries::{self as dispatches, LoadedAssignment};
use crate::programme;
use crate::report::queries as reports;

/// One assignment as of a day.
#[derive(Clone, Debug)]
pub struct One {
    /// Row of the assignment, with its issue, dispatch and team.
    pub found: LoadedAssignment,
    /// Option of the campaign that became the issue, with its wording.
    pub option: campaign_option::Model,
    /// Campaign of the assignment.
    pub campaign: campaign::Model,
    /// Province of the assignment.
    pub place: place::Model,
    /// Moves up to the day, oldest first; empty before the dispatch.
    pub events: Vec<assignment_event::Model>,
    /// State of the assignment on the day; none before the dispatch.
    pub standing: Option<AssignmentAsOf>,
    /// Instants of the steps that stood on the day.
    pub milestones: Milestones,
    /// Claim that stood on the day, if any.
    pub claim: Option<Claim>,
    /// Signed claims that no longer stood on the day, the newest first: those that failed a check, and those that relapsed
    /// after a check. Claims that the department withdrew, or the province sent back before signing, are not included.
    pub failed: Vec<Claim>,
    /// Checks up to the day, oldest first.
    pub checks: Vec<verification::Model>,
    /// Requests for exemption up to the day, oldest first.
    pub requests: Vec<exemption_request::Model>,
}

/// A claim of a province, with its outcome up to a day.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Report that made the claim.
    pub report: report::Model,
    /// Evidence files of the report, oldest first.
    pub evidence: Vec<evidence::Model>,
    /// Instant at which a team confirmed the claim, programme time; none where no team had.
    pub verified_at: Option<DateTime<Utc>>,
    /// Move that ended the claim; none while the claim stands.
    pub end: Option<assignment_event::Model>,
}

impl Claim {
    /// Code of the team that found that the claim is not true; empty while the claim stands.
    #[must_use]
    pub fn failed_by(&self) -> &str {
        let team = self.end.as_ref().and_then(|end| end.detail.get("team"));
        team.and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

/// Reads one assignment as of a day, by the codes of its issue and province.
///
/// # Errors
/// `NotFound` where there is no such assignment.
pub async fn one(db: &impl ConnectionTrait, issue: &str, province: &str, as_of: AsOf) -> Result<One> {
    let found = dispatches::assignment(db, &Provinces::public(), issue, province).await?;
    let id = found.assignment.id;
    let before = as_of.instant;
    let all = dispatches::events(db, &found, None).await?;
    let mut claims = claims(db, &found, &all, before).await?;
    let claim = claims.pop_if(|c| c.end.is_none());
    claims.retain(|c| c.end.as_ref().is_some_and(|end| is_failure(end.act)));
    claims.reverse();
    let events: Vec<assignment_event::Model> = all.into_iter().filter(|e| e.at < before).collect();
    let campaign = campaigns::by_id(db, found.issue.campaign_id).await?;
    let option = campaigns::option(db, issue).await?;
    let place = programme::queries::place(db, province).await?;
    let checks = verification::Entity::find()
        .filter(verification::COLUMN.assignment_id.eq(id))
        .filter(verification::COLUMN.at.lt(before))
        .order_by_asc(verification::COLUMN.id)
        .all(db)
        .await?;
    let mut requests = dispatches::exemption_requests(db, &found).await?;
    requests.retain(|r| r.at < before);
    let standing = events.last().map(|event| AssignmentAsOf {
        id,
        campaign: campaign.slug.clone(),
        issue: found.issue.code.clone(),
        province: found.assignment.province.clone(),
        team: found.team.clone().unwrap_or_default(),
        state: event.to_state,
        since: event.at,
        due_at: found.assignment.due_at,
        coverage: claim
            .as_ref()
            .filter(|_| event.to_state == AssignmentState::Reported)
            .map(|c| (c.report.covered.into(), c.report.coverable.into())),
    });
    Ok(One {
        milestones: Milestones::of(events.iter().map(|e| (e.act, e.at))),
        found,
        option,
        campaign,
        place,
        events,
        standing,
        claim,
        failed: claims,
        checks,
        requests,
    })
}

/// Every claim that was made before an instant, oldest first, with its outcome up to that instant. A report and its move are
/// written in one transaction, so the first report belongs to the first move of that kind, and so on.
async fn claims(
    db: &impl ConnectionTrait,
    found: &LoadedAssignment,
    moves: &[assignment_event::Model],
    before: DateTime<Utc>,
) -> Result<Vec<Claim>> {
    let mut filed = reports::reports(db, found).await?;
    filed.sort_by_key(|r| r.id);
    let evidence = reports::evidence(db, found).await?;
    let by_then = |place: usize| moves.get(place).filter(|e| e.at < before);
    let courses = courses(moves.iter().map(|e| e.act));
    Ok(courses
        .into_iter()
        .zip(filed)
        .filter(|(course, _)| by_then(course.report).is_some())
        .map(|(course, report)| Claim {
            evidence: evidence.iter().filter(|e| e.report_id == Some(report.id)).cloned().collect(),
            verified_at: course.verification.and_then(by_then).map(|e| e.at),
            end: course.end.and_then(by_then).cloned(),
            report,
        })
        .collect())
}

impl One {
    /// The move with the plan that stood on the day.
    #[must_use]
    pub fn plan(&self) -> Option<&assignment_event::Model> {
        self.events.iter().rev().find(|e| e.act == Move::Plan)
    }

    /// The department that the province had named by the day.
    #[must_use]
    pub fn department(&self) -> Option<&str> {
        let event = self.events.iter().rev().find(|e| e.act == Move::Acknowledgement)?;
        event.detail.get("department")?.as_str()
    }
}
