//! What a step changes, in words.

use std::collections::BTreeMap;

use crate::app::knobs::{self, Group, Input, Knob};
use crate::design::Fault;
use crate::report::{human, words};
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

/// What a design that came, went or was renamed is called.
pub(in crate::app) const DESIGN: &str = "design";

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

/// Of a step's changes, what only undoes `earlier` ones, in words, and what is left: what is set back is no news.
pub(super) fn set_back(changes: Vec<Change>, earlier: &[Change]) -> (Vec<String>, Vec<Change>) {
    let undoes = |change: &Change| {
        let undone =
            |of: &Change| of.what == change.what && of.from == change.to && of.to == change.from;
        earlier.iter().any(undone)
    };
    let (back, new): (Vec<_>, Vec<_>) = changes.into_iter().partition(undoes);
    let said = back
        .into_iter()
        .map(|Change { what, from, to }| match (from, to) {
            (_, Some(to)) => format!("{what} {to}"),
            (from, None) => format!("no {what} {}", from.unwrap_or_default()),
        });
    (said.collect(), new)
}

/// What changes from one scenario to the next, by the names that forms have for it.
pub(in crate::app) fn between(before: &Scenario, after: &Scenario) -> Vec<Change> {
    let (groups, told) = (knobs::groups(before), knobs::groups(after));
    let (old, new) = (by_place(&groups), by_place(&told));
    let mut changes = listed(DESIGN, &names(before), &names(after));
    // Parts that stand where they stood are told by their knobs; else what they were and are.
    let mut moved: Vec<&str> = Vec::new();
    if !are_in_place(&before.faults, &after.faults) {
        moved.push(FAULT);
        changes.extend(listed(FAULT, &faults(before), &faults(after)));
    }
    let (were, are) = (parts(&groups), parts(&told));
    for ((group, noun), now) in &are {
        // What a new design has is no change.
        let Some(was) = were.get(&(*group, *noun)).filter(|_| *noun != FAULT) else {
            continue;
        };
        let is_named = NAMED.contains(noun);
        if is_named || was.len() != now.len() {
            // By name, and in which design.
            let told = |names: &[String]| -> Vec<String> {
                let place = match *group {
                    "" => String::new(),
                    design => format!(" in {}", human::quoted(design)),
                };
                let called = |name: &String| match is_named {
                    true => format!("{}{place}", human::quoted(name)),
                    false => format!("{name}{place}"),
                };
                names.iter().map(called).collect()
            };
            changes.extend(listed(noun, &told(was), &told(now)));
        }
        if !is_named && was.len() != now.len() {
            moved.push(noun);
        }
    }
    for (place, now) in &new {
        if now.part.is_some_and(|noun| moved.contains(&noun)) {
            continue;
        }
        // A knob of what has just come is no change.
        let Some(was) = old.get(place).filter(|was| was.shown != now.shown) else {
            continue;
        };
        changes.push(Change {
            what: now.what.clone(),
            from: Some(was.shown.clone()),
            to: Some(now.shown.clone()),
        });
    }
    changes
}

/// Parts that have names of their own; others are called after what is set in them.
const NAMED: [&str; 3] = ["feed", "audit", "audience"];

/// By design, if of one, and by what they are: what the parts are called.
fn parts(groups: &[Group]) -> BTreeMap<(&str, &'static str), Vec<String>> {
    let mut all = BTreeMap::<_, Vec<String>>::new();
    for group in groups {
        let of = group.design.map_or("", |_| group.title.as_str());
        for section in &group.sections {
            // A list may have been empty before, or be now.
            if let Some(adds) = &section.adds {
                let noun = adds
                    .noun
                    .split_once(' ')
                    .map_or(adds.noun, |(_, noun)| noun);
                all.entry((of, noun)).or_default();
            }
            if let Some(part) = section.part.as_ref().filter(|part| !part.is_rest) {
                all.entry((of, part.noun))
                    .or_default()
                    .push(part.name.clone());
            }
        }
    }
    all
}

fn names(scenario: &Scenario) -> Vec<String> {
    let designs = scenario.compared();
    let names = designs.into_iter();
    names.map(|design| human::quoted(&design.name)).collect()
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

/// What a knob says.
struct Told {
    /// What it is called.
    what: String,
    /// What it is set to.
    shown: String,
    /// What it is of, if of a part.
    part: Option<&'static str>,
}

/// By a knob's place that does not depend on the order of designs, or of what has a name in a list.
fn by_place(groups: &[Group]) -> BTreeMap<(String, String), Told> {
    let mut all = BTreeMap::new();
    for group in groups {
        for section in &group.sections {
            let part = section.part.as_ref();
            for knob in &section.knobs {
                let own = match group.design {
                    Some(index) => knob.pointer.strip_prefix(&format!("/designs/{index}")),
                    None => Some(knob.pointer.as_str()),
                };
                let named = part.filter(|part| NAMED.contains(&part.noun));
                let within = named.and_then(|part| {
                    let rest = knob.pointer.strip_prefix(&part.pointer())?;
                    Some(format!("{} {}{rest}", part.noun, part.name))
                });
                let own = within.unwrap_or_else(|| own.unwrap_or(&knob.pointer).to_owned());
                let label = knob.label.to_lowercase();
                let of_design = human::quoted(&group.title);
                let what = match (group.design, section.title.as_str()) {
                    (Some(_), "") => format!("{of_design}: {label}"),
                    (Some(_), title) => {
                        let title = title_within(title, part);
                        format!("{of_design}: {title}, {label}")
                    }
                    (None, "") => knob.label.to_owned(),
                    (None, part) => format!("{part}: {label}"),
                };
                let told = Told {
                    what,
                    shown: shown(knob),
                    part: part.map(|part| part.noun),
                };
                all.insert((group.title.clone(), own), told);
            }
        }
    }
    all
}

/// A section's title within a sentence, with the name of what it is of in quotes: `feed “poll”`.
fn title_within(title: &str, part: Option<&knobs::Part>) -> String {
    let own = part.and_then(|part| Some((title.strip_suffix(&part.name)?, &part.name)));
    match own {
        Some((words, name)) if !words.is_empty() => {
            format!("{}{}", words.to_lowercase(), human::quoted(name))
        }
        _ => title.to_lowercase(),
    }
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
