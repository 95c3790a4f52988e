//! Parts of a text by language: what offices wrote is Chinese on every page, and stands in English sentences of English pages.

use super::page::Page;

/// A part of a text in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Words of the part.
    pub text: String,
    /// Whether the part is Chinese on a page in English, so that it carries its own `lang` (WCAG 3.1.2).
    pub foreign: bool,
}

impl Page {
    /// The parts of a text by language. A page in Chinese has one part: Latin letters belong to Chinese texts.
    #[must_use]
    pub fn runs(&self, text: impl AsRef<str>) -> Vec<Run> {
        if self.is_en() { parted(text.as_ref()) } else { vec![Run { text: text.as_ref().to_owned(), foreign: false }] }
    }

    /// Whether a text on this English page is Chinese: what offices wrote has one language. Such a text carries its own `lang`
    /// (WCAG 3.1.2). Han characters outnumber Latin letters in the text.
    #[must_use]
    pub fn is_chinese(&self, text: impl AsRef<str>) -> bool {
        let count = |is: fn(&char) -> bool| text.as_ref().chars().filter(is).count();
        self.is_en() && count(|c| is_han(*c)) > count(char::is_ascii_alphabetic)
    }
}

/// Parts a text before the first Han character and before the first letter after it, and so on. Digits, blanks and punctuation
/// between two Han characters belong to the Chinese part.
fn parted(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut push = |part: Option<&str>, foreign: bool| {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            runs.push(Run { text: part.to_owned(), foreign });
        }
    };
    let (mut rest, mut start, mut end) = (0, None, 0);
    for (at, c) in text.char_indices() {
        if is_han(c) || (start.is_some() && is_wide(c)) {
            start.get_or_insert(at);
            end = at + c.len_utf8();
        } else if c.is_alphabetic()
            && let Some(from) = start.take()
        {
            push(text.get(rest..from), false);
            push(text.get(from..end), true);
            rest = end;
        }
    }
    if let Some(from) = start {
        push(text.get(rest..from), false);
        push(text.get(from..end), true);
        rest = end;
    }
    push(text.get(rest..), false);
    runs
}

/// Whether a character is of the Han script.
const fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character is punctuation of Chinese texts.
const fn is_wide(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::locale::Locale;

    fn parts(locale: Locale, text: &str) -> Vec<(String, bool)> {
        let page = Page { locale, ..Page::default() };
        page.runs(text).into_iter().map(|run| (run.text, run.foreign)).collect()
    }

    #[test]
    fn chinese_parts_of_an_english_sentence_stand_apart() {
        for (text, expected) in [
            ("", vec![]),
            ("Signed in", vec![("Signed in", false)]),
            ("江苏统筹办", vec![("江苏统筹办", true)]),
            ("江苏统筹办 (coordinator)", vec![("江苏统筹办", true), (" (coordinator)", false)]),
            ("Signed in: 江苏统筹人", vec![("Signed in: ", false), ("江苏统筹人", true)]),
            ("2018年6月1日，已办结。", vec![("2018", false), ("年6月1日，已办结。", true)]),
            ("By 甲, for 乙.", vec![("By ", false), ("甲", true), (", for ", false), ("乙", true), (".", false)]),
        ] {
            let expected: Vec<(String, bool)> = expected.into_iter().map(|(text, is)| (text.to_owned(), is)).collect();
            assert_eq!(parts(Locale::En, text), expected, "{text}");
        }
    }

    #[test]
    fn a_page_in_chinese_has_one_part() {
        assert_eq!(parts(Locale::Zh, "江苏 (JS)"), vec![("江苏 (JS)".to_owned(), false)]);
    }
}
