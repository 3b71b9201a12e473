//! How far a difference of two designs rests on what is assumed: each assumption at both ends of its range, all
//! else as it stands, with the same random numbers.

use serde_json::Value as Json;

use super::Study;
use super::asked::Asked;
use super::breakeven::Less;
use super::varied::{Failed, Varied, at_pointer};
use crate::measure::estimate::{Estimate, Scale};
use crate::measure::path::MetricPath;
use crate::report::sensitivity::{Ranges, SensitivityResults, results};
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::text::Document;
use crate::scenario::vary::{Assumption, Axis};
use crate::scenario::{Prices, pointer, text};

/// The rates of each kind of world that are varied where nothing is said.
const RATES: [&str; 7] = [
    "/world/two_state/sells_out_per_day",
    "/world/two_state/reopens_per_day",
    "/world/two_state/searches_per_stay_per_day",
    "/world/hotels/demand/requests_per_hotel_per_day",
    "/world/hotels/supplier_changes_per_hotel_per_day",
    "/world/hotels/searches_per_request",
    "/world/trace/searches_per_request",
];

/// What is varied where nothing is said: prices and the world's rates, halved and doubled; those that are 0
/// stay so. Second, those whose double makes no scenario, which are left out.
///
/// # Errors
/// When the scenario is none.
pub fn usual(varied: &Varied<'_>) -> Result<(Vec<Assumption>, Vec<String>), Problems> {
    let document = varied.check(&[])?;
    let resolved = text::resolved(&document);
    let prices = Prices::NAMES.iter();
    let prices = prices.filter_map(|name| Some(document.scenario.prices.by_name(name)?.pointer()));
    let rates = RATES.iter().map(|rate| (*rate).to_owned());
    let (mut fine, mut left_out) = (Vec::new(), Vec::new());
    for over in prices.chain(rates) {
        let steps = pointer::steps(&over).unwrap_or_default();
        let now = pointer::find(&resolved, &steps).and_then(Json::as_f64);
        let Some(now) = now.filter(|now| *now > 0.0) else {
            continue;
        };
        let (low, high) = (Json::from(now / 2.0), Json::from(now * 2.0));
        let fits = |end: &Json| varied.check(&[(over.clone(), end.clone())]).is_ok();
        if fits(&low) && fits(&high) {
            fine.push(Assumption { over, low, high });
        } else {
            left_out.push(over);
        }
    }
    Ok((fine, left_out))
}

/// What a difference rests on: the assumptions given, or else those that the scenario states, or else the usual
/// ones. `begin` is told how many studies that takes, `tell` is called after each.
///
/// # Errors
/// As [`effects`]; and when the difference is not defined.
pub fn solve(
    varied: &mut Varied<'_>,
    document: &Document,
    asked: &Asked,
    given: &[Assumption],
    begin: &mut dyn FnMut(usize),
    tell: &mut dyn FnMut(),
) -> Result<SensitivityResults, Failed> {
    let scenario = &document.scenario;
    for Assumption { over, low, high } in given {
        varied.can_take(&[Axis {
            over: over.clone(),
            values: vec![low.clone(), high.clone()],
        }])?;
    }
    let stated = &scenario.assumptions;
    let (assumptions, ranges, left_out) = match (given, stated.as_slice()) {
        ([_, ..], _) => (given.to_vec(), Ranges::Given, Vec::new()),
        ([], [_, ..]) => (stated.clone(), Ranges::Scenario, Vec::new()),
        ([], []) => {
            let (usual, left_out) = usual(varied)?;
            (usual, Ranges::HalfToDouble, left_out)
        }
    };
    begin(1 + 2 * assumptions.len());
    let found = effects(varied, asked, &assumptions, tell);
    let mut found = found.map_err(|(over, failed)| at_pointer(failed, &over))?;
    if found.difference.is_none() {
        let metric = found.metric.to_string();
        let problem = Problem::new("", format!("{metric} of the two is not defined"));
        return Err(Failed::said(
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
    let resolved = text::resolved(document);
    let replicates = scenario.run.replicates.get();
    Ok(results(
        &found,
        asked,
        (resolved, replicates),
        (ranges, left_out),
    ))
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What is compared.
    pub metric: MetricPath,
    /// The paired difference as things stand; absent where it is not defined.
    pub difference: Option<Estimate>,
    /// One an assumption, the largest swing first; among equals in the order in which they are stated.
    pub effects: Vec<Effect>,
}

/// What one assumption does to the difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    /// The assumption, a JSON pointer.
    pub over: String,
    /// What the scenario says; absent where it does not.
    pub now: Option<Json>,
    /// At the low end of its range, and at the high one.
    pub ends: [End; 2],
}

/// The difference at one end of an assumption's range.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// What is assumed.
    pub value: Json,
    /// The paired difference; absent where it is not defined.
    pub difference: Option<Estimate>,
    /// What it changed by, paired by replicate.
    pub change: Option<Estimate>,
}

impl Effect {
    /// How far the difference moves: from the least to the most it is, at both ends and as things stand.
    #[must_use]
    pub fn swing(&self, difference: Option<&Estimate>) -> f64 {
        let ends = self.ends.iter().filter_map(|end| end.difference.as_ref());
        let means = ends.chain(difference).map(|estimate| estimate.mean);
        let (low, high) = means.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mean| {
            (low.min(mean), high.max(mean))
        });
        (high - low).max(0.0)
    }

    /// Whether it moves the difference by no more than rounding does.
    #[must_use]
    pub fn is_none(&self, difference: Option<&Estimate>) -> bool {
        let size = difference.map_or(0.0, |difference| difference.mean.abs());
        let ends = || self.ends.iter().map(|end| end.difference);
        self.swing(difference) <= 1e-9 * size && ends().all(|end| end.is_some())
    }
}

impl End {
    /// Whether the other design has less here than as things stand; and whether that is sure, 95 %.
    #[must_use]
    pub fn overturns(&self, difference: Option<&Estimate>) -> Option<bool> {
        let (here, now) = (self.difference?, difference?);
        let is_other = (here.mean < 0.0) != (now.mean < 0.0) && here.mean != 0.0;
        let is_sure = matches!(Less::of(Some(&here)), Less::First | Less::Second);
        is_other.then_some(is_sure)
    }
}

/// What each assumption does to a difference. `tell` is called after each study.
///
/// # Errors
/// When a value makes no scenario, with its pointer; or the program broke an invariant there.
pub fn effects(
    varied: &mut Varied<'_>,
    asked: &Asked,
    assumptions: &[Assumption],
    tell: &mut dyn FnMut(),
) -> Result<Found, (String, Failed)> {
    let plain = |failed: Failed| (String::new(), failed);
    let resolved = varied.check(&[]).map_err(|wrong| plain(wrong.into()))?;
    let resolved = text::resolved(&resolved);
    let (base, sample) = varied.pair(asked, &[], &[]).map_err(plain)?;
    tell();
    let (of, versus, metric) = asked
        .of_sample(&sample)
        .map_err(|wrong| plain(wrong.into()))?;
    let now = sample.paired(of, versus, &metric);
    let mut at = |over: &str, value: &Json| -> Result<End, Failed> {
        let earlier: [&Study; 1] = [&base];
        let set = [(over.to_owned(), value.clone())];
        let (_, sample) = varied.pair(asked, &set, &earlier)?;
        let (of, versus, metric) = asked.of_sample(&sample)?;
        let then = sample.paired(of, versus, &metric);
        let both = now.as_ref().zip(then.as_ref());
        let change = both.filter(|(now, then)| now.len() == then.len());
        let change = change.map(|(now, then)| -> Vec<f64> {
            then.iter().zip(now).map(|(then, now)| then - now).collect()
        });
        tell();
        Ok(End {
            value: value.clone(),
            difference: then.and_then(|then| Estimate::of(&then, Scale::Plain)),
            change: change.and_then(|change| Estimate::of(&change, Scale::Plain)),
        })
    };
    let mut effects = Vec::new();
    for assumption in assumptions {
        let over = &assumption.over;
        let mut end = |value| at(over, value).map_err(|failed| (over.clone(), failed));
        let steps = pointer::steps(over).unwrap_or_default();
        effects.push(Effect {
            now: pointer::find(&resolved, &steps).cloned(),
            ends: [end(&assumption.low)?, end(&assumption.high)?],
            over: over.clone(),
        });
    }
    let difference = sample.difference(of, versus, &metric);
    effects.sort_by(|one, other| {
        let swing = |effect: &Effect| effect.swing(difference.as_ref());
        swing(other).total_cmp(&swing(one))
    });
    Ok(Found {
        metric,
        difference,
        effects,
    })
}
