//! The page of one assignment for staff who work on it: the request, the tests of a fix, the reports, the verifications, and
//! exactly the moves that the table offers to this person now. Where somebody else has to move, the page names that person.

use std::collections::HashMap;

use askama::Template;
use entity::id::AccountId;
use entity::stored::{AssignmentState, Move, TermKind};
use poem::web::{Path, Query};
use poem::{Response, handler};

use crate::accounts;
use crate::base::access::Act;
use crate::base::error::Result;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, Head, row, word};
use crate::dispatch::pages::move_form::said;
use crate::dispatch::people::hands;
use crate::dispatch::{queries, workflow};
use crate::report::pages::claim::{ClaimInWords, claims};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::verification::queries::checks;
use crate::web::dates::{day_long, moment_long};
use crate::web::page::{Page, html};
use crate::{programme, report};

#[derive(Template)]
#[template(path = "dispatch/assignment.html")]
struct Desk {
    p: Page,
    nav: Nav,
    head: Head,
    public: String,
    votes: String,
    lead: String,
    department: String,
    deadline: String,
    tests: Vec<(String, String)>,
    moves: Vec<Offer>,
    /// Sentence that names the persons who have to move; empty where the reader has to, or nobody.
    waits: String,
    /// Notices at the top of the page: kind and text of each.
    notices: Vec<(&'static str, String)>,
    plan: Option<Plan>,
    claims: Vec<ClaimInWords>,
    checks: Vec<PastCheck>,
    requests: Vec<Request>,
    history: Vec<HistoryEntry>,
}

/// A move that the page offers.
struct Offer {
    text: String,
    href: String,
    kind: &'static str,
}

struct Plan {
    root_cause: String,
    remedy: String,
    description: String,
    milestones: Vec<(String, String)>,
    who: String,
    at: String,
}

struct PastCheck {
    outcome: String,
    test: String,
    findings: String,
    who: String,
    at: String,
}

struct Request {
    class: String,
    basis: String,
    who: String,
    at: String,
    end: String,
}

struct HistoryEntry {
    iso: String,
    at: String,
    text: String,
    who: String,
    reason: String,
    now: bool,
}

/// Answers with the page of an assignment.
#[handler]
pub async fn desk(
    signed: Signed,
    Path((issue, province)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let row = row(db, ctx, &issue, &province).await?;
    let mut p = signed.page("desk");
    let head = row.head(&p);
    p.title = format!("{} {} {}", head.code, head.short, head.place);
    p.notice = query.get("done").and_then(|act| said(&p, act));
    let assignment = &row.found.assignment;
    let names = names(&signed, &row).await?;
    let found = &row.found.issue;
    let votes = [("votes", p.n(found.votes)), ("real", p.n(found.votes_real_name)), ("rank", found.rank.to_string())];
    let due = crate::base::clock::last_day(assignment.due_at);
    let template = Desk {
        nav: signed.nav(Section::Assignments),
        public: format!("/issues/{issue}/provinces/{province}"),
        votes: p.tr("verification-votes", &votes),
        lead: row.lead.as_ref().map_or_else(String::new, |t| word(p.locale, t)),
        department: assignment.department.clone(),
        deadline: day_long(p.locale, due),
        tests: tests(&p, &row),
        moves: offered(&signed, &p, &row)?,
        waits: waits(&signed, &p, &row).await?,
        notices: notices(&signed, &p, &row).await?,
        plan: plan(&signed, &p, &row, &names).await?,
        claims: claims(&signed.app.stores.main, &p, &row).await?,
        checks: checked(&signed, &p, &row, &names).await?,
        requests: requests(&signed, &p, &row, &names).await?,
        history: history(&p, &row, &names),
        head,
        p,
    };
    html(&template)
}

/// The remedies that would clear the issue, each with the test that verifies the fix.
pub fn tests(p: &Page, row: &AssignmentDetail) -> Vec<(String, String)> {
    let remedies = row.remedies.iter();
    remedies
        .map(|r| {
            let test = p.pick(&r.detail_zh, &r.detail_en).to_owned();
            (word(p.locale, r), test)
        })
        .collect()
}

/// Names of all persons whom the page mentions, by account.
async fn names(signed: &Signed, row: &AssignmentDetail) -> Result<HashMap<AccountId, String>> {
    let db = signed.app.stores.main.db();
    let mut ids: Vec<AccountId> = row.events.iter().flat_map(|e| [e.actor_id, e.on_behalf_of]).flatten().collect();
    ids.extend(checks(db, &row.found).await?.iter().map(|c| c.leader_id));
    let requests = queries::exemption_requests(db, &row.found).await?;
    ids.extend(requests.iter().map(|r| r.author_id));
    ids.extend(report::queries::plan(db, &row.found).await?.map(|p| p.author_id));
    accounts::queries::names(db, ids).await
}

fn offered(signed: &Signed, p: &Page, row: &AssignmentDetail) -> Result<Vec<Offer>> {
    let staff = signed.ctx.staff()?;
    let main = workflow::awaits(row.found.assignment.state);
    let mut offers: Vec<Offer> = Vec::new();
    let mut add = |noun: &str, kind| {
        offers.push(Offer { text: p.tc("dispatch-move-", noun), href: format!("{}/{noun}", row.href()), kind });
    };
    for act in row.offers(staff) {
        add(act.code(), if Some(act) == main { "" } else { "2" });
        if act == Move::Exemption {
            add("exemption-refusal", "2");
        }
    }
    if row.may_ask_exemption(staff) {
        add("exemption-request", "text");
    }
    offers.sort_by_key(|o| (!o.kind.is_empty(), o.kind == "text"));
    Ok(offers)
}

async fn waits(signed: &Signed, p: &Page, row: &AssignmentDetail) -> Result<String> {
    let state = row.found.assignment.state;
    let Some(act) = workflow::awaits(state) else {
        return Ok(String::new());
    };
    if row.offers(signed.ctx.staff()?).contains(&act) {
        return Ok(String::new());
    }
    let people = hands(signed.app.stores.main.db(), &row.found, act, signed.ctx.now).await?;
    let who: Vec<String> = people
        .into_iter()
        .map(|a| {
            let args = [("name", a.name), ("office", a.office)];
            p.tr("verification-person", &args)
        })
        .collect();
    let args =
        [("act", p.tc("dispatch-move-", act)), ("who", who.join(&p.t("dispatch-and"))), ("n", who.len().to_string())];
    Ok(if who.is_empty() { p.tr("verification-waits-nobody", &args[..1]) } else { p.tr("verification-waits", &args) })
}

async fn notices(signed: &Signed, p: &Page, row: &AssignmentDetail) -> Result<Vec<(&'static str, String)>> {
    let (staff, assignment) = (signed.ctx.staff()?, &row.found.assignment);
    let mut notices = Vec::new();
    if assignment.state == AssignmentState::Rework
        && let Some(event) = row.events.last()
    {
        let args = [("finding", event.reason.clone())];
        notices.push(("warn", p.tr("verification-rework", &args)));
    }
    if assignment.state == AssignmentState::Reported {
        if assignment.covered < assignment.coverable {
            let args = [("done", assignment.covered.to_string()), ("all", assignment.coverable.to_string())];
            notices.push(("warn", p.tr("report-coverage-partial", &args)));
        } else if assignment.is_reporter(staff.id) && staff.may_in(Act::Coordinate, &assignment.province) {
            let db = signed.app.stores.main.db();
            let others = hands(db, &row.found, Move::Signature, signed.ctx.now).await?;
            let who: Vec<String> = others.into_iter().map(|a| a.name).collect();
            let args = [
                ("count", who.len().to_string()),
                ("who", who.join(&p.t("dispatch-and"))),
                ("province", row.head(p).place),
            ];
            notices.push(("info", p.tr("verification-own-report", &args)));
        }
    }
    if let Some(asked) = &row.asked {
        let args = [("day", moment_long(p.locale, asked.at)), ("class", p.tc("dispatch-class-", asked.class))];
        notices.push(("info", p.tr("verification-asked", &args)));
    }
    Ok(notices)
}

async fn plan(
    signed: &Signed,
    p: &Page,
    row: &AssignmentDetail,
    names: &HashMap<AccountId, String>,
) -> Result<Option<Plan>> {
    let db = signed.app.stores.main.db();
    let Some(plan) = report::queries::plan(db, &row.found).await? else {
        return Ok(None);
    };
    let words = programme::queries::words(db).await?;
    let named = |kind, code: &str| {
        let term = words.get(&(kind, code.to_owned()));
        term.map_or_else(|| code.to_owned(), |t| word(p.locale, t))
    };
    let milestones = plan.milestones.as_array().cloned().unwrap_or_default();
    Ok(Some(Plan {
        root_cause: named(TermKind::RootCause, &plan.root_cause),
        remedy: named(TermKind::Remedy, &plan.remedy),
        milestones: milestones
            .iter()
            .map(|m| {
                let of = |name: &str| m[name].as_str().unwrap_or_default().to_owned();
                (of("day"), of("text"))
            })
            .collect(),
        description: plan.description,
        who: names.get(&plan.author_id).cloned().unwrap_or_default(),
        at: moment_long(p.locale, plan.at),
    }))
}

async fn checked(
    signed: &Signed,
    p: &Page,
    row: &AssignmentDetail,
    names: &HashMap<AccountId, String>,
) -> Result<Vec<PastCheck>> {
    let db = signed.app.stores.main.db();
    let checks = checks(db, &row.found).await?;
    Ok(checks
        .into_iter()
        .map(|check| PastCheck {
            outcome: p.tc("verification-outcome-", check.outcome),
            test: check.test,
            findings: check.findings,
            who: names.get(&check.leader_id).cloned().unwrap_or_default(),
            at: moment_long(p.locale, check.at),
        })
        .collect())
}

async fn requests(
    signed: &Signed,
    p: &Page,
    row: &AssignmentDetail,
    names: &HashMap<AccountId, String>,
) -> Result<Vec<Request>> {
    let db = signed.app.stores.main.db();
    let requests = queries::exemption_requests(db, &row.found).await?;
    Ok(requests
        .into_iter()
        .rev()
        .map(|request| Request {
            class: p.tc("dispatch-class-", request.class),
            basis: request.basis,
            who: names.get(&request.author_id).cloned().unwrap_or_default(),
            at: moment_long(p.locale, request.at),
            end: match request.decided_at {
                None => p.t("verification-request-open"),
                Some(at) => {
                    let args = [("at", moment_long(p.locale, at)), ("reason", request.refusal.clone())];
                    if request.refusal.is_empty() {
                        p.tr("verification-request-granted", &args[..1])
                    } else {
                        p.tr("verification-request-refused", &args)
                    }
                }
            },
        })
        .collect())
}

/// The moves of the assignment with names, the latest first.
fn history(p: &Page, row: &AssignmentDetail, names: &HashMap<AccountId, String>) -> Vec<HistoryEntry> {
    let last = row.events.last().map_or(0, |e| e.seq);
    row.events
        .iter()
        .rev()
        .map(|event| {
            let name = event.actor_id.and_then(|id| names.get(&id));
            let lender = event.on_behalf_of.and_then(|id| names.get(&id));
            let mut who = vec![
                ("name", name.cloned().unwrap_or_default()),
                ("office", event.office.clone()),
                ("role", p.tc("accounts-role-", event.role)),
            ];
            let did = [("act", p.tc("dispatch-did-", event.act)), ("state", p.t(&format!("state-{}", event.to_state)))];
            HistoryEntry {
                iso: event.at.to_rfc3339(),
                at: moment_long(p.locale, event.at),
                text: p.tr("verification-history-line", &did),
                who: match lender {
                    Some(lender) => {
                        who.push(("lender", lender.clone()));
                        p.tr("verification-history-who-for", &who)
                    }
                    None => p.tr("verification-history-who", &who),
                },
                reason: event.reason.clone(),
                now: event.seq == last,
            }
        })
        .collect()
}
