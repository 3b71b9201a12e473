//! How long an entry is kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod capacity;
pub mod purge;
pub mod ttl;

pub use capacity::Capacity;
pub use purge::Purge;
pub use ttl::Ttl;

use crate::scenario::quantity::{Duration, Period};

/// The copy itself: one entry a stay and feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cache {
    /// The lifetime of an entry; it runs from storing, whatever the feed.
    pub ttl: Ttl,
    /// The lifetime of an entry that says sold out, where it differs: an answer nobody is shown can only be
    /// put right by forgetting it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sold_out_ttl: Option<Period>,
    /// Entries dropped for no reason of their own.
    pub purge: Purge,
    /// How long after its lifetime an entry is still served: the first search to meet it then has it asked
    /// live again, after its own answer (RFC 5861, section 3).
    pub stale_while_revalidate: Duration,
    /// Room for so many entries. Default: enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            ttl: Ttl::default(),
            sold_out_ttl: None,
            purge: Purge::default(),
            stale_while_revalidate: Duration::of(0),
            capacity: None,
        }
    }
}
