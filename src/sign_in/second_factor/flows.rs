//! The flow that enrols a passkey. The question to the browser is used up in a transaction of its own, so that a refused answer
//! uses it up too.

use super::commands::{Enrolled, Holder, NewPasskey, put_passkey};
use super::passkeys;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::main_store::Changes;
use crate::sign_in::Authentication;

/// Enrols the passkey with which the browser answers.
///
/// # Errors
/// `account.passkey` for the field; as [`put_passkey`].
pub async fn enrol_passkey(
    authentication: &Authentication,
    ctx: &Ctx,
    holder: Holder<'_>,
    name: &str,
    credential: &str,
) -> Result<Enrolled> {
    let mut problems = Problems::default();
    let name = problems.optional_line("name", name, 40);
    problems.finish()?;
    let main = &authentication.main;
    let asked = main.write(Changes::Internal, async |tx| passkeys::take(tx, holder.session, ctx.system).await).await?;
    let made = asked.map(|question| authentication.passkeys.new_one(&question, credential)).transpose()?.flatten();
    let (id_hash, credential) = made.ok_or_else(|| Error::field("credential", Refusal::new("account.passkey")))?;
    let named = [name.as_str(), &holder.session.browser, "Passkey"].into_iter().find(|n| !n.is_empty());
    let new = NewPasskey { id_hash, name: named.unwrap_or_default().to_owned(), credential };
    main.write(Changes::Internal, async |tx| put_passkey(tx, ctx, authentication, holder, new).await).await
}
