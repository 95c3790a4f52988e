//! The session before a large body: a request whose sender has a session is marked ([`SignedSender`]) before its body is read. So
//! senders without a session never take the places that staff need for their files.

use std::sync::Arc;

use poem::{Endpoint, Middleware, Request};

use crate::app::App;
use crate::sign_in::extract::is_signed_in;
use crate::web::body::{SignedSender, is_longer};
use crate::web::policy::{Policy, SMALL_BODY};

/// Middleware that looks the session of a large request up.
pub struct KnownSender(pub Arc<App>);

impl<E: Endpoint> Middleware<E> for KnownSender {
    type Output = KnownSenderEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        KnownSenderEndpoint { endpoint, app: Arc::clone(&self.0) }
    }
}

/// Endpoint of the middleware [`KnownSender`].
pub struct KnownSenderEndpoint<E> {
    endpoint: E,
    app: Arc<App>,
}

impl<E: Endpoint> Endpoint for KnownSenderEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> poem::Result<Self::Output> {
        let is_large = !request.method().is_safe()
            && Policy::of(&request).max_body > SMALL_BODY
            && is_longer(&request, SMALL_BODY);
        if is_large && is_signed_in(&self.app, &request).await? {
            request.set_data(SignedSender);
        }
        self.endpoint.call(request).await
    }
}
