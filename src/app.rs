//! The product put together: stores, writers, keys, clock. What tests call, and what the command line runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};

use crate::audit::publishing::Trail;
use crate::backup::restoring;
use crate::ballot::ballot_box::BallotBox;
use crate::ballot::identity_source::IdentitySource;
use crate::ballot::issuing::Issuing;
use crate::ballot::paper::Papers;
use crate::ballot::receipts::Receipts;
use crate::ballot::sequencer::Sequencer;
use crate::ballot::work::Desk;
use crate::base::clock::Clock;
use crate::base::clock_steadiness::Steadiness;
use crate::base::ctx::{Actor, Ctx};
use crate::base::error::{Error, Result};
use crate::base::keys::Keys;
use crate::base::rate_limit::{Counts, Rule};
use crate::base::store::Stores;
use crate::base::{file_modes, files, key_fingerprints};
use crate::config::Config;
use crate::edge::watch::Watch;
use crate::identity::avoided::Avoided;
use crate::identity::second_factor::SecondFactor;
use crate::identity::second_factor::passkeys::Passkeys;
use crate::identity::sign_on::SignOn;
use crate::identity::throttle::{self, Throttle};
use crate::networks::Networks;
use crate::oidc::trip::{self, Seals};
use crate::report::evidence::Files;
use crate::retention::rounds::Rounds;
use crate::web::kept::Kept;
use crate::{audit, ballot, incidents, programme, report};

/// Everything that a request may need.
pub struct App {
    /// Settings.
    pub config: Config,
    /// What the data directory says of itself.
    pub site: Site,
    /// The three stores.
    pub stores: Stores,
    /// Secrets.
    pub keys: Keys,
    /// Programme time and system time.
    pub clock: Clock,
    /// Whether programme time can be believed, for what nobody can take back.
    pub steadiness: Steadiness,
    /// Where ballots go.
    pub ballot_box: BallotBox,
    /// Where passes come from.
    pub issuing: Issuing,
    /// What ballots are checked against.
    pub papers: Papers,
    /// What puts ballots into the public log.
    pub sequencer: Sequencer,
    /// Proofs of work.
    pub desk: Desk,
    /// Counts that leak away, in the main store.
    pub counts: Arc<Counts>,
    /// Anonymous passes of networks by day, in the main store.
    pub networks: Networks,
    /// Passwords that nobody may choose.
    pub avoided: Avoided,
    /// Failed sign-ins.
    pub sign_ins: Throttle,
    /// Requests, counted and timed.
    pub watch: Watch,
    /// What signs the end of the audit trail.
    pub trail: Trail,
    /// What removes what its time is over for.
    pub rounds: Rounds,
    /// Who says that a citizen is who they are.
    pub identity_source: IdentitySource,
    /// Where staff sign in besides here.
    pub single_sign_on: Option<SignOn>,
    /// What browsers carry to a provider and back.
    pub seals: Seals,
    /// What passkeys are asked and how their answers are checked.
    pub passkeys: Passkeys,
    /// Evidence files.
    pub files: Files,
    /// Public pages as bytes.
    pub kept: Kept,
    /// Held while the process uses the data directory.
    _lock: File,
}

/// Facts about a data directory, in `site.json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Whether its figures are invented: then every page says so, and the demo's identity source is on.
    pub demo: bool,
    /// What programme time adds to system time, in seconds.
    pub clock_offset: i64,
}

impl App {
    /// Opens a data directory, making it where absent: keys, stores at this version's schema, reference data.
    ///
    /// # Errors
    /// A directory in use by another process, stores made with other keys, anything that cannot be opened.
    pub async fn open(config: Config) -> Result<Arc<Self>> {
        let site = Site::read(&config)?;
        let clock = Clock::shifted(TimeDelta::seconds(site.clock_offset));
        Self::open_at(config, site, clock).await
    }

    /// As [`App::open`], with a given clock: for tests and for the demo.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_at(config: Config, site: Site, clock: Clock) -> Result<Arc<Self>> {
        let data = &config.data;
        let lock = lock(data)?;
        restoring::refuse_unfinished(data)?;
        let key_folder = Keys::folder(data);
        file_modes::guard(data, |file| file.parent() == Some(&key_folder))?;
        site.tell();
        let stores = Stores::connect(&config).await?;
        let turn = stores.migrate().await?;
        let keys = key_fingerprints::open(data, &stores).await?;
        audit::adopting::adopt(&stores.main).await?;
        tell_incidents(&stores, &clock).await?;
        stores.main.write(programme::reference::fill).await?;
        drop(turn);
        let receipts = Receipts::start(stores.ballots.clone());
        let ballot_box = BallotBox::start(stores.ballots.clone(), clock.clone(), receipts);
        let papers = Papers::new(stores.ballots.clone(), keys.clone());
        let sequencer =
            Sequencer::new(stores.ballots.clone(), papers.clone(), keys.log.clone(), data.clone(), config.site.clone());
        let counts = Arc::new(Counts::new(keys.site.derive("counts", ""), config.edge.has_allowances));
        let app = Self {
            issuing: Issuing::start(&stores, keys.clone()),
            papers,
            sequencer,
            desk: Desk::new(config.pass_bits)?,
            avoided: config.avoided_passwords.as_deref().map(Avoided::read).transpose()?.unwrap_or_default(),
            sign_ins: Throttle::new(Arc::clone(&counts)),
            counts,
            networks: Networks::new(keys.site.derive("networks", ""), config.edge.has_allowances),
            watch: Watch::default(),
            trail: Trail::open(data, &config.site, &keys.log, config.audit_every)?,
            rounds: Rounds::default(),
            identity_source: IdentitySource::of(site.demo, &config)?,
            single_sign_on: SignOn::of(&config)?,
            seals: Seals::of(&keys.site),
            passkeys: Passkeys::of(config.address.as_ref())?,
            files: Files::of(data, config.clamav.clone()),
            kept: Kept::new(clock.clone()),
            steadiness: Steadiness::new(clock.clone(), config.settle_after),
            _lock: lock,
            config,
            site,
            stores,
            keys,
            clock,
            ballot_box,
        };
        ballot::consistency::check(&app, app.clock.now()).await?;
        ballot::commands::settle(&app).await?;
        Ok(Arc::new(app))
    }

    /// Everything that [`Counts`] counts.
    #[must_use]
    pub fn rules() -> Vec<Rule> {
        let others = [ballot::commands::REAL_NAMES, trip::RETURNS, report::commands::FILES, report::commands::REPORTS];
        throttle::RULES.into_iter().chain(others).collect()
    }

    /// Whether staff need a second factor: as it is set, else where figures are real.
    #[must_use]
    pub fn demands_second_factor(&self) -> bool {
        let by_default = if self.site.demo { SecondFactor::Optional } else { SecondFactor::Required };
        self.config.second_factor.unwrap_or(by_default) == SecondFactor::Required
    }

    /// Writes to the main store; kept pages no longer serve.
    ///
    /// # Errors
    /// What the work refuses, or a store that fails.
    pub async fn write<T>(&self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        let value = self.stores.main.write(work).await?;
        self.kept.changed();
        Ok(value)
    }

    /// Writes a campaign, then brings its ballot paper in step.
    ///
    /// # Errors
    /// As [`App::write`].
    pub async fn write_campaign<T>(&self, work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>) -> Result<T> {
        let value = self.write(work).await?;
        ballot::commands::settle(self).await?;
        Ok(value)
    }
}

impl Site {
    /// Says in the log of a start what is not as on an ordinary site.
    fn tell(&self) {
        if self.demo {
            tracing::warn!("site.json says demo: figures are invented, and anybody proves to be anybody");
        }
        if self.clock_offset != 0 {
            tracing::warn!(seconds = self.clock_offset, "site.json moves programme time by clock_offset");
        }
    }

    fn file(config: &Config) -> PathBuf {
        config.data.join("site.json")
    }

    /// Reads the facts; a directory without them is an ordinary one.
    ///
    /// # Errors
    /// A file that does not read.
    pub fn read(config: &Config) -> Result<Self> {
        let file = Self::file(config);
        match std::fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|e| Error::Internal(format!("{}: {e}", file.display())))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(Error::Internal(format!("{}: {e}", file.display()))),
        }
    }

    /// Writes the facts.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn write(&self, config: &Config) -> Result<()> {
        let file = Self::file(config);
        let text = serde_json::to_vec_pretty(self).map_err(|e| Error::Internal(e.to_string()))?;
        files::put(&file, &text)
    }
}

/// Takes a data directory for this process, making it where absent: two writers would each believe to be the only one.
///
/// # Errors
/// A directory in use by another process, or that cannot be made.
pub fn lock(data: &Path) -> Result<File> {
    let file = data.join("lock");
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("{}: {e}", file.display()));
    files::make(data).map_err(|e| failed(&e))?;
    let handle = files::private().create(true).truncate(true).open(&file).map_err(|e| failed(&e))?;
    match handle.try_lock() {
        Ok(()) => Ok(handle),
        Err(std::fs::TryLockError::WouldBlock) => Err(failed(&"another process uses this data directory")),
        Err(std::fs::TryLockError::Error(e)) => Err(failed(&e)),
    }
}

/// Tells everybody what an earlier version of the program did wrong, where one served this site.
///
/// # Errors
/// A store that fails.
pub async fn tell_incidents(stores: &Stores, clock: &Clock) -> Result<()> {
    if !ballot::queries::has_earlier_formats(&stores.ballots).await? {
        return Ok(());
    }
    let ctx = Ctx { actor: Actor::System("serve"), now: clock.now() };
    let known = &incidents::known::RECEIPTS_BY_BEGINNING;
    stores.main.write(async |tx| incidents::commands::publish_known(tx, &ctx, known).await).await
}
