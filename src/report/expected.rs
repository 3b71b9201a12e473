//! What was expected, against what was found, in a line.

use super::human;
use super::readable;
use super::results::{Expected, Judgement};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;

/// The whole story of one expectation: `missed: search_accuracy of push is 97.12 % ± 0.20, 0.88 pp below the
/// least expected, 98.00 %`.
#[must_use]
pub fn line(expected: &Expected) -> String {
    let asked = &expected.expectation;
    let unit = asked
        .metric
        .parse()
        .map_or(Unit::Count, |path: MetricPath| path.unit());
    let (is_least, limit) = match (asked.at_least, asked.at_most) {
        (Some(least), _) => (true, least),
        (_, most) => (false, most.unwrap_or_default()),
    };
    let design = asked.design.as_deref().unwrap_or_default();
    let reader = match &asked.audience {
        Some(audience) => format!(", as {audience} reads it,"),
        None => String::new(),
    };
    let of = match &asked.versus {
        Some(versus) => format!("{} of {design} less that of {versus}{reader}", asked.metric),
        None => format!("{} of {design}{reader}", asked.metric),
    };
    let is_difference = asked.versus.is_some();
    let value = |mean: f64| {
        if is_difference {
            human::difference(unit, mean, None).mean
        } else {
            human::value(unit, mean)
        }
    };
    let wanted = format!(
        "at {} {}",
        if is_least { "least" } else { "most" },
        value(limit)
    );
    let Some(mean) = expected.mean else {
        return format!("undecided: {of} is not defined here; expected {wanted}");
    };
    let found = if is_difference {
        human::difference(unit, mean, expected.ci95)
    } else {
        readable::show(
            &Estimate {
                mean,
                sd: None,
                ci95: expected.ci95,
            },
            unit,
        )
    };
    let found = found.both();
    match expected.verdict {
        Judgement::Held => format!("held: {of} is {found}; expected {wanted}"),
        Judgement::Missed => {
            let short = human::difference(unit, (mean - limit).abs(), None).mean;
            let side = if is_least { "too little" } else { "too much" };
            let short = short.trim_start_matches('+');
            format!("missed: {of} is {found}; expected {wanted}, so it is {short} {side}")
        }
        Judgement::Undecided => {
            let why = match (expected.ci95, expected.needs_replicates) {
                (None, _) => "one replicate has no interval".to_owned(),
                (Some([low, high]), _) if low == high => {
                    "all replicates agree, which may be chance".to_owned()
                }
                (_, Some(needed)) => format!(
                    "about {} replicates would tell",
                    human::whole(needed.into())
                ),
                (_, None) => "it is too close to the limit to tell".to_owned(),
            };
            format!("undecided: {of} is {found}; expected {wanted}; {why}")
        }
    }
}
