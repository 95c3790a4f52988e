//! The second factors of the own account.

use poem::http::Method;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use serde_json::Value;

use super::proofs::{EnrolledObject, FactorsObject, NewPasskey, NewTotp, TotpCode};
use super::sessions::by_program;
use crate::base::error::{Error, Result};
use crate::sign_in::extract::{Entering, Signed};
use crate::sign_in::second_factor::Factors;
use crate::sign_in::second_factor::commands::{self, Factor};
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

/// See the module.
pub struct FactorsApi;

#[OpenApi(tag = "ApiTags::Identity")]
impl FactorsApi {
    /// What is enrolled
    #[oai(path = "/account/second-factor", method = "get")]
    async fn factors(&self, signed: Signed) -> Result<Json<FactorsObject>, Error> {
        let factors = Factors::of(signed.app.stores.main.db(), signed.ctx.staff()?.id).await?;
        Ok(Json(FactorsObject::of(&factors)))
    }

    /// Begin to enrol codes that change
    ///
    /// Gives a fresh secret; it holds once its first code is sent by `PUT`. A ticket of signing in opens this call where a second
    /// factor has to be enrolled.
    #[oai(path = "/account/second-factor/totp", method = "post")]
    async fn begin_totp(&self, entering: Entering) -> Result<Json<NewTotp>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let pending = commands::begin_totp(&entering.app.authentication, entering.holder()).await?;
        Ok(Json(NewTotp { secret: pending.text, address: pending.address }))
    }

    /// Enrol codes that change, by the first of them
    ///
    /// With the first factor come recovery codes, and with a ticket the session. All other sessions of the account end.
    #[oai(path = "/account/second-factor/totp", method = "put")]
    async fn enrol_totp(&self, entering: Entering, body: JsonBody<TotpCode>) -> Result<Json<EnrolledObject>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let enrolled =
            commands::enrol_totp(&entering.app.authentication, &entering.ctx, entering.holder(), &body.0.code).await?;
        Ok(Json(enrolled.into()))
    }

    /// Take codes that change off
    #[oai(path = "/account/second-factor/totp", method = "delete")]
    async fn remove_totp(&self, signed: Signed) -> Result<Done, Error> {
        commands::remove(&signed.app.authentication, &signed.ctx, signed.holder()?, Factor::Totp).await?;
        Ok(Done::NoContent)
    }

    /// Begin to enrol a passkey
    ///
    /// The options of `navigator.credentials.create`. Answered once, within five minutes.
    #[oai(path = "/account/second-factor/passkeys/challenge", method = "post")]
    async fn begin_passkey(&self, entering: Entering) -> Result<Json<Value>, Error> {
        let entering = entering.enrolling()?;
        Ok(Json(commands::begin_passkey(&entering.app.authentication, &entering.ctx, entering.holder()).await?))
    }

    /// Enrol a passkey
    ///
    /// As with codes, recovery codes and the session may come with it.
    #[oai(path = "/account/second-factor/passkeys", method = "post")]
    async fn enrol_passkey(
        &self,
        entering: Entering,
        body: JsonBody<NewPasskey>,
    ) -> Result<Json<EnrolledObject>, Error> {
        let entering = by_program(entering.enrolling()?)?;
        let NewPasskey { name, credential } = body.0;
        let (app, ctx, credential) = (&entering.app, &entering.ctx, credential.to_string());
        let enrolled = commands::enrol_passkey(&app.authentication, ctx, entering.holder(), &name, &credential).await?;
        Ok(Json(enrolled.into()))
    }

    /// Take a passkey off
    #[oai(path = "/account/second-factor/passkeys/:key", method = "delete")]
    async fn remove_passkey(&self, signed: Signed, key: Path<String>) -> Result<Done, Error> {
        commands::remove(&signed.app.authentication, &signed.ctx, signed.holder()?, Factor::Passkey(&key)).await?;
        Ok(Done::NoContent)
    }

    /// New recovery codes
    ///
    /// In place of those that are left.
    #[oai(path = "/account/second-factor/recovery-codes", method = "post")]
    async fn renew_codes(&self, signed: Signed) -> Result<Json<EnrolledObject>, Error> {
        let codes = commands::renew_codes(&signed.app.authentication, &signed.ctx, signed.holder()?).await?;
        Ok(Json(EnrolledObject { recovery_codes: codes, session: None }))
    }
}
