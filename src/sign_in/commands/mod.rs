//! Commands of signing in: sessions and the caller's own password.

pub mod passwords;
pub mod signing;

pub use self::signing::{SessionEntry, enter, sign_out};
