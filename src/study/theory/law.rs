//! Integrals of the laws that formulas are made of. Times are in days.

use crate::design::delivery::Delay;
use crate::design::delivery::delay::Lognormal;
use crate::sim::clock::{DAY, Time};
use crate::sim::math;

/// Days.
pub(super) fn days(span: Time) -> f64 {
    span as f64 / DAY as f64
}

/// Seconds of so many days.
pub(super) fn seconds(days: f64) -> f64 {
    days * 86_400.0
}

/// (1 − e^(−x))/x: the mean of e^(−xU) with U uniform.
pub(super) fn decay(x: f64) -> f64 {
    if x > 0.0 { -math::expm1(-x) / x } else { 1.0 }
}

/// (1 − e^(−x) (1 + x))/x²: the mean of U e^(−xU), where x is not so small that it cancels.
pub(super) fn first_moment(x: f64) -> f64 {
    if x < 1e-3 {
        0.5 - x / 3.0 + x * x / 8.0
    } else {
        (-math::expm1(-x) - x * math::exp(-x)) / (x * x)
    }
}

/// ∫ f from `from` to `to`, by Simpson's rule.
pub(super) fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    nodes(from, to, 2_000)
        .map(|(x, weight)| weight * f(x))
        .sum()
}

/// Points and weights of Simpson's rule in an even number of steps.
pub(super) fn nodes(from: f64, to: f64, steps: i32) -> impl Iterator<Item = (f64, f64)> {
    let h = (to - from) / f64::from(steps);
    (0..=steps).map(move |i| {
        let weight = match i {
            0 => 1.0,
            i if i == steps => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        (from + h * f64::from(i), weight * h / 3.0)
    })
}

/// Gaps of a Poisson process of this rate, as long as they are below t, and then t: the mean and the mean square
/// of the sum (a busy period of M/D/∞; L. Takács, "Introduction to the theory of queues", 1962, 3.2).
pub(super) fn busy(rate: f64, t: f64) -> [f64; 2] {
    if rate * t < 1e-9 {
        return [t, t * t];
    }
    let above = math::exp(-rate * t);
    let below = -math::expm1(-rate * t);
    // Of a gap that is below t; how many there are is geometric.
    let gap = 1.0 / rate - t * above / below;
    let square =
        (2.0 / (rate * rate) - above * (t * t + 2.0 * t / rate + 2.0 / (rate * rate))) / below;
    let number = below / above;
    let mean = t + number * gap;
    let variance = number * (square - gap * gap) + number / above * gap * gap;
    [mean, mean * mean + variance]
}

/// How far out a normal variate is looked at: beyond is less than 1e-18.
const FAR: f64 = 9.0;

fn of_normal(law: &Lognormal, f: impl Fn(f64) -> f64) -> f64 {
    let (median, sigma) = (days(law.median.micros()), law.sigma());
    let scale = 1.0 / math::sqrt(2.0 * core::f64::consts::PI);
    integral(-FAR, FAR, |z| {
        scale * math::exp(-z * z / 2.0) * f(median * math::exp(sigma * z))
    })
}

/// E e^(−sD).
pub(super) fn laplace(delay: &Delay, s: f64) -> f64 {
    match delay {
        Delay::Fixed(fixed) => math::exp(-s * days(fixed.micros())),
        Delay::Uniform(uniform) => {
            let (min, max) = (days(uniform.min.micros()), days(uniform.max.micros()));
            math::exp(-s * min) * decay(s * (max - min))
        }
        Delay::Exponential(exponential) => 1.0 / (1.0 + s * days(exponential.mean.micros())),
        Delay::Lognormal(law) => of_normal(law, |x| math::exp(-s * x)),
    }
}

/// E D, E D² and E D³.
pub(super) fn moments(delay: &Delay) -> [f64; 3] {
    match delay {
        Delay::Fixed(fixed) => {
            let x = days(fixed.micros());
            [x, x * x, x * x * x]
        }
        Delay::Uniform(uniform) => {
            let (min, max) = (days(uniform.min.micros()), days(uniform.max.micros()));
            [
                (min + max) / 2.0,
                (min * min + min * max + max * max) / 3.0,
                (min + max) * (min * min + max * max) / 4.0,
            ]
        }
        Delay::Exponential(exponential) => {
            let mean = days(exponential.mean.micros());
            [mean, 2.0 * mean * mean, 6.0 * mean * mean * mean]
        }
        Delay::Lognormal(law) => {
            let (median, variance) = (days(law.median.micros()), law.sigma() * law.sigma());
            [
                median * math::exp(variance / 2.0),
                median * median * math::exp(2.0 * variance),
                median * median * median * math::exp(4.5 * variance),
            ]
        }
    }
}

/// The chance that D is longer than x.
pub(super) fn longer(delay: &Delay, x: f64) -> f64 {
    let above = |end: Time| if days(end) > x { 1.0 } else { 0.0 };
    match delay {
        Delay::Fixed(fixed) => above(fixed.micros()),
        Delay::Uniform(uniform) => above(uniform.max.micros()),
        Delay::Exponential(exponential) => {
            let mean = days(exponential.mean.micros());
            if mean > 0.0 {
                math::exp(-x / mean)
            } else {
                0.0
            }
        }
        Delay::Lognormal(law) => {
            let z = math::log(x / days(law.median.micros())) / law.sigma();
            0.5 * libm::erfc(z / core::f64::consts::SQRT_2)
        }
    }
}

/// What may be left of the start of a renewal process after a warm-up, in its mean over a run: gaps with this
/// mean and standard deviation that begin together fall out of step as e^(−2π²σ²/μ²) a gap, its slowest
/// oscillation, but no faster than e^(−1); and over N gaps oscillations cancel but for 1/N.
pub(super) fn of_step(mean: f64, sd: f64, warm: f64, days: f64) -> f64 {
    let ratio = sd / mean;
    let fall = (2.0 * core::f64::consts::PI * core::f64::consts::PI * ratio * ratio).min(1.0);
    (math::exp(-fall * warm / mean) * mean / days).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_agree_with_moments() {
        for delay in [
            serde_json::json!({ "fixed": "2h" }),
            serde_json::json!({ "uniform": { "min": "1h", "max": "4h" } }),
            serde_json::json!({ "exponential": { "mean": "3h" } }),
            serde_json::json!({ "lognormal": { "median": "1h", "p99": "5h" } }),
        ] {
            let delay: Delay = serde_json::from_value(delay).expect("a delay");
            let h = 1e-4;
            let [mean, square, _] = moments(&delay);
            let (one, two) = (laplace(&delay, h), laplace(&delay, 2.0 * h));
            let slope = (4.0 * one - two - 3.0) / (2.0 * h);
            assert!(
                (slope / mean + 1.0).abs() < 1e-5,
                "{delay:?}: {slope}, {mean}"
            );
            let s = 1e-2;
            let bend = (laplace(&delay, s) - 1.0 + s * mean) * 2.0 / (s * s);
            assert!(
                (bend / square - 1.0).abs() < 1e-2,
                "{delay:?}: {bend}, {square}"
            );
        }
    }
}
