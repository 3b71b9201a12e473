//! `stayfresh replicates`.

use super::breakeven::Pair;
use super::given::Given;
use super::{Failure, output, run};
use crate::report::replicates as report;
use crate::study::asked::needs_replicates;

/// How exactly something is to be known.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    pair: Pair,
    /// How far a 95 % interval is to reach to either side, in the unit of the results file: 0.001 of a share is a
    /// tenth of a percentage point.
    #[arg(long, value_name = "X", value_parser = within)]
    within: f64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Reads a length that is not 0.
fn within(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(within) if within.is_finite() && within > 0.0 => Ok(within),
        _ => Err("expected a number above 0, such as 0.001".to_owned()),
    }
}

/// Runs a scenario and says how many replicates it takes.
pub(super) fn replicates(args: &Args) -> Result<(), Failure> {
    let read = args.given.read()?;
    needs_replicates(&read.document.scenario).map_err(Failure::Said)?;
    let asked = args.pair.asked(&read.document.scenario)?;
    let prices = read.document.scenario.prices;
    let study = run::study(read.document, args.given.threads())?;
    let found = report::of(&study.sample(&prices), &asked, args.within).map_err(Failure::Said)?;
    if args.json {
        let json = serde_json::to_string(&found).map_err(std::io::Error::other)?;
        output::line(&json)
    } else {
        output::text(&report::text(&found))
    }
}
