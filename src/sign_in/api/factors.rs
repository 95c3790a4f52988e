//! Operations on the second factors of the caller's own account.

use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::Value;

use super::proofs::{EnrolledObject, FactorsObject, NewPasskey, NewTotp, TotpCode};
use super::sessions::by_program;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::{Entering, Signed};
use crate::sign_in::second_factor::Factors;
use crate::sign_in::second_factor::commands::{self, Factor};
use crate::sign_in::second_factor::flows;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::no_content::Done;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/account/second-factor", Policy::CALL),
    (Method::POST, "/account/second-factor/totp", Policy::CREDENTIAL_CHANGE),
    (Method::PUT, "/account/second-factor/totp", Policy::CREDENTIAL_CHANGE),
    (Method::DELETE, "/account/second-factor/totp", Policy::CREDENTIAL_CHANGE),
    (Method::POST, "/account/second-factor/passkeys/challenge", Policy::CREDENTIAL_CHANGE),
    (Method::POST, "/account/second-factor/passkeys", Policy::CREDENTIAL_CHANGE),
    (Method::DELETE, "/account/second-factor/passkeys/:key", Policy::CREDENTIAL_CHANGE),
    (Method::POST, "/account/second-factor/recovery-codes", Policy::CREDENTIAL_CHANGE),
];

/// Operations on second factors; see the module.
pub struct FactorsApi;

#[OpenApi(tag = "ApiTags::Identity")]
impl FactorsApi {
    /// Enrolled second factors
    #[oai(path = "/account/second-factor", method = "get")]
    async fn factors(&self, signed: Signed) -> Result<Json<FactorsObject>, Error> {
        let factors = Factors::of(signed.app.stores.main.db(), signed.ctx.staff()?.id).await?;
        Ok(Json(FactorsObject::of(&factors)))
    }

    /// Begin to enrol one-time codes
    ///
    /// Returns a fresh secret. The secret takes effect once its first code is sent by `PUT`. Where a second factor has to be
    /// enrolled, the ticket of an unfinished sign-in opens this call.
    #[oai(path = "/account/second-factor/totp", method = "post")]
    async fn begin_totp(&self, entering: Entering) -> Result<Json<NewTotp>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let pending = entering
            .write(async |tx| commands::begin_totp(tx, &entering.app.authentication, entering.holder()).await)
            .await?;
        Ok(Json(NewTotp { secret: pending.text, address: pending.address }))
    }

    /// Enrol one-time codes by the first code
    ///
    /// The first factor of an account brings recovery codes. A ticket becomes a session. All other sessions of the account end.
    #[oai(path = "/account/second-factor/totp", method = "put")]
    async fn enrol_totp(&self, entering: Entering, body: JsonBody<TotpCode>) -> Result<Json<EnrolledObject>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let (authentication, ctx) = (&entering.app.authentication, &entering.ctx);
        let work = async |tx: &_| commands::enrol_totp(tx, ctx, authentication, entering.holder(), &body.0.code).await;
        let enrolled = entering.write(work).await?;
        Ok(Json(enrolled.into()))
    }

    /// Remove one-time codes
    #[oai(path = "/account/second-factor/totp", method = "delete")]
    async fn remove_totp(&self, signed: Signed) -> Result<Done, Error> {
        remove(&signed, Factor::Totp).await?;
        Ok(Done::NoContent)
    }

    /// Begin to enrol a passkey
    ///
    /// Returns the options of `navigator.credentials.create`. The challenge can be answered once, within five minutes.
    #[oai(path = "/account/second-factor/passkeys/challenge", method = "post")]
    async fn begin_passkey(&self, entering: Entering) -> Result<Json<Value>, Error> {
        let entering = entering.enrolling()?;
        let (authentication, ctx) = (&entering.app.authentication, &entering.ctx);
        let work = async |tx: &_| commands::begin_passkey(tx, ctx, authentication, entering.holder()).await;
        Ok(Json(entering.write(work).await?))
    }

    /// Enrol a passkey
    ///
    /// As for one-time codes, the answer may contain recovery codes and the session.
    #[oai(path = "/account/second-factor/passkeys", method = "post")]
    async fn enrol_passkey(
        &self,
        entering: Entering,
        body: JsonBody<NewPasskey>,
    ) -> Result<Json<EnrolledObject>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let NewPasskey { name, credential } = body.0;
        let (app, ctx, credential) = (&entering.app, &entering.ctx, credential.to_string());
        let enrolled = flows::enrol_passkey(&app.authentication, ctx, entering.holder(), &name, &credential).await?;
        Ok(Json(enrolled.into()))
    }

    /// Remove a passkey
    #[oai(path = "/account/second-factor/passkeys/:key", method = "delete")]
    async fn remove_passkey(&self, signed: Signed, key: Path<String>) -> Result<Done, Error> {
        remove(&signed, Factor::Passkey(&key)).await?;
        Ok(Done::NoContent)
    }

    /// Make new recovery codes
    ///
    /// The new codes replace the codes that are left.
    #[oai(path = "/account/second-factor/recovery-codes", method = "post")]
    async fn renew_codes(&self, signed: Signed) -> Result<Json<EnrolledObject>, Error> {
        let holder = signed.holder()?;
        let work = async |tx: &_| commands::renew_codes(tx, &signed.ctx, &signed.app.authentication, holder).await;
        let codes = signed.write(Changes::Internal, work).await?;
        Ok(Json(EnrolledObject { recovery_codes: codes, session: None }))
    }
}

async fn remove(signed: &Signed, factor: Factor<'_>) -> Result<()> {
    let holder = signed.holder()?;
    let work = async |tx: &_| commands::remove(tx, &signed.ctx, &signed.app.authentication, holder, factor).await;
    signed.write(Changes::Internal, work).await
}
