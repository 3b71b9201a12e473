//! Datasets, their pointers, and hints.

use serde_json::{Value, json};

use crate::simulated::{holds, simulate, symmetric};

#[test]
fn shadow_copies_and_rewriting_in_place() {
    let dataset = |name: &str, dataset: &Value, delivery: &Value| {
        json!({ "name": name, "feeds": [
            { "name": "data", "source": { "dataset": dataset }, "delivery": delivery }] })
    };
    let announced = json!("push");
    let shadow = |build: &str| json!({ "every": "8h", "build_time": build });
    let designs = json!([
        dataset("at once", &shadow("0s"), &announced),
        dataset("a third", &shadow("160m"), &announced),
        dataset("all the time", &shadow("8h"), &announced),
        dataset(
            "polled",
            &shadow("160m"),
            &json!({ "pull": { "every": "2h" } })
        ),
        dataset(
            "out of step",
            &shadow("160m"),
            &json!({ "pull": { "every": "5h" } })
        ),
        dataset(
            "late",
            &shadow("0s"),
            &json!({ "push": { "latency": { "fixed": "3h" } } })
        ),
        dataset(
            "in place",
            &json!({ "every": "8h", "build_time": "8h", "in_place": true }),
            &announced
        ),
        dataset(
            "in place, quick",
            &json!({ "every": "8h", "build_time": "1h", "in_place": true }),
            &announced
        ),
    ]);
    let results = simulate(&symmetric(2.0), &designs);
    let known: &[&str] = &[
        "freshness",
        "stale_hits",
        "data_age_s",
        "staleness_s",
        "accuracy",
        "asks_poll",
        "coverage",
    ];
    let all = designs.as_array().unwrap().iter();
    let named: Vec<(&str, &[&str])> = all
        .map(|design| (design["name"].as_str().unwrap(), known))
        .collect();
    holds(&results, &named);
}

#[test]
fn hints_then_fetch() {
    let hinted = |name: &str, delivery: Value| json!({ "name": name, "feeds": [{ "name": "hints", "source": "hints", "delivery": delivery }] });
    let designs = json!([
        hinted("late", json!({ "push": { "latency": { "fixed": "3h" } } })),
        hinted("lossy", json!({ "push": { "loss": 0.2 } })),
        hinted("read", json!({ "pull": { "every": "8h" } })),
    ]);
    let results = simulate(&symmetric(0.0), &designs);
    holds(
        &results,
        &[
            (
                "late",
                &["freshness", "accuracy", "asks_hint", "feed_delay_s"],
            ),
            ("lossy", &["freshness", "asks_hint", "feed_lost"]),
            ("read", &["freshness", "accuracy", "asks_hint"]),
        ],
    );
}
