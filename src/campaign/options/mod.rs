//! The options of a questionnaire as a table. The table is pasted or uploaded as CSV, or sent as a list; in every case each
//! error is named by line and column.

mod check;
mod table;

use std::collections::HashSet;

use entity::codes::Codes;
use entity::stored::{Affected, ProposedBy};

use crate::base::error::{FieldError, Refusal, Result};

pub use check::{check, is_code};
pub use table::{decode, write};

/// One option as its author writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOption {
    /// Code of the option, unique over all campaigns.
    pub code: String,
    /// Ballot number: place of the option in the fixed order, from 1.
    pub ballot_no: i32,
    /// Title in Chinese, a full sentence.
    pub title_zh: String,
    /// Title in English, a full sentence.
    pub title_en: String,
    /// Short title in Chinese; at most 12 characters.
    pub short_zh: String,
    /// Short title in English; at most 26 characters.
    pub short_en: String,
    /// Theme of the option in Chinese.
    pub theme_zh: String,
    /// Theme of the option in English.
    pub theme_en: String,
    /// Code of the field of service.
    pub domain: String,
    /// Code of the lead department.
    pub lead_department: String,
    /// Codes of the supporting departments.
    pub co_departments: Codes,
    /// Code of the root cause.
    pub root_cause: String,
    /// Codes of the remedies that would clear the pain point.
    pub remedies: Codes,
    /// People whom the pain point blocks.
    pub affected: Affected,
    /// Group that proposed the option.
    pub proposed_by: ProposedBy,
}

/// Codes that options may refer to.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// Codes of all departments.
    pub departments: HashSet<String>,
    /// Codes of all fields of service.
    pub domains: HashSet<String>,
    /// Codes of all root causes.
    pub root_causes: HashSet<String>,
    /// Codes of all remedies.
    pub remedies: HashSet<String>,
}

/// Columns of a table, in the order of a written table; a table that is read may have them in any order.
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

/// Number of columns of a table.
const WIDTH: usize = COLUMNS.len();

/// One line of a table before the check.
#[derive(Clone, Debug)]
pub struct Written {
    /// Number of the line in the file, or place in the list; the first is 1.
    pub line: u64,
    /// Texts of the line, in the order of [`COLUMNS`].
    pub cells: [String; WIDTH],
}

/// Reads a table with a header row. Codes within one cell are separated by blanks.
///
/// # Errors
/// `Invalid` for the field `options`, with one error for each wrong cell, by line and column.
pub fn read(text: &str, vocabulary: &Vocabulary) -> Result<Vec<NewOption>> {
    check(&table::lines(text)?, vocabulary)
}

/// Checks a list by the rules of a table; its line numbers are places in the list.
///
/// # Errors
/// As [`read`].
pub fn check_list(options: &[NewOption], vocabulary: &Vocabulary) -> Result<Vec<NewOption>> {
    let lines: Vec<Written> =
        (1..).zip(options).map(|(line, option)| Written { line, cells: option.cells() }).collect();
    check(&lines, vocabulary)
}

impl NewOption {
    /// Texts of the option's line, in the order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; WIDTH] {
        [
            self.code.clone(),
            self.ballot_no.to_string(),
            self.title_zh.clone(),
            self.title_en.clone(),
            self.short_zh.clone(),
            self.short_en.clone(),
            self.theme_zh.clone(),
            self.theme_en.clone(),
            self.domain.clone(),
            self.lead_department.clone(),
            self.co_departments.0.join(" "),
            self.root_cause.clone(),
            self.remedies.0.join(" "),
            self.affected.to_string(),
            self.proposed_by.to_string(),
        ]
    }
}

/// An error of the table.
fn wrong(refusal: Refusal) -> FieldError {
    FieldError { field: "options".to_owned(), refusal }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::Error;

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
        let Err(Error::Invalid(errors)) = read(text, &vocabulary()) else { panic!("not refused") };
        let arg =
            |e: &FieldError, name| e.refusal.args.iter().find(|a| a.0 == name).map_or(String::new(), |a| a.1.clone());
        errors.iter().map(|e| (e.refusal.code.to_owned(), format!("{}:{}", arg(e, "line"), arg(e, "column")))).collect()
    }

    #[test]
    fn a_written_table_is_read_back() {
        let read_once = read(&table(&[ROW]), &vocabulary()).unwrap();
        assert_eq!(read(&write(&read_once).unwrap(), &vocabulary()).unwrap(), read_once);
    }

    #[test]
    fn every_wrong_cell_is_named_by_line_and_column() {
        let second = ROW.replace("S9-01,1", "S9-02,two").replace("identity", "unknown");
        let third = ROW.replace("S9-01,1", "S9-03,3").replace("办事排队", "一二三四五六七八九十一二三");
        let found = errors(&table(&[ROW, &second, &third]));
        assert!(found.contains(&("options.number".into(), "3:ballot_no".into())), "{found:?}");
        assert!(found.contains(&("options.unknown_word".into(), "3:domain".into())), "{found:?}");
        assert!(found.contains(&("options.too_long".into(), "4:short_zh".into())), "{found:?}");
    }

    #[test]
    fn what_stands_twice_is_named_where_it_stands_again() {
        let again = ROW.replace("S9-01,1", "S9-02,01");
        let found = errors(&table(&[ROW, &again]));
        assert_eq!(
            found,
            ["ballot_no", "title_zh", "short_zh"].map(|column| ("options.twice".to_owned(), format!("3:{column}")))
        );
    }

    #[test]
    fn a_list_is_checked_by_the_same_rules_as_a_table() {
        let mut list = read(&table(&[ROW]), &vocabulary()).unwrap();
        assert_eq!(check_list(&list, &vocabulary()).unwrap(), list);
        list[0].ballot_no = 0;
        list[0].title_zh.push('\n');
        list[0].title_zh.push('二');
        let Err(Error::Invalid(found)) = check_list(&list, &vocabulary()) else { panic!("not refused") };
        let codes: Vec<_> = found.iter().map(|e| e.refusal.code).collect();
        assert_eq!(codes, ["options.number", "options.control_characters"]);
    }

    #[test]
    fn filled_columns_that_the_table_does_not_have_are_named() {
        let columns = COLUMNS.join(",");
        let known = format!("{columns},note,,empty\n{ROW},,,\n");
        assert_eq!(read(&known, &vocabulary()).unwrap().len(), 1);
        let row = ROW.replace("S9-01,1", "S9-02,2").replace("办事要排队", "办事要久等").replace("办事排队", "办事久等");
        let found = errors(&format!("\n,,\n{columns},note,,empty\n{ROW},,b,\n{row},a,,\n"));
        assert_eq!(
            found,
            [
                ("options.unknown_column".to_owned(), "5:note".to_owned()),
                ("options.unnamed_column".to_owned(), "4:".to_owned()),
            ]
        );
    }

    #[test]
    fn missing_columns_are_named() {
        assert_eq!(errors("code,title_zh\nA,B\n").len(), 13);
    }
}
