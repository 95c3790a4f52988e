//! Page of lent roles: the roles that the reader lends and borrows, and the form for lending.

use askama::Template;
use poem::web::{Path, Query};
use poem::{Response, handler};

use super::roles::Ground;
use crate::accounts::commands::{self, MAX_DAYS, NewDelegation};
use crate::accounts::{delegating, queries};
use crate::base::access::Act;
use crate::base::clock::day_of;
use crate::base::ctx::Grant;
use crate::base::error::{Error, Problems, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::nav::{Nav, Section};
use crate::sign_in::pages::feedback::{Again, Done, Labels, links};
use crate::web::dates::day_long;
use crate::web::form::Sent;
use crate::web::page::{Page, html, see_other};

/// Fields of the forms of the page, in their order.
const FIELDS: &Labels = &[
    ("role", "accounts-role"),
    ("borrower", "accounts-delegation-borrower"),
    ("from_on", "accounts-delegation-from"),
    ("until_on", "accounts-delegation-until"),
];

#[derive(Template)]
#[template(path = "accounts/delegations.html")]
struct Delegations {
    p: Page,
    nav: Nav,
    links: Vec<(String, String)>,
    list: Vec<DelegationRow>,
    /// Whether the reader has a role to lend.
    lends: bool,
    roles: Vec<(String, String, bool)>,
    people: Vec<(String, String, bool)>,
    from: String,
    until: String,
    most: String,
}

struct DelegationRow {
    role: String,
    lender: String,
    borrower: String,
    days: String,
    /// Address for ending the loan early; empty where another account lends.
    end: String,
}

/// Shows the loans: `GET /desk/delegations`.
#[handler]
pub async fn show(signed: Signed, Query(done): Query<Done>) -> Result<Response> {
    let mut p = signed.page("desk").titled("accounts-delegations-title");
    p.notice = done.notice(&p);
    html(&page(&signed, p, &Sent::default()).await?)
}

/// Lends a role: `POST /desk/delegations`.
#[handler]
pub async fn delegate(signed: Signed, sent: Sent) -> Result<Response> {
    signed.ctx.require(Act::Delegate)?;
    let done = match read(&sent) {
        Ok(new) => signed.write(Changes::Internal, async |tx| commands::delegate(tx, &signed.ctx, new).await).await,
        Err(error) => Err(error),
    };
    let p = signed.page("desk").titled("accounts-delegations-title");
    match done {
        Ok(_) => Ok(see_other(&p.href("/desk/delegations?done=delegation"))),
        Err(error) => {
            let (again, errors) = Again::of(error, "borrower")?;
            again.show(&page(&signed, p.refused(errors), &sent).await?)
        }
    }
}

/// Ends a loan: `POST /desk/delegations/{number}/end`.
#[handler]
pub async fn end(signed: Signed, Path(number): Path<i64>) -> Result<Response> {
    signed.write(Changes::Internal, async |tx| commands::end_delegation(tx, &signed.ctx, number).await).await?;
    Ok(see_other(&signed.page("desk").href("/desk/delegations?done=delegation-end")))
}

/// Converts the form into a delegation.
fn read(sent: &Sent) -> Result<NewDelegation> {
    let mut problems = Problems::default();
    let mut day = |field: &'static str| problems.day(field, sent.get(field));
    let (from_on, until_on) = (day("from_on"), day("until_on"));
    let grant = sent
        .get("role")
        .split_once(' ')
        .and_then(|(role, scope)| Some(Grant { role: role.parse().ok()?, scope: scope.to_owned() }));
    problems.check(grant.is_some(), "role", "delegation.not_yours");
    problems.finish()?;
    let grant = grant.ok_or(Error::NotFound("role"))?;
    Ok(NewDelegation { borrower: sent.get("borrower").to_owned(), grant, from_on, until_on })
}

async fn page(signed: &Signed, p: Page, sent: &Sent) -> Result<Delegations> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let staff = ctx.staff()?;
    let ground = Ground::read(db).await?;
    let found = delegating::of(db, staff.id, ctx.now).await?;
    let people = queries::by_ids(db, found.iter().flat_map(|row| [row.lender_id, row.borrower_id])).await?;
    let person = |name: &str, office: &str| {
        p.tr("accounts-delegation-person", &[("name", name.to_owned()), ("office", office.to_owned())])
    };
    let named = |id| people.get(&id).map(|row| person(&row.name, &row.office)).unwrap_or_default();
    let list = found
        .iter()
        .map(|row| DelegationRow {
            role: ground.words(&p, &[Grant { role: row.role, scope: row.scope.clone() }]),
            lender: named(row.lender_id),
            borrower: named(row.borrower_id),
            days: p.tr(
                "accounts-delegation-days",
                &[("from", day_long(p.locale, row.from_on)), ("until", day_long(p.locale, row.until_on))],
            ),
            end: if row.lender_id == staff.id {
                p.href(&format!("/desk/delegations/{}/end", row.id.0))
            } else {
                String::new()
            },
        })
        .collect();
    let able = |grant: &&Grant| Act::Delegate.hands().iter().any(|(role, _)| *role == grant.role);
    let own: Vec<&Grant> = staff.grants.iter().filter(able).collect();
    let mates = if own.is_empty() { Vec::new() } else { delegating::housemates(db, staff).await? };
    let first = (String::new(), p.t("accounts-role-choose"), false);
    let today = day_of(ctx.now).to_string();
    let typed = |field: &str| if sent.has(field) { sent.get(field).to_owned() } else { today.clone() };
    Ok(Delegations {
        nav: signed.nav(Section::Delegations),
        links: links(&p, FIELDS),
        list,
        lends: !own.is_empty(),
        roles: own
            .into_iter()
            .map(|grant| {
                let value = grant.words();
                let chosen = value == sent.get("role");
                (value, ground.words(&p, std::slice::from_ref(grant)), chosen)
            })
            .collect(),
        people: std::iter::once(first)
            .chain(mates.into_iter().map(|row| {
                let chosen = row.login == sent.get("borrower");
                (row.login, person(&row.name, &row.office), chosen)
            }))
            .collect(),
        from: typed("from_on"),
        until: typed("until_on"),
        most: p.tr("accounts-delegation-most", &[("days", MAX_DAYS.to_string())]),
        p,
    })
}
