//! From a request to who is asking: the two extractors that every handler starts with.
//!
//! * [`Visit`]: anybody, without looking at sessions. Pages built on it are the same for everyone and may be kept.
//! * [`Signed`]: a member of staff, by cookie or bearer token. Without one the request is refused before the handler runs; so
//!   is an act that needs a fresh proof of presence ([`crate::sign_in::step_up`]) in a session that has none.
//! * [`Entering`]: somebody whose password was right. Only the rest of signing in is built on it, and what people do to their
//!   own factors.

use std::sync::Arc;

use entity::session;
use entity::stored::{SessionKind, SessionStage};
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};

use super::nav::{Nav, Section, nav};
use super::second_factor::commands::Holder;
use crate::accounts::delegating;
use crate::app::App;
use crate::base::ctx::{Actor, Ctx, Staff};
use crate::base::error::{Error, Result};
use crate::base::row_security;
use crate::sign_in::devices;
use crate::sign_in::queries;
use crate::sign_in::step_up;
use crate::web::client::Client;
use crate::web::log_context;
use crate::web::page::Page;
use crate::web::policy::Policy;
use crate::web::session_cookie;

/// Anybody's request.
pub struct Visit {
    /// The product.
    pub app: Arc<App>,
    /// Nobody, now.
    pub ctx: Ctx,
    page: Page,
    /// What limits count: the network of the client ([`Client::network`]).
    pub peer: String,
    /// What may make the browser known to an account ([`super::known_device`]).
    pub device: Option<String>,
    /// The browser in words.
    pub browser: String,
}

/// A signed-in request.
pub struct Signed {
    /// The product.
    pub app: Arc<App>,
    /// Who, now.
    pub ctx: Ctx,
    page: Page,
    /// The token that was sent, for signing out.
    pub token: String,
    /// Its session.
    pub session: session::Model,
    /// What limits count: the network of the client ([`Client::network`]).
    pub peer: String,
    /// What may make the browser known to an account ([`super::known_device`]).
    pub device: Option<String>,
}

/// A request of somebody whose password was right, whether signing in is complete or not.
pub struct Entering {
    /// The product.
    pub app: Arc<App>,
    /// Who, now.
    pub ctx: Ctx,
    page: Page,
    /// Who.
    pub staff: Arc<Staff>,
    /// Their session.
    pub session: session::Model,
    /// The token that was sent.
    pub token: String,
    /// What limits count: the network of the client ([`Client::network`]).
    pub peer: String,
    /// What may make the browser known to an account ([`super::known_device`]).
    pub device: Option<String>,
}

impl Visit {
    /// The head of the page, current in a section of the navigation.
    #[must_use]
    pub fn page(&self, section: &'static str) -> Page {
        Page { section, ..self.page.clone() }
    }
}

impl Signed {
    /// The head of the page, current in a section of the navigation.
    #[must_use]
    pub fn page(&self, section: &'static str) -> Page {
        let account = self.ctx.staff().ok().map(|s| s.name.clone());
        let left = self.app.config.sessions.left(&self.session, self.app.clock.system());
        Page { section, account, ends_in: Some(left), ..self.page.clone() }
    }

    /// Who proves or enrols something, in which session.
    ///
    /// # Errors
    /// None that is known: a signed-in request is somebody's.
    pub fn holder(&self) -> Result<Holder<'_>> {
        let device = self.device.as_deref();
        Ok(Holder { staff: self.ctx.staff()?, session: &self.session, peer: &self.peer, device })
    }

    /// The left side of a desk, current in one of its lists.
    #[must_use]
    pub fn nav(&self, section: Section) -> Nav {
        self.ctx.staff().map_or_else(|_| Nav::new(), |staff| nav(staff, section))
    }
}

impl Entering {
    /// The head of a page of signing in.
    #[must_use]
    pub fn page(&self) -> Page {
        Page { section: "sign-in", ..self.page.clone() }
    }

    /// Who proves or enrols something, in which session.
    #[must_use]
    pub fn holder(&self) -> Holder<'_> {
        let device = self.device.as_deref();
        Holder { staff: &self.staff, session: &self.session, peer: &self.peer, device }
    }

    /// Somebody at one stage of signing in.
    ///
    /// # Errors
    /// `Unauthenticated` at another one.
    pub fn at(self, stage: SessionStage) -> Result<Self> {
        if self.session.stage == stage { Ok(self) } else { Err(Error::Unauthenticated) }
    }

    /// Somebody who may enrol: signed in, or with nothing enrolled where that is demanded.
    ///
    /// # Errors
    /// `Unauthenticated` for whoever has a second factor and has not shown it.
    pub fn enrolling(self) -> Result<Self> {
        if self.session.stage == SessionStage::Factor { Err(Error::Unauthenticated) } else { Ok(self) }
    }
}

/// The product, as the outermost endpoint put it beside the request.
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

/// The browser of a request, in words.
fn browser(request: &Request) -> String {
    devices::browser_of(request.header(header::USER_AGENT).unwrap_or(""))
}

/// The token of a request: the header goes before the cookie.
pub(super) fn token(request: &Request) -> Option<(String, SessionKind)> {
    if let Some(value) = request.header(header::AUTHORIZATION) {
        return Some((value.strip_prefix("Bearer ")?.trim().to_owned(), SessionKind::Bearer));
    }
    Some((session_cookie::get(request)?, SessionKind::Cookie))
}
