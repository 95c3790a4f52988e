//! The sent values in a form of a page that was made anew.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

use lol_html::errors::AttributeNameError;
use lol_html::html_content::{ContentType, Element};
use lol_html::{ElementContentHandlers, HandlerResult, RewriteStrSettings, Selector, rewrite_str};

use crate::web::form::Pairs;
use crate::web::locale::Locale;
use crate::web::markup::escaped;

/// The page with the sent values in the form of this id. None where the page has no such form, or is not well-formed.
pub(super) fn filled(html: &str, id: &str, sent: &Pairs, locale: Locale) -> Option<String> {
    // An id comes from the request. A quotation mark or a backslash in an id would end the string of the selector.
    if id.contains(['"', '\\']) {
        return None;
    }
    let selector = |inner: &str| format!("form[id=\"{id}\"]{inner}").parse::<Selector>().ok().map(Cow::Owned);
    let mut is_there = false;
    let mut fields = Fields::of(sent, locale);
    let form: ElementContentHandlers<'_> = ElementContentHandlers::default().element(|_: &mut Element<'_, '_>| {
        is_there = true;
        Ok(())
    });
    let within: ElementContentHandlers<'_> =
        ElementContentHandlers::default().element(|field: &mut Element<'_, '_>| fields.fill(field));
    let settings = RewriteStrSettings::new()
        .append_element_content_handler((selector("")?, form))
        .append_element_content_handler((selector(" *")?, within));
    let drawn = rewrite_str(html, settings).ok()?;
    is_there.then_some(drawn)
}

/// The sent values of a form. Names and values are escaped as templates escape them, because attributes of the page are compared
/// and set without decoding.
struct Fields {
    left: HashMap<String, VecDeque<String>>,
    all: Pairs,
    /// Value of the select control whose options are read.
    selected: Option<String>,
    locale: Locale,
}

impl Fields {
    fn of(sent: &Pairs, locale: Locale) -> Self {
        let all: Pairs = sent.iter().map(|(name, value)| (escaped(name), escaped(value))).collect();
        let mut left: HashMap<String, VecDeque<String>> = HashMap::new();
        for (name, value) in all.clone() {
            left.entry(name).or_default().push_back(value);
        }
        Self { left, all, selected: None, locale }
    }

    /// The next sent value of a field.
    fn next(&mut self, field: &Element<'_, '_>) -> Option<String> {
        self.left.get_mut(&field.get_attribute("name")?)?.pop_front()
    }

    /// Gives an element of the form its sent value.
    fn fill(&mut self, field: &mut Element<'_, '_>) -> HandlerResult {
        match field.tag_name().as_str() {
            "input" => self.fill_input(field)?,
            "textarea" => {
                if let Some(value) = self.next(field) {
                    // A browser drops the line end behind the tag.
                    field.set_inner_content(&format!("\n{value}"), ContentType::Html);
                }
            }
            "select" => self.selected = self.next(field),
            "option" if self.selected.is_some() => {
                let is_on = field.get_attribute("value") == self.selected;
                switch(field, "selected", is_on)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn fill_input(&mut self, field: &mut Element<'_, '_>) -> HandlerResult {
        match field.get_attribute("type").as_deref().unwrap_or("text") {
            "checkbox" | "radio" => {
                let pair = field.get_attribute("name").zip(field.get_attribute("value"));
                let is_on = pair.is_some_and(|pair| self.all.contains(&pair));
                switch(field, "checked", is_on)?;
            }
            "file" => {
                if self.next(field).is_some_and(|name| !name.is_empty()) {
                    let told = escaped(&self.locale.text("sign-in-redrawn-files"));
                    field.after(&format!("<p class=\"bad\" role=\"status\">{told}</p>"), ContentType::Html);
                }
            }
            "password" => {}
            _ => {
                if let Some(value) = self.next(field) {
                    field.set_attribute("value", &value)?;
                }
            }
        }
        Ok(())
    }
}

/// Turns an attribute on or off.
fn switch(field: &mut Element<'_, '_>, attribute: &str, is_on: bool) -> Result<(), AttributeNameError> {
    if is_on {
        return field.set_attribute(attribute, "");
    }
    field.remove_attribute(attribute);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<form method=\"post\"><input name=\"a\" type=\"text\" value=\"other\"></form>\
        <form id=\"f\" method=\"post\"><input type=\"hidden\" name=\"v\" value=\"2\"><input name=\"a\" type=\"text\" value=\"\">\
        <input type=\"checkbox\" name=\"c\" value=\"1\" checked><input type=\"checkbox\" name=\"c\" value=\"2\">\
        <input type=\"radio\" name=\"r\" value=\"&#60;&#38;&#34;&#39;&#62;\"><input type=\"radio\" name=\"r\" value=\"n\" checked>\
        <select name=\"s\"><option value=\"x\" selected>X</option><option value=\"&#38;\">Y</option></select>\
        <textarea name=\"t\">\nold</textarea><input type=\"password\" name=\"p\" value=\"\"><input name=\"e\" type=\"file\"></form>\
        <textarea name=\"t\">\nother</textarea>";

    fn drawn(sent: &[(&str, &str)]) -> Option<String> {
        let sent = sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        filled(PAGE, "f", &sent, Locale::Zh)
    }

    #[test]
    fn every_kind_of_field_gets_what_was_sent_and_other_forms_stay() {
        let page = drawn(&[
            ("v", "1"),
            ("a", "<\"&'>"),
            ("c", "2"),
            ("r", "<&\"'>"),
            ("s", "&"),
            ("t", "a\nb</textarea>"),
            ("p", "x"),
        ])
        .unwrap();
        for part in [
            "<input name=\"a\" type=\"text\" value=\"other\">",
            "name=\"v\" value=\"1\">",
            "name=\"a\" type=\"text\" value=\"&#60;&#34;&#38;&#39;&#62;\">",
            "name=\"c\" value=\"1\">",
            "name=\"c\" value=\"2\" checked=\"\">",
            "name=\"r\" value=\"&#60;&#38;&#34;&#39;&#62;\" checked=\"\">",
            "name=\"r\" value=\"n\">",
            "<option value=\"x\">",
            "<option value=\"&#38;\" selected=\"\">",
            "<textarea name=\"t\">\na\nb&#60;/textarea&#62;</textarea>",
            "name=\"p\" value=\"\">",
            "<textarea name=\"t\">\nother</textarea>",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("重新选择"), "{page}");
    }

    #[test]
    fn a_file_has_to_be_chosen_again_and_a_page_without_the_form_is_told() {
        assert!(drawn(&[("e", "a.pdf")]).unwrap().contains("重新选择"));
        for id in ["g", "", "f\"],form[id=\"f", "f\\"] {
            assert!(filled(PAGE, id, &Pairs::new(), Locale::Zh).is_none(), "{id}");
        }
    }
}
