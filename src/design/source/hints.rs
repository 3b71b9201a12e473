//! Notices that a hotel changed: the design then asks live for that hotel's stays.
//!
//! A notice is sent for every changed row and says nothing but the hotel; pushed with a `window`, one for all
//! that changes in a hotel until the flush. Pulled, it is the list of hotels that changed since the last look
//! (as in Google's hint requests, polled every 5 minutes).

use std::rc::Rc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sim::clock::{NEVER, Time};
use crate::sim::truth::{StayTruth, Write};

/// Hints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Hints {}

/// The hints of one hotel as they arrive; each has all its stays asked.
#[derive(Debug)]
pub struct Hinted {
    /// In the order of time, each once.
    arrivals: Rc<Vec<Time>>,
    next: usize,
}

impl Hinted {
    /// From the moment the stay enters.
    #[must_use]
    pub fn new(arrivals: Rc<Vec<Time>>, truth: &StayTruth<'_>) -> Self {
        let next = arrivals.partition_point(|at| *at < truth.enters);
        Self { arrivals, next }
    }

    /// When the stay is asked next.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.arrivals.get(self.next).copied().unwrap_or(NEVER)
    }

    /// When the stay is asked from a moment on, of what was not taken yet.
    pub fn pending(&self, truth: &StayTruth<'_>, from: Time) -> impl Iterator<Item = Time> {
        let within = from..truth.leaves;
        let pending = self.arrivals.get(self.next..).unwrap_or_default();
        pending
            .iter()
            .copied()
            .filter(move |at| within.contains(at))
    }

    /// Asks the stay: the answer is there at once.
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        let at = *self.arrivals.get(self.next)?;
        self.next += 1;
        Some(truth.read(at, at, false))
    }
}
