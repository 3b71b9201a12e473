//! Simulated means against closed forms: |z| ≤ 4 over 40 replicates.
//!
//! z is the distance of the mean over replicates from the formula, in standard errors between replicates.
//! A right program exceeds 4 once in 8,000 checks or so (t with 39 degrees of freedom); a formula that is
//! off by one standard error's worth of modelling would show in most of the dozens of checks here.

use serde_json::{Value, json};

use crate::simulated::{CHANGES_PER_DAY, check, polled, simulate, symmetric};

mod budgets;
mod caches;
mod datasets;
mod delivery;
mod faults;
mod queues;
mod traffic;

/// J. Cho, H. Garcia-Molina, "Synchronizing a database to improve freshness", SIGMOD 2000, table 2: freshness
/// and age of fixed, random (shuffled) and purely random (Poisson) order, with r = changes an interval.
#[test]
fn polling_orders() {
    let hours = 8.0;
    let r = CHANGES_PER_DAY * hours / 24.0;
    let interval_s = hours * 3600.0;
    let decay = (1.0 - (-r).exp()) / r;
    let designs = json!([
        polled("fixed", &json!({ "every": "8h" })),
        polled("shuffled", &json!({ "every": "8h", "order": "shuffled" })),
        polled("poisson", &json!({ "every": "8h", "order": "poisson" })),
    ]);
    let fixed = decay;
    let shuffled = (1.0 - decay * decay) / r;
    let poisson = 1.0 / (1.0 + r);
    // The mean time since the last poll, in intervals; the age of a change is that less what was fresh.
    let age = |since: f64, freshness: f64| interval_s * (since - (1.0 - freshness) / r);
    check(
        &simulate(&symmetric(4.0), &designs),
        &[
            ("fixed", "freshness", fixed),
            ("fixed", "staleness_s", age(0.5, fixed)),
            ("fixed", "data_age_s", interval_s / 2.0),
            ("fixed", "stale_hits", 1.0 - fixed),
            ("shuffled", "freshness", shuffled),
            ("shuffled", "staleness_s", age(7.0 / 12.0, shuffled)),
            ("shuffled", "data_age_s", interval_s * 7.0 / 12.0),
            ("poisson", "freshness", poisson),
            ("poisson", "staleness_s", age(1.0, poisson)),
            ("poisson", "data_age_s", interval_s),
        ],
    );
}

/// Jitter leaves the rate of polls but lengthens the gap a random moment falls into: the mean time since the
/// last poll is E[G²] / 2E[G] (renewal theory), freshness E[1 − e^(−λG)] / λE[G].
#[test]
fn jittered_polls() {
    let (interval, jitter, c) = (8.0 / 24.0, 0.5, CHANGES_PER_DAY);
    let (low, high) = (interval * (1.0 - jitter), interval * (1.0 + jitter));
    let mean_decay = ((-c * low).exp() - (-c * high).exp()) / (c * (high - low));
    let freshness = (1.0 - mean_decay) / (c * interval);
    let since = (high * high + high * low + low * low) / 3.0 / (2.0 * interval);
    let designs = json!([polled(
        "jittered",
        &json!({ "every": "8h", "jitter": jitter })
    )]);
    check(
        &simulate(&symmetric(0.0), &designs),
        &[
            ("jittered", "freshness", freshness),
            ("jittered", "data_age_s", since * 86_400.0),
            (
                "jittered",
                "staleness_s",
                (since - (1.0 - freshness) / c) * 86_400.0,
            ),
        ],
    );
}

/// Polls that fail with chance p stretch the gap geometrically; a latency L makes the copy older by L.
#[test]
fn late_and_lossy_polls() {
    let (interval, c, p) = (8.0 / 24.0, CHANGES_PER_DAY, 0.3);
    let q = 1.0 - p;
    // Gaps of k intervals with chance q p^(k−1): mean 1/q, second moment (1 + p)/q².
    let since = interval * (1.0 + p) / (2.0 * q);
    let decay = (-c * interval).exp();
    let mean_decay = q * decay / (1.0 - p * decay);
    let freshness = (1.0 - mean_decay) * q / (c * interval);
    let late = 2.0 / 24.0;
    let late_freshness = (-c * late).exp() * (1.0 - decay) / (c * interval);
    let designs = json!([
        polled("lossy", &json!({ "every": "8h", "loss": p })),
        polled(
            "late",
            &json!({ "every": "8h", "latency": { "fixed": "2h" } })
        ),
        // Longer than the gap: several answers on the way at once.
        polled(
            "very late",
            &json!({ "every": "8h", "latency": { "fixed": "20h" } })
        ),
    ]);
    check(
        &simulate(&symmetric(1.0), &designs),
        &[
            ("lossy", "freshness", freshness),
            ("lossy", "data_age_s", since * 86_400.0),
            ("late", "freshness", late_freshness),
            ("late", "data_age_s", (interval / 2.0 + late) * 86_400.0),
            (
                "late",
                "staleness_s",
                (interval / 2.0 + late - (1.0 - late_freshness) / c) * 86_400.0,
            ),
            (
                "very late",
                "data_age_s",
                (interval / 2.0 + 20.0 / 24.0) * 86_400.0,
            ),
            (
                "very late",
                "freshness",
                (-c * 20.0 / 24.0).exp() * (1.0 - decay) / (c * interval),
            ),
        ],
    );
}

/// Intervals that halve after a change and double after none move on a ladder. A poll sees a change where
/// the number of flips since the last is odd: with chance (1 − e^(−2ci))/2 after an interval i, for flips are
/// Poisson at the rate c in either state. Flips in one interval do not depend on those in another, so the next
/// step depends on the rung alone: though the answers that are compared are correlated, the rungs are a Markov
/// chain, exactly. It is one of birth and death, so that each pair of neighbours balances by itself:
/// π(k)·(1 − p(k)) = π(k + 1)·p(k + 1). Nor do flips after a poll depend on the rung it leads to. Where polls
/// fail, the rung stays, and the chain is that of polls that succeed, a geometric number of intervals apart.
#[test]
fn adaptive_polls() {
    let c = CHANGES_PER_DAY;
    let hour = 1.0 / 24.0;
    let expected = |late: f64, loss: f64| {
        let kept = 1.0 - loss;
        // The interval of each rung, where the next poll waits for an answer that takes `late`.
        let intervals: Vec<f64> = (0..4)
            .map(|k| f64::max(hour * f64::from(1 << k), late))
            .collect();
        // Nothing at this rate from one poll that succeeds to the next.
        let none = |rate: f64, i: f64| {
            let decay = (-rate * i).exp();
            kept * decay / (1.0 - loss * decay)
        };
        let changed = |i: f64| (1.0 - none(2.0 * c, i)) / 2.0;
        let mut rungs = vec![1.0];
        for pair in intervals.windows(2) {
            let up = rungs[rungs.len() - 1] * (1.0 - changed(pair[0]));
            rungs.push(up / changed(pair[1]));
        }
        let mean = |f: &dyn Fn(f64) -> f64| {
            let terms = rungs.iter().zip(&intervals).map(|(share, i)| share * f(*i));
            terms.sum::<f64>() / rungs.iter().sum::<f64>()
        };
        let interval = mean(&|i| i);
        let gap = interval / kept;
        let fresh = (-c * late).exp() * mean(&|i| (1.0 - none(c, i)) / c) / gap;
        let age = mean(&|i| i * i * (1.0 + loss) / (kept * kept) / 2.0) / gap + late;
        (1.0 / interval, fresh, age)
    };
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
    let results = simulate(&symmetric(1.0), &designs);
    for (design, late, loss) in [
        ("adaptive", 0.0, 0.0),
        ("late", 0.5 * hour, 0.0),
        ("waiting", 1.5 * hour, 0.0),
        ("lossy", 0.0, 0.3),
    ] {
        let (polls, fresh, age) = expected(late, loss);
        check(
            &results,
            &[
                (design, "asks_poll", 300.0 * polls),
                (design, "freshness", fresh),
                (design, "stale_hits", 1.0 - fresh),
                (design, "data_age_s", age * 86_400.0),
                (design, "staleness_s", (age - (1.0 - fresh) / c) * 86_400.0),
            ],
        );
    }
}

/// A two-state item read a time Y ago is wrong with chance 2π(1 − π)(1 − e^(−(a+b)Y)): split by who is wrong,
/// both ways are equally likely. Precision and recall follow.
#[test]
fn value_accuracy_of_a_polled_item() {
    let (a, b, interval): (f64, f64, f64) = (2.0, 5.0, 6.0 / 24.0);
    let available = b / (a + b);
    let r = (a + b) * interval;
    let wrong = available * (1.0 - available) * (1.0 - (1.0 - (-r).exp()) / r);
    let world = json!({ "stays": 300, "sells_out_per_day": a, "reopens_per_day": b,
                        "searches_per_stay_per_day": 20.0, "popularity": { "zipf": 0.8 } });
    check(
        &simulate(
            &world,
            &json!([polled("polled", &json!({ "every": "6h" }))]),
        ),
        &[
            ("polled", "accuracy", 1.0 - 2.0 * wrong),
            ("polled", "false_available", wrong),
            ("polled", "false_sold_out", wrong),
            ("polled", "entry_accuracy", 1.0 - 2.0 * wrong),
            ("polled", "search_accuracy", 1.0 - 2.0 * wrong),
            ("polled", "search_false_available", wrong),
            ("polled", "shown_precision", 1.0 - wrong / available),
            ("polled", "available_recall", 1.0 - wrong / available),
        ],
    );
}

/// A message takes L: what changed within L is not there yet. One lost with chance p is healed by the next
/// of its row, so the copy is fresh when the last change arrived; after k losses in a row it is k changes old.
#[test]
fn push_with_latency_and_loss() {
    let c = CHANGES_PER_DAY;
    let push = |name: &str, push: &Value| json!({ "name": name, "feeds": [{ "name": "push", "source": "deltas", "delivery": { "push": push } }] });
    let (late, mean, p) = (3.0 / 24.0, 2.0 / 24.0, 0.2);
    let designs = json!([
        push("late", &json!({ "latency": { "fixed": "3h" } })),
        push(
            "exponential",
            &json!({ "latency": { "exponential": { "mean": "2h" } } })
        ),
        push("lossy", &json!({ "loss": p })),
        push("both", &json!({ "latency": { "fixed": "3h" }, "loss": p })),
    ]);
    check(
        &simulate(&symmetric(2.0), &designs),
        &[
            ("late", "freshness", (-c * late).exp()),
            (
                "late",
                "staleness_s",
                (late - (1.0 - (-c * late).exp()) / c) * 86_400.0,
            ),
            ("exponential", "freshness", 1.0 / (1.0 + c * mean)),
            ("lossy", "freshness", 1.0 - p),
            ("lossy", "staleness_s", p / ((1.0 - p) * c) * 86_400.0),
            ("both", "freshness", (1.0 - p) * (-c * late).exp()),
        ],
    );
}

/// A change log read every I arrives at the next read: uniform delays, all messages of an item in order.
#[test]
fn a_pulled_change_log_is_like_polling() {
    let hours = 8.0;
    let r = CHANGES_PER_DAY * hours / 24.0;
    let designs = json!([{ "name": "log", "feeds": [
        { "name": "log", "source": "deltas", "delivery": { "pull": { "every": "8h" } } }] }]);
    let freshness = (1.0 - (-r).exp()) / r;
    check(
        &simulate(&symmetric(0.0), &designs),
        &[
            ("log", "freshness", freshness),
            (
                "log",
                "staleness_s",
                hours * 3600.0 * (0.5 - (1.0 - freshness) / r),
            ),
        ],
    );
}

/// Lifetimes without any feed: misses ask live. Fixed and purged: Jung et al., INFOCOM 2003, section III;
/// sliding: Fofack et al., Computer Networks 65, 2014. Hits are uniform over an entry's life (PASTA), so the
/// share of stale hits is one less the mean of e^(−c·age).
#[test]
fn lifetimes_and_purges() {
    let (c, s) = (CHANGES_PER_DAY, 12.0);
    let t = 4.0 / 24.0;
    let rho = 5.0;
    let cached = |name: &str, cache: &Value| json!({ "name": name, "cache": cache });
    let purge = json!({ "random": { "per_day": rho } });
    let designs = json!([
        cached("fixed", &json!({ "ttl": { "fixed": "4h" } })),
        cached("sliding", &json!({ "ttl": { "sliding": "4h" } })),
        cached("purged", &json!({ "purge": purge })),
        cached("both", &json!({ "ttl": { "fixed": "4h" }, "purge": purge })),
    ]);
    let hit = |life: f64| s * life / (1.0 + s * life);
    let kept = |rate: f64| (1.0 - (-rate * t).exp()) / rate;
    let q = 1.0 - (-s * t).exp();
    let fresh_q = s / (s + c) * (1.0 - (-(s + c) * t).exp());
    let sliding_stale = 1.0 - fresh_q / (1.0 - fresh_q) * (1.0 - q) / q;
    check(
        &simulate(&symmetric(s), &designs),
        &[
            ("fixed", "hit_ratio", hit(t)),
            ("fixed", "coverage", hit(t)),
            ("fixed", "stale_hits", 1.0 - kept(c) / t),
            ("fixed", "freshness", kept(c) / t),
            ("fixed", "data_age_s", t / 2.0 * 86_400.0),
            ("fixed", "blocking_misses", 1.0 - hit(t)),
            ("sliding", "hit_ratio", q),
            ("sliding", "stale_hits", sliding_stale),
            ("purged", "hit_ratio", s / (s + rho)),
            ("purged", "coverage", s / (s + rho)),
            ("purged", "stale_hits", c / (rho + c)),
            ("purged", "data_age_s", 86_400.0 / rho),
            ("both", "hit_ratio", hit(kept(rho))),
            ("both", "stale_hits", 1.0 - kept(rho + c) / kept(rho)),
        ],
    );
}

/// A refresh by every search: the copy is as old as the last search. Refresh by what is shown alone, with a
/// share e of sold-out answers explored, is a Markov chain on (held, true), solved below.
#[test]
fn search_triggered_refresh() {
    let (c, s, explore) = (CHANGES_PER_DAY, 10.0, 0.1);
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
            &json!({ "live_check": "shown", "explore": explore }),
            1.0
        ),
    ]);
    // States: held available or sold out, truly available or sold out. a: sells out, b: reopens.
    let (a, b) = (c, c);
    let (x, y) = (s, explore * s);
    // Balance of AS, SA and of the cut between held available and held sold out (x·AS = y·SA); AA and SS
    // follow from the truth's own balance: AA + SA = b/(a+b), AS + SS = a/(a+b).
    // AS: a·AA = (b + x)·AS  ⇒  a·(b/(a+b) − SA) = (b + x)·AS, with SA = x/y·AS.
    let wrong_available = a * b / (a + b) / (b + x + a * x / y);
    let wrong_sold_out = x / y * wrong_available;
    check(
        &simulate(&symmetric(s), &designs),
        &[
            ("every search", "freshness", s / (s + c)),
            ("every search", "stale_hits", c / (s + c)),
            ("every search", "data_age_s", 86_400.0 / s),
            ("half", "freshness", 0.5 * s / (0.5 * s + c)),
            ("half", "data_age_s", 86_400.0 / (0.5 * s)),
            ("shown", "false_available", wrong_available),
            ("shown", "false_sold_out", wrong_sold_out),
            ("shown", "accuracy", 1.0 - wrong_available - wrong_sold_out),
        ],
    );
}

/// Items that change at different rates, polled at fixed phases: freshness is the mean over items of
/// (1 − e^(−λI)) / λI. With a gamma variate of mean 1 and shape k on λ = r/I the mean of e^(−sλ) is
/// (1 + s/k)^(−k) for s = r, so freshness is the mean of that over s from 0 to r.
#[test]
fn items_of_different_rates() {
    let hours = 8.0;
    let r = CHANGES_PER_DAY * hours / 24.0;
    let designs = json!([polled("polled", &json!({ "every": "8h" }))]);
    let expect = |fresh: f64| {
        [
            ("polled", "freshness", fresh),
            ("polled", "stale_hits", 1.0 - fresh),
        ]
    };
    let gamma = |k: f64, r: f64| {
        if k == 1.0 {
            r.ln_1p() / r
        } else {
            k / (r * (k - 1.0)) * (1.0 - (1.0 + r / k).powf(1.0 - k))
        }
    };
    // Searches of popular items weigh more: rates must not go with ranks.
    let world = |key: &str, value: Value| {
        let mut world = symmetric(4.0);
        world["popularity"] = json!({ "zipf": 0.8 });
        world[key] = value;
        world
    };
    for k in [0.5, 1.0, 3.0] {
        let spread = world("rate_spread", json!({ "gamma": { "shape": k } }));
        let results = simulate(&spread, &designs);
        check(&results, &expect(gamma(k, r)));
        // An item read a time Y ago is wrong with chance (1 − e^(−2cY)) / 2.
        let right = 0.5 + 0.5 * gamma(k, 2.0 * r);
        check(&results, &[("polled", "accuracy", right)]);
    }
    let classes = json!([{ "share": 0.2, "times": 3.5 }, { "share": 0.8, "times": 0.375 }]);
    let one = |times: f64| (1.0 - (-r * times).exp()) / (r * times);
    let fresh = 0.2 * one(3.5) + 0.8 * one(0.375);
    let results = simulate(&world("rate_classes", classes), &designs);
    check(&results, &expect(fresh));
}
