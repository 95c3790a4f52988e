//! The verdict of a team's leader: what was tried, what was seen, and what that does to the row. The claim and its files
//! stand above the form, with the test of each remedy.

use askama::Template;
use entity::stored::Move;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, FromRequest, Request, RequestBody, Response};
use sea_orm::DatabaseTransaction;

use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::dispatch::commands::allowed;
use crate::dispatch::deadline::last_day;
use crate::dispatch::pages::assignment_detail::{address, row};
use crate::dispatch::pages::move_form::{MoveForm, done, is_answerable, seen};
use crate::dispatch::queries::for_staff;
use crate::report::pages::claim::{Claim, claims};
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::verification::commands::{self, Check};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::{Page, html_with, see_other};
use crate::web::policy::Policy;
use crate::web::routes::Routes;

#[derive(Template)]
#[template(path = "verification/verification.html")]
struct CheckPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    claim: Option<Claim>,
    tests: Vec<(String, String)>,
}

/// The moves that have a page here.
pub const MOVES: [Move; 3] = [Move::Verification, Move::Rejection, Move::Relapse];

/// The page of one verdict: GET asks for it, POST gives it.
#[derive(Clone, Copy)]
pub struct Form(pub Move);

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    MOVES.iter().fold(route, |route, act| {
        let form = Form(*act);
        let address = format!("/desk/assignments/:issue/:province/{act}");
        route.get(address.as_str(), Policy::STAFF, form).post(address, Policy::SENSITIVE, form)
    })
}

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
        let check = Check { test: sent.get("test").to_owned(), findings: sent.get("findings").to_owned() };
        let work = async |tx: &DatabaseTransaction| {
            let found = for_staff(tx, ctx, issue, province).await?;
            let seen = seen(sent)?;
            match self.0 {
                Move::Verification => commands::verify(tx, ctx, &found, seen, &check).await,
                Move::Rejection => commands::reject(tx, ctx, &found, seen, &check).await,
                _ => commands::relapse(tx, ctx, &found, seen, &check).await,
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
        let due = last_day(row.found.assignment.due_at);
        let due = [("day", day_long(p.locale, due))];
        let area =
            |name: &'static str, label: &str| Field::new(Kind::Area, name, p.t(label), sent.get(name)).at_most(2000);
        let hint = if self.0 == Move::Verification { "verification-test-hint" } else { "verification-test-optional" };
        let mut ask = MoveForm::of(db, ctx, &p, &row, self.0, sent)
            .await?
            .field(&p, area("test", "verification-test").hinted(p.t(hint)))
            .field(&p, area("findings", "verification-findings"))
            .told(p.tr(&format!("verification-told-{}", self.0), &due));
        ask.grave = self.0 != Move::Verification;
        let template = CheckPage {
            nav: signed.nav(Section::Assignments),
            ask,
            claim: claims.into_iter().find(|c| c.ended.is_empty()),
            tests: crate::dispatch::pages::assignment::tests(&p, &row),
            p,
        };
        html_with(status, &template)
    }
}
