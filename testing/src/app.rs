//! The product under test: its own data directory and databases, a clock that stands still until it is told.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Response};
use shudu::app::App;
use shudu::base::clock::Clock;
use shudu::base::main_store::Changes;
use shudu::base::objects::{Address, FOLDER};
use shudu::base::store::Urls;
use shudu::config::{Config, Settings};
use shudu::data_dir::Site;
use shudu::server;
use shudu::sign_in::second_factor::SecondFactor;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::actors::Person;
use super::database;
use super::unaudited::InFlight;

/// A product of its own for one test.
pub struct TestApp {
    /// The product under test.
    pub app: Arc<App>,
    /// Its clock: `app.clock.advance(days(3))`.
    pub clock: Clock,
    pub(super) endpoint: Arc<BoxEndpoint<'static, Response>>,
    pub(super) in_flight: Arc<InFlight>,
    urls: Option<[String; 3]>,
    data: TempDir,
}

/// A closed product from which others are copied.
pub struct Template {
    data: TempDir,
    urls: Option<[String; 3]>,
    now: DateTime<Utc>,
}

/// Noon in China on a day.
pub fn noon(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00+08:00").parse().unwrap()
}

/// Settings for a data directory: no work for passes, everything else as it is.
pub fn config(data: &Path) -> Config {
    Config {
        data: data.to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        main_url: None,
        ballots_url: None,
        register_url: None,
        log_json: false,
        pass_bits: 4,
        // Tests move programme time at will; those about the clock set this.
        settle_after: chrono::TimeDelta::zero(),
        second_factor: Some(SecondFactor::Optional),
        witnesses: Vec::new(),
        site: "shudu.test".to_owned(),
        ..Settings::default().resolve().unwrap()
    }
}

impl TestApp {
    /// A fresh product in demo mode (so that the demo's identity source is on), at noon of 1 April 2018.
    pub async fn new() -> Self {
        Self::at("2018-04-01").await
    }

    /// A fresh product at noon of a day.
    pub async fn at(day: &str) -> Self {
        Self::of(day, true, None).await
    }

    /// A fresh product that is no demo: it has no identity source.
    pub async fn without_demo() -> Self {
        Self::of("2018-04-01", false, None).await
    }

    /// A fresh product that is no demo, with other settings.
    pub async fn without_demo_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::build("2018-04-01", false, None, change).await
    }

    /// A fresh product that demands a second factor of staff, at noon of 1 April 2018.
    pub async fn with_second_factor() -> Self {
        Self::with_config(|config| config.second_factor = Some(SecondFactor::Required)).await
    }

    /// A fresh product at noon of a day, with the keys of another data directory where one is given.
    pub async fn of(day: &str, demo: bool, keys_of: Option<&Path>) -> Self {
        Self::build(day, demo, keys_of, |_| ()).await
    }

    /// A fresh product with other settings.
    pub async fn with_config(change: impl FnOnce(&mut Config)) -> Self {
        Self::build("2018-04-01", true, None, change).await
    }

    async fn build(day: &str, demo: bool, keys_of: Option<&Path>, change: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().unwrap();
        if let Some(other) = keys_of {
            copy_keys(other, data.path());
        }
        let urls = database::fresh().await;
        if urls.is_none() {
            copy_template(data.path()).await;
        }
        Self::open(data, urls, Clock::stopped(noon(day)), demo, change).await
    }

    /// Closes the product and keeps its data directory and its stores: [`TestApp::copied`] makes others from them.
    pub async fn into_template(mut self) -> Template {
        self.app.stores.clone().close().await.unwrap();
        let data = std::mem::replace(&mut self.data, tempfile::tempdir().unwrap());
        Template { data, urls: self.urls.take(), now: self.clock.now() }
    }

    /// A product with the whole history of another one, at the instant at which that one was closed.
    pub async fn copied(template: &Template) -> Self {
        let data = tempfile::tempdir().unwrap();
        copy_folder(template.data.path(), data.path());
        let urls = match &template.urls {
            Some(other) => Some(database::copy_of(other).await),
            None => None,
        };
        let clock = Clock::stopped(noon("2018-04-01"));
        clock.set(template.now);
        Self::open(data, urls, clock, true, |_| ()).await
    }

    async fn open(
        data: TempDir,
        urls: Option<[String; 3]>,
        clock: Clock,
        demo: bool,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let mut config = config(data.path());
        if let Some([main, ballots, register]) = urls.clone() {
            (config.main_url, config.ballots_url, config.register_url) = (Some(main), Some(ballots), Some(register));
        }
        change(&mut config);
        let app = App::open_at(config, Site { demo, clock_offset: 0 }, clock.clone()).await.unwrap();
        Self {
            endpoint: Arc::new(server::endpoint(&app).unwrap().boxed()),
            in_flight: Arc::default(),
            app,
            clock,
            urls,
            data,
        }
    }

    /// A second node of this product: a process on another machine, with the same keys, databases and objects. None on SQLite, which
    /// one process uses.
    pub async fn beside(&self) -> Option<Self> {
        let [main, ballots, register] = self.urls.clone()?;
        let data = tempfile::tempdir().unwrap();
        copy_keys(self.data.path(), data.path());
        let mut config = config(data.path());
        (config.main_url, config.ballots_url, config.register_url) = (Some(main), Some(ballots), Some(register));
        config.objects = Some(Address::Folder(self.data.path().join(FOLDER)));
        let app = App::open_at(config, self.app.site, self.clock.clone()).await.unwrap();
        let endpoint = Arc::new(server::endpoint(&app).unwrap().boxed());
        Some(Self { endpoint, in_flight: Arc::default(), app, clock: self.clock.clone(), urls: None, data })
    }

    /// The same product with other addresses, behind all that requests pass.
    pub fn serving(mut self, route: poem::Route) -> Self {
        self.endpoint = Arc::new(server::around(&self.app, route).unwrap().boxed());
        self
    }

    /// Somebody who is not signed in.
    pub fn nobody(&self) -> Person {
        Person::new(self, None)
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(urls) = self.urls.take() {
            // A runtime of its own: this one may be going down.
            std::thread::spawn(move || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap()
                    .block_on(database::drop(&urls));
            })
            .join()
            .unwrap();
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
        if entry.is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy_folder(&entry, &to);
        } else {
            std::fs::copy(&entry, &to).unwrap();
        }
    }
}

fn copy_keys(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("keys")).unwrap();
    for entry in std::fs::read_dir(from.join("keys")).unwrap() {
        let file = entry.unwrap();
        std::fs::copy(file.path(), to.join("keys").join(file.file_name())).unwrap();
    }
}

static TEMPLATE: OnceCell<TempDir> = OnceCell::const_new();

/// SQLite files migrated once per process, copied for every test. Without keys: the copy makes its own.
async fn copy_template(to: &Path) {
    let template = TEMPLATE
        .get_or_init(|| async {
            let dir = tempfile::tempdir().unwrap();
            let stores = shudu::base::store::Stores::connect(dir.path(), &Urls::default()).await.unwrap();
            stores.migrate().await.unwrap();
            stores.main.write(Changes::Internal, shudu::programme::reference::fill).await.unwrap();
            super::unaudited::watch(stores.main.db()).await;
            stores.close().await.unwrap();
            dir
        })
        .await;
    for file in ["main.db", "ballots.db", "register.db"] {
        std::fs::copy(template.path().join(file), to.join(file)).unwrap();
    }
}
