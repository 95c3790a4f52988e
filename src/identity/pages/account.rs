//! One account: words, roles, suspension, a new first password.

use askama::Template;
use entity::account;
use entity::stored::Role;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::roles::{Chosen, Ground, RoleBox};
use super::sign_on::Link;
use super::{Again, Done, links};
use crate::clock::day_of;
use crate::ctx::Staff;
use crate::error::{Error, Result};
use crate::identity::commands::{self, AccountChange};
use crate::identity::extract::Signed;
use crate::identity::nav::{Nav, Section};
use crate::identity::queries;
use crate::web::dates::day_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};

#[derive(Template)]
#[template(path = "identity/account.html")]
struct Account {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    login: String,
    action: String,
    holder: String,
    standing_office: String,
    person: String,
    office: String,
    roles: String,
    since: String,
    active: bool,
    is_own: bool,
    boxes: Vec<RoleBox>,
    version: String,
    link: Option<Link>,
}

/// An account as it stands.
pub struct Standing {
    /// The account.
    pub row: account::Model,
    staff: Staff,
}

impl Standing {
    /// Reads it for an administrator.
    pub async fn of(signed: &Signed, login: &str) -> Result<Self> {
        signed.ctx.require(Role::Sysadmin)?;
        Self::read(signed, login).await
    }

    async fn read(signed: &Signed, login: &str) -> Result<Self> {
        let db = signed.app.stores.main.db();
        let (row, staff) = queries::account(db, login).await?;
        Ok(Self { row, staff })
    }

    fn page(&self, signed: &Signed) -> Page {
        let title = [("name", self.row.name.clone())];
        let p = signed.page("desk");
        let title = p.tr("identity-account-title", &title);
        p.named(title)
    }

    /// The page with the form as it was sent, or as the account stands. The form that is shown again keeps the version that
    /// it was made from, unless that is stale: then what was typed is laid over what stands now.
    async fn show(self, signed: &Signed, p: Page, sent: Option<&Sent>) -> Result<Account> {
        let ground = Ground::read(signed.app.stores.main.db()).await?;
        // The form that links has no roles in it.
        let roles = sent.filter(|sent| !sent.has("subject"));
        let chosen = roles.map_or_else(|| Chosen::held(&self.staff.grants), Chosen::sent);
        let typed = |field: &str, standing: &str| {
            sent.filter(|sent| sent.has(field)).map_or(standing, |sent| sent.get(field)).to_owned()
        };
        let link = Link::read(signed, &p, &self, &typed("subject", "")).await?;
        Ok(Account {
            nav: signed.nav(Section::Accounts),
            links: links(&p),
            action: p.href(&format!("/desk/accounts/{}", self.row.login)),
            person: typed("name", &self.row.name),
            office: typed("office", &self.row.office),
            roles: ground.words(&p, &self.staff.grants),
            since: day_long(p.locale, day_of(self.row.created_at)),
            active: self.row.active,
            is_own: signed.ctx.account() == Some(self.row.id),
            boxes: ground.boxes(&p, &chosen),
            version: queries::version(&self.row, &self.staff.grants),
            link,
            login: self.row.login,
            holder: self.row.name,
            standing_office: self.row.office,
            p,
        })
    }
}

/// `GET /desk/accounts/{login}`
#[handler]
pub async fn show(signed: Signed, Path(login): Path<String>, Query(done): Query<Done>) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(&signed, &login).await?;
    let mut p = standing.page(&signed);
    p.notice = done.notice(&p);
    html(&standing.show(&signed, p, None).await?)
}

/// `POST /desk/accounts/{login}`
#[handler]
pub async fn change(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(&signed, &login).await?;
    let change = AccountChange {
        name: sent.get("name").to_owned(),
        office: sent.get("office").to_owned(),
        active: standing.row.active,
        grants: Chosen::sent(&sent).grants(),
        version: sent.get("version").to_owned(),
    };
    let changed = signed.app.write(async |tx| commands::change_account(tx, &signed.ctx, &login, change).await).await;
    after(&signed, standing, changed, "change", Some(&sent)).await
}

/// `POST /desk/accounts/{login}/suspension`
#[handler]
pub async fn suspend(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    set_active(&signed, &login, false, "suspension").await
}

/// `POST /desk/accounts/{login}/reinstatement`
#[handler]
pub async fn reinstate(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    set_active(&signed, &login, true, "reinstatement").await
}

async fn set_active(signed: &Signed, login: &str, active: bool, done: &str) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(signed, login).await?;
    let changed = signed.app.write(async |tx| commands::set_active(tx, &signed.ctx, login, active).await).await;
    after(signed, standing, changed, done, None).await
}

/// `POST /desk/accounts/{login}/password`
#[handler]
pub async fn reset(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(&signed, &login).await?;
    let password = sent.get("password").to_owned();
    let store = &signed.app.stores.main;
    let changed = commands::reset_password(store, &signed.ctx, &login, password).await;
    after(&signed, standing, changed, "reset", None).await
}

/// On to the account with a sentence, or the page again with what is wrong.
pub async fn after(
    signed: &Signed,
    standing: Standing,
    changed: Result<()>,
    done: &str,
    sent: Option<&Sent>,
) -> Result<Response> {
    let p = standing.page(signed);
    match changed {
        Ok(()) => Ok(see_other(&p.href(&format!("/desk/accounts/{}?done={done}", standing.row.login)))),
        Err(error @ Error::NotFound(_)) => Err(error),
        Err(error) => {
            let (again, errors) = Again::of(error, "account")?;
            let page = standing.show(signed, p.refused(errors), sent).await?;
            again.show(&page)
        }
    }
}

/// The account with an invitation to link it, which is shown this once.
pub async fn invited(signed: &Signed, standing: Standing, code: &str) -> Result<Response> {
    let p = standing.page(signed);
    let mut page = standing.show(signed, p, None).await?;
    if let Some(link) = &mut page.link {
        link.invited(&signed.app.config.address, code);
    }
    html(&page)
}
