//! Simulated means against closed forms: |z| ≤ 4 over 40 replicates. The formulas that the product itself tells
//! are in `study::theory`; those of what it does not tell (faults, starts, mixtures) are here.
//!
//! z is the distance of the mean over replicates from the formula, in standard errors between replicates.
//! A right program exceeds 4 once in 8,000 checks or so (t with 39 degrees of freedom); a formula that is
//! off by one standard error's worth of modelling would show in most of the dozens of checks here.

use serde_json::{Value, json};

use crate::simulated::{cached, holds, polled, pushed, ran, simulate, struck, symmetric};

mod budgets;
mod caches;
mod datasets;
mod delivery;
mod faults;
mod queues;
mod silence;
mod traffic;

/// What follows from the age of what was read.
const AGED: &[&str] = &[
    "freshness",
    "staleness_s",
    "data_age_s",
    "stale_hits",
    "accuracy",
    "false_available",
    "false_sold_out",
    "entry_accuracy",
    "search_accuracy",
    "search_false_available",
    "shown_precision",
    "available_recall",
    "asks_poll",
    "costs/polls",
];

#[test]
fn polling_orders() {
    let designs = json!([
        polled("fixed", &json!({ "every": "8h" })),
        polled("shuffled", &json!({ "every": "8h", "order": "shuffled" })),
        polled("poisson", &json!({ "every": "8h", "order": "poisson" })),
        polled("jittered", &json!({ "every": "8h", "jitter": 0.5 })),
    ]);
    let results = simulate(&symmetric(4.0), &designs);
    let all = ["fixed", "shuffled", "poisson", "jittered"];
    holds(&results, &all.map(|name| (name, AGED)));
    holds(
        &results,
        &[("fixed", &["hit_ratio", "coverage", "costs/cache_reads"])],
    );
}

#[test]
fn late_and_lossy_polls() {
    let designs = json!([
        polled("lossy", &json!({ "every": "8h", "loss": 0.3 })),
        polled(
            "late",
            &json!({ "every": "8h", "latency": { "fixed": "2h" } })
        ),
        // Longer than the gap: several answers on the way at once.
        polled(
            "very late",
            &json!({ "every": "8h", "latency": { "fixed": "20h" } })
        ),
        polled(
            "shuffled",
            &json!({ "every": "8h", "loss": 0.3, "order": "shuffled" })
        ),
        polled(
            "jittered",
            &json!({ "every": "8h", "loss": 0.3, "jitter": 0.9, "latency": { "fixed": "1h" } })
        ),
        polled(
            "poisson",
            &json!({ "every": "8h", "loss": 0.3, "order": "poisson" })
        ),
    ]);
    let results = simulate(&symmetric(1.0), &designs);
    let all = [
        "lossy",
        "late",
        "very late",
        "shuffled",
        "jittered",
        "poisson",
    ];
    holds(&results, &all.map(|name| (name, AGED)));
}

#[test]
fn adaptive_polls() {
    let adaptive = |name: &str, latency: &str, loss: f64| {
        let ladder = json!({ "min": "1h", "max": "8h" });
        let latency = json!({ "fixed": latency });
        polled(
            name,
            &json!({ "every": "2h", "adaptive": ladder, "latency": latency, "loss": loss }),
        )
    };
    let designs = json!([
        adaptive("adaptive", "0s", 0.0),
        adaptive("late", "30m", 0.0),
        adaptive("waiting", "90m", 0.0),
        adaptive("lossy", "0s", 0.3),
    ]);
    let all = ["adaptive", "late", "waiting", "lossy"];
    // Where polls fail the ladder is forgotten late.
    let scenario = struck(&symmetric(1.0), &designs, ("30d", "20d"), &json!([]));
    holds(&ran(&scenario), &all.map(|name| (name, AGED)));
}

/// A stay sells out and reopens at different rates, and popular ones are searched more.
#[test]
fn value_accuracy_of_a_polled_item() {
    let world = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                        "searches_per_stay_per_day": 20.0, "popularity": { "zipf": 0.8 } });
    let designs = json!([
        polled("polled", &json!({ "every": "6h" })),
        polled("memoryless", &json!({ "every": "6h", "order": "poisson" })),
    ]);
    holds(
        &simulate(&world, &designs),
        &[("polled", AGED), ("memoryless", AGED)],
    );
}

#[test]
fn push_with_latency_and_loss() {
    let designs = json!([
        pushed("at once", &json!({})),
        pushed("late", &json!({ "latency": { "fixed": "3h" } })),
        pushed(
            "exponential",
            &json!({ "latency": { "exponential": { "mean": "2h" } } })
        ),
        pushed(
            "uniform",
            &json!({ "latency": { "uniform": { "min": "1h", "max": "9h" } } })
        ),
        pushed(
            "lognormal",
            &json!({ "latency": { "lognormal": { "median": "1h", "p99": "9h" } }, "loss": 0.1 })
        ),
        pushed("lossy", &json!({ "loss": 0.2 })),
        pushed(
            "both",
            &json!({ "latency": { "fixed": "3h" }, "loss": 0.2 })
        ),
    ]);
    let uneven = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                         "searches_per_stay_per_day": 2.0 });
    let known = [
        "freshness",
        "staleness_s",
        "accuracy",
        "false_available",
        "feed_lost",
        "feed_delay_s",
    ];
    let named = [
        ("at once", &[&known[..], &["data_age_s"]].concat()[..]),
        ("late", &[&known[..], &["data_age_s"]].concat()[..]),
        ("exponential", &["freshness", "stale_hits"][..]),
        ("uniform", &["freshness", "stale_hits"][..]),
        ("lognormal", &["freshness", "costs/deltas"][..]),
        ("lossy", &known[..]),
        ("both", &known[..]),
    ]
    .map(|(name, metrics)| (name, metrics.to_vec()));
    let named: Vec<(&str, &[&str])> = named.iter().map(|(name, of)| (*name, &of[..])).collect();
    for world in [symmetric(2.0), uneven] {
        holds(&simulate(&world, &designs), &named);
    }
}

/// A change log read every I arrives at the next read: uniform delays, all messages of an item in order.
#[test]
fn a_pulled_change_log_is_like_polling() {
    let log = |name: &str, pull: Value| {
        json!({ "name": name, "feeds": [
            { "name": "log", "source": "deltas", "delivery": { "pull": pull } }] })
    };
    let designs = json!([
        log("log", json!({ "every": "8h" })),
        log(
            "lossy log",
            json!({ "every": "8h", "loss": 0.3, "latency": { "fixed": "1h" } })
        ),
    ]);
    let known: &[&str] = &["freshness", "staleness_s", "accuracy"];
    holds(
        &simulate(&symmetric(0.0), &designs),
        &[("log", known), ("lossy log", known)],
    );
}

#[test]
fn lifetimes_and_purges() {
    let purge = json!({ "random": { "per_day": 5.0 } });
    let designs = json!([
        cached("fixed", &json!({ "ttl": { "fixed": "4h" } })),
        cached("sliding", &json!({ "ttl": { "sliding": "4h" } })),
        cached("purged", &json!({ "purge": purge })),
        cached("both", &json!({ "ttl": { "fixed": "4h" }, "purge": purge })),
    ]);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "stale_hits",
        "freshness",
        "accuracy",
        "data_age_s",
        "asks_miss",
    ];
    let all = ["fixed", "sliding", "purged", "both"];
    let uneven = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                         "searches_per_stay_per_day": 8.0, "popularity": { "zipf": 0.2 } });
    for world in [symmetric(12.0), uneven] {
        let results = simulate(&world, &designs);
        holds(&results, &all.map(|name| (name, known)));
        let more: &[&str] = &[
            "staleness_s",
            "blocking_misses",
            "search_false_available",
            "shown_precision",
        ];
        holds(
            &results,
            &["fixed", "purged", "both"].map(|name| (name, more)),
        );
    }
}

/// A refresh by every search, or by what is shown alone, with a share of sold-out answers explored.
#[test]
fn search_triggered_refresh() {
    let natural = |name: &str, serving: &Value, share: f64| {
        json!({ "name": name, "serving": serving, "feeds": [
            { "name": "traffic", "source": { "searches": { "share": share } }, "delivery": "push" }] })
    };
    let designs = json!([
        natural(
            "every search",
            &json!({ "live_check": "every_search" }),
            1.0
        ),
        natural("half", &json!({ "live_check": "every_search" }), 0.5),
        natural(
            "shown",
            &json!({ "live_check": "shown", "explore": 0.1 }),
            1.0
        ),
    ]);
    let known: &[&str] = &["freshness", "stale_hits", "data_age_s", "search_accuracy"];
    let uneven = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                         "searches_per_stay_per_day": 12.0, "popularity": { "zipf": 0.5 } });
    for world in [symmetric(10.0), uneven] {
        let shown: &[&str] = &[
            "accuracy",
            "false_available",
            "false_sold_out",
            "search_accuracy",
            "asks_explore",
        ];
        holds(
            &simulate(&world, &designs),
            &[("every search", known), ("half", known), ("shown", shown)],
        );
    }
}

/// Items that change at different rates; searches of popular items weigh more, so that rates must not go with
/// ranks.
#[test]
fn items_of_different_rates() {
    let designs = json!([
        polled("polled", &json!({ "every": "8h" })),
        pushed("pushed", &json!({ "loss": 0.2 })),
        cached("cached", &json!({ "ttl": { "fixed": "4h" } })),
    ]);
    let world = |key: &str, value: Value| {
        let mut world = symmetric(4.0);
        world["popularity"] = json!({ "zipf": 0.5 });
        world[key] = value;
        world
    };
    let cached: &[&str] = &["freshness", "stale_hits", "accuracy", "hit_ratio"];
    for k in [0.5, 1.0, 3.0] {
        let spread = world("rate_spread", json!({ "gamma": { "shape": k } }));
        let named = [
            ("polled", AGED),
            ("cached", cached),
            ("pushed", &["freshness"]),
        ];
        holds(&simulate(&spread, &designs), &named);
    }
    let classes = json!([{ "share": 0.2, "times": 3.5 }, { "share": 0.8, "times": 0.375 }]);
    let named = [
        ("polled", AGED),
        ("cached", cached),
        ("pushed", &["freshness", "accuracy", "staleness_s"][..]),
    ];
    holds(&simulate(&world("rate_classes", classes), &designs), &named);
}

/// The least that any design must beat, and the most that any can be.
#[test]
fn bounds() {
    let mut scenario = crate::simulated::scenario(
        &symmetric(3.0),
        &json!([
            { "name": "nothing sold", "serving": { "on_miss": "say_sold_out" } }
        ]),
    );
    scenario["bounds"] = json!(true);
    let known: &[&str] = &[
        "accuracy",
        "false_available",
        "false_sold_out",
        "search_accuracy",
        "hit_ratio",
    ];
    let results = ran(&scenario);
    holds(
        &results,
        &["nothing sold", "do nothing", "ideal"].map(|name| (name, known)),
    );
}
