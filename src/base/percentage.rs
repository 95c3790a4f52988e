//! Rates as text with one decimal. A rate is computed from counts at the very end and rounded half up. All pages, answers and
//! files use these functions, so a figure reads the same everywhere.

/// A rate in percent, rounded half up to one decimal; a dash for 0 of 0.
#[must_use]
pub fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = (part * 2000 + whole) / (whole * 2);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Difference of the first rate and the second in percentage points, with its sign. The difference is rounded half away from zero
/// to one decimal. A dash where one of the rates is 0 of 0.
#[must_use]
pub fn points((part, whole): (i64, i64), (other_part, other_whole): (i64, i64)) -> String {
    if whole == 0 || other_whole == 0 {
        return "–".to_owned();
    }
    let wide = |n: i64| i128::from(n);
    let over = wide(part) * wide(other_whole) - wide(other_part) * wide(whole);
    let under = wide(whole) * wide(other_whole);
    let tenths = (over.abs() * 2000 + under) / (under * 2);
    let sign = match over.signum() {
        _ if tenths == 0 => "±",
        1 => "+",
        _ => "−",
    };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_the_difference_of_exact_rates() {
        for (one, other, text) in [
            ((1, 4), (1, 5), "+5.0"),
            ((1, 5), (1, 4), "−5.0"),
            ((205, 1000), (205, 1000), "±0.0"),
            ((20_513, 100_000), (1, 5), "+0.5"),
            ((1, 10_000), (0, 7), "±0.0"),
            ((0, 0), (1, 5), "–"),
        ] {
            assert_eq!(points(one, other), text, "{one:?} {other:?}");
        }
    }
}
