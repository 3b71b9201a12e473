//! The knobs of a scenario: what a form can change, where it stands in the text, and in which steps; and the
//! lists that a form can add to and take from.
//!
//! Whatever the schema has is reached, but for what a test lists with its reason.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::state::Action;
use crate::report::human;
use crate::report::words::round;
use crate::scenario::Scenario;
use crate::scenario::parts::Change;
use crate::scenario::quantity::{format_duration, parse_duration, readable_duration};
use crate::world::World;

pub mod about;
mod asked;
mod care;
mod demand;
mod design;
mod feed;
mod make;
mod parts;
mod prices;
mod supply;
mod trouble;
mod world;

pub use parts::{Adds, Kind, Part};

/// Knobs that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they set.
    pub title: String,
    /// The design they belong to, if to one.
    pub design: Option<usize>,
    /// The knobs, part by part.
    pub sections: Vec<Section>,
}

impl Group {
    /// All its knobs.
    pub fn knobs(&self) -> impl Iterator<Item = &Knob> {
        self.sections.iter().flat_map(|section| &section.knobs)
    }
}

/// The knobs of one part.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The part; empty where a group has but one.
    pub title: String,
    /// Whether something in it is set: else it can stay closed.
    pub is_set: bool,
    /// The knobs.
    pub knobs: Vec<Knob>,
    /// The item of a list that it sets, where that can be removed.
    pub part: Option<Part>,
    /// What can be added here.
    pub adds: Option<Adds>,
}

impl Section {
    fn new(title: impl Into<String>, is_set: bool, knobs: Vec<Knob>) -> Self {
        Self {
            title: title.into(),
            is_set,
            knobs,
            part: None,
            adds: None,
        }
    }
}

/// One knob.
#[derive(Debug, Clone, PartialEq)]
pub struct Knob {
    /// Where it stands in the scenario: a JSON pointer.
    pub pointer: String,
    /// What it is called.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// What it is set to, and how it can be set.
    pub input: Input,
}

/// How a knob is set.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A duration such as `6h`.
    Duration {
        /// As written; empty for none.
        text: String,
        /// What none is called, where there may be none.
        none: Option<&'static str>,
        /// The slider's steps.
        stops: &'static [&'static str],
    },
    /// A number.
    Number {
        /// In the unit shown.
        value: Option<f64>,
        /// What none is called, where there may be none.
        none: Option<&'static str>,
        /// The unit shown.
        unit: &'static str,
        /// How many of the unit shown make one of the scenario's.
        scale: f64,
        /// Whether only whole numbers will do.
        whole: bool,
        /// Whether it may be below 0.
        signed: bool,
        /// The slider's steps, in the unit shown; none for no slider.
        stops: &'static [f64],
    },
    /// Several numbers, or rows of a duration and numbers, with commas between them.
    List {
        /// As set; none for what it is by default.
        text: Option<String>,
        /// What it is by default: typed, or left empty, it takes out what is set.
        default: String,
        /// What a row has.
        columns: &'static [Column],
    },
    /// On or off.
    Switch {
        /// Whether it is on.
        on: bool,
    },
    /// Words.
    Text {
        /// As written; empty for none.
        text: String,
        /// What none is called, where there may be none.
        none: Option<&'static str>,
        /// Whether it is the name of a part, which changes wherever it is named.
        is_name: bool,
    },
    /// Any of several.
    Several {
        /// Their names, what each is in the scenario's list, and whether it is in it.
        options: Vec<(&'static str, Value, bool)>,
    },
    /// One of several.
    Choice {
        /// Index of the option that is set.
        chosen: usize,
        /// Their names and what they write.
        options: Vec<(Words, Value)>,
        /// Whether an option is an object each of whose members is written by itself.
        merges: bool,
    },
}

/// What a row of a list has: its key, and what is written there. A row of one number has no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The key; empty where the row is a bare number.
    pub key: &'static str,
    /// What is written.
    pub cell: Cell,
}

/// What is written in a row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A number.
    Number,
    /// A duration.
    Duration,
    /// A duration that only the last row may leave out.
    DurationOrLast,
}

/// What something is called: written here, or in the scenario.
pub type Words = Cow<'static, str>;

/// A number as people write it: without `.0`.
fn written(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// A list as it is typed.
///
/// # Errors
/// What was expected.
fn read_list(typed: &str, columns: &[Column]) -> Result<Value, String> {
    let rows: Vec<&str> = typed.split(',').map(str::trim).collect();
    let mut read = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut cells: Vec<&str> = row.split_whitespace().collect();
        let may_lack = columns
            .first()
            .is_some_and(|first| first.cell == Cell::DurationOrLast);
        if may_lack && index + 1 == rows.len() && cells.len() + 1 == columns.len() {
            cells.insert(0, "");
        }
        let wrong = || {
            let names = columns.iter().map(|column| match column.cell {
                Cell::Number => "a number",
                Cell::Duration | Cell::DurationOrLast => "a duration",
            });
            let names: Vec<&str> = names.collect();
            format!(
                "expected {} in each row, with commas between rows, and not {row:?}",
                names.join(" and ")
            )
        };
        if cells.len() != columns.len() {
            return Err(wrong());
        }
        let mut members = serde_json::Map::new();
        for (column, cell) in columns.iter().zip(cells) {
            let value = match column.cell {
                Cell::DurationOrLast if cell.is_empty() => continue,
                Cell::Duration | Cell::DurationOrLast => {
                    parse_duration(cell).map(|span| json!(format_duration(span)))?
                }
                Cell::Number => {
                    let number: f64 = cell.parse().map_err(|_| wrong())?;
                    if !number.is_finite() || number < 0.0 {
                        return Err("expected numbers of at least 0".to_owned());
                    }
                    written(number)
                }
            };
            members.insert(column.key.to_owned(), value);
        }
        read.push(members.remove("").unwrap_or(Value::Object(members)));
    }
    Ok(Value::Array(read))
}

/// Where the world stands: another one takes along what cannot be meant in it.
const WORLD: &str = "/world";
/// The group of what is asked, and by whom.
pub const ASKED: &str = "What is asked";
/// The group of what things cost.
pub const PRICES: &str = "Prices";

/// All knobs of a scenario.
#[must_use]
pub fn groups(scenario: &Scenario) -> Vec<Group> {
    let bare = |title: &str, knobs: Vec<Knob>| Group {
        title: title.to_owned(),
        design: None,
        sections: vec![Section::new("", true, knobs)],
    };
    let mut groups = vec![
        bare("Run", world::run(scenario)),
        bare("World", world::knobs(&scenario.world)),
    ];
    if let World::Hotels(world) = &scenario.world {
        let mut sections = vec![demand::section(&world.demand)];
        sections.extend(supply::sections(&world.supply));
        groups.push(Group {
            title: "Demand and supply".to_owned(),
            design: None,
            sections,
        });
    }
    groups.push(Group {
        title: PRICES.to_owned(),
        design: None,
        sections: prices::sections(&scenario.prices),
    });
    groups.push(Group {
        title: "Faults".to_owned(),
        design: None,
        sections: trouble::sections(scenario),
    });
    for (index, design) in scenario.designs.iter().enumerate() {
        groups.push(Group {
            title: design.name.clone(),
            design: Some(index),
            sections: design::sections(index, design, scenario),
        });
    }
    groups.push(Group {
        title: ASKED.to_owned(),
        design: None,
        sections: asked::sections(scenario),
    });
    groups
}

/// What is said against an edit of a field, with the knobs beside it called by their labels and not by their keys.
#[must_use]
pub fn by_label(scenario: &Scenario, field: &str, said: &str) -> String {
    let parent = |pointer: &str| {
        pointer
            .rsplit_once('/')
            .map(|(parent, _)| parent.to_owned())
    };
    let groups = groups(scenario);
    let beside = groups.iter().flat_map(Group::knobs);
    let beside = beside.filter(|knob| parent(&knob.pointer) == parent(field));
    beside.fold(said.to_owned(), |said, knob| {
        let key = knob.pointer.rsplit('/').next().unwrap_or_default();
        said.replace(&format!("`{key}`"), &human::quoted(knob.label))
    })
}

/// What a part that a change is about is called.
#[must_use]
pub fn part_name(scenario: &Scenario, change: &Change) -> String {
    let place = change.place();
    let groups = groups(scenario);
    let mut parts = groups.iter().flat_map(|group| &group.sections);
    let found = parts.find_map(|section| {
        let part = section.part.as_ref()?;
        (part.pointer() == place).then(|| part.name.clone())
    });
    found.unwrap_or_else(|| "the world".to_owned())
}

impl Knob {
    /// The same, with a slider that ends where the scenario does: at this much, in the scenario's unit.
    #[must_use]
    fn at_most(mut self, most: f64) -> Self {
        if let Input::Number { scale, stops, .. } = &mut self.input {
            let within = stops.partition_point(|stop| *stop <= most * *scale);
            *stops = &stops[..within];
        }
        self
    }

    /// What is typed, as the edits that it makes: pointers and values; `null` takes out.
    ///
    /// # Errors
    /// What was expected.
    pub fn edits(&self, typed: &str) -> Result<Vec<(String, Value)>, String> {
        let value = self.input.read(typed)?;
        match (&self.input, value) {
            (Input::Choice { merges: true, .. }, Value::Object(members)) => Ok(members
                .into_iter()
                .map(|(key, value)| (format!("{}/{key}", self.pointer), value))
                .collect()),
            (_, value) => Ok(vec![(self.pointer.clone(), value)]),
        }
    }
}

impl Knob {
    /// What happens when something is typed.
    ///
    /// # Errors
    /// What was expected.
    pub fn action(&self, typed: &str) -> Result<Action, String> {
        if let Input::Text { is_name: true, .. } = self.input
            && let Some((list, at)) = self
                .pointer
                .rsplit_once("/name")
                .map(|(item, _)| item)
                .and_then(|item| item.rsplit_once('/'))
        {
            return Ok(Action::part(Change::Rename {
                list: list.to_owned(),
                at: at.parse().unwrap_or_default(),
                name: typed.to_owned(),
            }));
        }
        let values = self.edits(typed)?;
        let mut world = values.iter().filter(|(pointer, _)| pointer == WORLD);
        Ok(match world.next() {
            Some((_, world)) => Action::part(Change::World(world.clone())),
            None => Action::Set {
                field: self.pointer.clone(),
                values,
            },
        })
    }
}

impl Input {
    /// What is typed, as the scenario's value; `null` for none.
    ///
    /// # Errors
    /// What was expected.
    fn read(&self, typed: &str) -> Result<Value, String> {
        let typed = typed.trim();
        if let Self::Duration {
            none: Some(none), ..
        }
        | Self::Number {
            none: Some(none), ..
        }
        | Self::Text {
            none: Some(none), ..
        } = self
            && (typed.is_empty() || typed.eq_ignore_ascii_case(none))
        {
            return Ok(Value::Null);
        }
        match self {
            Self::Duration { .. } => {
                // People type spaces and "min"; the file does not.
                let text = typed.replace(' ', "").replace("min", "m");
                parse_duration(&text).map(|span| json!(format_duration(span)))
            }
            Self::Number {
                scale,
                whole,
                signed,
                ..
            } => {
                let number: f64 = typed
                    .replace(',', "")
                    .parse()
                    .map_err(|_| "expected a number".to_owned())?;
                if !number.is_finite() || (number < 0.0 && !signed) {
                    return Err("expected a number of at least 0".to_owned());
                }
                if *whole {
                    if number.fract() != 0.0 || number >= 1e9 {
                        return Err("expected a whole number".to_owned());
                    }
                    return Ok(json!(number as u64));
                }
                if *scale == 100.0 && number.abs() > 100.0 {
                    return Err("expected at most 100 %".to_owned());
                }
                Ok(written(round(number / scale)))
            }
            Self::List {
                default, columns, ..
            } => {
                if !default.is_empty() && (typed.is_empty() || typed == default) {
                    return Ok(Value::Null);
                }
                read_list(typed, columns)
            }
            Self::Switch { .. } => typed
                .parse::<bool>()
                .map(|on| json!(on))
                .map_err(|_| "expected true or false".to_owned()),
            Self::Text { .. } => Ok(json!(typed)),
            Self::Several { options } => {
                let all = typed.split(',').map(str::trim).filter(|at| !at.is_empty());
                let values = all.map(|at| {
                    let at = at.parse::<usize>().ok();
                    let option = at.and_then(|at| options.get(at));
                    option
                        .map(|(_, value, _)| value.clone())
                        .ok_or_else(|| "expected some of the choices".to_owned())
                });
                values
                    .collect::<Result<Vec<Value>, String>>()
                    .map(Value::Array)
            }
            Self::Choice { options, .. } => typed
                .parse::<usize>()
                .ok()
                .and_then(|index| options.get(index))
                .map(|(_, value)| value.clone())
                .ok_or_else(|| "expected one of the choices".to_owned()),
        }
    }

    /// What stands in the field.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::Duration {
                text,
                none: Some(none),
                ..
            } if text.is_empty() => (*none).to_owned(),
            Self::Duration { text, .. } => {
                parse_duration(text).map_or_else(|_| text.clone(), readable_duration)
            }
            Self::Number { value, none, .. } => value.map_or_else(
                || none.unwrap_or_default().to_owned(),
                |value| value.to_string(),
            ),
            Self::List { text, default, .. } => text.as_ref().unwrap_or(default).clone(),
            Self::Switch { on } => on.to_string(),
            Self::Text {
                text,
                none: Some(none),
                ..
            } if text.is_empty() => (*none).to_owned(),
            Self::Text { text, .. } => text.clone(),
            Self::Several { options } => {
                let all = options.iter().enumerate();
                let on = all.filter(|(_, (_, _, on))| *on);
                let on: Vec<String> = on.map(|(at, _)| at.to_string()).collect();
                on.join(",")
            }
            Self::Choice { chosen, .. } => chosen.to_string(),
        }
    }

    /// Of several, what is typed when one is turned on or off.
    #[must_use]
    pub fn flipped(&self, at: usize, on: bool) -> String {
        let Self::Several { options } = self else {
            return self.written();
        };
        let flip = |(place, (name, value, was)): (usize, &(&'static str, Value, bool))| {
            (*name, value.clone(), if place == at { on } else { *was })
        };
        let options = options.iter().enumerate().map(flip).collect();
        Self::Several { options }.written()
    }

    /// The unit that stands beside the field.
    #[must_use]
    pub fn unit(&self) -> Option<&'static str> {
        match self {
            Self::Number {
                unit,
                value: Some(_),
                ..
            } if !unit.is_empty() => Some(unit),
            _ => None,
        }
    }

    /// The slider: its position and its last one; the first is 0. Where there may be none, that is the first.
    #[must_use]
    pub fn slider(&self) -> Option<(usize, usize)> {
        let nearest = |stops: &[f64], value: f64| {
            let mut best = (0, f64::INFINITY);
            for (index, stop) in stops.iter().enumerate() {
                // By ratio, as the steps are; a hair keeps 0 finite.
                let far = libm::log((stop + 1e-6) / (value + 1e-6)).abs();
                if far < best.1 {
                    best = (index, far);
                }
            }
            best.0
        };
        let (value, stops, none) = match self {
            Self::Duration { text, none, stops } => {
                let seconds =
                    |text: &str| parse_duration(text).map_or(0.0, crate::sim::clock::seconds);
                let value = (!text.is_empty()).then(|| seconds(text));
                let stops: Vec<f64> = stops.iter().map(|stop| seconds(stop)).collect();
                (value, stops, none)
            }
            Self::Number {
                value, none, stops, ..
            } => (*value, stops.to_vec(), none),
            Self::List { .. }
            | Self::Switch { .. }
            | Self::Text { .. }
            | Self::Several { .. }
            | Self::Choice { .. } => return None,
        };
        let first = usize::from(none.is_some());
        let last = stops.len().checked_sub(1)? + first;
        let at = value.map_or(0, |value| nearest(&stops, value) + first);
        Some((at, last))
    }

    /// What a position of the slider writes into the field.
    #[must_use]
    pub fn stop(&self, position: usize) -> Option<String> {
        let at = |none: &Option<&'static str>| match (none, position) {
            (Some(_), 0) => None,
            (Some(_), position) => Some(position - 1),
            (None, position) => Some(position),
        };
        match self {
            Self::Duration { none, stops, .. } => match at(none) {
                None => none.map(str::to_owned),
                Some(at) => stops.get(at).map(|stop| (*stop).to_owned()),
            },
            Self::Number { none, stops, .. } => match at(none) {
                None => none.map(str::to_owned),
                Some(at) => stops.get(at).map(f64::to_string),
            },
            Self::List { .. }
            | Self::Switch { .. }
            | Self::Text { .. }
            | Self::Several { .. }
            | Self::Choice { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenario::presets::PRESETS;
    use crate::scenario::problem::Problem;
    use crate::scenario::{parts, provenance, text};

    /// Everything that has a knob, set to something.
    const RICH: &str = r#"{ "version": 1, "bounds": true, "run": { "length": "10d" },
        "world": { "hotels": { "count": 9, "booking_window": "30d", "max_nights": 2,
            "demand": { "requests_per_hotel_per_day": 1, "profile": "resort", "nights": [1, 2, 0.5], "group_share": 0.1,
                "arrivals_by_month": [1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 1, 1], "arrivals_by_weekday": [1, 1, 1, 1, 2, 2, 1],
                "requests_by_weekday": [2, 1, 1, 1, 1, 1, 1], "rooms_per_group": 3, "arrival_days_per_group": 2,
                "lead_time": { "cumulative": [{ "within": "9d", "share": 0.5 }, { "within": "90d", "share": 1 }] },
                "overdispersion": 0.2, "cancelled_share": 0.3, "cancelled_by_lead_time": [
                    { "within": "9d", "share": 0.1, "same_day_share": 0.2 }, { "share": 0.5, "same_day_share": 0 }],
                "cancelled_after_deciles": [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
                "hours": { "by_hour": [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] } },
            "searches_per_request": 9,
            "supplier_changes_per_hotel_per_day": 1, "joins_per_year": 0.5, "leaves_per_year": 0.5 } },
        "designs": [
            { "name": "pulls", "feeds": [
                { "name": "a", "source": "inventory", "delivery": { "pull": {
                    "every": "2h", "adaptive": { "min": "1h", "max": "1d" } } } },
                { "name": "b", "source": "inventory", "delivery": { "pull": {
                    "budget_per_day": 40, "allocation": "freshest", "rate_limit": { "per_second": 2.5 } } } },
                { "name": "c", "source": "inventory", "delivery": { "pull": {
                    "every": "1d", "order": "shuffled", "paging": { "size": 3, "by": "cursor", "crawlers": 2 } } } },
                { "name": "d", "source": "deltas", "delivery": { "pull": { "every": "5m", "loss": 0.1 } } },
                { "name": "e", "source": { "hints": { "rate_limit": { "per_second": 5, "burst": 9 } } },
                  "delivery": { "pull": { "every": "5m", "order": "shuffled" } } },
                { "name": "f", "source": { "dataset": { "every": "6h" } }, "delivery": { "pull": { "every": "5m" } } }] },
            { "name": "pushes", "feeds": [
                { "name": "a", "apply": "last_arrival",
                  "source": { "deltas": { "ignores": ["min_nights"], "action": "invalidate", "payload": "increment" } },
                  "delivery": { "push": { "latency": { "uniform": { "min": "1s", "max": "2s" } }, "loss": 0.1,
                    "duplicates": 0.1, "window": { "quiet": "1m" }, "consumers": 3,
                    "service": { "exponential": { "mean": "20ms" } },
                    "cross_region": { "share": 0.1, "latency": { "fixed": "80ms" }, "timeout": "1s", "rebalance": "30s" },
                    "retention": "1d", "commit": "before", "start_at": "latest" } } },
                { "name": "b", "source": { "searches": { "share": 0.5 } }, "delivery": { "push": { "partitions": 2 } } },
                { "name": "c", "source": { "dataset": { "keep": 3 } }, "delivery": { "push": {} } },
                { "name": "d", "source": "hints", "delivery": { "push": { "loss": 0.1, "window": { "clock": "5m" } } } }],
              "cache": { "ttl": { "jittered": { "mean": "6h", "spread": 0.2 } }, "sold_out_ttl": "1h",
                "stale_while_revalidate": "30m", "purge": { "random": { "per_day": 0.1 } },
                "capacity": { "entries": 1000, "evict": "sieve" } },
              "serving": { "live_check": "shown", "explore": 0.1, "bypass": 0.1 },
              "operations": { "alerts": false, "lag_above": "10m", "parity_check": { "missing_above": 0.02 },
                "repair_after": "2h", "metrics_retention": "2d", "publish_gate": { "catches": 0.9 },
                "rollback_after": "1h", "circuit_breaker": { "per": "5m" }, "replay": "over", "components": 2,
                "incidents_per_component_per_month": 0.5 },
              "audits": [
                { "name": "p", "panel": { "size": 40, "every": "6h", "alert": { "below": 0.9, "in_a_row": 2 } } },
                { "name": "r", "rotating": { "size": 40, "every": "6h", "keep": 0.5, "frame": "searches", "weigh": true } },
                { "name": "s", "stratified": { "size": 40, "every": "6h" } }] },
            { "name": "leads", "cache": { "ttl": { "by_lead_time": [{ "within": "7d", "ttl": "4h" }, { "ttl": "1d" }] } } },
            { "name": "ages", "cache": { "ttl": { "adaptive": { "min": "1h", "max": "1d" } } } }],
        "faults": [
            { "outage": { "design": "pushes", "feed": "a", "at": "1d", "lasts": "8h" } },
            { "leak": { "at": "2d", "lasts": "8h", "share": 0.1 } },
            { "slow": { "at": "2d", "lasts": "8h", "times": 3 } },
            { "rebalance_storm": { "at": "3d", "lasts": "8h", "every": "5m", "pause": "1m" } },
            { "less_capacity": { "at": "3d", "lasts": "8h", "left": 0.5 } },
            { "wrong_answers": { "at": "4d", "lasts": "8h", "share": 0.5 } },
            { "bad_dataset": { "at": "4d", "lasts": "8h", "kind": "answers" } },
            { "rule_change": { "at": "5d", "copy_follows": "1d", "rule": "min_nights" } },
            { "cache_flush": { "at": "6d" } },
            { "traffic_drop": { "at": "6d", "lasts": "8h", "times": 0.5 } }] }"#;

    fn texts() -> Vec<&'static str> {
        let presets = PRESETS.iter().map(|preset| preset.text);
        presets.chain([RICH, TEXTBOOK, TRACE]).collect()
    }

    fn scenario(text: &str) -> Scenario {
        text::parse(text)
            .unwrap_or_else(|problems| panic!("{problems}\n{text}"))
            .scenario
    }

    fn edited(text: &str, knob: &Knob, typed: &str) -> String {
        let edits = knob
            .edits(typed)
            .unwrap_or_else(|e| panic!("{}: {e}", knob.pointer));
        edits
            .iter()
            .fold(text.to_owned(), |text, (pointer, value)| {
                text::set(&text, pointer, &value.to_string())
                    .unwrap_or_else(|problem| panic!("{pointer}: {problem}"))
            })
    }

    /// The first, a middle and the last position, or every choice.
    fn positions(input: &Input) -> Vec<String> {
        match input {
            // Of very many, such as all metrics, some.
            Input::Choice { options, .. } => {
                let step = options.len().div_ceil(20).max(1);
                (0..options.len())
                    .step_by(step)
                    .map(|i| i.to_string())
                    .collect()
            }
            Input::Switch { .. } => vec!["true".to_owned(), "false".to_owned()],
            input => {
                let last = input.slider().map_or(0, |(_, last)| last);
                let at = [0, last / 2, last];
                at.iter().filter_map(|at| input.stop(*at)).collect()
            }
        }
    }

    #[test]
    fn every_knob_writes_what_it_shows() {
        for text in texts() {
            let before = scenario(text);
            for knob in groups(&before).iter().flat_map(Group::knobs) {
                let after = scenario(&edited(text, knob, &knob.input.written()));
                assert_eq!(after, before, "{}", knob.pointer);
            }
        }
    }

    #[test]
    fn every_knob_has_a_place_of_its_own() {
        for text in texts() {
            let all = groups(&scenario(text));
            let mut pointers: Vec<&str> = all
                .iter()
                .flat_map(Group::knobs)
                .map(|knob| knob.pointer.as_str())
                .collect();
            let all = pointers.len();
            pointers.sort_unstable();
            pointers.dedup();
            assert_eq!(pointers.len(), all);
        }
    }

    #[test]
    fn every_choice_and_stop_can_be_read_and_comes_back() {
        for text in texts() {
            let before = scenario(text);
            for knob in groups(&before).iter().flat_map(Group::knobs) {
                for typed in positions(&knob.input) {
                    let text = edited(text, knob, &typed);
                    // Some go too far for this scenario (a p99 below the median): that is said, not written.
                    let Ok(document) = text::parse(&text) else {
                        continue;
                    };
                    let after = groups(&document.scenario);
                    let mut same = after.iter().flat_map(Group::knobs);
                    let found = same.find(|other| other.pointer == knob.pointer);
                    let shown = found.map(|found| found.input.written());
                    // What is taken out may take its knob with it.
                    let gone = knob.edits(&typed).is_ok_and(|edits| {
                        let first = edits.first();
                        first.is_some_and(|(_, value)| value.is_null())
                    });
                    assert!(
                        shown.as_ref() == Some(&typed) || (gone && shown.is_none()),
                        "{}: {typed} became {shown:?}",
                        knob.pointer
                    );
                }
            }
        }
    }

    /// A slider may go where other settings do not let it, which is said; but not where nothing would.
    #[test]
    fn sliders_end_where_the_model_does() {
        let mut tried = 0;
        for text in texts() {
            for knob in groups(&scenario(text)).iter().flat_map(Group::knobs) {
                let Input::Number { scale, stops, .. } = &knob.input else {
                    continue;
                };
                let about = provenance::of(&knob.pointer).expect(&knob.pointer);
                let most = about.most.unwrap_or(f64::INFINITY) * scale;
                let least = about.least.unwrap_or(0.0) * scale;
                for stop in *stops {
                    tried += 1;
                    assert!(
                        (least..=most).contains(stop),
                        "{}: {stop} is not from {least} to {most}",
                        knob.pointer
                    );
                }
                let typed = stops.last().map(f64::to_string);
                let Some(Err(problems)) =
                    typed.map(|typed| text::parse(&edited(text, knob, &typed)))
                else {
                    continue;
                };
                let said: Vec<String> = problems.iter().map(Problem::said).collect();
                let key = knob.pointer.rsplit('/').next().expect("a key");
                assert!(
                    !said
                        .iter()
                        .any(|said| said.starts_with(&format!("`{key}` is "))
                            && said.contains("; expected at most ")),
                    "{}: {said:?}",
                    knob.pointer
                );
            }
        }
        assert!(tried > 10_000, "{tried}");
    }

    #[test]
    fn a_refusal_calls_knobs_by_their_labels() {
        let before = scenario(RICH);
        let said = by_label(
            &before,
            "/world/hotels/supply/close_out_share",
            "`close_out_share` and `restriction_share` are 0.9 and 0.2: more than `all` changes",
        );
        assert_eq!(
            said,
            "“Close-outs” and “Restrictions” are 0.9 and 0.2: more than `all` changes"
        );
    }

    #[test]
    fn every_source_and_delivery_can_be_chosen_from_every_other() {
        for text in texts() {
            let before = scenario(text);
            if !before.faults.is_empty() {
                // Faults need what they strike.
                continue;
            }
            for knob in groups(&before).iter().flat_map(Group::knobs) {
                if ["Source", "Delivery"].contains(&knob.label) {
                    for typed in positions(&knob.input) {
                        scenario(&edited(text, knob, &typed));
                    }
                }
            }
        }
    }

    #[test]
    fn every_knob_says_what_it_is_and_where_its_default_comes_from() {
        for text in texts() {
            let before = scenario(text);
            for knob in groups(&before).iter().flat_map(Group::knobs) {
                assert!(
                    knob.help.ends_with(['.', '?']) && knob.help.len() > 10,
                    "{}",
                    knob.pointer
                );
                let about = knob
                    .about()
                    .unwrap_or_else(|| panic!("{} is unknown", knob.pointer));
                assert!(!about.basis.said().is_empty(), "{}", knob.pointer);
                let Some((pointer, value)) = about.back else {
                    continue;
                };
                let after = text::set(text, &pointer, &value.to_string()).expect(&pointer);
                // Where others rest on it, that is said and nothing changes.
                let Ok(document) = text::parse(&after) else {
                    continue;
                };
                let after = groups(&document.scenario);
                let mut same = after.iter().flat_map(Group::knobs);
                if let Some(found) = same.find(|other| other.pointer == knob.pointer) {
                    let about = found.about().expect("is known");
                    assert!(
                        about.back.is_none(),
                        "{} is not what it was: {about:?}",
                        knob.pointer
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_taken_out_leaves_no_trace() {
        let all = groups(&scenario(RICH));
        let mut knobs = all.iter().flat_map(Group::knobs);
        let knob =
            knobs.find(|knob| knob.label == "Sold-out lifetime" && knob.pointer.contains("/1/"));
        let knob = knob.expect("there is one");
        assert_eq!(knob.input.written(), "1h");
        for none in ["", "the same", "The same"] {
            let text = edited(RICH, knob, none);
            assert!(
                !text.contains("sold_out_ttl") && !text.contains("null"),
                "{text}"
            );
        }
        assert_eq!(
            knob.input.slider().map(|(_, last)| knob.input.stop(last)),
            Some(Some("14d".to_owned()))
        );
        assert_eq!(knob.input.stop(0), Some("the same".to_owned()));
    }

    fn knob(text: &str, pointer: &str) -> Knob {
        let all = groups(&scenario(text));
        let mut knobs = all.iter().flat_map(Group::knobs);
        knobs
            .find(|knob| knob.pointer == pointer)
            .expect(pointer)
            .clone()
    }

    #[test]
    fn lists_are_typed_with_commas() {
        let at = |key: &str| format!("/world/hotels/demand/{key}");
        let nights = knob(RICH, &at("nights"));
        assert_eq!(nights.input.written(), "1, 2, 0.5");
        assert_eq!(
            nights.edits(" 1,2 , 0.25"),
            Ok(vec![(at("nights"), json!([1, 2, 0.25]))])
        );
        for typed in ["1, two", "1,, 2", "1 2", "-1", "1e999"] {
            assert!(nights.edits(typed).is_err(), "{typed}");
        }
        // Empty, or what is published, takes out.
        let Input::List { default, .. } = &nights.input else {
            panic!("{nights:?}");
        };
        assert!(default.starts_with("0.1953, 0.1567, "), "{default}");
        for typed in ["", default] {
            assert!(
                !edited(RICH, &nights, typed).contains("nights\": ["),
                "{typed}"
            );
        }
        let bands = knob(RICH, &at("cancelled_by_lead_time"));
        assert_eq!(bands.input.written(), "9d 0.1 0.2, 0.5 0");
        let text = edited(RICH, &bands, "0d 0.01 1, 2w 0.2 0.1, 0.7 0");
        let written = knob(&text, &at("cancelled_by_lead_time")).input.written();
        assert_eq!(written, "0d 0.01 1, 14d 0.2 0.1, 0.7 0");
        for typed in ["0.7 0, 9d 0.1 0.2", "9d 0.1", "9 0.1 0.2"] {
            assert!(bands.edits(typed).is_err(), "{typed}");
        }
        let points = knob(RICH, &at("lead_time/cumulative"));
        assert_eq!(points.input.written(), "9d 0.5, 90d 1");
        assert!(points.edits("").is_err());
    }

    /// Worlds that the rich scenario is not in, and what it has not two of.
    const TEXTBOOK: &str = r#"{ "version": 1, "run": { "length": "10d" },
        "world": { "two_state": { "stays": 9, "sells_out_per_day": 1, "reopens_per_day": 1, "popularity": { "zipf": 1 },
            "represents": 90, "live_service": { "capacity_per_second": 10 }, "rate_spread": { "gamma": { "shape": 2 } } } },
        "designs": [{ "name": "a", "cache": { "ttl": { "sliding": "6h" } },
            "audits": [{ "name": "r", "random": { "size": 4, "every": "6h", "alert": { "below": 0.9 } } }] },
            { "name": "b", "feeds": [{ "name": "f", "source": "deltas", "delivery": { "push": {} } }] }],
        "faults": [{ "pause": { "at": "1d", "lasts": "8h", "design": "b", "feed": "f", "stream": "flips" } },
            { "demand_shock": { "at": "1d", "lasts": "8h", "times": 2 } }],
        "audiences": [{ "name": "bulk", "reads": "bulk", "every": "1d", "weigh": "bookings",
            "needs": [{ "metric": "accuracy", "at_least": 0.9 }, { "metric": "cost_usd_per_day", "at_most": 9 }] }],
        "expect": [{ "design": "a", "versus": "b", "metric": "accuracy", "at_least": -0.5 },
            { "audience": "bulk", "metric": "coverage", "at_most": 0.5 }] }"#;
    const TRACE: &str = r#"{ "version": 1, "run": { "length": "10d" },
        "world": { "trace": { "bookings": "b.csv", "booking_window": "30d", "max_nights": 2, "popularity": { "zipf": 1 },
            "represents": 90, "live_service": { "capacity_per_second": 10 }, "starts": "2016-07-01",
            "hours": { "by_hour": [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] } } },
        "designs": [{ "name": "a" }] }"#;

    const ONLY_ROTATING: &str = "is refused: only a rotating audit keeps a share";
    const ONLY_STRATIFIED: &str = "is refused: only a stratified audit has strata";
    const IS_STRATIFIED: &str = "is refused: strata are of popularity already";
    const STRIKES_ALL: &str = "is refused: it strikes the whole design or feed";

    /// Keys that no form reaches, each with the reason.
    const NOT_BY_FORM: &[(&str, &str)] = &[
        ("/$schema", "for the text's own editor"),
        ("/version", "there is one"),
        ("/seed", "has a field of its own beside the run button"),
        ("/designs/*/name", "is changed on its card, with its menu"),
        ("/designs/*/audits/*/panel/keep", ONLY_ROTATING),
        ("/designs/*/audits/*/random/keep", ONLY_ROTATING),
        ("/designs/*/audits/*/stratified/keep", ONLY_ROTATING),
        ("/designs/*/audits/*/panel/strata", ONLY_STRATIFIED),
        ("/designs/*/audits/*/random/strata", ONLY_STRATIFIED),
        ("/designs/*/audits/*/rotating/strata", ONLY_STRATIFIED),
        ("/designs/*/audits/*/stratified/frame", IS_STRATIFIED),
        ("/designs/*/audits/*/stratified/weigh", IS_STRATIFIED),
        ("/faults/*/bad_dataset/stream", STRIKES_ALL),
        ("/faults/*/cache_flush/stream", STRIKES_ALL),
        ("/faults/*/less_capacity/stream", STRIKES_ALL),
        ("/faults/*/rebalance_storm/stream", STRIKES_ALL),
        ("/faults/*/rule_change/stream", STRIKES_ALL),
        ("/sweep", "is asked under What would change it"),
        ("/assumptions", "are asked under What would change it"),
        ("/story", "is written, as any text is"),
    ];

    /// Where something can be set: with `*` for each place in a list.
    fn place(pointer: &str) -> String {
        let steps = pointer.split('/').map(|step| {
            let is_place = !step.is_empty() && step.chars().all(|one| one.is_ascii_digit());
            if is_place { "*" } else { step }
        });
        steps.collect::<Vec<&str>>().join("/")
    }

    /// What the knobs of a scenario set.
    fn reached(scenario: &Scenario, places: &mut BTreeSet<String>) {
        let all = groups(scenario);
        for knob in all.iter().flat_map(Group::knobs) {
            let at = place(&knob.pointer);
            match &knob.input {
                Input::List { columns, .. } => {
                    places.extend(columns.iter().map(|of| format!("{at}/*/{}", of.key)));
                }
                Input::Choice {
                    options,
                    merges: true,
                    ..
                } => {
                    let keys = options.iter().filter_map(|(_, of)| of.as_object());
                    places.extend(keys.flat_map(|of| of.keys().map(|key| format!("{at}/{key}"))));
                }
                _ => {}
            }
            places.insert(at);
        }
    }

    /// All keys of the schema that hold a value of their own, from one place on.
    fn keys(schema: &Value, here: &Value, at: &str, found: &mut BTreeSet<String>) {
        if NOT_BY_FORM.iter().any(|(but, _)| *but == at) {
            return;
        }
        let to = here["$ref"]
            .as_str()
            .and_then(|to| to.strip_prefix("#/$defs/"));
        let alternatives = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|of| here[of].as_array());
        let alternatives: Vec<&Value> = alternatives.flatten().collect();
        if let Some(of) = to {
            keys(schema, &schema["$defs"][of], at, found);
        } else if !alternatives.is_empty() {
            let is_object =
                |of: &&Value| of.get("$ref").is_some() || of.get("properties").is_some();
            if !alternatives.iter().any(is_object) {
                found.insert(at.to_owned());
            }
            for of in alternatives.into_iter().filter(is_object) {
                keys(schema, of, at, found);
            }
        } else if let Some(properties) = here["properties"].as_object() {
            for (key, of) in properties {
                if !["note", "basis"].contains(&key.as_str()) {
                    keys(schema, of, &format!("{at}/{key}"), found);
                }
            }
        } else if let Some(items) = here.get("items").map(|of| of.get("else").unwrap_or(of)) {
            let mut within = BTreeSet::new();
            keys(schema, items, &format!("{at}/*"), &mut within);
            // Numbers or words alone are set as a whole.
            let is_plain = within.iter().all(|key| *key == format!("{at}/*"));
            found.extend(if is_plain {
                BTreeSet::from([at.to_owned()])
            } else {
                within
            });
        } else {
            found.insert(at.to_owned());
        }
    }

    /// Whatever the schema has is set by a knob, of a scenario that can be made by forms alone, or it is listed why not.
    #[test]
    fn the_schema_has_no_key_without_a_knob() {
        let mut places = BTreeSet::new();
        for text in [RICH, TEXTBOOK, TRACE] {
            let scenario = scenario(text);
            reached(&scenario, &mut places);
            // What a choice opens.
            for knob in groups(&scenario).iter().flat_map(Group::knobs) {
                if let Input::Choice { options, .. } = &knob.input {
                    for choice in 0..options.len() {
                        let typed = choice.to_string();
                        if knob.input.written() != typed
                            && let Ok(document) = text::alone(&edited(text, knob, &typed))
                        {
                            reached(&document.scenario, &mut places);
                        }
                    }
                }
            }
        }
        let schema = crate::scenario::schema::schema();
        let mut all = BTreeSet::new();
        keys(schema, schema, "", &mut all);
        assert!(all.len() > 250, "{}", all.len());
        let missing: Vec<&String> = all.difference(&places).collect();
        assert!(missing.is_empty(), "no form sets {missing:#?}");
        for (but, why) in NOT_BY_FORM {
            assert!(
                !places.contains(*but) && !why.is_empty(),
                "{but} is set by a form"
            );
        }
    }

    /// The lists that the schema has can be added to and taken from, but for those that are typed.
    #[test]
    fn lists_of_parts_can_be_added_to_and_taken_from() {
        for preset in PRESETS.iter().chain([&crate::scenario::presets::BLANK]) {
            let before = scenario(preset.text);
            let all = groups(&before);
            let sections: Vec<&Section> = all.iter().flat_map(|group| &group.sections).collect();
            let mut lists: Vec<&str> = Vec::new();
            for adds in sections.iter().filter_map(|section| section.adds.as_ref()) {
                lists.push(&adds.list);
                for kind in &adds.kinds {
                    let (list, item) = (adds.list.clone(), kind.item(&before));
                    match parts::change(preset.text, &Change::Add { list, item }) {
                        Ok(added) => {
                            // What was added can be taken out, and all is as it was.
                            let now = groups(&scenario(&added.text));
                            let mut parts = now.iter().flat_map(|group| &group.sections);
                            let part = parts.find_map(|section| {
                                let part = section.part.as_ref()?;
                                (format!("{}/{}", part.list, part.at) == added.at).then_some(part)
                            });
                            let part = part.expect(&added.at);
                            let gone = parts::change(&added.text, &part.removal());
                            let gone = gone.unwrap_or_else(|problems| panic!("{problems}"));
                            assert_eq!(scenario(&gone.text), before, "{}", added.at);
                        }
                        Err(problems) => {
                            // A fault that strikes nothing; or a talk would no longer make sense.
                            let said = problems.to_string();
                            let is_known = adds.list == "/faults" || said.contains("/story/");
                            assert!(is_known, "{}: {}: {said}", preset.name, kind.label);
                        }
                    }
                }
            }
            for part in sections.iter().filter_map(|section| section.part.as_ref()) {
                assert!(lists.contains(&part.list.as_str()), "{part:?}");
            }
            for list in [
                "/faults",
                "/audiences",
                "/expect",
                "/designs/0/feeds",
                "/designs/0/audits",
            ] {
                assert!(lists.contains(&list), "{list}");
            }
        }
    }

    #[test]
    fn any_world_can_be_had_from_any_other() {
        for text in [RICH, TEXTBOOK, TRACE, crate::scenario::presets::BLANK.text] {
            let knob = knob(text, WORLD);
            for typed in positions(&knob.input) {
                let Ok(Action::Part {
                    change,
                    sure: false,
                }) = knob.action(&typed)
                else {
                    panic!("{typed}");
                };
                match parts::change(text, &change) {
                    Ok(changed) => {
                        let now = self::knob(&changed.text, WORLD);
                        assert_eq!(now.input.written(), typed);
                    }
                    // A lifetime by lead time in a world without check-ins, and the like.
                    Err(problems) => assert!(text == RICH, "{typed}: {problems}"),
                }
            }
        }
    }

    #[test]
    fn names_are_changed_wherever_they_are_named() {
        let knob = knob(RICH, "/designs/1/feeds/0/name");
        let wanted = Change::Rename {
            list: "/designs/1/feeds".to_owned(),
            at: 0,
            name: "rows".to_owned(),
        };
        assert_eq!(knob.action("rows"), Ok(Action::part(wanted)));
    }

    /// Knobs whose choices must all make sense, whatever else is set.
    #[test]
    fn laws_windows_and_calls_can_be_chosen() {
        for (pointer, choices) in [
            ("/designs/1/feeds/0/delivery/push/latency", 4),
            ("/designs/1/feeds/0/delivery/push/service", 4),
            ("/designs/1/feeds/0/delivery/push/cross_region", 2),
            ("/designs/1/feeds/0/delivery/push/cross_region/latency", 4),
            ("/designs/1/feeds/1/delivery/push/cross_region", 2),
            ("/designs/1/feeds/3/delivery/push/window", 4),
            ("/designs/1/feeds/3/source/hints/rate_limit", 2),
            ("/designs/0/feeds/4/delivery/pull/order", 3),
            ("/designs/0/feeds/0/delivery/pull/latency", 4),
            ("/world/hotels/demand/lead_time", 4),
            ("/world/hotels/demand/hours", 3),
            ("/world/hotels/demand/profile", 3),
        ] {
            let knob = knob(RICH, pointer);
            let choices: Vec<String> = (0..choices).map(|choice: u32| choice.to_string()).collect();
            assert_eq!(positions(&knob.input), choices, "{pointer}");
            for typed in choices {
                scenario(&edited(RICH, &knob, &typed));
            }
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_where_it_is_typed() {
        let all = groups(&scenario(PRESETS[0].text));
        let knob = |pointer: &str| {
            let mut knobs = all.iter().flat_map(Group::knobs);
            knobs
                .find(|knob| knob.pointer == pointer)
                .expect(pointer)
                .clone()
        };
        for typed in ["", "six", "-2", "1e400"] {
            assert!(knob("/run/replicates").edits(typed).is_err(), "{typed}");
            assert!(knob("/run/length").edits(typed).is_err(), "{typed}");
        }
        assert!(knob("/run/replicates").edits("2.5").is_err());
        let share = knob("/designs/0/serving/bypass");
        assert!(share.edits("120").is_err());
        let at = |pointer: &str, value: Value| Ok(vec![(pointer.to_owned(), value)]);
        assert_eq!(
            share.edits("0.7"),
            at("/designs/0/serving/bypass", json!(0.007))
        );
        assert_eq!(
            knob("/run/length").edits("90 min"),
            at("/run/length", json!("90m"))
        );
    }
}
