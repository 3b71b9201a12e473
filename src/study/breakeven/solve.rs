//! A break-even asked for and answered: what moves, where it is looked at, and all that a results file says.

use serde_json::Value as Json;

use super::parameter::{self, Found, OF_RANGE, Range, TOLERANCE};
use super::{Less, Piece};
use crate::report::breakeven::{BreakEvenResults, Method, Question, Scale};
use crate::report::results::About;
use crate::scenario::prices::Price;
use crate::scenario::problem::Problem;
use crate::scenario::text::{self, Document};
use crate::scenario::{Prices, Scenario, pointer};
use crate::study::asked::Asked;
use crate::study::varied::{Failed, Varied, at_pointer};

/// Finds where two designs change places as what is at `over` moves; between these ends, where it is no price.
///
/// # Errors
/// When the question makes no sense, a value makes no scenario, or the program broke an invariant.
pub fn solve(
    varied: &mut Varied<'_>,
    document: &Document,
    asked: &Asked,
    over: &str,
    ends: &[Option<Json>; 2],
) -> Result<BreakEvenResults, Failed> {
    let scenario = &document.scenario;
    let solved = match price(scenario, over) {
        Some(price) => of_price(varied, asked, price, &scenario.prices, ends)?,
        None => of_parameter(varied, asked, over, ends)?,
    };
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
    Ok(BreakEvenResults {
        stayfresh: About::this(),
        scenario: text::resolved(document),
        replicates: scenario.run.replicates.get(),
        of: asked.of.clone(),
        versus: asked.versus.clone(),
        metric: found.metric.to_string(),
        over: over.to_owned(),
        now: now.map(value),
        range: range.map(|end| end.map(value)),
        method,
        at: found.at.iter().map(|at| value(*at)).collect(),
        pieces: question.stretches(&found.pieces),
        tried: question.tried(&found.tried),
        says: question.says(&found.pieces, &found.at),
    })
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
) -> Result<Solved, Failed> {
    if ends.iter().any(Option::is_some) {
        let problem = Problem::new(price.pointer(), "a price has no range to look at");
        return Err(Failed::said(problem.expected(
            "neither --from nor --to: what a price does is solved exactly, from 0 on",
        )));
    }
    let (_, sample) = varied.pair(asked, &[], &[])?;
    let (of, versus, metric) = asked.of_sample(&sample)?;
    if !super::is_money(&metric, &sample) {
        let problem = Problem::new(price.pointer(), format!("a price does not move {metric}"));
        return Err(Failed::said(
            problem.expected("money, such as total_usd_per_day or costs/polls"),
        ));
    }
    let found = super::of_price_in(&sample, (of, versus), prices, price.name, &metric);
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
) -> Result<Solved, Failed> {
    let range = Range::new(varied, over, [from.as_ref(), to.as_ref()]);
    let range = range.map_err(|wrong| at_pointer(wrong.into(), over))?;
    let found = parameter::search(varied, asked, over, &range);
    let found = found.map_err(|failed| at_pointer(failed, over))?;
    if found.tried.iter().all(|tried| tried.difference.is_none()) {
        let problem = Problem::new(
            over,
            "what is compared is not defined anywhere in the range",
        );
        return Err(Failed::said(
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
