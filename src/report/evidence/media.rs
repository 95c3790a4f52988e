//! The kinds of files that are accepted, recognised by their content.

use super::pdf;

/// Number of first bytes that tell the kind of a file: the beginning of a PDF is within the first 1,024 bytes.
pub const HEAD: usize = 1024 + pdf::MARK.len();

/// Kind of file that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// A PDF document.
    Pdf,
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
}

impl Media {
    /// The kind of a file by its first [`HEAD`] bytes, independent of its name, and the offset at which its content begins; none
    /// for every other kind. A document may begin a little later in the file, as viewers allow: behind a byte order mark or the
    /// words of a printer.
    #[must_use]
    pub fn begin(head: &[u8]) -> Option<(Self, usize)> {
        if head.starts_with(&[0xff, 0xd8, 0xff]) {
            Some((Self::Jpeg, 0))
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some((Self::Png, 0))
        } else {
            memchr::memmem::find(head, pdf::MARK).map(|at| (Self::Pdf, at))
        }
    }

    /// The kind of a file by its media type.
    #[must_use]
    pub fn of_mime(mime: &str) -> Option<Self> {
        [Self::Pdf, Self::Jpeg, Self::Png].into_iter().find(|media| media.mime() == mime)
    }

    /// Media type of the kind.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// File name extensions of the kind, the usual one first.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
        }
    }

    /// Whether files of this kind are re-encoded.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png)
    }
}

/// Word of the messages for the content of a file that is not accepted, by its first bytes; `other` where they tell nothing.
#[must_use]
pub fn foreign(head: &[u8]) -> &'static str {
    // The brand of a file of the ISO base media format stands in its first box (ISO/IEC 14496-12, 4.3).
    if let Some(brand) = head.get(8..12).filter(|_| head.get(4..8) == Some(b"ftyp")) {
        return branded(brand, head);
    }
    match head {
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] | [0xff, 0x4f, 0xff, 0x51, ..] => "jpeg2000",
        [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] | [0xff, 0x0a, ..] => "jxl",
        [b'8', b'B', b'P', b'S', ..] => "psd",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "webp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] | [0x1a, 0x45, 0xdf, 0xa3, ..] => "video",
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'B', b'M', ..] => "bmp",
        // The raw pictures of Canon, Olympus, Panasonic and Fujifilm say so in their first bytes; others are TIFF.
        [b'I', b'I', 42, 0, _, _, _, _, b'C', b'R', ..] | [b'I', b'I', b'R', b'O' | b'S', ..] => "raw",
        [b'I', b'I', b'U', 0, ..] | [b'F', b'U', b'J', b'I', b'F', b'I', b'L', b'M', ..] => "raw",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "tiff",
        [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => "office",
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] | [0x1f, 0x8b, ..] => "archive",
        [b'{', b'\\', b'r', b't', b'f', ..] => "rtf",
        [b'%', b'!', b'P', b'S', ..] => "postscript",
        _ => marked(head),
    }
}

/// Word for a file of the ISO base media format by its main brand, and by the brands after it where the main one only says that
/// the file is a picture (ISO/IEC 23008-12, 10).
fn branded(brand: &[u8], head: &[u8]) -> &'static str {
    match brand {
        b"avif" | b"avis" => "avif",
        b"mif1" | b"mif2" | b"msf1" | b"MSF1" | b"miaf" => {
            // The length of the box stands in its first four bytes.
            let length = head.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length));
            let end = usize::try_from(length).unwrap_or(usize::MAX).min(head.len());
            let others = head.get(16..end).unwrap_or_default();
            let is_avif = others.chunks_exact(4).any(|other| other == b"avif" || other == b"avis");
            if is_avif { "avif" } else { "heic" }
        }
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => "heic",
        b"crx " => "raw",
        b"jp2 " | b"jpx " | b"jpm " => "jpeg2000",
        b"M4A " | b"M4B " | b"M4P " => "audio",
        _ => "video",
    }
}

/// Beginnings of web pages, in small letters. A page that a browser saved as one file begins as a message does.
const PAGES: [&str; 11] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<meta",
    "<title",
    "<table",
    "<div",
    "<p>",
    "from: <saved by",
];

/// Word for a text with marks: a web page, or a drawing in XML. Marks are known in letters of either size, behind blanks and a
/// byte order mark.
fn marked(head: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let text = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    let begins = |marks: &[&str]| marks.iter().any(|mark| text.starts_with(mark));
    let is_xml = begins(&["<?xml", "<!--", "<svg", "<!doctype svg"]);
    if is_xml && text.contains("<svg") {
        "svg"
    } else if begins(&PAGES) || (is_xml && text.contains("<html")) {
        "html"
    } else {
        "other"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_named_by_their_first_bytes() {
        for (head, what) in [
            (&b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"[..], "heic"),
            (b"\0\0\0\x1cftypmif1\0\0\0\0", "heic"),
            (b"\0\0\0\x1cftypmif2\0\0\0\0", "heic"),
            (b"\0\0\0\x1cftypmsf1\0\0\0\0", "heic"),
            (b"\0\0\0\x1cftypMSF1\0\0\0\0", "heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", "avif"),
            (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", "heic"),
            (b"\0\0\0\x1cftypavif", "avif"),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01", "raw"),
            (b"II*\0\x10\0\0\0CR\x02\0", "raw"),
            (b"IIRO\x08\0\0\0", "raw"),
            (b"FUJIFILMCCD-RAW 0201", "raw"),
            (b"\0\0\0\x20ftypM4A ", "audio"),
            (b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ", "jpeg2000"),
            (b"\xff\x4f\xff\x51\0", "jpeg2000"),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
            (b"\xff\x0a\x10", "jxl"),
            (b"8BPS\0\x01", "psd"),
            (b"Rar!\x1a\x07\0", "archive"),
            (b"7z\xbc\xaf\x27\x1c", "archive"),
            (b"\x1f\x8b\x08", "archive"),
            (b"{\\rtf1\\ansi", "rtf"),
            (b"%!PS-Adobe-3.0", "postscript"),
            (b"<html><script>", "html"),
            (b"\xef\xbb\xbf\r\n <!DOCTYPE HTML>", "html"),
            (b"<?xml version='1.0'?><!DOCTYPE html><html>", "html"),
            (b"From: <Saved by Blink>", "html"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'>", "svg"),
            (b"<?xml version='1.0'?>\n<svg>", "svg"),
            (b"<?xml version='1.0'?><invoice>", "other"),
            (b"RIFF\x10\0\0\0AVI LIST", "video"),
            (b"\x1a\x45\xdf\xa3", "video"),
            (b"\0\0\0\x14ftypqt  ", "video"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
            (b"GIF89a", "gif"),
            (b"II*\0", "tiff"),
            (b"PK\x03\x04", "office"),
            (b"\xd0\xcf\x11\xe0\xa1", "office"),
            (b"\0\0\0\x18ftyp", "other"),
            (b"hello", "other"),
            (b"", "other"),
        ] {
            assert_eq!(foreign(head), what, "{head:?}");
            assert!(Media::begin(head).is_none());
        }
        assert_eq!(Media::begin(b"\xef\xbb\xbf%PDF-1.4"), Some((Media::Pdf, 3)));
    }
}
