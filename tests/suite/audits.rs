//! What audits say, against sampling theory: |z| ≤ 4 over 40 replicates.
//!
//! The design audited calls every stay available, so an answer is right when the stay is available: a two-state
//! Markov process with variance σ² = π(1 − π) and correlation ρ = e^(−(a + b)d) over the time d between waves.

use serde_json::{Value, json};

use crate::simulated::{check, found, ran, scenario, struck};

const A: f64 = 0.6;
const B: f64 = 1.4;
const STAYS: f64 = 1_000.0;
const SIZE: f64 = 200.0;
/// Days between waves, and waves in the 20 days.
const GAP: f64 = 0.125;
const WAVES: f64 = 160.0;

fn world() -> Value {
    json!({ "stays": STAYS, "sells_out_per_day": A, "reopens_per_day": B,
            "searches_per_stay_per_day": 3, "popularity": { "zipf": 0.7 } })
}

fn sample(more: &Value) -> Value {
    let mut sample = json!({ "size": SIZE, "every": "3h" });
    sample
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    sample
}

fn all_available(audits: &Value) -> Value {
    json!([{ "name": "yes", "serving": { "on_miss": "say_available" }, "audits": audits }])
}

/// L. Kish, "Survey sampling", 1965, section 12.4: the change of an estimate from one wave to the next has the
/// variance 2σ²(1 − fρ)/n, where f is the share of the sample that both waves have: all of a panel, n/N by
/// chance of two fresh samples, and what is kept of a rotating one. All estimates have the mean π.
#[test]
fn spread_of_change() {
    let audits = json!([
        { "name": "panel", "panel": sample(&json!({})) },
        { "name": "random", "random": sample(&json!({})) },
        { "name": "rotating", "rotating": sample(&json!({ "keep": 0.5 })) },
        { "name": "stratified", "stratified": sample(&json!({})) },
    ]);
    let results = ran(&scenario(&world(), &all_available(&audits)));
    let available = B / (A + B);
    let variance = available * (1.0 - available);
    let rho = (-(A + B) * GAP).exp();
    // The sample variance of changes that all but cancel out over the run, and the bias of its root.
    let sd = |shared: f64| {
        let changes = WAVES - 1.0;
        let one = 2.0 * variance * (1.0 - shared * rho) / SIZE;
        let ends = 2.0 * variance / SIZE;
        let squares = (changes * one - ends / changes) / (changes - 1.0);
        squares.sqrt() * (1.0 - 1.0 / (4.0 * changes))
    };
    let by_chance = SIZE / STAYS;
    // What is not kept is drawn from the others, some of which were in the last wave, too.
    let kept = 0.5 + 0.5 * (SIZE * 0.5) / (STAYS - SIZE * 0.5);
    check(
        &results,
        &[
            ("yes", "panel/change_sd", sd(1.0)),
            ("yes", "random/change_sd", sd(by_chance)),
            ("yes", "rotating/change_sd", sd(kept)),
            ("yes", "stratified/change_sd", sd(by_chance)),
            ("yes", "panel/estimate", available),
            ("yes", "random/estimate", available),
            ("yes", "random/bias", 0.0),
            ("yes", "rotating/bias", 0.0),
            ("yes", "stratified/bias", 0.0),
            ("yes", "random/probes_per_day", SIZE / GAP),
            ("yes", "asks_audit", 4.0 * SIZE / GAP),
        ],
    );
}

/// What is drawn by searches and weighed back (Hansen and Hurwitz) estimates the accuracy over all stays; what
/// is not weighed back estimates that of its frame, which differs by the frame's gap.
#[test]
fn what_is_searched_is_not_what_there_is() {
    // Only what is searched is refreshed: popular stays are right more often.
    let audits = json!([
        { "name": "weighed", "random": sample(&json!({ "frame": "searches", "weigh": true })) },
        { "name": "as drawn", "random": sample(&json!({ "frame": "searches" })) },
        { "name": "stays", "random": sample(&json!({})) },
    ]);
    let designs = json!([{ "name": "traffic", "audits": audits,
        "serving": { "live_check": "every_search", "on_miss": "say_available" },
        "feeds": [{ "name": "seen", "source": "searches", "delivery": "push" }] }]);
    let results = ran(&scenario(&world(), &designs));
    let gap = found(&results, "traffic", "as drawn/frame_gap");
    check(
        &results,
        &[
            ("traffic", "weighed/bias", 0.0),
            ("traffic", "stays/bias", 0.0),
            ("traffic", "stays/frame_gap", 0.0),
        ],
    );
    // The popular are right more often; by search, the accuracy is that of searches.
    assert!(gap.ci95.unwrap()[0] > 0.02, "{gap:?}");
    let drawn = found(&results, "traffic", "as drawn/estimate").mean;
    let searched = found(&results, "traffic", "search_accuracy");
    let error = searched.sd.unwrap() / 40.0_f64.sqrt();
    let sampled = (drawn * (1.0 - drawn) / (SIZE * WAVES * 40.0)).sqrt();
    let z = (drawn - searched.mean) / error.hypot(sampled);
    assert!(z.abs() < 4.0, "{drawn} against {searched:?}: z = {z}");
}

/// Wilson's 95 % interval of 200 draws holds the truth in 95 of 100 waves, somewhat more where a fifth of all
/// stays is drawn: the interval leaves out the finite population's correction √(1 − n/N), so it covers
/// 2Φ(1.96/√0.8) − 1 = 97.2 %. Discreteness moves it by less than a point: tolerance 0.01.
#[test]
fn intervals_cover() {
    let audits = json!([{ "name": "random", "random": sample(&json!({})) }]);
    let results = ran(&scenario(&world(), &all_available(&audits)));
    let covers = found(&results, "yes", "random/interval_covers").mean;
    assert!((covers - 0.972).abs() < 0.01, "{covers}");
}

/// An audit's alert ends a fault: an outage of two days at the next wave that sees it, and an hour of repair.
#[test]
fn an_alert_ends_a_fault() {
    let faults = json!([{ "outage": { "at": "2d", "lasts": "5d" } }]);
    let operations = json!({ "repair_after": "1h" });
    let audit = |below: f64| json!([{ "name": "random", "random": { "size": 400, "every": "6h", "alert": { "below": below } } }]);
    let poll = json!([{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }]);
    let designs = json!([
        { "name": "watched", "feeds": poll, "operations": operations, "audits": audit(0.85) },
        { "name": "blind", "feeds": poll, "operations": operations, "audits": audit(0.1) },
    ]);
    let world = json!({ "stays": 1000, "sells_out_per_day": 0.5, "reopens_per_day": 0.5 });
    let results = ran(&struck(&world, &designs, ("2d", "10d"), &faults));
    let happened = |name: &str| -> Vec<(f64, &str)> {
        let events = &crate::simulated::design(&results, name).events;
        events
            .iter()
            .map(|event| (event.hour, event.what.as_str()))
            .collect()
    };
    let watched = happened("watched");
    let alerted = watched[1].0;
    assert_eq!(watched[0], (48.0, "began"));
    assert_eq!((watched[1].1, alerted % 6.0), ("alerted", 0.0));
    // Half of e^(−t) is lost after t days: below 0.85 somewhere in the first day.
    assert!((54.0..72.0).contains(&alerted), "{watched:?}");
    assert_eq!(watched[2], (alerted + 1.0, "repaired"));
    assert_eq!(happened("blind"), [(48.0, "began"), (168.0, "ended")]);
    let detected = found(&results, "watched", "random/detected");
    assert_eq!((detected.mean, detected.sd), (1.0, Some(0.0)));
    let accuracy = |name: &str| found(&results, name, "accuracy").mean;
    assert!(accuracy("watched") > accuracy("blind") + 0.1);
}

/// Of two outages, each audit says of each when it noticed it: at one of its waves, or never. Half of e^(−t) is lost
/// after t days: below 0.85 in the first day of the long one, and never in the six hours of the short one.
#[test]
fn each_fault_is_noticed_or_not() {
    let faults = json!([{ "outage": { "at": "2d", "lasts": "3d" } }, { "outage": { "at": "8d", "lasts": "6h" } }]);
    let audit = |every: &str| json!({ "size": 400, "every": every, "alert": { "below": 0.85 } });
    let designs = json!([{
        "name": "watched", "operations": { "alerts": false },
        "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }],
        "audits": [{ "name": "often", "random": audit("6h") }, { "name": "daily", "random": audit("1d") },
                   { "name": "silent", "random": { "size": 400, "every": "1d" } }]
    }]);
    let world = json!({ "stays": 1000, "sells_out_per_day": 0.5, "reopens_per_day": 0.5 });
    let results = ran(&struck(&world, &designs, ("2d", "10d"), &faults));
    let audits = &crate::simulated::design(&results, "watched").audits;
    for (name, every) in [("often", 6.0), ("daily", 24.0)] {
        let [long, short] = &audits[name].faults[..] else {
            panic!("{name}: {:?}", audits[name].faults)
        };
        assert_eq!(
            (long.fault.as_str(), long.hour, long.detected),
            ("outage", 48.0, 1.0)
        );
        let after = long.after_h.unwrap();
        assert!((6.0..=48.0).contains(&after.mean), "{name}: {after:?}");
        if after.sd == Some(0.0) {
            assert_eq!(after.mean % every, 0.0, "{name}");
        }
        assert_eq!(
            (short.hour, short.detected, short.after_h),
            (192.0, 0.0, None)
        );
        let metric = |key: &str| found(&results, "watched", &format!("{name}/{key}")).mean;
        assert_eq!(
            (metric("detected"), metric("detect_after_h")),
            (0.5, after.mean)
        );
    }
    assert!(
        audits["daily"].faults[0].after_h.unwrap().mean
            > audits["often"].faults[0].after_h.unwrap().mean
    );
    assert_eq!(audits["silent"].faults, []);
}

/// A fault is not noticed by an alert that is of an earlier one: what waits for too long when the second outage begins
/// waits because of the first. Once that is mended, what is sent then waits because of the second. 40 stays
/// change 800 times a day each, a change every 2.7 s, so that an outage holds up its first message at once.
#[test]
fn an_alert_of_an_earlier_fault_is_no_notice_of_a_later_one() {
    let outage = |design: &str, at: &str| json!({ "outage": { "design": design, "at": at, "lasts": "10h" } });
    let faults = json!([
        outage("twice", "24h"),
        outage("twice", "25h"),
        outage("once", "25h"),
        outage("silent", "25h")
    ]);
    let deltas = json!([{ "name": "deltas", "source": "deltas", "delivery": "push" }]);
    let operations = json!({ "lag_above": "30m", "repair_after": "4h" });
    let designs = json!([
        { "name": "twice", "feeds": deltas, "operations": operations },
        { "name": "once", "feeds": deltas, "operations": operations },
        { "name": "silent", "feeds": deltas, "operations": { "lag_above": "30m", "alerts": false } },
    ]);
    let world = json!({ "stays": 40, "sells_out_per_day": 800, "reopens_per_day": 800 });
    let results = ran(&struck(&world, &designs, ("1d", "3d"), &faults));
    let told = |name: &str| -> Vec<(u32, f64, u32, Option<f64>)> {
        let faults = &crate::simulated::design(&results, name).faults;
        let mean = |after: f64| (after * 100.0).round() / 100.0;
        faults
            .iter()
            .map(|of| {
                (
                    of.place,
                    of.hour,
                    of.noticed,
                    of.after_h.map(|after| mean(after.mean)),
                )
            })
            .collect()
    };
    let all = crate::simulated::REPLICATES;
    // Noticed after half an hour, mended four hours later.
    let first = (0, 24.0, all, Some(0.5));
    assert_eq!(told("twice"), [first, (1, 25.0, all, Some(3.5 + 0.5))]);
    assert_eq!(told("once"), [(2, 25.0, all, Some(0.5))]);
    assert_eq!(told("silent"), [(3, 25.0, 0, None)]);
    let by = &crate::simulated::design(&results, "once").faults[0].by;
    assert_eq!(
        (by.len(), by[0].audit.as_ref(), by[0].replicates),
        (1, None, all)
    );
}

/// An audit whose alert is up all the time notices nothing; one that says of a fault that it is over while the alert
/// of an earlier one stands does, from the repair on.
#[test]
fn an_alert_that_was_up_before_is_no_notice() {
    let outage = |at: &str| json!({ "outage": { "at": at, "lasts": "5d" } });
    let faults = json!([outage("2d"), outage("3d")]);
    let audit = |below: f64| json!([{ "name": "random", "random": { "size": 400, "every": "6h", "alert": { "below": below } } }]);
    let poll = json!([{ "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "1h" } } }]);
    let designs = json!([
        { "name": "always up", "feeds": poll, "audits": audit(1.0), "operations": { "alerts": false } },
        { "name": "nobody told", "feeds": poll, "audits": audit(0.85), "operations": { "alerts": false } },
        { "name": "mended", "feeds": poll, "audits": audit(0.85), "operations": { "repair_after": "20h" } },
    ]);
    let world = json!({ "stays": 1000, "sells_out_per_day": 0.5, "reopens_per_day": 0.5 });
    let results = ran(&struck(&world, &designs, ("2d", "12d"), &faults));
    let faults = |name: &str| {
        let design = crate::simulated::design(&results, name);
        (
            design.audits["random"].faults.clone(),
            design.faults.clone(),
        )
    };
    let (audits, all) = faults("always up");
    assert!(
        audits.iter().all(|noticed| noticed.detected == 0.0),
        "{audits:?}"
    );
    assert!(all.iter().all(|struck| struck.noticed == 0), "{all:?}");
    let (audits, _) = faults("nobody told");
    assert_eq!((audits[0].detected, audits[1].detected), (1.0, 0.0));
    // Noticed 6 to 18 hours after it began, mended 20 hours later, which is 2 to 14 hours into the second.
    let (audits, _) = faults("mended");
    let [first, second] = &audits[..] else {
        panic!("{audits:?}")
    };
    let mended = first.after_h.unwrap().mean + 20.0 - 24.0;
    let after = second.after_h.unwrap().mean;
    assert!(
        second.detected > 0.9 && after >= mended,
        "{mended} {second:?}"
    );
}
