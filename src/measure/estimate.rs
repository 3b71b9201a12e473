//! A mean over replicates with its spread and its interval.
//!
//! Replicates are independent, so the interval is Student's on their means. A share is bounded and its
//! spread shrinks towards the bounds, so its interval is made on the logit scale; money is positive and
//! skewed, so its interval is made on the log scale (delta method: A. Agresti, "Categorical Data Analysis",
//! 3rd ed., section 3.1.5). Either way the interval holds the mean and stays in range.

use std::cell::Cell;

use serde::{Deserialize, Serialize};

use crate::sim::math;

/// A mean over replicates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean over replicates.
    pub mean: f64,
    /// Standard deviation between replicates (n − 1); absent for one replicate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sd: Option<f64>,
    /// 95 % interval of the mean; absent for one replicate. Both ends are the mean where all replicates
    /// agree to the last bit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ci95: Option<[f64; 2]>,
}

/// The scale on which an interval is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As it is: differences, durations, counts.
    Plain,
    /// Shares of a whole.
    Logit,
    /// Positive amounts.
    Log,
}

impl Estimate {
    /// The estimate from one value a replicate; `None` where there is none.
    #[must_use]
    pub fn of(values: &[f64], scale: Scale) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        if values.len() == 1 {
            return Some(Self {
                mean,
                sd: None,
                ci95: None,
            });
        }
        // All alike must give exactly zero, which the rounded mean would not.
        let alike = values.iter().all(|value| *value == values[0]);
        let squares: f64 = values
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum();
        if alike {
            return Some(Self {
                mean: values[0],
                sd: Some(0.0),
                ci95: Some([values[0]; 2]),
            });
        }
        let sd = math::sqrt(squares / (n - 1.0));
        let reach = student_975(values.len() as u32 - 1) * sd / math::sqrt(n);
        let ci95 = match scale {
            Scale::Logit if mean > 0.0 && mean < 1.0 => {
                let centre = math::log(mean / (1.0 - mean));
                let reach = reach / (mean * (1.0 - mean));
                let share = |x: f64| 1.0 / (1.0 + math::exp(-x));
                [
                    share(centre - reach).min(mean),
                    share(centre + reach).max(mean),
                ]
            }
            Scale::Log if mean > 0.0 => {
                let factor = math::exp(reach / mean);
                [mean / factor, mean * factor]
            }
            _ => [mean - reach, mean + reach],
        };
        // Beyond the largest number there is no interval to speak of.
        let ci95 = ci95.iter().all(|end| end.is_finite()).then_some(ci95);
        Some(Self {
            mean,
            sd: Some(sd),
            ci95,
        })
    }
}

/// How many replicates it takes until a 95 % interval reaches no further than `reach` to either side, if their
/// standard deviation stays `sd`; `None` beyond a million.
#[must_use]
pub fn replicates_for(sd: f64, reach: f64) -> Option<u32> {
    const MOST: u32 = 1_000_000;
    let is_enough = |n: u32| student_975(n - 1) * sd / math::sqrt(f64::from(n)) <= reach;
    if !is_enough(MOST) {
        return None;
    }
    let (mut few, mut enough) = (1, MOST);
    while enough - few > 1 {
        let middle = few.midpoint(enough);
        if is_enough(middle) {
            enough = middle;
        } else {
            few = middle;
        }
    }
    Some(enough)
}

/// What the standard deviation of this many values (at least 2) is at most, 95 %, where they show `sd` and are
/// normal: (n − 1) sd²/σ² is χ² with n − 1 degrees of freedom.
#[must_use]
pub fn sd_at_most(sd: f64, values: u32) -> f64 {
    let freedom = values.max(2) - 1;
    sd * math::sqrt(f64::from(freedom) / chi_squared(0.05, freedom))
}

/// What χ² with this many degrees of freedom (at least 1) is below with chance `below`, by halving intervals.
fn chi_squared(below: f64, freedom: u32) -> f64 {
    let nu = f64::from(freedom.max(1));
    let (mut low, mut high) = (0.0, nu + 40.0 * math::sqrt(nu));
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if incomplete_gamma(nu / 2.0, middle / 2.0) < below {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised lower incomplete gamma function, by its series (W. Press et al., "Numerical Recipes", 3rd ed.,
/// section 6.2), whose terms are all positive.
fn incomplete_gamma(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let (mut term, mut sum) = (1.0 / a, 1.0 / a);
    let mut n = a;
    while term > 1e-17 * sum {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    (sum * math::exp(a * math::log(x) - x - libm::lgamma(a))).min(1.0)
}

/// The 97.5 % quantile of Student's t with this many degrees of freedom (at least 1).
#[must_use]
pub fn student_975(freedom: u32) -> f64 {
    // All estimates of a run have the same.
    thread_local!(static LAST: Cell<(u32, f64)> = const { Cell::new((0, f64::NAN)) });
    let (of, last) = LAST.get();
    if of == freedom && freedom > 0 {
        return last;
    }
    let quantile = student(0.025, freedom);
    LAST.set((freedom, quantile));
    quantile
}

/// What Student's t with this many degrees of freedom (at least 1) exceeds with chance `tail`, 0 to 0.5.
///
/// Newton's method on the distribution function, which is the regularised incomplete beta function (M.
/// Abramowitz, I. Stegun, "Handbook of Mathematical Functions", 26.7.1), from the normal's quantile.
#[must_use]
pub fn student(tail: f64, freedom: u32) -> f64 {
    let nu = f64::from(freedom.max(1));
    let ln_density_at_zero = libm::lgamma((nu + 1.0) / 2.0)
        - libm::lgamma(nu / 2.0)
        - 0.5 * math::log(nu * core::f64::consts::PI);
    let mut t = math::normal_quantile(1.0 - tail) * (1.0 + 1.0 / nu);
    for _ in 0..100 {
        let above = student_tail(t, freedom);
        let density = math::exp(ln_density_at_zero - (nu + 1.0) / 2.0 * math::log1p(t * t / nu));
        let step = (above - tail) / density;
        t += step;
        if step.abs() < 1e-14 * t {
            break;
        }
    }
    t
}

/// The chance that Student's t with this many degrees of freedom (at least 1) exceeds `t`, 0 or more.
fn student_tail(t: f64, freedom: u32) -> f64 {
    let nu = f64::from(freedom.max(1));
    0.5 * incomplete_beta(nu / 2.0, 0.5, nu / (nu + t * t))
}

/// The value that a standard normal is beyond as rarely as Student's t with this many degrees of freedom (at
/// least 1) is beyond `t`, on the same side: few replicates stray further than the normal's rules of thumb say.
/// At most 37 either way, where chances can still be told from 0.
#[must_use]
pub fn as_normal(t: f64, freedom: u32) -> f64 {
    let tail = student_tail(t.abs(), freedom).max(1e-300);
    // In the lower tail, where the quantile keeps its digits.
    (-math::normal_quantile(tail)).copysign(t)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz's method; W. Press et al.,
/// "Numerical Recipes", 3rd ed., section 6.4).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let tiny = 1e-300;
    let guard = |value: f64| if value.abs() < tiny { tiny } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..500_u32 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    let ln_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
    math::exp(a * math::log(x) + b * math::log1p(-x) - ln_beta) / a * fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::random::Key;

    #[test]
    fn student_matches_the_tables() {
        for (freedom, t) in [
            (1, 12.706_204_736_174_698),
            (2, 4.302_652_729_749_462),
            (7, 2.364_624_251_592_785),
            (31, 2.039_513_446_396_408),
            (1000, 1.962_339_080_843_003),
        ] {
            let ours = student_975(freedom);
            assert!((ours / t - 1.0).abs() < 1e-10, "{freedom}: {ours}");
        }
    }

    #[test]
    fn chi_squared_matches_the_tables() {
        for (freedom, quantile) in [
            (1, 0.003_932_140_000_019_522),
            (7, 2.167_349_909_298_057),
            (31, 19.280_568_553_484_66),
            (1000, 927.594_362_772_384_7),
        ] {
            let ours = chi_squared(0.05, freedom);
            assert!((ours / quantile - 1.0).abs() < 1e-9, "{freedom}: {ours}");
        }
        // With a million values nothing is left to doubt.
        assert!((sd_at_most(2.0, 1_000_000) / 2.0 - 1.0).abs() < 2e-3);
    }

    /// Of 4,000 samples of eight normals, the bound holds in 95 %: one standard error is 0.0034, tolerance four.
    #[test]
    fn the_bound_of_a_spread_holds_as_often_as_it_says() {
        let key = Key::replicate(7, 0);
        let samples = 4_000_u32;
        let held = (0..samples).filter(|sample| {
            let normal = |n: u64| math::normal_quantile(key.at(u64::from(*sample)).at(n).unit());
            let values: Vec<f64> = (0..8).map(normal).collect();
            let sd = Estimate::of(&values, Scale::Plain).unwrap().sd.unwrap();
            sd_at_most(sd, 8) >= 1.0
        });
        let share = held.count() as f64 / f64::from(samples);
        assert!((share - 0.95).abs() < 4.0 * 0.0034, "{share}");
    }

    #[test]
    fn a_students_t_is_as_rare_as_its_normal() {
        for freedom in [1, 7, 15, 1000] {
            for (tail, z) in [(0.025, 1.959_963_984_540_054), (0.001_35, 2.999_976_992_7)] {
                let t = student(tail, freedom);
                assert!((as_normal(t, freedom) - z).abs() < 1e-6, "{freedom}: {z}");
                assert!((as_normal(-t, freedom) + z).abs() < 1e-6, "{freedom}: {z}");
            }
        }
        assert_eq!(as_normal(0.0, 7), 0.0);
        assert!((36.0..38.0).contains(&as_normal(1e300, 15)));
    }

    #[test]
    fn intervals_stay_in_range_and_hold_the_mean() {
        for (scale, values) in [
            (Scale::Logit, [0.999, 0.9999, 0.98]),
            (Scale::Logit, [0.0001, 0.02, 0.001]),
            (Scale::Log, [0.1, 50.0, 3.0]),
        ] {
            let estimate = Estimate::of(&values, scale).unwrap();
            let [low, high] = estimate.ci95.unwrap();
            assert!(low > 0.0 && low <= estimate.mean && estimate.mean <= high);
            assert!(scale == Scale::Log || high < 1.0);
        }
    }

    #[test]
    fn replicates_that_agree_have_no_spread() {
        let estimate = Estimate::of(&[0.1; 7], Scale::Plain).unwrap();
        assert_eq!(
            (estimate.mean, estimate.sd, estimate.ci95),
            (0.1, Some(0.0), Some([0.1, 0.1]))
        );
        assert_eq!(Estimate::of(&[0.3], Scale::Logit).unwrap().ci95, None);
        assert_eq!(Estimate::of(&[], Scale::Plain), None);
    }
}
