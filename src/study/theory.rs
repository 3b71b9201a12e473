//! What theory says a design comes to, beside what is simulated.
//!
//! ```text
//!  scenario ──▶ setting: the truth's rates, searches, the run ──▶ the family of the design ──▶ predictions
//!                 └─ the world or a fault forbids it                └─ a condition is broken
//!                                   └────────────▶ nothing is said, and why ◀───┘
//! ```
//!
//! A closed form is given only where the design as it stands satisfies its conditions. In the textbook's world
//! a stay is available π = b/(a + b) of the time, sells out at rate a and reopens at rate b. Looked at
//! backwards from a random moment, it is the same process.
//!
//! - A run begins with an empty copy, or a full one. Where the exact value over the measured part is known it
//!   is given. Else the long run's is, and only where what is left of the start moves it by less than
//!   [`NEGLIGIBLE`]; how that is bounded, each family says.
//! - A mean of ratios is the ratio of means but for a bias. That is at most the denominator's coefficient of
//!   variation times the ratio's standard deviation (W. G. Cochran, "Sampling techniques", 3rd ed., 6.8). A
//!   ratio whose denominator is random is given only where there are at least 25 times as many things in it
//!   as replicates: then the bias is within about a fifth of the mean's standard error.
//!   Where searches do not make the answers, they are independent of each other, and there is none.

use crate::design::Design;
use crate::measure::estimate::{Estimate, as_normal};
use crate::measure::path::MetricPath;
use crate::report::results::{DesignResults, Results, Theory, Untold};
use crate::scenario::Scenario;

mod aged;
mod allocated;
mod chain;
mod datasets;
mod hints;
mod increments;
mod invalidation;
mod law;
mod lifetimes;
pub mod line;
mod log;
mod mended;
mod nothing;
mod overtaking;
mod polls;
mod push;
mod quiet;
mod reader;
pub mod rooms;
mod setting;
mod traffic;
mod windows;

use setting::Setting;

/// The source of what needs none.
pub const CERTAIN: &str = "certain";

/// What may be left of a run's start: one part in five thousand.
pub const NEGLIGIBLE: f64 = 2e-4;

/// What a family says of a design: predictions, or which of its conditions is broken.
type Known = Result<Vec<Prediction>, String>;

/// The registered families, one line each: nothing for a design of another kind.
const FAMILIES: &[fn(&Setting<'_>) -> Option<Known>] = &[
    nothing::of,
    lifetimes::of,
    rooms::of,
    mended::of,
    overtaking::of,
    polls::of,
    allocated::of,
    log::of,
    line::of,
    windows::of,
    invalidation::of,
    increments::of,
    push::of,
    traffic::of,
    datasets::of,
    hints::of,
];

/// The value of one metric of a design, by a formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Which.
    pub metric: MetricPath,
    /// In the metric's unit.
    pub expected: f64,
    /// In symbols.
    pub formula: &'static str,
    /// Where it is from.
    pub source: &'static str,
}

/// What theory says of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct OfDesign {
    /// The design's name.
    pub design: String,
    /// What is expected; or in a few words why nothing is.
    pub said: Known,
}

/// What theory says of each design of a scenario.
#[must_use]
pub fn of(scenario: &Scenario) -> Vec<OfDesign> {
    let said = |design: &Design| {
        let setting = Setting::new(scenario, design)?;
        let mut families = FAMILIES.iter();
        let mut said = families
            .find_map(|family| family(&setting))
            .unwrap_or_else(|| Err(setting.is_of_no_kind()))?;
        // Of what never happens there is nothing to count.
        let is_nothing =
            |of: &Prediction| matches!(of.metric, MetricPath::Count(_)) && of.expected == 0.0;
        said.retain(|of| of.expected.is_finite() && !is_nothing(of));
        setting.price(&mut said);
        Ok(said)
    };
    let designs = scenario.designs.iter();
    designs
        .map(|design| OfDesign {
            said: said(design),
            design: design.name.clone(),
        })
        .collect()
}

/// The same for a results file.
pub(super) fn table(all: &[OfDesign]) -> (Vec<Theory>, Vec<Untold>) {
    let told = all.iter().flat_map(|of| {
        let predictions = of.said.iter().flatten();
        predictions.map(|prediction| Theory {
            design: of.design.clone(),
            metric: prediction.metric.to_string(),
            expected: prediction.expected,
            formula: prediction.formula.to_owned(),
            source: prediction.source.to_owned(),
        })
    });
    let untold = all.iter().filter_map(|of| {
        Some(Untold {
            design: of.design.clone(),
            why: of.said.as_ref().err()?.clone(),
        })
    });
    (told.collect(), untold.collect())
}

/// What was simulated of what theory expects; nothing where it is not defined.
#[must_use]
pub fn found(results: &Results, theory: &Theory) -> Option<Estimate> {
    let of = |design: &&DesignResults| design.name == theory.design;
    let path: MetricPath = theory.metric.parse().ok()?;
    results.designs.iter().find(of)?.estimate(&path)
}

/// How far the simulated mean is above the expected value: as many standard errors as a standard normal is as
/// rarely beyond, since Student's t of few replicates strays further. None for one replicate. Replicates that
/// agree are held against what rounding alone may do.
#[must_use]
pub fn z(expected: f64, found: &Estimate, replicates: u32) -> Option<f64> {
    let error = found.sd? / crate::sim::math::sqrt(f64::from(replicates));
    let rounding = 1e-11 * expected.abs().max(1.0);
    let t = (found.mean - expected) / error.max(rounding);
    Some(as_normal(t, replicates.max(2) - 1))
}

/// Goes on where a condition holds; else says what it is that forbids a closed form.
fn demand(holds: bool, forbids: &str) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(forbids.to_owned())
    }
}

/// Predictions being made, with their common source.
#[derive(Debug)]
struct Said {
    source: &'static str,
    all: Vec<Prediction>,
}

impl Said {
    fn new(source: &'static str) -> Self {
        Self {
            source,
            all: Vec::new(),
        }
    }

    /// Says what a metric is, by its path. What is not a number is left out in the end.
    fn say(&mut self, path: &str, expected: f64, formula: &'static str) -> &mut Self {
        if let Ok(metric) = path.parse() {
            self.all.push(Prediction {
                metric,
                expected,
                formula,
                source: self.source,
            });
        }
        self
    }
}
