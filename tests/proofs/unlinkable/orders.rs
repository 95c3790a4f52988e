//! All orders in which the rows of a store can be found: as selected, by key, and by the position of their bytes in the database
//! file and its write-ahead log, including free pages and old frames. On PostgreSQL, the orders are by physical place and by
//! transaction.

use std::collections::HashMap;
use std::path::Path;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use shudu::base::store::Store;

/// Identifier of a row: a nullifier or a serial.
pub type Row = [u8; 32];

/// One order of rows: a position for each row that has one.
pub struct Order {
    pub name: String,
    pub positions: HashMap<Row, u64>,
}

impl Order {
    /// An order in which the rows have the positions of the iterator.
    pub fn of(name: &str, rows: impl IntoIterator<Item = Row>) -> Self {
        Self { name: name.to_owned(), positions: rows.into_iter().zip(0..).collect() }
    }
}

/// Size of a page in an SQLite file, in bytes.
const PAGE: u64 = 4096;

/// All orders of a table with one key column.
pub async fn of_table(store: &Store, file: &Path, table: &str, column: &str) -> Vec<Order> {
    let selected = select(store, &format!("SELECT {column} FROM {table}")).await;
    let mut sorted = selected.clone();
    sorted.sort_unstable();
    let mut orders = vec![Order::of("selection", selected.clone()), Order::of("key", sorted)];
    if store.backend() == DbBackend::Postgres {
        for order in ["ctid", "xmin::text::bigint, ctid", "cmin::text::bigint, ctid"] {
            let rows = select(store, &format!("SELECT {column} FROM {table} ORDER BY {order}")).await;
            orders.push(Order::of(order, rows));
        }
        return orders;
    }
    for (name, path) in [("file", file.to_owned()), ("write-ahead log", file.with_extension("db-wal"))] {
        let bytes = std::fs::read(&path).unwrap_or_default();
        let found = places(&bytes, &selected);
        let order = |what: &str, place: fn(&[u64]) -> u64| Order {
            name: format!("{what} in the {name}"),
            positions: found.iter().map(|(row, at)| (*row, place(at))).collect(),
        };
        orders.push(order("first place", |at| at[0]));
        orders.push(order("last place", |at| at[at.len() - 1]));
        // SQLite writes a new row into a page before the earlier rows.
        orders.push(order("place in a page", |at| PAGE - at[at.len() - 1] % PAGE));
        orders.push(order("number of copies", |at| at.len() as u64));
    }
    orders
}

async fn select(store: &Store, sql: &str) -> Vec<Row> {
    let rows = store.db().query_all_raw(Statement::from_string(store.backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index::<Vec<u8>>(0).unwrap().try_into().unwrap()).collect()
}

/// Positions of the rows in the bytes, ascending.
fn places(bytes: &[u8], rows: &[Row]) -> HashMap<Row, Vec<u64>> {
    let by_head: HashMap<u64, Row> = rows.iter().map(|row| (tail(row), *row)).collect();
    let mut found: HashMap<Row, Vec<u64>> = HashMap::new();
    for (at, window) in bytes.windows(32).enumerate() {
        let window: &Row = window.try_into().unwrap();
        if by_head.get(&tail(window)).is_some_and(|row| row == window) {
            found.entry(*window).or_default().push(at as u64);
        }
    }
    found
}

/// Last eight bytes of a row, in which rows differ; serials of one day begin alike.
fn tail(row: &Row) -> u64 {
    row.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}
