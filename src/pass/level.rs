//! The amount of work that the next anonymous pass of a network costs.
//!
//! A level is the work in thousandths of the work for the first passes of an address. The level grows with the passes that the
//! address took today. It grows more slowly with the passes of the wider networks around the address. Wider networks are measured
//! by their share of the campaign's passes, not by passes for which single addresses in them pay already. The campaign sets a
//! bound, in seconds of computation on a phone.

use crate::networks::{FREE, Seen, Width};

/// Level of an address that took few passes.
pub const BASE: u32 = 1_000;
/// Factor between the base work and one second on a phone: the base work takes a sixth of a second (measured, `docs/edge.md`).
const A_SECOND: u32 = 6;
/// Number of passes, beyond the free ones, that add the base work once.
const STEP: u32 = 4;

/// The surcharge of a wider network.
struct Rule {
    width: Width,
    /// Number of passes without effect.
    free: u32,
    /// Share of all passes without effect, in thousandths.
    fair: u64,
    /// Part of the way to the bound that is added where all passes come from the network, in percent.
    weight: u64,
}

const WIDER: [Rule; 3] = [
    Rule { width: Width::Site, free: 40, fair: 20, weight: 50 },
    Rule { width: Width::Routed, free: 200, fair: 50, weight: 50 },
    Rule { width: Width::Provider, free: 2_000, fair: 100, weight: 25 },
];

/// The highest level of a campaign that lets a phone compute for `work_seconds` seconds.
#[must_use]
pub const fn most(work_seconds: u32) -> u32 {
    let most = work_seconds.saturating_mul(A_SECOND * BASE);
    if most < BASE { BASE } else { most }
}

/// The level of the next pass, from [`BASE`] to `most`. The level never falls where more passes were taken.
#[must_use]
pub fn level(seen: &Seen, most: u32) -> u32 {
    let room = u64::from(most.saturating_sub(BASE));
    let own = u64::from(seen.count(Width::Address).saturating_sub(FREE)) * u64::from(BASE) / u64::from(STEP);
    let wider: u64 = WIDER.iter().map(|rule| rule.added(seen, room)).sum();
    BASE + u32::try_from((own + wider).min(room)).unwrap_or(0)
}

impl Rule {
    fn added(&self, seen: &Seen, room: u64) -> u64 {
        let over = u64::from(seen.count(self.width).saturating_sub(self.free));
        let share = over * 1_000 / u64::from(seen.all).max(over).max(1);
        share.saturating_sub(self.fair) * room * self.weight / 100 / (1_000 - self.fair)
    }
}

/// The target of a puzzle at a level, where the base work is `2^bits` tries for each answer.
#[must_use]
pub fn target(bits: u8, level: u32) -> u32 {
    let tries = (u64::from(level.max(BASE)) << bits.min(24)) / u64::from(BASE);
    u32::try_from(((1u64 << 32) / tries.max(1)).saturating_sub(1)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX_LEVEL: u32 = most(10);

    fn seen(address: u32, site: u32, routed: u32, provider: u32, all: u32) -> Seen {
        Seen { counts: [address, site, routed, provider], all }
    }

    #[test]
    fn an_address_that_took_little_costs_the_base_work() {
        assert_eq!(level(&seen(0, 0, 0, 0, 0), MAX_LEVEL), BASE);
        assert_eq!(level(&seen(20, 20, 20, 20, 20), MAX_LEVEL), BASE);
        // This provider has the largest share that is free for a provider.
        assert_eq!(level(&seen(1, 1, 10, 90_000, 1_000_000), MAX_LEVEL), BASE);
    }

    #[test]
    fn the_work_grows_with_the_address_and_stays_below_the_bound() {
        assert_eq!(level(&seen(24, 24, 24, 24, 10_000), MAX_LEVEL), 2_000);
        assert_eq!(level(&seen(120, 0, 0, 0, 10_000), MAX_LEVEL), 26_000);
        assert_eq!(level(&seen(500, 0, 0, 0, 10_000), MAX_LEVEL), 60_000);
        assert_eq!(level(&seen(u32::MAX, u32::MAX, u32::MAX, u32::MAX, u32::MAX), most(1)), 6_000);
        assert_eq!(most(0), BASE);
    }

    #[test]
    fn a_network_that_gives_most_passes_costs_more_although_each_address_takes_one() {
        let quiet = level(&seen(1, 1, 500, 500, 100_000), MAX_LEVEL);
        let loud = level(&seen(1, 1, 5_000, 5_000, 9_000), MAX_LEVEL);
        assert_eq!(quiet, BASE);
        assert!((15_000..MAX_LEVEL).contains(&loud), "{loud}");
    }

    #[test]
    fn the_target_is_the_share_of_blocks_that_are_answers() {
        assert_eq!(target(0, BASE), u32::MAX);
        assert_eq!(target(10, BASE), (1 << 22) - 1);
        assert_eq!(target(10, 2_500), 1_677_720);
        assert!(target(24, u32::MAX) < 2);
    }

    proptest! {
        #[test]
        fn the_level_keeps_its_bounds_and_never_falls_where_more_was_taken(
            counts in proptest::array::uniform4(0..200_000u32),
            others in 0..400_000u32,
            more in 1..50_000u32,
            seconds in 1..60u32,
        ) {
            let most = most(seconds);
            let all = counts.iter().max().unwrap() + others;
            let before = level(&Seen { counts, all }, most);
            prop_assert!((BASE..=most).contains(&before));
            let after = Seen { counts: counts.map(|n| n + more), all: all + more };
            prop_assert!(level(&after, most) >= before);
            // Passes of other networks do not raise the level.
            let quieter = Seen { counts, all: all + more };
            prop_assert!(level(&quieter, most) <= before);
        }

        #[test]
        fn more_work_is_a_smaller_target(bits in 0..15u8, level in BASE..400_000u32, more in 1..1_000u32) {
            prop_assert!(target(bits, level + more) <= target(bits, level));
            prop_assert!(target(bits + 1, level) < target(bits, level));
        }
    }
}
