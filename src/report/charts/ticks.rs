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
            unit,
            step,
        }
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

/// Ticks over hours, on whole days where there are enough of them.
#[must_use]
pub fn hours(last: f64, about: usize) -> Vec<f64> {
    let least = last / about.max(1) as f64;
    let step = [
        1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 168.0, 336.0, 672.0,
    ]
    .into_iter()
    .find(|step| *step >= least)
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
    fn hours_fall_on_days() {
        assert_eq!(
            hours(336.0, 7),
            [0.0, 48.0, 96.0, 144.0, 192.0, 240.0, 288.0, 336.0]
        );
        assert_eq!(hours(24.0, 6), [0.0, 6.0, 12.0, 18.0, 24.0]);
    }
}
