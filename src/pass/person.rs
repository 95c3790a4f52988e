//! The person who asks for a real-name pass, as far as this site knows the person.
//!
//! One campaign counts people of one kind. Otherwise a person with an identity card, a residence permit and an account at a
//! provider would have three votes. The kind is recorded with the first pass of a campaign, and stays.

use super::resident::Resident;

/// A person, in one canonical form.
#[derive(Clone, PartialEq, Eq)]
pub enum Person {
    /// A person by the number on the identity card or residence permit.
    Resident(Resident),
    /// A person by the permanent name that a provider has for the person.
    Subject {
        /// Issuer of the name: the provider.
        issuer: String,
        /// Name of the person at the provider (`sub`).
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
    /// The kind of the person, as the register records it.
    #[must_use]
    pub fn kind(&self) -> String {
        match self {
            Self::Resident(_) => "resident".to_owned(),
            Self::Subject { issuer, .. } => format!("subject {issuer}"),
        }
    }

    /// The parts of a nullifier. A nullifier is made of nothing else.
    #[must_use]
    pub fn parts(&self) -> Vec<&[u8]> {
        match self {
            Self::Resident(resident) => vec![b"resident", resident.canonical().as_bytes()],
            Self::Subject { issuer, subject } => vec![b"subject", issuer.as_bytes(), subject.as_bytes()],
        }
    }
}
