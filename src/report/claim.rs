//! What a report claims, as the event of its move states it for good.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The claim of a fix: the detail of the event of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// How it was.
    pub before: String,
    /// What changed.
    pub after: String,
    /// How many units the fix covers.
    #[serde(flatten)]
    pub coverage: Coverage,
    /// SHA-256 of the evidence files, hexadecimal.
    pub evidence: Vec<String>,
}

/// Counties, windows or hospitals that a fix covers, and out of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Units covered.
    pub covered: i32,
    /// Units in all; 0 before the first report.
    pub coverable: i32,
}

impl Coverage {
    /// The coverage that the detail of an event states; none where the event is no report.
    #[must_use]
    pub fn stated(detail: &Value) -> Option<Self> {
        Self::deserialize(detail).ok()
    }
}
