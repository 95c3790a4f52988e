//! A product on a data directory that is cut off: its tasks end at an arbitrary point, and the next product has only the contents
//! of the directory.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use shudu::app::App;
use shudu::base::clock::Clock;
use shudu::base::ctx::Actor;
use shudu::data_dir::Site;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use testing::app::{config, noon};
use testing::{TestApp, given};

/// A product with a runtime of its own.
pub struct RunningApp {
    pub runtime: Runtime,
    pub app: Arc<App>,
}

impl RunningApp {
    /// Opens a product on the data directory.
    pub fn open(data: &Path, clock: &Clock) -> Self {
        let runtime = runtime();
        let site = Site { demo: true, clock_offset: 0 };
        let app = runtime.block_on(App::open_at(config(data), site, clock.clone())).unwrap();
        Self { runtime, app }
    }

    /// Ends the product without a shutdown. A thread finishes its present file operation, and nothing follows.
    pub fn crash(self) {
        let data = self.app.config.data.clone();
        drop(self.app);
        self.runtime.shutdown_timeout(Duration::from_secs(30));
        // The threads of the database end by themselves. A dead process has no thread that could still commit, so this process
        // waits for them.
        while holds_files(&data) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Whether this process has open files in a folder.
fn holds_files(folder: &Path) -> bool {
    let open = std::fs::read_dir("/proc/self/fd").unwrap();
    open.flatten().any(|file| std::fs::read_link(file.path()).is_ok_and(|path| path.starts_with(folder)))
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// A data directory with a published campaign `t1`, as a template to copy, with its organiser and approver.
pub struct Base {
    folder: TempDir,
    pub organiser: Actor,
    pub approver: Actor,
}

impl Base {
    /// The template, made once per process.
    pub fn get() -> &'static Self {
        static BASE: OnceLock<Base> = OnceLock::new();
        BASE.get_or_init(|| runtime().block_on(Self::make()))
    }

    async fn make() -> Self {
        let app = TestApp::new().await;
        let people = given::organisation(&app).await;
        given::published(&app, &people, "t1", |_| ()).await;
        let folder = tempfile::tempdir().unwrap();
        // A closed store is a single file.
        app.app.stores.clone().close().await.unwrap();
        copy(&app.app.config.data, folder.path());
        Self { folder, organiser: people.organiser.actor.clone(), approver: people.approver.actor.clone() }
    }

    /// A copy of the template, and a clock at noon of the second day of voting.
    pub fn copied(&self) -> (TempDir, Clock) {
        let data = tempfile::tempdir().unwrap();
        copy(self.folder.path(), data.path());
        (data, Clock::stopped(noon("2018-04-06")))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).unwrap();
        }
    }
}
