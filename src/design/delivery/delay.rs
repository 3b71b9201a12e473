//! Distributions of a duration.

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::{Duration, Period};
use crate::sim::clock::Time;
use crate::sim::distribution::{self, Normal};
use crate::sim::math;
use crate::sim::random::Key;

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

impl Delay {
    /// The delay with this key, in microseconds.
    #[must_use]
    pub fn sample(&self, key: Key) -> Time {
        match self {
            Self::Fixed(delay) => delay.micros(),
            Self::Uniform(uniform) => {
                let (min, max) = (uniform.min.micros(), uniform.max.micros());
                min + ((max - min) as f64 * key.unit()) as Time
            }
            Self::Exponential(exponential) => {
                let draw: f64 = distribution::Exponential.sample(&mut key.stream());
                (draw * exponential.mean.micros() as f64) as Time
            }
            Self::Lognormal(law) => {
                let sigma = law.sigma();
                let draw: f64 = Normal.sample(&mut key.stream());
                (law.median.micros() as f64 * math::exp(sigma * draw)) as Time
            }
        }
    }

    /// Whether it takes any time.
    #[must_use]
    pub fn takes_time(&self) -> bool {
        self.constant() != Some(0)
    }

    /// The delay, where it is always the same.
    #[must_use]
    pub fn constant(&self) -> Option<Time> {
        match self {
            Self::Fixed(delay) => Some(delay.micros()),
            _ => None,
        }
    }
}

impl Lognormal {
    /// The standard deviation of ln X: ln(p99 / median) over the normal's 99th percentile.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        let ratio = self.p99.micros() as f64 / self.median.micros() as f64;
        math::log(ratio) / Z_99
    }
}

/// The 99th percentile of the standard normal.
const Z_99: f64 = 2.326_347_874_040_841;

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
