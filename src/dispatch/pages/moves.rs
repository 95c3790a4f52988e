//! One page a move: acknowledgement, return, ruling, and the three acts of an exemption. Its form is shown again, with what
//! was typed, whenever the move is refused.

use askama::Template;
use entity::stored::{ExemptionClass, Move};
use poem::http::{Method, StatusCode};
use poem::{Endpoint, FromRequest, Request, RequestBody, Response};
use sea_orm::DatabaseTransaction;

use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands;
use crate::dispatch::deadline::last_day;
use crate::dispatch::inbox::departments;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, address, row};
use crate::dispatch::pages::move_form::{MoveForm, done, is_answerable, seen};
use crate::dispatch::queries::for_staff;
use crate::programme::offices::office;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::dates::{day_long, moment_long};
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::{Page, html_with, see_other};

#[derive(Template)]
#[template(path = "dispatch/move.html")]
struct MovePage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
}

/// An act that has a page here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// The province takes the row.
    Acknowledgement,
    /// The province sends it back.
    Return,
    /// The organiser decides the return.
    Ruling,
    /// The province asks for an exemption.
    ExemptionRequest,
    /// The organiser grants it.
    Exemption,
    /// The organiser refuses it.
    ExemptionRefusal,
}

/// Every act that has a page here.
pub const NOUNS: [Noun; 6] = [
    Noun::Acknowledgement,
    Noun::Return,
    Noun::Ruling,
    Noun::ExemptionRequest,
    Noun::Exemption,
    Noun::ExemptionRefusal,
];

impl Noun {
    /// The word in addresses and messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Return => "return",
            Self::Ruling => "ruling",
            Self::ExemptionRequest => "exemption-request",
            Self::Exemption => "exemption",
            Self::ExemptionRefusal => "exemption-refusal",
        }
    }

    /// The move in whose row of the table it stands. Asking and refusing are none; the organiser's exemption stands for both.
    const fn act(self) -> Move {
        match self {
            Self::Acknowledgement => Move::Acknowledgement,
            Self::Return => Move::Return,
            Self::Ruling => Move::Ruling,
            Self::ExemptionRequest | Self::Exemption | Self::ExemptionRefusal => Move::Exemption,
        }
    }
}

/// The page of one act: GET asks for it, POST does it.
pub struct Form(pub Noun);

impl Endpoint for Form {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let mut body = RequestBody::new(request.take_body());
        let signed = Signed::from_request(&request, &mut body).await?;
        let (issue, province): (String, String) = request.path_params()?;
        if request.method() == Method::POST {
            let sent = Sent::from_request(&request, &mut body).await?;
            Ok(self.act(&signed, &issue, &province, &sent).await?)
        } else {
            let sent = Sent::default();
            Ok(self.page(&signed, &issue, &province, &sent, None).await?)
        }
    }
}

impl Form {
    async fn act(&self, signed: &Signed, issue: &str, province: &str, sent: &Sent) -> Result<Response> {
        let work = async |tx: &DatabaseTransaction| {
            let found = for_staff(tx, &signed.ctx, issue, province).await?;
            self.command(tx, signed, &found, sent).await
        };
        match signed.app.stores.main.write(Changes::Public, work).await {
            Ok(()) => {
                let p = signed.page("desk");
                let row = address(issue, province);
                Ok(see_other(&done(&p, sent, &row, self.0.code())))
            }
            Err(error) if is_answerable(&error) => self.page(signed, issue, province, sent, Some(error)).await,
            Err(error) => Err(error),
        }
    }

    async fn command(
        &self,
        tx: &DatabaseTransaction,
        signed: &Signed,
        found: &crate::dispatch::queries::LoadedAssignment,
        sent: &Sent,
    ) -> Result<()> {
        let (ctx, seen) = (&signed.ctx, seen(sent)?);
        match self.0 {
            Noun::Acknowledgement => {
                commands::acknowledge(tx, ctx, found, seen, sent.get("department")).await?;
            }
            Noun::Return => {
                commands::return_row(tx, ctx, found, seen, sent.get("basis")).await?;
            }
            Noun::Ruling => {
                let exempt = match sent.get("to") {
                    "province" => false,
                    "exempt" => true,
                    _ => return Err(Error::field("to", Refusal::new("form.choice"))),
                };
                commands::rule(tx, ctx, found, seen, sent.get("ruling"), exempt).await?;
            }
            Noun::ExemptionRequest => {
                let class: ExemptionClass = sent.parse("class", "form.choice")?;
                commands::request_exemption(tx, ctx, found, class, sent.get("basis")).await?;
            }
            Noun::Exemption => {
                commands::exempt(tx, ctx, found, seen, sent.get("basis")).await?;
            }
            Noun::ExemptionRefusal => {
                commands::refuse_exemption(tx, ctx, found, sent.get("basis")).await?;
            }
        }
        Ok(())
    }

    async fn page(
        &self,
        signed: &Signed,
        issue: &str,
        province: &str,
        sent: &Sent,
        refused: Option<Error>,
    ) -> Result<Response> {
        let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
        let row = row(db, ctx, issue, province).await?;
        let p = signed.page("desk").titled(&format!("dispatch-move-{}", self.0.code()));
        let (status, p) = match refused {
            Some(error) => p.again(error)?,
            None => {
                self.check(signed, &row).await?;
                (StatusCode::OK, p)
            }
        };
        let ask = MoveForm::of(db, ctx, &p, &row, self.0.act(), sent).await?;
        let ask = self.asked(signed, &p, &row, sent, ask).await?;
        let nav = signed.nav(Section::Assignments);
        html_with(status, &MovePage { p, nav, ask })
    }

    /// Whether there is something to ask for at all.
    async fn check(&self, signed: &Signed, row: &AssignmentDetail) -> Result<()> {
        let db = signed.app.stores.main.db();
        match self.0 {
            Noun::ExemptionRequest => commands::may_request_exemption(db, &signed.ctx, &row.found).await,
            Noun::Exemption | Noun::ExemptionRefusal if row.asked.is_none() => {
                Err(Error::conflict("exemption.not_asked"))
            }
            noun => commands::allowed(db, &signed.ctx, &row.found, noun.act(), None).await.map(|_| ()),
        }
    }

    async fn asked(
        &self,
        signed: &Signed,
        p: &Page,
        row: &AssignmentDetail,
        sent: &Sent,
        mut ask: MoveForm,
    ) -> Result<MoveForm> {
        let label = |name: &str| p.t(&format!("dispatch-field-{name}"));
        let area =
            |name: &'static str, label: String| Field::new(Kind::Area, name, label, sent.get(name)).at_most(2000);
        ask.action = format!("{}/{}", row.href(), self.0.code());
        ask.button = p.t(&format!("dispatch-move-{}", self.0.code()));
        Ok(match self.0 {
            Noun::Acknowledgement => {
                let department = if sent.has("department") {
                    sent.get("department").to_owned()
                } else {
                    suggested(signed, row).await?
                };
                let field = Field::new(Kind::Line, "department", label("department"), &department);
                ask.told(p.t("dispatch-told-acknowledgement"))
                    .field(p, field.hinted(p.t("dispatch-field-department-hint")))
            }
            Noun::Return => {
                let limit = last_day(row.found.dispatch.acknowledge_due_at);
                if day_of(signed.ctx.now) > limit {
                    ask.open = false;
                }
                let day = [("day", day_long(p.locale, limit))];
                ask.grave = true;
                ask.told(p.tr("dispatch-told-return", &day)).field(p, area("basis", label("return-basis")))
            }
            Noun::Ruling => {
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
            Noun::ExemptionRequest => {
                ask.open = row.may_ask_exemption(signed.ctx.staff()?);
                let classes = ExemptionClass::ALL.iter();
                let classes = classes.map(|c| (c.to_string(), p.tc("dispatch-class-", c)));
                let choice = Field::new(Kind::Choice, "class", label("class"), sent.get("class"));
                ask.told(p.t("dispatch-told-exemption-request"))
                    .field(p, choice.among(classes.collect()))
                    .field(p, area("basis", label("exemption-basis")))
            }
            Noun::Exemption | Noun::ExemptionRefusal => {
                if let Some(asked) = &row.asked {
                    ask = ask
                        .fact(p.t("dispatch-asked-on"), moment_long(p.locale, asked.at))
                        .fact(p.t("dispatch-class"), p.tc("dispatch-class-", asked.class))
                        .fact(p.t("dispatch-basis"), &asked.basis);
                }
                ask.grave = self.0 == Noun::ExemptionRefusal;
                ask.told(p.t(&format!("dispatch-told-{}", self.0.code()))).field(p, area("basis", label(self.0.code())))
            }
        })
    }
}

/// The department that took such rows before, else the one that usually answers to the department in charge.
async fn suggested(signed: &Signed, row: &AssignmentDetail) -> Result<String> {
    let lead = &row.option.lead_department;
    let within = signed.ctx.provinces(Act::ReadAssignments)?;
    let before = departments(signed.app.stores.main.db(), &within, &row.place.code).await?;
    Ok(before.get(lead).cloned().unwrap_or_else(|| office(&row.place.code, &row.place.name_zh, lead)))
}
