//! `shudu demo`: the programme of 2018, played through the ordinary commands.
//!
//! Every ballot gets a pass and goes through the ballot box. Every move goes through the table of moves and is made by the
//! account that is responsible for it. No figure is written directly. [`data`] holds the facts, [`ballots`] invents ballots with
//! the stated totals, [`timeline`] invents the moves, [`agenda`] puts all acts in order, and [`play`] plays them. After that,
//! programme time runs on from 7 July 2018, and every page says that the figures are invented.

pub mod acceptance;
pub mod agenda;
pub mod ballots;
pub mod data;
pub mod pdf;
pub mod people;
pub mod play;
pub mod prng;
pub mod timeline;
pub mod votes;

use std::sync::Arc;

use chrono::TimeDelta;
use people::People;

use crate::app::App;
use crate::base::clock::Clock;
use crate::base::error::Result;
use crate::config::Config;
use crate::data_dir::Site;

/// Makes a fresh data directory and plays the demo into it.
///
/// # Errors
/// A directory that cannot be used; any refusal of a command.
pub async fn make(config: Config) -> Result<(Arc<App>, People)> {
    let clock = Clock::shifted(TimeDelta::zero());
    let site = Site { demo: true, clock_offset: 0 };
    site.write(&config.data)?;
    let app = App::open_at(config, site, clock).await?;
    let by_hand = app.steadiness.by_hand();
    let people = play::play(&app, data::programme()).await?;
    drop(by_hand);
    Site { clock_offset: app.clock.offset().num_seconds(), ..site }.write(&app.config.data)?;
    app.stores.main.announce().await?;
    Ok((app, people))
}
