//! The HTML face of this slice: signing in and out, the own password, factors and devices, accounts.

mod access;
mod account;
mod accounts;
mod code;
mod confirmation;
mod delegations;
mod devices;
mod enrolment;
mod factors;
mod invitation;
mod making;
mod password;
mod roles;
mod sign_in;
mod sign_on;

use askama::Template;
use poem::Response;
use poem::http::{StatusCode, header};

pub use self::confirmation::Confirming;
use crate::base::error::{Error, FieldError, Result};
use crate::web::page::{Page, html_with};
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
        .post("/desk/accounts/:login/sign-on", Policy::SENSITIVE, sign_on::link)
        .post("/desk/accounts/:login/sign-on/invitation", Policy::SENSITIVE, sign_on::invite)
        .post("/desk/accounts/:login/sign-on/removal", Policy::SENSITIVE, sign_on::unlink)
}

/// What was just done, as the address of a page says it after a redirect.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Done {
    /// One of the words of `identity-done-…`.
    pub done: String,
}

impl Done {
    /// The sentence; none for words that are not ours.
    fn notice(&self, p: &Page) -> Option<String> {
        let known = [
            "sign-out",
            "password",
            "change",
            "suspension",
            "reinstatement",
            "link",
            "unlink",
            "roles",
            "confirmation",
            "refusal",
            "access",
            "access-confirmation",
            "access-refusal",
            "delegation",
            "delegation-end",
            "factors",
            "factor",
            "removal",
            "session",
            "sessions",
        ];
        known.contains(&self.done.as_str()).then(|| p.tc("identity-done-", &self.done))
    }
}

/// Everything wrong with a form, as links to its fields. A sentence that speaks of "here" is given the field's name.
fn links(p: &Page) -> Vec<(String, String)> {
    p.errors
        .iter()
        .map(|error| {
            let mut sentence = p.locale.refusal(&error.refusal);
            if error.refusal.code.starts_with("form.") {
                let label = p.tc("identity-", &error.field);
                sentence = p.tr("identity-errors-at", &[("label", label), ("sentence", sentence)]);
            }
            (format!("#{}", error.field), sentence)
        })
        .collect()
}

/// The head of an answer that shows a form again.
#[derive(Clone, Copy, Debug)]
struct Again {
    status: u16,
    wait: Option<u64>,
}

impl Again {
    /// What a form shows instead of a page of its own: wrong fields, conflicts with the state of the account, waiting times.
    /// The latter two stand at the given field. Everything else passes.
    fn of(error: Error, field: &str) -> Result<(Self, Vec<FieldError>)> {
        let head = Self { status: error.status(), wait: error.retry_after() };
        match error {
            Error::Invalid(errors) => Ok((head, errors)),
            Error::Conflict(_) | Error::TooMany { .. } => {
                Ok((head, vec![FieldError { field: field.to_owned(), refusal: error.refusal() }]))
            }
            other => Err(other),
        }
    }

    /// A refusal of the form itself.
    const fn refused() -> Self {
        Self { status: 422, wait: None }
    }

    fn show(self, page: &impl Template) -> Result<Response> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        let mut response = html_with(status, page)?;
        if let Some(seconds) = self.wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        Ok(response)
    }
}
