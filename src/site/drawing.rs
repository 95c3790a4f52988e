//! The mark of the site as pictures, drawn from its geometry: icons of several sizes, and the card of shared links.
//!
//! # Why
//! The mark is `templates/assets/icon.svg`; phones, search engines and messengers want PNG and ICO. Drawing them at the first
//! request keeps copies of one shape out of the source.

use std::sync::LazyLock;

use png::{BitDepth, ColorType, Encoder};

/// Red, green, blue and opacity of a point.
type Colour = [u8; 4];

const BLUE: Colour = [0x0b, 0x57, 0xa4, 0xff];
const WHITE: Colour = [0xff, 0xff, 0xff, 0xff];
const CLEAR: Colour = [0, 0, 0, 0];
/// Light blues of the squares at the foot of the card, from the ramp of the style sheet.
const RAMP: [Colour; 4] =
    [[0x08, 0x45, 0x7f, 0xff], [0x3f, 0x7f, 0xc1, 0xff], [0x8f, 0xb8, 0xe3, 0xff], [0xc9, 0xdd, 0xf2, 0xff]];
/// Width and height of the mark, in its own units.
const SIDE: f64 = 28.0;
/// Radius of the corners of the mark.
const CORNER: f64 = 4.0;
/// Width and height of the card, in pixels.
pub const CARD: (u32, u32) = (1200, 630);

/// A picture as a file.
pub struct Picture {
    /// Path of its address.
    pub path: &'static str,
    /// Media type.
    pub media: &'static str,
    /// Bytes of the file.
    pub bytes: Vec<u8>,
}

/// Paths of all pictures.
pub const PATHS: [&str; 5] = ["/favicon.ico", "/apple-touch-icon.png", "/icon-192.png", "/icon-512.png", "/card.png"];

/// All pictures, drawn at the first request of a process.
pub static PICTURES: LazyLock<Vec<Picture>> = LazyLock::new(|| {
    let png = |path, bytes| Picture { path, media: "image/png", bytes };
    vec![
        Picture { path: "/favicon.ico", media: "image/x-icon", bytes: ico(32, &icon(32, mark)) },
        png("/apple-touch-icon.png", icon(180, full_mark)),
        png("/icon-192.png", icon(192, mark)),
        png("/icon-512.png", icon(512, mark)),
        png("/card.png", draw(CARD, card)),
    ]
});

/// The mark with round corners and nothing around them.
fn mark(x: f64, y: f64) -> Colour {
    let past = |at: f64| (CORNER - at).max(at - (SIDE - CORNER)).max(0.0);
    if past(x).hypot(past(y)) > CORNER { CLEAR } else { full_mark(x, y) }
}

/// The mark as a full square: telephones cut its corners themselves.
fn full_mark(x: f64, y: f64) -> Colour {
    if is_sign(x, y) { WHITE } else { BLUE }
}

/// Whether a point lies on the sign: two leaves of a door, and an arrow that passes between them.
fn is_sign(x: f64, y: f64) -> bool {
    let within = |at: f64, from: f64, to: f64| (from..to).contains(&at);
    let is_leaf = within(y, 8.0, 20.0) && (within(x, 5.0, 10.0) || within(x, 18.0, 23.0));
    let is_shaft = within(y, 4.0, 24.0) && within(x, 13.0, 15.0);
    is_leaf
        || is_shaft
        || distance((x, y), (14.0, 4.0), (11.4, 7.4)) <= 1.0
        || distance((x, y), (14.0, 4.0), (16.6, 7.4)) <= 1.0
}

/// Distance of a point from a line between two points.
fn distance((x, y): (f64, f64), (from_x, from_y): (f64, f64), (to_x, to_y): (f64, f64)) -> f64 {
    let (dx, dy) = (to_x - from_x, to_y - from_y);
    let along = (((x - from_x) * dx + (y - from_y) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - from_x - along * dx).hypot(y - from_y - along * dy)
}

/// The card of shared links: the sign in the middle, where messengers cut a square, above a row of squares like those of the
/// matrix. The card has no word, so one card serves both languages.
fn card(x: f64, y: f64) -> Colour {
    let (width, height) = (f64::from(CARD.0), f64::from(CARD.1));
    let scale = 17.0;
    let (sign_x, sign_y) = ((x - (width - SIDE * scale) / 2.0) / scale, (y - 22.0) / scale);
    if is_sign(sign_x, sign_y) {
        return WHITE;
    }
    let (step, square) = (48.0, 40.0);
    let row = ((height - y) / step).floor();
    let column = (x / step).floor();
    let is_square = row < 2.0 && x - column * step < square && height - y - row * step >= step - square;
    if is_square {
        // A fixed pattern without a meaning: the squares are no figures.
        let pick = [0_usize, 1, 0, 2, 0, 0, 1, 3, 0, 1, 0, 0, 2];
        let at = (column + row * 5.0) as usize % pick.len();
        return RAMP[pick[at]];
    }
    BLUE
}

fn icon(side: u32, shape: fn(f64, f64) -> Colour) -> Vec<u8> {
    let scale = SIDE / f64::from(side);
    draw((side, side), |x, y| shape(x * scale, y * scale))
}

/// A PNG file of a shape. A pixel at an edge is the mean of sixteen points.
fn draw((width, height): (u32, u32), shape: impl Fn(f64, f64) -> Colour) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
    for row in 0..height {
        for column in 0..width {
            let (x, y) = (f64::from(column), f64::from(row));
            let corners = [(0.125, 0.125), (0.875, 0.125), (0.125, 0.875), (0.875, 0.875)];
            let [first, others @ ..] = corners.map(|(dx, dy)| shape(x + dx, y + dy));
            if others.iter().all(|other| *other == first) {
                pixels.extend(first);
                continue;
            }
            let points = (0..16).map(|n| shape(x + f64::from(n % 4) / 4.0 + 0.125, y + f64::from(n / 4) / 4.0 + 0.125));
            pixels.extend(mean(points));
        }
    }
    encoded(width, height, &pixels)
}

/// The mean of sixteen colours. A clear point has no colour, so the others give theirs.
fn mean(points: impl Iterator<Item = Colour>) -> Colour {
    let (mut sums, mut opacity) = ([0_u32; 3], 0_u32);
    for [red, green, blue, shown] in points {
        opacity += u32::from(shown);
        for (sum, part) in sums.iter_mut().zip([red, green, blue]) {
            *sum += u32::from(part) * u32::from(shown);
        }
    }
    let byte = |part: u32| u8::try_from(part).unwrap_or(u8::MAX);
    let [red, green, blue] = sums.map(|sum| byte(sum.checked_div(opacity).unwrap_or_default()));
    [red, green, blue, byte(opacity / 16)]
}

fn encoded(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    // Writing into memory cannot fail.
    if let Ok(mut writer) = encoder.write_header() {
        drop(writer.write_image_data(pixels));
        drop(writer.finish());
    }
    bytes
}

/// An ICO file with one picture in PNG, which every browser of today reads.
fn ico(side: u8, png: &[u8]) -> Vec<u8> {
    let length = u32::try_from(png.len()).unwrap_or_default();
    let mut bytes = vec![0, 0, 1, 0, 1, 0, side, side, 0, 0, 1, 0, 32, 0];
    bytes.extend(length.to_le_bytes());
    bytes.extend(22_u32.to_le_bytes());
    bytes.extend(png);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(png: &[u8]) -> (u32, u32) {
        let info = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        (info.info().width, info.info().height)
    }

    #[test]
    fn every_picture_has_its_size_and_is_light() {
        let sizes = [(32, 32), (180, 180), (192, 192), (512, 512), CARD];
        for (picture, expected) in PICTURES.iter().zip(sizes) {
            assert!(PATHS.contains(&picture.path), "{}", picture.path);
            let png = if picture.path == "/favicon.ico" { &picture.bytes[22..] } else { &picture.bytes };
            assert_eq!(size(png), expected, "{}", picture.path);
            assert!(picture.bytes.len() < 40_000, "{}: {}", picture.path, picture.bytes.len());
        }
    }

    #[test]
    fn the_mark_is_that_of_the_drawing_in_the_page() {
        let svg = include_str!("../../templates/assets/icon.svg");
        assert!(
            svg.contains("M5 8h5v12H5zM18 8h5v12h-5z") && svg.contains("M14 4v20M14 4l-2.6 3.4M14 4l2.6 3.4"),
            "{svg}"
        );
        assert_eq!(mark(0.2, 0.2), CLEAR);
        assert_eq!(full_mark(0.2, 0.2), BLUE);
        for (x, y) in [(6.0, 9.0), (20.0, 19.0), (14.0, 23.0), (11.5, 7.3)] {
            assert_eq!(mark(x, y), WHITE, "{x} {y}");
        }
        assert_eq!(mark(11.5, 14.0), BLUE);
        assert_eq!(mean([BLUE, CLEAR].into_iter().cycle().take(16))[..3], BLUE[..3]);
    }
}
