//! Messages sent as they happen: each takes its own time, may overtake another, may be lost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use crate::scenario::quantity::Share;

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
