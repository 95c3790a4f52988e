//! Commands of signing in: sessions and the caller's own password.

pub mod passwords;
pub mod signing;

pub use self::signing::{Attempt, change_password, complete, sign_in, sign_out};
