//! How many replicates it takes until numbers are known as exactly as one asks for.

use serde::{Deserialize, Serialize};

use super::human;
use super::readable;
use super::results::About;
use super::table::{aligned, visible};
use crate::measure::estimate::{Estimate, replicates_for, sd_at_most};
use crate::measure::metrics::Unit;
use crate::measure::path::MetricPath;
use crate::scenario::problem::Problems;
use crate::study::Sample;
use crate::study::asked::Asked;

/// How many replicates it takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplicatesResults {
    /// Who made it.
    pub stayfresh: About,
    /// Replicates that the spreads are judged by.
    pub replicates: u32,
    /// Which number.
    pub metric: String,
    /// How far a 95 % interval is to reach to either side, in the number's unit.
    pub within: f64,
    /// The two designs, and the first less the second, paired by replicate.
    pub needed: Vec<Needed>,
}

/// How many replicates one number takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Needed {
    /// The design.
    pub of: String,
    /// The design that it is compared with, if it is a difference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub versus: Option<String>,
    /// What it is now, with a plain 95 % interval; absent where it is not defined.
    pub now: Option<Estimate>,
    /// Replicates in all, if the spread stays as it is; absent beyond a million.
    pub replicates: Option<u32>,
    /// The same if the spread is as wide as its own upper 95 % bound allows: few replicates know their spread
    /// badly.
    pub at_most: Option<u32>,
}

/// How many replicates it takes until the 95 % interval of a number of two designs, and of their paired
/// difference, reaches no further than `within`.
///
/// # Errors
/// When a design is not in the sample.
pub fn of(sample: &Sample, asked: &Asked, within: f64) -> Result<ReplicatesResults, Problems> {
    let (of, versus, metric) = asked.of_sample(sample)?;
    let replicates = sample.outcomes.len() as u32;
    let needed = |of: &str, versus: Option<&str>, now: Option<Estimate>| {
        let sd = now.as_ref().and_then(|now| now.sd);
        let for_sd = |sd: f64| replicates_for(sd, within).map(|n| n.max(2));
        Needed {
            of: of.to_owned(),
            versus: versus.map(str::to_owned),
            now,
            replicates: sd.and_then(for_sd),
            at_most: sd.and_then(|sd| for_sd(sd_at_most(sd, replicates))),
        }
    };
    let [first, second] = asked.names();
    Ok(ReplicatesResults {
        stayfresh: About::this(),
        replicates,
        metric: metric.to_string(),
        within,
        needed: vec![
            needed(first, None, sample.plain(of, &metric)),
            needed(second, None, sample.plain(versus, &metric)),
            needed(first, Some(second), sample.difference(of, versus, &metric)),
        ],
    })
}

/// The same as a table.
#[must_use]
pub fn text(found: &ReplicatesResults) -> String {
    let metric: Option<MetricPath> = found.metric.parse().ok();
    let (title, unit) = metric.map_or_else(
        || (found.metric.clone(), Unit::Count),
        |metric| (metric.title(), metric.unit()),
    );
    let within = human::difference(unit, found.within, None).mean;
    let within = within.trim_start_matches('+');
    let mut out = format!(
        "{title} within ± {within} (95 %), judged by {} replicates\n\n",
        found.replicates
    );
    let count = |needed: Option<u32>| match needed {
        Some(needed) => human::whole(needed.into()),
        None => "over a million".to_owned(),
    };
    let mut rows = vec![["", "now", "replicates", "at most", "still to run"].map(str::to_owned)];
    for needed in &found.needed {
        let (name, now) = match (&needed.versus, &needed.now) {
            (None, now) => (
                visible(&needed.of),
                now.map(|now| readable::show(&now, unit).both()),
            ),
            (Some(versus), now) => (
                format!("{} less {}", visible(&needed.of), visible(versus)),
                now.map(|now| human::difference(unit, now.mean, now.ci95).both()),
            ),
        };
        let is_known = needed.now.is_some_and(|now| now.sd.is_some());
        let shown = |needed: Option<u32>| {
            if is_known {
                count(needed)
            } else {
                human::NOTHING.to_owned()
            }
        };
        let still = needed
            .replicates
            .map(|needed| needed.saturating_sub(found.replicates));
        rows.push([
            name,
            now.unwrap_or_else(|| human::NOTHING.to_owned()),
            shown(needed.replicates),
            shown(needed.at_most),
            shown(still),
        ]);
    }
    out.push_str(&aligned(&rows, "", &[2, 3, 4]));
    out.push_str(
        "\nreplicates: in all, if the spread stays as it is; at most: if it is as wide as its own 95 % bound.\n",
    );
    out
}
