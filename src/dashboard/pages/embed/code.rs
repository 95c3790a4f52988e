//! The markup by which another site frames a page of this one.

use crate::web::page::Page;

/// The markup of a frame that shows an address of `/embed/`, in the language of the page.
#[must_use]
pub fn embed_code(p: &Page, site: &str, path: &str, title: &str, height: u32) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let address = attribute(&format!("{site}/embed{path}{joint}lang={}", p.lang()));
    let title = attribute(title);
    format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
        style=\"border:0\"></iframe>"
    )
}

/// A text as the value of an attribute in quotation marks.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_markup_is_well_formed_whatever_the_title() {
        let code =
            embed_code(&Page::default(), "https://shudu.example", "/issues/S1-03?as_of=2018-06-22", "“A” & \"B\"", 300);
        assert_eq!(
            code,
            "<iframe src=\"https://shudu.example/embed/issues/S1-03?as_of=2018-06-22&amp;lang=zh-CN\" \
            title=\"“A” &amp; &quot;B&quot;\" width=\"100%\" height=\"300\" loading=\"lazy\" style=\"border:0\"></iframe>"
        );
    }
}
