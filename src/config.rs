//! The settings of the server: flags, then environment, then a file, then defaults. It runs with none set.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use serde::Deserialize;

use crate::ballot::{identity_source, sequencer};
use crate::edge::Edge;
use crate::error::{Error, Result};
use crate::identity::sign_on;
use crate::log::witnesses::Remote;
use crate::oidc;
use crate::report::evidence::room::Room;
use crate::report::evidence::scanner::Scanner;

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
    /// Public address of this site, such as <https://shudu.gov.cn>; providers send browsers back there
    #[arg(long, env = "SHUDU_ADDRESS", value_name = "URL")]
    pub address: Option<String>,
    /// Who says that a citizen is who they are; from the file
    #[arg(skip)]
    pub identity_source: Option<identity_source::Settings>,
    /// Where staff sign in besides here; from the file
    #[arg(skip)]
    pub single_sign_on: Option<sign_on::Settings>,
    /// Leading zero bits that the proof of work for an anonymous pass must have
    #[arg(long, env = "SHUDU_PASS_BITS", value_name = "BITS")]
    pub pass_bits: Option<u8>,
    /// Ballots that wait before they are sealed into the public log while voting runs
    #[arg(long, env = "SHUDU_SEAL_AT", value_name = "BALLOTS")]
    pub seal_at: Option<usize>,
    /// Virus scanner (clamd) that every new file must pass, as unix:/run/clamav/clamd.ctl or host:port
    #[arg(long, env = "SHUDU_CLAMAV", value_name = "ADDRESS")]
    pub clamav: Option<String>,
    /// Most files of evidence of one province
    #[arg(long, env = "SHUDU_EVIDENCE_FILES", value_name = "FILES")]
    pub evidence_files: Option<u32>,
    /// Most evidence of one province, in megabytes
    #[arg(long, env = "SHUDU_EVIDENCE_MEGABYTES", value_name = "MEGABYTES")]
    pub evidence_megabytes: Option<u32>,
    /// Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; loopback by default; repeatable, with
    /// commas between them in the environment
    #[arg(long = "trusted-proxy", env = "SHUDU_TRUSTED_PROXIES", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// Address of a listener of its own for metrics at /metrics; none by default
    #[arg(long, env = "SHUDU_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Requests of one address by kind, a second and at once, such as 'voting=300:6000 exports=off'; 'off' lifts all
    #[arg(long, env = "SHUDU_LIMITS", value_name = "LIMITS")]
    pub limits: Option<String>,
    /// Requests that are worked on at once by kind, such as 'voting=4096 exports=8'
    #[arg(long, env = "SHUDU_AT_ONCE", value_name = "PLACES")]
    pub at_once: Option<String>,
    /// Seconds in which the header of a request has to come
    #[arg(long, env = "SHUDU_HEAD_WITHIN", value_name = "SECONDS")]
    pub head_within: Option<u64>,
    /// Seconds in which the body of a request has to come
    #[arg(long, env = "SHUDU_BODY_WITHIN", value_name = "SECONDS")]
    pub body_within: Option<u64>,
    /// Bytes a second that a body has to bring, after 15 seconds
    #[arg(long, env = "SHUDU_BODY_RATE", value_name = "BYTES")]
    pub body_rate: Option<u64>,
    /// Seconds that a connection waits for its next request
    #[arg(long, env = "SHUDU_IDLE_WITHIN", value_name = "SECONDS")]
    pub idle_within: Option<u64>,
    /// Connections at once, as far as the limit of open files allows
    #[arg(long, env = "SHUDU_MAX_CONNECTIONS", value_name = "CONNECTIONS")]
    pub max_connections: Option<usize>,
    /// Minutes between two checkpoints of the audit trail, where it grew
    #[arg(long, env = "SHUDU_AUDIT_EVERY", value_name = "MINUTES")]
    pub audit_every: Option<u64>,
    /// Days for which the audit trail can open what is personal in it
    #[arg(long, env = "SHUDU_KEEP_OPENINGS", value_name = "DAYS")]
    pub keep_openings: Option<i64>,
    /// Days for which an uploaded file waits to be filed with a report
    #[arg(long, env = "SHUDU_KEEP_DRAFTS", value_name = "DAYS")]
    pub keep_drafts: Option<i64>,
    /// Days for which the register of real-name passes outlives the vote
    #[arg(long, env = "SHUDU_KEEP_REGISTER", value_name = "DAYS")]
    pub keep_register: Option<i64>,
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
    /// Public address, without a slash at the end; empty where no provider needs it.
    pub address: String,
    /// Who says that a citizen is who they are.
    pub identity_source: Option<identity_source::Settings>,
    /// Where staff sign in besides here.
    pub single_sign_on: Option<sign_on::Settings>,
    /// Difficulty of the proof of work, in bits.
    pub pass_bits: u8,
    /// Ballots that wait before they are sealed while voting runs.
    pub seal_at: usize,
    /// Looks at every new file.
    pub clamav: Option<Scanner>,
    /// Evidence that one province may keep.
    pub evidence_room: Room,
    /// What is kept how long.
    pub keep: Keep,
    /// Between two checkpoints of the audit trail.
    pub audit_every: Duration,
    /// Between two looks of the clockwork.
    pub look_every: Duration,
    /// Limits, deadlines, proxies.
    pub edge: Edge,
}

/// How long is kept what is not kept for good.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// Personal values of the audit trail.
    pub openings: TimeDelta,
    /// Files that were never filed.
    pub drafts: TimeDelta,
    /// The register, from the close on.
    pub register: TimeDelta,
}

/// Network and sign-in records are to be kept for six months.
const LEAST_OPENINGS: i64 = 180;
/// A report that is written slowly must not lose its files.
const LEAST_DRAFTS: i64 = 30;
/// Who doubts a real-name vote has some time to ask.
const LEAST_REGISTER: i64 = 90;
/// The longest of all: a hundred years are for good.
const MOST_DAYS: i64 = 36_500;
/// The most difficult proof of work that a phone solves in a bearable time.
const MOST_PASS_BITS: u8 = 24;
/// A batch hides the order of arrival, and places are opened where this many share one: smaller ones do neither.
const LEAST_SEAL_AT: usize = 10;
/// A trail whose end is signed less often could lose more than a day without anybody being able to tell.
const MOST_AUDIT_EVERY: u64 = 24 * 60;
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
        let edge = self.edge(&file)?;
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
        let audit_every = self.audit_every.or(file.audit_every).unwrap_or(10);
        if !(1..=MOST_AUDIT_EVERY).contains(&audit_every) {
            return Err(Error::Internal(format!(
                "audit_every is {audit_every}; 1 to {MOST_AUDIT_EVERY} minutes are possible"
            )));
        }
        let keep = Keep {
            openings: days("keep_openings", self.keep_openings.or(file.keep_openings), 365, LEAST_OPENINGS)?,
            drafts: days("keep_drafts", self.keep_drafts.or(file.keep_drafts), 90, LEAST_DRAFTS)?,
            register: days("keep_register", self.keep_register.or(file.keep_register), 365, LEAST_REGISTER)?,
        };
        let site = self.site.or(file.site).unwrap_or_else(|| "localhost".to_owned());
        if site.is_empty() || !site.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:/".contains(&b)) {
            return Err(Error::Internal(format!("site is {site:?}; a host name is wanted")));
        }
        let witnesses = self.witnesses.or(file.witnesses).unwrap_or_default();
        let given = witnesses.iter().filter(|witness| !witness.trim().is_empty());
        let witnesses = given.map(|witness| witness.parse()).collect::<Result<Vec<Remote>>>()?;
        let clamav = self.clamav.or(file.clamav).filter(|address| !address.trim().is_empty());
        let clamav = clamav.map(|address| address.trim().parse()).transpose()?;
        let usual = Room::default();
        let megabytes = self.evidence_megabytes.or(file.evidence_megabytes);
        let evidence_room = Room {
            files: self.evidence_files.or(file.evidence_files).map_or(usual.files, i64::from),
            bytes: megabytes.map_or(usual.bytes, |megabytes| i64::from(megabytes) << 20),
        };
        let address = self.address.or(file.address).unwrap_or_default();
        let address = address.trim_end_matches('/').to_owned();
        let identity_source = self.identity_source.or(file.identity_source);
        let single_sign_on = self.single_sign_on.or(file.single_sign_on);
        identity_source.as_ref().map_or(Ok(()), identity_source::Settings::check)?;
        single_sign_on.as_ref().map_or(Ok(()), sign_on::Settings::check)?;
        if identity_source.is_some() || single_sign_on.is_some() {
            oidc::settings::checked("address", &address)?;
        }
        Ok(Config {
            clamav,
            evidence_room,
            site,
            witnesses,
            edge,
            address,
            identity_source,
            single_sign_on,
            data: self.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            main_url: url(self.main_url, "SHUDU_MAIN_URL", file.main_url),
            ballots_url: url(self.ballots_url, "SHUDU_BALLOTS_URL", file.ballots_url),
            register_url: url(self.register_url, "SHUDU_REGISTER_URL", file.register_url),
            log_json: self.log_json.or(file.log_json).unwrap_or(false),
            pass_bits,
            seal_at,
            keep,
            audit_every: Duration::from_secs(audit_every * 60),
            look_every: Duration::from_millis(look_every),
        })
    }

    fn edge(&self, file: &Self) -> Result<Edge> {
        let mut edge = Edge::default();
        if let Some(networks) = self.trusted_proxies.as_ref().or(file.trusted_proxies.as_ref()) {
            edge = edge.trust(networks)?;
        }
        if let Some(limits) = self.limits.as_ref().or(file.limits.as_ref()) {
            edge = edge.limit(limits)?;
        }
        if let Some(places) = self.at_once.as_ref().or(file.at_once.as_ref()) {
            edge = edge.place(places)?;
        }
        let seconds = |given: Option<u64>, filed: Option<u64>, standing: Duration| {
            given.or(filed).map_or(standing, |seconds| Duration::from_secs(seconds.max(1)))
        };
        edge.metrics = self.metrics_listen.or(file.metrics_listen);
        edge.deadlines.head = seconds(self.head_within, file.head_within, edge.deadlines.head);
        edge.deadlines.idle = seconds(self.idle_within, file.idle_within, edge.deadlines.idle);
        edge.pace.longest = seconds(self.body_within, file.body_within, edge.pace.longest);
        edge.pace.slowest = self.body_rate.or(file.body_rate).unwrap_or(edge.pace.slowest);
        // What is sent may take so long, and so may the answer.
        edge.deadlines.whole = edge.pace.longest * 2;
        edge.connections = self.max_connections.or(file.max_connections).unwrap_or(edge.connections);
        Ok(edge)
    }
}

fn days(name: &str, given: Option<i64>, default: i64, least: i64) -> Result<TimeDelta> {
    let days = given.unwrap_or(default);
    if (least..=MOST_DAYS).contains(&days) {
        return Ok(TimeDelta::days(days));
    }
    Err(Error::Internal(format!("{name} is {days}; {least} to {MOST_DAYS} days are possible")))
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
    fn what_has_to_be_kept_is_not_removed_earlier() {
        for (settings, least) in [
            (Settings { keep_openings: Some(179), ..Settings::default() }, "180 to"),
            (Settings { keep_drafts: Some(29), ..Settings::default() }, "30 to"),
            (Settings { keep_register: Some(-1), ..Settings::default() }, "90 to"),
            (Settings { audit_every: Some(1441), ..Settings::default() }, "1 to 1440"),
        ] {
            let error = settings.resolve().unwrap_err().to_string();
            assert!(error.contains(least), "{error}");
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
