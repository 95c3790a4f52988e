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
    let brand = head.get(8..12).filter(|_| head.get(4..8) == Some(b"ftyp"));
    match (head, brand) {
        (_, Some(b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1")) => "heic",
        (_, Some(b"avif" | b"avis")) => "avif",
        (_, Some(_)) => "video",
        ([b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..], _) => "webp",
        ([b'G', b'I', b'F', b'8', ..], _) => "gif",
        ([b'B', b'M', ..], _) => "bmp",
        ([b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..], _) => "tiff",
        ([b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..], _) => "office",
        _ => "other",
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
            (b"\0\0\0\x1cftypavif", "avif"),
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
