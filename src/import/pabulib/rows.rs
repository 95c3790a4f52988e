//! The rows of a `.pb` file, each with its physical line. `csv` removes the quoting, after this module checked it.
//!
//! # Why this module counts lines
//!
//! The position that `csv` gives for a record is before blank lines and before the second half of a CR LF, and `csv` does not
//! count a lone CR. An editor counts differently, and line numbers are for people who open the file in an editor.

use std::fmt;

use csv::StringRecord;

use super::error::{Error, Place, Problem};
use super::text::{LINE_BREAK, check_quotes, line_breaks};

/// Greatest length of a field, in bytes.
pub const MAX_FIELD_BYTES: usize = 64 * 1024;

/// One of the three tables of a file, in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Keys and values that describe the vote.
    Meta,
    /// Projects that could be chosen.
    Projects,
    /// Ballots that were cast.
    Votes,
}

impl Section {
    /// The word at the beginning of the section.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meta => "META",
            Self::Projects => "PROJECTS",
            Self::Votes => "VOTES",
        }
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Reads a text row by row and section by section.
pub(super) struct Rows<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: StringRecord,
    /// Start of the record: its byte and its line.
    start: usize,
    line: usize,
    /// Name row of the next section, which ended the section before.
    marker: Option<Section>,
}

/// The columns of a section.
pub(super) struct Header {
    section: Section,
    line: usize,
    names: Vec<String>,
}

/// A column that was found in a header.
#[derive(Clone, Copy)]
pub(super) struct Column {
    index: usize,
    name: &'static str,
}

/// One row under a header.
pub(super) struct Row<'r> {
    record: &'r StringRecord,
    /// Line on which the first field of the row begins.
    pub(super) line: usize,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let reader =
            csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { text, reader, record: StringRecord::new(), start: 0, line: 1, marker: None }
    }

    /// Enters the section that must come next, and reads its header.
    pub(super) fn open(&mut self, section: Section) -> Result<Header, Error> {
        if self.marker.is_none() {
            if !self.advance()? {
                return Err(self.last_line().refuse(Problem::SectionMissing(section)));
            }
            self.marker = self.section();
        }
        if self.marker.take() != Some(section) {
            let found = self.record.get(0).unwrap_or_default().trim().to_owned();
            return Err(Place::line(self.line).refuse(Problem::SectionExpected { expected: section, found }));
        }
        let line = self.line;
        if !self.advance()? || self.section().is_some() {
            return Err(Place::line(line).refuse(Problem::HeaderMissing(section)));
        }
        let mut names: Vec<String> = self.record.iter().map(|name| name.trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        Ok(Header { section, line: self.line, names })
    }

    /// The next row under this header; none at the end of the section.
    pub(super) fn row(&mut self, header: &Header) -> Result<Option<Row<'_>>, Error> {
        if !self.advance()? {
            return Ok(None);
        }
        self.marker = self.section();
        if self.marker.is_some() {
            return Ok(None);
        }
        // A spreadsheet pads short tables to the width of the widest table, so empty fields past the header do not count.
        let (found, expected) = (self.record.len(), header.names.len());
        if found < expected || self.record.iter().skip(expected).any(|field| !field.trim().is_empty()) {
            return Err(Place::line(self.line).refuse(Problem::RowWidth { found, expected }));
        }
        Ok(Some(Row { record: &self.record, line: self.line }))
    }

    /// Checks that the file ends with this section.
    pub(super) fn finish(&self) -> Result<(), Error> {
        match self.marker {
            Some(section) => Err(Place::line(self.line).refuse(Problem::SectionLeftOver(section))),
            None => Ok(()),
        }
    }

    /// Reads the next row that is not blank. Returns false at the end of the file.
    fn advance(&mut self) -> Result<bool, Error> {
        loop {
            let before = self.reader.position().byte() as usize;
            let more = self.reader.read_record(&mut self.record);
            let after = self.reader.position().byte() as usize;
            let taken = self.text.get(before..after).unwrap_or_default();
            let raw = taken.trim_start_matches(LINE_BREAK);
            let start = after - raw.len();
            self.line += line_breaks(self.text.get(self.start..start).unwrap_or_default());
            self.start = start;
            if !more.map_err(|error| Place::line(self.line).refuse(Problem::Unreadable(error.to_string())))? {
                return Ok(false);
            }
            if raw.trim().is_empty() {
                continue;
            }
            check_quotes(raw.trim_end_matches(LINE_BREAK), self.line)?;
            self.check_lengths()?;
            return Ok(true);
        }
    }

    fn check_lengths(&self) -> Result<(), Error> {
        if self.record.as_slice().len() <= MAX_FIELD_BYTES {
            return Ok(());
        }
        match self.record.iter().enumerate().find(|(_, field)| field.len() > MAX_FIELD_BYTES) {
            Some((index, field)) => {
                let row = Row { record: &self.record, line: self.line };
                Err(row.place(index, None).refuse(Problem::FieldTooLong(field.len())))
            }
            None => Ok(()),
        }
    }

    /// The section that the row announces, if the row contains a section name and nothing else.
    fn section(&self) -> Option<Section> {
        let mut fields = self.record.iter().map(str::trim);
        let first = fields.next()?;
        let section = [Section::Meta, Section::Projects, Section::Votes]
            .into_iter()
            .find(|section| first.eq_ignore_ascii_case(section.name()))?;
        fields.all(str::is_empty).then_some(section)
    }

    fn last_line(&self) -> Place {
        Place::line(1 + line_breaks(self.text.trim_end_matches(LINE_BREAK)))
    }
}

impl Header {
    /// A required column.
    pub(super) fn required(&self, name: &'static str) -> Result<Column, Error> {
        let missing = || self.refuse(Problem::ColumnMissing { section: self.section, name });
        self.optional(name)?.ok_or_else(missing)
    }

    /// An optional column, which may occur once.
    pub(super) fn optional(&self, name: &'static str) -> Result<Option<Column>, Error> {
        let mut found = self.names.iter().enumerate().filter(|(_, found)| found.eq_ignore_ascii_case(name));
        let column = found.next().map(|(index, _)| Column { index, name });
        match found.next() {
            Some(_) => Err(self.refuse(Problem::ColumnTwice { section: self.section, name })),
            None => Ok(column),
        }
    }

    /// The error for a problem with the table as a whole.
    pub(super) fn refuse(&self, problem: Problem) -> Error {
        Place::line(self.line).refuse(problem)
    }
}

impl Row<'_> {
    /// The field in this column, without surrounding spaces.
    pub(super) fn text(&self, column: Column) -> &str {
        self.record.get(column.index).unwrap_or_default().trim()
    }

    /// The error for a problem with the field in this column.
    pub(super) fn refuse(&self, column: Column, problem: Problem) -> Error {
        self.place(column.index, Some(column.name)).refuse(problem)
    }

    /// The place of the field in this column, under another name.
    pub(super) fn place_named(&self, column: Column, name: &str) -> Place {
        self.place(column.index, Some(name))
    }

    fn place(&self, index: usize, name: Option<&str>) -> Place {
        let above: usize = self.record.iter().take(index).map(line_breaks).sum();
        Place::field(self.line + above, index, name)
    }
}
