//! Who looks after a design: what raises an alert, how long a repair takes, what is at hand then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delivery::Delay;
use crate::scenario::quantity::{Count, Duration, Period, Rate, Share};
use crate::sim::clock::{HOUR, MINUTE};

/// Operations of a design.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Operations {
    /// Whether alerts reach anybody. Off, a fault lasts as long as it lasts.
    pub alerts: bool,
    /// Alert when the oldest message that is not applied is older than this. It sees an outage; it cannot
    /// see a message that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lag_above: Option<Period>,
    /// Alert when messages go in that do not come out: it sees a leak where lag cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parity_check: Option<ParityCheck>,
    /// From an alert to the end of the fault.
    pub repair_after: Duration,
    /// How far back metrics are kept: is the beginning of a fault still there when it is noticed?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_retention: Option<Period>,
    /// Checks of a dataset before it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_gate: Option<PublishGate>,
    /// From the publication of a bad dataset to the return to the one before, if that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollback_after: Option<Duration>,
    /// Holds a feed that flips too many answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit_breaker: Option<CircuitBreaker>,
    /// Reads the log again after a fault. Needs a log: a pushed feed whose `retention` covers the fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
    /// Moving parts: each costs money and fails by itself.
    pub components: u32,
    /// Incidents of one component in 30 days: outages of one of the design's feeds.
    pub incidents_per_component_per_month: Rate,
    /// How long an incident lasts that nobody repairs.
    pub incident_lasts: Delay,
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            alerts: true,
            lag_above: None,
            parity_check: None,
            repair_after: Duration::of(HOUR),
            metrics_retention: None,
            publish_gate: None,
            rollback_after: None,
            circuit_breaker: None,
            replay: None,
            components: 0,
            incidents_per_component_per_month: Rate::of(0.0),
            incident_lasts: Delay::Fixed(Duration::of(2 * HOUR)),
        }
    }
}

/// Messages sent in one interval against those of them that were applied by the end of the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ParityCheck {
    /// Between checks.
    pub every: Period,
    /// Alert when more than this share is missing.
    pub missing_above: Share,
}

impl Default for ParityCheck {
    fn default() -> Self {
        Self {
            every: Period::of(HOUR),
            missing_above: Share::of(0.01),
        }
    }
}

/// Checks of a dataset before it is published.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishGate {
    /// Share of bad datasets that it catches. Those are not published.
    pub catches: Share,
}

/// More flips than usual are more likely a fault than news: hold the feed and keep the last good answers.
///
/// What a stream or a poll brings counts as it comes, so the flips up to the trip have gone through; what was
/// held is taken when the feed is let go, and does not count again. A dataset behind a pointer is judged as a
/// whole before anybody reads it: one that trips is never taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CircuitBreaker {
    /// Trips when more than this share of all stays flips within `per`; for a dataset, when it flips more than
    /// this share for each one since the dataset in force.
    pub max_flip_share: Share,
    /// The length of the window that slides over the flips; of no concern to datasets.
    pub per: Period,
    /// How long the feed is held.
    pub reset_after: Period,
}

impl Default for CircuitBreaker {
    fn default() -> Self {
        Self {
            max_flip_share: Share::of(0.05),
            per: Period::of(10 * MINUTE),
            reset_after: Period::of(HOUR),
        }
    }
}

/// How the log is read again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Replay {
    /// The feed's entries are deleted first: searches miss until the replay is done.
    DeleteFirst(ReplaySpeed),
    /// The replay writes over what is there, which is served meanwhile, wrong or not.
    Over(ReplaySpeed),
}

impl Replay {
    /// Messages read again, per second.
    #[must_use]
    pub fn messages_per_second(self) -> u32 {
        match self {
            Self::DeleteFirst(speed) | Self::Over(speed) => speed.messages_per_second.get(),
        }
    }
}

/// How fast the log is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplaySpeed {
    /// Messages a second, over all hotels.
    pub messages_per_second: Count,
}

impl Default for ReplaySpeed {
    fn default() -> Self {
        Self {
            messages_per_second: Count::of(1000),
        }
    }
}
