//! Access changes in words: for the holder of the account, on the desk and beside the list of sessions, and for the people who
//! confirm.

use entity::id::AccountId;
use entity::stored::AccessKind;
use sea_orm::ConnectionTrait;

use crate::accounts::{access_changes, queries};
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::web::dates::moment_long;
use crate::web::page::Page;

/// A change in words, with the name at the provider where there is one.
#[must_use]
pub fn words(p: &Page, kind: AccessKind, subject: &str) -> String {
    let what = p.tc("accounts-access-kind-", kind);
    if subject.is_empty() {
        return what;
    }
    p.tr("accounts-access-as", &[("what", what), ("subject", subject.to_owned())])
}

/// The access changes of the reader's own account in the last thirty days, one sentence each; the latest comes first.
///
/// # Errors
/// A store that fails.
pub async fn told(db: &impl ConnectionTrait, ctx: &Ctx, p: &Page) -> Result<Vec<String>> {
    let own = ctx.staff()?.id;
    let (account, _) = queries::account_by_id(db, own).await?;
    let mut found = access_changes::told(db, own, ctx.now).await?;
    // The first invitation of a new account is not a change of its access.
    found.retain(|row| row.proposed_by != row.decided_by || row.decided_at != Some(account.created_at));
    let mut hands: Vec<AccountId> = Vec::new();
    for row in &found {
        hands.extend(row.proposed_by.into_iter().chain(row.decided_by));
    }
    let people = queries::by_ids(db, hands).await?;
    let rows = found.iter().map(|row| {
        let name = |id: Option<AccountId>| match id.and_then(|id| people.get(&id)) {
            Some(account) => account.name.clone(),
            None => p.t("accounts-told-operator"),
        };
        let args = [
            ("at", moment_long(p.locale, row.decided_at.unwrap_or(row.proposed_at))),
            ("what", words(p, row.kind, &row.subject)),
            ("first", name(row.proposed_by)),
            ("second", name(row.decided_by)),
        ];
        if row.proposed_by == row.decided_by {
            p.tr("accounts-told-one", &args[..3])
        } else {
            p.tr("accounts-told-two", &args)
        }
    });
    Ok(rows.collect())
}
