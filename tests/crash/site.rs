//! A site for one proof: a data directory with one open campaign, and unspent passes for that campaign.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Days;
use entity::ballots::log_head;
use entity::stored::{Display, Role};
use sea_orm::EntityTrait;
use shudu::app::App;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site as Facts;
use shudu::demo::{data::programme, play};
use tempfile::TempDir;
use testing::actors::PASSWORD;
use testing::site::{publish, staff};

use super::server::{Server, program, spawn};

/// Slug of the campaign in every proof: season 3 of the programme of the demo, open from today for two days.
pub const CAMPAIGN: &str = "s3";
/// Settings with the URLs of the stores main, ballots and register.
pub const STORES: [&str; 3] = ["SHUDU_MAIN_URL", "SHUDU_BALLOTS_URL", "SHUDU_REGISTER_URL"];
/// Milliseconds between two rounds of the scheduler.
pub const TICK_MILLISECONDS: u32 = 100;

/// The files of a site, and the settings of its servers.
pub struct Site {
    /// Folder of the data directory and of the files beside it.
    pub folder: PathBuf,
    /// File with the log of the servers.
    pub log: PathBuf,
    /// Unspent passes for the campaign.
    pub passes: Vec<String>,
    settings: Vec<(String, String)>,
    urls: Option<[String; 3]>,
    _dir: Option<TempDir>,
}

impl Site {
    /// Creates a site in a temporary folder, on SQLite or on three empty databases.
    pub async fn new(urls: Option<[String; 3]>, passes: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut site = Self::at(dir.path(), urls, passes).await;
        site._dir = Some(dir);
        site
    }

    /// Creates a site in a given folder.
    pub async fn at(folder: &Path, urls: Option<[String; 3]>, passes: usize) -> Self {
        let mut site = Self::bare(folder, urls);
        site.passes = open_campaign(site.config(), passes).await;
        site
    }

    fn bare(folder: &Path, urls: Option<[String; 3]>) -> Self {
        let folder = folder.canonicalize().unwrap();
        let mut site =
            Self { log: folder.join("server.log"), folder, passes: Vec::new(), settings: Vec::new(), urls, _dir: None };
        site.set("SHUDU_SEAL_AT", 20);
        // All ballots come from one address.
        site.set("SHUDU_LIMITS", "off");
        site.set("SHUDU_LOOK_EVERY", TICK_MILLISECONDS);
        site.set("SHUDU_SETTLE_AFTER", 0);
        for (name, url) in STORES.into_iter().zip(site.urls.clone().into_iter().flatten()) {
            site.set(name, url);
        }
        site
    }

    /// A site without a campaign, on three empty databases.
    pub fn unopened(urls: [String; 3]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut site = Self::bare(dir.path(), Some(urls));
        std::fs::create_dir_all(site.data()).unwrap();
        site._dir = Some(dir);
        site
    }

    /// Data directory of the site.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The public checkpoint of the campaign's log and the signed count, as the ballots store has them; empty where absent. The
    /// store is read without a write to its files.
    pub fn shown(&self) -> [String; 2] {
        let url = format!("sqlite://{}?mode=ro", self.data().join("ballots.db").display());
        let read = async {
            let db = sea_orm::Database::connect(url).await.unwrap();
            let found = log_head::Entity::find_by_id(CAMPAIGN).one(&db).await;
            db.close().await.unwrap();
            found.ok().flatten()
        };
        let head = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(read));
        head.map(|head| [head.checkpoint, head.tally].map(Option::unwrap_or_default)).unwrap_or_default()
    }

    /// Folder of the objects of the campaign's log.
    pub fn log_objects(&self) -> PathBuf {
        self.data().join("objects/log").join(CAMPAIGN)
    }

    /// Sets an environment variable for later servers.
    pub fn set(&mut self, name: &str, value: impl ToString) {
        self.unset(name);
        self.settings.push((name.to_owned(), value.to_string()));
    }

    /// Removes an environment variable for later servers.
    pub fn unset(&mut self, name: &str) {
        self.settings.retain(|(standing, _)| standing != name);
    }

    /// Environment variables with which a command of the binary finds the same stores.
    pub fn settings(&self) -> &[(String, String)] {
        &self.settings
    }

    /// An environment variable of the servers, which has to be set.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.settings.iter().find(|(standing, _)| standing == name);
        found.map_or_else(|| panic!("{name} is not set"), |(_, value)| value)
    }

    /// Starts a server process, without waiting until the server answers.
    pub fn spawn(&self) -> std::process::Child {
        spawn(&program(), &self.data(), &self.log, &self.settings)
    }

    /// Starts a server and waits until the server listens; none where the process ends before.
    pub fn start(&self) -> Option<Server> {
        Server::of(self.spawn())
    }

    /// Starts a server that must listen.
    pub fn serve(&self) -> Server {
        self.start().unwrap_or_else(|| panic!("the server did not start:\n{}", self.last_words()))
    }

    /// Last twelve lines in the log of the servers.
    pub fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(12).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Moves the programme clock of later servers past the close of the campaign.
    pub fn pass_the_close(&self) {
        self.pass(Duration::from_secs(3 * 86_400));
    }

    /// Moves the programme clock of later servers ahead of the system's clock by `time`.
    pub fn pass(&self, time: Duration) {
        Facts { demo: true, clock_offset: i64::try_from(time.as_secs()).unwrap() }.write(&self.config().data).unwrap();
    }

    fn config(&self) -> Config {
        let [main, ballots, register] = match &self.urls {
            Some(urls) => urls.clone().map(Some),
            None => [None, None, None],
        };
        let settings = Settings {
            data: Some(self.data()),
            main_url: main,
            ballots_url: ballots,
            register_url: register,
            site: Some("crash.test".to_owned()),
            settle_after: Some(0),
            ..Settings::default()
        };
        settings.resolve().unwrap()
    }
}

/// Opens voting through the ordinary commands, and issues anonymous passes.
async fn open_campaign(config: Config, passes: usize) -> Vec<String> {
    let app = App::open(config).await.unwrap();
    let organiser = staff(&app, "organiser", Role::Organiser, PASSWORD).await;
    let approver = staff(&app, "approver", Role::Approver, PASSWORD).await;
    let today = shudu::base::clock::day_of(organiser.now);
    let mut told = programme().campaigns[2].clone();
    (told.voting_opens, told.voting_closes) = (today, today.checked_add_days(Days::new(2)).unwrap());
    let (mut draft, options) = (play::draft(programme(), &told).unwrap(), play::options(&told).unwrap());
    draft.display = Display::Turnout;
    publish(&app, &organiser, &approver, &draft, &options).await;
    let paper = app.passes.papers.get(CAMPAIGN).await.unwrap();
    let mut taken = Vec::with_capacity(passes);
    for _ in 0..passes {
        taken.push(app.passes.issuing.anonymous(&paper).await.unwrap().encode());
    }
    // The stores are closed completely, so that no connection of this process writes beside the server.
    app.stores.clone().close().await.unwrap();
    taken
}
