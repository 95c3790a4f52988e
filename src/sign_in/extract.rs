//! Extractors that turn a request into its sender. Every handler starts with one of them.
//!
//! * [`Visit`]: any client, without a look at sessions. Pages built on it are the same for everyone and may be cached.
//! * [`Signed`]: a member of staff, by cookie or bearer token. A request without a session is refused before the handler runs. So
//!   is an act that needs reauthentication ([`crate::sign_in::step_up`]) in a session that lacks it.
//! * [`Entering`]: a person whose password was right. Only the further steps of a sign-in and the changes of people's own factors
//!   are built on it.

use std::sync::Arc;

use entity::session;
use entity::stored::{SessionKind, SessionStage};
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};
use sea_orm::DatabaseTransaction;

use super::nav::{Nav, Section, nav};
use super::second_factor::commands::Holder;
use crate::accounts::delegating;
use crate::app::App;
use crate::base::ctx::{Actor, Ctx, Staff};
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::base::row_security;
use crate::sign_in::{devices, queries, step_up};
use crate::web::client::Client;
use crate::web::page::Page;
use crate::web::policy::Policy;
use crate::web::{log_context, session_cookie};

/// Request of any client.
pub struct Visit {
    /// The running application.
    pub app: Arc<App>,
    /// Context without an account, with both times.
    pub ctx: Ctx,
    page: Page,
    /// Network of the client, which limits count ([`Client::network`]).
    pub peer: String,
    /// Device cookie, by which an account may know the browser ([`super::known_device`]).
    pub device: Option<String>,
    /// Browser of the request in words.
    pub browser: String,
}

/// Request of a signed-in member of staff.
pub struct Signed {
    /// The running application.
    pub app: Arc<App>,
    /// Context with the member of staff and both times.
    pub ctx: Ctx,
    page: Page,
    /// Token that was sent, for signing out.
    pub token: String,
    /// Session of the token.
    pub session: session::Model,
    /// Network of the client, which limits count ([`Client::network`]).
    pub peer: String,
    /// Device cookie, by which an account may know the browser ([`super::known_device`]).
    pub device: Option<String>,
}

/// Request of a person whose password was right, whether the sign-in is complete or not.
pub struct Entering {
    /// The running application.
    pub app: Arc<App>,
    /// Context with the person and both times.
    pub ctx: Ctx,
    page: Page,
    /// Member of staff to whom the session belongs.
    pub staff: Arc<Staff>,
    /// Session of the token.
    pub session: session::Model,
    /// Token that was sent.
    pub token: String,
    /// Network of the client, which limits count ([`Client::network`]).
    pub peer: String,
    /// Device cookie, by which an account may know the browser ([`super::known_device`]).
    pub device: Option<String>,
}

impl Visit {
    /// The head of the page, in this section of the navigation.
    #[must_use]
    pub fn page(&self, section: &'static str) -> Page {
        Page { section, ..self.page.clone() }
    }
}

impl Signed {
    /// The head of the page, in this section of the navigation.
    #[must_use]
    pub fn page(&self, section: &'static str) -> Page {
        let account = self.ctx.staff().ok().map(|s| s.name.clone());
        let left = self.app.config.sessions.left(&self.session, self.app.clock.system());
        Page { section, account, ends_in: Some(left), ..self.page.clone() }
    }

    /// The person and the session that prove or enrol something.
    ///
    /// # Errors
    /// None that is known: a signed-in request always has an account.
    pub fn holder(&self) -> Result<Holder<'_>> {
        let device = self.device.as_deref();
        Ok(Holder { staff: self.ctx.staff()?, session: &self.session, peer: &self.peer, device })
    }

    /// Runs work in one transaction of the main store ([`Main::write`](crate::base::main_store::Main::write)).
    ///
    /// # Errors
    /// As `Main::write`.
    pub async fn write<T>(
        &self,
        changes: Changes,
        work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>,
    ) -> Result<T> {
        self.app.stores.main.write(changes, work).await
    }

    /// The navigation of a desk page, in this list.
    #[must_use]
    pub fn nav(&self, section: Section) -> Nav {
        self.ctx.staff().map_or_else(|_| Nav::new(), |staff| nav(staff, section))
    }
}

impl Entering {
    /// The head of a page of the sign-in.
    #[must_use]
    pub fn page(&self) -> Page {
        Page { section: "sign-in", ..self.page.clone() }
    }

    /// The person and the session that prove or enrol something.
    #[must_use]
    pub fn holder(&self) -> Holder<'_> {
        let device = self.device.as_deref();
        Holder { staff: &self.staff, session: &self.session, peer: &self.peer, device }
    }

    /// Runs work in one transaction of the main store, which changes no public row.
    ///
    /// # Errors
    /// As [`Main::write`](crate::base::main_store::Main::write).
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        self.app.stores.main.write(Changes::Internal, work).await
    }

    /// Demands a sign-in at this stage.
    ///
    /// # Errors
    /// `Unauthenticated` at any other stage.
    pub fn at(self, stage: SessionStage) -> Result<Self> {
        if self.session.stage == stage { Ok(self) } else { Err(Error::Unauthenticated) }
    }

    /// Demands a person who may enrol a factor: signed in, or without a factor where the site demands one.
    ///
    /// # Errors
    /// `Unauthenticated` where the account has a second factor that was not shown.
    pub fn enrolling(self) -> Result<Self> {
        if self.session.stage == SessionStage::Factor { Err(Error::Unauthenticated) } else { Ok(self) }
    }
}

/// The application, which the outermost endpoint attached to the request.
fn app(request: &Request) -> Result<Arc<App>> {
    request.data::<Arc<App>>().cloned().ok_or_else(|| Error::Internal("no app beside the request".to_owned()))
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = app(request)?;
        let ctx = Ctx::nobody(&app.clock);
        let (peer, browser) = (Client::of(request)?.network(), browser(request));
        let (page, device) = (Page::of(request, "", app.site.demo), session_cookie::get_device(request));
        Ok(Self { page, ctx, peer, device, browser, app })
    }
}

impl<'a> FromRequest<'a> for Entering {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = app(request)?;
        let (token, kind) = token(request).ok_or(Error::Unauthenticated)?;
        let ctx = Ctx::nobody(&app.clock);
        let (now, system) = (ctx.now, ctx.system);
        let found = queries::bearer(&app.stores.main, &token, kind, app.config.sessions, system).await?;
        let queries::Bearer { staff, session } = found.ok_or(Error::Unauthenticated)?;
        if session.stage == SessionStage::Complete {
            let demanded = Policy::of(request).reauthentication;
            step_up::check(app.stores.main.db(), demanded, &session, system).await?;
        }
        let staff = Arc::new(delegating::with_lent(app.stores.main.db(), Arc::unwrap_or_clone(staff), now).await?);
        log_context::is(&staff.login);
        row_security::enter(&staff.reach());
        let ctx = ctx.by(Actor::Staff(Arc::clone(&staff)));
        let (page, device) = (Page::of(request, "", app.site.demo), session_cookie::get_device(request));
        Ok(Self { page, ctx, staff, session, token, peer: Client::of(request)?.network(), device, app })
    }
}

impl<'a> FromRequest<'a> for Signed {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let entering = <Entering as FromRequest>::from_request(request, body).await?;
        let Entering { app, ctx, page, session, token, peer, device, .. } = entering.at(SessionStage::Complete)?;
        Ok(Self { app, ctx, page, token, session, peer, device })
    }
}

/// Whether the session of a request is still valid.
///
/// # Errors
/// A store that fails.
pub async fn is_signed_in(app: &App, request: &Request) -> Result<bool> {
    let Some((token, kind)) = token(request) else { return Ok(false) };
    let found = queries::bearer(&app.stores.main, &token, kind, app.config.sessions, app.clock.system()).await?;
    Ok(found.is_some_and(|found| found.session.stage == SessionStage::Complete))
}

/// The browser of a request in words.
fn browser(request: &Request) -> String {
    devices::browser_of(request.header(header::USER_AGENT).unwrap_or(""))
}

/// The token of a request. The header takes precedence over the cookie.
pub(super) fn token(request: &Request) -> Option<(String, SessionKind)> {
    if let Some(value) = request.header(header::AUTHORIZATION) {
        return Some((value.strip_prefix("Bearer ")?.trim().to_owned(), SessionKind::Bearer));
    }
    Some((session_cookie::get(request)?, SessionKind::Cookie))
}
