//! Asks after hints that wait for a rate limit: in line as theory has it, and in no minute more than it lets
//! pass.

use serde_json::{Value, json};

use crate::simulated::{CHANGES_PER_DAY, check, design, found, ran, simulate, struck, symmetric};

fn hinted(name: &str, limit: Value, delivery: &Value) -> Value {
    json!({ "name": name, "feeds": [{ "name": "hints", "source": { "hints": { "rate_limit": limit } },
        "delivery": delivery }] })
}

/// An item is a hotel of its own here, whose hints are Poisson: all together wait as in M/D/1, ρ / (2μ(1 − ρ)) on
/// average (Pollaczek and Khinchine), and an item is stale while it waits. So few of 3,000 items wait that hints
/// that come meanwhile do not show.
#[test]
fn hints_of_single_stays_wait_as_in_m_d_1() {
    let stays = 3_000.0;
    let mut world = symmetric(0.0);
    world["stays"] = json!(stays);
    let per_day = stays * CHANGES_PER_DAY;
    let (mut designs, mut expected) = (Vec::new(), Vec::new());
    for (name, load) in [("half", 0.5), ("most", 0.8)] {
        let asked_per_day = per_day / load;
        let limit = json!({ "per_second": asked_per_day / 86_400.0 });
        designs.push(hinted(name, limit, &json!("push")));
        let waits = load / (2.0 * asked_per_day * (1.0 - load));
        let stale = CHANGES_PER_DAY * waits;
        expected.extend([
            (name, "freshness", 1.0 - stale),
            (name, "accuracy", 1.0 - stale),
            (name, "asks_hint", per_day),
        ]);
    }
    let scenario = struck(&world, &json!(designs), ("4d", "4d"), &json!([]));
    check(&ran(&scenario), &expected);
}

/// With more hints than asks, what is asked is what the limit lets pass, and no line grows for ever: each item
/// waits in it once.
#[test]
fn an_overloaded_limit_asks_all_the_time() {
    let limit = json!({ "per_second": 0.005 });
    let results = simulate(
        &symmetric(0.0),
        &json!([hinted("few", limit, &json!("push"))]),
    );
    let asks = found(&results, "few", "asks_hint").mean;
    // An ask more or less, of 20 days.
    assert!((asks - 432.0).abs() <= 0.05, "{asks} a day");
    // In turn, one of 300 items every 200 s: each at most every 60,000 s, and it was asked when the last hint was
    // as old as that at most.
    let staleness = found(&results, "few", "staleness_s").mean;
    assert!(staleness < 60_000.0, "{staleness}");
}

/// Four hotels of 40 stays are all told of at midnight: 160 asks at once, or so many a second and a burst.
#[test]
fn a_rate_limit_bounds_the_busiest_minute() {
    let midnight = json!({ "push": { "window": { "clock": "1d" } } });
    let read = json!({ "pull": { "every": "6h" } });
    let limit = |burst: u32| json!({ "per_second": 0.5, "burst": burst });
    let scenario = json!({ "version": 1, "run": { "warmup": "1d", "length": "4d", "replicates": 4 },
        "world": { "hotels": { "count": 4, "booking_window": "20d", "max_nights": 2, "searches_per_request": 1,
            "supplier_changes_per_hotel_per_day": 40, "demand": { "requests_per_hotel_per_day": 10 } } },
        "designs": [
            hinted("at once", Value::Null, &midnight),
            hinted("one by one", limit(1), &midnight),
            hinted("in a burst", limit(41), &midnight),
            hinted("without bounds", json!({ "per_second": 1e9, "burst": 100_000_000 }), &midnight),
            hinted("read", Value::Null, &read),
            hinted("read, one by one", limit(1), &read)] });
    let results = ran(&scenario);
    let peak = |name: &str| found(&results, name, "live_asks_peak_per_s").mean;
    let asked = |name: &str| found(&results, name, "asks_hint").mean;
    for (name, expected) in [
        ("at once", 160.0 / 60.0),
        ("without bounds", 160.0 / 60.0),
        // One every two seconds.
        ("one by one", 0.5),
        // 41 at once, then those of 2 s, 4 s, …, 58 s.
        ("in a burst", 70.0 / 60.0),
        ("read", 160.0 / 60.0),
        ("read, one by one", 0.5),
    ] {
        assert!(
            (peak(name) - expected).abs() < 1e-9,
            "{name}: {}",
            peak(name)
        );
        assert!(
            asked(name) > 0.97 * 160.0,
            "{name}: {} asks a day",
            asked(name)
        );
    }
    // 160 asks in 318 s: all are made.
    assert_eq!(asked("one by one"), asked("at once"));
    // A limit that nothing exceeds changes no number.
    let of = |name: &str| &design(&results, name).metrics;
    assert_eq!(of("without bounds"), of("at once"));
}
