//! Days and instants in words for readers. Tables and programs get ISO dates instead.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::locale::Locale;
use crate::base::clock::CHINA;

/// A day with its year: 2018年7月7日, or 7 July 2018.
#[must_use]
pub fn day_long(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Locale::En => day.format("%-d %B %Y").to_string(),
    }
}

/// A day without its year, where the year is clear: 7月7日, or 7 July.
#[must_use]
pub fn day_short(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Zh => format!("{}月{}日", day.month(), day.day()),
        Locale::En => day.format("%-d %B").to_string(),
    }
}

/// An instant in China time: 2018年7月7日14:32, or 7 July 2018, 14:32.
#[must_use]
pub fn moment_long(locale: Locale, at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&CHINA);
    let joint = match locale {
        Locale::Zh => "",
        Locale::En => ", ",
    };
    let day = day_long(locale, at.date_naive());
    format!("{day}{joint}{:02}:{:02}", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_read_as_people_say_them() {
        let at: DateTime<Utc> = "2018-07-07T06:32:00Z".parse().unwrap();
        let day = at.date_naive();
        assert_eq!(day_long(Locale::Zh, day), "2018年7月7日");
        assert_eq!(day_short(Locale::En, day), "7 July");
        assert_eq!(moment_long(Locale::Zh, at), "2018年7月7日14:32");
        assert_eq!(moment_long(Locale::En, at), "7 July 2018, 14:32");
    }
}
