//! PostgreSQL's own tools. Connection settings are passed through the environment, which only the owner of a process can read.
//! Everybody on the machine can read a command line.

use std::path::{Path, PathBuf};
use std::process::Command;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::base::error::{Error, Result};
use crate::base::files;

/// Dumps the state of a snapshot into a file, in the custom format. Row-level security stays on: without the setting that
/// confines a session every row is visible, and switching row-level security off would need a right that the product's role does
/// not have.
///
/// # Errors
/// A missing `pg_dump`, or an error that it reports.
pub async fn dump(url: &str, snapshot: &str, to: &Path) -> Result<()> {
    // pg_dump keeps the mode of an existing file.
    files::create_private(to)?;
    let mut command = tool("pg_dump", url)?;
    command
        .args(["--format=custom", "--enable-row-security", "--no-password"])
        // Pass keys are copied with the keys, never with the stores.
        .arg("--exclude-table-data=pass_key")
        .arg("--snapshot")
        .arg(snapshot)
        .arg("--file")
        .arg(to);
    run(command, "pg_dump").await
}

/// Restores a dump into an empty database in one transaction. Owners and privileges are not restored.
///
/// # Errors
/// A missing `pg_restore`, or an error that it reports.
pub async fn restore(url: &str, from: &Path) -> Result<()> {
    let mut command = tool("pg_restore", url)?;
    command.args(["--no-owner", "--no-privileges", "--no-password", "--exit-on-error", "--single-transaction"]);
    command.arg("--dbname").arg(database(&parsed(url)?)).arg(from);
    run(command, "pg_restore").await
}

/// Finds a tool; fails early where the tool is missing.
///
/// # Errors
/// A tool that is not installed on this machine.
pub fn need(tool: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|dir| dir.join(tool)).find(|file| file.is_file());
    on_path.or_else(|| newest_of_debian(tool)).ok_or_else(|| {
        Error::Internal(format!(
            "{tool} is neither on the PATH nor in /usr/lib/postgresql/*/bin: install PostgreSQL's client programs, of the \
             server's version or newer"
        ))
    })
}

/// Debian keeps one folder for each version. The newest tool is chosen, because a newer tool reads older servers, but not the
/// other way round.
fn newest_of_debian(tool: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let found = versions.filter_map(|entry| {
        let entry = entry.ok()?;
        let version: u32 = entry.file_name().to_str()?.split('.').next()?.parse().ok()?;
        let file = entry.path().join("bin").join(tool);
        file.is_file().then_some((version, file))
    });
    found.max().map(|(_, file)| file)
}

fn tool(name: &str, url: &str) -> Result<Command> {
    let mut command = Command::new(need(name)?);
    command.envs(environment(&parsed(url)?));
    Ok(command)
}

async fn run(mut command: Command, name: &'static str) -> Result<()> {
    let done = files::blocking(move || command.output().map_err(|e| Error::Internal(format!("{name}: {e}")))).await?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(Error::Internal(format!("{name} failed: {}", said.trim())))
}

fn parsed(url: &str) -> Result<Url> {
    // The URL may hold a password, so the error does not repeat it.
    Url::parse(url).map_err(|e| Error::Internal(format!("a database URL does not read: {e}")))
}

fn database(url: &Url) -> String {
    let named = url.query_pairs().find(|(key, _)| key == "dbname").map(|(_, value)| value.into_owned());
    named.unwrap_or_else(|| plain(url.path().trim_start_matches('/')))
}

/// Converts a URL to the environment variables that libpq reads.
fn environment(url: &Url) -> Vec<(&'static str, String)> {
    let mut found = vec![("PGDATABASE", database(url))];
    found.extend(
        url.host_str().filter(|host| !host.is_empty()).map(|host| ("PGHOST", plain(host.trim_matches(['[', ']'])))),
    );
    found.extend(url.port().map(|port| ("PGPORT", port.to_string())));
    found.extend(Some(url.username()).filter(|user| !user.is_empty()).map(|user| ("PGUSER", plain(user))));
    found.extend(url.password().map(|password| ("PGPASSWORD", plain(password))));
    for (key, value) in url.query_pairs() {
        let name = match &*key {
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            _ => continue,
        };
        found.push((name, value.into_owned()));
    }
    found
}

fn plain(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_becomes_the_variables_that_the_tools_read() {
        let url =
            parsed("postgres://shu%40du:p%2Fw+x@db.example:5433/ballots?sslmode=require&application_name=x").unwrap();
        assert_eq!(
            environment(&url),
            [
                ("PGDATABASE", "ballots".to_owned()),
                ("PGHOST", "db.example".to_owned()),
                ("PGPORT", "5433".to_owned()),
                ("PGUSER", "shu@du".to_owned()),
                ("PGPASSWORD", "p/w+x".to_owned()),
                ("PGSSLMODE", "require".to_owned()),
            ]
        );
        let local = parsed("postgres:///main?host=/run/postgresql").unwrap();
        assert_eq!(environment(&local), [("PGDATABASE", "main".to_owned()), ("PGHOST", "/run/postgresql".to_owned())]);
    }

    #[test]
    fn a_missing_tool_is_named() {
        assert!(need("pg_no_such_tool").unwrap_err().to_string().contains("pg_no_such_tool"));
    }
}
