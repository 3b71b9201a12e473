//! What the first version wrote is read for ever: files in `first/` are never changed. The first link is in
//! `src/app/share/tests.rs`, and what a browser kept is read in `src/app/runs.rs`.

use std::path::Path;

use serde_json::Value;
use stayfresh::report::results::Results;
use stayfresh::report::{markdown, record};
use stayfresh::scenario::text::{parse, resolved};

use crate::cli::{Said, stayfresh};

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/first");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Whether all that one value says is said by the other, which may say more.
fn is_within(said: &Value, all: &Value) -> Result<(), String> {
    match (said, all) {
        (Value::Object(said), Value::Object(all)) => said.iter().try_for_each(|(key, said)| {
            let all = all.get(key).ok_or_else(|| format!("{key} is gone"))?;
            is_within(said, all).map_err(|why| format!("{key}: {why}"))
        }),
        (Value::Array(said), Value::Array(all)) if said.len() == all.len() => {
            let mut pairs = said.iter().zip(all);
            pairs.try_for_each(|(said, all)| is_within(said, all))
        }
        _ if said == all => Ok(()),
        _ => Err(format!("{said} is {all} now")),
    }
}

#[test]
fn the_first_scenarios_read_and_mean_what_they_meant() {
    for name in ["scenario", "small", "trace"] {
        let document = parse(&file(&format!("{name}.json"))).unwrap();
        let meant: Value = serde_json::from_str(&file(&format!("{name}.resolved.json"))).unwrap();
        let means = resolved(&document);
        is_within(&meant, &means).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

/// Nothing of a trace is drawn but the order of what comes at one moment: its counts are what they were.
#[test]
fn the_first_traces_read_and_mean_what_they_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/first");
    let path = folder.join("trace.json");
    let Said { code, out, err } = stayfresh(&["run", path.to_str().unwrap(), "--json"], b"");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("1 of 61 rows are left out"), "{err}");
    let results: Results = serde_json::from_str(&out).unwrap();
    let design = &results.designs[0];
    for (count, per_day) in [("changes", 2.5), ("searches", 5.0)] {
        assert_eq!(design.counts_per_day[count].mean, per_day, "{count}");
    }
    assert_eq!(design.metrics["accuracy"].mean, 1.0);
}

#[test]
fn the_first_results_read_and_are_what_they_were() {
    let written: Value = serde_json::from_str(&file("small.results.json")).unwrap();
    let read: Results = serde_json::from_value(written.clone()).unwrap();
    is_within(&written, &serde_json::to_value(&read).unwrap()).unwrap();
    let said = markdown::of(&record::of(&read, None).unwrap());
    assert!(said.contains(&read.results_hash), "{said}");
}

#[test]
fn what_a_later_version_wrote_is_refused_with_a_word_on_why() {
    let later = file("small.json").replacen("\"version\": 1", "\"version\": 2", 1);
    let Said { code, err, .. } = stayfresh(&["check", "-"], later.as_bytes());
    assert_eq!(code, 2);
    assert!(
        err.contains("version 2 of the format is not known"),
        "{err}"
    );
    let mut later: Value = serde_json::from_str(&file("small.results.json")).unwrap();
    later["stayfresh"]["results"] = 2.into();
    let refused = serde_json::from_value::<Results>(later)
        .unwrap_err()
        .to_string();
    assert!(refused.contains("results of format 2"), "{refused}");
}
