//! Audiences that cannot read, or need nothing that there is.

use super::super::Scenario;
use super::super::audience::Reads;
use super::super::pointer::join;
use super::super::problem::Problem;
use super::expect::{check_limits, check_metric};
use super::not_tiny;
use crate::measure::path::MetricPath;

/// Checks who uses the copy.
pub(super) fn check(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let designs = scenario.compared();
    for (index, audience) in scenario.audiences.iter().enumerate() {
        let path = format!("/audiences/{index}");
        match (audience.reads, audience.every) {
            (Reads::Bulk, None) => problems.push(
                Problem::new(
                    &path,
                    "who reads in bulk reads every so often, and this does not say how often",
                )
                .expected("`every`")
                .suggest("add \"every\": \"1d\""),
            ),
            (Reads::Searches, Some(_)) => problems.push(
                Problem::new(
                    join(&path, "every"),
                    "who reads searches reads at every search",
                )
                .expected("no `every`, or `reads`: `bulk`"),
            ),
            (Reads::Bulk, Some(every)) => not_tiny(every, &join(&path, "every"), problems),
            (Reads::Searches, None) => {}
        }
        for (index, need) in audience.needs.iter().enumerate() {
            let path = format!("{path}/needs/{index}");
            let metric = MetricPath::read_by(&audience.name, &need.metric);
            let all: Vec<_> = designs.iter().collect();
            check_metric(&need.metric, metric, &all, &join(&path, "metric"), problems);
            check_limits("a need", need.at_least, need.at_most, &path, problems);
        }
    }
}
