//! A histogram of durations whose quantiles are right within 3 %.
//!
//! Buckets are log-linear (32 to each doubling), as in HdrHistogram. Counts are integers, so that adding
//! histograms in any order gives the same bits.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::sim::clock::Time;
use crate::sim::math;

/// Buckets to each doubling: a bucket is at most 1/32 of its value wide.
const PER_DOUBLING: u32 = 32;
const BUCKETS: usize = (64 - 5) * PER_DOUBLING as usize;

/// Counts of durations in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    counts: Vec<u64>,
    /// By the end of uniform pieces that start at 0: how many durations, in [`FRACTIONS`]. Empty before the first: a
    /// run has a histogram for each design and replicate.
    ends: Vec<i64>,
    /// A uniform piece still growing: the same one comes again and again.
    piece: Option<(Time, Time, u64)>,
}

/// Ends of pieces are kept twice as finely as durations.
const ENDS_PER_DOUBLING: u32 = 2 * PER_DOUBLING;
const ENDS: usize = (64 - 6) * ENDS_PER_DOUBLING as usize;

/// Fractions of a duration.
const FRACTIONS: i64 = 1 << 16;

impl Default for Histogram {
    fn default() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            ends: Vec::new(),
            piece: None,
        }
    }
}

/// The bucket of a duration; below 32 each value has its own.
#[inline]
fn bucket(value: Time) -> usize {
    bucket_of::<PER_DOUBLING>(value)
}

/// The lowest value of a bucket.
fn low(bucket: usize) -> Time {
    low_of::<PER_DOUBLING>(bucket)
}

/// The bucket of a duration, of so many to each doubling, which is a power of two.
#[inline]
fn bucket_of<const DOUBLING: u32>(value: Time) -> usize {
    if value < Time::from(DOUBLING) {
        return value.max(0) as usize;
    }
    // A floating number's exponent and the first bits of its fraction, side by side, are the bucket, but for where
    // they begin: exactly up to 2^53, which is 285 years. `NEVER` is no duration.
    let bits = DOUBLING.trailing_zeros();
    let first = (1023 + u64::from(bits) - 1) << bits;
    ((value as f64).to_bits() >> (52 - bits)).wrapping_sub(first) as usize
}

fn low_of<const DOUBLING: u32>(bucket: usize) -> Time {
    let bucket = bucket as u64;
    let doubling = u64::from(DOUBLING);
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

    /// Counts durations one by one, as they are told.
    #[inline]
    pub fn one_by_one(&mut self) -> impl FnMut(Time) {
        // Found once for all; 2^64 of them are never reached.
        let counts = &mut self.counts[..];
        |value| {
            let count = &mut counts[bucket(value)];
            *count = count.wrapping_add(1);
        }
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
                if let Some((from, to, count)) = self.piece.replace((from, to, count)) {
                    self.add_uniform(from, to, count);
                }
            }
        }
    }

    /// Counts `count` durations spread uniformly over `from..to`, in no more time than one: a piece is kept as
    /// one from 0 to its end less one from 0 to its start, where it is not so narrow that its middle will do.
    #[inline]
    pub fn add_piece(&mut self, from: Time, to: Time, count: u64) {
        let end = bucket_of::<ENDS_PER_DOUBLING>;
        let length = to - from;
        if from == 0 {
            self.ends()[end(to)] += count as i64 * FRACTIONS;
        } else if length <= from / i64::from(PER_DOUBLING) {
            self.add(from + length / 2, count);
        } else {
            let whole = count as i64 * FRACTIONS;
            let more = (whole as f64 * (from as f64 / length as f64)) as i64;
            let ends = self.ends();
            ends[end(to)] += whole + more;
            ends[end(from)] -= more;
        }
    }

    #[inline]
    fn ends(&mut self) -> &mut [i64] {
        if self.ends.is_empty() {
            self.ends.resize(ENDS, 0);
        }
        &mut self.ends
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        if let Some((from, to, count)) = other.piece {
            self.add_uniform(from, to, count);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        if !other.ends.is_empty() {
            for (mine, theirs) in self.ends().iter_mut().zip(&other.ends) {
                *mine += theirs;
            }
        }
    }

    /// What was counted, pieces included, to be read.
    #[must_use]
    pub fn settled(&self) -> Settled<'_> {
        let mut counts = Cow::Borrowed(&self.counts[..]);
        if let Some((from, to, count)) = self.piece {
            let mut all = Self {
                counts: counts.into_owned(),
                ends: Vec::new(),
                piece: None,
            };
            all.add_uniform(from, to, count);
            counts = Cow::Owned(all.counts);
        }
        if let Some(last) = self.ends.iter().rposition(|count| *count != 0) {
            self.settle_ends(last, counts.to_mut());
        }
        Settled { counts }
    }

    /// Adds pieces that start at 0 to the buckets that they span; `last` is where the longest ends.
    fn settle_ends(&self, last: usize, counts: &mut [u64]) {
        let end = |index: usize| {
            let bounds = [index, index + 1].map(low_of::<ENDS_PER_DOUBLING>);
            ((bounds[0] + bounds[1]) as f64 / 2.0).max(1.0)
        };
        let mut upto = last + 1;
        // From the longest down: durations a microsecond, of the pieces that go on there; all found so far; and
        // those of them that were given to a bucket, whole.
        let (mut density, mut found, mut given) = (0.0, 0.0, 0);
        for index in (0..=bucket(low_of::<ENDS_PER_DOUBLING>(last))).rev() {
            let (first, next) = (low(index), low(index + 1));
            found += density * (next - first) as f64;
            while upto > 0 && low_of::<ENDS_PER_DOUBLING>(upto - 1) >= first {
                upto -= 1;
                let count = self.ends[upto] as f64 / FRACTIONS as f64;
                let end = end(upto);
                density += count / end;
                found += count * ((end - first as f64) / end);
            }
            let whole = math::floor(found + 0.5).max(0.0) as u64;
            counts[index] += whole.saturating_sub(given);
            given = given.max(whole);
        }
    }
}

/// How many durations there are in each bucket.
#[derive(Debug, Clone)]
pub struct Settled<'a> {
    counts: Cow<'a, [u64]>,
}

impl Settled<'_> {
    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The duration that this share of all does not exceed: the middle of its bucket. `None` when empty.
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
    /// `None` when empty.
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
            (0..5000).chain((5..53).flat_map(|bit| [(1_i64 << bit) - 1, 1 << bit, (1 << bit) + 1]))
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
        // Stretches of a minute begin anywhere: narrow ones are kept by their middle, which is right on the whole.
        let mut pieces = Histogram::default();
        for tiling in 0..100 {
            let shift = (crate::sim::random::Key::replicate(3, tiling).word() % 60_000) as Time;
            let mut from = 1;
            for to in (0..60)
                .map(|minute| shift + minute * 60_000)
                .chain([3_600_000])
            {
                if from < to {
                    pieces.add_piece(from * 1000, to * 1000, (to - from) as u64);
                    from = to;
                }
            }
        }
        assert_eq!(pieces.settled().count(), 100 * 3_599_999);
        assert_eq!(exact.settled().count(), 1_000_000);
        for histogram in [&exact, &pieces] {
            let histogram = histogram.settled();
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
        assert_eq!(few.settled().shares_above(&[0]), None);
        for (value, count) in [(0, 6), (3, 1), (20, 3)] {
            few.add(value, count);
        }
        let above = few.settled().shares_above(&[0, 2, 3, 19, 20, 5000]);
        assert_eq!(above, Some(vec![0.4, 0.4, 0.3, 0.3, 0.0, 0.0]));
    }
}
