//! The identity source: who says that a person is who they are.
//!
//! A site that is not a demo has none yet, and says so wherever it matters. The demo's source checks the form of what was
//! typed and nothing else: that there is a name, and that the number has the right form, a date that exists and the right
//! check character. What was typed is neither stored nor logged, and nothing here can be printed.

use chrono::NaiveDate;

use super::resident::Resident;
use crate::app::Site;
use crate::error::{Error, Problems, Refusal, Result};

/// See the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum IdentitySource {
    /// None is set up: there are no real-name passes.
    Absent,
    /// Name and identity number as typed.
    Demo,
}

/// Fewest characters of a name.
const SHORTEST_NAME: usize = 2;
/// Most characters of a name; the longest on identity cards have some thirty.
const LONGEST_NAME: usize = 60;

impl IdentitySource {
    /// The source of a site.
    #[must_use]
    pub const fn of(site: Site) -> Self {
        if site.demo { Self::Demo } else { Self::Absent }
    }

    /// Whether identities can be proven at all.
    #[must_use]
    pub fn is_set_up(self) -> bool {
        self != Self::Absent
    }

    /// Proves an identity. The name plays no part in what follows: two spellings of it are one person.
    ///
    /// # Errors
    /// `pass.no_source`; `resident.name`, `resident.number`.
    pub fn prove(self, name: &str, number: &str, today: NaiveDate) -> Result<Resident> {
        if self == Self::Absent {
            return Err(Error::conflict("pass.no_source"));
        }
        let mut problems = Problems::default();
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let fits = letters >= SHORTEST_NAME && name.chars().count() <= LONGEST_NAME;
        problems.check(fits, "name", "resident.name");
        let resident = Resident::parse(number, today);
        problems.check(resident.is_some(), "number", "resident.number");
        problems.finish()?;
        resident.ok_or_else(|| Error::field("number", Refusal::new("resident.number")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBER: &str = "11010519491231002X";

    fn fields(source: IdentitySource, name: &str, number: &str) -> Vec<String> {
        let today = NaiveDate::from_ymd_opt(2018, 7, 7).unwrap();
        match source.prove(name, number, today) {
            Ok(_) => Vec::new(),
            Err(Error::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
            Err(other) => vec![other.refusal().code.to_owned()],
        }
    }

    #[test]
    fn the_demo_asks_for_a_name_and_a_number_that_can_exist() {
        for name in ["王芳", "买买提·吐尔逊", "Anna Lee", " 王 芳 "] {
            assert!(fields(IdentitySource::Demo, name, NUMBER).is_empty());
        }
        assert_eq!(fields(IdentitySource::Demo, "王", NUMBER), ["name"]);
        assert_eq!(fields(IdentitySource::Demo, "··", NUMBER), ["name"]);
        assert_eq!(fields(IdentitySource::Demo, "王芳", "1101051949"), ["number"]);
        assert_eq!(fields(IdentitySource::Demo, "", ""), ["name", "number"]);
    }

    #[test]
    fn a_site_without_a_source_says_so_before_it_looks_at_anything() {
        assert_eq!(fields(IdentitySource::Absent, "王芳", NUMBER), ["pass.no_source"]);
    }
}
