//! Tables as CSV files for spreadsheets: UTF-8 with a byte order mark, without which spreadsheets garble Chinese. No cell can be
//! taken for a formula (CSV injection).

use poem::http::header;
use poem::{Response, http::StatusCode};

use crate::base::error::{Error, Result};
use crate::base::text;

/// Lines of cells, in order.
#[derive(Debug, Default)]
pub struct CsvFile {
    lines: Vec<Vec<String>>,
}

impl CsvFile {
    /// Adds a line. Lines may have different lengths, for example in the head of a file.
    pub fn line<I>(&mut self, cells: I)
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        self.lines.push(cells.into_iter().map(|c| escape_formula(&c.to_string())).collect());
    }

    /// Adds an empty line between two blocks.
    pub fn gap(&mut self) {
        self.lines.push(vec![String::new()]);
    }

    /// The bytes of the file.
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

    /// The file as an answer that a browser saves under the given name.
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
}
