//! A scenario at each of many points: one parameter or two, each value with each.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::Study;
use super::varied::{Change, Failed, Varied};
use crate::report::hash;
use crate::report::results::About;
use crate::report::sweep::{Point, SweepResults};
use crate::scenario::problem::Problems;
use crate::scenario::vary::{Axis, written};

/// A sweep, point by point; points may be left out, and run in any order. The numbers of a point are those of a
/// run of its own.
pub struct Sweep<'a> {
    varied: Varied<'a>,
    axes: &'a [Axis],
    /// What was run last, by value of the last parameter: a point takes over from the one beside it what the
    /// last parameter leaves alone, and from the row before what the first does.
    columns: BTreeMap<usize, Study>,
    last: Option<usize>,
}

/// How many points there are.
#[must_use]
pub fn points(axes: &[Axis]) -> usize {
    axes.iter().map(|axis| axis.values.len()).product()
}

/// What is set at a point. The last parameter varies fastest.
#[must_use]
pub fn set_at(axes: &[Axis], index: usize) -> Vec<Change> {
    let mut rest = index;
    let of = axes.iter().rev().map(|axis| {
        let length = axis.values.len().max(1);
        let value = axis.values.get(rest % length).cloned().unwrap_or_default();
        rest /= length;
        (axis.over.clone(), value)
    });
    let mut changes: Vec<Change> = of.collect();
    changes.reverse();
    changes
}

impl<'a> Sweep<'a> {
    /// A sweep of a scenario over these parameters.
    #[must_use]
    pub fn new(varied: Varied<'a>, axes: &'a [Axis]) -> Self {
        Self {
            varied,
            axes,
            columns: BTreeMap::new(),
            last: None,
        }
    }

    /// Whether each point is a scenario, which values that are fine one by one need not be.
    ///
    /// # Errors
    /// What is wrong with the first that is not, and what is set there.
    pub fn check(&self) -> Result<(), Problems> {
        for index in 0..points(self.axes) {
            let set = set_at(self.axes, index);
            let checked = self.varied.check(&set);
            checked.map_err(|problems| at_point(&set, problems))?;
        }
        Ok(())
    }

    /// Runs one point.
    ///
    /// # Errors
    /// When the point is no scenario, or the program broke an invariant there.
    pub fn run(&mut self, index: usize) -> Result<Point, Failed> {
        let set = set_at(self.axes, index);
        let document = self.varied.document(&set)?;
        let column = index % self.axes.last().map_or(1, |axis| axis.values.len().max(1));
        let beside = self.last.and_then(|last| self.columns.get(&last));
        let above = self.columns.get(&column);
        let earlier: Vec<&Study> = beside.into_iter().chain(above).collect();
        let study = self.varied.study(document, &earlier)?;
        let results = study.results();
        if self.axes.len() < 2 {
            self.columns.clear();
        }
        self.columns.insert(column, study);
        self.last = Some(column);
        let results = results.ok_or_else(|| {
            let nothing = "there is nothing in it";
            Problems::from(crate::scenario::problem::Problem::new("", nothing))
        })?;
        Ok(Point {
            index: index as u32,
            set: set.into_iter().collect::<IndexMap<_, _>>(),
            scenario_hash: results.scenario_hash.clone(),
            results_hash: results.results_hash.clone(),
            results,
        })
    }
}

/// What is wrong where values come together.
fn at_point(set: &[Change], wrong: Problems) -> Problems {
    let set: Vec<String> = set
        .iter()
        .map(|(over, value)| format!("{over} = {}", written(value)))
        .collect();
    let Some(first) = wrong.iter().next() else {
        return wrong;
    };
    let mut problem = first.clone();
    problem.place = None;
    problem.message = format!("with {}: {}", set.join(" and "), first.message);
    problem.into()
}

/// The file: of these points, which may be the first of all.
#[must_use]
pub fn results(scenario: Json, axes: &[Axis], points: Vec<Point>) -> SweepResults {
    SweepResults {
        stayfresh: About::this(),
        scenario,
        over: axes.to_vec(),
        sweep_hash: hash(&points),
        points,
    }
}

/// The hash of a sweep: over the hashes of its points' results, in order.
#[must_use]
pub fn hash(points: &[Point]) -> String {
    let hashes: Vec<&str> = points.iter().map(|of| of.results_hash.as_str()).collect();
    hash::of_text(&hashes.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_parameter_varies_fastest() {
        let axis = |over: &str, values: &[u32]| Axis {
            over: over.to_owned(),
            values: values.iter().map(|value| json!(value)).collect(),
        };
        let axes = [axis("/a", &[1, 2]), axis("/b", &[3, 4, 5])];
        let at = |index| {
            let set = set_at(&axes, index);
            (set[0].1.as_u64(), set[1].1.as_u64())
        };
        let all: Vec<_> = (0..points(&axes)).map(at).collect();
        let expected = [(1, 3), (1, 4), (1, 5), (2, 3), (2, 4), (2, 5)];
        assert_eq!(all, expected.map(|(a, b)| (Some(a), Some(b))));
    }
}
