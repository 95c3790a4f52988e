//! What the commands of the binary do: one file a command, and here what they share.

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

/// How a command failed: a line for the person, a code for the script.
pub struct Failure {
    /// What is said on standard error.
    pub line: String,
    /// Exit status.
    pub code: u8,
}

/// How a command ends.
pub type Outcome<T = ()> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let line = match &error {
            Error::Database(_) | Error::Full(_) | Error::Internal(_) => error.to_string(),
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

/// The main store as it is: neither made nor changed to this version, and not taken from a server that runs.
pub async fn main_store(config: &Config) -> Outcome<Main> {
    let file = config.data.join(FILE);
    if config.main_url.is_none() && !file.exists() {
        return Err(Failure { line: format!("{} is not there", file.display()), code: 2 });
    }
    Ok(Main::connect(&config.data, config.main_url.as_deref()).await?)
}

/// A progress bar over so many things.
pub fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}  {elapsed}");
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())).with_message(what)
}

/// Shows steps whose length is not known.
pub fn steps() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}  {pos} files  {elapsed}");
    ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

/// Shows one of them.
pub fn show(bar: &ProgressBar, step: &str, files: u64) {
    bar.set_message(step.to_owned());
    bar.set_position(files);
}

/// Logs go to standard error; `RUST_LOG` overrules the level.
pub fn log(config: &Config, level: &str) {
    log_to_stderr(config.log_json, level);
}

/// As [`log`], for a command without settings.
pub fn log_to_stderr(is_json: bool, level: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours for eyes only: in a file they would stand between a name and its value.
    let builder = builder.with_ansi(std::io::stderr().is_terminal());
    // A log that cannot be written (its disk is full) is no reason to panic, which telling so on standard error would do.
    let builder = builder.log_internal_errors(false);
    // A second call (tests) changes nothing.
    drop(if is_json { builder.json().try_init() } else { builder.try_init() });
}
