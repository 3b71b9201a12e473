//! Which designs none of the others beats in everything: the Pareto frontier of accuracy, staleness and cost.

use super::Sample;
use crate::measure::metrics::Better;
use crate::measure::path::MetricPath;
use crate::measure::values::Line;
use crate::report::results::Standing;

/// What designs are judged by. Running cost, at the represented size where there is one: what wrong answers
/// cost is in the accuracy already.
#[must_use]
pub fn criteria(sample: &Sample) -> [MetricPath; 3] {
    let running = Line::by_key("running");
    let represented = running.filter(|_| sample.represents.is_some());
    [
        MetricPath::of("accuracy"),
        MetricPath::of("staleness_s"),
        represented.map_or(
            MetricPath::of("cost_usd_per_day"),
            MetricPath::RepresentedCost,
        ),
    ]
}

/// How each design stands. The bounds are no options, so they are neither judged nor beat anyone.
pub(super) fn standings(sample: &Sample) -> Vec<Standing> {
    let options = sample.options();
    let criteria = criteria(sample);
    // By option, then criterion: what is less is better; what is not defined (no entry, so no staleness) is
    // worse than all else.
    let cost = |value: Option<f64>, path: &MetricPath| match (value, path.better()) {
        (None, _) => f64::INFINITY,
        (Some(value), Better::Higher) => -value,
        (Some(value), _) => value,
    };
    let means: Vec<Vec<f64>> = options
        .iter()
        .map(|option| {
            let mean = |path| sample.estimate(*option, path).map(|estimate| estimate.mean);
            criteria.iter().map(|path| cost(mean(path), path)).collect()
        })
        .collect();
    // By option, criterion, then replicate.
    let values: Vec<Vec<Vec<Option<f64>>>> = options
        .iter()
        .map(|option| {
            criteria
                .iter()
                .map(|path| sample.values(*option, path))
                .collect()
        })
        .collect();
    let replicates: Vec<usize> = (0..sample.outcomes.len())
        .filter(|replicate| {
            options
                .iter()
                .all(|option| sample.outcomes[*replicate][*option].is_some())
        })
        .collect();
    let mut wins = vec![0_u32; options.len()];
    for replicate in &replicates {
        let costs: Vec<Vec<f64>> = values
            .iter()
            .map(|of| {
                (criteria.iter().zip(of))
                    .map(|(path, of)| cost(of[*replicate], path))
                    .collect()
            })
            .collect();
        for (win, mine) in wins.iter_mut().zip(&costs) {
            *win += u32::from(!costs.iter().any(|theirs| dominates(theirs, mine)));
        }
    }
    let name = |option: usize| sample.designs[options[option]].name.clone();
    (0..options.len())
        .map(|option| {
            let better =
                (0..options.len()).filter(|other| dominates(&means[*other], &means[option]));
            let dominated_by: Vec<String> = better.map(name).collect();
            Standing {
                design: name(option),
                undominated: dominated_by.is_empty(),
                probability: f64::from(wins[option]) / replicates.len().max(1) as f64,
                dominated_by,
            }
        })
        .collect()
}

/// Whether one is as good in everything, and better in something.
fn dominates(one: &[f64], other: &[f64]) -> bool {
    one.iter().zip(other).all(|(a, b)| a <= b) && one.iter().zip(other).any(|(a, b)| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_nowhere_worse_and_somewhere_better_dominates() {
        assert!(dominates(&[1.0, 2.0], &[1.0, 3.0]));
        assert!(!dominates(&[1.0, 2.0], &[1.0, 2.0]));
        assert!(!dominates(&[1.0, 4.0], &[2.0, 3.0]));
        assert!(dominates(&[1.0, 4.0], &[2.0, f64::INFINITY]));
    }
}
