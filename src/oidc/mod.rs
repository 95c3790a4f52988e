//! OpenID Connect as a relying party: the authorization code flow with PKCE, and no other flow.
//!
//! Two parts of the site use this module: citizens vote under their real name, and staff sign in at their ministry's provider.
//! The module knows neither use. [`relying_party::RelyingParty::begin`] sends a browser to a provider.
//! [`relying_party::RelyingParty::finish`] says what the provider vouches for when the browser comes back.
//!
//! Only the browser keeps the state in between, in one sealed cookie ([`auth_request`]). The cookie is bound to that browser, to
//! one purpose and to fifteen minutes, and works once.

pub mod auth_request;
pub mod http;
pub mod relying_party;
pub mod settings;
pub mod verified_claims;
