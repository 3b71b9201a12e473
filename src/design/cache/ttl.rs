//! Lifetimes.
//!
//! A fixed lifetime renews on every write: with Poisson hits at rate λ and misses that ask live, the hit
//! ratio is λT/(1+λT) (Jung, Berger, Balakrishnan, "Modeling TTL-based Internet caches", INFOCOM 2003,
//! section III). A sliding lifetime renews on every hit: the hit ratio is 1 − e^(−λT) (Fofack et al.,
//! "Performance evaluation of hierarchical TTL-based cache networks", Computer Networks 65, 2014).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Period;

/// The registered lifetimes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ttl {
    /// Entries live until something newer replaces them.
    #[default]
    None,
    /// An entry dies this long after it was stored.
    Fixed(Period),
    /// An entry dies this long after it was stored or last hit.
    Sliding(Period),
}
