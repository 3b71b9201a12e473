//! Numbers for people: 97.3 %, 4 m 12 s, $1,234, each with as many digits as its interval supports.

use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;

/// A number and its 95 % interval, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The mean, with its unit.
    pub mean: String,
    /// How far the interval reaches: `± 0.2`, or `−0.1/+0.3` where it is not symmetric. Empty without one.
    pub reach: String,
}

impl Shown {
    /// Both in one cell.
    #[must_use]
    pub fn both(&self) -> String {
        if self.reach.is_empty() {
            self.mean.clone()
        } else {
            format!("{} {}", self.mean, self.reach)
        }
    }
}

/// The last digit shown is the interval's first, or its second after a 1.
const UNITS_OF_REACH: f64 = 2.0;

/// Digits after the point of a share in percent, unless it takes more to tell it from 0 and 1.
const MOST_OF_SHARE: usize = 4;

/// Shows an estimate in its unit. What cannot be below zero is not said to be: its interval ends there.
#[must_use]
pub fn show(estimate: &Estimate, unit: Unit) -> Shown {
    let is_cut = |[low, _]: &[f64; 2]| *low < 0.0 && estimate.mean >= 0.0;
    match estimate.ci95.filter(is_cut) {
        Some([_, high]) if unit != Unit::Difference => {
            let ci95 = Some([0.0, high]);
            written(&Estimate { ci95, ..*estimate }, unit, true)
        }
        _ => written(estimate, unit, false),
    }
}

/// Shows what may be on either side of zero.
#[must_use]
pub fn signed(estimate: &Estimate, unit: Unit) -> Shown {
    written(estimate, unit, false)
}

/// `is_cut`: the lower half of the interval is shorter than what is not known.
fn written(estimate: &Estimate, unit: Unit, is_cut: bool) -> Shown {
    let mean = estimate.mean;
    let Some([low, high]) = estimate.ci95 else {
        return Shown {
            mean: Format::of(mean, None, unit).mean(mean),
            reach: String::new(),
        };
    };
    let (below, above) = ((mean - low).max(0.0), (high - mean).max(0.0));
    let widest = below.max(above);
    if widest <= 0.0 {
        // Nothing varied, and more replicates would not change that.
        return Shown {
            mean: Format::of(mean, None, unit).mean(mean),
            reach: "± 0".to_owned(),
        };
    }
    let is_even = (above - below).abs() <= widest / 8.0;
    let finest = if is_even || is_cut {
        widest
    } else {
        below.min(above)
    };
    let format = Format::of(mean, Some(finest).filter(|finest| *finest > 0.0), unit);
    let [low, high] = [below, above].map(|reach| format.reach(reach));
    let reach = if is_even || low == high {
        format!("± {}", format.reach(widest))
    } else {
        format!("−{low}/+{high}")
    };
    Shown {
        mean: format.mean(mean),
        reach,
    }
}

/// A count with its thousands separated; two digits after the point below 100.
#[must_use]
pub fn count(value: f64) -> String {
    let is_whole = value.trunc() == value;
    grouped(
        value,
        if is_whole || value.abs() >= 100.0 {
            0
        } else {
            2
        },
    )
}

/// How a number and its interval are written.
enum Format {
    Percent {
        digits: usize,
    },
    /// Percentage points.
    Points {
        digits: usize,
    },
    /// Below a minute: so many of this unit make a second.
    Second {
        unit: &'static str,
        per_second: f64,
        digits: usize,
    },
    /// From a minute: two units, of which the smaller is so many seconds.
    Long {
        last: f64,
    },
    Usd {
        digits: usize,
    },
    /// Things, or things a second.
    Number {
        per: &'static str,
        digits: usize,
    },
}

impl Format {
    fn of(mean: f64, reach: Option<f64>, unit: Unit) -> Self {
        let by_reach = |scale: f64| reach.map(|reach| digits_for(reach * scale, UNITS_OF_REACH));
        match unit {
            Unit::Difference => Self::Points {
                digits: by_reach(100.0).unwrap_or(2).min(MOST_OF_SHARE),
            },
            Unit::Share => {
                // Enough to tell a share from 0 and 1.
                let nearest = mean.min(1.0 - mean) * 100.0;
                let least = if nearest > 0.0 {
                    digits_for(nearest, 1.0)
                } else {
                    0
                };
                // Finer than that is read by nobody.
                let digits = by_reach(100.0).unwrap_or(2).max(least);
                Self::Percent {
                    digits: digits.min(least.clamp(MOST_OF_SHARE, 6)),
                }
            }
            Unit::Seconds if mean < 59.95 => {
                let (unit, per_second) = short_unit(mean);
                let most = if mean == 0.0 {
                    0
                } else {
                    digits_for(mean * per_second, 100.0)
                };
                let digits = by_reach(per_second).map_or(most, |digits| digits.min(most.max(1)));
                Self::Second {
                    unit,
                    per_second,
                    digits,
                }
            }
            Unit::Seconds => Self::Long {
                last: parts(mean).map_or(1.0, |(.., small)| small.seconds as f64),
            },
            Unit::UsdPerDay => {
                // Four digits that count, and never one alone after the point.
                let most = if mean == 0.0 {
                    0
                } else {
                    digits_for(mean.abs(), 1000.0)
                };
                let digits = by_reach(1.0).map_or(most, |digits| digits.min(most));
                let digits = if digits == 1 { 2 } else { digits.min(6) };
                Self::Usd { digits }
            }
            Unit::Count | Unit::PerSecond => {
                let most = if mean == 0.0 {
                    0
                } else {
                    digits_for(mean.abs(), 100.0)
                };
                let digits = by_reach(1.0).map_or(most, |digits| digits.min(most));
                let per = if unit == Unit::PerSecond { " /s" } else { "" };
                Self::Number {
                    per,
                    digits: digits.min(4),
                }
            }
        }
    }

    fn mean(&self, mean: f64) -> String {
        match self {
            Self::Percent { digits } => format!("{:.digits$} %", mean * 100.0),
            Self::Points { .. } => {
                let points = self.plain(mean.abs());
                let sign = if mean < 0.0 && !is_zero(&points) {
                    "−"
                } else {
                    ""
                };
                format!("{sign}{points} pp")
            }
            Self::Number { per, .. } => format!("{}{per}", self.plain(mean)),
            _ => self.plain(mean),
        }
    }

    fn plain(&self, value: f64) -> String {
        match self {
            Self::Percent { digits } | Self::Points { digits } => {
                format!("{:.digits$}", value * 100.0)
            }
            Self::Second {
                unit,
                per_second,
                digits,
            } => format!("{:.digits$} {unit}", value * per_second),
            Self::Long { .. } => long(value),
            Self::Usd { digits } => format!("${}", grouped(value, *digits)),
            Self::Number { digits, .. } => grouped(value, *digits),
        }
    }

    /// The same for an interval's reach: never finer than the last digit or unit of the mean, and where it is less
    /// than that, it says so.
    fn reach(&self, reach: f64) -> String {
        let (digits, scale) = match self {
            Self::Usd { digits } | Self::Number { digits, .. } => (*digits, 1.0),
            Self::Second {
                per_second, digits, ..
            } => (*digits, *per_second),
            Self::Percent { digits } | Self::Points { digits } => (*digits, 100.0),
            Self::Long { last } => {
                let lasts = (reach / last).round();
                return if reach > 0.0 && lasts < 1.0 {
                    format!("<{}", whole_units(*last))
                } else {
                    whole_units(lasts * last)
                };
            }
        };
        let least = (0..digits).fold(1.0 / scale, |least, _| least / 10.0);
        if reach > 0.0 && reach < least / 2.0 {
            format!("<{}", self.plain(least))
        } else {
            self.plain(reach)
        }
    }
}

/// Digits after the point with which `value` shows as at least `units` of the last digit.
fn digits_for(value: f64, units: f64) -> usize {
    let mut digits = 0;
    let mut scaled = value;
    while scaled < units && digits < 9 {
        scaled *= 10.0;
        digits += 1;
    }
    digits
}

/// A unit of time.
#[derive(Clone, Copy)]
struct Span {
    name: &'static str,
    seconds: u64,
}

/// Units of time from the largest to the smallest.
const SPANS: [Span; 4] = [
    Span {
        name: "d",
        seconds: 86_400,
    },
    Span {
        name: "h",
        seconds: 3_600,
    },
    Span {
        name: "m",
        seconds: 60,
    },
    Span {
        name: "s",
        seconds: 1,
    },
];

/// How many of its largest unit a span of time has, how many of the next are left, and both units; nothing below a
/// minute.
fn parts(seconds: f64) -> Option<(u64, Span, u64, Span)> {
    let whole = seconds.round() as u64;
    SPANS.windows(2).find_map(|pair| {
        let [large, small] = [pair[0], pair[1]];
        // Rounded to the smaller unit first, so that 59 m 59.9 s is 1 h 00 m.
        let smalls = (whole + small.seconds / 2) / small.seconds;
        let per = large.seconds / small.seconds;
        (smalls >= per).then_some((smalls / per, large, smalls % per, small))
    })
}

/// A span of time in its two largest units.
fn long(seconds: f64) -> String {
    if let Some((larges, large, smalls, small)) = parts(seconds) {
        let larges = grouped(larges as f64, 0);
        return format!("{larges} {} {smalls:02} {}", large.name, small.name);
    }
    let (unit, per_second) = short_unit(seconds);
    let number = seconds * per_second;
    format!("{:.*} {unit}", digits_for(number, 1.0).min(2), number)
}

/// A span of whole seconds, minutes or hours, without a smaller unit that it has none of.
fn whole_units(seconds: f64) -> String {
    match parts(seconds) {
        Some((larges, large, 0, _)) => format!("{larges} {}", large.name),
        Some(_) => long(seconds),
        None => format!("{seconds:.0} s"),
    }
}

/// The unit for less than a minute, and how many of it make a second.
fn short_unit(seconds: f64) -> (&'static str, f64) {
    match seconds {
        _ if seconds == 0.0 || seconds >= 1.0 => ("s", 1.0),
        _ if seconds >= 1e-3 => ("ms", 1e3),
        _ => ("µs", 1e6),
    }
}

/// Whether a number that is written without a sign shows as nothing: then it has none.
fn is_zero(written: &str) -> bool {
    written.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}

/// A number with its thousands separated by commas.
fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let mut out = String::new();
    if value < 0.0 && !is_zero(&text) {
        out.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mean: f64, ci95: Option<[f64; 2]>, unit: Unit) -> String {
        let sd = ci95.map(|_| 1.0);
        show(&Estimate { mean, sd, ci95 }, unit).both()
    }

    #[test]
    fn numbers_are_as_precise_as_their_intervals() {
        use Unit::{Seconds, Share, UsdPerDay};
        for (mean, ci95, unit, text) in [
            (0.973_412, Some([0.970_4, 0.976_4]), Share, "97.3 % ± 0.3"),
            (0.973_412, Some([0.972_2, 0.974_6]), Share, "97.34 % ± 0.12"),
            (0.973_412, None, Share, "97.34 %"),
            (0.999_987_6, None, Share, "99.999 %"),
            (
                0.999_987_6,
                Some([0.999_967_6, 0.999_995_6]),
                Share,
                "99.9988 % −0.0020/+0.0008",
            ),
            // Uneven, but not as far as is shown; and nothing has no sign.
            (
                0.98,
                Some([0.976_4, 0.983_6 + 0.000_8]),
                Share,
                "98.0 % ± 0.4",
            ),
            (
                -0.000_01,
                Some([-0.002_01, 0.001_99]),
                Unit::Difference,
                "0.0 pp ± 0.2",
            ),
            (1.0, Some([1.0, 1.0]), Share, "100.00 % ± 0"),
            (0.0, None, Share, "0.00 %"),
            (252.3, Some([249.2, 255.4]), Seconds, "4 m 12 s ± 3 s"),
            (0.015, None, Seconds, "15.0 ms"),
            (4.21, Some([4.11, 4.31]), Seconds, "4.21 s ± 0.10 s"),
            (
                22.123,
                Some([22.122_99, 22.123_01]),
                Seconds,
                "22.1 s ± <0.1 s",
            ),
            (3_599.9, None, Seconds, "1 h 00 m"),
            (0.0, Some([0.0, 0.0]), Seconds, "0 s ± 0"),
            (187_200.0, None, Seconds, "2 d 04 h"),
            (1_234.4, Some([1_224.4, 1_244.4]), UsdPerDay, "$1,234 ± $10"),
            (182.1, Some([181.0, 183.2]), UsdPerDay, "$182.10 ± $1.10"),
            (0.012_34, None, UsdPerDay, "$0.01234"),
            (-0.5, None, UsdPerDay, "$−0.5000"),
            (0.0, None, UsdPerDay, "$0"),
            (
                624.172,
                Some([624.171, 624.173]),
                UsdPerDay,
                "$624.17 ± <$0.01",
            ),
            (
                1_800.0,
                Some([1_799.98, 1_800.02]),
                Seconds,
                "30 m 00 s ± <1 s",
            ),
            // Nothing is finer than what it is about.
            (
                43_020.0,
                Some([43_019.9, 43_020.1]),
                Seconds,
                "11 h 57 m ± <1 m",
            ),
            (
                43_020.0,
                Some([42_750.0, 43_290.0]),
                Seconds,
                "11 h 57 m ± 5 m",
            ),
            (
                273_600.0,
                Some([266_400.0, 280_800.0]),
                Seconds,
                "3 d 04 h ± 2 h",
            ),
            (
                273_600.0,
                Some([180_000.0, 367_200.0]),
                Seconds,
                "3 d 04 h ± 1 d 02 h",
            ),
            (252.0, Some([162.0, 342.0]), Seconds, "4 m 12 s ± 1 m 30 s"),
            (
                0.999_990_1,
                Some([0.999_989_9, 0.999_990_3]),
                Share,
                "99.9990 % ± <0.0001",
            ),
            (0.999_999_9, None, Share, "99.999990 %"),
        ] {
            assert_eq!(shown(mean, ci95, unit), text, "{mean} {ci95:?}");
        }
    }
}
