//! Reads the files of a log over HTTP. Broken connections are tried again, and files that are larger than those of a log are
//! refused.

use std::time::Duration;

use ureq::{Agent, ResponseExt};

use super::fetch::Trouble;
use super::names;

/// Waits between attempts.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_millis(600), Duration::from_secs(2), Duration::from_secs(5)];

/// Most redirects of the address of a log, for example to `https` or to a host with `www`.
const ELSEWHERE: u32 = 3;

fn agent(redirects: u32) -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(redirects)
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(60)))
        .timeout_recv_body(Some(Duration::from_secs(120)))
        .max_idle_connections_per_host(16)
        .user_agent(concat!("shudu/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

/// A log at an address.
pub struct Site {
    agent: Agent,
    /// Address of the log, with a slash at the end.
    pub base: String,
}

impl Site {
    /// The log at an address. Redirects of the address are followed once, here. Files may not redirect.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn open(address: &str) -> Result<Self, Trouble> {
        let base = format!("{}/", address.trim_end_matches('/'));
        let (_, found) = Self { agent: agent(ELSEWHERE), base: base.clone() }.ask("key")?;
        let base = found.strip_suffix("key").map_or(base, str::to_owned);
        Ok(Self { agent: agent(0), base })
    }

    /// Reads a file; none where the site has no such file.
    ///
    /// # Errors
    /// A file that could not be read in several attempts, or that is larger than a file of that name may be.
    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, Trouble> {
        self.ask(name).map(|(bytes, _)| bytes)
    }

    /// Reads a file, and tells its address after all redirects.
    fn ask(&self, name: &str) -> Result<(Option<Vec<u8>>, String), Trouble> {
        let mut pauses = PAUSES.iter();
        loop {
            let trouble = match self.attempt(name) {
                Ok(answer) => return Ok(answer),
                Err(trouble) => trouble,
            };
            match pauses.next() {
                Some(pause) if trouble.may_pass => std::thread::sleep(*pause),
                _ => {
                    let line = format!("{}{name} could not be read: {}", self.base, trouble.what);
                    return Err(Trouble::Unreachable(line));
                }
            }
        }
    }

    fn attempt(&self, name: &str) -> Result<(Option<Vec<u8>>, String), Failed> {
        let mut answer = self.agent.get(format!("{}{name}", self.base)).call().map_err(|e| Failed::of(&e))?;
        let from = answer.get_uri().to_string();
        match answer.status().as_u16() {
            200 => {
                let most = names::largest(name);
                let body = answer.body_mut().with_config().limit(most + 1);
                let bytes = body.read_to_vec().map_err(|e| Failed::of(&e))?;
                if bytes.len() as u64 > most {
                    let what = format!("it is larger than {most} bytes, the limit");
                    return Err(Failed { what, may_pass: false });
                }
                Ok((Some(bytes), from))
            }
            404 | 410 => Ok((None, from)),
            status => {
                let may_pass = status >= 500 || status == 429;
                Err(Failed { what: format!("answer {status}"), may_pass })
            }
        }
    }
}

struct Failed {
    what: String,
    may_pass: bool,
}

impl Failed {
    fn of(error: &ureq::Error) -> Self {
        use ureq::Error::{BadUri, BodyExceedsLimit, Http, RequireHttpsOnly, Rustls, Tls, TooManyRedirects};
        let for_good = matches!(
            error,
            BadUri(_) | BodyExceedsLimit(_) | Http(_) | RequireHttpsOnly(_) | Rustls(_) | Tls(_) | TooManyRedirects
        );
        Self { what: error.to_string(), may_pass: !for_good }
    }
}
