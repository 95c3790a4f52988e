//! What administrators changed of the ways into the reader's own account, for the first page after sign-in and the own devices.

use askama::Template;
use entity::id::AccountId;

use super::access::words;
use crate::error::Result;
use crate::identity::extract::Signed;
use crate::identity::{access_changes, queries};
use crate::web::dates::moment_long;
use crate::web::page::Page;

/// See the module.
#[derive(Template)]
#[template(path = "identity/_told.html")]
pub struct Told {
    p: Page,
    rows: Vec<String>,
}

impl Told {
    /// The changes of the last thirty days.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn read(signed: &Signed, p: &Page) -> Result<Self> {
        let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
        let found = access_changes::told(db, ctx.staff()?.id, ctx.now).await?;
        let mut hands: Vec<AccountId> = Vec::new();
        for row in &found {
            hands.extend(row.proposed_by.into_iter().chain(row.decided_by));
        }
        let people = queries::by_ids(db, hands).await?;
        let rows = found.iter().map(|row| {
            let name = |id: Option<_>| match id.and_then(|id| people.get(&id)) {
                Some(account) => account.name.clone(),
                None => p.t("identity-told-operator"),
            };
            let args = [
                ("at", moment_long(p.locale, row.decided_at.unwrap_or(row.proposed_at))),
                ("what", words(p, row.kind, &row.subject)),
                ("first", name(row.proposed_by)),
                ("second", name(row.decided_by)),
            ];
            if row.proposed_by == row.decided_by {
                p.tr("identity-told-one", &args[..3])
            } else {
                p.tr("identity-told-two", &args)
            }
        });
        Ok(Self { rows: rows.collect(), p: p.clone() })
    }
}
