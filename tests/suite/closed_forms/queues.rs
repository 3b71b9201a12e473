//! Lines of consumers, outages and what a log keeps.

use serde_json::{Value, json};

use crate::simulated::{CHANGES_PER_DAY, check, pushed, ran, seconds, struck, symmetric};

const STAYS: f64 = 300.0;

/// The chance of waiting in an M/M/c queue with an offered load of a (A. K. Erlang 1917).
fn erlang_c(c: u32, a: f64) -> f64 {
    let terms: Vec<f64> = (0..=c)
        .scan(1.0, |term, k| {
            let now = *term;
            *term *= a / f64::from(k + 1);
            Some(now)
        })
        .collect();
    let last = terms[c as usize] / (1.0 - a / f64::from(c));
    last / (terms[..c as usize].iter().sum::<f64>() + last)
}

/// The changes of all items together are Poisson, so a line of c consumers is M/M/c, with a fixed service
/// M/D/1 (F. Pollaczek, A. Khinchine): mean wait ρS/2(1 − ρ). By partitions, items spread evenly over three:
/// each is M/M/1, mean time 1/(μ − λ), one in a hundred more than ln 100 times that.
#[test]
fn waits_in_line() {
    let line = |name: &str, push: Value| {
        let mut design = pushed(name, &push);
        // So that what was overtaken counts, too.
        design["feeds"][0]["apply"] = json!("last_arrival");
        design
    };
    let mean = |seconds: f64| json!({ "exponential": { "mean": format!("{seconds}s") } });
    let designs = json!([
        line("M/M/2", json!({ "consumers": 2, "service": mean(134.0) })),
        line(
            "M/M/1",
            json!({ "consumers": 1, "service": mean(60.0), "latency": { "fixed": "10m" } })
        ),
        line(
            "M/D/1",
            json!({ "consumers": 1, "service": { "fixed": "72s" } })
        ),
        line(
            "partitions",
            json!({ "partitions": 3, "service": mean(144.0) })
        ),
    ]);
    let per_second = STAYS * CHANGES_PER_DAY / 86_400.0;
    let wait = |c: u32, service: f64| {
        let load = per_second * service;
        erlang_c(c, load) * service / (f64::from(c) - load)
    };
    let rho = per_second * 72.0;
    let each = 144.0 / (1.0 - per_second / 3.0 * 144.0);
    let results = ran(&struck(
        &symmetric(0.0),
        &designs,
        ("2d", "20d"),
        &json!([]),
    ));
    check(
        &results,
        &[
            ("M/M/2", "feed_delay_s", wait(2, 134.0) + 134.0),
            ("M/M/1", "feed_delay_s", 600.0 + wait(1, 60.0) + 60.0),
            (
                "M/D/1",
                "feed_delay_s",
                rho * 72.0 / 2.0 / (1.0 - rho) + 72.0,
            ),
            ("partitions", "feed_delay_s", each),
        ],
    );
    // Percentiles are within 3 %, and vary a little.
    let p99 = crate::simulated::found(&results, "partitions", "feed_delay_s_p99").mean;
    let expected = each * 100_f64.ln();
    assert!(
        (p99 / expected - 1.0).abs() < 0.06,
        "{p99}, expected {expected}"
    );
}

/// An outage of length D in a run of length T. What the log keeps waits, uniformly long, D/2 on average; it
/// is all processed at the end. What it does not keep (all of it with no retention, or where consumers start
/// with the latest) is lost: D/T of all. With a retention R the older part is lost. All that came meanwhile
/// waits in line when it ends.
#[test]
fn outages_with_and_without_a_log() {
    let (outage, days) = (8.0 / 24.0, 4.0);
    let designs = json!([
        pushed("kept", &json!({})),
        pushed("kept for 3h", &json!({ "retention": "3h" })),
        pushed("not kept", &json!({ "retention": "0s" })),
        pushed("latest", &json!({ "start_at": "latest" })),
        pushed("line", &json!({ "consumers": 1, "service": { "fixed": "1s" } })),
        pushed("paused", &json!({})),
        { "name": "log", "feeds": [{ "name": "push", "source": "deltas", "delivery": { "pull": { "every": "1h" } } }] },
    ]);
    let mut faults: Vec<Value> = ["kept", "kept for 3h", "not kept", "latest", "line", "log"]
        .map(|design| json!({ "outage": { "design": design, "at": "1d", "lasts": "8h" } }))
        .to_vec();
    faults.push(
        json!({ "pause": { "design": "paused", "feed": "push", "at": "1d", "lasts": "8h" } }),
    );
    let c = CHANGES_PER_DAY;
    let short: f64 = 3.0 / 24.0;
    let waits = |kept: f64, of: f64| seconds(kept * kept / 2.0 / of);
    // Stale while a change waits; what is lost is healed by the next change.
    let waiting = |d: f64| d - (1.0 - (-c * d).exp()) / c;
    let after = days - 1.0 - outage;
    let healing = (1.0 - (-c * outage).exp()) * (1.0 - (-c * after).exp()) / c;
    let lost = 1.0 - (waiting(outage) + healing) / days;
    let results = ran(&struck(
        &symmetric(0.0),
        &designs,
        ("1d", "4d"),
        &json!(faults),
    ));
    check(
        &results,
        &[
            ("kept", "feed_delay_s", waits(outage, days)),
            ("kept", "feed_lost", 0.0),
            ("kept", "freshness", 1.0 - waiting(outage) / days),
            ("paused", "freshness", 1.0 - waiting(outage) / days),
            ("kept for 3h", "feed_lost", (outage - short) / days),
            (
                "kept for 3h",
                "feed_delay_s",
                waits(short, days - (outage - short)),
            ),
            ("not kept", "feed_lost", outage / days),
            ("not kept", "feed_delay_s", 0.0),
            ("not kept", "freshness", lost),
            ("latest", "feed_lost", outage / days),
            ("latest", "freshness", lost),
            ("line", "feed_lost", 0.0),
            ("line", "feed_backlog_max", STAYS * c * outage),
            ("log", "feed_lost", 0.0),
        ],
    );
}

/// A share q of messages calls another region, for an exponential time of mean m; longer than τ kills the
/// consumer. Committed before, what it worked on is lost: q e^(−τ/m). Committed after, it is tried again with
/// a new call, as often as needed: being memoryless that takes m in all, however often it was cut off, and
/// 1/(1 − e^(−τ/m)) calls.
#[test]
fn calls_that_time_out() {
    let (q, m, tau): (f64, f64, f64) = (0.4, 60.0, 45.0);
    let design = |name: &str, commit: &str| {
        let mut design = pushed(
            name,
            &json!({ "commit": commit, "cross_region": { "share": q, "timeout": "45s", "rebalance": "0s",
                     "latency": { "exponential": { "mean": "60s" } } } }),
        );
        design["feeds"][0]["apply"] = json!("last_arrival");
        design
    };
    let designs = json!([design("before", "before"), design("after", "after")]);
    let dies = (-tau / m).exp();
    let per_day = STAYS * CHANGES_PER_DAY;
    let answered = m - tau * dies / (1.0 - dies);
    check(
        &ran(&struck(&symmetric(0.0), &designs, ("1d", "8d"), &json!([]))),
        &[
            ("before", "feed_lost", q * dies),
            ("before", "calls", per_day * q),
            (
                "before",
                "feed_delay_s",
                q * (1.0 - dies) * answered / (1.0 - q * dies),
            ),
            ("after", "feed_lost", 0.0),
            ("after", "calls", per_day * q / (1.0 - dies)),
            ("after", "feed_delay_s", q * m),
        ],
    );
}
