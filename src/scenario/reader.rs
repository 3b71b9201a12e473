//! From the tree to the types of a scenario, by serde, with errors that know their place.
//!
//! A custom error of a type says what was found and, after `; expected `, what was not.

use serde::Deserialize;

use super::deserializer::What;
use super::pointer;
use super::problem::{Problem, Problems, nearest, one_of, shorten};
use super::tree::{Node, Object, Value};

/// Reads a `T`, adding what is wrong to `problems`. After a problem the value it is in is taken out of the
/// tree and the rest is read, so that independent problems are found together.
pub(super) fn read<T: for<'de> Deserialize<'de>>(
    text: &str,
    root: &mut Node,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    // Each round takes something out of the tree; a scenario has no use for more problems than this.
    for _ in 0..=Problems::MOST {
        let fault = match T::deserialize(&*root) {
            Ok(value) => return Some(value),
            Err(fault) => fault.into_parts(),
        };
        let mut steps: Vec<String> = fault.path.into_iter().rev().collect();
        if !follows(root, &steps, &fault.what) {
            problems.push(describe(text, root, &steps, &fault.what));
        }
        if let What::UnknownKey { key, .. } = fault.what {
            steps.push(key);
        }
        if steps.is_empty() {
            return None;
        }
        root.innermost_mut(&steps).value = Value::Gone;
    }
    None
}

/// Whether a fault only follows from what was taken out before.
fn follows(root: &Node, steps: &[String], what: &What) -> bool {
    let mut node = root;
    for step in steps {
        match node.child(step) {
            Some(child) => node = child,
            None => return false,
        }
    }
    let Value::Object(object) = &node.value else {
        return false;
    };
    match what {
        // A key that is misspelt is not missing as well.
        What::Missing { key } => object.members.iter().any(|(name, member)| {
            let is_gone = matches!(member.node.value, Value::Gone);
            is_gone && nearest(name, [*key]).is_some()
        }),
        What::NoChoice { .. } => !object.members.is_empty(),
        _ => false,
    }
}

fn describe(text: &str, root: &Node, steps: &[String], what: &What) -> Problem {
    let mut path = String::new();
    let mut node = root;
    for step in steps {
        path = pointer::join(&path, step);
        node = node.child(step).unwrap_or(node);
    }
    let span = &node.span;
    let within = match steps {
        [] => "the scenario".to_owned(),
        [.., array, index] if index.parse::<usize>().is_ok() => format!("an item of `{array}`"),
        [.., name] => format!("`{}`", shorten(name)),
    };
    let with_nearest = |problem: Problem, written: &str, known: &[&str]| match nearest(
        written,
        known.iter().copied(),
    ) {
        Some(near) => problem.suggest(format!("did you mean `{near}`?")),
        None => problem,
    };
    match what {
        What::Unexpected { found, expected } => {
            let found = if found.is_empty() {
                node.value.describe()
            } else {
                found.clone()
            };
            Problem::new(path, format!("{within} is {found}"))
                .at(text, span)
                .expected(expected)
        }
        What::UnknownKey { key, known } => {
            let key_span = node
                .object()
                .and_then(|object| object.members.get(key))
                .map_or(span, |member| &member.key);
            let message = format!("unknown key `{}` in {within}", shorten(key));
            let mut known = known.to_vec();
            if matches!(steps, [array, _] if array == "designs") {
                known.push(super::like::LIKE);
            }
            let problem = Problem::new(pointer::join(&path, key), message)
                .at(text, key_span)
                .expected(if known.is_empty() {
                    "no keys here".to_owned()
                } else {
                    one_of(&known)
                });
            with_nearest(problem, key, &known)
        }
        What::UnknownChoice { written, known } => {
            let key_span = node
                .object()
                .and_then(|object| object.members.get(written))
                .map_or(span, |member| &member.key);
            let message = format!("{within} has no choice `{}`", shorten(written));
            let problem = Problem::new(path, message)
                .at(text, key_span)
                .expected(one_of(known));
            with_nearest(problem, written, known)
        }
        What::Missing { key } => Problem::new(path, format!("{within} has no `{key}`"))
            .at(text, span)
            .expected(format!("a key `{key}`, which has no default"))
            .suggest(format!("add \"{key}\": …")),
        What::NoChoice { known } => Problem::new(path, format!("{within} is an empty object"))
            .at(text, span)
            .expected(one_of(known)),
        What::TwoChoices { written } => {
            let names: Vec<&str> = written.iter().map(String::as_str).collect();
            let both = one_of(&names).replace(" or ", " and ");
            let problem = Problem::new(path, format!("{within} is both {both}"))
                .at(text, span)
                .expected("one of them");
            let mut members = node.object().map(Object::present).into_iter().flatten();
            let inherited = members
                .find(|(_, member)| member.key.start < span.start || member.key.end > span.end);
            match inherited {
                Some((name, member)) => problem
                    .suggest(format!(
                        "add \"{name}\": null to take out what is inherited"
                    ))
                    .related(text, &member.key, "inherited from here"),
                None => problem.suggest("keep one of them"),
            }
        }
        What::Other(message) => {
            let (found, expected) = match message.split_once("; expected ") {
                Some((found, expected)) => (found, Some(expected)),
                None => (message.as_str(), None),
            };
            let mut problem = Problem::new(path, format!("{within}: {found}")).at(text, span);
            problem.expected = expected.map(str::to_owned);
            problem
        }
    }
}
