//! How what a source reads arrives.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sim::clock::Time;
use crate::sim::random::Key;

pub mod delay;
pub mod line;
pub mod pull;
pub mod push;

pub use delay::Delay;
pub use line::Line;
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

/// How the messages of a log (row changes, observations) get to the copy.
#[derive(Debug)]
pub enum Carrier {
    /// Each by itself.
    Push(Push),
    /// With the first poll of the log that succeeds.
    Pull(pull::LogReads),
}

impl Carrier {
    /// The carrier of a feed. `key` is the feed's own; a log is read until `end`.
    #[must_use]
    pub fn new(delivery: &Delivery, key: Key, end: Time) -> Self {
        match delivery {
            Delivery::Push(push) => Self::Push(push.clone()),
            Delivery::Pull(pull) => Self::Pull(pull::LogReads::new(pull, key, end)),
        }
    }

    /// When a message sent at `at` arrives; `None` if it never does. `key` is the message's own.
    #[must_use]
    #[inline]
    pub fn arrives(&self, key: Key, at: Time) -> Option<Time> {
        match self {
            Self::Push(push) => push.arrives(key, at),
            Self::Pull(reads) => reads.arrives(at),
        }
    }
}
