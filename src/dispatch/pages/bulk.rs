//! The page for acknowledging many assignments. A preview shows the outcome, with a department for each assignment; then every
//! assignment that can be acknowledged is, and the others are named with their reason.

use askama::Template;
use poem::http::StatusCode;
use poem::{Response, handler};

use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands::{self, Taken, Taking};
use crate::dispatch::inbox::departments;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, row};
use crate::programme::offices::office;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::form::Sent;
use crate::web::page::{Page, html_with, see_other};

#[derive(Template)]
#[template(path = "dispatch/bulk.html")]
struct Bulk {
    p: Page,
    nav: Nav,
    lines: Vec<BulkLine>,
    /// Sentence with the number of acknowledged assignments and the reasons of the others; none for a preview.
    result: Option<String>,
    /// Number of lines that can be acknowledged as they are.
    ready: usize,
    everywhere: String,
}

/// One assignment that the form asks for.
struct BulkLine {
    /// Value of the assignment in the form, as `{issue}/{province}`.
    value: String,
    name: String,
    place: String,
    lead: String,
    department: String,
    /// Number of moves of the assignment, sent back as its version.
    version: i32,
    /// Reason why the assignment cannot be acknowledged; empty where it can.
    problem: String,
}

/// Shows the outcome (`act=check`), sets one department for all lines (`act=same`), or acknowledges (`act=apply`).
#[handler]
pub async fn bulk(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::Coordinate)?;
    let asked = asked(&signed, &sent).await?;
    let apply = sent.get("act") == "apply";
    let ctx = &signed.ctx;
    let work = async |tx: &_| commands::acknowledge_all(tx, ctx, asked, !apply).await;
    let taken =
        if apply { signed.write(Changes::Public, work).await? } else { signed.write(Changes::Internal, work).await? };
    let p = signed.page("desk").titled("dispatch-bulk-title");
    let failed = taken.iter().filter(|t| t.outcome.is_err()).count();
    if apply && failed == 0 && !taken.is_empty() {
        let done = format!("/desk/assignments?acknowledged={}", taken.len());
        return Ok(see_other(&p.href(&done)));
    }
    let result = apply.then(|| result(&p, &taken));
    let status = if taken.is_empty() || (apply && failed == taken.len()) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let mut lines = Vec::new();
    for one in &taken {
        if apply && one.outcome.is_ok() {
            continue;
        }
        lines.push(line(&signed, &p, one).await?);
    }
    let template = Bulk {
        nav: signed.nav(Section::Assignments),
        ready: lines.iter().filter(|l| l.problem.is_empty()).count(),
        everywhere: sent.get("everywhere").to_owned(),
        lines,
        result,
        p,
    };
    html_with(status, &template)
}

/// The assignments of the form. A form from the list carries ticks and no departments: the usual departments are filled in.
async fn asked(signed: &Signed, sent: &Sent) -> Result<Vec<Taking>> {
    let mut asked = Vec::new();
    let given = sent.all("department");
    let versions = sent.all(if sent.has("expected_version") { "expected_version" } else { "seen" });
    for (n, value) in sent.all("row").iter().enumerate() {
        let Some((issue, province)) = value.split_once('/') else {
            continue;
        };
        let department = match given.get(n) {
            _ if sent.get("act") == "same" => sent.get("everywhere").to_owned(),
            Some(typed) => typed.clone(),
            None => usual(signed, issue, province).await?,
        };
        asked.push(Taking {
            issue: issue.to_owned(),
            province: province.to_owned(),
            department,
            expected_version: versions.get(n).and_then(|s| s.parse().ok()),
        });
    }
    Ok(asked)
}

async fn usual(signed: &Signed, issue: &str, province: &str) -> Result<String> {
    let db = signed.app.stores.main.db();
    let Some(row) = found(signed, issue, province).await? else {
        return Ok(String::new());
    };
    let lead = &row.option.lead_department;
    let within = signed.ctx.provinces(Act::Coordinate)?;
    let before = departments(db, &within, province).await?;
    Ok(before.get(lead).cloned().unwrap_or_else(|| office(province, &row.place.name_zh, lead)))
}

async fn found(signed: &Signed, issue: &str, province: &str) -> Result<Option<AssignmentDetail>> {
    match row(signed.app.stores.main.db(), &signed.ctx, issue, province).await {
        Ok(row) => Ok(Some(row)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn line(signed: &Signed, p: &Page, taken: &Taken) -> Result<BulkLine> {
    let asked = &taken.asked;
    let row = found(signed, &asked.issue, &asked.province).await?;
    let head = row.as_ref().map(|r| r.head(p));
    Ok(BulkLine {
        value: format!("{}/{}", asked.issue, asked.province),
        name: match &head {
            Some(head) => format!("{} {}", head.code, head.short),
            None => asked.issue.clone(),
        },
        place: head.as_ref().map(|h| h.place.clone()).unwrap_or_default(),
        lead: row
            .as_ref()
            .and_then(|r| r.lead.as_ref())
            .map(|lead| p.pick(&lead.name_zh, &lead.name_en).to_owned())
            .unwrap_or_default(),
        department: asked.department.clone(),
        version: head.map_or(0, |h| h.version),
        problem: match &taken.outcome {
            Ok(_) => String::new(),
            Err(error) => reason(p, error),
        },
    })
}

/// Sentence with the codes grouped by reason, such as `已签收18项；2项没有成功：S2-07、S2-11缺承办部门`.
fn result(p: &Page, taken: &[Taken]) -> String {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for one in taken {
        if let Err(error) = &one.outcome {
            let reason = reason(p, error);
            match reasons.iter_mut().find(|(r, _)| *r == reason) {
                Some((_, codes)) => codes.push(&one.asked.issue),
                None => reasons.push((reason, vec![&one.asked.issue])),
            }
        }
    }
    let comma = p.t("dispatch-and");
    let failed = reasons
        .iter()
        .map(|(reason, codes)| {
            let args = [("codes", codes.join(&comma)), ("reason", reason.clone())];
            p.tr("dispatch-bulk-failed-for", &args)
        })
        .collect::<Vec<_>>()
        .join(&p.t("dispatch-semicolon"));
    let count = taken.iter().filter(|t| t.outcome.is_err()).count();
    p.tr(
        "dispatch-bulk-result",
        &[("done", (taken.len() - count).to_string()), ("failed", count.to_string()), ("reasons", failed)],
    )
}

fn reason(p: &Page, error: &Error) -> String {
    let refusal = error.refusal();
    if refusal.code == "form.empty" { p.t("dispatch-bulk-no-department") } else { p.locale.refusal(&refusal) }
}
