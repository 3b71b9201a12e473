//! Messages sent as they happen: each takes its own time, may overtake another, may be lost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use crate::scenario::quantity::Share;
use crate::sim::clock::Time;
use crate::sim::random::{Key, Purpose};

/// Push delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// From the change to the copy, each message on its own.
    pub latency: Delay,
    /// Share of messages that never arrive.
    pub loss: Share,
}

impl Default for Push {
    fn default() -> Self {
        Self {
            latency: Delay::default(),
            loss: Share::of(0.0),
        }
    }
}

impl Push {
    /// When a message sent at `at` arrives; `None` if it never does. `key` is the message's own.
    #[must_use]
    pub fn arrives(&self, key: Key, at: Time) -> Option<Time> {
        if key.purpose(Purpose::Loss).happens(self.loss.get()) {
            return None;
        }
        Some(at.saturating_add(self.latency.sample(key.purpose(Purpose::Latency))))
    }
}
