//! Datasets, their pointers, and hints.

use serde_json::{Value, json};

use crate::simulated::{CHANGES_PER_DAY, check, decay, seconds, simulate, symmetric};

/// J. Cho, H. Garcia-Molina, "The evolution of the web and implications for an incremental crawler", VLDB
/// 2000, section 4: rewritten in place a copy is as fresh as one polled at a fixed order, (1 − e^(−cI))/cI. A
/// shadow copy is published with what was read up to a build time B before, evenly over it, so that two
/// uniform ages add up, B's and I's; with B = I the square of the former (their table 2). A pointer that is
/// polled every P adds a third.
#[test]
fn shadow_copies_and_rewriting_in_place() {
    let (c, i) = (CHANGES_PER_DAY, 8.0 / 24.0);
    let dataset = |name: &str, dataset: &Value, delivery: &Value| {
        json!({ "name": name, "feeds": [
            { "name": "data", "source": { "dataset": dataset }, "delivery": delivery }] })
    };
    let announced = json!("push");
    let shadow = |build: &str| json!({ "every": "8h", "build_time": build });
    let designs = json!([
        dataset("at once", &shadow("0s"), &announced),
        dataset("a third", &shadow("160m"), &announced),
        dataset("all the time", &shadow("8h"), &announced),
        dataset(
            "polled",
            &shadow("160m"),
            &json!({ "pull": { "every": "2h" } })
        ),
        dataset(
            "out of step",
            &shadow("160m"),
            &json!({ "pull": { "every": "5h" } })
        ),
        dataset(
            "late",
            &shadow("0s"),
            &json!({ "push": { "latency": { "fixed": "3h" } } })
        ),
        dataset(
            "in place",
            &json!({ "every": "8h", "build_time": "8h", "in_place": true }),
            &announced
        ),
        dataset(
            "in place, quick",
            &json!({ "every": "8h", "build_time": "1h", "in_place": true }),
            &announced
        ),
    ]);
    let results = simulate(&symmetric(2.0), &designs);
    // The time between two builds, and for how long it has been known at a random moment.
    let fresh =
        |ages: &[f64]| decay(c * i) * ages.iter().map(|age| decay(c * age)).product::<f64>();
    let age = |ages: &[f64]| seconds((i + ages.iter().sum::<f64>()) / 2.0);
    let b = i / 3.0;
    for (name, ages) in [
        ("at once", &[][..]),
        ("a third", &[b]),
        ("all the time", &[i]),
        ("polled", &[b, 2.0 / 24.0]),
        ("out of step", &[b, 5.0 / 24.0]),
        ("in place", &[]),
        ("in place, quick", &[]),
    ] {
        check(
            &results,
            &[
                (name, "freshness", fresh(ages)),
                (name, "stale_hits", 1.0 - fresh(ages)),
                (name, "data_age_s", age(ages)),
                (
                    name,
                    "staleness_s",
                    age(ages) - seconds((1.0 - fresh(ages)) / c),
                ),
                (name, "asks_poll", 300.0 / i),
                (name, "coverage", 1.0),
            ],
        );
    }
    let late = 3.0 / 24.0;
    check(
        &results,
        &[
            ("late", "freshness", fresh(&[]) * (-c * late).exp()),
            ("late", "data_age_s", age(&[2.0 * late])),
        ],
    );
}

/// A hint has the item asked when it arrives, so the answer is right then. With a latency L, and the last
/// hint to arrive A ago, A exponential of rate c: nothing may have changed since, in the last min(A, L) (if A
/// exceeds L, what changed before that has arrived). Hence F = ∫₀ᴸ c e^(−2cA) dA + e^(−cL) e^(−cL), and the
/// same with an odd number of changes for a wrong answer. A lost hint is made good by the next. A list of
/// hints read every T finds what a poll would, and asks only what changed.
#[test]
fn hints_then_fetch() {
    let c = CHANGES_PER_DAY;
    let hinted = |name: &str, delivery: Value| json!({ "name": name, "feeds": [{ "name": "hints", "source": "hints", "delivery": delivery }] });
    let (late, p, every) = (3.0 / 24.0, 0.2, 8.0 / 24.0);
    let designs = json!([
        hinted("late", json!({ "push": { "latency": { "fixed": "3h" } } })),
        hinted("lossy", json!({ "push": { "loss": p } })),
        hinted("read", json!({ "pull": { "every": "8h" } })),
    ]);
    let gone = |rate: f64| (-rate * c * late).exp();
    let wrong = ((1.0 - gone(1.0)) - (1.0 - gone(3.0)) / 3.0) / 2.0 + (gone(1.0) - gone(3.0)) / 2.0;
    check(
        &simulate(&symmetric(0.0), &designs),
        &[
            ("late", "freshness", (1.0 + gone(2.0)) / 2.0),
            ("late", "accuracy", 1.0 - wrong),
            ("late", "asks_hint", 300.0 * c),
            ("late", "feed_delay_s", seconds(late)),
            ("lossy", "freshness", 1.0 - p),
            ("lossy", "asks_hint", 300.0 * c * (1.0 - p)),
            ("lossy", "feed_lost", p),
            ("read", "freshness", decay(c * every)),
            (
                "read",
                "asks_hint",
                300.0 * (1.0 - (-c * every).exp()) / every,
            ),
        ],
    );
}
