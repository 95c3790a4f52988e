//! Reauthentication: some acts need a proof of presence that is not older than ten minutes. An unlocked screen or a stolen cookie
//! is not enough to sign, dispatch, export data or change accounts. Changes of one's own sign-in methods need all proofs of a
//! sign-in, because such a change could make a stolen session last.
//!
//! Each address states its demand in its policy ([`crate::web::policy`]). [`super::extract`] checks the demand of every request
//! before a handler runs. A sign-in gives every proof (through a provider, as far as its `auth_time` says). `POST
//! /desk/confirmation` gives further proofs.

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
use crate::sign_in::reauthentication::{Proof, prove};
use crate::web::policy::Reauthentication;

/// Time for which a proof counts as fresh.
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

/// Proofs that a session lacks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Missing {
    /// Whether the password is missing.
    pub password: bool,
    /// Whether a second factor is missing.
    pub factor: bool,
}

impl Missing {
    /// The proofs that were shown too long ago. Without `wants_all`, one fresh proof is enough and nothing is missing.
    ///
    /// # Errors
    /// A store that fails.
    pub async fn of(
        db: &impl ConnectionTrait,
        session: &session::Model,
        wants_all: bool,
        system: DateTime<Utc>,
    ) -> Result<Self> {
        // A proof from the future was shown under a clock that was ahead, so its real instant is unknown.
        let is_old = |shown_at| !(-SKEW..=PROOF_LIFETIME).contains(&(system - shown_at));
        let (password, factor) = (is_old(session.password_at), is_old(session.factor_at));
        let is_enough = if wants_all { !password && !factor } else { !password || !factor };
        if is_enough {
            return Ok(Self::default());
        }
        let has_factor = Factors::of(db, session.account_id).await?.count() > 0;
        Ok(Self { password, factor: factor && has_factor })
    }

    /// Whether any proof is missing.
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.password || self.factor
    }
}

/// The refusal that asks for reauthentication.
#[must_use]
pub fn demand() -> Error {
    Error::Forbidden(Refusal::new("account.confirm"))
}

/// Code of the refusal that asks for one proof.
pub const CODE: &str = "account.confirm";
/// Code of the refusal that asks for all proofs of a sign-in.
pub const ALL: &str = "account.confirm_all";

/// Takes proofs of a reauthentication. The session may do the protected acts for a while, under another token, because the token
/// before may have been stolen.
///
/// # Errors
/// As [`prove`], for the first proof that is wrong; `Unauthenticated` where the session has ended.
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
