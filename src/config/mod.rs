//! The settings of the server. Flags come before the environment, the environment before a file, and a file before defaults.
//! The server runs with no setting at all.

mod resolving;
mod settings;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use url::Url;

pub use self::settings::Settings;
use crate::base::error::Result;
use crate::base::objects::{Address, Objects};
use crate::base::store::Urls;
use crate::edge::Edge;
use crate::log::witnesses::Remote;
use crate::pass::identity_source;
use crate::report::evidence::quota::Quota;
use crate::report::evidence::scanner::Scanner;
use crate::retention::Keep;
use crate::sign_in::second_factor::SecondFactor;
use crate::sign_in::{session, sign_on};
use crate::web::frame::Frame;
use crate::web::operator::Operator;

/// Resolved settings of a site, with defaults filled in.
#[derive(Clone, Debug)]
pub struct Config {
    /// Path of the data directory.
    pub data: PathBuf,
    /// Socket address of the public listener.
    pub listen: SocketAddr,
    /// PostgreSQL URL of the main store; none for the SQLite file.
    pub main_url: Option<String>,
    /// PostgreSQL URL of the ballots store; none for the SQLite file.
    pub ballots_url: Option<String>,
    /// PostgreSQL URL of the register; none for the SQLite file.
    pub register_url: Option<String>,
    /// Place of the objects that all nodes reach; none for the data directory of the only one.
    pub objects: Option<Address>,
    /// Whether ballots and changes are refused while the database has no synchronous standby.
    pub require_standby: bool,
    /// Whether log lines are JSON instead of text.
    pub log_json: bool,
    /// Name of the site, with which the names of its public logs begin.
    pub site: String,
    /// Witnesses that are asked to cosign the public logs.
    pub witnesses: Vec<Remote>,
    /// URL of the site as browsers see it; `None` stands for `localhost` at the port of the listener.
    pub address: Option<Url>,
    /// Provider that vouches for the identity of citizens.
    pub identity_source: Option<identity_source::Settings>,
    /// Provider of single sign-on for staff.
    pub single_sign_on: Option<sign_on::Settings>,
    /// Whether staff need a second factor; `None` requires one except in a demo.
    pub second_factor: Option<SecondFactor>,
    /// File of passwords that nobody may choose, one a line.
    pub avoided_passwords: Option<PathBuf>,
    /// Limits of a session's length, in system time.
    pub sessions: session::Limits,
    /// Difficulty of the puzzle at its base level: `2^pass_bits` tries for each of its answers.
    pub pass_bits: u8,
    /// Slugs of the campaigns whose register is lost for good, as the operator declares.
    pub lost_registers: Vec<String>,
    /// Number of shown ballots that have to wait before a batch is sealed while voting runs.
    pub seal_at: usize,
    /// Virus scanner for every new file; `None` where files are not scanned.
    pub clamav: Option<Scanner>,
    /// Quota of evidence for each province.
    pub evidence_room: Quota,
    /// Retention periods of the site.
    pub keep: Keep,
    /// Time between two checkpoints of the audit trail.
    pub audit_every: Duration,
    /// Time for which the clock has to be steady before an irreversible act ([`crate::base::clock_steadiness`]).
    pub settle_after: TimeDelta,
    /// Time between two rounds of the scheduler.
    pub look_every: Duration,
    /// Rate limits, deadlines and trusted proxies of the listener.
    pub edge: Edge,
    /// Operator of the site, as pages name the operator.
    pub operator: Operator,
}

impl Config {
    /// PostgreSQL URLs of the three stores.
    #[must_use]
    pub fn store_urls(&self) -> Urls {
        Urls {
            main: self.main_url.clone(),
            ballots: self.ballots_url.clone(),
            register: self.register_url.clone(),
            require_standby: self.require_standby,
        }
    }

    /// The objects of the site.
    ///
    /// # Errors
    /// A bucket without credentials.
    pub fn open_objects(&self) -> Result<Objects> {
        Objects::open(&self.data, self.objects.as_ref())
    }

    /// The frame of every page. The frame has no address where none is configured.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let origin = self.address.as_ref().map_or_else(String::new, |_| self.public_address());
        Frame { origin, operator: self.operator.clone() }
    }

    /// URL of the site as browsers see it, without a slash at the end, for links.
    #[must_use]
    pub fn public_address(&self) -> String {
        let local = || format!("http://localhost:{}", self.listen.port());
        self.address.as_ref().map_or_else(local, |address| address.origin().ascii_serialization())
    }
}
