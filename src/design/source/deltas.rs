//! Change-data-capture: one message a changed row.
//!
//! In `two_state` a row is a stay and a message is a flip. In `hotels` a row is a room type's night; the
//! design keeps a replica of the rows, recomputes the stays that a row touches and writes the answers that
//! changed. A message carries the row's state, so the next one of that row heals an earlier loss.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Database deltas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deltas {
    /// Whether the copy is loaded in full at the start.
    pub bootstrap: bool,
}

impl Default for Deltas {
    fn default() -> Self {
        Self { bootstrap: true }
    }
}
