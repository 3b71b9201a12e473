//! Lines of consumers, outages and what a log keeps.

use serde_json::{Value, json};
use stayfresh::study::theory::line::{self, erlang_c};

use crate::simulated::{
    CHANGES_PER_DAY, check, holds, integral, pushed, ran, seconds, struck, symmetric,
};

const STAYS: f64 = 300.0;

/// Messages a second of all items.
fn per_second() -> f64 {
    STAYS * CHANGES_PER_DAY / 86_400.0
}

/// A design with a line in which what was overtaken counts, too.
fn lined(name: &str, push: &Value) -> Value {
    let mut design = pushed(name, push);
    design["feeds"][0]["apply"] = json!("last_arrival");
    design
}

/// The mean wait of M/G/1 at this rate.
fn khinchine(service: [f64; 2]) -> f64 {
    line::khinchine(per_second(), service)
}

/// By partitions, items spread evenly over three: each is M/M/1, mean time 1/(μ − λ), one in a hundred more than
/// ln 100 times that.
#[test]
fn waits_in_line() {
    let mean = |seconds: f64| json!({ "exponential": { "mean": format!("{seconds}s") } });
    let designs = json!([
        lined("M/M/2", &json!({ "consumers": 2, "service": mean(134.0) })),
        lined(
            "M/M/1",
            &json!({ "consumers": 1, "service": mean(60.0), "latency": { "fixed": "10m" } })
        ),
        lined(
            "M/D/1",
            &json!({ "consumers": 1, "service": { "fixed": "72s" } })
        ),
        lined(
            "partitions",
            &json!({ "partitions": 3, "service": mean(144.0) })
        ),
    ]);
    let each = 144.0 / (1.0 - per_second() / 3.0 * 144.0);
    let results = ran(&struck(
        &symmetric(0.0),
        &designs,
        ("2d", "20d"),
        &json!([]),
    ));
    let all = ["M/M/2", "M/M/1", "M/D/1", "partitions"];
    holds(
        &results,
        &all.map(|name| (name, &["feed_delay_s", "feed_load"][..])),
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

/// How much longer messages wait in line in all, in seconds, for one outage of length D in an M/G/1 queue, by
/// the first three moments of its service.
///
/// Work under way is finished in an outage, so that who comes u after its start waits D − u, for the work Q
/// that was in line then, and for what came since: the wait falls from D + Q as ever. In an M/G/1 queue it
/// adds up over time, to what it adds up to from x = 0 on, plus h(x) = x²/2(1 − ρ): that solves
/// −h′(x) + λE[h(x + S) − h(x)] = w − x, and λE h(S) = w at 0 (Poisson's equation for the workload; S. P. Meyn,
/// R. L. Tweedie, "Markov chains and stochastic stability", 1993, chapter 17). Messages see the time average.
/// The N in line when it begins wait D longer, less what is left of the service under way, R.
///
/// With D alone it is a triangle: D high, and as wide as the outage and the time to drain, D/(1 − ρ) or
/// D + λD/(μ − λ). Those in line do not know their service yet, and by the distributional form of Little's
/// law (J. Keilson, L. D. Servi, Operations Research Letters 7, 1988) there are as many as come in a wait W:
/// E N = λw and E N² = λ²EW² + λw, with EW² = 2w² + λES³/3(1 − ρ) (L. Takács 1962). E QR = ES·E NR comes from
/// W² = (Q + R)², with E R² = λES³/3.
fn excess_of_one(outage: f64, service: [f64; 3]) -> f64 {
    let [mean, square, cube] = service;
    let rate = per_second();
    let spare = 1.0 - rate * mean;
    let wait = khinchine([mean, square]);
    let wait_square = 2.0 * wait * wait + rate * cube / 3.0 / spare;
    let waiting = rate * wait;
    let waiting_square = rate * rate * wait_square + waiting;
    let work = waiting * mean;
    let work_square = waiting * (square - mean * mean) + waiting_square * mean * mean;
    let waiting_rest = (wait_square - work_square - rate * cube / 3.0) / 2.0 / mean;
    let start_square = outage * outage + 2.0 * outage * work + work_square;
    rate * (start_square - wait_square) / 2.0 / spare + waiting * outage - waiting_rest
}

/// The same for M/M/c, by Poisson's equation for how many there are: the number in line adds up to D(k) more
/// on the way from k to k − 1 than on average, with μ_k D(k) = (k − c)⁺ − g + λD(k + 1), which is linear from
/// c on. At the end of the outage there are those in line at its start and a Poisson number.
fn excess_of_several(c: u32, outage: f64, service: f64) -> f64 {
    let (rate, busy) = (per_second(), f64::from(c));
    let load = rate * service;
    let r = load / busy;
    let waits = erlang_c(c, load);
    let waiting = waits * r / (1.0 - r);
    let waiting_square = waits * r * (1.0 + r) / (1.0 - r).powi(2);
    let slope = 1.0 / (busy / service - rate);
    let offset = (rate * slope - busy - waiting) * slope;
    // From 0 to c, first from the top.
    let mut down = vec![slope * busy + offset];
    for k in (1..c).rev() {
        down.push((rate * down[down.len() - 1] - waiting) * service / f64::from(k));
    }
    let upto = |n: u32| down.iter().rev().take(n as usize).sum::<f64>();
    let beyond = |mean: f64, variance: f64| {
        let numbers = mean * (mean + 1.0) + variance - busy * (busy + 1.0);
        upto(c) + slope * numbers / 2.0 + offset * (mean - busy)
    };
    let mut steady = waits * beyond(busy + r / (1.0 - r), r / (1.0 - r).powi(2));
    let mut share = waits * (1.0 - r);
    for n in (0..c).rev() {
        share *= f64::from(n + 1) / load;
        steady += share * upto(n);
    }
    let came = rate * outage;
    let variance = waiting_square - waiting * waiting + came;
    came * outage / 2.0 + beyond(waiting + came, variance) - steady
}

/// After an outage of length D consumers with little to spare work off what waited, while more comes: see
/// [`excess_of_one`] and [`excess_of_several`]. The most that wait are those at its end, N, and after the
/// first has started N − 1 and the highest climb of a walk of steps ±1 that goes up λ : μ, geometric in λ/μ:
/// in all λD + 2ρ²/(1 − ρ) for M/M/1, with the ρ²/(1 − ρ) in line when it began.
///
/// While the line drains it is never empty: in a time x after the outage it makes x/S of fixed services, or
/// on average μx, and in the outage one that was at work, with chance ρ.
#[test]
fn outages_drain_as_fast_as_there_is_room() {
    let (outage, days) = (8.0 * 3_600.0, 6.0);
    let mean = |seconds: f64| json!({ "exponential": { "mean": format!("{seconds}s") } });
    let designs = json!([
        lined(
            "M/D/1",
            &json!({ "consumers": 1, "service": { "fixed": "70s" } })
        ),
        lined("M/M/1", &json!({ "consumers": 1, "service": mean(60.0) })),
        lined("M/M/2", &json!({ "consumers": 2, "service": mean(134.0) })),
    ]);
    let faults = json!([{ "outage": { "at": "1d", "lasts": "8h" } }]);
    let messages = STAYS * CHANGES_PER_DAY * days;
    let delay = |wait: f64, excess: f64, service: f64| wait + excess / messages + service;
    let exponential = [60.0, 2.0 * 3_600.0, 6.0 * 216_000.0];
    let one = excess_of_one(outage, exponential);
    let other = excess_of_several(1, outage, 60.0);
    assert!((one / other - 1.0).abs() < 1e-9, "{one} and {other}");
    let rho = per_second() * 60.0;
    let load = per_second() * 134.0;
    let fixed = [70.0, 4_900.0, 343_000.0];
    check(
        &ran(&struck(&symmetric(0.0), &designs, ("2d", "6d"), &faults)),
        &[
            ("M/D/1", "feed_lost", 0.0),
            (
                "M/D/1",
                "feed_delay_s",
                delay(
                    khinchine([70.0, 4_900.0]),
                    excess_of_one(outage, fixed),
                    70.0,
                ),
            ),
            (
                "M/M/1",
                "feed_delay_s",
                delay(khinchine([60.0, 7_200.0]), one, 60.0),
            ),
            (
                "M/M/1",
                "feed_backlog_max",
                per_second() * outage + 2.0 * rho * rho / (1.0 - rho),
            ),
            (
                "M/M/2",
                "feed_delay_s",
                delay(
                    erlang_c(2, load) * 134.0 / (2.0 - load),
                    excess_of_several(2, outage, 134.0),
                    134.0,
                ),
            ),
        ],
    );
    // Until 4 hours after the outage: all still drain.
    let faults = json!([{ "outage": { "at": "0s", "lasts": "8h" } }]);
    let hours = 4.0;
    let done = |at_work: f64, since: f64| (at_work + since) * 24.0 / (8.0 + hours);
    check(
        &ran(&struck(&symmetric(0.0), &designs, ("2d", "12h"), &faults)),
        &[
            (
                "M/D/1",
                "cache_writes",
                done(per_second() * 70.0, (hours * 3_600.0 / 70.0_f64).floor()),
            ),
            ("M/M/1", "cache_writes", done(rho, hours * 3_600.0 / 60.0)),
            (
                "M/M/2",
                "cache_writes",
                done(load, 2.0 * hours * 3_600.0 / 134.0),
            ),
        ],
    );
}

/// One consumer that dies at a call longer than τ leaves a group of none, which pauses for R: to those behind,
/// a message is one service, of an M/G/1 queue. Committed before it is S, S and the call, or τ + R with chance
/// q e^(−τ/m), and then lost. Committed after there are K deaths, geometric, before a call that is answered:
/// K(τ + R) + C + S. Nobody's wait depends on the own service.
#[test]
fn rebalances_lengthen_the_service() {
    let (service, q, m, tau, rebalance): (f64, f64, f64, f64, f64) = (30.0, 0.3, 20.0, 30.0, 90.0);
    let design = |name: &str, commit: &str| {
        lined(
            name,
            &json!({ "consumers": 1, "service": { "fixed": "30s" }, "commit": commit,
                     "cross_region": { "share": q, "timeout": "30s", "rebalance": "90s",
                     "latency": { "exponential": { "mean": "20s" } } } }),
        )
    };
    let designs = json!([design("before", "before"), design("after", "after")]);
    let dies = (-tau / m).exp();
    // The first two moments of a call that is answered.
    let call =
        [1, 2].map(|k| integral(0.0, tau, |x| x.powi(k) * (-x / m).exp() / m) / (1.0 - dies));
    // Of a service after which something with these moments comes with a chance.
    let with = |chance: f64, [mean, square]: [f64; 2]| {
        [
            service + chance * mean,
            service * service + chance * (2.0 * service * mean + square),
        ]
    };
    let pause = tau + rebalance;
    let [mean, square] = with(q * (1.0 - dies), call);
    let died = q * dies;
    let before = [
        mean + died * (pause - service),
        square + died * (pause * pause - service * service),
    ];
    let deaths = [
        dies / (1.0 - dies),
        dies * (1.0 + dies) / (1.0 - dies).powi(2),
    ];
    let after = with(
        q,
        [
            deaths[0] * pause + call[0],
            deaths[1] * pause * pause + 2.0 * deaths[0] * pause * call[0] + call[1],
        ],
    );
    let answered = q * (1.0 - dies) / (1.0 - died);
    let per_day = STAYS * CHANGES_PER_DAY;
    check(
        &ran(&struck(
            &symmetric(0.0),
            &designs,
            ("2d", "20d"),
            &json!([]),
        )),
        &[
            ("before", "feed_lost", died),
            ("before", "calls", per_day * q),
            (
                "before",
                "feed_delay_s",
                khinchine(before) + service + answered * call[0],
            ),
            ("after", "feed_lost", 0.0),
            ("after", "calls", per_day * q / (1.0 - dies)),
            ("after", "feed_delay_s", khinchine(after) + after[0]),
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
        lined(
            name,
            &json!({ "commit": commit, "cross_region": { "share": q, "timeout": "45s", "rebalance": "0s",
                     "latency": { "exponential": { "mean": "60s" } } } }),
        )
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
