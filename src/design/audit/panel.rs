//! A panel: one sample for ever.
//!
//! What is drawn once is asked again and again, so the noise of the choice cancels out of a change: its
//! variance is 2σ²(1 − ρ)/n against 2σ²/n of two fresh samples (L. Kish, "Survey sampling", 1965, section
//! 12.4). But its frame is frozen: what comes later is never in it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame::{Drawn, Moment};
use super::{Sample, Way};
use crate::sim::random::Key;

/// One sample for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Panel(pub Sample);

impl Way for Panel {
    fn sample(&self) -> &Sample {
        &self.0
    }

    fn draw(&self, moment: &Moment, last: Option<&[Drawn]>, key: Key) -> Vec<Drawn> {
        match last {
            Some(last) => last.to_vec(),
            None => moment.draw(self.0.size.get(), &[], key),
        }
    }

    fn is_frozen(&self) -> bool {
        true
    }
}
