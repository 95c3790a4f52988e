//! The settings of the server: flags, then environment, then a file, then defaults. It runs with none set.

mod resolving;
mod settings;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

pub use self::settings::Settings;
use crate::base::store::Urls;
use crate::edge::Edge;
use crate::log::witnesses::Remote;
use crate::pass::identity_source;
use crate::report::evidence::quota::Quota;
use crate::report::evidence::scanner::Scanner;
use crate::retention::Keep;
use crate::sign_in::second_factor::SecondFactor;
use crate::sign_in::{session, sign_on};

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
    /// The site as browsers see it; none: `localhost`, at the port of the listener.
    pub address: Option<Url>,
    /// Who says that a citizen is who they are.
    pub identity_source: Option<identity_source::Settings>,
    /// Where staff sign in besides here.
    pub single_sign_on: Option<sign_on::Settings>,
    /// Whether staff need a second factor; none: where figures are real.
    pub second_factor: Option<SecondFactor>,
    /// A list of passwords that nobody may choose.
    pub avoided_passwords: Option<PathBuf>,
    /// How long sessions last.
    pub sessions: session::Limits,
    /// Difficulty of the proof of work at its base level: `2^pass_bits` tries for each of its answers.
    pub pass_bits: u8,
    /// Campaigns whose register was lost for good, as the operator says.
    pub lost_registers: Vec<String>,
    /// Ballots that wait before they are sealed while voting runs.
    pub seal_at: usize,
    /// Looks at every new file.
    pub clamav: Option<Scanner>,
    /// Evidence that one province may keep.
    pub evidence_room: Quota,
    /// What is kept how long.
    pub keep: Keep,
    /// Between two checkpoints of the audit trail.
    pub audit_every: Duration,
    /// For how long the clock has to be steady before anything is done that nobody can take back ([`crate::base::clock_steadiness`]).
    pub settle_after: TimeDelta,
    /// Between two looks of the clockwork.
    pub look_every: Duration,
    /// Limits, deadlines, proxies.
    pub edge: Edge,
}

impl Config {
    /// Addresses of the stores.
    #[must_use]
    pub fn store_urls(&self) -> Urls {
        Urls { main: self.main_url.clone(), ballots: self.ballots_url.clone(), register: self.register_url.clone() }
    }

    /// The site as browsers see it, for links: without a slash at the end.
    #[must_use]
    pub fn public_address(&self) -> String {
        let local = || format!("http://localhost:{}", self.listen.port());
        self.address.as_ref().map_or_else(local, |address| address.origin().ascii_serialization())
    }
}
