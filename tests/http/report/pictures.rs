//! Pictures and documents from outside: the parts that are kept, and the refusals, which name the file.

use image::{DynamicImage, GenericImageView, ImageFormat};
use shudu::demo::prng::Prng;

use testing::desk::{ROW, png};
use testing::hostile::{self, TRACES, behind, exif, flood_png, is_bare, part, pdf, segment};
use testing::{Answer, Desk};

const PROGRESSIVE: &[u8] = include_bytes!("../../fixtures/progressive.jpg");
const INKS: &[u8] = include_bytes!("../../fixtures/inks.jpg");
const MOVING: &[u8] = include_bytes!("../../fixtures/moving.png");

fn address(stored: &Answer) -> String {
    format!("/desk/assignments/{ROW}/evidence/{}", stored.json()["sha256"].as_str().unwrap())
}

async fn kept(desk: &Desk, name: &str, bytes: &[u8]) -> (Vec<u8>, DynamicImage) {
    let stored = desk.upload(&desk.handler, ROW, name, bytes).await.expect(200);
    let back = desk.handler.get(&address(&stored)).await.expect(200).body;
    assert_eq!(stored.json()["size"], back.len());
    assert!(is_bare(&back), "{name} holds more than a picture");
    let picture = image::load_from_memory(&back).unwrap();
    (back, picture)
}

fn is_blue([red, _, blue, _]: [u8; 4]) -> bool {
    blue > red
}

#[tokio::test]
async fn a_picture_is_drawn_anew_upright_and_without_its_story() {
    let desk = Desk::new().await;
    // The stored picture is blue on the left, so the upright picture, turned a quarter clockwise, is blue at the top.
    let mut file = std::io::Cursor::new(Vec::new());
    image::load_from_memory(PROGRESSIVE).unwrap().write_to(&mut file, ImageFormat::Jpeg).unwrap();
    let told = behind(&file.into_inner(), 2, &segment(0xe1, &exif(6)));
    let told = [told, b"<script>window.__hit=1</script>".to_vec()].concat();
    let (back, picture) = kept(&desk, "hall.jpg", &told).await;
    assert_eq!(picture.dimensions(), (16, 24));
    assert!(is_blue(picture.get_pixel(8, 2).0) && !is_blue(picture.get_pixel(8, 21).0));
    for trace in TRACES {
        assert!(!back.windows(trace.len()).any(|w| w == trace), "{}", String::from_utf8_lossy(trace));
    }
    let again = desk.upload(&desk.coordinator, ROW, "other.jpg", &told).await.expect(200);
    let first = desk.upload(&desk.handler, ROW, "hall.jpg", &told).await;
    assert_eq!(address(&again), address(&first), "the same picture is one file");
    let screen = behind(&png(), 33, &part(b"eXIf", &exif(6)[6..]));
    let (_, picture) = kept(&desk, "screen.png", &screen).await;
    assert_eq!(picture.dimensions(), (1, 2), "a PNG is turned as well");
}

#[tokio::test]
async fn unusual_pictures_become_usual_ones() {
    let desk = Desk::new().await;
    for (name, bytes) in [("progressive.jpg", PROGRESSIVE), ("inks.jpg", INKS), ("moving.png", MOVING)] {
        let (back, picture) = kept(&desk, name, bytes).await;
        assert_eq!(picture.dimensions(), (24, 16), "{name}");
        assert!(is_blue(picture.get_pixel(2, 8).0) && !is_blue(picture.get_pixel(21, 8).0), "{name}");
        assert!(!back.windows(4).any(|w| w == b"acTL"));
    }
    let deep = image::ImageBuffer::from_fn(3, 2, |x, _| image::Rgba([u16::MAX, 0, 0, 20_000 * x as u16]));
    let mut file = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgba16(deep).write_to(&mut file, ImageFormat::Png).unwrap();
    let (_, picture) = kept(&desk, "deep.png", &file.into_inner()).await;
    assert_eq!(picture.color(), image::ColorType::Rgba8);
    let (back, _) = kept(&desk, "plain.png", &png()).await;
    assert_eq!(kept(&desk, "again.png", &back).await.0, back, "a PNG that was drawn anew stays as it is");
}

#[tokio::test]
async fn what_cannot_be_a_proof_is_refused_by_its_name() {
    let desk = Desk::new().await;
    let cut = &hostile::png(&mut Prng::of(&["cut"]))[..60];
    for (name, bytes, code, said) in [
        ("a.png", flood_png(60_000, 60_000), "evidence.pixels", "60000×60000像素太大，这种图片最多40百万像素"),
        ("a.png", flood_png(70_000, 1), "evidence.pixels", "70000×1像素太大"),
        ("a.png", cut.to_vec(), "evidence.broken", "图片打不开"),
        ("a.jpg", b"\xff\xd8\xff\xe0<html>".to_vec(), "evidence.broken", "“a.jpg”没有收下"),
        ("a.pdf", b"%PDF-1.4 cut off".to_vec(), "evidence.pdf_broken", "PDF不完整"),
        ("a.pdf", pdf(b"1 0 obj<</S/JavaScript/JS(x)>>endobj"), "evidence.pdf_active", "请打印成PDF再传"),
        ("a.pdf", pdf(b"1 0 obj<</EF<</F 2 0 R>>>>endobj"), "evidence.pdf_files", "附件请另外上传"),
        ("a.pdf", pdf(b"trailer<</Encrypt 3 0 R>>"), "evidence.pdf_locked", "PDF加了密"),
    ] {
        let answer = desk.upload(&desk.handler, ROW, name, &bytes).await.expect(422);
        assert_eq!(answer.code(), code);
        assert!(answer.json()["title"].as_str().unwrap().contains(said), "{}", answer.json());
    }
}

#[tokio::test]
async fn a_row_holds_twenty_files_that_no_report_names() {
    let desk = Desk::new().await;
    for number in 0..20 {
        desk.upload(&desk.handler, ROW, "a.pdf", &pdf(format!("{number}").as_bytes())).await.expect(200);
    }
    let answer = desk.upload(&desk.handler, ROW, "a.pdf", &pdf(b"20")).await.expect(422);
    assert_eq!(answer.code(), "report.much_evidence");
    desk.upload(&desk.handler, ROW, "a.pdf", &pdf(b"7")).await.expect(200);
}

#[tokio::test]
async fn a_name_is_shown_and_saved_without_what_deceives() {
    let desk = Desk::new().await;
    for (sent, shown, saved) in [
        ("a%E2%80%AEgpj.exe", "agpj.exe", "agpj.exe.pdf"),
        ("..%2F..%2Fetc%2Fpasswd", "passwd", "passwd.pdf"),
        ("page.html", "page.html", "page.html.pdf"),
        ("x.pdf%0D%0ASet-Cookie:a=b", "x.pdfSet-Cookie:a=b", "x.pdfSet-Cookie_a%3Db.pdf"),
        ("", "evidence", "evidence.pdf"),
    ] {
        let stored = desk.upload(&desk.handler, ROW, sent, &pdf(sent.as_bytes())).await.expect(200);
        assert_eq!(stored.json()["name"], shown);
        let back = desk.handler.get(&address(&stored)).await.expect(200);
        let header = back.headers["content-disposition"].to_str().unwrap();
        assert!(header.ends_with(&format!("; filename*=UTF-8''{saved}")), "{header}");
        assert_eq!(back.headers["cross-origin-resource-policy"], "same-origin");
        assert!(!back.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn a_picture_of_few_colours_stays_small() {
    let desk = Desk::new().await;
    let dice = &mut Prng::of(&["palette"]);
    let (width, height) = (4_000, 5_500);
    let rows: Vec<u8> = (0..width * height).map(|_| dice.below(24) as u8).collect();
    let indexed = written(width, height, png::ColorType::Indexed, &rows);
    let stored = desk.upload(&desk.handler, ROW, "screen.png", &indexed).await.expect(200);
    assert_eq!(stored.json()["media"], "image/png");
    let size = stored.json()["size"].as_u64().unwrap();
    assert!(size < indexed.len() as u64 * 11 / 10, "{size} bytes of {}", indexed.len());
    let back = desk.handler.get(&address(&stored)).await.expect(200).body;
    let picture = image::load_from_memory(&back).unwrap();
    let colour = |index: u8| [index * 9, 255 - index, index, 255];
    for at in [0, 77, width * height - 1] {
        assert_eq!(picture.get_pixel((at % width) as u32, (at / width) as u32).0, colour(rows[at]), "{at}");
    }
    assert!(!back.windows(6).any(|w| w == b"SECRET"), "a colour that no pixel has is left out");
}

#[tokio::test]
async fn a_picture_that_grows_becomes_a_jpeg() {
    let desk = Desk::new().await;
    let dice = &mut Prng::of(&["grows"]);
    let rows: Vec<u8> = (0..4_500 * 4_500).map(|_| dice.below(240) as u8).collect();
    // One grey that counts as transparent: each pixel needs an opacity once the picture is drawn anew.
    let keyed = behind(&written(4_500, 4_500, png::ColorType::Grayscale, &rows), 33, &part(b"tRNS", &[0, 255]));
    assert!(keyed.len() < 20 << 20);
    let stored = desk.upload(&desk.handler, ROW, "map.png", &keyed).await.expect(200);
    assert_eq!(stored.json()["media"], "image/jpeg");
    assert!(stored.json()["size"].as_u64().unwrap() < 20 << 20);
}

/// A PNG with rows of eight bits a pixel, packed as small as the format allows, and a palette that hides words.
fn written(width: usize, height: usize, color: png::ColorType, rows: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_color(color);
    let mut palette: Vec<u8> = (0..24_u8).flat_map(|index| [index * 9, 255 - index, index]).collect();
    palette.extend(b"SECRET");
    if color == png::ColorType::Indexed {
        encoder.set_palette(palette);
    }
    encoder.write_header().unwrap().write_image_data(rows).unwrap();
    file
}
