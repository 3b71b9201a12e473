//! `stayfresh sweep`.

use std::cell::RefCell;
use std::path::PathBuf;

use super::given::{Given, parted, value_of};
use super::state::{self, Header, State};
use super::{Failure, Format, output, progress, run, shard};
use crate::report::sweep::{self as report, SweepResults};
use crate::scenario::problem::Problem;
use crate::scenario::text;
use crate::scenario::vary::{self, Axis};
use crate::study::sweep::{self, Sweep};
use crate::study::varied::{Failed, Varied};
use crate::study::{self, Study};

/// How to sweep.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    format: Format,
    /// A parameter and its values, instead of the scenario's `sweep`; twice for two parameters, each value with
    /// each. E.g. "/designs/poll hourly/cache/ttl/fixed=1h,6h,1d".
    #[arg(long, value_name = "/POINTER=V1,V2,…", value_parser = axis)]
    over: Vec<Axis>,
    /// Write each finished point to this file, and take from it those that are there: what was stopped goes on
    /// where it was.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Run only this part of the points, for one machine of several: 2/5 is the second of five; auto is the one that a
    /// Kubernetes indexed job, a Slurm array or an AWS Batch array says, auto/5 of five. They are left in the file of
    /// --resume, for `stayfresh merge`.
    #[arg(long, value_name = "I/N|auto|auto/N", requires = "resume",
        conflicts_with_all = ["json", "csv", "series", "markdown"])]
    shard: Option<shard::Asked>,
}

/// How to put the parts of a sweep together.
#[derive(Debug, clap::Args)]
pub(super) struct Merge {
    /// The files that `sweep --shard … --resume FILE` wrote, in any order.
    #[arg(required = true, value_name = "FILE")]
    states: Vec<PathBuf>,
    #[command(flatten)]
    format: Format,
}

/// Reads `/pointer=v1,v2`. Values are JSON, or else texts.
fn axis(text: &str) -> Result<Axis, String> {
    let (over, values) = parted(text, "/pointer=value,value")?;
    let values = match serde_json::from_str(&format!("[{values}]")) {
        Ok(values) => values,
        Err(_) => values.split(',').map(|of| value_of(of.trim())).collect(),
    };
    Ok(Axis {
        over: over.to_owned(),
        values,
    })
}

/// Runs a scenario at each point of a sweep and prints what came out.
pub(super) fn sweep(args: &Args) -> Result<(), Failure> {
    let swept = simulate(args)?;
    match args.shard {
        Some(_) => Ok(()),
        None => print(&swept, &args.format),
    }
}

/// Puts parts together and prints the sweep as if one machine had run it.
pub(super) fn merge(args: &Merge) -> Result<(), Failure> {
    let (header, points) = state::merge(&args.states)?;
    let swept = sweep::results(header.scenario, &header.over, points);
    print(&swept, &args.format)
}

fn print(swept: &SweepResults, format: &Format) -> Result<(), Failure> {
    if format.json {
        let json = serde_json::to_string(swept).map_err(std::io::Error::other)?;
        output::line(&json)
    } else if format.csv {
        output::text(&report::csv(swept).map_err(std::io::Error::other)?)
    } else if format.markdown {
        output::text(&report::markdown(swept))
    } else {
        output::text(&report::text(swept, run::width()))
    }
}

fn simulate(args: &Args) -> Result<SweepResults, Failure> {
    let shard = args.shard.map(shard::Asked::shard).transpose()?;
    let read = args.given.read()?;
    let axes = if args.over.is_empty() {
        let sweep = read.document.scenario.sweep.as_ref();
        sweep.map(|sweep| sweep.axes().to_vec())
    } else {
        vary::check(&read.text, &args.over).map_err(Failure::Said)?;
        Some(args.over.clone())
    };
    let Some(axes) = axes else {
        let problem = Problem::new(
            "",
            format!("{:?} does not say what to sweep over", read.name),
        )
        .expected("a `sweep` in the scenario, or a parameter with its values")
        .suggest("add e.g. --over \"/world/hotels/searches_per_request=100,500,2500\"");
        return Err(Failure::said(problem));
    };
    let scenario = text::resolved(&read.document);
    let all = sweep::points(&axes);
    let points = shard.map_or(0..all, |shard| shard.points(all));
    let bar = RefCell::new(progress::Points::new(points.len()));
    let threads = args.given.threads();
    let mut run = |study: &mut Study| {
        study::run(study, threads, &mut |part| bar.borrow_mut().part(part));
    };
    let mut sweep = Sweep::new(Varied::new(&read.text, &read.folder, &mut run), &axes);
    sweep.check().map_err(Failure::Said)?;
    let mut state = match &args.resume {
        Some(path) => {
            let files = read.folder.hashes(&read.document.files())?;
            let header = Header::new(scenario.clone(), files, &axes);
            Some(State::open(path, &header)?)
        }
        None => None,
    };
    let mut found = Vec::with_capacity(points.len());
    for index in points.clone() {
        let known = state.as_mut().and_then(|state| state.take(index));
        let was_known = known.is_some();
        let point = match known {
            Some(point) => point,
            None => sweep.run(index).map_err(failure)?,
        };
        if let Some(state) = state.as_mut().filter(|_| !was_known) {
            state.append(&point)?;
        }
        bar.borrow_mut().done(was_known);
        found.push(point);
    }
    bar.into_inner().finish();
    if let (Some(shard), Some(path)) = (shard, &args.resume) {
        let (count, path) = (points.len(), path.display());
        anstream::eprintln!("shard {shard}: its {count} of {all} points are in {path}");
    }
    Ok(sweep::results(scenario, &axes, found))
}

/// Why a variant has no numbers.
pub(super) fn failure(failed: Failed) -> Failure {
    match failed {
        Failed::Scenario(problems) => Failure::Said(problems),
        Failed::Defect(broken) => Failure::Defect(broken.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_json_or_texts() {
        for (text, values) in [
            ("/a=1,2.5", json!([1, 2.5])),
            ("/a=1h, 6h", json!(["1h", "6h"])),
            ("/a=1,none", json!([1, "none"])),
            (
                "/a={\"x\":1,\"y\":2},\"b\"",
                json!([{ "x": 1, "y": 2 }, "b"]),
            ),
        ] {
            let axis = axis(text).expect(text);
            assert_eq!(axis.over, "/a");
            assert_eq!(serde_json::Value::from(axis.values), values, "{text}");
        }
        assert!(axis("/a").is_err() && axis("a=1").is_err());
    }
}
