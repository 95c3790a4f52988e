//! Evidence files for the demo: a valid PDF of one page with a few lines of text.
//!
//! Evidence has to be PDF, JPG or PNG, recognised by its content, so the demo needs real files. The same text gives the same
//! bytes, and another text gives other bytes.

use std::fmt::Write as _;

/// A PDF page with the lines of a text. The built-in font has only ASCII characters; other characters become question marks.
#[must_use]
pub fn page(text: &str) -> Vec<u8> {
    let mut content = String::from("BT /F1 12 Tf 16 TL 56 780 Td\n");
    for line in text.lines() {
        content.push('(');
        escape(line, &mut content);
        content.push_str(") Tj T*\n");
    }
    content.push_str("ET\n");

    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>",
        &format!("<< /Length {} >>\nstream\n{content}endstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (object, number) in objects.iter().zip(1..) {
        // Writing to a string cannot fail. An entry of the table always has 20 bytes.
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(file, "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.into_bytes()
}

/// Appends a line as the content of a PDF string.
fn escape(line: &str, content: &mut String) {
    for c in line.chars() {
        if matches!(c, '(' | ')' | '\\') {
            content.push('\\');
        }
        content.push(if matches!(c, ' '..='~') { c } else { '?' });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_page_is_a_pdf_whose_table_points_at_its_objects() {
        let file = text_of(page("Notice 1\nIn force since 2018-05-12"));
        assert!(file.starts_with("%PDF-1.4\n") && file.ends_with("%%EOF\n"));
        let start: usize = file.lines().rev().nth(1).unwrap().parse().unwrap();
        let table: Vec<&str> = file[start..].lines().collect();
        assert_eq!(table[..2], ["xref", "0 6"]);
        for (number, entry) in (1..6).zip(&table[3..]) {
            let offset: usize = entry[..10].parse().unwrap();
            assert!(file[offset..].starts_with(&format!("{number} 0 obj\n")));
        }
    }

    #[test]
    fn the_stream_has_its_stated_length() {
        let file = text_of(page("one (two) \\ three"));
        let stated: usize = file.split("/Length ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let stream = file.split("stream\n").nth(1).unwrap().strip_suffix("end").unwrap();
        assert_eq!(stream.len(), stated);
    }

    #[test]
    fn brackets_are_escaped_and_other_scripts_replaced() {
        let file = text_of(page("a (b) \\ 江"));
        assert!(file.contains(r"(a \(b\) \\ ?) Tj"));
    }

    #[test]
    fn the_same_text_gives_the_same_bytes_and_another_text_others() {
        assert_eq!(page("S1-01 110000"), page("S1-01 110000"));
        assert_ne!(page("S1-01 110000"), page("S1-01 120000"));
    }
}
