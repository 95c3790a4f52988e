//! Inspection of a PDF: whether it is a document to read and nothing more.
//!
//! # Why
//! A PDF may run scripts, start programs, send forms, embed other files or be encrypted. None of these features proves a fix,
//! so such a file is refused rather than marked. A mark would be one more warning that thirty-one provinces and eight teams
//! learn to click away, and an honest sender prints the document to a new PDF. The file is read by its structure: strings,
//! comments and the words of a page are no features. Content that cannot be decoded is refused. A viewer may still find
//! features that this parser does not find, so a file is served only as a download.

mod actions;
mod addresses;
mod objects;
mod syntax;

use self::objects::Objects;

/// Mark at the beginning of a PDF.
pub const MARK: &[u8] = b"%PDF-";
/// Number of last bytes that must contain the end marker. White space and NUL behind it do not count: scanners pad with them.
const TAIL: usize = 1024;
/// Bytes of memory for the inspection of a file, besides the file.
pub const MEMORY: u64 = 64 << 20;

/// Reason why a PDF is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The file does not begin or end as a PDF does, or an object in it does not end.
    Broken,
    /// The document is active: it holds a script, starts a program, sends a form or follows another action.
    Active,
    /// The document embeds other files.
    Files,
    /// The document is encrypted, or packed so that it cannot be inspected.
    Locked,
}

impl Unfit {
    /// Code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Broken => "evidence.pdf_broken",
            Self::Active => "evidence.pdf_active",
            Self::Files => "evidence.pdf_files",
            Self::Locked => "evidence.pdf_locked",
        }
    }
}

/// Inspects a PDF, which begins with [`MARK`].
///
/// # Errors
/// As [`Unfit`].
pub fn check(file: &[u8]) -> Result<(), Unfit> {
    let end = file.iter().rposition(|byte| !syntax::is_blank(*byte)).map_or(0, |at| at + 1);
    let tail = &file[end.saturating_sub(TAIL)..end];
    if !file.starts_with(MARK) || memchr::memmem::find(tail, b"%%EOF").is_none() {
        return Err(Unfit::Broken);
    }
    let objects = Objects::of(file)?;
    objects.each().try_for_each(|object| actions::check(&object?, &objects))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;

    use super::*;

    fn pdf(body: &[u8]) -> Vec<u8> {
        [b"%PDF-1.5\n", body, b"\n%%EOF\n"].concat()
    }

    /// A document with one more object, number 9.
    fn with(object: &str) -> Vec<u8> {
        pdf(format!("1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n9 0 obj {object} endobj\n").as_bytes())
    }

    fn packed(head: &str, words: &[u8]) -> Vec<u8> {
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
        packer.write_all(words).unwrap();
        let inside = packer.finish().unwrap();
        pdf(&[format!("1 0 obj<<{head}>>stream\r\n").as_bytes(), &inside, b"\nendstream endobj"].concat())
    }

    #[test]
    fn documents_to_read_are_taken() {
        for harmless in [
            "<</Type/Annot/A<</S/URI/URI(https://wiki.example.cn/kf/JavaScript)>>>>",
            "(a word about /S/JavaScript /JS (x) and /Launch)",
            "<</A<</S/URI/URI(https://example.cn/\\(/S/Launch/F\\))>>>> % <</S/JavaScript/JS(x)>>",
            "<</OpenAction[3 0 R/XYZ null null 0]>>",
            "<</OpenAction<</S/GoTo/D[3 0 R/Fit]>>>>",
            "<</Dests<</JavaScript[3 0 R/XYZ 0 0 0]/XFA[4 0 R/Fit]/EF[4 0 R/Fit]/Encrypt<</D[3 0 R/Fit]>>/AA[3 0 R/Fit]>>>>",
            "<</Type/StructElem/S/JavaScript/P 3 0 R/K 0>>",
            "<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI/URI(mailto:a@b.cn)>>>>",
            "<</A<</S/URI/URI(file:///home/me/next.html)>>/B<</S/URI/URI(chapter-2.html#a:b)>>>>",
            "<</A<</S/URI/URI(file:///C:/Users/me/a.html)>>/B<</S/URI/URI(file:///C:\\\\Users\\\\me\\\\a.docx)>>>>",
            "<</A<</S/URI/URI(tel:12345)>>/URI<</Base(https://example.cn/)>>>>",
            "<</Subtype/FileAttachment/FS(folder/a.pdf)>>",
            "<</Type/StructElem/Ref[3 0 R]/F 4>>",
            "<</Names<</EmbeddedFiles<</Names[]>>>>>>",
            "<</Type/ExtGState/Font<</JS 5 0 R/AA 6 0 R>>>>",
        ] {
            assert_eq!(check(&with(harmless)), Ok(()), "{harmless}");
        }
    }

    #[test]
    fn documents_that_act_are_refused() {
        for active in [
            "<</S/JavaScript/JS(app.alert(1))>>",
            "<</S /J#61vaScript /JS 5 0 R>>",
            "<</S 8 0 R/JS(x)>> endobj 8 0 obj 7 0 R endobj 7 0 obj/JavaScript",
            "<</K[<</A<</S/Launch/F(cmd.exe)>>>>]>>",
            "<</S/Launch/Win<</F(cmd.exe)>>>>",
            "<</OpenAction<</S/GoToR/F(\\\\\\\\evil\\\\share)/D[0/Fit]>>>>",
            "<</OpenAction<</S/URI/URI(https://example.cn)>>>>",
            "<</OpenAction 8 0 R>> endobj 8 0 obj<</S/GoTo/D[3 0 R/Fit]/Next 7 0 R>>",
            "<</OpenAction<</S/Named/N/Print>>>>",
            "<</AA<</O<</S/GoTo/D[3 0 R/Fit]>>>>>>",
            "<</AcroForm<</XFA[(template)5 0 R]>>>>",
            "<</AcroForm<</XFA 8 0 R>>>> endobj 8 0 obj<<>>stream\nx\nendstream",
            "<</S/SubmitForm/F(http://evil)>>",
            "<</S/URI/URI(java\nscript:alert\\(1\\))>>",
            "<</S/URI/URI<2f2f6576696c2f7368617265>>>",
            "<</S/URI/URI(file://evil/share)>>",
            "<</URI<</Base(\\\\\\\\evil\\\\share)>>>>",
            "<</S/URI/URI(file:////evil/share/x)>>",
            "<</S/URI/URI(file:///\\\\\\\\evil\\\\share)>>",
            "<</S/URI/URI/javascript#3ax>>",
            "<</URI<</Base(file:////evil/share/)>>>>",
            "<</Subtype/FileAttachment/FS(\\\\\\\\evil\\\\share)>>",
            "<</FS 8 0 R>> endobj 8 0 obj(//evil/share)",
            "<</FS<</Type/Filespec/UF<feff005c005c006500760069006c>>>>>",
            "<</AF[<</F(https://evil.example/x)>>]>>",
            "<</FS/URL/F(next.html)>>",
            "<</Subtype/Form/Ref<</F(a.pdf)/Page 0>>>>",
            "<</Subtype/Image/OPI<</2.0<</F(a.eps)>>>>>>",
            "<</AcroForm<</XFA(<template>)>>>>",
            "<</Type/3D/Subtype/U3D/OnInstantiate 8 0 R>> endobj 8 0 obj<<>>stream\nx\nendstream",
            "<</Subtype/RichMedia>>",
            "<</Subtype/PS>>",
            "<</Length 0/F(\\\\\\\\evil\\\\share)>>stream\n\nendstream",
            // Hidden from a reader that stops at a mark inside a string or a comment.
            "<</A(endobj)/B%endobj\n/S/JavaScript/JS(x)>>",
            // Hidden from a reader of the table of offsets, or from one that reads the file from its beginning.
            "<<>>stream\n7 0 obj<</S/JavaScript/JS(x)>>endobj\nendstream",
            "(7 0 obj<</S/JavaScript/JS<78>>>endobj)",
            "% 7 0 obj<</S/JavaScript/JS(x)>>endobj",
            "<</X/S/JavaScript/JS(x)>>",
        ] {
            assert_eq!(check(&with(active)), Err(Unfit::Active), "{active}");
        }
        for link in ["javascript:x", "\\\\\\\\evil\\\\share", "file:////evil"] {
            for blank in [" ", "\n", "\\t", "\\000", "\u{3000}", "\u{200b}"] {
                let padded = format!("<</S/URI/URI({}{link})>>", blank.repeat(700));
                assert_eq!(check(&with(&padded)), Err(Unfit::Active), "{link} behind {blank:?}");
            }
        }
        assert_eq!(check(&with("<</A[>>/S/JavaScript/JS(x)>>")), Err(Unfit::Broken), "an array without an end");
    }

    #[test]
    fn documents_with_files_or_locks_are_refused() {
        for files in [
            "<</Names<</EmbeddedFiles<</Names[(invoice.xml)8 0 R]>>>>>>",
            "<</Type/Filespec/F(a.exe)/EF<</F 8 0 R>>>>",
            "<</Subtype/FileAttachment/FS<</EF 8 0 R>>>> endobj 8 0 obj<</F 7 0 R>>",
            "<</Type/EmbeddedFile/Length 1>>stream\nx\nendstream",
        ] {
            assert_eq!(check(&with(files)), Err(Unfit::Files), "{files}");
        }
        assert_eq!(check(&pdf(b"trailer<</Encrypt 9 0 R>>")), Err(Unfit::Locked));
        assert_eq!(check(&with("<</Type/XRef/Encrypt 9 0 R>>stream\nx\nendstream")), Err(Unfit::Locked));
    }

    #[test]
    fn a_document_begins_and_ends_as_one() {
        assert_eq!(check(b"%PDF-1.4 a proof"), Err(Unfit::Broken));
        assert_eq!(check(&[pdf(b""), vec![b'<'; 2000]].concat()), Err(Unfit::Broken), "a tail behind the end");
        assert_eq!(check(&[pdf(b""), vec![0; 5000], b"\r\n".to_vec()].concat()), Ok(()), "padded");
    }

    #[test]
    fn packed_objects_are_read() {
        let packs = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode";
        assert_eq!(check(&packed(packs, b"7 0 <</Type/Page>>")), Ok(()));
        assert_eq!(check(&packed(packs, b"7 0 (/S/JavaScript/JS(x))")), Ok(()));
        assert_eq!(check(&packed(packs, b"7 0 <</S/JavaScript/JS(x)>>")), Err(Unfit::Active));
        assert_eq!(check(&packed("/First 4/#46ilter[/Fl]", b"7 0 <</S/#4cau#6ech/F(x)>>")), Err(Unfit::Active));
        assert_eq!(check(&packed("/N 1/First 4", b"")), Ok(()), "nothing of it is an object");
        assert_eq!(
            check(&pdf(b"1 0 obj<</N 1/First 4>>stream\n7 0 <</S/JavaScript/JS(x)>>\nendstream")),
            Err(Unfit::Active)
        );
        for opaque in
            ["/Filter[/A85/FlateDecode]", "/Filter 5 0 R", "/Filter/Fl/DecodeParms<</Predictor 12>>", "/F/LZW"]
        {
            assert_eq!(
                check(&packed(&format!("/Type/ObjStm/First 4{opaque}"), b"7 0 1")),
                Err(Unfit::Locked),
                "{opaque}"
            );
        }
        assert_eq!(check(&packed(packs, &vec![b' '; 33 << 20])), Err(Unfit::Locked), "a bomb");
        assert_eq!(check(&pdf(b"1 0 obj<</First 4/Filter/FlateDecode>>stream\nnothing packed")), Err(Unfit::Locked));
        // Streams with pictures or text of a page are not inspected and need no inspection.
        assert_eq!(check(&packed("/Filter/FlateDecode", &vec![b' '; 33 << 20])), Ok(()));
    }

    #[test]
    fn objects_inside_each_other_are_not_read_without_end() {
        for begin in ["1 0 obj(", "1 0 obj<</A ", "1 0 obj[", "trailer<<"] {
            assert!(check(&pdf(begin.repeat(100_000).as_bytes())).is_err(), "{begin}");
        }
        assert_eq!(check(&pdf("1 0 obj<</S 1 0 R/JS(x)>>".repeat(50_000).as_bytes())), Err(Unfit::Locked));
        assert_eq!(check(&pdf("1 0 obj 1 0 R ".repeat(8).as_bytes())), Ok(()), "nothing asks for it");
        assert_eq!(check(&pdf(b"1 0 obj 1 0 R endobj 2 0 obj<</URI 1 0 R>>")), Err(Unfit::Locked), "a circle");
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reader(
            body in "(/|#|stream|\r\n|ObjStm|First 4|Filter|<<|>>|[0-9] 0 (obj|R)|endobj|\\(|\\)|\\[|\\]|[a-z0-9#]{0,3}){0,60}",
            noise: Vec<u8>,
        ) {
            let _ = check(&pdf(&[body.as_bytes(), &noise].concat()));
            let _ = check(&noise);
        }
    }
}
