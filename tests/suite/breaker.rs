//! What a circuit breaker holds, and what becomes of it.

use serde_json::{Value, json};
use stayfresh::report::results::Results;

use crate::simulated::{design, found, pushed, ran, struck};

const ALIKE: [&str; 6] = [
    "accuracy",
    "false_available",
    "freshness",
    "staleness_s",
    "data_age_s",
    "coverage",
];

/// Items that change seldom: 2.4 % of them are another way round after an hour and a half, 9 % after six.
fn calm(stays: u32) -> Value {
    json!({ "stays": stays, "sells_out_per_day": 0.4, "reopens_per_day": 0.4, "searches_per_stay_per_day": 2.0 })
}

fn dataset(name: &str, operations: &Value) -> Value {
    json!({ "name": name, "operations": operations, "serving": { "on_miss": "say_available" },
        "feeds": [{ "name": "data", "delivery": "push",
                    "source": { "dataset": { "every": "6h", "build_time": "1h" } } }] })
}

fn breaker(share: f64, per: &str, reset_after: &str) -> Value {
    json!({ "circuit_breaker": { "max_flip_share": share, "per": per, "reset_after": reset_after } })
}

/// When something happened to a design, in hours.
fn happened(results: &Results, name: &str, what: &str) -> Vec<f64> {
    let events = design(results, name).events.iter();
    let these = events.filter(|event| event.what == what);
    these.map(|event| event.hour).collect()
}

/// A bad dataset is held as a whole and never taken, whenever the feed is let go before the next: as if a gate
/// had caught it. Held beyond the next ones, the feed is one whose announcements wait for as long.
#[test]
fn a_dataset_that_trips_is_never_taken() {
    let gate = json!({ "publish_gate": { "catches": 1.0 } });
    let designs = json!([
        dataset("gate", &gate),
        dataset("reset after 1h", &breaker(0.25, "10m", "1h")),
        dataset("reset after 5h", &breaker(0.25, "10m", "5h")),
        dataset("gate, then a pause", &gate),
        dataset("reset after 20h", &breaker(0.25, "10m", "20h")),
        dataset("none", &json!({})),
    ]);
    // The build of hour 30 of the measured days is bad, and published an hour later.
    let faults = json!([
        { "bad_dataset": { "at": "28h", "lasts": "4h", "kind": "answers", "share": 0.5 } },
        { "pause": { "design": "gate, then a pause", "at": "31h", "lasts": "20h" } },
    ]);
    let results = ran(&struck(&calm(300), &designs, ("2d", "4d"), &faults));
    for (guarded, like) in [
        ("reset after 1h", "gate"),
        ("reset after 5h", "gate"),
        ("reset after 20h", "gate, then a pause"),
    ] {
        let trips = happened(&results, guarded, "breaker tripped, feed held");
        assert_eq!(trips, [31.0], "{guarded}");
        for metric in ALIKE {
            let [one, other] = [guarded, like].map(|name| found(&results, name, metric));
            assert_eq!(one, other, "{metric} of {guarded}");
        }
    }
    let lost = results.difference("gate", "none", "accuracy").unwrap();
    assert!(lost.mean > 0.01, "{}", lost.mean);
}

/// A share that every dataset flips holds the feed, but not for good: what takes the place of several may flip
/// as much as all of them, and flips grow more slowly than that.
#[test]
fn a_breaker_does_not_hold_datasets_for_good() {
    let designs = json!([dataset("narrow", &breaker(0.07, "10m", "1h"))]);
    let results = ran(&struck(&calm(2_000), &designs, ("2d", "10d"), &json!([])));
    let trips = happened(&results, "narrow", "breaker tripped, feed held").len();
    let published = happened(&results, "narrow", "published").len();
    println!("{trips} trips of {published}");
    assert!(trips > 5 && trips + 5 < published, "{trips} of {published}");
    let age = found(&results, "narrow", "data_age_s").mean / 86_400.0;
    assert!((0.3..2.0).contains(&age), "{age} days");
}

/// What was held while the breaker was open comes at once when it closes, and does not trip it again.
#[test]
fn what_was_held_does_not_count_again() {
    let mut guarded = pushed("guarded", &json!({}));
    guarded["operations"] = breaker(0.1, "1h", "6h");
    let world = json!({ "stays": 500, "sells_out_per_day": 2.0, "reopens_per_day": 2.0, "searches_per_stay_per_day": 0.0 });
    // 42 flips an hour, of which 50 are let pass; some 250 are held.
    let mut scenario = struck(&world, &json!([guarded]), ("1d", "20d"), &json!([]));
    scenario["run"]["replicates"] = json!(4);
    let results = ran(&scenario);
    let trips = happened(&results, "guarded", "breaker tripped, feed held");
    let resets = happened(&results, "guarded", "breaker reset");
    println!("tripped at {trips:?}");
    assert!(trips.len() > 3, "{trips:?}");
    for (reset, trip) in resets.iter().zip(&trips[1..]) {
        assert!(trip - reset > 0.1, "reset at {reset}, tripped at {trip}");
    }
    let freshness = found(&results, "guarded", "freshness").mean;
    assert!(freshness > 0.4, "{freshness}");
}
