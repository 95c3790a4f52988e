//! The settings of the server: flags, then environment, then a file, then defaults. It runs with none set.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use crate::ballot::sequencer;
use crate::error::{Error, Result};
use crate::identity::second_factor::SecondFactor;
use crate::identity::session;
use crate::log::witnesses::Remote;

/// Settings as they are given. The same names as flags (`--main-url`), environment (`SHUDU_MAIN_URL`) and in the file
/// (`main_url = "..."`).
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where keys, evidence and (without database URLs) the databases lie; made where absent
    #[arg(long, env = "SHUDU_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A file with further settings, in TOML
    #[arg(long, env = "SHUDU_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address of the public listener
    #[arg(long, env = "SHUDU_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// PostgreSQL URL of the main store; from the environment or the file, as it may hold a password
    #[arg(skip)]
    pub main_url: Option<String>,
    /// PostgreSQL URL of the ballots store
    #[arg(skip)]
    pub ballots_url: Option<String>,
    /// PostgreSQL URL of the register
    #[arg(skip)]
    pub register_url: Option<String>,
    /// Logs as JSON lines instead of text
    #[arg(long, env = "SHUDU_LOG_JSON")]
    pub log_json: Option<bool>,
    /// Name of this site in its public logs, such as shudu.gov.cn; a log keeps the one that it began with
    #[arg(long, env = "SHUDU_SITE", value_name = "NAME")]
    pub site: Option<String>,
    /// Witnesses that are asked to cosign the public logs, each as its address, a blank and its verifier key; repeatable, with
    /// commas between them in the environment
    #[arg(long = "witness", env = "SHUDU_WITNESSES", value_name = "ADDRESS KEY", value_delimiter = ',')]
    pub witnesses: Option<Vec<String>>,
    /// Leading zero bits that the proof of work for an anonymous pass must have
    #[arg(long, env = "SHUDU_PASS_BITS", value_name = "BITS")]
    pub pass_bits: Option<u8>,
    /// Ballots that wait before they are sealed into the public log while voting runs
    #[arg(long, env = "SHUDU_SEAL_AT", value_name = "BALLOTS")]
    pub seal_at: Option<usize>,
    /// Address of this site as browsers see it, such as https://shudu.gov.cn: passkeys and invitations go by it
    #[arg(long, env = "SHUDU_ORIGIN", value_name = "URL")]
    pub origin: Option<String>,
    /// Whether staff need a second factor to sign in [default: required; optional where the figures are invented]
    #[arg(long, env = "SHUDU_SECOND_FACTOR", value_name = "WORD")]
    pub second_factor: Option<SecondFactor>,
    /// Minutes without use after which a session ends
    #[arg(long, env = "SHUDU_SESSION_MINUTES", value_name = "MINUTES")]
    pub session_minutes: Option<i64>,
    /// Hours after sign-in when a session ends at the latest
    #[arg(long, env = "SHUDU_SESSION_HOURS", value_name = "HOURS")]
    pub session_hours: Option<i64>,
    /// Milliseconds between two looks of the clockwork, which seals and counts
    #[arg(long, env = "SHUDU_LOOK_EVERY", value_name = "MILLISECONDS", hide = true)]
    pub look_every: Option<u64>,
}

/// Settings as they hold.
#[derive(Clone, Debug)]
pub struct Config {
    /// Data directory.
    pub data: PathBuf,
    /// Public listener.
    pub listen: SocketAddr,
    /// PostgreSQL URL of the main store; none for the SQLite file.
    pub main_url: Option<String>,
    /// PostgreSQL URL of the ballots store; none for the SQLite file.
    pub ballots_url: Option<String>,
    /// PostgreSQL URL of the register; none for the SQLite file.
    pub register_url: Option<String>,
    /// JSON logs.
    pub log_json: bool,
    /// Begins the names of logs.
    pub site: String,
    /// Asked to cosign the public logs.
    pub witnesses: Vec<Remote>,
    /// The site as browsers see it; none: `localhost`, at whatever port.
    pub origin: Option<Url>,
    /// Whether staff need a second factor; none: where figures are real.
    pub second_factor: Option<SecondFactor>,
    /// How long sessions last.
    pub sessions: session::Limits,
    /// Difficulty of the proof of work, in bits.
    pub pass_bits: u8,
    /// Ballots that wait before they are sealed while voting runs.
    pub seal_at: usize,
    /// Between two looks of the clockwork.
    pub look_every: Duration,
}

/// The most difficult proof of work that a phone solves in a bearable time.
const MOST_PASS_BITS: u8 = 24;
/// A batch hides the order of arrival, and places are opened where this many share one: smaller ones do neither.
const LEAST_SEAL_AT: usize = 10;
/// More looks would be work without end.
const LEAST_LOOK_EVERY: u64 = 50;

impl Settings {
    /// Adds environment, file and defaults to the flags.
    ///
    /// # Errors
    /// A file that cannot be read or holds an unknown or wrong setting, named with its line.
    pub fn resolve(self) -> Result<Config> {
        let file = match &self.config {
            None => Self::default(),
            Some(path) => {
                let text =
                    std::fs::read_to_string(path).map_err(|e| Error::Internal(format!("{}: {e}", path.display())))?;
                toml::from_str(&text).map_err(|e| Error::Internal(format!("{}: {e}", path.display())))?
            }
        };
        let url = |given: Option<String>, name: &str, filed: Option<String>| {
            given.or_else(|| std::env::var(name).ok().filter(|v| !v.is_empty())).or(filed)
        };
        let pass_bits = self.pass_bits.or(file.pass_bits).unwrap_or(16);
        if pass_bits > MOST_PASS_BITS {
            return Err(Error::Internal(format!("pass_bits is {pass_bits}; the most is {MOST_PASS_BITS}")));
        }
        let seal_at = self.seal_at.or(file.seal_at).unwrap_or(sequencer::PATIENT);
        if seal_at < LEAST_SEAL_AT {
            return Err(Error::Internal(format!("seal_at is {seal_at}; the least is {LEAST_SEAL_AT}")));
        }
        let look_every = self.look_every.or(file.look_every).unwrap_or(20_000);
        if look_every < LEAST_LOOK_EVERY {
            return Err(Error::Internal(format!("look_every is {look_every}; the least is {LEAST_LOOK_EVERY}")));
        }
        let site = self.site.or(file.site).unwrap_or_else(|| "localhost".to_owned());
        if site.is_empty() || !site.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:/".contains(&b)) {
            return Err(Error::Internal(format!("site is {site:?}; a host name is wanted")));
        }
        let witnesses = self.witnesses.or(file.witnesses).unwrap_or_default();
        let given = witnesses.iter().filter(|witness| !witness.trim().is_empty());
        let witnesses = given.map(|witness| witness.parse()).collect::<Result<Vec<Remote>>>()?;
        let origin = self.origin.or(file.origin).filter(|origin| !origin.is_empty());
        let sessions = session::Limits::of(
            self.session_minutes.or(file.session_minutes),
            self.session_hours.or(file.session_hours),
        )?;
        Ok(Config {
            origin: origin.as_deref().map(origin_of).transpose()?,
            second_factor: self.second_factor.or(file.second_factor),
            sessions,
            site,
            witnesses,
            data: self.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            main_url: url(self.main_url, "SHUDU_MAIN_URL", file.main_url),
            ballots_url: url(self.ballots_url, "SHUDU_BALLOTS_URL", file.ballots_url),
            register_url: url(self.register_url, "SHUDU_REGISTER_URL", file.register_url),
            log_json: self.log_json.or(file.log_json).unwrap_or(false),
            pass_bits,
            seal_at,
            look_every: Duration::from_millis(look_every),
        })
    }
}

/// Browsers keep passkeys for a host name that came over TLS; this machine itself is the exception.
fn origin_of(text: &str) -> Result<Url> {
    let wrong = || Error::Internal(format!("origin is {text:?}; an address such as https://shudu.gov.cn is wanted"));
    let origin = Url::parse(text).map_err(|_| wrong())?;
    let host = origin.domain().ok_or_else(wrong)?;
    let is_safe = origin.scheme() == "https" || origin.scheme() == "http" && host == "localhost";
    let is_bare = origin.path() == "/" && origin.query().is_none() && origin.username().is_empty();
    if is_safe && is_bare { Ok(origin) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_with_nothing_set() {
        let config = Settings::default().resolve().unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.main_url, None);
        assert_eq!(config.seal_at, 10_000);
    }

    #[test]
    fn an_origin_is_a_host_name_over_tls() {
        let origin = |text: &str| Settings { origin: Some(text.to_owned()), ..Settings::default() }.resolve();
        for good in ["https://shudu.gov.cn", "https://shudu.gov.cn:8443/", "http://localhost:8080"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in
            ["shudu.gov.cn", "http://shudu.gov.cn", "https://127.0.0.1", "https://shudu.gov.cn/desk", "ftp://x.cn"]
        {
            assert!(origin(bad).unwrap_err().to_string().contains("origin is"), "{bad}");
        }
    }

    #[test]
    fn sessions_that_never_end_are_refused() {
        for (minutes, hours) in [(Some(4), None), (Some(61), None), (None, Some(0)), (None, Some(25))] {
            let settings = Settings { session_minutes: minutes, session_hours: hours, ..Settings::default() };
            assert!(settings.resolve().unwrap_err().to_string().contains("session_"));
        }
    }

    #[test]
    fn batches_that_hide_nobody_are_refused() {
        let error = Settings { seal_at: Some(9), ..Settings::default() }.resolve().unwrap_err().to_string();
        assert!(error.contains("the least is 10"), "{error}");
    }

    #[test]
    fn witnesses_are_read_from_the_file_and_a_mistyped_key_is_named() {
        let key = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
        let file = tempfile::NamedTempFile::new().unwrap();
        let resolved = |key: &str| {
            std::fs::write(file.path(), format!("witnesses = [\"https://w1.example {key}\"]\n")).unwrap();
            Settings { config: Some(file.path().to_owned()), ..Settings::default() }.resolve()
        };
        assert_eq!(resolved(key).unwrap().witnesses[0].key.to_string(), key);
        let error = resolved(&key.replace("da77", "da78")).unwrap_err().to_string();
        assert!(error.contains("da78ade7"), "{error}");
    }

    #[test]
    fn an_unknown_setting_in_the_file_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "listen = \"127.0.0.1:9\"\nmainurl = \"x\"\n").unwrap();
        let settings = Settings { config: Some(file.path().to_owned()), ..Settings::default() };
        let error = settings.resolve().unwrap_err().to_string();
        assert!(error.contains("mainurl"), "{error}");
    }
}
