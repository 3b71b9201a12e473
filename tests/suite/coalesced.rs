//! Hints that tell of several changes at once, and pages that a bug turns round.

use serde_json::{Value, json};

use crate::simulated::{CHANGES_PER_DAY, check, ran, scenario, simulate, struck, symmetric};

/// Changes at rate c: a window W after the first sends c/(1 + cW) hints, a clock (1 − e^(−cW))/W, so much quiet
/// ce^(−cW) (see `window`). An item is a hotel of its own here, and each hint has it asked once. What is asked
/// at the flush of a clock is what a poll would find.
#[test]
fn a_window_gathers_hints() {
    let (c, w) = (CHANGES_PER_DAY, 4.0 / 24.0);
    let hinted = |name: &str, window: Value| {
        json!({ "name": name, "feeds": [{ "name": "hints", "source": "hints",
            "delivery": { "push": { "window": window } } }] })
    };
    let designs = json!([
        hinted("after the first", json!({ "after_first": "4h" })),
        hinted("clock", json!({ "clock": "4h" })),
        hinted("quiet", json!({ "quiet": "4h" })),
    ]);
    let decay = (-c * w).exp();
    let sent = [c / (1.0 + c * w), (1.0 - decay) / w, c * decay];
    let fresh = [1.0 / (1.0 + c * w), (1.0 - decay) / (c * w), decay];
    let mut expected = Vec::new();
    for ((name, sent), fresh) in ["after the first", "clock", "quiet"]
        .into_iter()
        .zip(sent)
        .zip(fresh)
    {
        expected.extend([
            (name, "asks_hint", 300.0 * sent),
            (name, "deltas", 300.0 * sent),
            (name, "freshness", fresh),
            (name, "feed_superseded", 1.0 - sent / c),
        ]);
    }
    check(&simulate(&symmetric(0.0), &designs), &expected);
}

/// All stays of a hotel are asked once for all that changed in it: the longer the window, the fewer.
#[test]
fn a_hotel_is_asked_once_a_window() {
    let hinted = |window: &str| {
        json!({ "name": window, "feeds": [{ "name": "hints", "source": "hints",
            "delivery": { "push": { "window": { "clock": window } } } }] })
    };
    let scenario = json!({ "version": 1, "run": { "warmup": "1d", "length": "4d", "replicates": 4 },
        "world": { "hotels": { "count": 4, "booking_window": "20d", "max_nights": 2, "searches_per_request": 1,
            "supplier_changes_per_hotel_per_day": 40, "demand": { "requests_per_hotel_per_day": 10 } } },
        "designs": [hinted("1h"), hinted("6h"),
            { "name": "polls", "feeds": [{ "name": "poll", "source": "inventory",
                "delivery": { "pull": { "every": "6h" } } }] }] });
    let results = ran(&scenario);
    // So busy a hotel changes in every six hours: as many asks as polls so far apart, but not one more.
    check(&results, &[("polls", "asks_poll", 4.0 * 20.0 * 2.0 * 4.0)]);
    let asks = |name: &str| crate::simulated::found(&results, name, "asks_hint").mean;
    println!("{} and {}", asks("1h"), asks("6h"));
    assert!(
        (0.97..=1.0).contains(&(asks("6h") / 640.0)),
        "{}",
        asks("6h")
    );
    assert!(asks("1h") > 4.0 * asks("6h") && asks("1h") <= 6.0 * 640.0);
}

/// A bug turns round a share p of what crawls say, each time anew: of half the stays, which are listed, and of
/// the other half, which are not. The first crawl comes half an interval after the bug on average.
#[test]
fn a_bug_turns_pages_round() {
    let (p, every, days) = (0.3, 1.0 / 24.0, 5.0);
    let world = json!({ "stays": 400, "sells_out_per_day": 1e-9, "reopens_per_day": 1e-9,
        "searches_per_stay_per_day": 0.0 });
    let pages = |by: &str| {
        json!({ "name": by, "feeds": [{ "name": "pages", "source": "inventory",
            "delivery": { "pull": { "every": "1h", "paging": { "size": 30, "by": by } } } }] })
    };
    let designs = json!([pages("cursor"), pages("offset")]);
    let faults = json!([{ "wrong_answers": { "at": "0s", "lasts": "10d", "share": p } }]);
    let wrong = p * (1.0 - every / 2.0 / days);
    let mut expected = Vec::new();
    for name in ["cursor", "offset"] {
        expected.extend([
            (name, "accuracy", 1.0 - wrong),
            (name, "false_available", wrong / 2.0),
        ]);
    }
    check(
        &ran(&struck(&world, &designs, ("1d", "5d"), &faults)),
        &expected,
    );
}

/// Wrong answers that are checked before they are shown cost less: the bounds are judged as the designs are.
#[test]
fn bounds_check_as_the_designs_do() {
    let checked =
        |name: &str, check: &str| json!({ "name": name, "serving": { "live_check": check } });
    let nothing = |check: &str| json!({ "name": "by hand", "serving": { "live_check": check, "on_miss": "say_available" } });
    let run = |designs: Value| {
        let mut scenario = scenario(&symmetric(5.0), &designs);
        scenario["run"]["replicates"] = json!(2);
        scenario["bounds"] = json!(true);
        let results = ran(&scenario);
        let of = |name: &str| results.designs.iter().find(|of| of.name == name).unwrap();
        let (bound, by_hand) = (of("do nothing"), of("by hand"));
        assert_eq!(bound.metrics, by_hand.metrics);
        bound.metrics["error_usd_per_day"].mean
    };
    let shown = run(json!([checked("a", "shown"), nothing("shown")]));
    let never = run(json!([checked("a", "shown"), nothing("never")]));
    assert!(
        shown > 0.0 && (never / shown - 25.0).abs() < 1e-9,
        "{shown}, {never}"
    );
}
