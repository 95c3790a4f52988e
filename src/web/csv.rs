//! Tables as CSV files (RFC 4180) in two forms. For spreadsheets: UTF-8 with a byte order mark, without which spreadsheets garble
//! Chinese, and notes around the table. For programs (`?plain=1`): UTF-8 without the mark, the column heads in the first line, no
//! note. No cell of either form can be taken for a formula (CSV injection).
//!
//! Names of files begin with the product and end with a day, such as `shudu-dashboard-s2-2018-07-07.csv`.

use chrono::NaiveDate;
use poem::http::header;
use poem::{Response, http::StatusCode};
use serde::Deserialize;

use super::query;
use crate::base::error::{Error, Result};
use crate::base::text;

/// Mark at the beginning of a file by which spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";

/// Form of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvForm {
    /// For spreadsheets: with the byte order mark and with notes.
    #[default]
    Spreadsheet,
    /// For programs: without the mark, the table alone.
    Plain,
}

/// The query of a file, beside the query of its figures.
#[derive(Debug, Default, Deserialize)]
pub struct CsvQuery {
    /// `1` for the form for programs.
    #[serde(default)]
    plain: String,
}

impl CsvQuery {
    /// The form that the address asks for.
    #[must_use]
    pub fn form(&self) -> CsvForm {
        if self.plain == "1" { CsvForm::Plain } else { CsvForm::Spreadsheet }
    }
}

/// Lines of cells, in order.
#[derive(Debug, Default)]
pub struct CsvFile {
    form: CsvForm,
    lines: Vec<Vec<String>>,
}

impl CsvFile {
    /// An empty file in a form.
    #[must_use]
    pub const fn new(form: CsvForm) -> Self {
        Self { form, lines: Vec::new() }
    }

    /// Adds a line beside the table: a title, a date, an address. The form for programs leaves the line out.
    pub fn note<I>(&mut self, cells: I)
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        if self.form == CsvForm::Spreadsheet {
            self.line(cells);
        }
    }

    /// Adds a line. Lines may have different lengths, for example in the head of a file.
    pub fn line<I>(&mut self, cells: I)
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        self.lines.push(cells.into_iter().map(|c| escape_formula(&c.to_string())).collect());
    }

    /// Adds an empty line between two blocks. The form for programs has one block.
    pub fn gap(&mut self) {
        self.note([""]);
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// A writer that fails.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer(if self.form == CsvForm::Plain { Vec::new() } else { MARK.as_bytes().to_vec() });
        for line in &self.lines {
            writer.write_record(line).map_err(|e| Error::Internal(e.to_string()))?;
        }
        writer.into_inner().map_err(|e| Error::Internal(e.to_string()))
    }

    /// The file as an answer that a browser saves under the given name.
    ///
    /// # Errors
    /// As [`CsvFile::bytes`].
    pub fn download(&self, name: &str) -> Result<Response> {
        Ok(saved_as(name, self.bytes()?))
    }
}

/// Name of a file: the product, what the file holds, a day.
#[must_use]
pub fn file_name(parts: &[&str], day: NaiveDate) -> String {
    let parts: Vec<String> = parts.iter().filter(|part| !part.is_empty()).map(|part| part.replace(',', "-")).collect();
    format!("shudu-{}-{day}.csv", parts.join("-"))
}

/// Address of a file in the form for programs.
#[must_use]
pub fn plain_address(address: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}plain=1")
}

/// Bytes of a table as an answer that a browser saves under a name. The header has the name in ASCII for old programs, and as the
/// name is (RFC 6266, RFC 8187).
#[must_use]
pub fn saved_as(name: &str, bytes: Vec<u8>) -> Response {
    let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let ascii: String = name.chars().filter(is_plain).collect();
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", query::encode_header(name));
    Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes)
}

/// Puts an apostrophe before a cell that begins like a formula. Full-width signs count as well, because Chinese input methods
/// type them and spreadsheets accept them.
#[must_use]
pub fn escape_formula(cell: &str) -> String {
    format!("{}{cell}", if is_formula(cell) { "'" } else { "" })
}

/// Reverses [`escape_formula`], for a cell of a file that was edited and comes back.
#[must_use]
pub fn unescape_formula(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Whether a cell begins like a formula. Leading apostrophes are ignored, so that a cell that had one of its own keeps it after
/// escaping and unescaping. Marks that nobody sees are ignored, because spreadsheets ignore them.
fn is_formula(cell: &str) -> bool {
    let seen = text::without_unseen(cell);
    seen.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_cell_is_harmless_and_comes_back(cell in "['=+@\t\r\n＝＋－＠-]{0,4}\\PC{0,20}") {
            let written = escape_formula(&cell);
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{}", written);
            prop_assert_eq!(unescape_formula(&written), cell);
        }
    }

    #[test]
    fn a_file_begins_with_a_mark_and_holds_no_formula() {
        let mut sheet = CsvFile::default();
        sheet.line(["=1+1", "+1", "-1", "@a", "a=b", "2,654"]);
        sheet.gap();
        sheet.line([1, 2]);
        assert_eq!(
            String::from_utf8(sheet.bytes().unwrap()).unwrap(),
            "\u{feff}'=1+1,'+1,'-1,'@a,a=b,\"2,654\"\r\n\"\"\r\n1,2\r\n"
        );
    }

    #[test]
    fn the_form_for_programs_is_the_table_alone() {
        let mut sheet = CsvFile::new(CsvForm::Plain);
        sheet.note(["as of", "2018-07-07"]);
        sheet.gap();
        sheet.line(["code", "votes"]);
        sheet.line(["S1-01", "12"]);
        assert_eq!(String::from_utf8(sheet.bytes().unwrap()).unwrap(), "code,votes\r\nS1-01,12\r\n");
    }

    #[test]
    fn a_file_has_its_name_in_ascii_and_as_it_is() {
        let day = NaiveDate::from_ymd_opt(2018, 7, 7).unwrap();
        let said =
            |name: &str| saved_as(name, Vec::new()).headers()[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert_eq!(
            said(&file_name(&["dashboard", "s1,s2", ""], day)),
            "attachment; filename=\"shudu-dashboard-s1-s2-2018-07-07.csv\"; filename*=UTF-8''shudu-dashboard-s1-s2-2018-07-07.csv"
        );
        assert_eq!(
            said("第一季 \"x\"\r\n.csv"),
            "attachment; filename=\"x.csv\"; filename*=UTF-8''%E7%AC%AC%E4%B8%80%E5%AD%A3%20%22x%22%0D%0A.csv"
        );
    }
}
