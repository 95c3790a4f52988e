//! The table of options as CSV: columns by their names, in any order.

use super::{COLUMNS, NewOption, WIDTH, Written, wrong};
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::web::csv::{escape_formula, unescape_formula};

/// Splits a table with a header row into its lines.
pub(super) fn lines(text: &str) -> Result<Vec<Written>> {
    // A form sends lines with CR LF, with which the CSV reader counts one line too few.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| unreadable(&e))?.clone();
    let places = COLUMNS.map(|name| header.iter().position(|h| h == name));
    let missing: Vec<FieldError> = COLUMNS
        .iter()
        .zip(&places)
        .filter(|(_, place)| place.is_none())
        .map(|(name, _)| wrong(Refusal::new("options.no_column").with("column", name)))
        .collect();
    if !missing.is_empty() {
        return Err(Error::Invalid(missing));
    }
    reader
        .records()
        .map(|record| {
            let record = record.map_err(|e| unreadable(&e))?;
            let cell = |place: Option<usize>| place.and_then(|at| record.get(at)).unwrap_or("");
            let cells: [String; WIDTH] = places.map(|place| unescape_formula(cell(place)).to_owned());
            let line = record.position().map_or(0, csv::Position::line);
            Ok(Written { line, cells })
        })
        .collect()
}

/// Writes a table that [`super::read`] reads. Spreadsheets open the table, so every cell that begins like a formula is escaped
/// (CSV injection); reading removes the escapes.
///
/// # Errors
/// A write to memory that fails.
pub fn write(options: &[NewOption]) -> Result<String> {
    let failed = |e: csv::Error| Error::Internal(e.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(failed)?;
    for option in options {
        writer.write_record(option.cells().map(|cell| escape_formula(&cell))).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|e| Error::Internal(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| Error::Internal(e.to_string()))
}

fn unreadable(error: &csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    Error::Invalid(vec![wrong(Refusal::new("options.unreadable").with("line", line))])
}
