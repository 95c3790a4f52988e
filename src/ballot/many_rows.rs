//! Statements that insert many rows at once: always the same ten statements, each prepared once.
//!
//! Every number of rows needs its own statement, and writing and preparing a statement costs more than running it. So rows are
//! inserted in powers of two, largest first.

use sea_orm::{DbBackend, Statement, Value};

use crate::base::group_commit::MAX_BATCH;

/// An insert of `N` columns for 1, 2, 4, … 512 rows.
pub struct ManyRows<const N: usize> {
    backend: DbBackend,
    texts: Vec<String>,
}

impl<const N: usize> ManyRows<N> {
    /// Prepares the texts of the statements; `before` and `after` enclose the rows.
    #[must_use]
    pub fn new(backend: DbBackend, before: &str, after: &str) -> Self {
        let slot = |n: usize| if backend == DbBackend::Postgres { format!("${n}") } else { "?".to_owned() };
        let row = |r: usize| {
            let slots: Vec<String> = (1..=N).map(|c| slot(r * N + c)).collect();
            format!("({})", slots.join(","))
        };
        let rows: Vec<String> = (0..MAX_BATCH).map(row).collect();
        let texts = (0..=MAX_BATCH.ilog2()).map(|power| format!("{before} {} {after}", rows[..1 << power].join(",")));
        Self { backend, texts: texts.collect() }
    }

    /// The statements that insert these rows, in order.
    pub fn of(&self, rows: Vec<[Value; N]>) -> impl Iterator<Item = Statement> {
        let mut rows = rows.into_iter();
        std::iter::from_fn(move || {
            let power = rows.len().min(MAX_BATCH).checked_ilog2()?;
            let values: Vec<Value> = rows.by_ref().take(1 << power).flatten().collect();
            Some(Statement::from_sql_and_values(self.backend, self.texts.get(power as usize)?, values))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_powers_of_two_and_none_is_lost() {
        let many = ManyRows::<2>::new(DbBackend::Postgres, "INSERT INTO t (a, b) VALUES", "ON CONFLICT DO NOTHING");
        for count in [0, 1, 2, 3, 200, 511, 512, 513, 1300] {
            let rows: Vec<[Value; 2]> = (0..count).map(|n: i32| [n.into(), (-n).into()]).collect();
            let mut next = 0..count;
            for statement in many.of(rows) {
                let values = statement.values.unwrap().0;
                assert!((values.len() / 2).is_power_of_two());
                assert_eq!(statement.sql.matches('(').count(), values.len() / 2 + 1);
                assert!(statement.sql.contains(&format!("${})", values.len())));
                for row in values.chunks(2) {
                    assert_eq!(row[0], next.next().unwrap().into());
                }
            }
            assert!(next.is_empty(), "{count}");
        }
    }
}
