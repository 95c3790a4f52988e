//! Witnesses as a log sees them: their addresses and keys, and the request for a cosignature (C2SP tlog-witness).

use std::time::Duration;

use public_log::cosignature::{Witness, request};
use public_log::tree::Hash;
use ureq::Agent;

use crate::base::error::Error;

/// A witness and its address. The text form is the address, a blank and the verifier key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Address of the witness, to which `/add-checkpoint` is added.
    pub address: String,
    /// Verifier key that checks the cosignatures of the witness.
    pub key: Witness,
}

/// Answer of a witness to a request for a cosignature.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Cosignature lines, not yet checked.
    Cosigned(String),
    /// Size of the last checkpoint that the witness cosigned. The size is not the one in the request.
    Knows(u64),
    /// Refusal with its reason: the log did not only grow.
    Refused(String),
    /// Missing cosignature with its reason. The witness does not watch this log, knows another key of the log, has an internal
    /// error, or did not answer in time. A later request may succeed.
    Silent(String),
}

/// Longest time that a witness has to answer. Only the next request to the same witness waits for the answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 16 * 1024;

impl std::str::FromStr for Remote {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Internal(format!("witness {text:?}: an address, a blank and a verifier key are wanted"));
        let (address, key) = text.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
        let is_address = address.starts_with("http://") || address.starts_with("https://");
        let key = Witness::parse(key.trim()).filter(|_| is_address).ok_or_else(wrong)?;
        Ok(Self { address: address.trim_end_matches('/').to_owned(), key })
    }
}

impl Remote {
    /// Asks for a cosignature of a signed checkpoint, with the consistency proof from the tree of the old size. Waits for the
    /// answer at most five seconds.
    #[must_use]
    pub fn ask(&self, old: u64, proof: &[Hash], note: &str) -> Answer {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(TIMEOUT))
            .build()
            .new_agent();
        let asked = agent.post(format!("{}/add-checkpoint", self.address)).send(request(old, proof, note));
        let mut answer = match asked {
            Ok(answer) => answer,
            Err(error) => return Answer::Silent(error.to_string()),
        };
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_string();
        let body = match body {
            Ok(body) => body,
            Err(error) => return Answer::Silent(error.to_string()),
        };
        let size = || body.strip_suffix('\n').unwrap_or(&body).parse();
        match (answer.status().as_u16(), size()) {
            (200, _) => Answer::Cosigned(body),
            (409, Ok(size)) => Answer::Knows(size),
            (status @ (409 | 422), _) => Answer::Refused(format!("{status} {}", body.trim())),
            (status, _) => Answer::Silent(format!("{status} {}", body.trim())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_an_address_and_a_key() {
        let key = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        let read = |text: &str| text.parse::<Remote>();
        let remote = read(&format!("https://remora.n621.de/witness/ {key}")).unwrap();
        assert_eq!(
            (remote.address.as_str(), remote.key.name.as_str()),
            ("https://remora.n621.de/witness", "remora.n621.de")
        );
        for wrong in
            [key, "https://remora.n621.de", &format!("remora.n621.de {key}"), &format!("https://a {}", &key[1..])]
        {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains(wrong.split(' ').next().unwrap()), "{error}");
        }
    }
}
