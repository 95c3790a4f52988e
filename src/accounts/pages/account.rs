//! Page of one account. System administrators change name, organisation, suspension, invitation and lost factors; security
//! administrators change roles.

use askama::Template;
use entity::{account, invitation, role_proposal};
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::access::WaitingChange;
use super::account_link::Link;
use super::invitation::{Handed, handed};
use super::roles::{Chosen, Ground, RoleBox};
use crate::accounts::commands::{self, AccountChange, RolesChange};
use crate::accounts::{access_changes, queries};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::ctx::{Grant, Staff};
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::pages::feedback::{Again, Done, Labels, links};
use crate::sign_in::second_factor::Factors;
use crate::web::dates::day_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[
    ("roles", "accounts-roles"),
    ("home_province", "accounts-home"),
    ("name", "accounts-name"),
    ("office", "accounts-office"),
    ("subject", "accounts-link-subject"),
];

#[derive(Template)]
#[template(path = "accounts/account.html")]
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
    /// Whether the reader may change the account; `grants` says whether the reader may change its roles.
    writes: bool,
    grants: bool,
    boxes: Vec<RoleBox>,
    /// Home province of the holder, in words.
    home: String,
    homes: Vec<(String, String, bool)>,
    proposed: Vec<Proposed>,
    version: String,
    link: Option<Link>,
    /// Whether access changes of the account take two people.
    is_guarded: bool,
    /// Access change that waits for its second person.
    access: Option<WaitingChange>,
}

/// Role that waits for its second person.
struct Proposed {
    text: String,
    confirm: String,
    refuse: String,
}

/// Present state of an account.
pub struct AccountState {
    /// Row of the account.
    pub row: account::Model,
    staff: Staff,
    proposed: Vec<role_proposal::Model>,
    factors: usize,
    invitation: Option<invitation::Model>,
    is_guarded: bool,
}

impl AccountState {
    /// Reads the state for a system administrator.
    pub async fn of(signed: &Signed, login: &str) -> Result<Self> {
        signed.ctx.require(Act::WriteAccounts)?;
        Self::read(signed, login).await
    }

    /// Reads the state. The caller has checked that the reader may see it.
    pub async fn read(signed: &Signed, login: &str) -> Result<Self> {
        let db = signed.app.stores.main.db();
        let (row, staff) = queries::account(db, login).await?;
        let proposed = queries::proposals(db, row.id).await?;
        let factors = Factors::of(db, row.id).await?.count();
        let invitation = queries::invitation(db, row.id).await?;
        let is_guarded = access_changes::is_guarded(db, row.id).await?;
        Ok(Self { row, staff, proposed, factors, invitation, is_guarded })
    }

    /// Whether access changes of the account take two people.
    pub const fn is_guarded(&self) -> bool {
        self.is_guarded
    }

    fn page(&self, signed: &Signed) -> Page {
        let title = [("name", self.row.name.clone())];
        let mut p = signed.page("desk");
        // Addresses of acts have no page of their own.
        p.address = format!("/desk/accounts/{}", self.row.login);
        let title = p.tr("accounts-account-title", &title);
        p.named(title)
    }

    /// The page with the form as it was sent, or with the present state of the account. A form that is shown again gets the
    /// present version, even where its own version was stale, and keeps the typed texts.
    async fn show(self, signed: &Signed, p: Page, sent: Option<&Sent>) -> Result<Account> {
        let ground = Ground::read(signed.app.stores.main.db()).await?;
        // The page has three forms: words, roles and link. Each form is shown as it was sent.
        let roles = sent.filter(|sent| sent.has("home_province"));
        let proposed = self.proposed.iter().map(|row| (row, Grant { role: row.role, scope: row.scope.clone() }));
        let wanted: Vec<Grant> = self.staff.grants.iter().cloned().chain(proposed.clone().map(|(_, g)| g)).collect();
        let chosen = roles.map_or_else(|| Chosen::held(&wanted), Chosen::sent);
        let standing_home = self.row.home_province.clone().unwrap_or_default();
        let home = roles.map_or(standing_home.as_str(), |sent| sent.get("home_province"));
        let ctx = &signed.ctx;
        let is_own = ctx.account() == Some(self.row.id);
        let typed = |field: &str, standing: &str| {
            sent.filter(|sent| sent.has(field)).map_or(standing, |sent| sent.get(field)).to_owned()
        };
        let link = Link::read(signed, &p, &self, &typed("subject", "")).await?;
        let access = WaitingChange::read(signed, &p, &self.row).await?;
        Ok(Account {
            nav: signed.nav(Section::Accounts),
            links: links(&p, FIELDS),
            action: p.href(&format!("/desk/accounts/{}", self.row.login)),
            person: typed("name", &self.row.name),
            office: typed("office", &self.row.office),
            roles: ground.words(&p, &self.staff.grants),
            since: day_long(p.locale, day_of(self.row.created_at)),
            active: self.row.active,
            waits: self.invitation.map(|i| p.tr("accounts-account-waits", &[("until", p.system_moment(i.expires_at))])),
            factors: self.factors,
            is_own,
            writes: !is_own && ctx.may(Act::WriteAccounts),
            grants: !is_own && ctx.may(Act::GrantRoles),
            boxes: ground.boxes(&p, &chosen),
            home: ground.name(&p, &standing_home),
            homes: ground.homes(&p, home),
            proposed: proposed
                .map(|(row, grant)| {
                    let at = |act: &str| p.href(&format!("/desk/accounts/{}/roles/{}/{act}", self.row.login, row.id.0));
                    let may = |acts: &[Act]| !is_own && acts.iter().any(|act| ctx.may(*act));
                    let address = |allowed: bool, act| if allowed { at(act) } else { String::new() };
                    Proposed {
                        text: ground.words(&p, &[grant]),
                        confirm: address(may(&[Act::ConfirmRoles]), "confirmation"),
                        refuse: address(may(&[Act::ConfirmRoles, Act::GrantRoles]), "refusal"),
                    }
                })
                .collect(),
            version: queries::version(&self.row, &self.staff.grants),
            link,
            is_guarded: self.is_guarded,
            access,
            login: self.row.login,
            holder: self.row.name,
            standing_office: self.row.office,
            p,
        })
    }
}

/// Shows the account: `GET /desk/accounts/{login}`.
#[handler]
pub async fn show(signed: Signed, Path(login): Path<String>, Query(done): Query<Done>) -> Result<Response> {
    signed.ctx.require(Act::ReadAccounts)?;
    let standing = AccountState::read(&signed, &login).await?;
    let mut p = standing.page(&signed);
    p.notice = done.notice(&p);
    html(&standing.show(&signed, p, None).await?)
}

/// Changes name and organisation: `POST /desk/accounts/{login}`.
#[handler]
pub async fn change(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let standing = AccountState::read(&signed, &login).await?;
    let change = AccountChange {
        name: sent.get("name").to_owned(),
        office: sent.get("office").to_owned(),
        active: standing.row.active,
        version: sent.get("version").to_owned(),
    };
    let changed =
        signed.write(Changes::Public, async |tx| commands::change_account(tx, &signed.ctx, &login, change).await).await;
    after(&signed, standing, changed, "change", Some(&sent)).await
}

/// Changes the roles: `POST /desk/accounts/{login}/roles`.
#[handler]
pub async fn put_roles(signed: Signed, Path(login): Path<String>, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::GrantRoles)?;
    let standing = AccountState::read(&signed, &login).await?;
    let wanted = RolesChange {
        grants: Chosen::sent(&sent).grants(),
        home_province: sent.get("home_province").to_owned(),
        version: sent.get("version").to_owned(),
    };
    let changed =
        signed.write(Changes::Internal, async |tx| commands::put_roles(tx, &signed.ctx, &login, wanted).await).await;
    after(&signed, standing, changed, "roles", Some(&sent)).await
}

/// Confirms a role: `POST /desk/accounts/{login}/roles/{number}/confirmation`.
#[handler]
pub async fn confirm_role(signed: Signed, Path((login, number)): Path<(String, i64)>) -> Result<Response> {
    signed.ctx.require(Act::ConfirmRoles)?;
    let standing = AccountState::read(&signed, &login).await?;
    let done =
        signed.write(Changes::Internal, async |tx| commands::confirm_role(tx, &signed.ctx, &login, number).await).await;
    after(&signed, standing, done, "confirmation", None).await
}

/// Refuses a role: `POST /desk/accounts/{login}/roles/{number}/refusal`.
#[handler]
pub async fn refuse_role(signed: Signed, Path((login, number)): Path<(String, i64)>) -> Result<Response> {
    signed.ctx.require(Act::ReadAccounts)?;
    let standing = AccountState::read(&signed, &login).await?;
    let done =
        signed.write(Changes::Internal, async |tx| commands::refuse_role(tx, &signed.ctx, &login, number).await).await;
    after(&signed, standing, done, "refusal", None).await
}

/// Suspends the account: `POST /desk/accounts/{login}/suspension`.
#[handler]
pub async fn suspend(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    set_active(&signed, &login, false, "suspension").await
}

/// Reinstates the account: `POST /desk/accounts/{login}/reinstatement`.
#[handler]
pub async fn reinstate(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    set_active(&signed, &login, true, "reinstatement").await
}

async fn set_active(signed: &Signed, login: &str, active: bool, done: &str) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let standing = AccountState::read(signed, login).await?;
    let changed =
        signed.write(Changes::Internal, async |tx| commands::set_active(tx, &signed.ctx, login, active).await).await;
    after(signed, standing, changed, done, None).await
}

/// Invites the holder anew: `POST /desk/accounts/{login}/invitation`.
#[handler]
pub async fn invite(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let standing = AccountState::read(&signed, &login).await?;
    match signed.write(Changes::Internal, async |tx| commands::invite(tx, &signed.ctx, &login).await).await {
        Ok(invitation) => handed(&signed, Handed::Link(&invitation)),
        Err(error) => after(&signed, standing, Err(error), "", None).await,
    }
}

/// Removes the second factors: `POST /desk/accounts/{login}/second-factor/removal`.
#[handler]
pub async fn remove_factors(signed: Signed, Path(login): Path<String>) -> Result<Response> {
    signed.ctx.require(Act::WriteAccounts)?;
    let standing = AccountState::read(&signed, &login).await?;
    let store = &signed.app.stores.main;
    let removed =
        store.write(Changes::Internal, async |tx| commands::remove_factors(tx, &signed.ctx, &login).await).await;
    after(&signed, standing, removed, "factors", None).await
}

/// Redirect to the account with a notice, or the page again with the errors.
pub async fn after(
    signed: &Signed,
    standing: AccountState,
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

/// The page of the account with an invitation to link it, which is shown only once.
pub async fn invited(signed: &Signed, standing: AccountState, code: &str) -> Result<Response> {
    let p = standing.page(signed);
    let mut page = standing.show(signed, p, None).await?;
    if let Some(link) = &mut page.link {
        link.invited(&signed.app.config.public_address(), code);
    }
    html(&page)
}
