//! The polls that make the mean freshness over stays highest.
//!
//! J. Cho, H. Garcia-Molina, "Effective page refresh policies for web crawlers", ACM TODS 28, 2003, section
//! 4.3: F is concave, so at the optimum one more poll is worth the same, μ, wherever there is any, and its
//! first poll is worth no more than μ where there is none. With u = 1/f the interval,
//!
//! ```text
//!   worth(u) = dF/df = π h(au)/a + (1 − π) h(bu)/b,   h(x) = 1 − (1 + x) e^(−x)
//!
//!   worth ▲            ┌─ top = (a² + b²) / (ab(a + b)): the first poll
//!     top ┼ ─ ─ ─ ─ ─ ─·─────────
//!       μ ┼ ─ ─ ─ ╱                 1/u(μ) = 0 where μ ≥ top;
//!         │    ╱                    Σ 1/u(μ) = budget gives μ
//!         └──╱────┼─────────────▶ u
//!                u(μ)
//! ```
//!
//! Near its top the worth is flat: intervals of 37/rate and of infinity differ in it by less than a
//! floating-point number shows. The sum over stays then jumps between one μ and the next, and the budget
//! falls into the jump; whatever lies between the polls at those two μ is worth between the two, so a mean of
//! them that meets the budget is the optimum as closely as a floating-point number can say.

use super::StayRates;
use crate::sim::math;

/// A rate below this, once in three million years, is none.
const LEAST_PER_DAY: f64 = 1e-9;

/// Stays with the same rates.
struct Kind {
    a: f64,
    b: f64,
    /// What the first poll is worth.
    top: f64,
    /// The shares of `top` that come from being available and from being sold out.
    share_a: f64,
    share_b: f64,
    stays: f64,
    /// The last solution, where the next search starts; infinite for no polls. In days.
    interval: f64,
}

/// Polls a day of each stay; `None` if nothing changes, or nothing is to be spent.
pub(super) fn frequencies(budget: f64, stays: &[StayRates]) -> Option<Vec<f64>> {
    let changes =
        |stay: &StayRates| stay.sells_out_per_day.min(stay.reopens_per_day) >= LEAST_PER_DAY;
    let rates = |index: &u32| {
        let stay = &stays[*index as usize];
        (stay.sells_out_per_day, stay.reopens_per_day)
    };
    let mut order: Vec<u32> = (0..)
        .zip(stays)
        .filter(|(_, stay)| changes(stay))
        .map(|(index, _)| index)
        .collect();
    // Rates are positive: their bits are in their order.
    order.sort_unstable_by_key(|index| {
        let (a, b) = rates(index);
        (a.to_bits(), b.to_bits())
    });
    let alike = |one: &u32, other: &u32| rates(one) == rates(other);
    let mut kinds: Vec<Kind> = order
        .chunk_by(alike)
        .map(|same| {
            let (a, b) = rates(&same[0]);
            let present = same.iter().map(|index| stays[*index as usize].presence);
            Kind::new(a, b, present.sum())
        })
        .collect();
    if kinds.is_empty() || budget <= 0.0 {
        return None;
    }
    solve(&mut kinds, budget);
    let mut polls = vec![0.0; stays.len()];
    for (same, kind) in order.chunk_by(alike).zip(&kinds) {
        for index in same {
            polls[*index as usize] = 1.0 / kind.interval;
        }
    }
    Some(polls)
}

/// Leaves the optimal interval in each kind.
///
/// Searched is t = 1/√μ, for the polls are nearly in proportion to it where there are many, by T. R.
/// Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear function
/// without using derivatives", Advances in Engineering Software 28, 1997.
fn solve(kinds: &mut [Kind], budget: f64) {
    let highest = kinds.iter().map(|kind| kind.top).fold(0.0, f64::max);
    // As h(x) ≤ x²/2, polls are at most t·√(ab/(a + b)).
    let most: f64 = kinds
        .iter()
        .map(|kind| kind.stays * math::sqrt(kind.a / (kind.a + kind.b) * kind.b))
        .sum();
    // Between `newest` and `other` lies the solution; `former` is the one before. Each as (t, excess).
    // A little lower than the bounds, so that rounding cannot put the solution below.
    let least = (1.0 / math::sqrt(highest)).max(budget / most) * (1.0 - 1e-9);
    let mut excess = |t: f64| (t, polls(kinds, t) - budget);
    let mut other = excess(least);
    let mut newest = excess(least * 1.25);
    while newest.1 < 0.0 {
        other = newest;
        newest = excess(other.0 * 2.0);
    }
    let mut former = other;
    let mut quadratic = false;
    while newest.1.abs() > 1e-12 * budget {
        let (low, high) = (newest.0.min(other.0), newest.0.max(other.0));
        let width = high - low;
        // Neighbours, or so close that what a poll is worth does not show the difference.
        if width <= 1e-11 * high {
            return blend(kinds, low, high, budget);
        }
        let part = if quadratic {
            let ((a, fa), (b, fb), (c, fc)) = (newest, other, former);
            let inverse = fa / (fb - fa) * (fc / (fb - fc))
                + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb));
            let margin = 1e-11 * high / width;
            inverse.clamp(margin.min(0.5), 1.0 - margin.min(0.5))
        } else {
            0.5
        };
        let next = excess(newest.0 + part * (other.0 - newest.0));
        if (next.1 < 0.0) == (newest.1 < 0.0) {
            former = newest;
        } else {
            (former, other) = (other, newest);
        }
        newest = next;
        let xi = (newest.0 - other.0) / (former.0 - other.0);
        let phi = (newest.1 - other.1) / (former.1 - other.1);
        quadratic = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
    }
    let scale = (budget + newest.1) / budget;
    for kind in kinds {
        kind.interval *= scale;
    }
}

/// The mean of the polls at `low` and at `high`, neighbours, that meets the budget.
fn blend(kinds: &mut [Kind], low: f64, high: f64, budget: f64) {
    let fewer = polls(kinds, low);
    let at_low: Vec<f64> = kinds.iter().map(|kind| 1.0 / kind.interval).collect();
    let more = polls(kinds, high);
    let weight = (budget - fewer) / (more - fewer);
    for (kind, low) in kinds.iter_mut().zip(at_low) {
        let high = 1.0 / kind.interval;
        kind.interval = 1.0 / (low + (high - low) * weight);
    }
}

/// All polls a day where one more is worth 1/t², each kind at its interval.
fn polls(kinds: &mut [Kind], t: f64) -> f64 {
    let worth = 1.0 / (t * t);
    let mut sum = 0.0;
    for kind in kinds {
        kind.interval = kind.interval_worth(worth);
        sum += kind.stays / kind.interval;
    }
    sum
}

impl Kind {
    fn new(a: f64, b: f64, stays: f64) -> Self {
        let squares = a * a + b * b;
        Self {
            a,
            b,
            top: squares / (a * b * (a + b)),
            share_a: b * b / squares,
            share_b: a * a / squares,
            stays,
            interval: f64::INFINITY,
        }
    }

    /// The interval at which one more poll is worth so much; infinite where even the first is not.
    fn interval_worth(&self, worth: f64) -> f64 {
        let y = worth / self.top;
        if y >= 1.0 {
            return f64::INFINITY;
        }
        let Self {
            a,
            b,
            share_a,
            share_b,
            ..
        } = *self;
        // For a = b the solution is x = −1 − W₋₁(−(1 − y)/e), and √(2v) + 2v/3 < x < √(2v) + v with
        // v = −ln(1 − y): I. Chatzigeorgiou, "Bounds on the Lambert function", IEEE Communications Letters 17,
        // 2013. In between a and b lies the rest.
        let v = -math::log1p(-y);
        let root = math::sqrt(2.0 * v);
        let mut low = (root + v * (2.0 / 3.0)) / a.max(b);
        let mut high = (root + v) / a.min(b);
        let mut u = if self.interval > low && self.interval < high {
            self.interval
        } else {
            math::sqrt(low * high)
        };
        // d(worth/top)/du = slope·u·(e^(−au) + e^(−bu)).
        let slope = a * a * share_a;
        let is_upper = y >= 0.5;
        let (goal, root) = (1.0 - y, math::sqrt(y));
        for _ in 0..200 {
            let (au, bu) = (a * u, b * u);
            let ea = math::exp(-au);
            let eb = if a == b { ea } else { math::exp(-bu) };
            let rise = slope * u * (ea + eb);
            // Newton's step for ln(1 − worth/top), which is nearly linear above, and for √(worth/top), which
            // is below.
            let (below, step) = if is_upper {
                let left = share_a * (1.0 + au) * ea + share_b * (1.0 + bu) * eb;
                (left > goal, math::log(left / goal) * left / rise)
            } else {
                let square = share_a * h(au, ea) + share_b * h(bu, eb);
                let found = math::sqrt(square);
                (found < root, (root - found) * 2.0 * found / rise)
            };
            if below {
                low = u;
            } else {
                high = u;
            }
            let next = u + step;
            if next > low && next < high {
                u = next;
                // The error after a step goes with the square of the step.
                if step.abs() <= 1e-8 * u {
                    break;
                }
            } else {
                // Also where nothing is left between: `low` and `high` are neighbours, or the step is none.
                if step.abs() <= 1e-8 * u {
                    break;
                }
                u = low + (high - low) / 2.0;
            }
        }
        u
    }
}

/// 1 − (1 + x) e^(−x), given e^(−x).
#[inline]
fn h(x: f64, exp: f64) -> f64 {
    if x >= 0.1 {
        return 1.0 - (1.0 + x) * exp;
    }
    // Σ (−1)ⁿ (n − 1)/n! xⁿ from n = 2 on: the difference would cancel.
    const SERIES: [f64; 9] = [
        1.0 / 2.0,
        -1.0 / 3.0,
        1.0 / 8.0,
        -1.0 / 30.0,
        1.0 / 144.0,
        -1.0 / 840.0,
        1.0 / 5_760.0,
        -1.0 / 45_360.0,
        1.0 / 403_200.0,
    ];
    x * x * SERIES.iter().rev().fold(0.0, |sum, term| sum * x + term)
}
