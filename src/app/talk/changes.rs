//! What a step changes, in words.

use std::collections::BTreeMap;

use crate::app::knobs::{self, Group, Input, Knob};
use crate::design::Fault;
use crate::report::words;
use crate::scenario::Scenario;
use crate::scenario::pointer;
use crate::scenario::quantity::parse_duration;
use crate::scenario::story::Changes;
use crate::scenario::vary::written;

/// One change: what was `from` is now `to`; nothing where it was not there, or is no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What changes.
    pub what: String,
    /// What it was.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
}

/// What a fault that came or went is called.
pub(in crate::app) const FAULT: &str = "fault";

/// What a step changes from one scenario to the next, by the names that forms have for it; where they have none, by
/// the pointers that are set.
pub(super) fn of_step(before: &Scenario, after: &Scenario, set: &Changes) -> Vec<Change> {
    if set.is_empty() {
        return Vec::new();
    }
    let changes = between(before, after);
    if changes.is_empty() {
        by_pointer(before, set)
    } else {
        changes
    }
}

/// What changes from one scenario to the next, by the names that forms have for it.
pub(in crate::app) fn between(before: &Scenario, after: &Scenario) -> Vec<Change> {
    let (groups, told) = (knobs::groups(before), knobs::groups(after));
    let (old, new) = (by_place(&groups), by_place(&told));
    let mut changes = listed("design", &names(before), &names(after));
    // Faults that stand where they stood are told by their knobs; else what they were and are.
    let stand = are_in_place(&before.faults, &after.faults);
    if !stand {
        changes.extend(listed(FAULT, &faults(before), &faults(after)));
    }
    for (place, (what, now)) in &new {
        if !stand && place.1.starts_with("/faults/") {
            continue;
        }
        // A knob of a design or a fault that has just come is no change.
        let Some((_, was)) = old.get(place).filter(|(_, was)| was != now) else {
            continue;
        };
        changes.push(Change {
            what: what.clone(),
            from: Some(was.clone()),
            to: Some(now.clone()),
        });
    }
    changes
}

fn names(scenario: &Scenario) -> Vec<String> {
    let designs = scenario.compared();
    designs.into_iter().map(|design| design.name).collect()
}

/// What goes wrong, each in a line.
fn faults(scenario: &Scenario) -> Vec<String> {
    let faults = scenario.faults.iter().filter_map(words::told);
    faults.map(|told| told.line()).collect()
}

/// Whether each fault is of the kind, at the place and the moment that it was.
fn are_in_place(before: &[Fault], after: &[Fault]) -> bool {
    let place = |fault: &Fault| {
        let told = words::told(fault);
        let place = told.map(|told| (told.place, told.when));
        (std::mem::discriminant(fault), place)
    };
    before.iter().map(place).eq(after.iter().map(place))
}

/// What has come, and what has gone.
fn listed(what: &str, before: &[String], after: &[String]) -> Vec<Change> {
    let change = |from: Option<&String>, to: Option<&String>| Change {
        what: what.to_owned(),
        from: from.cloned(),
        to: to.cloned(),
    };
    let gone = before.iter().filter(|line| !after.contains(line));
    let come = after.iter().filter(|line| !before.contains(line));
    let (gone, come): (Vec<_>, Vec<_>) = (gone.collect(), come.collect());
    if gone.len() == come.len() && what != FAULT {
        // Renamed.
        let pairs = gone.into_iter().zip(come);
        return pairs
            .map(|(from, to)| change(Some(from), Some(to)))
            .collect();
    }
    let gone = gone.into_iter().map(|line| change(Some(line), None));
    let come = come.into_iter().map(|line| change(None, Some(line)));
    gone.chain(come).collect()
}

/// By a knob's place that does not depend on the order of designs: what it is called, and what it is set to.
fn by_place(groups: &[Group]) -> BTreeMap<(String, String), (String, String)> {
    let mut all = BTreeMap::new();
    for group in groups {
        for section in &group.sections {
            for knob in &section.knobs {
                let own = match group.design {
                    Some(index) => knob.pointer.strip_prefix(&format!("/designs/{index}")),
                    None => Some(knob.pointer.as_str()),
                };
                let place = (group.title.clone(), own.unwrap_or(&knob.pointer).to_owned());
                let label = knob.label.to_lowercase();
                let what = match (group.design, section.title.as_str()) {
                    (Some(_), "") => format!("{}: {label}", group.title),
                    (Some(_), part) => format!("{}: {}, {label}", group.title, part.to_lowercase()),
                    (None, "") => knob.label.to_owned(),
                    (None, part) => format!("{part}: {label}"),
                };
                all.insert(place, (what, shown(knob)));
            }
        }
    }
    all
}

/// What a knob is set to, for people.
fn shown(knob: &Knob) -> String {
    match &knob.input {
        Input::Choice {
            chosen, options, ..
        } => options
            .get(*chosen)
            .map_or_else(String::new, |(name, _)| name.to_string()),
        Input::Several { options } => {
            let on = options.iter().filter(|(_, _, on)| *on);
            let names: Vec<&str> = on.map(|(name, ..)| *name).collect();
            if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            }
        }
        Input::Switch { on } => if *on { "on" } else { "off" }.to_owned(),
        Input::Duration { text, .. } => match parse_duration(text) {
            Ok(span) => words::spelled(span),
            Err(_) => knob.input.written(),
        },
        input => match input.unit() {
            Some(unit) => format!("{}\u{a0}{unit}", input.written()),
            None => input.written(),
        },
    }
}

fn by_pointer(before: &Scenario, set: &Changes) -> Vec<Change> {
    let json = serde_json::to_value(before).unwrap_or_default();
    let change = |(at, value): (&String, &serde_json::Value)| {
        let steps = pointer::steps(at).unwrap_or_default();
        let was = pointer::find(&json, &steps).filter(|was| !was.is_null());
        Change {
            what: steps.join(", ").replace('_', " "),
            from: was.filter(|was| !was.is_object()).map(written),
            to: Some(value).filter(|to| !to.is_null()).map(written),
        }
    };
    set.0.iter().map(change).collect()
}
