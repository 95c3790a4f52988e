//! The account that sends a request, for the log line about a refusal. The account becomes known when the session or token is
//! checked.

use std::future::Future;
use std::sync::OnceLock;

tokio::task_local! {
    static ASKER: OnceLock<String>;
}

/// Answers a request. Returns the answer and the login of the account that sent the request, if a check on the way found one.
pub async fn of<F: Future>(request: F) -> (F::Output, Option<String>) {
    let answered = async {
        let answer = request.await;
        (answer, ASKER.with(|asker| asker.get().cloned()))
    };
    ASKER.scope(OnceLock::new(), answered).await
}

/// Records the login of the account that sends the current request.
pub fn is(login: &str) {
    // Two extractors of one request find the same account.
    let _ = ASKER.try_with(|asker| asker.set(login.to_owned()));
}
