//! Who sends a request, for the line of the log that says that it was refused: known once somebody was recognised.

use std::future::Future;
use std::sync::OnceLock;

tokio::task_local! {
    static ASKER: OnceLock<String>;
}

/// Answers a request; beside the answer the account that sent it, where one was recognised on the way.
pub async fn of<F: Future>(request: F) -> (F::Output, Option<String>) {
    let answered = async {
        let answer = request.await;
        (answer, ASKER.with(|asker| asker.get().cloned()))
    };
    ASKER.scope(OnceLock::new(), answered).await
}

/// From here on it is known that this account sends the request.
pub fn is(login: &str) {
    // Recognised twice, by two extractors of one request, it is the same one.
    let _ = ASKER.try_with(|asker| asker.set(login.to_owned()));
}
