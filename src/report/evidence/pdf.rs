//! Inspection of a PDF: whether it is a document to read and nothing more.
//!
//! # Why
//! A PDF may run scripts, start programs, send forms, embed other files or be encrypted. None of these features proves a fix,
//! so such a file is refused rather than marked. A mark would be one more warning that thirty-one provinces and eight teams
//! learn to click away, and an honest sender prints the document to a new PDF. Names may be written with escapes and may be
//! inside compressed objects: both are decoded. Content that cannot be decoded is refused as well. A viewer may still find
//! features that this parser does not find, so a file is served only as a download.

use std::io::Read;

use flate2::read::ZlibDecoder;

/// Number of last bytes that must contain the end marker.
const TAIL: usize = 1024;
/// Largest number of bytes of decompressed objects that are inspected.
const MAX_UNPACKED: u64 = 16 << 20;
/// Names that make a document active.
const ACTIVE: [&[u8]; 9] = [
    b"JavaScript",
    b"Launch",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"RichMedia",
    b"SubmitForm",
    b"ImportData",
    b"GoToE",
    b"Rendition",
];
/// Filters and parameters of streams that this parser does not decode.
const OPAQUE: [&[u8]; 11] = [
    b"ASCIIHexDecode",
    b"AHx",
    b"ASCII85Decode",
    b"A85",
    b"LZWDecode",
    b"LZW",
    b"RunLengthDecode",
    b"RL",
    b"Crypt",
    b"Predictor",
    b"JBIG2Decode",
];

/// Reason why a PDF is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The file does not begin or end as a PDF does.
    Broken,
    /// The document is active: it names a script, a program, an embedded file or another action.
    Active,
    /// The document is encrypted, or compressed so that it cannot be inspected.
    Locked,
}

impl Unfit {
    /// Code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Broken => "evidence.pdf_broken",
            Self::Active => "evidence.pdf_active",
            Self::Locked => "evidence.pdf_locked",
        }
    }
}

/// Inspects a PDF.
///
/// # Errors
/// As [`Unfit`].
pub fn check(bytes: &[u8]) -> Result<(), Unfit> {
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    if !bytes.starts_with(b"%PDF-") || !contains(tail, b"%%EOF") {
        return Err(Unfit::Broken);
    }
    let mut room = MAX_UNPACKED;
    let mut object = Object::default();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest[0] == b'/' {
            let (name, length) = name(&rest[1..]);
            passive(&name)?;
            object.learn(&name);
            at += 1 + length;
        } else if rest.starts_with(b"stream") {
            if object.holds_objects {
                unpack(rest, object, &mut room)?;
            }
            object = Object::default();
            at += 6;
        } else {
            if rest.starts_with(b"endobj") {
                object = Object::default();
            }
            at += 1;
        }
    }
    Ok(())
}

/// Facts about a stream that the names before the stream tell.
#[derive(Clone, Copy, Debug, Default)]
struct Object {
    holds_objects: bool,
    packed: bool,
    opaque: bool,
}

impl Object {
    fn learn(&mut self, name: &[u8]) {
        self.holds_objects |= name == b"ObjStm";
        self.packed |= name == b"Filter";
        self.opaque |= OPAQUE.contains(&name);
    }
}

/// Inspects a stream of compressed objects. A stream that is not compressed was already inspected as part of the file.
fn unpack(stream: &[u8], object: Object, room: &mut u64) -> Result<(), Unfit> {
    if !object.packed {
        return Ok(());
    }
    if object.opaque {
        return Err(Unfit::Locked);
    }
    let start = stream.iter().skip(6).position(|b| !matches!(b, b'\r' | b'\n' | b' ')).ok_or(Unfit::Locked)?;
    let mut words = Vec::new();
    // A truncated stream is read as far as a viewer could read it.
    let ended = ZlibDecoder::new(&stream[6 + start..]).take(*room + 1).read_to_end(&mut words);
    if words.len() as u64 > *room || (ended.is_err() && words.is_empty()) {
        return Err(Unfit::Locked);
    }
    *room -= words.len() as u64;
    let names = words.iter().enumerate().filter(|(_, byte)| **byte == b'/');
    names.map(|(at, _)| name(&words[at + 1..]).0).try_for_each(|name| passive(&name))
}

fn passive(name: &[u8]) -> Result<(), Unfit> {
    if ACTIVE.contains(&name) {
        Err(Unfit::Active)
    } else if name == b"Encrypt" {
        Err(Unfit::Locked)
    } else {
        Ok(())
    }
}

/// A name after its slash, with its escapes decoded, and its length in the file. A name that is longer than every name in the
/// lists is cut.
fn name(bytes: &[u8]) -> (Vec<u8>, usize) {
    let (mut name, mut at) = (Vec::new(), 0);
    while let Some(byte) = bytes.get(at).filter(|b| !ends_name(**b)) {
        if name.len() > 32 {
            break;
        }
        let escape = (*byte == b'#').then(|| bytes.get(at + 1..at + 3)).flatten();
        let escaped = escape.and_then(|two| u8::from_str_radix(std::str::from_utf8(two).ok()?, 16).ok());
        name.push(escaped.unwrap_or(*byte));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    (name, at)
}

const fn ends_name(byte: u8) -> bool {
    matches!(
        byte,
        0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;

    use super::*;

    fn pdf(body: &[u8]) -> Vec<u8> {
        [b"%PDF-1.5\n", body, b"\n%%EOF\n"].concat()
    }

    fn packed(head: &str, words: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(words).unwrap();
        let inside = packer.finish().unwrap();
        pdf(&[format!("1 0 obj<<{head}>>stream\r\n").as_bytes(), &inside, b"\nendstream endobj"].concat())
    }

    #[test]
    fn a_document_to_read_is_taken_and_one_that_acts_is_not() {
        assert_eq!(check(&pdf(b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj")), Ok(()));
        assert_eq!(check(&pdf(b"(a word about JavaScript) /Launcher /EmbeddedFilesX")), Ok(()));
        for active in
            ["/S/JavaScript/JS(app.alert(1))", "/S /Launch", "/Names<</EmbeddedFiles 3 0 R>>", "/J#61vaScript "]
        {
            assert_eq!(check(&pdf(active.as_bytes())), Err(Unfit::Active), "{active}");
        }
        assert_eq!(check(&pdf(b"trailer<</Encrypt 9 0 R>>")), Err(Unfit::Locked));
        assert_eq!(check(b"%PDF-1.4 a proof"), Err(Unfit::Broken));
        assert_eq!(check(&[pdf(b""), vec![b'<'; 2000]].concat()), Err(Unfit::Broken), "a tail behind the end");
    }

    #[test]
    fn packed_objects_are_looked_into() {
        let packs = "/Type/ObjStm/Filter/FlateDecode";
        assert_eq!(check(&packed(packs, b"<</Type/Page>>")), Ok(()));
        assert_eq!(check(&packed(packs, b"<</S/JavaScript>>")), Err(Unfit::Active));
        assert_eq!(check(&packed("/Type/#4fbjStm/Filter/Fl", b"<</S/#4cau#6ech>>")), Err(Unfit::Active));
        assert_eq!(check(&packed("/Type/ObjStm/Filter[/A85/FlateDecode]", b"")), Err(Unfit::Locked));
        assert_eq!(check(&packed(packs, &vec![b' '; 17 << 20])), Err(Unfit::Locked), "a bomb");
        assert_eq!(check(&pdf(b"<</Type/ObjStm/Filter/FlateDecode>>stream\nnothing packed")), Err(Unfit::Locked));
        // Streams with pictures or text of a page are not inspected and need no inspection.
        assert_eq!(check(&packed("/Filter/FlateDecode", &vec![b' '; 17 << 20])), Ok(()));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(body in "(/|#|stream|\r\n|ObjStm|Filter|<|>|endobj|[a-z0-9#]{0,3}){0,60}", noise: Vec<u8>) {
            let _ = check(&pdf(&[body.as_bytes(), &noise].concat()));
            let _ = check(&noise);
        }
    }
}
