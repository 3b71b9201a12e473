//! Small scenarios of all kinds, drawn at random: whatever fits together runs, breaks no invariant, and gives
//! numbers that can be.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use stayfresh::measure::estimate::Estimate;
use stayfresh::measure::metrics::{METRICS, Unit};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

/// Some of these keys with their values.
fn some_of(all: Value, most: usize) -> impl Strategy<Value = Value> {
    let Value::Object(all) = all else {
        panic!("an object")
    };
    let all: Vec<(String, Value)> = all.into_iter().collect();
    let most = most.min(all.len());
    subsequence(all, 0..=most)
        .prop_map(|some| Value::Object(some.into_iter().collect::<Map<_, _>>()))
}

/// One of these.
fn one_of(all: Value) -> impl Strategy<Value = Value> {
    let Value::Array(all) = all else {
        panic!("an array")
    };
    select(all)
}

/// `base`, with what `more` says.
fn with(mut base: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        base[key] = value.clone();
    }
    base
}

fn latencies() -> impl Strategy<Value = Value> {
    one_of(json!([
        { "fixed": "0s" }, { "fixed": "3h" }, { "exponential": { "mean": "40m" } },
        { "uniform": { "min": "0s", "max": "2h" } }, { "lognormal": { "median": "2m", "p99": "5h" } },
    ]))
}

fn push() -> impl Strategy<Value = Value> {
    let rare = json!({ "loss": 0.3, "duplicates": 0.3, "retention": "30m", "commit": "before", "start_at": "latest" });
    let window =
        one_of(json!([null, null, { "after_first": "2h" }, { "clock": "90m" }, { "quiet": "1h" }]));
    let line = one_of(json!([
        {}, {}, {}, { "consumers": 1, "service": { "exponential": { "mean": "10m" } } },
        { "consumers": 3, "service": { "fixed": "0s" } }, { "partitions": 2, "service": { "fixed": "15m" } },
        { "consumers": 2, "service": { "fixed": "1m" }, "cross_region": { "share": 0.5, "timeout": "5m",
            "rebalance": "20m", "latency": { "exponential": { "mean": "4m" } } } },
        { "cross_region": { "share": 1.0, "timeout": "1m", "rebalance": "0s", "latency": { "fixed": "30s" } } },
    ]));
    (some_of(rare, 3), window, line, latencies()).prop_map(|(rare, window, line, latency)| {
        let mut push = with(with(rare, &line), &json!({ "latency": latency }));
        if !window.is_null() {
            push["window"] = window;
        }
        json!({ "push": push })
    })
}

fn log_pull() -> impl Strategy<Value = Value> {
    let rare = json!({ "loss": 0.4, "jitter": 0.9 });
    let order = one_of(json!(["fixed", "fixed", "shuffled", "poisson"]));
    (some_of(rare, 2), order, latencies()).prop_map(|(rare, order, latency)| {
        let mut pull = with(
            json!({ "every": "50m", "order": order, "latency": latency }),
            &rare,
        );
        if order != "fixed" {
            pull.as_object_mut().unwrap().remove("jitter");
        }
        json!({ "pull": pull })
    })
}

fn poll() -> impl Strategy<Value = Value> {
    let kinds = one_of(json!([
        { "every": "3h" }, { "every": "3h" }, { "every": "7m" },
        { "every": "2h", "order": "shuffled" }, { "every": "2h", "order": "poisson" }, { "every": "5h", "jitter": 1.0 },
        { "every": "1h", "adaptive": { "min": "10m", "max": "9h" } },
        { "budget_per_day": 100 }, { "budget_per_day": 60, "allocation": "by_popularity" },
        { "budget_per_day": 60, "allocation": "by_change_rate" }, { "budget_per_day": 60, "allocation": "freshest" },
        { "every": "4h", "rate_limit": { "per_second": 0.002, "burst": 3 } },
        { "every": "4h", "paging": { "size": 5, "by": "offset", "crawlers": 2 } },
        { "every": "4h", "paging": { "size": 3, "by": "cursor" }, "rate_limit": { "per_second": 0.01, "burst": 1 } },
    ]));
    let loss = select(vec![0.0, 0.0, 0.3]);
    (kinds, latencies(), loss).prop_map(|(kind, latency, loss)| {
        let loss = if kind["paging"].is_null() { loss } else { 0.0 };
        json!({ "pull": with(kind, &json!({ "latency": latency, "loss": loss })) })
    })
}

/// A source with its delivery.
fn feed() -> impl Strategy<Value = Value> {
    let deltas = some_of(
        json!({ "bootstrap": false, "action": "invalidate", "payload": "increment", "ignores": ["min_nights"] }),
        2,
    );
    let observed = select(vec![1.0, 0.5]);
    let dataset = some_of(
        json!({ "every": "5h", "build_time": "2h", "in_place": true, "keep": 3 }),
        4,
    );
    let dataset =
        dataset.prop_map(|dataset| with(json!({ "every": "7h", "build_time": "1h" }), &dataset));
    let announced = prop_oneof![
        latencies().prop_map(|latency| json!({ "push": { "latency": latency, "loss": 0.2 } })),
        Just(json!({ "pull": { "every": "40m" } })),
    ];
    let limited = some_of(
        json!({ "rate_limit": { "per_second": 0.01, "burst": 3 } }),
        1,
    );
    let noticed = prop_oneof![
        latencies().prop_map(
            |latency| json!({ "push": { "latency": latency, "loss": 0.2, "retention": "1h" } })
        ),
        log_pull(),
    ];
    prop_oneof![
        4 => (deltas, prop_oneof![3 => push(), 1 => log_pull()])
            .prop_map(|(source, delivery)| json!({ "source": { "deltas": source }, "delivery": delivery })),
        2 => (observed, prop_oneof![push(), log_pull()])
            .prop_map(|(share, delivery)| json!({ "source": { "searches": { "share": share } }, "delivery": delivery })),
        3 => poll().prop_map(|delivery| json!({ "source": "inventory", "delivery": delivery })),
        2 => (dataset, announced)
            .prop_map(|(source, delivery)| json!({ "source": { "dataset": source }, "delivery": delivery })),
        1 => (limited, noticed)
            .prop_map(|(source, delivery)| json!({ "source": { "hints": source }, "delivery": delivery })),
    ]
}

fn cache() -> impl Strategy<Value = Value> {
    let ttl = one_of(json!([
        null, null, { "fixed": "3h" }, { "sliding": "2h" }, { "jittered": { "mean": "3h", "spread": 0.9 } },
        { "adaptive": { "min": "20m", "max": "8h" } },
        { "by_lead_time": [{ "within": "2d", "ttl": "1h" }, { "ttl": "5h" }] },
    ]));
    let capacity = (
        select(vec![1, 3, 8, 20, 1_000]),
        select(vec!["lru", "fifo", "random", "lfu", "sieve"]),
    )
        .prop_map(|(entries, evict)| json!({ "entries": entries, "evict": evict }));
    let rare = json!({ "sold_out_ttl": "30m", "purge": { "random": { "per_day": 3 } }, "stale_while_revalidate": "1h" });
    (
        ttl,
        some_of(rare, 2),
        prop::option::weighted(0.25, capacity),
    )
        .prop_map(|(ttl, mut cache, capacity)| {
            if !ttl.is_null() {
                cache["ttl"] = ttl;
            }
            if let Some(capacity) = capacity {
                cache["capacity"] = capacity;
            }
            cache
        })
}

fn serving() -> impl Strategy<Value = Value> {
    some_of(
        json!({ "on_miss": "say_available", "live_check": "shown", "explore": 0.3, "bypass": 0.2 }),
        4,
    )
    .prop_flat_map(|serving| {
        one_of(json!([{}, {}, { "on_miss": "say_sold_out" }, { "live_check": "every_search" }]))
            .prop_map(move |more| with(serving.clone(), &more))
    })
}

fn operations() -> impl Strategy<Value = Value> {
    some_of(
        json!({ "lag_above": "1h", "parity_check": { "every": "2h", "missing_above": 0.2 }, "repair_after": "90m",
            "metrics_retention": "1h", "publish_gate": { "catches": 0.5 }, "rollback_after": "4h",
            "circuit_breaker": { "max_flip_share": 0.1, "per": "1h", "reset_after": "3h" },
            "replay": { "over": { "messages_per_second": 1 } }, "components": 4,
            "incidents_per_component_per_month": 20 }),
        5,
    )
    .prop_flat_map(|operations| {
        one_of(json!([{}, {}, { "alerts": false }, { "replay": { "delete_first": { "messages_per_second": 1 } } }]))
            .prop_map(move |more| with(operations.clone(), &more))
    })
}

/// An audit of some kind, or none.
fn audits() -> impl Strategy<Value = Value> {
    select(vec![
        json!([]),
        json!([{ "name": "p", "panel": { "size": 5, "every": "2h", "alert": { "below": 0.8, "in_a_row": 2 } } }]),
        json!([{ "name": "r", "random": { "size": 50, "every": "5h", "frame": "searches", "weigh": true } },
               { "name": "s", "stratified": { "size": 7, "every": "90m", "alert": { "below": 0.9 } } }]),
        json!([{ "name": "t", "rotating": { "size": 4, "every": "3h", "keep": 0.5, "frame": "searches" } }]),
    ])
}

/// A design, with what has nothing to work on taken out.
fn a_design() -> impl Strategy<Value = Value> {
    let feeds = prop::collection::vec((feed(), any::<bool>()), 0..3);
    let parts = (feeds, cache(), serving(), operations(), audits());
    parts.prop_map(|(feeds, cache, serving, mut operations, audits)| {
        let feeds: Vec<Value> = feeds
            .into_iter()
            .zip(["one", "two"])
            .map(|((feed, last), name)| {
                let apply = if last { "last_arrival" } else { "newest" };
                with(feed, &json!({ "name": name, "apply": apply }))
            })
            .collect();
        let has = |source: &str| feeds.iter().any(|feed| !feed["source"][source].is_null());
        let log = feeds
            .iter()
            .any(|feed| !feed["source"]["deltas"].is_null() && !feed["delivery"]["push"].is_null());
        let keys = operations.as_object_mut().unwrap();
        for (key, can) in [
            ("publish_gate", has("dataset")),
            ("rollback_after", has("dataset")),
            ("replay", log),
            ("circuit_breaker", !feeds.is_empty()),
        ] {
            if !can {
                keys.remove(key);
            }
        }
        json!({ "name": "a", "feeds": feeds, "cache": cache, "serving": serving, "operations": operations,
                "audits": audits })
    })
}

fn faults() -> impl Strategy<Value = Vec<Value>> {
    let kinds = vec![
        ("outage", json!({})),
        ("pause", json!({})),
        ("slow", json!({ "times": 20 })),
        ("slow", json!({ "times": 0 })),
        ("leak", json!({ "share": 0.6 })),
        ("rebalance_storm", json!({ "every": "1h", "pause": "25m" })),
        ("less_capacity", json!({ "left": 0.5 })),
        ("wrong_answers", json!({ "share": 0.6 })),
        ("bad_dataset", json!({ "kind": "schema" })),
        ("bad_dataset", json!({ "kind": "answers" })),
        ("traffic_drop", json!({ "times": 0.2 })),
        ("demand_shock", json!({ "times": 4 })),
        ("cache_flush", json!({})),
        (
            "rule_change",
            json!({ "rule": "min_nights", "copy_follows": "9h" }),
        ),
    ];
    let when = select(vec!["0s", "5h", "20h"]);
    let lasts = select(vec!["0s", "3h", "11h", "9d"]);
    let fault = (select(kinds), when, lasts).prop_map(|((name, more), at, lasts)| {
        let mut fault = with(json!({ "at": at }), &more);
        if !matches!(name, "cache_flush" | "rule_change") {
            fault["lasts"] = json!(lasts);
        }
        json!({ name: fault })
    });
    prop::collection::vec(fault, 0..4)
}

fn worlds() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!({ "two_state": { "stays": 14, "sells_out_per_day": 3, "reopens_per_day": 4,
            "searches_per_stay_per_day": 12, "popularity": { "zipf": 0.9 } } })),
        1 => Just(json!({ "hotels": { "count": 2, "booking_window": "4d", "max_nights": 2, "searches_per_request": 20,
            "supplier_changes_per_hotel_per_day": 8, "demand": { "requests_per_hotel_per_day": 4 } } })),
    ]
}

fn a_scenario() -> impl Strategy<Value = Value> {
    let warmup = select(vec!["0s", "13h"]);
    (worlds(), a_design(), faults(), warmup, 0..1_000_u32).prop_map(
        |(world, mut design, mut faults, warmup, seed)| {
            let feeds = design["feeds"].as_array().unwrap().clone();
            let textbook = !world["two_state"].is_null();
            // What would be refused, for want of something to strike.
            faults.retain(|fault| {
                let line = |feed: &Value| {
                    let push = &feed["delivery"]["push"];
                    ["consumers", "partitions", "cross_region"].iter().any(|key| !push[key].is_null())
                };
                let (name, _) = fault.as_object().unwrap().iter().next().unwrap();
                match name.as_str() {
                    "traffic_drop" | "demand_shock" | "cache_flush" => true,
                    "rule_change" => !textbook,
                    "bad_dataset" => feeds.iter().any(|feed| !feed["source"]["dataset"].is_null()),
                    "rebalance_storm" | "less_capacity" => feeds.iter().any(line),
                    _ => !feeds.is_empty(),
                }
            });
            if textbook {
                for feed in design["feeds"].as_array_mut().unwrap() {
                    if let Some(deltas) = feed.pointer_mut("/source/deltas").and_then(Value::as_object_mut) {
                        deltas.remove("ignores");
                    }
                }
                if !design["cache"]["ttl"]["by_lead_time"].is_null() {
                    design["cache"]["ttl"] = json!({ "fixed": "2h" });
                }
            }
            json!({ "version": 1, "seed": seed, "run": { "warmup": warmup, "length": "1d", "replicates": 2 },
                "world": world, "designs": [design], "faults": faults })
        },
    )
}

fn is_fine(key: &str, estimate: &Estimate) -> Result<(), TestCaseError> {
    let Estimate { mean, sd, ci95 } = estimate;
    let numbers = [Some(*mean), *sd].into_iter().flatten();
    let numbers = numbers.chain(ci95.iter().flatten().copied());
    for number in numbers {
        prop_assert!(number.is_finite(), "{} is {}", key, number);
    }
    let metric = METRICS.iter().find(|metric| metric.key == key);
    let is_share = metric.is_some_and(|metric| metric.unit == Unit::Share);
    let most = if is_share { 1.0 } else { f64::INFINITY };
    prop_assert!((0.0..=most).contains(mean), "{} is {}", key, mean);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn what_fits_together_runs(scenario in a_scenario()) {
        let Ok(document) = parse(&scenario.to_string()) else {
            // Said, not run.
            return Ok(());
        };
        let mut study = Study::new(document);
        run(&mut study, 1, &mut |_| {});
        let broken: Vec<String> = study.broken().iter().map(ToString::to_string).collect();
        prop_assert!(broken.is_empty(), "{}", broken.join("\n"));
        let results = study.results().unwrap();
        for design in &results.designs {
            let of_feeds = design.feeds.values().flatten();
            for (key, estimate) in design.metrics.iter().chain(of_feeds) {
                is_fine(key, estimate)?;
            }
            for estimate in design.counts_per_day.values() {
                is_fine("a count", estimate)?;
            }
            for cost in design.costs.values() {
                is_fine("usd", &cost.usd_per_day)?;
            }
            let of_audits = design.audits.values().flat_map(|audit| audit.metrics.values());
            for estimate in of_audits {
                prop_assert!(estimate.mean.is_finite());
            }
            let curves = design.series.curves.values().flatten().flatten();
            prop_assert!(curves.copied().all(|value| value.is_finite() && value >= -1e-9));
            for of in design.distributions.values() {
                prop_assert!(of.than.is_sorted_by(|a, b| a < b) && of.than.len() == of.above.len());
                prop_assert!(of.above.is_sorted_by(|a, b| a.mean >= b.mean), "{:?}", of.above);
                let is_share = |above: &Estimate| (0.0..=1.0).contains(&above.mean);
                prop_assert!(of.above.iter().all(is_share));
                // What is stale at all is more than what is staler than no time.
                let stale = design.metrics["stale_hits"].mean;
                prop_assert!(of.above[0].mean <= stale + 1e-9, "{:?} of {stale}", of.above[0]);
            }
            let events = &design.events;
            prop_assert!(events.iter().all(|event| event.hour <= 24.0), "{:?}", events);
            prop_assert!(events.is_sorted_by(|a, b| a.hour <= b.hour), "{:?}", events);
        }
    }
}

/// Found by the above, some thousand scenarios on: a stay changes while the log is read again, after its entry
/// was deleted.
#[test]
fn a_change_during_a_replay() {
    let scenario = json!({ "version": 1, "seed": 847,
        "run": { "warmup": "0s", "length": "1d", "replicates": 2 },
        "world": { "two_state": { "stays": 14, "sells_out_per_day": 3, "reopens_per_day": 4 } },
        "designs": [{ "name": "a",
            "operations": { "replay": { "delete_first": { "messages_per_second": 1 } } },
            "feeds": [{ "name": "one", "source": "deltas", "delivery": "push" }] }],
        "faults": [{ "wrong_answers": { "at": "5h", "lasts": "3h", "share": 0.6 } }] });
    crate::simulated::ran(&scenario);
}
