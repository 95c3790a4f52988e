//! Passwords: Argon2id (19 MiB, two passes), at most two at a time, so that sign-ins do not starve everything else.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::error::{Error, Refusal, Result};

/// Shortest and longest password, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Refuses a password that is too short, too long, or contains the login.
///
/// # Errors
/// `Invalid` for the field.
pub fn check(field: &str, login: &str, password: &str) -> Result<()> {
    let count = password.chars().count();
    if !LENGTH.contains(&count) {
        let refusal = Refusal::new("password.length").with("least", LENGTH.start()).with("most", LENGTH.end());
        return Err(Error::field(field, refusal));
    }
    let varied = password.chars().collect::<std::collections::HashSet<_>>().len() >= 5;
    if !varied || (!login.is_empty() && password.to_lowercase().contains(&login.to_lowercase())) {
        return Err(Error::field(field, Refusal::new("password.guessable")));
    }
    Ok(())
}

/// The hash to be stored, in PHC form.
///
/// # Errors
/// A failing task.
pub async fn hash(password: String) -> Result<String> {
    work(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(failed)
}

/// Whether the password belongs to the hash. Where there is no account, `None` takes the same time as a wrong password.
///
/// # Errors
/// A failing task.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    work(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.to_owned());
        let right =
            PasswordHash::new(&hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        known && right
    })
    .await
}

/// The hash of nobody's password, with the parameters of all others.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2h1ZHVzaHVkdXNodWR1$9OaQvmQvyKfJgYzL4xvJ0d8lqkFZ7H9o1q3Z5mA0J2A";

async fn work<T: Send + 'static>(task: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = AT_ONCE.acquire().await.map_err(failed)?;
    tokio::task::spawn_blocking(task).await.map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash("correct horse battery".to_owned()).await.unwrap();
        assert!(verify("correct horse battery".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse batterz".to_owned(), Some(hash)).await.unwrap());
        assert!(!verify("correct horse battery".to_owned(), None).await.unwrap());
    }

    #[test]
    fn the_hash_of_nobody_is_well_formed() {
        assert!(PasswordHash::new(DUMMY).is_ok());
    }

    #[test]
    fn short_uniform_and_telling_passwords_are_refused() {
        for password in ["short", "aaaaaaaaaaaaaaaa", "js-coordinator-2018"] {
            assert!(check("password", "js-coordinator", password).is_err(), "{password}");
        }
        assert!(check("password", "js-coordinator", "rain over the river").is_ok());
    }
}
