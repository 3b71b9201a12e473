//! Coalescing: several changes of one stay (of one row) become one message, which carries the state at the
//! flush.
//!
//! With changes at rate λ, a window of length W after the first change sends λ/(1 + λW) messages a unit of
//! time (renewal theory: a cycle is a window and the wait for the next change); a clock of period W sends
//! (1 − e^(−λW))/W; waiting for W of quiet sends λe^(−λW) (W. Feller, "An introduction to probability theory
//! and its applications" II, XI.4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::quantity::Period;
use crate::sim::clock::Time;

/// When what has been gathered is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// So long after the first change.
    AfterFirst(Period),
    /// At the next tick of a clock with this period.
    Clock(Period),
    /// Once nothing has changed for so long.
    Quiet(Period),
}

impl Window {
    /// When a window is flushed into which a change falls at `at`; `open` is the flush that was due, if the
    /// window is open already.
    #[must_use]
    pub fn flush(&self, at: Time, open: Option<Time>) -> Time {
        match (self, open) {
            (Self::Quiet(quiet), _) => at.saturating_add(quiet.micros()),
            (_, Some(due)) => due,
            (Self::AfterFirst(window), None) => at.saturating_add(window.micros()),
            (Self::Clock(period), None) => {
                let period = period.micros();
                (at / period + 1).saturating_mul(period)
            }
        }
    }
}
