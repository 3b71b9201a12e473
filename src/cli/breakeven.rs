//! `stayfresh breakeven`.

use super::given::{Given, value_of};
use super::sweep::failure;
use super::{Failure, output, progress};
use crate::report::breakeven as report;
use crate::scenario::Scenario;
use crate::study::asked::{self, Asked};
use crate::study::breakeven::solve;
use crate::study::varied::Varied;
use crate::study::{self, Study};

/// What is to break even.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    pair: Pair,
    /// What moves: a price, e.g. /prices/false_available/usd_each, or any number or duration of the scenario.
    #[arg(long, value_name = "/POINTER", value_parser = over)]
    over: String,
    /// The least to look at. [default: a tenth of what it is]
    #[arg(long, value_name = "VALUE")]
    from: Option<String>,
    /// The most to look at. [default: ten times what it is]
    #[arg(long, value_name = "VALUE")]
    to: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Two designs, and what of them is compared.
#[derive(Debug, clap::Args)]
pub(super) struct Pair {
    /// A design. [default: the first]
    #[arg(long, value_name = "DESIGN")]
    of: Option<String>,
    /// The design that it is compared with. [default: the first other]
    #[arg(long, value_name = "DESIGN")]
    versus: Option<String>,
    /// What of them is compared, e.g. search_accuracy or costs/polls. [default: the total cost]
    #[arg(long, value_name = "PATH")]
    metric: Option<String>,
}

impl Pair {
    /// What is asked of a scenario.
    pub(super) fn asked(&self, scenario: &Scenario) -> Result<Asked, Failure> {
        let text = |given: &'_ Option<String>| given.clone();
        let (of, versus, metric) = (text(&self.of), text(&self.versus), text(&self.metric));
        Asked::new(
            scenario,
            of.as_deref(),
            versus.as_deref(),
            metric.as_deref(),
        )
        .map_err(Failure::Said)
    }
}

/// Reads a pointer.
pub(super) fn over(text: &str) -> Result<String, String> {
    if text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err("a pointer starts with /, as in /prices/poll/usd_per_million".to_owned())
    }
}

/// Finds where two designs change places, and prints it.
pub(super) fn breakeven(args: &Args) -> Result<(), Failure> {
    let read = args.given.read()?;
    let scenario = &read.document.scenario;
    asked::needs_replicates(scenario).map_err(Failure::Said)?;
    let asked = args.pair.asked(scenario)?;
    let tries = std::cell::RefCell::new(progress::Tries::new());
    let threads = args.given.threads();
    let mut run = |study: &mut Study| {
        study::run(study, threads, &mut |_| {});
        tries.borrow_mut().tried();
    };
    let mut varied = Varied::new(&read.text, &read.folder, &mut run);
    let ends = [&args.from, &args.to].map(|end| end.as_deref().map(value_of));
    let results = solve::solve(&mut varied, &read.document, &asked, &args.over, &ends);
    let results = results.map_err(failure)?;
    tries.into_inner().finish();
    if args.json {
        let json = serde_json::to_string(&results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else {
        output::text(&report::text(&results))
    }
}
