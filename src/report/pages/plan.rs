//! The plan: why it blocks here, what will be done, and by when.

use askama::Template;
use chrono::NaiveDate;
use entity::stored::{Move, TermKind};
use poem::http::StatusCode;
use poem::web::Path;
use poem::{Response, handler};

use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands::allowed;
use crate::dispatch::pages::assignment_detail::{address, row, word};
use crate::dispatch::pages::move_form::{MoveForm, done, is_answerable, seen};
use crate::dispatch::queries::for_staff;
use crate::programme;
use crate::report::commands::{self, NewPlan};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::{Page, html_with, see_other};

#[derive(Template)]
#[template(path = "report/plan.html")]
struct PlanPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    root_causes: Vec<(String, String, bool)>,
    remedies: Vec<(String, String, bool)>,
    description: String,
    milestones: Vec<Step>,
}

/// One line of milestones as it was typed.
struct Step {
    /// Ids of its two fields.
    day_id: String,
    text_id: String,
    day: String,
    text: String,
}

/// Lines for milestones.
const STEPS: usize = 5;

/// Asks for the plan.
#[handler]
pub async fn asked(signed: Signed, Path((issue, province)): Path<(String, String)>) -> Result<Response> {
    page(&signed, &issue, &province, &Sent::default(), None).await
}

/// Files the plan.
#[handler]
pub async fn filed(signed: Signed, Path((issue, province)): Path<(String, String)>, sent: Sent) -> Result<Response> {
    let work = async |tx: &_| {
        let found = for_staff(tx, &signed.ctx, &issue, &province).await?;
        let seen = seen(&sent)?;
        allowed(tx, &signed.ctx, &found, Move::Plan, seen).await?;
        commands::file_plan(tx, &signed.ctx, &found, seen, read(&sent)?).await
    };
    match signed.app.stores.main.write(Changes::Public, work).await {
        Ok(_) => {
            let to = done(&signed.page("desk"), &sent, &address(&issue, &province), Move::Plan.code());
            Ok(see_other(&to))
        }
        Err(error) if is_answerable(&error) => page(&signed, &issue, &province, &sent, Some(error)).await,
        Err(error) => Err(error),
    }
}

fn read(sent: &Sent) -> Result<NewPlan> {
    let mut problems = Problems::default();
    let mut milestones = Vec::new();
    for (day, text) in sent.all("day").iter().zip(sent.all("text")) {
        let (day, text) = (day.trim(), text.trim());
        match (day.is_empty(), text.is_empty()) {
            (true, true) => {}
            (false, false) => match day.parse::<NaiveDate>() {
                Ok(day) => milestones.push((day, text.to_owned())),
                Err(_) => problems.add("milestones", Refusal::new("form.date")),
            },
            _ => problems.add("milestones", Refusal::new("plan.half_milestone")),
        }
    }
    problems.finish()?;
    Ok(NewPlan {
        root_cause: sent.get("root_cause").to_owned(),
        remedy: sent.get("remedy").to_owned(),
        description: sent.get("description").to_owned(),
        milestones,
    })
}

async fn page(signed: &Signed, issue: &str, province: &str, sent: &Sent, refused: Option<Error>) -> Result<Response> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let row = row(db, ctx, issue, province).await?;
    let p = signed.page("desk").titled("dispatch-move-plan");
    let (status, p) = match refused {
        Some(error) => p.again(error)?,
        None => {
            allowed(db, ctx, &row.found, Move::Plan, None).await?;
            (StatusCode::OK, p)
        }
    };
    let chosen = |name: &str, usual: &str| {
        if sent.has(name) { sent.get(name).to_owned() } else { usual.to_owned() }
    };
    let root_cause = chosen("root_cause", &row.option.root_cause);
    let remedy = chosen("remedy", row.option.remedies.0.first().map_or("", String::as_str));
    let due = crate::dispatch::deadline::last_day(row.found.assignment.due_at);
    let due = [("day", day_long(p.locale, due))];
    let terms = async |kind, chosen: &str| -> Result<Vec<(String, String, bool)>> {
        let terms = programme::queries::terms(db, kind).await?;
        Ok(terms.iter().map(|t| (t.code.clone(), word(p.locale, t), t.code == chosen)).collect())
    };
    let root_causes = terms(TermKind::RootCause, &root_cause).await?;
    let remedies = terms(TermKind::Remedy, &remedy).await?;
    let typed =
        |name: &'static str, label: &str| Field::new(Kind::Area, name, p.t(label), sent.get(name)).at_most(2000);
    let milestones = milestones(sent);
    let lines: Vec<String> = milestones
        .iter()
        .map(|m| format!("{} {}", m.day, m.text).trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    let steps = Field::new(Kind::Area, "milestones", p.t("report-milestones"), &lines.join("\n"));
    let ask = MoveForm::of(db, ctx, &p, &row, Move::Plan, sent)
        .await?
        .told(p.tr("report-told-plan", &due))
        .field(&p, typed("description", "report-description"))
        .field(&p, steps);
    let template = PlanPage {
        nav: signed.nav(Section::Assignments),
        ask,
        root_causes,
        remedies,
        description: sent.get("description").to_owned(),
        milestones,
        p,
    };
    html_with(status, &template)
}

fn milestones(sent: &Sent) -> Vec<Step> {
    let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
    (0..STEPS.max(sent.all("day").len()))
        .map(|n| Step {
            day_id: match n {
                0 => "milestones".to_owned(),
                n => format!("day-{n}"),
            },
            text_id: format!("text-{n}"),
            day: at(sent.all("day"), n),
            text: at(sent.all("text"), n),
        })
        .collect()
}
