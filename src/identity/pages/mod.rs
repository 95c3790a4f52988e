//! The HTML face of this slice: signing in and out, the own password, factors and devices, accounts.

mod access;
mod account;
mod account_link;
mod accounts;
mod code;
mod confirmation;
mod delegations;
mod devices;
mod enrolment;
mod factors;
mod feedback;
mod invitation;
mod making;
mod password;
mod roles;
mod sign_in;
mod sign_on;

pub use self::confirmation::Confirming;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .get("/sign-in", Policy::READING, sign_in::show)
        .post("/sign-in", Policy::SIGNING_IN, sign_in::sign_in)
        .get("/sign-in/code", Policy::SIGNING_IN, code::show)
        .post("/sign-in/code", Policy::SIGNING_IN, code::take)
        .get("/sign-in/enrolment", Policy::SIGNING_IN, enrolment::show)
        .post("/sign-in/enrolment", Policy::SIGNING_IN, enrolment::take)
        .get("/sign-in/provider", Policy::SIGNING_IN, sign_on::leave)
        .get("/sign-in/provider/end", Policy::SIGNING_IN, sign_on::end)
        .get("/sign-in/return", Policy::SIGNING_IN, sign_on::back)
        .post("/sign-out", Policy::STAFF, sign_in::sign_out)
        .get("/invitations/:token", Policy::SIGNING_IN, invitation::show)
        .post("/invitations/:token", Policy::SIGNING_IN, invitation::accept)
        .get("/desk/confirmation", Policy::STAFF, confirmation::show)
        .post("/desk/confirmation", Policy::STAFF, confirmation::take)
        .get("/desk/account/devices", Policy::STAFF, devices::show)
        .post("/desk/account/devices/revocation", Policy::SENSITIVE, devices::revoke_others)
        .post("/desk/account/devices/:name/revocation", Policy::SENSITIVE, devices::revoke)
        .get("/desk/account/second-factor", Policy::CREDENTIAL_CHANGE, factors::show)
        .post("/desk/account/second-factor/totp", Policy::CREDENTIAL_CHANGE, factors::begin_totp)
        .post("/desk/account/second-factor/totp/code", Policy::CREDENTIAL_CHANGE, factors::take)
        .post("/desk/account/second-factor/totp/removal", Policy::CREDENTIAL_CHANGE, factors::remove_totp)
        .post("/desk/account/second-factor/passkeys", Policy::CREDENTIAL_CHANGE, factors::take)
        .post("/desk/account/second-factor/passkeys/:key/removal", Policy::CREDENTIAL_CHANGE, factors::remove_passkey)
        .post("/desk/account/second-factor/codes", Policy::CREDENTIAL_CHANGE, factors::renew_codes)
        .get("/desk/password", Policy::CREDENTIAL_CHANGE, password::show)
        .post("/desk/password", Policy::CREDENTIAL_CHANGE, password::change)
        .get("/desk/accounts", Policy::STAFF, accounts::list)
        .get("/desk/accounts/new", Policy::STAFF, making::show)
        .post("/desk/accounts/new", Policy::SENSITIVE, making::make)
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
