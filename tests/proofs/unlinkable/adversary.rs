//! An adversary who joins two tables by every pair of orders: the first row of a day in one table with the first row of that day
//! in the other. The adversary learns the best pair on half of the days, where the truth is known. The score counts only the
//! other half.

use std::collections::HashMap;

use super::orders::{Order, Row};

/// The hidden truth about one voter: day of voting and the rows in both stores. Voters are listed in the order in which they
/// came.
pub struct Voter {
    pub day: usize,
    pub nullifier: Row,
    pub serial: Row,
}

/// Result of a join.
pub struct Joined {
    /// Names of the two orders that were learned.
    pub how: String,
    /// Number of voters on the days that count; `right` is the number of them who were joined with their own ballots.
    pub voters: usize,
    pub right: usize,
}

/// Learns the best pair of orders on the even days and joins the odd days.
pub fn join(voters: &[Voter], register: &[Order], ballots: &[Order]) -> Joined {
    let days = 1 + voters.iter().map(|voter| voter.day).max().unwrap_or(0);
    let truth: HashMap<Row, Row> = voters.iter().map(|voter| (voter.nullifier, voter.serial)).collect();
    let tables: Vec<Vec<&Voter>> = (0..days).map(|day| voters.iter().filter(|v| v.day == day).collect()).collect();
    let right = |here: &Order, there: &Order, parity: usize| -> usize {
        tables.iter().skip(parity).step_by(2).map(|day| right_of_day(day, here, there, &truth)).sum()
    };
    let pairs = register.iter().flat_map(|here| ballots.iter().map(move |there| (here, there)));
    let (here, there) = pairs.max_by_key(|(here, there)| right(here, there, 0)).unwrap();
    Joined {
        how: format!("{} with {}", here.name, there.name),
        voters: tables.iter().skip(1).step_by(2).map(Vec::len).sum(),
        right: right(here, there, 1),
    }
}

fn right_of_day(day: &[&Voter], here: &Order, there: &Order, truth: &HashMap<Row, Row>) -> usize {
    let nullifiers = sorted(day.iter().map(|voter| voter.nullifier), here);
    let serials = sorted(day.iter().map(|voter| voter.serial), there);
    nullifiers.iter().zip(&serials).filter(|(nullifier, serial)| truth.get(*nullifier) == Some(serial)).count()
}

/// The rows in an order; rows without a position come last, by key.
fn sorted(rows: impl Iterator<Item = Row>, order: &Order) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_unstable_by_key(|row| (order.positions.get(row).copied().unwrap_or(u64::MAX), *row));
    rows
}

/// Spearman's rank correlation, within each day, between the order in which voters came and an order of their rows.
pub fn correlation(voters: &[Voter], order: &Order, row: fn(&Voter) -> Row) -> f64 {
    let days = 1 + voters.iter().map(|voter| voter.day).max().unwrap_or(0);
    let (mut products, mut squares) = (0.0, 0.0);
    for day in 0..days {
        let came: Vec<Row> = voters.iter().filter(|voter| voter.day == day).map(row).collect();
        let rank: HashMap<Row, usize> = sorted(came.iter().copied(), order).into_iter().zip(0..).collect();
        let middle = (came.len() as f64 - 1.0) / 2.0;
        for (at, row) in came.iter().enumerate() {
            products += (at as f64 - middle) * (rank[row] as f64 - middle);
            squares += (at as f64 - middle).powi(2);
        }
    }
    if squares == 0.0 { 0.0 } else { products / squares }
}
