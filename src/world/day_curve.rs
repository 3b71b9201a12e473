//! When in a day travellers are about.

use crate::sim::clock::{DAY, HOUR, Time};
use crate::sim::math;

/// Shares of a day's searches and bookings by hour of the day in UTC, 00:00 first, in per mille: quiet before
/// dawn, a plateau over office hours, a peak in the evening. Assumed; the published bookings have no hours.
pub(crate) const TYPICAL: [u16; 24] = [
    23, 14, 9, 7, 7, 10, 18, 30, 42, 53, 59, 60, 56, 55, 56, 56, 56, 55, 56, 60, 65, 65, 52, 36,
];

/// The distribution of moments over a day: constant density by pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCurve {
    /// The pieces that make up the day.
    pieces: Vec<Piece>,
    /// By the nearest part of the mass.
    slots: Box<[Slot; SLOTS + 1]>,
}

/// So many parts, one less than a power of two: of a day with an hour to each piece, nearly all lie within one.
const SLOTS: usize = 1023;

/// What is nearest to a part of the mass.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Slot {
    /// Within a piece: microseconds for each unit of mass. Less than nothing where others follow, or where nobody is
    /// about after it, as what rounding makes of its end matters there.
    per_mass: f64,
    /// Microseconds at a share of 0; else the index of the piece in which it starts.
    at_none: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    from: Time,
    to: Time,
    /// The share of the day's mass before it, and before its end.
    low: f64,
    high: f64,
    /// Microseconds for each unit of mass.
    per_mass: f64,
}

impl DayCurve {
    /// The same at all hours.
    #[must_use]
    pub fn flat() -> Self {
        Self::new(&[(0, DAY, 1.0)]).0
    }

    /// A typical day.
    #[must_use]
    pub fn typical() -> Self {
        let hours: Vec<(Time, Time, f64)> = (0..)
            .zip(TYPICAL)
            .map(|(hour, share)| {
                let from = hour * HOUR;
                (from, from + HOUR, f64::from(share))
            })
            .collect();
        Self::new(&hours).0
    }

    /// From pieces `(from, to, density)` that make up the day; with it their mass. Where that is 0, the day is
    /// flat.
    pub(super) fn new(pieces: &[(Time, Time, f64)]) -> (Self, f64) {
        let mass = |(from, to, density): &(Time, Time, f64)| density * (to - from) as f64;
        let total: f64 = pieces.iter().map(mass).sum();
        if total <= 0.0 {
            return (Self::flat(), 0.0);
        }
        let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let low = all.last().map_or(0.0, |last| last.high);
            let share = mass(piece) / total;
            let length = (piece.1 - piece.0) as f64;
            all.push(Piece {
                from: piece.0,
                to: piece.1,
                low,
                high: low + share,
                per_mass: if share > 0.0 { length / share } else { 0.0 },
            });
        }
        // What rounding leaves is the last piece's that has any mass.
        let last = all.iter().rposition(|piece| piece.high > piece.low);
        for (index, piece) in all.iter_mut().enumerate().skip(last.unwrap_or(0)) {
            piece.high = 1.0;
            if Some(index) != last {
                piece.low = 1.0;
            }
        }
        let mut index = 0;
        let slots = Box::new(std::array::from_fn(|slot| {
            let ends = [-0.5, 0.5].map(|half| (slot as f64 + half) / SLOTS as f64);
            while all[index].high <= ends[0].max(0.0) {
                index += 1;
            }
            let piece = all[index];
            let next = all.get(index + 1);
            let goes_on = next.is_none_or(|next| next.high > next.low);
            let is_within = goes_on || ends[1] + 1.0 / SLOTS as f64 <= piece.high;
            if ends[1].min(1.0) <= piece.high && is_within {
                Slot {
                    per_mass: piece.per_mass,
                    at_none: piece.from as f64 - piece.low * piece.per_mass,
                }
            } else {
                Slot {
                    per_mass: -1.0,
                    at_none: index as f64,
                }
            }
        }));
        let curve = Self { pieces: all, slots };
        (curve, total)
    }

    /// The same day with densities multiplied by pieces that make up the day; with it the share of the mass
    /// that is left, or gained.
    pub(super) fn times(&self, pieces: &[(Time, Time, f64)]) -> (Self, f64) {
        let mut finer = Vec::new();
        for own in &self.pieces {
            let density = (own.high - own.low) / (own.to - own.from) as f64;
            for &(from, to, factor) in pieces {
                let (from, to) = (from.max(own.from), to.min(own.to));
                if from < to {
                    finer.push((from, to, density * factor));
                }
            }
        }
        Self::new(&finer)
    }

    /// The share of the day's mass before a time of the day.
    #[must_use]
    pub fn below(&self, time: Time) -> f64 {
        let piece = self.pieces.partition_point(|piece| piece.to <= time);
        self.pieces.get(piece).map_or(1.0, |piece| {
            let part = (time - piece.from) as f64 / (piece.to - piece.from) as f64;
            piece.low + (piece.high - piece.low) * part.max(0.0)
        })
    }

    /// The time of the day before which this share of its mass lies, to the microsecond.
    #[must_use]
    #[inline]
    pub fn at(&self, share: f64) -> Time {
        math::nearest(math::least(self.moment(share), (DAY - 1) as f64))
    }

    /// The same before it is rounded, which may make the end of the day of it.
    #[must_use]
    #[inline(always)]
    pub(super) fn moment(&self, share: f64) -> f64 {
        // What is no share finds a slot, too.
        let slot = math::nearest_bits(share * SLOTS as f64, SLOTS);
        let Slot { per_mass, at_none } = self.slots[slot];
        if per_mass < 0.0 {
            return self.at_uneven(at_none as usize, share) as f64;
        }
        at_none + share * per_mass
    }

    /// The same, from the piece of this index on.
    #[cold]
    #[inline(never)]
    fn at_uneven(&self, first: usize, share: f64) -> Time {
        let mut ahead = self.pieces[first..].iter();
        let piece = ahead.find(|piece| piece.high > share);
        let last = || self.pieces.iter().rfind(|piece| piece.high > piece.low);
        let piece = piece.or_else(last);
        piece.map_or(DAY - 1, |piece| piece.at(share).min(piece.to - 1))
    }
}

impl Piece {
    /// When this share of the day's mass is reached within it: its end at the latest.
    fn at(&self, share: f64) -> Time {
        let after = math::nearest((share - self.low) * self.per_mass);
        self.from + after.clamp(0, self.to - self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typical_day_is_whole() {
        assert_eq!(TYPICAL.iter().sum::<u16>(), 1_000);
    }

    #[test]
    fn times_of_day_invert_shares() {
        let halved = DayCurve::typical().times(&[(0, 7 * HOUR + 1, 1.0), (7 * HOUR + 1, DAY, 0.0)]);
        assert!((halved.1 - 0.088).abs() < 1e-3, "{}", halved.1);
        for curve in [DayCurve::flat(), DayCurve::typical(), halved.0] {
            assert_eq!(curve.below(0), 0.0);
            assert_eq!(curve.below(DAY), 1.0);
            let mut last = 0;
            for step in 0..10_000 {
                let share = f64::from(step) / 10_000.0;
                let at = curve.at(share);
                assert!((last..DAY).contains(&at));
                let next = curve.below(at + 1).max(curve.below(at));
                assert!(
                    curve.below(at) <= share + 1e-9 && next >= share - 1e-9,
                    "{share}"
                );
                last = at;
            }
        }
        assert_eq!(DayCurve::flat().at(0.25), DAY / 4);
        assert!(DayCurve::typical().at(1.0 - f64::EPSILON) > 23 * HOUR);
    }

    /// At the edges of its parts and of hours, in hours of which some have no weight, and where rounding leaves the
    /// day: nobody is about in those.
    #[test]
    fn times_of_day_are_where_there_is_weight() {
        let of = |weights: [u8; 4]| {
            let quarters: Vec<(Time, Time, f64)> = (0..)
                .zip(weights)
                .map(|(quarter, weight)| {
                    let from = quarter * DAY / 4;
                    (from, from + DAY / 4, f64::from(weight))
                })
                .collect();
            (DayCurve::new(&quarters).0, weights)
        };
        for (curve, weights) in [
            of([0, 3, 0, 5]),
            of([1, 0, 7, 0]),
            of([0, 0, 1, 0]),
            of([1; 4]),
        ] {
            let edges = (0..=2 * SLOTS).map(|half| half as f64 / (2 * SLOTS) as f64);
            let edges = edges.chain([3.0 / 8.0, 1.0 / 8.0]);
            let near = edges.flat_map(|edge| {
                [-1e-10, -f64::EPSILON, 0.0, f64::EPSILON, 1e-10].map(|off| edge + off)
            });
            // A rounding beyond the day at most.
            let within = near.map(|share| share.clamp(-f64::EPSILON, 1.0 + f64::EPSILON));
            let mut shares: Vec<f64> = within.collect();
            shares.sort_by(f64::total_cmp);
            let mut last = 0;
            for share in shares {
                let at = curve.at(share);
                assert!((0..DAY).contains(&at), "{share}: {at}");
                assert!(weights[(at * 4 / DAY) as usize] > 0, "{share}: {at}");
                // To the microsecond.
                assert!(at + 1 >= last, "{share}: {at} after {last}");
                last = at;
            }
            for share in [-1.0, 2.0, f64::NAN, f64::INFINITY] {
                let _: Time = curve.at(share);
            }
        }
    }

    #[test]
    fn a_day_without_mass_is_flat() {
        let (curve, mass) = DayCurve::typical().times(&[(0, DAY, 0.0)]);
        assert_eq!((curve, mass), (DayCurve::flat(), 0.0));
    }
}
