//! Who uses the copy, how, and what they need of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::quantity::Period;

/// Somebody who uses the copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// What they are called.
    pub name: String,
    /// How they read.
    pub reads: Reads,
    /// Between two reads of the whole copy; needed where it is read in bulk. The first is at the end of the
    /// warm-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Period>,
    /// What a wrong answer weighs by. Default: stays in bulk, else searches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weigh: Option<Weigh>,
    /// What must hold for the copy to be fit for them.
    #[serde(default)]
    pub needs: Vec<Need>,
}

/// How an audience reads the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    /// The entries of the whole copy at once, every so often; what was read is worked with until the next
    /// read. What has no entry is not read, and nobody is asked.
    Bulk,
    /// Stay by stay, as searches do.
    Searches,
}

/// What a wrong answer weighs by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weigh {
    /// All stays alike, over time.
    Stays,
    /// By the mean number of searches.
    Searches,
    /// By bookings of the world: only those moments count.
    Bookings,
}

/// What an audience needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// `accuracy`, `false_available`, `false_sold_out` or `coverage` as they read and weigh; or any other
    /// metric of the design.
    pub metric: String,
    /// The least that will do. Either this or `at_most`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The most that will do. Either this or `at_least`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

impl Audience {
    /// What a wrong answer weighs by.
    #[must_use]
    pub fn weigh(&self) -> Weigh {
        self.weigh.unwrap_or(match self.reads {
            Reads::Bulk => Weigh::Stays,
            Reads::Searches => Weigh::Searches,
        })
    }
}
