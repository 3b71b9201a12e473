//! `stayfresh sensitivity`.

use std::cell::RefCell;

use super::breakeven::{Pair, at_pointer, needs_replicates};
use super::given::{Given, parted, value_of};
use super::sweep::failure;
use super::{Failure, output, progress};
use crate::report::sensitivity::{self as report, Ranges};
use crate::scenario::problem::Problem;
use crate::scenario::text;
use crate::scenario::vary::{self, Assumption, Axis};
use crate::study::sensitivity::{self, Effect};
use crate::study::varied::{Failed, Varied};
use crate::study::{self, Study};

/// What may be off.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    pair: Pair,
    /// An assumption and its range, instead of those that the scenario states; may be repeated. E.g.
    /// /prices/live_ask/usd_per_million=10..40.
    #[arg(long, value_name = "/POINTER=LOW..HIGH", value_parser = assumption)]
    vary: Vec<Assumption>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Reads `/pointer=low..high`.
fn assumption(text: &str) -> Result<Assumption, String> {
    let expected = "/pointer=low..high";
    let (over, range) = parted(text, expected)?;
    let Some((low, high)) = range.split_once("..") else {
        return Err(format!("expected {expected}"));
    };
    Ok(Assumption {
        over: over.to_owned(),
        low: value_of(low.trim()),
        high: value_of(high.trim()),
    })
}

/// Finds what a difference rests on, and prints it.
pub(super) fn sensitivity(args: &Args) -> Result<(), Failure> {
    let read = args.given.read()?;
    let scenario = &read.document.scenario;
    needs_replicates(scenario)?;
    let asked = args.pair.asked(scenario)?;
    for assumption in &args.vary {
        let axis = Axis {
            over: assumption.over.clone(),
            values: vec![assumption.low.clone(), assumption.high.clone()],
        };
        vary::check(&read.text, &[axis]).map_err(Failure::Said)?;
    }
    let threads = args.given.threads();
    let bar: RefCell<Option<progress::Points>> = RefCell::new(None);
    let mut run = |study: &mut Study| {
        study::run(study, threads, &mut |part| {
            if let Some(bar) = bar.borrow_mut().as_mut() {
                bar.part(part);
            }
        });
    };
    let mut varied = Varied::new(&read.text, &read.folder, &mut run);
    let (assumptions, ranges, left_out) = if !args.vary.is_empty() {
        (args.vary.clone(), Ranges::Given, Vec::new())
    } else if !scenario.assumptions.is_empty() {
        (scenario.assumptions.clone(), Ranges::Scenario, Vec::new())
    } else {
        let (usual, left_out) = sensitivity::usual(&varied).map_err(Failure::Said)?;
        (usual, Ranges::HalfToDouble, left_out)
    };
    *bar.borrow_mut() = Some(progress::Points::new(1 + 2 * assumptions.len()));
    let mut tell = || {
        if let Some(bar) = bar.borrow_mut().as_mut() {
            bar.done(false);
        }
    };
    let found = sensitivity::effects(&mut varied, &asked, &assumptions, &mut tell);
    let mut found = found.map_err(|(over, failed)| match failed {
        Failed::Scenario(problems) => Failure::Said(at_pointer(&problems, &over)),
        failed => failure(failed),
    })?;
    if let Some(bar) = bar.into_inner() {
        bar.finish();
    }
    if found.difference.is_none() {
        let metric = found.metric.to_string();
        let problem = Problem::new("", format!("{metric} of the two is not defined"));
        return Err(Failure::said(
            problem
                .expected("a number that both designs have")
                .suggest("choose another --metric"),
        ));
    }
    if ranges == Ranges::HalfToDouble {
        let difference = found.difference;
        let moves = |effect: &Effect| !effect.is_none(difference.as_ref());
        found.effects.retain(moves);
    }
    let resolved = text::resolved(&read.document);
    let replicates = scenario.run.replicates.get();
    let results = report::results(&found, &asked, (resolved, replicates), (ranges, left_out));
    if args.json {
        let json = serde_json::to_string(&results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else {
        output::text(&report::text(&results))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ranges_are_two_values() {
        for (text, low, high) in [
            ("/a=1..2", json!(1), json!(2)),
            ("/a=0.5..2.5", json!(0.5), json!(2.5)),
            ("/a=1h .. 6h", json!("1h"), json!("6h")),
        ] {
            let read = assumption(text).expect(text);
            assert_eq!((read.low, read.high), (low, high), "{text}");
        }
        for text in ["/a=1", "a=1..2", "/a"] {
            assert!(assumption(text).is_err(), "{text}");
        }
    }
}
