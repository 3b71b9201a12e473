//! Sweeps and assumptions: each value they name must make a scenario.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::super::Scenario;
use super::super::pointer::join;
use super::super::problem::{Problem, Problems, shorten};
use super::super::text;
use super::super::vary::{Axis, Kind, MOST_AXES, MOST_POINTS, Sweep, written};

/// What is wrong with the variants that a scenario names; `text` is what it was read from.
pub(in super::super) fn check(text: &str, scenario: &Scenario) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(problem) = too_much(text, scenario) {
        return vec![problem];
    }
    if let Some(sweep) = &scenario.sweep {
        let paths: Vec<String> = match sweep {
            Sweep::One(_) => vec!["/sweep".to_owned()],
            Sweep::Grid(axes) => (0..axes.len()).map(|i| format!("/sweep/{i}")).collect(),
        };
        axes(text, sweep.axes(), &paths, "/sweep", &mut problems);
    }
    let mut taken = BTreeSet::new();
    for (index, assumption) in scenario.assumptions.iter().enumerate() {
        let path = format!("/assumptions/{index}");
        if !taken.insert(&assumption.over) {
            problems.push(twice(&assumption.over, &join(&path, "over"), "assumption"));
        }
        let ends = [("low", &assumption.low), ("high", &assumption.high)];
        let ends = ends.map(|(key, value)| (join(&path, key), value));
        values(
            text,
            &assumption.over,
            &join(&path, "over"),
            &ends,
            &mut problems,
        );
        let size = |value| Kind::of(value).map(|(_, size)| size);
        let (low, high) = (size(&assumption.low), size(&assumption.high));
        if low.zip(high).is_some_and(|(low, high)| low >= high) {
            let (low, high) = (written(&assumption.low), written(&assumption.high));
            let problem = Problem::new(&path, format!("the range goes from {low} to {high}"));
            problems.push(problem.expected("a `low` below `high`"));
        }
    }
    problems
}

/// Each value is tried by reading the text with it: at most so many MB in all, which takes a few seconds.
const MOST_READ_MB: usize = 64;

/// Whether trying all values would take too long.
fn too_much(text: &str, scenario: &Scenario) -> Option<Problem> {
    let of_sweep = scenario.sweep.iter().flat_map(Sweep::axes);
    let swept: usize = of_sweep.map(|axis| axis.values.len()).sum();
    let assumed = 2 * scenario.assumptions.len();
    let values = swept + assumed;
    (values.saturating_mul(text.len()) > MOST_READ_MB << 20).then(|| {
        let path = if swept < assumed {
            "/assumptions"
        } else {
            "/sweep"
        };
        Problem::new(
            path,
            format!("{values} values are too many for so long a text"),
        )
        .expected(format!(
            "at most {MOST_READ_MB} MB to read, as the text is read once with each"
        ))
        .suggest("take fewer values")
    })
}

/// What is wrong with the parameters of a sweep, which stand at `paths`.
pub(in super::super) fn axes(
    text: &str,
    axes: &[Axis],
    paths: &[String],
    path: &str,
    problems: &mut Vec<Problem>,
) {
    if axes.is_empty() || axes.len() > MOST_AXES {
        let found = format!("the sweep has {} parameters", axes.len());
        problems.push(Problem::new(path, found).expected("one or two"));
        return;
    }
    let points = axes.iter().map(|axis| axis.values.len());
    if points.clone().product::<usize>() > MOST_POINTS {
        let lengths: Vec<String> = points.map(|length| length.to_string()).collect();
        let found = format!("the sweep has {} points", lengths.join(" times "));
        let problem = Problem::new(path, found);
        problems.push(problem.expected(format!("at most {MOST_POINTS} points")));
        return;
    }
    let mut taken = BTreeSet::new();
    for (axis, path) in axes.iter().zip(paths) {
        if !taken.insert(&axis.over) {
            problems.push(twice(&axis.over, &join(path, "over"), "parameter"));
        }
        let path_of_values = join(path, "values");
        if axis.values.is_empty() {
            let problem = Problem::new(&path_of_values, "the parameter has no values");
            problems.push(problem.expected("at least one value"));
        }
        let of = axis.values.iter().enumerate();
        let of: Vec<(String, &Json)> = of
            .map(|(index, value)| (join(&path_of_values, &index.to_string()), value))
            .collect();
        values(text, &axis.over, &join(path, "over"), &of, problems);
    }
}

fn twice(over: &str, path: &str, what: &str) -> Problem {
    Problem::new(path, format!("{:?} is varied twice", shorten(over)))
        .expected(format!("each {what} once"))
}

/// Tries each value. What is wrong with all of them is wrong with the pointer.
fn values(
    text: &str,
    over: &str,
    path_of_over: &str,
    values: &[(String, &Json)],
    problems: &mut Vec<Problem>,
) {
    let mut found: Vec<Problem> = Vec::new();
    for (path, value) in values {
        let edited = match text::set(text, over, &value.to_string()) {
            Ok(edited) => edited,
            Err(nowhere) => {
                let told = nowhere.iter().map(|problem| {
                    let told = format!("{:?} cannot be set: {}", shorten(over), problem.message);
                    retold(problem, path_of_over, told)
                });
                problems.extend(told);
                return;
            }
        };
        if let Err(wrong) = text::alone(&edited) {
            found.extend(first(&wrong, path, value));
        }
    }
    let same = |problem: &Problem| Some(said(problem)) == found.first().map(said);
    if values.len() > 1 && found.len() == values.len() && found.iter().all(same) {
        found.truncate(1);
        if let Some(problem) = found.first_mut() {
            problem.message = format!("{:?} cannot be set: {}", shorten(over), said(problem));
            problem.path = path_of_over.to_owned();
        }
    }
    problems.extend(found);
}

/// What was said of a value, without the value.
fn said(problem: &Problem) -> String {
    let message = &problem.message;
    let (_, said) = message.split_once(MAKES).unwrap_or(("", message));
    said.to_owned()
}

pub(super) const MAKES: &str = " makes no scenario: ";

/// The first thing wrong with a variant, told of the value that makes it.
pub(super) fn first(wrong: &Problems, path: &str, value: &Json) -> Option<Problem> {
    let problem = wrong.iter().next()?;
    let value = shorten(&written(value));
    let told = format!("{value}{MAKES}{}", problem.message);
    Some(retold(problem, path, told))
}

pub(super) fn retold(problem: &Problem, path: &str, message: String) -> Problem {
    Problem {
        expected: problem.expected.clone(),
        suggestion: problem.suggestion.clone(),
        ..Problem::new(path, message)
    }
}
