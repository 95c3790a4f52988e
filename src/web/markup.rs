//! Texts in HTML that no template writes.

use askama::filters::{Html, escape};

/// A text for an attribute or an element, with the character references that templates use.
#[must_use]
pub fn escaped(text: &str) -> String {
    let Ok(escaped) = escape(text, Html);
    escaped.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_markup_is_escaped_and_no_other() {
        assert_eq!(escaped("<堵 & \"疏'>"), "&#60;堵 &#38; &#34;疏&#39;&#62;");
    }
}
