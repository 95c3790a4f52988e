//! The file as text: its encoding, line breaks and quotation marks.

use super::error::{Error, Place, Problem};

pub(super) const LINE_BREAK: [char; 2] = ['\r', '\n'];

/// Decodes UTF-8 text, with or without a byte-order mark.
pub(super) fn decode(file: &[u8]) -> Result<&str, Error> {
    let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
    std::str::from_utf8(file).map_err(|error| {
        let (good, rest) = file.split_at(error.valid_up_to());
        let good = std::str::from_utf8(good).unwrap_or_default();
        let this_line = good.rsplit(['\r', '\n']).next().unwrap_or_default();
        let problem = Problem::NotUtf8 {
            character: this_line.chars().count() + 1,
            byte: rest.first().copied().unwrap_or_default(),
        };
        Place::line(1 + line_breaks(good)).refuse(problem)
    })
}

/// The number of line ends in a text: LF, CR LF and a lone CR each end one line.
pub(super) fn line_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    let feeds = bytes.iter().filter(|byte| **byte == b'\n').count();
    let returns = bytes.iter().filter(|byte| **byte == b'\r').count();
    let pairs = if returns == 0 { 0 } else { text.matches("\r\n").count() };
    feeds + returns - pairs
}

/// Refuses quoting that `csv` would silently repair: a quoted field that is not closed, or that continues after its closing mark.
pub(super) fn check_quotes(raw: &str, line: usize) -> Result<(), Error> {
    if !raw.contains('"') {
        return Ok(());
    }
    let at = |index, offset| Place::field(line + line_breaks(raw.get(..offset).unwrap_or_default()), index, None);
    let mut rest = raw;
    for index in 0.. {
        let field = raw.len() - rest.len();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            loop {
                let Some((_, after)) = quoted.split_once('"') else {
                    return Err(at(index, field).refuse(Problem::QuoteNotClosed));
                };
                match after.strip_prefix('"') {
                    Some(more) => quoted = more,
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
            if !rest.is_empty() && !rest.starts_with(';') {
                return Err(at(index, field).refuse(Problem::TextAfterQuote));
            }
        }
        match rest.split_once(';') {
            Some((_, next)) => rest = next,
            None => break,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_end_a_line_counts_once() {
        for (text, expected) in [("", 0), ("a\nb", 1), ("a\r\nb\r\n", 2), ("a\rb\r\r\n\n", 4)] {
            assert_eq!(line_breaks(text), expected, "{text:?}");
        }
    }

    #[test]
    fn quotes_are_marks_at_the_start_of_a_field_and_letters_elsewhere() {
        for raw in [r#"1;"a;""b""";"";c"#, r#"2;5" pipe;x""#, r#""""""#, "\"a\nb\";c"] {
            assert_eq!(check_quotes(raw, 1), Ok(()), "{raw}");
        }
    }

    #[test]
    fn broken_quotes_are_refused_where_they_open() {
        let refused = |raw| check_quotes(raw, 7).map_err(|error| error.to_string());
        let open = "a quotation mark opens here and is never closed";
        assert_eq!(refused("1;\"a\nb\";\"c;d\n2;e"), Err(format!("line 8, column 3: {open}")));
        assert_eq!(refused("1;\"a\"\""), Err(format!("line 7, column 2: {open}")));
        let after = "text follows a closing quotation mark (one inside a quoted field is written twice)";
        assert_eq!(refused("\"a\" b;c"), Err(format!("line 7, column 1: {after}")));
    }
}
