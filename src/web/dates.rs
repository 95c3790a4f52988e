//! Days and instants in words for readers. Tables and programs get ISO dates instead.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::locale::Locale;
use crate::base::clock::{CHINA, last_day};

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

/// The time of day in China at which a period begins: 0:00, or 9:30.
#[must_use]
pub fn opening_time(at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&CHINA);
    format!("{}:{:02}", at.hour(), at.minute())
}

/// The beginning of a period in words: the day, and the time where the period does not begin at midnight.
#[must_use]
pub fn beginning(locale: Locale, at: DateTime<Utc>) -> String {
    match opening_time(at).as_str() {
        "0:00" => day_long(locale, at.with_timezone(&CHINA).date_naive()),
        _ => moment_long(locale, at),
    }
}

/// The time of day in China of an exclusive end: 24:00 of the last day, or 18:30.
#[must_use]
pub fn closing_time(end: DateTime<Utc>) -> String {
    match opening_time(end).as_str() {
        "0:00" => "24:00".to_owned(),
        other => other.to_owned(),
    }
}

/// The last day of a period and the time of its exclusive end, as the arguments `day` and `time` of a message.
#[must_use]
pub fn closing(locale: Locale, end: DateTime<Utc>) -> [(&'static str, String); 2] {
    [("day", day_long(locale, last_day(end))), ("time", closing_time(end))]
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

    #[test]
    fn a_day_opens_at_zero_and_closes_at_twenty_four_hours() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let midnight = at("2018-07-07T16:00:00Z");
        assert_eq!((opening_time(midnight), closing_time(midnight)), ("0:00".to_owned(), "24:00".to_owned()));
        let half_past_nine = at("2018-07-07T01:30:00Z");
        assert_eq!(
            (opening_time(half_past_nine), closing_time(half_past_nine)),
            ("9:30".to_owned(), "9:30".to_owned())
        );
    }
}
