//! File names as people send them: shown without characters that deceive the eye, and downloaded without characters that
//! deceive a program.

use super::Media;
use crate::base::text;

/// Largest number of characters of a name.
const MAX_NAME: usize = 120;
/// Name for a file whose name is empty after cleaning.
const NAMELESS: &str = "evidence";
/// Device names that Windows reserves, with any extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name as it is stored and shown: without folders, control characters and invisible marks that turn or hide letters
/// (`exe.gpj` shown as `jpg.exe` backwards). The length is bounded, and the extension is kept.
#[must_use]
pub fn clean(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = text::without_unseen(last).chars().filter(|c| !is_separator(*c)).collect();
    let name = seen.trim_matches(|c: char| c.is_whitespace() || c == '.');
    let name = cut(name);
    if name.is_empty() { NAMELESS.to_owned() } else { name }
}

/// A name as a browser saves it: without characters that a file system forbids, without a device name, and with an extension
/// that matches the content, so that a document called `page.html` is not opened as a page.
#[must_use]
pub fn saved(name: &str, media: Media) -> String {
    let name: String = clean(name).chars().map(|c| if "<>:\"|?*%".contains(c) { '_' } else { c }).collect();
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let name = if is_device(&stem) { format!("_{name}") } else { name };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    if media.endings().contains(&ending.as_str()) { name } else { format!("{name}.{}", media.endings()[0]) }
}

fn is_device(stem: &str) -> bool {
    let port = |name: &str| stem.strip_prefix(name).is_some_and(|n| n.chars().count() == 1);
    DEVICES.contains(&stem) || port("com") || port("lpt")
}

/// Whether a character ends a line or controls a terminal.
fn is_separator(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The first characters and the extension.
fn cut(name: &str) -> String {
    if name.chars().count() <= MAX_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = if (1..=5).contains(&ending.chars().count()) { format!(".{ending}") } else { String::new() };
    let stem: String = name.chars().take(MAX_NAME - ending.chars().count()).collect();
    format!("{}{ending}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_shown_without_what_deceives_and_saved_with_the_ending_of_its_content() {
        for (sent, shown, kept) in [
            ("通知.pdf", "通知.pdf", "通知.pdf"),
            ("../../etc/passwd", "passwd", "passwd.pdf"),
            ("C:\\Users\\王\\通知.PDF", "通知.PDF", "通知.PDF"),
            ("a\u{202e}fdp.exe", "afdp.exe", "afdp.exe.pdf"),
            ("page.html\r\nSet-Cookie: a=b", "page.htmlSet-Cookie: a=b", "page.htmlSet-Cookie_ a=b.pdf"),
            ("con.pdf", "con.pdf", "_con.pdf"),
            ("COM1 .pdf", "COM1 .pdf", "_COM1 .pdf"),
            ("\"x\";y=.pdf", "\"x\";y=.pdf", "_x_;y=.pdf"),
            (".htaccess", "htaccess", "htaccess.pdf"),
            ("..", "evidence", "evidence.pdf"),
            ("", "evidence", "evidence.pdf"),
        ] {
            assert_eq!((clean(sent).as_str(), saved(sent, Media::Pdf).as_str()), (shown, kept), "{sent:?}");
        }
        let long = clean(&format!("{}.pdf", "长".repeat(10_000)));
        assert!(long.chars().count() == 120 && long.ends_with("长.pdf"));
    }

    proptest! {
        #[test]
        fn no_name_leads_elsewhere_or_hides_anything(sent in "\\PC{0,200}|[\\x00-\\x7f]{0,200}|(\\.\\./|[a-z\\\\\u{202e}\u{2066}\r\n\"]){0,40}") {
            let shown = clean(&sent);
            prop_assert!(!shown.is_empty() && shown.chars().count() <= MAX_NAME);
            prop_assert!(!shown.contains(['/', '\\', '\r', '\n', '\0']) && !shown.starts_with('.'));
            prop_assert!(!shown.chars().any(is_separator));
            prop_assert_eq!(text::without_unseen(&shown), shown.clone());
            prop_assert_eq!(&clean(&shown), &shown, "cleaning again changes nothing");
            for media in [Media::Pdf, Media::Jpeg, Media::Png] {
                let kept = saved(&sent, media);
                prop_assert!(media.endings().iter().any(|e| kept.to_lowercase().ends_with(&format!(".{e}"))), "{}", kept);
                prop_assert!(!kept.contains(['/', '\\', '"', ':', '<', '>', '|', '?', '*', '%']));
            }
        }
    }
}
