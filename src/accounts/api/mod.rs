//! JSON API of this slice: accounts, invitations and one's own password.

pub(super) mod objects;

use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use self::objects::{
    AccountChangeObject, AccountObject, InvitationObject, NewAccountMade, NewAccountObject, OwnAccount, PasswordChange,
};
use super::{access_changes, commands, queries};
use crate::base::access::Act;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::sign_in::flows::change_password;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::no_content::Done;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::GET, "/account", Policy::CALL),
    (Method::PUT, "/account/password", Policy::CREDENTIAL_CHANGE),
    (Method::GET, "/accounts", Policy::CALL),
    (Method::POST, "/accounts", Policy::SENSITIVE),
    (Method::GET, "/accounts/:login", Policy::CALL),
    (Method::PUT, "/accounts/:login", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/invitation", Policy::SENSITIVE),
    (Method::DELETE, "/accounts/:login/second-factor", Policy::SENSITIVE),
];

/// Operations on accounts; see the module.
pub struct AccountsApi;

/// Outcome of the creation of an account.
#[derive(ApiResponse)]
enum Made {
    /// The account and its invitation
    #[oai(status = 201)]
    Created(Json<NewAccountMade>),
}

/// Outcome of an invitation.
#[derive(ApiResponse)]
enum Invited {
    /// The invitation that was made
    #[oai(status = 201)]
    Created(Json<InvitationObject>),
}

#[OpenApi(tag = "ApiTags::Identity")]
impl AccountsApi {
    /// The account that is signed in
    #[oai(path = "/account", method = "get")]
    async fn own_account(&self, signed: Signed) -> Result<Json<OwnAccount>, Error> {
        Ok(Json(signed.ctx.staff()?.into()))
    }

    /// Change one's own password
    ///
    /// All sessions of the account end, this one too.
    #[oai(path = "/account/password", method = "put")]
    async fn change_password(&self, signed: Signed, body: JsonBody<PasswordChange>) -> Result<Done, Error> {
        let JsonBody(PasswordChange { old, new }) = body;
        change_password(&signed.app.authentication, &signed.ctx, signed.holder()?, old, new).await?;
        Ok(Done::NoContent)
    }

    /// All accounts, for administrators and auditors
    #[oai(path = "/accounts", method = "get")]
    async fn accounts(&self, signed: Signed) -> Result<Json<Vec<AccountObject>>, Error> {
        signed.ctx.require(Act::ReadAccounts)?;
        let db = signed.app.stores.main.db();
        let mut all = Vec::new();
        for (row, grants) in queries::accounts(db).await? {
            let waiting = access_changes::waiting(db, row.id, signed.ctx.now).await?;
            all.push(AccountObject::of(&row, &grants, &queries::proposals(db, row.id).await?, waiting.as_ref()));
        }
        Ok(Json(all))
    }

    /// Make an account, for system administrators; a security administrator grants its roles
    ///
    /// The account has no password yet. Its holder chooses one by the link of the invitation. The link is shown only once and
    /// works once, for three days.
    #[oai(path = "/accounts", method = "post")]
    async fn add_account(&self, signed: Signed, body: JsonBody<NewAccountObject>) -> Result<Made, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let app = &signed.app;
        let invitation = signed
            .write(Changes::Internal, async |tx| commands::invite_account(tx, &signed.ctx, body.0.into()).await)
            .await?;
        let account = AccountObject::standing(app.stores.main.db(), &signed.ctx, &invitation.login).await?;
        let invitation = InvitationObject::of(&app.authentication.address, &invitation);
        Ok(Made::Created(Json(NewAccountMade { account, invitation })))
    }

    /// One account, for administrators and auditors
    #[oai(path = "/accounts/:login", method = "get")]
    async fn account(&self, signed: Signed, login: Path<String>) -> Result<Json<AccountObject>, Error> {
        signed.ctx.require(Act::ReadAccounts)?;
        Ok(Json(AccountObject::standing(signed.app.stores.main.db(), &signed.ctx, &login).await?))
    }

    /// Change an account, for system administrators
    ///
    /// Changes the name, the office, and whether the account may sign in. The account's sessions end. 409 `account.two_people`
    /// for a reinstatement that takes two people; 409 `account.changed` where the version is no longer that of the account.
    #[oai(path = "/accounts/:login", method = "put")]
    async fn change_account(
        &self,
        signed: Signed,
        login: Path<String>,
        body: JsonBody<AccountChangeObject>,
    ) -> Result<Json<AccountObject>, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let changed = signed.write(Changes::Public, async |tx| {
            commands::change_account(tx, &signed.ctx, &login, body.0.into()).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(changed.await?))
    }

    /// Invite the holder of an account anew, for system administrators
    ///
    /// For a holder who cannot sign in any more. The old password and earlier invitations become void, and the account's sessions
    /// end. 409 `account.two_people` for the holder of `sysadmin`, `security_admin`, `auditor` or `approver`, whom two people
    /// invite.
    #[oai(path = "/accounts/:login/invitation", method = "post")]
    async fn invite(&self, signed: Signed, login: Path<String>) -> Result<Invited, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let invitation =
            signed.write(Changes::Internal, async |tx| commands::invite(tx, &signed.ctx, &login).await).await?;
        Ok(Invited::Created(Json(InvitationObject::of(&signed.app.authentication.address, &invitation))))
    }

    /// Remove all second factors of an account, for system administrators
    ///
    /// For a holder who has lost them all, recovery codes too. The account's sessions end. 409 `account.two_people` as for an
    /// invitation.
    #[oai(path = "/accounts/:login/second-factor", method = "delete")]
    async fn remove_factors(&self, signed: Signed, login: Path<String>) -> Result<Done, Error> {
        signed.ctx.require(Act::WriteAccounts)?;
        let store = &signed.app.stores.main;
        store.write(Changes::Internal, async |tx| commands::remove_factors(tx, &signed.ctx, &login).await).await?;
        Ok(Done::NoContent)
    }
}
