//! Reads the bytes of a file into an [`Election`]: the three sections in turn, each checked while it is read.

use std::collections::HashMap;

use super::ballots::read_ballots;
use super::error::{Error, Problem};
use super::meta::Meta;
use super::rows::{Column, Row, Rows, Section};
use super::text::decode;
use super::{Election, Project};

/// Greatest number of projects in a file.
pub const MAX_PROJECTS: usize = 100_000;

/// Greatest length of a project id, in bytes; the id becomes part of an option's code.
const MAX_ID_BYTES: usize = 200;

/// Reads a whole file. The caller limits the size of the file.
pub fn parse(file: &[u8]) -> Result<Election, Error> {
    let mut rows = Rows::new(decode(file)?);
    let meta = Meta::read(&mut rows)?;
    let vote_type = meta.vote_type()?;
    let (begin, end) = meta.days()?;
    let language = meta.language()?;

    let projects = read_projects(&mut rows)?;
    meta.agree("num_projects", Section::Projects, projects.len())?;
    let limits = meta.limits(vote_type, projects.len())?;
    let ballots = read_ballots(&mut rows, &projects, limits)?;
    meta.agree("num_votes", Section::Votes, ballots.len())?;

    Ok(Election {
        description: meta.text("description")?,
        unit: meta.text("unit")?,
        subunit: meta.text("subunit")?,
        instance: meta.text("instance")?,
        language,
        vote_type,
        max_choices: limits.most,
        begin,
        end,
        projects,
        ballots,
    })
}

fn read_projects(rows: &mut Rows<'_>) -> Result<Vec<Project>, Error> {
    let header = rows.open(Section::Projects)?;
    let id = header.required("project_id")?;
    let name = header.optional("name")?;
    let votes = header.optional("votes")?;
    let mut projects = Vec::new();
    let mut lines = HashMap::new();
    while let Some(row) = rows.row(&header)? {
        let project = read_project(&row, id, name, votes)?;
        if let Some(first_line) = lines.insert(project.id.clone(), project.line) {
            return Err(row.refuse(id, Problem::ProjectTwice { id: project.id, first_line }));
        }
        if projects.len() == MAX_PROJECTS {
            return Err(row.refuse(id, Problem::TooManyProjects));
        }
        projects.push(project);
    }
    if projects.is_empty() {
        return Err(header.refuse(Problem::NoProjects));
    }
    Ok(projects)
}

fn read_project(row: &Row<'_>, id: Column, name: Option<Column>, votes: Option<Column>) -> Result<Project, Error> {
    let text = row.text(id);
    if text.is_empty() {
        return Err(row.refuse(id, Problem::ProjectIdMissing));
    }
    if text.len() > MAX_ID_BYTES || text.contains(|letter: char| letter == ',' || letter.is_control()) {
        return Err(row.refuse(id, Problem::ProjectIdUnusable(text.to_owned())));
    }
    let name = name.map(|column| row.text(column)).filter(|name| !name.is_empty());
    let published_votes = match votes.map(|column| (column, row.text(column))) {
        None | Some((_, "")) => None,
        Some((column, number)) => {
            let refuse = |_| row.refuse(column, Problem::NotANumber(number.to_owned()));
            Some(number.parse().map_err(refuse)?)
        }
    };
    Ok(Project { id: text.to_owned(), name: name.unwrap_or(text).to_owned(), published_votes, line: row.line })
}
