//! Writes an election as a file in any of the ways that the format allows.

use std::fmt::Write;

use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::round_trip::a_text;
use crate::import::pabulib::{Election, VoteType};

/// The way in which a file is written.
#[derive(Clone, Debug)]
pub(super) struct Style {
    byte_order_mark: bool,
    line_end: &'static str,
    /// Choices used in turn: whether to quote a field without need, to leave a line blank, to pad.
    whims: Vec<bool>,
    /// Positions used in turn for the next column.
    order: Vec<Index>,
    /// Whether the file states the numbers of rows and the limit.
    numbers: bool,
    junk: String,
}

pub(super) fn a_style() -> impl Strategy<Value = Style> {
    let whims = prop::collection::vec(prop::bool::weighted(0.3), 1..60);
    let order = prop::collection::vec(any::<Index>(), 12);
    (any::<bool>(), select(vec!["\n", "\r\n"]), whims, order, any::<bool>(), a_text()).prop_map(
        |(byte_order_mark, line_end, whims, order, numbers, junk)| Style {
            byte_order_mark,
            line_end,
            whims,
            order,
            numbers,
            junk,
        },
    )
}

/// Writes the election as a file, and stores in the election the lines on which its parts begin.
pub(super) fn write(election: &mut Election, style: &Style) -> String {
    let mut paper = Paper::new(style);
    if election.vote_type == VoteType::Approval && style.numbers {
        let longest = election.ballots.iter().map(|ballot| ballot.choices.len()).max();
        election.max_choices = longest.unwrap_or(1);
    }
    let day = |day: Option<NaiveDate>, iso: bool| {
        day.map(|day| day.format(if iso { "%Y-%m-%d" } else { "%d.%m.%Y" }).to_string()).unwrap_or_default()
    };
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let kind = if election.vote_type == VoteType::Approval { "approval" } else { "choose-1" };
    let mut entries = vec![
        ("description", own(&election.description)),
        ("unit", own(&election.unit)),
        ("subunit", own(&election.subunit)),
        ("instance", own(&election.instance)),
        ("language", own(&election.language)),
        ("vote_type", kind.to_owned()),
        ("date_begin", day(election.begin, style.numbers)),
        ("date_end", day(election.end, style.byte_order_mark)),
    ];
    if style.numbers {
        entries.push(("num_projects", election.projects.len().to_string()));
        entries.push(("num_votes", election.ballots.len().to_string()));
        entries.push(("max_length", election.max_choices.to_string()));
    }
    paper.section("META", &["key", "value"]);
    for (key, value) in entries {
        paper.row(&[key, &value]);
    }

    paper.section("PROJECTS", &["project_id", "name", "votes", "cost"]);
    for project in &mut election.projects {
        let votes = project.published_votes.map(|votes| votes.to_string()).unwrap_or_default();
        let name = if project.name == project.id { "" } else { &project.name };
        project.line = paper.row(&[&project.id, name, &votes, &style.junk]);
    }

    paper.section("VOTES", &["vote", "voter_id", "neighborhood"]);
    for (number, ballot) in election.ballots.iter_mut().enumerate() {
        let ids: Vec<&str> = ballot.choices.iter().map(|choice| election.projects[*choice].id.as_str()).collect();
        ballot.line = paper.row(&[&ids.join(","), &number.to_string(), &style.junk]);
    }
    paper.text
}

struct Paper<'s> {
    style: &'s Style,
    text: String,
    order: Vec<usize>,
    whim: usize,
}

impl<'s> Paper<'s> {
    fn new(style: &'s Style) -> Self {
        let text = if style.byte_order_mark { "\u{feff}".to_owned() } else { String::new() };
        Self { style, text, order: vec![0], whim: 0 }
    }

    fn section(&mut self, name: &str, columns: &[&str]) {
        self.order = vec![0];
        self.row(&[name]);
        let mut places = self.style.order.iter();
        self.order = Vec::new();
        for column in 0..columns.len() {
            let at = places.next().map_or(0, |place| place.index(column + 1));
            self.order.insert(at, column);
        }
        self.row(columns);
    }

    /// Writes one row and returns the line on which it begins.
    fn row(&mut self, fields: &[&str]) -> usize {
        if self.whim() {
            self.text.push_str(self.style.line_end);
        }
        let line = 1 + self.text.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count();
        for (place, column) in self.order.clone().into_iter().enumerate() {
            if place > 0 {
                self.text.push(';');
            }
            let field = fields[column];
            if field.contains([';', '"', '\r', '\n']) || self.whim() {
                let _ = write!(self.text, "\"{}\"", field.replace('"', "\"\""));
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push_str(self.style.line_end);
        line
    }

    fn whim(&mut self) -> bool {
        self.whim += 1;
        self.style.whims[self.whim % self.style.whims.len()]
    }
}
