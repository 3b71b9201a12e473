//! How long an entry is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod capacity;
pub mod purge;
pub mod ttl;

pub use capacity::Capacity;
pub use purge::Purge;
pub use ttl::Ttl;

/// The copy itself: one entry a stay and feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// The lifetime of an entry; it runs from storing, whatever the feed.
    pub ttl: Ttl,
    /// Entries dropped for no reason of their own.
    pub purge: Purge,
}
