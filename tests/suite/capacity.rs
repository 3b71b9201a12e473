//! Capacity-bound caches: each policy against a plain model of it, and hit ratios of independent searches
//! against closed forms.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;
use stayfresh::design::cache::capacity::{Capacity, Evict, Eviction};
use stayfresh::sim::random::Key;
use stayfresh::study::theory::rooms::{king, product_form};

use crate::hit_ratios::{che, zipf};

const ALL: [Evict; 5] = [
    Evict::Lru,
    Evict::Fifo,
    Evict::Random,
    Evict::Lfu,
    Evict::Sieve,
];

fn capacity(entries: u32, evict: Evict) -> Capacity {
    serde_json::from_value(json!({ "entries": entries, "evict": evict })).unwrap()
}

#[test]
fn reads_as_documented() {
    let read = |value| serde_json::from_value::<Capacity>(value);
    for (name, evict) in ["lru", "fifo", "random", "lfu", "sieve"].iter().zip(ALL) {
        let found = read(json!({ "entries": 7, "evict": name })).unwrap();
        assert_eq!((found.entries.get(), found.evict), (7, evict));
    }
    assert_eq!(read(json!({ "entries": 7 })).unwrap().evict, Evict::Lru);
    for (wrong, expected) in [
        (json!({}), "entries"),
        (json!({ "entries": 0 }), "from 1 to"),
        (json!({ "entries": 7, "evict": "clock" }), "`sieve`"),
        (json!({ "entries": 7, "evicts": "lru" }), "`evict`"),
    ] {
        let message = read(wrong).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

/// A policy as its paper tells it, with no care for time. RANDOM is given its victims.
#[derive(Clone)]
struct Plain {
    evict: Evict,
    entries: usize,
    /// Held keys in the order of storing; for LRU, of use. The oldest first.
    order: Vec<u32>,
    /// SIEVE: keys searched since the hand last passed, and where the hand is.
    marks: BTreeSet<u32>,
    hand: Option<u32>,
    /// LFU: searches of each key, the number of its last use, uses so far.
    searches: BTreeMap<u32, u32>,
    last_use: BTreeMap<u32, u32>,
    uses: u32,
}

impl Plain {
    fn new(evict: Evict, entries: u32) -> Self {
        Self {
            evict,
            entries: entries as usize,
            order: Vec::new(),
            marks: BTreeSet::new(),
            hand: None,
            searches: BTreeMap::new(),
            last_use: BTreeMap::new(),
            uses: 0,
        }
    }

    fn holds(&self, key: u32) -> bool {
        self.order.contains(&key)
    }

    fn used(&mut self, key: u32) {
        self.uses += 1;
        self.last_use.insert(key, self.uses);
    }

    fn hit(&mut self, key: u32) {
        if self.evict == Evict::Lru {
            self.order.retain(|held| *held != key);
            self.order.push(key);
        }
        self.marks.insert(key);
        self.miss(key);
        self.used(key);
    }

    fn miss(&mut self, key: u32) {
        *self.searches.entry(key).or_default() += 1;
    }

    fn victim(&mut self, newcomer: u32) -> u32 {
        match self.evict {
            Evict::Lru | Evict::Fifo => self.order[0],
            Evict::Random => unreachable!("given"),
            Evict::Lfu => {
                let rank = |key: &u32| {
                    let searches = self.searches.get(key).copied().unwrap_or(0);
                    let newest = u32::MAX;
                    let used = if *key == newcomer {
                        newest
                    } else {
                        self.last_use[key]
                    };
                    (searches, used)
                };
                *self
                    .order
                    .iter()
                    .chain([&newcomer])
                    .min_by_key(|key| rank(key))
                    .unwrap()
            }
            Evict::Sieve => {
                let place = |key| self.order.iter().position(|held| *held == key).unwrap();
                let mut at = self.hand.map_or(0, place);
                while self.marks.remove(&self.order[at]) {
                    at = (at + 1) % self.order.len();
                }
                self.order[at]
            }
        }
    }

    fn remove(&mut self, key: u32) {
        if let Some(at) = self.order.iter().position(|held| *held == key) {
            if self.hand == Some(key) {
                self.hand = self.order.get(at + 1).copied();
            }
            self.order.remove(at);
        }
    }

    fn insert(&mut self, key: u32, given: Option<u32>) -> Option<u32> {
        if self.holds(key) {
            return None;
        }
        let mut victim = None;
        if self.order.len() == self.entries {
            let goes = if self.evict == Evict::Random {
                given.unwrap()
            } else {
                self.victim(key)
            };
            victim = Some(goes);
            if goes == key {
                return victim;
            }
            if self.evict == Evict::Sieve {
                self.hand = Some(goes);
            }
            self.remove(goes);
        }
        self.order.push(key);
        self.marks.remove(&key);
        self.used(key);
        victim
    }
}

/// What may happen to a key.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A search that stores what it missed.
    Search(u32),
    /// A search that does not.
    Look(u32),
    /// A feed's write.
    Store(u32),
    Remove(u32),
}

const KEYS: u32 = 12;

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..KEYS).prop_map(Step::Search),
        1 => (0..KEYS).prop_map(Step::Look),
        2 => (0..KEYS).prop_map(Step::Store),
        1 => (0..KEYS).prop_map(Step::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn does_as_its_paper_says(entries in 1..=KEYS + 1, steps in prop::collection::vec(step(), 0..300)) {
        for evict in ALL {
            let mut cache = Eviction::new(capacity(entries, evict), KEYS, Key::replicate(1, 1));
            let mut plain = Plain::new(evict, entries);
            for step in &steps {
                let (key, stores) = match *step {
                    Step::Search(key) | Step::Look(key) => {
                        if plain.holds(key) {
                            cache.hit(key);
                            plain.hit(key);
                        } else {
                            cache.miss(key);
                            plain.miss(key);
                        }
                        (key, matches!(step, Step::Search(_)))
                    }
                    Step::Store(key) => (key, true),
                    Step::Remove(key) => {
                        cache.remove(key);
                        plain.remove(key);
                        (key, false)
                    }
                };
                if stores {
                    let victim = cache.insert(key);
                    if evict == Evict::Random && let Some(victim) = victim {
                        prop_assert!(plain.holds(victim), "{victim} was not held");
                    }
                    prop_assert_eq!(victim, plain.insert(key, victim), "{:?} at {:?}", evict, step);
                }
                let held: Vec<u32> = (0..KEYS).filter(|key| cache.holds(*key)).collect();
                let mut expected = plain.order.clone();
                expected.sort_unstable();
                prop_assert_eq!(&held, &expected, "{:?} after {:?}", evict, step);
                prop_assert_eq!(cache.len() as usize, expected.len());
                prop_assert_eq!(cache.is_empty(), expected.is_empty());
            }
        }
    }
}

/// Each entry goes with the same chance, wherever it stands: |z| ≤ 4 for each.
#[test]
fn random_draws_each_alike() {
    let (entries, draws) = (8, 80_000);
    let mut cache = Eviction::new(capacity(entries, Evict::Random), 9, Key::replicate(3, 0));
    let mut count = [0_u32; 9];
    (0..entries).for_each(|key| assert_eq!(cache.insert(key), None));
    let mut newcomer = entries;
    for _ in 0..draws {
        let victim = cache.insert(newcomer).unwrap();
        count[victim as usize] += 1;
        // The one that went comes back in its place: all are held equally often.
        newcomer = victim;
    }
    for (key, count) in count.iter().enumerate() {
        // A key goes when it is held (8 of 9) with chance 1 in 8; a stay outside lasts one draw, so that its
        // returns are a renewal process: mean 9, variance 8 · 7.
        let (mean, variance) = (f64::from(draws) / 9.0, f64::from(draws) * 56.0 / 729.0);
        let z = (f64::from(*count) - mean) / variance.sqrt();
        assert!(z.abs() <= 4.0, "{key} went {count} times, z = {z}");
    }
}

const REPLICATES: u32 = 40;

/// The hit ratio of independent searches that store what they miss: mean and standard error over replicates.
fn simulated(evict: Evict, entries: u32, p: &[f64], warm: u32, measured: u32) -> (f64, f64) {
    let cumulated: Vec<f64> = p
        .iter()
        .scan(0.0, |sum, p| {
            *sum += p;
            Some(*sum)
        })
        .collect();
    let last = u32::try_from(p.len()).unwrap() - 1;
    let ratios: Vec<f64> = (0..REPLICATES)
        .map(|replicate| {
            let key = Key::replicate(20_261_121, replicate);
            let mut cache = Eviction::new(capacity(entries, evict), last + 1, key.at(1));
            let mut hits = 0;
            for search in 0..warm + measured {
                let draw = key.at(0).at(u64::from(search)).unit();
                let stay = (cumulated.partition_point(|sum| *sum <= draw) as u32).min(last);
                if cache.holds(stay) {
                    cache.hit(stay);
                    hits += u32::from(search >= warm);
                } else {
                    cache.miss(stay);
                    cache.insert(stay);
                }
            }
            f64::from(hits) / f64::from(measured)
        })
        .collect();
    let n = f64::from(REPLICATES);
    let mean = ratios.iter().sum::<f64>() / n;
    let variance = ratios
        .iter()
        .map(|ratio| (ratio - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Fills the cache many hundred times over before it counts: no trace of the start is left.
fn check(evict: Evict, entries: u32, p: &[f64], expected: f64) {
    let (mean, error) = simulated(evict, entries, p, 40_000, 40_000);
    let z = (mean - expected) / error;
    println!(
        "{evict:?} {entries} of {}: expected {expected:.6} found {mean:.6} z {z:.2}",
        p.len()
    );
    assert!(
        z.abs() <= 4.0,
        "{evict:?}: {mean}, expected {expected}, z = {z}"
    );
}

#[test]
fn fifo_and_random_have_the_product_form() {
    for (keys, entries, exponent) in [(10, 1, 0.9), (10, 4, 0.9), (300, 50, 0.9), (60, 20, 1.5)] {
        let p = zipf(keys, exponent);
        let expected = product_form(&p, entries);
        check(Evict::Fifo, entries as u32, &p, expected);
        check(Evict::Random, entries as u32, &p, expected);
    }
}

#[test]
fn lru_has_kings_hit_ratio() {
    for (keys, entries, exponent) in [(9, 4, 0.9), (7, 2, 0.0), (8, 5, 1.5)] {
        let p = zipf(keys, exponent);
        check(Evict::Lru, entries as u32, &p, king(&p, entries));
    }
}

/// An approximation, held to two thousandths at this size; against King's it is off by no more than 0.01
/// even with four entries.
#[test]
fn lru_is_near_ches_hit_ratio() {
    for (keys, entries, exponent) in [(1_000, 100, 0.9), (2_000, 400, 0.7)] {
        let p = zipf(keys, exponent);
        let expected = che(&p, f64::from(entries));
        let (mean, error) = simulated(Evict::Lru, entries, &p, 40_000, 40_000);
        println!("{entries} of {keys}: Che {expected:.6} found {mean:.6} ± {error:.6}");
        assert!(
            (mean - expected).abs() < 0.002,
            "{mean}, expected {expected}"
        );
    }
    let p = zipf(9, 0.9);
    assert!((che(&p, 4.0) - king(&p, 4)).abs() < 0.01);
}

/// With perfect memory the counts rank the keys as their popularities do, once there are enough of them:
/// after 40,000 searches the fourth and fifth of ten are eight standard deviations apart. Then the most
/// popular are held, and a search hits with the sum of their popularities.
#[test]
fn lfu_holds_the_most_popular() {
    for (keys, entries, exponent) in [(10, 4, 0.9), (50, 3, 1.2)] {
        let p = zipf(keys, exponent);
        let expected = p[..entries].iter().sum();
        check(Evict::Lfu, entries as u32, &p, expected);
    }
}

/// SIEVE has no known closed form, but few keys make few states: the stationary law of the chain that the
/// plain model walks, found by iterating it, gives the exact hit ratio.
fn sieve_chain(p: &[f64], entries: u32) -> f64 {
    type State = (Vec<u32>, BTreeSet<u32>, Option<u32>);
    let search = |(order, marks, hand): &State, key: u32| -> (bool, State) {
        let mut plain = Plain {
            order: order.clone(),
            marks: marks.clone(),
            hand: *hand,
            ..Plain::new(Evict::Sieve, entries)
        };
        let hit = plain.holds(key);
        if hit {
            plain.hit(key);
        } else {
            plain.insert(key, None);
        }
        (hit, (plain.order, plain.marks, plain.hand))
    };
    let mut numbers = BTreeMap::from([((Vec::new(), BTreeSet::new(), None), 0)]);
    let mut states: Vec<State> = numbers.keys().cloned().collect();
    let mut moves: Vec<Vec<(bool, usize)>> = Vec::new();
    while let Some(state) = states.get(moves.len()).cloned() {
        let from_here = (0..p.len() as u32).map(|key| {
            let (hit, next) = search(&state, key);
            let number = *numbers.entry(next.clone()).or_insert(states.len());
            if number == states.len() {
                states.push(next);
            }
            (hit, number)
        });
        moves.push(from_here.collect());
    }
    let mut chance = vec![0.0; states.len()];
    chance[0] = 1.0;
    let mut ratio = 0.0;
    for _ in 0..2_000 {
        let mut next = vec![0.0; states.len()];
        ratio = 0.0;
        for (from, moves) in chance.iter().zip(&moves) {
            for ((hit, to), p) in moves.iter().zip(p) {
                next[*to] += from * p;
                ratio += if *hit { from * p } else { 0.0 };
            }
        }
        chance = next;
    }
    println!("{} states", states.len());
    ratio
}

#[test]
fn sieve_has_the_hit_ratio_of_its_chain() {
    for (keys, entries, exponent) in [(6, 3, 0.9), (5, 2, 1.5)] {
        let p = zipf(keys, exponent);
        check(Evict::Sieve, entries, &p, sieve_chain(&p, entries));
    }
}
