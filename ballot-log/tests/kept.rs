//! Files that a person kept: damage in transport is no forgery.

use std::path::{Path, PathBuf};
use std::process::Command;

fn vector(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../verify/vectors").join(name)
}

/// Exit code of the verifier with a kept file.
fn code(option: &str, kept: &[u8]) -> std::io::Result<(Option<i32>, String)> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), kept)?;
    let program = env!("CARGO_BIN_EXE_shudu-verify");
    let output = Command::new(program).arg(vector("good")).arg(option).arg(file.path()).output()?;
    let said = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8_lossy(&said).into_owned()))
}

#[test]
fn a_kept_file_in_another_form_is_the_same_file_and_a_torn_one_says_nothing() {
    for (option, name) in [("--promise", "promise.txt"), ("--receipt", "receipt.txt"), ("--since", "good/history/18")] {
        let note = std::fs::read_to_string(vector(name)).unwrap();
        let windows = note.replace('\n', "\r\n");
        let wide: Vec<u8> = windows.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for kept in [
            windows.clone().into_bytes(),
            format!("\u{feff}{windows}").into_bytes(),
            note.trim_end().as_bytes().to_vec(),
            format!("{note}\n\n").into_bytes(),
            [&[0xff, 0xfe][..], &wide].concat(),
        ] {
            let (code, said) = code(option, &kept).unwrap();
            assert_eq!(code, Some(0), "{name}: {said}");
        }
        let end = note.rfind("\n\n").unwrap();
        for torn in [&b""[..], &note.as_bytes()[..40], &note.as_bytes()[..end], b"\xff\xfe\x00", b"<html>\n\n</html>"] {
            let (code, said) = code(option, torn).unwrap();
            assert_eq!(code, Some(2), "{name}: {said}");
            assert!(said.contains("NOT CHECKED"), "{said}");
        }
        let mut lines: Vec<String> = note.split('\n').map(str::to_owned).collect();
        let other = if lines[2].starts_with('A') { "B" } else { "A" };
        lines[2].replace_range(..1, other);
        let (code, said) = code(option, lines.join("\r\n").as_bytes()).unwrap();
        assert_eq!(code, Some(1), "{name}: {said}");
    }
}
