//! The rule for HTML of an operator: a list of elements and attributes; everything else is refused.
//!
//! # Why
//! The fragment stands on every page, beside ballots and sign-ins. Script, event handlers and forms could act in the name of the
//! reader; an element that is not closed would swallow the page. The content security policy stops script and inline styles
//! anyway, so a fragment with them would not look as meant.

use std::fmt;

/// Elements that a fragment may hold, and whether each needs an end tag.
const ELEMENTS: [(&str, bool); 19] = [
    ("a", true),
    ("address", true),
    ("b", true),
    ("br", false),
    ("div", true),
    ("em", true),
    ("hr", false),
    ("i", true),
    ("img", false),
    ("li", true),
    ("nav", true),
    ("ol", true),
    ("p", true),
    ("small", true),
    ("span", true),
    ("strong", true),
    ("sub", true),
    ("sup", true),
    ("ul", true),
];
/// Attributes that every element may have. Further names are `href` of links and `src` of pictures.
const ATTRIBUTES: [&str; 11] =
    ["alt", "aria-label", "aria-hidden", "class", "dir", "height", "hreflang", "lang", "rel", "title", "width"];
/// Beginnings of addresses to which a link may lead.
const LINKS: [&str; 6] = ["https://", "http://", "mailto:", "tel:", "/", "#"];
/// Beginnings of addresses of pictures that the content security policy lets browsers load.
const PICTURES: [&str; 4] = ["/", "data:image/png;", "data:image/svg+xml;", "data:image/jpeg;"];

/// The first thing in a fragment that is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct RefusedHtml {
    /// Number of the line, from 1.
    line: usize,
    /// Reason in words, for whoever runs the site.
    why: String,
}

impl fmt::Display for RefusedHtml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = ELEMENTS.iter().map(|(name, _)| *name).collect();
        write!(
            f,
            "line {}: {}. Allowed are {} with {}, href (links) and src (pictures), values in double quotation marks; no \
             script, event handler, form or style",
            self.line,
            self.why,
            names.join(" "),
            ATTRIBUTES.join(" ")
        )
    }
}

/// Checks a fragment.
///
/// # Errors
/// The first tag or attribute that the rule does not name; an element that is not closed.
pub fn check(html: &str) -> Result<(), RefusedHtml> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let line = html[..html.len() - rest.len() + at].matches('\n').count() + 1;
        let refuse = |why: String| Err(RefusedHtml { line, why });
        rest = &rest[at + 1..];
        let (ends, inner) = rest.strip_prefix('/').map_or((false, rest), |inner| (true, inner));
        let length = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let (name, after) = inner.split_at(length);
        let Some((name, closes)) = ELEMENTS.iter().find(|(known, _)| *known == name) else {
            let shown: String = rest.chars().take(20).collect();
            return refuse(format!("<{shown} is not allowed"));
        };
        if ends {
            let Some(after) = after.strip_prefix('>').filter(|_| open.pop() == Some(name)) else {
                return refuse(format!("</{name}> closes nothing here"));
            };
            rest = after;
            continue;
        }
        rest = match attributes(name, after) {
            Ok(after) => after,
            Err(why) => return refuse(why),
        };
        if *closes {
            open.push(name);
        }
    }
    match open.pop() {
        Some(name) => Err(RefusedHtml { line: html.lines().count(), why: format!("<{name}> is not closed") }),
        None => Ok(()),
    }
}

/// Reads the attributes of a start tag, and gives the text after the tag.
fn attributes<'a>(element: &str, mut text: &'a str) -> Result<&'a str, String> {
    loop {
        let trimmed = text.trim_start();
        if let Some(after) = trimmed.strip_prefix('>') {
            return Ok(after);
        }
        let wrong =
            || format!("<{element}> is not ended, or has an attribute without a value in double quotation marks");
        if trimmed.len() == text.len() {
            return Err(wrong());
        }
        let (name, value) = trimmed.split_once("=\"").ok_or_else(wrong)?;
        let (value, after) = value.split_once('"').ok_or_else(wrong)?;
        let is_plain = !value.contains(['<', '>', '`', '\\']) && !value.chars().any(|c| c.is_control());
        let fits =
            |beginnings: &[&str]| beginnings.iter().any(|with| value.starts_with(with)) && !value.starts_with("//");
        let is_allowed = is_plain
            && match (element, name) {
                ("a", "href") => fits(&LINKS),
                ("img", "src") => fits(&PICTURES),
                (_, name) => ATTRIBUTES.contains(&name),
            };
        if !is_allowed {
            let shown: String = name.chars().take(20).collect();
            return Err(format!("the attribute {shown} of <{element}> is not allowed, or not with this value"));
        }
        text = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_html_of_a_portal_passes() {
        for html in [
            "",
            "国务院办公厅",
            "<p class=\"s\">主办单位：<a href=\"https://www.gov.cn/\" rel=\"external\">国务院办公厅</a> &amp; 其他</p>",
            "<nav aria-label=\"门户\"><ul class=\"inline\">\n<li><a href=\"/portal\">门户</a></li>\n</ul></nav>",
            "<img src=\"/portal/mark.png\" alt=\"国徽\" width=\"40\" height=\"40\"><br><hr>",
            "<img src=\"data:image/png;base64,AAAA\" alt=\"\">",
            "<p>\n  <a\n  href=\"tel:12345\">12345</a></p>",
        ] {
            assert_eq!(check(html), Ok(()), "{html}");
        }
    }

    #[test]
    fn script_handlers_forms_styles_and_open_elements_are_refused() {
        for (html, line) in [
            ("<script src=\"/x.js\"></script>", 1),
            ("<p>\n<SCRIPT>x</SCRIPT></p>", 2),
            ("<p onclick=\"x()\">x</p>", 1),
            ("<img src=\"/x.png\" onerror=\"x()\">", 1),
            ("<a href=\"javascript:x()\">x</a>", 1),
            ("<a href=\" javascript:x()\">x</a>", 1),
            ("<a href=\"//evil.example/\">x</a>", 1),
            ("<a href=\"/\\evil.example/\">x</a>", 1),
            ("<img src=\"https://evil.example/x.png\">", 1),
            ("<form action=\"/x\"></form>", 1),
            ("<p>\n\n<input name=\"x\"></p>", 3),
            ("<iframe src=\"/x\"></iframe>", 1),
            ("<style>p{}</style>", 1),
            ("<p style=\"color:red\">x</p>", 1),
            ("<p id=\"main\">x</p>", 1),
            ("<svg><p></p></svg>", 1),
            ("<!-- x -->", 1),
            ("<p class='x'>x</p>", 1),
            ("<p class=x>x</p>", 1),
            ("<p class=\"x\"title=\"y\">x</p>", 1),
            ("<p/>", 1),
            ("<p>x", 1),
            ("<div><p>x</div></p>", 1),
            ("</div>", 1),
            ("</footer>", 1),
            ("3 < 4", 1),
            ("<meta http-equiv=\"refresh\" content=\"0\">", 1),
            ("<base href=\"/x/\">", 1),
            ("<a href=\"/x\" href", 1),
        ] {
            let refused = check(html).unwrap_err();
            assert_eq!(refused.line, line, "{html}: {refused}");
        }
    }
}
