//! Browsers that an account knows: a sign-in to the account was completed there (OWASP calls this a device cookie). Guesses from
//! a known browser count for the browser, not for the account ([`super::throttle`]). So strangers who guess elsewhere do not lock
//! the holder out.
//!
//! The browser holds a text that only this site can make and read (AEAD): random bytes, by which the browser is counted, and an
//! HMAC of the account. Nothing of the text is stored. The text proves nothing but the earlier sign-in and opens nothing. The
//! text belongs to one account, the last one that signed in there. Signing out leaves the text in the browser.
//!
//! # Why
//! The HMAC includes the stored hash of the password. A change of password, an invitation or the removal of factors by an
//! administrator replaces or empties that hash. So the account then knows no browser any more, not even a thief's, and no list
//! has to be kept. A suspended account knows no browser. An account that is reinstated with the same password knows the same
//! browsers again.

use entity::account;
use entity::id::AccountId;
use sea_orm::EntityTrait;

use super::throttle::Who;
use crate::base::error::{Error, Result};
use crate::base::keys::{self, Key};
use crate::sign_in::Authentication;

/// Purpose for which the text is sealed.
const PLACE: &str = "known device";

/// The subject for which an attempt counts. An attempt counts for the browser that showed this text, where the account knows the
/// browser; else for the text that was typed as the account. The store is asked only where the text is genuine. So to strangers
/// an account that does not exist looks like any other.
///
/// # Errors
/// A store that fails.
pub async fn who<'a>(authentication: &Authentication, typed: &'a str, shown: Option<&str>) -> Result<Who<'a>> {
    let key = key(authentication);
    let Some((device, tag)) = shown.and_then(|sealed| open(&key, sealed)) else {
        return Ok(Who::Account(typed));
    };
    let found = account::Entity::find_by_login(super::login(typed)).one(authentication.main.db()).await?;
    let is_known = found.is_some_and(|row| row.active && tag_of(&key, &row) == tag);
    Ok(if is_known { Who::Device(device) } else { Who::Account(typed) })
}

/// Makes the text by which the account will know a browser.
///
/// # Errors
/// `Unauthenticated` where the account does not exist any more.
pub async fn seal(authentication: &Authentication, account: AccountId) -> Result<String> {
    let row =
        account::Entity::find_by_id(account).one(authentication.main.db()).await?.ok_or(Error::Unauthenticated)?;
    let (key, device) = (key(authentication), keys::random::<16>()?);
    key.seal(PLACE, &[device.as_slice(), &tag_of(&key, &row)].concat())
}

/// The random bytes, and the HMAC of the account. Nobody else can make a text that opens, so a comparison of the HMAC in variable
/// time tells a guesser nothing.
fn open(key: &Key, sealed: &str) -> Option<([u8; 16], [u8; 32])> {
    let bytes = key.unseal(PLACE, sealed).ok()?;
    let (device, tag) = bytes.split_first_chunk::<16>()?;
    Some((*device, tag.try_into().ok()?))
}

fn tag_of(key: &Key, row: &account::Model) -> [u8; 32] {
    key.mac(&[&row.id.0.to_be_bytes(), row.password_hash.as_bytes()])
}

fn key(authentication: &Authentication) -> Key {
    authentication.keys.site.derive("shudu/known-device/1", "")
}
