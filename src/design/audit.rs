//! Audits: samples of stays whose answer is compared with the truth, and the accuracy that they estimate.
//!
//! ```text
//!  frame (stays, or searches) ──draw──▶ units of a wave ──▶ answer right? ──▶ estimate, interval ──▶ alert
//! ```
//!
//! A unit is a hotel, a number of days ahead and a number of nights (an item, in `two_state`), so a panel does
//! not run out when its nights are past. All probes of a wave happen at one moment, compare the truth with
//! the answer that a search would get, cost a live ask each, and touch nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::audit::AuditTally;
use crate::scenario::quantity::{Count, Period, Share};
use crate::sim::clock::{Horizon, Time};
use crate::sim::random::{Key, Purpose};
use crate::world::group::Generate;

pub mod estimate;
pub mod frame;
pub mod panel;
pub mod random;
pub mod rotating;
pub mod stratified;

use frame::{Drawn, Moment};

macro_rules! audits {
    ($($(#[$doc:meta])* $variant:ident $key:ident: $policy:ty;)*) => {
        /// An audit of a design: its name, and exactly one way to sample.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct Audit {
            /// The audit's name, unique in its design. Random draws are keyed by it.
            pub name: String,
            $($(#[$doc])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $key: Option<$policy>,)*
        }

        impl Audit {
            /// The ways to sample, as they are called in a scenario.
            pub const WAYS: &[&str] = &[$(stringify!($key)),*];

            /// How many ways are given; one, in a scenario that was checked.
            #[must_use]
            pub fn ways(&self) -> usize {
                [$(self.$key.is_some()),*].into_iter().filter(|given| *given).count()
            }

            /// The way to sample, and its name.
            #[must_use]
            pub fn way(&self) -> Option<(&'static str, &dyn Way)> {
                $(if let Some(way) = &self.$key {
                    return Some((stringify!($key), way));
                })*
                None
            }

            /// What it alerts below, if it does.
            #[must_use]
            pub fn alert(&self) -> Option<Alert> {
                self.way()?.1.sample().alert
            }
        }
    };
}

// One line each.
audits! {
    /// One sample for ever: it sees change with little noise, of what it has in it.
    Panel panel: panel::Panel;
    /// A fresh sample each wave, without replacement.
    Random random: random::Random;
    /// Each wave keeps a share of the last one's sample; those longest in it go first.
    Rotating rotating: rotating::Rotating;
    /// A fresh sample each wave, spread evenly over strata of popularity.
    Stratified stratified: stratified::Stratified;
}

/// A way to sample.
pub trait Way {
    /// What all ways have in common.
    fn sample(&self) -> &Sample;

    /// The units of a wave. `last` are those of the wave before; `key` is the wave's own.
    fn draw(&self, moment: &Moment, last: Option<&[Drawn]>, key: Key) -> Vec<Drawn>;

    /// Whether what comes onto the board after the first wave is never drawn.
    fn is_frozen(&self) -> bool {
        false
    }
}

/// What all ways to sample have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Probes a wave.
    pub size: Count,
    /// Between waves; the first is at the end of the warm-up.
    pub every: Period,
    /// What is drawn from.
    #[serde(default)]
    pub frame: Frame,
    /// Whether units drawn by searches are weighed back, so that every stay counts alike.
    #[serde(default)]
    pub weigh: bool,
    /// The confidence of the interval around an estimate.
    #[serde(default = "usual")]
    pub confidence: Share,
    /// When the estimate raises an alert. The design's `operations` then have the fault repaired, unless their
    /// `alerts` are off; what another audit would have noticed later is not there any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
    /// Of `rotating`: the share that is kept from wave to wave. Default: 0.75.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<Share>,
    /// Of `stratified`: how many strata. Default: 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strata: Option<Count>,
}

fn usual() -> Share {
    Share::of(0.95)
}

/// What is drawn from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Frame {
    /// All stays alike, without replacement.
    #[default]
    Stays,
    /// By popularity, with replacement.
    Searches,
}

/// When an estimate raises an alert.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// Below this accuracy,
    pub below: Share,
    /// in so many waves in a row.
    #[serde(default = "once")]
    pub in_a_row: Count,
}

fn once() -> Count {
    Count::of(1)
}

/// One question to the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Probe {
    /// The group of the stay.
    pub group: u32,
    /// The stay in it.
    pub stay: u32,
    /// When.
    pub at: Time,
    /// Which audit of the design.
    pub audit: u32,
    /// Which wave and which unit of it: wave × size + unit.
    pub slot: u32,
}

/// An audit in one replicate: who is asked when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Planned {
    /// The first wave.
    pub first: Time,
    /// Between waves.
    pub every: Time,
    /// How many there are.
    pub waves: usize,
    /// The units of each wave.
    pub units: Vec<Vec<Drawn>>,
    /// How many stays can be searched at each wave.
    pub stays: Vec<u64>,
    /// What is drawn from.
    pub frame: Frame,
    /// Groups that come onto the board after this are never drawn.
    pub frozen_at: Option<Time>,
    /// The most units of a wave.
    pub size: u32,
}

impl Planned {
    /// Draws the units of all waves. `key` is the audit's own.
    #[must_use]
    pub fn new(
        way: &dyn Way,
        world: &dyn Generate,
        replicate: Key,
        key: Key,
        horizon: Horizon,
    ) -> Self {
        let sample = way.sample();
        let every = sample.every.micros();
        let waves = ((horizon.measured() + every - 1) / every) as usize;
        let board = frame::Board::new(world, replicate);
        let mut units: Vec<Vec<Drawn>> = Vec::with_capacity(waves);
        let mut stays = Vec::with_capacity(waves);
        for wave in 0..waves {
            let at = horizon.warm + wave as Time * every;
            let moment = board.at(at, sample.frame);
            stays.push(moment.stays());
            let key = key.purpose(Purpose::Audit).at(wave as u64);
            let drawn = way.draw(&moment, units.last().map(Vec::as_slice), key);
            units.push(drawn);
        }
        Self {
            first: horizon.warm,
            every,
            waves,
            units,
            stays,
            frame: sample.frame,
            frozen_at: way.is_frozen().then_some(horizon.warm),
            size: sample.size.get(),
        }
    }

    /// An empty tally.
    #[must_use]
    pub fn tally(&self) -> AuditTally {
        let probes = self.waves * self.size as usize;
        AuditTally::new(self.waves, probes)
    }

    /// When a wave is.
    #[must_use]
    #[inline]
    pub fn at(&self, wave: usize) -> Time {
        self.first + wave as Time * self.every
    }

    /// The waves that fall into a stretch of time.
    #[must_use]
    #[inline]
    pub fn within(&self, from: Time, to: Time) -> std::ops::Range<usize> {
        let upto = |at: Time| {
            let waves = (at - self.first + self.every - 1).div_euclid(self.every);
            waves.clamp(0, self.waves as Time) as usize
        };
        upto(from)..upto(to)
    }

    /// The probes of some groups; `audit` is this one's place in its design.
    pub fn probes<'a>(
        &'a self,
        world: &'a dyn Generate,
        audit: u32,
        holds: impl Fn(u32) -> bool + Copy + 'a,
    ) -> impl Iterator<Item = Probe> + 'a {
        let waves = self.units.iter().enumerate();
        waves.flat_map(move |(wave, units)| {
            let at = self.at(wave);
            let units = (0_u32..).zip(units);
            let asked = units.filter(move |(_, drawn)| holds(drawn.group));
            asked.map(move |(unit, drawn)| Probe {
                group: drawn.group,
                stay: world.stay_at(drawn.slot, at),
                at,
                audit,
                slot: wave as u32 * self.size + unit,
            })
        })
    }
}
