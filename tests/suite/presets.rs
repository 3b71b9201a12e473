//! The stories that the presets' notes tell, held against their results: each claim is a difference between two
//! designs, or one number of a design, whose whole interval is on the side that the note says.
//!
//! The presets run smaller here, with fewer replicates, hotels and days, as far as their stories bear it.

use serde_json::{Value, json};
use stayfresh::report::results::Results;
use stayfresh::scenario::presets::by_name;
use stayfresh::scenario::text;

use crate::simulated::{found, ran};

/// A preset, smaller: so many replicates, and hotels where it has any; of its designs only some.
fn small(name: &str, replicates: u32, hotels: u32, designs: &[&str]) -> Value {
    let preset = by_name(name).unwrap_or_else(|| panic!("no preset {name}"));
    let document = preset
        .read()
        .unwrap_or_else(|problems| panic!("{name}: {problems}"));
    let mut scenario = sparing(text::resolved(&document), replicates, hotels);
    let of = |name: &&str| {
        let all = scenario["designs"].as_array().expect("designs");
        let mut all = all.iter();
        all.find(|design| design["name"] == *name).cloned()
    };
    // Bounds are no designs of the file.
    let kept: Vec<Value> = designs.iter().filter_map(of).collect();
    scenario["designs"] = json!(kept);
    let strikes = |fault: &Value| {
        let mut kinds = fault.as_object().expect("a fault").values();
        kinds.all(|fault| match fault.get("design") {
            Some(of) => designs.iter().any(|name| of == name),
            None => true,
        })
    };
    if let Some(faults) = scenario["faults"].as_array_mut() {
        faults.retain(strikes);
    }
    scenario
}

/// A scenario with so many replicates and hotels, and without its story, which is about all of its designs.
pub(crate) fn sparing(mut scenario: Value, replicates: u32, hotels: u32) -> Value {
    scenario["run"]["replicates"] = json!(replicates);
    if let Some(world) = scenario["world"].get_mut("hotels") {
        world["count"] = json!(hotels);
    }
    if let Some(scenario) = scenario.as_object_mut() {
        scenario.remove("story");
    }
    scenario
}

/// Holds claims of a preset: the first design has more of something than the second, by at least so much, and
/// the paired interval of 95 % is on that side of 0.
fn holds(name: &str, replicates: u32, hotels: u32, claims: &[(&str, &str, &str, f64)]) {
    let sides = claims.iter().flat_map(|(more, less, ..)| [*more, *less]);
    let mut designs: Vec<&str> = sides.collect();
    designs.sort_unstable();
    designs.dedup();
    let results = ran(&small(name, replicates, hotels, &designs));
    for (more, less, metric, least) in claims {
        let found = results.difference(more, less, metric);
        let found = found.unwrap_or_else(|| panic!("no {metric} of {more}"));
        let [low, high] = found.ci95.expect("replicates");
        println!(
            "{metric}: {more} − {less} is {:.5} [{low:.5}, {high:.5}]",
            found.mean
        );
        assert!(
            found.mean >= *least && low > 0.0,
            "{metric}: {more} − {less} is {} [{low}, {high}], and {least} was claimed",
            found.mean
        );
    }
}

/// Two designs of a preset differ by no more than so much, beyond any doubt.
fn alike(name: &str, replicates: u32, hotels: u32, designs: [&str; 2], metric: &str, most: f64) {
    let results = ran(&small(name, replicates, hotels, &designs));
    let found = results.difference(designs[0], designs[1], metric);
    let [low, high] = found.and_then(|found| found.ci95).expect("replicates");
    println!("{metric}: {designs:?} differ by [{low:.5}, {high:.5}]");
    assert!(
        -most < low && high < most,
        "{metric}: {designs:?} differ by [{low}, {high}]"
    );
}

/// An audit's number, with its interval of 95 %.
fn audited(results: &Results, design: &str, audit: &str, what: &str) -> (f64, [f64; 2]) {
    let design = results.designs.iter().find(|of| of.name == design);
    let estimate = design
        .and_then(|design| design.audits.get(audit)?.metrics.get(what))
        .unwrap_or_else(|| panic!("no {audit}/{what}"));
    (estimate.mean, estimate.ci95.expect("replicates"))
}

const ACCURACY: &str = "accuracy";
const SEARCHES: &str = "search_accuracy";
const LOST: &str = "lost_bookings";
const HIDDEN: &str = "false_sold_out";
const SHOWN: &str = "false_available";
const RUNNING: &str = "cost_usd_per_day";
const ERRORS: &str = "error_usd_per_day";
/// For all the hotels that the board stands for.
const TOTAL: &str = "represented_costs/total";
const MISSES: &str = "blocking_misses";

#[test]
fn push_vs_pull() {
    holds(
        "push-vs-pull",
        4,
        20,
        &[
            ("push, reconciled daily", "push deltas", ACCURACY, 0.0005),
            ("push deltas", "poll daily", SEARCHES, 0.03),
            ("poll hourly", "push, reconciled daily", RUNNING, 1.0),
        ],
    );
}

#[test]
fn legacy_against_next() {
    holds(
        "legacy-against-next",
        4,
        8,
        &[
            ("legacy", "next", SHOWN, 0.005),
            ("next", "legacy", HIDDEN, 0.005),
            ("next, short sold outs", "legacy", SEARCHES, 0.015),
            ("ideal", "next, short sold outs", SEARCHES, 0.003),
            ("next", "legacy", LOST, 0.02),
        ],
    );
}

#[test]
fn legacy_pipeline() {
    holds(
        "legacy-pipeline",
        4,
        8,
        &[
            ("alerts on", "as it was", SEARCHES, 0.01),
            ("the domain’s rules", "as it was", SEARCHES, 0.015),
            ("as it was", "alerts on", ERRORS, 1.0),
            ("all of it", "alerts on", SEARCHES, 0.015),
        ],
    );
    // What everybody complained about.
    alike(
        "legacy-pipeline",
        4,
        8,
        ["as it was", "one region"],
        SEARCHES,
        0.005,
    );
}

#[test]
fn natural_traffic() {
    holds(
        "natural-traffic",
        4,
        6,
        &[
            ("24 hours", "no lifetime", SEARCHES, 0.3),
            ("24 hours", "purge once a day", SEARCHES, 0.01),
            ("24 hours, sold outs 2 hours", "24 hours", SEARCHES, 0.02),
            (
                "2 hours for all",
                "24 hours, sold outs 2 hours",
                MISSES,
                0.03,
            ),
            (
                "2 hours for all",
                "24 hours, sold outs 2 hours",
                ACCURACY,
                0.005,
            ),
            (
                "2 hours for all",
                "24 hours, sold outs 2 hours",
                RUNNING,
                0.02,
            ),
            ("24 hours, sold outs 2 hours", "2 hours for all", TOTAL, 1.0),
        ],
    );
}

#[test]
fn deltas_vs_natural_traffic() {
    holds(
        "deltas-vs-natural-traffic",
        4,
        10,
        &[
            ("database deltas", "natural traffic", SHOWN, 0.005),
            ("natural traffic", "database deltas", HIDDEN, 0.01),
            (
                "natural traffic, exploring",
                "natural traffic",
                SEARCHES,
                0.005,
            ),
            (
                "natural traffic, short sold outs",
                "database deltas",
                SEARCHES,
                0.01,
            ),
        ],
    );
}

#[test]
fn cannibalisation() {
    holds(
        "cannibalisation",
        4,
        6,
        &[
            ("shown only", "explore 1 %", LOST, 0.15),
            ("explore 10 %", "explore 1 %", ACCURACY, 0.1),
            ("sold outs for 6 hours", "explore 10 %", ACCURACY, 0.02),
        ],
    );
    // Whoever looks only at what is shown sees nothing of it.
    let results = ran(&small("cannibalisation", 4, 6, &["shown only"]));
    assert!(found(&results, "shown only", "shown_precision").mean > 0.95);
    assert!(found(&results, "shown only", "available_recall").mean < 0.7);
}

#[test]
fn misread_metric() {
    holds(
        "misread-metric",
        4,
        20,
        &[
            ("natural traffic", "nightly dataset", SEARCHES, 0.015),
            ("nightly dataset", "natural traffic", ACCURACY, 0.015),
        ],
    );
    let results = ran(&small("misread-metric", 4, 20, &["natural traffic"]));
    let (_, [low, _]) = audited(&results, "natural traffic", "popular panel", "bias");
    assert!(low > 0.02, "{low}");
    let (bias, [low, high]) = audited(&results, "natural traffic", "random", "bias");
    assert!(low < 0.005 && high > -0.005 && bias.abs() < 0.01, "{bias}");
}

#[test]
fn panel_vs_random() {
    let results = ran(&small("panel-vs-random", 8, 40, &["natural traffic"]));
    let of = |audit, what| audited(&results, "natural traffic", audit, what);
    assert!(of("panel", "change_sd").1[1] < of("random", "change_sd").1[0]);
    assert!(of("popular panel", "bias").1[0] > 0.015);
    assert!(of("random", "interval_covers").0 > 0.9);
    assert!(of("popular panel", "interval_covers").0 < 0.7);
    assert!(of("popular panel", "detect_after_h").1[1] < of("random", "detect_after_h").1[0]);
    // Each is judged by itself: nobody is called, so nothing is mended.
    // At least six of eight: each of them notices 95 % or more, so that fewer are one run in a hundred, or less.
    for audit in ["random", "rotating", "popular panel"] {
        assert!(of(audit, "detected").0 > 0.7, "{audit}");
    }
    assert!(of("weighed back", "false_alarms").0 > 1.0);
    assert!(of("weighed back", "interval_covers").0 < of("random", "interval_covers").0);
}

#[test]
fn cache_lifetime_and_purge() {
    holds(
        "cache-lifetime-and-purge",
        4,
        8,
        &[
            ("6 hours", "24 hours", SEARCHES, 0.02),
            ("24 hours", "24 hours, sliding", SEARCHES, 0.08),
            ("24 hours, sliding", "24 hours", "hit_ratio", 0.02),
            ("5 minutes", "1 hour", RUNNING, 0.1),
        ],
    );
}

#[test]
fn cache_invalidation() {
    holds(
        "cache-invalidation",
        8,
        6,
        &[
            ("on events", "by lead time", SEARCHES, 0.01),
            ("by lead time", "24 hours", SEARCHES, 0.015),
            ("24 hours", "on events", MISSES, 0.03),
            ("on events, and 24 hours", "on events", ACCURACY, 0.0005),
            ("24 hours", "24 hours, jittered", "freshness", 0.0005),
        ],
    );
}

/// A message that is seconds late leaves a wrong answer for seconds, however many messages a booking makes.
#[test]
fn invalidations_that_take_seconds_are_nearly_as_good_as_at_once() {
    let mut scenario = small("cache-invalidation", 2, 6, &["on events"]);
    let events = scenario["designs"][0]["feeds"][1].take();
    scenario["designs"] = json!([{ "name": "on events", "feeds": [events] }]);
    scenario["designs"][0]["feeds"][0]["delivery"]["push"]["loss"] = json!(0);
    let accuracy = found(&ran(&scenario), "on events", ACCURACY).mean;
    assert!(accuracy > 0.9999, "{accuracy}");
}

#[test]
fn ttl_by_lead_time() {
    holds(
        "ttl-by-lead-time",
        4,
        8,
        &[
            ("by lead time", "18 hours", SEARCHES, 0.004),
            ("by lead time, empty 36 hours", "by lead time", LOST, 0.01),
            ("4 hours", "by lead time", MISSES, 0.1),
            ("18 hours", "by lead time", ACCURACY, 0.002),
            ("by lead time, steeper", "4 hours", TOTAL, 1_000.0),
        ],
    );
    alike(
        "ttl-by-lead-time",
        4,
        8,
        ["18 hours", "by lead time"],
        MISSES,
        0.01,
    );
}

#[test]
fn sparse_stays() {
    holds(
        "sparse-stays",
        4,
        0,
        &[
            ("natural traffic", "polls by popularity", "freshness", 0.2),
            ("polls by popularity", "polls, all alike", SEARCHES, 0.03),
            ("polls, all alike", "polls by popularity", ACCURACY, 0.05),
            (
                "polls, all alike",
                "polls by change rate",
                "freshness",
                0.03,
            ),
            (
                "polls for freshness",
                "polls, all alike",
                "freshness",
                0.005,
            ),
            ("traffic and polls", "natural traffic", ACCURACY, 0.02),
        ],
    );
}

#[test]
fn nightly_dataset() {
    holds(
        "nightly-dataset",
        4,
        15,
        &[
            ("in place", "pointer", "freshness", 0.003),
            ("pointer, rollback", "pointer", SEARCHES, 0.008),
            ("pointer, schema gate", "in place", SEARCHES, 0.008),
            (
                "pointer, schema gate",
                "pointer, rollback",
                ACCURACY,
                0.0005,
            ),
            ("pointer, gate and rollback", "pointer", SEARCHES, 0.008),
        ],
    );
}

#[test]
fn batch_and_speed() {
    holds(
        "batch-and-speed",
        8,
        12,
        &[
            ("both", "speed alone", SEARCHES, 0.004),
            ("both", "batch alone", SEARCHES, 0.03),
            ("speed with whole states", "speed alone", ACCURACY, 0.0015),
            ("both", "speed with whole states", ACCURACY, 0.001),
            ("speed with whole states", "both", TOTAL, 1_000.0),
        ],
    );
}

#[test]
fn stream_replay() {
    holds(
        "stream-replay",
        4,
        15,
        &[
            ("log of 6 hours", "no log", SEARCHES, 0.003),
            ("raw log, replay over", "log of 6 hours", SEARCHES, 0.005),
            (
                "raw log, replay over",
                "no log, reload nightly",
                SEARCHES,
                0.001,
            ),
            (
                "raw log, replay over",
                "raw log, delete first",
                "coverage",
                0.0001,
            ),
        ],
    );
}

#[test]
fn guardrails() {
    holds(
        "guardrails",
        4,
        8,
        &[
            ("lag alert", "none", ACCURACY, 0.002),
            ("parity check", "none", ACCURACY, 0.002),
            ("publish gate", "none", ACCURACY, 0.002),
            ("circuit breaker", "none", ACCURACY, 0.002),
            ("all", "parity check", ACCURACY, 0.01),
        ],
    );
    // Judged as a whole, nothing of a bad dataset gets through.
    alike(
        "guardrails",
        4,
        8,
        ["publish gate", "circuit breaker"],
        ACCURACY,
        0.0005,
    );
}

#[test]
fn channel_manager() {
    holds(
        "channel-manager",
        4,
        15,
        &[
            ("deltas and flush", "deltas alone", ACCURACY, 0.002),
            ("deltas alone", "flush alone", SEARCHES, 0.04),
            ("direct", "deltas and flush", SEARCHES, 0.0005),
        ],
    );
}

#[test]
fn hints_then_fetch() {
    holds(
        "hints-then-fetch",
        4,
        20,
        &[
            (
                "hints every 5 minutes",
                "poll every 4 hours",
                SEARCHES,
                0.003,
            ),
            ("poll every 4 hours", "poll daily", SEARCHES, 0.01),
            ("poll hourly", "hints every 5 minutes", RUNNING, 1.0),
            (
                "hints every 5 minutes",
                "hints every hour",
                ACCURACY,
                0.0005,
            ),
            ("poll hourly", "hints every 5 minutes", HIDDEN, 0.0003),
        ],
    );
    // It turns round with busier hotels.
    let mut busy = small(
        "hints-then-fetch",
        4,
        10,
        &["hints every 5 minutes", "poll hourly"],
    );
    busy["world"]["hotels"]["supplier_changes_per_hotel_per_day"] = json!(30);
    let found = ran(&busy).difference("hints every 5 minutes", "poll hourly", RUNNING);
    assert!(found.and_then(|found| found.ci95).expect("replicates")[0] > 0.0);
}

#[test]
fn paged_crawl() {
    holds(
        "paged-crawl",
        4,
        20,
        &[
            (
                "cursor, one crawler",
                "offset, one crawler",
                ACCURACY,
                0.002,
            ),
            (
                "offset, eight crawlers",
                "offset, one crawler",
                ACCURACY,
                0.002,
            ),
            (
                "cursor, eight crawlers",
                "cursor, leaky bucket",
                "live_asks_peak_per_s",
                1.0,
            ),
        ],
    );
    alike(
        "paged-crawl",
        4,
        20,
        ["cursor, one crawler", "cursor, eight crawlers"],
        ACCURACY,
        0.002,
    );
}
