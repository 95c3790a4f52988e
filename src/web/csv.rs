//! A table as a file for spreadsheets: CSV in UTF-8 with a byte order mark (without it, spreadsheets garble Chinese), and
//! no cell that a spreadsheet would take for a formula.

use poem::http::header;
use poem::{Response, http::StatusCode};

use crate::base::error::{Error, Result};

/// Lines of cells, one after another.
#[derive(Debug, Default)]
pub struct CsvFile {
    lines: Vec<Vec<String>>,
}

impl CsvFile {
    /// Adds a line; rows may have different lengths, as the head of a file does.
    pub fn line<I>(&mut self, cells: I)
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        self.lines.push(cells.into_iter().map(|c| escape_formula(&c.to_string())).collect());
    }

    /// An empty line between two blocks.
    pub fn gap(&mut self) {
        self.lines.push(vec![String::new()]);
    }

    /// The file's bytes.
    ///
    /// # Errors
    /// A writer that fails.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        for line in &self.lines {
            writer.write_record(line).map_err(|e| Error::Internal(e.to_string()))?;
        }
        writer.into_inner().map_err(|e| Error::Internal(e.to_string()))
    }

    /// The file as an answer that a browser saves under a name.
    ///
    /// # Errors
    /// As [`CsvFile::bytes`].
    pub fn download(&self, name: &str) -> Result<Response> {
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')).collect();
        Ok(Response::builder()
            .status(StatusCode::OK)
            .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
            .header(header::CACHE_CONTROL, "no-store")
            .body(self.bytes()?))
    }
}

/// A cell that begins like a formula gets an apostrophe before it. Chinese input methods type the signs in full width, and
/// spreadsheets take those as well.
#[must_use]
pub fn escape_formula(cell: &str) -> String {
    format!("{}{cell}", if is_formula(cell) { "'" } else { "" })
}

/// What a cell was before [`escape_formula`] had it, in a file that comes back.
#[must_use]
pub fn unescape_formula(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}

/// Apostrophes in front count as none, so that a cell which had one is given back with it.
fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
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
}
