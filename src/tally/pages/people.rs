//! Names of staff members as the desks of the tally show them.

use entity::account;

use crate::web::page::Page;

/// A list of people with their offices.
pub(super) fn listed(p: &Page, people: &[account::Model]) -> String {
    let names: Vec<String> = people.iter().map(|a| person(p, a)).collect();
    names.join(&p.t("tally-list-comma"))
}

pub(super) fn person(p: &Page, account: &account::Model) -> String {
    let args = [("name", account.name.clone()), ("office", account.office.clone())];
    p.tr("tally-desk-person", &args)
}
