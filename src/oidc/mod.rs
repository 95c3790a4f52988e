//! OpenID Connect, as the side that relies on somebody else's word: the authorization code flow with PKCE, and nothing else.
//!
//! Used twice: for citizens who vote under their real name, and for staff who sign in at their ministry's provider. It knows
//! neither: it sends a browser to a provider ([`relying_party::RelyingParty::begin`]), and tells what the provider vouches
//! for when the browser comes back ([`relying_party::RelyingParty::finish`]).
//!
//! What happens in between is kept by nobody but the browser, in one sealed cookie ([`trip`]): it is bound to that browser,
//! to one purpose and to a quarter of an hour, and works once.

pub mod auth_request;
pub mod http;
pub mod relying_party;
pub mod settings;
pub mod verified_claims;
