//! How much the domain service can take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Rate;

/// The domain service that computes true answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveService {
    /// Live asks a second above which a design is warned about, at the size that the board stands for. It
    /// slows nothing down: a live ask takes no simulated time.
    pub capacity_per_second: Rate,
}
