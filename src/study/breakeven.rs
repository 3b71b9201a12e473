//! The value of a price at which two designs cost the same; [`parameter`] finds that of anything else.
//!
//! Costs are linear in a price, so the paired difference of two designs is a + b·p in each replicate, and the
//! break-even is −ā/b̄. A ratio of means has no t interval of its own; the set of prices at which the paired
//! difference cannot be told from 0 is that of E. C. Fieller, "Some problems in interval estimation", Journal
//! of the Royal Statistical Society B 16 (1954), section 3: (ā + b̄p)² ≤ t²(s²ₐ + 2p·sₐᵦ + p²s²ᵦ)/n. It is an
//! interval, everything, or everything but an interval.

use crate::measure::estimate::{Estimate, student_975};
use crate::measure::path::MetricPath;
use crate::measure::values::{Line, prices_of};
use crate::scenario::Prices;
use crate::scenario::prices::Price;
use crate::sim::math;
use crate::study::Sample;

pub mod parameter;
pub mod solve;

/// Which of two designs has less of something, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Less {
    /// The first.
    First,
    /// The second.
    Second,
    /// The 95 % interval of the difference holds 0.
    Undecided,
    /// The difference is not defined.
    Undefined,
}

impl Less {
    /// What a difference of the first from the second says.
    #[must_use]
    pub fn of(difference: Option<&Estimate>) -> Self {
        match difference.and_then(|difference| difference.ci95) {
            None => Self::Undefined,
            Some([_, high]) if high < 0.0 => Self::First,
            Some([low, _]) if low > 0.0 => Self::Second,
            Some(_) => Self::Undecided,
        }
    }
}

/// A range of values in which the answer is the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// Where it begins; open where it may begin earlier, beyond what was looked at.
    pub from: Option<f64>,
    /// Where it ends; open where it may go on beyond what was looked at.
    pub to: Option<f64>,
    /// The answer.
    pub less: Less,
}

/// Where two designs change places.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakEven {
    /// The value at which they cost the same; `None` where there is none from 0 on.
    pub at: Option<f64>,
    /// The values at which they cannot be told apart, 95 %: pieces from 0 on, in order; an end without a
    /// number is open.
    pub undecided: Vec<[Option<f64>; 2]>,
    /// Whether the first design costs less below it.
    pub first_below: bool,
    /// The mean difference at a price of 0, and what it grows by with each dollar of the price.
    pub line: [f64; 2],
}

impl BreakEven {
    /// The same as pieces, from 0 on without a gap.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut decided = |from: f64, to: Option<f64>| {
            if to.is_none_or(|to| from < to) {
                let inside = to.map_or(2.0 * from + 1.0, |to| f64::midpoint(from, to));
                let [at_0, slope] = self.line;
                let less = if at_0 + slope * inside < 0.0 {
                    Less::First
                } else {
                    Less::Second
                };
                let from = Some(from);
                pieces.push(Piece { from, to, less });
            }
        };
        let mut end = Some(0.0);
        let mut all = Vec::new();
        for [from, to] in &self.undecided {
            if let (Some(end), Some(from)) = (end, from) {
                decided(end, Some(*from));
            }
            all.push(Piece {
                from: *from,
                to: *to,
                less: Less::Undecided,
            });
            end = *to;
        }
        if let Some(end) = end {
            decided(end, None);
        }
        all.append(&mut pieces);
        all.sort_by(|one, other| {
            let from = |piece: &Piece| piece.from.unwrap_or(0.0);
            from(one).total_cmp(&from(other))
        });
        all
    }
}

/// The metric that a break-even of prices is about: the total, at the represented size where there is one.
#[must_use]
pub fn total(sample: &Sample) -> MetricPath {
    let line = Line::by_key("total");
    let represented = line.filter(|_| sample.represents.is_some());
    represented.map_or(
        MetricPath::of("total_usd_per_day"),
        MetricPath::RepresentedCost,
    )
}

/// The line of the bill that a number is, and how many times it stands for what was simulated.
fn line(path: &MetricPath, sample: &Sample) -> Option<(Line, f64)> {
    let of_key = |key| Some((Line::by_key(key)?, 1.0));
    match path {
        MetricPath::Cost(line) => Some((*line, 1.0)),
        MetricPath::RepresentedCost(line) => Some((*line, sample.represents?)),
        MetricPath::Metric(metric) => match metric.key {
            "cost_usd_per_day" => of_key("running"),
            "error_usd_per_day" => of_key("errors"),
            "total_usd_per_day" => of_key("total"),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a number is money, which moves with prices.
#[must_use]
pub fn is_money(path: &MetricPath, sample: &Sample) -> bool {
    line(path, sample).is_some()
}

/// What a line of a design's bill moves by, a day, for each dollar that a price moves by; by replicate.
fn slopes(
    sample: &Sample,
    design: usize,
    price: Price,
    (line, times): (Line, f64),
) -> Vec<Option<f64>> {
    let of = prices_of(&sample.designs[design]);
    let slope = |used: &[f64]| -> f64 {
        let priced = of.iter().zip(used);
        let priced = priced.map(|(name, used)| if *name == price.name { *used } else { 0.0 });
        line.usd(&priced.collect::<Vec<_>>(), times) / price.buys
    };
    let replicates = sample.outcomes.iter();
    replicates
        .map(|designs| {
            designs[design]
                .as_ref()
                .map(|outcome| slope(&outcome.used_per_day))
        })
        .collect()
}

/// Where the totals of two designs meet as one price moves, all others staying. `None` where the price makes no
/// difference between the two, or with fewer than two replicates.
#[must_use]
pub fn of_price(
    sample: &Sample,
    pair: (usize, usize),
    prices: &Prices,
    name: &str,
) -> Option<BreakEven> {
    of_price_in(sample, pair, prices, name, &total(sample))
}

/// The same for any money: a line of the bill, or a metric that is one.
#[must_use]
pub fn of_price_in(
    sample: &Sample,
    (first, second): (usize, usize),
    prices: &Prices,
    name: &str,
    path: &MetricPath,
) -> Option<BreakEven> {
    let price = prices.by_name(name)?;
    let line = line(path, sample)?;
    let differences = sample.paired(first, second, path)?;
    let slopes: Option<Vec<f64>> = slopes(sample, first, price, line)
        .into_iter()
        .zip(slopes(sample, second, price, line))
        .filter(|(one, other)| one.is_some() && other.is_some())
        .map(|(one, other)| Some(one? - other?))
        .collect();
    let slopes = slopes?;
    if slopes.len() < 2 || slopes.len() != differences.len() || slopes.iter().all(|b| *b == 0.0) {
        return None;
    }
    let at_0: Vec<f64> = differences
        .iter()
        .zip(&slopes)
        .map(|(difference, slope)| difference - slope * price.usd)
        .collect();
    Some(fieller(&at_0, &slopes))
}

/// Where a line with a mean of the first as its value at 0, and a mean of the second as its slope, meets 0.
fn fieller(at_0: &[f64], slopes: &[f64]) -> BreakEven {
    let n = slopes.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (a, b) = (mean(at_0), mean(slopes));
    let covariance = |one: &[f64], other: &[f64]| {
        let (m, o) = (mean(one), mean(other));
        let products = one.iter().zip(other).map(|(x, y)| (x - m) * (y - o));
        products.sum::<f64>() / (n - 1.0)
    };
    let t = student_975(slopes.len() as u32 - 1);
    let share = t * t / n;
    // q p² + 2 r p + s ≤ 0
    let q = b * b - share * covariance(slopes, slopes);
    let r = a * b - share * covariance(at_0, slopes);
    let s = a * a - share * covariance(at_0, at_0);
    let inside = r * r - q * s;
    let pieces: Vec<[Option<f64>; 2]> = if q > 0.0 && inside >= 0.0 {
        let root = math::sqrt(inside);
        vec![[Some((-r - root) / q), Some((-r + root) / q)]]
    } else if q < 0.0 && inside > 0.0 {
        let root = math::sqrt(inside);
        // Divided by what is negative, the roots change places.
        let (low, high) = ((-r + root) / q, (-r - root) / q);
        vec![[None, Some(low)], [Some(high), None]]
    } else {
        vec![[None, None]]
    };
    BreakEven {
        at: Some(-a / b).filter(|at| *at >= 0.0 && at.is_finite()),
        undecided: pieces.into_iter().filter_map(from_0).collect(),
        first_below: b > 0.0,
        line: [a, b],
    }
}

/// What of a piece is not below 0.
fn from_0([low, high]: [Option<f64>; 2]) -> Option<[Option<f64>; 2]> {
    if high.is_some_and(|high| high < 0.0) {
        return None;
    }
    Some([Some(low.unwrap_or(0.0).max(0.0)), high])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_noise_the_set_is_the_point() {
        let found = fieller(&[-6.0, -6.0, -6.0], &[2.0, 2.0, 2.0]);
        assert_eq!(found.at, Some(3.0));
        assert_eq!(found.undecided, [[Some(3.0), Some(3.0)]]);
        assert!(found.first_below);
        let never = fieller(&[6.0, 6.0], &[2.0, 2.0]);
        assert_eq!((never.at, never.undecided.len()), (None, 0));
    }

    /// The ends are where the t interval of a + b·p touches 0.
    #[test]
    fn the_ends_are_where_the_interval_touches_0() {
        let at_0 = [-5.0, -6.5, -6.0, -7.0, -5.5];
        let slopes = [2.0, 2.3, 1.9, 2.2, 1.7];
        let found = fieller(&at_0, &slopes);
        let [[Some(low), Some(high)]] = found.undecided[..] else {
            panic!("{found:?}");
        };
        for end in [low, high] {
            let at: Vec<f64> = at_0.iter().zip(&slopes).map(|(a, b)| a + b * end).collect();
            let estimate = Estimate::of(&at, crate::measure::estimate::Scale::Plain)
                .and_then(|estimate| estimate.ci95)
                .expect("an interval");
            let nearest = estimate[0].abs().min(estimate[1].abs());
            assert!(nearest < 1e-9, "{end}: {estimate:?}");
        }
        assert!(low < 3.0 && 3.0 < high);
    }

    /// A slope that may be of either sign leaves both ends open, and perhaps a gap.
    #[test]
    fn a_slope_that_may_be_0_leaves_the_set_open() {
        let gap = fieller(&[-10.0, -10.2, -9.8, -10.1], &[0.5, -0.3, 0.4, -0.2]);
        assert_eq!(gap.undecided.len(), 1, "{gap:?}");
        let [low, high] = gap.undecided[0];
        assert!(
            low.is_some_and(|low| low > 0.0) && high.is_none(),
            "{gap:?}"
        );
        let all = fieller(&[-1.0, 1.0, 0.5, -0.7], &[0.5, -0.3, 0.4, -0.2]);
        assert_eq!(all.undecided, [[Some(0.0), None]]);
    }

    #[test]
    fn pieces_cover_all_prices() {
        let less = |found: &BreakEven| -> Vec<Less> {
            let pieces = found.pieces();
            let joined = pieces.windows(2).all(|two| two[0].to == two[1].from);
            assert!(
                joined && pieces.last().is_some_and(|last| last.to.is_none()),
                "{pieces:?}"
            );
            pieces.iter().map(|piece| piece.less).collect()
        };
        use Less::{First, Second, Undecided};
        let crossing = fieller(&[-5.0, -6.5, -6.0, -7.0, -5.5], &[2.0, 2.3, 1.9, 2.2, 1.7]);
        assert_eq!(less(&crossing), [First, Undecided, Second]);
        let never = fieller(&[6.0, 6.0], &[2.0, 2.0]);
        assert_eq!(less(&never), [Second]);
        let open = fieller(&[-10.0, -10.2, -9.8, -10.1], &[0.5, -0.3, 0.4, -0.2]);
        assert_eq!(less(&open), [First, Undecided]);
        let all = fieller(&[-1.0, 1.0, 0.5, -0.7], &[0.5, -0.3, 0.4, -0.2]);
        assert_eq!(less(&all), [Undecided]);
        let two = fieller(&[1.0, -1.2, 0.8, -0.9], &[-0.9, -1.1, -1.0, -1.05]);
        assert_eq!(less(&two), [Undecided, First]);
    }
}
