//! Unlinkability of people and ballots. An adversary who has all stores, including free pages and write-ahead logs, and the
//! public log, but no key, joins people to ballots no better than by drawing lots.

mod adversary;
mod orders;

use std::path::Path;

use chrono::{Days, NaiveDate, TimeDelta};
use futures_util::{StreamExt, stream};
use public_log::bundle::unbundle;
use sea_orm::ConnectionTrait;
use shudu::base::clock::start_of;
use shudu::base::ctx::Ctx;
use shudu::base::keys::random;
use shudu::base::store::Store;
use shudu::demo::prng::Prng;
use shudu::pass::resident::Resident;

use self::adversary::{Joined, Voter, correlation, join};
use self::orders::{Order, Row, of_table};
use crate::vote;
use testing::proof::{Proof, figure, full, size};
use testing::{TestApp, given};

/// Number of voters under way at a time: nearly one after the other, as at a polling station.
const AT_ONCE: usize = 8;

fn first_day() -> NaiveDate {
    "2018-04-05".parse().unwrap()
}

fn resident(number: usize) -> Resident {
    Resident::parse(&given::identity_number(number), first_day()).unwrap()
}

/// Runs days of voting: every voter asks for a pass and casts at once, and a batch is sealed every evening. Returns the voters in
/// the order in which they came.
async fn voting(app: &TestApp, days: usize, each: usize) -> Vec<Voter> {
    let people = given::organisation(app).await;
    let last = first_day() + Days::new(days as u64 - 1);
    given::published(app, &people, "t1", |draft| draft.closes_on = last).await;
    let paper = app.app.passes.papers.get("t1").await.unwrap();
    // The order of identity numbers is random, so that no result depends on it.
    let mut numbers: Vec<usize> = (0..days * each).collect();
    Prng::of(&["numbers"]).shuffle(&mut numbers);
    let mut voters = Vec::new();
    for (day, numbers) in numbers.chunks(each).enumerate() {
        app.clock.set(start_of(first_day() + Days::new(day as u64)) + TimeDelta::hours(9));
        let paper = &paper;
        let came: Vec<Voter> = stream::iter(numbers.iter().copied())
            .map(|number| async move {
                let person = resident(number).into();
                let pass = app.app.passes.issuing.real_name(paper, &person, app.clock.now()).await.unwrap();
                let choices: Vec<String> = (1..=1 + number % 3).map(|n| format!("T1-{n}")).collect();
                let ballot = paper.check(&pass, ["320000", "330000"][number % 2], &choices).unwrap();
                app.app.ballots.ballot_box.cast(ballot).await.unwrap();
                Voter { day, nullifier: paper.nullifier(&person), serial: pass.serial }
            })
            .buffered(AT_ONCE)
            .collect()
            .await;
        voters.extend(came);
        if day + 1 < days {
            app.app.ballots.sequencer.seal("t1", 1).await.unwrap();
        }
    }
    voters
}

/// All orders of both tables.
async fn dump(app: &TestApp) -> (Vec<Order>, Vec<Order>) {
    let (stores, data) = (&app.app.stores, &app.app.config.data);
    let register = of_table(&stores.register, &data.join("register.db"), "nullifier", "nullifier").await;
    let mut ballots = of_table(&stores.ballots, &data.join("ballots.db"), "ballot", "serial").await;
    ballots.extend(log_orders(data));
    (register, ballots)
}

/// The orders of the public log: by index and by size of the entry.
fn log_orders(data: &Path) -> Vec<Order> {
    let folder = data.join("objects/log/t1/tile/entries");
    let mut names: Vec<_> =
        std::fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let files = names.into_iter().flat_map(|path| if path.is_dir() { files_of(&path) } else { vec![path] });
    let entries: Vec<Vec<u8>> = files.flat_map(|file| unbundle(&std::fs::read(file).unwrap()).unwrap()).collect();
    let serial = |entry: &Vec<u8>| -> Row { *entry.last_chunk().unwrap() };
    let mut by_size = entries.clone();
    by_size.sort_by_key(Vec::len);
    vec![
        Order::of("index in the log", entries.iter().map(serial)),
        Order::of("size in the log", by_size.iter().map(serial)),
    ]
}

/// The partial bundle of the largest size.
fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let width = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().parse::<u32>().unwrap();
    files.max_by_key(width).into_iter().collect()
}

/// Upper bound on correct joins by chance. Drawing lots joins one voter a day correctly on average; the bound adds some standard
/// deviations.
fn by_chance(days: usize) -> f64 {
    let (days, deviations) = (days as f64, if full() { 3.0 } else { 5.0 });
    days + deviations * days.sqrt()
}

fn describe(joined: &Joined) -> String {
    format!("{} of {} joined ({})", joined.right, joined.voters, joined.how)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_not_joined_to_ballots() {
    let (days, each) = (size(4, 20), size(120, 1_000));
    let app = TestApp::new().await;
    let voters = voting(&app, days, each).await;
    let bound = 4.0 / ((voters.len() - days) as f64).sqrt();

    let (register, ballots) = dump(&app).await;
    figure(&format!("while voting runs: {}", describe(&join(&voters, &register, &ballots))));
    show_correlations("while voting runs", &voters, &register, &ballots);

    let last = first_day() + Days::new(days as u64);
    app.clock.set(start_of(last) + TimeDelta::hours(1));
    let system = Ctx::system("test", &app.clock);
    shudu::tally::flows::count(&app.app.ballots, &app.app.steadiness, &system, "t1").await.unwrap();
    assert!(vote::copied(&app).await.path().join("tally").exists());
    // After the end of voting, the scheduler removes the remaining traces of the order in which ballots came.
    shudu::scheduler::tick(&app.app).await.unwrap();
    let (register, ballots) = dump(&app).await;
    show_correlations("after the count", &voters, &register, &ballots);

    let proof = Proof::of(
        "after the count, all stores and the public log join a person to a ballot no better than lots drawn among those of a day",
    );
    let joined = join(&voters, &register, &ballots);
    proof.held(joined.voters as u64);
    if joined.right as f64 > by_chance(days / 2) {
        proof.fail(describe(&joined));
    }
    figure(&format!("after the count: {}; by lots {}", describe(&joined), days / 2));
    proof.end();

    let proof =
        Proof::of("after the count, no order in which the rows of a store lie tells in which order people came");
    for (table, orders, row) in tables(&register, &ballots) {
        for order in orders {
            let found = correlation(&voters, order, row);
            let told = || format!("{table}, {}: rank correlation {found:.3}, bound {bound:.3}", order.name);
            proof.trial(found.abs() < bound, told);
        }
    }
    proof.end();
}

type Table<'a> = (&'static str, &'a [Order], fn(&Voter) -> Row);

fn tables<'a>(register: &'a [Order], ballots: &'a [Order]) -> [Table<'a>; 2] {
    [("register", register, |voter| voter.nullifier), ("ballots", ballots, |voter| voter.serial)]
}

fn show_correlations(when: &str, voters: &[Voter], register: &[Order], ballots: &[Order]) {
    for (table, orders, row) in tables(register, ballots) {
        let found: Vec<String> =
            orders.iter().map(|order| format!("{} {:.2}", order.name, correlation(voters, order, row))).collect();
        figure(&format!("rank correlation with the order of coming, {when}, {table}: {}", found.join(", ")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_adversary_joins_people_to_ballots_where_rows_are_numbered() {
    let (days, each) = (4, size(100, 2_500));
    let data = tempfile::tempdir().unwrap();
    let mut stores = Vec::new();
    for (file, table, column) in [("register", "nullifier", "nullifier"), ("ballots", "ballot", "serial")] {
        let path = data.path().join(format!("{file}.db"));
        let store = Store::connect(None, &path).await.unwrap();
        let sql = format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY AUTOINCREMENT, {column} BLOB NOT NULL UNIQUE)");
        store.write(async |tx| Ok(tx.execute_unprepared(&sql).await?)).await.unwrap();
        stores.push((store, path, table, column));
    }
    let voters: Vec<Voter> = (0..days * each)
        .map(|number| Voter { day: number / each, nullifier: random().unwrap(), serial: random().unwrap() })
        .collect();
    for (store, _, table, column) in &stores {
        let rows: fn(&Voter) -> Row = if *column == "serial" { |v| v.serial } else { |v| v.nullifier };
        for group in voters.chunks(AT_ONCE) {
            let values: Vec<String> = group.iter().map(|voter| format!("(X'{}')", hex::encode(rows(voter)))).collect();
            let sql = format!("INSERT INTO {table} ({column}) VALUES {}", values.join(","));
            store.write(async |tx| Ok(tx.execute_unprepared(&sql).await?)).await.unwrap();
        }
    }
    let proof = Proof::of("the same adversary joins more than 9 of 10 where a schema numbers its rows");
    let mut dumps = Vec::new();
    for (store, path, table, column) in &stores {
        dumps.push(of_table(store, path, table, column).await);
    }
    let joined = join(&voters, &dumps[0], &dumps[1]);
    proof.held(joined.voters as u64);
    if joined.right * 10 <= joined.voters * 9 {
        proof.fail(describe(&joined));
    }
    figure(&format!("numbered rows: {}", describe(&joined)));
    proof.end();
}
