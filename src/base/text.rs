//! Texts as people send them: pasted from other programs, typed with wide digits, with marks that nobody sees.
//!
//! A text has three forms. [`tidy`] is the form that is stored and shown. [`plain`] is the form of values that a program reads:
//! numbers, codes, dates, logins. [`look`] is the form in which two texts are compared by what people see.

use chrono::{Datelike, NaiveDate, NaiveTime};
use icu_properties::props::{Dash, DefaultIgnorableCodePoint, Emoji, GeneralCategory, QuotationMark, Script};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// A text as it is stored and shown: lines end with a line feed, marks that nobody sees are taken out, and the text has no blanks
/// at its beginning and end.
#[must_use]
pub fn tidy(text: &str) -> String {
    without_unseen(&unix_lines(text)).trim().to_owned()
}

/// The same text with a line feed at the end of each line. Browsers send carriage return and line feed; other sources also use
/// the separators of Unicode.
#[must_use]
pub fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

/// A value as a program reads it: without marks that nobody sees, and with wide letters and digits as the usual ones (NFKC).
#[must_use]
pub fn plain(text: &str) -> String {
    text.nfkc().filter(|c| !is_unseen(*c)).collect::<String>().trim().to_owned()
}

/// As [`plain`], and without blanks and dashes between the characters, as people group the digits of long numbers.
#[must_use]
pub fn ungrouped(text: &str) -> String {
    let dashes = CodePointSetData::new::<Dash>();
    plain(text).chars().filter(|c| !c.is_whitespace() && !dashes.contains(*c)).collect()
}

/// A text as people see it. Two texts with the same look cannot be told apart: they differ only in confusable letters (UTS #39,
/// section 4), in width, case or blanks, in marks that nobody sees, in the kind of quotation marks or dots, or in full stops at
/// the end.
#[must_use]
pub fn look(text: &str) -> String {
    let seen: String = text.nfkc().filter(|c| has_look(*c)).map(|c| if is_dot(c) { DOT } else { c }).collect();
    // Capitals first: a capital may be confusable where its small letter is not.
    let small = skeleton(&seen).collect::<String>().to_lowercase();
    let mut look = String::with_capacity(small.len());
    for c in skeleton(&small) {
        let c = if is_quotation_mark(c) { QUOTATION_MARK } else { c };
        // Runs of dots are one ellipsis, and runs of quotation marks one mark, whatever their number.
        if !(matches!(c, DOT | QUOTATION_MARK) && look.ends_with(c)) {
            look.push(c);
        }
    }
    let words = look.trim_end_matches([DOT, QUOTATION_MARK]);
    let is_quoted = look.get(words.len()..).is_some_and(|end| end.contains(QUOTATION_MARK));
    if is_quoted { format!("{words}{QUOTATION_MARK}") } else { words.to_owned() }
}

/// Mark that stands for full stops and ellipses in the look of a text.
const DOT: char = '.';
/// Mark that stands for every quotation mark in the look of a text.
const QUOTATION_MARK: char = '"';

/// Whether a character counts in the look of a text. Characters that are not assigned are drawn as the same empty box, or not at
/// all.
fn has_look(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    !is_unseen(c)
        && !c.is_whitespace()
        && !matches!(category, GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::Unassigned)
}

/// Whether a character is a full stop, or an ellipsis that NFKC does not turn into full stops.
const fn is_dot(c: char) -> bool {
    matches!(c, '.' | '。' | '⋯')
}

fn is_quotation_mark(c: char) -> bool {
    CodePointSetData::new::<QuotationMark>().contains(c)
}

/// The date that a text names: 2018-07-07, 2018/7/7, 2018.7.7 or 2018年7月7日.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let dashed = plain(text).trim_end_matches(['日', '号']).replace(['年', '月', '/', '.'], "-");
    NaiveDate::parse_from_str(&dashed, "%Y-%m-%d").ok()
}

/// The time of day that a text names: 9:30, 09:30, with a wide colon too.
#[must_use]
pub fn time(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(&plain(text), "%H:%M").ok()
}

/// Whether a date is plausible. Dates far away are typing errors, and the stores order instants by four digits of the year.
#[must_use]
pub fn is_of_our_time(day: NaiveDate) -> bool {
    (2000..=2100).contains(&day.year())
}

/// The text without marks that nobody sees. A joiner or selector stays after a character that it changes visibly.
#[must_use]
pub fn without_unseen(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_unseen(c) || kept.chars().next_back().is_some_and(|before| shapes(c, before)) {
            kept.push(c);
        }
    }
    kept
}

/// Whether a character has no look of its own: it is blank, hides, or turns the direction of the line.
fn is_unseen(c: char) -> bool {
    // The annotation marks, the empty braille pattern and the empty head of a note are blank, although Unicode does not call them
    // ignorable.
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{2800}' | '\u{1d159}')
}

/// Whether a mark changes the look of the character before it: joiners of the scripts that join letters, selectors of Mongolian,
/// selectors and joiners of emoji.
fn shapes(mark: char, before: char) -> bool {
    let script = CodePointMapData::<Script>::new().get(before);
    let is_emoji = !before.is_ascii() && CodePointSetData::new::<Emoji>().contains(before);
    match mark {
        '\u{200c}' | '\u{200d}' => is_emoji || before == '\u{fe0f}' || joins(script),
        '\u{fe0e}' | '\u{fe0f}' => is_emoji,
        '\u{180b}'..='\u{180f}' => script == Script::Mongolian,
        _ => false,
    }
}

/// Whether the letters of a script change their form beside a joiner: the scripts of China's minority languages and of India.
fn joins(script: Script) -> bool {
    matches!(
        script,
        Script::Arabic
            | Script::Mongolian
            | Script::Tibetan
            | Script::Syriac
            | Script::Devanagari
            | Script::Bengali
            | Script::Gujarati
            | Script::Gurmukhi
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Tamil
            | Script::Telugu
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_that_nobody_sees_leave_a_text_and_lines_end_with_a_line_feed() {
        for (sent, kept) in [
            (" 材料\u{200b}要交两遍\u{feff} ", "材料要交两遍"),
            ("a\u{202e}fdp.exe\u{202c}", "afdp.exe"),
            ("一\r\n二\r三\u{2028}四", "一\n二\n三\n四"),
            ("\u{3000}办事\u{3164}\u{115f}\u{2800}\u{1d159}", "办事"),
            ("办\u{200d}事\u{fe0f}\u{e0100}", "办事"),
            ("\u{fe0f}\u{200d}\u{180b}", ""),
            ("\u{e0041}\u{e0042}\u{ad}\u{61c}\u{2066}字\u{2069}", "字"),
            // Uyghur, Mongolian and emoji need their marks.
            ("نە\u{200c}م", "نە\u{200c}م"),
            ("ᠮᠣᠩ\u{180b}ᠭᠣᠯ", "ᠮᠣᠩ\u{180b}ᠭᠣᠯ"),
            ("❤\u{fe0f} 👩\u{200d}⚕\u{fe0f}", "❤\u{fe0f} 👩\u{200d}⚕\u{fe0f}"),
            // A character from the private area is shown: older fonts have names with it.
            ("刘\u{e863}", "刘\u{e863}"),
        ] {
            assert_eq!(tidy(sent), kept, "{sent:?}");
        }
    }

    #[test]
    fn values_are_read_with_wide_digits_and_pasted_marks() {
        assert_eq!(plain("\u{202d}３２０１０６\u{202c}"), "320106");
        assert_eq!(plain("\u{feff} Ａdmin\u{200e} "), "Admin");
        assert_eq!(ungrouped("\u{2066}１２３ 456\u{2069}\u{3000}"), "123456");
        assert_eq!(ungrouped("12–34‐56—78−9－0"), "1234567890");
        let day = |text| day(text).map(|day| day.to_string());
        for text in
            ["2018-07-07", "２０１８－０７－０７", "2018/7/7", "2018.7.7", "\u{200e}2018年7月7日", "2018年7月7号"]
        {
            assert_eq!(day(text).as_deref(), Some("2018-07-07"), "{text}");
        }
        for text in ["", "18-7", "2018-02-30", "7月7日", "07/07/2018x"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn texts_that_look_the_same_have_one_look() {
        let title = "材料要交两遍 PDF";
        for same in [
            "材料要交两遍 PDF\u{200b}",
            "材料要\u{200d}交两遍 ＰＤＦ",
            " 材料要交两遍\u{3000}pdf",
            "材料要交两遍\u{2800}PDF",
            "材料要交两遍 \u{420}DF", // Cyrillic
            "材料要交两遍\u{fe00} PDF",
            "材料要交两遍\u{1d159} PDF",
            "材料要交两遍\u{70f} PDF",
            "材料要交两遍\u{13430} PDF",
            "材料要交两遍\u{378}\u{ffffe} PDF", // not assigned
            "材料要交两遍 PDF。",
            "材料要交两遍 PDF.",
            "材料要交两遍 PDF……",
        ] {
            assert_eq!(look(same), look(title), "{same:?}");
        }
        assert_ne!(look("材料要交三遍 PDF"), look(title));
        assert_ne!(look("办事要跑两个窗口"), look("办事要跑三个窗口"));
        assert_ne!(look("第1.1项"), look("第11项"));
        // A character of the private area has a look.
        assert_ne!(look("刘\u{e863}"), look("刘"));
    }

    #[test]
    fn kinds_of_quotation_marks_and_ellipses_have_one_look() {
        for (one, other) in [
            ("要“跑腿”三次", "要\"跑腿\"三次"),
            ("要“跑腿”三次", "要「跑腿」三次"),
            ("要“跑腿”三次", "要‘跑腿’三次"),
            ("要“跑腿”三次", "要＂跑腿＂三次"),
            ("Don’t wait", "Don't wait"),
            ("问了…又问", "问了...又问"),
            ("问了…又问", "问了……又问"),
            ("问了…又问", "问了。。。又问"),
            ("问了…又问", "问了⋯⋯又问"),
            ("他说“不行”", "他说“不行。”"),
            ("他说“不行”", "他说“不行”。"),
        ] {
            assert_eq!(look(one), look(other), "{one:?} {other:?}");
        }
        assert_ne!(look("要“跑腿”三次"), look("要跑腿三次"));
    }

    proptest! {
        #[test]
        fn every_form_is_its_own_form(text in ".{0,40}") {
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
            prop_assert_eq!(plain(&plain(&text)), plain(&text));
            prop_assert_eq!(look(&tidy(&text)), look(&text));
        }
    }
}
