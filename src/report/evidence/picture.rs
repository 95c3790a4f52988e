//! Pictures are drawn anew: what is kept is what the eye sees, turned the right way up, and nothing else. Places, devices,
//! comments, colour profiles, previews and whatever was hung onto the end are gone.
//!
//! # Why
//! A picture may name where a citizen stood, may be a page or a program at the same time, and may ask for gigabytes. What it
//! will need is read off its header and refused before anything of that size is asked for; what is drawn holds nothing that
//! this program did not write.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, GenericImageView, ImageBuffer, ImageDecoder, ImageEncoder, Limits, Pixel};

use super::Media;
use crate::error::Refusal;

/// Most pixels.
const MOST_PIXELS: u64 = 40_000_000;
/// Bytes of memory for all pictures that are drawn at the same moment.
pub const MEMORY: u64 = 160 << 20;
/// Bytes of memory for parts of a picture that are no pixels.
const ASIDE: u64 = 16 << 20;
/// Of 100; above it files grow and nobody sees why.
const QUALITY: u8 = 90;

/// What drawing a picture will take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    width: u32,
    height: u32,
    /// Bytes of memory for each pixel.
    dear: u64,
    /// Bytes of memory besides.
    besides: u64,
}

/// Why a picture is not drawn.
#[derive(Debug, PartialEq, Eq)]
pub enum Undrawn {
    /// More pixels than are taken of its sort.
    Pixels {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
        /// Millions of pixels that are taken.
        millions: u64,
    },
    /// It does not read as what it says to be.
    Broken,
}

impl Undrawn {
    /// The refusal, naming the file.
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
    /// What the header of a picture says, as far as it may be drawn.
    ///
    /// # Errors
    /// As [`Undrawn`]; nothing larger than a header was held for it.
    pub fn of(path: &Path, media: Media) -> Result<Self, Undrawn> {
        let file = File::open(path).map_err(broken)?;
        let size = file.metadata().map_err(broken)?.len();
        let mut read = BufReader::new(file);
        let measure = match media {
            Media::Jpeg => jpeg(&mut read, size),
            Media::Png => png(&mut read),
            Media::Pdf => None,
        };
        measure.ok_or(Undrawn::Broken)?.checked()
    }

    /// Bytes of memory that drawing it takes.
    #[must_use]
    pub const fn memory(&self) -> u64 {
        self.pixels() * self.dear + self.besides
    }

    const fn pixels(&self) -> u64 {
        self.width as u64 * self.height as u64
    }

    fn checked(self) -> Result<Self, Undrawn> {
        let most = MOST_PIXELS.min((MEMORY - self.besides.min(MEMORY)) / self.dear);
        if self.width == 0 || self.height == 0 {
            Err(Undrawn::Broken)
        } else if self.pixels() > most || self.width.max(self.height) > u32::from(u16::MAX) {
            Err(Undrawn::Pixels { width: self.width, height: self.height, millions: most / 1_000_000 })
        } else {
            Ok(self)
        }
    }
}

/// Walks the segments up to the first scan. The decoder holds the whole file; a picture that is not one scan of all its
/// components needs its coefficients besides, two bytes each.
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

/// Reads the head and looks for an orientation among the parts before the pixels: a PNG is turned as a copy.
fn png(read: &mut impl BufRead) -> Option<Measure> {
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
    // Sixteen bits a sample are drawn with eight: both stand in memory for a moment.
    let plain = if head[24] == 16 { samples * 3 } else { samples };
    let mut dear = plain;
    loop {
        let mut part = [0; 8];
        read.read_exact(&mut part).ok()?;
        match &part[4..] {
            b"IDAT" => return Some(Measure { width: four(16), height: four(20), dear, besides: 0 }),
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

/// Draws a picture into a new file. Of a moving picture the still one remains, sixteen bits become eight, inks become
/// colours.
///
/// # Errors
/// `Broken`; a disk that fails, as an error of its own.
pub fn draw(path: &Path, media: Media, measure: Measure, to: &Path) -> std::io::Result<Result<(), Undrawn>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(measure.width);
    limits.max_image_height = Some(measure.height);
    limits.max_alloc = Some(ASIDE);
    let read = BufReader::new(File::open(path)?);
    let drawn = match media {
        Media::Jpeg => JpegDecoder::new(read).map_err(broken).and_then(|decoder| pixels(decoder, measure)),
        Media::Png => {
            PngDecoder::with_limits(read, limits).map_err(broken).and_then(|decoder| pixels(decoder, measure))
        }
        Media::Pdf => Err(Undrawn::Broken),
    };
    let (picture, orientation) = match drawn {
        Ok(drawn) => drawn,
        Err(undrawn) => return Ok(Err(undrawn)),
    };
    let mut write = BufWriter::new(File::create(to)?);
    let written = match media {
        Media::Jpeg => write_jpeg(picture, orientation, &mut write),
        _ => write_png(picture, orientation, &mut write),
    };
    match written {
        Ok(()) => {
            write.flush()?;
            write.get_ref().sync_all()?;
            Ok(Ok(()))
        }
        Err(image::ImageError::IoError(error)) => Err(error),
        Err(_) => Ok(Err(Undrawn::Broken)),
    }
}

fn pixels(mut decoder: impl ImageDecoder, measure: Measure) -> Result<(DynamicImage, Orientation), Undrawn> {
    // What the header says was read twice, by two readers: both must have read the same.
    let bytes = u64::from(decoder.color_type().bytes_per_pixel());
    if decoder.dimensions() != (measure.width, measure.height) || bytes > measure.dear {
        return Err(Undrawn::Broken);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Ok((picture, orientation))
}

fn write_jpeg(picture: DynamicImage, by: Orientation, write: &mut impl Write) -> image::ImageResult<()> {
    let mut encoder = JpegEncoder::new_with_quality(write, QUALITY);
    match picture {
        DynamicImage::ImageLuma8(picture) => encoder.encode_image(&Turned { picture, by }),
        other => encoder.encode_image(&Turned { picture: other.into_rgb8(), by }),
    }
}

fn write_png(picture: DynamicImage, by: Orientation, write: &mut impl Write) -> image::ImageResult<()> {
    let mut picture = match picture.color() {
        ColorType::L16 => picture.into_luma8().into(),
        ColorType::La16 => picture.into_luma_alpha8().into(),
        ColorType::Rgb16 => picture.into_rgb8().into(),
        ColorType::Rgba16 => picture.into_rgba8().into(),
        _ => picture,
    };
    picture.apply_orientation(by);
    let (width, height) = picture.dimensions();
    PngEncoder::new(write).write_image(picture.as_bytes(), width, height, picture.color().into())
}

fn broken(_: impl std::fmt::Debug) -> Undrawn {
    Undrawn::Broken
}

/// A picture seen the right way up, without a second copy of it.
struct Turned<P: Pixel> {
    picture: ImageBuffer<P, Vec<P::Subpixel>>,
    by: Orientation,
}

impl<P: Pixel> GenericImageView for Turned<P> {
    type Pixel = P;

    fn dimensions(&self) -> (u32, u32) {
        use Orientation as O;
        let (width, height) = self.picture.dimensions();
        match self.by {
            O::NoTransforms | O::Rotate180 | O::FlipHorizontal | O::FlipVertical => (width, height),
            O::Rotate90 | O::Rotate270 | O::Rotate90FlipH | O::Rotate270FlipH => (height, width),
        }
    }

    fn get_pixel(&self, x: u32, y: u32) -> P {
        use Orientation as O;
        let (right, bottom) = (self.picture.width() - 1, self.picture.height() - 1);
        let (x, y) = match self.by {
            O::NoTransforms => (x, y),
            O::FlipHorizontal => (right - x, y),
            O::FlipVertical => (x, bottom - y),
            O::Rotate180 => (right - x, bottom - y),
            O::Rotate90 => (y, bottom - x),
            O::Rotate270 => (right - y, x),
            O::Rotate90FlipH => (y, x),
            O::Rotate270FlipH => (right - y, bottom - x),
        };
        *self.picture.get_pixel(x, y)
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;

    const ALL: [Orientation; 8] = [
        Orientation::NoTransforms,
        Orientation::Rotate90,
        Orientation::Rotate180,
        Orientation::Rotate270,
        Orientation::FlipHorizontal,
        Orientation::FlipVertical,
        Orientation::Rotate90FlipH,
        Orientation::Rotate270FlipH,
    ];

    #[test]
    fn a_picture_is_turned_as_its_library_would_turn_a_copy() {
        let picture = RgbImage::from_fn(3, 2, |x, y| Rgb([x as u8, y as u8, 7]));
        for by in ALL {
            let mut copy = DynamicImage::from(picture.clone());
            copy.apply_orientation(by);
            let seen = Turned { picture: picture.clone(), by };
            assert_eq!(seen.dimensions(), copy.dimensions(), "{by:?}");
            for (x, y, pixel) in copy.to_rgb8().enumerate_pixels() {
                assert_eq!(seen.get_pixel(x, y), *pixel, "{by:?} {x} {y}");
            }
        }
    }

    #[test]
    fn a_flood_of_pixels_is_refused_by_its_header() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut flood = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x10\x06\0\0\0\0\0\0\0".to_vec();
        flood.extend(b"\0\0\0\0IDAT");
        std::fs::write(file.path(), &flood).unwrap();
        let told = Measure::of(file.path(), Media::Png).unwrap_err();
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, millions: 13 });
        let progressive =
            b"\xff\xd8\xff\xc2\0\x11\x08\xea\x60\xea\x60\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\0\x03\x03";
        std::fs::write(file.path(), progressive).unwrap();
        let told = Measure::of(file.path(), Media::Jpeg).unwrap_err();
        assert_eq!(told, Undrawn::Pixels { width: 60_000, height: 60_000, millions: 18 });
        std::fs::write(file.path(), b"\xff\xd8\xff").unwrap();
        assert_eq!(Measure::of(file.path(), Media::Jpeg), Err(Undrawn::Broken));
    }
}
