//! Pictures are drawn anew: what is kept is what the eye sees, turned the right way up, and nothing else. Places, devices,
//! comments, colour profiles, previews and whatever was hung onto the end are gone.
//!
//! # Why
//! A picture may name where a citizen stood, may be a page or a program at the same time, and may ask for gigabytes. What it
//! will need is read off its header and refused before anything of that size is asked for; what is drawn holds nothing that
//! this program did not write.

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

/// Bytes of memory for parts of a picture that are no pixels.
const ASIDE: u64 = 16 << 20;
/// Of 100; above it files grow and nobody sees why.
const QUALITY: u8 = 90;

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
