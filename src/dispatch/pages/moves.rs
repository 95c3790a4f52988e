//! One page for each of these acts: acknowledgement, return, ruling, and the three acts of an exemption. A refused form is
//! shown again with the typed values.

use askama::Template;
use entity::stored::{ExemptionClass, Move};
use sea_orm::DatabaseTransaction;

use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::clock::last_day;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::dispatch::commands;
use crate::dispatch::inbox::departments;
use crate::dispatch::pages::assignment_detail::AssignmentDetail;
use crate::dispatch::pages::move_form::{MoveForm, expected_version};
use crate::dispatch::pages::move_page::{MoveAct, MovePage, Shown};
use crate::dispatch::permission::{allowed, may_request_exemption};
use crate::dispatch::queries::LoadedAssignment;
use crate::programme::offices::office;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::{day_long, moment_long};
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "dispatch/move.html")]
pub struct MoveView {
    p: Page,
    nav: Nav,
    ask: MoveForm,
}

/// Act that has a page in this module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// The province takes the assignment.
    Acknowledgement,
    /// The province sends the assignment back.
    Return,
    /// The organiser decides the return.
    Ruling,
    /// The province asks for an exemption.
    ExemptionRequest,
    /// The organiser grants the exemption.
    Exemption,
    /// The organiser refuses the exemption.
    ExemptionRefusal,
}

/// Every act that has a page in this module.
pub const NOUNS: [Noun; 6] = [
    Noun::Acknowledgement,
    Noun::Return,
    Noun::Ruling,
    Noun::ExemptionRequest,
    Noun::Exemption,
    Noun::ExemptionRefusal,
];

impl Noun {
    /// Word of the act in addresses and message keys.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Return => "return",
            Self::Ruling => "ruling",
            Self::ExemptionRequest => "exemption-request",
            Self::Exemption => "exemption",
            Self::ExemptionRefusal => "exemption-refusal",
        }
    }

    /// The move whose entry in the table governs the act. A request for exemption and its refusal are no moves: the organiser's
    /// exemption stands for them.
    const fn move_made(self) -> Move {
        match self {
            Self::Acknowledgement => Move::Acknowledgement,
            Self::Return => Move::Return,
            Self::Ruling => Move::Ruling,
            Self::ExemptionRequest | Self::Exemption | Self::ExemptionRefusal => Move::Exemption,
        }
    }
}

impl MoveAct for Noun {
    async fn act(self, tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sent: &Sent) -> Result<()> {
        let permitted = async || allowed(tx, ctx, found, self.move_made(), expected_version(sent)?).await;
        match self {
            Self::Acknowledgement => {
                commands::acknowledge(tx, ctx, permitted().await?, sent.one("department")?).await?;
            }
            Self::Return => {
                commands::return_row(tx, ctx, permitted().await?, sent.get("basis")).await?;
            }
            Self::Ruling => {
                let exempt = match sent.get("to") {
                    "province" => false,
                    "exempt" => true,
                    _ => return Err(Error::field("to", Refusal::new("form.choice"))),
                };
                commands::rule(tx, ctx, permitted().await?, sent.get("ruling"), exempt).await?;
            }
            Self::ExemptionRequest => {
                let class: ExemptionClass = sent.parse("class", "form.choice")?;
                commands::request_exemption(tx, ctx, found, class, sent.get("basis")).await?;
            }
            Self::Exemption => {
                commands::exempt(tx, ctx, permitted().await?, sent.get("basis")).await?;
            }
            Self::ExemptionRefusal => {
                commands::refuse_exemption(tx, ctx, found, sent.get("basis")).await?;
            }
        }
        Ok(())
    }
}

impl MovePage for Noun {
    type View = MoveView;

    fn code(self) -> &'static str {
        self.word()
    }

    fn move_of(self) -> Move {
        self.move_made()
    }

    async fn check(self, signed: &Signed, row: &AssignmentDetail) -> Result<()> {
        let db = signed.app.stores.main.db();
        match self {
            Self::ExemptionRequest => may_request_exemption(db, &signed.ctx, &row.found).await,
            Self::Exemption | Self::ExemptionRefusal if row.asked.is_none() => {
                Err(Error::conflict("exemption.not_asked"))
            }
            other => allowed(db, &signed.ctx, &row.found, other.move_made(), None).await.map(drop),
        }
    }

    async fn view(self, Shown { signed, p, row, sent }: Shown<'_>) -> Result<MoveView> {
        let db = signed.app.stores.main.db();
        let ask = MoveForm::of(db, &signed.ctx, &p, &row, self.move_made(), sent).await?;
        let ask = self.asked(signed, &p, &row, sent, ask).await?;
        Ok(MoveView { nav: signed.nav(Section::Assignments), p, ask })
    }
}

impl Noun {
    async fn asked(
        self,
        signed: &Signed,
        p: &Page,
        row: &AssignmentDetail,
        sent: &Sent,
        mut ask: MoveForm,
    ) -> Result<MoveForm> {
        let label = |name: &str| p.t(&format!("dispatch-field-{name}"));
        let area =
            |name: &'static str, label: String| Field::new(Kind::Area, name, label, sent.get(name)).at_most(2000);
        ask.action = format!("{}/{}", row.href(), self.word());
        ask.button = p.t(&format!("dispatch-move-{}", self.word()));
        Ok(match self {
            Self::Acknowledgement => {
                let department = if sent.has("department") {
                    sent.get("department").to_owned()
                } else {
                    suggested(signed, row).await?
                };
                let field = Field::new(Kind::Line, "department", label("department"), &department);
                ask.told(p.t("dispatch-told-acknowledgement"))
                    .field(p, field.hinted(p.t("dispatch-field-department-hint")))
            }
            Self::Return => {
                let limit = last_day(row.found.dispatch.acknowledge_due_at);
                if day_of(signed.ctx.now) > limit {
                    ask.open = false;
                }
                let day = [("day", day_long(p.locale, limit))];
                ask.grave = true;
                ask.told(p.tr("dispatch-told-return", &day)).field(p, area("basis", label("return-basis")))
            }
            Self::Ruling => {
                let to = ["province", "exempt"].map(|to| (to.to_owned(), p.tc("dispatch-ruled-", to)));
                let choice = Field::new(Kind::Choice, "to", label("to"), sent.get("to"));
                let returned = row.events.iter().rfind(|e| e.act == Move::Return);
                if let Some(event) = returned {
                    ask = ask.fact(p.t("dispatch-basis"), &event.reason);
                }
                ask.told(p.t("dispatch-told-ruling"))
                    .field(p, choice.among(to.to_vec()))
                    .field(p, area("ruling", label("ruling")))
            }
            Self::ExemptionRequest => {
                ask.open = row.may_ask_exemption(signed.ctx.staff()?);
                let classes = ExemptionClass::ALL.iter();
                let classes = classes.map(|c| (c.to_string(), p.tc("dispatch-class-", c)));
                let choice = Field::new(Kind::Choice, "class", label("class"), sent.get("class"));
                ask.told(p.t("dispatch-told-exemption-request"))
                    .field(p, choice.among(classes.collect()))
                    .field(p, area("basis", label("exemption-basis")))
            }
            Self::Exemption | Self::ExemptionRefusal => {
                if let Some(asked) = &row.asked {
                    ask = ask
                        .fact(p.t("dispatch-asked-on"), moment_long(p.locale, asked.at))
                        .fact(p.t("dispatch-class"), p.tc("dispatch-class-", asked.class))
                        .fact(p.t("dispatch-basis"), &asked.basis);
                }
                ask.grave = self == Self::ExemptionRefusal;
                ask.told(p.t(&format!("dispatch-told-{}", self.word()))).field(p, area("basis", label(self.word())))
            }
        })
    }
}

/// The department that took assignments of the same lead department before; else the department that usually corresponds to the
/// lead department.
async fn suggested(signed: &Signed, row: &AssignmentDetail) -> Result<String> {
    let lead = &row.option.lead_department;
    let within = signed.ctx.provinces(Act::ReadAssignments)?;
    let before = departments(signed.app.stores.main.db(), &within, &row.place.code).await?;
    Ok(before.get(lead).cloned().unwrap_or_else(|| office(&row.place.code, &row.place.name_zh, lead)))
}
