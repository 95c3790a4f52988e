//! A list of codes in one column.

use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Codes in a stated order (hosts, supporting departments, remedies, provinces, tracks).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Codes(pub Vec<String>);

impl Codes {
    /// Whether the code is in the list.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|c| c == code)
    }
}

impl<S: Into<String>> FromIterator<S> for Codes {
    fn from_iter<I: IntoIterator<Item = S>>(codes: I) -> Self {
        Self(codes.into_iter().map(Into::into).collect())
    }
}
