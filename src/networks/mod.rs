//! Counts of the anonymous passes of each network on each day.
//!
//! Three rules use the counts: the work for a pass, the cap a day and the desk's figure of concentration. Days are calendar days
//! in China, in system time. Networks are kept for two days as keyed digests (HMAC), in memory and in the main store ([`kept`]).
//! Open puzzles, which were handed out and not redeemed yet, count as taken. Open puzzles live in memory only, like the key
//! that makes them, and are forgotten when they expire.
//!
//! # Why
//! A wide network is judged by how many of its addresses take passes. So at most [`FREE`] passes of each address count in a wide
//! network: an address that takes more pays with more work, and its neighbours do not.
//!
//! Only a pass makes a row of a day, so a flood of made-up networks costs the work of as many passes. Open puzzles cost
//! nothing. Therefore open puzzles have a table of their own, and a flood of puzzles fills that table only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use self::width::Width;
use self::width::around;
use crate::base::clock::day_of;
use crate::base::keys::Key;

pub mod kept;
mod width;

/// Time in which a puzzle can be redeemed.
pub const PUZZLE_LIFETIME: TimeDelta = TimeDelta::hours(2);
/// Width of a time bucket, in seconds. All puzzles of one bucket expire together.
const BUCKET: i64 = 600;
/// Most rows of days, and most rows of open puzzles. Beyond this number, networks without a row are not counted.
const MAX_NETWORKS: usize = 2_000_000;
/// Passes of one address a day at the base work: enough for a household or a small office.
pub const FREE: u32 = 20;
/// The cap of a routed network is this many times the cap of an address.
const ROUTED: u64 = 10;
/// One pass in this many may be had by waiting.
const TICKETS: u64 = 10;
/// Number of networks that the figure of concentration adds up.
const BUSIEST: usize = 10;
/// Fewest passes of these networks at which the figure is shown.
const LEAST_SHOWN: u64 = 50;

/// Way to get a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By work: the client solves a puzzle.
    Work,
    /// By waiting: the client redeems a ticket.
    Ticket,
}

/// Kind of a row: the set of passes that the row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum CountedSet {
    All,
    Address,
    /// All passes of a routed network. The cap of the network uses this count.
    Routed,
    /// The first [`FREE`] passes of each address in a network of this width. Wide networks are judged by this count.
    Spread(Width),
    TicketAddress,
    TicketRouted,
}

/// Key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Subject {
    kind: CountedSet,
    digest: [u8; 16],
}

/// Client that asks for a pass in a campaign, as the counts know the client.
#[derive(Clone, Debug)]
pub struct Asker {
    campaign: String,
    subjects: Vec<Subject>,
    /// Rows that count only the first passes of the address.
    spread: Vec<Subject>,
}

/// Passes that were taken today, open puzzles included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Passes of the asker's networks, in the order of [`Width::ALL`]; zero for a width that the address does not have. The wider
    /// networks count at most [`FREE`] passes of each address.
    pub counts: [u32; 4],
    /// Passes of all networks.
    pub all: u32,
}

/// A cap that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// Passes a day that the cap allows.
    pub cap: u64,
    /// Whether the cap is that of passes by waiting. Then a pass can still be had by work.
    pub is_for_tickets: bool,
}

/// Concentration of a day's anonymous passes on few networks. Shares are in percent; none where too few passes or networks are
/// behind a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// Number of passes of the day.
    pub passes: u64,
    /// Share of the ten addresses with the most passes.
    pub addresses: Option<u64>,
    /// Share of the ten routed networks with the most passes.
    pub routed: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct NetworkRow {
    taken: u32,
    /// Passes among `taken` that the store does not know yet.
    news: u32,
}

type Day = HashMap<String, HashMap<Subject, NetworkRow>>;

#[derive(Default)]
struct Table {
    days: BTreeMap<NaiveDate, Day>,
    /// Open puzzles, by the time bucket in which they were handed out.
    open: BTreeMap<i64, HashMap<Subject, u32>>,
}

/// The counts of one process.
pub struct Networks {
    key: Key,
    is_limited: bool,
    table: Mutex<Table>,
}

impl Networks {
    /// Counts that are empty. Where allowances are lifted (`is_limited` is false), no client is counted.
    #[must_use]
    pub fn new(key: Key, is_limited: bool) -> Self {
        Self { key, is_limited, table: Mutex::default() }
    }

    /// The client as the counts know it; none where clients are not counted, or where the address is unknown.
    #[must_use]
    pub fn asker(&self, campaign: &str, peer: &str, way: Way) -> Option<Asker> {
        let around = around(peer);
        if around.is_empty() || !self.is_limited {
            return None;
        }
        let digest = |text: &str| {
            let mac = self.key.mac(&[b"network/1", campaign.as_bytes(), text.as_bytes()]);
            mac.first_chunk().copied().unwrap_or_default()
        };
        let mut subjects = vec![Subject { kind: CountedSet::All, digest: digest("") }];
        let mut spread = Vec::new();
        for (width, text) in around {
            let digest = digest(&text);
            let capped = match width {
                Width::Address => Some((CountedSet::Address, CountedSet::TicketAddress)),
                Width::Routed => Some((CountedSet::Routed, CountedSet::TicketRouted)),
                Width::Site | Width::Provider => None,
            };
            if let Some((kind, ticket)) = capped {
                subjects.push(Subject { kind, digest });
                subjects.extend((way == Way::Ticket).then_some(Subject { kind: ticket, digest }));
            }
            spread.push(Subject { kind: CountedSet::Spread(width), digest });
        }
        Some(Asker { campaign: campaign.to_owned(), subjects, spread })
    }

    /// Checks that the asker may have one more pass today.
    ///
    /// # Errors
    /// The cap that is reached.
    pub fn check(&self, asker: &Asker, cap: u32, system: DateTime<Utc>) -> Result<(), Full> {
        self.table().check(asker, cap, day_of(system))
    }

    /// Counts an open puzzle for the asker. Returns the passes that were taken before.
    pub fn open(&self, asker: &Asker, system: DateTime<Utc>) -> Seen {
        let mut table = self.table();
        table.expire(system);
        let seen = table.seen(asker, day_of(system));
        let has_room = table.open.values().map(HashMap::len).sum::<usize>() < MAX_NETWORKS;
        let bucket = table.open.entry(system.timestamp() / BUCKET).or_default();
        for subject in asker.counted(seen.count(Width::Address)) {
            match bucket.get_mut(subject) {
                Some(count) => *count += 1,
                None if has_room => drop(bucket.insert(*subject, 1)),
                None => {}
            }
        }
        seen
    }

    /// Counts a pass of the asker. `opened` is the instant at which its puzzle was handed out, in seconds since 1970.
    ///
    /// # Errors
    /// The cap that is reached; then nothing is counted.
    pub fn take(&self, asker: &Asker, cap: u32, opened: i64, system: DateTime<Utc>) -> Result<(), Full> {
        let today = day_of(system);
        let mut table = self.table();
        table.check(asker, cap, today)?;
        if let Some(bucket) = table.open.get_mut(&(opened / BUCKET)) {
            asker.redeem(bucket);
        }
        let own = asker.subjects.iter().find(|subject| subject.kind == CountedSet::Address);
        let before = own.map_or(0, |own| table.taken(asker, own, today));
        let has_room = table.days.values().flat_map(Day::values).map(HashMap::len).sum::<usize>() < MAX_NETWORKS;
        let rows = table.days.entry(today).or_default().entry(asker.campaign.clone()).or_default();
        // Rows of `Spread(Address)` exist for open puzzles only.
        for subject in asker.counted(before).filter(|subject| subject.kind != CountedSet::Spread(Width::Address)) {
            if has_room || rows.contains_key(subject) {
                let row = rows.entry(*subject).or_default();
                row.taken += 1;
                row.news += 1;
            }
        }
        Ok(())
    }

    /// Concentration of today's passes of a campaign.
    #[must_use]
    pub fn concentration(&self, campaign: &str, system: DateTime<Utc>) -> Concentration {
        let table = self.table();
        let rows = table.days.get(&day_of(system)).and_then(|day| day.get(campaign));
        let of = |kind: CountedSet| {
            let rows = rows.into_iter().flatten().filter(move |(subject, _)| subject.kind == kind);
            rows.map(|(_, row)| u64::from(row.taken))
        };
        let passes: u64 = of(CountedSet::All).sum();
        let share = |kind: CountedSet| {
            let mut counts: Vec<u64> = of(kind).collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let busiest: u64 = counts.iter().take(BUSIEST).sum();
            let is_shown = counts.len() > BUSIEST && busiest >= LEAST_SHOWN;
            is_shown.then(|| (busiest * 100 + passes / 2) / passes.max(1))
        };
        Concentration { passes, addresses: share(CountedSet::Address), routed: share(CountedSet::Routed) }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asker {
    /// Rows that count one more pass of the address, which took `before` passes already.
    fn counted(&self, before: u32) -> impl Iterator<Item = &Subject> {
        self.subjects.iter().chain(self.spread.iter().filter(move |_| before < FREE))
    }

    /// Removes one open puzzle from a time bucket. The first puzzles of an address, which wide networks count as well, are
    /// removed before its later puzzles.
    fn redeem(&self, open: &mut HashMap<Subject, u32>) {
        let is_first = self.spread.first().is_some_and(|own| open.contains_key(own));
        for subject in self.subjects.iter().chain(self.spread.iter().filter(|_| is_first)) {
            if let Some(count) = open.get_mut(subject) {
                *count -= 1;
                if *count == 0 {
                    open.remove(subject);
                }
            }
        }
    }
}

impl Table {
    fn taken(&self, asker: &Asker, subject: &Subject, day: NaiveDate) -> u32 {
        let rows = self.days.get(&day).and_then(|day| day.get(&asker.campaign));
        rows.and_then(|rows| rows.get(subject)).map_or(0, |row| row.taken)
    }

    fn check(&self, asker: &Asker, cap: u32, day: NaiveDate) -> Result<(), Full> {
        let is_for_tickets = |kind: CountedSet| matches!(kind, CountedSet::TicketAddress | CountedSet::TicketRouted);
        let reached = asker.subjects.iter().find_map(|subject| {
            let cap = subject.kind.cap(cap)?;
            let is_reached = u64::from(self.taken(asker, subject, day)) >= cap;
            is_reached.then_some(Full { cap, is_for_tickets: is_for_tickets(subject.kind) })
        });
        reached.map_or(Ok(()), Err)
    }

    fn seen(&self, asker: &Asker, day: NaiveDate) -> Seen {
        let mut seen = Seen::default();
        for subject in asker.subjects.iter().chain(&asker.spread) {
            let open: u32 = self.open.values().filter_map(|bucket| bucket.get(subject)).sum();
            let count = self.taken(asker, subject, day).saturating_add(open);
            match subject.kind {
                CountedSet::All => seen.all = count,
                CountedSet::Address => seen.counts[Width::Address.place()] = count,
                CountedSet::Spread(width) if width != Width::Address => seen.counts[width.place()] = count,
                CountedSet::Spread(_) | CountedSet::Routed | CountedSet::TicketAddress | CountedSet::TicketRouted => {}
            }
        }
        seen
    }

    /// Forgets puzzles that cannot be redeemed any more, and puzzles from the future, which a clock that was ahead left
    /// behind.
    fn expire(&mut self, system: DateTime<Utc>) {
        let now = system.timestamp();
        self.open
            .retain(|bucket, _| (bucket + 1) * BUCKET + PUZZLE_LIFETIME.num_seconds() > now && bucket * BUCKET <= now);
    }
}

impl Seen {
    /// Passes that the asker's network of this width took.
    #[must_use]
    pub const fn count(&self, width: Width) -> u32 {
        self.counts[width.place()]
    }
}

impl CountedSet {
    const ALL: [Self; 9] = [
        Self::All,
        Self::Address,
        Self::Routed,
        Self::Spread(Width::Address),
        Self::Spread(Width::Site),
        Self::Spread(Width::Routed),
        Self::Spread(Width::Provider),
        Self::TicketAddress,
        Self::TicketRouted,
    ];

    /// Name of the kind in the store.
    const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Address => "address",
            Self::Routed => "routed",
            Self::Spread(Width::Address) => "spread_address",
            Self::Spread(Width::Site) => "spread_site",
            Self::Spread(Width::Routed) => "spread_routed",
            Self::Spread(Width::Provider) => "spread_provider",
            Self::TicketAddress => "ticket_address",
            Self::TicketRouted => "ticket_routed",
        }
    }

    /// Passes a day that a row allows, where `cap` is the campaign's cap for one address. One pass a day may always be had by
    /// waiting.
    fn cap(self, cap: u32) -> Option<u64> {
        let cap = u64::from(cap);
        match self {
            Self::Address => Some(cap),
            Self::Routed => Some(cap * ROUTED),
            Self::TicketAddress => Some((cap / TICKETS).max(1)),
            Self::TicketRouted => Some((cap * ROUTED / TICKETS).max(1)),
            Self::All | Self::Spread(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
