//! Addresses within the site: the language in an address, and paths that lead nowhere else.

use poem::http::Uri;

use super::locale::Locale;
use super::response_cache::PRIVATE_PREFIX;

/// The address, if it is a path of this site; otherwise the address could redirect somebody to another site (open redirect).
/// Browsers remove tabs and line ends from addresses and read a backslash as a slash, so an address with any of these is refused.
#[must_use]
pub fn own_path(address: &str) -> Option<&str> {
    let plain = address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    (plain && address.starts_with('/') && !address.starts_with("//")).then_some(address)
}

/// The language that an address contains.
pub(super) fn language_of(uri: &Uri) -> Option<Locale> {
    uri.query()?.split('&').find_map(|pair| Locale::of_tag(pair.strip_prefix("lang=")?))
}

/// Address without its language, and without private parameters: a kept page is shared by visitors whose private parameters
/// differ.
#[must_use]
pub fn without_language(uri: &Uri) -> String {
    let is_kept = |pair: &&str| !pair.is_empty() && !pair.starts_with("lang=") && !pair.starts_with(PRIVATE_PREFIX);
    let rest: Vec<&str> = uri.query().unwrap_or("").split('&').filter(is_kept).collect();
    if rest.is_empty() { uri.path().to_owned() } else { format!("{}?{}", uri.path(), rest.join("&")) }
}

/// Address with a language, which stands before the fragment. An address that has a language already keeps that language.
pub(super) fn with_language(path: &str, locale: Locale) -> String {
    if path.parse::<Uri>().is_ok_and(|uri| language_of(&uri).is_some()) {
        return path.to_owned();
    }
    let (path, fragment) = path.split_once('#').map_or((path, None), |(p, f)| (p, Some(f)));
    let joint = if path.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|f| format!("#{f}")).unwrap_or_default();
    format!("{path}{joint}lang={}{fragment}", locale.tag())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_followed() {
        for ours in ["/", "/desk?x=1#top", "/issues/S2-20/provinces/320000"] {
            assert_eq!(own_path(ours), Some(ours));
        }
        for foreign in [
            "",
            "desk",
            "//evil.example",
            "https://evil.example/",
            "/\\evil.example",
            "/\t/evil.example",
            "/ /evil.example",
            "/征集",
        ] {
            assert_eq!(own_path(foreign), None, "{foreign:?}");
        }
    }

    #[test]
    fn the_language_goes_before_the_fragment_and_after_the_query() {
        assert_eq!(
            with_language("/dashboard?as_of=2018-06-22#matrix", Locale::En),
            "/dashboard?as_of=2018-06-22&lang=en#matrix"
        );
        assert_eq!(with_language("/a?lang=en&x=1#b", Locale::En), "/a?lang=en&x=1#b");
        assert_eq!(without_language(&"/a?lang=en&x=1&my-place=1".parse().unwrap()), "/a?x=1");
    }
}
