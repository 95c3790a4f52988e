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
use poem::http::{StatusCode, header};
use poem::{Response, get, post};

pub use self::confirmation::Confirming;
use crate::base::error::{Error, FieldError, Result};
use crate::web::page::{Page, html_with};
use crate::web::routes::Routes;

/// Adds this slice's addresses.
#[must_use]
pub fn routes(route: Routes) -> Routes {
    route
        .at("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .at("/sign-in/code", get(code::show).post(code::take))
        .at("/sign-in/enrolment", get(enrolment::show).post(enrolment::take))
        .at("/sign-in/provider", get(sign_on::leave))
        .at("/sign-in/provider/end", get(sign_on::end))
        .at("/sign-in/return", get(sign_on::back))
        .at("/sign-out", post(sign_in::sign_out))
        .at("/invitations/:token", get(invitation::show).post(invitation::accept))
        .at("/desk/confirmation", get(confirmation::show).post(confirmation::take))
        .at("/desk/account/devices", get(devices::show))
        .at("/desk/account/devices/revocation", post(devices::revoke_others))
        .at("/desk/account/devices/:name/revocation", post(devices::revoke))
        .at("/desk/account/second-factor", get(factors::show))
        .at("/desk/account/second-factor/totp", post(factors::begin_totp))
        .at("/desk/account/second-factor/totp/code", post(factors::take))
        .at("/desk/account/second-factor/totp/removal", post(factors::remove_totp))
        .at("/desk/account/second-factor/passkeys", post(factors::take))
        .at("/desk/account/second-factor/passkeys/:key/removal", post(factors::remove_passkey))
        .at("/desk/account/second-factor/codes", post(factors::renew_codes))
        .at("/desk/password", get(password::show).post(password::change))
        .at("/desk/accounts", get(accounts::list))
        .at("/desk/accounts/new", get(making::show).post(making::make))
        .at("/desk/accounts/:login", get(account::show).post(account::change))
        .at("/desk/accounts/:login/roles", post(account::put_roles))
        .at("/desk/accounts/:login/roles/:number/confirmation", post(account::confirm_role))
        .at("/desk/accounts/:login/roles/:number/refusal", post(account::refuse_role))
        .at("/desk/accounts/:login/access", post(access::propose))
        .at("/desk/accounts/:login/access/:number/confirmation", post(access::confirm))
        .at("/desk/accounts/:login/access/:number/refusal", post(access::refuse))
        .at("/desk/delegations", get(delegations::show).post(delegations::delegate))
        .at("/desk/delegations/:number/end", post(delegations::end))
        .at("/desk/accounts/:login/suspension", post(account::suspend))
        .at("/desk/accounts/:login/reinstatement", post(account::reinstate))
        .at("/desk/accounts/:login/invitation", post(account::invite))
        .at("/desk/accounts/:login/second-factor/removal", post(account::remove_factors))
        .at("/desk/accounts/:login/sign-on", post(sign_on::link))
        .at("/desk/accounts/:login/sign-on/invitation", post(sign_on::invite))
        .at("/desk/accounts/:login/sign-on/removal", post(sign_on::unlink))
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
