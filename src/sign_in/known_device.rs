//! Browsers that an account knows: somebody once signed in to it there, completely (what OWASP calls device cookies). Who
//! guesses there is counted by the browser and not by the account ([`super::throttle`]), so that strangers who guess
//! elsewhere do not keep the holder out.
//!
//! The browser holds a text that only this site makes and reads: random bytes, by which it is counted, and a keyed hash of
//! the account. Nothing of it is stored. It proves nothing but that sign-in, opens nothing, and is of one account, the last
//! that was signed in to there; signing out leaves it.
//!
//! # Why
//! The stored hash of the password goes into the keyed hash. So whatever puts another one in its place, or none (a change, an
//! invitation, factors taken off by an administrator), makes a stranger of every browser, a thief's too, and there is no list
//! to keep. A suspended account knows none; let in again with the same password, it knows the same ones.

use entity::account;
use entity::id::AccountId;
use sea_orm::EntityTrait;

use super::throttle::Who;
use crate::base::error::{Error, Result};
use crate::base::keys::{self, Key};
use crate::sign_in::Authentication;

/// For what the text is sealed.
const PLACE: &str = "known device";

/// For what an attempt at an account counts: for the browser that showed this text, where the account knows it, else for what
/// was typed. Only for a text of ours is anything looked up: to strangers an account that does not exist is like any other.
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

/// The text by which an account knows a browser from now on.
///
/// # Errors
/// `Unauthenticated` where there is no such account any more.
pub async fn seal(authentication: &Authentication, account: AccountId) -> Result<String> {
    let row =
        account::Entity::find_by_id(account).one(authentication.main.db()).await?.ok_or(Error::Unauthenticated)?;
    let (key, device) = (key(authentication), keys::random::<16>()?);
    key.seal(PLACE, &[device.as_slice(), &tag_of(&key, &row)].concat())
}

/// The random bytes, and the keyed hash of the account. Nobody else can make a text that opens, so comparing the hash as any
/// other value tells a guesser nothing.
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
