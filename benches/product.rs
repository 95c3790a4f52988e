//! The product beside its limits, in one run on one machine: `scripts/bench`.
//!
//! * ballots accepted over HTTP (wrk, one ballot a request, each with a pass of its own), beside the same rows inserted raw
//!   in batches of 512 by a plain loop on the same disk;
//! * the questionnaire page beside nginx serving the same bytes;
//! * the dashboard page over five dispatched campaigns.
//!
//! Prints a table in Markdown. Nothing is asserted: ratios of one run are what counts, the machine's disk moves.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::stored::{CampaignMove, Role};
use sea_orm::{DbBackend, Statement, Value};
use shudu::app::{App, Site};
use shudu::clock::{Clock, start_of};
use shudu::config::{Config, Settings};
use shudu::ctx::{Actor, Ctx, Grant};
use shudu::demo::data::programme;
use shudu::demo::play;
use shudu::store::Store;
use shudu::{campaign, dispatch, identity, tally};

/// Ballots that wait for wrk, and raw rows.
const BALLOTS: usize = 150_000;
/// How long each load lasts.
const SECONDS: u64 = 8;

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Anything<()> {
    // `cargo test` and `cargo clippy` also meet this file; only the script sets the folder.
    let Some(folder) = std::env::var_os("SHUDU_BENCH_DIR").map(PathBuf::from) else {
        println!("run scripts/bench");
        return Ok(());
    };
    let mut table = String::from("| work | this | limit | ratio | note |\n| --- | --: | --: | --: | --- |\n");
    let syncs = syncs_per_second(&folder)?;
    let raw = raw_inserts(&folder).await?;
    let data = folder.join("data");
    prepare(&data, &folder.join("bodies")).await?;

    let started = Instant::now();
    let server = Server::start(&data)?;
    let start = started.elapsed();
    let before = server.cpu();
    let script = folder.join("ballots.lua");
    fs::write(&script, lua(&folder.join("bodies")))?;
    let ballots = wrk(&["-t1", "-c256"], Some(&script), &format!("{}/api/v1/campaigns/b1/ballots", server.site))?;
    let cpu = server.cpu() - before;
    let memory = server.memory();
    writeln!(
        table,
        "| ballots accepted and durable over HTTP, SQLite FULL | {:.0}/s | {raw:.0}/s raw rows in batches of 512 | {:.2} | p99 {}, {} not 2xx, server CPU {:.1} s of {SECONDS} s × 2 |",
        ballots.rate,
        ballots.rate / raw,
        ballots.p99,
        ballots.refused,
        cpu
    )?;

    let page = format!("{}/campaigns/b1/ballot?o=17&lang=zh-CN", server.site);
    let bytes = folder.join("www/page.html");
    fs::create_dir_all(folder.join("www"))?;
    run("curl", &["-sf", "-o", &bytes.display().to_string(), &page])?;
    let ours = wrk(&["-t1", "-c64"], None, &page)?;
    let nginx = Nginx::start(&folder)?;
    let theirs = wrk(&["-t1", "-c64"], None, &format!("{}/page.html", nginx.site))?;
    writeln!(
        table,
        "| questionnaire page, 64 keep-alive connections | {:.0}/s | {:.0}/s nginx, the same {} bytes | {:.2} | p99 {} against {} |",
        ours.rate,
        theirs.rate,
        fs::metadata(&bytes)?.len(),
        ours.rate / theirs.rate,
        ours.p99,
        theirs.p99
    )?;

    let dashboard = wrk(&["-t1", "-c16"], None, &format!("{}/dashboard?lang=zh-CN", server.site))?;
    writeln!(
        table,
        "| dashboard page, 5 campaigns (3,100 assignments) | {:.0}/s | 1,000/s wanted | {:.1} | p99 {}, kept as bytes |",
        dashboard.rate,
        dashboard.rate / 1000.0,
        dashboard.p99
    )?;
    let fresh = render_fresh(&server.site)?;
    writeln!(table, "| the same, rendered anew | {:.1} ms | | | median of 15 past days, nothing kept |", fresh)?;
    writeln!(
        table,
        "| start on an existing data directory | {:.2} s | 1 s wanted | {:.2} | to /readyz |",
        start.as_secs_f64(),
        start.as_secs_f64()
    )?;
    writeln!(
        table,
        "| memory of the server after the load | {memory} MB | 150 MB wanted | {:.2} | resident |",
        memory as f64 / 150.0
    )?;
    println!("{table}\nDisk: {syncs:.0} syncs of 4 kB a second at the start of the run.");
    Ok(())
}

/// How often the disk syncs 4 kB: what one commit costs at least.
fn syncs_per_second(folder: &Path) -> Anything<f64> {
    use std::io::Write;
    let mut file = fs::File::create(folder.join("sync"))?;
    let started = Instant::now();
    let mut count = 0.0;
    while started.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1.0;
    }
    Ok(count / started.elapsed().as_secs_f64())
}

/// The same rows, inserted by a plain loop in batches of 512, FULL.
async fn raw_inserts(folder: &Path) -> Anything<f64> {
    let store = Store::connect(None, &folder.join("raw.db")).await?;
    store
        .write(async |tx| {
            use sea_orm::ConnectionTrait;
            let sql = "CREATE TABLE ballot (campaign varchar NOT NULL, serial blob NOT NULL, track varchar NOT NULL, \
                province varchar NOT NULL, choices varchar NOT NULL, leaf blob NOT NULL, batch integer, \
                PRIMARY KEY (campaign, serial)) WITHOUT ROWID";
            tx.execute_unprepared(sql).await?;
            Ok(())
        })
        .await?;
    let slots = vec!["(?,?,?,?,?,?)"; 512].join(",");
    let sql = format!("INSERT INTO ballot (campaign, serial, track, province, choices, leaf) VALUES {slots}");
    let batches = BALLOTS / 512;
    let started = Instant::now();
    for batch in 0..batches {
        let mut values: Vec<Value> = Vec::with_capacity(512 * 6);
        for _ in 0..512 {
            let mut serial = u32::try_from(batch / 8)?.to_be_bytes().to_vec();
            serial.extend(shudu::keys::random::<28>()?);
            let leaf = shudu::keys::random::<32>()?.to_vec();
            values.extend::<[Value; 6]>([
                "b1".into(),
                serial.into(),
                "anonymous".into(),
                "320000".into(),
                "B1-01,B1-07,B1-12".into(),
                leaf.into(),
            ]);
        }
        store
            .write(async |tx| {
                use sea_orm::ConnectionTrait;
                tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, &sql, values)).await?;
                Ok(())
            })
            .await?;
    }
    Ok((batches * 512) as f64 / started.elapsed().as_secs_f64())
}

/// Five dispatched campaigns of 20 issues × 31 provinces, and one that is open, with a body for every ballot to come.
async fn prepare(data: &Path, bodies: &Path) -> Anything<()> {
    let settings = Settings { data: Some(data.to_owned()), ..Settings::default() };
    let config: Config = settings.resolve()?;
    let day = NaiveDate::from_ymd_opt(2018, 4, 2).ok_or("day")?;
    let clock = Clock::shifted(TimeDelta::zero());
    clock.set(start_of(day) + TimeDelta::hours(10));
    let app = App::open_at(config, Site::default(), clock).await?;
    let staff = Staff::make(&app).await?;
    let template = &programme().campaigns[0];
    for number in 2..=6 {
        let (slug, opens) = (format!("b{number}"), day);
        make_campaign(&app, &staff, &slug, opens, opens, template).await?;
        let system = Ctx { actor: Actor::System("bench"), now: app.clock.now() + TimeDelta::days(3) };
        tally::commands::count(&app, &system, &slug).await?;
        let at = |actor: &Ctx| Ctx { actor: actor.actor.clone(), now: system.now };
        app.write_campaign(async |tx| {
            tally::commands::propose(tx, &at(&staff.organiser), &slug).await?;
            tally::commands::approve(tx, &at(&staff.first), &slug).await?;
            tally::commands::approve(tx, &at(&staff.second), &slug).await?;
            dispatch::commands::dispatch(tx, &at(&staff.first), &slug).await
        })
        .await?;
    }
    let today = app.clock.system();
    app.clock.set(today);
    let opens = shudu::clock::day_of(today);
    let closes = opens.checked_add_days(Days::new(30)).ok_or("day")?;
    make_campaign(&app, &staff, "b1", opens, closes, template).await?;
    let paper = app.papers.get("b1").await?;
    let mut text = String::with_capacity(BALLOTS * 260);
    for n in 0..BALLOTS {
        let pass = app.issuing.anonymous(&paper).await?.encode();
        let choices: Vec<String> = (0..3).map(|c| format!("\"B1-{:02}\"", (n * 7 + c * 11) % 30 + 1)).collect();
        let place = &programme().provinces[n % 31].code;
        writeln!(text, "{{\"pass\":\"{pass}\",\"place\":\"{place}\",\"choices\":[{}]}}", choices.join(","))?;
    }
    fs::write(bodies, text)?;
    Ok(())
}

struct Staff {
    organiser: Ctx,
    first: Ctx,
    second: Ctx,
}

impl Staff {
    async fn make(app: &App) -> Anything<Self> {
        let now = app.clock.now();
        let mut made = Vec::new();
        for (login, role) in
            [("organiser", Role::Organiser), ("approver-1", Role::Approver), ("approver-2", Role::Approver)]
        {
            let system = Ctx { actor: Actor::System("bench"), now };
            let new = identity::commands::NewAccount {
                login: login.to_owned(),
                name: login.to_owned(),
                office: login.to_owned(),
                password: "rain over the river".to_owned(),
                grants: vec![Grant { role, scope: String::new() }],
            };
            identity::commands::add_account(&app.stores.main, &system, new).await?;
            let (_, staff) = identity::queries::account(app.stores.main.db(), login).await?;
            made.push(Ctx { actor: Actor::Staff(std::sync::Arc::new(staff)), now });
        }
        let [organiser, first, second] = <[Ctx; 3]>::try_from(made).map_err(|_| "staff")?;
        Ok(Self { organiser, first, second })
    }
}

async fn make_campaign(
    app: &App,
    staff: &Staff,
    slug: &str,
    opens: NaiveDate,
    closes: NaiveDate,
    template: &shudu::demo::data::Campaign,
) -> Anything<()> {
    let mut template = template.clone();
    template.slug = slug.to_owned();
    (template.voting_opens, template.voting_closes) = (opens, closes);
    template.deadline = None;
    for option in &mut template.options {
        option.code = option.code.replace("S1", &slug.to_uppercase());
    }
    let draft = play::draft(programme(), &template)?;
    let options = play::options(&template)?;
    let now: DateTime<Utc> = app.clock.now();
    let at = |who: &Ctx| Ctx { actor: who.actor.clone(), now };
    let (organiser, approver) = (at(&staff.organiser), at(&staff.first));
    app.write_campaign(async |tx| {
        let made = campaign::commands::create(tx, &organiser, &draft).await?;
        campaign::commands::put_options(tx, &organiser, slug, made.revision, &options).await?;
        campaign::commands::advance(tx, &organiser, slug, CampaignMove::Submission, "").await?;
        campaign::commands::advance(tx, &approver, slug, CampaignMove::Publication, "").await
    })
    .await?;
    Ok(())
}

/// The built product, serving.
struct Server {
    child: Child,
    site: String,
}

impl Server {
    fn start(data: &Path) -> Anything<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shudu"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let site = BufReader::new(out).lines().next().ok_or("the server said nothing")??;
        while run("curl", &["-sf", "-o", "/dev/null", &format!("{site}/readyz")]).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Self { child, site })
    }

    /// Processor seconds so far.
    fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Resident memory in megabytes.
    fn memory(&self) -> u64 {
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

struct Nginx {
    child: Child,
    site: String,
}

impl Nginx {
    fn start(folder: &Path) -> Anything<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let conf = folder.join("nginx.conf");
        let root = folder.display();
        fs::write(
            &conf,
            format!(
                "worker_processes 2; daemon off; pid {root}/nginx.pid; error_log {root}/nginx.err;\n\
                 events {{ worker_connections 1024; }}\n\
                 http {{ access_log off; types {{ text/html html; }} sendfile on; tcp_nopush on; keepalive_requests 10000000; open_file_cache max=10; \
                 server {{ listen 127.0.0.1:{port}; root {root}/www; }} }}\n"
            ),
        )?;
        let child = Command::new("nginx").arg("-c").arg(&conf).spawn()?;
        let site = format!("http://127.0.0.1:{port}");
        while run("curl", &["-sf", "-o", "/dev/null", &format!("{site}/page.html")]).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { child, site })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM, so that the workers go too.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}

/// What wrk found.
struct Load {
    rate: f64,
    p99: String,
    refused: String,
}

fn wrk(args: &[&str], script: Option<&Path>, address: &str) -> Anything<Load> {
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

/// A wrk script that sends one prepared body after the other; each is a ballot of its own.
fn lua(bodies: &Path) -> String {
    format!(
        "local lines = {{}}\nfor line in io.lines(\"{}\") do lines[#lines + 1] = line end\nlocal at = 0\n\
         local head = {{ [\"Content-Type\"] = \"application/json\" }}\n\
         request = function()\n  at = at % #lines + 1\n  return wrk.format(\"POST\", nil, head, lines[at])\nend\n",
        bodies.display()
    )
}

/// Milliseconds for a dashboard that nobody asked for before: the median over past days.
fn render_fresh(site: &str) -> Anything<f64> {
    let mut times = Vec::new();
    for day in 6..21 {
        let started = Instant::now();
        run("curl", &["-sf", "-o", "/dev/null", &format!("{site}/dashboard?as_of=2018-04-{day:02}")])?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

fn run(program: &str, args: &[&str]) -> Anything<()> {
    let status = Command::new(program).args(args).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{program} {args:?}: {status}").into()) }
}
