//! Whether designs are fit for those who use them, and which numbers would have said otherwise.

use super::Sample;
use super::expect::is_certain;
use crate::measure::audience::AUDIENCE_METRICS;
use crate::measure::path::MetricPath;
use crate::report::results::{AudienceResults, Fitness, Judgement, Misleading, Needed};
use crate::scenario::audience::{Audience, Need};

/// The verdict of each audience on each design.
pub(super) fn verdicts(sample: &Sample, audiences: &[Audience]) -> Vec<AudienceResults> {
    audiences
        .iter()
        .map(|audience| AudienceResults {
            name: audience.name.clone(),
            designs: (0..sample.designs.len())
                .map(|design| fitness(sample, audiences, audience, design))
                .collect(),
        })
        .collect()
}

fn fitness(sample: &Sample, all: &[Audience], audience: &Audience, design: usize) -> Fitness {
    let metrics = AUDIENCE_METRICS.iter().filter_map(|metric| {
        let path = MetricPath::Audience(audience.name.clone(), metric);
        Some((metric.key.to_owned(), sample.estimate(design, &path)?))
    });
    let needs: Vec<(&Need, MetricPath, Needed)> = audience
        .needs
        .iter()
        .filter_map(|need| {
            // What names nothing was refused when the scenario was read.
            let path = MetricPath::read_by(&audience.name, &need.metric).ok()?;
            let estimate = sample.estimate(design, &path);
            let verdict = says(sample, design, &path, need);
            let needed = Needed {
                need: need.clone(),
                mean: estimate.map(|estimate| estimate.mean),
                ci95: estimate.and_then(|estimate| estimate.ci95),
                verdict,
            };
            Some((need, path, needed))
        })
        .collect();
    let any = |verdict: Judgement| needs.iter().any(|(.., needed)| needed.verdict == verdict);
    let verdict = if needs.is_empty() {
        None
    } else if any(Judgement::Missed) {
        Some(Judgement::Missed)
    } else if any(Judgement::Undecided) {
        Some(Judgement::Undecided)
    } else {
        Some(Judgement::Held)
    };
    let misled_by = needs.iter().flat_map(|(need, path, needed)| {
        let others = alternatives(sample, all, audience, design, path);
        others.into_iter().filter_map(move |other| {
            let says = says(sample, design, &other, need);
            let opposite = matches!(
                (says, needed.verdict),
                (Judgement::Held, Judgement::Missed) | (Judgement::Missed, Judgement::Held)
            );
            opposite.then_some(())?;
            Some(Misleading {
                need: need.metric.clone(),
                metric: other.to_string(),
                mean: sample.estimate(design, &other)?.mean,
                says,
            })
        })
    });
    Fitness {
        design: sample.designs[design].name.clone(),
        metrics: metrics.collect(),
        misled_by: misled_by.collect(),
        verdict,
        needs: needs.iter().map(|(.., needed)| needed.clone()).collect(),
    }
}

/// What a number says of a need.
fn says(sample: &Sample, design: usize, path: &MetricPath, need: &Need) -> Judgement {
    let certain = is_certain(path, &sample.designs[design]);
    let limits = (need.at_least, need.at_most);
    sample
        .estimate(design, path)
        .map_or(Judgement::Undecided, |estimate| {
            Judgement::of(&estimate, limits, certain)
        })
}

/// The numbers that somebody may take for this one: the same thing weighed otherwise, read by others, or
/// estimated by an audit.
fn alternatives(
    sample: &Sample,
    all: &[Audience],
    audience: &Audience,
    design: usize,
    path: &MetricPath,
) -> Vec<MetricPath> {
    let MetricPath::Audience(_, metric) = path else {
        return Vec::new();
    };
    let keys: &[&str] = match metric.key {
        "accuracy" => &["accuracy", "entry_accuracy", "search_accuracy"],
        "false_available" => &["false_available", "search_false_available"],
        "false_sold_out" => &["false_sold_out", "search_false_sold_out"],
        "coverage" => &["coverage", "hit_ratio"],
        _ => &[],
    };
    let audits = sample.designs[design].audits.iter();
    let audits = audits
        .filter(|_| metric.key == "accuracy")
        .map(|audit| MetricPath::of_audit(&audit.name, "estimate"));
    let others = all.iter().filter(|other| other.name != audience.name);
    keys.iter()
        .map(|key| MetricPath::of(key))
        .chain(audits)
        .chain(others.map(|other| MetricPath::Audience(other.name.clone(), metric)))
        .collect()
}
