//! Whether designs are fit for their audiences, in words.

use super::human;
use super::readable;
use super::results::{AudienceResults, Fitness, Judgement, Needed, Results};
use crate::measure::estimate::Estimate;
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;

/// What is said of one audience: a caption, and a line a design.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whose verdicts they are.
    pub caption: String,
    /// One a design that has a verdict.
    pub lines: Vec<String>,
}

/// All audiences that need something.
#[must_use]
pub fn all(results: &Results) -> Vec<Said> {
    let said = results.audiences.iter().map(|audience| Said {
        caption: format!("Fit for {}?", audience.name),
        lines: audience
            .designs
            .iter()
            .filter_map(|fitness| line(audience, fitness))
            .collect(),
    });
    said.filter(|said| !said.lines.is_empty()).collect()
}

fn line(audience: &AudienceResults, fitness: &Fitness) -> Option<String> {
    let verdict = match fitness.verdict? {
        Judgement::Held => "fit",
        Judgement::Missed => "unfit",
        Judgement::Undecided => "undecided",
    };
    let needs: Vec<String> = (fitness.needs.iter())
        .map(|needed| need(&audience.name, needed))
        .collect();
    let misled: Vec<String> = (fitness.misled_by.iter())
        .map(|misleading| {
            let unit = unit(&audience.name, &misleading.metric);
            let says = match misleading.says {
                Judgement::Held => "fit",
                _ => "unfit",
            };
            let value = human::value(unit, misleading.mean);
            format!("{} would say {says} ({value})", misleading.metric)
        })
        .collect();
    let misled = match misled.as_slice() {
        [] => String::new(),
        all => format!("; {}", all.join(", ")),
    };
    Some(format!(
        "{}: {verdict}, with {}{misled}",
        fitness.design,
        needs.join(" and ")
    ))
}

fn unit(audience: &str, metric: &str) -> Unit {
    let path = MetricPath::read_by(audience, metric);
    path.map_or(Unit::Count, |path| path.unit())
}

fn need(audience: &str, needed: &Needed) -> String {
    let need = &needed.need;
    let unit = unit(audience, &need.metric);
    let found = needed.mean.map_or_else(
        || "not defined".to_owned(),
        |mean| {
            let estimate = Estimate {
                mean,
                sd: None,
                ci95: needed.ci95,
            };
            readable::show(&estimate, unit).both()
        },
    );
    let limit = match (need.at_least, need.at_most) {
        (Some(least), _) => format!("at least {}", human::value(unit, least)),
        (_, most) => format!("at most {}", human::value(unit, most.unwrap_or_default())),
    };
    let agree = needed.verdict == Judgement::Undecided
        && needed.ci95.is_some_and(|[low, high]| low == high);
    let agree = if agree {
        "; all replicates agree, which may be chance"
    } else {
        ""
    };
    format!("{} {found} ({limit} needed{agree})", need.metric)
}
