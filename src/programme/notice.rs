//! The yearly notice of holidays as the State Council publishes it, read into days.
//!
//! A notice has one item for each holiday: "一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。"
//! Days off stand before 放假, make-up days before 上班. Days before neither word are advice and are passed over.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use entity::stored::DayKind;
use regex::Regex;

/// One date or a range of dates; year and month may be left out.
static DATES: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日";
    pattern(&format!("{date}(?:(?:至|到|[-~–—]){date})?"))
});
/// A remark in brackets, such as the day of the week.
static REMARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^()]*\)"));

#[expect(clippy::expect_used, reason = "constants of this file, each used by its tests")]
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a valid pattern")
}

/// Longest holiday that is read as one, in days. A longer range is a typing error.
const LONGEST: u64 = 31;

/// Whether a text is a notice, and not a list of dates.
#[must_use]
pub fn is_notice(text: &str) -> bool {
    text.contains("放假") && text.contains('月')
}

/// The days of a notice for a year, as it lists them. The text is in the form of [`crate::base::text::plain`].
#[must_use]
pub fn read(year: i32, text: &str) -> Vec<(NaiveDate, DayKind)> {
    let mut days = Vec::new();
    for item in text.lines() {
        // A date without a year is the one nearest to the date before it.
        let mut before: Option<NaiveDate> = None;
        for sentence in REMARK.replace_all(item, "").split(['。', ';']) {
            let mut waiting = Vec::new();
            for clause in sentence.split(',') {
                for found in DATES.captures_iter(clause) {
                    let number = |at: usize| found.get(at).and_then(|part| part.as_str().parse::<u32>().ok());
                    let from = date(year, before, number(1), number(2), number(3));
                    let until = number(6).and_then(|_| date(year, from, number(4), number(5), number(6))).or(from);
                    let (Some(from), Some(until)) = (from, until) else { continue };
                    before = Some(until);
                    waiting.extend(from.iter_days().take_while(|day| *day <= until).take(LONGEST as usize));
                }
                let kind = match (clause.contains("放假"), clause.contains("上班")) {
                    (true, _) => DayKind::Holiday,
                    (_, true) => DayKind::Makeup,
                    _ => continue,
                };
                days.extend(waiting.drain(..).map(|day| (day, kind)));
            }
        }
    }
    days
}

/// A date whose year and month may be left out.
fn date(
    year: i32,
    before: Option<NaiveDate>,
    given_year: Option<u32>,
    month: Option<u32>,
    day: Option<u32>,
) -> Option<NaiveDate> {
    let month = month.or_else(|| before.map(|before| before.month()))?;
    let of = |year: i32| NaiveDate::from_ymd_opt(year, month, day?);
    match (given_year, before) {
        (Some(given), _) => of(i32::try_from(given).ok()?),
        (None, None) => of(year),
        (None, Some(before)) => {
            let near = [before.year() - 1, before.year(), before.year() + 1].into_iter().filter_map(of);
            near.min_by_key(|day| (*day - before).num_days().abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(year: i32, text: &str) -> Vec<String> {
        read(year, &crate::base::text::plain(text)).iter().map(|(day, kind)| format!("{day} {kind}")).collect()
    }

    #[test]
    fn a_notice_is_read_over_new_year() {
        let text = "各省、自治区、直辖市人民政府：\n经国务院批准，现将2019年元旦、春节放假调休日期的具体安排通知如下。\n\
            一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。\n\
            二、春节：２月４日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。\n\
            三、清明节：4月5日放假，与周末连休。鼓励各单位安排职工在4月8日休息。\n";
        assert_eq!(
            days(2019, text),
            [
                "2018-12-30 holiday",
                "2018-12-31 holiday",
                "2019-01-01 holiday",
                "2018-12-29 makeup",
                "2019-02-04 holiday",
                "2019-02-05 holiday",
                "2019-02-06 holiday",
                "2019-02-07 holiday",
                "2019-02-08 holiday",
                "2019-02-09 holiday",
                "2019-02-10 holiday",
                "2019-02-02 makeup",
                "2019-02-03 makeup",
                "2019-04-05 holiday",
            ]
        );
    }

    #[test]
    fn remarks_and_missing_years_and_months_do_not_matter() {
        let text = "元旦：2022年12月31日（周六）至1月2日（周一）放假，12月31日前的休息日照常。\n春节：1月28日（农历除夕、周二）至2月4日放假调休，1月26日、2月8日上班。\n国庆：10月1日—3日放假，9月29日、30日上班";
        assert_eq!(
            days(2023, text),
            [
                "2022-12-31 holiday",
                "2023-01-01 holiday",
                "2023-01-02 holiday",
                "2023-01-28 holiday",
                "2023-01-29 holiday",
                "2023-01-30 holiday",
                "2023-01-31 holiday",
                "2023-02-01 holiday",
                "2023-02-02 holiday",
                "2023-02-03 holiday",
                "2023-02-04 holiday",
                "2023-01-26 makeup",
                "2023-02-08 makeup",
                "2023-10-01 holiday",
                "2023-10-02 holiday",
                "2023-10-03 holiday",
                "2023-09-29 makeup",
                "2023-09-30 makeup",
            ]
        );
        assert_eq!(days(2019, "放假通知：13月40日放假，2月30日至3月1日放假"), Vec::<String>::new());
    }
}
