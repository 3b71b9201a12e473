//! Push: windows, overtaking, layers, increments, duplicates.

use serde_json::{Value, json};

use crate::simulated::{holds, pushed, ran, simulate, struck, symmetric};

/// Gathered after the first change, at the ticks of a clock, until all is quiet.
#[test]
fn coalescing_windows() {
    let designs = json!([
        pushed("first", &json!({ "window": { "after_first": "6h" } })),
        pushed("clock", &json!({ "window": { "clock": "8h" } })),
        pushed("quiet", &json!({ "window": { "quiet": "3h" } })),
    ]);
    let known: &[&str] = &[
        "freshness",
        "stale_hits",
        "staleness_s",
        "deltas",
        "feed_superseded",
        "feed_delay_s",
    ];
    let all = ["first", "clock", "quiet"];
    let classes = json!([{ "share": 0.5, "times": 0.5 }, { "share": 0.5, "times": 1.5 }]);
    let mut unlike = symmetric(2.0);
    unlike["rate_classes"] = classes;
    for (world, run) in [
        (symmetric(2.0), ("10d", "20d")),
        // Short, so that windows that are open when it begins or ends count.
        (symmetric(2.0), ("8d", "3d")),
        (unlike, ("20d", "4d")),
    ] {
        let results = ran(&struck(&world, &designs, run, &json!([])));
        holds(&results, &all.map(|name| (name, known)));
        holds(
            &results,
            &["first", "clock"].map(|name| (name, &["accuracy"][..])),
        );
    }
}

/// A lossy push, put right by a poll every so often, whatever the order of polls.
#[test]
fn a_slow_poll_puts_a_lossy_push_right() {
    let both = |name: &str, push: Value, pull: Value| {
        json!({ "name": name, "feeds": [
            { "name": "push", "source": "deltas", "delivery": { "push": push } },
            { "name": "poll", "source": "inventory", "delivery": { "pull": pull } } ] })
    };
    let mut turned = both("turned", json!({ "loss": 0.3 }), json!({ "every": "16h" }));
    turned["feeds"].as_array_mut().unwrap().reverse();
    let designs = json!([
        both("both", json!({ "loss": 0.3 }), json!({ "every": "16h" })),
        turned,
        both(
            "twice",
            json!({ "loss": 0.5, "duplicates": 0.2 }),
            json!({ "every": "8h", "order": "shuffled" })
        ),
        both(
            "late and lossy polls",
            json!({ "loss": 0.3 }),
            json!({ "every": "6h", "loss": 0.2, "jitter": 0.5, "latency": { "fixed": "3h" } })
        ),
        both(
            "nothing pushed",
            json!({ "loss": 1.0 }),
            json!({ "every": "8h", "order": "poisson" })
        ),
    ]);
    let all = [
        "both",
        "turned",
        "twice",
        "late and lossy polls",
        "nothing pushed",
    ];
    let any: &[&str] = &[
        "freshness",
        "stale_hits",
        "push/feed_lost",
        "asks_poll",
        "deltas",
    ];
    let known: &[&str] = &[
        "staleness_s",
        "data_age_s",
        "accuracy",
        "false_available",
        "search_false_sold_out",
        "coverage",
    ];
    let uneven = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                         "searches_per_stay_per_day": 2.0, "popularity": { "zipf": 0.5 } });
    let unlike = |key: &str, value: Value| {
        let mut world = symmetric(2.0);
        world[key] = value;
        world
    };
    let classes = json!([{ "share": 0.2, "times": 3.5 }, { "share": 0.8, "times": 0.375 }]);
    for world in [
        symmetric(2.0),
        unlike("rate_spread", json!({ "gamma": { "shape": 1.5 } })),
        unlike("rate_classes", classes),
    ] {
        let results = simulate(&world, &designs);
        holds(&results, &all.map(|name| (name, any)));
        holds(&results, &all.map(|name| (name, known)));
    }
    holds(&simulate(&uneven, &designs), &all.map(|name| (name, any)));
}

/// Messages and polls that take a time of their own, so that they overtake.
#[test]
fn what_arrives_last_may_be_older() {
    let feed = |name: &str, source: &str, delivery: &Value, apply: &str| {
        json!({ "name": format!("{name}, {apply}"), "feeds": [
            { "name": name, "source": source, "delivery": delivery, "apply": apply }] })
    };
    let slow = |mean: &str| json!({ "exponential": { "mean": mean } });
    let push = |mean: &str, loss: f64| json!({ "push": { "latency": slow(mean), "loss": loss } });
    let poll = |latency: Value, loss: f64| json!({ "pull": { "every": "6h", "order": "poisson", "latency": latency, "loss": loss } });
    let uniform = json!({ "uniform": { "min": "2h", "max": "30h" } });
    let lognormal = json!({ "lognormal": { "median": "3h", "p99": "20h" } });
    let designs = json!([
        feed("deltas", "deltas", &push("4h", 0.0), "newest"),
        feed("deltas", "deltas", &push("4h", 0.0), "last_arrival"),
        feed("lossy", "deltas", &push("20h", 0.2), "last_arrival"),
        feed("polls", "inventory", &poll(slow("4h"), 0.0), "newest"),
        feed("polls", "inventory", &poll(slow("4h"), 0.0), "last_arrival"),
        feed(
            "lossy polls",
            "inventory",
            &poll(slow("10h"), 0.3),
            "newest"
        ),
        feed(
            "lossy polls",
            "inventory",
            &poll(slow("10h"), 0.3),
            "last_arrival"
        ),
        feed("even", "inventory", &poll(uniform, 0.0), "last_arrival"),
        feed(
            "lognormal",
            "inventory",
            &poll(lognormal, 0.0),
            "last_arrival"
        ),
    ]);
    let fresh: &[&str] = &["freshness", "stale_hits", "deltas"];
    let aged: &[&str] = &[
        "freshness",
        "staleness_s",
        "data_age_s",
        "accuracy",
        "asks_poll",
    ];
    let polled = [
        "polls, newest",
        "polls, last_arrival",
        "lossy polls, newest",
        "lossy polls, last_arrival",
        "even, last_arrival",
        "lognormal, last_arrival",
    ];
    let known = [
        "deltas, newest",
        "deltas, last_arrival",
        "lossy, last_arrival",
    ];
    let mut uneven = symmetric(1.0);
    uneven["sells_out_per_day"] = json!(1.0);
    let run = ("20d", "20d");
    let results = ran(&struck(&symmetric(1.0), &designs, run, &json!([])));
    holds(&results, &known.map(|name| (name, fresh)));
    holds(&results, &polled.map(|name| (name, aged)));
    let results = ran(&struck(&uneven, &designs, run, &json!([])));
    holds(&results, &polled.map(|name| (name, aged)));
}

/// With increments what is off stays off; with states the next message heals a loss, and a duplicate is nothing.
#[test]
fn increments_drift() {
    let design = |name: &str, payload: &str, push: Value| {
        json!({ "name": name, "feeds": [{ "name": "push",
            "source": { "deltas": { "payload": payload } }, "delivery": { "push": push } }] })
    };
    let p = 0.15;
    let designs = json!([
        design("lost", "increment", json!({ "loss": p })),
        design("twice", "increment", json!({ "duplicates": p })),
        design(
            "either",
            "increment",
            json!({ "loss": p, "duplicates": 0.3 })
        ),
        design("lost state", "state", json!({ "loss": p })),
        design("state twice", "state", json!({ "duplicates": p })),
        // What is lost does not arrive twice.
        design(
            "lost, twice",
            "state",
            json!({ "loss": p, "duplicates": 0.5 })
        ),
    ]);
    let known: &[&str] = &["freshness", "deltas", "feed_lost"];
    let late = |latency: Value, loss: f64| json!({ "latency": latency, "loss": loss });
    let slow = |name: &str, latency: Value, loss: f64, apply: &str| {
        let mut slow = design(name, "increment", late(latency, loss));
        slow["feeds"][0]["apply"] = json!(apply);
        slow
    };
    let exponential = json!({ "exponential": { "mean": "4h" } });
    let lognormal = json!({ "lognormal": { "median": "2h", "p99": "9h" } });
    let overtaking = json!([
        slow("exponential", exponential.clone(), 0.0, "newest"),
        slow("as they come", exponential, 0.0, "last_arrival"),
        slow("lognormal", lognormal, 0.02, "newest"),
        slow("fixed", json!({ "fixed": "4h" }), 0.02, "newest"),
    ]);
    let all = ["exponential", "as they come", "lognormal", "fixed"];
    let scenario = struck(&symmetric(1.0), &overtaking, ("4d", "6d"), &json!([]));
    holds(
        &ran(&scenario),
        &all.map(|name| (name, &["freshness", "deltas"][..])),
    );
    let drifting: &[&str] = &["freshness", "accuracy", "false_available", "false_sold_out"];
    for run in [("0s", "3d"), ("4d", "3d")] {
        let mut scenario = struck(&symmetric(1.0), &designs, run, &json!([]));
        scenario["world"]["two_state"]["stays"] = json!(600);
        let results = ran(&scenario);
        let states = ["lost state", "state twice", "lost, twice"];
        holds(&results, &states.map(|name| (name, known)));
        holds(
            &results,
            &["lost", "twice", "either"].map(|name| (name, drifting)),
        );
    }
}
