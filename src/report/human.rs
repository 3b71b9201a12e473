//! What people read beside estimates: bare values, signed differences, counts, spans of time.

use super::readable::{self, Shown};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::sim::clock::{DAY, HOUR, MINUTE, SECOND, Time};

/// Stands where there is no number.
pub const NOTHING: &str = "–";

/// A number with its unit, without an interval.
#[must_use]
pub fn value(unit: Unit, number: f64) -> String {
    readable::show(&bare(number), unit).mean
}

fn bare(mean: f64) -> Estimate {
    Estimate {
        mean,
        sd: None,
        ci95: None,
    }
}

/// A signed difference, as exact as its interval; shares differ by percentage points.
#[must_use]
pub fn difference(unit: Unit, mean: f64, ci95: Option<[f64; 2]>) -> Shown {
    let size = Estimate {
        mean: mean.abs(),
        sd: None,
        ci95: ci95.map(|[low, high]| {
            if mean < 0.0 {
                [-high, -low]
            } else {
                [low, high]
            }
        }),
    };
    // A difference that is as good as nothing need not be told from 0, as a share must be.
    let is_uncertain = ci95.is_some_and(|[low, high]| low < high);
    let unit = match unit {
        Unit::Share if is_uncertain => Unit::Difference,
        unit => unit,
    };
    let shown = readable::signed(&size, unit);
    // What shows as nothing is neither more nor less.
    let is_zero = !shown.mean.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let sign = match mean {
        _ if is_zero => "",
        _ if mean < 0.0 => "−",
        _ => "+",
    };
    Shown {
        mean: format!("{sign}{}", shown.mean.replace('%', "pp")),
        reach: shown.reach,
    }
}

/// A whole number with commas between thousands.
#[must_use]
pub fn whole(number: u64) -> String {
    let number = number.to_string();
    let mut out = String::with_capacity(number.len() + number.len() / 3);
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && (number.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What is written behind a number.
const UNITS: [&str; 13] = [
    "%", "pp", "h", "m", "min", "s", "ms", "d", "day", "days", "hours", "times", "kB",
];

/// Numbers stay with their units, signs and intervals.
#[must_use]
pub fn unbroken(text: &str) -> String {
    let mut words = text.split(' ');
    let mut whole = words.next().unwrap_or_default().to_owned();
    for word in words {
        let is_unit = UNITS.contains(&word.trim_end_matches([',', '.', ';', ':', ')']));
        let joins = is_unit && whole.ends_with(|last: char| last.is_ascii_digit());
        whole.push(if joins { '\u{a0}' } else { ' ' });
        whole.push_str(word);
    }
    whole
        .replace(" ± ", "\u{a0}±\u{a0}")
        .replace("−$", "−\u{2060}$")
}

/// A name that may hold commas and ands, told from the words around it.
#[must_use]
pub fn quoted(name: &str) -> String {
    format!("“{name}”")
}

/// Names in a row: `a, b and c`.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A span of simulated time in words: `14 days`, `6 hours`.
#[must_use]
pub fn span(span: Time) -> String {
    let (size, name) = [
        (DAY, "day"),
        (HOUR, "hour"),
        (MINUTE, "minute"),
        (SECOND, "second"),
    ]
    .into_iter()
    .find(|(size, _)| span >= *size && span % size == 0)
    .unwrap_or((SECOND, "second"));
    let number = span as f64 / size as f64;
    let plural = if number == 1.0 { "" } else { "s" };
    format!("{number} {name}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_what_belongs_to_them() {
        let text = "98.972 % ± 0.007 over 46 m ± 1 m, for 8 h; −$5 in 3 days.";
        let whole = "98.972\u{a0}%\u{a0}±\u{a0}0.007 over 46\u{a0}m\u{a0}±\u{a0}1\u{a0}m, for 8\u{a0}h; −\u{2060}$5 in 3\u{a0}days.";
        assert_eq!(unbroken(text), whole);
        assert_eq!(unbroken("of a day, or more"), "of a day, or more");
    }

    #[test]
    fn differences_are_signed_and_in_points() {
        let shown = |mean, ci95| {
            let shown = difference(Unit::Share, mean, ci95);
            (shown.mean, shown.reach)
        };
        let down = shown(-0.0141, Some([-0.0151, -0.0131]));
        assert_eq!(down, ("−1.41 pp".to_owned(), "± 0.10".to_owned()));
        assert_eq!(shown(0.02, None).0, "+2.00 pp");
        let nothing = shown(-0.000_01, Some([-0.002_01, 0.001_99]));
        assert_eq!(nothing, ("0.0 pp".to_owned(), "± 0.2".to_owned()));
        assert_eq!(difference(Unit::Seconds, 0.0, None).mean, "0 s");
        // Of which the sign is not known, the interval goes on beyond zero.
        let open = difference(Unit::UsdPerDay, 0.02, Some([-0.10, 0.14]));
        assert_eq!((&*open.mean, &*open.reach), ("+$0.02", "± $0.12"));
        let open = difference(Unit::Seconds, -20.0, Some([-140.0, 100.0]));
        assert_eq!(open.reach, "± 120 s");
        assert_eq!(difference(Unit::Seconds, -20.0, None).mean, "−20.0 s");
        assert_eq!(value(Unit::Seconds, 252.3), "4 m 12 s");
    }

    #[test]
    fn spans_and_counts_read_well() {
        assert_eq!(span(14 * DAY), "14 days");
        assert_eq!(span(DAY), "1 day");
        assert_eq!(span(36 * HOUR), "36 hours");
        assert_eq!(whole(1_234_567), "1,234,567");
        assert_eq!(whole(12), "12");
    }
}
