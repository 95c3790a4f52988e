//! QR codes of texts, drawn as one path: no picture to load, no script, and the same in print.

use std::fmt::Write;

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, Version};

/// Width of the white margin around the code in modules, without which cameras do not find the code.
const QUIET_ZONE: usize = 4;

/// Largest version of a code. Each version is four modules wider than the one before.
const MAX_VERSION: i16 = 40;

/// A QR code as a drawing.
pub struct QrCode {
    /// Width of the drawing in modules, with the margin.
    pub width: usize,
    /// Path of horizontal strokes, one module thick.
    pub path: String,
}

/// Draws a text; `None` where the text is too long for a code.
#[must_use]
pub fn draw(text: &str) -> Option<QrCode> {
    let code = (1..=MAX_VERSION).find_map(|version| in_bytes(text.as_bytes(), Version::Normal(version)))?;
    let (side, modules) = (code.width(), code.into_colors());
    let mut path = String::new();
    for (y, row) in modules.chunks(side).enumerate() {
        let mut x = 0;
        let mut pen = None;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                // Writing to a text cannot fail.
                let _ = match pen {
                    None => write!(path, "M{} {}", x + QUIET_ZONE, y + QUIET_ZONE),
                    Some(pen) => write!(path, "m{} 0", x - pen),
                };
                let _ = write!(path, "h{}", run.len());
                pen = Some(x + run.len());
            }
            x += run.len();
        }
    }
    Some(QrCode { width: side + 2 * QUIET_ZONE, path })
}

/// The code of one version, if its capacity suffices for the bytes. Only byte mode is used. Modes for digits and capitals would
/// need less room, but then two promises of the same length would have codes of two sizes.
fn in_bytes(data: &[u8], version: Version) -> Option<qrcode::QrCode> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(data).and_then(|()| bits.push_terminator(EcLevel::M)).ok()?;
    qrcode::QrCode::with_bits(bits, EcLevel::M).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_of_one_length_have_codes_of_one_size() {
        for length in [20, 200, 340, 400] {
            let widths = ["x", "7", "A"].map(|one| draw(&one.repeat(length)).unwrap().width);
            assert!(widths.iter().all(|width| *width == widths[0]), "{length}: {widths:?}");
        }
    }

    #[test]
    fn a_text_as_long_as_a_promise_is_drawn_in_a_few_kilobytes_and_one_that_is_too_long_not_at_all() {
        let code = draw(&"x".repeat(360)).unwrap();
        assert!(code.width <= 85 && code.path.len() < 14_000, "{} modules, {} bytes", code.width, code.path.len());
        assert!(draw(&"x".repeat(4000)).is_none());
    }
}
