//! What a search gets, and when it is checked live.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Share;

/// How searches are answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Serving {
    /// What a search gets that finds no live entry.
    pub on_miss: OnMiss,
    /// Which answers are computed live after they were read.
    pub live_check: LiveCheck,
    /// Share of sold-out answers checked live all the same.
    pub explore: Share,
    /// Share of searches answered live without reading this copy (other channels), observed too.
    pub bypass: Share,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            on_miss: OnMiss::default(),
            live_check: LiveCheck::default(),
            explore: Share::of(0.0),
            bypass: Share::of(0.0),
        }
    }
}

/// What a search gets that finds no live entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnMiss {
    /// The domain service is asked; its answer is right, and stored at once.
    #[default]
    AskLive,
    /// The stay is called available.
    SayAvailable,
    /// The stay is called sold out.
    SaySoldOut,
}

/// Which answers are computed live after they were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveCheck {
    /// None.
    #[default]
    Never,
    /// Those that were `available`: the stays a traveller is shown.
    Shown,
    /// All.
    EverySearch,
}

impl LiveCheck {
    /// Whether a search is answered live that the copy told this.
    #[must_use]
    #[inline]
    pub fn checks(self, says_available: bool) -> bool {
        match self {
            Self::Never => false,
            Self::Shown => says_available,
            Self::EverySearch => true,
        }
    }
}
