//! The report: what changed, since when, for how many, and the files that prove it. Files are put down before anything else
//! is checked, so that a refusal costs nobody an upload.

use askama::Template;
use chrono::NaiveDate;
use entity::stored::Move;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Body, Request, Response, handler};

use crate::base::clock::day_of;
use crate::base::error::{Error, FieldError, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands::allowed;
use crate::dispatch::pages::assignment_detail::{address, row};
use crate::dispatch::pages::move_form::{MoveForm, done, is_answerable, seen};
use crate::dispatch::queries::{LoadedAssignment, for_staff};
use crate::report::commands::{self, NewReport};
use crate::report::evidence::Stored;
use crate::report::evidence::quota::{Quota, Used, size_of};
use crate::report::evidence::scanner::AWAY;
use crate::report::pages::claim::{Proof, drafts};
use crate::report::queries;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Parts, Sent};
use crate::web::page::{Page, html_with, see_other};

#[derive(Template)]
#[template(path = "report/report.html")]
struct ReportPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    /// The finding that this report has to answer; empty for none.
    finding: String,
    /// What would prove it: remedy and test.
    tests: Vec<(String, String)>,
    typed: Typed,
    today: String,
    files: Vec<Proof>,
    /// Whether a picture among them was drawn anew.
    redrawn: bool,
    /// How much the province keeps, where little room is left; empty otherwise.
    scarce: String,
    /// Said before a report is sent that does not reach all; empty otherwise.
    partial: String,
}

/// The fields as they were typed.
struct Typed {
    before: String,
    after: String,
    effective_on: String,
    covered: String,
    coverable: String,
}

/// Most files of one form.
const MAX_AT_ONCE: usize = 20;

/// Asks for the report.
#[handler]
pub async fn asked(signed: Signed, Path((issue, province)): Path<(String, String)>) -> Result<Response> {
    page(&signed, &issue, &province, &Sent::default(), None, false).await
}

/// Takes the files, then files the report; or only takes them (`act=upload`), or puts one away (`drop`).
#[handler]
pub async fn filed(
    signed: Signed,
    Path((issue, province)): Path<(String, String)>,
    request: &Request,
    body: Body,
) -> poem::Result<Response> {
    let (ctx, app) = (&signed.ctx, &signed.app);
    let found = for_staff(app.stores.main.db(), ctx, &issue, &province).await?;
    let mut parts = Parts::of(request, body).await?;
    let takes = commands::may_add_evidence(ctx, &found).is_ok();
    let (stored, mut problems) = receive(&signed, &found, &mut parts, takes).await?;
    let sent = parts.into_sent();
    let put = async |tx: &_| {
        let found = for_staff(tx, ctx, &issue, &province).await?;
        let mut refused = Vec::new();
        for file in stored {
            match commands::add_evidence(tx, ctx, &found, app.config.evidence_room, file).await {
                Err(Error::Invalid(errors)) => refused.extend(errors),
                other => drop(other?),
            }
        }
        if sent.has("drop") {
            commands::drop_evidence(tx, ctx, &found, sent.get("drop")).await?;
        }
        Ok(refused)
    };
    match app.stores.main.write(Changes::Internal, put).await {
        Ok(refused) => problems.extend(refused),
        // Put away by somebody else meanwhile: then it is not there, as was wanted.
        Err(Error::NotFound("evidence")) => {}
        Err(error) if is_answerable(&error) => {
            return Ok(page(&signed, &issue, &province, &sent, Some(error), false).await?);
        }
        Err(error) => return Err(error.into()),
    }
    let only_files = sent.get("act") == "upload" || sent.has("drop");
    if only_files || !problems.is_empty() {
        let unscanned = problems.iter().any(|problem| problem.refusal.code == "evidence.unscanned");
        let refused = (!problems.is_empty()).then_some(Error::Invalid(problems));
        let mut page = page(&signed, &issue, &province, &sent, refused, false).await?;
        if unscanned {
            page.set_status(StatusCode::SERVICE_UNAVAILABLE);
            page.headers_mut().insert(header::RETRY_AFTER, AWAY.into());
        }
        return Ok(page);
    }
    Ok(file(&signed, &issue, &province, &sent).await?)
}

/// The files of the form in their places, and those that were not taken, each by its name.
async fn receive(
    signed: &Signed,
    found: &LoadedAssignment,
    parts: &mut Parts,
    takes: bool,
) -> Result<(Vec<Stored>, Vec<FieldError>)> {
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    let used = queries::used(signed.app.stores.main.db(), &found.assignment.province).await?;
    let full = signed.app.config.evidence_room.admits(used, 0);
    while let Some(file) = parts.next_file().await? {
        if !takes {
            continue;
        }
        if let Err(Error::Invalid(errors)) = &full {
            refused.clone_from(errors);
            continue;
        }
        if stored.len() + refused.len() == MAX_AT_ONCE {
            refused.push(FieldError {
                field: "evidence".to_owned(),
                refusal: Refusal::new("form.too_many_files").with("most", MAX_AT_ONCE),
            });
        }
        if stored.len() + refused.len() > MAX_AT_ONCE {
            continue;
        }
        let app = &signed.app;
        app.limiter.try_acquire(commands::FILES, &signed.ctx.staff()?.login, app.clock.system())?;
        match app.files.receive(&file.name, file.content).await {
            Ok(file) => stored.push(file),
            Err(Error::Invalid(errors)) => refused.extend(errors),
            Err(error) => return Err(error),
        }
    }
    Ok((stored, refused))
}

async fn file(signed: &Signed, issue: &str, province: &str, sent: &Sent) -> Result<Response> {
    let ctx = &signed.ctx;
    signed.app.limiter.try_acquire(commands::REPORTS, &ctx.staff()?.login, signed.app.clock.system())?;
    let work = async |tx: &_| {
        let found = for_staff(tx, ctx, issue, province).await?;
        let seen = seen(sent)?;
        allowed(tx, ctx, &found, Move::Report, seen).await?;
        let mut report = read(sent)?;
        if report.covered < report.coverable && sent.get("partial") != "yes" {
            return Ok(false);
        }
        let files = queries::evidence(tx, &found).await?;
        let drafts = files.into_iter().filter(|f| f.report_id.is_none());
        report.evidence = drafts.map(|f| f.sha256).collect();
        commands::file_report(tx, ctx, &found, seen, report).await?;
        Ok(true)
    };
    match signed.app.stores.main.write(Changes::Public, work).await {
        Ok(true) => {
            let p = signed.page("desk");
            let row = address(issue, province);
            Ok(see_other(&done(&p, sent, &row, Move::Report.code())))
        }
        Ok(false) => page(signed, issue, province, sent, None, true).await,
        Err(error) if is_answerable(&error) => page(signed, issue, province, sent, Some(error), false).await,
        Err(error) => Err(error),
    }
}

/// The one conversion of the form; all that does not read is said at once.
fn read(sent: &Sent) -> Result<NewReport> {
    let mut problems = Problems::default();
    let before = problems.text("before", sent.get("before"), 2000);
    let after = problems.text("after", sent.get("after"), 2000);
    let effective_on = sent.get("effective_on").trim().parse::<NaiveDate>();
    problems.check(effective_on.is_ok(), "effective_on", "form.date");
    let mut number = |field: &'static str| {
        let number = sent.get(field).trim().parse::<i32>();
        problems.check(number.is_ok(), field, "form.number");
        number.unwrap_or_default()
    };
    let (covered, coverable) = (number("covered"), number("coverable"));
    problems.finish()?;
    Ok(NewReport {
        before,
        after,
        effective_on: effective_on.map_err(|_| Error::field("effective_on", Refusal::new("form.date")))?,
        covered,
        coverable,
        evidence: Vec::new(),
    })
}

async fn page(
    signed: &Signed,
    issue: &str,
    province: &str,
    sent: &Sent,
    refused: Option<Error>,
    partial: bool,
) -> Result<Response> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let row = row(db, ctx, issue, province).await?;
    let p = signed.page("desk").titled("dispatch-move-report");
    let (status, p) = match refused {
        Some(error) => p.again(error)?,
        None => {
            allowed(db, ctx, &row.found, Move::Report, None).await?;
            (StatusCode::OK, p)
        }
    };
    let last = row.events.last();
    let finding = last.filter(|e| matches!(e.act, Move::Rejection | Move::Relapse | Move::SendingBack));
    let field =
        |name: &'static str, label: &str| Field::new(Kind::Area, name, p.t(label), sent.get(name)).at_most(2000);
    let ask = MoveForm::of(db, ctx, &p, &row, Move::Report, sent)
        .await?
        .field(&p, field("before", "report-before"))
        .field(&p, field("after", "report-after"))
        .field(&p, field("effective_on", "report-effective"))
        .field(&p, field("covered", "report-covered"))
        .field(&p, field("coverable", "report-coverable"));
    let typed = Typed {
        before: sent.get("before").to_owned(),
        after: sent.get("after").to_owned(),
        effective_on: sent.get("effective_on").to_owned(),
        covered: sent.get("covered").to_owned(),
        coverable: sent.get("coverable").to_owned(),
    };
    let files = drafts(db, &p, &row).await?;
    let room = signed.app.config.evidence_room;
    let used = queries::used(db, &row.found.assignment.province).await?;
    let counts = [("done", typed.covered.trim().to_owned()), ("all", typed.coverable.trim().to_owned())];
    let template = ReportPage {
        nav: signed.nav(Section::Assignments),
        ask,
        finding: finding.map(|e| e.reason.clone()).unwrap_or_default(),
        tests: row
            .remedies
            .iter()
            .map(|r| {
                let name = p.pick(&r.name_zh, &r.name_en).to_owned();
                (name, p.pick(&r.detail_zh, &r.detail_en).to_owned())
            })
            .collect(),
        today: day_long(p.locale, day_of(ctx.now)),
        redrawn: files.iter().any(|file| file.redrawn),
        scarce: if room.is_scarce(used) { p.tr("report-evidence-scarce", &told(room, used)) } else { String::new() },
        files,
        partial: if partial { p.tr("report-partial-ask", &counts) } else { String::new() },
        typed,
        p,
    };
    html_with(status, &template)
}

fn told(room: Quota, used: Used) -> [(&'static str, String); 4] {
    [
        ("used", size_of(used.bytes)),
        ("most", size_of(room.bytes)),
        ("used_files", used.files.to_string()),
        ("files", room.files.to_string()),
    ]
}
