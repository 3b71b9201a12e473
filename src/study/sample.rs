//! What a study found out so far, replicate by replicate: every estimate and every difference is made from it.

use crate::design::Design;
use crate::measure::estimate::{Estimate, Scale};
use crate::measure::path::MetricPath;
use crate::measure::values::Outcome;
use crate::scenario::BOUNDS;

/// What each design did in each replicate that has begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// What was compared, in the scenario's order.
    pub designs: Vec<Design>,
    /// So many times the simulated world is stood for, if it stands for more than itself.
    pub represents: Option<f64>,
    /// By replicate, then design; absent where nothing is known yet.
    pub outcomes: Vec<Vec<Option<Outcome>>>,
}

impl Sample {
    /// The design with this name.
    #[must_use]
    pub fn design(&self, name: &str) -> Option<usize> {
        self.designs.iter().position(|design| design.name == name)
    }

    /// The designs that can be chosen: all but the bounds.
    #[must_use]
    pub fn options(&self) -> Vec<usize> {
        let is_option = |design: &usize| !BOUNDS.contains(&self.designs[*design].name.as_str());
        (0..self.designs.len()).filter(is_option).collect()
    }

    /// What a design did, in the replicates in which something is known of it.
    pub fn outcomes_of(&self, design: usize) -> impl Iterator<Item = &Outcome> {
        let all = self.outcomes.iter();
        all.filter_map(move |designs| designs[design].as_ref())
    }

    /// A number of a design, by replicate; absent where it is not defined or not known yet.
    #[must_use]
    pub fn values(&self, design: usize, path: &MetricPath) -> Vec<Option<f64>> {
        let value = |outcome: &Outcome| path.value(outcome, &self.designs[design], self.represents);
        let all = self.outcomes.iter();
        all.map(|designs| designs[design].as_ref().and_then(value))
            .collect()
    }

    /// The values that its mean is made of; `None` where it is not defined in some replicate that is needed.
    fn averaged(&self, design: usize, path: &MetricPath) -> Option<Vec<f64>> {
        let values = self
            .outcomes_of(design)
            .map(|outcome| path.value(outcome, &self.designs[design], self.represents));
        if path.leaves_out_undefined() {
            Some(values.flatten().collect())
        } else {
            values.collect()
        }
    }

    /// The mean of a number of a design, with its interval; `None` where it is not defined.
    #[must_use]
    pub fn estimate(&self, design: usize, path: &MetricPath) -> Option<Estimate> {
        Estimate::of(&self.averaged(design, path)?, path.scale())
    }

    /// The same with a plain interval, as many units to either side.
    #[must_use]
    pub fn plain(&self, design: usize, path: &MetricPath) -> Option<Estimate> {
        Estimate::of(&self.averaged(design, path)?, Scale::Plain)
    }

    /// A number of a design less that of another, replicate by replicate: both met the same world there.
    /// `None` where one of the two is not defined in some replicate.
    #[must_use]
    pub fn paired(&self, of: usize, versus: usize, path: &MetricPath) -> Option<Vec<f64>> {
        let known = self.outcomes.iter().filter_map(|designs| {
            let value = |design: usize| {
                let outcome = designs[design].as_ref()?;
                Some(path.value(outcome, &self.designs[design], self.represents))
            };
            Some((value(of)?, value(versus)?))
        });
        known.map(|(of, versus)| Some(of? - versus?)).collect()
    }

    /// The mean of the paired difference, with its interval.
    #[must_use]
    pub fn difference(&self, of: usize, versus: usize, path: &MetricPath) -> Option<Estimate> {
        Estimate::of(&self.paired(of, versus, path)?, Scale::Plain)
    }
}
