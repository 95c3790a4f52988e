//! Acts that need a proof of presence, not older than ten minutes: whoever finds an unlocked screen, or stole a cookie, is
//! not to sign, dispatch, carry data off or change accounts with it.
//!
//! The list is the rule itself: [`super::extract::Signed`] looks every request up in it before a handler runs, so no handler
//! can forget. Signing in is a proof, and `POST /desk/confirmation` gives another one.

use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use sea_orm::DatabaseTransaction;

use super::proof::{Proof, prove};
use super::second_factor::commands::Holder;
use super::session::{Opened, renew};
use crate::app::App;
use crate::audit;
use crate::ctx::Ctx;
use crate::error::{Error, Refusal, Result};

/// How long a proof lasts.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Every act that needs one: method and pattern of its address.
pub const ACTS: &[(&str, &str)] = &[
    // Verdicts of a team.
    ("POST", "/desk/assignments/:issue/:province/verification"),
    ("POST", "/desk/assignments/:issue/:province/rejection"),
    ("POST", "/desk/assignments/:issue/:province/relapse"),
    ("POST", "/api/v1/assignments/:issue/:province/verification"),
    ("POST", "/api/v1/assignments/:issue/:province/rejection"),
    ("POST", "/api/v1/assignments/:issue/:province/relapse"),
    // Sending issues to the provinces.
    ("POST", "/desk/campaigns/:slug/dispatch"),
    ("POST", "/api/v1/campaigns/:slug/dispatch"),
    // Signatures under a selection, and under a rule by which ballots do not count.
    ("POST", "/desk/campaigns/:slug/selection/approval"),
    ("POST", "/api/v1/campaigns/:slug/selection/approval"),
    ("POST", "/desk/campaigns/:slug/invalidations/:number/approval"),
    ("POST", "/api/v1/campaigns/:slug/invalidations/:number/approval"),
    // What staff carry off.
    ("GET", "/desk/campaigns/:slug/options.csv"),
    ("POST", "/desk/audit/export"),
    // Personal values of the trail.
    ("POST", "/desk/audit/:number"),
    // Accounts.
    ("POST", "/desk/accounts/new"),
    ("POST", "/desk/accounts/:login"),
    ("POST", "/desk/accounts/:login/suspension"),
    ("POST", "/desk/accounts/:login/reinstatement"),
    ("POST", "/desk/accounts/:login/invitation"),
    ("POST", "/desk/accounts/:login/second-factor/removal"),
    ("POST", "/api/v1/accounts"),
    ("PUT", "/api/v1/accounts/:login"),
    ("POST", "/api/v1/accounts/:login/invitation"),
    ("DELETE", "/api/v1/accounts/:login/second-factor"),
    ("POST", "/desk/accounts/:login/sign-on"),
    ("POST", "/desk/accounts/:login/sign-on/invitation"),
    ("POST", "/desk/accounts/:login/sign-on/removal"),
    // Who may do what.
    ("POST", "/desk/accounts/:login/roles"),
    ("POST", "/desk/accounts/:login/roles/:number/confirmation"),
    ("POST", "/desk/accounts/:login/roles/:number/refusal"),
    ("PUT", "/api/v1/accounts/:login/roles"),
    ("POST", "/api/v1/accounts/:login/roles/:number/confirmation"),
    ("POST", "/api/v1/accounts/:login/roles/:number/refusal"),
    ("POST", "/desk/delegations"),
    ("POST", "/api/v1/delegations"),
    // The own devices.
    ("POST", "/desk/account/devices/revocation"),
    ("POST", "/desk/account/devices/:name/revocation"),
    ("DELETE", "/api/v1/sessions/others"),
    ("DELETE", "/api/v1/sessions/:name"),
    // The own factors.
    ("POST", "/desk/account/second-factor/totp"),
    ("POST", "/desk/account/second-factor/totp/code"),
    ("POST", "/desk/account/second-factor/totp/removal"),
    ("POST", "/desk/account/second-factor/passkeys"),
    ("POST", "/desk/account/second-factor/passkeys/:key/removal"),
    ("POST", "/desk/account/second-factor/codes"),
    ("POST", "/api/v1/account/second-factor/totp"),
    ("PUT", "/api/v1/account/second-factor/totp"),
    ("DELETE", "/api/v1/account/second-factor/totp"),
    ("POST", "/api/v1/account/second-factor/passkeys/challenge"),
    ("POST", "/api/v1/account/second-factor/passkeys"),
    ("DELETE", "/api/v1/account/second-factor/passkeys/:key"),
    ("POST", "/api/v1/account/second-factor/recovery-codes"),
];

/// Refuses an act of the list in a session that has no fresh proof.
///
/// # Errors
/// `account.confirm`.
pub fn check(method: &str, pattern: &str, session: &session::Model, system: DateTime<Utc>) -> Result<()> {
    let is_listed = ACTS.iter().any(|act| act.0 == method && is_same(act.1, pattern));
    if is_listed && system - session.confirmed_at > FRESH { Err(demand()) } else { Ok(()) }
}

/// Whether two patterns are of one address. The API's router has names of its own for the parts that vary.
fn is_same(one: &str, other: &str) -> bool {
    let varies = |part: &str| part.starts_with(':');
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || varies(a) && varies(b) => {}
            _ => return false,
        }
    }
}

/// What is said to whoever has to confirm.
#[must_use]
pub fn demand() -> Error {
    Error::Forbidden(Refusal::new("account.confirm"))
}

/// The code of that refusal.
pub const CODE: &str = "account.confirm";

/// Takes a proof of presence: the session may do the acts of the list for a while, under another token. The one before it may
/// have been stolen.
///
/// # Errors
/// As [`prove`]; `Unauthenticated` where the session has ended.
pub async fn confirm(app: &App, ctx: &Ctx, holder: Holder<'_>, proof: Proof) -> Result<Opened> {
    let by = proof.name();
    prove(app, holder, proof).await?;
    let system = app.clock.system();
    let work = async |tx: &DatabaseTransaction| {
        let opened = renew(tx, holder.session, system).await?;
        audit::record(tx, ctx, "identity.confirm", &holder.staff.login, serde_json::json!({ "by": by })).await?;
        Ok(opened)
    };
    app.stores.main.write(work).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compared_by_their_fixed_parts() {
        assert!(is_same("/api/v1/accounts/:login/invitation", "/api/v1/accounts/:param0/invitation"));
        assert!(!is_same("/desk/accounts/:login", "/desk/accounts/new"));
        assert!(!is_same("/desk/accounts/:login", "/desk/accounts/:login/suspension"));
        assert!(!is_same("/desk/accounts/:login", ""));
    }

    #[test]
    fn every_act_is_listed_once() {
        for (at, act) in ACTS.iter().enumerate() {
            assert!(!ACTS[..at].contains(act), "{act:?}");
        }
    }
}
