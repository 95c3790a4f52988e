//! Who asks for a real-name pass, as far as this site knows it.
//!
//! One campaign counts people of one kind: whoever had an identity card, a residence permit and a name at a provider would
//! else have three votes. The kind is written down with the first pass of a campaign, and stays.

use super::resident::Resident;

/// A person, in one canonical form.
#[derive(Clone, PartialEq, Eq)]
pub enum Person {
    /// By the number on the identity card or residence permit.
    Resident(Resident),
    /// By the lasting name that a provider has for the person.
    Subject {
        /// The provider.
        issuer: String,
        /// The name.
        subject: String,
    },
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(***)")
    }
}

impl From<Resident> for Person {
    fn from(resident: Resident) -> Self {
        Self::Resident(resident)
    }
}

impl Person {
    /// The kind, as the register writes it down.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Resident(_) => "resident".to_owned(),
            Self::Subject { issuer, .. } => format!("subject {issuer}"),
        }
    }

    /// What a nullifier is made of, and nothing else is.
    #[must_use]
    pub fn parts(&self) -> Vec<&[u8]> {
        match self {
            Self::Resident(resident) => vec![b"resident", resident.canonical().as_bytes()],
            Self::Subject { issuer, subject } => vec![b"subject", issuer.as_bytes(), subject.as_bytes()],
        }
    }
}
