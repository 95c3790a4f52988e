//! Entries in words.

use std::collections::HashMap;

use entity::id::AccountId;
use entity::{account, audit_entry, audit_opening};

use crate::audit::acts;
use crate::audit::chain::committed;
use crate::audit::openings::masked;
use crate::audit::publishing::TrailState;
use crate::web::page::Page;

/// Name of an act in the language of the page. An unknown act (of another version) is shown as stored.
pub(super) fn act(p: &Page, code: &str) -> String {
    if acts::all().any(|known| known == code) { p.tc("audit-act-", code) } else { code.to_owned() }
}

/// Name of the actor of an entry.
pub(super) fn who(p: &Page, entry: &audit_entry::Model, names: &HashMap<AccountId, account::Model>) -> String {
    match entry.actor_id {
        Some(id) => person(p, id, names),
        None if entry.capacity.is_empty() => p.t("audit-nobody"),
        None => p.tr("audit-system", &[("command", entry.capacity.trim_start_matches("system ").to_owned())]),
    }
}

/// Name of an account with its login.
pub(super) fn person(p: &Page, id: AccountId, names: &HashMap<AccountId, account::Model>) -> String {
    match names.get(&id) {
        Some(row) => p.tr("audit-person", &[("name", row.name.clone()), ("login", row.login.clone())]),
        None => p.tr("audit-account", &[("id", format!("#{id}"))]),
    }
}

/// One personal value of an entry.
pub(super) struct Personal {
    pub name: String,
    pub value: String,
    pub hash: String,
}

/// The personal values of an entry. Values are masked unless `is_open` is set.
pub(super) fn personal(
    p: &Page,
    entry: &audit_entry::Model,
    openings: &[audit_opening::Model],
    is_open: bool,
) -> Vec<Personal> {
    let value = |name: &str| match openings.iter().find(|o| o.name == name) {
        Some(opening) if is_open => opening.value.clone(),
        Some(opening) => masked(&opening.value),
        None => p.t("audit-erased"),
    };
    committed(entry)
        .map(|(name, hash)| Personal { name: p.tc("audit-private-", name), value: value(name), hash: hash.to_owned() })
        .collect()
}

/// State of the trail as a sentence, and whether the state is good.
pub(super) fn state(p: &Page, state: &TrailState) -> (String, bool) {
    let at = state.at.map(|at| p.system_moment(at)).unwrap_or_default();
    match &state.found {
        None => (p.t("audit-state-unknown"), true),
        Some(Ok(whole)) => {
            let values = [("n", p.n(whole.chain.size)), ("at", at), ("covered", p.n(whole.covered.max(0)))];
            (p.tr("audit-state-whole", &values), true)
        }
        Some(Err(flaw)) => match flaw.entry() {
            Some(entry) => (p.tr("audit-state-broken", &[("entry", p.n(entry)), ("at", at)]), false),
            None => (p.tr("audit-state-foreign", &[("at", at)]), false),
        },
    }
}
