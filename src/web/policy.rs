//! The policy of an address: class of load, largest body, reauthentication, use by other sites. The policy is stated where the address is registered.
//!
//! [`Policies`] finds the policy of a request once, in the outermost layer. The layers that follow (metrics, rate limits, load
//! shedding, body limits, the session extractors) read the policy from the request. An address without a policy fails closed: it
//! demands full reauthentication of every session.

use std::collections::HashMap;
use std::sync::Arc;

use poem::http::{Method, header};
use poem::{Endpoint, Middleware, Request};

use super::form::{MAX_FILE, MAX_TEXT};
use super::session_cookie;
use crate::base::error::{Error, Result};

/// Class of a request. Rate limits and load shedding are set for each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Voting: the ballot page, puzzles, passes, ballots, and the return from an identity provider.
    Voting,
    /// Sign-in: everything that opens a session.
    SigningIn,
    /// Desks of staff, and calls that carry a session.
    Staff,
    /// Public pages and calls without a session.
    Reading,
    /// Exports: tables as files.
    Exports,
    /// Static files: the public log, style sheets, scripts.
    Files,
    /// Health checks of the process, which are never refused.
    Health,
}

impl Class {
    /// All classes; load shedding refuses the first one last.
    pub const ALL: [Self; 7] =
        [Self::Voting, Self::SigningIn, Self::Staff, Self::Reading, Self::Exports, Self::Files, Self::Health];

    /// Name of the class in settings and metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Voting => "voting",
            Self::SigningIn => "signing_in",
            Self::Staff => "staff",
            Self::Reading => "reading",
            Self::Exports => "exports",
            Self::Files => "files",
            Self::Health => "health",
        }
    }

    /// The class of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

/// Reauthentication that an address demands. A proof counts for ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reauthentication {
    /// No proof beyond the session.
    None,
    /// One proof: the password or a second factor.
    One,
    /// All proofs of a sign-in: the password, and a second factor where the account has one.
    All,
}

/// Use of the answers of an address by pages of other sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherSites {
    /// No use: scripts of other sites cannot read the answer, and no page can frame the answer.
    None,
    /// Scripts of any site may read the answer to GET and HEAD, without credentials (CORS).
    Read,
    /// Any page may frame the answer.
    Frame,
}

/// Largest body of a ballot, a sign-in or a look-up, in bytes.
pub const SMALL_BODY: u64 = 64 << 10;
/// Largest body from a desk, in bytes: long texts, a table of options.
const DESK_BODY: u64 = 2 * MAX_TEXT as u64;
/// Largest body of a report with its files, in bytes: ten files and the text.
const UPLOAD_BODY: u64 = (10 * MAX_FILE + MAX_TEXT) as u64;

/// The policy of one address and method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Class of a request without a session.
    pub class: Class,
    /// Class of a request that carries a session.
    pub class_with_session: Class,
    /// Largest body of an unsafe request, in bytes.
    pub max_body: u64,
    /// Reauthentication that the address demands.
    pub reauthentication: Reauthentication,
    /// Use of the answers by pages of other sites.
    pub other_sites: OtherSites,
}

impl Policy {
    /// Policy of health checks.
    pub const HEALTH: Self = Self::of_class(Class::Health);
    /// Policy of static files.
    pub const FILES: Self = Self::of_class(Class::Files);
    /// Policy of public pages.
    pub const READING: Self = Self::of_class(Class::Reading);
    /// Policy of public calls. A call that carries a session is of the class of staff.
    pub const CALL: Self = Self { class_with_session: Class::Staff, ..Self::READING };
    /// Policy of calls that answer everybody alike: the public projection, which scripts of any site may read.
    pub const PUBLIC_CALL: Self = Self::CALL.readable();
    /// Policy of tables as files.
    pub const EXPORT: Self = Self::of_class(Class::Exports);
    /// Policy of all addresses for casting a ballot.
    pub const VOTING: Self = Self::of_class(Class::Voting);
    /// Policy of all addresses that open a session.
    pub const SIGNING_IN: Self = Self::of_class(Class::SigningIn);
    /// Policy of pages and calls of staff.
    pub const STAFF: Self = Self { max_body: DESK_BODY, ..Self::of_class(Class::Staff) };
    /// Policy of acts of staff that need reauthentication: verdicts, signatures, dispatches, accounts, exports of data.
    pub const SENSITIVE: Self = Self::STAFF.reauthenticated();
    /// Policy of changes to the account's own ways to sign in, which could give the thief of a session lasting access.
    pub const CREDENTIAL_CHANGE: Self = Self { reauthentication: Reauthentication::All, ..Self::STAFF };
    /// Policy of an address that no table names.
    const UNKNOWN: Self = Self { reauthentication: Reauthentication::All, ..Self::READING };

    const fn of_class(class: Class) -> Self {
        Self {
            class,
            class_with_session: class,
            max_body: SMALL_BODY,
            reauthentication: Reauthentication::None,
            other_sites: OtherSites::None,
        }
    }

    /// The same policy, demanding one proof of reauthentication.
    #[must_use]
    pub const fn reauthenticated(self) -> Self {
        Self { reauthentication: Reauthentication::One, ..self }
    }

    /// The same policy, for answers that scripts of any site may read: public data without a person, a secret or a session.
    #[must_use]
    pub const fn readable(self) -> Self {
        Self { other_sites: OtherSites::Read, ..self }
    }

    /// The same policy, for pages without form and session that any page may frame.
    #[must_use]
    pub const fn framable(self) -> Self {
        Self { other_sites: OtherSites::Frame, ..self }
    }

    /// The same policy, with a body large enough for files.
    #[must_use]
    pub const fn uploads(self) -> Self {
        Self { max_body: UPLOAD_BODY, ..self }
    }

    /// The policy that [`Policies`] found for a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data().copied().unwrap_or(Self::UNKNOWN)
    }
}

/// An operation of the API with its policy. The path is relative to the root of the API.
pub type Operation = (Method, &'static str, Policy);

/// An address with its policy: method, pattern, policy. In a pattern `:name` stands for one segment and `*name` for the rest.
pub type Entry = (Method, String, Policy);

/// The policies of all addresses. Cheap to clone.
#[derive(Clone)]
pub struct Policies(Arc<HashMap<Method, matchit::Router<Policy>>>);

impl Policies {
    /// The table of the given addresses.
    ///
    /// # Errors
    /// An address that occurs twice, or patterns that conflict.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Result<Self> {
        let mut tables: HashMap<Method, matchit::Router<Policy>> = HashMap::new();
        for (method, pattern, policy) in entries {
            let wrong = |e| Error::Internal(format!("policy of {method} {pattern}: {e}"));
            tables.entry(method.clone()).or_default().insert(as_template(&pattern), policy).map_err(wrong)?;
        }
        Ok(Self(Arc::new(tables)))
    }

    /// The policy of an address; HEAD has the policy of GET.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Policy {
        let method = if method == Method::HEAD { &Method::GET } else { method };
        let found = self.0.get(method).and_then(|table| table.at(path).ok());
        found.map_or(Policy::UNKNOWN, |found| *found.value)
    }

    /// The policy of a request. Its class is the one that applies with or without the session of the request.
    ///
    /// A question of a browser ahead of a request (OPTIONS) has the use by other sites of GET, and no other policy.
    fn of(&self, request: &Request) -> Policy {
        if request.method() == Method::OPTIONS {
            let asked = self.find(&Method::GET, request.uri().path());
            return Policy { other_sites: asked.other_sites, ..Policy::UNKNOWN };
        }
        let policy = self.find(request.method(), request.uri().path());
        let carries_session =
            || request.headers().contains_key(header::AUTHORIZATION) || session_cookie::get(request).is_some();
        if policy.class != policy.class_with_session && carries_session() {
            // A session may see more than the public projection, so scripts of other sites read nothing of the answer.
            return Policy { class: policy.class_with_session, other_sites: OtherSites::None, ..policy };
        }
        policy
    }
}

/// Converts a pattern to the syntax of the router: `{name}` and `{*name}`.
fn as_template(pattern: &str) -> String {
    let part = |part: &str| match (part.strip_prefix(':'), part.strip_prefix('*')) {
        (Some(name), _) => format!("{{{name}}}"),
        (_, Some(name)) => format!("{{*{name}}}"),
        _ => part.to_owned(),
    };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}

impl<E: Endpoint> Middleware<E> for Policies {
    type Output = PoliciesEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        PoliciesEndpoint { endpoint, policies: self.clone() }
    }
}

/// Endpoint of the middleware [`Policies`].
pub struct PoliciesEndpoint<E> {
    endpoint: E,
    policies: Policies,
}

impl<E: Endpoint> Endpoint for PoliciesEndpoint<E> {
    type Output = E::Output;

    // The future of the next layer itself: an `async fn` would carry the request once more.
    fn call(&self, mut request: Request) -> impl Future<Output = poem::Result<Self::Output>> + Send {
        let policy = self.policies.of(&request);
        request.set_data(policy);
        self.endpoint.call(request)
    }
}
