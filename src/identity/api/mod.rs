//! The JSON face of this slice.

pub(super) mod objects;

use entity::stored::SessionKind;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use self::objects::{
    AccountChangeObject, AccountObject, NewAccountObject, OwnAccount, PasswordChange, PasswordReset, Session, SignIn,
};
use super::commands::{self, Attempt};
use super::extract::{Signed, Visit};
use super::queries;
use super::session::ABSOLUTE;
use crate::access::Act;
use crate::error::{Error, Result};
use crate::server::ApiTags;

/// See the module.
pub struct IdentityApi;

/// A session was opened.
#[derive(ApiResponse)]
enum Opened {
    /// Signed in
    #[oai(status = 201)]
    Created(Json<Session>),
}

/// An account was made.
#[derive(ApiResponse)]
enum Made {
    /// The account
    #[oai(status = 201)]
    Created(Json<AccountObject>),
}

/// Done, with nothing to say.
#[derive(ApiResponse)]
enum Done {
    /// Done
    #[oai(status = 204)]
    NoContent,
}

#[OpenApi(tag = "ApiTags::Identity")]
impl IdentityApi {
    /// Sign in
    ///
    /// One refusal (`account.sign_in`) for every cause. After several failures the next tries have to wait (429).
    #[oai(path = "/sessions", method = "post")]
    async fn sign_in(&self, visit: Visit, body: Json<SignIn>) -> Result<Opened, Error> {
        let app = &visit.app;
        let Json(SignIn { login, password }) = body;
        let attempt = Attempt { login: &login, password, peer: &visit.peer, kind: SessionKind::Bearer, replaces: None };
        let system = app.clock.system();
        app.single_sign_on.as_ref().map_or(Ok(()), |provider| provider.check_local(&login))?;
        let token = commands::sign_in(&app.stores.main, &app.sign_ins, attempt, visit.ctx.now, system).await?;
        Ok(Opened::Created(Json(Session { token: token.reveal().to_owned(), expires: system + ABSOLUTE })))
    }

    /// Sign out
    ///
    /// Ends the session whose token is sent; others of the account go on.
    #[oai(path = "/sessions/current", method = "delete")]
    async fn sign_out(&self, signed: Signed) -> Result<Done, Error> {
        signed.app.stores.main.write(async |tx| commands::sign_out(tx, &signed.ctx, &signed.token).await).await?;
        Ok(Done::NoContent)
    }

    /// Who is signed in
    #[oai(path = "/account", method = "get")]
    async fn own_account(&self, signed: Signed) -> Result<Json<OwnAccount>, Error> {
        Ok(Json(signed.ctx.staff()?.into()))
    }

    /// Change the own password
    ///
    /// All sessions of the account end, this one too.
    #[oai(path = "/account/password", method = "put")]
    async fn change_password(&self, signed: Signed, body: Json<PasswordChange>) -> Result<Done, Error> {
        let app = &signed.app;
        let Json(PasswordChange { old, new }) = body;
        let from = (signed.peer.as_str(), app.clock.system());
        commands::change_password(&app.stores.main, &app.sign_ins, &signed.ctx, old, new, from).await?;
        Ok(Done::NoContent)
    }

    /// Every account, for administrators and auditors
    #[oai(path = "/accounts", method = "get")]
    async fn accounts(&self, signed: Signed) -> Result<Json<Vec<AccountObject>>, Error> {
        signed.ctx.require(Act::ReadAccounts)?;
        let db = signed.app.stores.main.db();
        let mut all = Vec::new();
        for (row, grants) in queries::accounts(db).await? {
            all.push(AccountObject::of(&row, &grants, &queries::proposals(db, row.id).await?));
        }
        Ok(Json(all))
    }

    /// Make an account, for system administrators; a security administrator grants its roles
    #[oai(path = "/accounts", method = "post")]
    async fn add_account(&self, signed: Signed, body: Json<NewAccountObject>) -> Result<Made, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let store = &signed.app.stores.main;
        let id = commands::add_account(store, &signed.ctx, body.0.into()).await?;
        let (row, _) = queries::account_by_id(store.db(), id).await?;
        Ok(Made::Created(Json(AccountObject::standing(store.db(), &row.login).await?)))
    }

    /// One account, for administrators and auditors
    #[oai(path = "/accounts/:login", method = "get")]
    async fn account(&self, signed: Signed, login: Path<String>) -> Result<Json<AccountObject>, Error> {
        signed.ctx.require(Act::ReadAccounts)?;
        Ok(Json(AccountObject::standing(signed.app.stores.main.db(), &login).await?))
    }

    /// Change an account, for system administrators
    ///
    /// Name, office, and whether it may sign in. Its sessions end. 409 `account.changed` where the version is no longer
    /// that of the account.
    #[oai(path = "/accounts/:login", method = "put")]
    async fn change_account(
        &self,
        signed: Signed,
        login: Path<String>,
        body: Json<AccountChangeObject>,
    ) -> Result<Json<AccountObject>, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let changed = signed.app.write(async |tx| {
            commands::change_account(tx, &signed.ctx, &login, body.0.into()).await?;
            AccountObject::standing(tx, &login).await
        });
        Ok(Json(changed.await?))
    }

    /// Set a new first password, for system administrators
    ///
    /// For somebody who cannot sign in any more. The account's sessions end.
    #[oai(path = "/accounts/:login/password", method = "put")]
    async fn reset_password(
        &self,
        signed: Signed,
        login: Path<String>,
        body: Json<PasswordReset>,
    ) -> Result<Done, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let store = &signed.app.stores.main;
        commands::reset_password(store, &signed.ctx, &login, body.0.password).await?;
        Ok(Done::NoContent)
    }
}
