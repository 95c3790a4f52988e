//! Re-encoding of a PNG row by row, with its palette kept.
//!
//! # Why
//! A screenshot of 256 colours takes four times the bytes once each pixel has a colour of its own, and a large picture as a whole
//! takes much memory.

use std::io::{BufRead, Seek, Write};

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Reader, Transformations};

use super::{ASIDE, Undrawn, broken};

/// A palette as it is written: red, green and blue of each colour, and its opacity where some colours are transparent.
struct Palette {
    colours: Vec<u8>,
    opacities: Option<Vec<u8>>,
}

/// Re-encodes a picture that is not interlaced. Sixteen bits a sample become eight. Colours of the palette that no pixel has are
/// left out: they could hold anything.
///
/// # Errors
/// `Broken` inside the result; a disk that fails, as the outer error.
pub fn draw<R: BufRead + Seek>(mut read: R, write: impl Write) -> std::io::Result<Result<(), Undrawn>> {
    let looked = open(&mut read, Transformations::IDENTITY).and_then(|mut picture| {
        // One colour that counts as transparent becomes an opacity of each pixel.
        let has_key = picture.info().color_type != ColorType::Indexed && picture.info().trns.is_some();
        Ok((has_key, palette(&mut picture)?))
    });
    let (has_key, palette) = match looked {
        Ok(looked) => looked,
        Err(undrawn) => return Ok(Err(undrawn)),
    };
    read.rewind()?;
    let expanded = if has_key { Transformations::EXPAND } else { Transformations::IDENTITY };
    let mut picture = match open(&mut read, Transformations::STRIP_16 | expanded) {
        Ok(picture) => picture,
        Err(undrawn) => return Ok(Err(undrawn)),
    };
    let mut encoder = Encoder::new(write, picture.info().width, picture.info().height);
    let (color, depth) = picture.output_color_type();
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some(palette) = palette {
        encoder.set_palette(palette.colours);
        palette.opacities.into_iter().for_each(|opacities| encoder.set_trns(opacities));
    }
    let mut writer = encoder.write_header().map_err(written)?;
    let mut stream = writer.stream_writer().map_err(written)?;
    loop {
        match picture.next_row() {
            Ok(Some(row)) => stream.write_all(row.data())?,
            Ok(None) => break,
            Err(error) => return Ok(Err(broken(error))),
        }
    }
    stream.finish().map_err(written)?;
    writer.finish().map_err(written)?;
    Ok(Ok(()))
}

fn open<R: BufRead + Seek>(read: R, transformations: Transformations) -> Result<Reader<R>, Undrawn> {
    let mut decoder = Decoder::new_with_limits(read, Limits { bytes: ASIDE });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(transformations);
    decoder.read_info().map_err(broken)
}

/// The palette of a picture up to the last colour that a pixel has; none for a picture without a palette.
fn palette<R: BufRead + Seek>(picture: &mut Reader<R>) -> Result<Option<Palette>, Undrawn> {
    if picture.info().color_type != ColorType::Indexed {
        return Ok(None);
    }
    let (colours, opacities) = (picture.info().palette.clone(), picture.info().trns.clone());
    let (width, depth) = (picture.info().width, picture.info().bit_depth);
    let mut used = [false; 256];
    while let Some(row) = picture.next_row().map_err(broken)? {
        for index in indices(row.data(), depth, width) {
            used[usize::from(index)] = true;
        }
    }
    let length = used.iter().rposition(|used| *used).map_or(1, |last| last + 1);
    let kept = |index: usize, part: Option<u8>| if used[index] { part.unwrap_or(0) } else { 0 };
    let sent = colours.as_deref().ok_or(Undrawn::Broken)?;
    let colours = (0..length * 3).map(|at| kept(at / 3, sent.get(at).copied())).collect();
    let opacities =
        opacities.map(|sent| (0..length.min(sent.len())).map(|at| kept(at, sent.get(at).copied())).collect());
    Ok(Some(Palette { colours, opacities }))
}

/// The indices of a row, of one, two, four or eight bits each.
fn indices(row: &[u8], depth: BitDepth, width: u32) -> impl Iterator<Item = u8> {
    let bits = depth as u8;
    let in_a_byte = 8 / bits.min(8);
    let each = row
        .iter()
        .flat_map(move |byte| (0..in_a_byte).map(move |at| (byte >> (8 - bits * (at + 1))) & (u8::MAX >> (8 - bits))));
    each.take(width.try_into().unwrap_or(usize::MAX))
}

fn written(error: png::EncodingError) -> std::io::Error {
    match error {
        png::EncodingError::IoError(error) => error,
        other => std::io::Error::other(other),
    }
}
