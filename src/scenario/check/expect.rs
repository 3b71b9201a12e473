//! Expectations that name nothing, or expect nothing.

use super::super::Scenario;
use super::super::expect::Expectation;
use super::super::pointer::join;
use super::super::problem::{Problem, shorten};
use super::unknown;
use crate::design::Design;
use crate::measure::path::MetricPath;

/// Checks what is expected of the results.
pub(super) fn check(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let designs = scenario.compared();
    for (index, expectation) in scenario.expect.iter().enumerate() {
        let path = format!("/expect/{index}");
        check_one(expectation, &designs, &path, problems);
    }
}

fn check_one(
    expectation: &Expectation,
    designs: &[Design],
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let Expectation {
        design,
        metric,
        versus,
        at_least,
        at_most,
    } = expectation;
    let sides = [("design", Some(design)), ("versus", versus.as_ref())];
    let mut found = Vec::new();
    for (key, name) in sides {
        let Some(name) = name else { continue };
        match designs.iter().find(|design| design.name == *name) {
            Some(design) => found.push(design),
            None => {
                let names: Vec<&str> = designs.iter().map(|of| of.name.as_str()).collect();
                unknown("design", name, &names, join(path, key), problems);
            }
        }
    }
    if versus.as_ref() == Some(design) {
        problems.push(
            Problem::new(join(path, "versus"), "a design is compared with itself")
                .expected("another design"),
        );
    }
    match metric.parse::<MetricPath>() {
        Err(unknown) => {
            let problem = Problem::new(
                join(path, "metric"),
                format!("there is no metric {:?}", shorten(metric)),
            )
            .expected("the key of a metric, or a path such as `costs/polls` or `audits/NAME/bias`");
            problems.push(match unknown.near {
                Some(near) => problem.suggest(format!("did you mean {near:?}?")),
                None => problem,
            });
        }
        Ok(metric) => {
            for design in found {
                let (what, name, names): (_, _, Vec<&str>) = match &metric {
                    MetricPath::Feed(name, _) => {
                        let names = design.feeds.iter().map(|feed| feed.name.as_str());
                        ("feed", name, names.collect())
                    }
                    MetricPath::Audit(name, _) => {
                        let names = design.audits.iter().map(|audit| audit.name.as_str());
                        ("audit", name, names.collect())
                    }
                    _ => continue,
                };
                if !names.contains(&name.as_str()) {
                    unknown(what, name, &names, join(path, "metric"), problems);
                }
            }
        }
    }
    let bounds = [at_least, at_most];
    if bounds.iter().filter(|bound| bound.is_some()).count() != 1 {
        problems.push(
            Problem::new(
                path,
                if at_least.is_some() {
                    "an expectation has one limit, and this one has two"
                } else {
                    "the expectation does not say what is expected"
                },
            )
            .expected("either `at_least` or `at_most`"),
        );
    }
}
