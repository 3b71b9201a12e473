//! How what a source reads arrives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod delay;
pub mod pull;
pub mod push;

pub use delay::Delay;
pub use pull::{Order, Pull};
pub use push::Push;

/// The registered deliveries: one line each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Each message is sent when it happens.
    Push(Push),
    /// The reader asks, again and again.
    Pull(Pull),
}
