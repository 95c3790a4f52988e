//! Reauthentication: acts that need a proof of presence, not older than ten minutes. An unlocked screen or a stolen cookie is not enough
//! to sign, dispatch, carry data off or change accounts. Changes of the own ways to sign in need all proofs of a sign-in, because they
//! could make a stolen session last.
//!
//! Each address states its demand in its policy ([`crate::web::policy`]). [`super::extract`] checks the demand of every request before a
//! handler runs. A sign-in gives every proof (through a provider, as far as its `auth_time` says); `POST /desk/confirmation` gives
//! further ones.

use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::second_factor::Factors;
use super::second_factor::commands::Holder;
use super::session::{Opened, Shown, renew};
use crate::audit;
use crate::base::clock::SKEW;
use crate::base::ctx::Ctx;
use crate::base::error::{Error, Refusal, Result};
use crate::base::main_store::Changes;
use crate::sign_in::Authentication;
use crate::sign_in::reauthentication::Proof;
use crate::sign_in::reauthentication::prove;
use crate::web::policy::Reauthentication;

/// How long a proof lasts.
pub const PROOF_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Refuses an act in a session that lacks the reauthentication which the policy of its address demands.
///
/// # Errors
/// `account.confirm`; `account.confirm_all`.
pub async fn check(
    db: &impl ConnectionTrait,
    demanded: Reauthentication,
    session: &session::Model,
    system: DateTime<Utc>,
) -> Result<()> {
    let lacks = async |wants_all| Ok::<_, Error>(Missing::of(db, session, wants_all, system).await?.is_some());
    match demanded {
        Reauthentication::One if lacks(false).await? => Err(demand()),
        Reauthentication::All if lacks(true).await? => Err(Error::Forbidden(Refusal::new(ALL))),
        Reauthentication::None | Reauthentication::One | Reauthentication::All => Ok(()),
    }
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
        let is_old = |shown_at| !(-SKEW..=PROOF_LIFETIME).contains(&(system - shown_at));
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
pub async fn confirm(
    authentication: &Authentication,
    ctx: &Ctx,
    holder: Holder<'_>,
    proofs: Vec<Proof>,
) -> Result<Opened> {
    let (mut shown, mut by) = (Shown::default(), Vec::new());
    for proof in proofs {
        let is_password = matches!(proof, Proof::Password(_));
        by.push(proof.name());
        prove(authentication, ctx, holder, proof).await?;
        shown = Shown { password: shown.password || is_password, factor: shown.factor || !is_password };
    }
    let system = ctx.system;
    let work = async |tx: &DatabaseTransaction| {
        let opened = renew(tx, holder.session, shown, system).await?;
        let detail = serde_json::json!({ "by": by.join(" ") });
        audit::record(tx, ctx, "identity.confirm", &holder.staff.login, detail).await?;
        Ok(opened)
    };
    authentication.main.write(Changes::Internal, work).await
}
