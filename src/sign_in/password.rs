//! Passwords: Argon2id (19 MiB, two passes). At most two are hashed at a time, so that sign-ins leave time for everything else.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::base::error::{Error, Refusal, Result};
use crate::sign_in::password_blocklist::PasswordBlocklist;

/// Shortest and longest password, in characters.
pub(super) const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Names of the product, which everybody tries first.
const PRODUCT: [&str; 3] = ["shudu", "疏堵", "百项堵点"];
/// Shortest text, in bytes, that a password may not contain. Shorter texts occur in many passwords by chance.
const TELLING: usize = 4;

/// Refuses a weak password: one that is too short or too long, contains something about its holder (login, name, office) or the
/// product, is on the operator's list, or can be guessed in fewer than a hundred million tries as words, dates, keyboard patterns
/// or repetitions.
///
/// # Errors
/// `Invalid` for the field.
pub fn check(avoided: &PasswordBlocklist, field: &str, about: &[&str], password: &str) -> Result<()> {
    let count = password.chars().count();
    if !LENGTH.contains(&count) {
        let refusal = Refusal::new("password.length").with("least", LENGTH.start()).with("most", LENGTH.end());
        return Err(Error::field(field, refusal));
    }
    let typed = password.to_lowercase();
    let known: Vec<String> = about.iter().chain(&PRODUCT).map(|text| text.trim().to_lowercase()).collect();
    if known.iter().any(|text| text.len() >= TELLING && typed.contains(text.as_str())) {
        return Err(Error::field(field, Refusal::new("password.telling")));
    }
    if avoided.contains(password) {
        return Err(Error::field(field, Refusal::new("password.avoided")));
    }
    let inputs: Vec<&str> = known.iter().map(String::as_str).collect();
    if zxcvbn(password, &inputs).score() < Score::Three {
        return Err(Error::field(field, Refusal::new("password.guessable")));
    }
    Ok(())
}

/// The hash for the store, in PHC form.
///
/// # Errors
/// A task that fails.
pub async fn hash(password: String) -> Result<String> {
    work(move || Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()))
        .await?
        .map_err(failed)
}

/// Whether the password belongs to the hash. Without an account (`None`), the check takes the same time as for a wrong password.
/// The same holds for the empty hash of an account that has no password yet.
///
/// # Errors
/// A task that fails.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    work(move || {
        let hash = hash.filter(|hash| !hash.is_empty());
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.to_owned());
        let right =
            PasswordHash::new(&hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        known && right
    })
    .await
}

/// Whether a hash was made with other parameters than today's. Such a hash is replaced at the next sign-in with the password.
#[must_use]
pub fn is_outdated(hash: &str) -> bool {
    let today = Argon2::default();
    let Ok(hash) = PasswordHash::new(hash) else {
        return true;
    };
    hash.algorithm.as_str() != Algorithm::default().as_str()
        || hash.version != Some(Version::default().into())
        || Params::try_from(&hash).map_or(true, |params| {
            let today = today.params();
            (params.m_cost(), params.t_cost(), params.p_cost()) != (today.m_cost(), today.t_cost(), today.p_cost())
        })
}

/// A hash that no password belongs to, with the parameters of all other hashes.
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
    fn short_telling_and_common_passwords_are_refused() {
        let about = ["js-coordinator", "陈静", "江苏省政务办"];
        let code = |password: &str| match check(&PasswordBlocklist::default(), "password", &about, password) {
            Ok(()) => "",
            Err(error) => error.refusal().code,
        };
        for (password, refusal) in [
            ("short", "password.length"),
            ("eleven char", "password.length"),
            ("JS-Coordinator x 2018", "password.telling"),
            ("在江苏省政务办上班的人们啊", "password.telling"),
            ("my shudu of 2018 is it", "password.telling"),
            ("aaaaaaaaaaaaaaaa", "password.guessable"),
            ("password1234", "password.guessable"),
            ("Passw0rd2018", "password.guessable"),
            ("qwertyuiop123", "password.guessable"),
            ("123456789012", "password.guessable"),
            ("abcdefghijkl", "password.guessable"),
            ("20180401aaaa", "password.guessable"),
            ("iloveyouiloveyou", "password.guessable"),
            ("rain over the river", ""),
            ("correct horse battery", ""),
            ("雨落在旧桥上桥下有一条小船", ""),
            ("kdyq-mzrt-wbhp", ""),
        ] {
            assert_eq!(code(password), refusal, "{password}");
        }
        assert_eq!(code(&"x7".repeat(65)), "password.length");
    }

    #[tokio::test]
    async fn only_a_hash_with_other_parameters_is_outdated() {
        assert!(!is_outdated(&hash("correct horse battery".to_owned()).await.unwrap()));
        assert!(!is_outdated(DUMMY));
        for old in [&DUMMY.replace("m=19456", "m=4096"), &DUMMY.replace("t=2", "t=1"), &DUMMY.replace("2id", "2i"), ""]
        {
            assert!(is_outdated(old), "{old}");
        }
    }
}
