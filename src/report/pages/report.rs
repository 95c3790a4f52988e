//! The page of the report: the change, the day since which the fix works, the coverage, and the evidence files. Files are
//! stored before anything else is checked, so that nobody has to upload them again after a refusal.

use askama::Template;
use entity::stored::Move;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Body, Request, Response, handler};
use sea_orm::DatabaseTransaction;

use crate::app::App;
use crate::base::clock::day_of;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, FieldError, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, address};
use crate::dispatch::pages::move_form::{MoveForm, done, expected_version};
use crate::dispatch::pages::move_page::{MovePage, Shown, is_answerable, show};
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::{LoadedAssignment, for_staff, lock};
use crate::report::commands::{self, NewReport};
use crate::report::evidence::quota::{Quota, Used, size_of};
use crate::report::evidence::scanner::AWAY;
use crate::report::evidence::{Lease, Stored};
use crate::report::pages::claim::{Proof, drafts};
use crate::report::{purge, queries};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Parts, Sent};
use crate::web::page::{Page, see_other};

#[derive(Template)]
#[template(path = "report/report.html")]
pub struct ReportPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    /// Finding that this report has to answer; empty for none.
    finding: String,
    /// Remedies that would prove the fix: name and test of each.
    tests: Vec<(String, String)>,
    typed: Typed,
    today: String,
    files: Vec<Proof>,
    /// Whether at least one file is a picture, which was re-encoded.
    redrawn: bool,
    /// Sentence about the room that the province uses, where little is left; empty otherwise.
    scarce: String,
    /// Question before a report with partial coverage is filed; empty otherwise.
    partial: String,
}

/// Fields of the form as typed.
struct Typed {
    before: String,
    after: String,
    effective_on: String,
    covered: String,
    coverable: String,
}

/// Largest number of files in one form.
const MAX_AT_ONCE: usize = 20;

/// The page of the report with its form. The handler of POST is [`filed`], which reads files.
#[derive(Clone, Copy)]
struct ReportForm {
    /// Whether the page asks to confirm that the report covers only a part.
    partial: bool,
}

/// Answers with the form of the report.
#[handler]
pub async fn asked(signed: Signed, Path((issue, province)): Path<(String, String)>) -> Result<Response> {
    show(ReportForm { partial: false }, &signed, (&issue, &province), &Sent::default(), None).await
}

/// Outcome of a form.
enum Filed {
    /// The report is filed.
    Report,
    /// The report covers only a part, and the form does not confirm this.
    Partial,
    /// Files were stored or removed, and no report was filed; holds the refusals of files.
    Files(Vec<FieldError>),
    /// Files were stored, and the report was refused.
    Refused(Error),
}

/// Stores the files, then files the report, in one transaction; or only stores the files (`act=upload`), or removes one
/// (`drop`). The files stay when the report is refused, so that nobody has to send them again.
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
    let mut received = Received::default();
    let refused = receive(&signed, &found, &mut parts, takes, &mut received).await;
    let Received { stored, leases } = received;
    let mut touched: Vec<String> = stored.iter().map(|file| file.sha256.clone()).collect();
    let mut problems = match refused {
        Ok(refused) => refused,
        Err(error) => {
            drop(leases);
            discard(app, touched).await?;
            return Err(error.into());
        }
    };
    let sent = parts.into_sent();
    let is_report = sent.get("act") != "upload" && !sent.has("drop") && problems.is_empty();
    let limited = match is_report {
        true => app.limiter.try_acquire(commands::REPORTS, &ctx.staff()?.login, app.clock.system()),
        false => Ok(()),
    };
    let changes = if is_report { Changes::Public } else { Changes::Internal };
    let work = async |tx: &_| {
        let mut found = for_staff(tx, ctx, &issue, &province).await?;
        found.assignment = lock(tx, &found).await?;
        let refused = put(tx, &signed, &found, stored, &sent).await?;
        if !is_report || limited.is_err() || !refused.is_empty() {
            return Ok(Filed::Files(refused));
        }
        match file(tx, ctx, &found, &sent).await {
            Err(error) if is_answerable(&error) => Ok(Filed::Refused(error)),
            filed => filed,
        }
    };
    let filed = signed.write(changes, work).await;
    drop(leases);
    touched.extend(sent.has("drop").then(|| sent.get("drop").to_owned()));
    discard(app, touched).await?;
    limited?;
    let again =
        async |refused, partial| show(ReportForm { partial }, &signed, (&issue, &province), &sent, refused).await;
    Ok(match filed {
        Ok(Filed::Report) => see_other(&done(&signed.page("desk"), &sent, &address(&issue, &province), "report")),
        Ok(Filed::Partial) => again(None, true).await?,
        Ok(Filed::Files(refused)) => {
            problems.extend(refused);
            let unscanned = problems.iter().any(|problem| problem.refusal.code == "evidence.unscanned");
            let refused = (!problems.is_empty()).then_some(Error::Invalid(problems));
            let mut page = again(refused, false).await?;
            if unscanned {
                page.set_status(StatusCode::SERVICE_UNAVAILABLE);
                page.headers_mut().insert(header::RETRY_AFTER, AWAY.into());
            }
            page
        }
        Ok(Filed::Refused(error)) => again(Some(error), false).await?,
        Err(error) if is_answerable(&error) => again(Some(error), false).await?,
        Err(error) => return Err(error.into()),
    })
}

/// Adds stored files to the assignment and removes the file that the form names; returns the refusals of files.
async fn put(
    tx: &DatabaseTransaction,
    signed: &Signed,
    found: &LoadedAssignment,
    stored: Vec<Stored>,
    sent: &Sent,
) -> Result<Vec<FieldError>> {
    let (ctx, room) = (&signed.ctx, signed.app.config.evidence_room);
    let mut refused = Vec::new();
    for file in stored {
        match commands::add_evidence(tx, ctx, found, room, file).await {
            Err(Error::Invalid(errors)) => refused.extend(errors),
            other => drop(other?),
        }
    }
    if sent.has("drop") {
        match commands::drop_evidence(tx, ctx, found, sent.get("drop")).await {
            // Somebody else removed the file meanwhile: the wanted state is reached.
            Err(Error::NotFound("evidence")) => {}
            other => other?,
        }
    }
    Ok(refused)
}

/// Files the report with every file that no report names yet.
async fn file(tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sent: &Sent) -> Result<Filed> {
    let permitted = allowed(tx, ctx, found, Move::Report, expected_version(sent)?).await?;
    let mut report = read(sent)?;
    if report.covered < report.coverable && sent.get("partial") != "yes" {
        return Ok(Filed::Partial);
    }
    let files = queries::evidence(tx, found).await?;
    report.evidence = files.into_iter().filter(|f| f.report_id.is_none()).map(|f| f.sha256).collect();
    commands::file_report(tx, ctx, permitted, report).await?;
    Ok(Filed::Report)
}

/// Files of a form that are stored, with the leases that keep them in their places.
#[derive(Default)]
struct Received {
    stored: Vec<Stored>,
    leases: Vec<Lease>,
}

/// Removes the files among these that no row names.
async fn discard(app: &App, hashes: Vec<String>) -> Result<()> {
    for sha256 in hashes {
        purge::discard(&app.stores.main, &app.files, &sha256).await?;
    }
    Ok(())
}

/// Stores the files of the form; returns the refusals of the others.
async fn receive(
    signed: &Signed,
    found: &LoadedAssignment,
    parts: &mut Parts,
    takes: bool,
    received: &mut Received,
) -> Result<Vec<FieldError>> {
    let Received { stored, leases } = received;
    let mut refused = Vec::new();
    let mut used = queries::used(signed.app.stores.main.db(), &found.assignment.province).await?;
    let mut full = Vec::new();
    while let Some(file) = parts.next_file().await? {
        if !takes || !full.is_empty() {
            continue;
        }
        if let Err(Error::Invalid(errors)) = signed.app.config.evidence_room.admits(used, 0) {
            full = errors;
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
            Ok((file, lease)) => {
                used.files += 1;
                used.bytes += file.size;
                stored.push(file);
                leases.push(lease);
            }
            Err(Error::Invalid(errors)) => refused.extend(errors),
            Err(error) => return Err(error),
        }
    }
    refused.extend(full);
    Ok(refused)
}

/// Parses the form; all fields that cannot be parsed are reported at once.
fn read(sent: &Sent) -> Result<NewReport> {
    let mut problems = Problems::default();
    let before = problems.text("before", sent.get("before"), 2000);
    let after = problems.text("after", sent.get("after"), 2000);
    let effective_on = problems.day("effective_on", sent.get("effective_on"));
    let mut number = |field: &'static str| problems.number(field, sent.get(field));
    let (covered, coverable) = (number("covered"), number("coverable"));
    problems.finish()?;
    Ok(NewReport { before, after, effective_on, covered, coverable, evidence: Vec::new() })
}

impl MovePage for ReportForm {
    type View = ReportPage;

    fn code(self) -> &'static str {
        Move::Report.code()
    }

    fn move_of(self) -> Move {
        Move::Report
    }

    async fn view(self, Shown { signed, p, row, sent }: Shown<'_>) -> Result<ReportPage> {
        view(signed, p, &row, sent, self.partial).await
    }
}

async fn view(signed: &Signed, p: Page, row: &AssignmentDetail, sent: &Sent, partial: bool) -> Result<ReportPage> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let last = row.events.last();
    let finding = last.filter(|e| matches!(e.act, Move::Rejection | Move::Relapse | Move::SendingBack));
    let field =
        |name: &'static str, label: &str| Field::new(Kind::Area, name, p.t(label), sent.get(name)).at_most(2000);
    let ask = MoveForm::of(db, ctx, &p, row, Move::Report, sent)
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
    let files = drafts(db, &p, row).await?;
    let room = signed.app.config.evidence_room;
    let used = queries::used(db, &row.found.assignment.province).await?;
    let counts = [("done", typed.covered.trim().to_owned()), ("all", typed.coverable.trim().to_owned())];
    Ok(ReportPage {
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
    })
}

fn told(room: Quota, used: Used) -> [(&'static str, String); 4] {
    [
        ("used", size_of(used.bytes)),
        ("most", size_of(room.bytes)),
        ("used_files", used.files.to_string()),
        ("files", room.files.to_string()),
    ]
}
