//! Audiences: what each finds of a copy that it reads in its own way, and whether it is fit for them.

use serde_json::{Value, json};
use stayfresh::report::results::Judgement;

use crate::hit_ratios::zipf;
use crate::simulated::{CHANGES_PER_DAY, cached, check, decay, found, pushed, ran, scenario};

const CHANGES: f64 = CHANGES_PER_DAY;

fn bulk(name: &str, every: &str, weigh: &str) -> Value {
    json!({ "name": name, "reads": "bulk", "every": every, "weigh": weigh })
}

fn searches(name: &str, weigh: &str) -> Value {
    json!({ "name": name, "reads": "searches", "weigh": weigh })
}

/// What was read when it was right is right a time t later with (1 + e^(−2ct)) / 2, where items change c times
/// a day either way (a two-state chain; W. Feller, vol. I, XVII.5); over the day until the next read that is
/// (1 + (1 − e^(−2c)) / 2c) / 2. Popular items change no more than others, so that the weight does not
/// matter; who reads often works with what is nearly right.
#[test]
fn a_daily_reader_of_a_perfect_copy() {
    let world = json!({ "stays": 300, "sells_out_per_day": CHANGES, "reopens_per_day": CHANGES,
                        "searches_per_stay_per_day": 4.0, "popularity": { "zipf": 0.8 } });
    let mut scenario = scenario(&world, &json!([pushed("perfect", &json!({}))]));
    scenario["audiences"] = json!([
        bulk("daily", "1d", "stays"),
        bulk("daily by searches", "1d", "searches"),
        bulk("hourly", "1h", "stays"),
    ]);
    let right = |days: f64| f64::midpoint(1.0, decay(2.0 * CHANGES * days));
    let results = ran(&scenario);
    check(
        &results,
        &[
            ("perfect", "daily/accuracy", right(1.0)),
            ("perfect", "daily/false_available", (1.0 - right(1.0)) / 2.0),
            ("perfect", "daily/false_sold_out", (1.0 - right(1.0)) / 2.0),
            ("perfect", "daily by searches/accuracy", right(1.0)),
            ("perfect", "hourly/accuracy", right(1.0 / 24.0)),
            ("perfect", "daily/coverage", 1.0),
        ],
    );
}

/// A read finds the entries that are there: an item searched s times a day and held for a lifetime T is held
/// a share sT / (1 + sT) of the time (renewal reward, as the hit ratio of a cache with lifetimes).
#[test]
fn a_reader_in_bulk_finds_what_is_held() {
    let (stays, mean, lifetime) = (300, 4.0, 0.25);
    let world = json!({ "stays": stays, "sells_out_per_day": CHANGES, "reopens_per_day": CHANGES,
                        "searches_per_stay_per_day": mean, "popularity": { "zipf": 0.8 } });
    let held = cached("held", &json!({ "ttl": { "fixed": "6h" } }));
    let mut scenario = scenario(&world, &json!([held]));
    scenario["audiences"] = json!([
        bulk("by stays", "5h", "stays"),
        bulk("by searches", "5h", "searches"),
    ]);
    let shares = zipf(stays, 0.8);
    let rate = |share: f64| share * mean * stays as f64;
    let is_held = |share: f64| rate(share) * lifetime / (1.0 + rate(share) * lifetime);
    let by_stays = shares.iter().map(|share| is_held(*share)).sum::<f64>() / stays as f64;
    let by_searches: f64 = shares.iter().map(|share| share * is_held(*share)).sum();
    check(
        &ran(&scenario),
        &[
            ("held", "by stays/coverage", by_stays),
            ("held", "by searches/coverage", by_searches),
        ],
    );
}

fn hotels() -> Value {
    json!({
        "version": 1, "seed": 5,
        "run": { "warmup": "7d", "length": "7d", "replicates": 4 },
        "world": { "hotels": {
            "count": 4, "booking_window": "14d", "max_nights": 3,
            "demand": { "requests_per_hotel_per_day": 20.0, "profile": "city" },
            "searches_per_request": 20.0, "supplier_changes_per_hotel_per_day": 10.0
        } },
        "designs": [
            { "name": "natural traffic",
              "feeds": [{ "name": "observed", "source": "searches", "delivery": "push" }],
              "cache": { "ttl": { "fixed": "1d" } },
              "serving": { "on_miss": "say_available", "live_check": "shown" },
              "audits": [{ "name": "panel", "panel": { "size": 50, "every": "6h" } }] },
        ],
        "audiences": [
            searches("selection", "searches"),
            searches("catalogue", "stays"),
            searches("sales", "bookings"),
            bulk("bidding", "12h", "bookings"),
        ],
    })
}

/// Who reads searches finds what the metrics of the same weight say, to the last bit.
#[test]
fn readers_of_searches_find_the_metrics() {
    let results = ran(&hotels());
    let found = |what: &str| found(&results, "natural traffic", what);
    for (theirs, ours) in [
        ("selection/accuracy", "search_accuracy"),
        ("selection/false_sold_out", "search_false_sold_out"),
        ("selection/coverage", "hit_ratio"),
        ("catalogue/accuracy", "accuracy"),
        ("catalogue/false_available", "false_available"),
        ("catalogue/coverage", "coverage"),
        ("sales/false_sold_out", "lost_bookings"),
    ] {
        assert_eq!(found(theirs), found(ours), "{theirs}");
    }
    // What is booked is available: it can only be called sold out wrongly.
    for audience in ["sales", "bidding"] {
        let of = |metric: &str| found(&format!("{audience}/{metric}")).mean;
        assert_eq!(of("false_available"), 0.0);
        assert!((of("accuracy") + of("false_sold_out") - 1.0).abs() < 1e-12);
        assert!(of("false_sold_out") > 0.0);
    }
}

/// One copy, two audiences: fit for one, unfit for the other, which the other's number would have misled.
#[test]
fn the_number_of_one_misleads_another() {
    let mut scenario = hotels();
    scenario["run"]["replicates"] = json!(16);
    let results = ran(&scenario);
    let accuracy =
        |audience: &str| found(&results, "natural traffic", &format!("{audience}/accuracy"));
    let (catalogue, sales) = (accuracy("catalogue").mean, accuracy("sales").mean);
    assert!((catalogue - sales).abs() > 0.02, "{catalogue} {sales}");
    let (high, low) = if catalogue > sales {
        ("catalogue", "sales")
    } else {
        ("sales", "catalogue")
    };
    let limit = f64::midpoint(catalogue, sales);
    for audience in scenario["audiences"].as_array_mut().expect("audiences") {
        if [high, low].iter().any(|name| audience["name"] == *name) {
            audience["needs"] = json!([{ "metric": "accuracy", "at_least": limit }]);
        }
    }
    let results = ran(&scenario);
    let fitness = |name: &str| {
        let audience = results.audiences.iter().find(|of| of.name == name);
        serde_json::to_value(&audience.expect("the audience").designs[0]).expect("JSON")
    };
    assert_eq!(fitness(high)["verdict"], "held");
    assert_eq!(fitness(low)["verdict"], "missed");
    let misled = fitness(low)["misled_by"]
        .as_array()
        .expect("numbers")
        .clone();
    let path = format!("audiences/{high}/accuracy");
    assert!(
        misled
            .iter()
            .any(|by| by["metric"] == *path && by["says"] == "held"),
        "{misled:?}"
    );
    // Nobody who has no need is judged.
    assert!(fitness("bidding").get("verdict").is_none());
}

/// Replicates that agree are no proof, unless the calendar alone decides: a dataset that comes on time, and is kept. A
/// chance to be purged, small as it is, leaves it open.
#[test]
fn what_the_calendar_decides_is_certain() {
    let world = json!({ "stays": 50, "sells_out_per_day": 1, "reopens_per_day": 1 });
    let design = |name: &str, purges: f64| {
        json!({ "name": name, "serving": { "on_miss": "say_available" },
            "cache": { "purge": { "random": { "per_day": purges } } },
            "feeds": [{ "name": "nightly", "source": { "dataset": { "every": "1d", "build_time": "1h" } }, "delivery": "push" }] })
    };
    let mut certain = design("kept", 1.0);
    certain["cache"] = json!({});
    let mut scenario =
        crate::simulated::scenario(&world, &json!([certain, design("purged", 1e-9)]));
    scenario["run"] = json!({ "warmup": "2d", "length": "3d", "replicates": 3 });
    scenario["audiences"] = json!([{ "name": "bidding", "reads": "bulk", "every": "1d", "weigh": "stays",
        "needs": [{ "metric": "coverage", "at_least": 0.9 }] }]);
    let results = crate::simulated::ran(&scenario);
    let verdicts: Vec<_> = results.audiences[0]
        .designs
        .iter()
        .map(|of| (of.needs[0].mean, of.verdict))
        .collect();
    assert_eq!(
        verdicts,
        [
            (Some(1.0), Some(Judgement::Held)),
            (Some(1.0), Some(Judgement::Undecided))
        ]
    );
    let said = stayfresh::report::fitness::all(&results);
    assert!(
        said[0].lines[1].ends_with("; all replicates agree, which may be chance)"),
        "{said:?}"
    );
}
