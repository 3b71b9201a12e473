//! Distributions of a duration.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{Duration, Period};

/// How long something takes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delay {
    /// Always the same.
    Fixed(Duration),
    /// Uniform between two durations.
    Uniform(Uniform),
    /// Exponential: memoryless.
    Exponential(Exponential),
    /// Log-normal, by its median and its 99th percentile.
    Lognormal(Lognormal),
}

impl Default for Delay {
    fn default() -> Self {
        Self::Fixed(Duration::of(0))
    }
}

/// Uniform on [min, max].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Uniform {
    /// The shortest.
    pub min: Duration,
    /// The longest; at least `min`.
    pub max: Duration,
}

/// Exponential with this mean.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exponential {
    /// The mean.
    pub mean: Duration,
}

/// Log-normal: ln X is normal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lognormal {
    /// Half are shorter.
    pub median: Period,
    /// One in a hundred is longer; at least the median.
    pub p99: Period,
}
