//! What is under review: how a copy is fed, kept, served and looked after.
//!
//! A policy is one file below this one (its parameters, what it does, its formula's source) and one line
//! in the enum that offers it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod audit;
pub mod cache;
pub mod delivery;
pub mod fault;
pub mod operations;
pub mod serving;
pub mod source;
pub mod trouble;

pub use audit::Audit;
pub use cache::Cache;
pub use delivery::Delivery;
pub use fault::Fault;
pub use operations::Operations;
pub use serving::Serving;
pub use source::Source;

/// One way of keeping the copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The name on charts and in results; unique in a scenario.
    pub name: String,
    /// Where the copy comes from: none, one or several. Without one, misses alone fill it.
    #[serde(default)]
    pub feeds: Vec<Feed>,
    /// How long an entry is kept.
    #[serde(default)]
    pub cache: Cache,
    /// What a search gets, and when it is checked live.
    #[serde(default)]
    pub serving: Serving,
    /// Samples that estimate its accuracy.
    #[serde(default)]
    pub audits: Vec<Audit>,
    /// Who looks after it.
    #[serde(default)]
    pub operations: Operations,
}

impl Design {
    /// The audit of this name.
    #[must_use]
    pub fn audit(&self, name: &str) -> Option<&Audit> {
        self.audits.iter().find(|audit| audit.name == name)
    }
}

/// A source with its delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The feed's name, unique in its design. Random draws are keyed by it: twins draw alike.
    pub name: String,
    /// What is read.
    pub source: Source,
    /// How it arrives.
    pub delivery: Delivery,
    /// Which of two answers for one stay counts.
    #[serde(default)]
    pub apply: Apply,
}

impl Feed {
    /// Whether it brings messages: polls and datasets do not, and have no lag of messages.
    #[must_use]
    pub fn has_messages(&self) -> bool {
        !matches!(self.source, Source::Dataset(_) | Source::Inventory(_))
    }

    /// Whether it brings datasets that are published whole, so that there is one to return to.
    #[must_use]
    pub fn publishes(&self) -> bool {
        matches!(self.source, Source::Dataset(dataset) if !dataset.in_place)
    }

    /// Whether its messages stand in line.
    #[must_use]
    pub fn has_line(&self) -> bool {
        self.delivery.push().is_some_and(delivery::Push::has_line)
    }

    /// How many consumers work at its messages, where they are numbered.
    #[must_use]
    pub fn workers(&self) -> Option<u32> {
        let push = self.delivery.push()?;
        let count = push.partitions.or(push.consumers)?;
        Some(count.get())
    }
}

/// Which of two answers for one stay counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Apply {
    /// The one of the later version: what arrives late is ignored.
    #[default]
    Newest,
    /// The one that arrived last, however old it is.
    LastArrival,
}
