//! The model: the expected state beside the real product. It holds the issued passes, the acknowledged ballots and the signed
//! roots.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entity::ballots::ballot;
use entity::stored::CampaignMove;
use futures_util::future::join_all;
use public_log::verify::{Source, verify};
use sea_orm::EntityTrait;
use shudu::app::App;
use shudu::ballot::ballot_box::Cast;
use shudu::ballot::{flows, queries};
use shudu::ballot_log::counts;
use shudu::base::clock::Clock;
use shudu::base::ctx::Ctx;
use shudu::base::error::{Error, Result};
use shudu::base::main_store::Changes;
use shudu::pass::puzzle::solve;
use shudu::pass::seal::Pass;
use shudu::{campaign, scheduler, tally};
use tempfile::TempDir;

use super::running_app::{Base, RunningApp};
use testing::app::noon;

/// Ballots that are tried with a pass: place and choices.
const BALLOTS: [(&str, &[&str]); 4] = [
    ("320000", &["T1-1"]),
    ("320000", &["T1-2", "T1-1"]),
    ("330000", &["T1-1"]),
    ("330000", &["T1-6", "T1-5", "T1-4"]),
];
/// Identity numbers of the people who ask for real-name passes.
const NUMBERS: [&str; 4] = ["11010519491231002X", "440524188001010014", "320311197707060018", "110105194912310038"];

/// Position of a pass, and position of the ballot that is tried with it.
pub type Try = (usize, usize);

/// The product and its expected state.
pub struct Model {
    data: TempDir,
    clock: Clock,
    running: Option<RunningApp>,
    passes: Vec<Pass>,
    people: HashMap<usize, Pass>,
    /// Leaf hashes of the ballots in the box, by serial.
    standing: BTreeMap<Vec<u8>, Vec<u8>>,
    suspended: bool,
    counted: bool,
    /// Roots that were once public, by size of the log.
    roots: BTreeMap<u64, String>,
}

impl Model {
    /// A product with open voting in which nobody has voted.
    pub fn new() -> Self {
        let (data, clock) = Base::get().copied();
        let running = Some(RunningApp::open(data.path(), &clock));
        Self {
            data,
            clock,
            running,
            passes: Vec::new(),
            people: HashMap::new(),
            standing: BTreeMap::new(),
            suspended: false,
            counted: false,
            roots: BTreeMap::new(),
        }
    }

    fn app(&self) -> Arc<App> {
        Arc::clone(&self.running.as_ref().unwrap().app)
    }

    fn run<T>(&self, work: impl AsyncFnOnce(&App) -> T) -> T {
        let running = self.running.as_ref().unwrap();
        running.runtime.block_on(work(&running.app))
    }

    fn is_past_closing(&self) -> bool {
        self.clock.now() >= noon("2018-04-09")
    }

    /// Code with which requests are refused now; none while voting is open.
    fn refusal(&self) -> Option<&'static str> {
        match (self.suspended, self.is_past_closing()) {
            (true, _) => Some("ballot.suspended"),
            (false, true) => Some("ballot.closed"),
            (false, false) => None,
        }
    }

    /// Asks for an anonymous pass.
    pub fn ask(&mut self) {
        let ctx = Ctx::nobody(&self.clock);
        let given = self.run(async |app| {
            let puzzle = shudu::pass::flows::puzzle(&app.passes, &ctx, "t1", "").await?;
            let nonce = solve(&puzzle.text, puzzle.target);
            shudu::pass::flows::anonymous_pass(&app.passes, &ctx, "t1", (&puzzle.text, &nonce), "").await
        });
        if let Some(pass) = self.expected(given) {
            self.passes.push(pass);
        }
    }

    /// Asks for the real-name pass of a person, for the first time or again.
    pub fn ask_as(&mut self, person: usize) {
        let ctx = Ctx::nobody(&self.clock);
        let number = NUMBERS[person % NUMBERS.len()];
        let given = self
            .run(async |app| shudu::pass::flows::real_name_pass(&app.passes, &ctx, "t1", ("王芳", number), "").await);
        if let Some(pass) = self.expected(given) {
            match self.people.get(&(person % NUMBERS.len())) {
                Some(first) => assert_eq!(*first, pass, "a person has two passes"),
                None => {
                    self.people.insert(person % NUMBERS.len(), pass.clone());
                    self.passes.push(pass);
                }
            }
        }
    }

    /// The result, where the request should succeed; none where it was rightly refused. Every other outcome panics.
    fn expected<T>(&self, given: Result<T>) -> Option<T> {
        match (given, self.refusal()) {
            (Ok(given), None) => Some(given),
            (Err(Error::Conflict(refusal)), Some(code)) if refusal.code == code => None,
            (Err(error), _) => panic!("refused: {error}, should be {:?}", self.refusal()),
            (Ok(_), Some(code)) => panic!("given, though {code}"),
        }
    }

    /// Casts ballots concurrently.
    pub fn cast(&mut self, tries: &[Try]) {
        let Some(tries) = self.sent(tries) else {
            return;
        };
        let outcomes = self.run(async |app| join_all(tries.iter().map(|sent| sent.cast(app))).await);
        let mut fresh = HashMap::new();
        for (sent, outcome) in tries.iter().zip(&outcomes) {
            if matches!(outcome, Ok((Cast::New, _))) {
                assert!(fresh.insert(sent.serial.clone(), outcome.as_ref().unwrap().1).is_none(), "a pass spent twice");
            }
        }
        for (serial, leaf) in fresh {
            assert!(self.standing.insert(serial, leaf.to_vec()).is_none(), "a pass that was spent is new");
        }
        for (sent, outcome) in tries.iter().zip(outcomes) {
            let stands = self.standing.get(&sent.serial);
            match (outcome, self.refusal()) {
                (Ok((_, leaf)), None) => assert_eq!(stands, Some(&leaf.to_vec()), "another ballot stands"),
                (Err(Error::Conflict(refusal)), None) => {
                    assert_eq!(refusal.code, "ballot.pass_used");
                    assert!(stands.is_some(), "called used, but is not");
                }
                (Err(Error::Conflict(refusal)), Some(code)) => assert_eq!(refusal.code, code),
                // The same ballot sent again gets its receipt, even while no ballots are accepted.
                (Ok((Cast::Again, leaf)), Some(_)) => assert_eq!(stands, Some(&leaf.to_vec()), "another ballot stands"),
                (outcome, refusal) => panic!("{outcome:?}, should be {refusal:?}"),
            }
        }
    }

    /// Cuts the product off while ballots are under way.
    pub fn crash_while_casting(&mut self, tries: &[Try], after: Duration) {
        let answered = Arc::new(Mutex::new(Vec::new()));
        for sent in self.sent(tries).unwrap_or_default() {
            let (app, answered) = (self.app(), Arc::clone(&answered));
            self.running.as_ref().unwrap().runtime.spawn(async move {
                if let Ok((_, leaf)) = sent.cast(&app).await {
                    answered.lock().unwrap().push((sent.serial, leaf));
                }
            });
        }
        std::thread::sleep(after);
        self.restart();
        let found = self.stored();
        for (serial, leaf) in answered.lock().unwrap().iter() {
            assert_eq!(found.get(serial), Some(&leaf.to_vec()), "acknowledged and lost");
        }
        if self.refusal().is_some() {
            assert_eq!(found, self.standing, "taken, though nothing is taken");
        }
        for (serial, leaf) in &self.standing {
            assert_eq!(found.get(serial), Some(leaf), "lost or changed");
        }
        self.standing = found;
    }

    /// Cuts the product off while a batch is being sealed or the campaign is being counted.
    pub fn crash_while_sealing(&mut self, after: Duration) {
        let (app, counts) = (self.app(), self.is_past_closing() && !self.suspended);
        let system = self.system();
        self.running.as_ref().unwrap().runtime.spawn(async move {
            // The outcome does not matter.
            drop(if counts {
                tally::flows::count(&app.ballots, &app.steadiness, &system, "t1").await
            } else {
                app.ballots.sequencer.seal("t1", 1).await
            });
        });
        std::thread::sleep(after);
        self.restart();
        self.counted = self.run(async |app| {
            let found = campaign::queries::campaign(app.stores.main.db(), "t1").await.unwrap();
            campaign::phase::Phase::of(&found, app.clock.now()).is_counted()
        });
        if self.counted {
            // The scheduler runs as after every start: a stored count is published even after a cut.
            self.tick();
        }
    }

    /// Cuts the product off and starts it again.
    pub fn restart(&mut self) {
        self.running.take().unwrap().crash();
        self.running = Some(RunningApp::open(self.data.path(), &self.clock));
    }

    /// Seals the waiting ballots.
    pub fn seal(&self) {
        self.run(async |app| app.ballots.sequencer.seal("t1", 1).await).unwrap();
    }

    /// Runs the scheduler once.
    pub fn tick(&mut self) {
        self.run(async |app| scheduler::tick(app).await).unwrap();
        self.counted |= self.is_past_closing() && !self.suspended;
    }

    /// Halts or resumes voting.
    pub fn halt(&mut self, halt: bool) {
        let act = if halt { CampaignMove::Suspension } else { CampaignMove::Resumption };
        let ctx = Ctx::of(Base::get().organiser.clone(), &self.clock);
        let moved = self.run(async |app| {
            app.stores
                .main
                .write(Changes::Campaigns, async |tx| {
                    campaign::commands::advance(tx, &ctx, "t1", act, "题目有误").await
                })
                .await
        });
        let may = if halt { !self.suspended && !self.is_past_closing() && !self.counted } else { self.suspended };
        assert_eq!(moved.is_ok(), may, "{moved:?}");
        if may && halt {
            // A confirmed halt lasts until it is ended; `tests/http/campaign/halts.rs` tests unconfirmed halts.
            let (ctx, act) = (Ctx { actor: Base::get().approver.clone(), ..ctx }, CampaignMove::HaltConfirmation);
            self.run(async |app| {
                app.stores
                    .main
                    .write(Changes::Campaigns, async |tx| campaign::commands::advance(tx, &ctx, "t1", act, "").await)
                    .await
            })
            .unwrap();
        }
        if may {
            self.suspended = halt;
        }
    }

    /// Moves the clock past the close.
    pub fn close(&self) {
        self.clock.set(noon("2018-04-09"));
    }

    /// Counts the campaign.
    pub fn count(&mut self) {
        let system = self.system();
        let outcome = self.run(async |app| tally::flows::count(&app.ballots, &app.steadiness, &system, "t1").await);
        let may = self.counted || (self.is_past_closing() && !self.suspended);
        assert_eq!(outcome.is_ok(), may, "{outcome:?}");
        self.counted |= may;
    }

    fn system(&self) -> Ctx {
        Ctx::system("test", &self.clock)
    }

    /// Checks the invariants that hold after every event.
    pub fn check(&mut self) {
        let found = self.stored();
        assert_eq!(found, self.standing, "the box holds what was acknowledged");
        assert!(
            found.keys().all(|serial| self.passes.iter().any(|pass| pass.serial.as_slice() == serial)),
            "a ballot without a pass"
        );
        assert!(found.len() <= self.passes.len(), "more ballots than passes");
        self.run(async |app| {
            let store = &app.stores.ballots;
            let (kept, again) =
                (counts::counts(store, "t1").await.unwrap(), counts::recount(store, "t1", |_| ()).await.unwrap());
            assert_eq!(kept, again, "kept counts and recount");
            assert_eq!(queries::turnout(store, "t1").await.unwrap().0.unsigned_abs(), found.len() as u64);
            let sealed = app.ballots.sequencer.counts("t1").await.unwrap();
            for (option, _, track) in sealed.keys() {
                let sum = |counts: &counts::Counts| -> i64 {
                    counts.iter().filter(|((o, _, t), _)| o == option && t == track).map(|(_, n)| n).sum()
                };
                let (sealed, kept) = (sum(&sealed), sum(&kept));
                assert!(sealed <= kept && (!self.counted || sealed == kept), "the log's count {sealed}, kept {kept}");
            }
        });
        self.check_log();
    }

    fn check_log(&mut self) {
        let copy = self.copied();
        let folder = copy.path();
        let report = verify(&Source::folder(folder), None).unwrap();
        assert_eq!(report.is_counted, self.counted, "the signed count");
        if self.counted {
            assert_eq!(report.ballots, Some((self.standing.len() as u64, 0)), "ballots of the log");
        }
        assert!(report.size <= self.standing.len() as u64);
        // Published roots stay valid: the tree is append-only.
        for (size, root) in &self.roots {
            let text = std::fs::read_to_string(folder.join(format!("history/{size}"))).unwrap();
            assert_eq!(text.lines().nth(2), Some(root.as_str()), "another root at {size}");
        }
        if report.size > 0 {
            let text = std::fs::read_to_string(folder.join("checkpoint")).unwrap();
            self.roots.insert(report.size, text.lines().nth(2).unwrap().to_owned());
        }
    }

    /// A copy of the public log, as a stranger fetches it.
    fn copied(&self) -> TempDir {
        self.run(async |app| testing::public_log::fetch(&app.ballots.sequencer, "t1").await)
    }

    fn stored(&self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let rows = self.run(async |app| ballot::Entity::find().all(app.stores.ballots.db()).await).unwrap();
        rows.into_iter().map(|row| (row.serial, row.leaf)).collect()
    }

    /// Ends every sequence: the campaign is counted, and nothing is missing.
    pub fn finish(mut self) {
        if self.suspended {
            self.halt(false);
        }
        self.close();
        self.count();
        self.check();
        self.restart();
        self.cast(&[(0, 0), (1, 1)]);
        self.check();
        self.running.take().unwrap().crash();
    }

    fn sent(&self, tries: &[Try]) -> Option<Vec<Sent>> {
        let sent = |(pass, ballot): &Try| {
            let pass = &self.passes[pass % self.passes.len()];
            Sent { pass: pass.encode(), serial: pass.serial.to_vec(), ballot: ballot % BALLOTS.len() }
        };
        (!self.passes.is_empty()).then(|| tries.iter().map(sent).collect())
    }
}

/// A ballot under way.
struct Sent {
    pass: String,
    serial: Vec<u8>,
    ballot: usize,
}

impl Sent {
    async fn cast(&self, app: &App) -> Result<(Cast, [u8; 32])> {
        let (place, choices) = BALLOTS[self.ballot];
        let choices: Vec<String> = choices.iter().map(|code| (*code).to_owned()).collect();
        flows::cast(&app.ballots, "t1", &self.pass, place, &choices).await.map(|receipt| (receipt.cast, receipt.leaf))
    }
}
