//! Settings as the operator gives them.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::pass::identity_source;
use crate::sign_in::second_factor::SecondFactor;
use crate::sign_in::sign_on;
use crate::web::operator::OperatorSettings;

/// Settings as the operator gives them. A setting has one name in three forms: as a flag (`--log-json`), in the environment
/// (`SHUDU_LOG_JSON`) and in the file (`log_json = true`). Database URLs have no flag; providers are set in the file only.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Data directory for keys, evidence and, without database URLs, the databases; made where absent
    #[arg(long, env = "SHUDU_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// File with further settings, in TOML
    #[arg(long, env = "SHUDU_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address of the public listener
    #[arg(long, env = "SHUDU_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// PostgreSQL URL of the main store; from the environment or the file only, as it may hold a password
    #[arg(skip)]
    pub main_url: Option<String>,
    /// PostgreSQL URL of the ballots store
    #[arg(skip)]
    pub ballots_url: Option<String>,
    /// PostgreSQL URL of the register
    #[arg(skip)]
    pub register_url: Option<String>,
    /// Place of the public logs and the evidence where several nodes serve the site: a folder that all of them share, or a bucket of an
    /// S3 object store such as `s3://shudu?endpoint=http://127.0.0.1:3900&region=garage`; the data directory by default. From the
    /// environment or the file only, as it may hold a password
    #[arg(skip)]
    pub objects: Option<String>,
    /// Refuses ballots and changes while the database has no synchronous standby, so that nothing is confirmed that only one machine
    /// holds
    #[arg(long, env = "SHUDU_REQUIRE_STANDBY", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub require_standby: Option<bool>,
    /// Writes log lines as JSON instead of text
    #[arg(long, env = "SHUDU_LOG_JSON", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    pub log_json: Option<bool>,
    /// Name of this site in its public logs, such as shudu.gov.cn; a log keeps the name with which it began
    #[arg(long, env = "SHUDU_SITE", value_name = "NAME")]
    pub site: Option<String>,
    /// Witness that is asked to cosign the public logs: its address, a blank and its verifier key; repeatable, separated by
    /// commas in the environment
    #[arg(long = "witness", env = "SHUDU_WITNESSES", value_name = "ADDRESS KEY", value_delimiter = ',')]
    pub witnesses: Option<Vec<String>>,
    /// Address of this site as browsers see it, such as `https://shudu.gov.cn`; passkeys, invitations and providers depend on
    /// it
    #[arg(long, env = "SHUDU_ADDRESS", value_name = "URL")]
    pub address: Option<String>,
    /// Provider that vouches for the identity of citizens; from the file only
    #[arg(skip)]
    pub identity_source: Option<identity_source::Settings>,
    /// Provider of single sign-on for staff; from the file only
    #[arg(skip)]
    pub single_sign_on: Option<sign_on::Settings>,
    /// Operator of the site, as pages name the operator; from the file only
    #[arg(skip)]
    pub operator: Option<OperatorSettings>,
    /// Difficulty of the puzzle for the first anonymous passes of a network: each answer takes 2 to the power of this many
    /// tries
    #[arg(long, env = "SHUDU_PASS_BITS", value_name = "BITS")]
    pub pass_bits: Option<u8>,
    /// Campaign whose register is lost for good: the campaign is served and counted without the comparison of real-name
    /// ballots with the people in the register; repeatable, separated by commas in the environment
    #[arg(long = "lost-register", env = "SHUDU_LOST_REGISTERS", value_name = "CAMPAIGN", value_delimiter = ',')]
    pub lost_registers: Option<Vec<String>>,
    /// Number of shown ballots that have to wait before a batch is sealed into the public log while voting runs
    #[arg(long, env = "SHUDU_SEAL_AT", value_name = "BALLOTS")]
    pub seal_at: Option<usize>,
    /// Whether staff need a second factor to sign in [default: required; optional where the figures are invented]
    #[arg(long, env = "SHUDU_SECOND_FACTOR", value_name = "WORD")]
    pub second_factor: Option<SecondFactor>,
    /// File of common or leaked passwords, one a line, that nobody may choose
    #[arg(long, env = "SHUDU_AVOIDED_PASSWORDS", value_name = "FILE")]
    pub avoided_passwords: Option<PathBuf>,
    /// Minutes without use after which a session ends
    #[arg(long, env = "SHUDU_SESSION_MINUTES", value_name = "MINUTES")]
    pub session_minutes: Option<i64>,
    /// Hours after sign-in at which a session ends at the latest
    #[arg(long, env = "SHUDU_SESSION_HOURS", value_name = "HOURS")]
    pub session_hours: Option<i64>,
    /// Virus scanner (clamd) that every new file must pass, as unix:/run/clamav/clamd.ctl or host:port
    #[arg(long, env = "SHUDU_CLAMAV", value_name = "ADDRESS")]
    pub clamav: Option<String>,
    /// Greatest number of evidence files of one province
    #[arg(long, env = "SHUDU_EVIDENCE_FILES", value_name = "FILES")]
    pub evidence_files: Option<u32>,
    /// Greatest size of the evidence of one province, in megabytes
    #[arg(long, env = "SHUDU_EVIDENCE_MEGABYTES", value_name = "MEGABYTES")]
    pub evidence_megabytes: Option<u32>,
    /// Network of proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted; loopback by default; repeatable, separated
    /// by commas in the environment
    #[arg(long = "trusted-proxy", env = "SHUDU_TRUSTED_PROXIES", value_name = "NETWORK", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// Address of a separate listener that serves /metrics; none by default
    #[arg(long, env = "SHUDU_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,
    /// Rate limit of one client address for each kind of request, as requests a second and burst, such as 'voting=300:6000
    /// exports=off'; 'off' alone lifts all limits
    #[arg(long, env = "SHUDU_LIMITS", value_name = "LIMITS")]
    pub limits: Option<String>,
    /// Greatest number of concurrent requests of each kind, such as 'voting=4096 exports=8'
    #[arg(long, env = "SHUDU_AT_ONCE", value_name = "PLACES")]
    pub at_once: Option<String>,
    /// Seconds within which the header of a request has to arrive
    #[arg(long, env = "SHUDU_HEAD_WITHIN", value_name = "SECONDS")]
    pub head_within: Option<u64>,
    /// Seconds within which the body of a request has to arrive
    #[arg(long, env = "SHUDU_BODY_WITHIN", value_name = "SECONDS")]
    pub body_within: Option<u64>,
    /// Least bytes a second of a body, on average, after 15 seconds
    #[arg(long, env = "SHUDU_BODY_RATE", value_name = "BYTES")]
    pub body_rate: Option<u64>,
    /// Seconds that an idle connection waits for its next request
    #[arg(long, env = "SHUDU_IDLE_WITHIN", value_name = "SECONDS")]
    pub idle_within: Option<u64>,
    /// Greatest number of connections, as far as the limit of open files allows
    #[arg(long, env = "SHUDU_MAX_CONNECTIONS", value_name = "CONNECTIONS")]
    pub max_connections: Option<usize>,
    /// Minutes between two checkpoints of the audit trail, where the trail grew
    #[arg(long, env = "SHUDU_AUDIT_EVERY", value_name = "MINUTES")]
    pub audit_every: Option<u64>,
    /// Days for which the personal values of the audit trail can be opened
    #[arg(long, env = "SHUDU_KEEP_OPENINGS", value_name = "DAYS")]
    pub keep_openings: Option<i64>,
    /// Days for which an uploaded file is kept without being filed with a report
    #[arg(long, env = "SHUDU_KEEP_DRAFTS", value_name = "DAYS")]
    pub keep_drafts: Option<i64>,
    /// Days for which the register of real-name passes is kept after the close of the vote
    #[arg(long, env = "SHUDU_KEEP_REGISTER", value_name = "DAYS")]
    pub keep_register: Option<i64>,
    /// Seconds for which the clock has to be steady, and a close to be past, before an irreversible act: counting, destroying
    /// pass keys, removing data whose retention period is over
    #[arg(long, env = "SHUDU_SETTLE_AFTER", value_name = "SECONDS")]
    pub settle_after: Option<u32>,
    /// Milliseconds between two rounds of the scheduler, which seals and counts
    #[arg(long, env = "SHUDU_LOOK_EVERY", value_name = "MILLISECONDS", hide = true)]
    pub look_every: Option<u64>,
}
