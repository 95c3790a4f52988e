//! A view that turns a picture the right way up while the picture is written.

use image::metadata::Orientation;
use image::{GenericImageView, ImageBuffer, Pixel};

/// A picture seen the right way up, without a second copy in memory.
pub struct Turned<P: Pixel> {
    /// Pixels of the picture as stored.
    pub picture: ImageBuffer<P, Vec<P::Subpixel>>,
    /// Orientation by which the picture is turned.
    pub by: Orientation,
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
    use image::{DynamicImage, Rgb, RgbImage};

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
}
