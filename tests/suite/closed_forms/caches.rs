//! Lifetimes, grace, invalidation, room: misses ask live.

use serde_json::{Value, json};

use crate::hit_ratios::{che, zipf};
use crate::simulated::{
    cached, check, decay, found, holds, integral, pushed, ran, seconds, simulate, struck, symmetric,
};

#[test]
fn jittered_lifetimes() {
    let designs = json!([cached(
        "jittered",
        &json!({ "ttl": { "jittered": { "mean": "4h", "spread": 0.75 } } })
    )]);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "stale_hits",
        "freshness",
        "data_age_s",
        "asks_miss",
    ];
    holds(
        &simulate(&symmetric(12.0), &designs),
        &[("jittered", known)],
    );
}

#[test]
fn sold_out_answers_live_shorter() {
    let designs = json!([
        cached(
            "fixed",
            &json!({ "ttl": { "fixed": "6h" }, "sold_out_ttl": "1h" })
        ),
        cached(
            "sliding",
            &json!({ "ttl": { "sliding": "2h" }, "sold_out_ttl": "1h" })
        ),
        cached(
            "sold out for long",
            &json!({ "ttl": { "sliding": "3h" }, "sold_out_ttl": "9h" })
        ),
    ]);
    let world = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 3.0,
                        "searches_per_stay_per_day": 12.0 });
    let results = simulate(&world, &designs);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "false_available",
        "false_sold_out",
        "search_false_available",
        "data_age_s",
        "asks_miss",
    ];
    let all = ["fixed", "sliding", "sold out for long"];
    holds(&results, &all.map(|name| (name, known)));
}

#[test]
fn stale_while_revalidate() {
    let designs = json!([cached(
        "grace",
        &json!({ "ttl": { "fixed": "2h" }, "stale_while_revalidate": "1h" })
    )]);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "blocking_misses",
        "stale_hits",
        "asks_revalidate",
        "asks_miss",
    ];
    holds(&simulate(&symmetric(12.0), &designs), &[("grace", known)]);
}

#[test]
fn invalidation_with_loss() {
    let invalidating = |name: &str, loss: f64, bootstrap: bool| {
        json!({ "name": name, "feeds": [{ "name": "push",
            "source": { "deltas": { "action": "invalidate", "bootstrap": bootstrap } },
            "delivery": { "push": { "loss": loss } } }] })
    };
    let designs = json!([
        invalidating("sure", 0.0, false),
        invalidating("lossy", 0.3, false),
        invalidating("loaded", 0.3, true)
    ]);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "freshness",
        "stale_hits",
        "invalidated",
    ];
    let all = ["sure", "lossy", "loaded"].map(|name| (name, known));
    holds(&simulate(&symmetric(12.0), &designs), &all);
    // From the very start on, where stays are unlike.
    let uneven = json!({ "stays": 300, "sells_out_per_day": 2.0, "reopens_per_day": 5.0,
                         "searches_per_stay_per_day": 12.0, "popularity": { "zipf": 0.5 } });
    holds(
        &ran(&struck(&uneven, &designs, ("0s", "20d"), &json!([]))),
        &all,
    );
}

/// All entries are dropped at once; each is back with the next search, or with the next poll of it, which is
/// uniform within the interval.
#[test]
fn after_a_flush() {
    let (s, days, after) = (2.0, 4.0, 3.0);
    let every = 8.0 / 24.0;
    let mut poll = crate::simulated::polled("polled", &json!({ "every": "8h" }));
    poll["serving"] = json!({ "on_miss": "say_available" });
    let designs = json!([cached("asked", &json!({})), poll]);
    let faults = json!([{ "cache_flush": { "at": "1d" } }]);
    let scenario = struck(&symmetric(s), &designs, ("10d", "4d"), &faults);
    check(
        &ran(&scenario),
        &[
            ("asked", "coverage", 1.0 - after * decay(s * after) / days),
            ("asked", "flushed", 300.0 / days),
            ("polled", "coverage", 1.0 - every / 2.0 / days),
            ("polled", "flushed", 300.0 / days),
            // The age that a poll renews is not stretched: what is missing has none.
            ("polled", "data_age_s", {
                let steady = days - every;
                let ages = steady * every / 2.0 + integral(0.0, every, |v| v * v / 2.0 / every);
                seconds(ages / (days - every / 2.0))
            }),
        ],
    );
}

/// Searches that come by popularity, entries that never die: hit ratios of bounded caches through the whole
/// engine, by the same formulas as the caches alone (`capacity.rs`). FIFO and RANDOM have one product form
/// (King 1971, Gelenbe 1973); LRU King's sum; the most popular stay in an LFU cache.
#[test]
fn bounded_caches() {
    let design = |evict: &str, entries: u32| {
        let capacity = json!({ "entries": entries, "evict": evict });
        cached(evict, &json!({ "capacity": capacity }))
    };
    let world = |stays: u32, searches: f64| {
        json!({ "stays": stays, "sells_out_per_day": 0.01, "reopens_per_day": 0.01,
                "searches_per_stay_per_day": searches, "popularity": { "zipf": 0.9 } })
    };
    let none = json!([]);
    let few = json!([design("lru", 3), design("lfu", 3), design("fifo", 3)]);
    let scenario = struck(&world(8, 2_000.0), &few, ("1d", "1d"), &none);
    let hit: &[&str] = &["hit_ratio", "asks_miss"];
    holds(
        &ran(&scenario),
        &["lru", "lfu", "fifo"].map(|name| (name, hit)),
    );
    let many = json!([design("fifo", 20), design("random", 20), design("lru", 20)]);
    let scenario = struck(&world(80, 100.0), &many, ("1d", "2d"), &none);
    let results = ran(&scenario);
    holds(&results, &["fifo", "random"].map(|name| (name, hit)));
    check(&results, &[("lru", "coverage", 20.0 / 80.0)]);
    let p = zipf(80, 0.9);
    // An approximation: off by no more than half a hundredth here.
    let lru = found(&results, "lru", "hit_ratio").mean;
    let expected = che(&p, 20.0);
    println!("lru {lru:.6}, Che {expected:.6}");
    assert!((lru - expected).abs() < 0.005, "{lru}, Che {expected}");
}

/// A lifetime that is a share of how long the item has been quiet, within bounds. The law of quiet times is found on
/// a grid, which `theory::quiet` holds against finer ones.
#[test]
fn adaptive_lifetimes() {
    let adaptive = |name: &str, share: f64, min: &str, max: &str| {
        let ttl = json!({ "adaptive": { "share": share, "min": min, "max": max } });
        cached(name, &json!({ "ttl": ttl }))
    };
    let designs = json!([
        adaptive("half", 0.5, "1h", "6h"),
        adaptive("little", 0.2, "30m", "9h"),
        adaptive("all", 1.0, "1h", "12h"),
        adaptive("fixed", 0.0, "4h", "9h"),
    ]);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "asks_miss",
        "freshness",
        "stale_hits",
        "staleness_s",
        "data_age_s",
        "accuracy",
    ];
    let world = |key: &str, value: Value| {
        let mut world = symmetric(12.0);
        world["stays"] = json!(60);
        world[key] = value;
        world
    };
    let classes = json!([{ "share": 0.5, "times": 0.2 }, { "share": 0.5, "times": 1.8 }]);
    let all = ["half", "little", "all", "fixed"].map(|name| (name, known));
    holds(&simulate(&symmetric(12.0), &designs), &all);
    let slow = world("rate_classes", classes);
    holds(
        &ran(&struck(&slow, &designs, ("20d", "20d"), &json!([]))),
        &all,
    );
    // Stay by stay, where few cells tell.
    let popular = world("popularity", json!({ "zipf": 0.3 }));
    holds(&simulate(&popular, &designs), &[all[0], all[3]]);
}

/// A lifetime within bounds that meet, or a share of nothing, is the lifetime itself.
#[test]
fn an_adaptive_lifetime_without_play_is_fixed() {
    let adaptive = |share: f64, max: &str| json!({ "ttl": { "adaptive": { "share": share, "min": "4h", "max": max } } });
    let all = |cache: &Value| {
        let mut plain = cached("plain", cache);
        let mut fed = pushed("fed", &json!({ "loss": 0.2 }));
        let grace = json!({ "stale_while_revalidate": "30m" });
        for design in [&mut plain, &mut fed] {
            design["cache"] = cache.clone();
            design["cache"]["stale_while_revalidate"] = grace["stale_while_revalidate"].clone();
        }
        let designs = json!([plain, fed]);
        let mut scenario = struck(&symmetric(9.0), &designs, ("1d", "4d"), &json!([]));
        scenario["run"]["replicates"] = json!(2);
        ran(&scenario).results_hash
    };
    let fixed = all(&json!({ "ttl": { "fixed": "4h" } }));
    assert_eq!(all(&adaptive(0.0, "9d")), fixed);
    assert_eq!(all(&adaptive(0.7, "4h")), fixed);
    assert_ne!(all(&adaptive(0.7, "9d")), fixed);
}

/// One band is a fixed lifetime, wherever the stay's check-in is.
#[test]
fn one_band_of_leads_is_fixed() {
    let all = |ttl: Value| {
        let mut fed = pushed("fed", &json!({ "loss": 0.2 }));
        fed["cache"] = json!({ "ttl": ttl });
        let scenario = json!({
            "version": 1, "run": { "warmup": "1d", "length": "3d", "replicates": 2 },
            "world": { "hotels": { "count": 3, "booking_window": "20d", "max_nights": 2, "searches_per_request": 50,
                                   "supplier_changes_per_hotel_per_day": 3.0,
                                   "demand": { "requests_per_hotel_per_day": 4.0 } } },
            "designs": [cached("plain", &json!({ "ttl": ttl })), fed]
        });
        ran(&scenario).results_hash
    };
    let fixed = all(json!({ "fixed": "6h" }));
    assert_eq!(all(json!({ "by_lead_time": [{ "ttl": "6h" }] })), fixed);
    let two = json!({ "by_lead_time": [{ "within": "9d", "ttl": "6h" }, { "ttl": "6h" }] });
    assert_eq!(all(two), fixed);
    let other = json!({ "by_lead_time": [{ "within": "9d", "ttl": "3h" }, { "ttl": "6h" }] });
    assert_ne!(all(other), fixed);
}
