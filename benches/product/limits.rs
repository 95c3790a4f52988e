//! The limits beside which the product is measured: the disk, plain inserts, pgbench, nginx.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use shudu::base::store::Store;

use crate::running::run;
use crate::{Anything, SECONDS};

/// Number of rows that are inserted raw.
const ROWS: usize = 150_000;
/// Number of rows in one commit.
const COMMIT: usize = 512;

/// Syncs of 4 kB that the disk makes in a second. One commit needs at least one sync.
pub fn syncs_per_second(folder: &Path) -> Anything<f64> {
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

/// Rows that a plain loop inserts in a second, in batches of 512 with every commit on disk. The table and the rows are those of
/// ballots.
pub async fn raw_inserts(store: &Store) -> Anything<f64> {
    let is_sqlite = store.backend() == DbBackend::Sqlite;
    let (bytes, extra) = if is_sqlite { ("blob", " WITHOUT ROWID") } else { ("bytea", "") };
    let table = format!(
        "CREATE TABLE raw_ballot (campaign varchar NOT NULL, serial {bytes} NOT NULL, track varchar NOT NULL, \
         province varchar NOT NULL, choices varchar NOT NULL, leaf {bytes} NOT NULL, batch integer, \
         PRIMARY KEY (campaign, serial)){extra}"
    );
    store.write(async |tx| Ok(tx.execute_unprepared(&table).await?)).await?;
    let slot = |row: usize| {
        let places: Vec<String> =
            (1..=6).map(|n| if is_sqlite { "?".to_owned() } else { format!("${}", row * 6 + n) }).collect();
        format!("({})", places.join(","))
    };
    let slots: Vec<String> = (0..COMMIT).map(slot).collect();
    let sql =
        format!("INSERT INTO raw_ballot (campaign, serial, track, province, choices, leaf) VALUES {}", slots.join(","));
    let started = Instant::now();
    for commit in 0..ROWS / COMMIT {
        let mut values: Vec<Value> = Vec::with_capacity(COMMIT * 6);
        for _ in 0..COMMIT {
            let mut serial = u32::try_from(commit / 8)?.to_be_bytes().to_vec();
            serial.extend(shudu::base::keys::random::<28>()?);
            let leaf = shudu::base::keys::random::<32>()?.to_vec();
            values.extend::<[Value; 6]>([
                "b1".into(),
                serial.into(),
                "anonymous".into(),
                "320000".into(),
                "B1-01,B1-07,B1-12".into(),
                leaf.into(),
            ]);
        }
        let statement = Statement::from_sql_and_values(store.backend(), &sql, values);
        store.write(async |tx| Ok(tx.execute_raw(statement).await?)).await?;
    }
    Ok((ROWS / COMMIT * COMMIT) as f64 / started.elapsed().as_secs_f64())
}

/// Transactions that pgbench makes in a second from 64 connections. Each transaction inserts one such row.
pub fn pgbench(url: &str, folder: &Path) -> Anything<f64> {
    let script = folder.join("pgbench.sql");
    fs::write(
        &script,
        "INSERT INTO raw_ballot (campaign, serial, track, province, choices, leaf) VALUES ('b2', \
         decode(md5(random()::text) || md5(random()::text), 'hex'), 'anonymous', '320000', 'B1-01,B1-07,B1-12', \
         decode(md5(random()::text) || md5(random()::text), 'hex'));\n",
    )?;
    let seconds = SECONDS.to_string();
    let out = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol=prepared", "-c64", "-j2", "-T", &seconds, "-f"])
        .arg(&script)
        .arg(url)
        .output()?;
    let said = String::from_utf8(out.stdout)?;
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).and_then(|rest| rest.split(' ').next());
    tps.and_then(|tps| tps.parse().ok()).ok_or_else(|| format!("pgbench: {said}").into())
}

pub struct Nginx {
    child: Child,
    /// Address of the nginx server: `http://` with host and port.
    pub site: String,
}

impl Nginx {
    pub fn start(folder: &Path) -> Anything<Self> {
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
        // SIGTERM also ends the workers.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}
