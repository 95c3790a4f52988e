//! The list of decisions that provinces wait for: returned assignments and requests for exemption, each with its basis and the
//! form for the decision. A returned assignment also shows earlier returns of the province.

use std::collections::HashMap;

use askama::Template;
use entity::stored::{AssignmentState, Move};
use poem::web::Query;
use poem::{Response, handler};

use crate::base::access::Act;
use crate::base::clock;
use crate::base::error::Result;
use crate::dispatch::inbox::{open_requests, returns};
use crate::dispatch::pages::assignment_detail::{address, stamp};
use crate::dispatch::pages::move_form::said;
use crate::dispatch::queries::{self, Filter, Listed};
use crate::programme;
use crate::programme::calendar::Known;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::{day_short, moment_long};
use crate::web::page::{Page, html};

#[derive(Template)]
#[template(path = "dispatch/rulings.html")]
struct Rulings {
    p: Page,
    nav: Nav,
    returned: Vec<Case>,
    requests: Vec<Case>,
}

/// One assignment that awaits a decision.
struct Case {
    /// Base of the element ids on the page.
    id: String,
    href: String,
    ruling_href: String,
    exemption_href: String,
    refusal_href: String,
    code: String,
    title: String,
    place: String,
    state: &'static str,
    version: i32,
    /// Class of the requested exemption, in words; empty for a return.
    class: String,
    basis: String,
    since: String,
    /// Last day for the decision; a later decision is still possible.
    limit: String,
    late: bool,
    /// Earlier returns of the province and the rulings on them: sentence and reason of each.
    history: Vec<(String, String)>,
}

/// Number of working days that a decision takes in practice; the limit of the list.
const LIMIT: u32 = 2;

/// Answers with the list of decisions, for organisers.
#[handler]
pub async fn rulings(signed: Signed, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    let within = &signed.ctx.provinces(Act::Rule)?;
    let mut p = signed.page("desk").titled("layout-desk-rulings");
    p.notice = query.get("done").and_then(|act| said(&p, act));
    let db = signed.app.stores.main.db();
    let requests = open_requests(db, within).await?;
    let of = |filter: Filter| async move { queries::list(db, within, &filter, (0, 500)).await };
    let (_, returned) = of(Filter { states: vec![AssignmentState::Returned], ..Filter::default() }).await?;
    let (_, asked) = of(Filter {
        states: queries::open_states(),
        ids: Some(requests.iter().map(|r| r.assignment_id).collect()),
        ..Filter::default()
    })
    .await?;
    let provinces: Vec<String> = returned.iter().map(|l| l.assignment.province.clone()).collect();
    let history = returns(db, within, &provinces).await?;
    let calendar = programme::queries::calendar(db, Known::Now).await?;
    let case = |listed: &Listed, since: chrono::DateTime<chrono::Utc>| {
        let limit = calendar.add_working_days(clock::day_of(since), LIMIT);
        let row = &listed.assignment;
        let href = address(&listed.issue.code, &row.province);
        Case {
            id: format!("{}-{}", listed.issue.code, row.province),
            ruling_href: format!("{href}/ruling"),
            exemption_href: format!("{href}/exemption"),
            refusal_href: format!("{href}/exemption-refusal"),
            href,
            code: listed.issue.code.clone(),
            title: p.pick(&listed.option.title_zh, &listed.option.title_en).to_owned(),
            place: p.pick(&listed.place.name_zh, &listed.place.name_en).to_owned(),
            state: row.state.code(),
            version: row.moves,
            class: String::new(),
            basis: String::new(),
            since: moment_long(p.locale, since),
            limit: day_short(p.locale, limit),
            late: clock::end_of(limit) <= signed.ctx.now,
            history: Vec::new(),
        }
    };
    let returned: Vec<Case> = returned
        .iter()
        .map(|listed| {
            let own = (&listed.assignment.province, &listed.issue.code);
            let mut case = case(listed, listed.assignment.moved_at);
            let standing = history.iter().find(|(q, i, e)| (q, i) == own && e.act == Move::Return);
            case.basis = standing.map(|s| s.2.reason.clone()).unwrap_or_default();
            case.history = history
                .iter()
                .filter(|(q, i, e)| q == own.0 && (i != own.1 || e.act == Move::Ruling))
                .map(|(_, issue, event)| {
                    let said = p.tr(
                        "dispatch-returns-line",
                        &[
                            ("at", stamp(event.at)),
                            ("code", issue.clone()),
                            ("act", p.tc("dispatch-did-", event.act)),
                            ("state", p.t(&format!("state-{}", event.to_state))),
                        ],
                    );
                    (said, event.reason.clone())
                })
                .collect();
            case
        })
        .collect();
    let requests: Vec<Case> = requests
        .iter()
        .filter_map(|request| {
            let listed = asked.iter().find(|l| l.assignment.id == request.assignment_id)?;
            let mut case = case(listed, request.at);
            case.class = p.tc("dispatch-class-", request.class);
            case.basis = request.basis.clone();
            Some(case)
        })
        .collect();
    let template = Rulings { nav: signed.nav(Section::Rulings), returned, requests, p };
    html(&template)
}
