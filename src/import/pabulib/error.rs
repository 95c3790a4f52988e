//! What can be wrong with a `.pb` file, said in one line with the place of it.

use std::fmt;

use super::rows::Section;

/// Why a file was refused: renders as one line, such as
/// `line 12, column 3 (vote): project "77" is not among the projects`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The physical line, as an editor numbers it, counted from 1.
    pub line: usize,
    /// The field within its row, counted from 1, where the problem is that of one field.
    pub column: Option<usize>,
    /// What the field is called, where that is known: its column, or its key in META.
    pub name: Option<String>,
}

impl Place {
    /// A whole line.
    pub(super) fn line(line: usize) -> Self {
        Self { line, column: None, name: None }
    }

    /// One field, `index` counted from 0.
    pub(super) fn field(line: usize, index: usize, name: Option<&str>) -> Self {
        Self { line, column: Some(index + 1), name: name.map(str::to_owned) }
    }

    /// The error of this problem in this place.
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

/// What is wrong. Words taken from the file are escaped and shortened, so that the message stays one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file is not UTF-8 text.
    #[error("byte 0x{byte:02X} (character {character} of the line) is not UTF-8 text")]
    NotUtf8 {
        /// Where in its line, in characters counted from 1.
        character: usize,
        /// The first byte that does not belong.
        byte: u8,
    },
    /// The `csv` crate could not read the row.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// A quoted field runs to the end of the file.
    #[error("a quotation mark opens here and is never closed")]
    QuoteNotClosed,
    /// A quoted field goes on after its closing quotation mark.
    #[error("text follows a closing quotation mark (one inside a quoted field is written twice)")]
    TextAfterQuote,
    /// A field is longer than anyone would write.
    #[error("the field has {0} bytes, more than the {max} that are allowed", max = super::MAX_FIELD_BYTES)]
    FieldTooLong(usize),
    /// Something else stands where a section must begin, or a section comes again or too early.
    #[error("section {expected} is expected, not {}", quoted(.found))]
    SectionExpected {
        /// The section whose turn it is.
        expected: Section,
        /// The first field that was found.
        found: String,
    },
    /// The file ends too early.
    #[error("the file ends before section {0}")]
    SectionMissing(Section),
    /// The file goes on too long.
    #[error("section {0} stands after the last section")]
    SectionLeftOver(Section),
    /// No header row under a section's name.
    #[error("section {0} has no header row")]
    HeaderMissing(Section),
    /// A column that has to be there is not.
    #[error("section {section} has no column {name}")]
    ColumnMissing {
        /// Which section.
        section: Section,
        /// Which column.
        name: &'static str,
    },
    /// A column is there twice.
    #[error("section {section} has two columns {name}")]
    ColumnTwice {
        /// Which section.
        section: Section,
        /// Which column.
        name: &'static str,
    },
    /// A row does not fit its header.
    #[error("fields in the row: {found}, in the header: {expected}")]
    RowWidth {
        /// Fields in the row.
        found: usize,
        /// Columns in the header.
        expected: usize,
    },
    /// META does not say what has to be said.
    #[error("section META does not say {0}")]
    KeyMissing(&'static str),
    /// META says something twice.
    #[error("section META says {0} twice")]
    KeyTwice(&'static str),
    /// Ballots of this kind cannot be counted.
    #[error("vote_type {} cannot be counted, only approval and choose-1 can", quoted(.0))]
    VoteType(String),
    /// A whole number is expected.
    #[error("{} is not a whole number", quoted(.0))]
    NotANumber(String),
    /// No ballot could choose anything.
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
    /// META announces another number of rows than there are.
    #[error("{key} is {stated}, but section {section} counts {found}")]
    RowsDiffer {
        /// What META calls the number.
        key: &'static str,
        /// The number in META.
        stated: u64,
        /// Which section.
        section: Section,
        /// The rows that are there.
        found: usize,
    },
    /// Nothing to choose from.
    #[error("there are no projects")]
    NoProjects,
    /// More projects than any questionnaire has.
    #[error("there are more than {max} projects", max = super::MAX_PROJECTS)]
    TooManyProjects,
    /// A project without an id.
    #[error("the project has no id")]
    ProjectIdMissing,
    /// A project that no ballot could name.
    #[error("project id {} cannot be used: it is too long, or has a comma or a control character", quoted(.0))]
    ProjectIdUnusable(String),
    /// Two projects with one id.
    #[error("project {} is on line {first_line} already", quoted(.id))]
    ProjectTwice {
        /// The id.
        id: String,
        /// Where it came first.
        first_line: usize,
    },
    /// A ballot names a project that the file does not have.
    #[error("project {} is not among the projects", quoted(.0))]
    ProjectUnknown(String),
    /// A ballot without a choice.
    #[error("the ballot chooses nothing")]
    BallotEmpty,
    /// A comma too many between choices.
    #[error("a project id is missing beside a comma")]
    ChoiceMissing,
    /// A ballot that ticks one project twice.
    #[error("the ballot chooses project {} twice", quoted(.0))]
    ChoiceTwice(String),
    /// A ballot with more choices than `max_length`.
    #[error("too many choices: {found} (at most {most})")]
    TooManyChoices {
        /// Its choices.
        found: usize,
        /// The most that are allowed.
        most: usize,
    },
    /// A ballot with fewer choices than `min_length`.
    #[error("too few choices: {found} (at least {least})")]
    TooFewChoices {
        /// Its choices.
        found: usize,
        /// The fewest that are allowed.
        least: usize,
    },
    /// One voter with two ballots.
    #[error("voter {} has a ballot on line {first_line} already", quoted(.voter))]
    VoterTwice {
        /// The voter's id in the file.
        voter: String,
        /// Where it came first.
        first_line: usize,
    },
    /// A ballot that counts for more or less than one.
    #[error("vote_strength {} cannot be counted, every ballot counts once", quoted(.0))]
    Weighted(String),
}

/// A word of the file in quotation marks: escaped, and cut after 60 characters.
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
