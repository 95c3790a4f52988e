//! The markup by which another site frames a page of this one.

use crate::web::markup::escaped;
use crate::web::page::Page;

/// The markup of a frame that shows an address of `/embed/`, in the language of the page.
#[must_use]
pub fn embed_code(p: &Page, site: &str, path: &str, title: &str, height: u32) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    let address = escaped(&format!("{site}/embed{path}{joint}lang={}", p.lang()));
    let title = escaped(title);
    format!(
        "<iframe src=\"{address}\" title=\"{title}\" width=\"100%\" height=\"{height}\" loading=\"lazy\" \
        style=\"border:0\"></iframe>"
    )
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
            "<iframe src=\"https://shudu.example/embed/issues/S1-03?as_of=2018-06-22&#38;lang=zh-CN\" \
            title=\"“A” &#38; &#34;B&#34;\" width=\"100%\" height=\"300\" loading=\"lazy\" style=\"border:0\"></iframe>"
        );
    }
}
