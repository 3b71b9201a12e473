//! `stayfresh run`.

use std::io::IsTerminal;

use super::given::Given;
use super::{Failure, Run, Undecided, output, progress};
use crate::report::results::{Expected, Judgement, Results};
use crate::report::{csv, expected, markdown, table};
use crate::study::{self, Study};

/// Runs a scenario and prints what came out.
pub(super) fn run(args: &Run) -> Result<(), Failure> {
    let results = simulate(&args.given)?;
    print(args, &results)?;
    let failed = |expected: &&Expected| match expected.verdict {
        Judgement::Held => false,
        Judgement::Missed => true,
        Judgement::Undecided => args.undecided == Undecided::Fail,
    };
    let failed: Vec<String> = (results.expect.iter())
        .filter(failed)
        .map(expected::line)
        .collect();
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Missed(failed))
    }
}

fn print(args: &Run, results: &Results) -> Result<(), Failure> {
    if args.format.json {
        let json = serde_json::to_string(results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else if args.format.csv {
        output::text(&csv::of(results).map_err(std::io::Error::other)?)
    } else if args.format.markdown {
        output::text(&markdown::of(results))
    } else {
        output::text(&table::text(results, width()))
    }
}

/// The terminal's width; unlimited where the output is not read there.
pub(super) fn width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// The results of a scenario as given.
pub(super) fn simulate(given: &Given) -> Result<Results, Failure> {
    let read = given.read()?;
    let mut study = Study::new(read.document);
    let mut bar = progress::Bar::new();
    study::run(&mut study, given.threads(), &mut |progress| {
        bar.show(progress);
    });
    bar.done();
    if let Some(broken) = study.broken().first() {
        return Err(Failure::Defect(broken.to_string()));
    }
    study
        .results()
        .ok_or_else(|| std::io::Error::other("the run has no results").into())
}
