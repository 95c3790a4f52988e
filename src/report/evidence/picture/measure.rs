//! Memory that decoding a picture needs, read from the header before memory of that size is allocated.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{Media, broken};
use crate::base::error::Refusal;
use crate::web::form::MAX_FILE;

/// Largest number of pixels of a picture.
const MAX_PIXELS: u64 = 40_000_000;
/// Bytes of memory for all files that are inspected or re-encoded at the same moment: room for a progressive picture of 24
/// million pixels whose colours are stored at half the resolution.
pub const MEMORY: u64 = 180 << 20;
/// Bytes of memory for a picture that is re-encoded row by row.
const ROWS: u64 = 4 << 20;

/// Size of a picture and the memory that re-encoding it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes of memory for each pixel where the picture is decoded as a whole.
    pub(super) dear: u64,
    /// Bytes of memory in addition to the pixels.
    besides: u64,
    /// Whether the picture can be re-encoded row by row.
    pub(super) has_rows: bool,
}

/// Reason why a picture is not re-encoded.
#[derive(Debug, PartialEq, Eq)]
pub enum Undrawn {
    /// The picture has more pixels than are accepted for its format.
    Pixels {
        /// Width of the picture, in pixels.
        width: u32,
        /// Height of the picture, in pixels.
        height: u32,
        /// Largest accepted size, in tenths of a million pixels.
        tenths: u64,
    },
    /// The content of the picture does not match its format.
    Broken,
    /// The re-encoded picture is larger than a file may be.
    Grown,
}

impl Undrawn {
    /// The refusal, with the name of the file.
    #[must_use]
    pub fn refusal(&self, name: &str) -> Refusal {
        match self {
            Self::Pixels { width, height, tenths } => {
                Refusal::new("evidence.pixels").with("name", name).with("width", width).with("height", height).with(
                    "millions",
                    if tenths % 10 == 0 {
                        (tenths / 10).to_string()
                    } else {
                        format!("{}.{}", tenths / 10, tenths % 10)
                    },
                )
            }
            Self::Broken => Refusal::new("evidence.broken").with("name", name),
            Self::Grown => Refusal::new("evidence.grown").with("name", name).with("megabytes", MAX_FILE >> 20),
        }
    }
}

impl Measure {
    /// Reads the header of a picture and checks that the picture may be re-encoded.
    ///
    /// # Errors
    /// As [`Undrawn`]; up to then nothing larger than a header was held in memory.
    pub fn of(path: &Path, media: Media) -> Result<Self, Undrawn> {
        let file = File::open(path).map_err(broken)?;
        let size = file.metadata().map_err(broken)?.len();
        let mut read = BufReader::new(file);
        let measure = match media {
            Media::Jpeg => jpeg(&mut read, size),
            Media::Png => png(&mut read, size),
            Media::Pdf => None,
        };
        measure.ok_or(Undrawn::Broken)?.checked()
    }

    /// Bytes of memory that re-encoding the picture needs.
    #[must_use]
    pub const fn memory(&self) -> u64 {
        if self.has_rows { ROWS } else { self.pixels() * self.dear + self.besides }
    }

    /// The same picture, decoded as a whole.
    ///
    /// # Errors
    /// `Grown` for a picture that needs too much memory as a whole.
    pub fn whole(self) -> Result<Self, Undrawn> {
        Self { has_rows: false, ..self }.checked().map_err(|_| Undrawn::Grown)
    }

    const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    fn checked(self) -> Result<Self, Undrawn> {
        let room = if self.has_rows { MAX_PIXELS } else { (MEMORY - self.besides.min(MEMORY)) / self.dear };
        let most = MAX_PIXELS.min(room);
        if self.width == 0 || self.height == 0 {
            Err(Undrawn::Broken)
        } else if self.pixels() > most || self.width.max(self.height) > u32::from(u16::MAX) {
            Err(Undrawn::Pixels { width: self.width, height: self.height, tenths: most / 100_000 })
        } else {
            Ok(self)
        }
    }
}

/// Walks the segments up to the first scan. The decoder holds the whole file in memory. A picture that is not one scan of all
/// its components also needs its coefficients in memory, two bytes each. A component that is stored at a lower resolution has
/// fewer of them.
fn jpeg(read: &mut impl BufRead, size: u64) -> Option<Measure> {
    let mut start = [0; 2];
    read.read_exact(&mut start).ok()?;
    let mut frame: Option<Frame> = None;
    loop {
        let mut byte = byte(read)?;
        while byte != 0xff {
            byte = self::byte(read)?;
        }
        while byte == 0xff {
            byte = self::byte(read)?;
        }
        match byte {
            0x00 | 0x01 | 0xd0..=0xd8 => continue,
            0xd9 => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([self::byte(read)?, self::byte(read)?])).checked_sub(2)?;
        let mut segment = vec![0; length];
        read.read_exact(&mut segment).ok()?;
        match byte {
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => frame = Some(Frame::of(byte, &segment)?),
            0xda => {
                let frame = frame?;
                let at_once = frame.is_plain && u64::from(*segment.first()?) == frame.components;
                let shown = if frame.components == 1 { 1 } else { 3 };
                let dear = shown + if at_once { 0 } else { frame.coefficients };
                return Some(Measure {
                    width: frame.width,
                    height: frame.height,
                    dear,
                    besides: size,
                    has_rows: false,
                });
            }
            _ => {}
        }
    }
}

/// The header of a frame (ITU-T T.81, B.2.2).
struct Frame {
    /// Whether the frame is sequential.
    is_plain: bool,
    width: u32,
    height: u32,
    components: u64,
    /// Bytes of coefficients for each pixel, rounded up.
    coefficients: u64,
}

impl Frame {
    fn of(marker: u8, segment: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(u32::from(u16::from_be_bytes([*segment.get(at)?, *segment.get(at + 1)?])));
        let components = u64::from(*segment.get(5)?);
        let samplings = segment.get(6..)?.chunks_exact(3).map(|component| (component[1] >> 4, component[1] & 15));
        let samplings: Vec<(u64, u64)> = samplings.map(|(h, v)| (u64::from(h), u64::from(v))).collect();
        let most = |part: fn(&(u64, u64)) -> u64| samplings.iter().map(part).max().filter(|most| *most > 0);
        let all = most(|s| s.0)? * most(|s| s.1)?;
        let held: u64 = samplings.iter().map(|(h, v)| h * v).sum();
        let coefficients = (2 * held).div_ceil(all);
        Some(Self { is_plain: marker <= 0xc1, width: two(3)?, height: two(1)?, components, coefficients })
    }
}

/// Reads the header (`IHDR`) and looks for an orientation (`eXIf`) among the chunks before the pixels (`IDAT`): a PNG is turned
/// as a second copy. The newly compressed picture is in memory as a whole before it is written; it holds nothing beyond the
/// content of the sent file. A picture that is neither interlaced nor turned is re-encoded row by row instead.
fn png(read: &mut impl BufRead, size: u64) -> Option<Measure> {
    let mut head = [0; 33];
    read.read_exact(&mut head).ok()?;
    if &head[12..16] != b"IHDR" {
        return None;
    }
    let four = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let samples = match head[25] {
        0 => 2, // a colour may be marked as transparent
        2 | 3 | 6 => 4,
        4 => 2,
        _ => return None,
    };
    // A picture with sixteen bits a sample is reduced to eight; both versions are in memory for a moment.
    let plain = if head[24] == 16 { samples * 3 } else { samples };
    let (mut dear, mut has_rows) = (plain, head[28] == 0);
    loop {
        let mut part = [0; 8];
        read.read_exact(&mut part).ok()?;
        match &part[4..] {
            b"IDAT" => {
                return Some(Measure { width: four(16), height: four(20), dear, besides: 2 * size, has_rows });
            }
            b"eXIf" => (dear, has_rows) = (plain + samples, false),
            _ => {}
        }
        let length = u64::from(u32::from_be_bytes([part[0], part[1], part[2], part[3]])) + 4;
        let skipped = std::io::copy(&mut read.take(length), &mut std::io::sink()).ok()?;
        if skipped != length {
            return None;
        }
    }
}

fn byte(read: &mut impl Read) -> Option<u8> {
    let mut one = [0];
    read.read_exact(&mut one).ok().map(|()| one[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_pixels_is_refused_by_its_header() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut flood = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x10\x06\0\0\0\0\0\0\0".to_vec();
        flood.extend(b"\0\0\0\0IDAT");
        std::fs::write(file.path(), &flood).unwrap();
        let told = Measure::of(file.path(), Media::Png).unwrap_err();
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, tenths: 400 });
        let progressive =
            b"\xff\xd8\xff\xc2\0\x11\x08\xea\x60\xea\x60\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\0\x03\x03";
        std::fs::write(file.path(), progressive).unwrap();
        let told = Measure::of(file.path(), Media::Jpeg).unwrap_err();
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, tenths: 209 });
        std::fs::write(file.path(), b"\xff\xd8\xff").unwrap();
        assert_eq!(Measure::of(file.path(), Media::Jpeg), Err(Undrawn::Broken));
    }
}
