//! The composition root: opens every part of the product and joins the parts. [`crate::server`] serves the result; tests and
//! the command line call it directly.

use std::fs::File;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::audit::publishing::Trail;
use crate::ballot::Ballots;
use crate::ballot::ballot_box::BallotBox;
use crate::ballot::promises::Promises;
use crate::ballot::receipts::Locators;
use crate::ballot_log::Sequencer;
use crate::base::clock::Clock;
use crate::base::clock_steadiness::Steadiness;
use crate::base::ctx::Ctx;
use crate::base::error::Result;
use crate::base::keys::Keys;
use crate::base::main_store::Changes;
use crate::base::nodes::{Nodes, Shard};
use crate::base::objects::Objects;
use crate::base::rate_limit::{Limit, PersistentLimiter};
use crate::base::store::Stores;
use crate::base::{file_modes, files, key_fingerprints};
use crate::config::Config;
use crate::data_dir::{self, Site};
use crate::edge::metrics::Metrics;
use crate::networks::Networks;
use crate::oidc::auth_request::{self, StateCookie};
use crate::page_views::PageViews;
use crate::pass::Passes;
use crate::pass::identity_source::IdentitySource;
use crate::pass::issuing::Issuing;
use crate::pass::paper::Papers;
use crate::pass::proof_of_work::Puzzles;
use crate::report::evidence::Files;
use crate::retention::Retention;
use crate::retention::last_round::LastRound;
use crate::sign_in::Authentication;
use crate::sign_in::password_blocklist::PasswordBlocklist;
use crate::sign_in::second_factor::SecondFactor;
use crate::sign_in::second_factor::passkeys::Passkeys;
use crate::sign_in::sign_on::SignOn;
use crate::sign_in::throttle::{self, Throttle};
use crate::web::response_cache::ResponseCache;
use crate::{audit, ballot, incidents, pass, programme, report};

/// Every part of a running site.
pub struct App {
    /// Settings of the site, resolved.
    pub config: Config,
    /// Facts about the data directory.
    pub site: Site,
    /// The three stores: main, ballots, register.
    pub stores: Stores,
    /// Secret keys of the site.
    pub keys: Keys,
    /// Leases of this process beside those of others.
    pub nodes: Nodes,
    /// Clock of the site, for programme time and system time.
    pub clock: Clock,
    /// Check whether the clock is reliable enough for irreversible acts.
    pub steadiness: Steadiness,
    /// Rate limiter whose counts survive a restart.
    pub limiter: Arc<PersistentLimiter>,
    /// Issuing of passes, and ballot papers.
    pub passes: Arc<Passes>,
    /// Ballot box, and the public logs of ballots.
    pub ballots: Arc<Ballots>,
    /// Accounts and sign-in of staff.
    pub authentication: Authentication,
    /// Publisher of the signed checkpoints of the audit trail.
    pub trail: Trail,
    /// Store of evidence files.
    pub files: Files,
    /// Daily purge of data whose retention period is over.
    pub retention: Retention,
    /// Metrics of all requests.
    pub watch: Metrics,
    /// Views of the public pages of campaigns.
    pub page_views: PageViews,
    /// Cache of public pages.
    pub response_cache: ResponseCache,
    /// Lock of the data directory, held while the process uses the directory.
    _lock: File,
}

impl App {
    /// Opens a data directory, and makes the directory where absent: keys, stores with the schema of this version, reference
    /// data.
    ///
    /// # Errors
    /// A directory in use by another process, stores made with other keys, any part that cannot be opened.
    pub async fn open(config: Config) -> Result<Arc<Self>> {
        let site = Site::read(&config.data)?;
        let clock = Clock::shifted(TimeDelta::seconds(site.clock_offset));
        Self::open_at(config, site, clock).await
    }

    /// As [`App::open`], with a given clock: for tests and for the demo.
    ///
    /// # Errors
    /// As [`App::open`].
    pub async fn open_at(config: Config, site: Site, clock: Clock) -> Result<Arc<Self>> {
        let data = &config.data;
        let lock = data_dir::lock(data)?;
        data_dir::refuse_unfinished(data)?;
        let key_folder = Keys::folder(data);
        file_modes::guard(data, |file| file.parent() == Some(&key_folder))?;
        site.log_differences();
        let stores = Stores::connect(data, &config.store_urls()).await?;
        let turn = stores.migrate().await?;
        let keys = key_fingerprints::open(data, &stores).await?;
        audit::adopting::adopt(&stores.main).await?;
        publish_known_incidents(&stores, &clock).await?;
        stores.main.write(Changes::Internal, programme::reference::fill).await?;
        drop(turn);
        stores.main.follow().await?;
        let shard = Shard::default();
        let state_cookie = Arc::new(StateCookie::of(&keys.site));
        let limiter = Arc::new(PersistentLimiter::new(keys.site.derive("counts", ""), config.edge.has_allowances));
        let shared = Shared {
            config: &config,
            site,
            stores: &stores,
            keys: &keys,
            clock: &clock,
            shard: &shard,
            limiter: &limiter,
            state_cookie,
        };
        let passes = Arc::new(shared.passes()?);
        let objects = config.open_objects()?;
        let ballots = Arc::new(shared.ballots(&passes, objects.clone()));
        let authentication = shared.authentication()?;
        ballot::consistency::check(&ballots, clock.now()).await?;
        ballot::paper_sync::settle(&ballots, clock.now()).await?;
        sync_papers_after_writes(&stores, &ballots);
        let files = Files::of(data, objects.clone(), config.clamav.clone());
        let trail = Trail::open(objects, &config.site, &keys.log, config.audit_every).await?;
        let page_views = PageViews::default();
        Ok(Arc::new(Self {
            passes,
            ballots,
            authentication,
            trail,
            retention: Retention {
                stores: stores.clone(),
                files: files.clone(),
                keep: config.keep,
                last_round: LastRound::default(),
            },
            files,
            watch: Metrics::default(),
            response_cache: ResponseCache::new(clock.clone(), stores.main.public().clone(), page_views.clone()),
            page_views,
            steadiness: Steadiness::new(clock.clone(), config.settle_after),
            limiter,
            _lock: lock,
            nodes: Nodes::new(stores.main.clone(), shard, data, config.objects.is_some()),
            config,
            site,
            stores,
            keys,
            clock,
        }))
    }

    /// Whether this process can take ballots and keep them: the stores answer, are the files that were opened and have a schema of
    /// this version; the writers are alive; the logs are in their place; the disk has room. What is missing goes to the log of the
    /// process.
    ///
    /// # Errors
    /// A store that does not answer.
    pub async fn is_ready(&self) -> Result<bool> {
        let (data, ballots) = (self.config.data.clone(), &self.ballots);
        let has_room = files::blocking(move || Ok(files::has_room(&data))).await?;
        let parts = [
            ("a store", self.stores.ready().await?),
            ("the writer of ballots", ballots.ballot_box.is_alive()),
            ("the writer of passes", self.passes.issuing.is_alive()),
            // Votes need no object store, which is apart from this machine.
            ("a log of ballots", self.config.objects.is_some() || ballots.sequencer.is_in_place().await?),
            ("room on the disk", has_room),
            ("the lease of this node, or a clock as that of the database", self.nodes.is_in_step()),
            ("a process that goes on", !self.nodes.is_stopping()),
        ];
        for (missing, _) in parts.iter().filter(|(_, is_there)| !is_there) {
            tracing::error!(missing, "not ready");
        }
        Ok(parts.iter().all(|(_, is_there)| *is_there))
    }

    /// All rate limits that the limiter counts.
    #[must_use]
    pub fn limits() -> Vec<Limit> {
        let others =
            [pass::flows::REAL_NAMES, auth_request::RETURNS, report::commands::FILES, report::commands::REPORTS];
        throttle::RULES.into_iter().chain(others).collect()
    }
}

/// Parts that several slices share.
struct Shared<'a> {
    config: &'a Config,
    site: Site,
    stores: &'a Stores,
    keys: &'a Keys,
    clock: &'a Clock,
    shard: &'a Shard,
    limiter: &'a Arc<PersistentLimiter>,
    state_cookie: Arc<StateCookie>,
}

impl Shared<'_> {
    fn passes(&self) -> Result<Passes> {
        let Self { config, stores, keys, shard, .. } = self;
        Ok(Passes {
            papers: Papers::new(stores.ballots.clone(), (*keys).clone()),
            issuing: Issuing::start(stores, (*shard).clone(), keys),
            puzzles: Puzzles::new(config.pass_bits),
            networks: Networks::new(keys.site.derive("networks", ""), config.edge.has_allowances),
            identity_source: IdentitySource::of(
                self.site.demo,
                config.identity_source.clone(),
                &config.public_address(),
            )?,
            limiter: Arc::clone(self.limiter),
            state_cookie: Arc::clone(&self.state_cookie),
            stores: (*stores).clone(),
        })
    }

    fn ballots(&self, passes: &Arc<Passes>, objects: Objects) -> Ballots {
        let Self { config, stores, keys, clock, shard, .. } = self;
        let store = &stores.ballots;
        let (papers, locators) = (passes.papers.clone(), Locators::of(&keys.site));
        let sequencer = Sequencer::new(store.clone(), papers.clone(), keys.log.clone(), objects, config.site.clone());
        let promises = Promises { sequencer: sequencer.clone(), papers, locators: locators.clone() };
        Ballots {
            ballot_box: BallotBox::start(store.clone(), (*shard).clone(), (*clock).clone(), promises),
            sequencer,
            locators,
            passes: Arc::clone(passes),
            lost_registers: config.lost_registers.clone(),
            witnesses: config.witnesses.clone(),
            stores: (*stores).clone(),
            keys: (*keys).clone(),
            clock: (*clock).clone(),
        }
    }

    fn authentication(&self) -> Result<Authentication> {
        let Self { config, stores, keys, .. } = self;
        let address = config.public_address();
        let by_default = if self.site.demo { SecondFactor::Optional } else { SecondFactor::Required };
        Ok(Authentication {
            throttle: Throttle::new(Arc::clone(self.limiter)),
            blocklist: config
                .avoided_passwords
                .as_deref()
                .map(PasswordBlocklist::read)
                .transpose()?
                .unwrap_or_default(),
            passkeys: Passkeys::of(config.address.as_ref())?,
            single_sign_on: config.single_sign_on.clone().map(|own| SignOn::of(own, &address)).transpose()?,
            state_cookie: Arc::clone(&self.state_cookie),
            sessions: config.sessions,
            demands_second_factor: config.second_factor.unwrap_or(by_default) == SecondFactor::Required,
            address,
            main: stores.main.clone(),
            keys: (*keys).clone(),
        })
    }
}

/// Installs the hook that brings the ballot papers in step after every write of campaigns, before the write answers. The hook
/// holds a weak reference, so no part outlives the app because of the hook.
fn sync_papers_after_writes(stores: &Stores, ballots: &Arc<Ballots>) {
    let ballots = Arc::downgrade(ballots);
    stores.main.after_campaigns(move || {
        let ballots = ballots.upgrade();
        async move {
            match ballots {
                Some(ballots) => ballot::paper_sync::settle(&ballots, ballots.clock.now()).await,
                None => Ok(()),
            }
        }
    });
}

/// Publishes the known incident of earlier versions, where an earlier version served this site.
///
/// # Errors
/// A store that fails.
pub async fn publish_known_incidents(stores: &Stores, clock: &Clock) -> Result<()> {
    if !ballot::queries::has_receipts_by_beginning(&stores.ballots).await? {
        return Ok(());
    }
    let ctx = Ctx::system("serve", clock);
    let known = &incidents::known::RECEIPTS_BY_BEGINNING;
    stores.main.write(Changes::Public, async |tx| incidents::commands::publish_known(tx, &ctx, known).await).await
}
