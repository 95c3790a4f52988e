//! The options of a questionnaire as a table: pasted or uploaded as CSV, every error named by line and column.

use std::collections::HashSet;

use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};

use crate::error::{Error, FieldError, Problems, Refusal, Result};

/// One option as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOption {
    /// Code, unique over all campaigns.
    pub code: String,
    /// Number in the fixed order.
    pub ballot_no: i32,
    /// Full sentence in Chinese.
    pub title_zh: String,
    /// Full sentence in English.
    pub title_en: String,
    /// At most 12 characters.
    pub short_zh: String,
    /// At most 26 letters.
    pub short_en: String,
    /// Theme in Chinese.
    pub theme_zh: String,
    /// Theme in English.
    pub theme_en: String,
    /// Field of service.
    pub domain: String,
    /// Department in charge.
    pub lead_department: String,
    /// Supporting departments.
    pub co_departments: Codes,
    /// Why it blocks.
    pub root_cause: String,
    /// What would clear it.
    pub remedies: Codes,
    /// Whom it blocks.
    pub affected: Affected,
    /// Who proposed it.
    pub proposed_by: ProposedBy,
}

/// Codes that options may refer to.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Departments.
    pub departments: HashSet<String>,
    /// Domains.
    pub domains: HashSet<String>,
    /// Root causes.
    pub root_causes: HashSet<String>,
    /// Remedies.
    pub remedies: HashSet<String>,
}

/// The columns, in the order of a written table; a read one may have them in any order.
pub const COLUMNS: [&str; 15] = [
    "code",
    "ballot_no",
    "title_zh",
    "title_en",
    "short_zh",
    "short_en",
    "theme_zh",
    "theme_en",
    "domain",
    "lead_department",
    "co_departments",
    "root_cause",
    "remedies",
    "affected",
    "proposed_by",
];

/// Most options of one questionnaire.
const MOST: usize = 500;
/// Most errors that are listed; beyond, the table is another one than was meant.
const MOST_ERRORS: usize = 50;

/// Reads a table with a header row. Codes within one cell are parted by blanks.
///
/// # Errors
/// `Invalid` for the field `options`, one error a cell, with line and column.
pub fn read(text: &str, vocabulary: &Vocabulary) -> Result<Vec<NewOption>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let mut missing: Vec<FieldError> = Vec::new();
    let places: Vec<Option<usize>> = COLUMNS
        .iter()
        .map(|name| {
            let place = header.iter().position(|h| h == *name);
            if place.is_none() {
                missing.push(wrong(
                    Refusal::new("options.no_column").with("column", name),
                ));
            }
            place
        })
        .collect();
    if !missing.is_empty() {
        return Err(Error::Invalid(missing));
    }
    let mut problems = Problems::default();
    let mut options = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        if options.len() == MOST {
            return Err(Error::Invalid(vec![wrong(
                Refusal::new("options.too_many").with("most", MOST),
            )]));
        }
        let mut row = Row {
            record: &record,
            places: &places,
            line,
            problems: &mut problems,
        };
        options.push(row.option(vocabulary));
    }
    let list: Vec<NewOption> = options.into_iter().flatten().collect();
    check_once(&list, &mut problems);
    match problems.finish() {
        Ok(()) if list.is_empty() => Err(Error::Invalid(vec![wrong(Refusal::new("options.none"))])),
        Ok(()) => Ok(list),
        Err(Error::Invalid(mut errors)) => {
            errors.truncate(MOST_ERRORS);
            Err(Error::Invalid(errors))
        }
        Err(other) => Err(other),
    }
}

/// Writes a table that [`read`] reads.
///
/// # Errors
/// Memory that cannot be written.
pub fn write(options: &[NewOption]) -> Result<String> {
    let failed = |e: csv::Error| Error::Internal(e.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(failed)?;
    for o in options {
        let cells: [String; 15] = [
            o.code.clone(),
            o.ballot_no.to_string(),
            o.title_zh.clone(),
            o.title_en.clone(),
            o.short_zh.clone(),
            o.short_en.clone(),
            o.theme_zh.clone(),
            o.theme_en.clone(),
            o.domain.clone(),
            o.lead_department.clone(),
            o.co_departments.0.join(" "),
            o.root_cause.clone(),
            o.remedies.0.join(" "),
            o.affected.to_string(),
            o.proposed_by.to_string(),
        ];
        writer.write_record(&cells).map_err(failed)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|e| Error::Internal(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| Error::Internal(e.to_string()))
}

/// One line of the table being read.
struct Row<'a> {
    record: &'a csv::StringRecord,
    places: &'a [Option<usize>],
    line: u64,
    problems: &'a mut Problems,
}

impl Row<'_> {
    /// The option, or none where a cell is wrong (and noted).
    fn option(&mut self, vocabulary: &Vocabulary) -> Option<NewOption> {
        let code = self.text("code", 20);
        if !code.is_empty() && !is_code(&code) {
            self.refuse("code", "options.code");
        }
        let ballot_no: Option<i32> = self.parse("ballot_no", "options.number");
        let affected = self.parse("affected", "options.unknown_word");
        let proposed_by = self.parse("proposed_by", "options.unknown_word");
        let option = NewOption {
            code,
            ballot_no: ballot_no.unwrap_or_default(),
            title_zh: self.text("title_zh", 80),
            title_en: self.text("title_en", 200),
            short_zh: self.text("short_zh", 12),
            short_en: self.text("short_en", 26),
            theme_zh: self.text("theme_zh", 8),
            theme_en: self.text("theme_en", 24),
            domain: self.word("domain", &vocabulary.domains),
            lead_department: self.word("lead_department", &vocabulary.departments),
            co_departments: self.words("co_departments", &vocabulary.departments),
            root_cause: self.word("root_cause", &vocabulary.root_causes),
            remedies: self.words("remedies", &vocabulary.remedies),
            affected: affected.unwrap_or(Affected::Citizen),
            proposed_by: proposed_by.unwrap_or(ProposedBy::FrontlineClerk),
        };
        if option.remedies.0.is_empty() {
            self.refuse("remedies", "options.empty");
        }
        (ballot_no.is_some() && affected.is_some() && proposed_by.is_some()).then_some(option)
    }

    fn cell(&self, column: &str) -> &str {
        let at = COLUMNS
            .iter()
            .position(|c| *c == column)
            .and_then(|n| self.places.get(n).copied().flatten());
        at.and_then(|at| self.record.get(at)).unwrap_or("")
    }

    fn text(&mut self, column: &'static str, most: usize) -> String {
        let value = self.cell(column).to_owned();
        let count = value.chars().count();
        if value.is_empty() {
            self.refuse(column, "options.empty");
        } else if count > most {
            let refusal = self
                .refusal(column, "options.too_long")
                .with("count", count)
                .with("most", most);
            self.problems.add("options", refusal);
        }
        value
    }

    fn word(&mut self, column: &'static str, known: &HashSet<String>) -> String {
        let value = self.cell(column).to_owned();
        if !known.contains(&value) {
            self.refuse(column, "options.unknown_word");
        }
        value
    }

    fn words(&mut self, column: &'static str, known: &HashSet<String>) -> Codes {
        let words: Codes = self.cell(column).split_whitespace().collect();
        if !words.0.iter().all(|w| known.contains(w)) {
            self.refuse(column, "options.unknown_word");
        }
        words
    }

    fn parse<T: std::str::FromStr>(
        &mut self,
        column: &'static str,
        code: &'static str,
    ) -> Option<T> {
        let value = self.cell(column).parse().ok();
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
        let text: String = self.cell(column).chars().take(30).collect();
        Refusal::new(code)
            .with("line", self.line)
            .with("column", column)
            .with("text", text)
    }
}

fn check_once(options: &[NewOption], problems: &mut Problems) {
    let (mut codes, mut numbers, mut shorts) = (HashSet::new(), HashSet::new(), HashSet::new());
    for o in options {
        for (fresh, column, value) in [
            (codes.insert(o.code.clone()), "code", o.code.clone()),
            (
                numbers.insert(o.ballot_no),
                "ballot_no",
                o.ballot_no.to_string(),
            ),
            (
                shorts.insert(o.short_zh.clone()),
                "short_zh",
                o.short_zh.clone(),
            ),
        ] {
            if !fresh {
                problems.add(
                    "options",
                    Refusal::new("options.twice")
                        .with("column", column)
                        .with("text", value),
                );
            }
        }
    }
}

/// Letters, digits, dashes, dots, underscores: what can stand in an address and in a list parted by commas.
#[must_use]
pub fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
}

fn wrong(refusal: Refusal) -> FieldError {
    FieldError {
        field: "options".to_owned(),
        refusal,
    }
}

fn unreadable(error: &csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    Error::Invalid(vec![wrong(
        Refusal::new("options.unreadable").with("line", line),
    )])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Vocabulary {
            departments: set(&["MPS", "NDRC"]),
            domains: set(&["identity"]),
            root_causes: set(&["queueing"]),
            remedies: set(&["mobile", "agent"]),
        }
    }

    const ROW: &str = "S9-01,1,办事要排队,One must queue,办事排队,Queues,窗口,Windows,identity,MPS,NDRC,queueing,mobile agent,citizen,frontline_clerk";

    fn table(rows: &[&str]) -> String {
        format!("{}\n{}\n", COLUMNS.join(","), rows.join("\n"))
    }

    fn errors(text: &str) -> Vec<(String, String)> {
        let Err(Error::Invalid(errors)) = read(text, &vocabulary()) else {
            panic!("not refused")
        };
        let arg = |e: &FieldError, name| {
            e.refusal
                .args
                .iter()
                .find(|a| a.0 == name)
                .map_or(String::new(), |a| a.1.clone())
        };
        errors
            .iter()
            .map(|e| {
                (
                    e.refusal.code.to_owned(),
                    format!("{}:{}", arg(e, "line"), arg(e, "column")),
                )
            })
            .collect()
    }

    #[test]
    fn a_written_table_is_read_back() {
        let read_once = read(&table(&[ROW]), &vocabulary()).unwrap();
        assert_eq!(
            read(&write(&read_once).unwrap(), &vocabulary()).unwrap(),
            read_once
        );
    }

    #[test]
    fn every_wrong_cell_is_named_by_line_and_column() {
        let second = ROW
            .replace("S9-01,1", "S9-02,two")
            .replace("identity", "unknown");
        let third = ROW
            .replace("S9-01,1", "S9-03,3")
            .replace("办事排队", "一二三四五六七八九十一二三");
        let found = errors(&table(&[ROW, &second, &third]));
        assert!(
            found.contains(&("options.number".into(), "3:ballot_no".into())),
            "{found:?}"
        );
        assert!(
            found.contains(&("options.unknown_word".into(), "3:domain".into())),
            "{found:?}"
        );
        assert!(
            found.contains(&("options.too_long".into(), "4:short_zh".into())),
            "{found:?}"
        );
    }

    #[test]
    fn a_code_twice_is_refused() {
        assert!(
            errors(&table(&[ROW, ROW]))
                .iter()
                .any(|e| e.0 == "options.twice")
        );
    }

    #[test]
    fn missing_columns_are_named() {
        assert_eq!(errors("code,title_zh\nA,B\n").len(), 13);
    }
}
