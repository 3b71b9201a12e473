//! Whether what was expected holds.

use super::Sample;
use crate::design::Design;
use crate::measure::estimate::{Estimate, replicates_for};
use crate::measure::path::MetricPath;
use crate::report::results::{Expected, Judgement};
use crate::scenario::BOUNDS;
use crate::scenario::expect::Expectation;

/// Judges each expectation: held if the whole 95 % interval satisfies it, missed if none of it does.
pub(super) fn judge(sample: &Sample, expect: &[Expectation]) -> Vec<Expected> {
    expect
        .iter()
        .filter_map(|expectation| one(sample, expectation))
        .collect()
}

fn one(sample: &Sample, expectation: &Expectation) -> Option<Expected> {
    // What names nothing was refused when the scenario was read.
    let path: MetricPath = expectation.metric.parse().ok()?;
    let design = sample.design(&expectation.design)?;
    let versus = match &expectation.versus {
        Some(name) => Some(sample.design(name)?),
        None => None,
    };
    let estimate = match versus {
        Some(versus) => sample.difference(design, versus, &path),
        None => sample.estimate(design, &path),
    };
    let sides = [Some(design), versus];
    let mut sides = sides.into_iter().flatten().map(|of| &sample.designs[of]);
    let certain = sides.all(|design| is_certain(&path, design));
    let judgement = estimate.map_or(Judgement::Undecided, |of| {
        judgement(&of, expectation, certain)
    });
    Some(Expected {
        expectation: expectation.clone(),
        mean: estimate.map(|estimate| estimate.mean),
        ci95: estimate.and_then(|estimate| estimate.ci95),
        needs_replicates: estimate
            .filter(|_| judgement == Judgement::Undecided)
            .and_then(|estimate| needed(&estimate, expectation)),
        verdict: judgement,
    })
}

fn judgement(estimate: &Estimate, expectation: &Expectation, certain: bool) -> Judgement {
    let Some([low, high]) = estimate.ci95 else {
        return Judgement::Undecided;
    };
    let (whole, none) = match (expectation.at_least, expectation.at_most) {
        (Some(least), _) => (low >= least, high < least),
        (_, Some(most)) => (high <= most, low > most),
        (None, None) => (false, false),
    };
    // Replicates that all agree may have agreed by chance.
    let agreed = low == high && !certain;
    match (whole, none) {
        (true, _) if !agreed => Judgement::Held,
        (_, true) => Judgement::Missed,
        _ => Judgement::Undecided,
    }
}

/// Whether chance has no part in a number, so that replicates that agree prove it.
fn is_certain(path: &MetricPath, design: &Design) -> bool {
    match path {
        MetricPath::Metric(_) => design.name == BOUNDS[0],
        MetricPath::Cost(line) | MetricPath::RepresentedCost(line) => line.key() == "components",
        MetricPath::Audit(_, metric) => metric.key == "probes_per_day",
        MetricPath::Count(_) | MetricPath::Feed(..) => false,
    }
}

/// About how many replicates would decide it, if the mean stays where it is.
fn needed(estimate: &Estimate, expectation: &Expectation) -> Option<u32> {
    let limit = expectation.at_least.or(expectation.at_most)?;
    replicates_for(estimate.sd?, (estimate.mean - limit).abs())
}
