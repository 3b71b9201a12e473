//! The textbook: items that flip between available and sold out as a two-state Markov process.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::choice;
use crate::scenario::quantity::{Count, Exponent, Rate};

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
    #[serde(default, deserialize_with = "choice::deserialize")]
    pub popularity: Popularity,
}

fn ten() -> Rate {
    Rate::of(10.0)
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
