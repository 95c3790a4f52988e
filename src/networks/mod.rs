//! Anonymous passes of each network on each day: what the work for a pass, the cap a day and the desk's figure of concentration go
//! by.
//!
//! Days are calendar days in China of system time. Networks are kept as keyed digests, in memory and in the main store ([`kept`]), for
//! two days. Challenges that were handed out and not redeemed yet count as taken; they live in memory only, as their key does, and leak
//! away when they expire.
//!
//! # Why
//! A wide network is judged by how many of its addresses take passes, so at most [`FREE`] of each address count there: an address that
//! takes more pays for them itself, and its neighbours do not.
//!
//! A row of a day is made by a pass, so a flood of made-up networks costs the work of as many passes. Open challenges cost nothing:
//! they have a table of their own, and a flood of them fills that one only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub use self::width::Width;
use self::width::around;
use crate::base::clock::day_of;
use crate::base::keys::Key;

pub mod kept;
mod width;

/// How long a challenge can be redeemed.
pub const PUZZLE_LIFETIME: TimeDelta = TimeDelta::hours(2);
/// Challenges that were handed out within so many seconds expire together.
const BUCKET: i64 = 600;
/// Rows of days, and rows of open challenges, that are kept at most; beyond, networks without a row are not counted.
const MAX_NETWORKS: usize = 2_000_000;
/// Passes of an address that cost the base work: a household, a small office.
pub const FREE: u32 = 20;
/// A routed network has so many times the cap of an address.
const ROUTED: u64 = 10;
/// One in so many passes may be had by waiting.
const TICKETS: u64 = 10;
/// The figure of concentration is about so many networks …
const BUSIEST: usize = 10;
/// … and is given where they took so many passes at least.
const LEAST_SHOWN: u64 = 50;

/// How a pass is had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By work.
    Work,
    /// By waiting.
    Ticket,
}

/// What a row counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    All,
    Address,
    /// All passes of a routed network: what its cap goes by.
    Routed,
    /// The first [`FREE`] passes of an address and of those around it: what wide networks are judged by.
    Spread(Width),
    TicketAddress,
    TicketRouted,
}

/// A row's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Subject {
    kind: Kind,
    digest: [u8; 16],
}

/// Somebody who asks for a pass in a campaign, as the counts know them.
#[derive(Clone, Debug)]
pub struct Asker {
    campaign: String,
    subjects: Vec<Subject>,
    /// Counted for the first passes of the address only.
    spread: Vec<Subject>,
}

/// What was taken today, open challenges included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// By the networks of the asker, in the order of [`Width::ALL`]; zero for a width that the address does not have. Of each
    /// address at most [`FREE`] count in the wider ones.
    pub counts: [u32; 4],
    /// By everybody.
    pub all: u32,
}

/// A cap that is reached: how many passes it allows a day, and whether it is that of passes by waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// Passes a day.
    pub cap: u64,
    /// Whether work still gets one.
    pub is_for_tickets: bool,
}

/// How concentrated a day's anonymous passes are. Shares are in percent; none where too few passes or networks are behind one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concentration {
    /// Passes of the day.
    pub passes: u64,
    /// Share of the ten addresses with most passes.
    pub addresses: Option<u64>,
    /// Share of the ten routed networks with most passes.
    pub routed: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
struct NetworkRow {
    taken: u32,
    /// How many of these the store does not know yet.
    news: u32,
}

type Day = HashMap<String, HashMap<Subject, NetworkRow>>;

#[derive(Default)]
struct Table {
    days: BTreeMap<NaiveDate, Day>,
    /// Challenges that were handed out and not redeemed, by the time at which they were.
    open: BTreeMap<i64, HashMap<Subject, u32>>,
}

/// The counts of a process.
pub struct Networks {
    key: Key,
    is_limited: bool,
    table: Mutex<Table>,
}

impl Networks {
    /// Nothing counted yet. Where allowances are lifted, nobody is counted.
    #[must_use]
    pub fn new(key: Key, is_limited: bool) -> Self {
        Self { key, is_limited, table: Mutex::default() }
    }

    /// A client as the counts know it; none where nobody is counted or nobody knows the address.
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
        let mut subjects = vec![Subject { kind: Kind::All, digest: digest("") }];
        let mut spread = Vec::new();
        for (width, text) in around {
            let digest = digest(&text);
            let capped = match width {
                Width::Address => Some((Kind::Address, Kind::TicketAddress)),
                Width::Routed => Some((Kind::Routed, Kind::TicketRouted)),
                Width::Site | Width::Provider => None,
            };
            if let Some((kind, ticket)) = capped {
                subjects.push(Subject { kind, digest });
                subjects.extend((way == Way::Ticket).then_some(Subject { kind: ticket, digest }));
            }
            spread.push(Subject { kind: Kind::Spread(width), digest });
        }
        Some(Asker { campaign: campaign.to_owned(), subjects, spread })
    }

    /// Whether the asker may have one more pass today.
    ///
    /// # Errors
    /// The cap that is reached.
    pub fn check(&self, asker: &Asker, cap: u32, system: DateTime<Utc>) -> Result<(), Full> {
        self.table().check(asker, cap, day_of(system))
    }

    /// Notes a challenge for the asker; says what was taken before.
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

    /// Counts a pass of the asker, for the challenge that was handed out at an instant (seconds since 1970).
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
        let own = asker.subjects.iter().find(|subject| subject.kind == Kind::Address);
        let before = own.map_or(0, |own| table.taken(asker, own, today));
        let has_room = table.days.values().flat_map(Day::values).map(HashMap::len).sum::<usize>() < MAX_NETWORKS;
        let rows = table.days.entry(today).or_default().entry(asker.campaign.clone()).or_default();
        // `Spread(Address)` marks open challenges only.
        for subject in asker.counted(before).filter(|subject| subject.kind != Kind::Spread(Width::Address)) {
            if has_room || rows.contains_key(subject) {
                let row = rows.entry(*subject).or_default();
                row.taken += 1;
                row.news += 1;
            }
        }
        Ok(())
    }

    /// How concentrated today's passes of a campaign are.
    #[must_use]
    pub fn concentration(&self, campaign: &str, system: DateTime<Utc>) -> Concentration {
        let table = self.table();
        let rows = table.days.get(&day_of(system)).and_then(|day| day.get(campaign));
        let of = |kind: Kind| {
            let rows = rows.into_iter().flatten().filter(move |(subject, _)| subject.kind == kind);
            rows.map(|(_, row)| u64::from(row.taken))
        };
        let passes: u64 = of(Kind::All).sum();
        let share = |kind: Kind| {
            let mut counts: Vec<u64> = of(kind).collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let busiest: u64 = counts.iter().take(BUSIEST).sum();
            let is_shown = counts.len() > BUSIEST && busiest >= LEAST_SHOWN;
            is_shown.then(|| (busiest * 100 + passes / 2) / passes.max(1))
        };
        Concentration { passes, addresses: share(Kind::Address), routed: share(Kind::Routed) }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asker {
    /// The rows that count one more pass of an address that took so many before.
    fn counted(&self, before: u32) -> impl Iterator<Item = &Subject> {
        self.subjects.iter().chain(self.spread.iter().filter(move |_| before < FREE))
    }

    /// Removes one open challenge from a bucket of time. The first challenges of an address, which wide networks count as well,
    /// are removed before its later ones.
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
        let is_for_tickets = |kind: Kind| matches!(kind, Kind::TicketAddress | Kind::TicketRouted);
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
                Kind::All => seen.all = count,
                Kind::Address => seen.counts[Width::Address.place()] = count,
                Kind::Spread(width) if width != Width::Address => seen.counts[width.place()] = count,
                Kind::Spread(_) | Kind::Routed | Kind::TicketAddress | Kind::TicketRouted => {}
            }
        }
        seen
    }

    /// Forgets challenges that cannot be redeemed any more, and those of a clock that was ahead.
    fn expire(&mut self, system: DateTime<Utc>) {
        let now = system.timestamp();
        self.open
            .retain(|bucket, _| (bucket + 1) * BUCKET + PUZZLE_LIFETIME.num_seconds() > now && bucket * BUCKET <= now);
    }
}

impl Seen {
    /// What a network of the asker took.
    #[must_use]
    pub const fn count(&self, width: Width) -> u32 {
        self.counts[width.place()]
    }
}

impl Kind {
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

    /// Its word in the store.
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

    /// Passes a day, where the campaign gives an address so many. One pass a day may always be had by waiting.
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
