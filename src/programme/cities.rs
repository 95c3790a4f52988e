//! Cities by province, for the search of places: people look for the city where they live.
//!
//! Cities, prefectures and leagues of GB/T 2260, and the cities of the Corps, each with its pinyin. The four municipalities and the
//! special regions are places themselves.
//!
//! The table is an asset: the search box of a ballot loads it when a reader first types, so that the page itself stays small.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Names of cities by code of the place.
static CITIES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../templates/assets/cities.json")).unwrap_or_default());

/// The cities of a place, as words for a search; empty for a place without cities.
#[must_use]
pub fn of(code: &str) -> &'static str {
    CITIES.get(code).map_or("", String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_stands_under_its_province_and_under_no_other() {
        for (city, code) in [("南京", "320000"), ("nanjing", "320000"), ("深圳", "440000"), ("石河子", "660000")]
        {
            let found: Vec<&str> = CITIES
                .iter()
                .filter(|(_, words)| words.split(' ').any(|word| word == city))
                .map(|(code, _)| code.as_str())
                .collect();
            assert_eq!(found, [code], "{city}");
            assert!(of(code).contains(city));
        }
        assert_eq!((CITIES.len(), of("110000")), (28, ""));
    }
}
