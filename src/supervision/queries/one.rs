//! One assignment as the public sees it on a day: what was done, what is claimed, what was checked. No name of a person
//! and no file leaves this slice.

use entity::stored::{AssignmentState, Move};
use entity::{assignment_event, campaign, campaign_option, evidence, exemption_request, place, report, verification};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::AsOf;
use crate::access::Provinces;
use crate::campaign::queries as campaigns;
use crate::dispatch::queries::{self as dispatches, Found};
use crate::error::Result;
use crate::programme;
use crate::report::queries as reports;
use crate::supervision::figures::Standing;
use crate::supervision::story::Milestones;

/// One assignment as of a day.
#[derive(Clone, Debug)]
pub struct One {
    /// The row with its issue, dispatch and team.
    pub found: Found,
    /// The wording.
    pub option: campaign_option::Model,
    /// Whose.
    pub campaign: campaign::Model,
    /// Where.
    pub place: place::Model,
    /// The moves by then, oldest first; none before the dispatch.
    pub events: Vec<assignment_event::Model>,
    /// How it stood then; none before the dispatch.
    pub standing: Option<Standing>,
    /// The dates of what stood then.
    pub milestones: Milestones,
    /// The report that stood then.
    pub report: Option<report::Model>,
    /// The files of that report.
    pub evidence: Vec<evidence::Model>,
    /// The checks by then, oldest first.
    pub checks: Vec<verification::Model>,
    /// The requests for exemption by then, oldest first.
    pub requests: Vec<exemption_request::Model>,
}

/// One assignment as of a day, by the codes in its address.
///
/// # Errors
/// `NotFound`.
pub async fn one(db: &impl ConnectionTrait, issue: &str, province: &str, as_of: AsOf) -> Result<One> {
    let found = dispatches::assignment(db, &Provinces::public(), issue, province).await?;
    let id = found.assignment.id;
    let before = as_of.instant;
    let events = dispatches::events(db, &found, Some(before)).await?;
    let campaign = campaigns::by_id(db, found.issue.campaign_id).await?;
    let option = campaigns::option(db, issue).await?;
    let place = programme::queries::place(db, province).await?;
    let report = reports::reports(db, &found).await?.into_iter().find(|r| {
        // Taken back later than the day: then it still stood.
        r.at < before && r.withdrawn_at.is_none_or(|at| at >= before)
    });
    let mut evidence = Vec::new();
    if let Some(report) = &report {
        evidence = reports::evidence(db, &found).await?;
        evidence.retain(|e| e.report_id == Some(report.id));
    }
    let checks = verification::Entity::find()
        .filter(verification::COLUMN.assignment_id.eq(id))
        .filter(verification::COLUMN.at.lt(before))
        .order_by_asc(verification::COLUMN.id)
        .all(db)
        .await?;
    let mut requests = dispatches::exemption_requests(db, &found).await?;
    requests.retain(|r| r.at < before);
    let standing = events.last().map(|event| Standing {
        id,
        campaign: campaign.slug.clone(),
        issue: found.issue.code.clone(),
        province: found.assignment.province.clone(),
        team: found.team.clone().unwrap_or_default(),
        state: event.to_state,
        since: event.at,
        due_at: found.assignment.due_at,
        coverage: report
            .as_ref()
            .filter(|_| event.to_state == AssignmentState::Reported)
            .map(|r| (r.covered.into(), r.coverable.into())),
    });
    Ok(One {
        milestones: Milestones::of(events.iter().map(|e| (e.act, e.at))),
        found,
        option,
        campaign,
        place,
        events,
        standing,
        report,
        evidence,
        checks,
        requests,
    })
}

impl One {
    /// The plan that stood then: what its event brought.
    #[must_use]
    pub fn plan(&self) -> Option<&assignment_event::Model> {
        self.events.iter().rev().find(|e| e.act == Move::Plan)
    }

    /// The department that the province named by then.
    #[must_use]
    pub fn department(&self) -> Option<&str> {
        let event = self.events.iter().rev().find(|e| e.act == Move::Acknowledgement)?;
        event.detail.get("department")?.as_str()
    }
}
