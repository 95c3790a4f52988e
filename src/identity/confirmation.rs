//! Acts that need a proof of presence, not older than ten minutes: whoever finds an unlocked screen, or stole a cookie, is
//! not to sign, dispatch, carry data off or change accounts with it. One proof is enough for [`ACTS`]; for [`OWN`], by which
//! somebody could make a stolen session last, all of signing in is shown again.
//!
//! The lists are the rule itself: [`super::extract::Signed`] looks every request up in them before a handler runs, so no
//! handler can forget. Signing in is every proof (at a provider, as far as it says when it asked for them), and `POST
//! /desk/confirmation` gives further ones.

use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::proof::{Proof, prove};
use super::second_factor::Factors;
use super::second_factor::commands::Holder;
use super::session::{Opened, Shown, renew};
use crate::app::App;
use crate::audit;
use crate::base::clock::SKEW;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};

/// How long a proof lasts.
pub const FRESH: TimeDelta = TimeDelta::minutes(10);

/// Every act that needs one proof: method and pattern of its address.
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
    ("POST", "/desk/accounts/:login/access"),
    ("POST", "/desk/accounts/:login/access/:number/confirmation"),
    ("POST", "/desk/accounts/:login/access/:number/refusal"),
    ("POST", "/api/v1/accounts/:login/access"),
    ("POST", "/api/v1/accounts/:login/access/:number/confirmation"),
    ("POST", "/api/v1/accounts/:login/access/:number/refusal"),
    ("POST", "/desk/delegations"),
    ("POST", "/api/v1/delegations"),
    // The own devices.
    ("POST", "/desk/account/devices/revocation"),
    ("POST", "/desk/account/devices/:name/revocation"),
    ("DELETE", "/api/v1/sessions/others"),
    ("DELETE", "/api/v1/sessions/:name"),
];

/// Every act on the own ways into an account: they need the password, and a second factor where one is enrolled.
pub const OWN: &[(&str, &str)] = &[
    ("GET", "/desk/account/second-factor"),
    ("GET", "/desk/password"),
    ("POST", "/desk/password"),
    ("PUT", "/api/v1/account/password"),
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

/// Refuses an act of the lists in a session that lacks a fresh proof for it.
///
/// # Errors
/// `account.confirm`; `account.confirm_all`.
pub async fn check(
    db: &impl ConnectionTrait,
    method: &str,
    pattern: &str,
    session: &session::Model,
    system: DateTime<Utc>,
) -> Result<()> {
    let is_listed = |acts: &[(&str, &str)]| acts.iter().any(|act| act.0 == method && is_same(act.1, pattern));
    let lacks = async |wants_all| Ok::<_, Error>(Missing::of(db, session, wants_all, system).await?.is_some());
    if is_listed(ACTS) && lacks(false).await? {
        return Err(demand());
    }
    if is_listed(OWN) && lacks(true).await? {
        return Err(Error::Forbidden(Refusal::new(ALL)));
    }
    Ok(())
}

/// What a session lacks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Missing {
    /// The password.
    pub password: bool,
    /// A second factor.
    pub factor: bool,
}

impl Missing {
    /// Whatever was shown too long ago. Where not all is wanted, any of it ends the want.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn of(
        db: &impl ConnectionTrait,
        session: &session::Model,
        wants_all: bool,
        system: DateTime<Utc>,
    ) -> Result<Self> {
        // Shown under a clock that was ahead, it was shown who knows when.
        let is_old = |shown_at| !(-SKEW..=FRESH).contains(&(system - shown_at));
        let (password, factor) = (is_old(session.password_at), is_old(session.factor_at));
        let is_enough = if wants_all { !password && !factor } else { !password || !factor };
        if is_enough {
            return Ok(Self::default());
        }
        let has_factor = Factors::of(db, session.account_id).await?.count() > 0;
        Ok(Self { password, factor: factor && has_factor })
    }

    /// Whether there is anything.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.password || self.factor
    }
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
/// The code of a refusal that wants all of signing in again.
pub const ALL: &str = "account.confirm_all";

/// Takes proofs of presence: the session may do the acts of the lists for a while, under another token. The one before it may
/// have been stolen.
///
/// # Errors
/// As [`prove`], for the first one that is wrong; `Unauthenticated` where the session has ended.
pub async fn confirm(app: &App, ctx: &Ctx, holder: Holder<'_>, proofs: Vec<Proof>) -> Result<Opened> {
    let (mut shown, mut by) = (Shown::default(), Vec::new());
    for proof in proofs {
        let is_password = matches!(proof, Proof::Password(_));
        by.push(proof.name());
        prove(app, holder, proof).await?;
        shown = Shown { password: shown.password || is_password, factor: shown.factor || !is_password };
    }
    let system = app.clock.system();
    let work = async |tx: &DatabaseTransaction| {
        let opened = renew(tx, holder.session, shown, system).await?;
        let detail = serde_json::json!({ "by": by.join(" ") });
        audit::record(tx, ctx, "identity.confirm", &holder.staff.login, detail).await?;
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
        let all = [ACTS, OWN].concat();
        for (at, act) in all.iter().enumerate() {
            assert!(!all[..at].contains(act), "{act:?}");
        }
    }
}
