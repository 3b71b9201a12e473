//! Whether what was expected holds.

use super::Sample;
use crate::design::cache::{Purge, Ttl};
use crate::design::delivery::pull::Order;
use crate::design::serving::OnMiss;
use crate::design::{Delivery, Design, Feed, Source};
use crate::measure::estimate::{Estimate, replicates_for};
use crate::measure::path::MetricPath;
use crate::report::results::{Expected, Judgement};
use crate::scenario::BOUNDS;
use crate::scenario::expect::Expectation;

/// Judges each expectation: held if the whole 95 % interval satisfies it, missed if none of it does.
pub(super) fn judge(sample: &Sample, expect: &[Expectation]) -> Vec<Expected> {
    let of_one = |expectation: &Expectation| -> Vec<Expected> {
        // Of an audience alone, each design is meant; the bounds are no options.
        let designs = match &expectation.design {
            Some(name) => vec![name.clone()],
            None => {
                let options = sample.options().into_iter();
                options
                    .map(|option| sample.designs[option].name.clone())
                    .collect()
            }
        };
        let asked = designs.into_iter().map(|design| Expectation {
            design: Some(design),
            ..expectation.clone()
        });
        asked.filter_map(|asked| one(sample, &asked)).collect()
    };
    expect.iter().flat_map(of_one).collect()
}

fn one(sample: &Sample, expectation: &Expectation) -> Option<Expected> {
    // What names nothing was refused when the scenario was read.
    let audience = expectation.audience.as_deref();
    let path = MetricPath::read_for(audience, &expectation.metric).ok()?;
    let design = sample.design(expectation.design.as_ref()?)?;
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
        Judgement::of(&of, (expectation.at_least, expectation.at_most), certain)
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

/// Whether chance has no part in a number, so that replicates that agree prove it.
pub(super) fn is_certain(path: &MetricPath, design: &Design) -> bool {
    match path {
        MetricPath::Metric(metric) => {
            design.name == BOUNDS[0] || metric.key == "coverage" && is_held_for_certain(design)
        }
        MetricPath::Audience(_, metric) => metric.key == "coverage" && is_held_for_certain(design),
        MetricPath::Cost(line) | MetricPath::RepresentedCost(line) => line.key() == "components",
        MetricPath::Audit(_, metric) => metric.key == "probes_per_day",
        MetricPath::Count(_) | MetricPath::Feed(..) => false,
    }
}

/// Whether the calendar alone says when something is held: datasets that take their time and come, and entries that
/// nothing takes away.
fn is_held_for_certain(design: &Design) -> bool {
    let comes = |feed: &Feed| {
        let delivered = match &feed.delivery {
            Delivery::Push(push) => push.loss.get() == 0.0 && push.latency.constant().is_some(),
            Delivery::Pull(pull) => {
                pull.loss.get() == 0.0
                    && pull.latency.constant().is_some()
                    && pull.order == Order::Fixed
                    && pull.jitter.get() == 0.0
            }
        };
        matches!(feed.source, Source::Dataset(_)) && delivered
    };
    let cache = &design.cache;
    let kept = matches!(cache.ttl, Ttl::None | Ttl::Fixed(_))
        && cache.sold_out_ttl.is_none()
        && cache.purge == Purge::None
        && cache.capacity.is_none();
    let steady = design.operations.incidents_per_component_per_month.get() == 0.0
        && design.operations.circuit_breaker.is_none();
    let asks = design.serving.on_miss == OnMiss::AskLive;
    kept && steady && !asks && design.feeds.iter().all(comes)
}

/// About how many replicates would decide it, if the mean stays where it is.
fn needed(estimate: &Estimate, expectation: &Expectation) -> Option<u32> {
    let limit = expectation.at_least.or(expectation.at_most)?;
    replicates_for(estimate.sd?, (estimate.mean - limit).abs())
}
