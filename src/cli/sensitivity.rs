//! `stayfresh sensitivity`.

use std::cell::RefCell;

use super::breakeven::Pair;
use super::given::{Given, Read, parted, value_of};
use super::sweep::failure;
use super::{Failure, output, progress};
use crate::report::sensitivity::{self as report, SensitivityResults};
use crate::scenario::vary::Assumption;
use crate::study::asked::{self, Asked};
use crate::study::varied::Varied;
use crate::study::{self, Study, sensitivity};

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
    let asked = args.pair.asked(&read.document.scenario)?;
    let results = solve(&read, &asked, &args.vary, args.given.threads())?;
    if args.json {
        let json = serde_json::to_string(&results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else {
        output::text(&report::text(&results))
    }
}

/// What a difference rests on, with a bar while it is sought.
pub(super) fn solve(
    read: &Read,
    asked: &Asked,
    given: &[Assumption],
    threads: usize,
) -> Result<SensitivityResults, Failure> {
    asked::needs_replicates(&read.document.scenario).map_err(Failure::Said)?;
    let bar: RefCell<Option<progress::Points>> = RefCell::new(None);
    let mut run = |study: &mut Study| {
        study::run(study, threads, &mut |part| {
            if let Some(bar) = bar.borrow_mut().as_mut() {
                bar.part(part);
            }
        });
    };
    let mut varied = Varied::new(&read.text, &read.folder, &mut run);
    let mut begin = |studies| *bar.borrow_mut() = Some(progress::Points::new(studies));
    let mut tell = || {
        if let Some(bar) = bar.borrow_mut().as_mut() {
            bar.done(false);
        }
    };
    let document = &read.document;
    let found = sensitivity::solve(&mut varied, document, asked, given, &mut begin, &mut tell);
    let found = found.map_err(failure)?;
    if let Some(bar) = bar.into_inner() {
        bar.finish();
    }
    Ok(found)
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
