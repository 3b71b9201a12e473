//! A fresh sample each wave: without replacement, or with, where it is drawn by searches.
//!
//! The variance of its estimate is σ²/n·(1 − n/N), of its change from wave to wave twice that (W. G. Cochran,
//! "Sampling techniques", 3rd ed., section 2.6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame::{Drawn, Moment};
use super::{Sample, Way};
use crate::sim::random::Key;

/// A fresh sample each wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Random(pub Sample);

impl Way for Random {
    fn sample(&self) -> &Sample {
        &self.0
    }

    fn draw(&self, moment: &Moment, _: Option<&[Drawn]>, key: Key) -> Vec<Drawn> {
        moment.draw(self.0.size.get(), &[], key)
    }
}
