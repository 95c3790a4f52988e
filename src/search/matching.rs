//! The rule by which a question takes a row: every word of the question occurs in the words of the row.

use std::collections::HashSet;

use crate::base::text;

/// Most characters of a question.
pub const MAX_QUESTION: usize = 60;

/// A question, in the form in which words are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question as it is shown again: tidy, in the letters of the reader.
    pub shown: String,
    /// Its words: wide letters and digits as the usual ones, in small letters.
    words: Vec<String>,
}

impl Question {
    /// Reads a question; none where it is empty.
    ///
    /// # Errors
    /// The number of characters, where they are more than [`MAX_QUESTION`].
    pub fn read(sent: &str) -> Result<Option<Self>, usize> {
        let shown = text::plain(sent).split_whitespace().collect::<Vec<_>>().join(" ");
        let length = shown.chars().count();
        if length > MAX_QUESTION {
            return Err(length);
        }
        let words: Vec<String> = folded(&shown).split(is_break).filter(|w| !w.is_empty()).map(str::to_owned).collect();
        Ok(Some(Self { shown, words }).filter(|question| !question.words.is_empty()))
    }

    /// Whether every word of the question occurs in the words of a row.
    #[must_use]
    pub fn takes(&self, words: &Words) -> bool {
        self.words.iter().all(|word| words.has(word))
    }

    /// Divides the question between two kinds of rows: the words that one row has, and the question of the others; none where
    /// one side has no word.
    #[must_use]
    pub fn without(&self, words: &Words) -> Option<Self> {
        let rest: Vec<String> = self.words.iter().filter(|word| !words.has(word)).cloned().collect();
        let is_divided = !rest.is_empty() && rest.len() < self.words.len();
        is_divided.then(|| Self { shown: self.shown.clone(), words: rest })
    }

    /// How many pairs of neighbouring characters the question shares with a row, for rows that are near to a question.
    #[must_use]
    pub fn nearness(&self, words: &Words) -> usize {
        let pairs: HashSet<(char, char)> =
            self.words.iter().flat_map(|word| word.chars().zip(word.chars().skip(1)).collect::<Vec<_>>()).collect();
        pairs.iter().filter(|(first, second)| words.0.contains(&format!("{first}{second}"))).count()
    }
}

/// Words of a row, in the form in which they are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// The words of some texts.
    #[must_use]
    pub fn of(texts: &[&str]) -> Self {
        let texts: Vec<String> = texts.iter().map(|text| folded(text)).collect();
        Self(texts.join("\n"))
    }

    fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// A text in small letters of the usual width.
fn folded(shown: &str) -> String {
    text::plain(shown).to_lowercase()
}

/// Whether a character parts words. A dash, a dot or an underscore may be within a code.
fn is_break(c: char) -> bool {
    !c.is_alphanumeric() && !matches!(c, '-' | '.' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Question {
        Question::read(text).unwrap().unwrap()
    }

    #[test]
    fn wide_letters_case_and_marks_make_no_difference() {
        let words = Words::of(&["S1-03", "异地补领换领身份证要回户籍地", "Replace an ID card"]);
        for text in [
            "S1-03",
            "ｓ１－０３",
            " s1-03 ",
            "身份证",
            "身份证，户籍地",
            "id CARD",
            "“身份证” replace",
            "身\u{200b}份证",
        ] {
            assert!(asked(text).takes(&words), "{text}");
        }
        for text in ["S1-04", "身份证 护照", "户籍地要回"] {
            assert!(!asked(text).takes(&words), "{text}");
        }
    }

    #[test]
    fn an_empty_question_is_none_and_a_long_one_is_refused() {
        for empty in ["", "  ", "\u{3000}", "？！", "\u{200b}"] {
            assert_eq!(Question::read(empty), Ok(None), "{empty:?}");
        }
        assert!(Question::read(&"证".repeat(60)).unwrap().is_some());
        assert_eq!(Question::read(&"证".repeat(61)), Err(61));
    }

    #[test]
    fn a_question_for_a_place_and_a_thing_is_divided() {
        let place = Words::of(&["320000", "江苏省", "江苏", "Jiangsu"]);
        let rest = asked("江苏 身份证").without(&place).unwrap();
        assert!(rest.takes(&Words::of(&["身份证"])));
        assert_eq!(asked("江苏").without(&place), None);
        assert_eq!(asked("身份证").without(&place), None);
    }

    #[test]
    fn a_row_with_more_of_the_question_is_nearer() {
        let question = asked("办身份证要回老家");
        let near = question.nearness(&Words::of(&["异地补领换领身份证要回户籍地"]));
        assert!(near > question.nearness(&Words::of(&["身份验证"])));
        assert_eq!(question.nearness(&Words::of(&["发票"])), 0);
    }
}
