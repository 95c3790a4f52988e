//! The page of the plan: the cause in this province, the work that will be done, and the days by which it will be done.

use askama::Template;
use entity::stored::{Move, TermKind};
use sea_orm::DatabaseTransaction;

use crate::base::ctx::Ctx;
use crate::base::error::{Problems, Refusal, Result};
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, word};
use crate::dispatch::pages::move_form::{MoveForm, expected_version};
use crate::dispatch::pages::move_page::{MoveAct, MovePage, Shown};
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::LoadedAssignment;
use crate::programme;
use crate::report::commands::{self, NewPlan};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "report/plan.html")]
pub struct PlanPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    root_causes: Vec<(String, String, bool)>,
    remedies: Vec<(String, String, bool)>,
    description: String,
    milestones: Vec<MilestoneFields>,
}

/// One line of milestones as typed.
struct MilestoneFields {
    /// Element id of the day field.
    day_id: String,
    text_id: String,
    day: String,
    text: String,
}

/// Smallest number of lines for milestones.
const STEPS: usize = 5;

/// The page of the plan of an assignment.
#[derive(Clone, Copy)]
pub struct PlanMove;

impl MoveAct for PlanMove {
    async fn act(self, tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sent: &Sent) -> Result<()> {
        let permitted = allowed(tx, ctx, found, Move::Plan, expected_version(sent)?).await?;
        commands::file_plan(tx, ctx, permitted, read(sent)?).await.map(drop)
    }
}

impl MovePage for PlanMove {
    type View = PlanPage;

    fn code(self) -> &'static str {
        Move::Plan.code()
    }

    fn move_of(self) -> Move {
        Move::Plan
    }

    async fn view(self, Shown { signed, p, row, sent }: Shown<'_>) -> Result<PlanPage> {
        view(signed, p, &row, sent).await
    }
}

fn read(sent: &Sent) -> Result<NewPlan> {
    let mut problems = Problems::default();
    let mut milestones = Vec::new();
    for (day, text) in sent.all("day").iter().zip(sent.all("text")) {
        let (day, text) = (day.trim(), text.trim());
        match (day.is_empty(), text.is_empty()) {
            (true, true) => {}
            (false, false) => milestones.push((problems.day("milestones", day), text.to_owned())),
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

async fn view(signed: &Signed, p: Page, row: &AssignmentDetail, sent: &Sent) -> Result<PlanPage> {
    let db = signed.app.stores.main.db();
    let chosen = |name: &str, usual: &str| {
        if sent.has(name) { sent.get(name).to_owned() } else { usual.to_owned() }
    };
    let root_cause = chosen("root_cause", &row.option.root_cause);
    let remedy = chosen("remedy", row.option.remedies.0.first().map_or("", String::as_str));
    let due = crate::base::clock::last_day(row.found.assignment.due_at);
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
    let choice = |name: &'static str, label: &str, chosen: &str, terms: &[(String, String, bool)]| {
        let options = terms.iter().map(|(code, word, _)| (code.clone(), word.clone())).collect();
        Field::new(Kind::Choice, name, p.t(label), chosen).among(options)
    };
    let ask = MoveForm::of(db, &signed.ctx, &p, row, Move::Plan, sent)
        .await?
        .told(p.tr("report-told-plan", &due))
        .field(&p, choice("root_cause", "report-root-cause", &root_cause, &root_causes))
        .field(&p, choice("remedy", "report-remedy", &remedy, &remedies))
        .field(&p, typed("description", "report-description"))
        .field(&p, steps);
    Ok(PlanPage {
        nav: signed.nav(Section::Assignments),
        ask,
        root_causes,
        remedies,
        description: sent.get("description").to_owned(),
        milestones,
        p,
    })
}

fn milestones(sent: &Sent) -> Vec<MilestoneFields> {
    let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
    (0..STEPS.max(sent.all("day").len()))
        .map(|n| MilestoneFields {
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
