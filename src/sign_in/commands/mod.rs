//! Commands of signing in: sessions, and the password of an account.

pub mod passwords;
pub mod signing;

pub use self::signing::sign_out;
