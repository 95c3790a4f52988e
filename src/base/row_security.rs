//! The second wall around what belongs to a province. The first one is [`Provinces`]: queries of assignments do not compile
//! without it. This one stands in PostgreSQL (row-level security, migration 14) and holds where a query forgets to ask: once it
//! is known who sends a request and how far that person reaches, everything that the request reads or writes in the main store
//! goes through connections on which rows of other provinces do not exist.
//!
//! Members of staff who reach every province have no wall, nor has anybody who is not signed in: public pages show no more than
//! the public projection, of all provinces. SQLite has no such thing; there the first wall stands alone.

use std::future::Future;
use std::sync::OnceLock;

use sea_orm::sqlx::{Executor, PgConnection};
use sea_orm::{ConnectOptions, sqlx};

use crate::base::access::Provinces;

tokio::task_local! {
    /// The codes of the provinces that the request of this task reaches, once somebody said so.
    static REACH: OnceLock<String>;
}

/// What stands for no province at all: an empty text would be no wall.
const NOWHERE: &str = "-";

/// Runs a request, in front of which a wall may be raised.
pub async fn before<F: Future>(request: F) -> F::Output {
    REACH.scope(OnceLock::new(), request).await
}

/// From here on this request reaches these provinces and no others. What is not a request (commands of the console, the
/// clockwork) has no wall.
pub fn raise(reached: &Provinces) {
    let Some(codes) = reached.codes() else {
        return;
    };
    let reach = if codes.is_empty() { NOWHERE.to_owned() } else { codes.iter().cloned().collect::<Vec<_>>().join(" ") };
    // Raised twice, by two extractors of one request, it is the same one.
    let _ = REACH.try_with(|standing| standing.set(reach));
}

/// Whether this request stands before one.
#[must_use]
pub fn stands() -> bool {
    REACH.try_with(|standing| standing.get().is_some()).unwrap_or(false)
}

/// Makes every connection of a pool take the wall of the request that asks for it; of none where no request does.
pub fn build(options: &mut ConnectOptions) {
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(confine(connection)))
            .before_acquire(|connection, _| Box::pin(async move { confine(connection).await.map(|()| true) }))
    });
}

async fn confine(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let reach = REACH.try_with(|standing| standing.get().cloned()).ok().flatten();
    let set =
        sqlx::query("SELECT set_config('shudu.reach', $1, false)").bind(reach.unwrap_or_else(|| NOWHERE.to_owned()));
    connection.execute(set).await.map(|_| ())
}
