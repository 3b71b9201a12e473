//! What is under review: how a copy is fed, kept and served.
//!
//! A policy is one file below this one (its parameters, what it does, its formula's source) and one line
//! in the enum that offers it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod cache;
pub mod delivery;
pub mod serving;
pub mod source;

pub use cache::Cache;
pub use delivery::Delivery;
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
}
