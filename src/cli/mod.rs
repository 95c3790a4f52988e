//! The commands of the binary, one file for each. This file holds the parts that the commands share.

pub mod account;
pub mod audit;
pub mod backup;
pub mod demo;
pub mod import;
pub mod person;
pub mod recount;
pub mod restore;
pub mod verify;
pub mod witness;

use std::io::IsTerminal;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use shudu::app::App;
use shudu::base::error::Error;
use shudu::base::main_store::{FILE, Main};
use shudu::config::{Config, Settings};
use shudu::web::locale::Locale;

/// Failure of a command: a line for the person, a code for the script.
pub struct Failure {
    /// Message for standard error.
    pub line: String,
    /// Exit status of the process.
    pub code: u8,
}

/// Result of a command.
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let line = match &error {
            Error::Database(_) | Error::Full(_) | Error::Away(_) | Error::Internal(_) => error.to_string(),
            Error::Invalid(fields) => {
                let lines: Vec<String> =
                    fields.iter().map(|f| format!("{}: {}", f.field, Locale::En.refusal(&f.refusal))).collect();
                lines.join("; ")
            }
            other => Locale::En.refusal(&other.refusal()),
        };
        Self { line, code: 2 }
    }
}

/// Opens the data directory that the settings name.
pub async fn open(settings: Settings) -> Outcome<Arc<App>> {
    let config = settings.resolve()?;
    log(&config, "warn");
    Ok(App::open(config).await?)
}

/// Connects to the main store as it is. The store is neither made nor migrated, and no lock is taken, so a server may run
/// meanwhile.
pub async fn main_store(config: &Config) -> Outcome<Main> {
    let file = config.data.join(FILE);
    if config.main_url.is_none() && !file.exists() {
        return Err(Failure { line: format!("{} is not there", file.display()), code: 2 });
    }
    Ok(Main::connect(&config.data, config.main_url.as_deref()).await?)
}

/// A progress bar up to a length, labelled with the things that are counted.
pub fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}  {elapsed}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
}

/// A spinner for steps of unknown length.
pub fn steps() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}  {pos} files  {elapsed}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// Shows the present step and the number of files so far.
pub fn show(bar: &ProgressBar, step: &str, files: u64) {
    bar.set_message(step.to_owned());
    bar.set_position(files);
}

/// Sends logs to standard error at a level, which `RUST_LOG` overrides.
pub fn log(config: &Config, level: &str) {
    log_to_stderr(config.log_json, level);
}

/// As [`log`], for a command without settings.
pub fn log_to_stderr(is_json: bool, level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours only on a terminal: in a file, escape codes would separate a name from its value.
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    // A log that cannot be written (a full disk) must not end the process: reporting the failure on standard error would panic.
    let builder = builder.log_internal_errors(false);
    // A second call (tests) changes nothing.
    drop(if is_json { builder.json().try_init() } else { builder.try_init() });
}
