//! Whole numbers drawn from a table: by inversion, so that they can be drawn within a range.

/// A distribution on 0, 1, …, n − 1.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// Share below each number; one more than there are numbers.
    below: Vec<f64>,
    /// Where the search for each 4,096th of the unit interval starts (the guide table of H.-C. Chen and
    /// Y. Asau, AIIE Transactions 6, 1974).
    guide: Vec<u16>,
}

const GUIDES: usize = 4_096;

impl Table {
    /// From weights, 0 or more, of which some are above 0; at most 65,536.
    pub(super) fn new(weights: &[f64]) -> Self {
        let total: f64 = weights.iter().sum();
        let mut below = vec![0.0];
        let mut sum = 0.0;
        for weight in weights {
            sum += weight;
            below.push(sum / total);
        }
        // All that is left of the unit interval is the last number's that can be drawn.
        let last = weights.iter().rposition(|w| *w > 0.0).unwrap_or(0);
        below[last + 1..].fill(1.0);
        let mut guide = Vec::with_capacity(GUIDES);
        let mut number = 0;
        for slot in 0..GUIDES {
            let unit = slot as f64 / GUIDES as f64;
            while below[number + 1] <= unit {
                number += 1;
            }
            guide.push(number as u16);
        }
        Self { below, guide }
    }

    /// The share of numbers below this one.
    pub(super) fn below(&self, number: usize) -> f64 {
        self.below[number.min(self.below.len() - 1)]
    }

    /// The share of one number.
    pub(super) fn share(&self, number: usize) -> f64 {
        self.below(number + 1) - self.below(number)
    }

    /// The mean.
    pub(super) fn mean(&self) -> f64 {
        (0..self.below.len() - 1)
            .map(|number| number as f64 * self.share(number))
            .sum()
    }

    /// The number at this point of the unit interval.
    #[inline]
    pub(super) fn at(&self, unit: f64) -> usize {
        let mut number = self.guide[(unit * GUIDES as f64) as usize] as usize;
        while self.below[number + 1] <= unit {
            number += 1;
        }
        number
    }
}

/// Counts of the Panjer class, by inversion: Poisson and negative binomial (R. Sundt, W. S. Jewell, ASTIN
/// Bulletin 12, 1981). The chance of n is the chance of n − 1 times a + b / n.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counts {
    /// The chance of 0.
    none: f64,
    /// Where inversion starts, and the chance of that: at 0, unless 0 is too rare for a number to hold.
    first: u32,
    start: f64,
    a: f64,
    b: f64,
    mean: f64,
}

impl Counts {
    /// Poisson.
    pub(super) fn poisson(mean: f64) -> Self {
        let none = crate::sim::math::exp(-mean);
        Self::new(none, -mean, (0.0, mean), mean)
    }

    /// Poisson with a mean that is itself a gamma variate: variance = mean + overdispersion · mean².
    pub(super) fn overdispersed(mean: f64, overdispersion: f64) -> Self {
        // A billionth is too little for 1 − a below, and for anybody to tell.
        if overdispersion < 1e-9 {
            return Self::poisson(mean);
        }
        let shape = 1.0 / overdispersion;
        let a = mean / (mean + shape);
        let none = crate::sim::math::pow(1.0 - a, shape);
        let log_none = -shape * crate::sim::math::log1p(mean / shape);
        Self::new(none, log_none, (a, (shape - 1.0) * a), mean)
    }

    fn new(none: f64, log_none: f64, (a, b): (f64, f64), mean: f64) -> Self {
        let (mut first, mut start) = (0, none);
        if none < 1e-290 {
            // What is rarer than 1e-30 is never drawn: a uniform number has 53 bits.
            let mut log = log_none;
            while log < -69.0 && f64::from(first) < mean {
                first += 1;
                log += crate::sim::math::log(a + b / f64::from(first));
            }
            start = crate::sim::math::exp(log);
        }
        Self {
            none,
            first,
            start,
            a,
            b,
            mean,
        }
    }

    /// The chance of 0.
    pub(super) fn none(&self) -> f64 {
        self.none
    }

    /// The count at this point of the unit interval.
    #[inline]
    pub(super) fn at(&self, unit: f64) -> u32 {
        let mut left = unit;
        let mut chance = self.start;
        let mut count = self.first;
        // The chances may add up to a little less than 1: beyond the mean, stop where they vanish.
        while left >= chance && (chance > 1e-18 || f64::from(count) < self.mean) {
            left -= chance;
            count += 1;
            chance *= self.a + self.b / f64::from(count);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_invert() {
        let table = Table::new(&[0.0, 1.0, 0.0, 2.0, 1.0, 0.0]);
        for (unit, number) in [
            (0.0, 1),
            (0.2499, 1),
            (0.25, 3),
            (0.7499, 3),
            (0.75, 4),
            (0.999_999_999, 4),
        ] {
            assert_eq!(table.at(unit), number, "{unit}");
        }
        assert!((table.mean() - 2.75).abs() < 1e-12);
        assert!((table.share(3) - 0.5).abs() < 1e-12);
    }

    /// Mean and variance over an even grid of the unit interval, to 0.2 %: the grid's own error.
    #[test]
    fn counts_have_the_moments_of_their_law() {
        let grid = 200_000;
        let check = |counts: Counts, mean: f64, variance: f64| {
            let (mut first, mut second) = (0.0, 0.0);
            for i in 0..grid {
                let n = f64::from(counts.at((f64::from(i) + 0.5) / f64::from(grid)));
                first += n;
                second += (n - mean) * (n - mean);
            }
            let (first, second) = (first / f64::from(grid), second / f64::from(grid));
            assert!((first / mean - 1.0).abs() < 2e-3, "{counts:?}: {first}");
            assert!(
                (second / variance - 1.0).abs() < 2e-3,
                "{counts:?}: {second} against {variance}"
            );
        };
        // From a mean of some 700 on, the chance of 0 is too small for a number.
        for mean in [0.05, 3.0, 60.0, 2_000.0] {
            check(Counts::poisson(mean), mean, mean);
            check(
                Counts::overdispersed(mean, 1.0 / 2.7),
                mean,
                mean + mean * mean / 2.7,
            );
            let little = Counts::overdispersed(mean, 1e-4);
            check(little, mean, mean + 1e-4 * mean * mean);
        }
        assert_eq!(Counts::poisson(0.0).at(0.999), 0);
        assert_eq!(Counts::overdispersed(0.0, 0.5).at(0.999), 0);
    }
}
