//! Parts of files that mean harm, and what is left of a picture that was drawn anew.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{ImageFormat, Rgba, RgbaImage};
use shudu::demo::prng::Prng;

/// Words that no picture which was drawn anew may hold.
pub const TRACES: [&[u8]; 8] = [b"<script", b"__hit", b"PK\x03\x04", b"%PDF", b"<?php", b"EICAR", b"Exif", b"31.2304"];

/// The harmless test word of virus scanners, put together here so that no scanner takes this source for a virus.
pub fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!", "$H+H*"].concat().into_bytes()
}

/// Whether bytes are a PNG or a JPEG of the parts that drawing one needs, and nothing behind its end.
pub fn is_bare(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") { bare_png(&bytes[8..]) } else { bare_jpeg(bytes) }
}

fn bare_png(mut rest: &[u8]) -> bool {
    while let Some((head, behind)) = rest.split_at_checked(8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        match &head[4..] {
            b"IEND" => return behind.len() == 4,
            b"IHDR" | b"IDAT" | b"PLTE" | b"tRNS" => {}
            _ => return false,
        }
        let Some(next) = behind.get(length + 4..) else { return false };
        rest = next;
    }
    false
}

fn bare_jpeg(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some([0xff, kind]) = bytes.get(at..at + 2) {
        match kind {
            // JFIF, frame, tables.
            0xe0 | 0xc0 | 0xc4 | 0xdb | 0xdd => {}
            0xda => {
                let end = bytes.windows(2).rposition(|two| two == [0xff, 0xd9]);
                let marks = bytes[at + 2..].windows(2).filter(|two| two[0] == 0xff && two[1] != 0).count();
                return end == Some(bytes.len() - 2) && marks == 1;
            }
            _ => return false,
        }
        let Some(length) = bytes.get(at + 2..at + 4) else { return false };
        at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
    }
    false
}

/// A picture of noise, in PNG.
pub fn png(dice: &mut Prng) -> Vec<u8> {
    let (width, height) = (8 + dice.below(40) as u32, 8 + dice.below(40) as u32);
    let picture = RgbaImage::from_fn(width, height, |_, _| Rgba([0; 4].map(|_: u8| dice.below(256) as u8)));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// EXIF data of a camera: orientation and place.
pub fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0]);
    tiff.extend(b" GPS 31.2304 121.4737 ");
    tiff
}

/// A part of a JPEG.
pub fn segment(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, kind], &length[..], content].concat()
}

/// A part of a PNG.
pub fn part(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let sum = crc([&kind[..], content].concat()).to_be_bytes();
    [&length[..], kind, content, &sum].concat()
}

/// Bytes put into others at a place.
pub fn behind(bytes: &[u8], at: usize, put: &[u8]) -> Vec<u8> {
    [&bytes[..at], put, &bytes[at..]].concat()
}

/// A PDF around a body.
pub fn pdf(body: &[u8]) -> Vec<u8> {
    [b"%PDF-1.5\n", body, b"\n%%EOF\n"].concat()
}

/// Bytes packed as PNG and PDF pack theirs.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// The head of a PNG of so many pixels in sixteen bits, and the beginning of its pixels.
pub fn flood_png(width: u32, height: u32) -> Vec<u8> {
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[16, 6, 0, 0, 0]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &part(b"IHDR", &head), &part(b"IDAT", &packed(&[0; 100]))].concat()
}

/// The sum at the end of a part of a PNG.
fn crc(bytes: Vec<u8>) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(&bytes);
    sum.sum()
}
