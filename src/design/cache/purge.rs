//! Entries dropped for no reason of their own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Rate;

/// The registered purges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purge {
    /// Nothing is purged.
    #[default]
    None,
    /// Each entry is dropped at memoryless moments.
    Random(Random),
}

/// Memoryless purging.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Random {
    /// Purges of one entry a day, on average: a Poisson process of each stay's own.
    pub per_day: Rate,
}
