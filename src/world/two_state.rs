//! The textbook: items that flip between available and sold out as a two-state Markov process.

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::group::{
    ChangeStream, Generate, Group, RowChange, RowState, RuleBook, Rules, RulesScratch, Stay,
};
use super::searches::SearchShape;
use crate::scenario::quantity::{Count, Exponent, Rate};
use crate::sim::clock::{DAY, Horizon, NEVER, Time};
use crate::sim::distribution::Exponential;
use crate::sim::math;
use crate::sim::random::{Key, Purpose};

/// Independent items, each flipping at exponential moments, started in equilibrium.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TwoState {
    /// How many items.
    pub stays: Count,
    /// Rate at which an available item sells out, per day.
    pub sells_out_per_day: Rate,
    /// Rate at which a sold-out item reopens, per day.
    pub reopens_per_day: Rate,
    /// Searches a day, mean over items.
    #[serde(default = "ten")]
    pub searches_per_stay_per_day: Rate,
    /// How searches spread over items, in order.
    #[serde(default)]
    pub popularity: Popularity,
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
    sells_out_per_day: f64,
    reopens_per_day: f64,
    horizon: Horizon,
    /// Searches of each item, as a multiple of the mean; empty where all are alike.
    weights: Vec<f64>,
    shape: [SearchShape; 1],
    book: RuleBook,
}

impl Items {
    /// Makes a textbook world ready to be drawn.
    #[must_use]
    pub fn new(world: &TwoState, horizon: Horizon) -> Self {
        let stays = u64::from(world.stays.get());
        let per_day = world.searches_per_stay_per_day.get();
        Self {
            stays,
            sells_out_per_day: world.sells_out_per_day.get(),
            reopens_per_day: world.reopens_per_day.get(),
            horizon,
            weights: world.popularity.weights(stays),
            shape: [SearchShape::new(horizon, &[(0, horizon.end, per_day)])],
            book: RuleBook::default(),
        }
    }

    /// Draws the life of one row: its state at the start and its flips.
    fn live(&self, key: Key, row: u32, into: &mut Group) {
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
            let per_day = if open { sells_out } else { reopens };
            if per_day <= 0.0 {
                return;
            }
            // At least a microsecond: two flips of one item never share an instant.
            let wait = Exponential.sample(&mut stream) * DAY as f64 / per_day;
            at = at.saturating_add((wait as Time).max(1));
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
            self.live(key.at(item), row, into);
            let weight = self.weights.get(item as usize).copied().unwrap_or(1.0);
            into.stays.push(Stay {
                enters: 0,
                leaves: self.horizon.end,
                shape: 0,
                weight,
                check_in: NEVER,
                flips_per_day: [self.sells_out_per_day as f32, self.reopens_per_day as f32],
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

    fn represents(&self) -> Option<f64> {
        None
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
