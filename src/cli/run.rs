//! `stayfresh run`.

use std::io::IsTerminal;
use std::path::Path;

use super::given::Given;
use super::{Failure, Run, Undecided, output, progress, sensitivity};
use crate::report::results::{Expected, Judgement, Results};
use crate::report::sensitivity::SensitivityResults;
use crate::report::{csv, expected, html, markdown, record, table};
use crate::scenario::problem::Problem;
use crate::scenario::text::Document;
use crate::study::asked::Asked;
use crate::study::{self, Study};

/// Runs a scenario and prints what came out.
pub(super) fn run(args: &Run) -> Result<(), Failure> {
    if let Some(path) = &args.html {
        // Before a run that may take long.
        writable(path)?;
    }
    let read = args.given.read()?;
    let results = results(read.document.clone(), args.given.threads())?;
    let rests = match Asked::of_the_cheapest(&results).filter(|_| args.sensitivity) {
        Some(asked) => Some(sensitivity::solve(
            &read,
            &asked,
            &[],
            args.given.threads(),
        )?),
        None if args.sensitivity => {
            let problem = Problem::new(
                "",
                "there are not two designs whose costs could be compared",
            );
            return Err(Failure::said(
                problem.expected("two designs, other than the bounds"),
            ));
        }
        None => None,
    };
    if let Some(path) = &args.html {
        let record = record::of(&results, rests.as_ref()).map_err(Failure::Said)?;
        std::fs::write(path, html::of(&record)).map_err(|error| cannot_write(path, error))?;
    }
    print(args, &results, rests.as_ref())?;
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

fn print(args: &Run, results: &Results, rests: Option<&SensitivityResults>) -> Result<(), Failure> {
    if args.format.json {
        let json = serde_json::to_string(results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else if args.format.csv {
        output::text(&csv::of(results).map_err(std::io::Error::other)?)
    } else if args.format.series {
        output::text(&csv::series(results).map_err(std::io::Error::other)?)
    } else if args.format.markdown {
        let record = record::of(results, rests).map_err(Failure::Said)?;
        output::text(&markdown::of(&record))
    } else if args.html.is_none() {
        output::text(&table::text(results, width()))?;
        match rests {
            Some(rests) => output::text(&format!("\n{}", crate::report::sensitivity::text(rests))),
            None => Ok(()),
        }
    } else {
        Ok(())
    }
}

/// Whether a file can be there at all.
fn writable(path: &Path) -> Result<(), Failure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if path.is_dir() {
        Err(cannot_write(path, "it is a folder"))
    } else if folder.is_some_and(|folder| !folder.is_dir()) {
        Err(cannot_write(path, "there is no such folder"))
    } else {
        Ok(())
    }
}

fn cannot_write(path: &Path, why: impl std::fmt::Display) -> Failure {
    let name = path.display().to_string();
    let problem = Problem::new("", format!("cannot write {name:?}: {why}"));
    Failure::said(problem.expected("a file for the record, in a folder that is there"))
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
    results(given.read()?.document, given.threads())
}

fn results(document: Document, threads: usize) -> Result<Results, Failure> {
    study(document, threads)?
        .results()
        .ok_or_else(|| std::io::Error::other("the run has no results").into())
}

/// A scenario, run to its end.
pub(super) fn study(document: Document, threads: usize) -> Result<Study, Failure> {
    let mut study = Study::new(document);
    let mut bar = progress::Bar::new();
    study::run(&mut study, threads, &mut |progress| {
        bar.show(progress);
    });
    bar.done();
    if let Some(broken) = study.broken().first() {
        return Err(Failure::Defect(broken.to_string()));
    }
    Ok(study)
}
