//! Values of the PDF syntax (ISO 32000-2, 7.2 and 7.3): names, strings, arrays, dictionaries and references.
//!
//! The reader is as lenient as viewers are. Bytes that are no value become [`Value::Other`], and what a value is used for is
//! decided elsewhere.

/// Largest depth of arrays and dictionaries inside each other.
const MAX_DEPTH: u32 = 64;
/// Largest number of values of one object.
const MAX_VALUES: u32 = 400_000;
/// Largest number of bytes of a name that are kept: enough for every name in the rules.
const KEPT_NAME: usize = 64;
/// Largest number of bytes of a string that are kept: enough for the beginning of a link and of the name of a file.
pub const KEPT_TEXT: usize = 256;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number that is not whole, a truth value, null, or bytes that are no value.
    Other,
    /// A whole number.
    Int(i64),
    /// A name without its slash, with its escapes decoded.
    Name(Vec<u8>),
    /// A string, with its escapes or its hexadecimal digits decoded, without white space and control characters. A string in
    /// UTF-16 is whole.
    Text(Vec<u8>),
    /// A reference to the object of this number. The generation is ignored.
    Reference(u32),
    /// An array, without its numbers.
    Array(Vec<Value>),
    /// A dictionary.
    Dictionary(Dictionary),
}

/// A dictionary: its keys and values one after the other, as they stand in the file.
///
/// # Why
/// Viewers disagree about a dictionary with a key too many or with a key twice. A search through the sequence finds the value of
/// a key in every reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary(Vec<Value>);

impl Dictionary {
    /// Every value that may belong to a key.
    pub fn all<'a>(&'a self, key: &'a [u8]) -> impl Iterator<Item = &'a Value> {
        let pairs = self.0.windows(2);
        pairs.filter(move |pair| matches!(&pair[0], Value::Name(name) if name == key)).map(|pair| &pair[1])
    }

    /// Whether the dictionary has a key.
    pub fn has(&self, key: &[u8]) -> bool {
        self.all(key).next().is_some()
    }

    /// Whether the dictionary has one of these keys.
    pub fn has_any(&self, keys: &[&[u8]]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    /// Keys and values in their order.
    pub fn values(&self) -> &[Value] {
        &self.0
    }
}

/// Reason why no value could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// An array, a dictionary or a string does not end, or ends with the mark of another one.
    Unclosed,
    /// The value is deeper or longer than this reader reads.
    TooLarge,
}

/// A reader at a place of a text.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    values: u32,
}

impl<'a> Reader<'a> {
    /// A reader of a text from an offset on, in bytes.
    pub const fn at(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, values: 0 }
    }

    /// Offset of the next byte.
    pub const fn offset(&self) -> usize {
        self.at
    }

    /// Reads the next value.
    ///
    /// # Errors
    /// As [`Unread`].
    pub fn value(&mut self) -> Result<Value, Unread> {
        self.nested(0)
    }

    /// Reads a whole number that may have a sign; none where something else follows.
    pub fn int(&mut self) -> Option<i64> {
        self.skip_blank();
        let word = self.word();
        std::str::from_utf8(word).ok()?.parse().ok()
    }

    /// Reads a keyword where it follows; returns whether it did.
    pub fn keyword(&mut self, word: &[u8]) -> bool {
        self.skip_blank();
        let follows = self.rest().starts_with(word);
        if follows {
            self.at += word.len();
        }
        follows
    }

    fn nested(&mut self, depth: u32) -> Result<Value, Unread> {
        self.values += 1;
        if depth > MAX_DEPTH || self.values > MAX_VALUES {
            return Err(Unread::TooLarge);
        }
        self.skip_blank();
        match self.rest() {
            [b'<', b'<', ..] => {
                self.at += 2;
                Ok(Value::Dictionary(Dictionary(self.members(b">>", depth)?)))
            }
            [b'[', ..] => {
                self.at += 1;
                let mut members = self.members(b"]", depth)?;
                members.retain(|member| !matches!(member, Value::Int(_) | Value::Other));
                Ok(Value::Array(members))
            }
            [b'/', ..] => {
                self.at += 1;
                Ok(Value::Name(self.name()))
            }
            [b'(', ..] => {
                self.at += 1;
                self.literal().map(Value::Text)
            }
            [b'<', ..] => {
                self.at += 1;
                self.hexadecimal().map(Value::Text)
            }
            [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => Ok(self.number()),
            [] => Ok(Value::Other),
            _ => {
                self.junk();
                Ok(Value::Other)
            }
        }
    }

    /// Reads values up to an end mark. Another end mark is an error: viewers disagree about what it ends.
    fn members(&mut self, end: &[u8], depth: u32) -> Result<Vec<Value>, Unread> {
        let mut members = Vec::new();
        loop {
            self.skip_blank();
            let rest = self.rest();
            if rest.starts_with(end) {
                self.at += end.len();
                return Ok(members);
            }
            if rest.is_empty() || rest[0] == b']' || rest.starts_with(b">>") {
                return Err(Unread::Unclosed);
            }
            let member = self.nested(depth + 1)?;
            members.push(member);
            // An array of numbers takes no memory.
            if end == b"]" {
                members.pop_if(|member| matches!(member, Value::Int(_) | Value::Other));
            }
        }
    }

    /// Passes over bytes that are no value: a word, or one delimiter.
    fn junk(&mut self) {
        if self.word().is_empty() {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Value {
        let Some(number) = std::str::from_utf8(self.word()).ok().and_then(|word| word.parse().ok()) else {
            return Value::Other;
        };
        let mut ahead = self.clone();
        let generation = ahead.int().filter(|generation| *generation >= 0);
        ahead.skip_blank();
        match (u32::try_from(number), generation, ahead.word()) {
            (Ok(number), Some(_), b"R") => {
                self.at = ahead.at;
                Value::Reference(number)
            }
            _ => Value::Int(number),
        }
    }

    /// A name after its slash. Two hexadecimal digits after `#` are one byte.
    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.rest().first().copied().filter(|byte| is_regular(*byte)) {
            let escape = (byte == b'#').then(|| self.rest().get(1..3)).flatten();
            let escaped = escape.and_then(|two| Some(digit(two[0])? << 4 | digit(two[1])?));
            if name.len() < KEPT_NAME {
                name.push(escaped.unwrap_or(byte));
            }
            self.at += if escaped.is_some() { 3 } else { 1 };
        }
        name
    }

    /// A string after its opening parenthesis, up to the one that closes it.
    fn literal(&mut self) -> Result<Vec<u8>, Unread> {
        let (mut text, mut open) = (Vec::new(), 1);
        while let Some(byte) = self.next() {
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    if let Some(escaped) = self.escaped() {
                        keep(&mut text, escaped);
                    }
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(text);
            }
            keep(&mut text, byte);
        }
        Err(Unread::Unclosed)
    }

    /// The byte that an escape of a string means; none for an escaped end of a line.
    fn escaped(&mut self) -> Option<u8> {
        match self.next()? {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\r' => {
                self.at += usize::from(self.rest().starts_with(b"\n"));
                None
            }
            b'\n' => None,
            first @ b'0'..=b'7' => {
                let mut code = first - b'0';
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.rest().first().copied() else { break };
                    code = (code << 3) | (digit - b'0');
                    self.at += 1;
                }
                Some(code)
            }
            other => Some(other),
        }
    }

    /// A string in hexadecimal digits after its `<`. Other bytes are passed over.
    fn hexadecimal(&mut self) -> Result<Vec<u8>, Unread> {
        let (mut text, mut half) = (Vec::new(), None::<u8>);
        while let Some(byte) = self.next() {
            if byte == b'>' {
                if let Some(high) = half {
                    keep(&mut text, high << 4);
                }
                return Ok(text);
            }
            let Some(digit) = digit(byte) else { continue };
            match half.take() {
                None => half = Some(digit),
                Some(high) => keep(&mut text, (high << 4) | digit),
            }
        }
        Err(Unread::Unclosed)
    }

    /// Passes over white space and comments.
    fn skip_blank(&mut self) {
        while let Some(byte) = self.rest().first() {
            if *byte == b'%' {
                self.at += self.rest().iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(self.rest().len());
            } else if is_blank(*byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The bytes up to the next white space or delimiter.
    fn word(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_regular(*byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.rest().first().copied()?;
        self.at += 1;
        Some(byte)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

/// Whether a byte is white space.
pub const fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Whether a byte belongs to a word: neither white space nor a delimiter.
pub const fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Keeps a byte of a string. White space and control characters take no room: viewers pass over them in an address, so that they
/// could push the rest of the address out of what is kept.
fn keep(text: &mut Vec<u8>, byte: u8) {
    let is_unseen = byte <= b' ' || byte == 0x7f;
    let is_utf16 = text.starts_with(&[0xfe, 0xff]);
    if text.len() < KEPT_TEXT && (is_utf16 || !is_unseen) {
        text.push(byte);
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, Unread> {
        Reader::at(text.as_bytes(), 0).value()
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn values_are_read_as_viewers_read_them() {
        for (sent, value) in [
            ("/J#61va#Script ", Value::Name(b"Java#Script".to_vec())),
            (r"(a \(b\) (c) \101\n\)\7z)", text("a(b)(c)A)z")),
            ("(one \\\r\nline)", text("oneline")),
            ("<61 6>", text("a`")),
            ("12 0 R", Value::Reference(12)),
            ("12 % a comment (\n0 R", Value::Reference(12)),
            ("12 0 obj", Value::Int(12)),
            ("-.5", Value::Other),
            ("null", Value::Other),
            ("[1 2 0 R .5 (x) 3]", Value::Array(vec![Value::Reference(2), text("x")])),
            ("", Value::Other),
        ] {
            assert_eq!(read(sent), Ok(value), "{sent}");
        }
        assert_eq!(read(&format!("({}\\040<x)", " \n\0".repeat(1000))), Ok(text("<x")), "blanks take no room");
        assert_eq!(read(&format!("({})", "x".repeat(1000))), Ok(text(&"x".repeat(KEPT_TEXT))));
        assert_eq!(read("<feff 0020 0041>"), Ok(Value::Text(vec![0xfe, 0xff, 0, b' ', 0, b'A'])), "UTF-16");
        let Ok(Value::Dictionary(found)) = read("<</A/B/C (>>) /D<</E 5>> % >>\n /A 7>>") else { panic!() };
        assert_eq!(found.all(b"A").collect::<Vec<_>>(), [&Value::Name(b"B".to_vec()), &Value::Int(7)]);
        assert_eq!(found.all(b"C").collect::<Vec<_>>(), [&text(">>")]);
        assert!(found.has(b"D") && !found.has(b"E"));
    }

    #[test]
    fn values_without_an_end_are_errors() {
        for sent in ["<</A", "[1 2", "(a (b)", "<61", "<</A [>>", "[<<]"] {
            assert_eq!(read(sent), Err(Unread::Unclosed), "{sent}");
        }
        assert_eq!(read(&"[".repeat(1000)), Err(Unread::TooLarge));
        assert_eq!(read(&format!("[{}]", "/a ".repeat(500_000))), Err(Unread::TooLarge));
    }
}
