//! What is decided about a report: the reporter takes it back, the coordinator signs it or sends it back. The report and its
//! files stand above the button.

use askama::Template;
use entity::stored::Move;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, FromRequest, Request, RequestBody, Response};
use sea_orm::DatabaseTransaction;

use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands::allowed;
use crate::dispatch::pages::assignment_detail::{address, row};
use crate::dispatch::pages::move_form::{MoveForm, done, is_answerable, seen};
use crate::dispatch::queries::for_staff;
use crate::report::commands;
use crate::report::pages::claim::{Claim, claims};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::{Page, html_with, see_other};

#[derive(Template)]
#[template(path = "report/decision.html")]
struct DecisionPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    claim: Option<Claim>,
}

/// The moves that have a page here.
pub const MOVES: [Move; 3] = [Move::Withdrawal, Move::Signature, Move::SendingBack];

/// The page of one move: GET asks for it, POST makes it.
#[derive(Clone, Copy)]
pub struct Form(pub Move);

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
        let ctx = &signed.ctx;
        let work = async |tx: &DatabaseTransaction| {
            let found = for_staff(tx, ctx, issue, province).await?;
            let (seen, reason) = (seen(sent)?, sent.get("reason"));
            match self.0 {
                Move::Withdrawal => commands::withdraw(tx, ctx, &found, seen, reason).await,
                Move::SendingBack => commands::send_back(tx, ctx, &found, seen, reason).await,
                _ => commands::sign(tx, ctx, &found, seen).await,
            }
        };
        match signed.app.stores.main.write(Changes::Public, work).await {
            Ok(_) => {
                let p = signed.page("desk");
                let row = address(issue, province);
                Ok(see_other(&done(&p, sent, &row, self.0.code())))
            }
            Err(error) if is_answerable(&error) => self.page(signed, issue, province, sent, Some(error)).await,
            Err(error) => Err(error),
        }
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
        let p = signed.page("desk").titled(&format!("dispatch-move-{}", self.0));
        let (status, p) = match refused {
            Some(error) => p.again(error)?,
            None => {
                allowed(db, ctx, &row.found, self.0, None).await?;
                (StatusCode::OK, p)
            }
        };
        let claims = claims(&signed.app.stores.main, &p, &row).await?;
        let claim = claims.into_iter().find(|c| c.ended.is_empty());
        let mut ask = MoveForm::of(db, ctx, &p, &row, self.0, sent).await?;
        ask = match self.0 {
            Move::Signature if claim.as_ref().is_some_and(|c| c.partial) => {
                ask.hands.clear();
                ask.told(p.t("report-told-partial"))
            }
            act => ask.told(p.tc("report-told-", act)),
        };
        if self.0 != Move::Signature {
            ask.grave = true;
            let label = p.tc("report-reason-", self.0);
            let reason = Field::new(Kind::Area, "reason", label, sent.get("reason"));
            ask = ask.field(&p, reason.at_most(2000));
        }
        let template = DecisionPage { nav: signed.nav(Section::Assignments), ask, claim, p };
        html_with(status, &template)
    }
}
