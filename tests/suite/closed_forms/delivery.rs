//! Push: windows, overtaking, layers, increments, duplicates.

use serde_json::{Value, json};

use crate::simulated::{
    CHANGES_PER_DAY, check, decay, holds, integral, pushed, ran, seconds, simulate, struck,
    symmetric,
};

/// Changes come at rate λ. After the first of them, a window of length W stays open: a cycle is a window and
/// the wait for the next change. At the ticks of a clock of period W, what changed is sent. Waiting for W of
/// quiet is a busy period of an M/D/∞ queue: gaps below W, then one above (renewal reward; W. Feller, "An
/// introduction to probability theory and its applications" II, XI.4; L. Takács, "Introduction to the theory
/// of queues", 1962, 3.2). The copy is stale while a window is open.
#[test]
fn coalescing_windows() {
    let c = CHANGES_PER_DAY;
    let (first, clock, quiet) = (6.0 / 24.0, 8.0 / 24.0, 3.0 / 24.0);
    let designs = json!([
        pushed("first", &json!({ "window": { "after_first": "6h" } })),
        pushed("clock", &json!({ "window": { "clock": "8h" } })),
        pushed("quiet", &json!({ "window": { "quiet": "3h" } })),
    ]);
    // Few, and long watched: windows that are open at the end count for little.
    let stays = 100.0;
    let cycle = first + 1.0 / c;
    let r = c * clock;
    let tick = (1.0 - (-r).exp()) / clock;
    // The last change before a tick, if there is one.
    let since_last = ((1.0 - (-r).exp()) / c - clock * (-r).exp()) / (1.0 - (-r).exp());
    let q = (-c * quiet).exp();
    // Gaps below W: their first two moments; how many there are in a busy period is geometric.
    let gap = |k: i32| integral(0.0, quiet, |x| x.powi(k) * c * (-c * x).exp()) / (1.0 - q);
    let (gaps, gaps_variance) = ((1.0 - q) / q, (1.0 - q) / (q * q));
    let busy = quiet + gaps * gap(1);
    let busy_variance = gaps * (gap(2) - gap(1).powi(2)) + gaps_variance * gap(1).powi(2);
    let mut world = symmetric(2.0);
    world["stays"] = json!(stays as u32);
    let results = simulate(&world, &designs);
    let fresh: &[&str] = &["freshness", "stale_hits"];
    holds(
        &results,
        &[
            ("first", &["freshness", "staleness_s", "accuracy"]),
            ("clock", &["freshness", "staleness_s", "accuracy"]),
            ("quiet", fresh),
        ],
    );
    check(
        &results,
        &[
            ("first", "deltas", stays / cycle),
            ("first", "feed_superseded", 1.0 - 1.0 / (c * cycle)),
            ("first", "feed_delay_s", seconds(first * decay(c * first))),
            ("clock", "deltas", stays * tick),
            ("clock", "feed_superseded", 1.0 - tick / c),
            ("clock", "feed_delay_s", seconds(since_last)),
            ("quiet", "deltas", stays * c * q),
            ("quiet", "feed_superseded", 1.0 - q),
            (
                "quiet",
                "staleness_s",
                seconds((busy_variance + busy * busy) / 2.0 / (busy + 1.0 / c)),
            ),
            ("quiet", "feed_delay_s", seconds(quiet)),
        ],
    );
}

/// A lossy push, put right by a poll every T. Since the last poll, U ago, with U uniform on (0, T), the copy is
/// stale if there was a change and the last was lost: 1 − F = p(1 − E e^(−cU)). It has been stale for longer
/// than y if no change arrived within y, U > y, and it was stale y ago. What is served is the later of the
/// poll and the last change that arrived: min(U, exponential of rate c(1 − p)) old.
#[test]
fn a_slow_poll_puts_a_lossy_push_right() {
    let (c, p, t) = (CHANGES_PER_DAY, 0.3, 16.0 / 24.0);
    let arrive = c * (1.0 - p);
    let designs = json!([{ "name": "both", "feeds": [
        { "name": "push", "source": "deltas", "delivery": { "push": { "loss": p } } },
        { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "16h" } } } ] }]);
    let freshness = 1.0 - p * (1.0 - decay(c * t));
    let age = (1.0 - decay(arrive * t)) / arrive;
    let staleness = p * (age - (decay(arrive * t) - decay(c * t)) / (c * p));
    check(
        &simulate(&symmetric(2.0), &designs),
        &[
            ("both", "freshness", freshness),
            ("both", "stale_hits", 1.0 - freshness),
            ("both", "staleness_s", seconds(staleness)),
            ("both", "data_age_s", seconds(age)),
            ("both", "push/feed_lost", p),
            ("both", "asks_poll", 300.0 / t),
        ],
    );
}

/// Messages take an exponential time of rate μ each, so that they overtake. What is newest wins: the copy is
/// fresh when the last change arrived, μ/(c + μ). What arrives last wins: it must also be that no older one
/// arrived after it. Of the last change, x ago and on its way for l ≤ x, the older ones that arrive in the
/// x − l since are Poisson with mean (c/μ)(e^(−μl) − e^(−μx)) (thinning), which integrates over l.
///
/// Polls at memoryless moments of rate ν that take as long: they arrive as a Poisson process of rate ν, and
/// independently of it each was on its way for an exponential time (P. J. Burke, "The output of a queuing
/// system", Operations Research 4, 1956). So the last to arrive is Exp(ν) + Exp(μ) old. The newest that
/// arrived is older than y if none of those sent within y is there.
#[test]
fn what_arrives_last_may_be_older() {
    let (c, nu, mu) = (CHANGES_PER_DAY, 4.0, 6.0);
    let latency = json!({ "exponential": { "mean": "4h" } });
    let feed = |name: &str, source: &str, delivery: &Value, apply: &str| {
        json!({ "name": format!("{name}, {apply}"), "feeds": [
            { "name": name, "source": source, "delivery": delivery, "apply": apply }] })
    };
    let push = json!({ "push": { "latency": latency } });
    let poll = json!({ "pull": { "every": "6h", "order": "poisson", "latency": latency } });
    let designs = json!([
        feed("deltas", "deltas", &push, "newest"),
        feed("deltas", "deltas", &push, "last_arrival"),
        feed("polls", "inventory", &poll, "newest"),
        feed("polls", "inventory", &poll, "last_arrival"),
    ]);
    let last_arrival = integral(0.0, 12.0, |x| {
        let overtaking = -(-c / mu * -(-mu * x).exp_m1()).exp_m1();
        mu * (-c * x).exp() * overtaking
    });
    let older = |y: f64| (-nu * (y + (-mu * y).exp_m1() / mu)).exp();
    let newest_poll = 1.0 - integral(0.0, 12.0, |y| c * (-c * y).exp() * older(y));
    let newest_age = integral(0.0, 24.0, older);
    let results = simulate(&symmetric(1.0), &designs);
    holds(&results, &[("deltas, newest", &["freshness"])]);
    check(
        &results,
        &[
            ("deltas, last_arrival", "freshness", last_arrival),
            ("deltas, last_arrival", "stale_hits", 1.0 - last_arrival),
            ("polls, newest", "freshness", newest_poll),
            ("polls, newest", "data_age_s", seconds(newest_age)),
            (
                "polls, last_arrival",
                "freshness",
                nu / (nu + c) * mu / (mu + c),
            ),
            (
                "polls, last_arrival",
                "data_age_s",
                seconds(1.0 / nu + 1.0 / mu),
            ),
        ],
    );
}

/// The chance of k successes in n trials.
fn binomial(n: usize, chance: f64) -> Vec<f64> {
    let mut law = vec![1.0];
    for _ in 0..n {
        let mut next = vec![0.0; law.len() + 1];
        for (k, part) in law.iter().enumerate() {
            next[k] += part * (1.0 - chance);
            next[k + 1] += part * chance;
        }
        law = next;
    }
    law
}

/// The share of wrong answers after k changes, where each message goes wrong with this chance. What is off is
/// the replica's count of rooms: a sale that is lost leaves one too many, a return that is lost one too few;
/// one that counts twice the other way round. Sales and returns take turns; either may be the first.
fn wrong_after(k: usize, chance: f64, lost: bool) -> f64 {
    let wrong = |starts_open: bool| {
        let (first, second) = (k.div_ceil(2), k / 2);
        let (sales, returns) = if starts_open {
            (first, second)
        } else {
            (second, first)
        };
        let open = starts_open == k.is_multiple_of(2);
        let mut sum = 0.0;
        for (s, p_s) in binomial(sales, chance).iter().enumerate() {
            for (r, p_r) in binomial(returns, chance).iter().enumerate() {
                let off = if lost {
                    s as i64 - r as i64
                } else {
                    r as i64 - s as i64
                };
                let called_open = i64::from(open) + off > 0;
                sum += if called_open == open { 0.0 } else { p_s * p_r };
            }
        }
        sum
    };
    (wrong(true) + wrong(false)) / 2.0
}

/// With increments an item's copy is right, or not, by a walk of its own over the changes so far
/// ([`wrong_after`]), whose number is Poisson; averaged over the run from the load on. It is surely known
/// only up to the first loss. With states a loss is healed by the next message, and a duplicate is nothing.
#[test]
fn increments_drift() {
    let (c, days, p) = (CHANGES_PER_DAY, 3.0, 0.15);
    let design = |name: &str, payload: &str, push: Value| {
        json!({ "name": name, "feeds": [{ "name": "push",
            "source": { "deltas": { "payload": payload } }, "delivery": { "push": push } }] })
    };
    let designs = json!([
        design("lost", "increment", json!({ "loss": p })),
        design("twice", "increment", json!({ "duplicates": p })),
        design("lost state", "state", json!({ "loss": p })),
        design("state twice", "state", json!({ "duplicates": p })),
        // What is lost does not arrive twice.
        design(
            "lost, twice",
            "state",
            json!({ "loss": p, "duplicates": 0.5 })
        ),
    ]);
    // The share of time at which k changes have been made.
    let made = |k: usize| {
        let poisson = |t: f64| {
            let terms = (1..=k).map(|i| c * t / i as f64);
            terms.product::<f64>() * (-c * t).exp()
        };
        integral(0.0, days, poisson) / days
    };
    let accuracy = |lost| {
        let wrong = |k| made(k) * wrong_after(k, p, lost);
        1.0 - (0..=40).map(wrong).sum::<f64>()
    };
    let mut scenario = struck(&symmetric(1.0), &designs, ("0s", "3d"), &json!([]));
    scenario["world"]["two_state"]["stays"] = json!(600);
    let results = ran(&scenario);
    let known: &[&str] = &["freshness", "deltas", "feed_lost"];
    holds(
        &results,
        &["lost state", "state twice", "lost, twice"].map(|name| (name, known)),
    );
    check(
        &results,
        &[
            ("lost", "accuracy", accuracy(true)),
            ("lost", "freshness", decay(p * c * days)),
            ("lost", "feed_lost", p),
            ("twice", "accuracy", accuracy(false)),
            ("twice", "freshness", 1.0),
            ("state twice", "accuracy", 1.0),
        ],
    );
}
