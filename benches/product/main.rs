//! The product beside its limits, in one run on one machine (`scripts/bench`). The run measures:
//!
//! * ballots accepted over HTTP (wrk, one ballot a request, each with a pass of its own) on SQLite and on PostgreSQL, beside the
//!   same rows inserted raw in batches of 512 by a plain loop, and one by one by pgbench;
//! * the same requests to a bare handler of poem that signs and stores nothing;
//! * the same with many ballots stored before, and what that does to the dashboard and to memory;
//! * the same on a PostgreSQL cluster, where a ballot is on two servers before its answer;
//! * real-name ballots beside many stored ones, whose serials are spread over the whole index;
//! * the questionnaire page beside nginx serving the same bytes;
//! * the dashboard page over five dispatched campaigns.
//!
//! The program prints a table in Markdown and asserts nothing. Only the ratios within one run count, because the speed of the
//! machine's disk varies.

mod bare;
mod cluster;
mod given;
mod limits;
mod running;

use std::fs;
use std::path::{Path, PathBuf};

use entity::stored::Track;
use shudu::base::store::Store;

use self::bare::Bare;
use self::cluster::Cluster;
use self::given::Place;
use self::limits::Nginx;
use self::running::{Load, Server, lua, render_fresh, run, wrk};

/// Length of each load in seconds.
const SECONDS: u64 = 8;

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Anything<()> {
    if std::env::var_os(bare::VARIABLE).is_some() {
        return bare::serve().await;
    }
    // `cargo test` and `cargo clippy` also use this file; only the script sets the folder.
    let Some(folder) = std::env::var_os("SHUDU_BENCH_DIR").map(PathBuf::from) else {
        println!("run scripts/bench");
        return Ok(());
    };
    println!("| work | this | limit | ratio | note |\n| --- | --: | --: | --: | --- |");
    let syncs = limits::syncs_per_second(&folder)?;
    let raw = limits::raw_inserts(&Store::connect(None, &folder.join("raw.db")).await?).await?;
    let mut first: Option<(f64, f64)> = None;
    for stored in sizes("SHUDU_BENCH_STORED")? {
        let place = Place::files(folder.join(format!("data-{stored}")));
        given::programme_of_five(&place).await?;
        let (server, _) = cast(&place, Track::Anonymous, stored, &folder, raw, "SQLite FULL", &mut first).await?;
        if first.is_some_and(|(_, p99)| p99 == 0.0) {
            pages(&server, &folder)?;
        }
        dashboard(&server, stored, &mut first)?;
        let (start, memory) = (server.start.as_secs_f64(), server.memory());
        let note = format!("to /readyz, with {stored} ballots stored; receipts are found from then on");
        row("start on an existing data directory", format!("{start:.2} s"), "1 s wanted", start, &note);
        let note = format!("resident, after the load, {stored} and the new ballots stored");
        row("memory of the server", format!("{memory} MB"), "150 MB wanted", memory as f64 / 150.0, &note);
        drop(server);
        fs::remove_dir_all(&place.data)?;
    }
    let mut first = None;
    for stored in sizes("SHUDU_BENCH_REAL_NAME")? {
        let place = Place::files(folder.join(format!("data-real-name-{stored}")));
        given::programme_of_five(&place).await?;
        let on = "with real names, SQLite FULL";
        drop(cast(&place, Track::RealName, stored, &folder, raw, on, &mut first).await?);
        fs::remove_dir_all(&place.data)?;
    }
    if let Ok(url) = std::env::var("SHUDU_BENCH_POSTGRES") {
        let place = Place::databases(folder.join("data-postgres"), &url).await;
        let raw = limits::raw_inserts(&Store::connect(Some(&url), &folder).await?).await?;
        let single = limits::pgbench(&url, &folder)?;
        row(
            "one row a commit by pgbench, 64 connections",
            format!("{single:.0}/s"),
            "",
            single / raw,
            "of the raw rows below",
        );
        given::programme_of_five(&place).await?;
        let on = "PostgreSQL, fsync and synchronous_commit on";
        let (server, alone) = cast(&place, Track::Anonymous, 10_000, &folder, raw, on, &mut None).await?;
        drop(server);
        let cluster = Cluster::start(&folder)?;
        let place = Place::databases(folder.join("data-cluster"), &cluster.url).await.with_standby();
        given::programme_of_five(&place).await?;
        let on = "PostgreSQL cluster, on two servers before the answer";
        let (_server, rate) = cast(&place, Track::Anonymous, 10_000, &folder, raw, on, &mut None).await?;
        let limit = format!("{alone:.0}/s on one server");
        row("the same beside one PostgreSQL server", format!("{rate:.0}/s"), &limit, rate / alone, "0.7 wanted");
    }
    println!("\nDisk: {syncs:.0} syncs of 4 kB a second at the start of the run.");
    Ok(())
}

/// Numbers of stored ballots, from an environment variable; none where the variable is not set.
fn sizes(variable: &str) -> Anything<Vec<usize>> {
    let named = std::env::var(variable).unwrap_or_default();
    Ok(named.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

fn row(work: &str, this: String, limit: &str, ratio: f64, note: &str) {
    println!("| {work} | {this} | {limit} | {ratio:.2} | {note} |");
}

/// Measures ballots over HTTP. Gives the server, which is still running, and the ballots in a second.
async fn cast(
    place: &Place,
    track: Track,
    stored: usize,
    folder: &Path,
    raw: f64,
    on: &str,
    first: &mut Option<(f64, f64)>,
) -> Anything<(Server, f64)> {
    let bodies = folder.join("bodies");
    given::ballots(place, track, stored, &bodies).await?;
    let script = folder.join("ballots.lua");
    fs::write(&script, lua(&bodies))?;
    let server = Server::start(place)?;
    let before = server.cpu();
    let Load { rate, p99, refused } =
        wrk(&["-t1", "-c256"], Some(&script), &format!("{}/api/v1/campaigns/b1/ballots", server.site))?;
    let cpu = server.cpu() - before;
    let work = format!("ballots accepted and durable over HTTP, {on}, {stored} stored");
    let limit = format!("{raw:.0}/s raw rows in batches of 512");
    let note = format!("p99 {p99}, {refused} not 2xx, server CPU {cpu:.1} s of {SECONDS} s × 2");
    row(&work, format!("{rate:.0}/s"), &limit, rate / raw, &note);
    let bare = Bare::start()?;
    let limit = wrk(&["-t1", "-c256"], Some(&script), &bare.address)?.rate;
    let shown = format!("{limit:.0}/s by a bare handler");
    row(
        "the same beside a handler that signs and stores nothing",
        format!("{rate:.0}/s"),
        &shown,
        rate / limit,
        "0.5 wanted",
    );
    match first {
        Some((smallest, _)) => {
            let limit = format!("{smallest:.0}/s at the smallest size");
            row(
                &format!("the same at {stored} beside the smallest size"),
                format!("{rate:.0}/s"),
                &limit,
                rate / *smallest,
                "0.8 wanted",
            );
        }
        None => *first = Some((rate, 0.0)),
    }
    Ok((server, rate))
}

fn pages(server: &Server, folder: &Path) -> Anything<()> {
    let page = format!("{}/campaigns/b1/ballot?o=17&lang=zh-CN", server.site);
    let bytes = folder.join("www/page.html");
    fs::create_dir_all(folder.join("www"))?;
    run("curl", &["-sf", "-o", &bytes.display().to_string(), &page])?;
    let ours = wrk(&["-t1", "-c64"], None, &page)?;
    let nginx = Nginx::start(folder)?;
    let theirs = wrk(&["-t1", "-c64"], None, &format!("{}/page.html", nginx.site))?;
    row(
        "questionnaire page, 64 keep-alive connections",
        format!("{:.0}/s", ours.rate),
        &format!("{:.0}/s nginx, the same {} bytes", theirs.rate, fs::metadata(&bytes)?.len()),
        ours.rate / theirs.rate,
        &format!("p99 {} against {}, {} not 2xx", ours.p99, theirs.p99, ours.refused),
    );
    let fresh = render_fresh(&server.site)?;
    row(
        "dashboard rendered anew",
        format!("{fresh:.1} ms"),
        "",
        fresh / 1000.0,
        "median of 15 past days, nothing kept; ratio to a second",
    );
    Ok(())
}

fn dashboard(server: &Server, stored: usize, first: &mut Option<(f64, f64)>) -> Anything<()> {
    let load = wrk(&["-t1", "-c16"], None, &format!("{}/dashboard?lang=zh-CN", server.site))?;
    let work = format!("dashboard page, 5 campaigns (3,100 assignments), {stored} ballots stored");
    let mut note = format!("p99 {}, {} not 2xx, kept as bytes", load.p99, load.refused);
    let p99 = milliseconds(&load.p99);
    match first {
        Some((_, smallest)) if *smallest == 0.0 => *smallest = p99,
        Some((_, smallest)) => note += &format!(", {:.2} × that at the smallest size", p99 / *smallest),
        None => {}
    }
    row(&work, format!("{:.0}/s", load.rate), "1,000/s wanted", load.rate / 1000.0, &note);
    Ok(())
}

/// Milliseconds from a time as wrk prints it.
fn milliseconds(said: &str) -> f64 {
    let number = |unit: &str| said.strip_suffix(unit).and_then(|n| n.trim().parse::<f64>().ok());
    let seconds = || number("s").map(|n| n * 1000.0);
    number("us").map(|n| n / 1000.0).or_else(|| number("ms")).or_else(seconds).unwrap_or(0.0)
}
