//! Demand set by hand, seen from outside: what is published and written out is the same to the last bit, and
//! demand that is set to extremes runs.

use serde_json::{Value, json};
use stayfresh::report::results::Results;
use stayfresh::world::hotels::demand::Demand;

use crate::simulated::{design, ran};

fn run_with(demand: &Value) -> Results {
    searched(demand, 100)
}

/// With so many searches a request.
fn searched(demand: &Value, searches: u32) -> Results {
    ran(&json!({
        "version": 1, "seed": 5, "run": { "warmup": "30h", "length": "4d", "replicates": 2 },
        "world": { "hotels": { "count": 8, "booking_window": "20d", "max_nights": 3, "searches_per_request": searches,
            "supplier_changes_per_hotel_per_day": 6, "demand": demand } },
        "designs": [
            { "name": "polls", "cache": { "ttl": { "fixed": "5h" } }, "serving": { "explore": 0.1 },
              "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "3h" } } }],
              "audits": [{ "name": "searched", "random": { "size": 30, "every": "5h", "frame": "searches" } }] },
            { "name": "sees", "serving": { "live_check": "shown" },
              "feeds": [{ "name": "seen", "source": "searches", "delivery": { "push": {} } }] }],
        "audiences": [{ "name": "bulk", "reads": "bulk", "every": "7h", "weigh": "searches", "needs": [] }],
        "faults": [{ "traffic_drop": { "at": "90m", "lasts": "30m", "times": 0.5 } }]
    }))
}

fn by_hand(set: &Value) -> Value {
    let mut demand = json!({ "requests_per_hotel_per_day": 4 });
    for (key, value) in set.as_object().unwrap() {
        demand[key] = value.clone();
    }
    demand
}

#[test]
fn what_is_published_and_written_out_is_the_same_to_the_last_bit() {
    for profile in ["city", "resort"] {
        let demand = by_hand(&json!({ "profile": profile }));
        let usual = run_with(&demand);
        let written: Demand = serde_json::from_value(demand).unwrap();
        let written = serde_json::to_value(written.written_out()).unwrap();
        let names = written.as_object().unwrap();
        assert_eq!(names.len(), 14, "all but `cancelled_share`: {written}");
        assert_eq!(run_with(&written).results_hash, usual.results_hash);
        // And each part is felt.
        for (key, value) in [
            (
                "arrivals_by_month",
                json!([1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 1, 1]),
            ),
            ("arrivals_by_weekday", json!([1, 1, 1, 1, 9, 9, 1])),
            ("requests_by_weekday", json!([1, 1, 1, 1, 9, 9, 1])),
            ("lead_time", json!({ "exponential": { "mean": "20d" } })),
            ("nights", json!([1, 1])),
            ("group_share", json!(0.9)),
            ("rooms_per_group", json!(5)),
            ("arrival_days_per_group", json!(5)),
            ("overdispersion", json!(3)),
            (
                "cancelled_by_lead_time",
                json!([{ "share": 0.9, "same_day_share": 0 }]),
            ),
            (
                "cancelled_after_deciles",
                json!([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ),
            ("cancelled_share", json!(0.9)),
            ("hours", json!("flat")),
        ] {
            let mut changed = written.clone();
            changed[key] = value.clone();
            let results = run_with(&changed);
            assert_ne!(results.results_hash, usual.results_hash, "{key}");
            let resolved = &results.scenario["world"]["hotels"]["demand"][key];
            assert_eq!(resolved.to_string().replace(".0", ""), value.to_string());
        }
    }
}

/// Parts that are narrow, or of which there is nothing: all invariants hold, and numbers are numbers.
#[test]
fn extremes_run() {
    let mut early = vec![0; 24];
    early[3] = 1;
    for set in [
        // Nobody arrives in the months of the run: nothing is asked for, nothing is searched.
        json!({ "arrivals_by_month": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                "lead_time": { "cumulative": [{ "within": "20d", "share": 1 }] } }),
        json!({ "arrivals_by_month": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] }),
        // Searches, requests and warm-up's end in an hour, or not in it.
        json!({ "hours": { "by_hour": early } }),
        json!({ "lead_time": { "cumulative": [{ "within": "0d", "share": 1 }] },
                "requests_by_weekday": [0, 1, 1, 0, 0, 0, 0], "arrivals_by_weekday": [0, 1, 1, 0, 0, 0, 0] }),
        json!({ "lead_time": { "exponential": { "mean": "4000d" } }, "nights": [0, 1] }),
        json!({ "requests_per_hotel_per_day": 500, "overdispersion": 0, "group_share": 0,
                "requests_by_weekday": [9, 1, 0, 0, 0, 0, 1] }),
        json!({ "overdispersion": 10, "group_share": 0 }),
        json!({ "group_share": 1, "rooms_per_group": 1000, "arrival_days_per_group": 1000 }),
        json!({ "profile": "mixed", "cancelled_share": 1, "cancelled_after_deciles": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
                "cancelled_by_lead_time": [{ "share": 0.5, "same_day_share": 0 }] }),
    ] {
        let results = run_with(&by_hand(&set));
        for name in ["polls", "sees"] {
            let metrics = &design(&results, name).metrics;
            assert!(metrics.contains_key("accuracy"), "{set}");
            assert!(metrics.values().all(|m| m.mean.is_finite()), "{set}");
        }
    }
}

/// With weights by hour, all searches fall into the hours that have some.
#[test]
fn searches_follow_the_hours_set_by_hand() {
    let mut early = vec![0; 24];
    early[3] = 1;
    let hour = searched(&by_hand(&json!({ "hours": { "by_hour": early } })), 20_000);
    let even = searched(&by_hand(&json!({ "hours": "flat" })), 20_000);
    let asks = |results: &Results| design(results, "sees").metrics["live_asks_peak_per_s"].mean;
    // A day's searches in an hour instead of 24: the busiest minute has 24 times as many, or less as chance
    // has less of a say, but far more than half of that.
    let ratio = asks(&hour) / asks(&even);
    assert!(
        (12.0..24.0).contains(&ratio),
        "the busiest minute has {ratio} times as many"
    );
}
