//! Steps of a story: what they name must be there, and each must make a scenario.

use serde_json::Value as Json;

use super::super::Scenario;
use super::super::pointer::join;
use super::super::problem::{Problem, shorten};
use super::super::story::{self, MOST_METRICS, MOST_STEPS, Step, View};
use super::super::text;
use super::expect::check_metric;
use super::unknown;
use super::variants::{MAKES, first, retold};
use crate::design::Design;

/// What is wrong with a scenario's story; `text` is what it was read from.
pub(in super::super) fn check(text: &str, scenario: &Scenario) -> Vec<Problem> {
    let mut problems = Vec::new();
    if scenario.story.is_empty() {
        return problems;
    }
    if scenario.story.len() > MOST_STEPS {
        let found = format!("the story has {} steps", scenario.story.len());
        problems.push(Problem::new("/story", found).expected(format!("at most {MOST_STEPS}")));
        return problems;
    }
    // Without it, so that no step is checked within another.
    let Ok(mut text) = story::without(text) else {
        return problems;
    };
    let mut designs = scenario.compared();
    for (index, step) in scenario.story.iter().enumerate() {
        let path = format!("/story/{index}");
        if step.title.trim().is_empty() {
            let problem = Problem::new(join(&path, "title"), "the step has an empty title");
            problems.push(problem.expected("a few words that say what it shows"));
        }
        match changed(&text, step, &join(&path, "set"), &mut problems) {
            Some((changed, now)) => {
                text = changed;
                designs = now.unwrap_or(designs);
            }
            // What follows rests on it.
            None => return problems,
        }
        named(step, &designs, &path, &mut problems);
    }
    problems
}

/// The text after a step's changes, and its designs where they may have changed.
fn changed(
    text: &str,
    step: &Step,
    path: &str,
    problems: &mut Vec<Problem>,
) -> Option<(String, Option<Vec<Design>>)> {
    if step.set.is_empty() {
        return Some((text.to_owned(), None));
    }
    let mut now = text.to_owned();
    for (pointer, value) in &step.set.0 {
        match text::set(&now, pointer, &value.to_string()) {
            Ok(changed) => now = changed,
            Err(nowhere) => {
                let told = nowhere.iter().map(|problem| {
                    let told = format!("{:?} cannot be set: {}", shorten(pointer), problem.message);
                    retold(problem, &join(path, pointer), told)
                });
                problems.extend(told);
                return None;
            }
        }
    }
    match text::alone(&now) {
        Ok(document) => Some((now, Some(document.scenario.compared()))),
        Err(wrong) => {
            problems.extend(match guilty(text, step) {
                Some((pointer, value)) => first(&wrong, &join(path, pointer), value),
                None => wrong.iter().next().map(|problem| {
                    retold(problem, path, format!("the step{MAKES}{}", problem.message))
                }),
            });
            None
        }
    }
}

/// The change without which the others would do, if it is one.
fn guilty<'a>(text: &str, step: &'a Step) -> Option<(&'a String, &'a Json)> {
    step.set.0.iter().find(|(guilty, _)| {
        let mut others = step.set.0.iter().filter(|(other, _)| other != guilty);
        let made = others.try_fold(text.to_owned(), |text, (pointer, value)| {
            text::set(&text, pointer, &value.to_string())
        });
        made.is_ok_and(|text| text::alone(&text).is_ok())
    })
}

/// The design and the metrics that a step names.
fn named(step: &Step, designs: &[Design], path: &str, problems: &mut Vec<Problem>) {
    if let Some(name) = &step.design
        && !designs.iter().any(|design| design.name == *name)
    {
        let names: Vec<&str> = designs.iter().map(|of| of.name.as_str()).collect();
        unknown("design", name, &names, join(path, "design"), problems);
    }
    let at = join(path, "metrics");
    if step.metrics.len() > MOST_METRICS {
        let found = format!("the step shows {} metrics", step.metrics.len());
        problems.push(Problem::new(&at, found).expected(format!("at most {MOST_METRICS}")));
    }
    if !step.metrics.is_empty() && step.view != Some(View::Board) {
        let problem = Problem::new(
            &at,
            "`metrics` are shown on the board, and the step shows none",
        );
        problems.push(
            problem
                .expected("the view `board`")
                .suggest("add \"view\": \"board\""),
        );
    }
    for (index, metric) in step.metrics.iter().enumerate() {
        // Not every design has each feed and audit.
        let at = join(&at, &index.to_string());
        let mut found: Vec<Vec<Problem>> = Vec::new();
        for design in designs {
            let mut of = Vec::new();
            check_metric(metric, metric.parse(), &[design], &at, &mut of);
            found.push(of);
        }
        if found.iter().all(|of| !of.is_empty()) {
            problems.extend(found.into_iter().flatten().take(1));
        }
    }
    if step.view == Some(View::Audits) {
        let mut shown = designs
            .iter()
            .filter(|of| step.design.as_ref().is_none_or(|name| of.name == *name));
        if shown.all(|design| design.audits.is_empty()) {
            let problem = Problem::new(join(path, "view"), "there are no audits to show");
            problems.push(problem.expected("a design with audits"));
        }
    }
}
