//! The secrets of a site: random files in `keys/` of the data directory, outside every database and every database backup.
//!
//! `site.key` is the root: keys for one purpose and one campaign are derived from the root by HMAC-SHA256 over a label. `log.key` signs
//! the public log. The log key is separate from the root, so that it can be kept and changed on its own. Of several nodes, all have
//! the same two files. Pass keys are rows of the main store, encrypted under the root ([`crate::pass::pass_keys`]).

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, KeyInit, Mac};
use ring::aead::{AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

use crate::base::error::{Error, Result};
use crate::base::files;

/// A secret key of 32 bytes. The key is neither shown nor logged.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(***)")
    }
}

impl Key {
    /// HMAC-SHA256 of several parts. The length of each part precedes the part, so that no two lists of parts give the same
    /// input.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any key length");
        for part in parts {
            mac.update(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Derives the key of one purpose and one campaign.
    #[must_use]
    pub fn derive(&self, label: &str, campaign: &str) -> Self {
        Self(self.mac(&[label.as_bytes(), campaign.as_bytes()]))
    }

    /// Encrypts a secret for one place, such as a table or a purpose (AEAD). The place is the associated data: a text that was
    /// moved to another place does not decrypt.
    ///
    /// The cipher is ChaCha20-Poly1305. Each text has a key of its own, derived from 16 random bytes, so no nonce is used twice
    /// and the number of texts has no limit.
    ///
    /// # Errors
    /// A machine without a source of randomness.
    pub fn seal(&self, place: &str, secret: &[u8]) -> Result<String> {
        let salt: [u8; SALT] = random()?;
        let mut bytes = secret.to_vec();
        self.text_key(&salt)?
            .seal_in_place_append_tag(zero_nonce(), Aad::from(place), &mut bytes)
            .map_err(|_| Error::Internal("a secret cannot be encrypted".to_owned()))?;
        Ok(URL_SAFE_NO_PAD.encode([salt.as_slice(), &bytes].concat()))
    }

    /// Decrypts a text that [`Key::seal`] made for this place.
    ///
    /// # Errors
    /// A text that was made under another key or for another place, or that was changed.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<Vec<u8>> {
        let failed = || Error::Internal(format!("{place}: a secret does not open"));
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| failed())?;
        self.open_text(place, &bytes).or_else(|| self.open_earlier(place, &bytes)).ok_or_else(failed)
    }

    fn open_text(&self, place: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (salt, rest) = bytes.split_first_chunk::<SALT>()?;
        let mut rest = rest.to_vec();
        let opened = self.text_key(salt).ok()?.open_in_place(zero_nonce(), Aad::from(place), &mut rest).ok()?;
        Some(opened.to_vec())
    }

    /// Decrypts secrets of versions before 0.2: AES-256-GCM under this key, with a random nonce before the text.
    fn open_earlier(&self, place: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let key = UnboundKey::new(&AES_256_GCM, &self.0).map(LessSafeKey::new).ok()?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        key.open_in_place(nonce, Aad::from(place), &mut rest).ok().map(|opened| opened.to_vec())
    }

    fn text_key(&self, salt: &[u8; SALT]) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.mac(&[b"text", salt]));
        key.map(LessSafeKey::new).map_err(|e| Error::Internal(e.to_string()))
    }

    /// The signing key (Ed25519) whose seed is this key.
    #[must_use]
    pub fn ed25519(&self) -> SigningKey {
        SigningKey::from_bytes(&self.0)
    }

    /// Reads a key file; `None` where the file does not exist.
    ///
    /// # Errors
    /// A file that cannot be read or does not have 32 bytes.
    pub fn read(file: &Path) -> Result<Option<Self>> {
        let Some(bytes) = files::read(file)? else {
            return Ok(None);
        };
        match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Some(Self(bytes))),
            Err(_) => {
                let count = bytes.len();
                Err(Error::Internal(format!("{}: a key has 32 bytes, this file has {count}", file.display())))
            }
        }
    }

    /// Writes the key into a new file that only its owner may read.
    ///
    /// # Errors
    /// A disk that is full or fails.
    pub fn write(&self, file: &Path) -> Result<()> {
        files::write_secret(file, &self.0)
    }

    /// Makes a key that exists only in this process.
    ///
    /// # Errors
    /// A machine without a source of randomness.
    pub fn ephemeral() -> Result<Self> {
        Ok(Self(random()?))
    }

    /// The key in hexadecimal: only for a file that nobody else reads.
    #[must_use]
    pub fn to_text(&self) -> String {
        hex::encode(self.0)
    }

    /// Reads the text of [`Key::to_text`]; `None` where the text does not have this form.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok().map(|()| Self(bytes))
    }

    /// Fingerprint by which a store recognises the key with which it was made: the first 16 bytes of a hash, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(b"shudu/fingerprint/1").chain_update(self.0).finalize();
        hex::encode(&digest[..16])
    }
}

/// Number of random bytes before a sealed text, from which the key of the text is derived.
const SALT: usize = 16;

/// The nonce for a key that encrypts only one text.
fn zero_nonce() -> Nonce {
    Nonce::assume_unique_for_key([0; NONCE_LEN])
}

/// Name of the file with the root of the derived keys.
const SITE: &str = "site.key";
/// Name of the file with the key that signs the public log.
const LOG: &str = "log.key";

/// The keys of a data directory.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Root of the derived keys.
    pub site: Key,
    /// Key that signs checkpoints, counts and promises.
    pub log: Key,
}

impl Keys {
    /// The folder of a data directory that holds the keys.
    #[must_use]
    pub fn folder(data: &Path) -> PathBuf {
        data.join("keys")
    }

    /// Reads the keys of a new site and makes those that are missing.
    ///
    /// # Errors
    /// Files that cannot be read or written, or that do not have 32 bytes.
    pub fn make(data: &Path) -> Result<Self> {
        let dir = Self::folder(data);
        files::create_dir_synced(&dir).map_err(|e| files::failed(&dir, &e))?;
        let (site, log) = (read_or_make(&dir.join(SITE))?, read_or_make(&dir.join(LOG))?);
        Ok(Self { site, log })
    }

    /// Reads the keys of a site that has keys already.
    ///
    /// # Errors
    /// A missing key; files that cannot be read, or that do not have 32 bytes.
    pub fn read(data: &Path) -> Result<Self> {
        let dir = Self::folder(data);
        let read = |name: &str| {
            let missing = || {
                Error::Internal(format!(
                    "keys/{name} is missing, and this site was made with it: bring it back from the copy of the keys"
                ))
            };
            Key::read(&dir.join(name))?.ok_or_else(missing)
        };
        let (site, log) = (read(SITE)?, read(LOG)?);
        Ok(Self { site, log })
    }
}

/// Random bytes from the operating system.
///
/// # Errors
/// A machine without a source of randomness.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(format!("no randomness: {e}")))?;
    Ok(bytes)
}

fn read_or_make(file: &Path) -> Result<Key> {
    match Key::read(file)? {
        Some(key) => Ok(key),
        None => make(file),
    }
}

fn make(file: &Path) -> Result<Key> {
    let key = Key(random()?);
    key.write(file)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let missing = Keys::read(dir.path()).unwrap_err().to_string();
        assert!(missing.contains("keys/site.key is missing"), "{missing}");
        let first = Keys::make(dir.path()).unwrap().site.fingerprint();
        assert_eq!(Keys::make(dir.path()).unwrap().site.fingerprint(), first);
        assert_eq!(Keys::read(dir.path()).unwrap().site.fingerprint(), first);
        std::fs::remove_file(dir.path().join("keys/log.key")).unwrap();
        assert!(Keys::read(dir.path()).is_err());
    }

    #[test]
    fn a_sealed_secret_opens_in_its_own_place_only_and_whole() {
        let key = Key([7; 32]);
        let sealed = key.seal("totp/1", b"secret").unwrap();
        assert_eq!(key.unseal("totp/1", &sealed).unwrap(), b"secret");
        assert_ne!(sealed, key.seal("totp/1", b"secret").unwrap());
        assert!(key.unseal("totp/2", &sealed).is_err());
        assert!(Key([8; 32]).unseal("totp/1", &sealed).is_err());
        for at in 0..sealed.len() {
            let other = if sealed.as_bytes()[at] == b'A' { "B" } else { "A" };
            let changed = format!("{}{other}{}", &sealed[..at], &sealed[at + 1..]);
            assert!(key.unseal("totp/1", &changed).is_err(), "{at}");
        }
        for short in ["", "AAAA", "?"] {
            assert!(key.unseal("totp/1", short).is_err());
        }
    }

    #[test]
    fn a_secret_of_an_earlier_version_still_opens() {
        // Made by version 0.1 with AES-256-GCM: nonce 0 to 11, then text and tag.
        let nonce: [u8; NONCE_LEN] = std::array::from_fn(|n| u8::try_from(n).unwrap());
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
        let mut bytes = b"secret".to_vec();
        let nonce_once = Nonce::assume_unique_for_key(nonce);
        cipher.seal_in_place_append_tag(nonce_once, Aad::from("totp/1"), &mut bytes).unwrap();
        let sealed = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &bytes].concat());
        assert_eq!(Key([7; 32]).unseal("totp/1", &sealed).unwrap(), b"secret");
        assert!(Key([7; 32]).unseal("totp/2", &sealed).is_err());
        assert!(Key([8; 32]).unseal("totp/1", &sealed).is_err());
    }

    #[test]
    fn parts_of_a_mac_do_not_run_into_each_other() {
        let key = Key([7; 32]);
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
    }
}
