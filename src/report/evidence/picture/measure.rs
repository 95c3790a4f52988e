//! Memory that decoding a picture needs, read from the header before memory of that size is allocated.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{Media, broken};
use crate::base::error::Refusal;

/// Largest number of pixels of a picture.
const MAX_PIXELS: u64 = 40_000_000;
/// Bytes of memory for all pictures that are re-encoded at the same moment.
pub const MEMORY: u64 = 112 << 20;

/// Size of a picture and the memory that re-encoding it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bytes of memory for each pixel.
    pub(super) dear: u64,
    /// Bytes of memory in addition to the pixels.
    besides: u64,
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
        /// Largest accepted size, in millions of pixels.
        millions: u64,
    },
    /// The content of the picture does not match its format.
    Broken,
}

impl Undrawn {
    /// The refusal, with the name of the file.
    #[must_use]
    pub fn refusal(&self, name: &str) -> Refusal {
        match self {
            Self::Pixels { width, height, millions } => Refusal::new("evidence.pixels")
                .with("name", name)
                .with("width", width)
                .with("height", height)
                .with("millions", millions),
            Self::Broken => Refusal::new("evidence.broken").with("name", name),
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
        self.pixels() * self.dear + self.besides
    }

    const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    fn checked(self) -> Result<Self, Undrawn> {
        let most = MAX_PIXELS.min((MEMORY - self.besides.min(MEMORY)) / self.dear);
        if self.width == 0 || self.height == 0 {
            Err(Undrawn::Broken)
        } else if self.pixels() > most || self.width.max(self.height) > u32::from(u16::MAX) {
            Err(Undrawn::Pixels { width: self.width, height: self.height, millions: most / 1_000_000 })
        } else {
            Ok(self)
        }
    }
}

/// Walks the segments up to the first scan. The decoder holds the whole file in memory. A picture that is not one scan of all
/// its components also needs its coefficients in memory, two bytes each.
fn jpeg(read: &mut impl BufRead, size: u64) -> Option<Measure> {
    let mut start = [0; 2];
    read.read_exact(&mut start).ok()?;
    let mut frame: Option<(bool, u32, u32, u64)> = None;
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
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let two = |at: usize| Some(u32::from(u16::from_be_bytes([*segment.get(at)?, *segment.get(at + 1)?])));
                frame = Some((byte <= 0xc1, two(3)?, two(1)?, u64::from(*segment.get(5)?)));
            }
            0xda => {
                let (plain, width, height, components) = frame?;
                let at_once = plain && u64::from(*segment.first()?) == components;
                let shown = if components == 1 { 1 } else { 3 };
                let dear = shown + if at_once { 0 } else { 2 * components };
                return Some(Measure { width, height, dear, besides: size });
            }
            _ => {}
        }
    }
}

/// Reads the header (`IHDR`) and looks for an orientation (`eXIf`) among the chunks before the pixels (`IDAT`): a PNG is turned
/// as a second copy. The newly compressed picture is in memory as a whole before it is written; it holds nothing beyond the
/// content of the sent file.
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
    let mut dear = plain;
    loop {
        let mut part = [0; 8];
        read.read_exact(&mut part).ok()?;
        match &part[4..] {
            b"IDAT" => return Some(Measure { width: four(16), height: four(20), dear, besides: 2 * size }),
            b"eXIf" => dear = plain + samples,
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
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, millions: 9 });
        let progressive =
            b"\xff\xd8\xff\xc2\0\x11\x08\xea\x60\xea\x60\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\0\x03\x03";
        std::fs::write(file.path(), progressive).unwrap();
        let told = Measure::of(file.path(), Media::Jpeg).unwrap_err();
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, millions: 13 });
        std::fs::write(file.path(), b"\xff\xd8\xff").unwrap();
        assert_eq!(Measure::of(file.path(), Media::Jpeg), Err(Undrawn::Broken));
    }
}
