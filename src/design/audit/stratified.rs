//! A fresh sample each wave, spread evenly over strata of popularity.
//!
//! Groups stand in the order of their popularity; they are cut into strata with equally many stays, and each
//! gets its share of the probes, so every stay has the same chance (proportional allocation: W. G. Cochran,
//! "Sampling techniques", 3rd ed., section 5.4). What differs between strata is then no noise.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::frame::{Drawn, Moment};
use super::{Sample, Way};
use crate::sim::random::Key;

/// A fresh sample each wave, so much from each stratum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Stratified(pub Sample);

/// The strata where nothing is said.
const STRATA: u32 = 5;

impl Way for Stratified {
    fn sample(&self) -> &Sample {
        &self.0
    }

    fn draw(&self, moment: &Moment, _: Option<&[Drawn]>, key: Key) -> Vec<Drawn> {
        let size = self.0.size.get();
        let strata = self.0.strata.map_or(STRATA, |strata| strata.get());
        let part = |whole: u64, stratum: u32| whole * u64::from(stratum) / u64::from(strata);
        let mut units = Vec::with_capacity(size as usize);
        for stratum in 0..strata {
            let (from, to) = (
                part(moment.stays(), stratum),
                part(moment.stays(), stratum + 1),
            );
            let probes = part(u64::from(size), stratum + 1) - part(u64::from(size), stratum);
            let key = key.at(u64::from(stratum));
            units.extend(moment.alike(from, to, probes as u32, BTreeSet::new(), key));
        }
        units
    }
}
