//! From a request to who is asking: the two extractors that every handler starts with.
//!
//! * [`Visit`]: anybody, without looking at sessions. Pages built on it are the same for everyone and may be kept.
//! * [`Signed`]: a member of staff, by cookie or bearer token. Without one the request is refused before the handler runs.

use std::sync::Arc;

use entity::stored::SessionKind;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};

use super::nav::{Nav, Section, nav};
use super::{delegating, queries};
use crate::app::App;
use crate::ctx::{Actor, Ctx};
use crate::error::{Error, Result};
use crate::web::client::Client;
use crate::web::page::Page;

pub use super::cookie::COOKIE;

/// Anybody's request.
pub struct Visit {
    /// The product.
    pub app: Arc<App>,
    /// Nobody, now.
    pub ctx: Ctx,
    page: Page,
    /// What limits count: the network of the client ([`Client::network`]).
    pub peer: String,
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
    /// What limits count: the network of the client ([`Client::network`]).
    pub peer: String,
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
        Page { section, account, ..self.page.clone() }
    }

    /// The left side of a desk, current in one of its lists.
    #[must_use]
    pub fn nav(&self, section: Section) -> Nav {
        self.ctx.staff().map_or_else(|_| Nav::new(), |staff| nav(staff, section))
    }
}

/// The product, as the outermost endpoint put it beside the request.
fn app(request: &Request) -> Result<Arc<App>> {
    request.data::<Arc<App>>().cloned().ok_or_else(|| Error::Internal("no app beside the request".to_owned()))
}

impl<'a> FromRequest<'a> for Visit {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = app(request)?;
        let ctx = Ctx::nobody(app.clock.now());
        Ok(Self { page: Page::of(request, "", app.site.demo), ctx, peer: Client::of(request)?.network(), app })
    }
}

impl<'a> FromRequest<'a> for Signed {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let app = app(request)?;
        let (token, kind) = token(request).ok_or(Error::Unauthenticated)?;
        let staff =
            queries::bearer(&app.stores.main, &token, kind, app.clock.system()).await?.ok_or(Error::Unauthenticated)?;
        let now = app.clock.now();
        let staff = delegating::with_lent(app.stores.main.db(), Arc::unwrap_or_clone(staff), now).await?;
        let ctx = Ctx { actor: Actor::Staff(Arc::new(staff)), now };
        Ok(Self { page: Page::of(request, "", app.site.demo), ctx, token, peer: Client::of(request)?.network(), app })
    }
}

/// The token of a request: the header goes before the cookie.
fn token(request: &Request) -> Option<(String, SessionKind)> {
    if let Some(value) = request.header(header::AUTHORIZATION) {
        return Some((value.strip_prefix("Bearer ")?.trim().to_owned(), SessionKind::Bearer));
    }
    Some((session_cookie(request)?, SessionKind::Cookie))
}

/// The token that a browser sent, whether it is good for anything or not.
#[must_use]
pub fn session_cookie(request: &Request) -> Option<String> {
    request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .map(ToOwned::to_owned)
}
