//! Natural traffic: the live answers that travellers' searches caused (shown checks, exploration and
//! bypass) are observed and fed back. What nobody is shown, nobody checks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Share;

/// Observed live answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Searches {
    /// Share of live answers that are observed.
    pub share: Share,
}

impl Default for Searches {
    fn default() -> Self {
        Self {
            share: Share::of(1.0),
        }
    }
}
