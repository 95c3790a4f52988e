//! Hostile files, generated in thousands. The same number gives the same file on every machine.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{LazyLock, Mutex};

use image::{ImageFormat, Rgb, RgbImage};
use shudu::demo::prng::Prng;

use testing::hostile::{behind, eicar, exif, flood_png, packed, part, pdf, png, segment};

/// A hostile file, as an attacker sends it.
pub struct Hostile {
    /// Kind of the attack.
    pub sort: &'static str,
    /// Name of the file, as a query or a form can carry it.
    pub name: String,
    /// Bytes of the file.
    pub bytes: Vec<u8>,
}

const SCRIPT: &[u8] = b"<html><body><script>window.__hit=1</script><?php system($_GET[0]);?>";
const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0\0\0!\0\0\0\0\0META-INF/MANIFEST.MF";

type Maker = fn(&mut Prng) -> Vec<u8>;

const SORTS: [(&str, Maker); 34] = [
    ("JPEG with a page behind its end", |d| [jpeg(d), SCRIPT.to_vec()].concat()),
    ("JPEG with an archive behind its end", |d| [jpeg(d), ZIP.to_vec()].concat()),
    ("JPEG with a page as its comment", |d| behind(&jpeg(d), 2, &segment(0xfe, SCRIPT))),
    ("JPEG that says where it was taken", |d| behind(&jpeg(d), 2, &segment(0xe1, &exif(1 + d.below(8) as u8)))),
    ("JPEG with a page as its colour profile", |d| {
        behind(&jpeg(d), 2, &segment(0xe2, &[b"ICC_PROFILE\0\x01\x01", SCRIPT].concat()))
    }),
    ("JPEG cut off", |d| some(d, jpeg)),
    ("JPEG with flipped bits", |d| flipped(d, jpeg)),
    ("page that begins as a JPEG", |_| [b"\xff\xd8\xff\xe0", SCRIPT].concat()),
    ("script that is a JPEG", |_| [b"\xff\xd8\xff\xe0/*\0\x10JFIF\0", &b"*/=1;window.__hit=1;/*"[..]].concat()),
    ("JPEG of 60,000 by 60,000, in one scan", |_| flood_jpeg(0xc0, 3)),
    ("JPEG of 60,000 by 60,000, in many scans", |_| flood_jpeg(0xc2, 3)),
    ("JPEG of 60,000 by 60,000, in inks", |_| flood_jpeg(0xc2, 4)),
    ("JPEG with noise for segments", |d| [b"\xff\xd8\xff".to_vec(), noise(d)].concat()),
    ("PNG with a page behind its end", |d| [png(d), SCRIPT.to_vec()].concat()),
    ("PNG with an archive behind its end", |d| [png(d), ZIP.to_vec()].concat()),
    ("PNG with a page as its text", |d| behind(&png(d), 33, &part(b"tEXt", &[b"Comment\0", SCRIPT].concat()))),
    ("PNG that says where it was taken", |d| behind(&png(d), 33, &part(b"eXIf", &exif(1 + d.below(8) as u8)[6..]))),
    ("PNG with a bomb as its colour profile", |_| {
        behind(&png(&mut Prng::of(&["icc"])), 33, &part(b"iCCP", &[b"x\0\0".to_vec(), bomb(64 << 20)].concat()))
    }),
    ("PNG with a bomb as its text", |d| {
        behind(&png(d), 33, &part(b"zTXt", &[b"x\0\0".to_vec(), bomb(64 << 20)].concat()))
    }),
    ("PNG with a script as a part of its own", |d| behind(&png(d), 33, &part(b"hiDe", SCRIPT))),
    ("PNG cut off", |d| some(d, png)),
    ("PNG with flipped bits", |d| flipped(d, png)),
    ("page that begins as a PNG", |_| [b"\x89PNG\r\n\x1a\n", SCRIPT].concat()),
    ("PNG of 60,000 by 60,000", |_| flood_png(60_000, 60_000)),
    ("PNG of one line without end", |_| flood_png(u32::MAX >> 1, 1)),
    ("PNG whose pixels are a bomb", |_| {
        [&flood_png(40, 40)[..33], &part(b"IDAT", &bomb(64 << 20)), &part(b"IEND", b"")].concat()
    }),
    ("PNG with noise for parts", |d| [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), noise(d)].concat()),
    ("PDF that runs a script", |_| pdf(b"1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj")),
    ("PDF that starts a program, packed", |_| {
        let inside = packed(b"7 0 <</S/#4caunch/F(cmd.exe)>>");
        pdf(&[b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n", &inside[..], b"\nendstream endobj"]
            .concat())
    }),
    ("PDF that carries a bomb", |_| {
        let inside = bomb(80 << 20);
        pdf(&[b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n", &inside[..], b"\nendstream endobj"]
            .concat())
    }),
    ("PDF that is a page", |_| pdf(SCRIPT)),
    ("PDF with a virus", |_| pdf(&eicar())),
    ("PDF with an archive behind its end", |d| [pdf(b""), noise(d), ZIP.to_vec(), vec![0; 1100]].concat()),
    ("what is no document or picture", |d| {
        let other: [&[u8]; 9] = [
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.__hit=1'/>",
            b"GIF89a/*\x01\0*/=1;window.__hit=1;",
            b"<!DOCTYPE html><script>window.__hit=1</script>",
            b"%!PS-Adobe-3.0 (%pipe%id) (r) file",
            b"MZ\x90\0\x03",
            b"PK\x03\x04 a letter",
            b" %PDF-1.4\n%%EOF",
            b"RIFF\0\0\0\0WEBP",
            b"push graphic-context image over 0,0 0,0 'https://example.invalid/'",
        ];
        let chosen = d.pick(&other).copied().unwrap_or_default();
        if d.chance(20) { eicar() } else { chosen.to_vec() }
    }),
];

const NAMES: [&str; 14] = [
    "通知.pdf",
    "../../../etc/passwd",
    "..\\..\\main.db",
    "a\u{202e}gpj.exe",
    "page.html",
    "<img src=x onerror=window.__hit=1>.png",
    "\"; filename=\"evil.html",
    "x\r\nSet-Cookie: a=b",
    "con.png",
    ".htaccess",
    "%2e%2e%2fmain.db",
    "a\0.pdf",
    "'+alert(1)+'.jpg",
    "",
];

/// The hostile file with a number.
pub fn file(number: usize) -> Hostile {
    let (sort, make) = SORTS[number % SORTS.len()];
    let mut dice = Prng::of(&["hostile", &number.to_string()]);
    let name = match dice.below(NAMES.len() + 1) {
        at if at < NAMES.len() => NAMES[at].to_owned(),
        _ => format!("{}.png", "长".repeat(10_000 / 3)),
    };
    Hostile { sort, name, bytes: make(&mut dice) }
}

/// A picture of noise, in JPEG.
fn jpeg(dice: &mut Prng) -> Vec<u8> {
    let (width, height) = (8 + dice.below(40) as u32, 8 + dice.below(40) as u32);
    let picture = RgbImage::from_fn(width, height, |_, _| Rgb([0; 3].map(|_: u8| dice.below(256) as u8)));
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

/// Compressed zeros (a decompression bomb), made once per size because it takes long.
fn bomb(size: usize) -> Vec<u8> {
    static MADE: LazyLock<Mutex<HashMap<usize, Vec<u8>>>> = LazyLock::new(Mutex::default);
    MADE.lock().unwrap().entry(size).or_insert_with(|| packed(&vec![0; size])).clone()
}

fn flood_jpeg(frame: u8, components: u8) -> Vec<u8> {
    let mut head = vec![8, 0xea, 0x60, 0xea, 0x60, components];
    head.extend((0..components).flat_map(|n| [n + 1, 0x11, 0]));
    [&[0xff, 0xd8][..], &segment(frame, &head), &segment(0xda, &[components, 1, 0, 2, 0, 3, 0, 0, 63, 0])].concat()
}

fn some(dice: &mut Prng, make: fn(&mut Prng) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = make(dice);
    bytes.truncate(8 + dice.below(bytes.len() - 8));
    bytes
}

fn flipped(dice: &mut Prng, make: fn(&mut Prng) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = make(dice);
    for _ in 0..1 + dice.below(8) {
        let at = 8 + dice.below(bytes.len() - 8);
        bytes[at] ^= 1 << dice.below(8);
    }
    bytes
}

fn noise(dice: &mut Prng) -> Vec<u8> {
    (0..dice.below(2000)).map(|_| dice.below(256) as u8).collect()
}
