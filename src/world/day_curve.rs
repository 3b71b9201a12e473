//! When in a day travellers are about.

use crate::sim::clock::{DAY, HOUR, Time};

/// Shares of a day's searches and bookings by hour of the day in UTC, 00:00 first, in per mille: quiet before
/// dawn, a plateau over office hours, a peak in the evening. Assumed; the published bookings have no hours.
const TYPICAL: [u16; 24] = [
    23, 14, 9, 7, 7, 10, 18, 30, 42, 53, 59, 60, 56, 55, 56, 56, 56, 55, 56, 60, 65, 65, 52, 36,
];

/// The distribution of moments over a day: constant density between its knots.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCurve {
    /// Knots: a time of the day, and the share of the day's mass before it.
    knots: Vec<(Time, f64)>,
    /// Microseconds for each unit of mass after each knot but the last; 0 where there is none.
    per_mass: Vec<f64>,
    /// The last knot at or below each 64th of the mass.
    guide: [u8; 64],
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
    /// flat. At most 255 pieces.
    pub(super) fn new(pieces: &[(Time, Time, f64)]) -> (Self, f64) {
        let mass = |(from, to, density): &(Time, Time, f64)| density * (to - from) as f64;
        let total: f64 = pieces.iter().map(mass).sum();
        if total <= 0.0 {
            return (Self::flat(), 0.0);
        }
        let mut knots = vec![(0, 0.0)];
        let mut per_mass = Vec::new();
        let mut below = 0.0;
        for piece in pieces {
            let share = mass(piece) / total;
            below += share;
            knots.push((piece.1, below));
            let length = (piece.1 - piece.0) as f64;
            per_mass.push(if share > 0.0 { length / share } else { 0.0 });
        }
        // What rounding leaves is the last piece's that has any mass.
        let last = per_mass.iter().rposition(|length| *length > 0.0);
        for (_, below) in &mut knots[last.unwrap_or(0) + 1..] {
            *below = 1.0;
        }
        let mut guide = [0; 64];
        let mut knot = 0_u8;
        for (slot, guide) in guide.iter_mut().enumerate() {
            while knots[usize::from(knot) + 1].1 <= slot as f64 / 64.0 {
                knot += 1;
            }
            *guide = knot;
        }
        let curve = Self {
            knots,
            per_mass,
            guide,
        };
        (curve, total)
    }

    /// The same day with densities multiplied by pieces that make up the day; with it the share of the mass
    /// that is left, or gained.
    pub(super) fn times(&self, pieces: &[(Time, Time, f64)]) -> (Self, f64) {
        let mut finer = Vec::new();
        for (own, next) in self.knots.iter().zip(&self.knots[1..]) {
            for &(from, to, factor) in pieces {
                let (from, to) = (from.max(own.0), to.min(next.0));
                if from < to {
                    let density = (next.1 - own.1) / (next.0 - own.0) as f64;
                    finer.push((from, to, density * factor));
                }
            }
        }
        Self::new(&finer)
    }

    /// The share of the day's mass before a time of the day.
    #[must_use]
    pub fn below(&self, time: Time) -> f64 {
        let next = self.knots.partition_point(|(at, _)| *at <= time);
        let (Some((from, low)), Some((to, high))) =
            (self.knots.get(next.wrapping_sub(1)), self.knots.get(next))
        else {
            return if time < 0 { 0.0 } else { 1.0 };
        };
        low + (high - low) * ((time - from) as f64 / (to - from) as f64)
    }

    /// The time of the day before which this share of its mass lies; it never falls as the share rises.
    #[must_use]
    #[inline]
    pub fn at(&self, share: f64) -> Time {
        let mut knot = usize::from(self.guide[(share * 64.0) as usize & 63]);
        while self.knots[knot + 1].1 <= share && knot + 2 < self.knots.len() {
            knot += 1;
        }
        let (from, below) = self.knots[knot];
        let after = ((share - below) * self.per_mass[knot]) as Time;
        // Rounding must not reach the next piece.
        from + after.clamp(0, self.knots[knot + 1].0 - from - 1)
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

    #[test]
    fn a_day_without_mass_is_flat() {
        let (curve, mass) = DayCurve::typical().times(&[(0, DAY, 0.0)]);
        assert_eq!((curve, mass), (DayCurve::flat(), 0.0));
    }
}
