//! The textbook: items that flip between available and sold out as a two-state Markov process.

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::{
    ChangeStream, Generate, Group, RowChange, RowState, RuleBook, Rules, RulesScratch, Stay,
};
use super::live_service::LiveService;
use super::searches::SearchShape;
use super::shocks::{Factors, Shocks};
use crate::scenario::quantity::{Count, Exponent, Rate};
use crate::sim::clock::{DAY, Horizon, NEVER, Time};
use crate::sim::distribution::Exponential;
use crate::sim::math;
use crate::sim::random::{Key, Purpose};

mod rates;

use rates::Factor;
pub use rates::{Gamma, RateClass, RateSpread, class_sizes};

/// Independent items, each flipping at exponential moments, started in equilibrium.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwoState {
    /// How many items.
    pub stays: Count,
    /// How many items the world stands for; money is shown for both. Default: as many as are simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<Count>,
    /// Rate at which an available item sells out, per day.
    pub sells_out_per_day: Rate,
    /// Rate at which a sold-out item reopens, per day.
    pub reopens_per_day: Rate,
    /// Multiplies both rates of each item by a factor of mean 1, drawn anew in each replicate. Not with
    /// `rate_classes`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_spread: Option<RateSpread>,
    /// Multiplies both rates by fixed factors, each for an exact share of the items (which items, is drawn
    /// anew in each replicate). Not with `rate_spread`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rate_classes: Vec<RateClass>,
    /// Searches a day, mean over items.
    #[serde(default = "ten")]
    pub searches_per_stay_per_day: Rate,
    /// How searches spread over items, in order.
    #[serde(default)]
    pub popularity: Popularity,
    /// How much the domain service can take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_service: Option<LiveService>,
}

impl TwoState {
    /// The mean over items of what multiplies their rates.
    #[must_use]
    pub fn mean_factor(&self) -> f64 {
        if self.rate_classes.is_empty() {
            return 1.0;
        }
        let of = |class: &RateClass| class.share.get() * class.times.get();
        self.rate_classes.iter().map(of).sum()
    }
}

fn ten() -> Rate {
    Rate::of(10.0)
}

/// Items in a group; they share nothing, this only sets how the work is cut. Part of the random keys.
const BLOCK: u64 = 256;

/// The textbook world, made ready.
#[derive(Debug)]
pub struct Items {
    stays: u64,
    represents: Option<f64>,
    sells_out_per_day: f64,
    reopens_per_day: f64,
    /// What multiplies both rates of an item.
    factor: Factor,
    /// What multiplies the rate of selling out, over time.
    demand: Factors,
    horizon: Horizon,
    /// Searches of each item, as a multiple of the mean; empty where all are alike.
    weights: Vec<f64>,
    shape: [SearchShape; 1],
    book: RuleBook,
}

impl Items {
    /// Makes a textbook world ready to be drawn.
    #[must_use]
    pub fn new(world: &TwoState, horizon: Horizon, shocks: &Shocks) -> Self {
        let stays = u64::from(world.stays.get());
        let per_day = world.searches_per_stay_per_day.get();
        let traffic = Factors::new(&shocks.traffic);
        let searches: Vec<(Time, Time, f64)> = traffic
            .pieces(0, horizon.end)
            .map(|(from, to, times)| (from, to, per_day * times))
            .collect();
        Self {
            stays,
            represents: world
                .represents
                .map(|represents| f64::from(represents.get()) / stays as f64),
            factor: Factor::new(world.rate_spread, &world.rate_classes, stays),
            demand: Factors::new(&shocks.demand),
            sells_out_per_day: world.sells_out_per_day.get(),
            reopens_per_day: world.reopens_per_day.get(),
            horizon,
            weights: world.popularity.weights(stays),
            shape: [SearchShape::new(horizon, &searches)],
            book: shocks.rule_book(),
        }
    }

    /// Draws the life of one row, with rates so many times those of all: its state at the start and its
    /// flips.
    fn live(&self, key: Key, row: u32, times: f64, into: &mut Group) {
        let (sells_out, reopens) = (self.sells_out_per_day, self.reopens_per_day);
        let mut stream = key.stream();
        // In equilibrium; where nothing ever flips, everything is available.
        let available_share = if sells_out > 0.0 {
            reopens / (sells_out + reopens)
        } else {
            1.0
        };
        let mut open = key.at(0).happens(available_share);
        into.rows.at_start.push(state(open));
        let mut at: Time = 0;
        loop {
            let per_day = times * if open { sells_out } else { reopens };
            if per_day <= 0.0 {
                return;
            }
            let left = Exponential.sample(&mut stream);
            at = if open && !self.demand.is_one() {
                self.sells_out_at(at, left, per_day)
            } else {
                after(at, left, per_day)
            };
            if at >= self.horizon.end {
                return;
            }
            open = !open;
            into.rows.changes.push(RowChange {
                at,
                row,
                state: state(open),
                stream: ChangeStream::Flips,
            });
        }
    }

    /// When an item sells out that is available at a moment: its rate follows demand, and it has `left` of
    /// the rate's integral to live.
    fn sells_out_at(&self, mut at: Time, mut left: f64, per_day: f64) -> Time {
        loop {
            let (demand, until) = self.demand.at(at);
            if demand > 0.0 {
                let flips = after(at, left, per_day * demand);
                // An item that would flip as the rate changes flips before.
                if flips <= until {
                    return flips;
                }
            }
            if until >= self.horizon.end {
                return self.horizon.end;
            }
            let passed = per_day * demand * ((until - at) as f64 / DAY as f64);
            left = (left - passed).max(0.0);
            at = until;
        }
    }
}

/// The moment at which a rate's integral has grown by `left`.
fn after(at: Time, left: f64, per_day: f64) -> Time {
    // At least a microsecond: two flips of one item never share an instant.
    let wait = left * DAY as f64 / per_day;
    at.saturating_add((wait as Time).max(1))
}

/// The row of an item: one room, or none.
fn state(open: bool) -> RowState {
    RowState::with_rooms(i32::from(open))
}

impl Generate for Items {
    fn groups(&self) -> u64 {
        self.stays.div_ceil(BLOCK)
    }

    fn fill(&self, replicate: Key, group: u64, into: &mut Group) {
        let first = group * BLOCK;
        let last = (first + BLOCK).min(self.stays);
        into.clear(group);
        let key = replicate.purpose(Purpose::Flips);
        for (row, item) in (0..).zip(first..last) {
            let times = self.factor.of(replicate, item);
            self.live(key.at(item), row, times, into);
            let weight = self.weights.get(item as usize).copied().unwrap_or(1.0);
            into.stays.push(Stay {
                enters: 0,
                leaves: self.horizon.end,
                shape: 0,
                nights: 1,
                weight,
                check_in: NEVER,
                flips_per_day: [self.sells_out_per_day, self.reopens_per_day]
                    .map(|per_day| (times * per_day) as f32),
            });
        }
        into.settle(&Rules::RowIsStay, &self.book, &mut RulesScratch::default());
    }

    fn rules(&self) -> &Rules {
        &Rules::RowIsStay
    }

    fn rule_book(&self) -> &RuleBook {
        &self.book
    }

    fn shapes(&self) -> &[SearchShape] {
        &self.shape
    }

    fn slots(&self, group: u64) -> u32 {
        let first = group * BLOCK;
        (self.stays.min(first + BLOCK) - first) as u32
    }

    fn stay_at(&self, slot: u32, _: Time) -> u32 {
        slot
    }

    fn on_board(&self, _: Key, _: u64) -> (Time, Time) {
        (0, self.horizon.end)
    }

    fn kind(&self, group: u64) -> u64 {
        group
    }

    fn scale(&self, _: u64) -> f64 {
        1.0
    }

    fn slot_searches(&self, kind: u64, at: Time, into: &mut Vec<f64>) {
        let per_day = self.shape[0].per_day(at);
        let first = kind * BLOCK;
        let items = first..first + u64::from(self.slots(kind));
        into.extend(items.map(|item| {
            let weight = self.weights.get(item as usize).copied().unwrap_or(1.0);
            per_day * weight
        }));
    }

    /// Items share nothing: each is a hotel of its own.
    fn hotel(&self, group: u64, index: u32) -> u64 {
        group * BLOCK + u64::from(index)
    }

    fn represents(&self) -> Option<f64> {
        self.represents
    }
}

impl Popularity {
    /// The weight of each of `count` items, of mean 1; empty where all are alike.
    #[must_use]
    pub fn weights(&self, count: u64) -> Vec<f64> {
        match self {
            Self::Uniform => Vec::new(),
            Self::Zipf(exponent) => {
                let mut weights: Vec<f64> = (1..=count)
                    .map(|rank| math::pow(rank as f64, -exponent.get()))
                    .collect();
                let mean = weights.iter().sum::<f64>() / count as f64;
                weights.iter_mut().for_each(|weight| *weight /= mean);
                weights
            }
        }
    }
}

/// How searches spread over items (over hotels, in `hotels`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Popularity {
    /// All alike.
    #[default]
    Uniform,
    /// The i-th gets a share in proportion to i^(−s).
    Zipf(Exponent),
}

#[cfg(test)]
mod tests {
    use super::*;

    const HORIZON: Horizon = Horizon {
        warm: DAY,
        end: 6 * DAY,
    };

    fn items(shocks: &Shocks) -> Items {
        let world = serde_json::json!({
            "stays": 4_000, "sells_out_per_day": 1.5, "reopens_per_day": 4,
            "rate_classes": [{ "share": 0.5, "times": 0.5 }, { "share": 0.5, "times": 1.5 }]
        });
        let world = serde_json::from_value(world).expect("a world");
        Items::new(&world, HORIZON, shocks)
    }

    fn everything(items: &Items) -> String {
        let mut group = Group::default();
        let mut all = String::new();
        for block in 0..3 {
            items.fill(Key::replicate(4, 2), block, &mut group);
            group.count_searches(items.shapes(), Key::replicate(4, 2));
            all += &format!("{:?}{:?}{:?}", group.rows, group.stays, group.searches);
        }
        all
    }

    #[test]
    fn shocks_of_nothing_change_nothing() {
        let none = everything(&items(&Shocks::default()));
        let nothing = vec![(2 * DAY, 2 * DAY, 5.0), (DAY, 3 * DAY, 1.0)];
        let shocks = Shocks {
            traffic: nothing.clone(),
            demand: nothing,
            rules: Vec::new(),
        };
        assert!(everything(&items(&shocks)) == none);
        let shocks = Shocks {
            demand: vec![(5 * DAY, 6 * DAY, 2.0)],
            ..Shocks::default()
        };
        assert!(everything(&items(&shocks)) != none);
    }

    /// Sell-outs in a day of threefold demand against the integral of a master equation: with a′ = 3a and
    /// p′ = b(1 − p) − a′p, started in the old equilibrium, per class of items. |z| < 4 between items.
    #[test]
    fn demand_multiplies_the_rate_of_selling_out() {
        let (from, to) = (2 * DAY, 3 * DAY);
        let shocks = Shocks {
            demand: vec![(from, to, 3.0)],
            ..Shocks::default()
        };
        let items = items(&shocks);
        let mut group = Group::default();
        let mut counts = Vec::new();
        for block in 0..items.groups() {
            items.fill(Key::replicate(8, 1), block, &mut group);
            let first = counts.len();
            counts.resize(first + group.stays.len(), 0.0);
            for change in &group.rows.changes {
                if (from..to).contains(&change.at) && !change.state.open() {
                    counts[first + change.row as usize] += 1.0;
                }
            }
        }
        let expected = |times: f64| {
            let (a, b) = (1.5 * times * 3.0, 4.0 * times);
            let (start, end) = (4.0 / 5.5, b / (a + b));
            a * (end + (start - end) * (1.0 - math::exp(-(a + b))) / (a + b))
        };
        let expected = 0.5 * (expected(0.5) + expected(1.5));
        let n = counts.len() as f64;
        let mean = counts.iter().sum::<f64>() / n;
        let spread: f64 = counts.iter().map(|c| (c - mean) * (c - mean)).sum();
        let z = (mean - expected) / (spread / n / (n - 1.0)).sqrt();
        assert!(
            z.abs() < 4.0,
            "{mean} sell-outs, expected {expected}, z = {z}"
        );
    }

    #[test]
    fn traffic_multiplies_searches() {
        let shocks = Shocks {
            traffic: vec![(2 * DAY, 3 * DAY + DAY / 2, 0.25), (5 * DAY, 9 * DAY, 2.0)],
            ..Shocks::default()
        };
        let mass = items(&shocks).shapes()[0].measured_mass();
        // Five days at 10 a day, of which 1.5 count a quarter and 1 counts twice.
        assert!(
            (mass - 10.0 * (2.5 + 1.5 * 0.25 + 2.0)).abs() < 1e-9,
            "{mass}"
        );
    }
}
