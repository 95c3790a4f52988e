//! Settings of a provider, as they are in the settings file.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::base::error::{Error, Result};

/// A provider, and this site as its client.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Issuer of the provider, letter for letter as in its tokens.
    pub issuer: String,
    /// Client id of this site at the provider.
    pub client_id: String,
    /// File with the client's secret. Without a file the secret comes from the environment; a public client has no secret.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// Name of the provider on Chinese pages.
    pub name_zh: String,
    /// Name of the provider on English pages.
    pub name_en: String,
    /// Scopes that are requested besides `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Accepted levels of assurance (`acr`). The provider must vouch for one of them; empty where any level is good enough.
    #[serde(default)]
    pub acr: Vec<String>,
    /// Accepted authentication methods (`amr`). The provider must vouch for one of them; empty where any method is good enough.
    #[serde(default)]
    pub amr: Vec<String>,
}

/// Secret of the client. The debug output hides the secret.
#[derive(Clone)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl Secret {
    /// The secret as text, for the request that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Provider {
    /// The secret of the client, from the file or from the environment variable.
    ///
    /// # Errors
    /// A file that cannot be read or is empty.
    pub fn secret(&self, variable: &str) -> Result<Option<Secret>> {
        let given = match &self.secret_file {
            Some(file) => {
                let text =
                    std::fs::read_to_string(file).map_err(|e| Error::Internal(format!("{}: {e}", file.display())))?;
                let text = text.trim().to_owned();
                if text.is_empty() {
                    return Err(Error::Internal(format!("{}: a secret is wanted, this file is empty", file.display())));
                }
                Some(text)
            }
            None => std::env::var(variable).ok().filter(|text| !text.is_empty()),
        };
        Ok(given.map(Secret))
    }

    /// Checks the settings that have no good default.
    ///
    /// # Errors
    /// The setting that is missing or wrong.
    pub fn check(&self, section: &str) -> Result<()> {
        for (name, value) in [
            ("issuer", &self.issuer),
            ("client_id", &self.client_id),
            ("name_zh", &self.name_zh),
            ("name_en", &self.name_en),
        ] {
            if value.trim().is_empty() {
                return Err(Error::Internal(format!("{section}.provider.{name} is empty")));
            }
        }
        checked(&format!("{section}.provider.issuer"), &self.issuer).map(drop)
    }
}

/// Checks that an address is safe to send requests to: over TLS, or on this machine.
///
/// # Errors
/// The setting and its text.
pub fn checked(name: &str, text: &str) -> Result<Url> {
    let url = Url::parse(text).map_err(|e| Error::Internal(format!("{name} is {text:?}: {e}")))?;
    if url.scheme() == "https" || is_here(&url) {
        Ok(url)
    } else {
        Err(Error::Internal(format!("{name} is {text:?}; an address that begins with https:// is wanted")))
    }
}

/// Whether an address without TLS is on this machine.
#[must_use]
pub fn is_here(url: &Url) -> bool {
    url.scheme() == "http" && url.host_str().is_some_and(is_this_machine)
}

/// Whether a host, as an address names it, is this machine.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_tls_is_taken_on_this_machine_only() {
        for good in ["https://id.example/", "http://127.0.0.1:9/x", "http://localhost:9", "http://[::1]:9"] {
            assert!(checked("issuer", good).is_ok(), "{good}");
        }
        for bad in ["http://id.example/", "http://localhost.example/", "javascript:alert(1)", "id.example", ""] {
            assert!(checked("issuer", bad).is_err(), "{bad}");
        }
    }
}
