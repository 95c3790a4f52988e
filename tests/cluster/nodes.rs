//! Two nodes of one site: the real binary with two data directories, the databases of a cluster, and one folder for the objects.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use shudu::base::keys::Keys;
use shudu::data_dir::Site as Facts;
use testing::process_databases;
use testing::topology::Topology;

use crate::crash::load::{Load, Voting};
use crate::crash::server::{Server, program, spawn};
use crate::crash::site::Site;

/// Longest time until ballots are acknowledged again after a failure.
const LIMIT: Duration = Duration::from_secs(90);
/// Least time that is watched after a failure.
const NOTICED: Duration = Duration::from_secs(5);
/// Number of ballots that have to be acknowledged before the voting counts as resumed.
const RESUMED: usize = 50;

/// Time between two ballots of a connection.
const PAUSE: Duration = Duration::from_millis(300);

/// Two nodes with one open campaign, and the voters at each.
pub struct Pair {
    /// The site, whose data directory is that of the first node.
    pub site: Site,
    /// The program of each node, for its next start.
    pub programs: [PathBuf; 2],
    servers: [Option<Server>; 2],
    loads: [Option<Load>; 2],
}

impl Pair {
    /// Two nodes that do not run yet, on fresh databases of a cluster with an open campaign and unspent passes.
    pub async fn on(topology: &Topology, passes: usize) -> Self {
        let urls = process_databases::fresh(&topology.url).await;
        let mut site = Site::new(Some(urls), passes).await;
        site.set("SHUDU_SEAL_AT", 500);
        let pair = Self::of(site);
        copy_keys(&pair.data(0), &pair.data(1));
        pair
    }

    /// Two nodes that were started at the same moment, on empty databases.
    pub async fn on_empty_databases(topology: &Topology) -> Self {
        let mut site = Site::unopened(process_databases::fresh(&topology.url).await);
        // A bucket may hold the objects of another test's site.
        site.set("SHUDU_OBJECTS", site.data().join("objects").display());
        let mut pair = Self::of(site);
        Keys::make(&pair.data(0)).unwrap();
        copy_keys(&pair.data(0), &pair.data(1));
        pair.start();
        pair
    }

    fn of(mut site: Site) -> Self {
        // A cluster with an object store names its bucket in the environment.
        if std::env::var_os("SHUDU_OBJECTS").is_none() {
            site.set("SHUDU_OBJECTS", site.data().join("objects").display());
        }
        site.set("SHUDU_REQUIRE_STANDBY", true);
        Self { site, programs: [program(), program()], servers: [None, None], loads: [None, None] }
    }

    /// Data directory of a node.
    fn data(&self, node: usize) -> PathBuf {
        if node == 0 { self.site.data() } else { self.site.folder.join("second") }
    }

    /// Starts the nodes that do not run, all at once.
    pub fn start(&mut self) {
        self.start_of(&[0, 1]);
    }

    /// Starts those of these nodes that do not run, all at once.
    pub fn start_of(&mut self, nodes: &[usize]) {
        let absent = nodes.iter().copied().filter(|node| self.servers[*node].is_none());
        let children: Vec<_> = absent
            .map(|node| {
                let (program, data) = (&self.programs[node], self.data(node));
                (node, spawn(program, &data, &self.site.log, self.site.settings()))
            })
            .collect();
        for (node, child) in children {
            let server = Server::of(child);
            assert!(server.is_some(), "node {node} did not start:\n{}", self.site.last_words());
            self.servers[node] = server;
        }
    }

    /// Starts the nodes that do not run, and has voters cast ballots at both.
    pub fn vote(&mut self, voting: &Voting) {
        self.start();
        let addresses = self.servers().map(|server| server.address.clone());
        for (load, address) in self.loads.iter_mut().zip(&addresses) {
            load.get_or_insert_with(|| voting.begin(address, PAUSE));
        }
    }

    /// Sends the voters home, once each of them has an answer.
    pub async fn end_voting(&mut self) {
        for load in self.loads.iter_mut().filter_map(Option::take) {
            load.stop().await;
        }
    }

    /// A running node.
    pub fn server(&self, node: usize) -> &Server {
        self.servers[node].as_ref().unwrap()
    }

    /// The running nodes.
    pub fn servers(&self) -> [&Server; 2] {
        self.servers.each_ref().map(|server| server.as_ref().unwrap())
    }

    /// Kills a node. Its voters stay away until it is started again.
    pub async fn kill(&mut self, node: usize) {
        self.servers[node].take().unwrap().kill();
        if let Some(load) = self.loads[node].take() {
            load.stop().await;
        }
    }

    /// Stops a node in an orderly way. Its voters go on until it has ended, and stay away until it is started again.
    pub async fn retire(&mut self, node: usize) {
        let server = self.servers[node].take().unwrap();
        tokio::task::spawn_blocking(move || server.stop()).await.unwrap();
        if let Some(load) = self.loads[node].take() {
            load.stop().await;
        }
    }

    /// A data directory of neither node, with the keys of the site.
    pub fn third_data(&self) -> PathBuf {
        let data = self.site.folder.join("third");
        copy_keys(&self.data(0), &data);
        data
    }

    /// Freezes a node for a time.
    pub async fn freeze(&self, node: usize, time: Duration) {
        self.signal(node, "-STOP");
        tokio::time::sleep(time).await;
        self.signal(node, "-CONT");
    }

    /// Sends a signal to a node, such as `-STOP`.
    pub fn signal(&self, node: usize, signal: &str) {
        let id = self.server(node).id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Stops both nodes.
    pub fn stop(&mut self) {
        for server in &mut self.servers {
            server.take().unwrap().stop();
        }
    }

    /// Moves the programme clock of both nodes past the close of the campaign, from their next start on.
    pub fn pass_the_close(&self) {
        self.site.pass_the_close();
        self.copy_clock();
    }

    /// Moves the programme clock of both nodes ahead of the system's clock by `time`, from their next start on.
    pub fn pass(&self, time: Duration) {
        self.site.pass(time);
        self.copy_clock();
    }

    fn copy_clock(&self) {
        Facts::read(&self.data(0)).unwrap().write(&self.data(1)).unwrap();
    }
}

fn copy_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(Keys::folder(to)).unwrap();
    for entry in std::fs::read_dir(Keys::folder(from)).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), Keys::folder(to).join(entry.file_name())).unwrap();
    }
}

/// Waits until ballots are acknowledged again, and prints the longest time without one since the failure began.
pub async fn resumed(voting: &Voting, what: &str, since: Instant) {
    let acknowledged = || voting.ledger.lock().unwrap().acknowledged();
    let (begun, first) = (Instant::now(), acknowledged());
    // At least as long as a failure takes to be noticed.
    while begun.elapsed() < NOTICED || acknowledged() < first + RESUMED {
        assert!(begun.elapsed() < LIMIT, "{what}: no {RESUMED} ballots were acknowledged within {LIMIT:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let pause = voting.ledger.lock().unwrap().longest_pause(since).as_secs_f64();
    testing::proof::figure(&format!("{what}: longest time without an acknowledged ballot {pause:.1} s"));
}

/// Content of all files below a folder, by path.
pub fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(below) = folders.pop() {
        for entry in std::fs::read_dir(below).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                found.insert(entry.strip_prefix(folder).unwrap().to_owned(), std::fs::read(&entry).unwrap());
            }
        }
    }
    found
}
