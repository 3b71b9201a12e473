//! A rotating panel: each wave keeps a share of the last one's sample, and those longest in it go first.
//!
//! Between the panel, whose changes are sure, and the fresh sample, which sees the whole board (H. D.
//! Patterson, "Sampling on successive occasions with partial replacement of units", JRSS B 12, 1950).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame::{Drawn, Moment};
use super::{Sample, Way};
use crate::sim::random::Key;

/// A sample of which a share is kept from wave to wave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Rotating(pub Sample);

/// The share that is kept where nothing is said.
const KEEP: f64 = 0.75;

impl Way for Rotating {
    fn sample(&self) -> &Sample {
        &self.0
    }

    fn draw(&self, moment: &Moment, last: Option<&[Drawn]>, key: Key) -> Vec<Drawn> {
        let size = self.0.size.get();
        let keep = self.0.keep.map_or(KEEP, |keep| keep.get());
        let still = last.unwrap_or_default().iter();
        let still: Vec<Drawn> = still
            .filter(|drawn| moment.holds(drawn.group))
            .copied()
            .collect();
        // Those longest in it stand first.
        let kept = ((f64::from(size) * keep + 0.5) as usize).min(still.len());
        let mut units = still[still.len() - kept..].to_vec();
        let fresh = moment.draw(size - kept as u32, &units, key);
        units.extend(fresh);
        units
    }
}
