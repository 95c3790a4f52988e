//! JSON API of this slice: sessions and second factors.

mod factors;
mod proofs;
mod sessions;

pub use self::factors::{FactorsApi, POLICIES as FACTOR_POLICIES};
pub use self::sessions::{POLICIES as SESSION_POLICIES, SessionsApi};
