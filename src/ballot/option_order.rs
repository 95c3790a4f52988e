//! The order in which the options of a questionnaire are shown: one of 64 prepared orders, named in the address.
//!
//! Readers who start at the top tick the first options more often. So every visitor gets a random order that stays the same while
//! voting. With only 64 orders, pages can still be cached as bytes. Print and audit use the fixed order of ballot numbers.

use sha2::{Digest, Sha256};

/// Number of prepared orders.
pub const ORDERS: u8 = 64;

/// The positions `0..len` in an order. The same campaign and number always give the same order: positions sorted by SHA-256 of
/// slug, number and position.
#[must_use]
pub fn order(campaign: &str, number: u8, len: usize) -> Vec<usize> {
    let mut positions: Vec<(Vec<u8>, usize)> = (0..len)
        .map(|at| {
            let digest = Sha256::digest(format!("shudu/order/1\n{campaign}\n{}\n{at}", number % ORDERS));
            (digest.to_vec(), at)
        })
        .collect();
    positions.sort();
    positions.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_holds_every_position_once() {
        let mut positions = order("s1", 17, 30);
        assert_ne!(positions, (0..30).collect::<Vec<_>>());
        positions.sort_unstable();
        assert_eq!(positions, (0..30).collect::<Vec<_>>());
    }

    #[test]
    fn over_all_orders_no_position_is_favoured_much() {
        let mut first = [0; 30];
        for number in 0..ORDERS {
            first[order("s1", number, 30)[0]] += 1;
        }
        assert!(first.iter().all(|n| *n <= 8), "{first:?}");
    }
}
