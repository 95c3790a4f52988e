//! HTML pages of this slice: accounts, their roles and access, invitations, delegations.

mod access;
pub mod access_notices;
mod account;
mod account_link;
mod accounts;
mod delegations;
mod invitation;
mod new_account;
mod roles;

use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the routes of this slice.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/invitations/:token", Policy::SIGNING_IN, invitation::show)
        .post("/invitations/:token", Policy::SIGNING_IN, invitation::accept)
        .get("/desk/accounts", Policy::STAFF, accounts::list)
        .get("/desk/accounts/new", Policy::STAFF, new_account::show)
        .post("/desk/accounts/new", Policy::SENSITIVE, new_account::make)
        .get("/desk/accounts/:login", Policy::STAFF, account::show)
        .post("/desk/accounts/:login", Policy::SENSITIVE, account::change)
        .post("/desk/accounts/:login/roles", Policy::SENSITIVE, account::put_roles)
        .post("/desk/accounts/:login/roles/:number/confirmation", Policy::SENSITIVE, account::confirm_role)
        .post("/desk/accounts/:login/roles/:number/refusal", Policy::SENSITIVE, account::refuse_role)
        .post("/desk/accounts/:login/access", Policy::SENSITIVE, access::propose)
        .post("/desk/accounts/:login/access/:number/confirmation", Policy::SENSITIVE, access::confirm)
        .post("/desk/accounts/:login/access/:number/refusal", Policy::SENSITIVE, access::refuse)
        .get("/desk/delegations", Policy::STAFF, delegations::show)
        .post("/desk/delegations", Policy::SENSITIVE, delegations::delegate)
        .post("/desk/delegations/:number/end", Policy::STAFF, delegations::end)
        .post("/desk/accounts/:login/suspension", Policy::SENSITIVE, account::suspend)
        .post("/desk/accounts/:login/reinstatement", Policy::SENSITIVE, account::reinstate)
        .post("/desk/accounts/:login/invitation", Policy::SENSITIVE, account::invite)
        .post("/desk/accounts/:login/second-factor/removal", Policy::SENSITIVE, account::remove_factors)
        .post("/desk/accounts/:login/sign-on", Policy::SENSITIVE, account_link::link)
        .post("/desk/accounts/:login/sign-on/invitation", Policy::SENSITIVE, account_link::invite)
        .post("/desk/accounts/:login/sign-on/removal", Policy::SENSITIVE, account_link::unlink)
}
