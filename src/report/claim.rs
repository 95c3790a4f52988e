//! The claim of a report, as the event of the move states it permanently.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The claim of a fix: the detail of the event that a report creates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Situation before the change.
    pub before: String,
    /// Change that was made.
    pub after: String,
    /// Units that the fix covers, and units in all.
    #[serde(flatten)]
    pub coverage: Coverage,
    /// SHA-256 of the evidence files, hexadecimal.
    pub evidence: Vec<String>,
}

/// Coverage of a fix in units: counties, windows or hospitals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Number of units that the fix covers.
    pub covered: i32,
    /// Number of units in all; 0 before the first report.
    pub coverable: i32,
}

impl Coverage {
    /// The coverage that the detail of an event states; none where the event is not a report.
    #[must_use]
    pub fn stated(detail: &Value) -> Option<Self> {
        Self::deserialize(detail).ok()
    }
}
