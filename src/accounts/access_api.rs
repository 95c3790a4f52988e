//! The JSON face of grants, of changes of the ways into an account, and of delegations.

use chrono::{DateTime, NaiveDate, Utc};
use entity::id::AccountId;
use entity::stored::{AccessKind, Role};
use poem::http::Method;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::api::objects::{AccountObject, RoleObject, grants};
use super::commands::{self, NewDelegation, RolesChange, Wanted};
use super::{delegating, queries};
use crate::base::access::Act;
use crate::base::ctx::Grant;
use crate::base::error::{Error, Result};
use crate::base::main_store::Changes;
use crate::sign_in::extract::Signed;
use crate::web::api_tags::ApiTags;
use crate::web::json_body::JsonBody;
use crate::web::no_content::Done;
use crate::web::policy::{Operation, Policy};

/// Policies of these operations.
pub const POLICIES: &[Operation] = &[
    (Method::PUT, "/accounts/:login/roles", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/roles/:number/confirmation", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/roles/:number/refusal", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/access", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/access/:number/confirmation", Policy::SENSITIVE),
    (Method::POST, "/accounts/:login/access/:number/refusal", Policy::SENSITIVE),
    (Method::GET, "/delegations", Policy::CALL),
    (Method::POST, "/delegations", Policy::SENSITIVE),
    (Method::DELETE, "/delegations/:number", Policy::STAFF),
];

/// See the module.
pub struct AccessApi;

/// What an account may do from now on.
#[derive(Object)]
struct Roles {
    /// Roles with their scopes; none withdraws all.
    roles: Vec<RoleObject>,
    /// Code of the province where the holder comes from and checks nothing; empty for none.
    #[oai(default)]
    home_province: String,
    /// The version of the account that the change was made from.
    version: String,
}

/// A role to be lent.
#[derive(Object)]
struct NewLoan {
    /// Account of whoever is to act.
    borrower: String,
    /// The role, an own one.
    role: Role,
    /// Code of its province or team.
    scope: String,
    /// First day.
    from: NaiveDate,
    /// Last day, included; at most 90 days.
    until: NaiveDate,
}

/// A role that is lent.
#[derive(Object)]
struct Loan {
    /// Its number in addresses.
    number: i64,
    /// Account of the lender.
    lender: String,
    /// Account of whoever acts.
    borrower: String,
    /// The role.
    role: Role,
    /// Code of its province or team.
    scope: String,
    /// First day.
    from: NaiveDate,
    /// Last day, included.
    until: NaiveDate,
}

/// A change of the ways into an account.
#[derive(Object)]
struct NewAccess {
    /// What.
    kind: AccessKind,
    /// The name at the provider; for `sign_on` only.
    #[oai(default)]
    subject: String,
}

/// A change that waits for its second person.
#[derive(Object)]
struct ProposedAccess {
    /// Its number in addresses.
    number: i64,
    /// Opens the page on which a password is chosen, once the change is confirmed. None where nobody is invited.
    link: Option<String>,
}

/// A change was proposed.
#[derive(ApiResponse)]
enum AccessMade {
    /// The change, with the link where somebody is invited
    #[oai(status = 201)]
    Created(Json<ProposedAccess>),
}

/// A change that was confirmed.
#[derive(Object)]
struct ConfirmedAccess {
    /// The account.
    account: AccountObject,
    /// Goes with the link that the proposer has. None where nobody is invited.
    code: Option<String>,
    /// Until when link and code can be used.
    expires: Option<DateTime<Utc>>,
}

/// A role was lent.
#[derive(ApiResponse)]
enum Lent {
    /// What the caller lends and borrows now
    #[oai(status = 201)]
    Created(Json<Vec<Loan>>),
}

#[OpenApi(tag = "ApiTags::Identity")]
impl AccessApi {
    /// Grant and withdraw roles, for security administrators
    ///
    /// What is withdrawn holds at once, and so do most roles; `sysadmin`, `security_admin`, `auditor` and `approver` wait until a
    /// system administrator confirms them. The account's sessions end. Nobody grants to oneself.
    #[oai(path = "/accounts/:login/roles", method = "put")]
    async fn put_roles(
        &self,
        signed: Signed,
        login: Path<String>,
        body: JsonBody<Roles>,
    ) -> Result<Json<AccountObject>> {
        signed.ctx.require(Act::GrantRoles)?;
        let Roles { roles, home_province, version } = body.0;
        let change = RolesChange { grants: grants(roles), home_province, version };
        let changed = signed.app.stores.main.write(Changes::Internal, async |tx| {
            commands::put_roles(tx, &signed.ctx, &login, change).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(changed.await?))
    }

    /// Confirm a role that waits, for system administrators
    #[oai(path = "/accounts/:login/roles/:number/confirmation", method = "post")]
    async fn confirm_role(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<AccountObject>> {
        let confirmed = signed.app.stores.main.write(Changes::Internal, async |tx| {
            commands::confirm_role(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(confirmed.await?))
    }

    /// Refuse a role that waits, for system and security administrators
    #[oai(path = "/accounts/:login/roles/:number/refusal", method = "post")]
    async fn refuse_role(&self, signed: Signed, login: Path<String>, number: Path<i64>) -> Result<Json<AccountObject>> {
        let refused = signed.app.stores.main.write(Changes::Internal, async |tx| {
            commands::refuse_role(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(refused.await?))
    }

    /// Propose a change of the ways into an account, for system administrators
    ///
    /// For the holder of `sysadmin`, `security_admin`, `auditor` or `approver`: a security administrator or another system
    /// administrator confirms it within seven days. An own proposal that waits is replaced. The link of an invitation is shown this once;
    /// it opens nothing before the confirmation, and nothing without the code that the second person is shown then.
    #[oai(path = "/accounts/:login/access", method = "post")]
    async fn propose_access(
        &self,
        signed: Signed,
        login: Path<String>,
        body: JsonBody<NewAccess>,
    ) -> Result<AccessMade> {
        signed.ctx.require(Act::WriteAccounts)?;
        let wanted = Wanted { kind: body.0.kind, subject: body.0.subject };
        let proposed = commands::propose_access(&signed.app.authentication, &signed.ctx, &login, wanted).await?;
        let link = proposed.link.map(|invitation| invitation.link(&signed.app.authentication.address));
        Ok(AccessMade::Created(Json(ProposedAccess { number: proposed.number, link })))
    }

    /// Confirm a change of the ways into an account, for system and security administrators
    ///
    /// Neither by who proposed it nor by whose account it is. The account's sessions end. The code is shown this once and goes to nobody
    /// but the holder, who types it beside the link.
    #[oai(path = "/accounts/:login/access/:number/confirmation", method = "post")]
    async fn confirm_access(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<ConfirmedAccess>> {
        let confirmed = commands::confirm_access(&signed.app.authentication, &signed.ctx, &login, *number).await?;
        let expires = confirmed.code.is_some().then_some(confirmed.expires);
        let account = AccountObject::standing(signed.app.stores.main.db(), &signed.ctx, &login).await?;
        Ok(Json(ConfirmedAccess { account, code: confirmed.code, expires }))
    }

    /// Refuse or withdraw a change of the ways into an account, for system and security administrators
    #[oai(path = "/accounts/:login/access/:number/refusal", method = "post")]
    async fn refuse_access(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<AccountObject>> {
        let refused = signed.app.stores.main.write(Changes::Internal, async |tx| {
            commands::refuse_access(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(refused.await?))
    }

    /// What the caller lends and borrows, today or later
    #[oai(path = "/delegations", method = "get")]
    async fn delegations(&self, signed: Signed) -> Result<Json<Vec<Loan>>> {
        Ok(Json(loans(&signed).await?))
    }

    /// Lend an own role for some days, for coordinators and team leaders
    ///
    /// To an active account of the same office, province or team. What the borrower does counts as done by both wherever two people
    /// are needed.
    #[oai(path = "/delegations", method = "post")]
    async fn delegate(&self, signed: Signed, body: JsonBody<NewLoan>) -> Result<Lent> {
        signed.ctx.require(Act::Delegate)?;
        let NewLoan { borrower, role, scope, from, until } = body.0;
        let new = NewDelegation { borrower, grant: Grant { role, scope }, from_on: from, until_on: until };
        signed
            .app
            .stores
            .main
            .write(Changes::Internal, async |tx| commands::delegate(tx, &signed.ctx, new).await)
            .await?;
        Ok(Lent::Created(Json(loans(&signed).await?)))
    }

    /// End a delegation of the own role early
    #[oai(path = "/delegations/:number", method = "delete")]
    async fn end_delegation(&self, signed: Signed, number: Path<i64>) -> Result<Done> {
        signed
            .app
            .stores
            .main
            .write(Changes::Internal, async |tx| commands::end_delegation(tx, &signed.ctx, *number).await)
            .await?;
        Ok(Done::NoContent)
    }
}

async fn loans(signed: &Signed) -> Result<Vec<Loan>, Error> {
    let (ctx, db) = (&signed.ctx, signed.app.stores.main.db());
    let rows = delegating::of(db, ctx.staff()?.id, ctx.now).await?;
    let people = queries::by_ids(db, rows.iter().flat_map(|row| [row.lender_id, row.borrower_id])).await?;
    let login = |id: AccountId| people.get(&id).map(|row| row.login.clone()).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| Loan {
            number: row.id.0,
            lender: login(row.lender_id),
            borrower: login(row.borrower_id),
            role: row.role,
            scope: row.scope,
            from: row.from_on,
            until: row.until_on,
        })
        .collect())
}
