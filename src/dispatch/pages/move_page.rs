//! The page of one act on an assignment: GET shows the form, POST performs the act. A refused form is shown again with the
//! typed values.

use std::future::Future;

use askama::Template;
use entity::stored::Move;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, FromRequest, Request, RequestBody, Response};
use sea_orm::DatabaseTransaction;

use crate::base::ctx::Ctx;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::dispatch::pages::assignment_detail::{AssignmentDetail, address, row};
use crate::dispatch::pages::move_form::done;
use crate::dispatch::permission::allowed;
use crate::dispatch::queries::{LoadedAssignment, for_staff};
use crate::sign_in::extract::Signed;
use crate::web::form::Sent;
use crate::web::page::{Page, html_with, see_other};

/// A page that is shown: the person, the assignment, and the form as sent.
pub struct Shown<'a> {
    /// The person who asks, with the product.
    pub signed: &'a Signed,
    /// The page, with the errors of a refused form.
    pub p: Page,
    /// The assignment.
    pub row: AssignmentDetail,
    /// The form as sent; empty for a page that is opened.
    pub sent: &'a Sent,
}

/// Act on an assignment that has a page.
pub trait MovePage: Copy + Send + Sync + 'static {
    /// Template of the page.
    type View: Template + Send;

    /// Code of the act in its address and in message keys.
    fn code(self) -> &'static str;

    /// The move whose permission opens the page.
    fn move_of(self) -> Move;

    /// Checks whether this person may perform the act now, before an empty form is shown.
    ///
    /// # Errors
    /// As [`allowed`].
    fn check(self, signed: &Signed, row: &AssignmentDetail) -> impl Future<Output = Result<()>> + Send {
        async move { allowed(signed.app.stores.main.db(), &signed.ctx, &row.found, self.move_of(), None).await.map(drop) }
    }

    /// Fills the template.
    ///
    /// # Errors
    /// A store that fails.
    fn view(self, shown: Shown<'_>) -> impl Future<Output = Result<Self::View>> + Send;
}

/// Act that needs nothing but the fields of its form.
pub trait MoveAct: MovePage {
    /// Performs the act in the transaction in which the assignment was loaded.
    ///
    /// # Errors
    /// As the command of the act; `Invalid` for fields that cannot be parsed.
    fn act(
        self,
        tx: &DatabaseTransaction,
        ctx: &Ctx,
        found: &LoadedAssignment,
        sent: &Sent,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// The endpoint of an act, for GET and POST.
#[derive(Clone, Copy)]
pub struct MoveEndpoint<M>(pub M);

impl<M: MoveAct> Endpoint for MoveEndpoint<M> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let mut body = RequestBody::new(request.take_body());
        let signed = Signed::from_request(&request, &mut body).await?;
        let (issue, province): (String, String) = request.path_params()?;
        if request.method() == Method::POST {
            let sent = Sent::from_request(&request, &mut body).await?;
            Ok(self.act(&signed, (&issue, &province), &sent).await?)
        } else {
            Ok(show(self.0, &signed, (&issue, &province), &Sent::default(), None).await?)
        }
    }
}

impl<M: MoveAct> MoveEndpoint<M> {
    async fn act(&self, signed: &Signed, (issue, province): (&str, &str), sent: &Sent) -> Result<Response> {
        let work = async |tx: &DatabaseTransaction| {
            let found = for_staff(tx, &signed.ctx, issue, province).await?;
            self.0.act(tx, &signed.ctx, &found, sent).await
        };
        match signed.write(Changes::Public, work).await {
            Ok(()) => Ok(see_other(&done(&signed.page("desk"), sent, &address(issue, province), self.0.code()))),
            Err(error) if is_answerable(&error) => show(self.0, signed, (issue, province), sent, Some(error)).await,
            Err(error) => Err(error),
        }
    }
}

/// The page of an act: with an empty form, or after a refusal with the typed values and the errors.
///
/// # Errors
/// `NotFound`; without a refusal before, also the refusals of [`MovePage::check`].
pub async fn show<M: MovePage>(
    act: M,
    signed: &Signed,
    (issue, province): (&str, &str),
    sent: &Sent,
    refused: Option<Error>,
) -> Result<Response> {
    let row = row(signed.app.stores.main.db(), &signed.ctx, issue, province).await?;
    let p = signed.page("desk").titled(&format!("dispatch-move-{}", act.code()));
    let (status, p) = match refused {
        Some(error) => p.again(error)?,
        None => {
            act.check(signed, &row).await?;
            (StatusCode::OK, p)
        }
    };
    html_with(status, &act.view(Shown { signed, p, row, sent }).await?)
}

/// Whether an error is a refusal after which the form is shown again.
#[must_use]
pub const fn is_answerable(error: &Error) -> bool {
    matches!(error, Error::Invalid(_) | Error::Conflict(_) | Error::Forbidden(_))
}
