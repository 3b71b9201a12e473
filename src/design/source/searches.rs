//! Natural traffic: the live answers that travellers' searches caused (shown checks, exploration and
//! bypass) are observed and fed back. What nobody is shown, nobody checks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::Carrier;
use crate::scenario::quantity::Share;
use crate::sim::clock::Time;
use crate::sim::random::{Key, Purpose};
use crate::sim::truth::{OnTheWay, StayTruth, Write};

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

/// The observations of one stay on their way to the copy.
#[derive(Debug)]
pub struct Observed<'a> {
    carrier: &'a Carrier,
    share: f64,
    /// The stay's own in its feed.
    key: Key,
    on_the_way: OnTheWay,
}

impl<'a> Observed<'a> {
    /// No observation yet.
    #[must_use]
    #[inline]
    pub fn new(source: &Searches, carrier: &'a Carrier, key: Key) -> Self {
        Self {
            carrier,
            share: source.share.get(),
            key,
            on_the_way: OnTheWay::default(),
        }
    }

    /// A live answer was given at `at` to the stay's search of this ordinal; whether it was observed.
    pub fn observe(&mut self, at: Time, ordinal: u64) -> bool {
        let key = self.key.at(ordinal);
        if !key.purpose(Purpose::Observed).happens(self.share) {
            return false;
        }
        if let Some(visible) = self.carrier.arrives(key, at) {
            self.on_the_way.send(visible, at);
        }
        true
    }

    /// When the next observation arrives.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.on_the_way.peek()
    }

    /// Takes the nearest observation.
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        self.on_the_way.take(truth)
    }
}
