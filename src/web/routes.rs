//! Addresses outside the API, each registered with its policy.

use std::collections::BTreeMap;

use poem::http::Method;
use poem::{IntoEndpoint, Route, RouteMethod};

use super::policy::{Entry, Policy};

/// Registered addresses. An address cannot be registered without a [`Policy`].
#[derive(Default)]
pub struct Routes {
    methods: BTreeMap<String, RouteMethod>,
    entries: Vec<Entry>,
}

impl Routes {
    /// Registers an address for GET.
    #[must_use]
    pub fn get<E>(self, pattern: impl Into<String>, policy: Policy, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::GET, pattern.into(), policy, endpoint)
    }

    /// Registers an address for POST.
    #[must_use]
    pub fn post<E>(self, pattern: impl Into<String>, policy: Policy, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.at(Method::POST, pattern.into(), policy, endpoint)
    }

    fn at<E>(mut self, method: Method, pattern: String, policy: Policy, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let methods = self.methods.remove(&pattern).unwrap_or_default().method(method.clone(), endpoint);
        self.methods.insert(pattern.clone(), methods);
        self.entries.push((method, pattern, policy));
        self
    }

    /// All addresses, in the order in which they were registered.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The route that serves all addresses.
    #[must_use]
    pub fn into_route(self) -> Route {
        self.methods.into_iter().fold(Route::new(), |route, (pattern, methods)| route.at(pattern, methods))
    }
}
