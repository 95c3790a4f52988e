//! The check of a table of options: a pure function, and the only place that states the rules of a table.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};

use super::{COLUMNS, NewOption, Vocabulary, Written, wrong};
use crate::base::error::{Error, Problems, Refusal, Result};
use crate::base::text;

/// Largest number of options of one questionnaire.
const MAX_OPTIONS: usize = 500;
/// Largest number of errors that are listed; with more errors, the sent table is probably not the intended one.
const MAX_ERRORS: usize = 50;
/// Highest ballot number of an option.
const MAX_NUMBER: i32 = 9999;

/// Checks every cell of a table and returns the options.
///
/// # Errors
/// `Invalid` for the field `options`, with one error for each wrong cell, by line and column.
pub fn check(lines: &[Written], vocabulary: &Vocabulary) -> Result<Vec<NewOption>> {
    if lines.len() > MAX_OPTIONS {
        return Err(Error::Invalid(vec![wrong(Refusal::new("options.too_many").with("most", MAX_OPTIONS))]));
    }
    if lines.is_empty() {
        return Err(Error::Invalid(vec![wrong(Refusal::new("options.none"))]));
    }
    let lines: Vec<Written> = lines.iter().map(tidied).collect();
    let mut problems = Problems::default();
    let options: Vec<NewOption> = lines
        .iter()
        .filter_map(|line| {
            let mut row = SheetRow { line, problems: &mut problems };
            row.option(vocabulary)
        })
        .collect();
    check_once(&lines, &mut problems);
    match problems.finish() {
        Ok(()) => Ok(options),
        Err(Error::Invalid(mut errors)) => {
            errors.truncate(MAX_ERRORS);
            Err(Error::Invalid(errors))
        }
        Err(other) => Err(other),
    }
}

/// The line as its option is stored: texts in the form in which people read them, and codes in the form in which programs do.
fn tidied(line: &Written) -> Written {
    let form = |column: &str| if TEXTS.contains(&column) { text::tidy } else { text::plain };
    let cells = std::array::from_fn(|at| form(COLUMNS[at])(&line.cells[at]));
    Written { line: line.line, cells }
}

/// Whether a text may be a code: letters, digits, dashes, dots and underscores, which are safe in an address and in a list
/// separated by commas. A dash alone is reserved: it stands for the ballots themselves in the signed count (section 7 of
/// `docs/ballot-log.md`).
#[must_use]
pub fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text != "-"
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

/// One line during its check.
struct SheetRow<'a> {
    line: &'a Written,
    problems: &'a mut Problems,
}

impl SheetRow<'_> {
    /// The option of the line; none where a cell is wrong and the error was noted.
    fn option(&mut self, vocabulary: &Vocabulary) -> Option<NewOption> {
        let code = self.text("code", 20);
        if !code.is_empty() && !is_code(&code) {
            self.refuse("code", "options.code");
        }
        let ballot_no: Option<i32> = self.parse("ballot_no", "options.number");
        if ballot_no.is_some_and(|number| !(1..=MAX_NUMBER).contains(&number)) {
            self.refuse("ballot_no", "options.number");
        }
        let affected: Option<Affected> = self.parse("affected", "options.unknown_word");
        let proposed_by: Option<ProposedBy> = self.parse("proposed_by", "options.unknown_word");
        let title_zh = self.text("title_zh", 80);
        let title_en = self.text("title_en", 200);
        let short_zh = self.text("short_zh", 12);
        let short_en = self.text("short_en", 26);
        let theme_zh = self.text("theme_zh", 8);
        let theme_en = self.text("theme_en", 24);
        let domain = self.word("domain", &vocabulary.domains);
        let lead_department = self.word("lead_department", &vocabulary.departments);
        let co_departments = self.words("co_departments", &vocabulary.departments);
        let root_cause = self.word("root_cause", &vocabulary.root_causes);
        let remedies = self.words("remedies", &vocabulary.remedies);
        if remedies.0.is_empty() {
            self.refuse("remedies", "options.empty");
        }
        Some(NewOption {
            code,
            ballot_no: ballot_no?,
            title_zh,
            title_en,
            short_zh,
            short_en,
            theme_zh,
            theme_en,
            domain,
            lead_department,
            co_departments,
            root_cause,
            remedies,
            affected: affected?,
            proposed_by: proposed_by?,
        })
    }

    fn text(&mut self, column: &'static str, most: usize) -> String {
        let value = cell(self.line, column).to_owned();
        let count = value.chars().count();
        if value.is_empty() {
            self.refuse(column, "options.empty");
        } else if count > most {
            let refusal = self.refusal(column, "options.too_long").with("count", count).with("most", most);
            self.problems.add("options", refusal);
        }
        if value.chars().any(char::is_control) {
            self.refuse(column, "options.control_characters");
        }
        value
    }

    fn word(&mut self, column: &'static str, known: &HashSet<String>) -> String {
        let value = cell(self.line, column).to_owned();
        if !known.contains(&value) {
            self.refuse(column, "options.unknown_word");
        }
        value
    }

    fn words(&mut self, column: &'static str, known: &HashSet<String>) -> Codes {
        let words: Codes = cell(self.line, column).split_whitespace().collect();
        if !words.0.iter().all(|w| known.contains(w)) {
            self.refuse(column, "options.unknown_word");
        }
        words
    }

    fn parse<T: std::str::FromStr>(&mut self, column: &'static str, code: &'static str) -> Option<T> {
        let value = cell(self.line, column).parse().ok();
        if value.is_none() {
            self.refuse(column, code);
        }
        value
    }

    fn refuse(&mut self, column: &'static str, code: &'static str) {
        let refusal = self.refusal(column, code);
        self.problems.add("options", refusal);
    }

    fn refusal(&self, column: &'static str, code: &'static str) -> Refusal {
        named(self.line, column, code)
    }
}

/// Columns with texts for people.
const TEXTS: [&str; 6] = ["title_zh", "title_en", "short_zh", "short_en", "theme_zh", "theme_en"];

/// Columns in which no two lines of a table may look the same: voters could not tell the options apart. Of equal texts in English
/// the checks before publication tell.
const ONCE: [&str; 4] = ["code", "ballot_no", "title_zh", "short_zh"];

fn check_once(lines: &[Written], problems: &mut Problems) {
    for column in ONCE {
        let mut seen: HashMap<String, (u64, &str)> = HashMap::new();
        for line in lines {
            let text = cell(line, column);
            if text.is_empty() {
                continue;
            }
            // The texts 7 and 07 are the same number.
            let number: Option<i32> = text.parse().ok().filter(|_| column == "ballot_no");
            let look = number.map_or_else(|| text::look(text), |n| n.to_string());
            match seen.entry(look) {
                Entry::Occupied(first) => {
                    let (first, same) = *first.get();
                    let is_same = same == text || number.is_some();
                    let code = if is_same { "options.twice" } else { "options.same_look" };
                    problems.add("options", named(line, column, code).with("first", first));
                }
                Entry::Vacant(place) => {
                    place.insert((line.line, text));
                }
            }
        }
    }
}

/// A refusal that names the cell and the beginning of its text.
fn named(line: &Written, column: &'static str, code: &'static str) -> Refusal {
    let text: String = cell(line, column).chars().take(30).collect();
    Refusal::new(code).with("line", line.line).with("column", column).with("text", text)
}

fn cell<'a>(line: &'a Written, column: &str) -> &'a str {
    COLUMNS.iter().position(|c| *c == column).and_then(|at| line.cells.get(at)).map_or("", String::as_str)
}
