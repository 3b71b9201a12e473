//! What theory expects beside what was simulated.

use serde::Serialize;

use super::human::NOTHING;
use super::readable;
use super::results::{Results, Theory, Untold};
use super::table::{RESULTS_HASH, aligned, heading, visible};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::study::theory;

/// A whole comparison, for files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared<'a> {
    /// Replicates that were simulated.
    pub replicates: u32,
    /// Of the numbers that were simulated.
    pub results_hash: &'a str,
    /// Number by number.
    pub theory: Vec<Held<'a>>,
    /// Of which designs theory says nothing, and why.
    pub untold: &'a [Untold],
}

/// One number by theory, and as it was simulated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Held<'a> {
    /// By theory.
    #[serde(flatten)]
    pub theory: &'a Theory,
    /// As simulated; absent where it is not defined in some replicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simulated: Option<Estimate>,
    /// How far the simulated mean is above the expected value, as [`theory::z`] says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub z: Option<f64>,
}

/// All that theory says, held against what was simulated.
#[must_use]
pub fn compared(results: &Results) -> Compared<'_> {
    let held = results.theory.iter().map(|theory| {
        let simulated = theory::found(results, theory);
        let z = |found: &Estimate| theory::z(theory.expected, found, results.replicates);
        Held {
            z: simulated.as_ref().and_then(z),
            theory,
            simulated,
        }
    });
    Compared {
        replicates: results.replicates,
        results_hash: &results.results_hash,
        theory: held.collect(),
        untold: &results.untold,
    }
}

/// What the tables show.
pub(super) const HELD: &str = "Held against theory (z: standard errors above what is expected, as surprising as \
    a normal's; one line in 20 is beyond ±2 by chance, and those of a design move together)";

/// A table a design; and why there is none, where there is none.
#[must_use]
pub fn text(results: &Results) -> String {
    let all = compared(results);
    let mut out = heading(results).join("\n");
    out.push('\n');
    if all.theory.is_empty() {
        out.push_str("\nNo design has a closed form as it stands.\n");
    } else {
        out.push_str(&format!("\n{HELD}\n"));
    }
    for design in &results.designs {
        let of = all
            .theory
            .iter()
            .filter(|of| of.theory.design == design.name);
        let rows: Vec<[String; 5]> = of.clone().map(row).collect();
        if !rows.is_empty() {
            out.push_str(&format!("\n{}\n", visible(&design.name)));
            let heads = ["", "expected", "simulated", "z", "formula"].map(str::to_owned);
            let all: Vec<[String; 5]> = std::iter::once(heads).chain(rows).collect();
            out.push_str(&aligned(&all, "  ", &[1, 3]));
            let mut sources: Vec<&str> = of.map(|of| of.theory.source.as_str()).collect();
            sources.dedup();
            for source in sources.iter().filter(|source| **source != theory::CERTAIN) {
                out.push_str(&format!("  from: {source}\n"));
            }
        } else if let Some(untold) = all.untold.iter().find(|of| of.design == design.name) {
            out.push_str(&format!(
                "\n{}\n  no closed form: {}\n",
                visible(&design.name),
                visible(&untold.why)
            ));
        }
    }
    out.push_str(&format!("\n{RESULTS_HASH} {}\n", results.results_hash));
    out
}

/// The metric, expected, simulated, z, the formula.
pub(super) fn row(of: &Held<'_>) -> [String; 5] {
    let unit = of
        .theory
        .metric
        .parse()
        .map_or(Unit::Count, |path: MetricPath| path.unit());
    // As exact as what it is held against.
    let ci95 = of.simulated.and_then(|simulated| {
        let shift = of.theory.expected - simulated.mean;
        Some(simulated.ci95?.map(|end| end + shift))
    });
    let expected = Estimate {
        mean: of.theory.expected,
        sd: None,
        ci95,
    };
    [
        of.theory.metric.clone(),
        readable::show(&expected, unit).mean,
        of.simulated.map_or(NOTHING.to_owned(), |simulated| {
            readable::show(&simulated, unit).both()
        }),
        of.z.map_or(NOTHING.to_owned(), |z| {
            // Not −0.0.
            let tenths = (z * 10.0).round() / 10.0 + 0.0;
            format!("{tenths:+.1}").replace('-', "−")
        }),
        of.theory.formula.clone(),
    ]
}
