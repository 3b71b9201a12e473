//! One design over the whole world of a replicate, where its stays meet or where it must be seen as a whole
//! before anything is known: alerts and repairs, lines of consumers, rooms in a cache.

use super::clock::Horizon;
use super::mishap;
use super::plan::{Event, Plan};
use super::random::Key;
use super::run::{DesignRun, searches_key};
use crate::design::{Design, Fault};
use crate::measure::tally::Tally;
use crate::world::group::{Generate, Group, RuleBook};

/// What a design did in a replicate.
#[derive(Debug)]
pub struct Ran {
    /// In numbers.
    pub tally: Tally,
    /// What happened to it as a whole.
    pub events: Vec<Event>,
}

/// Whether a design must be run over the whole world.
#[must_use]
pub fn is_needed(design: &Design, faults: &[Fault]) -> bool {
    let operations = &design.operations;
    let struck = !faults.is_empty() || operations.incidents_per_component_per_month.get() > 0.0;
    let watched =
        operations.alerts && (operations.lag_above.is_some() || operations.parity_check.is_some());
    struck && watched
}

/// Runs a design over the whole world of a replicate.
#[must_use]
pub fn run(
    world: &dyn Generate,
    design: &Design,
    faults: &[Fault],
    truth: &RuleBook,
    replicate: Key,
    horizon: Horizon,
) -> Ran {
    let mut mishaps = mishap::of_design(faults, design, replicate, horizon);
    loop {
        let plan = Plan::new(design, faults, &mishaps, truth, replicate, horizon);
        let mut run = DesignRun::new(&plan);
        let mut group = Group::default();
        for ordinal in 0..world.groups() {
            world.fill(replicate, ordinal, &mut group);
            group.count_searches(world.shapes(), searches_key(replicate, ordinal));
            run.simulate(world, &group);
        }
        let tally = run.into_tally();
        if !mishap::respond(&mut mishaps, design, &tally) {
            let plan = Plan::new(design, faults, &mishaps, truth, replicate, horizon);
            return Ran {
                tally,
                events: plan.events,
            };
        }
    }
}
