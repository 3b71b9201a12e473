//! At most so many asks a second, the rest in line: a leaky bucket.
//!
//! ```text
//!   asks ──▶ ▁▂▅▇ line ──▶ bucket of `burst` asks, leaking `per_second` ──▶ admitted
//! ```
//!
//! The generic cell rate algorithm (ITU-T Recommendation I.371, annex A), as a shaper: what comes too soon
//! waits instead of being turned away. One number is kept, the theoretical arrival time (TAT): when the next
//! ask would come if they came evenly. An ask may come `burst` − 1 gaps before that; each moves it on by a gap
//! from the later of its own arrival and the TAT. The same as a bucket of `burst` tokens that fills at
//! `per_second` (cf. the committed rate and burst of RFC 2697).
//!
//! With `burst` 1, Poisson arrivals wait as in M/D/1: ρ / (2μ(1 − ρ)) on average.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{Count, LONGEST, Rate};
use crate::sim::clock::{SECOND, Time};

/// A limit on all asks of the feed together; what exceeds it waits in line, first come, first served.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    /// Asks a second in the long run; above 0.
    pub per_second: Rate,
    /// Asks that may go at once after a quiet time. Default: 1, so that all are at least a gap apart.
    #[serde(default = "one")]
    pub burst: Count,
}

fn one() -> Count {
    Count::of(1)
}

impl RateLimit {
    /// The bucket that holds to it.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        Bucket::new(self.per_second.get(), self.burst.get())
    }
}

/// Parts of a microsecond that the bucket counts in: a gap between asks is no whole microsecond, and what
/// is rounded must not add up.
const PARTS: i128 = 1 << 32;

/// The bucket: when each ask may go.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Between asks in the long run, in parts of a microsecond.
    gap: i128,
    /// How much sooner than the TAT an ask may come.
    tolerance: i128,
    /// The theoretical arrival time.
    tat: i128,
}

impl Bucket {
    /// An empty bucket: `burst` asks may go at once.
    ///
    /// `per_second` is above 0 and at most a billion; from one ask in a hundred years down it makes no
    /// difference.
    #[must_use]
    pub fn new(per_second: f64, burst: u32) -> Self {
        let gap = SECOND as f64 * PARTS as f64 / per_second;
        let gap = (gap as i128).clamp(1, i128::from(LONGEST) * PARTS);
        Self {
            gap,
            tolerance: gap * i128::from(burst.saturating_sub(1)),
            tat: 0,
        }
    }

    /// When an ask that comes at `at` may go: never before, and never before one that came earlier. Asks
    /// come in the order of time.
    #[inline]
    pub fn admit(&mut self, at: Time) -> Time {
        let arrival = i128::from(at) * PARTS;
        // The next whole microsecond; the TAT itself is not rounded.
        let earliest = (self.tat - self.tolerance + PARTS - 1).div_euclid(PARTS);
        self.tat = self.tat.max(arrival).saturating_add(self.gap);
        earliest.clamp(i128::from(at), i128::from(Time::MAX)) as Time
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::clock::MILLISECOND;
    use crate::sim::distribution::Exponential;
    use crate::sim::random::Key;
    use proptest::prelude::*;
    use rand_distr::Distribution;

    fn admitted(bucket: &mut Bucket, arrivals: &[Time]) -> Vec<Time> {
        arrivals.iter().map(|at| bucket.admit(*at)).collect()
    }

    #[test]
    fn asks_are_a_gap_apart() {
        let mut bucket = Bucket::new(1_000.0, 1);
        let went = admitted(&mut bucket, &[5, 5, 5, 10_000, 10_500]);
        assert_eq!(went, [5, 1_005, 2_005, 10_000, 11_000]);
    }

    #[test]
    fn a_burst_goes_at_once() {
        let mut bucket = Bucket::new(1_000.0, 3);
        let went = admitted(
            &mut bucket,
            &[0, 0, 0, 0, 0, 10_000, 10_000, 10_000, 10_000],
        );
        assert_eq!(
            went,
            [0, 0, 0, 1_000, 2_000, 10_000, 10_000, 10_000, 11_000]
        );
    }

    /// Three a second is a gap of 333,333.3… microseconds: after an hour nothing has been lost.
    #[test]
    fn rounding_does_not_add_up() {
        for (per_second, asks) in [(3.0, 10_800), (7.0, 25_200), (700_000.0, 700_001)] {
            let mut bucket = Bucket::new(per_second, 1);
            for ask in 0..asks {
                let exact = f64::from(ask) / per_second * SECOND as f64;
                let went = bucket.admit(0);
                assert!(
                    went as f64 >= exact - 1e-3 && (went as f64) < exact + 1.001,
                    "{per_second}: ask {ask} went at {went}, not {exact}"
                );
            }
        }
    }

    #[test]
    fn extreme_limits_are_no_reason_to_panic() {
        for (per_second, burst) in [(1e-300, 100_000_000), (1e9, 1), (1e9, 0), (1e-9, 1)] {
            let mut bucket = Bucket::new(per_second, burst);
            assert_eq!(bucket.admit(7), 7);
            let mut last = 7;
            for _ in 0..1_000 {
                let went = bucket.admit(LONGEST);
                assert!(went >= last);
                last = went;
            }
        }
    }

    proptest! {
        /// The definition: as early as can be, in order, and in no stretch of time more than its share and
        /// a burst.
        #[test]
        fn a_token_bucket_does_the_same(
            gaps in prop::collection::vec(0..5_000_i64, 1..200), per_second in 1..2_000_u32, burst in 1..6_u32,
        ) {
            let mut bucket = Bucket::new(f64::from(per_second), burst);
            // Time in parts of which a microsecond has `per_second`, so that a token takes a whole number of
            // them to arrive: a million.
            let (token, part) = (i128::from(SECOND), i128::from(per_second));
            let full = token * i128::from(burst);
            let (mut tokens, mut at, mut arrival) = (full, 0, 0);
            for gap in gaps {
                arrival += gap;
                let start = at.max(i128::from(arrival) * part);
                tokens = (tokens + start - at).min(full);
                let wait = (token - tokens).max(0);
                at = start + wait;
                tokens += wait - token;
                let whole = (at + part - 1) / part;
                // A gap is rounded down to 2^-32 of a microsecond, which may tip a whole one.
                let went = i128::from(bucket.admit(arrival));
                prop_assert!(went == whole || went == whole - 1, "{} and {}", went, whole);
            }
        }
    }

    /// Poisson arrivals at a bucket without burst wait as in M/D/1 (Pollaczek and Khinchine): |z| ≤ 4 over 40
    /// replicates at each load.
    #[test]
    fn poisson_arrivals_wait_as_in_m_d_1() {
        const REPLICATES: u32 = 40;
        let service = MILLISECOND as f64;
        for load in [0.2, 0.5, 0.8] {
            let expected = load * service / (2.0 * (1.0 - load));
            let means: Vec<f64> = (0..REPLICATES)
                .map(|replicate| {
                    let mut stream = Key::replicate(2026, replicate).stream();
                    let mut bucket = Bucket::new(1_000.0, 1);
                    let mut arrival = 0.0;
                    let (mut waited, mut asks) = (0, 0_u32);
                    for ask in 0..40_000 {
                        let gap: f64 = Exponential.sample(&mut stream);
                        arrival += gap * service / load;
                        let at = arrival as Time;
                        let went = bucket.admit(at);
                        if ask >= 5_000 {
                            waited += went - at;
                            asks += 1;
                        }
                    }
                    waited as f64 / f64::from(asks)
                })
                .collect();
            let n = f64::from(REPLICATES);
            let mean = means.iter().sum::<f64>() / n;
            let variance = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>() / (n - 1.0);
            let z = (mean - expected) / (variance / n).sqrt();
            println!("load {load}: waited {mean} us, expected {expected} us, z {z}");
            assert!(z.abs() <= 4.0, "load {load}: z = {z}");
        }
    }
}
