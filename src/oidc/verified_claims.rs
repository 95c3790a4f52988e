//! Claims that a provider vouched for. The claims are read once and dropped: no claim is stored, logged or printable.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use openidconnect::AdditionalClaims;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Claims besides the standard ones.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Claims(BTreeMap<String, Value>);

impl std::fmt::Debug for Claims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Claims(***)")
    }
}

impl AdditionalClaims for Claims {}

impl Claims {
    /// A claim by its name, or by its path through objects, such as `realm_access.roles`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        if let Some(value) = self.0.get(name) {
            return Some(value);
        }
        let (first, rest) = name.split_once('.')?;
        rest.split('.').try_fold(self.0.get(first)?, |value, part| value.get(part))
    }

    /// The texts of a claim: one, several, or none.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Adds the claims that are not there yet.
    pub fn join(&mut self, more: Self) {
        for (name, value) in more.0 {
            self.0.entry(name).or_insert(value);
        }
    }
}

/// A person as a provider knows the person.
pub struct VerifiedClaims {
    /// Issuer that vouches for the person.
    pub issuer: String,
    /// Name of the person (`sub`), unique at this issuer only.
    pub subject: String,
    /// Further claims about the person.
    pub claims: Claims,
    /// Instant of the proof, where the provider names it.
    pub proved_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(value: Value) -> Claims {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_claim_is_found_by_its_name_and_by_the_way_to_it() {
        let claims = claims(serde_json::json!({
            "groups": ["a", "b", 3], "one": "x", "realm_access": { "roles": ["c"] }, "dotted.name": "d",
        }));
        assert_eq!(claims.texts("groups"), ["a", "b"]);
        assert_eq!(claims.texts("one"), ["x"]);
        assert_eq!(claims.texts("realm_access.roles"), ["c"]);
        assert_eq!(claims.texts("dotted.name"), ["d"]);
        assert!(claims.texts("realm_access.none").is_empty());
        assert!(claims.texts("none").is_empty());
        assert_eq!(format!("{claims:?}"), "Claims(***)");
    }
}
