//! What a feed reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod dataset;
pub mod deltas;
pub mod hints;
pub mod inventory;
pub mod searches;

pub use dataset::Dataset;
pub use deltas::Deltas;
pub use hints::Hints;
pub use inventory::Inventory;
pub use searches::Searches;

/// The registered sources: one line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Change-data-capture of the inventory tables.
    Deltas(Deltas),
    /// The domain service, stay by stay.
    Inventory(Inventory),
    /// Natural traffic: live answers that travellers' searches caused.
    Searches(Searches),
    /// A dataset, built from the domain service again and again.
    Dataset(Dataset),
    /// Notices that a hotel changed; its stays are then asked live.
    Hints(Hints),
}

impl Source {
    /// The name in a scenario.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deltas(_) => "deltas",
            Self::Inventory(_) => "inventory",
            Self::Searches(_) => "searches",
            Self::Dataset(_) => "dataset",
            Self::Hints(_) => "hints",
        }
    }

    /// Whether this source can be pushed; the others can only be pulled.
    #[must_use]
    pub fn can_be_pushed(&self) -> bool {
        !matches!(self, Self::Inventory(_))
    }
}
