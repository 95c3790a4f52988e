//! Row-level security: the second check that a request sees only the rows of its provinces.
//!
//! The first check is [`Provinces`], an argument without which queries of assignments do not compile. The second check is made by
//! PostgreSQL (policies of migration 14) and holds where a query forgets the first. Once the sign-in is known, all reads and
//! writes of the request in the main store use connections on which rows of other provinces do not exist.
//!
//! Staff of every province and visitors are not confined: public pages show the public projection of all provinces. SQLite has no
//! row-level security; only the first check exists there.

use std::future::Future;
use std::sync::OnceLock;

use sea_orm::sqlx::{Executor, PgConnection};
use sea_orm::{ConnectOptions, sqlx};

use crate::base::access::Provinces;

tokio::task_local! {
    /// Codes of the provinces that the current request is confined to; unset while the request is not confined.
    static REACH: OnceLock<String>;
}

/// Setting of a database session that sees no province. An empty text would mean that the session is not confined.
const NOWHERE: &str = "-";

/// Runs a request that [`enter`] may confine.
pub async fn scope<F: Future>(request: F) -> F::Output {
    REACH.scope(OnceLock::new(), request).await
}

/// Confines the current request to these provinces until its end. Without a request (console commands, the scheduler) nothing is
/// confined.
pub fn enter(reached: &Provinces) {
    let Some(codes) = reached.codes() else {
        return;
    };
    let reach = if codes.is_empty() { NOWHERE.to_owned() } else { codes.iter().cloned().collect::<Vec<_>>().join(" ") };
    // Two extractors of one request set the same value.
    let _ = REACH.try_with(|current| current.set(reach));
}

/// Whether the current request is confined.
#[must_use]
pub fn is_confined() -> bool {
    REACH.try_with(|current| current.get().is_some()).unwrap_or(false)
}

/// Sets the provinces of the current request on every connection that a pool hands out. Outside a confined request the connection
/// sees no province.
pub fn configure_pool(options: &mut ConnectOptions) {
    options.map_sqlx_postgres_pool_opts(|pool| {
        pool.after_connect(|connection, _| Box::pin(confine(connection)))
            .before_acquire(|connection, _| Box::pin(async move { confine(connection).await.map(|()| true) }))
    });
}

async fn confine(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let reach = REACH.try_with(|current| current.get().cloned()).ok().flatten();
    let set =
        sqlx::query("SELECT set_config('shudu.reach', $1, false)").bind(reach.unwrap_or_else(|| NOWHERE.to_owned()));
    connection.execute(set).await.map(|_| ())
}
