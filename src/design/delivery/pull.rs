//! The reader asks, again and again.
//!
//! `inventory` is polled stay by stay, each on its own clock. A log (`deltas`, `searches`) is read by one
//! reader: a read takes all that has been written since the last one that succeeded.
//!
//! Freshness and age of the three orders: J. Cho, H. Garcia-Molina, "Synchronizing a database to improve
//! freshness", SIGMOD 2000, section 4 (fixed, random and purely-random order).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use crate::scenario::quantity::{Period, Share};

/// Pull delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Between polls of one stay (of the log, for a log).
    pub every: Period,
    /// When in its interval a stay is polled.
    #[serde(default)]
    pub order: Order,
    /// Each gap is uniform on every·(1 ± jitter), counted from the poll before. Only with `fixed` order.
    #[serde(default = "none")]
    pub jitter: Share,
    /// From the poll, when the truth is read, to the copy.
    #[serde(default)]
    pub latency: Delay,
    /// Share of polls that fail; nothing is asked again before the next.
    #[serde(default = "none")]
    pub loss: Share,
}

fn none() -> Share {
    Share::of(0.0)
}

/// When in its interval a stay is polled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Each stay at its own constant phase.
    #[default]
    Fixed,
    /// Once a cycle, at a fresh uniform moment of it.
    Shuffled,
    /// At memoryless moments, `every` apart on average.
    Poisson,
}
