//! The part of a page's head that search engines and shared links read: description, main address, addresses by language.

use std::sync::Arc;

use super::address::with_language;
use super::frame::Frame;
use super::locale::Locale;
use super::page::Page;

/// Most characters of a description: search engines cut longer ones.
const MAX_DESCRIPTION: usize = 160;

impl Page {
    /// Sets the frame of the site, where there is one beside the request.
    #[must_use]
    pub fn framed(mut self, frame: Option<&Arc<Frame>>) -> Self {
        if let Some(frame) = frame {
            self.frame = Arc::clone(frame);
        }
        self
    }

    /// Sets the description to a text.
    #[must_use]
    pub fn described(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }

    /// Sets the main address, where it is more than the path: a choice that makes another page of it.
    #[must_use]
    pub fn found_at(mut self, address: impl Into<String>) -> Self {
        self.main_address = address.into();
        self
    }

    /// Asks search engines to leave the page out.
    #[must_use]
    pub const fn unlisted(mut self) -> Self {
        self.is_unlisted = true;
        self
    }

    /// Whether search engines may list the page: no page of staff, of a sign-in, of one person.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        !self.is_unlisted && self.account.is_none() && !matches!(self.section, "sign-in" | "desk")
    }

    /// The description in one line; without one, the purpose of the site.
    #[must_use]
    pub fn summary(&self) -> String {
        let line = self.description.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            return self.t("layout-foot-purpose");
        }
        if line.chars().count() <= MAX_DESCRIPTION {
            return line;
        }
        let cut: String = line.chars().take(MAX_DESCRIPTION - 1).collect();
        format!("{cut}…")
    }

    /// The main address of the page in a language. Chinese, which answers those without a wish, has the address without a
    /// language.
    #[must_use]
    pub fn address_in(&self, tag: &str) -> String {
        let path = self.address.split('?').next().unwrap_or_default();
        let main = if self.main_address.is_empty() { path } else { &self.main_address };
        match Locale::of_tag(tag) {
            Some(Locale::En) => self.absolute(&with_language(main, Locale::En)),
            _ => self.absolute(main),
        }
    }

    /// The name of the operator in the language of the page; none where the operator is not set.
    #[must_use]
    pub fn operator(&self) -> Option<String> {
        let told = &self.frame.operator.told;
        let name = self.pick(&told.name, &told.name_en);
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// An address of this site with the host, where a public address is configured.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.frame.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(address: &str) -> Page {
        Page { address: address.to_owned(), ..Page::default() }
    }

    #[test]
    fn the_main_address_has_no_query_unless_a_page_says_so() {
        let plain = page("/issues/S1-01?as_of=2018-06-22&from=singlemessage");
        assert_eq!(plain.address_in("zh-CN"), "/issues/S1-01");
        assert_eq!(plain.address_in("en"), "/issues/S1-01?lang=en");
        let chosen = page("/dashboard?campaign=s1&x=1").found_at("/dashboard?campaign=s1");
        assert_eq!(chosen.address_in("en"), "/dashboard?campaign=s1&lang=en");
    }

    #[test]
    fn a_description_is_one_line_that_search_engines_do_not_cut() {
        assert_eq!(page("/").described("一行\n 又一行").summary(), "一行 又一行");
        assert_eq!(page("/").described("一".repeat(500)).summary().chars().count(), 160);
        assert!(!page("/").summary().is_empty());
    }

    #[test]
    fn pages_of_staff_and_of_one_person_are_not_listed() {
        assert!(page("/").is_listed());
        assert!(!page("/receipts/1").unlisted().is_listed());
        assert!(!Page { section: "sign-in", ..Page::default() }.is_listed());
        assert!(!Page { account: Some("甲".to_owned()), ..Page::default() }.is_listed());
    }
}
