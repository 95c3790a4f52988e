//! The pages of the decisions on a report: the reporter withdraws the report, the coordinator signs it or sends it back. The
//! report and its files are shown above the button.

use askama::Template;
use entity::stored::Move;
use sea_orm::DatabaseTransaction;

use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::dispatch::pages::move_form::{MoveForm, expected_version};
use crate::dispatch::pages::move_page::{MoveAct, MovePage, Shown};
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::LoadedAssignment;
use crate::report::commands;
use crate::report::pages::claim::{ClaimInWords, claims};
use crate::sign_in::nav::{Nav, Section};
use crate::web::form::{Field, Kind, Sent};
use crate::web::page::Page;

#[derive(Template)]
#[template(path = "report/decision.html")]
pub struct DecisionPage {
    p: Page,
    nav: Nav,
    ask: MoveForm,
    claim: Option<ClaimInWords>,
}

/// The moves that have a page in this module.
pub const MOVES: [Move; 3] = [Move::Withdrawal, Move::Signature, Move::SendingBack];

/// The page of one decision on a report.
#[derive(Clone, Copy)]
pub struct Decision(pub Move);

impl MoveAct for Decision {
    async fn act(self, tx: &DatabaseTransaction, ctx: &Ctx, found: &LoadedAssignment, sent: &Sent) -> Result<()> {
        let permitted = allowed(tx, ctx, found, self.0, expected_version(sent)?).await?;
        if self.0 == Move::Signature {
            commands::sign(tx, ctx, permitted).await?;
        } else {
            commands::take_back(tx, ctx, permitted, sent.get("reason")).await?;
        }
        Ok(())
    }
}

impl MovePage for Decision {
    type View = DecisionPage;

    fn code(self) -> &'static str {
        self.0.code()
    }

    fn move_of(self) -> Move {
        self.0
    }

    async fn view(self, Shown { signed, p, row, sent }: Shown<'_>) -> Result<DecisionPage> {
        let claims = claims(&signed.app.stores.main, &p, &row).await?;
        let claim = claims.into_iter().find(|c| c.ended.is_empty());
        let mut ask = MoveForm::of(signed.app.stores.main.db(), &signed.ctx, &p, &row, self.0, sent).await?;
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
        Ok(DecisionPage { nav: signed.nav(Section::Assignments), ask, claim, p })
    }
}
