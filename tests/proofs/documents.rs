//! Documents: none that acts is taken as evidence, however its action is hidden, and no honest file is refused.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use shudu::base::error::Error;
use shudu::base::objects::Objects;
use shudu::report::evidence::{Files, pdf};

use testing::proof::{Proof, size};

/// Values that make a document act, hold a file or fetch one.
const ACTING: [&str; 42] = [
    "<</S/JavaScript/JS(app.alert)>>",
    "<</Names<</JavaScript<</Names[(a)<</S/JavaScript/JS<6170702e>>>]>>>>>>",
    "<</S/Launch/F(cmd.exe)>>",
    "<</S/Launch/Win<</F(cmd.exe)/P(x)>>>>",
    "<</S/GoToR/F(\\\\\\\\evil\\\\share)/D[0/Fit]>>",
    "<</S/GoToE/T<</R/C/N(a)>>>>",
    "<</S/SubmitForm/F(collect)>>",
    "<</S/ImportData/F(a.fdf)>>",
    "<</S/Rendition/OP 0/R 3 0 R>>",
    "<</S/Sound/Sound 3 0 R>>",
    "<</S/Movie/Annotation 3 0 R>>",
    "<</S/URI/URI(javascript:x)>>",
    "<</S/URI/URI(\\\\\\\\evil\\\\share)>>",
    "<</OpenAction<</S/URI/URI(a.html)>>>>",
    "<</OpenAction<</S/Named/N/Print>>>>",
    "<</AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>>>",
    "<</AcroForm<</XFA[(template)3 0 R]>>>>",
    "<</Subtype/RichMedia/RichMediaContent<<>>>>",
    "<</Type/3D/OnInstantiate(x)>>",
    "<</Names<</EmbeddedFiles<</Names[(a)3 0 R]>>>>>>",
    "<</Type/Filespec/EF<</F 3 0 R>>>>",
    "<</Subtype/FileAttachment/FS<</EF<</UF 3 0 R>>>>>>",
    "<</S/URI/URI(file:\\057\\057\\057\\057evil\\057share\\057x)>>",
    "<</S/URI/URI(file:\\057\\057\\057\\\\\\\\evil\\\\share)>>",
    "<</S/URI/URI(file:\\057\\057\\057%5C%5Cevil%5Cshare)>>",
    "<</S/URI/URI(file:\\057\\057evil\\057share)>>",
    "<</URI<</Base(file:\\057\\057\\057\\057evil\\057share\\057)>>>>",
    "<</URI<</Base(\\\\\\\\evil\\\\share)>>>>",
    "<</S/URI/URI(                                                                      javascript:x)>>",
    "<</S/URI/URI(                                                                      \\\\\\\\evil\\\\share)>>",
    "<</S/URI/URI(java\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\nscript:x)>>",
    "<</S/URI/URI(java\n\tscript:x)>>",
    "<</S/URI/URI<feff006a006100760061007300630072006900700074003a0078>>>",
    "<</Subtype/FileAttachment/FS(\\\\\\\\evil\\\\share)>>",
    "<</Subtype/FileAttachment/FS(https:\\057\\057evil.example)>>",
    "<</Subtype/FileAttachment/FS<</Type/Filespec/F(\\\\\\\\evil\\\\share)>>>>",
    "<</FS<</UF<feff005c005c006500760069006c>>>>>",
    "<</AF[<</FS/URL/F(a.html)>>]>>",
    "<</Subtype/Form/Ref<</F(a.pdf)/Page 0>>>>",
    "<</Subtype/Form/Ref<</F<</UF(a.pdf)>>/Page 0>>>>",
    "<</Subtype/Image/OPI<</2.0<</F(a.eps)>>>>>>",
    "<</AcroForm<</XFA(<template>)>>>>",
];
/// Values that do nothing.
const HARMLESS: [&str; 11] = [
    "<</S/GoTo/D[3 0 R/Fit]>>",
    "<</S/URI/URI(https:example.cn)>>",
    "<</S/URI/URI(mailto:a@b.cn)>>",
    "<</S/URI/URI(tel:12345)>>",
    "<</S/URI/URI(next-10.html)>>",
    "<</S/URI/URI(file:\\057\\057\\057tmp\\057next-10.html)>>",
    "<</S/URI/URI(file:\\057\\057\\057C:\\057Users\\057a.html)>>",
    "<</S/URI/URI(file:\\057\\057\\057C:\\\\Users\\\\a.docx)>>",
    "<</Subtype/FileAttachment/FS(a.pdf)>>",
    "<</Type/Annot/Contents(app.alert S JavaScript)>>",
    "<</Dests<</JavaScript[3 0 R/Fit]/AA[3 0 R/Fit]/EF[3 0 R/Fit]>>>>",
];

type Hiding = (&'static str, fn(&str) -> Vec<u8>);

/// Ways to write a value into a document so that a reader may miss the value.
const HIDINGS: [Hiding; 14] = [
    ("as an object", |value| object(value)),
    ("with escaped names", |value| object(&value.replace("/S", "/#53").replace("/J", "/#4a").replace("/E", "/#45"))),
    ("with comments between", |value| object(&value.replace('/', "%)>>endobj\n/"))),
    ("with zeros between", |value| object(&value.replace('/', "\0\x0c/"))),
    ("behind a mark in a string", |value| object(&format!("<</X(endobj stream){}", &value[2..]))),
    ("behind another type", |value| object(&format!("<</S/GoTo/Z[]{}", &value[2..]))),
    ("deep inside", |value| object(&format!("<</K[[<</K[{value}]>>]]>>"))),
    ("packed", |value| packed("/Type/ObjStm/N 1/First 6", value)),
    ("packed without a type", |value| packed("/N 1/#46irst 6", value)),
    ("in a plain stream of objects", |value| stream("/Type/ObjStm/N 1/First 6", format!("901 0 {value}").as_bytes())),
    ("in a stream", |value| stream("", &object(value))),
    ("in a string", |value| object(&format!("({})", String::from_utf8(object(value)).unwrap()))),
    ("in a comment", |value| [b"%", object(value).as_slice()].concat()),
    ("with a comment before the object", |value| format!("901 0%x\n obj{value}endobj\n").into_bytes()),
];

fn object(value: &str) -> Vec<u8> {
    format!("901 0 obj{value}endobj\n").into_bytes()
}

fn stream(head: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("902 0 obj<<{head}/Length {}>>stream\n", data.len());
    [head.as_bytes(), data, b"\nendstream endobj\n"].concat()
}

fn packed(head: &str, value: &str) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(format!("901 0 {value}").as_bytes()).unwrap();
    stream(&format!("{head}/Filter/FlateDecode"), &packer.finish().unwrap())
}

/// A document with one more revision, as an editor that only appends would save the change.
fn revised(document: &[u8], revision: &[u8]) -> Vec<u8> {
    [document, b"\n", revision, b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"].concat()
}

/// Honest files: the saved samples, and those in the folder that SHUDU_HONEST names, which scripts/honest-files makes.
fn honest() -> Vec<PathBuf> {
    let saved = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/honest");
    let made = std::env::var_os("SHUDU_HONEST").map(PathBuf::from);
    let folders = [Some(saved), made].into_iter().flatten();
    let mut found: Vec<PathBuf> =
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "pdf")
}

#[test]
fn no_document_that_acts_is_taken() {
    let proof =
        Proof::of("a document with an action, a script or a file in it is refused, however the action is hidden");
    let hosts: Vec<Vec<u8>> =
        honest().iter().filter(|path| is_document(path.as_path())).map(|p| std::fs::read(p).unwrap()).collect();
    for number in 0..size(ACTING.len() * HIDINGS.len(), 2_000) {
        let (how, hide) = HIDINGS[number % HIDINGS.len()];
        let value = ACTING[number / HIDINGS.len() % ACTING.len()];
        let document = revised(&hosts[number % hosts.len()], &hide(value));
        proof.trial(pdf::check(&document).is_err(), || format!("{value} {how}, document {}", number % hosts.len()));
    }
    for (number, host) in hosts.iter().enumerate() {
        for ((how, hide), value) in HIDINGS.into_iter().flat_map(|hiding| HARMLESS.map(|value| (hiding, value))) {
            let found = pdf::check(&revised(host, &hide(value)));
            proof.trial(found.is_ok(), || format!("{value} {how}, document {number}: {found:?}, and harmless"));
        }
    }
    proof.end();
}

#[tokio::test]
async fn no_honest_file_is_refused() {
    let proof = Proof::of("a file of Chromium, LibreOffice, Ghostscript or ImageMagick without any action is taken");
    let dir = tempfile::tempdir().unwrap();
    let files = Files::of(dir.path(), Objects::of(dir.path()), None);
    for path in honest() {
        let bytes = std::fs::read(&path).unwrap();
        let taken = files.put("file", bytes).await;
        let why = |error: &Error| error.refusal().code;
        proof.trial(taken.is_ok(), || format!("{}: {}", path.display(), taken.as_ref().map_err(why).unwrap_err()));
    }
    proof.end();
}
