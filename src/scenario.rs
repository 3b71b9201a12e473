//! The file a reviewer writes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::fault::{Fault, Shock};
use crate::design::serving::OnMiss;
use crate::design::source::Deltas;
use crate::design::{Apply, Cache, Delivery, Design, Feed, Operations, Serving, Source};
use crate::sim::clock::{DAY, Horizon};
use crate::world::group::Ignores;
use crate::world::{Shocks, World};

pub mod audience;
mod brackets;
mod check;
mod deserializer;
pub mod designs;
mod edit;
pub mod expect;
pub mod files;
mod format;
mod like;
pub mod limits;
pub mod parts;
pub mod pointer;
pub mod presets;
pub mod prices;
pub mod problem;
pub mod provenance;
pub mod quantity;
mod reader;
pub mod schema;
pub mod story;
pub mod text;
mod tree;
pub mod vary;

pub use audience::Audience;
pub use expect::Expectation;
pub use prices::Prices;
use quantity::{Count, Duration, Period, Seed};
use vary::{Assumption, Sweep};

/// A question, a world, and the designs that are to answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The version of this format: 1.
    pub version: Version,
    /// A short title.
    #[serde(default)]
    pub title: String,
    /// The question the designs are to answer.
    #[serde(default)]
    pub question: String,
    /// All randomness comes from it.
    #[serde(default = "seed")]
    pub seed: Seed,
    /// How long, and how often.
    #[serde(default)]
    pub run: Run,
    /// The truth that all designs watch.
    pub world: World,
    /// What is compared; at least one.
    pub designs: Vec<Design>,
    /// Adds two designs to the comparison: `ideal`, which has every change at once and loses none, and
    /// `do nothing`, which keeps no copy and calls every stay available. Where all designs have the same
    /// `live_check` these have it, too: a wrong answer then costs the same in all.
    #[serde(default)]
    pub bounds: bool,
    /// What goes wrong, and when.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// What things cost.
    #[serde(default)]
    pub prices: Prices,
    /// Who uses the copy, and what they need of it.
    #[serde(default)]
    pub audiences: Vec<Audience>,
    /// What must hold of the results, for continuous integration.
    #[serde(default)]
    pub expect: Vec<Expectation>,
    /// What `stayfresh sweep` goes through. No part of a run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
    /// How far off the assumptions may be, for `stayfresh sensitivity`. Without any, prices and the world's
    /// rates are halved and doubled. No part of a run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Assumption>,
    /// The steps of a talk: words, what to show, what to change. No part of a run, and of no hash.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<story::Step>,
}

impl Scenario {
    /// How many stays a replicate watches, over the whole run.
    #[must_use]
    pub fn stays_per_replicate(&self) -> u64 {
        match &self.world {
            World::TwoState(world) => u64::from(world.stays.get()),
            World::Hotels(world) => {
                let run = (self.run.horizon().end as u64).div_ceil(DAY as u64);
                let days = run + (world.booking_window.micros() / DAY) as u64;
                u64::from(world.count.get()) * days * u64::from(world.max_nights.get())
            }
            // As many hotels as the files have, once they are read.
            World::Trace(world) => {
                let run = (self.run.horizon().end as u64).div_ceil(DAY as u64);
                let days = run + (world.booking_window.micros() / DAY) as u64;
                world.hotels() * days * u64::from(world.max_nights.get())
            }
        }
    }
}

/// The names of the bounds.
pub const BOUNDS: [&str; 2] = ["ideal", "do nothing"];

impl Scenario {
    /// All designs that are compared: those of the scenario, then the bounds where it asks for them.
    #[must_use]
    pub fn compared(&self) -> Vec<Design> {
        let mut checks = self.designs.iter().map(|design| design.serving.live_check);
        let live_check = checks.next().filter(|first| checks.all(|of| of == *first));
        let serving = Serving {
            live_check: live_check.unwrap_or_default(),
            ..Serving::default()
        };
        let bare = |name: &str| Design {
            name: name.to_owned(),
            feeds: Vec::new(),
            cache: Cache::default(),
            serving,
            audits: Vec::new(),
            operations: Operations::default(),
        };
        let mut designs = self.designs.clone();
        if self.bounds {
            let [ideal, nothing] = BOUNDS;
            designs.push(Design {
                feeds: vec![Feed {
                    name: "deltas".to_owned(),
                    source: Source::Deltas(Deltas::default()),
                    delivery: Delivery::Push(Box::default()),
                    apply: Apply::default(),
                }],
                ..bare(ideal)
            });
            designs.push(Design {
                serving: Serving {
                    on_miss: OnMiss::SayAvailable,
                    ..serving
                },
                ..bare(nothing)
            });
        }
        designs
    }

    /// Whether this fault, which need not be one of the scenario's, can befall its world and designs.
    #[must_use]
    pub fn can_befall(&self, fault: &Fault) -> bool {
        let mut problems = Vec::new();
        check::befalls(fault, self, "", &mut problems);
        problems.is_empty()
    }

    /// What befalls the world, for all designs.
    #[must_use]
    pub fn shocks(&self) -> Shocks {
        let warm = self.run.horizon().warm;
        let mut shocks = Shocks::default();
        for fault in &self.faults {
            let interval = |shock: &Shock| {
                let from = warm + shock.at.micros();
                (
                    from,
                    from.saturating_add(shock.lasts.micros()),
                    shock.times.get(),
                )
            };
            match fault {
                Fault::TrafficDrop(shock) => shocks.traffic.push(interval(shock)),
                Fault::DemandShock(shock) => shocks.demand.push(interval(shock)),
                Fault::RuleChange(change) => {
                    let rule = Ignores::NONE.with(change.rule);
                    shocks.rules.push((rule, warm + change.at.micros()));
                }
                _ => {}
            }
        }
        shocks
    }
}

fn seed() -> Seed {
    Seed::of(42)
}

/// The version of the scenario format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Version(u32);

impl Version {
    /// The version this program reads and writes.
    pub const CURRENT: Self = Self(1);
}

/// How long a run is, and how often it is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Run {
    /// Simulated before measuring starts.
    pub warmup: Duration,
    /// Measured.
    pub length: Period,
    /// Independent repetitions; intervals need at least two.
    pub replicates: Count,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            warmup: Duration::of(2 * DAY),
            length: Period::of(14 * DAY),
            replicates: Count::of(8),
        }
    }
}

impl Run {
    /// The run on the clock.
    #[must_use]
    pub fn horizon(&self) -> Horizon {
        let warm = self.warmup.micros();
        Horizon {
            warm,
            end: warm + self.length.micros(),
        }
    }
}

mod version {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde::de::{Deserialize, Deserializer, Error};

    use super::Version;

    impl<'de> Deserialize<'de> for Version {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let number = u32::deserialize(deserializer)?;
            if number == Self::CURRENT.0 {
                Ok(Self(number))
            } else {
                Err(D::Error::custom(format!(
                    "version {number} of the format is not known; expected {}",
                    Self::CURRENT.0
                )))
            }
        }
    }

    impl JsonSchema for Version {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> Cow<'static, str> {
            "Version".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "const": Self::CURRENT.0 })
        }
    }
}
