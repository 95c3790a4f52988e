//! HTML pages of this slice: sign-in and sign-out, one's own password, factors and devices.

mod code;
mod confirmation;
mod devices;
mod ended;
mod enrolment;
mod factors;
pub mod feedback;
pub mod final_check;
mod known_sender;
mod password;
mod redraw;
mod refill;
pub mod sign_in;
pub mod sign_on;

pub use self::confirmation::Confirming;
pub use self::known_sender::KnownSender;
pub use self::redraw::Redrawing;
use crate::web::policy::Policy;
use crate::web::routes::Routes;

/// Adds the routes of this slice.
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
        .get(redraw::REDRAW, Policy::STAFF, redraw::kept)
        .post(redraw::REDRAW, Policy::STAFF, redraw::kept)
        .get("/desk/confirmation", Policy::STAFF, confirmation::show)
        .post("/desk/confirmation", Policy::STAFF, confirmation::take)
        .get("/desk/account/devices", Policy::STAFF, devices::show)
        .post("/desk/account/devices/revocation", Policy::SENSITIVE, devices::revoke_others)
        .post("/desk/account/devices/:name/revocation", Policy::SENSITIVE, devices::revoke)
        .get("/desk/account/second-factor", Policy::CREDENTIAL_CHANGE, factors::show)
        .post("/desk/account/second-factor/totp", Policy::CREDENTIAL_CHANGE, factors::begin_totp)
        .get("/desk/account/second-factor/totp/code", Policy::CREDENTIAL_CHANGE, factors::to_code)
        .post("/desk/account/second-factor/totp/code", Policy::CREDENTIAL_CHANGE, factors::take)
        .post("/desk/account/second-factor/totp/removal", Policy::CREDENTIAL_CHANGE, factors::remove_totp)
        .post("/desk/account/second-factor/passkeys", Policy::CREDENTIAL_CHANGE, factors::take)
        .post("/desk/account/second-factor/passkeys/:key/removal", Policy::CREDENTIAL_CHANGE, factors::remove_passkey)
        .post("/desk/account/second-factor/codes", Policy::CREDENTIAL_CHANGE, factors::renew_codes)
        .get("/desk/password", Policy::CREDENTIAL_CHANGE, password::show)
        .post("/desk/password", Policy::CREDENTIAL_CHANGE, password::change)
}
