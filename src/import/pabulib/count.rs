//! Option votes counted from the ballots, and their comparison with the published totals.

use std::fmt;

use super::{Election, Project};

/// A project whose count differs from its published total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference<'e> {
    /// Project of the file.
    pub project: &'e Project,
    /// Published total of the project.
    pub published: u64,
    /// Number of votes that were counted.
    pub counted: u64,
}

/// Option votes of each project, in the order of [`Election::projects`].
pub fn count(election: &Election) -> Vec<u64> {
    let mut counted = vec![0; election.projects.len()];
    for choice in election.ballots.iter().flat_map(|ballot| &ballot.choices) {
        if let Some(option_votes) = counted.get_mut(*choice) {
            *option_votes += 1;
        }
    }
    counted
}

/// The projects whose published total differs from a count of any origin. `counted` is in the order of the projects; missing
/// entries count as 0. A project without a published total agrees with any count.
pub fn compare<'e>(projects: &'e [Project], counted: &[u64]) -> Vec<Difference<'e>> {
    let counted = counted.iter().copied().chain(std::iter::repeat(0));
    let rows = projects.iter().zip(counted);
    rows.filter_map(|(project, counted)| match project.published_votes {
        Some(published) if published != counted => Some(Difference { project, published, counted }),
        _ => None,
    })
    .collect()
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { project, published, counted } = self;
        write!(f, "line {}, project {:?}: published {published}, counted {counted}", project.line, project.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::pabulib::{Error, parse};

    #[test]
    fn published_totals_that_are_right_leave_no_difference() -> Result<(), Error> {
        let election = parse(include_bytes!("../../../tests/fixtures/kestrel-bay.pb"))?;
        assert_eq!(count(&election), [5, 4, 3, 2]);
        assert_eq!(compare(&election.projects, &count(&election)), []);
        Ok(())
    }

    #[test]
    fn published_totals_that_are_wrong_come_back_row_by_row() -> Result<(), Error> {
        let election = parse(include_bytes!("../../../tests/fixtures/wrong-total.pb"))?;
        let differing: Vec<String> =
            compare(&election.projects, &count(&election)).iter().map(Difference::to_string).collect();
        assert_eq!(differing, [r#"line 10, project "b": published 3, counted 2"#]);
        Ok(())
    }

    #[test]
    fn a_count_that_is_too_short_differs_from_any_total_but_none() {
        let project = |id: &str, published_votes| Project { id: id.into(), name: id.into(), published_votes, line: 1 };
        let projects = [project("a", Some(2)), project("b", None), project("c", Some(0)), project("d", Some(1))];
        let differing = compare(&projects, &[2]);
        assert_eq!(differing, [Difference { project: &projects[3], published: 1, counted: 0 }]);
    }
}
