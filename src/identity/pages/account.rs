//! One account: words, roles, suspension, a new invitation, factors that were lost.

use askama::Template;
use entity::stored::Role;
use entity::{account, invitation};
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::invitation::handed;
use super::roles::{Chosen, Ground, RoleBox};
use super::{Again, Done, links};
use crate::clock::day_of;
use crate::ctx::Staff;
use crate::error::{Error, Result};
use crate::identity::commands::{self, AccountChange};
use crate::identity::extract::Signed;
use crate::identity::nav::{Nav, Section};
use crate::identity::queries;
use crate::identity::second_factor::Factors;
use crate::web::dates::{day_long, moment_long};
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
    waits: Option<String>,
    factors: usize,
    is_own: bool,
    boxes: Vec<RoleBox>,
    version: String,
}

/// An account as it stands.
struct Standing {
    row: account::Model,
    staff: Staff,
    factors: usize,
    invitation: Option<invitation::Model>,
}

impl Standing {
    async fn read(signed: &Signed, login: &str) -> Result<Self> {
        let db = signed.app.stores.main.db();
        let (row, staff) = queries::account(db, login).await?;
        let factors = Factors::of(db, row.id).await?.count();
        let invitation = queries::invitation(db, row.id).await?;
        Ok(Self { row, staff, factors, invitation })
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
        let chosen = sent.map_or_else(|| Chosen::held(&self.staff.grants), Chosen::sent);
        let typed = |field: &str, standing: &str| sent.map_or(standing, |sent| sent.get(field)).to_owned();
        Ok(Account {
            nav: signed.nav(Section::Accounts),
            links: links(&p),
            action: p.href(&format!("/desk/accounts/{}", self.row.login)),
            person: typed("name", &self.row.name),
            office: typed("office", &self.row.office),
            roles: ground.words(&p, &self.staff.grants),
            since: day_long(p.locale, day_of(self.row.created_at)),
            active: self.row.active,
            waits: self
                .invitation
                .map(|i| p.tr("identity-account-waits", &[("until", moment_long(p.locale, i.expires_at))])),
            factors: self.factors,
            is_own: signed.ctx.account() == Some(self.row.id),
            boxes: ground.boxes(&p, &chosen),
            version: queries::version(&self.row, &self.staff.grants),
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

/// `POST /desk/accounts/{login}/invitation`
#[handler]
pub async fn invite(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(&signed, &login).await?;
    match commands::invite(&signed.app, &signed.ctx, &login).await {
        Ok(invitation) => handed(&signed, &invitation),
        Err(error) => after(&signed, standing, Err(error), "", None).await,
    }
}

/// `POST /desk/accounts/{login}/second-factor/removal`
#[handler]
pub async fn remove_factors(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    signed.ctx.require(Role::Sysadmin)?;
    let standing = Standing::read(&signed, &login).await?;
    let store = &signed.app.stores.main;
    let removed = store.write(async |tx| commands::remove_factors(tx, &signed.ctx, &login).await).await;
    after(&signed, standing, removed, "factors", None).await
}

/// On to the account with a sentence, or the page again with what is wrong.
async fn after(
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
