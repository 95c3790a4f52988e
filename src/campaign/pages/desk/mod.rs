//! The desk pages for staff who make campaigns: a list of all campaigns, and for each campaign its overview, rules, options and
//! preview.
//!
//! Organisers write, approvers sign, auditors read. For everybody else these addresses do not exist.

mod board;
mod copying;
mod effects;
mod final_check;
mod form;
mod moves;
mod offers;
mod options;
mod overview;
mod preview;
mod rules;
mod rules_form;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::stored::CampaignMove;
use entity::{account, campaign};
use sea_orm::ConnectionTrait;

use crate::base::access::Act;
use crate::base::ctx::Staff;
use crate::base::error::{FieldError, Refusal, Result};
use crate::campaign::phase::Phase;
use crate::campaign::{halt, queries};
use crate::web::page::Page;
use crate::web::policy::Policy;
use crate::web::routes::Routes;
use crate::{accounts, tally};

/// Moves that these pages make; counting, certification and dispatch have pages of their own.
const MOVES: [CampaignMove; 8] = [
    CampaignMove::Submission,
    CampaignMove::SendingBack,
    CampaignMove::Publication,
    CampaignMove::Suspension,
    CampaignMove::HaltRequest,
    CampaignMove::HaltConfirmation,
    CampaignMove::Resumption,
    CampaignMove::Cancellation,
];

/// Adds the addresses of these pages.
pub fn routes(route: Routes) -> Routes {
    let route = route
        .get("/desk/campaigns", Policy::STAFF, board::board)
        .get("/desk/campaigns/new", Policy::STAFF, rules::blank)
        .post("/desk/campaigns/new", Policy::STAFF, rules::create)
        .get("/desk/campaigns/:slug", Policy::STAFF, overview::overview)
        .get("/desk/campaigns/:slug/rules", Policy::STAFF, rules::standing)
        .post("/desk/campaigns/:slug/rules", Policy::STAFF, rules::save)
        .get("/desk/campaigns/:slug/options", Policy::STAFF, options::current)
        .post("/desk/campaigns/:slug/options", Policy::STAFF, options::take)
        .get("/desk/campaigns/:slug/options.csv", Policy::EXPORT.reauthenticated(), options::csv)
        .get("/desk/campaigns/:slug/preview", Policy::STAFF, preview::preview);
    MOVES.iter().fold(route, |route, act| {
        let address = format!("/desk/campaigns/:slug/{act}");
        route.get(address.as_str(), Policy::STAFF, moves::ask).post(address, Policy::STAFF, moves::advance)
    })
}

/// The address of a campaign's overview.
fn desk(slug: &str) -> String {
    format!("/desk/campaigns/{slug}")
}

/// Name and office of staff by account, for histories that only staff see.
type People = HashMap<AccountId, String>;

/// Name and office of every account.
async fn people(p: &Page, db: &impl ConnectionTrait) -> Result<People> {
    let accounts = accounts::queries::accounts(db).await?;
    Ok(accounts.into_iter().map(|(row, _)| (row.id, named(p, &row))).collect())
}

/// The name and office of a person, as staff see one another.
fn named(p: &Page, row: &account::Model) -> String {
    p.tr("campaign-person", &[("name", row.name.clone()), ("office", row.office.clone())])
}

/// The sentence that tells whom a campaign waits for, and whether that is the reader.
async fn waits(
    p: &Page,
    db: &impl ConnectionTrait,
    found: &campaign::Model,
    now: DateTime<Utc>,
    reader: &Staff,
) -> Result<(String, bool)> {
    let phase = Phase::of(found, now);
    if phase != Phase::InReview {
        // As in the rule of halts, the person who asked for a halt cannot confirm it.
        let confirms = reader.may(Act::PublishCampaigns) && found.halted_by != Some(reader.id);
        if halt::is_unconfirmed(found, now) {
            return Ok((p.t("campaign-waits-halt"), confirms));
        }
        let is_proposed = phase != Phase::Tallied || tally::queries::selection(db, found.id).await?.is_some();
        let act = match phase {
            Phase::Tallied if found.top_n > 0 && !is_proposed => Some(Act::ProposeResults),
            Phase::Draft => Some(Act::WriteCampaigns),
            Phase::Suspended => Some(Act::ResumeCampaigns),
            Phase::Closed => Some(Act::CountBallots),
            Phase::Tallied if found.top_n > 0 => Some(Act::SignResults),
            Phase::Certified if found.top_n > 0 => Some(Act::Dispatch),
            _ => None,
        };
        let key = match (phase, found.top_n) {
            (Phase::Tallied, 0) => "campaign-waits-nobody".to_owned(),
            (Phase::Tallied, _) if !is_proposed => "campaign-waits-counted".to_owned(),
            _ => format!("campaign-waits-{}", phase.code().replace('_', "-")),
        };
        return Ok((p.t(&key), act.is_some_and(|act| reader.may(act))));
    }
    let publishers = queries::publishers(db, found).await?;
    let mine = publishers.iter().any(|row| row.id == reader.id);
    Ok((who_can_publish(p, &publishers), mine))
}

/// The sentence that names the persons who may publish.
fn who_can_publish(p: &Page, publishers: &[account::Model]) -> String {
    if publishers.is_empty() {
        return p.t("campaign-publishers-none");
    }
    let names: Vec<String> = publishers.iter().map(|row| named(p, row)).collect();
    let args = [("names", names.join(&p.t("campaign-list-joint")))];
    p.tr("campaign-publishers", &args)
}

/// The sentence why the reader cannot publish a campaign, and who can; empty for a reader who can.
async fn barred(p: &Page, db: &impl ConnectionTrait, found: &campaign::Model, reader: &Staff) -> Result<String> {
    if !queries::own_hands(db, found).await?.contains(&reader.id) {
        return Ok(String::new());
    }
    let publishers = queries::publishers(db, found).await?;
    Ok(format!("{}{}", p.t("campaign-own"), who_can_publish(p, &publishers)))
}

/// The errors as links for the summary above a form, with the labels of its fields, to which the reason of a move belongs on every
/// page; the link of a group leads to its first box.
fn summary(p: &Page, labels: &[(&str, String)], anchor: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut labels = labels.to_vec();
    labels.push(("reason", p.t("campaign-reason")));
    p.labelled_problems(&labels)
        .into_iter()
        .map(|(field, sentence)| (format!("#{}", anchor(&field)), sentence))
        .collect()
}

/// The heading of the summary above a form: the number of fields to change, or that the request was refused although no field
/// is wrong.
fn summary_title(p: &Page) -> String {
    if p.errors.iter().all(|e| e.field == AT_LARGE) {
        p.t("campaign-not-done")
    } else {
        p.tr("campaign-problems", &[("count", p.errors.len().to_string())])
    }
}

/// Name of the field that stands for the whole request.
const AT_LARGE: &str = "request";

/// A refusal that belongs to no single field.
fn at_large(refusal: Refusal) -> Vec<FieldError> {
    vec![FieldError { field: AT_LARGE.to_owned(), refusal }]
}
