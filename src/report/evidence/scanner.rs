//! Client of a virus scanner that listens on a socket, by the protocol of ClamAV (`INSTREAM`). Where a scanner is configured
//! and does not answer, no file is accepted.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::base::error::Error;

/// Seconds after which a scanner that does not answer may be available again.
pub const AWAY: u64 = 60;
/// Longest time to open the connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Longest time for the whole scan of one file.
const WHOLE: Duration = Duration::from_secs(60);
/// Number of bytes in one chunk of a file.
const PART: usize = 64 << 10;
/// Largest number of bytes of an answer that are read.
const ANSWER: u64 = 1024;

/// Address of a virus scanner: `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// A socket in the file system.
    Unix(PathBuf),
    /// A host and a port.
    Tcp(String),
}

/// Answer of a virus scanner about a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The scanner finds no malware in the file.
    Clean,
    /// The scanner finds malware of this name.
    Infected(String),
}

impl FromStr for Scanner {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Internal(format!("clamav is {text:?}; unix:/path or host:port is wanted"));
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(PathBuf::from(path))),
            Some(_) => Err(wrong()),
            None => {
                let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
                let known = !host.is_empty() && port.parse::<u16>().is_ok();
                if known { Ok(Self::Tcp(text.to_owned())) } else { Err(wrong()) }
            }
        }
    }
}

impl Scanner {
    /// Has the scanner check a file.
    ///
    /// # Errors
    /// The reason why there is no valid answer: no connection, a timeout, or an unknown answer. The file then counts as
    /// unchecked.
    pub async fn scan(&self, file: &Path) -> std::io::Result<Verdict> {
        timeout(WHOLE, self.ask(file)).await?
    }

    async fn ask(&self, file: &Path) -> std::io::Result<Verdict> {
        match self {
            Self::Unix(path) => converse(timeout(CONNECT, UnixStream::connect(path)).await??, file).await,
            Self::Tcp(address) => converse(timeout(CONNECT, TcpStream::connect(address)).await??, file).await,
        }
    }
}

async fn converse(mut line: impl AsyncRead + AsyncWrite + Unpin, file: &Path) -> std::io::Result<Verdict> {
    let mut content = tokio::fs::File::open(file).await?;
    let mut part = vec![0; PART];
    line.write_all(b"zINSTREAM\0").await?;
    loop {
        let read = content.read(&mut part).await?;
        line.write_all(&u32::try_from(read).unwrap_or_default().to_be_bytes()).await?;
        if read == 0 {
            break;
        }
        line.write_all(&part[..read]).await?;
    }
    line.flush().await?;
    let mut answer = Vec::new();
    line.take(ANSWER).read_to_end(&mut answer).await?;
    verdict(&answer)
}

/// Parses the answers `stream: OK` and `stream: NAME FOUND`, each ended by a zero byte; any other answer is an error.
fn verdict(answer: &[u8]) -> std::io::Result<Verdict> {
    let text = String::from_utf8_lossy(answer);
    let said = text.strip_suffix('\0').and_then(|text| text.strip_prefix("stream: "));
    match said {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(" FOUND") => {
            let name = found.trim_end_matches(" FOUND");
            Ok(Verdict::Infected(name.chars().filter(|c| !c.is_control()).take(80).collect()))
        }
        _ => Err(std::io::Error::other(format!("the scanner said {text:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_is_one() {
        assert_eq!(verdict(b"stream: OK\0").unwrap(), Verdict::Clean);
        let name = "Eicar-Test-Signature".to_owned();
        assert_eq!(verdict(b"stream: Eicar-Test-Signature FOUND\0").unwrap(), Verdict::Infected(name));
        let broken: [&[u8]; 7] = [
            b"",
            b"stream: OK",
            b"stream: O\0",
            b"OK\0",
            b"stream: OK\0stream: OK\0",
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: x ERROR\0",
        ];
        for other in broken {
            assert!(verdict(other).is_err(), "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn an_address_is_a_socket_or_a_host_with_a_port() {
        assert_eq!("unix:/run/c.ctl".parse::<Scanner>().unwrap(), Scanner::Unix("/run/c.ctl".into()));
        assert_eq!("[::1]:3310".parse::<Scanner>().unwrap(), Scanner::Tcp("[::1]:3310".to_owned()));
        for wrong in ["", "unix:", "unix:c.ctl", "localhost", ":3310", "localhost:x", "/run/c.ctl"] {
            assert!(wrong.parse::<Scanner>().is_err(), "{wrong}");
        }
    }
}
