//! Where an axis has its ticks, and what they say.

use crate::measure::metrics::Unit;
use crate::report::human;

/// The range of an axis and its ticks, in the data's unit (or its logarithm, if `log`).
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The first value.
    pub low: f64,
    /// The last value.
    pub high: f64,
    /// The ticks.
    pub at: Vec<f64>,
    /// Whether values stand at their logarithm.
    pub log: bool,
    /// Whether its values are differences, which have a sign.
    pub signed: bool,
    unit: Unit,
    step: f64,
}

/// Steps of a duration that people know, in seconds.
const DURATIONS: [f64; 22] = [
    1e-3, 1e-2, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0,
    3_600.0, 7_200.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0,
];

/// Ticks of a logarithmic duration axis, in seconds.
const DECADES: [f64; 13] = [
    1e-3,
    1e-2,
    0.1,
    1.0,
    10.0,
    60.0,
    600.0,
    3_600.0,
    21_600.0,
    86_400.0,
    604_800.0,
    2_592_000.0,
    31_536_000.0,
];

/// Beyond this ratio of the largest to the smallest curve, durations stand at their logarithm.
const LOG_FROM: f64 = 30.0;

impl Axis {
    /// An axis for these values with about `about` ticks. `levels` holds a typical value of each curve:
    /// durations that differ too much to share a linear axis get a logarithmic one.
    #[must_use]
    pub fn of(unit: Unit, low: f64, high: f64, levels: &[f64], about: usize) -> Self {
        match unit {
            Unit::Seconds => {
                let positive = || levels.iter().copied().filter(|level| *level > 0.0);
                let least = positive().fold(f64::INFINITY, f64::min);
                let most = positive().fold(0.0, f64::max);
                if most / least > LOG_FROM {
                    Self::logarithmic(least / 4.0, high)
                } else {
                    let step = duration_step(high / about.max(1) as f64);
                    Self::linear(unit, 0.0, high.max(step), step)
                }
            }
            Unit::Share | Unit::Difference => {
                let room = (high - low).max(1e-4) * 0.06;
                let (low, high) = ((low - room).max(0.0), (high + room).min(1.0));
                Self::linear(
                    unit,
                    low,
                    high,
                    nice_step((high - low) / about.max(1) as f64),
                )
            }
            Unit::UsdPerDay | Unit::Count | Unit::PerSecond => {
                let step = nice_step(high / about.max(1) as f64);
                Self::linear(unit, 0.0, high, step)
            }
        }
    }

    /// Whether two values are too far apart for a linear axis.
    #[must_use]
    pub fn is_far(low: f64, high: f64) -> bool {
        low > 0.0 && high / low > LOG_FROM
    }

    fn linear(unit: Unit, low: f64, high: f64, step: f64) -> Self {
        let first = libm::floor(low / step);
        let last = libm::ceil(high / step - 1e-9).max(first + 1.0);
        let count = (last - first) as usize;
        // Whole steps from the origin: adding the step up would drift.
        let at: Vec<f64> = (0..=count)
            .map(|index| (first + index as f64) * step)
            .collect();
        Self {
            low: first * step,
            high: last * step,
            at,
            log: false,
            signed: false,
            unit,
            step,
        }
    }

    /// An axis for differences with about `about` ticks; 0 is always on it.
    #[must_use]
    pub fn of_differences(unit: Unit, low: f64, high: f64, about: usize) -> Self {
        let (low, high) = (low.min(0.0), high.max(0.0));
        let least = (high - low) / about.max(1) as f64;
        let step = match unit {
            Unit::Seconds => duration_step(least),
            // Differences of shares that are all alike still have an axis.
            Unit::Share | Unit::Difference => nice_step(least.max(1e-6)),
            _ => nice_step(least),
        };
        Self {
            signed: true,
            ..Self::linear(unit, low, high, step)
        }
    }

    /// An axis for numbers that may lie far apart: at their logarithm, where they do.
    #[must_use]
    pub fn spread(unit: Unit, low: f64, high: f64, about: usize) -> Self {
        match unit {
            Unit::UsdPerDay | Unit::Count | Unit::PerSecond if Self::is_far(low, high) => {
                let at = by_factors(low / 1.3, high * 1.3, about);
                Self {
                    low: libm::log(low / 1.3),
                    high: libm::log(high * 1.3),
                    at: at.into_iter().map(libm::log).collect(),
                    log: true,
                    signed: false,
                    unit,
                    step: 1.0,
                }
            }
            _ => Self::of(unit, low, high, &[low, high], about),
        }
    }

    /// The same around these numbers alone where an axis from 0 would have all of them on one line.
    #[must_use]
    pub fn around(unit: Unit, low: f64, high: f64, about: usize) -> Self {
        let is_narrow = low > 0.0 && high - low < high * 0.3;
        let is_from_0 = !matches!(unit, Unit::Share | Unit::Difference);
        if !(is_narrow && is_from_0) {
            return Self::spread(unit, low, high, about);
        }
        // What is all but the same is not drawn as far apart.
        let room = ((high - low) * 0.1).max(high * 0.005);
        let (low, high) = (low - room, high + room);
        let least = (high - low) / about.max(1) as f64;
        let step = match unit {
            Unit::Seconds => duration_step(least),
            _ => nice_step(least),
        };
        Self::linear(unit, low, high, step)
    }

    fn logarithmic(low: f64, high: f64) -> Self {
        let floor = DECADES
            .iter()
            .rev()
            .find(|tick| **tick <= low)
            .unwrap_or(&DECADES[0]);
        let at: Vec<f64> = DECADES
            .iter()
            .filter(|tick| *tick >= floor && **tick <= high * 1.3)
            .map(|tick| libm::log(*tick))
            .collect();
        Self {
            low: libm::log(*floor),
            high: libm::log(high * 1.3),
            at,
            log: true,
            signed: false,
            unit: Unit::Seconds,
            step: 1.0,
        }
    }

    /// Where a value stands on this axis.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        let place = if !self.log {
            value
        } else if value > 0.0 {
            libm::log(value)
        } else {
            self.low
        };
        place.clamp(self.low, self.high)
    }

    /// The row of a place on this axis, between the rows of its ends.
    #[must_use]
    pub fn row(&self, place: f64, top: i32, bottom: i32) -> i32 {
        let up = (place - self.low) / (self.high - self.low);
        bottom - libm::round(up * f64::from(bottom - top)) as i32
    }

    /// The column of a place on this axis, between the columns of its ends.
    #[must_use]
    pub fn column(&self, place: f64, left: i32, right: i32) -> i32 {
        let along = (place - self.low) / (self.high - self.low);
        left + libm::round(along * f64::from(right - left)) as i32
    }

    /// Whether a value is on this axis, or so small that it stands at the foot of a logarithmic one.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        if self.log {
            value <= libm::exp(self.high)
        } else {
            (self.low..=self.high).contains(&value)
        }
    }

    /// What a tick says.
    #[must_use]
    pub fn label(&self, at: f64) -> String {
        if !self.signed {
            return self.unsigned(at);
        }
        let size = self.unsigned(at.abs()).replace('%', "pp");
        // A hair beside 0 is 0.
        match at {
            _ if at.abs() < self.step / 2.0 => size,
            _ if at < 0.0 => format!("−{size}"),
            _ => format!("+{size}"),
        }
    }

    fn unsigned(&self, at: f64) -> String {
        if self.log && self.unit != Unit::Seconds {
            return self.far(libm::exp(at));
        }
        match self.unit {
            Unit::Seconds => short_seconds(if self.log { libm::exp(at) } else { at }),
            Unit::Share | Unit::Difference => {
                let decimals = decimals_of(self.step * 100.0);
                format!("{:.decimals$} %", at * 100.0)
            }
            Unit::UsdPerDay if at == 0.0 => "$0".to_owned(),
            Unit::UsdPerDay if self.step >= 1.0 => dollars(at),
            Unit::UsdPerDay => {
                let decimals = decimals_of(self.step);
                format!("${at:.decimals$}")
            }
            Unit::Count | Unit::PerSecond => {
                let decimals = decimals_of(self.step);
                let rate = if self.unit == Unit::PerSecond {
                    "/s"
                } else {
                    ""
                };
                format!("{at:.decimals$}{rate}")
            }
        }
    }

    /// A tick of a logarithmic axis.
    fn far(&self, value: f64) -> String {
        match self.unit {
            Unit::UsdPerDay if value >= 1.0 => dollars(libm::round(value)),
            Unit::UsdPerDay => format!("${}", digits(value)),
            _ => digits(value),
        }
    }
}

/// A number that a logarithm was near: three digits that count.
#[must_use]
pub fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let power = 2.0 - libm::floor(libm::log10(value.abs()));
    let scale = libm::pow(10.0, power.abs());
    let rounded = if power < 0.0 {
        libm::round(value / scale) * scale
    } else {
        libm::round(value * scale) / scale
    };
    if rounded.fract() == 0.0 && rounded >= 1000.0 {
        human::whole(rounded as u64)
    } else {
        rounded.to_string()
    }
}

/// Ticks for what spreads by factors: powers of ten, and 2 and 5 times them where there is room.
#[must_use]
pub fn by_factors(low: f64, high: f64, about: usize) -> Vec<f64> {
    let (first, last) = (libm::floor(libm::log10(low)), libm::ceil(libm::log10(high)));
    let of = |times: &[f64]| -> Vec<f64> {
        let powers = (0..=((last - first) as i32)).map(|up| libm::pow(10.0, first + f64::from(up)));
        let all = powers.flat_map(|power| times.iter().map(move |times| times * power));
        let inside = |tick: &f64| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(tick);
        all.filter(inside).collect()
    };
    let fine = of(&[1.0, 2.0, 5.0]);
    if fine.len() <= about.max(3) {
        fine
    } else {
        of(&[1.0])
    }
}

/// Whole dollars; thousands and millions by a letter.
fn dollars(at: f64) -> String {
    match at {
        _ if at >= 1e6 => format!("${}M", at / 1e6),
        _ if at >= 1e4 => format!("${}k", at / 1e3),
        _ => format!("${}", human::whole(at as u64)),
    }
}

fn decimals_of(step: f64) -> usize {
    (0..9)
        .find(|decimals| {
            let scaled = step * libm::pow(10.0, f64::from(*decimals));
            (scaled - libm::round(scaled)).abs() < 1e-6
        })
        .map_or(9, |decimals| decimals as usize)
}

/// A duration without needless digits: `6 h`, `0.5 s`.
#[must_use]
pub fn short_seconds(seconds: f64) -> String {
    let (scale, name) = match seconds {
        _ if seconds <= 0.0 => return "0".to_owned(),
        _ if seconds < 0.0999 => (1e-3, "ms"),
        _ if seconds < 59.9 => (1.0, "s"),
        _ if seconds < 3_599.0 => (60.0, "min"),
        _ if seconds < 86_399.0 => (3_600.0, "h"),
        _ => (86_400.0, "d"),
    };
    let number = libm::round(seconds / scale * 100.0) / 100.0;
    format!("{number} {name}")
}

/// 1, 2 or 5 times a power of ten, at least `least`.
#[must_use]
pub fn nice_step(least: f64) -> f64 {
    if !(least > 0.0 && least.is_finite()) {
        return 1.0;
    }
    let power = libm::floor(libm::log10(least));
    let scale = libm::pow(10.0, power.abs());
    // Dividing by a whole power of ten is exact to the last bit where multiplying by 0.001 is not.
    let step = |times: f64| {
        if power < 0.0 {
            times / scale
        } else {
            times * scale
        }
    };
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(step)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or_else(|| step(10.0))
}

fn duration_step(least: f64) -> f64 {
    DURATIONS
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or_else(|| nice_step(least / 86_400.0) * 86_400.0)
}

/// Ticks over hours, on whole days where there are enough of them, and on the last one where it can be had for fewer.
#[must_use]
pub fn hours(last: f64, about: usize) -> Vec<f64> {
    const STEPS: [f64; 13] = [
        1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 72.0, 96.0, 120.0, 168.0, 336.0, 672.0,
    ];
    let least = last / about.max(1) as f64;
    let enough = STEPS.into_iter().filter(|step| *step >= least);
    let ends = |step: &f64| last % step == 0.0 && *step <= 2.0 * least;
    let step = (enough.clone().find(ends))
        .or_else(|| enough.clone().next())
        .unwrap_or_else(|| nice_step(least / 24.0) * 24.0);
    (0..)
        .map(|index| f64::from(index) * step)
        .take_while(|tick| *tick <= last + 1e-9)
        .collect()
}

/// What a tick over hours says: `day 3`, `14:00`.
#[must_use]
pub fn hour_label(hour: f64, days: bool) -> String {
    if days {
        format!("day {}", libm::round(hour / 24.0 * 10.0) / 10.0)
    } else {
        format!("{hour} h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_nice() {
        for (least, step) in [
            (0.0007, 0.001),
            (0.3, 0.5),
            (1.0, 1.0),
            (23.0, 50.0),
            (600.0, 1_000.0),
        ] {
            assert_eq!(nice_step(least), step);
        }
        assert_eq!(nice_step(f64::NAN), 1.0);
        assert_eq!(nice_step(0.0), 1.0);
    }

    #[test]
    fn shares_zoom_in_and_stay_within_bounds() {
        let axis = Axis::of(Unit::Share, 0.971, 0.9999, &[], 4);
        assert!(axis.low <= 0.971 && axis.high <= 1.0 + 1e-12, "{axis:?}");
        let labels: Vec<_> = axis.at.iter().map(|at| axis.label(*at)).collect();
        assert_eq!(labels, ["96 %", "97 %", "98 %", "99 %", "100 %"]);
        // All equal: still an axis.
        let flat = Axis::of(Unit::Share, 1.0, 1.0, &[], 4);
        assert!(flat.high > flat.low && flat.at.len() >= 2, "{flat:?}");
    }

    #[test]
    fn durations_far_apart_stand_at_their_logarithm() {
        assert!(!Axis::of(Unit::Seconds, 0.0, 7_200.0, &[1_800.0, 7_200.0], 4).log);
        let axis = Axis::of(Unit::Seconds, 0.0, 43_200.0, &[2.0, 43_200.0], 4);
        assert!(axis.log);
        assert_eq!(axis.place(0.0), axis.low);
        let labels: Vec<_> = axis.at.iter().map(|at| axis.label(*at)).collect();
        assert_eq!(
            labels,
            ["0.1 s", "1 s", "10 s", "1 min", "10 min", "1 h", "6 h"]
        );
    }

    #[test]
    fn differences_have_signs_and_a_zero() {
        let labels =
            |axis: &Axis| -> Vec<String> { axis.at.iter().map(|at| axis.label(*at)).collect() };
        let money = Axis::of_differences(Unit::UsdPerDay, -120.0, 60.0, 4);
        assert_eq!(
            labels(&money),
            ["−$150", "−$100", "−$50", "$0", "+$50", "+$100"]
        );
        let shares = Axis::of_differences(Unit::Share, 0.011, 0.019, 4);
        assert_eq!(labels(&shares)[0], "0.0 pp");
        assert!(shares.low <= 0.0 && shares.high >= 0.019, "{shares:?}");
        let spans = Axis::of_differences(Unit::Seconds, -7_200.0, 0.0, 4);
        assert_eq!(labels(&spans).first().map(String::as_str), Some("−2 h"));
        // All equal: still an axis.
        for unit in [Unit::Share, Unit::UsdPerDay, Unit::Seconds] {
            let flat = Axis::of_differences(unit, 0.0, 0.0, 4);
            assert!(flat.high > flat.low, "{flat:?}");
        }
    }

    #[test]
    fn what_lies_far_apart_stands_at_its_logarithm() {
        let axis = Axis::spread(Unit::UsdPerDay, 0.7, 900.0, 4);
        assert!(axis.log);
        let labels: Vec<_> = axis.at.iter().map(|at| axis.label(*at)).collect();
        assert_eq!(labels, ["$1", "$10", "$100", "$1,000"]);
        assert!(!Axis::spread(Unit::UsdPerDay, 40.0, 900.0, 4).log);
        assert!(!Axis::spread(Unit::UsdPerDay, 0.0, 900.0, 4).log);
        // Near each other, they have the axis to themselves.
        let near = Axis::around(Unit::UsdPerDay, 1_258.0, 1_259.0, 4);
        assert!(near.low > 1_200.0 && near.high < 1_300.0, "{near:?}");
        assert_eq!(Axis::around(Unit::UsdPerDay, 300.0, 900.0, 4).low, 0.0);
        assert_eq!(by_factors(1.0, 50.0, 9), [1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert_eq!(
            (digits(0.012_345), digits(12_345.6)),
            ("0.0123".into(), "12,300".into())
        );
    }

    #[test]
    fn hours_fall_on_days() {
        assert_eq!(
            hours(336.0, 7),
            [0.0, 48.0, 96.0, 144.0, 192.0, 240.0, 288.0, 336.0]
        );
        assert_eq!(hours(24.0, 6), [0.0, 6.0, 12.0, 18.0, 24.0]);
        assert_eq!(hours(216.0, 5), [0.0, 72.0, 144.0, 216.0], "to the end");
        assert_eq!(hours(264.0, 5), [0.0, 72.0, 144.0, 216.0], "there is none");
    }
}
