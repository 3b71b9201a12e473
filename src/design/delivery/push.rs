//! Messages sent as they happen: each takes its own time, may overtake another, may be lost.
//!
//! ```text
//!  change ──window──▶ sent ──lost?──▶ transit ──outage?──▶ line of consumers ──▶ processed
//! ```

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use super::line::Commit;
use super::window::Window;
use crate::scenario::quantity::{Count, Duration, Period, Share};
use crate::sim::clock::DAY;

/// Push delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Push {
    /// From the change to the copy (to the line of consumers, where there is one), each message on its own.
    pub latency: Delay,
    /// Share of messages that never arrive.
    pub loss: Share,
    /// Share of messages that arrive twice, the second with a latency of its own.
    pub duplicates: Share,
    /// Coalesces changes of one stay (of one row; of one hotel, for hints): its state at the flush is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Consumers that share one first-in first-out line. Default: enough for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumers: Option<Count>,
    /// Lines of one consumer each, a hotel's messages always in the same. Instead of `consumers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partitions: Option<Count>,
    /// How long a consumer works on a message.
    pub service: Delay,
    /// Messages that need a call to another region while they are worked on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cross_region: Option<CrossRegion>,
    /// How long the log keeps messages: what an outage or a replay can still get at. 0 loses what an outage
    /// covers.
    pub retention: Duration,
    /// When a message is marked as done: what becomes of it when its consumer dies. `after` tries it again, as
    /// what a dead consumer had done is not applied: nothing is applied twice but by `duplicates`.
    pub commit: Commit,
    /// Where consumers go on after an outage.
    pub start_at: StartAt,
}

impl Default for Push {
    fn default() -> Self {
        Self {
            latency: Delay::default(),
            loss: Share::of(0.0),
            duplicates: Share::of(0.0),
            window: None,
            consumers: None,
            partitions: None,
            service: Delay::default(),
            cross_region: None,
            retention: Duration::of(7 * DAY),
            commit: Commit::default(),
            start_at: StartAt::default(),
        }
    }
}

impl Push {
    /// How many consumers are at work at most: all of them, where there are enough for all.
    #[must_use]
    pub fn consumers(&self) -> Option<u32> {
        self.partitions
            .or(self.consumers)
            .map(|consumers| consumers.get())
    }

    /// How many of them work where only a share is left.
    #[must_use]
    pub fn left(&self, share: f64) -> Option<u32> {
        let all = self.consumers()?;
        Some(((f64::from(all) * share) as u32).max(1))
    }

    /// Whether messages stand in line, so that those of different hotels meet.
    #[must_use]
    pub fn has_line(&self) -> bool {
        self.consumers.is_some() || self.partitions.is_some() || self.cross_region.is_some()
    }
}

/// Calls to another region: one that takes too long kills the consumer, and the group of consumers pauses to
/// share out its work anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossRegion {
    /// Share of messages that need one.
    pub share: Share,
    /// How long it takes.
    pub latency: Delay,
    /// Longer than this kills the consumer.
    pub timeout: Period,
    /// How long the group pauses then.
    pub rebalance: Duration,
}

/// Where consumers go on after an outage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StartAt {
    /// With the oldest message the log still has.
    #[default]
    Earliest,
    /// With what is sent from then on: what waited is lost.
    Latest,
}
