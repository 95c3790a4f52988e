//! Re-encoding of pictures: the stored file holds the visible picture, turned the right way up, and nothing else. Locations,
//! devices, comments, colour profiles, previews and appended data are removed.
//!
//! # Why
//! A picture may reveal the place where a citizen stood, may be a page or a program at the same time, and may ask for gigabytes
//! of memory. The needed memory is read from the header, and a picture that needs too much is refused before memory of that
//! size is allocated. The re-encoded file holds nothing that this program did not write.

mod measure;
mod turned;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, GenericImageView, ImageDecoder, ImageEncoder, Limits};

use crate::base::files;

pub use self::measure::{MEMORY, Measure, Undrawn};
use self::turned::Turned;
use super::Media;

/// Bytes of memory for parts of a picture that are not pixels.
const ASIDE: u64 = 16 << 20;
/// JPEG quality, at most 100; above this value files grow without a visible gain.
const QUALITY: u8 = 90;

/// Re-encodes a picture into a new file. An animated picture keeps only its still image, sixteen bits a sample become eight,
/// and inks become colours.
///
/// # Errors
/// `Broken` inside the result; a disk that fails, as the outer error.
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
    let mut write = BufWriter::new(files::private_options().create(true).truncate(true).open(to)?);
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
    // Two parsers read the header: both must have found the same dimensions.
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
