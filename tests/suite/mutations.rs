//! What holds for every text, tried on presets with something changed.

use std::cell::Cell;

use boon::{Compiler, Schemas};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use stayfresh::scenario::presets::{PRESETS, Preset};
use stayfresh::scenario::quantity::{LONGEST, format_duration, parse_duration};
use stayfresh::scenario::{schema, text};

use crate::fuzzed;

/// Bits of text that mean something somewhere.
const SCRAPS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "//",
    "/*",
    "*/",
    "\\",
    "\\u",
    "\\ud800",
    "\u{feff}",
    "\0",
    "\r\n",
    "é",
    "日",
    "null",
    "NaN",
    "-",
    "1e999",
    "0x10",
    "\"like\":\"poll hourly\",",
    "\"name\":\"a\",",
    "\"1h\"",
    "-1",
    "'",
    "/",
    "#",
];

fn preset() -> impl Strategy<Value = Preset> {
    select(PRESETS)
}

/// A place in a text, between characters.
fn place(text: &str, index: Index) -> usize {
    text.floor_char_boundary(index.index(text.len() + 1))
}

#[derive(Debug, Clone)]
enum Edit {
    Cut(Index, Index),
    Insert(Index, &'static str),
    Repeat(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let two = || (any::<Index>(), any::<Index>());
    prop_oneof![
        two().prop_map(|(from, to)| Edit::Cut(from, to)),
        (any::<Index>(), select(SCRAPS)).prop_map(|(at, scrap)| Edit::Insert(at, scrap)),
        two().prop_map(|(from, to)| Edit::Repeat(from, to)),
    ]
}

fn edited(text: &str, edit: &Edit) -> String {
    let range = |from: Index, to: Index| {
        let (from, to) = (place(text, from), place(text, to));
        // Mostly small, or nothing is left to look at.
        let from = from.min(to);
        from..text.floor_char_boundary(from.max(to).min(from + 30))
    };
    let mut text = text.to_owned();
    match edit {
        Edit::Cut(from, to) => text.replace_range(range(*from, *to), ""),
        Edit::Insert(at, scrap) => text.insert_str(place(&text, *at), scrap),
        Edit::Repeat(from, to) => {
            let range = range(*from, *to);
            let copy = text[range.clone()].to_owned();
            text.insert_str(range.end, &copy);
        }
    }
    text
}

/// Values of every kind, some of them right.
fn value() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(2.5),
        json!(0.5),
        json!(1e300),
        json!(8.0),
        json!(""),
        json!("1h"),
        json!("0s"),
        json!("-1h"),
        json!("push"),
        json!("pull"),
        json!("none"),
        json!("uniform"),
        json!("deltas"),
        json!("shown"),
        json!([]),
        json!({}),
        json!({"fixed": "1h"}),
        json!({"sliding": "1h"}),
        json!({"pull": {"every": "1h"}}),
        json!({"push": {}}),
        json!({"random": {"per_day": 1}}),
        json!({"note": "x"}),
        json!([{"name": "a"}]),
        json!([{"name": "a"}, {"name": "b", "like": "a", "cache": {"ttl": {"fixed": "1h"}}}]),
    ])
}

/// All pointers into a value.
fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                pointers(value, stayfresh::scenario::pointer::join(&at, key), into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}

/// A resolved preset with one value replaced, taken out or under another key.
fn mutated(preset: Preset, at: Index, change: &Change) -> Value {
    let mut scenario = text::resolved(&preset.read().unwrap());
    let mut all = Vec::new();
    pointers(&scenario, String::new(), &mut all);
    let pointer = at.get(&all);
    match change {
        Change::Value(value) => *scenario.pointer_mut(pointer).unwrap() = value.clone(),
        Change::Remove | Change::Rename(_) => {
            let Some((parent, key)) = pointer.rsplit_once('/') else {
                return scenario;
            };
            if let Some(Value::Object(members)) = scenario.pointer_mut(parent) {
                let key = key.replace("~1", "/").replace("~0", "~");
                let value = members.shift_remove(&key);
                if let (Change::Rename(name), Some(value)) = (change, value) {
                    members.insert((*name).to_owned(), value);
                }
            }
        }
    }
    scenario
}

#[derive(Debug, Clone)]
enum Change {
    Value(Value),
    Remove,
    Rename(&'static str),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => value().prop_map(Change::Value),
        1 => Just(Change::Remove),
        1 => select(&["note", "name", "fixed", "sliding", "every", "pull", "x", "like"][..]).prop_map(Change::Rename),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(preset in preset(), edits in prop::collection::vec(edit(), 1..4)) {
        let text = edits.iter().fold(preset.text.to_owned(), |text, change| edited(&text, change));
        fuzzed::scenario(text.as_bytes());
    }

    #[test]
    fn durations_read_back(micros in 0..=LONGEST) {
        prop_assert_eq!(parse_duration(&format_duration(micros)), Ok(micros));
    }

    #[test]
    fn what_is_set_is_there_and_comments_stay(preset in preset(), at in any::<Index>(), value in value()) {
        let mut all = Vec::new();
        pointers(&text::resolved(&preset.read().unwrap()), String::new(), &mut all);
        // Notes must stay texts, or there is nothing to read.
        let is_note = |pointer: &String| ["/note", "/basis", "/$schema"].iter().any(|end| pointer.ends_with(end));
        all.retain(|pointer| !pointer.is_empty() && !is_note(pointer));
        let pointer = at.get(&all);
        let set = text::set(preset.text, pointer, &value.to_string()).unwrap();
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("//")).count();
        // A comment goes only with what it is in.
        if !["/world", "/designs"].iter().any(|part| part.starts_with(pointer.as_str()) || pointer.matches('/').count() < 4) {
            prop_assert_eq!(comments(&set), comments(preset.text));
        }
        prop_assert_eq!(&text::set(&set, pointer, &value.to_string()).unwrap(), &set);
        if let Ok(document) = text::parse(&set) {
            // What is written as a name alone comes back with its parameters; the rest as it was set.
            let found = text::resolved(&document).pointer(pointer).cloned();
            prop_assert!(found.is_some() || value.is_null(), "{}", pointer);
            if let (Value::String(_), Some(Value::String(found))) = (&value, &found) {
                prop_assert_eq!(&value, found);
            }
        }
    }
}

#[test]
fn what_reads_satisfies_the_schema() {
    let mut schemas = Schemas::new();
    let mut compiler = Compiler::new();
    compiler
        .add_resource("scenario.json", schema::schema().clone())
        .unwrap();
    let schema = compiler.compile("scenario.json", &mut schemas).unwrap();
    for preset in PRESETS {
        let resolved = text::resolved(&preset.read().unwrap());
        schemas
            .validate(&resolved, schema)
            .unwrap_or_else(|error| panic!("{}: {error:#}", preset.name));
    }
    let (read, refused) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig {
        cases: 3_000,
        ..ProptestConfig::default()
    };
    proptest!(config, |(preset in preset(), at in any::<Index>(), change in change())| {
        let scenario = mutated(preset, at, &change);
        let satisfies = schemas.validate(&scenario, schema);
        match text::parse(&scenario.to_string()) {
            Ok(_) => {
                read.set(read.get() + 1);
                prop_assert!(satisfies.is_ok(), "{}\n{scenario:#}", satisfies.unwrap_err());
            }
            Err(_) => refused.set(refused.get() + usize::from(satisfies.is_err())),
        }
    });
    // Neither side of the comparison is empty.
    let (read, refused) = (read.get(), refused.get());
    assert!(
        read > 200 && refused > 1_000,
        "{read} read, {refused} refused"
    );
}
