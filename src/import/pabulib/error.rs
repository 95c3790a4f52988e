//! Errors in a `.pb` file, each reported in one line with its place in the file.

use std::fmt;

use super::rows::Section;

/// The reason why a file was refused. The error renders as one line, such as `line 12, column 3 (vote): project "77" is not among
/// the projects`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    /// Place of the problem in the file.
    pub place: Place,
    /// Problem that was found there.
    pub problem: Problem,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Physical line as an editor numbers it, counted from 1.
    pub line: usize,
    /// Field within its row, counted from 1; none where the problem does not concern one field.
    pub column: Option<usize>,
    /// Name of the field, if known: its column, or its key in META.
    pub name: Option<String>,
}

impl Place {
    /// The place of a whole line.
    pub(super) fn line(line: usize) -> Self {
        Self { line, column: None, name: None }
    }

    /// The place of one field; `index` is counted from 0.
    pub(super) fn field(line: usize, index: usize, name: Option<&str>) -> Self {
        Self { line, column: Some(index + 1), name: name.map(str::to_owned) }
    }

    /// The error for a problem in this place.
    pub(super) fn refuse(self, problem: Problem) -> Error {
        Error { place: self, problem }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        match &self.name {
            Some(name) => write!(f, " ({})", name.escape_debug()),
            None => Ok(()),
        }
    }
}

/// A problem with a file. Words from the file are escaped and shortened, so that the message stays one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file is not UTF-8 text.
    #[error("byte 0x{byte:02X} (character {character} of the line) is not UTF-8 text")]
    NotUtf8 {
        /// Position in its line, in characters counted from 1.
        character: usize,
        /// First byte that is not UTF-8.
        byte: u8,
    },
    /// The `csv` crate could not read the row.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// A quoted field runs to the end of the file.
    #[error("a quotation mark opens here and is never closed")]
    QuoteNotClosed,
    /// A quoted field continues after its closing quotation mark.
    #[error("text follows a closing quotation mark (one inside a quoted field is written twice)")]
    TextAfterQuote,
    /// A field is unreasonably long.
    #[error("the field has {0} bytes, more than the {max} that are allowed", max = super::MAX_FIELD_BYTES)]
    FieldTooLong(usize),
    /// A section is missing where it must begin, or a section is repeated or comes too early.
    #[error("section {expected} is expected, not {}", quoted(.found))]
    SectionExpected {
        /// Section that must come next.
        expected: Section,
        /// First field that was found instead.
        found: String,
    },
    /// The file ends too early.
    #[error("the file ends before section {0}")]
    SectionMissing(Section),
    /// A section follows the last section.
    #[error("section {0} stands after the last section")]
    SectionLeftOver(Section),
    /// A section name is followed by no header row.
    #[error("section {0} has no header row")]
    HeaderMissing(Section),
    /// A required column is missing.
    #[error("section {section} has no column {name}")]
    ColumnMissing {
        /// Section in which the column is missing.
        section: Section,
        /// Name of the missing column.
        name: &'static str,
    },
    /// A column occurs twice.
    #[error("section {section} has two columns {name}")]
    ColumnTwice {
        /// Section in which the column occurs twice.
        section: Section,
        /// Name of the repeated column.
        name: &'static str,
    },
    /// A row does not fit its header.
    #[error("fields in the row: {found}, in the header: {expected}")]
    RowWidth {
        /// Number of fields in the row.
        found: usize,
        /// Number of columns in the header.
        expected: usize,
    },
    /// META lacks a required key.
    #[error("section META does not say {0}")]
    KeyMissing(&'static str),
    /// META has a key twice.
    #[error("section META says {0} twice")]
    KeyTwice(&'static str),
    /// Ballots of this `vote_type` cannot be counted.
    #[error("vote_type {} cannot be counted, only approval and choose-1 can", quoted(.0))]
    VoteType(String),
    /// A whole number is expected.
    #[error("{} is not a whole number", quoted(.0))]
    NotANumber(String),
    /// The limit allows no choices at all.
    #[error("max_length is 0, so no ballot could choose anything")]
    NoChoicesAllowed,
    /// A date is expected.
    #[error("{} is not a date (DD.MM.YYYY, YYYY-MM-DD or YYYY)", quoted(.0))]
    NotADate(String),
    /// Voting would end before it begins.
    #[error("voting ends before it begins")]
    EndsBeforeItBegins,
    /// A language tag is expected.
    #[error("{} is not a language tag such as pl or zh-CN", quoted(.0))]
    NotALanguage(String),
    /// META announces a number of rows that differs from the number in the file.
    #[error("{key} is {stated}, but section {section} counts {found}")]
    RowsDiffer {
        /// Key of the number in META.
        key: &'static str,
        /// Number of rows that META states.
        stated: u64,
        /// Section whose rows were counted.
        section: Section,
        /// Number of rows in the section.
        found: usize,
    },
    /// There are no projects to choose from.
    #[error("there are no projects")]
    NoProjects,
    /// There are more projects than any questionnaire has.
    #[error("there are more than {max} projects", max = super::MAX_PROJECTS)]
    TooManyProjects,
    /// A project has no id.
    #[error("the project has no id")]
    ProjectIdMissing,
    /// A ballot could not name the project by this id.
    #[error("project id {} cannot be used: it is too long, or has a comma or a control character", quoted(.0))]
    ProjectIdUnusable(String),
    /// Two projects have the same id.
    #[error("project {} is on line {first_line} already", quoted(.id))]
    ProjectTwice {
        /// Repeated id of the projects.
        id: String,
        /// Line of the first project with the id.
        first_line: usize,
    },
    /// A ballot names a project that the file does not have.
    #[error("project {} is not among the projects", quoted(.0))]
    ProjectUnknown(String),
    /// A ballot has no choice.
    #[error("the ballot chooses nothing")]
    BallotEmpty,
    /// There is a comma too many between choices.
    #[error("a project id is missing beside a comma")]
    ChoiceMissing,
    /// A ballot ticks one project twice.
    #[error("the ballot chooses project {} twice", quoted(.0))]
    ChoiceTwice(String),
    /// A ballot has more choices than `max_length`.
    #[error("too many choices: {found} (at most {most})")]
    TooManyChoices {
        /// Number of choices on the ballot.
        found: usize,
        /// Greatest number of choices that is allowed.
        most: usize,
    },
    /// A ballot has fewer choices than `min_length`.
    #[error("too few choices: {found} (at least {least})")]
    TooFewChoices {
        /// Number of choices on the ballot.
        found: usize,
        /// Smallest number of choices that is allowed.
        least: usize,
    },
    /// One voter has two ballots.
    #[error("voter {} has a ballot on line {first_line} already", quoted(.voter))]
    VoterTwice {
        /// Id of the voter in the file.
        voter: String,
        /// Line of the voter's first ballot.
        first_line: usize,
    },
    /// A ballot has a weight other than one.
    #[error("vote_strength {} cannot be counted, every ballot counts once", quoted(.0))]
    Weighted(String),
}

/// A word of the file in quotation marks, escaped, and cut after 60 characters.
fn quoted(word: &str) -> String {
    match word.char_indices().nth(60) {
        Some((end, _)) => format!("{:?}…", word.get(..end).unwrap_or(word)),
        None => format!("{word:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_line_column_and_name() {
        let error = Place::field(12, 2, Some("vote")).refuse(Problem::ProjectUnknown("77".to_owned()));
        assert_eq!(error.to_string(), r#"line 12, column 3 (vote): project "77" is not among the projects"#);
        let error = Place::line(3).refuse(Problem::ColumnMissing { section: Section::Votes, name: "vote" });
        assert_eq!(error.to_string(), "line 3: section VOTES has no column vote");
    }

    #[test]
    fn words_of_the_file_cannot_break_the_line_or_flood_it() {
        let long = format!("a\r\nb\u{202e}{}", "长".repeat(10_000));
        let message = Place::field(1, 0, Some("x\ny")).refuse(Problem::NotANumber(long)).to_string();
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.chars().count() < 150, "{message}");
        assert!(!message.contains('\u{202e}'), "{message}");
    }
}
