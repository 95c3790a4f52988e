//! Re-encoding of pictures: the stored file holds the visible picture, turned the right way up, and nothing else. Locations,
//! devices, comments, colour profiles, previews and appended data are removed.
//!
//! # Why
//! A picture may reveal the place where a citizen stood, may be a page or a program at the same time, and may ask for gigabytes
//! of memory. The needed memory is read from the header, and a picture that needs too much is refused before memory of that
//! size is allocated. The re-encoded file holds nothing that this program did not write.

mod measure;
mod rows;
mod turned;

use std::fs::File;
use std::io::{BufReader, BufWriter, Seek, Write};
use std::path::Path;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{PngDecoder, PngEncoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, GenericImageView, ImageDecoder, ImageEncoder, Limits, Luma, Rgb};

use crate::base::files;
use crate::web::form::MAX_FILE;

pub use self::measure::{MEMORY, Measure, Undrawn};
use self::turned::Turned;
use super::Media;

/// Bytes of memory for parts of a picture that are not pixels.
const ASIDE: usize = 16 << 20;
/// JPEG qualities, of at most 100, in the order in which they are tried until the file is small enough. Above the first one files
/// grow without a visible gain.
const QUALITIES: [u8; 4] = [90, 80, 65, 50];

/// Re-encodes a picture into a new file of its kind. An animated picture keeps only its still image, sixteen bits a sample become
/// eight, and inks become colours. A PNG may turn out larger than a file may be: [`draw_smaller`].
///
/// # Errors
/// [`Undrawn`] inside the result; a disk that fails, as the outer error.
pub fn draw(path: &Path, media: Media, measure: Measure, to: &Path) -> std::io::Result<Result<(), Undrawn>> {
    if measure.has_rows {
        let read = BufReader::new(File::open(path)?);
        let mut write = create(to)?;
        let drawn = rows::draw(read, &mut write)?;
        return finish(write).map(|()| drawn);
    }
    let (picture, orientation) = match decoded(path, media, measure)? {
        Ok(decoded) => decoded,
        Err(undrawn) => return Ok(Err(undrawn)),
    };
    let mut write = create(to)?;
    let written = match media {
        Media::Jpeg => write_jpeg(picture, orientation, &mut write),
        _ => write_png(picture, orientation, &mut write).map(Ok),
    };
    settled(written, write)
}

/// Re-encodes a PNG as a JPEG, on a white ground.
///
/// # Errors
/// As [`draw`].
pub fn draw_smaller(path: &Path, measure: Measure, to: &Path) -> std::io::Result<Result<(), Undrawn>> {
    let (picture, orientation) = match decoded(path, Media::Png, measure)? {
        Ok(decoded) => decoded,
        Err(undrawn) => return Ok(Err(undrawn)),
    };
    let mut write = create(to)?;
    let written = write_jpeg(on_white(picture), orientation, &mut write);
    settled(written, write)
}

fn create(to: &Path) -> std::io::Result<BufWriter<File>> {
    Ok(BufWriter::new(files::private_options().create(true).truncate(true).open(to)?))
}

fn finish(mut write: BufWriter<File>) -> std::io::Result<()> {
    write.flush()?;
    write.get_ref().sync_all()
}

fn settled(
    written: image::ImageResult<Result<(), Undrawn>>,
    write: BufWriter<File>,
) -> std::io::Result<Result<(), Undrawn>> {
    match written {
        Ok(drawn) => finish(write).map(|()| drawn),
        Err(image::ImageError::IoError(error)) => Err(error),
        Err(_) => Ok(Err(Undrawn::Broken)),
    }
}

/// Decodes a picture as a whole.
fn decoded(
    path: &Path,
    media: Media,
    measure: Measure,
) -> std::io::Result<Result<(DynamicImage, Orientation), Undrawn>> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(measure.width);
    limits.max_image_height = Some(measure.height);
    limits.max_alloc = u64::try_from(ASIDE).ok();
    let read = BufReader::new(File::open(path)?);
    Ok(match media {
        Media::Jpeg => JpegDecoder::new(read).map_err(broken).and_then(|decoder| pixels(decoder, measure)),
        Media::Png => {
            PngDecoder::with_limits(read, limits).map_err(broken).and_then(|decoder| pixels(decoder, measure))
        }
        Media::Pdf => Err(Undrawn::Broken),
    })
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

/// Writes a picture in the first quality whose file is small enough.
fn write_jpeg(
    picture: DynamicImage,
    by: Orientation,
    write: &mut BufWriter<File>,
) -> image::ImageResult<Result<(), Undrawn>> {
    let picture = match picture {
        DynamicImage::ImageLuma8(picture) => Upright::Grey(Turned { picture, by }),
        other => Upright::Colours(Turned { picture: other.into_rgb8(), by }),
    };
    for quality in QUALITIES {
        write.rewind()?;
        let mut encoder = JpegEncoder::new_with_quality(&mut *write, quality);
        match &picture {
            Upright::Grey(picture) => encoder.encode_image(picture)?,
            Upright::Colours(picture) => encoder.encode_image(picture)?,
        }
        let size = write.stream_position()?;
        write.get_ref().set_len(size)?;
        if size <= MAX_FILE as u64 {
            return Ok(Ok(()));
        }
    }
    Ok(Err(Undrawn::Grown))
}

/// A picture to write as a JPEG.
enum Upright {
    Grey(Turned<Luma<u8>>),
    Colours(Turned<Rgb<u8>>),
}

/// A picture without transparency: what lies behind is white.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut pixels = picture.into_rgba8();
    for pixel in pixels.pixels_mut() {
        let opacity = u32::from(pixel.0[3]);
        for sample in &mut pixel.0[..3] {
            let mixed = (u32::from(*sample) * opacity + 255 * (255 - opacity)) / 255;
            *sample = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    pixels.into()
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
