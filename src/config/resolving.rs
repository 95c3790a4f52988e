//! Resolves the given settings: merges flags, environment and file, fills in defaults, and refuses values out of range.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

use super::{Config, Keep, Settings};
use crate::ballot_log;
use crate::base::error::{Error, Result};
use crate::base::objects::Address;
use crate::edge::Edge;
use crate::log::witnesses::Remote;
use crate::oidc::settings::is_this_machine;
use crate::pass::identity_source;
use crate::report::evidence::quota::Quota;
use crate::sign_in::{session, sign_on};
use crate::web::operator::Operator;

/// Least days of `keep_openings`: network and sign-in records are to be kept for six months.
const LEAST_OPENINGS: i64 = 180;
/// Least days of `keep_drafts`: a report that is written slowly must not lose its files.
const LEAST_DRAFTS: i64 = 30;
/// Least days of `keep_register`: a person who doubts a real-name vote needs time to ask.
const LEAST_REGISTER: i64 = 90;
/// Most days of any retention period: a hundred years.
const MAX_DAYS: i64 = 36_500;
/// Default difficulty of the puzzle, in bits: a phone solves it in a sixth of a second.
const PASS_BITS: u8 = 10;
/// Greatest difficulty of the puzzle, in bits, that a phone solves in a bearable time.
const MAX_PASS_BITS: u8 = 14;
/// Least size of a batch. A batch hides the order of arrival, and places are disclosed where this many ballots share one; a
/// smaller batch achieves neither.
const LEAST_SEAL_AT: usize = 10;
/// Most minutes between two checkpoints of the audit trail. With rarer checkpoints, more than a day could be cut off unnoticed.
const MAX_AUDIT_EVERY: u64 = 24 * 60;
/// Most seconds of `settle_after`. A vote that is not counted within a day of its close would look like a broken site.
const MAX_SETTLE_AFTER: u32 = 24 * 3600;
/// Least milliseconds between two rounds of the scheduler: with less, the scheduler would never rest.
const LEAST_LOOK_EVERY: u64 = 50;

impl Settings {
    /// Completes the flags from the environment, the file and the defaults.
    ///
    /// # Errors
    /// A file that cannot be read; an unknown or wrong setting, named with its line in the file.
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
        let database = |given, name: &str, filed| match url(given, name, filed) {
            Some(text) if is_open(&text) => Err(Error::Internal(format!(
                "{name}: the database is on another machine, so its address has to end in ?sslmode=verify-full (and \
                 &sslrootcert=FILE where its authority is none of this machine's): nobody on the way is to read or change what \
                 is sent"
            ))),
            found => Ok(found),
        };
        let objects = url(self.objects, "SHUDU_OBJECTS", file.objects);
        let objects = objects.as_deref().map(Address::parse).transpose()?;
        let pass_bits = self.pass_bits.or(file.pass_bits).unwrap_or(PASS_BITS);
        if pass_bits > MAX_PASS_BITS {
            return Err(Error::Internal(format!("pass_bits is {pass_bits}; the most is {MAX_PASS_BITS}")));
        }
        let seal_at = self.seal_at.or(file.seal_at).unwrap_or(ballot_log::DEFAULT_SEAL_AT);
        if seal_at < LEAST_SEAL_AT {
            return Err(Error::Internal(format!("seal_at is {seal_at}; the least is {LEAST_SEAL_AT}")));
        }
        let look_every = self.look_every.or(file.look_every).unwrap_or(20_000);
        if look_every < LEAST_LOOK_EVERY {
            return Err(Error::Internal(format!("look_every is {look_every}; the least is {LEAST_LOOK_EVERY}")));
        }
        let settle_after = self.settle_after.or(file.settle_after).unwrap_or(300);
        if settle_after > MAX_SETTLE_AFTER {
            return Err(Error::Internal(format!(
                "settle_after is {settle_after}; 0 to {MAX_SETTLE_AFTER} seconds are possible"
            )));
        }
        let audit_every = self.audit_every.or(file.audit_every).unwrap_or(10);
        if !(1..=MAX_AUDIT_EVERY).contains(&audit_every) {
            return Err(Error::Internal(format!(
                "audit_every is {audit_every}; 1 to {MAX_AUDIT_EVERY} minutes are possible"
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
        let usual = Quota::default();
        let megabytes = self.evidence_megabytes.or(file.evidence_megabytes);
        let evidence_room = Quota {
            files: self.evidence_files.or(file.evidence_files).map_or(usual.files, i64::from),
            bytes: megabytes.map_or(usual.bytes, |megabytes| i64::from(megabytes) << 20),
        };
        let address = self.address.or(file.address).filter(|address| !address.trim().is_empty());
        let address = address.as_deref().map(address_of).transpose()?;
        let identity_source = self.identity_source.or(file.identity_source);
        let single_sign_on = self.single_sign_on.or(file.single_sign_on);
        identity_source.as_ref().map_or(Ok(()), identity_source::Settings::check)?;
        single_sign_on.as_ref().map_or(Ok(()), sign_on::Settings::check)?;
        if address.is_none() && (identity_source.is_some() || single_sign_on.is_some()) {
            return Err(Error::Internal("address is not set; providers send browsers back there".to_owned()));
        }
        let sessions = session::Limits::of(
            self.session_minutes.or(file.session_minutes),
            self.session_hours.or(file.session_hours),
        )?;
        let operator = Operator::read(self.operator.or(file.operator).unwrap_or_default())?;
        Ok(Config {
            operator,
            clamav,
            evidence_room,
            avoided_passwords: self.avoided_passwords.or(file.avoided_passwords),
            second_factor: self.second_factor.or(file.second_factor),
            sessions,
            site,
            witnesses,
            edge,
            address,
            identity_source,
            single_sign_on,
            data: self.data.or(file.data).unwrap_or_else(|| PathBuf::from("data")),
            listen: self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            main_url: database(self.main_url, "SHUDU_MAIN_URL", file.main_url)?,
            ballots_url: database(self.ballots_url, "SHUDU_BALLOTS_URL", file.ballots_url)?,
            register_url: database(self.register_url, "SHUDU_REGISTER_URL", file.register_url)?,
            objects,
            require_standby: self.require_standby.or(file.require_standby).unwrap_or(false),
            log_json: self.log_json.or(file.log_json).unwrap_or(false),
            pass_bits,
            lost_registers: self.lost_registers.or(file.lost_registers).unwrap_or_default(),
            seal_at,
            keep,
            audit_every: Duration::from_secs(audit_every * 60),
            look_every: Duration::from_millis(look_every),
            settle_after: TimeDelta::seconds(i64::from(settle_after)),
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
        // The body of a request may take the longest time, and the answer as long again.
        edge.deadlines.whole = edge.pace.longest * 2;
        edge.connections = self.max_connections.or(file.max_connections).unwrap_or(edge.connections);
        Ok(edge)
    }
}

fn days(name: &str, given: Option<i64>, default: i64, least: i64) -> Result<TimeDelta> {
    let days = given.unwrap_or(default);
    if (least..=MAX_DAYS).contains(&days) {
        return Ok(TimeDelta::days(days));
    }
    Err(Error::Internal(format!("{name} is {days}; {least} to {MAX_DAYS} days are possible")))
}

/// Parses the public address: a bare origin with a host name, over HTTPS. Browsers bind passkeys (WebAuthn) to a host name
/// that came over TLS; `localhost` is the exception.
fn address_of(text: &str) -> Result<Url> {
    let wrong = || Error::Internal(format!("address is {text:?}; one such as https://shudu.gov.cn is wanted"));
    let address = Url::parse(text).map_err(|_| wrong())?;
    let host = address.domain().ok_or_else(wrong)?;
    let is_safe = address.scheme() == "https" || address.scheme() == "http" && host == "localhost";
    let is_bare = address.path() == "/" && address.query().is_none() && address.username().is_empty();
    if is_safe && is_bare { Ok(address) } else { Err(wrong()) }
}

/// Whether the traffic to a database would cross a network without authentication of the server. A text that is not a URL
/// passes here: connecting to the database refuses it.
fn is_open(address: &str) -> bool {
    let Ok(address) = Url::parse(address) else {
        return false;
    };
    let says =
        |names: &[&str], value: &str| address.query_pairs().any(|(n, v)| names.contains(&&*n) && v.starts_with(value));
    let is_here = address.host_str().is_none_or(|host| host.is_empty() || is_this_machine(host));
    !(is_here || says(&["host"], "/") || says(&["sslmode", "ssl-mode"], "verify-full"))
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
            (Settings { settle_after: Some(86_401), ..Settings::default() }, "0 to 86400"),
        ] {
            let error = settings.resolve().unwrap_err().to_string();
            assert!(error.contains(least), "{error}");
        }
    }

    #[test]
    fn an_address_is_a_host_name_over_tls() {
        let address = |text: &str| Settings { address: Some(text.to_owned()), ..Settings::default() }.resolve();
        for good in ["https://shudu.gov.cn", "https://shudu.gov.cn:8443/", "http://localhost:8080"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in
            ["shudu.gov.cn", "http://shudu.gov.cn", "https://127.0.0.1", "https://shudu.gov.cn/desk", "ftp://x.cn"]
        {
            assert!(address(bad).unwrap_err().to_string().contains("address is"), "{bad}");
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

    #[test]
    fn a_database_on_another_machine_has_to_prove_who_it_is() {
        for here in [
            "postgres://shudu@127.0.0.1:5432/shudu",
            "postgres://shudu@[::1]/shudu",
            "postgres://shudu:x@localhost/shudu",
            "postgres:///shudu?host=/var/run/postgresql",
            "postgres://shudu@db.example/shudu?sslmode=verify-full",
            "postgres://shudu@db.example/shudu?sslrootcert=/x&ssl-mode=verify-full",
        ] {
            assert!(!is_open(here), "{here}");
        }
        for open in [
            "postgres://shudu@db.example/shudu",
            "postgres://shudu@10.0.0.7/shudu?sslmode=require",
            "postgres://shudu@db.example/shudu?sslmode=verify-ca",
            "postgres://shudu@localhost.example/shudu",
            "postgres://shudu@db.example/shudu?host=10.0.0.7",
        ] {
            assert!(is_open(open), "{open}");
        }
    }
}
