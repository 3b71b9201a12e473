//! Lifetimes, grace, invalidation, room: misses ask live.

use serde_json::{Value, json};

use crate::hit_ratios::{che, zipf};
use crate::simulated::{
    CHANGES_PER_DAY, cached, check, decay, found, holds, integral, pushed, ran, seconds, simulate,
    struck, symmetric,
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

/// Sliding: an entry is stored by a miss, lives for a time that its answer decides, and the next miss stores again. So
/// the answers stored are a Markov chain: available follows available with π + (1 − π) E e^(−(a+b)C), with C
/// the time from store to store and π the share of time available; likewise for sold out. Each lifetime
/// weighs by how often its answer is stored.
#[test]
fn sold_out_answers_live_shorter() {
    let (a, b, s) = (2.0, 3.0, 12.0);
    let (t_sold_out, sliding): (f64, f64) = (1.0 / 24.0, 2.0 / 24.0);
    let rate = a + b;
    let available = b / rate;
    // How often a stored answer is available, from the means of e^(−(a+b)C) after either.
    let stored = |after_available: f64, after_sold_out: f64| {
        let stays_available = available + (1.0 - available) * after_available;
        let stays_sold_out = 1.0 - available + available * after_sold_out;
        (1.0 - stays_sold_out) / (2.0 - stays_available - stays_sold_out)
    };
    let wait = s / (s + rate);
    // Sliding: gaps below T, then one above, which ends with the next store.
    let below = wait * (1.0 - (-(s + rate) * sliding).exp());
    let above = wait * (-(s + rate) * sliding).exp();
    let p_sliding = stored(above / (1.0 - below), (-rate * t_sold_out).exp() * wait);
    let hits = p_sliding * ((s * sliding).exp() - 1.0) + (1.0 - p_sliding) * s * t_sold_out;
    let designs = json!([
        cached(
            "fixed",
            &json!({ "ttl": { "fixed": "6h" }, "sold_out_ttl": "1h" })
        ),
        cached(
            "sliding",
            &json!({ "ttl": { "sliding": "2h" }, "sold_out_ttl": "1h" })
        ),
    ]);
    let world = json!({ "stays": 300, "sells_out_per_day": a, "reopens_per_day": b,
                        "searches_per_stay_per_day": s });
    let results = simulate(&world, &designs);
    let known: &[&str] = &[
        "hit_ratio",
        "coverage",
        "false_available",
        "false_sold_out",
        "search_false_available",
    ];
    holds(&results, &[("fixed", known)]);
    check(&results, &[("sliding", "hit_ratio", hits / (1.0 + hits))]);
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

/// A lifetime L = f(Q) that is a share of the time Q since the item last changed, within bounds. From one miss
/// to the next are L and an exponential wait, G in all. Looked at backwards, changes are A apart, exponential:
/// Q is then A where A < G, else Q + G. The law of Q at misses is found by iterating it on a grid, each cell by
/// its middle, with the last for all beyond which the lifetime is the longest. Then all is renewal reward, as
/// for jittered lifetimes.
#[test]
fn adaptive_lifetimes() {
    let (c, s, share) = (CHANGES_PER_DAY, 12.0, 0.5);
    let (min, max) = (1.0 / 24.0, 6.0 / 24.0);
    let cells = 480;
    let h = max / share / cells as f64;
    let lifetimes: Vec<f64> = (0..=cells)
        .map(|i| (share * h * (i as f64 + 0.5)).clamp(min, max))
        .collect();
    // The chance that Q is more than x next, from cell i.
    let above = |i: usize, x: f64| {
        let life = lifetimes[i];
        let wait = (-s * (x - life).max(0.0)).exp();
        let changed = (-c * x).exp() * wait;
        // Not changed, and G between x − Q and x.
        let quiet = h * (i as f64 + 0.5);
        let low = if i == cells {
            life
        } else {
            (x - quiet).max(life)
        };
        let reach = |g: f64| (-(s + c) * (g.max(life) - life)).exp();
        changed + (-c * life).exp() * s / (s + c) * (reach(low) - reach(x))
    };
    let next: Vec<Vec<f64>> = (0..=cells)
        .map(|i| {
            let edges: Vec<f64> = (0..=cells).map(|j| above(i, h * j as f64)).collect();
            let within = edges.windows(2).map(|edge| edge[0] - edge[1]);
            within.chain([edges[cells]]).collect()
        })
        .collect();
    let mut law = vec![1.0 / (cells + 1) as f64; cells + 1];
    for _ in 0..200 {
        let mut after = vec![0.0; cells + 1];
        for (chance, row) in law.iter().zip(&next) {
            for (sum, step) in after.iter_mut().zip(row) {
                *sum += chance * step;
            }
        }
        law = after;
    }
    let sum: f64 = law.iter().sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let mean = |f: &dyn Fn(f64) -> f64| {
        let each = law.iter().zip(&lifetimes);
        each.map(|(chance, life)| chance * f(*life)).sum::<f64>()
    };
    let life = mean(&|life| life);
    let cycle = life + 1.0 / s;
    let fresh = mean(&|life| (1.0 - (-c * life).exp()) / c) / life;
    let ttl = json!({ "adaptive": { "share": share, "min": "1h", "max": "6h" } });
    let designs = json!([cached("adaptive", &json!({ "ttl": ttl }))]);
    check(
        &simulate(&symmetric(s), &designs),
        &[
            ("adaptive", "hit_ratio", life / cycle),
            ("adaptive", "coverage", life / cycle),
            ("adaptive", "asks_miss", 300.0 / cycle),
            ("adaptive", "freshness", fresh),
            ("adaptive", "stale_hits", 1.0 - fresh),
            (
                "adaptive",
                "data_age_s",
                seconds(mean(&|life| life * life) / 2.0 / life),
            ),
        ],
    );
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
