//! The operator of a site on its pages: name, contacts, filing number, licence of the data, and HTML above and below every page.
//!
//! Everything is optional. A page states nothing about what is not set.

pub mod fragment;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use crate::base::error::{Error, Result};

/// Largest size of a file with HTML of the operator, in bytes.
const MAX_FRAGMENT: u64 = 16 << 10;
/// Most characters of a text of the operator.
const MAX_CHARACTERS: usize = 200;

/// The table `[operator]` of the settings file.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, default)]
pub struct OperatorSettings {
    /// Name of the operator on Chinese pages.
    pub name: String,
    /// Name of the operator on English pages; the Chinese name stands where this one is empty.
    pub name_en: String,
    /// Mail address for questions.
    pub mail: String,
    /// Telephone number for questions.
    pub phone: String,
    /// Page of the operator, for questions.
    pub url: String,
    /// Filing number of the site (ICP), shown in the foot.
    pub filing: String,
    /// Contact for reports of security flaws: `mailto:`, `https:` or `tel:`.
    pub security: String,
    /// Name of the licence under which the data may be used.
    pub licence: String,
    /// Page with the text of the licence.
    pub licence_url: String,
    /// File with HTML that stands above every page.
    pub head: Option<PathBuf>,
    /// File with HTML that stands below every page.
    pub foot: Option<PathBuf>,
}

/// The operator as pages show the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// Texts of the settings; their files are read.
    pub told: OperatorSettings,
    /// HTML above every page, checked; empty where there is none.
    pub head: String,
    /// HTML below every page, checked; empty where there is none.
    pub foot: String,
}

impl Operator {
    /// Checks the settings and reads the files.
    ///
    /// # Errors
    /// A text that is too long or not of its kind; a file that cannot be read, is too large or holds refused HTML.
    pub fn read(told: OperatorSettings) -> Result<Self> {
        let wrong = |name: &str, why: &str| Err(Error::Internal(format!("operator.{name}: {why}")));
        let OperatorSettings { name, name_en, mail, phone, url, filing, security, licence, licence_url, .. } = &told;
        for (key, text) in [
            ("name", name),
            ("name_en", name_en),
            ("mail", mail),
            ("phone", phone),
            ("url", url),
            ("filing", filing),
            ("security", security),
            ("licence", licence),
            ("licence_url", licence_url),
        ] {
            if text.chars().count() > MAX_CHARACTERS || text.chars().any(char::is_control) {
                return wrong(key, "one line of at most 200 characters is wanted");
            }
        }
        if !mail.is_empty() && (!mail.contains('@') || mail.contains([' ', '<', '>'])) {
            return wrong("mail", "an address such as help@shudu.gov.cn is wanted");
        }
        for (key, text) in [("url", url), ("licence_url", licence_url)] {
            if !text.is_empty() && !has_scheme(text, &["https", "http"]) {
                return wrong(key, "an address that begins with https:// or http:// is wanted");
            }
        }
        if !security.is_empty() && !has_scheme(security, &["mailto", "https", "tel"]) {
            return wrong("security", "an address that begins with mailto:, https:// or tel: is wanted (RFC 9116)");
        }
        let (head, foot) = (html("head", told.head.as_deref())?, html("foot", told.foot.as_deref())?);
        Ok(Self { told, head, foot })
    }

    /// Whether anybody can be asked: a mail address, a telephone number or a page.
    #[must_use]
    pub const fn has_contact(&self) -> bool {
        !self.told.mail.is_empty() || !self.told.phone.is_empty() || !self.told.url.is_empty()
    }
}

fn has_scheme(text: &str, schemes: &[&str]) -> bool {
    Url::parse(text).is_ok_and(|url| schemes.contains(&url.scheme()))
}

/// The checked HTML of a file; empty without a file.
fn html(name: &str, file: Option<&Path>) -> Result<String> {
    let Some(file) = file else {
        return Ok(String::new());
    };
    let failed = |why: String| Error::Internal(format!("operator.{name}: {}: {why}", file.display()));
    let size = std::fs::metadata(file).map_err(|e| failed(e.to_string()))?.len();
    if size > MAX_FRAGMENT {
        return Err(failed(format!("{size} bytes; the most is {MAX_FRAGMENT}")));
    }
    let text = std::fs::read_to_string(file).map_err(|e| failed(e.to_string()))?;
    fragment::check(&text).map_err(|refused| failed(refused.to_string()))?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_another_kind_are_refused_by_name() {
        let refused = |change: fn(&mut OperatorSettings)| {
            let mut told = OperatorSettings::default();
            change(&mut told);
            Operator::read(told).unwrap_err().to_string()
        };
        assert!(refused(|told| told.mail = "help".into()).contains("operator.mail"));
        assert!(refused(|told| told.url = "javascript:alert(1)".into()).contains("operator.url"));
        assert!(refused(|told| told.licence_url = "//x".into()).contains("operator.licence_url"));
        assert!(refused(|told| told.security = "help@shudu.gov.cn".into()).contains("operator.security"));
        assert!(refused(|told| told.name = "一".repeat(201)).contains("operator.name"));
        assert!(refused(|told| told.filing = "一\n二".into()).contains("operator.filing"));
        assert!(refused(|told| told.head = Some("/nowhere/head.html".into())).contains("/nowhere/head.html"));
        assert!(!Operator::read(OperatorSettings::default()).unwrap().has_contact());
    }

    #[test]
    fn a_file_is_read_and_a_large_one_or_one_with_script_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("head.html");
        let read = || Operator::read(OperatorSettings { head: Some(file.clone()), ..OperatorSettings::default() });
        std::fs::write(&file, "<p>国务院</p>\n").unwrap();
        assert_eq!(read().unwrap().head, "<p>国务院</p>");
        std::fs::write(&file, "<p>国务院</p>\n<script>1</script>").unwrap();
        let refused = read().unwrap_err().to_string();
        assert!(refused.contains("head.html") && refused.contains("line 2"), "{refused}");
        std::fs::write(&file, "a".repeat(20_000)).unwrap();
        assert!(read().unwrap_err().to_string().contains("the most is 16384"));
    }
}
