//! What befalls a world for a while, the same for all designs: more or less traffic, more or less demand, a
//! rule that the domain does not have yet.

use super::group::{Ignores, RuleBook};
use crate::sim::clock::Time;

/// What befalls a world. Times are on the run's clock, whose 0 is the start of the warm-up. An interval that
/// is empty, and a factor of 1, change nothing at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shocks {
    /// From, to, and what searches are multiplied by (0 or more); where intervals overlap, by all of them.
    pub traffic: Vec<(Time, Time, f64)>,
    /// The same for booking requests made in the interval. In `two_state`, for the rate of selling out.
    pub demand: Vec<(Time, Time, f64)>,
    /// Rules that the domain leaves out until a moment, and has from then on.
    pub rules: Vec<(Ignores, Time)>,
}

impl Shocks {
    /// What traffic is multiplied by, on average until `end`.
    #[must_use]
    pub fn mean_traffic(&self, end: Time) -> f64 {
        Factors::new(&self.traffic).mean(end)
    }

    /// The most that traffic is multiplied by before `end`.
    #[must_use]
    pub fn most_traffic(&self, end: Time) -> f64 {
        let factors = Factors::new(&self.traffic);
        let pieces = factors.pieces(0, end);
        pieces.fold(0.0, |most, (_, _, factor)| factor.max(most))
    }

    /// What demand is multiplied by, on average until `end`.
    #[must_use]
    pub fn mean_demand(&self, end: Time) -> f64 {
        Factors::new(&self.demand).mean(end)
    }

    /// The rules that the domain itself follows, and from when on.
    #[must_use]
    pub fn rule_book(&self) -> RuleBook {
        let mut moments: Vec<Time> = self.rules.iter().map(|(_, at)| *at).collect();
        moments.push(Time::MIN);
        moments.sort_unstable();
        moments.dedup();
        let left_out = |now: Time| {
            let later = self.rules.iter().filter(|(_, at)| *at > now);
            later.fold(Ignores::NONE, |all, (ignores, _)| all.and(*ignores))
        };
        let from = moments.into_iter().map(|at| (at, left_out(at))).collect();
        RuleBook { from }
    }
}

/// A factor that is constant by pieces, 1 before and after them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Factors {
    /// From each moment on, in time order, neighbours unlike.
    from: Vec<(Time, f64)>,
}

impl Factors {
    pub(super) fn new(intervals: &[(Time, Time, f64)]) -> Self {
        let real = |(from, to, factor): &&(Time, Time, f64)| from < to && *factor != 1.0;
        let real: Vec<&(Time, Time, f64)> = intervals.iter().filter(real).collect();
        let mut moments: Vec<Time> = real.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
        moments.sort_unstable();
        moments.dedup();
        let mut from = vec![(Time::MIN, 1.0)];
        for at in moments {
            let under_way = real
                .iter()
                .filter(|(from, to, _)| (*from..*to).contains(&at));
            let factor = under_way.fold(1.0, |product, (_, _, factor)| product * factor);
            if from.last().is_none_or(|(_, last)| *last != factor) {
                from.push((at, factor));
            }
        }
        Self { from }
    }

    /// Whether it is 1 throughout.
    pub(super) fn is_one(&self) -> bool {
        self.from.len() == 1
    }

    /// Its mean from 0 to `end`, which is later.
    fn mean(&self, end: Time) -> f64 {
        let pieces = self.pieces(0, end);
        let sum: f64 = pieces
            .map(|(from, to, factor)| (to - from) as f64 * factor)
            .sum();
        sum / end as f64
    }

    /// The factor at a moment, and until when it holds ([`Time::MAX`] for ever).
    pub(super) fn at(&self, at: Time) -> (f64, Time) {
        let next = self.from.partition_point(|(from, _)| *from <= at).max(1);
        let until = self.from.get(next).map_or(Time::MAX, |(from, _)| *from);
        (self.from[next - 1].1, until)
    }

    /// The pieces of `from..to`, each as (from, to, factor).
    pub(super) fn pieces(&self, from: Time, to: Time) -> impl Iterator<Item = (Time, Time, f64)> {
        let mut now = from;
        std::iter::from_fn(move || {
            (now < to).then(|| {
                let (factor, until) = self.at(now);
                let piece = (now, until.min(to), factor);
                now = piece.1;
                piece
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::group::Rule;

    #[test]
    fn factors_multiply_where_intervals_overlap() {
        let factors = Factors::new(&[(10, 30, 2.0), (20, 40, 3.0), (25, 25, 9.0), (0, 99, 1.0)]);
        let pieces: Vec<_> = factors.pieces(0, 50).collect();
        assert_eq!(
            pieces,
            [
                (0, 10, 1.0),
                (10, 20, 2.0),
                (20, 30, 6.0),
                (30, 40, 3.0),
                (40, 50, 1.0)
            ]
        );
        assert_eq!(factors.pieces(12, 15).collect::<Vec<_>>(), [(12, 15, 2.0)]);
        assert!(!factors.is_one());
        assert_eq!(factors.mean(50), (10.0 + 20.0 + 60.0 + 30.0 + 10.0) / 50.0);
    }

    #[test]
    fn what_is_empty_or_one_is_nothing() {
        assert!(Factors::new(&[(5, 5, 3.0), (7, 6, 2.0), (1, 9, 1.0)]).is_one());
        assert_eq!(Shocks::default().rule_book(), RuleBook::default());
    }

    #[test]
    fn a_rule_is_left_out_until_its_moment() {
        let one = Ignores::NONE.with(Rule::MinLead);
        let other = Ignores::NONE.with(Rule::MinNights);
        let shocks = Shocks {
            rules: vec![(one, 20), (other, 10)],
            ..Shocks::default()
        };
        let book = shocks.rule_book();
        assert_eq!(book.at(9), one.and(other));
        assert_eq!(book.at(10), one);
        assert_eq!(book.at(20), Ignores::NONE);
    }
}
