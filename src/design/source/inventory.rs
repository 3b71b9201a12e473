//! The domain service, asked stay by stay: each poll is a live ask and reads the truth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The inventory itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Inventory {}
