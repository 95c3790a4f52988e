//! Addresses that remember their patterns, so that whoever must look at every address (a test of who may open it) cannot
//! miss one.

use poem::{IntoEndpoint, Route};

/// A route that knows what was added to it.
#[derive(Default)]
pub struct Routes {
    route: Route,
    patterns: Vec<String>,
}

impl Routes {
    /// Adds an address.
    #[must_use]
    pub fn at<E>(mut self, pattern: impl Into<String>, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let pattern = pattern.into();
        self.route = self.route.at(pattern.as_str(), endpoint);
        self.patterns.push(pattern);
        self
    }

    /// The patterns, in the order in which they were added.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// The route, to be put among others.
    #[must_use]
    pub fn into_route(self) -> Route {
        self.route
    }
}
