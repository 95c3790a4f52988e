//! The product under load: the built binary, wrk and curl.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::given::Place;
use crate::{Anything, SECONDS};

/// Rate limits that no load reaches. All load comes from one address: its requests are counted as usual, and none is refused.
const UNREACHED: &str = "voting=100000000:100000000 reading=100000000:100000000";

/// A server process of the built product.
pub struct Server {
    child: Child,
    /// Address of the server: `http://` with host and port.
    pub site: String,
    /// Time from the start until the server was ready.
    pub start: Duration,
}

impl Server {
    pub fn start(place: &Place) -> Anything<Self> {
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
            .args(["serve", "--listen", "127.0.0.1:0", "--limits", UNREACHED, "--data"])
            .arg(&place.data)
            .envs(place.environment())
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let site = BufReader::new(out).lines().next().ok_or("the server said nothing")??;
        while run("curl", &["-sf", "-o", "/dev/null", &format!("{site}/readyz")]).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Self { child, site, start: started.elapsed() })
    }

    /// Processor time of the server so far, in seconds.
    pub fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Resident memory of the server in megabytes.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("");
        line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Result of one run of wrk.
pub struct Load {
    /// Answers in a second.
    pub rate: f64,
    /// Time within which 99 of 100 requests were answered, as wrk prints it.
    pub p99: String,
    /// Number of answers that are neither 2xx nor 3xx, as wrk prints it.
    pub refused: String,
}

pub fn wrk(args: &[&str], script: Option<&Path>, address: &str) -> Anything<Load> {
    let mut command = Command::new("wrk");
    command.args(args).arg(format!("-d{SECONDS}s")).arg("--latency");
    if let Some(script) = script {
        command.arg("-s").arg(script);
    }
    let said = String::from_utf8(command.arg(address).output()?.stdout)?;
    let after = |word: &str| {
        said.lines().find_map(|l| l.trim().strip_prefix(word)).map(|rest| rest.trim().to_owned()).unwrap_or_default()
    };
    let rate = after("Requests/sec:").parse().map_err(|_| format!("wrk: {said}"))?;
    let refused = after("Non-2xx or 3xx responses:");
    Ok(Load { rate, p99: after("99%"), refused: if refused.is_empty() { "0".to_owned() } else { refused } })
}

/// A wrk script that sends one prepared body after the other. Each body is a ballot with a pass of its own.
pub fn lua(bodies: &Path) -> String {
    format!(
        "local lines = {{}}\nfor line in io.lines(\"{}\") do lines[#lines + 1] = line end\nlocal at = 0\n\
         local head = {{ [\"Content-Type\"] = \"application/json\" }}\n\
         request = function()\n  at = at % #lines + 1\n  return wrk.format(\"POST\", nil, head, lines[at])\nend\n",
        bodies.display()
    )
}

/// Milliseconds for a dashboard that nobody requested before: the median over past days.
pub fn render_fresh(site: &str) -> Anything<f64> {
    let mut times = Vec::new();
    for day in 6..21 {
        let started = Instant::now();
        run("curl", &["-sf", "-o", "/dev/null", &format!("{site}/dashboard?as_of=2018-04-{day:02}")])?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

pub fn run(program: &str, args: &[&str]) -> Anything<()> {
    let status = Command::new(program).args(args).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{program} {args:?}: {status}").into()) }
}
