//! The objects of a PDF: every place of the file where a viewer could find an object.
//!
//! # Why
//! Viewers find objects by a table of offsets, and search the file where the table is damaged. A file may therefore hide an
//! object in a string, in a comment or in a stream. Each `obj` of the file counts as the beginning of an object, wherever it
//! stands, and each stream that can be used as an object stream is unpacked, whatever its type says.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::Unfit;
use super::syntax::{Dictionary, Reader, Unread, Value, is_blank, is_regular};

/// Largest number of bytes of unpacked object streams.
pub const MAX_UNPACKED: usize = 32 << 20;
/// Largest number of objects.
const MAX_OBJECTS: usize = 400_000;
/// Times that the bytes of a file may be read. Objects inside each other are read once for each of them.
const MAX_PASSES: usize = 16;

/// The objects of a file.
pub struct Objects<'a> {
    file: &'a [u8],
    unpacked: Vec<Vec<u8>>,
    /// Where objects begin, in the order of their numbers.
    places: Vec<Beginning>,
    /// Bytes that may still be read.
    budget: std::cell::Cell<usize>,
}

/// The beginning of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    /// Number of the object.
    number: u32,
    /// Text that holds the object: the file, or an unpacked object stream.
    source: Source,
    /// Offset of the value in its text, in bytes.
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    File,
    Unpacked(usize),
}

/// A value that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// A value without a stream.
    Plain(Value),
    /// The dictionary of a stream.
    Stream(Dictionary),
    /// The dictionary after `trailer`.
    Trailer(Value),
}

impl<'a> Objects<'a> {
    /// Finds the objects of a file.
    ///
    /// # Errors
    /// `Locked` for object streams that cannot be decoded, and for a file with more objects than this program inspects; `Broken`
    /// for an object that does not end.
    pub fn of(file: &'a [u8]) -> Result<Self, Unfit> {
        let budget = (file.len() * MAX_PASSES).saturating_add(MAX_UNPACKED * 2);
        let mut objects = Self { file, unpacked: Vec::new(), places: beginnings(file)?, budget: budget.into() };
        for at in 0..objects.places.len() {
            let (value, data) = objects.value(objects.places[at])?;
            if let (Value::Dictionary(head), Some(data)) = (&value, data)
                && holds_objects(head)
            {
                objects.unpack(head, data)?;
            }
        }
        objects.places.sort_unstable();
        Ok(objects)
    }

    /// Every object of the file, and every trailer.
    pub fn each(&self) -> impl Iterator<Item = Result<Object, Unfit>> + '_ {
        let objects = self.places.iter().map(|place| self.object(*place));
        let trailers = places_of(self.file, b"trailer")
            .filter(|at| Reader::at(self.file, at + 7).keyword(b"<<"))
            .map(|at| self.read(Beginning { number: 0, source: Source::File, at: at + 7 }))
            .map(|read| read.map(|(value, _)| Object::Trailer(value)));
        objects.chain(trailers)
    }

    /// Every value that a value may stand for: the value itself, or all objects of the number that it refers to. Objects whose
    /// number is unknown are among them.
    ///
    /// # Errors
    /// `Locked` for a file whose references lead through more bytes than this program reads.
    pub fn meant(&self, value: &Value) -> Result<Vec<Object>, Unfit> {
        let Value::Reference(number) = value else {
            return Ok(vec![Object::Plain(value.clone())]);
        };
        let numbered = |number: u32| {
            let from = self.places.partition_point(|place| place.number < number);
            self.places[from..].iter().take_while(move |place| place.number == number)
        };
        let unknown = numbered(0).filter(|_| *number != 0);
        numbered(*number).chain(unknown).map(|place| self.object(*place)).collect()
    }

    fn object(&self, place: Beginning) -> Result<Object, Unfit> {
        Ok(match self.value(place)? {
            (Value::Dictionary(head), Some(_)) => Object::Stream(head),
            (value, _) => Object::Plain(value),
        })
    }

    /// The value at a place, and where the data of its stream begins.
    fn value(&self, place: Beginning) -> Result<(Value, Option<usize>), Unfit> {
        let (value, mut reader) = self.read(place)?;
        let has_stream = place.source == Source::File && reader.keyword(b"stream");
        Ok((value, has_stream.then(|| reader.offset())))
    }

    fn read(&self, place: Beginning) -> Result<(Value, Reader<'_>), Unfit> {
        let text = match place.source {
            Source::File => self.file,
            Source::Unpacked(which) => &self.unpacked[which],
        };
        let mut reader = Reader::at(text, place.at);
        let value = reader.value();
        let read = reader.offset().saturating_sub(place.at) + 1;
        self.budget.set(self.budget.get().checked_sub(read).ok_or(Unfit::Locked)?);
        match value {
            Ok(value) => Ok((value, reader)),
            Err(Unread::TooLarge) => Err(Unfit::Locked),
            Err(Unread::Unclosed) => Err(Unfit::Broken),
        }
    }

    /// Finds the objects in a stream of objects, whose data begins at an offset of the file.
    fn unpack(&mut self, head: &Dictionary, data: usize) -> Result<(), Unfit> {
        match Packing::of(head)? {
            Packing::Plain => {
                let line_end = [&b"\r\n"[..], b"\n"].into_iter().find(|end| self.file[data..].starts_with(end));
                let start = data + line_end.ok_or(Unfit::Locked)?.len();
                let inside = inside(head, &self.file[start..])?;
                let places = inside.map(|(number, at)| Beginning { number, source: Source::File, at: start + at });
                self.places.extend(places);
            }
            Packing::Flate => {
                let skipped = self.file[data..].iter().position(|byte| !matches!(byte, b'\r' | b'\n' | b' '));
                let packed = &self.file[data + skipped.ok_or(Unfit::Locked)?..];
                let used: usize = self.unpacked.iter().map(Vec::len).sum();
                let text = inflated(packed, MAX_UNPACKED.saturating_sub(used))?;
                let source = Source::Unpacked(self.unpacked.len());
                self.places.extend(inside(head, &text)?.map(|(number, at)| Beginning { number, source, at }));
                self.unpacked.push(text);
            }
        }
        if self.places.len() > MAX_OBJECTS { Err(Unfit::Locked) } else { Ok(()) }
    }
}

/// Numbers of the objects in an object stream, and their offsets in its text. The text begins with pairs of the two, up to the
/// offset `First`, from which the offsets count.
fn inside<'t>(head: &Dictionary, text: &'t [u8]) -> Result<impl Iterator<Item = (u32, usize)> + use<'t>, Unfit> {
    let first = head.all(b"First").find_map(|first| match first {
        Value::Int(first) => usize::try_from(*first).ok(),
        _ => None,
    });
    let first = first.ok_or(Unfit::Locked)?;
    let mut reader = Reader::at(&text[..first.min(text.len())], 0);
    let pairs = std::iter::from_fn(move || Some((reader.int()?, reader.int()?)));
    Ok(pairs.filter_map(move |(number, offset)| {
        let at = usize::try_from(i64::try_from(first).ok()?.checked_add(offset)?).ok()?;
        (at < text.len()).then_some((u32::try_from(number).unwrap_or(0), at))
    }))
}

/// Packing of a stream of objects.
enum Packing {
    Plain,
    Flate,
}

impl Packing {
    /// Packing that a dictionary names. Some viewers read `F` and `DP` as short forms of `Filter` and `DecodeParms`.
    fn of(head: &Dictionary) -> Result<Self, Unfit> {
        let mut filters = head.all(b"Filter").chain(head.all(b"F")).filter(|filter| **filter != Value::Other);
        let filter = match (filters.next(), filters.next()) {
            (None, _) => return Ok(Self::Plain),
            (Some(Value::Array(names)), None) if names.is_empty() => return Ok(Self::Plain),
            (Some(Value::Array(names)), None) if names.len() == 1 => &names[0],
            (Some(name), None) => name,
            _ => return Err(Unfit::Locked),
        };
        let is_flate = matches!(filter, Value::Name(name) if name == b"FlateDecode" || name == b"Fl");
        let mut parameters = head.all(b"DecodeParms").chain(head.all(b"DP"));
        let has_predictor = parameters.any(|value| match value {
            Value::Other => false,
            Value::Dictionary(parameters) => parameters.all(b"Predictor").any(|value| *value != Value::Int(1)),
            Value::Array(values) => !values.is_empty(),
            _ => true,
        });
        if is_flate && !has_predictor { Ok(Self::Flate) } else { Err(Unfit::Locked) }
    }
}

/// Whether a viewer could read a stream as a stream of objects: the offset of the first object is what all of them need.
fn holds_objects(head: &Dictionary) -> bool {
    let is_named = head.all(b"Type").any(|name| matches!(name, Value::Name(name) if name == b"ObjStm"));
    is_named || head.has(b"First")
}

fn inflated(packed: &[u8], room: usize) -> Result<Vec<u8>, Unfit> {
    let mut text = Vec::new();
    let limit = u64::try_from(room + 1).unwrap_or(u64::MAX);
    ZlibDecoder::new(packed).take(limit).read_to_end(&mut text).map_err(|_| Unfit::Locked)?;
    if text.len() > room { Err(Unfit::Locked) } else { Ok(text) }
}

/// The places of a file where an object begins: after each keyword `obj` with the number and the generation before it.
fn beginnings(file: &[u8]) -> Result<Vec<Beginning>, Unfit> {
    let mut places = Vec::new();
    for at in places_of(file, b"obj") {
        let ends = file.get(at + 3).is_none_or(|byte| !is_regular(*byte));
        let Some(number) = number_before(&file[..at]).filter(|_| ends) else {
            continue;
        };
        places.push(Beginning { number, source: Source::File, at: at + 3 });
        if places.len() > MAX_OBJECTS {
            return Err(Unfit::Locked);
        }
    }
    Ok(places)
}

/// The number of an object before its keyword: `12 0 `. A comment between the two hides the number from this reader, so that a
/// keyword after white space without a number counts as object 0, which nothing refers to.
fn number_before(text: &[u8]) -> Option<u32> {
    let (text, blank) = before(text, is_blank);
    let (text, generation) = before(text, |byte| byte.is_ascii_digit());
    let (text, between) = before(text, is_blank);
    let (_, number) = before(text, |byte| byte.is_ascii_digit());
    if generation.is_empty() || between.is_empty() || number.is_empty() {
        return (!blank.is_empty()).then_some(0);
    }
    std::str::from_utf8(number).ok().map(|number| number.parse().unwrap_or(0))
}

/// Parts a text before the longest end whose bytes are all of a kind.
fn before(text: &[u8], is_kind: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = text.iter().rposition(|byte| !is_kind(*byte)).map_or(0, |at| at + 1);
    text.split_at(end)
}

/// Offsets of a word in a text.
fn places_of<'t>(text: &'t [u8], word: &'static [u8]) -> impl Iterator<Item = usize> + 't {
    memchr::memmem::find_iter(text, word)
}
