//! Names of staff members as the desks of the tally show them.

use chrono::{DateTime, Utc};
use entity::account;
use entity::id::AccountId;
use sea_orm::ConnectionTrait;

use crate::accounts::queries::by_ids;
use crate::base::error::Result;
use crate::web::dates::moment_long;
use crate::web::page::Page;

/// A list of people with their offices.
pub(super) fn listed(p: &Page, people: &[account::Model]) -> String {
    let names: Vec<String> = people.iter().map(|a| person(p, a)).collect();
    names.join(&p.t("tally-list-comma"))
}

/// The steps before a signature: the proposal under its label, and the first signature where there is one.
pub(super) async fn steps(
    p: &Page,
    db: &impl ConnectionTrait,
    label: &str,
    proposed: (AccountId, DateTime<Utc>),
    first: Option<(AccountId, DateTime<Utc>)>,
) -> Result<Vec<(String, String)>> {
    let made = [Some((label, proposed)), first.map(|first| ("tally-desk-first", first))];
    let people = by_ids(db, made.iter().flatten().map(|(_, (who, _))| *who)).await?;
    let step = |(label, (who, at)): (&str, (AccountId, DateTime<Utc>))| {
        let name = people.get(&who).map(|account| person(p, account)).unwrap_or_default();
        (p.t(label), p.tr("tally-final-step", &[("who", name), ("moment", moment_long(p.locale, at))]))
    };
    Ok(made.into_iter().flatten().map(step).collect())
}

pub(super) fn person(p: &Page, account: &account::Model) -> String {
    let args = [("name", account.name.clone()), ("office", account.office.clone())];
    p.tr("tally-desk-person", &args)
}
