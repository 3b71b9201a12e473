//! Changes to a scenario that must change nothing, or by what is known beforehand.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stayfresh::report::results::{DesignResults, Results};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Errand, Part, Study, run};

use crate::simulated::{cached, design, polled, pushed, ran, ran_on, symmetric};

/// Two replicates of four days, after one.
fn short(world: &Value, designs: &[Value], faults: &[Value]) -> Value {
    json!({ "version": 1, "seed": 5, "run": { "warmup": "1d", "length": "4d", "replicates": 2 },
            "world": world, "designs": designs, "faults": faults })
}

fn textbook() -> Value {
    let mut world = symmetric(12.0);
    world["popularity"] = json!({ "zipf": 0.8 });
    json!({ "two_state": world })
}

fn hotels() -> Value {
    json!({ "hotels": { "count": 8, "booking_window": "20d", "max_nights": 3, "searches_per_request": 100,
                        "supplier_changes_per_hotel_per_day": 6.0,
                        "demand": { "requests_per_hotel_per_day": 4.0 } } })
}

/// The means of all metrics, counts and feeds of a design, without those of these names.
fn means(design: &DesignResults, without: &[&str]) -> BTreeMap<String, u64> {
    let counts = design.counts_per_day.iter();
    let counts = counts.map(|(key, estimate)| (format!("{key} a day"), estimate));
    let of_feeds = design.feeds.iter().flat_map(|(name, feed)| {
        let named = feed.iter();
        named.map(move |(key, estimate)| (format!("{name}/{key}"), estimate))
    });
    let metrics = design.metrics.iter();
    metrics
        .map(|(key, estimate)| (key.clone(), estimate))
        .chain(counts)
        .chain(of_feeds)
        .filter(|(key, _)| !without.iter().any(|name| key.contains(name)))
        .map(|(key, estimate)| (key, estimate.mean.to_bits()))
        .collect()
}

/// One of each kind that is run by itself, in line, and together with others.
fn kinds() -> Vec<Value> {
    let observed = |name: &str, push: Value| {
        json!({ "name": name, "serving": { "live_check": "shown", "explore": 0.2 },
            "feeds": [{ "name": "seen", "source": "searches", "delivery": { "push": push } }] })
    };
    let mut guarded = pushed("guarded", &json!({ "loss": 0.1 }));
    guarded["operations"] = json!({ "circuit_breaker": { "max_flip_share": 0.004, "per": "1m", "reset_after": "20m" } });
    let mut bounded = cached(
        "bounded",
        &json!({ "capacity": { "entries": 100, "evict": "random" } }),
    );
    bounded["feeds"] =
        json!([{ "name": "push", "source": "deltas", "delivery": { "push": { "loss": 0.2 } } }]);
    bounded["cache"]["ttl"] = json!({ "fixed": "9h" });
    vec![
        pushed(
            "push",
            &json!({ "latency": { "exponential": { "mean": "1h" } } }),
        ),
        guarded,
        pushed(
            "line",
            &json!({ "consumers": 1, "service": { "exponential": { "mean": "60s" } } }),
        ),
        bounded,
        observed("seen", json!({ "latency": { "fixed": "5m" } })),
        observed(
            "seen in line",
            json!({ "partitions": 3, "service": { "fixed": "20s" } }),
        ),
        polled(
            "limited",
            &json!({ "every": "3h", "rate_limit": { "per_second": 0.03, "burst": 2 } }),
        ),
    ]
}

/// The bounds stand beside any comparison and change nothing of it: one is perfect, the other is right where
/// the stay is available.
#[test]
fn bounds_stand_beside_a_comparison() {
    for world in [textbook(), hotels()] {
        let poll = pushed("poll", &json!({ "loss": 0.5 }));
        let mut bounded = short(&world, std::slice::from_ref(&poll), &[]);
        let alone = ran(&bounded);
        bounded["bounds"] = json!(true);
        let results = ran(&bounded);
        let names: Vec<&str> = results
            .designs
            .iter()
            .map(|design| design.name.as_str())
            .collect();
        assert_eq!(names, ["poll", "ideal", "do nothing"]);
        assert_eq!(results.designs[0], alone.designs[0]);
        let mean = |design: usize, key: &str| results.designs[design].metrics[key].mean;
        assert_eq!(mean(1, "accuracy"), 1.0);
        assert_eq!(mean(1, "freshness"), 1.0);
        assert_eq!(mean(2, "coverage"), 0.0);
        assert_eq!(mean(2, "available_recall"), 1.0);
        assert!(mean(2, "accuracy") < mean(0, "accuracy"));
    }
}

/// A perfect feed: right and fresh at every moment, in both worlds, whatever a row is.
#[test]
fn an_instant_lossless_push_is_ideal() {
    for world in [textbook(), hotels()] {
        let results = ran(&short(&world, &[pushed("push", &json!({}))], &[]));
        let metrics = &results.designs[0].metrics;
        for key in [
            "accuracy",
            "freshness",
            "search_accuracy",
            "coverage",
            "hit_ratio",
            "shown_precision",
            "available_recall",
        ] {
            assert_eq!(metrics[key].mean, 1.0, "{key}");
        }
        for key in [
            "staleness_s",
            "stale_hits",
            "feed_delay_s",
            "feed_lost",
            "served_staleness_s_p99",
        ] {
            assert_eq!(metrics[key].mean, 0.0, "{key}");
        }
    }
}

/// Every rate k times as high and every duration k times as short is the same run on another clock: shares
/// stay, times shrink. Draws scale exactly but for the microsecond that they are cut to.
#[test]
fn another_clock_changes_no_share() {
    let run = |k: u32| {
        let hours = |h: f64| format!("{}s", h * 3_600.0 / f64::from(k));
        let per_day = |rate: f64| rate * f64::from(k);
        let world = json!({ "two_state": { "stays": 200, "sells_out_per_day": per_day(2.0),
            "reopens_per_day": per_day(3.0), "searches_per_stay_per_day": per_day(9.0) } });
        let designs = json!([
            pushed("push", &json!({ "latency": { "exponential": { "mean": hours(2.0) } }, "loss": 0.1,
                                    "duplicates": 0.1, "window": { "quiet": hours(0.5) } })),
            pushed("line", &json!({ "consumers": 2, "service": { "fixed": hours(0.03) } })),
            polled("poll", &json!({ "every": hours(7.0), "jitter": 0.4, "loss": 0.2 })),
            polled("adaptive poll", &json!({ "every": hours(2.0),
                "adaptive": { "min": hours(1.0), "max": hours(8.0) } })),
            pushed("down", &json!({ "consumers": 1, "service": { "fixed": hours(0.02) }, "retention": hours(5.0) })),
            { "name": "adaptive cache", "cache": { "ttl": {
                "adaptive": { "share": 0.3, "min": hours(1.0), "max": hours(8.0) } } } },
            { "name": "cache", "cache": { "ttl": { "sliding": hours(3.0) }, "sold_out_ttl": hours(1.0),
                "purge": { "random": { "per_day": per_day(0.5) } }, "stale_while_revalidate": hours(0.5) } },
            { "name": "seen", "serving": { "live_check": "shown", "explore": 0.1, "bypass": 0.1 }, "feeds": [
                { "name": "seen", "source": "searches", "delivery": { "pull": { "every": hours(0.7) } } }] },
            { "name": "data", "feeds": [{ "name": "data", "delivery": { "pull": { "every": hours(1.0) } },
                "source": { "dataset": { "every": hours(6.0), "build_time": hours(2.0) } } }] },
            { "name": "hints", "feeds": [{ "name": "hints", "source": "hints",
                "delivery": { "push": { "latency": { "fixed": hours(1.0) } } } }] },
        ]);
        let outage =
            json!({ "outage": { "design": "down", "at": hours(20.0), "lasts": hours(9.0) } });
        let mut scenario = short(&world, designs.as_array().unwrap(), &[outage]);
        scenario["run"]["warmup"] = json!(hours(48.0));
        scenario["run"]["length"] = json!(hours(96.0));
        ran(&scenario)
    };
    let one = run(1);
    for k in [2, 5] {
        let other = run(k);
        for (a, b) in one.designs.iter().zip(&other.designs) {
            for (key, estimate) in &a.metrics {
                // Where in a stretch counted hits fall is drawn by its moment; money and peaks are rates.
                if ["_s_p", "usd", "peak"].iter().any(|of| key.contains(of)) {
                    continue;
                }
                let scale = if key.ends_with("_s") {
                    f64::from(k)
                } else {
                    1.0
                };
                let (before, after) = (estimate.mean, b.metrics[key].mean * scale);
                assert!(
                    (after - before).abs() <= 1e-6 * before.abs().max(1e-9),
                    "{}: {key} is {before}, with {k} times the rates {after}",
                    a.name
                );
            }
        }
    }
}

/// A fault that lasts no time changes no bit, also where monitoring has the design run as a whole.
#[test]
fn a_fault_of_no_time_is_none() {
    let mut designs = kinds();
    for design in &mut designs[..3] {
        let operations = json!({ "lag_above": "3h", "parity_check": { "missing_above": 0.5 },
            "replay": { "over": {} }, "circuit_breaker": design["operations"]["circuit_breaker"] });
        design["operations"] = operations;
        if design["operations"]["circuit_breaker"].is_null() {
            design["operations"]
                .as_object_mut()
                .unwrap()
                .remove("circuit_breaker");
        }
    }
    designs.push(
        json!({ "name": "data", "feeds": [{ "name": "data", "delivery": "push",
        "source": { "dataset": { "every": "6h" } } }] }),
    );
    let at = json!({ "at": "1d", "lasts": "0s" });
    let fault = |name: &str, more: Value| {
        let mut fault = at.clone();
        for (key, value) in more.as_object().unwrap() {
            fault[key] = value.clone();
        }
        json!({ name: fault })
    };
    let faults = [
        fault("outage", json!({})),
        fault("pause", json!({})),
        fault("slow", json!({ "times": 9 })),
        fault("leak", json!({ "share": 0.9 })),
        fault("rebalance_storm", json!({ "every": "1h", "pause": "30m" })),
        fault("less_capacity", json!({ "left": 0.1 })),
        fault("wrong_answers", json!({ "share": 0.9 })),
        fault("bad_dataset", json!({ "kind": "schema" })),
        fault("traffic_drop", json!({ "times": 0.1 })),
        fault("demand_shock", json!({ "times": 9 })),
    ];
    let without = ran(&short(&textbook(), &designs, &[]));
    let with = ran(&short(&textbook(), &designs, &faults));
    assert_eq!(with.designs, without.designs);
    assert_eq!(with.results_hash, without.results_hash);
    assert_ne!(with.scenario_hash, without.scenario_hash);
}

/// All ten streams struck one by one, or all of them at once.
#[test]
fn ten_streams_are_the_whole() {
    let designs = [
        pushed(
            "push",
            &json!({ "latency": { "fixed": "10m" }, "retention": "1h" }),
        ),
        {
            json!({ "name": "hints", "feeds": [{ "name": "hints", "source": "hints", "delivery": "push" }] })
        },
    ];
    let streams = [
        "bookings",
        "cancellations",
        "group_blocks",
        "close_outs",
        "reopenings",
        "rates",
        "rate_plans",
        "min_nights",
        "arrival_rules",
        "lead_rules",
    ];
    for (name, more) in [("outage", json!({})), ("slow", json!({ "times": 30 }))] {
        let fault = |stream: Option<&str>| {
            let mut fault = more.clone();
            fault["at"] = json!("1d");
            fault["lasts"] = json!("9h");
            if let Some(stream) = stream {
                fault["stream"] = json!(stream);
            }
            json!({ name: fault })
        };
        let each: Vec<Value> = streams.iter().map(|stream| fault(Some(stream))).collect();
        let struck = |faults: &[Value]| ran(&short(&hotels(), &designs, faults));
        let (split, whole, none) = (struck(&each), struck(&[fault(None)]), struck(&[]));
        for (split, whole) in split.designs.iter().zip(&whole.designs) {
            assert_eq!(split.metrics, whole.metrics, "{name}");
            assert_eq!(split.counts_per_day, whole.counts_per_day, "{name}");
            assert_eq!(split.series, whole.series, "{name}");
            assert_eq!(split.events.len(), 10 * whole.events.len());
        }
        assert_ne!(
            whole.designs[0].metrics, none.designs[0].metrics,
            "{name} must show"
        );
    }
}

/// Designs that run in line or together leave the others alone, and are left alone.
#[test]
fn other_designs_do_not_matter_to_lines_and_rooms() {
    let faults = [
        json!({ "outage": { "at": "1d", "lasts": "5h" } }),
        json!({ "leak": { "design": "push", "at": "2d", "lasts": "5h", "share": 0.5 } }),
    ];
    for world in [textbook(), hotels()] {
        let all = ran(&short(&world, &kinds(), &faults));
        let mut reversed = kinds();
        reversed.reverse();
        let reversed = ran(&short(&world, &reversed, &faults[..]));
        for one in kinds() {
            let name = one["name"].as_str().unwrap();
            let mine: Vec<Value> = faults
                .iter()
                .filter(|fault| fault["leak"].is_null() || name == "push")
                .cloned()
                .collect();
            let alone = ran(&short(&world, std::slice::from_ref(&one), &mine));
            assert_eq!(design(&alone, name), design(&all, name), "{name} alone");
            assert_eq!(
                design(&reversed, name),
                design(&all, name),
                "{name} reversed"
            );
        }
    }
}

#[test]
fn threads_do_not_matter_to_lines_and_rooms() {
    for world in [textbook(), hotels()] {
        let faults = [json!({ "outage": { "at": "1d", "lasts": "5h" } })];
        let scenario = short(&world, &kinds(), &faults);
        let expected = ran_on(&scenario, 1).results_hash;
        for threads in [2, 5] {
            assert_eq!(ran_on(&scenario, threads).results_hash, expected);
        }
    }
}

/// A part that another study of the same scenario runs, and sends as bytes, is the part: here every other one, the
/// last ones first, also where some designs were done before.
#[test]
fn whoever_runs_a_part_does_not_matter() {
    let mut added_up = 0;
    // So large that there are several parts of a replicate.
    let mut large = textbook();
    large["two_state"]["stays"] = json!(10_000);
    for world in [large, hotels()] {
        let faults = [json!({ "outage": { "at": "1d", "lasts": "5h" } })];
        let scenario = short(&world, &kinds(), &faults);
        let study = || Study::new(parse(&scenario.to_string()).expect("a valid scenario"));
        let all = |study: &Study| serde_json::to_string(&study.results()).expect("can be written");
        let mut alone = study();
        run(&mut alone, 1, &mut |_| {});
        let expected = all(&alone);
        let some = short(&world, &kinds()[..2], &faults);
        let mut before = Study::new(parse(&some.to_string()).expect("a valid scenario"));
        run(&mut before, 1, &mut |_| {});
        let taken = Study::after(parse(&scenario.to_string()).expect("reads"), &before);
        assert!(taken.parts() > 0);
        for mut chief in [study(), taken] {
            let helper = study();
            // What is alike is added up before it is sent.
            let mut found: Vec<(Errand, Part)> = Vec::new();
            for index in (0..chief.parts()).rev() {
                if index % 2 != 0 {
                    let part = chief.run_part(index);
                    chief.absorb(part);
                    continue;
                }
                let errand = serde_json::to_string(&chief.errand(index)).expect("JSON");
                let errand: Errand = serde_json::from_str(&errand).expect("an errand");
                let part = helper.run_errand(&errand);
                let place = found.iter().position(|(like, _)| errand.is_like(like));
                let part = match place.map(|place| found.swap_remove(place)) {
                    Some((_, before)) => {
                        added_up += 1;
                        before.plus(part)
                    }
                    None => part,
                };
                found.push((errand, part));
            }
            for (_, part) in found {
                let part = Part::from_bytes(&part.to_bytes()).expect("a part");
                chief.absorb(part);
            }
            assert_eq!(all(&chief), expected);
        }
    }
    assert!(added_up > 0);
}

/// What is done to a design, and its name.
type Change<'a> = (&'a str, &'a dyn Fn(&mut Value));

/// What shares nothing that binds is what shares nothing: room for all, a breaker that never trips, a line
/// with a consumer for each message who takes no time. Only what is counted in one draw where stays are
/// alone, and met one by one where they are not, may differ: where in a stretch hits fall, and so percentiles
/// and the busiest minute.
#[test]
fn what_never_binds_changes_nothing() {
    let drawn = ["_p50", "_p95", "_p99", "peak", "backlog", "feed_load"];
    let room = |design: &mut Value| {
        design["cache"]["capacity"] = json!({ "entries": 1_000_000, "evict": "lru" });
    };
    let breaker = |design: &mut Value| {
        design["operations"]["circuit_breaker"] = json!({ "max_flip_share": 1.0 });
    };
    let line = |design: &mut Value| {
        design["feeds"][0]["delivery"]["push"]["consumers"] = json!(100_000);
    };
    let mut seen = json!({ "name": "seen", "serving": { "live_check": "shown", "explore": 0.2, "bypass": 0.1 },
        "cache": { "ttl": { "fixed": "5h" } },
        "feeds": [{ "name": "seen", "source": "searches", "delivery":
            { "push": { "latency": { "exponential": { "mean": "20m" } }, "loss": 0.1 } } }] });
    let mut hidden = seen.clone();
    hidden["name"] = json!("hidden");
    hidden["serving"] = json!({ "live_check": "shown" });
    hidden["cache"]["sold_out_ttl"] = json!("3h");
    hidden["cache"]["stale_while_revalidate"] = json!("1h");
    let mut late = pushed(
        "late",
        &json!({ "latency": { "exponential": { "mean": "1h" } }, "loss": 0.1, "duplicates": 0.1 }),
    );
    late["cache"] = json!({ "ttl": { "sliding": "8h" }, "stale_while_revalidate": "1h", "purge": { "random": { "per_day": 1.0 } } });
    let poll = polled(
        "poll",
        &json!({ "every": "4h", "latency": { "fixed": "10m" } }),
    );
    let mut kept = pushed(
        "kept",
        &json!({ "latency": { "uniform": { "min": "0s", "max": "30m" } } }),
    );
    kept["feeds"][0]["apply"] = json!("last_arrival");
    seen["cache"]["sold_out_ttl"] = json!("2h");
    let faults = [
        json!({ "slow": { "at": "1d", "lasts": "5h", "times": 3 } }),
        json!({ "wrong_answers": { "at": "2d", "lasts": "5h", "share": 0.3 } }),
        json!({ "cache_flush": { "at": "3d" } }),
    ];
    for world in [textbook(), hotels()] {
        for base in [&seen, &hidden, &late, &poll, &kept] {
            let can_line = base["feeds"][0]["delivery"]["push"].is_object();
            let mut changes: Vec<Change<'_>> = vec![("room", &room), ("breaker", &breaker)];
            changes.extend(can_line.then_some(("line", &line as &dyn Fn(&mut Value))));
            let name = base["name"].as_str().unwrap();
            let run = |design: &Value| -> Results {
                ran(&short(&world, std::slice::from_ref(design), &faults))
            };
            let alone = run(base);
            for (what, change) in changes {
                let mut changed = base.clone();
                change(&mut changed);
                let together = run(&changed);
                let (a, b) = (design(&alone, name), design(&together, name));
                // What is met search by search anyway agrees in everything.
                let without = if ["seen", "hidden"].contains(&name) {
                    &drawn[4..]
                } else {
                    &drawn[..]
                };
                assert_eq!(means(a, without), means(b, without), "{name} with {what}");
                assert_eq!(a.series, b.series, "{name} with {what}");
            }
        }
    }
}

/// A fault over the whole run is a design of its own: half of two consumers are one; three times as slow is
/// three times the latency; consumers that pause all the time are an outage, and so is a pause on purpose.
#[test]
fn a_fault_of_all_time_is_another_design() {
    let line = |consumers: u32| {
        pushed(
            "push",
            &json!({ "consumers": consumers, "service": { "exponential": { "mean": "70s" } } }),
        )
    };
    let late = |hours: u32| {
        pushed(
            "push",
            &json!({ "latency": { "fixed": format!("{hours}h") } }),
        )
    };
    let idle = pushed("push", &json!({ "consumers": 3 }));
    let always = |name: &str, more: Value| {
        let mut fault = more;
        fault["at"] = json!("0s");
        fault["lasts"] = json!("9d");
        json!({ name: fault })
    };
    let some_time = |name: &str, more: Value| {
        let mut fault = more;
        fault["at"] = json!("30h");
        fault["lasts"] = json!("12h");
        json!({ name: fault })
    };
    let outage = || some_time("outage", json!({}));
    let storm = some_time("rebalance_storm", json!({ "every": "1h", "pause": "1h" }));
    let run = |design: &Value, faults: &[Value]| {
        let mut scenario = short(&textbook(), std::slice::from_ref(design), faults);
        scenario["run"]["warmup"] = json!("0s");
        ran(&scenario)
    };
    for (name, one, other) in [
        (
            "consumers",
            run(&line(2), &[always("less_capacity", json!({ "left": 0.5 }))]),
            run(&line(1), &[]),
        ),
        (
            "latency",
            run(&late(2), &[always("slow", json!({ "times": 3 }))]),
            run(&late(6), &[]),
        ),
        (
            "pause",
            run(&late(2), &[some_time("pause", json!({}))]),
            run(&late(2), &[outage()]),
        ),
        ("storm", run(&idle, &[storm]), run(&idle, &[outage()])),
    ] {
        let (one, other) = (&one.designs[0], &other.designs[0]);
        // The load is that of all consumers, also of those that do not work.
        let without = ["feed_load"];
        assert_eq!(means(one, &without), means(other, &without), "{name}");
        assert_eq!(one.series, other.series, "{name}");
    }
}
