//! A site under load: ballots are cast, batches sealed and campaigns counted all the time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{Days, TimeDelta};
use entity::stored::{Display, Role, Track};
use shudu::app::App;
use shudu::ballot::flows::Receipt;
use shudu::base::clock::Clock;
use shudu::base::ctx::Ctx;
use shudu::base::keys;
use shudu::data_dir::Site;
use shudu::demo::{data::programme, play};
use shudu::pass::resident::check_character;
use shudu::{ballot, server, tally};
use testing::actors::PASSWORD;
use testing::site::{publish, staff};

use super::place::Place;

/// Receipts and passes in the hands of the voters of a site.
#[derive(Default)]
pub struct Acknowledged {
    /// Leaf hashes of the ballots that were acknowledged.
    pub receipts: Mutex<Vec<[u8; 32]>>,
    /// Receipt numbers of these ballots.
    pub numbers: Mutex<Vec<String>>,
    /// Numbers of the persons who voted under their names, each with the pass of that person.
    pub persons: Mutex<Vec<(u32, String)>>,
}

impl Acknowledged {
    fn acknowledge(&self, receipt: Receipt) {
        self.receipts.lock().unwrap().push(receipt.leaf);
        self.numbers.lock().unwrap().push(receipt.number.plain());
    }
}

/// A site under load, until the load is stopped.
pub struct SiteUnderLoad {
    /// Stores of the site.
    pub place: Place,
    /// Address of the site: `http://` with host and port.
    pub address: String,
    /// Receipts and passes of its voters so far.
    pub known: Arc<Acknowledged>,
    stop: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

/// Opens the application of a place, with a programme clock that is `days` days ahead.
pub async fn open(place: &Place, days: i64) -> Arc<App> {
    let site = Site { demo: true, clock_offset: 0 };
    App::open_at(place.config(), site, Clock::shifted(TimeDelta::days(days))).await.unwrap()
}

/// A resident identity number with a right check character, for a test person.
pub fn number(person: u32) -> String {
    let digits = format!("32010219{:02}0101{:03}", 50 + person / 999, person % 999 + 1);
    let check = check_character(digits.as_bytes()).unwrap();
    format!("{digits}{}", char::from(check))
}

fn now(app: &App) -> Ctx {
    Ctx::system("test", &app.clock)
}

/// The real-name pass of a person, which is the same at every request.
pub async fn real_name_pass(app: &App, person: u32) -> String {
    shudu::pass::flows::real_name_pass(&app.passes, &now(app), "s3", ("王芳", &number(person)), "")
        .await
        .unwrap()
        .encode()
}

/// Casts a ballot. Gives its leaf hash, and whether the ballot is new.
pub async fn cast(app: &App, campaign: &str, pass: &str, choice: usize) -> Receipt {
    let choices = [format!("{}-{:02}", prefix(campaign), choice % 30 + 1)];
    ballot::flows::cast(&app.ballots, campaign, pass, "320000", &choices).await.unwrap()
}

/// Prefix of the option codes of a campaign, which no other campaign has.
fn prefix(campaign: &str) -> String {
    campaign.to_uppercase().replace('-', "")
}

/// Casts an anonymous ballot.
pub async fn cast_anonymous(app: &App, campaign: &str, choice: usize) -> Receipt {
    let paper = app.passes.papers.get(campaign).await.unwrap();
    let pass = app.passes.issuing.anonymous(&paper).await.unwrap().encode();
    cast(app, campaign, &pass, choice).await
}

/// The signed roots of a log by size, from its published checkpoints.
pub fn roots(log: &Path) -> BTreeMap<u64, [u8; 32]> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(log.join("history")).into_iter().flatten() {
        let path = entry.unwrap().path();
        // A file whose name begins with a dot is still being written.
        if !path.file_name().unwrap().to_string_lossy().starts_with('.') {
            let note = std::fs::read_to_string(&path).unwrap();
            let text = public_log::note::split(&note).unwrap().0;
            let checkpoint = public_log::note::Checkpoint::read(text).unwrap();
            found.insert(checkpoint.size, checkpoint.root);
        }
    }
    found
}

/// Size of the newest signed checkpoint in entries; 0 where none is signed.
pub fn published(log: &Path) -> u64 {
    let history = std::fs::read_dir(log.join("history")).into_iter().flatten();
    let sizes = history.filter_map(|entry| entry.unwrap().file_name().to_string_lossy().parse().ok());
    sizes.max().unwrap_or(0)
}

/// A random time between zero and `most`.
pub fn random_time(most: Duration) -> Duration {
    let share = f64::from(u16::from_be_bytes(keys::random().unwrap())) / f64::from(u16::MAX);
    most.mul_f64(share)
}

impl SiteUnderLoad {
    /// Starts a site under load, with one counted campaign, one open campaign, and a file of evidence.
    pub async fn start(place: Place, display: Display) -> Self {
        std::fs::create_dir_all(place.data()).unwrap();
        Site { demo: true, clock_offset: 0 }.write(&place.config().data).unwrap();
        place.run_ok(&["import", &format!("{}/tests/fixtures/kestrel-bay.pb", env!("CARGO_MANIFEST_DIR"))]);
        let app = open(&place, 0).await;
        app.files.put("fix.pdf", b"%PDF-1.4 evidence\n%%EOF\n".to_vec()).await.unwrap();
        let staff = people(&app).await;
        open_campaign(&app, &staff, "s3", display).await;
        let (tell, told) = tokio::sync::oneshot::channel();
        let served = Arc::clone(&app);
        let mut tasks = vec![tokio::spawn(async move {
            server::serve(served, |address| tell.send(address).unwrap()).await.unwrap();
        })];
        let address = format!("http://{}", told.await.unwrap());
        let (known, stop) = (Arc::new(Acknowledged::default()), Arc::new(AtomicBool::new(false)));
        for voter in 0..4 {
            tasks.push(tokio::spawn(vote(Arc::clone(&app), Arc::clone(&known), Arc::clone(&stop), voter)));
        }
        tasks.push(tokio::spawn(count(Arc::clone(&app), staff, Arc::clone(&stop))));
        tasks.push(tokio::spawn(seal(app, Arc::clone(&stop))));
        Self { place, address, known, stop, tasks }
    }

    /// Waits until the log of the open campaign has more than `size` published entries. Gives the new size.
    pub async fn published_beyond(&self, size: u64) -> u64 {
        loop {
            let published = published(&self.place.log("s3"));
            if published > size {
                return published;
            }
            assert!(!self.tasks.iter().any(tokio::task::JoinHandle::is_finished), "the load goes on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops the load and the server.
    pub async fn stop(self) -> (Place, Arc<Acknowledged>) {
        self.stop.store(true, Ordering::Relaxed);
        let mut tasks = self.tasks.into_iter();
        tasks.next().unwrap().abort();
        for task in tasks {
            task.await.unwrap();
        }
        (self.place, self.known)
    }
}

async fn vote(app: Arc<App>, known: Arc<Acknowledged>, stop: Arc<AtomicBool>, voter: u32) {
    let mut count = 0;
    while !stop.load(Ordering::Relaxed) {
        count += 1;
        let choice = usize::try_from(count * 4 + voter).unwrap();
        if count % 8 == 0 {
            let person = (count / 8 * 4 + voter) % 40_000;
            let pass = real_name_pass(&app, person).await;
            known.acknowledge(cast(&app, "s3", &pass, choice).await);
            known.persons.lock().unwrap().push((person, pass));
        } else {
            known.acknowledge(cast_anonymous(&app, "s3", choice).await);
        }
        tokio::time::sleep(random_time(Duration::from_millis(30))).await;
    }
}

/// Opens, fills, closes and counts one campaign after the other. Each campaign changes all stores and a log of its own.
async fn count(app: Arc<App>, staff: [Ctx; 2], stop: Arc<AtomicBool>) {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let campaign = format!("c-{number}");
        open_campaign(&app, &staff, &campaign, Display::Turnout).await;
        for choice in 0..12 {
            cast_anonymous(&app, &campaign, choice).await;
        }
        let after = Ctx { now: app.clock.now() + TimeDelta::days(4), ..now(&app) };
        // The table of pass keys cannot be written anew while a copy reads it. The scheduler would go on at its next look.
        while let Err(error) = tally::flows::count(&app.ballots, &app.steadiness, &after, &campaign).await {
            assert_eq!(error.status(), 503, "{error}");
        }
        tokio::time::sleep(random_time(Duration::from_secs(2))).await;
    }
}

async fn seal(app: Arc<App>, stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        app.ballots.sequencer.seal("s3", 10).await.unwrap();
        tokio::time::sleep(random_time(Duration::from_millis(150))).await;
    }
}

/// The organiser who writes campaigns, and the approver who publishes them.
async fn people(app: &App) -> [Ctx; 2] {
    let organiser = staff(app, "organiser", Role::Organiser, PASSWORD).await;
    [organiser, staff(app, "approver", Role::Approver, PASSWORD).await]
}

/// Opens season 3 of the programme of the demo for voting, from today on.
async fn open_campaign(app: &App, staff: &[Ctx; 2], slug: &str, display: Display) {
    let today = shudu::base::clock::day_of(app.clock.now());
    let mut told = programme().campaigns[2].clone();
    (told.voting_opens, told.voting_closes) = (today, today.checked_add_days(Days::new(2)).unwrap());
    let (mut draft, mut options) = (play::draft(programme(), &told).unwrap(), play::options(&told).unwrap());
    (draft.slug, draft.display) = (slug.to_owned(), display);
    if slug != "s3" {
        // No two campaigns have the same name.
        (draft.name_zh, draft.name_en) = (format!("第三季（{slug}）"), format!("Season 3 ({slug})"));
        // These campaigns are counted before their close, by a clock that is ahead. A count destroys the pass key of a campaign,
        // which an earlier copy of the stores would then miss. So these campaigns have no real-name track.
        draft.tracks = vec![Track::Anonymous];
    }
    options.iter_mut().for_each(|option| option.code = option.code.replace("S3", &prefix(slug)));
    publish(app, &staff[0], &staff[1], &draft, &options).await;
}
