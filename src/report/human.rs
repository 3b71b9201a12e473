//! Numbers as people read them: `97.34 %`, `12.4 min`, `$1,234`.

use crate::measure::metrics::Unit;
use crate::sim::clock::{DAY, HOUR, MINUTE, SECOND, Time};

/// Stands where there is no number.
pub const NOTHING: &str = "–";

const SECONDS: [(f64, &str); 5] = [
    (1e-3, "ms"),
    (1.0, "s"),
    (60.0, "min"),
    (3_600.0, "h"),
    (86_400.0, "d"),
];

/// How exactly to write numbers that stand side by side: shares near 0 or 1 need more decimals, and then
/// all of them get those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exactness {
    unit: Unit,
    decimals: usize,
}

impl Exactness {
    /// As exact as these numbers need.
    #[must_use]
    pub fn of(unit: Unit, numbers: impl IntoIterator<Item = f64>) -> Self {
        let needed = numbers.into_iter().map(decimals).max();
        Self {
            unit,
            decimals: needed.unwrap_or(2),
        }
    }

    /// A number with its unit.
    #[must_use]
    pub fn value(self, number: f64) -> String {
        match self.unit {
            Unit::Share => format!("{} %", percent(number, self.decimals)),
            Unit::Seconds => seconds(number),
            Unit::UsdPerDay => usd(number),
        }
    }

    /// An interval, the unit written once: `97.10–97.60 %`. One without width says so: it means that all
    /// replicates agreed, not that nothing is uncertain.
    #[must_use]
    pub fn interval(self, [low, high]: [f64; 2]) -> String {
        if low == high {
            return "no spread".to_owned();
        }
        match self.unit {
            Unit::Share => {
                // As many decimals as tell the ends apart.
                let decimals = (self.decimals..6)
                    .find(|decimals| percent(low, *decimals) != percent(high, *decimals))
                    .unwrap_or(6);
                format!("{}–{} %", percent(low, decimals), percent(high, decimals))
            }
            Unit::Seconds => {
                let (scale, name) = scale_of(low.abs().max(high.abs()));
                format!("{}–{} {name}", digits(low / scale), digits(high / scale))
            }
            Unit::UsdPerDay => format!("{}–{}", usd(low), usd(high)),
        }
    }
}

/// A number with its unit, standing alone.
#[must_use]
pub fn value(unit: Unit, number: f64) -> String {
    Exactness::of(unit, [number]).value(number)
}

/// A signed difference with its unit; shares differ by percentage points.
#[must_use]
pub fn difference(unit: Unit, number: f64) -> String {
    let sign = if number < 0.0 { "−" } else { "+" };
    let size = number.abs();
    let text = match unit {
        Unit::Share => format!("{} pp", trimmed(percent(size, decimals(size)))),
        Unit::Seconds => seconds(size),
        Unit::UsdPerDay => usd(size),
    };
    format!("{sign}{text}")
}

/// Decimals in percent that a share needs: two, more near 0 and 1 where they matter.
fn decimals(share: f64) -> usize {
    let edge = share.abs().min((1.0 - share.abs()).abs());
    match edge {
        _ if edge == 0.0 || edge >= 1e-3 => 2,
        _ if edge >= 1e-4 => 3,
        _ if edge >= 1e-6 => 4,
        _ => 6,
    }
}

fn percent(share: f64, decimals: usize) -> String {
    signed(format!("{:.decimals$}", share.abs() * 100.0), share)
}

fn signed(text: String, number: f64) -> String {
    if number < 0.0 {
        format!("−{text}")
    } else {
        text
    }
}

/// `0.1300` as `0.13`.
fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Seconds in the unit that suits them, with three digits.
#[must_use]
pub fn seconds(number: f64) -> String {
    if number == 0.0 {
        return "0 s".to_owned();
    }
    let (scale, name) = scale_of(number.abs());
    format!("{} {name}", digits(number / scale))
}

fn scale_of(size: f64) -> (f64, &'static str) {
    match size {
        _ if size < 1.0 => SECONDS[0],
        _ if size < 90.0 => SECONDS[1],
        _ if size < 5_400.0 => SECONDS[2],
        _ if size < 172_800.0 => SECONDS[3],
        _ => SECONDS[4],
    }
}

/// Three digits that count, with a true minus sign.
fn digits(number: f64) -> String {
    let size = number.abs();
    let text = match size {
        _ if size >= 99.95 => format!("{size:.0}"),
        _ if size >= 9.995 => format!("{size:.1}"),
        _ if size >= 0.0995 || size == 0.0 => format!("{size:.2}"),
        _ => format!("{size:.4}"),
    };
    signed(text, number)
}

/// US dollars: cents below 100, thousands with commas, millions by name.
#[must_use]
pub fn usd(number: f64) -> String {
    let size = number.abs();
    let text = match size {
        _ if size == 0.0 => "$0".to_owned(),
        _ if size >= 999_500.0 => format!("${} M", digits(size / 1e6)),
        _ if size >= 99.5 => format!("${}", thousands(&format!("{size:.0}"))),
        _ if size >= 0.995 => format!("${size:.2}"),
        _ if size >= 0.00995 => format!("${size:.3}"),
        _ => format!("${size:.5}"),
    };
    signed(text, number)
}

/// A whole number with commas between thousands.
#[must_use]
pub fn whole(number: u64) -> String {
    thousands(&number.to_string())
}

fn thousands(number: &str) -> String {
    let mut out = String::with_capacity(number.len() + number.len() / 3);
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && (number.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
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
    fn numbers_keep_what_matters() {
        for (unit, number, text) in [
            (Unit::Share, 0.9734, "97.34 %"),
            (Unit::Share, 1.0, "100.00 %"),
            (Unit::Share, 0.99995, "99.9950 %"),
            (Unit::Share, 0.0, "0.00 %"),
            (Unit::Seconds, 0.0, "0 s"),
            (Unit::Seconds, 0.25, "250 ms"),
            (Unit::Seconds, 2.0, "2.00 s"),
            (Unit::Seconds, 1_800.0, "30.0 min"),
            (Unit::Seconds, 86_400.0, "24.0 h"),
            (Unit::UsdPerDay, 1_234.4, "$1,234"),
            (Unit::UsdPerDay, 12.345, "$12.35"),
            (Unit::UsdPerDay, 1_234_567.0, "$1.23 M"),
            (Unit::UsdPerDay, -3.0, "−$3.00"),
        ] {
            assert_eq!(value(unit, number), text);
        }
    }

    #[test]
    fn differences_are_signed() {
        assert_eq!(difference(Unit::Share, -0.0123), "−1.23 pp");
        assert_eq!(difference(Unit::Seconds, 60.0), "+60.0 s");
    }

    #[test]
    fn neighbours_are_written_alike() {
        let shares = Exactness::of(Unit::Share, [0.99992, 0.9946]);
        assert_eq!(shares.value(0.9946), "99.4600 %");
        let plain = Exactness::of(Unit::Share, [0.97]);
        assert_eq!(plain.interval([0.971, 0.976]), "97.10–97.60 %");
        assert_eq!(plain.interval([0.99981, 0.99984]), "99.981–99.984 %");
        assert_eq!(plain.interval([1.0, 1.0]), "no spread");
        let times = Exactness::of(Unit::Seconds, []);
        assert_eq!(times.interval([3_500.0, 3_700.0]), "58.3–61.7 min");
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
