//! How a budget of polls is shared out over stays.
//!
//! ```text
//!  budget_per_day ──▶ allocation ──▶ polls a day of each stay ──▶ its interval
//!                        ▲
//!                        └── popularity, sells out / reopens a day (the true rates)
//! ```
//!
//! Freshness here is that of the version: the share of time in which a stay has not changed since its last
//! poll. A two-state item that sells out at rate a and reopens at rate b, in equilibrium, is available with
//! chance π = b / (a + b); polled at a constant interval I = 1/f, at moments that do not depend on it, it is
//! unchanged t after a poll with chance π e^(−at) + (1 − π) e^(−bt), so
//!
//! ```text
//!   F(f) = π g(a/f) + (1 − π) g(b/f),   g(x) = (1 − e^(−x)) / x
//! ```
//!
//! With a = b changes are Poisson, and this is J. Cho, H. Garcia-Molina, "Synchronizing a database to improve
//! freshness", SIGMOD 2000, table 2.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::LONGEST;
use crate::sim::clock::{DAY, Time};
use crate::sim::math;

mod freshest;

/// How `budget_per_day` is shared out over stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// All stays alike.
    #[default]
    Uniform,
    /// In proportion to searches.
    ByPopularity,
    /// In proportion to changes a day. Often worse than `uniform`: what changes fast is stale again soon.
    ByChangeRate,
    /// The highest mean freshness over stays, knowing the true rates. Some stays may get none.
    Freshest,
}

/// What an allocation may know of a stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StayRates {
    /// The share of the run in which it can be searched, and is polled.
    pub presence: f64,
    /// Searches while it can be searched, in any unit: shares count.
    pub popularity: f64,
    /// Rate at which it sells out while available, a day.
    pub sells_out_per_day: f64,
    /// Rate at which it reopens while sold out, a day.
    pub reopens_per_day: f64,
}

impl StayRates {
    /// Changes of the answer a day in equilibrium, both ways: 2ab / (a + b).
    #[must_use]
    pub fn changes_per_day(&self) -> f64 {
        let (a, b) = (self.sells_out_per_day, self.reopens_per_day);
        if a + b > 0.0 {
            2.0 * a * b / (a + b)
        } else {
            0.0
        }
    }

    /// Freshness when polled so often, at a constant interval: 0 where it is never polled but changes.
    #[must_use]
    pub fn freshness(&self, polls_per_day: f64) -> f64 {
        let (a, b) = (self.sells_out_per_day, self.reopens_per_day);
        if a <= 0.0 || b <= 0.0 {
            return 1.0;
        }
        if polls_per_day <= 0.0 {
            return 0.0;
        }
        let unchanged = |rate: f64| {
            let x = rate / polls_per_day;
            if x > 0.0 { -math::expm1(-x) / x } else { 1.0 }
        };
        (b * unchanged(a) + a * unchanged(b)) / (a + b)
    }
}

/// Polls a day of each stay while it can be searched; weighted with their presence they add up to the budget, unless so
/// few are present that one would get more than all of it. Equal stays get equally many, in whatever order they are
/// given.
///
/// Where an allocation has nothing to go by (nobody searches, nothing changes), all stays are alike.
#[must_use]
pub fn frequencies(allocation: Allocation, budget_per_day: f64, stays: &[StayRates]) -> Vec<f64> {
    let shared = match allocation {
        Allocation::Uniform => None,
        Allocation::ByPopularity => proportional(budget_per_day, stays, |stay| stay.popularity),
        Allocation::ByChangeRate => proportional(budget_per_day, stays, StayRates::changes_per_day),
        Allocation::Freshest => freshest::frequencies(budget_per_day, stays),
    };
    let alike = || {
        let present: f64 = stays.iter().map(|stay| stay.presence).sum();
        vec![budget_per_day / present; stays.len()]
    };
    let mut polls = shared.unwrap_or_else(alike);
    // What is left over on days without stays cannot be had on others.
    for of_stay in &mut polls {
        *of_stay = of_stay.min(budget_per_day);
    }
    polls
}

fn proportional(
    budget_per_day: f64,
    stays: &[StayRates],
    weight: impl Fn(&StayRates) -> f64,
) -> Option<Vec<f64>> {
    let total: f64 = stays.iter().map(|stay| weight(stay) * stay.presence).sum();
    let each = |stay: &StayRates| budget_per_day * (weight(stay) / total);
    (total > 0.0).then(|| stays.iter().map(each).collect())
}

/// The interval between polls, in microseconds, of a stay polled so often; `None` if that is never, or not
/// in a hundred years.
#[must_use]
pub fn interval(polls_per_day: f64) -> Option<Time> {
    let interval = DAY as f64 / polls_per_day;
    (interval <= LONGEST as f64).then_some((interval as Time).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where stays are hardly ever present, or only before what is measured, a budget a day is not saved up for them.
    #[test]
    fn no_stay_gets_more_than_the_whole_budget() {
        for presence in [0.0, 1e-9, 0.25] {
            let rare = StayRates {
                presence,
                ..symmetric(1.0)
            };
            for allocation in [
                Allocation::Uniform,
                Allocation::ByPopularity,
                Allocation::ByChangeRate,
            ] {
                assert_eq!(frequencies(allocation, 100.0, &[rare, rare]), [100.0; 2]);
            }
        }
    }

    fn symmetric(rate: f64) -> StayRates {
        StayRates {
            presence: 1.0,
            popularity: 1.0,
            sells_out_per_day: rate,
            reopens_per_day: rate,
        }
    }

    fn mean_freshness(polls: &[f64], stays: &[StayRates]) -> f64 {
        let each = stays.iter().zip(polls);
        each.map(|(stay, polls)| stay.freshness(*polls))
            .sum::<f64>()
            / stays.len() as f64
    }

    /// What one more poll a day is worth, by its definition.
    fn worth(stay: &StayRates, polls: f64) -> f64 {
        let (a, b) = (stay.sells_out_per_day, stay.reopens_per_day);
        let h = |rate: f64| {
            let x = rate / polls;
            // 1 − (1 + x) e^(−x), where it does not cancel, and its series, where it would.
            if x < 1e-3 {
                x * x * (0.5 - x / 3.0 + x * x / 8.0)
            } else {
                -math::expm1(-x) - x * math::exp(-x)
            }
        };
        (b * h(a) / a + a * h(b) / b) / (a + b)
    }

    /// Cho and Garcia-Molina, SIGMOD 2000 and TODS 2003: five elements that change 1 to 5 times a day, and a
    /// budget of five polls a day.
    #[test]
    fn the_published_optimum() {
        let stays: Vec<StayRates> = [1.0, 2.0, 3.0, 4.0, 5.0].map(symmetric).to_vec();
        let polls = frequencies(Allocation::Freshest, 5.0, &stays);
        for (polls, published) in polls.iter().zip([1.15, 1.36, 1.35, 1.14, 0.00]) {
            assert!(
                (polls - published).abs() <= 0.005,
                "{polls}, not {published}"
            );
        }
        assert_eq!(
            frequencies(Allocation::Uniform, 5.0, &stays),
            [1.0; 5].to_vec()
        );
        let by_change_rate = frequencies(Allocation::ByChangeRate, 5.0, &stays);
        for (polls, share) in by_change_rate.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0]) {
            assert!((polls - share / 3.0).abs() < 1e-12);
        }
    }

    #[test]
    fn popularity_counts() {
        let mut stays = [symmetric(1.0); 3];
        stays[0].popularity = 5.0;
        stays[2].popularity = 0.0;
        assert_eq!(
            frequencies(Allocation::ByPopularity, 12.0, &stays),
            [10.0, 2.0, 0.0]
        );
    }

    #[test]
    fn nothing_to_go_by_is_uniform() {
        let still = StayRates {
            presence: 1.0,
            popularity: 0.0,
            sells_out_per_day: 0.0,
            reopens_per_day: 3.0,
        };
        for allocation in [
            Allocation::Uniform,
            Allocation::ByPopularity,
            Allocation::ByChangeRate,
            Allocation::Freshest,
        ] {
            assert_eq!(frequencies(allocation, 3.0, &[still; 2]), [1.5, 1.5]);
            assert!(frequencies(allocation, 3.0, &[]).is_empty());
        }
        // One that changes takes it all.
        let polls = frequencies(Allocation::Freshest, 3.0, &[still, symmetric(1.0)]);
        assert!(
            polls[0] == 0.0 && (polls[1] - 3.0).abs() < 1e-9,
            "{polls:?}"
        );
    }

    #[test]
    fn equal_stays_share_alike_however_small_the_budget() {
        for budget in [1e-6, 0.3, 7.0, 1e9] {
            for polls in frequencies(Allocation::Freshest, budget, &[symmetric(2.0); 7]) {
                assert!((polls * 7.0 / budget - 1.0).abs() < 1e-12, "{polls}");
            }
        }
    }

    #[test]
    fn intervals_are_whole_microseconds() {
        assert_eq!(interval(1.0), Some(DAY));
        assert_eq!(interval(3.0), Some(DAY / 3));
        assert_eq!(interval(1e12), Some(1));
        assert_eq!(interval(0.0), None);
        assert_eq!(interval(1e-7), None);
    }

    /// A rate between a thousandth and a thousand a day, even on the log scale.
    fn rate() -> impl Strategy<Value = f64> {
        (-3.0..3.0_f64).prop_map(|exponent| math::pow(10.0, exponent))
    }

    fn stay() -> impl Strategy<Value = StayRates> {
        let rates = |(sells_out_per_day, reopens_per_day)| StayRates {
            presence: 1.0,
            popularity: 1.0,
            sells_out_per_day,
            reopens_per_day,
        };
        prop_oneof![
            3 => (rate(), rate()).prop_map(rates),
            1 => rate().prop_map(symmetric),
            1 => Just(symmetric(2.0)),
        ]
    }

    proptest! {
        /// The optimum is where no poll is worth more elsewhere (Karush, Kuhn, Tucker): what a poll is worth
        /// is the same for all stays that get some, and no more for those that get none.
        #[test]
        fn no_poll_is_worth_more_elsewhere(
            stays in prop::collection::vec(stay(), 1..40),
            budget in (-3.0..5.0_f64).prop_map(|exponent| math::pow(10.0, exponent)),
        ) {
            let polls = frequencies(Allocation::Freshest, budget, &stays);
            prop_assert!((polls.iter().sum::<f64>() / budget - 1.0).abs() < 1e-9);
            let worths = || stays.iter().zip(&polls).filter(|(_, polls)| **polls > 0.0);
            let highest = worths().map(|(stay, polls)| worth(stay, *polls)).fold(0.0, f64::max);
            for (stay, polls) in stays.iter().zip(&polls) {
                if *polls > 0.0 {
                    let worth = worth(stay, *polls);
                    prop_assert!(worth > highest * (1.0 - 1e-9), "{stay:?} {polls}: {worth} of {highest}");
                } else {
                    // The first poll is worth the most.
                    let first = worth(stay, 1e-9);
                    prop_assert!(first <= highest * (1.0 + 1e-9), "{stay:?}: {first} of {highest}");
                }
            }
        }

        #[test]
        fn freshest_is_at_least_as_fresh_as_any_other(
            stays in prop::collection::vec(stay(), 1..20), budget in 0.1..300.0_f64,
        ) {
            let fresh = |allocation| mean_freshness(&frequencies(allocation, budget, &stays), &stays);
            let freshest = fresh(Allocation::Freshest);
            for allocation in [Allocation::Uniform, Allocation::ByPopularity, Allocation::ByChangeRate] {
                prop_assert!(freshest >= fresh(allocation) - 1e-12, "{allocation:?}");
            }
        }

        /// Cho and Garcia-Molina's theorem: uniform beats proportional, whatever the rates, for freshness is
        /// convex in the rate. It holds for stays that differ in pace alone; see below.
        #[test]
        fn uniform_is_at_least_as_fresh_as_by_change_rate(
            paces in prop::collection::vec(rate(), 1..20), shape in rate(), budget in 0.1..300.0_f64,
        ) {
            let paced = |pace: &f64| StayRates {
                presence: 1.0,
                popularity: 1.0,
                sells_out_per_day: *pace,
                reopens_per_day: pace * shape,
            };
            let stays: Vec<StayRates> = paces.iter().map(paced).collect();
            let fresh = |allocation| mean_freshness(&frequencies(allocation, budget, &stays), &stays);
            prop_assert!(fresh(Allocation::Uniform) >= fresh(Allocation::ByChangeRate) - 1e-12);
        }

        /// The order of stays does not matter, to the last bit.
        #[test]
        fn order_does_not_matter(stays in prop::collection::vec(stay(), 1..20), budget in 0.1..100.0_f64) {
            let mut forwards = frequencies(Allocation::Freshest, budget, &stays);
            let backwards: Vec<StayRates> = stays.iter().rev().copied().collect();
            forwards.reverse();
            prop_assert_eq!(forwards, frequencies(Allocation::Freshest, budget, &backwards));
        }
    }

    /// The theorem is one of Poisson changes. Where stays differ in how available they are, too, a stay that
    /// comes back at once after each change loses half as much, and polls go by changes a little better.
    #[test]
    fn uniform_can_lose_where_stays_differ_in_more_than_pace() {
        let flickers = StayRates {
            presence: 1.0,
            popularity: 1.0,
            sells_out_per_day: 0.45,
            reopens_per_day: 4_500.0,
        };
        let stays = [symmetric(1.1), flickers];
        let fresh = |allocation| mean_freshness(&frequencies(allocation, 20.0, &stays), &stays);
        assert!(fresh(Allocation::ByChangeRate) > fresh(Allocation::Uniform) + 0.001);
    }
}
