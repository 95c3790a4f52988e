//! Files that a person kept: receipts, promises, checkpoints. Programs that handled them may have changed their encoding or their
//! line ends. Such a change is damage in transport and no forgery: the text is restored, and its signature still has to fit.
//!
//! Files of a log are read as they are.

use crate::note;

/// The text of a kept file: decoded from UTF-8, or from UTF-16 with a byte order mark, with a line feed at the end of each line
/// and one at the end of the text. None for other bytes.
#[must_use]
pub fn text(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok()?,
        _ => String::from_utf8(bytes.to_vec()).ok()?,
    };
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(format!("{}\n", lines.trim_end_matches(['\n', ' ', '\t'])))
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    if rest.is_empty() { String::from_utf16(&units).ok() } else { None }
}

/// Whether a text has the form of a signed note: an empty line, and only lines of signatures after the last one.
#[must_use]
pub fn is_note(text: &str) -> bool {
    let signatures = note::split(text).map(|(_, signatures)| signatures);
    signatures.is_some_and(|lines| lines.lines().all(|line| note::read_line(line).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "log\n3\nroot=\n\n— log AAAAAAAA\n";

    #[test]
    fn a_note_is_restored_from_other_encodings_and_line_ends() {
        let windows = NOTE.replace('\n', "\r\n");
        let wide: Vec<u8> = NOTE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for kept in [
            windows.clone().into_bytes(),
            format!("\u{feff}{windows}").into_bytes(),
            NOTE.trim_end().as_bytes().to_vec(),
            format!("{NOTE}\n\n").into_bytes(),
            NOTE.replace('\n', "\r").into_bytes(),
            [&[0xff, 0xfe][..], &wide].concat(),
        ] {
            assert_eq!(text(&kept).as_deref(), Some(NOTE), "{kept:?}");
        }
        assert!(text(b"\xd6\xd0").is_none() && text(b"\xff\xfe\x00").is_none());
        assert!(is_note(NOTE));
        for torn in ["", "log\n3\nroot=\n", "log\n\n\n", "a\n\nb\n"] {
            assert!(!is_note(torn), "{torn:?}");
        }
    }
}
