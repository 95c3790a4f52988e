//! Page with the list of accounts.

use askama::Template;
use entity::account;
use entity::stored::Role;
use poem::web::Query;
use poem::{Response, handler};

use super::roles::Ground;
use crate::accounts::queries;
use crate::base::access::Act;
use crate::base::ctx::Grant;
use crate::base::error::Result;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::pages::feedback::Done;
use crate::web::page::{Page, html};

/// Number of rows on one page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "accounts/accounts.html")]
struct Accounts {
    p: Page,
    nav: Nav,
    wanted: AccountsQuery,
    roles: Vec<(String, String, bool)>,
    states: Vec<(String, String, bool)>,
    /// Whether the reader may make accounts.
    writes: bool,
    list: Vec<AccountRow>,
    count: String,
    is_filtered: bool,
    pager: Option<Pager>,
}

struct AccountRow {
    login: String,
    href: String,
    name: String,
    office: String,
    roles: String,
    active: bool,
    is_own: bool,
}

struct Pager {
    text: String,
    prev: String,
    next: String,
}

/// Query of the list: search words, role, state, page.
#[derive(Clone, Debug, Default, serde::Deserialize, serde::Serialize)]
#[serde(default)]
struct AccountsQuery {
    q: String,
    role: String,
    state: String,
    page: String,
}

impl AccountsQuery {
    fn fits(&self, row: &account::Model, grants: &[Grant]) -> bool {
        let words = self.q.trim().to_lowercase();
        let found = words.is_empty()
            || [&row.login, &row.name, &row.office].iter().any(|text| text.to_lowercase().contains(&words));
        let role = self.role.parse::<Role>().ok();
        let state = match self.state.as_str() {
            "active" => Some(true),
            "suspended" => Some(false),
            _ => None,
        };
        found
            && role.is_none_or(|role| grants.iter().any(|g| g.role == role))
            && state.is_none_or(|active| row.active == active)
    }

    fn address(&self, page: usize) -> String {
        let pairs = [("q", self.q.as_str()), ("role", &self.role), ("state", &self.state)];
        let mut pairs: Vec<_> = pairs.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        let page = page.to_string();
        pairs.push(("page", &page));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("/desk/accounts?{query}")
    }
}

/// Shows the list: `GET /desk/accounts`.
#[handler]
pub async fn list(signed: Signed, Query(wanted): Query<AccountsQuery>, Query(done): Query<Done>) -> Result<Response> {
    signed.ctx.require(Act::ReadAccounts)?;
    let db = signed.app.stores.main.db();
    let mut p = signed.page("desk").titled("accounts-accounts-title");
    p.notice = done.notice(&p);
    let ground = Ground::read(db).await?;
    let found: Vec<_> =
        queries::accounts(db).await?.into_iter().filter(|(row, grants)| wanted.fits(row, grants)).collect();
    let pages = found.len().div_ceil(ROWS).max(1);
    let page = wanted.page.parse().unwrap_or(1).clamp(1, pages);
    let list = found
        .iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(|(row, grants)| AccountRow {
            login: row.login.clone(),
            href: p.href(&format!("/desk/accounts/{}", row.login)),
            name: row.name.clone(),
            office: row.office.clone(),
            roles: ground.words(&p, grants),
            active: row.active,
            is_own: signed.ctx.account() == Some(row.id),
        })
        .collect();
    html(&Accounts {
        nav: signed.nav(Section::Accounts),
        roles: choices(&p, "accounts-role-", Role::ALL.iter().map(|r| r.code()), &wanted.role),
        states: choices(&p, "accounts-state-", ["active", "suspended"].into_iter(), &wanted.state),
        writes: signed.ctx.may(Act::WriteAccounts),
        list,
        count: p.tr("accounts-accounts-count", &[("n", p.n(found.len()))]),
        is_filtered: !(wanted.q.is_empty() && wanted.role.is_empty() && wanted.state.is_empty()),
        pager: (pages > 1).then(|| Pager {
            text: p.tr("accounts-accounts-page", &[("page", p.n(page)), ("pages", p.n(pages))]),
            prev: if page > 1 { p.href(&wanted.address(page - 1)) } else { String::new() },
            next: if page < pages { p.href(&wanted.address(page + 1)) } else { String::new() },
        }),
        wanted,
        p,
    })
}

/// Choices of a select field: every word, or all.
fn choices(
    p: &Page,
    prefix: &str,
    codes: impl Iterator<Item = &'static str>,
    chosen: &str,
) -> Vec<(String, String, bool)> {
    std::iter::once((String::new(), p.t("accounts-accounts-all"), false))
        .chain(codes.map(|code| (code.to_owned(), p.tc(prefix, code), code == chosen)))
        .collect()
}
