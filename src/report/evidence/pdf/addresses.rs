//! The rules: which links and which names of files lead to another computer or run something.
//!
//! # Why
//! A computer that is asked for a file of another computer signs in there with the account of the reader. Windows has several
//! spellings of the name of another computer: two slashes or backslashes in front, behind `file:///`, or percent-encoded.

use percent_encoding::percent_decode_str;

use super::syntax::KEPT_TEXT;
use crate::base::text::without_unseen;

/// Schemes of links that a person may follow, in small letters. A link without a scheme leads into the same site.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "ftp"];
/// Characters behind which no scheme begins.
const MARKS: [char; 4] = [':', '/', '?', '#'];

/// Whether following a link only opens a page, a message or a file of the reader's own computer.
pub fn is_harmless(link: &[u8]) -> bool {
    let Some(link) = seen(link) else { return false };
    match scheme(&link) {
        Some("file") => link.strip_prefix("file://").is_some_and(|path| path.starts_with('/') && !names_computer(path)),
        Some(scheme) => SCHEMES.contains(&scheme),
        None => !link.contains('\\') && !names_computer(&link),
    }
}

/// Whether the name of a file leads away from the folder of the document and from the drives of the reader: the name begins at
/// the root, as the name of another computer does, or has a scheme.
pub fn is_far(file: &[u8]) -> bool {
    let Some(file) = seen(file) else { return true };
    file.starts_with(['/', '\\']) || scheme(&file).is_some_and(|scheme| scheme.len() > 1)
}

/// The scheme of an address. The letter of a drive counts as one.
fn scheme(address: &str) -> Option<&str> {
    let begin = address.split(['/', '?', '#']).next().unwrap_or_default();
    begin.split_once(':').map(|(scheme, _)| scheme)
}

/// Whether a path begins with two slashes of either kind, in front of a name. Percent-encoded characters are decoded before, and
/// the parts `.` and `..` are resolved.
fn names_computer(path: &str) -> bool {
    let path = percent_decode_str(path).decode_utf8_lossy().replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => parts.truncate(parts.len().saturating_sub(1).max(1)),
            _ => parts.push(part),
        }
    }
    parts.len() > 2 && parts[0].is_empty() && parts[1].is_empty()
}

/// A string in small letters, without characters that viewers pass over; none where such characters fill all that was kept
/// ([`KEPT_TEXT`]), so that the beginning is unknown.
fn seen(text: &[u8]) -> Option<String> {
    let sent = match text {
        [0xfe, 0xff, units @ ..] => {
            let units: Vec<u16> = units.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(text).into_owned(),
    };
    let is_blank = |c: char| c.is_control() || c.is_whitespace();
    let shown = without_unseen(&sent);
    let is_padded = shown.len() < sent.len() || shown.chars().any(is_blank);
    let letters = shown.chars().filter(|c| !is_blank(*c) && *c != '\u{fffd}');
    let seen: String = letters.flat_map(char::to_lowercase).collect();
    let is_unknown = text.len() >= KEPT_TEXT && is_padded && !seen.contains(MARKS);
    (!is_unknown).then_some(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        [0xfe, 0xff].into_iter().chain(units).collect()
    }

    #[test]
    fn links_to_sites_people_and_own_files_are_harmless() {
        for link in [
            "https://wiki.example.cn/kf/a?b=//c\\d#e",
            "HTTP://example.cn",
            "mailto:office@example.cn",
            "tel:12345",
            "ftp://example.cn/a",
            "next.html",
            "../a/./b.html",
            "chapter-2.html#a:b",
            "#top",
            "/a/b.html",
            "",
            "file:///",
            "file:///home/me/next.html",
            "file:///C:/Users/me/a%20b.html",
            "file:///C:\\Users\\me\\a.docx",
            "file:///tmp//a.html",
            "file:///a/../b.html",
        ] {
            assert!(is_harmless(link.as_bytes()), "{link}");
            assert!(is_harmless(&utf16(link)), "{link} in UTF-16");
        }
        assert!(is_harmless(&"%E9%80%9A".repeat(100).as_bytes()[..KEPT_TEXT]), "a long name");
        assert!(is_harmless(&utf16("小小班.html")), "bytes of UTF-16 that look like backslashes");
    }

    #[test]
    fn links_to_other_computers_and_to_scripts_are_not() {
        for link in [
            "javascript:x",
            "java\nscript:x",
            " \u{3000}\u{feff}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "C:\\a",
            "\\\\evil\\share",
            "//evil/share",
            "/\\evil/share",
            "%5C%5Cevil%5Cshare",
            "/.//evil/share",
            "file:",
            "file:a",
            "file://evil/share/x",
            "file:////evil/share/x",
            "file://///evil/share/x",
            "FILE: ////evil/share",
            "file:///\\\\evil\\share",
            "file:///\\evil\\share",
            "file://\\evil\\share",
            "file:\\\\evil\\share",
            "file:///%5C%5Cevil%5Cshare",
            "file:///%2Fevil/share",
            "file:///.//evil/share",
            "file:///C:/..//evil/share",
            "file:%2F%2Fevil",
        ] {
            assert!(!is_harmless(link.as_bytes()), "{link}");
            assert!(!is_harmless(&utf16(link)), "{link} in UTF-16");
        }
        let blanks = "\u{3000}".repeat(KEPT_TEXT);
        assert!(!is_harmless(&blanks.as_bytes()[..KEPT_TEXT]), "nothing but blanks of several bytes");
        assert!(!is_harmless(&utf16(&" ".repeat(KEPT_TEXT))[..KEPT_TEXT]), "nothing but blanks of UTF-16");
    }

    #[test]
    fn files_beside_the_document_and_on_own_drives_are_near() {
        for near in ["a.pdf", "folder/a.pdf", "..\\a.pdf", "C:\\a.pdf", "d:/a.pdf", "小小班.pdf", ""] {
            assert!(!is_far(near.as_bytes()) && !is_far(&utf16(near)), "{near}");
        }
        for far in ["\\\\evil\\a", "//evil/a", "/evil/a", " //evil", "https://evil", "file:a", "smb://evil"] {
            assert!(is_far(far.as_bytes()) && is_far(&utf16(far)), "{far}");
        }
    }
}
