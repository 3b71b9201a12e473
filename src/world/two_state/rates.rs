//! Items that change at different rates: each has a factor that multiplies both of its rates.

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{Rate, Shape, Share};
use crate::sim::distribution::GammaOfMeanOne;
use crate::sim::math;
use crate::sim::random::{Key, Purpose};

/// A distribution of factors with mean 1, drawn anew for each item and replicate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RateSpread {
    /// Gamma.
    Gamma(Gamma),
}

/// A gamma distribution with mean 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gamma {
    /// The shape: the variance is 1 over it.
    pub shape: Shape,
}

/// A part of the items whose rates are so many times the given ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateClass {
    /// Its share of the items; all shares add up to 1.
    pub share: Share,
    /// What both rates are multiplied by.
    pub times: Rate,
}

/// Each item's factor.
#[derive(Debug)]
pub(super) enum Factor {
    /// 1.
    None,
    /// Drawn for each item.
    Gamma(GammaOfMeanOne),
    /// By classes of exact sizes.
    Classes {
        /// Where each class ends, in an order of the items, and its factor.
        ends: Vec<(u64, f64)>,
        items: u64,
    },
}

impl Factor {
    pub(super) fn new(spread: Option<RateSpread>, classes: &[RateClass], items: u64) -> Self {
        match spread {
            Some(RateSpread::Gamma(gamma)) => Self::Gamma(GammaOfMeanOne {
                shape: gamma.shape.get(),
            }),
            None if classes.is_empty() => Self::None,
            None => Self::Classes {
                ends: ends(classes, items),
                items,
            },
        }
    }

    /// The factor of one item in one replicate.
    pub(super) fn of(&self, replicate: Key, item: u64) -> f64 {
        let key = replicate.purpose(Purpose::Rates);
        match self {
            Self::None => 1.0,
            Self::Gamma(gamma) => gamma.sample(&mut key.at(item).stream()),
            // Items come in the order of their popularity: which class is whose is shuffled.
            Self::Classes { ends, items } => {
                let place = shuffled(key, item, *items);
                let class = ends.partition_point(|(end, _)| *end <= place);
                ends.get(class).map_or(1.0, |(_, times)| *times)
            }
        }
    }
}

/// Whole numbers of items in the wanted shares: what is over goes to the largest remainders, to the class
/// listed first of equals.
#[must_use]
pub fn class_sizes(classes: &[RateClass], items: u64) -> Vec<u64> {
    let wanted = |class: &RateClass| class.share.get() * items as f64;
    let mut sizes: Vec<u64> = classes
        .iter()
        .map(|class| math::floor(wanted(class)) as u64)
        .collect();
    let mut order: Vec<usize> = (0..classes.len()).collect();
    let remainder = |i: usize| wanted(&classes[i]) - math::floor(wanted(&classes[i]));
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
    let over = items.saturating_sub(sizes.iter().sum());
    for (_, class) in (0..over).zip(order.iter().cycle()) {
        sizes[*class] += 1;
    }
    sizes
}

/// Where each class ends, and its factor.
fn ends(classes: &[RateClass], items: u64) -> Vec<(u64, f64)> {
    let mut end = 0;
    class_sizes(classes, items)
        .into_iter()
        .zip(classes)
        .map(|(size, class)| {
            end += size;
            (end, class.times.get())
        })
        .collect()
}

/// Where an item comes in a shuffle of all: a keyed permutation, of four rounds of a balanced Feistel network
/// on the next even number of bits, walked until it is in range (J. Black, P. Rogaway, "Ciphers with
/// arbitrary finite domains", CT-RSA 2002). No list of all items is needed.
fn shuffled(key: Key, item: u64, items: u64) -> u64 {
    let bits = (64 - items.saturating_sub(1).leading_zeros())
        .div_ceil(2)
        .max(1);
    let mask = (1_u64 << bits) - 1;
    let mut place = item;
    loop {
        let (mut left, mut right) = (place >> bits, place & mask);
        for round in 0..4 {
            let mixed = key.at(round).at(right).word() & mask;
            (left, right) = (right, left ^ mixed);
        }
        place = left << bits | right;
        if place < items {
            return place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(of: &[(f64, f64)]) -> Vec<RateClass> {
        of.iter()
            .map(|(share, times)| RateClass {
                share: Share::of(*share),
                times: Rate::of(*times),
            })
            .collect()
    }

    #[test]
    fn shuffles_are_permutations() {
        for items in [1, 2, 3, 10, 256, 1000] {
            let key = Key::replicate(1, items as u32);
            let mut places: Vec<u64> = (0..items).map(|i| shuffled(key, i, items)).collect();
            if items == 1000 {
                let early = places[..100].iter().sum::<u64>() / 100;
                assert!(
                    (350..650).contains(&early),
                    "the first go to {early} on average"
                );
                assert_ne!(places[0], shuffled(Key::replicate(2, 1000), 0, items));
            }
            places.sort_unstable();
            assert_eq!(places, (0..items).collect::<Vec<_>>());
        }
    }

    #[test]
    fn shares_are_exact() {
        for (of, items, expected) in [
            (vec![(0.2, 3.0), (0.8, 0.5)], 1000, vec![200, 800]),
            (vec![(0.3, 1.0), (0.7, 2.0)], 10, vec![3, 7]),
            (
                vec![(0.25, 1.0), (0.25, 2.0), (0.5, 3.0)],
                10,
                vec![3, 2, 5],
            ),
            (vec![(1.0 / 3.0, 1.0); 3], 100, vec![34, 33, 33]),
            (vec![(0.01, 9.0), (0.99, 1.0)], 3, vec![0, 3]),
        ] {
            let mut last = 0;
            let sizes: Vec<u64> = ends(&classes(&of), items)
                .into_iter()
                .map(|(end, _)| end - std::mem::replace(&mut last, end))
                .collect();
            assert_eq!(sizes, expected);
        }
        let factor = Factor::new(None, &classes(&[(0.2, 3.0), (0.8, 0.5)]), 1000);
        let key = Key::replicate(9, 0);
        let fast = (0..1000).filter(|i| factor.of(key, *i) == 3.0).count();
        assert_eq!(fast, 200);
    }
}
