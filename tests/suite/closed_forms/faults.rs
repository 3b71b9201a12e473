//! Faults, alerts, repairs, guards.

use serde_json::{Value, json};
use stayfresh::report::results::Results;

use crate::simulated::{
    CHANGES_PER_DAY, check, decay, design, integral, polled, pushed, ran, scenario, seconds,
    struck, symmetric,
};

const STAYS: f64 = 300.0;

/// When something happened to a design, in hours.
fn happened(results: &Results, name: &str, what: &str) -> Vec<f64> {
    let events = design(results, name).events.iter();
    let these = events.filter(|event| event.what == what);
    these.map(|event| event.hour).collect()
}

/// A leak takes a share p of the messages for D of a run of T: a stay is stale if the last change since its
/// start was lost, p(1 − e^(−cu)) at u; after the end what is stale waits for the next change.
#[test]
fn leaks() {
    let (c, p, leak, days) = (CHANGES_PER_DAY, 0.4, 1.0, 4.0);
    let designs = json!([
        pushed("leaks", &json!({})),
        pushed("not struck", &json!({}))
    ]);
    let faults = json!([{ "leak": { "design": "leaks", "stream": "flips",
                                    "at": "1d", "lasts": "1d", "share": p } }]);
    let after = days - 1.0 - leak;
    let healing = (1.0 - (-c * leak).exp()) * (1.0 - (-c * after).exp()) / c;
    let stale = p * (leak * (1.0 - decay(c * leak)) + healing) / days;
    check(
        &ran(&struck(&symmetric(2.0), &designs, ("1d", "4d"), &faults)),
        &[
            ("leaks", "feed_lost", p * leak / days),
            ("leaks", "freshness", 1.0 - stale),
            ("leaks", "stale_hits", stale),
            ("not struck", "feed_lost", 0.0),
            ("not struck", "freshness", 1.0),
        ],
    );
}

/// Everything sent within D takes k times as long, kL. The copy is fresh when the last change, exponential x
/// ago, has arrived; after the end the quick overtake the slow.
#[test]
fn slow_messages() {
    let (c, late, times) = (CHANGES_PER_DAY, 2.0 / 24.0, 5.0);
    let (from, to, days) = (1.0, 2.0, 4.0);
    let designs = json!([pushed("slow", &json!({ "latency": { "fixed": "2h" } }))]);
    let faults = json!([{ "slow": { "at": "1d", "lasts": "1d", "times": times } }]);
    // The chance that the last change was between x and y ago.
    let last = |x: f64, y: f64| {
        if y > x {
            (-c * x).exp() - (-c * y).exp()
        } else {
            0.0
        }
    };
    let fresh = |t: f64| {
        // Sent after the fault, in it, before it: each as far back as it has arrived.
        let (since_end, since_start) = ((t - to).max(0.0), (t - from).max(0.0));
        last(late, since_end)
            + last((times * late).max(since_end), since_start)
            + last(late.max(since_start), f64::INFINITY)
    };
    let mean = [
        (0.0, from),
        (from, from + times * late),
        (from + times * late, to),
    ]
    .into_iter()
    .chain([
        (to, to + late),
        (to + late, to + times * late),
        (to + times * late, days),
    ])
    .map(|(a, b)| integral(a + 1e-12, b - 1e-12, fresh))
    .sum::<f64>()
        / days;
    check(
        &ran(&struck(&symmetric(0.0), &designs, ("1d", "4d"), &faults)),
        &[("slow", "freshness", mean)],
    );
}

/// A share q of the polls made within D is turned round; each is in force for an interval. An answer read y
/// ago is wrong with w(y) = (1 − e^(−2cy))/2 by itself, and right with it when turned round. Likewise for the
/// datasets built within D.
#[test]
fn wrong_answers() {
    let (c, q, fault, days) = (CHANGES_PER_DAY, 0.3, 2.0, 6.0);
    let wrong = |age: f64| (1.0 - decay(2.0 * c * age)) / 2.0;
    let mut data = json!({ "name": "dataset", "feeds": [{ "name": "data", "delivery": "push",
        "source": { "dataset": { "every": "4h", "build_time": "0s" } } }] });
    data["serving"] = json!({ "on_miss": "say_available" });
    let designs = json!([polled("polled", &json!({ "every": "8h" })), data]);
    let faults = json!([
        { "wrong_answers": { "design": "polled", "at": "1d", "lasts": "2d", "share": q } },
        { "bad_dataset": { "design": "dataset", "at": "1d", "lasts": "2d", "kind": "answers", "share": q } },
    ]);
    let expected = |every: f64| 1.0 - wrong(every) - fault / days * q * (1.0 - 2.0 * wrong(every));
    check(
        &ran(&struck(&symmetric(2.0), &designs, ("2d", "6d"), &faults)),
        &[
            ("polled", "accuracy", expected(8.0 / 24.0)),
            ("polled", "entry_accuracy", expected(8.0 / 24.0)),
            ("polled", "search_accuracy", expected(8.0 / 24.0)),
            ("dataset", "accuracy", expected(4.0 / 24.0)),
        ],
    );
}

/// Each of k components fails at rate λ for D; where the failures of all strike one feed it is down for
/// 1 − e^(−kλD) of the time (the busy share of an M/G/∞ queue); of two feeds each gets half of them. Without
/// retention, what it is down for is lost.
#[test]
fn incidents_of_components() {
    let (components, per_month, lasts) = (5.0, 6.0, 4.0 / 24.0);
    let push = json!({ "push": { "retention": "0s" } });
    let feed = |name: &str| json!({ "name": name, "source": "deltas", "delivery": push });
    let operations = json!({ "components": 5, "incidents_per_component_per_month": per_month,
                             "incident_lasts": { "exponential": { "mean": "4h" } } });
    let designs = json!([
        { "name": "one", "operations": operations, "feeds": [feed("a")] },
        { "name": "two", "operations": operations, "feeds": [feed("a"), feed("b")] },
        { "name": "none", "feeds": [feed("a")] },
    ]);
    let mut scenario = scenario(&symmetric(0.0), &designs);
    scenario["world"]["two_state"]["stays"] = json!(100);
    let down = |load: f64| 1.0 - (-load * components * per_month / 30.0 * lasts).exp();
    check(
        &ran(&scenario),
        &[
            ("one", "feed_lost", down(1.0)),
            ("two", "a/feed_lost", down(0.5)),
            ("two", "b/feed_lost", down(0.5)),
            ("none", "feed_lost", 0.0),
        ],
    );
}

/// Components fail as Poisson processes of their own: so many incidents are expected, with that variance, over
/// the whole run. The log is of the first replicate, so there are as many seeds as elsewhere replicates.
#[test]
fn incidents_are_as_many_as_components_make() {
    let (components, per_month, days) = (4.0, 5.0, 30.0);
    let world = json!({ "stays": 1, "sells_out_per_day": 1, "reopens_per_day": 1, "searches_per_stay_per_day": 0 });
    let mut design = pushed("failing", &json!({}));
    design["operations"] = json!({ "components": components as u32,
        "incidents_per_component_per_month": per_month, "incident_lasts": { "fixed": "10m" } });
    let designs = json!([design]);
    let seeds = 60;
    let incidents: usize = (0..seeds)
        .map(|seed| {
            let mut scenario = struck(&world, &designs, ("0s", "30d"), &json!([]));
            scenario["seed"] = json!(seed);
            scenario["run"]["replicates"] = json!(1);
            happened(&ran(&scenario), "failing", "began").len()
        })
        .sum();
    let expected = f64::from(seeds) * components * per_month * days / 30.0;
    let z = (incidents as f64 - expected) / expected.sqrt();
    println!("incidents: expected {expected}, found {incidents}, z {z:6.2}");
    assert!(z.abs() <= 4.0, "{incidents}, expected {expected}");
}

/// Lag is seen wherever messages wait: in a line of observations, too. Metrics that are kept for less than an
/// alert takes do not show any more how it began.
#[test]
fn alerts_see_observations_in_line() {
    let designs = json!([{ "name": "seen", "serving": { "live_check": "every_search" },
        "operations": { "lag_above": "1h", "repair_after": "2h", "metrics_retention": "30m" },
        "feeds": [{ "name": "seen", "source": "searches", "delivery": { "push": { "consumers": 2 } } }] }]);
    let faults = json!([{ "outage": { "at": "6h", "lasts": "18h" } }]);
    let mut scenario = struck(&symmetric(9.0), &designs, ("6h", "1d"), &faults);
    scenario["run"]["replicates"] = json!(2);
    let results = ran(&scenario);
    let [alerted] = happened(&results, "seen", "alerted")[..] else {
        panic!("one alert was raised");
    };
    assert!((7.0..7.1).contains(&alerted), "{alerted}");
    let [repaired] = happened(&results, "seen", "repaired")[..] else {
        panic!("one outage was repaired");
    };
    assert!((repaired - alerted - 2.0).abs() < 1e-9, "{repaired}");
    let late = "alerted, but its beginning was no longer in the metrics";
    assert_eq!(happened(&results, "seen", late), [alerted]);
}

/// An outage is noticed when its first message is L old, and mended R later; a pause is not mended. What is
/// lost is that first message and what comes within L + R of it.
#[test]
fn alerts_end_an_outage() {
    let (lag, repair, days) = (1.0 / 24.0, 2.0 / 24.0, 4.0);
    let with = |name: &str, operations: Value| {
        let mut design = pushed(name, &json!({ "retention": "0s" }));
        design["operations"] = operations;
        design
    };
    let watched = json!({ "lag_above": "1h", "repair_after": "2h" });
    let designs = json!([
        with("watched", watched.clone()),
        with(
            "asleep",
            json!({ "alerts": false, "lag_above": "1h", "repair_after": "2h" })
        ),
        with(
            "too late",
            json!({ "lag_above": "1h", "repair_after": "7d" })
        ),
        with("paused", watched),
    ]);
    let outage =
        |design: &str| json!({ "outage": { "design": design, "at": "1d", "lasts": "1d" } });
    let faults = json!([
        outage("watched"), outage("asleep"), outage("too late"),
        { "pause": { "design": "paused", "at": "1d", "lasts": "1d" } },
    ]);
    let results = ran(&struck(&symmetric(0.0), &designs, ("1d", "4d"), &faults));
    let per_day = STAYS * CHANGES_PER_DAY;
    let lost = (1.0 / per_day + lag + repair) / days;
    check(
        &results,
        &[
            ("watched", "feed_lost", lost),
            ("asleep", "feed_lost", 1.0 / days),
            ("too late", "feed_lost", 1.0 / days),
            ("paused", "feed_lost", 1.0 / days),
        ],
    );
    let [began] = happened(&results, "watched", "began")[..] else {
        panic!("one outage began");
    };
    let [alerted] = happened(&results, "watched", "alerted")[..] else {
        panic!("one alert was raised");
    };
    let [repaired] = happened(&results, "watched", "repaired")[..] else {
        panic!("one outage was repaired");
    };
    assert_eq!(began, 24.0);
    assert!((began + 1.0..began + 1.5).contains(&alerted), "{alerted}");
    assert!((repaired - alerted - 2.0).abs() < 1e-9, "{repaired}");
    assert!(happened(&results, "asleep", "alerted").is_empty());
    assert_eq!(happened(&results, "too late", "ended"), [48.0]);
    assert_eq!(happened(&results, "paused", "ended"), [48.0]);
}

/// A leak leaves nothing waiting: lag does not see it. What goes in and does not come out shows at the first
/// check after the interval that follows, an hour after the end of the leak's first hour.
#[test]
fn parity_sees_what_lag_cannot() {
    let with = |name: &str, operations: Value| {
        let mut design = pushed(name, &json!({}));
        design["operations"] = operations;
        design
    };
    let designs = json!([
        with("lag", json!({ "lag_above": "10m", "repair_after": "30m" })),
        with(
            "parity",
            json!({ "parity_check": { "every": "1h", "missing_above": 0.05 }, "repair_after": "30m" })
        ),
    ]);
    let faults = json!([{ "leak": { "at": "1d", "lasts": "1d", "share": 0.8 } }]);
    let results = ran(&struck(&symmetric(0.0), &designs, ("1d", "3d"), &faults));
    check(
        &results,
        &[
            ("lag", "feed_lost", 0.8 / 3.0),
            ("parity", "feed_lost", 0.8 * 2.5 / 24.0 / 3.0),
        ],
    );
    assert!(happened(&results, "lag", "alerted").is_empty());
    assert_eq!(happened(&results, "lag", "ended"), [48.0]);
    assert_eq!(happened(&results, "parity", "alerted"), [26.0]);
    assert_eq!(happened(&results, "parity", "repaired"), [26.5]);
}

/// A bug turns round all that is processed within D: a stay is wrong from its first change then, and from
/// the end until its next. Reading the log again at the end puts all right at once; slowly, what is wrong is
/// wrong until its turn (over), or is not there (delete_first), for half the reading on average.
#[test]
fn replays() {
    let (c, bug, days) = (CHANGES_PER_DAY, 8.0 / 24.0, 4.0);
    let with = |name: &str, replay: Value| {
        let mut design = pushed(name, &json!({}));
        design["operations"] = json!({ "replay": replay });
        design["serving"] = json!({ "on_miss": "say_available" });
        design
    };
    let mut none = with("none", Value::Null);
    none["operations"] = json!({});
    let quick = json!({ "messages_per_second": 1_000_000 });
    let designs = json!([
        none,
        with("over", json!({ "over": quick })),
        with("delete first", json!({ "delete_first": quick })),
    ]);
    let faults = json!([{ "wrong_answers": { "at": "1d", "lasts": "8h", "share": 1.0 } }]);
    let meanwhile = bug * (1.0 - decay(c * bug));
    let after = days - 1.0 - bug;
    let healing = (1.0 - (-c * bug).exp()) * (1.0 - (-c * after).exp()) / c;
    let results = ran(&struck(&symmetric(0.0), &designs, ("1d", "4d"), &faults));
    check(
        &results,
        &[
            ("none", "accuracy", 1.0 - (meanwhile + healing) / days),
            ("over", "accuracy", 1.0 - meanwhile / days),
            ("delete first", "accuracy", 1.0 - meanwhile / days),
        ],
    );
    // From the hour after the replay on, as if nothing had been.
    for name in ["over", "delete first"] {
        assert_eq!(happened(&results, name, "replay began"), [32.0]);
        let accuracy = &design(&results, name).series.curves["accuracy"][33..];
        assert!(
            accuracy.iter().all(|share| *share == Some(1.0)),
            "{name}: {accuracy:?}"
        );
    }
}

/// A log read again at so many messages a second that it takes long: N of them, each of any item at any time
/// of the bug. When a share x of them is read, an item had a Poisson number of messages of mean xm among them,
/// and (1 − x)m are still to come, with m the mean in all. Over what is there: an item with one read holds
/// what was true then, now old; one whose first is still to come holds the wrong answer; and none knows what
/// changed since the bug ended. Deleting first, what had a message is not there, and is taken for available.
#[test]
fn slow_replays() {
    let (c, stays, bug, days) = (24.0, 3_000.0, 8.0 / 24.0, 1.0);
    let with = |name: &str, how: &str| {
        let mut design = pushed(name, &json!({}));
        design["operations"] = json!({ "replay": { how: { "messages_per_second": 1 } } });
        design["serving"] = json!({ "on_miss": "say_available" });
        design
    };
    let designs = json!([with("over", "over"), with("delete first", "delete_first")]);
    let world = json!({ "stays": 3_000, "sells_out_per_day": c, "reopens_per_day": c,
                        "searches_per_stay_per_day": 0.0 });
    let faults = json!([{ "wrong_answers": { "at": "4h", "lasts": "8h", "share": 1.0 } }]);
    let m = c * bug;
    let lasts = stays * m / 86_400.0;
    let even = |changes: f64| (1.0 + (-2.0 * changes).exp()) / 2.0;
    let over = |x: f64| {
        let (read, to_come, since) = (x * m, (1.0 - x) * m, c * x * lasts);
        let untouched = (-m).exp();
        -(-read).exp_m1() * even(to_come + since)
            + ((-read).exp() - untouched) * (1.0 - even(since))
            + untouched * even(since)
    };
    let deleted = |x: f64| -(-m).exp_m1() / 2.0 + (-m).exp() * even(c * x * lasts);
    let meanwhile = bug * (1.0 - decay(c * bug));
    let expected = |right: &dyn Fn(f64) -> f64| {
        1.0 - (meanwhile + lasts * integral(0.0, 1.0, |x| 1.0 - right(x))) / days
    };
    let results = ran(&struck(&world, &designs, ("1h", "1d"), &faults));
    check(
        &results,
        &[
            ("over", "accuracy", expected(&over)),
            ("delete first", "accuracy", expected(&deleted)),
            (
                "delete first",
                "coverage",
                1.0 + lasts * (-m).exp_m1() / days,
            ),
        ],
    );
}

/// Datasets every 6 hours, of which 40 of 80 cannot be read. A gate that catches a share g keeps the last
/// good one until the first that it lets through, g + … + g^40 builds on average; that one empties the table
/// until the next good one: what is caught meanwhile does not fill it.
#[test]
fn a_gate_catches_bad_datasets() {
    let dataset = |name: &str, operations: Value| {
        json!({ "name": name, "operations": operations, "serving": { "on_miss": "say_available" },
            "feeds": [{ "name": "data", "delivery": "push",
                        "source": { "dataset": { "every": "6h", "build_time": "0s" } } }] })
    };
    let designs = json!([
        dataset("no gate", json!({})),
        dataset("gate", json!({ "publish_gate": { "catches": 0.7 } })),
        dataset("sure", json!({ "publish_gate": { "catches": 1.0 } })),
    ]);
    let faults = json!([{ "bad_dataset": { "at": "5d", "lasts": "10d", "kind": "schema" } }]);
    let caught: f64 = (1..=40).map(|builds| 0.7_f64.powi(builds)).sum();
    let mut scenario = struck(&symmetric(0.0), &designs, ("2d", "20d"), &faults);
    scenario["world"]["two_state"]["stays"] = json!(20);
    check(
        &ran(&scenario),
        &[
            ("no gate", "coverage", 0.5),
            ("gate", "coverage", (40.0 + caught) / 80.0),
            ("sure", "coverage", 1.0),
        ],
    );
}

/// A bad dataset is taken back after X, if a good one is kept. Of three in a row one kept dataset helps with
/// the first alone; a rollback that the next dataset overtakes is not made. In place there is nothing to take
/// back, and an entry is gone when its turn comes.
#[test]
fn rollbacks() {
    let dataset = |name: &str, keep: u32, after: &str| {
        json!({ "name": name, "operations": { "rollback_after": after }, "serving": { "on_miss": "say_available" },
            "feeds": [{ "name": "data", "delivery": "push",
                        "source": { "dataset": { "every": "6h", "build_time": "0s", "keep": keep } } }] })
    };
    let mut in_place = dataset("in place", 0, "1h");
    in_place["feeds"][0]["source"] =
        json!({ "dataset": { "every": "6h", "build_time": "3h", "in_place": true } });
    in_place["operations"] = json!({});
    let designs = json!([
        dataset("keeps 1", 1, "1h"),
        dataset("keeps 3", 3, "1h"),
        dataset("too late", 7, "7h"),
        in_place,
    ]);
    let faults = json!([{ "bad_dataset": { "at": "1d", "lasts": "18h", "kind": "schema" } }]);
    let mut scenario = struck(&symmetric(0.0), &designs, ("2d", "4d"), &faults);
    scenario["world"]["two_state"]["stays"] = json!(20);
    let results = ran(&scenario);
    let hours = 96.0;
    check(
        &results,
        &[
            ("keeps 1", "coverage", 1.0 - 13.0 / hours),
            ("keeps 3", "coverage", 1.0 - 3.0 / hours),
            ("too late", "coverage", 1.0 - 18.0 / hours),
            ("in place", "coverage", 1.0 - 18.0 / hours),
            // Taken back 1 hour after each of three: of the dataset before them.
            ("keeps 3", "data_age_s", {
                let steady = (hours - 18.0) * 3.0;
                let older: f64 = [(7.0, 12.0), (13.0, 18.0), (19.0, 24.0)]
                    .iter()
                    .map(|(from, to): &(f64, f64)| (to * to - from * from) / 2.0)
                    .sum();
                seconds((steady + older) / (hours - 3.0) / 24.0)
            }),
        ],
    );
    assert_eq!(happened(&results, "keeps 1", "rolled back"), [25.0]);
    assert_eq!(
        happened(&results, "keeps 3", "rolled back"),
        [25.0, 31.0, 37.0]
    );
    assert!(happened(&results, "too late", "rolled back").is_empty());
    let none = happened(&results, "keeps 1", "nothing kept to roll back to");
    assert_eq!(none, [30.0, 36.0]);
}

/// Under a bug that turns all answers round, a breaker trips at the first flip beyond its share of the stays
/// and holds the rest as they were: a share m of the stays is wrong for good, the others age as in a feed
/// that stands still, a uniform time since their last poll on.
#[test]
fn a_breaker_keeps_the_last_good_answers() {
    let (c, every, hold): (f64, f64, f64) = (0.2, 1.0 / 24.0, 6.0 / 24.0);
    let mut guarded = polled("guarded", &json!({ "every": "1h" }));
    guarded["operations"] = json!({ "circuit_breaker":
        { "max_flip_share": 0.05, "per": "10m", "reset_after": "7h" } });
    let designs = json!([
        guarded,
        polled("unguarded", &json!({ "every": "1h" })),
        polled("stopped", &json!({ "every": "1h" })),
    ]);
    let faults = json!([
        { "wrong_answers": { "design": "guarded", "at": "0s", "lasts": "6h", "share": 1.0 } },
        { "wrong_answers": { "design": "unguarded", "at": "0s", "lasts": "6h", "share": 1.0 } },
        { "pause": { "design": "stopped", "at": "0s", "lasts": "6h" } },
    ]);
    let world = json!({ "stays": 600, "sells_out_per_day": c, "reopens_per_day": c,
                        "searches_per_stay_per_day": 0.0 });
    let results = ran(&struck(&world, &designs, ("2d", "6h"), &faults));
    let wrong = |age: f64| (1.0 - (-2.0 * c * age).exp()) / 2.0;
    let uniform = |upto: f64, f: &dyn Fn(f64) -> f64| integral(0.0, upto, f) / upto;
    let stopped = uniform(hold, &|t| {
        (1.0 - decay(2.0 * c * every) * (-2.0 * c * t).exp()) / 2.0
    });
    let trips = (0.05 * 600.0 + 1.0) / 600.0;
    let turned = uniform(hold, &|t| 1.0 - wrong(t));
    let bad = trips * turned * (1.0 - trips * every / 2.0 / hold);
    // Turned round from the first poll on; until then as before.
    let unguarded = 1.0 - (1.0 - decay(2.0 * c * every)) / 2.0;
    let before = integral(0.0, every, |t| {
        let not_yet = 1.0 - t / every;
        let polled = |age: f64| (1.0 - wrong(age)) / every;
        integral(0.0, t.max(1e-9), polled) + not_yet * wrong(every / 2.0)
    });
    check(
        &results,
        &[
            ("stopped", "accuracy", 1.0 - stopped),
            ("guarded", "accuracy", 1.0 - bad - (1.0 - trips) * stopped),
            (
                "unguarded",
                "accuracy",
                1.0 - (before + (hold - every) * unguarded) / hold,
            ),
        ],
    );
    let trips = happened(&results, "guarded", "breaker tripped, feed held");
    assert!(trips.len() == 1 && trips[0] < 0.2, "{trips:?}");
    // Held until after the end of the run.
    assert!(happened(&results, "guarded", "breaker reset").is_empty());
}
