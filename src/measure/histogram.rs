//! A histogram of durations whose quantiles are right within 3 %.
//!
//! Buckets are log-linear (32 to each doubling), as in HdrHistogram. Counts are integers, so that adding
//! histograms in any order gives the same bits.

use crate::sim::clock::Time;

/// Buckets to each doubling: a bucket is at most 1/32 of its value wide.
const PER_DOUBLING: u32 = 32;
const BUCKETS: usize = (64 - 5) * PER_DOUBLING as usize;

/// Counts of durations in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    counts: Vec<u64>,
    /// A uniform piece still growing: the same one comes again and again.
    piece: Option<(Time, Time, u64)>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            piece: None,
        }
    }
}

/// The bucket of a duration; below 32 each value has its own.
#[inline]
fn bucket(value: Time) -> usize {
    let value = value.max(0) as u64;
    let top = 63 - (value | 1).leading_zeros();
    let shift = top.saturating_sub(5);
    ((u64::from(shift * PER_DOUBLING)) + (value >> shift)) as usize
}

/// The lowest value of a bucket.
fn low(bucket: usize) -> Time {
    let bucket = bucket as u64;
    let doubling = u64::from(PER_DOUBLING);
    if bucket < 2 * doubling {
        return bucket as Time;
    }
    let shift = bucket / doubling - 1;
    ((bucket - shift * doubling) << shift) as Time
}

impl Histogram {
    /// Counts `count` durations of `value`.
    #[inline]
    pub fn add(&mut self, value: Time, count: u64) {
        self.counts[bucket(value)] += count;
    }

    /// Counts `count` durations spread uniformly over `from..to`, as if at random: exactly their expected
    /// number in each bucket, up to a rounding that adds up.
    pub fn add_uniform(&mut self, from: Time, to: Time, count: u64) {
        let length = to - from;
        if length <= 0 {
            self.add(from, count);
            return;
        }
        let mut index = bucket(from);
        let mut given = 0;
        while given < count {
            let edge = low(index + 1).min(to);
            let share = u128::from(count) * (edge - from) as u128 / length as u128;
            let upto = if edge == to { count } else { share as u64 };
            self.counts[index] += upto - given;
            given = upto;
            index += 1;
        }
    }

    /// Like [`Self::add_uniform`], for a piece that comes again and again (the gap between polls).
    #[inline]
    pub fn add_again(&mut self, from: Time, to: Time, count: u64) {
        match &mut self.piece {
            Some((low, high, sum)) if *low == from && *high == to => *sum += count,
            _ => {
                self.settle();
                self.piece = Some((from, to, count));
            }
        }
    }

    /// Counts what [`Self::add_again`] has gathered.
    pub fn settle(&mut self) {
        if let Some((from, to, count)) = self.piece.take() {
            self.add_uniform(from, to, count);
        }
    }

    /// Counts `count` durations spread uniformly over `from..to` at a few evenly spaced points, shifted by
    /// `offset` (uniform in [0, 1)) of their spacing: unbiased, and cheap for pieces by the million.
    #[inline]
    pub fn add_strata(&mut self, from: Time, to: Time, count: u64, offset: u64) {
        const STRATA: u64 = 8;
        let points = count.min(STRATA);
        let spacing = (to - from) as f64 / points as f64;
        let shift = (offset >> 11) as f64 * (1.0 / (1_u64 << 53) as f64);
        // What does not divide evenly goes to points at random, or the first would always get less.
        let turn = if points > 0 {
            (offset & 0xff) % points
        } else {
            0
        };
        for i in 0..points {
            let value = from + ((i as f64 + shift) * spacing) as Time;
            let upto = (count * (i + 1) + turn) / points - (count * i + turn) / points;
            self.add(value, upto);
        }
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        if let Some((from, to, count)) = other.piece {
            self.add_uniform(from, to, count);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// How many durations were counted; after [`Self::settle`].
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The duration that this share of all does not exceed: the middle of its bucket. `None` when empty.
    /// After [`Self::settle`].
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let total = self.count();
        if total == 0 {
            return None;
        }
        let rank = libm::ceil(share * total as f64).max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                // A bucket that holds one value is that value.
                return Some((low(index) + low(index + 1) - 1) as f64 / 2.0);
            }
        }
        None
    }

    /// The shares of all that are longer than each of some durations; within the bucket of one as if spread evenly.
    /// `None` when empty. After [`Self::settle`].
    #[must_use]
    pub fn shares_above(&self, than: &[Time]) -> Option<Vec<f64>> {
        // How many are in each bucket and beyond.
        let mut from = vec![0; BUCKETS + 1];
        for (index, count) in self.counts.iter().enumerate().rev() {
            from[index] = from[index + 1] + count;
        }
        let total = from[0];
        let share = |than: &Time| {
            let own = bucket(*than);
            let (first, next) = (low(own), low(own + 1));
            // Whole microseconds of the bucket that are longer.
            let longer = (next - 1 - than) as f64 / (next - first) as f64;
            let part = self.counts[own] as f64 * longer;
            (from[own + 1] as f64 + part) / total as f64
        };
        (total > 0).then(|| than.iter().map(share).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_in_order_and_narrow() {
        for value in
            (0..5000).chain((5..62).flat_map(|bit| [(1_i64 << bit) - 1, 1 << bit, (1 << bit) + 1]))
        {
            let index = bucket(value);
            assert!(low(index) <= value && value < low(index + 1), "{value}");
            assert!(
                (low(index + 1) - low(index)) as f64 <= 1.0_f64.max(value as f64 / 31.0),
                "{value}"
            );
        }
    }

    #[test]
    fn uniform_pieces_have_uniform_quantiles() {
        let mut exact = Histogram::default();
        exact.add_uniform(1000, 3_600_000_000, 1_000_000);
        let mut strata = Histogram::default();
        for i in 0..20_000 {
            let offset = crate::sim::random::Key::replicate(3, i).word();
            strata.add_strata(1000, 3_600_000_000, 50, offset);
        }
        for histogram in [exact, strata] {
            assert_eq!(histogram.count(), 1_000_000);
            for share in [0.05, 0.5, 0.95, 0.99] {
                let quantile = histogram.quantile(share).unwrap();
                let expected = 1000.0 + share * 3_599_999_000.0;
                assert!(
                    (quantile / expected - 1.0).abs() < 0.03,
                    "{share}: {quantile} against {expected}"
                );
                let above = histogram.shares_above(&[expected as Time]).unwrap()[0];
                assert!((above - (1.0 - share)).abs() < 0.003, "{share}: {above}");
            }
        }
    }

    #[test]
    fn shares_above_are_counted_where_values_have_buckets_of_their_own() {
        let mut few = Histogram::default();
        assert_eq!(few.shares_above(&[0]), None);
        for (value, count) in [(0, 6), (3, 1), (20, 3)] {
            few.add(value, count);
        }
        let above = few.shares_above(&[0, 2, 3, 19, 20, 5000]);
        assert_eq!(above, Some(vec![0.4, 0.4, 0.3, 0.3, 0.0, 0.0]));
    }
}
