//! A fault on every kind of feed is refused, or it changes numbers: none is logged as begun and ended while
//! nothing differs.

use serde_json::{Value, json};
use stayfresh::report::results::DesignResults;
use stayfresh::scenario::text::parse;

use crate::simulated::ran;

fn scenario(feed: &Value, faults: &Value) -> Value {
    json!({ "version": 1, "run": { "warmup": "1d", "length": "3d", "replicates": 1 },
        "world": { "two_state": { "stays": 200, "sells_out_per_day": 2, "reopens_per_day": 2,
            "searches_per_stay_per_day": 20 } },
        "designs": [{ "name": "struck", "feeds": [feed], "cache": { "ttl": { "fixed": "12h" } },
            "serving": { "live_check": "shown", "explore": 0.1 } }],
        "faults": faults })
}

/// Everything but the log of what happened.
fn numbers(results: &DesignResults) -> String {
    let counts = &results.counts_per_day;
    format!("{:?} {counts:?} {:?}", results.metrics, results.feeds)
}

#[test]
fn a_fault_changes_something_or_is_refused() {
    let pull = |more: Value| {
        let mut pull = more;
        if pull["budget_per_day"].is_null() {
            pull["every"] = json!("3h");
        }
        json!({ "pull": pull })
    };
    let push = |more: Value| json!({ "push": more });
    let late = || json!({ "latency": { "fixed": "10m" } });
    let line = || json!({ "consumers": 2, "service": { "fixed": "10s" } });
    let calls = json!({ "cross_region": { "share": 1, "latency": { "fixed": "1s" }, "timeout": "1m",
        "rebalance": "1m" } });
    let limited = json!({ "rate_limit": { "per_second": 1 } });
    let limited_late = json!({ "rate_limit": { "per_second": 1 }, "latency": { "fixed": "10m" } });
    let adaptive = json!({ "adaptive": { "min": "1h", "max": "1d" } });
    let adaptive_late =
        json!({ "adaptive": { "min": "1h", "max": "1d" }, "latency": { "fixed": "10m" } });
    let pages = json!({ "paging": { "size": 20, "by": "offset" } });
    let pages_late =
        json!({ "paging": { "size": 20, "by": "cursor" }, "latency": { "fixed": "10m" } });
    let messages = vec![
        push(json!({})),
        push(late()),
        push(line()),
        push(json!({ "partitions": 1 })),
        push(calls),
        push(json!({ "window": { "clock": "1h" } })),
        pull(json!({})),
        pull(late()),
    ];
    let announced = vec![push(json!({})), push(late()), pull(json!({}))];
    let hinted = vec![
        push(json!({})),
        push(late()),
        push(json!({ "window": { "quiet": "1h" } })),
        pull(json!({})),
        pull(late()),
    ];
    let polls = [
        json!({}),
        late(),
        limited,
        limited_late,
        adaptive,
        adaptive_late,
        pages,
        pages_late,
        json!({ "budget_per_day": 800 }),
    ];
    let dataset = |in_place: bool| json!({ "dataset": { "every": "6h", "in_place": in_place } });
    let kinds = [
        (json!("deltas"), messages.clone()),
        (
            json!({ "deltas": { "action": "invalidate" } }),
            messages.clone(),
        ),
        (
            json!({ "deltas": { "payload": "increment" } }),
            messages.clone(),
        ),
        (json!("searches"), messages),
        (dataset(false), announced.clone()),
        (dataset(true), announced),
        (json!("hints"), hinted),
        (json!("inventory"), polls.map(pull).to_vec()),
    ];
    let faults = [
        ("outage", json!({})),
        ("pause", json!({})),
        ("slow", json!({ "times": 5 })),
        ("leak", json!({ "share": 0.5 })),
        ("rebalance_storm", json!({ "every": "1h", "pause": "50m" })),
        ("less_capacity", json!({ "left": 0.5 })),
        ("wrong_answers", json!({ "share": 0.5 })),
        ("bad_dataset", json!({ "kind": "answers" })),
        ("bad_dataset", json!({ "kind": "schema" })),
    ];
    let (mut refused, mut struck) = (0, 0);
    for (source, deliveries) in kinds {
        for delivery in deliveries {
            let feed = json!({ "name": "feed", "source": source, "delivery": delivery });
            let without = numbers(&ran(&scenario(&feed, &json!([]))).designs[0]);
            for (name, fault) in &faults {
                let mut fault = fault.clone();
                fault["at"] = json!("10h");
                fault["lasts"] = json!("30h");
                let with = scenario(&feed, &json!([{ *name: fault }]));
                if let Err(problems) = parse(&with.to_string()) {
                    let said = problems.to_string();
                    assert!(
                        said.contains("strikes nothing here"),
                        "{name}, {feed}: {said}"
                    );
                    refused += 1;
                    continue;
                }
                let changed = numbers(&ran(&with).designs[0]) != without;
                assert!(changed, "{name} changes nothing of {feed}");
                struck += 1;
            }
        }
    }
    println!("{struck} strike, {refused} are refused");
    assert!(struck > 150 && refused > 100, "{struck} and {refused}");
}
