//! Running a scenario: replicates and parts of the world, the estimates from them, the differences.

use crate::report::results::Results;
use crate::scenario::Scenario;

/// A scenario being run, part by part. A part is a slice of the world in one replicate; parts may run in
/// any order, on any thread, and the results so far can be read at any moment.
pub struct Study {
    scenario: Scenario,
}

/// What one part found out.
pub struct Part {
    _index: usize,
}

impl Study {
    /// A study of a checked scenario.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        Self { scenario }
    }

    /// How many parts there are; each takes some tens of milliseconds.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.scenario.run.replicates.get() as usize
    }

    /// Simulates one part for all designs.
    #[must_use]
    pub fn run_part(&self, index: usize) -> Part {
        Part { _index: index }
    }

    /// Adds a part's numbers. The order of parts changes no bit of the results.
    pub fn absorb(&mut self, _part: Part) {}

    /// The results of the parts absorbed so far; `None` before the first.
    #[must_use]
    pub fn results(&self) -> Option<Results> {
        None
    }
}
