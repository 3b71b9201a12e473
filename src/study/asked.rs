//! Which difference of two designs a question is about.

use super::breakeven;
use super::sample::Sample;
use crate::measure::path::MetricPath;
use crate::report::results::{DesignResults, Results};
use crate::scenario::expect::Expectation;
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::{BOUNDS, Scenario};

/// A number of a design less that of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The design.
    pub of: String,
    /// The design that it is compared with.
    pub versus: String,
    /// The number; the total cost if nothing is said, at the represented size where there is one.
    pub metric: Option<MetricPath>,
}

/// Says that nothing can be sure of differences that one replicate shows.
///
/// # Errors
/// When there is but one.
pub fn needs_replicates(scenario: &Scenario) -> Result<(), Problems> {
    if scenario.run.replicates.get() >= 2 {
        return Ok(());
    }
    let problem = Problem::new("/run/replicates", "one replicate has no intervals");
    Err(problem
        .expected("at least 2; 32 where money is decided on")
        .suggest("add --replicates 32")
        .into())
}

impl Asked {
    /// What is asked of a scenario; of its first two designs where none are named.
    ///
    /// # Errors
    /// When there are no such designs, or no such number of theirs; the path says which: `of`, `versus` or
    /// `metric`.
    pub fn new(
        scenario: &Scenario,
        of: Option<&str>,
        versus: Option<&str>,
        metric: Option<&str>,
    ) -> Result<Self, Problems> {
        let designs = scenario.compared();
        let names = || designs.iter().map(|design| design.name.as_str());
        let of_default = names().find(|name| Some(*name) != versus);
        let of = of.or(of_default).unwrap_or_default();
        let Some(versus) = versus.or_else(|| names().find(|name| *name != of)) else {
            return Err(Problem::new("versus", "there is one design alone")
                .expected("two designs to compare")
                .suggest("--bounds compares with a perfect design and with none at all")
                .into());
        };
        let asked = Expectation {
            design: Some(of.to_owned()),
            audience: None,
            metric: metric.unwrap_or("total_usd_per_day").to_owned(),
            versus: Some(versus.to_owned()),
            at_least: Some(0.0),
            at_most: None,
        };
        let mut problems = crate::scenario::expect::problems(scenario, &asked);
        for problem in &mut problems {
            let path = problem.path.trim_start_matches('/');
            problem.path = if path == "design" { "of" } else { path }.to_owned();
        }
        Problems::none(problems)?;
        Ok(Self {
            of: of.to_owned(),
            versus: versus.to_owned(),
            metric: metric.and_then(|metric| metric.parse().ok()),
        })
    }

    /// The total cost of the cheapest design less that of the next, bounds left out: what a verdict about money is
    /// about. Nothing where there are not two that have one.
    #[must_use]
    pub fn of_the_cheapest(results: &Results) -> Option<Self> {
        let total = |design: &DesignResults| {
            let total = design.costs.get("total")?;
            Some(
                total
                    .represented_usd_per_day
                    .unwrap_or(total.usd_per_day)
                    .mean,
            )
        };
        let options = results
            .designs
            .iter()
            .filter(|of| !BOUNDS.contains(&of.name.as_str()));
        let mut costs: Vec<(f64, &str)> = options
            .filter_map(|design| Some((total(design)?, design.name.as_str())))
            .collect();
        costs.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let [(_, of), (_, versus), ..] = costs[..] else {
            return None;
        };
        Some(Self {
            of: of.to_owned(),
            versus: versus.to_owned(),
            metric: None,
        })
    }

    /// The two designs.
    #[must_use]
    pub fn names(&self) -> [&str; 2] {
        [&self.of, &self.versus]
    }

    /// The two designs in a sample, and the number.
    ///
    /// # Errors
    /// When a design is not in it: a variant may name it otherwise.
    pub fn of_sample(&self, sample: &Sample) -> Result<(usize, usize, MetricPath), Problems> {
        let design = |name: &str| {
            let gone = || Problem::new("", format!("there is no design {name:?} then"));
            sample.design(name).ok_or_else(|| Problems::from(gone()))
        };
        let metric = self.metric.clone();
        Ok((
            design(&self.of)?,
            design(&self.versus)?,
            metric.unwrap_or_else(|| breakeven::total(sample)),
        ))
    }
}
