//! The section VOTES: ballots, each a set of ticks within the limits of the file.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::error::{Error, Problem};
use super::meta::Limits;
use super::rows::{Column, Row, Rows, Section};
use super::{Ballot, Project};

/// Reads the last section and checks that no section follows.
pub(super) fn read_ballots(rows: &mut Rows<'_>, projects: &[Project], limits: Limits) -> Result<Vec<Ballot>, Error> {
    let header = rows.open(Section::Votes)?;
    let vote = header.required("vote")?;
    let voter = header.optional("voter_id")?;
    let strength = header.optional("vote_strength")?;
    let mut ticks = Ticks::new(projects, limits);
    let mut voters = HashMap::new();
    let mut ballots = Vec::new();
    while let Some(row) = rows.row(&header)? {
        if let Some(column) = voter {
            check_voter(&row, column, &mut voters)?;
        }
        if let Some(column) = strength.filter(|column| !matches!(row.text(*column), "" | "1")) {
            return Err(row.refuse(column, Problem::Weighted(row.text(column).to_owned())));
        }
        let choices = ticks.read(row.text(vote)).map_err(|problem| row.refuse(vote, problem))?;
        ballots.push(Ballot { choices, line: row.line });
    }
    rows.finish()?;
    Ok(ballots)
}

fn check_voter(row: &Row<'_>, column: Column, voters: &mut HashMap<String, usize>) -> Result<(), Error> {
    let voter = row.text(column);
    if voter.is_empty() {
        return Ok(());
    }
    match voters.entry(voter.to_owned()) {
        Entry::Vacant(free) => {
            free.insert(row.line);
            Ok(())
        }
        Entry::Occupied(taken) => {
            let first_line = *taken.get();
            Err(row.refuse(column, Problem::VoterTwice { voter: voter.to_owned(), first_line }))
        }
    }
}

/// Reads the ticks of the ballots, one ballot after another.
struct Ticks<'p> {
    index: HashMap<&'p str, usize>,
    limits: Limits,
    /// Number of the ballot, counted from 1, that last ticked each project. The number reveals a second tick without a search.
    ticked_by: Vec<usize>,
    ballot: usize,
}

impl<'p> Ticks<'p> {
    fn new(projects: &'p [Project], limits: Limits) -> Self {
        let index = projects.iter().enumerate().map(|(index, project)| (project.id.as_str(), index)).collect();
        Self { index, limits, ticked_by: vec![0; projects.len()], ballot: 0 }
    }

    fn read(&mut self, vote: &str) -> Result<Vec<usize>, Problem> {
        if vote.is_empty() {
            return Err(Problem::BallotEmpty);
        }
        let found = vote.split(',').count();
        let Limits { least, most } = self.limits;
        if found > most {
            return Err(Problem::TooManyChoices { found, most });
        }
        if found < least {
            return Err(Problem::TooFewChoices { found, least });
        }
        self.ballot += 1;
        let mut choices = Vec::with_capacity(found);
        for id in vote.split(',').map(str::trim) {
            choices.push(self.tick(id)?);
        }
        Ok(choices)
    }

    fn tick(&mut self, id: &str) -> Result<usize, Problem> {
        if id.is_empty() {
            return Err(Problem::ChoiceMissing);
        }
        let unknown = || Problem::ProjectUnknown(id.to_owned());
        let index = self.index.get(id).copied().ok_or_else(unknown)?;
        let last = self.ticked_by.get_mut(index).ok_or_else(unknown)?;
        if *last == self.ballot {
            return Err(Problem::ChoiceTwice(id.to_owned()));
        }
        *last = self.ballot;
        Ok(index)
    }
}
