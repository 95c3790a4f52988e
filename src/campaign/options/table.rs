//! The table of options as people hand it over: CSV or cells copied from a spreadsheet, columns by their names in any order.

use std::collections::BTreeMap;

use csv::StringRecord;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{COLUMNS, NewOption, WIDTH, Written, wrong};
use crate::base::error::{Error, FieldError, Refusal, Result};
use crate::base::text;
use crate::web::csv::{escape_formula, unescape_formula};

/// The only column whose cells may be empty.
const MAY_BE_EMPTY: &str = "co_departments";

/// Largest number of columns that are named as unknown; with more, the sent table is probably not the intended one.
const MAX_UNKNOWN: usize = 20;

/// Text of an uploaded table. Spreadsheets save UTF-8, UTF-16 with a byte order mark, or GB18030.
///
/// # Errors
/// `options.workbook` for a file of a spreadsheet program; `options.no_text` for other bytes.
pub fn decode(name: &str, bytes: &[u8]) -> Result<String, Refusal> {
    // Signatures of Office Open XML and OpenDocument (ZIP files), and of the older Office formats.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(Refusal::new("options.workbook").with("name", name));
    }
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling_and_without_replacement(rest),
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling_and_without_replacement(rest),
        _ => std::str::from_utf8(bytes)
            .map(Into::into)
            .ok()
            .or_else(|| GB18030.decode_without_bom_handling_and_without_replacement(bytes)),
    };
    let text = text.filter(|text| !text.contains('\0'));
    text.map(Into::into).ok_or_else(|| Refusal::new("options.no_text").with("name", name))
}

/// Splits a table with a header row into its lines. Rows without any text are left out.
pub(super) fn lines(text: &str) -> Result<Vec<Written>> {
    // A form sends lines with CR LF, with which the CSV reader counts one line too few.
    let text = text::unix_lines(text.trim_start_matches('\u{feff}'));
    let (before, text) = without_blank_rows(&text);
    let (separator, hint, text) = separator(text);
    let (after, text) = without_blank_rows(text);
    let skipped = before + hint + after;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header =
        reader.headers().map_err(|e| unreadable(e.position().map_or(1, csv::Position::line) + skipped))?.clone();
    let places = places(&header)?;
    let mut lines = Vec::new();
    // Place of each column that this table does not have, with the first line in which the column is filled.
    let mut unknown: BTreeMap<usize, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(e.position().map_or(1, csv::Position::line) + skipped))?;
        let line = record.position().map_or(0, csv::Position::line) + skipped;
        if record.iter().all(|cell| text::tidy(cell).is_empty()) {
            continue;
        }
        if !fits(&record, header.len(), &places) {
            return Err(unreadable(line));
        }
        for (at, cell) in record.iter().enumerate() {
            if !places.contains(&at) && !text::tidy(cell).is_empty() {
                unknown.entry(at).or_insert(line);
            }
        }
        lines.push(Written { line, cells: places.map(|at| unescape_formula(record.get(at).unwrap_or("")).to_owned()) });
    }
    if unknown.is_empty() { Ok(lines) } else { Err(unknown_columns(&header, &unknown)) }
}

/// The refusal of filled columns that the table does not have: their cells would be dropped in silence.
fn unknown_columns(header: &StringRecord, unknown: &BTreeMap<usize, u64>) -> Error {
    let refusal = |(at, line): (&usize, &u64)| {
        let name: String = text::tidy(header.get(*at).unwrap_or_default()).chars().take(30).collect();
        let refusal = if name.is_empty() {
            Refusal::new("options.unnamed_column").with("number", at + 1)
        } else {
            Refusal::new("options.unknown_column").with("column", name)
        };
        wrong(refusal.with("line", line))
    };
    Error::Invalid(unknown.iter().take(MAX_UNKNOWN).map(refusal).collect())
}

/// The text from the first row with a text on, and the number of rows before that row.
fn without_blank_rows(text: &str) -> (u64, &str) {
    let (mut rows, mut rest) = (0, text);
    while let Some((row, after)) = rest.split_once('\n') {
        if !text::tidy(&row.replace([',', ';', '\t', '|', '"'], "")).is_empty() {
            break;
        }
        (rows, rest) = (rows + 1, after);
    }
    (rows, rest)
}

/// The separator of the cells, the number of lines before the header, and the text from the header on. A first line `sep=;` is
/// a hint that some spreadsheets write.
fn separator(text: &str) -> (u8, u64, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let hint = first.trim_matches('"').strip_prefix("sep=").map(str::as_bytes);
    match hint {
        Some([separator @ (b',' | b';' | b'\t' | b'|')]) => (*separator, 1, rest),
        _ => {
            let header = text.trim_start().lines().next().unwrap_or_default();
            let found = [b'\t', b';', b','].into_iter().find(|separator| header.contains(char::from(*separator)));
            (found.unwrap_or(b','), 0, text)
        }
    }
}

/// The place of each column in the table.
fn places(header: &StringRecord) -> Result<[usize; WIDTH]> {
    let header: Vec<String> = header.iter().map(|name| text::plain(name).to_lowercase()).collect();
    let found = COLUMNS.map(|name| header.iter().position(|h| h == name));
    if found.iter().all(Option::is_none) {
        return Err(Error::Invalid(vec![wrong(Refusal::new("options.no_header").with("columns", COLUMNS.join(", ")))]));
    }
    let problem = |name: &str| match header.iter().filter(|h| *h == name).count() {
        0 => Some("options.no_column"),
        1 => None,
        _ => Some("options.column_twice"),
    };
    let problems: Vec<FieldError> =
        COLUMNS.iter().filter_map(|name| Some(wrong(Refusal::new(problem(name)?).with("column", name)))).collect();
    if problems.is_empty() { Ok(found.map(Option::unwrap_or_default)) } else { Err(Error::Invalid(problems)) }
}

/// Whether a row fits the header. Spreadsheets leave empty cells at the end of a row out, or add some.
fn fits(record: &StringRecord, width: usize, places: &[usize; WIDTH]) -> bool {
    let is_missing = |(name, at): (&&str, &usize)| *at >= record.len() && *name != MAY_BE_EMPTY;
    !COLUMNS.iter().zip(places).any(is_missing) && record.iter().skip(width).all(str::is_empty)
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

fn unreadable(line: u64) -> Error {
    Error::Invalid(vec![wrong(Refusal::new("options.unreadable").with("line", line))])
}
