//! `stayfresh breakeven`.

use serde_json::Value as Json;

use super::given::{Given, value_of};
use super::sweep::failure;
use super::{Failure, output, progress};
use crate::report::breakeven::{self as report, BreakEvenResults, Method, Question, Scale};
use crate::report::results::About;
use crate::scenario::prices::Price;
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::{Prices, Scenario, pointer, text};
use crate::study::asked::Asked;
use crate::study::breakeven::parameter::{self, Found, OF_RANGE, Range, TOLERANCE};
use crate::study::breakeven::{self, Less, Piece};
use crate::study::varied::{Failed, Varied};
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

/// Says that nothing can be sure of differences that one replicate shows.
pub(super) fn needs_replicates(scenario: &Scenario) -> Result<(), Failure> {
    if scenario.run.replicates.get() >= 2 {
        return Ok(());
    }
    let problem = Problem::new("/run/replicates", "one replicate has no intervals");
    Err(Failure::said(
        problem
            .expected("at least 2; 32 where money is decided on")
            .suggest("add --replicates 32"),
    ))
}

/// Finds where two designs change places, and prints it.
pub(super) fn breakeven(args: &Args) -> Result<(), Failure> {
    let read = args.given.read()?;
    let scenario = read.document.scenario.clone();
    needs_replicates(&scenario)?;
    let asked = args.pair.asked(&scenario)?;
    let resolved = text::resolved(&read.document);
    let tries = std::cell::RefCell::new(progress::Tries::new());
    let threads = args.given.threads();
    let mut run = |study: &mut Study| {
        study::run(study, threads, &mut |_| {});
        tries.borrow_mut().tried();
    };
    let mut varied = Varied::new(&read.text, &read.folder, &mut run);
    let ends = [&args.from, &args.to].map(|end| end.as_deref().map(value_of));
    let solved = match price(&scenario, &args.over) {
        Some(price) => of_price(&mut varied, &asked, price, &scenario.prices, &ends)?,
        None => of_parameter(&mut varied, &asked, &args.over, &ends)?,
    };
    tries.into_inner().finish();
    let Solved {
        what,
        scale,
        now,
        range,
        found,
        method,
    } = solved;
    let question = Question {
        names: asked.names(),
        metric: &found.metric,
        what: &what,
        scale,
        now,
        range,
    };
    let value = |size: f64| scale.value(size);
    let results = BreakEvenResults {
        stayfresh: About::this(),
        scenario: resolved,
        replicates: scenario.run.replicates.get(),
        of: asked.of.clone(),
        versus: asked.versus.clone(),
        metric: found.metric.to_string(),
        over: args.over.clone(),
        now: now.map(value),
        range: range.map(|end| end.map(value)),
        method,
        at: found.at.iter().map(|at| value(*at)).collect(),
        pieces: question.stretches(&found.pieces),
        tried: question.tried(&found.tried),
        says: question.says(&found.pieces, &found.at),
    };
    if args.json {
        let json = serde_json::to_string(&results).map_err(std::io::Error::other)?;
        output::line(&json)
    } else {
        output::text(&report::text(&results))
    }
}

/// What was found, and of what.
struct Solved {
    what: String,
    scale: Scale,
    now: Option<f64>,
    range: [Option<f64>; 2],
    found: Found,
    method: Method,
}

/// The price at a pointer, if there is one.
fn price(scenario: &Scenario, over: &str) -> Option<Price> {
    match pointer::steps(over)?.as_slice() {
        [prices, name, field] if prices == "prices" => {
            let price = scenario.prices.by_name(name)?;
            (price.field == field).then_some(price)
        }
        _ => None,
    }
}

fn of_price(
    varied: &mut Varied<'_>,
    asked: &Asked,
    price: Price,
    prices: &Prices,
    ends: &[Option<Json>; 2],
) -> Result<Solved, Failure> {
    if ends.iter().any(Option::is_some) {
        let problem = Problem::new(price.pointer(), "a price has no range to look at");
        return Err(Failure::said(problem.expected(
            "neither --from nor --to: what a price does is solved exactly, from 0 on",
        )));
    }
    let (_, sample) = varied.pair(asked, &[], &[]).map_err(failure)?;
    let (of, versus, metric) = asked.of_sample(&sample).map_err(Failure::Said)?;
    if !breakeven::is_money(&metric, &sample) {
        let problem = Problem::new(price.pointer(), format!("a price does not move {metric}"));
        return Err(Failure::said(
            problem.expected("money, such as total_usd_per_day or costs/polls"),
        ));
    }
    let found = breakeven::of_price_in(&sample, (of, versus), prices, price.name, &metric);
    let found = match found {
        Some(found) => Found {
            metric,
            at: found.at.into_iter().collect(),
            pieces: found.pieces(),
            tried: Vec::new(),
        },
        // It makes no difference, so the difference is what it is.
        None => Found {
            pieces: vec![Piece {
                from: Some(0.0),
                to: None,
                less: Less::of(sample.difference(of, versus, &metric).as_ref()),
            }],
            metric,
            at: Vec::new(),
            tried: Vec::new(),
        },
    };
    Ok(Solved {
        what: price.name.to_owned(),
        scale: Scale::Price(price),
        now: Some(price.usd),
        range: [Some(0.0), None],
        found,
        method: Method::Fieller,
    })
}

fn of_parameter(
    varied: &mut Varied<'_>,
    asked: &Asked,
    over: &str,
    [from, to]: &[Option<Json>; 2],
) -> Result<Solved, Failure> {
    let at = |problems: Problems| Failure::Said(at_pointer(&problems, over));
    let range = Range::new(varied, over, [from.as_ref(), to.as_ref()]).map_err(at)?;
    let found = parameter::search(varied, asked, over, &range).map_err(|failed| match failed {
        Failed::Scenario(problems) => at(problems),
        failed => failure(failed),
    })?;
    if found.tried.iter().all(|tried| tried.difference.is_none()) {
        let problem = Problem::new(
            over,
            "what is compared is not defined anywhere in the range",
        );
        return Err(Failure::said(
            problem
                .expected("a number that both designs have")
                .suggest("choose another --metric"),
        ));
    }
    Ok(Solved {
        what: over.to_owned(),
        scale: Scale::Parameter(range.kind),
        now: range.now,
        range: [Some(range.from), Some(range.to)],
        found,
        method: Method::Search {
            tolerance: TOLERANCE,
            of_range: OF_RANGE,
        },
    })
}

/// Problems of a variant, without places in a text that nobody wrote.
pub(super) fn at_pointer(problems: &Problems, over: &str) -> Problems {
    let Some(first) = problems.iter().next() else {
        return problems.clone();
    };
    let mut problem = first.clone();
    problem.place = None;
    problem.related = None;
    if problem.path.is_empty() {
        problem.path = over.to_owned();
    }
    problem.into()
}
