//! The pages of a team leader's verdict: the test, the findings, and the effect on the assignment. The claim and its files are
//! shown above the form, with the test of each remedy.

use askama::Template;
use entity::stored::Move;
use sea_orm::DatabaseTransaction;

use crate::base::clock::last_day;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::dispatch::pages::move_form::{MoveForm, expected_version};
use crate::dispatch::pages::move_page::{MoveAct, MoveEndpoint, MovePage, Shown};
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::LoadedAssignment;
use crate::report::pages::claim::{ClaimInWords, claims};
use crate::sign_in::nav::{Nav, Section};
use crate::verification::commands::{self, Check};
use crate::web::dates::day_long;
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::Page;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Template of the page.
#[derive(Template)]
#[template(path = "verification/verification.html")]
pub struct CheckPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    claim: Option<ClaimInWords>,
    tests: Vec<(String, String)>,
}

/// The moves that have a page in this module.
pub const MOVES: [Move; 3] = [Move::Verification, Move::Rejection, Move::Relapse];

/// The page of one verdict of a team leader.
#[derive(Clone, Copy)]
pub struct VerdictMove(pub Move);

/// Adds the addresses of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    MOVES.iter().fold(route, |route, act| {
        let form = MoveEndpoint(VerdictMove(*act));
        let address = format!("/desk/assignments/:issue/:province/{act}");
        route.get(address.as_str(), Policy::STAFF, form).post(address, Policy::SENSITIVE, form)
    })
}

impl MoveAct for VerdictMove {
    async fn act(self, tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sent: &Sent) -> Result<()> {
        let check = Check { test: sent.get("test").to_owned(), findings: sent.get("findings").to_owned() };
        let permitted = allowed(tx, ctx, found, self.0, expected_version(sent)?).await?;
        commands::decide(tx, ctx, permitted, &check).await.map(drop)
    }
}

impl MovePage for VerdictMove {
    type View = CheckPage;

    fn code(self) -> &'static str {
        self.0.code()
    }

    fn move_of(self) -> Move {
        self.0
    }

    async fn view(self, Shown { signed, p, row, sent }: Shown<'_>) -> Result<CheckPage> {
        let db = signed.app.stores.main.db();
        let claims = claims(&signed.app.stores.main, &p, &row).await?;
        let due = last_day(row.found.assignment.due_at);
        let due = [("day", day_long(p.locale, due))];
        let area =
            |name: &'static str, label: &str| Field::new(Kind::Area, name, p.t(label), sent.get(name)).at_most(2000);
        let hint = if self.0 == Move::Verification { "verification-test-hint" } else { "verification-test-optional" };
        let mut ask = MoveForm::of(db, &signed.ctx, &p, &row, self.0, sent)
            .await?
            .field(&p, area("test", "verification-test").hinted(p.t(hint)))
            .field(&p, area("findings", "verification-findings"))
            .told(p.tr(&format!("verification-told-{}", self.0), &due));
        ask.grave = self.0 != Move::Verification;
        Ok(CheckPage {
            nav: signed.nav(Section::Assignments),
            ask,
            claim: claims.into_iter().find(|c| c.ended.is_empty()),
            tests: crate::dispatch::pages::assignment::tests(&p, &row),
            p,
        })
    }
}
