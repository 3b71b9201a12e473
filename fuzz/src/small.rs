//! Small scenarios of all kinds, drawn by bytes, and what must hold of each.

use arbitrary::{Result, Unstructured};
use proptest::prelude::*;
use serde_json::{Value, json};
use stayfresh::measure::estimate::Estimate;
use stayfresh::measure::metrics::{METRICS, Unit};
use stayfresh::report::results::Results;
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

/// What bytes draw.
type Drawn = Result<Value>;

/// One of these.
fn one_of(from: &mut Unstructured, all: Value) -> Drawn {
    Ok(from.choose(all.as_array().expect("a list"))?.clone())
}

/// Some of these keys with their values: each as likely as not.
fn some_of(from: &mut Unstructured, all: Value) -> Drawn {
    let mut some = json!({});
    for (key, value) in all.as_object().expect("an object") {
        if from.arbitrary()? {
            some[key] = value.clone();
        }
    }
    Ok(some)
}

/// One of the values of each of these keys, or without the key where that is null.
fn one_of_each(from: &mut Unstructured, all: &Value) -> Drawn {
    let mut drawn = json!({});
    for (key, values) in all.as_object().expect("an object") {
        let value = one_of(from, values.clone())?;
        if !value.is_null() {
            drawn[key] = value;
        }
    }
    Ok(drawn)
}

/// `base`, with what `more` says.
fn with(mut base: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().into_iter().flatten() {
        base[key] = value.clone();
    }
    base
}

fn latency(from: &mut Unstructured) -> Drawn {
    let all = json!([
        { "fixed": "0s" }, { "fixed": "3h" }, { "exponential": { "mean": "40m" } },
        { "uniform": { "min": "0s", "max": "2h" } }, { "lognormal": { "median": "2m", "p99": "5h" } },
    ]);
    one_of(from, all)
}

fn push(from: &mut Unstructured) -> Drawn {
    let rare = json!({ "loss": 0.3, "duplicates": 0.3, "retention": "30m", "commit": "before", "start_at": "latest" });
    let rare = some_of(from, rare)?;
    let windows =
        json!([null, null, { "after_first": "2h" }, { "clock": "90m" }, { "quiet": "1h" }]);
    let window = one_of(from, windows)?;
    let lines = json!([
        {}, {}, {}, { "consumers": 1, "service": { "exponential": { "mean": "10m" } } },
        { "consumers": 3, "service": { "fixed": "0s" } }, { "partitions": 2, "service": { "fixed": "15m" } },
        { "consumers": 2, "service": { "fixed": "1m" }, "cross_region": { "share": 0.5, "timeout": "5m",
            "rebalance": "20m", "latency": { "exponential": { "mean": "4m" } } } },
        { "cross_region": { "share": 1.0, "timeout": "1m", "rebalance": "0s", "latency": { "fixed": "30s" } } },
    ]);
    let line = one_of(from, lines)?;
    let mut push = with(with(rare, &line), &json!({ "latency": latency(from)? }));
    if !window.is_null() {
        push["window"] = window;
    }
    Ok(json!({ "push": push }))
}

fn log_pull(from: &mut Unstructured) -> Drawn {
    let order = one_of(from, json!(["fixed", "fixed", "shuffled", "poisson"]))?;
    let rare = if order == "fixed" {
        json!({ "loss": 0.4, "jitter": 0.9 })
    } else {
        json!({ "loss": 0.4 })
    };
    let pull = json!({ "every": "50m", "order": order, "latency": latency(from)? });
    Ok(json!({ "pull": with(pull, &some_of(from, rare)?) }))
}

fn poll(from: &mut Unstructured) -> Drawn {
    let kinds = json!([
        { "every": "3h" }, { "every": "3h" }, { "every": "7m" },
        { "every": "2h", "order": "shuffled" }, { "every": "2h", "order": "poisson" }, { "every": "5h", "jitter": 1.0 },
        { "every": "1h", "adaptive": { "min": "10m", "max": "9h" } },
        { "budget_per_day": 100 }, { "budget_per_day": 60, "allocation": "by_popularity" },
        { "budget_per_day": 60, "allocation": "by_change_rate" }, { "budget_per_day": 60, "allocation": "freshest" },
        { "every": "4h", "rate_limit": { "per_second": 0.002, "burst": 3 } },
        { "every": "4h", "paging": { "size": 5, "by": "offset", "crawlers": 2 } },
        { "every": "4h", "paging": { "size": 3, "by": "cursor" }, "rate_limit": { "per_second": 0.01, "burst": 1 } },
    ]);
    let kind = one_of(from, kinds)?;
    let loss = if kind["paging"].is_null() && from.ratio(1, 3)? {
        0.3
    } else {
        0.0
    };
    Ok(json!({ "pull": with(kind, &json!({ "latency": latency(from)?, "loss": loss })) }))
}

/// A source with its delivery.
fn feed(from: &mut Unstructured) -> Drawn {
    let kind = from.int_in_range(0..=11)?;
    Ok(match kind {
        0..4 => {
            let source = json!({ "bootstrap": false, "action": "invalidate", "payload": "increment", "ignores": ["min_nights"] });
            let source = some_of(from, source)?;
            let delivery = if from.ratio(3, 4)? {
                push(from)?
            } else {
                log_pull(from)?
            };
            json!({ "source": { "deltas": source }, "delivery": delivery })
        }
        4..7 => json!({ "source": "inventory", "delivery": poll(from)? }),
        7..9 => {
            let share = one_of(from, json!([1.0, 0.5]))?;
            let mut delivery = if from.arbitrary()? {
                push(from)?
            } else {
                log_pull(from)?
            };
            // Nothing that was seen is seen twice.
            if let Some(push) = delivery.get_mut("push").and_then(Value::as_object_mut) {
                push.remove("duplicates");
            }
            json!({ "source": { "searches": { "share": share } }, "delivery": delivery })
        }
        9..11 => {
            let rare = some_of(
                from,
                json!({ "every": "5h", "build_time": "2h", "in_place": true, "keep": 3 }),
            )?;
            let source = with(json!({ "every": "7h", "build_time": "1h" }), &rare);
            let delivery = if from.arbitrary()? {
                json!({ "push": { "latency": latency(from)?, "loss": 0.2 } })
            } else {
                json!({ "pull": { "every": "40m" } })
            };
            json!({ "source": { "dataset": source }, "delivery": delivery })
        }
        _ => {
            let source = some_of(
                from,
                json!({ "rate_limit": { "per_second": 0.01, "burst": 3 } }),
            )?;
            let delivery = if from.arbitrary()? {
                json!({ "push": { "latency": latency(from)?, "loss": 0.2, "retention": "1h" } })
            } else {
                log_pull(from)?
            };
            json!({ "source": { "hints": source }, "delivery": delivery })
        }
    })
}

fn cache(from: &mut Unstructured) -> Drawn {
    let rare = json!({ "sold_out_ttl": "30m", "purge": { "random": { "per_day": 3 } }, "stale_while_revalidate": "1h" });
    let mut cache = some_of(from, rare)?;
    let ttls = json!([
        null, null, { "fixed": "3h" }, { "sliding": "2h" }, { "jittered": { "mean": "3h", "spread": 0.9 } },
        { "adaptive": { "min": "20m", "max": "8h" } },
        { "by_lead_time": [{ "within": "2d", "ttl": "1h" }, { "ttl": "5h" }] },
    ]);
    let ttl = one_of(from, ttls)?;
    if !ttl.is_null() {
        cache["ttl"] = ttl;
    }
    if from.ratio(1, 4)? {
        let entries = one_of(from, json!([1, 3, 8, 20, 1_000]))?;
        let evict = one_of(from, json!(["lru", "fifo", "random", "lfu", "sieve"]))?;
        cache["capacity"] = json!({ "entries": entries, "evict": evict });
    }
    Ok(cache)
}

fn serving(from: &mut Unstructured) -> Drawn {
    let serving =
        json!({ "on_miss": "say_available", "live_check": "shown", "explore": 0.3, "bypass": 0.2 });
    let serving = some_of(from, serving)?;
    let more = json!([{}, {}, { "on_miss": "say_sold_out" }, { "live_check": "every_search" }]);
    Ok(with(serving, &one_of(from, more)?))
}

fn operations(from: &mut Unstructured) -> Drawn {
    let operations = json!({ "lag_above": "1h", "parity_check": { "every": "2h", "missing_above": 0.2 },
        "repair_after": "90m", "metrics_retention": "1h", "publish_gate": { "catches": 0.5 }, "rollback_after": "4h",
        "circuit_breaker": { "max_flip_share": 0.1, "per": "1h", "reset_after": "3h" },
        "replay": { "over": { "messages_per_second": 1 } }, "components": 4,
        "incidents_per_component_per_month": 20 });
    let operations = some_of(from, operations)?;
    let more = json!([{}, {}, { "alerts": false }, { "replay": { "delete_first": { "messages_per_second": 1 } } }]);
    Ok(with(operations, &one_of(from, more)?))
}

/// An audit of some kind, or none.
fn audits(from: &mut Unstructured) -> Drawn {
    let all = json!([
        [],
        [{ "name": "p", "panel": { "size": 5, "every": "2h", "alert": { "below": 0.8, "in_a_row": 2 } } }],
        [{ "name": "r", "random": { "size": 50, "every": "5h", "frame": "searches", "weigh": true } },
         { "name": "s", "stratified": { "size": 7, "every": "90m", "alert": { "below": 0.9 } } }],
        [{ "name": "t", "rotating": { "size": 4, "every": "3h", "keep": 0.5, "frame": "searches" } }],
    ]);
    one_of(from, all)
}

/// A design, with what has nothing to work on taken out.
fn a_design(from: &mut Unstructured) -> Drawn {
    let mut feeds = Vec::new();
    for name in &["one", "two"][..from.int_in_range(0..=2)?] {
        let apply = one_of(from, json!(["newest", "last_arrival"]))?;
        feeds.push(with(feed(from)?, &json!({ "name": name, "apply": apply })));
    }
    let mut operations = operations(from)?;
    let has = |source: &str| feeds.iter().any(|feed| !feed["source"][source].is_null());
    let is_log =
        |feed: &Value| !feed["source"]["deltas"].is_null() && !feed["delivery"]["push"].is_null();
    let has_messages = has("deltas") || has("searches") || has("hints");
    let publishes = |feed: &Value| {
        let dataset = &feed["source"]["dataset"];
        !dataset.is_null() && dataset["in_place"].is_null()
    };
    let can_publish = feeds.iter().any(publishes);
    let keys = operations.as_object_mut().expect("an object");
    for (key, can) in [
        ("publish_gate", can_publish),
        ("rollback_after", can_publish),
        ("lag_above", has_messages),
        ("parity_check", has_messages),
        ("replay", feeds.iter().any(is_log)),
        ("circuit_breaker", !feeds.is_empty()),
    ] {
        if !can {
            keys.remove(key);
        }
    }
    let mut cache = cache(from)?;
    if cache["ttl"].is_null() {
        let keys = cache.as_object_mut().expect("an object");
        keys.remove("stale_while_revalidate");
        keys.remove("ttl");
    }
    Ok(
        json!({ "name": "a", "feeds": feeds, "cache": cache, "serving": serving(from)?,
        "operations": operations, "audits": audits(from)? }),
    )
}

fn faults(from: &mut Unstructured) -> Result<Vec<Value>> {
    let kinds = [
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
    let mut faults = Vec::new();
    for _ in 0..from.int_in_range(0..=3)? {
        let (name, more) = from.choose(&kinds)?.clone();
        let mut fault = with(
            json!({ "at": one_of(from, json!(["0s", "5h", "20h"]))? }),
            &more,
        );
        if !matches!(name, "cache_flush" | "rule_change") {
            fault["lasts"] = one_of(from, json!(["0s", "3h", "11h", "9d"]))?;
        }
        faults.push(json!({ name: fault }));
    }
    Ok(faults)
}

fn world(from: &mut Unstructured) -> Drawn {
    Ok(if from.ratio(3, 4)? {
        json!({ "two_state": { "stays": 14, "sells_out_per_day": 3, "reopens_per_day": 4,
            "searches_per_stay_per_day": 12, "popularity": { "zipf": 0.9 } } })
    } else {
        json!({ "hotels": { "count": 2, "booking_window": "4d", "max_nights": 2, "searches_per_request": 20,
            "supplier_changes_per_hotel_per_day": 8, "demand": { "requests_per_hotel_per_day": 4 } } })
    })
}

/// Takes out of a design what means nothing in a textbook world.
fn as_textbook(design: &mut Value) {
    for feed in design["feeds"].as_array_mut().expect("a list") {
        let deltas = feed.pointer_mut("/source/deltas");
        if let Some(deltas) = deltas.and_then(Value::as_object_mut) {
            deltas.remove("ignores");
        }
    }
    if !design["cache"]["ttl"]["by_lead_time"].is_null() {
        design["cache"]["ttl"] = json!({ "fixed": "2h" });
    }
}

/// Whether a fault has something to strike in one of the designs.
fn strikes(fault: &Value, designs: &[Value], textbook: bool) -> bool {
    let (name, of) = fault
        .as_object()
        .and_then(|fault| fault.iter().next())
        .expect("a name");
    let is_line = |feed: &Value| {
        let keys = ["consumers", "partitions", "cross_region"];
        let push = &feed["delivery"]["push"];
        keys.iter().any(|key| !push[key].is_null())
    };
    let is_struck = |feed: &Value| {
        (of["feed"].is_null() || of["feed"] == feed["name"])
            && match name.as_str() {
                "bad_dataset" => !feed["source"]["dataset"].is_null(),
                "rebalance_storm" | "less_capacity" => is_line(feed),
                _ => of["stream"].is_null() || !feed["source"]["deltas"].is_null(),
            }
    };
    match name.as_str() {
        "traffic_drop" | "demand_shock" | "cache_flush" => true,
        "rule_change" => !textbook,
        _ => {
            let of_fault =
                |design: &&Value| of["design"].is_null() || of["design"] == design["name"];
            let mut feeds = designs
                .iter()
                .filter(of_fault)
                .flat_map(|design| design["feeds"].as_array().expect("a list"));
            feeds.any(is_struck)
        }
    }
}

/// What a world can have besides.
fn more_of_world(from: &mut Unstructured, world: &mut Value) -> Result<()> {
    let services =
        json!([null, null, null, { "capacity_per_second": 0.004 }, { "capacity_per_second": 2 }]);
    let service = one_of(from, services)?;
    let represents = one_of(from, json!([null, null, 900]))?;
    let (_, of) = world
        .as_object_mut()
        .and_then(|world| world.iter_mut().next())
        .expect("a kind");
    let more = if of["stays"].is_null() {
        let demand = one_of_each(
            from,
            &json!({
                "profile": [null, "resort", "mixed"],
                "lead_time": [null, null, { "exponential": { "mean": "2d" } }, { "lognormal": { "median": "1d", "p99": "9d" } },
                    { "cumulative": [{ "within": "0d", "share": 0.2 }, { "within": "3d", "share": 1 }] }],
                "nights": [null, null, [0.7, 0.3]], "group_share": [null, 0, 0.6], "rooms_per_group": [null, 7],
                "arrival_days_per_group": [null, 1.5], "overdispersion": [null, 1, 4], "cancelled_share": [null, 0, 0.9],
                "cancelled_by_lead_time": [null, null, [{ "within": "1d", "share": 0.5, "same_day_share": 0.5 },
                    { "share": 0.8, "same_day_share": 0 }]],
                "arrivals_by_weekday": [null, [2, 1, 1, 1, 1, 1, 1]], "requests_by_weekday": [null, [1, 1, 1, 1, 1, 1, 2]],
                "hours": [null, "flat"],
            }),
        )?;
        of["demand"] = with(of["demand"].clone(), &demand);
        let plans = one_of_each(
            from,
            &json!({
                "count": [null, 1, 3], "closed_share": [null, 0.3, 0], "min_nights_share": [null, 0.5],
                "closed_to_arrival_share": [null, 0.4], "min_lead_share": [null, 0.4], "for_all_share": [null, 0, 1],
            }),
        )?;
        let supply = one_of_each(
            from,
            &json!({
                "room_types": [null, 1, 4], "sold_out_share": [null, 0.5, 0], "rooms_spread": [null, 1],
                "close_out_share": [null, 0, 0.5], "restriction_share": [null, 0, 0.5], "close_out_lasts": [null, "3h"],
                "nights_per_change": [null, 1, 9], "rate_plans": [null, plans],
            }),
        )?;
        let rare = one_of_each(
            from,
            &json!({ "joins_per_year": [null, null, 90], "leaves_per_year": [null, null, 90],
                "popularity": [null, { "zipf": 2 }] }),
        )?;
        with(rare, &json!({ "supply": supply }))
    } else {
        let rates = json!([
            {}, {}, { "rate_spread": { "gamma": { "shape": 0.3 } } },
            { "rate_classes": [{ "share": 0.2, "times": 5 }, { "share": 0.8, "times": 0 }] },
        ]);
        one_of(from, rates)?
    };
    *of = with(of.take(), &more);
    for (key, value) in [("live_service", service), ("represents", represents)] {
        if !value.is_null() {
            of[key] = value;
        }
    }
    Ok(())
}

/// What a design can have besides.
fn more_of_design(from: &mut Unstructured, design: &mut Value) -> Result<()> {
    let lasts = json!([null, null, { "fixed": "9h" }, { "exponential": { "mean": "2h" } }]);
    let lasts = one_of(from, lasts)?;
    let share = one_of(from, json!([null, 0.5, 1]))?;
    let audits = json!([
        null, null, null, { "panel": { "size": 6, "every": "2h", "frame": "searches", "confidence": 0.5 } },
        { "stratified": { "size": 9, "every": "3h", "strata": 2 } },
    ]);
    let audit = one_of(from, audits)?;
    if !lasts.is_null() {
        design["operations"]["incident_lasts"] = lasts;
    }
    if !share.is_null() && !design["cache"]["ttl"]["adaptive"].is_null() {
        design["cache"]["ttl"]["adaptive"]["share"] = share;
    }
    if !audit.is_null() {
        let audits = design["audits"].as_array_mut().expect("a list");
        audits.push(with(audit, &json!({ "name": "more" })));
    }
    Ok(())
}

/// What may be read of the copy, and what an answer costs.
fn more_of_scenario(from: &mut Unstructured) -> Drawn {
    let bulk = json!({ "name": "lake", "reads": "bulk" });
    let searches = json!({ "name": "shop", "reads": "searches",
        "needs": [{ "metric": "accuracy", "at_least": 0.9 }, { "metric": "staleness_s", "at_most": 60 }] });
    let lake = one_of_each(
        from,
        &json!({ "every": ["5h", "1h"], "weigh": [null, "stays", "searches", "bookings"] }),
    )?;
    let audiences = json!([[], [], [with(bulk, &lake), searches]]);
    let prices = json!([{}, {}, { "delta": { "usd_per_million": 1e9 }, "stored": { "usd_per_million_months": 1e9 },
        "component": { "usd_per_month": 1e9 }, "false_sold_out": { "usd_each": 0 }, "false_available": { "usd_each": 3 } }]);
    Ok(
        json!({ "bounds": one_of(from, json!([false, false, true]))?, "audiences": one_of(from, audiences)?,
        "prices": one_of(from, prices)? }),
    )
}

/// A scenario of a day, with one design or two.
///
/// # Errors
/// None: once the bytes are used up, the first of each choice is drawn.
pub fn a_scenario(from: &mut Unstructured) -> Drawn {
    let (mut world, design, mut faults) = (world(from)?, a_design(from)?, faults(from)?);
    let textbook = !world["two_state"].is_null();
    let (warmup, seed) = (
        one_of(from, json!(["0s", "13h"]))?,
        from.int_in_range(0..=999)?,
    );
    // Drawn after all of the above: inputs that were kept before there was this go on meaning what they meant.
    more_of_world(from, &mut world)?;
    let mut designs = vec![design];
    if one_of(from, json!([false, false, true]))? == true {
        designs.push(with(a_design(from)?, &json!({ "name": "b" })));
    }
    for design in &mut designs {
        more_of_design(from, design)?;
    }
    for fault in &mut faults {
        let streams = if textbook {
            json!([null, null, "flips"])
        } else {
            json!([
                null,
                null,
                null,
                "bookings",
                "cancellations",
                "close_outs",
                "reopenings",
                "rates"
            ])
        };
        let of = one_of_each(
            from,
            &json!({ "design": [null, null, "a", "b"], "feed": [null, null, "one", "two"], "stream": streams }),
        )?;
        let (name, what) = fault
            .as_object_mut()
            .and_then(|fault| fault.iter_mut().next())
            .expect("a name");
        let aims = matches!(
            name.as_str(),
            "outage" | "pause" | "slow" | "leak" | "wrong_answers"
        );
        if aims {
            *what = with(what.take(), &of);
        }
    }
    if textbook {
        designs.iter_mut().for_each(as_textbook);
    }
    // What would be refused, for want of something to strike.
    faults.retain(|fault| strikes(fault, &designs, textbook));
    let scenario = json!({ "version": 1, "seed": seed, "run": { "warmup": warmup, "length": "1d", "replicates": 2 },
        "world": world, "designs": designs, "faults": faults });
    Ok(with(scenario, &more_of_scenario(from)?))
}

/// What does not hold, if anything.
type Held = std::result::Result<(), TestCaseError>;

fn is_fine(key: &str, estimate: &Estimate) -> Held {
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

/// Whatever fits together runs, breaks no invariant, and gives numbers that can be; whether it ran, or was refused.
///
/// # Errors
/// What does not hold.
pub fn holds(scenario: &Value) -> std::result::Result<bool, TestCaseError> {
    let Ok(document) = parse(&scenario.to_string()) else {
        return Ok(false);
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
        let of_audits = design
            .audits
            .values()
            .flat_map(|audit| audit.metrics.values());
        for estimate in of_audits {
            prop_assert!(estimate.mean.is_finite());
        }
        let curves = design.series.curves.values().flatten().flatten();
        prop_assert!(
            curves
                .copied()
                .all(|value| value.is_finite() && value >= -1e-9)
        );
        for of in design.distributions.values() {
            prop_assert!(of.than.is_sorted_by(|a, b| a < b) && of.than.len() == of.above.len());
            prop_assert!(
                of.above.is_sorted_by(|a, b| a.mean >= b.mean),
                "{:?}",
                of.above
            );
            let is_share = |above: &Estimate| (0.0..=1.0).contains(&above.mean);
            prop_assert!(of.above.iter().all(is_share));
            // What is stale at all is more than what is staler than no time.
            let stale = design.metrics["stale_hits"].mean;
            prop_assert!(
                of.above[0].mean <= stale + 1e-9,
                "{:?} of {stale}",
                of.above[0]
            );
        }
        for struck in &design.faults {
            prop_assert!(struck.noticed <= struck.replicates, "{:?}", struck);
        }
        let events = &design.events;
        prop_assert!(
            events.iter().all(|event| event.hour <= 24.0),
            "{:?}",
            events
        );
        prop_assert!(events.is_sorted_by(|a, b| a.hour <= b.hour), "{:?}", events);
    }
    for difference in &results.differences {
        let bounds = difference.ci95.into_iter().flatten();
        let all_finite = bounds.chain([difference.mean]).all(f64::is_finite);
        prop_assert!(all_finite, "{:?}", difference);
    }
    for fitness in results.audiences.iter().flat_map(|of| &of.designs) {
        for (key, estimate) in &fitness.metrics {
            is_fine(key, estimate)?;
        }
    }
    // What is written is read again as it was.
    let written = serde_json::to_string(&results).expect("it can be written");
    let read: Results = serde_json::from_str(&written).expect("it can be read");
    prop_assert!(read == results, "it is read as something else: {}", written);
    Ok(true)
}
