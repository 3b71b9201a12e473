//! Expectations that name nothing, or expect nothing.

use super::super::Scenario;
use super::super::expect::Expectation;
use super::super::pointer::join;
use super::super::problem::{Problem, shorten};
use super::unknown;
use crate::design::Design;
use crate::measure::path::{MetricPath, Unknown};

/// Checks what is expected of the results.
pub(super) fn check(scenario: &Scenario, problems: &mut Vec<Problem>) {
    let designs = scenario.compared();
    let audiences = scenario.audiences.iter().map(|of| of.name.as_str());
    let audiences: Vec<&str> = audiences.collect();
    for (index, expectation) in scenario.expect.iter().enumerate() {
        let path = format!("/expect/{index}");
        check_one(expectation, &designs, &audiences, &path, problems);
    }
}

/// Checks one expectation that is not in the scenario.
pub(in super::super) fn check_of(
    scenario: &Scenario,
    expectation: &Expectation,
    problems: &mut Vec<Problem>,
) {
    check_one(expectation, &scenario.compared(), &[], "", problems);
}

fn check_one(
    expectation: &Expectation,
    designs: &[Design],
    audiences: &[&str],
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let Expectation {
        design,
        audience,
        metric,
        versus,
        at_least,
        at_most,
    } = expectation;
    let mut found = Vec::new();
    for (key, name) in [("design", design), ("versus", versus)] {
        let Some(name) = name else { continue };
        match designs.iter().find(|design| design.name == *name) {
            Some(design) => found.push(design),
            None => {
                let names: Vec<&str> = designs.iter().map(|of| of.name.as_str()).collect();
                unknown("design", name, &names, join(path, key), problems);
            }
        }
    }
    match (design, audience) {
        (None, None) => problems.push(
            Problem::new(path, "the expectation does not say of what")
                .expected("a `design`, an `audience`, or both"),
        ),
        (_, Some(audience)) if !audiences.contains(&audience.as_str()) => {
            unknown(
                "audience",
                audience,
                audiences,
                join(path, "audience"),
                problems,
            );
        }
        (None, Some(_)) => found = designs.iter().collect(),
        (Some(_), _) => {}
    }
    if versus.is_some() && versus == design {
        problems.push(
            Problem::new(join(path, "versus"), "a design is compared with itself")
                .expected("another design"),
        );
    }
    let read = MetricPath::read_for(audience.as_deref(), metric);
    check_metric(metric, read, &found, &join(path, "metric"), problems);
    check_limits("an expectation", *at_least, *at_most, path, problems);
}

/// Checks that there is a metric, and that each design has what its path names.
pub(super) fn check_metric(
    written: &str,
    read: Result<MetricPath, Unknown>,
    designs: &[&Design],
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let metric = match read {
        Ok(metric) => metric,
        Err(unknown) => {
            let problem = Problem::new(path, format!("there is no metric {:?}", shorten(written)))
                .expected(
                    "the key of a metric, or a path such as `costs/polls` or `audits/NAME/bias`",
                );
            problems.push(match unknown.near {
                Some(near) => problem.suggest(format!("did you mean {near:?}?")),
                None => problem,
            });
            return;
        }
    };
    for design in designs {
        let (what, name, names): (_, _, Vec<&str>) = match &metric {
            MetricPath::Feed(name, _) => {
                let names = design.feeds.iter().map(|feed| feed.name.as_str());
                ("feed", name, names.collect())
            }
            MetricPath::Audit(name, _) => {
                let names = design.audits.iter().map(|audit| audit.name.as_str());
                ("audit", name, names.collect())
            }
            _ => return,
        };
        if !names.contains(&name.as_str()) {
            unknown(what, name, &names, path.to_owned(), problems);
        }
    }
}

/// Checks that there is exactly one limit.
pub(super) fn check_limits(
    what: &str,
    at_least: Option<f64>,
    at_most: Option<f64>,
    path: &str,
    problems: &mut Vec<Problem>,
) {
    let message = match (at_least, at_most) {
        (Some(_), Some(_)) => format!("{what} has one limit, and this one has two"),
        (None, None) => format!("{what} has a limit, and this one has none"),
        _ => return,
    };
    problems.push(Problem::new(path, message).expected("either `at_least` or `at_most`"));
}
