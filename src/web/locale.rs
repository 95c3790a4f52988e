//! The two languages of the interface, and the choice of one for a request.

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, Loader, langid};

use super::dates::day_long;
use crate::base::error::Refusal;

fluent_templates::static_loader! {
    static MESSAGES = {
        locales: "./templates/locales",
        fallback_language: "zh-CN",
        // Isolation marks (U+2068, U+2069) would appear in pages and files.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English, by request.
    En,
}

impl Locale {
    /// The language tag (BCP 47) for `lang` attributes and headers.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language of a tag, such as in `?lang=`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::En),
            "zh-CN" | "zh" => Some(Self::Zh),
            _ => None,
        }
    }

    /// The preferred language of an `Accept-Language` header among the two; weights order the list, equal weights keep its order.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut wishes: Vec<(f32, Self)> = header
            .split(',')
            .filter_map(|item| {
                let mut parts = item.split(';');
                let tag = parts.next()?.trim().to_ascii_lowercase();
                let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                let locale = match tag.split('-').next()? {
                    "en" => Self::En,
                    "zh" => Self::Zh,
                    _ => return None,
                };
                (weight > 0.0).then_some((weight, locale))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.first().map_or(Self::Zh, |wish| wish.1)
    }

    /// The text of a pair in this language; the Chinese text where the English one is empty.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::En if !en.is_empty() => en,
            Self::En | Self::Zh => zh,
        }
    }

    /// A message without arguments.
    #[must_use]
    pub fn text(self, key: &str) -> String {
        self.message(key, &[])
    }

    /// A message with arguments. An argument of plain digits counts as a number, so that English gets its plural form.
    #[must_use]
    pub fn message(self, key: &str, args: &[(&'static str, String)]) -> String {
        let values = args.iter().map(|(name, value)| ((*name).into(), fluent(value))).collect();
        let found = MESSAGES.try_lookup_with_args(self.id(), key, &values);
        found.unwrap_or_else(|| {
            tracing::warn!(key, "message missing");
            key.to_owned()
        })
    }

    /// The message of a refusal. An argument named `day` is an ISO date and is written in words.
    #[must_use]
    pub fn refusal(self, refusal: &Refusal) -> String {
        let key = format!("error-{}", refusal.code.replace(['.', '_'], "-"));
        let args: Vec<_> = refusal
            .args
            .iter()
            .map(|(name, value)| match (*name, value.parse()) {
                ("day", Ok(day)) => (*name, day_long(self, day)),
                _ => (*name, value.clone()),
            })
            .collect();
        self.message(&key, &args)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

/// Converts an argument for Fluent. Plain digits become a number (for plurals); codes with leading zeros, dates and rates stay
/// texts.
fn fluent(value: &str) -> FluentValue<'_> {
    let plain =
        value.len() <= 9 && value.bytes().all(|b| b.is_ascii_digit()) && (value == "0" || !value.starts_with('0'));
    if plain { FluentValue::try_number(value) } else { FluentValue::from(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wish_that_we_have_wins() {
        assert_eq!(Locale::accepted("de, en;q=0.8, zh;q=0.9"), Locale::Zh);
        assert_eq!(Locale::accepted("en-GB,en;q=0.9"), Locale::En);
        assert_eq!(Locale::accepted("fr"), Locale::Zh);
        assert_eq!(Locale::accepted("en;q=0"), Locale::Zh);
    }
}
