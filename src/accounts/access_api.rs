//! JSON API of role grants, of access changes, and of delegations.

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

/// Operations on roles, access and delegations; see the module.
pub struct AccessApi;

/// Roles of an account from now on.
#[derive(Object)]
struct Roles {
    /// Roles with their scopes; an empty list withdraws all roles.
    roles: Vec<RoleObject>,
    /// Code of the holder's home province, where the holder may not verify; empty for none.
    #[oai(default)]
    home_province: String,
    /// Version of the account that the change was made from (optimistic lock).
    version: String,
}

/// Role that is to be lent.
#[derive(Object)]
struct NewLoan {
    /// Login of the borrower, who is to act.
    borrower: String,
    /// Role that is lent; the lender must hold it.
    role: Role,
    /// Code of the province or team of the role.
    scope: String,
    /// First day of the loan.
    from: NaiveDate,
    /// Last day of the loan, included; a loan has at most 90 days.
    until: NaiveDate,
}

/// Role that is lent for some days.
#[derive(Object)]
struct Loan {
    /// Number of the loan in addresses.
    number: i64,
    /// Login of the lender.
    lender: String,
    /// Login of the borrower, who acts.
    borrower: String,
    /// Role that is lent.
    role: Role,
    /// Code of the province or team of the role.
    scope: String,
    /// First day of the loan.
    from: NaiveDate,
    /// Last day of the loan, included.
    until: NaiveDate,
}

/// Access change: a change of the ways to sign in to an account.
#[derive(Object)]
struct NewAccess {
    /// Kind of the change.
    kind: AccessKind,
    /// Name of the holder at the provider; for `sign_on` only.
    #[oai(default)]
    subject: String,
}

/// Access change that waits for the second person.
#[derive(Object)]
struct ProposedAccess {
    /// Number of the proposal in addresses.
    number: i64,
    /// Link to the page on which the holder chooses a password, once the change is confirmed. None where nobody is invited.
    link: Option<String>,
}

/// Outcome of a proposal.
#[derive(ApiResponse)]
enum AccessMade {
    /// The proposed change, with the link where somebody is invited
    #[oai(status = 201)]
    Created(Json<ProposedAccess>),
}

/// Access change that was confirmed.
#[derive(Object)]
struct ConfirmedAccess {
    /// Account as it is after the change.
    account: AccountObject,
    /// Code that belongs to the proposer's link. None where nobody is invited.
    code: Option<String>,
    /// Instant until which link and code can be used, system time. None where nobody is invited.
    expires: Option<DateTime<Utc>>,
}

/// Outcome of a loan.
#[derive(ApiResponse)]
enum Lent {
    /// Roles that the caller lends and borrows now
    #[oai(status = 201)]
    Created(Json<Vec<Loan>>),
}

#[OpenApi(tag = "ApiTags::Identity")]
impl AccessApi {
    /// Grant and withdraw roles, for security administrators
    ///
    /// Withdrawals take effect at once, and so do most grants. `sysadmin`, `security_admin`, `auditor` and `approver` wait until
    /// a system administrator confirms them (dual control). The account's sessions end. Nobody can grant roles to their own
    /// account.
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
        let changed = signed.write(Changes::Internal, async |tx| {
            commands::put_roles(tx, &signed.ctx, &login, change).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(changed.await?))
    }

    /// Confirm a proposed role, for system administrators
    #[oai(path = "/accounts/:login/roles/:number/confirmation", method = "post")]
    async fn confirm_role(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<AccountObject>> {
        let confirmed = signed.write(Changes::Internal, async |tx| {
            commands::confirm_role(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(confirmed.await?))
    }

    /// Refuse a proposed role, for system and security administrators
    #[oai(path = "/accounts/:login/roles/:number/refusal", method = "post")]
    async fn refuse_role(&self, signed: Signed, login: Path<String>, number: Path<i64>) -> Result<Json<AccountObject>> {
        let refused = signed.write(Changes::Internal, async |tx| {
            commands::refuse_role(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(refused.await?))
    }

    /// Propose an access change, for system administrators
    ///
    /// For the holder of `sysadmin`, `security_admin`, `auditor` or `approver`, a security administrator or another system
    /// administrator confirms the change within seven days (dual control). A waiting proposal of the caller is replaced. The link
    /// of an invitation is shown only once. The link opens nothing before the confirmation, and nothing without the code that the
    /// second person is shown then.
    #[oai(path = "/accounts/:login/access", method = "post")]
    async fn propose_access(
        &self,
        signed: Signed,
        login: Path<String>,
        body: JsonBody<NewAccess>,
    ) -> Result<AccessMade> {
        signed.ctx.require(Act::WriteAccounts)?;
        let wanted = Wanted { kind: body.0.kind, subject: body.0.subject };
        let proposed = signed
            .write(Changes::Internal, async |tx| {
                commands::propose_access(tx, &signed.ctx, &signed.app.authentication, &login, wanted).await
            })
            .await?;
        let link = proposed.link.map(|invitation| invitation.link(&signed.app.authentication.address));
        Ok(AccessMade::Created(Json(ProposedAccess { number: proposed.number, link })))
    }

    /// Confirm an access change, for system and security administrators
    ///
    /// Neither the proposer nor the holder of the account can confirm the change. The account's sessions end. The code is shown
    /// only once. The code is for the holder alone, who types it beside the link.
    #[oai(path = "/accounts/:login/access/:number/confirmation", method = "post")]
    async fn confirm_access(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<ConfirmedAccess>> {
        let confirmed = signed
            .write(Changes::Internal, async |tx| commands::confirm_access(tx, &signed.ctx, &login, *number).await)
            .await?;
        let expires = confirmed.code.is_some().then_some(confirmed.expires);
        let account = AccountObject::standing(signed.app.stores.main.db(), &signed.ctx, &login).await?;
        Ok(Json(ConfirmedAccess { account, code: confirmed.code, expires }))
    }

    /// Refuse or withdraw an access change, for system and security administrators
    #[oai(path = "/accounts/:login/access/:number/refusal", method = "post")]
    async fn refuse_access(
        &self,
        signed: Signed,
        login: Path<String>,
        number: Path<i64>,
    ) -> Result<Json<AccountObject>> {
        let refused = signed.write(Changes::Internal, async |tx| {
            commands::refuse_access(tx, &signed.ctx, &login, *number).await?;
            AccountObject::standing(tx, &signed.ctx, &login).await
        });
        Ok(Json(refused.await?))
    }

    /// Roles that the caller lends and borrows, today or later
    #[oai(path = "/delegations", method = "get")]
    async fn delegations(&self, signed: Signed) -> Result<Json<Vec<Loan>>> {
        Ok(Json(loans(&signed).await?))
    }

    /// Lend a role of one's own for some days, for coordinators and team leaders
    ///
    /// The borrower has an active account of the same office, province or team. Wherever two people are needed, an act of the
    /// borrower counts as done by both borrower and lender.
    #[oai(path = "/delegations", method = "post")]
    async fn delegate(&self, signed: Signed, body: JsonBody<NewLoan>) -> Result<Lent> {
        signed.ctx.require(Act::Delegate)?;
        let NewLoan { borrower, role, scope, from, until } = body.0;
        let new = NewDelegation { borrower, grant: Grant { role, scope }, from_on: from, until_on: until };
        signed.write(Changes::Internal, async |tx| commands::delegate(tx, &signed.ctx, new).await).await?;
        Ok(Lent::Created(Json(loans(&signed).await?)))
    }

    /// End the loan of one's own role early
    #[oai(path = "/delegations/:number", method = "delete")]
    async fn end_delegation(&self, signed: Signed, number: Path<i64>) -> Result<Done> {
        signed.write(Changes::Internal, async |tx| commands::end_delegation(tx, &signed.ctx, *number).await).await?;
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
