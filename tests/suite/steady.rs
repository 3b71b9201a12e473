//! Plain stays are gone through change by change or search by search, quiet ones in one step, others event by event:
//! an audit, which touches nothing, makes a stay one of the others. And searches that are counted are those that can
//! be walked one by one.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use stayfresh::report::results::{DesignResults, Results};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

/// How far shares of hits may be apart that are served staler than this or that: counted hits are spread over their
/// stretch, walked ones fall where they do. With 10,000 hits and more a share's own standard error is below 0.005;
/// and buckets are 3 % wide.
const TOLERANCE: f64 = 0.03;

fn worlds() -> impl Strategy<Value = Value> {
    let rates = (
        select(vec![0.0, 0.3, 2.0, 20.0]),
        select(vec![0.1, 2.0, 30.0]),
    );
    (rates, any::<bool>()).prop_map(|((sells_out, reopens), zipf)| {
        let popularity = if zipf { json!({ "zipf": 1 }) } else { json!("uniform") };
        json!({ "two_state": { "stays": 300, "sells_out_per_day": sells_out, "reopens_per_day": reopens,
            "searches_per_stay_per_day": 30, "popularity": popularity } })
    })
}

fn hotels() -> Value {
    json!({ "hotels": { "count": 12, "booking_window": "20d", "max_nights": 3, "searches_per_request": 200,
        "demand": { "requests_per_hotel_per_day": 5.0, "profile": "city" },
        "supplier_changes_per_hotel_per_day": 3.0 } })
}

fn designs() -> impl Strategy<Value = Value> {
    let pull = (
        select(vec!["10m", "1h", "5h", "1d"]),
        select(vec!["0s", "1s", "7m", "4h"]),
        select(vec!["fixed", "fixed", "fixed", "poisson"]),
    );
    let cache = (
        select(vec![
            json!("none"),
            json!({ "fixed": "30h" }),
            json!({ "fixed": "90m" }),
        ]),
        select(vec![Value::Null, json!("26h"), json!("2h")]),
        select(vec!["0s", "3h"]),
    );
    let on_miss = select(vec!["ask_live", "say_available", "say_sold_out"]);
    (pull, cache, on_miss).prop_map(
        |((every, latency, order), (ttl, sold_out, grace), on_miss)| {
            let pull = json!({ "every": every, "order": order, "latency": { "fixed": latency } });
            let mut cache = json!({ "ttl": ttl });
            // What is served after a lifetime needs one.
            if ttl != json!("none") || !sold_out.is_null() {
                cache["stale_while_revalidate"] = json!(grace);
            }
            if !sold_out.is_null() {
                cache["sold_out_ttl"] = sold_out;
            }
            json!({ "name": "poll", "serving": { "on_miss": on_miss }, "cache": cache,
            "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": pull } }] })
        },
    )
}

/// Pushed changes, and natural traffic: with a feed that delays nothing, which is plain, and others.
fn pushed(of_hotels: bool) -> impl Strategy<Value = Value> {
    let mut sources = vec![
        json!("searches"),
        json!("searches"),
        json!("deltas"),
        json!({ "deltas": { "bootstrap": false } }),
    ];
    if of_hotels {
        sources.push(json!({ "deltas": { "ignores": ["min_nights"] } }));
    }
    let source = (select(sources), select(vec!["never", "shown"]));
    let push = (
        select(vec!["0s", "0s", "20m"]),
        select(vec![0.0, 0.0, 0.1]),
        select(vec!["newest", "last_arrival"]),
    );
    let ttl = select(vec![
        json!("none"),
        json!("none"),
        json!({ "fixed": "30h" }),
    ]);
    let on_miss = select(vec!["ask_live", "say_available", "say_sold_out"]);
    (source, push, ttl, on_miss).prop_map(
        |((source, check), (latency, loss, apply), ttl, on_miss)| {
            let shown = if source == json!("searches") {
                "shown"
            } else {
                check
            };
            json!({ "name": "pushed", "cache": { "ttl": ttl },
                "serving": { "on_miss": on_miss, "live_check": shown },
                "feeds": [{ "name": "pushed", "source": source, "apply": apply,
                    "delivery": { "push": { "latency": { "fixed": latency }, "loss": loss } } }] })
        },
    )
}

fn ran(scenario: &Value, each: bool) -> Results {
    let study = Study::new(parse(&scenario.to_string()).unwrap_or_else(|all| panic!("{all:#?}")));
    let mut study = if each {
        study.walking_each_search()
    } else {
        study
    };
    run(&mut study, 1, &mut |_| {});
    assert!(study.broken().is_empty(), "{:?}", study.broken());
    study.results().expect("results")
}

/// The same numbers, but for what an audit costs, and for how hits are spread.
fn alike(one: &DesignResults, other: &DesignResults) {
    for (name, estimate) in &one.metrics {
        let (a, b) = (estimate.mean, other.metrics[name].mean);
        if name.starts_with("served_") {
            // By their distributions, below.
            continue;
        }
        if !name.contains("usd") && name != "live_asks_peak_per_s" {
            assert_eq!(a.to_bits(), b.to_bits(), "{name}: {a} and {b}");
        }
    }
    for (name, estimate) in &one.counts_per_day {
        if !name.contains("audit") {
            let (a, b) = (estimate.mean, other.counts_per_day[name].mean);
            assert_eq!(a.to_bits(), b.to_bits(), "{name} a day: {a} and {b}");
        }
    }
    assert_eq!(one.series, other.series);
    for (name, one) in &one.distributions {
        let other = &other.distributions[name];
        for (index, (a, b)) in one.above.iter().zip(&other.above).enumerate() {
            let than = one.than[index];
            let close = (a.mean - b.mean).abs() < TOLERANCE;
            assert!(close, "{name} above {than}: {} and {}", a.mean, b.mean);
        }
    }
}

fn check(world: &Value, design: &Value, faults: &Value, warmup: &str) {
    let scenario = |design: &Value| {
        json!({ "version": 1, "seed": 7, "run": { "warmup": warmup, "length": "4d", "replicates": 1 },
            "world": world, "designs": [design], "faults": faults })
    };
    // Shown with what fails.
    println!("{}", scenario(design));
    let plain = ran(&scenario(design), false);
    let mut audited = design.clone();
    audited["audits"] = json!([{ "name": "panel", "panel": { "size": 5, "every": "6h" } }]);
    let audited = ran(&scenario(&audited), false);
    alike(&plain.designs[0], &audited.designs[0]);
    let each = ran(&scenario(design), true);
    alike(&plain.designs[0], &each.designs[0]);
}

fn faults() -> impl Strategy<Value = Value> {
    select(vec![
        json!([]),
        json!([]),
        json!([{ "traffic_drop": { "at": "1d", "lasts": "1d", "times": 0.2 } }]),
        json!([{ "cache_flush": { "at": "1d" } }]),
        json!([{ "outage": { "at": "30h", "lasts": "9h" } }]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn items_gone_through_change_by_change_are_the_same(
        world in worlds(), design in designs(), faults in faults(),
        warmup in select(vec!["0s", "5h", "3d"]),
    ) {
        check(&world, &design, &faults, warmup);
    }

    #[test]
    fn what_is_pushed_to_items_is_the_same_however_it_is_gone_through(
        world in worlds(), design in pushed(false), faults in faults(),
        warmup in select(vec!["0s", "5h", "3d"]),
    ) {
        check(&world, &design, &faults, warmup);
    }
}

/// A miss asks while answers of earlier polls are on their way: what it was told is newer, and is asked for again and
/// again in its grace.
#[test]
fn what_misses_asked_is_served_until_a_later_poll_is_there() {
    let world = json!({ "two_state": { "stays": 300, "sells_out_per_day": 2, "reopens_per_day": 2,
        "searches_per_stay_per_day": 30 } });
    for (every, latency, cache, warmup) in [
        ("10m", "4h", json!({}), "5h"),
        (
            "10m",
            "4h",
            json!({ "ttl": { "fixed": "90m" }, "stale_while_revalidate": "3h" }),
            "3d",
        ),
        (
            "1h",
            "1h",
            json!({ "ttl": { "fixed": "61m" }, "stale_while_revalidate": "30m" }),
            "1d",
        ),
    ] {
        let pull = json!({ "every": every, "latency": { "fixed": latency } });
        let design = json!({ "name": "poll", "cache": cache,
            "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": pull } }] });
        check(&world, &design, &json!([]), warmup);
    }
}

/// Hotels that join and leave, and all that may become of their messages.
#[test]
fn what_a_replica_writes_is_gone_through_as_it_is_walked() {
    let mut world = hotels();
    (
        world["hotels"]["joins_per_year"],
        world["hotels"]["leaves_per_year"],
    ) = (json!(60), json!(60));
    let push = |source: Value, push: Value, apply: &str| {
        json!({ "name": "push", "feeds": [{ "name": "push", "source": source, "apply": apply,
            "delivery": { "push": push } }] })
    };
    let late =
        json!({ "latency": { "exponential": { "mean": "2h" } }, "loss": 0.1, "duplicates": 0.2 });
    let designs = [
        push(json!("deltas"), json!({}), "newest"),
        push(json!("deltas"), late.clone(), "newest"),
        push(json!("deltas"), late.clone(), "last_arrival"),
        push(
            json!({ "deltas": { "ignores": ["min_nights", "rate_plans"] } }),
            late,
            "newest",
        ),
    ];
    let faults = [
        json!([]),
        json!([{ "wrong_answers": { "at": "1d", "lasts": "1d", "share": 0.3 } }]),
        json!([{ "outage": { "at": "30h", "lasts": "9h" } }]),
    ];
    for design in &designs {
        for (faults, warmup) in faults.iter().zip(["0s", "1d", "0s"]) {
            check(&world, design, faults, warmup);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn stays_gone_through_change_by_change_are_the_same(
        design in designs(), faults in faults(), warmup in select(vec!["0s", "3d"]),
    ) {
        check(&hotels(), &design, &faults, warmup);
    }

    #[test]
    fn what_is_pushed_to_stays_is_the_same_however_it_is_gone_through(
        design in pushed(true), faults in faults(), warmup in select(vec!["0s", "3d"]),
    ) {
        check(&hotels(), &design, &faults, warmup);
    }
}
