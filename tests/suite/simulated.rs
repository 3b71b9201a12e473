//! Scenarios run through the public engine, and their means held against numbers from elsewhere.

use serde_json::{Value, json};
use stayfresh::measure::estimate::{Estimate, student_975};
use stayfresh::report::results::{DesignResults, Results};
use stayfresh::scenario::text::parse;
use stayfresh::study::{Study, run};

pub(crate) const REPLICATES: u32 = 40;

/// The sell-out and re-opening rates of most checks: equal, so that changes are Poisson.
pub(crate) const CHANGES_PER_DAY: f64 = 3.0;

/// Seconds of so many days.
pub(crate) fn seconds(days: f64) -> f64 {
    days * 86_400.0
}

/// (1 − e^(−x)) / x: the mean of e^(−xU) with U uniform.
pub(crate) fn decay(x: f64) -> f64 {
    -(-x).exp_m1() / x
}

/// ∫ f from `from` to `to` (Simpson's rule in so many fine steps that nothing of it shows here).
pub(crate) fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    let steps = 4_000;
    let h = (to - from) / f64::from(steps);
    let weighed = |i: i32| {
        let weight = match i {
            0 => 1.0,
            i if i == steps => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        weight * f(from + h * f64::from(i))
    };
    (0..=steps).map(weighed).sum::<f64>() * h / 3.0
}

/// Items that change `CHANGES_PER_DAY` times a day.
pub(crate) fn symmetric(searches_per_day: f64) -> Value {
    json!({ "stays": 300, "sells_out_per_day": CHANGES_PER_DAY, "reopens_per_day": CHANGES_PER_DAY,
            "searches_per_stay_per_day": searches_per_day })
}

/// A scenario in the textbook world.
pub(crate) fn scenario(world: &Value, designs: &Value) -> Value {
    json!({
        "version": 1, "seed": 20_261_121,
        "run": { "warmup": "10d", "length": "20d", "replicates": REPLICATES },
        "world": { "two_state": world }, "designs": designs
    })
}

/// The same with another run, and faults.
pub(crate) fn struck(
    world: &Value,
    designs: &Value,
    (warmup, length): (&str, &str),
    faults: &Value,
) -> Value {
    let mut scenario = scenario(world, designs);
    scenario["run"]["warmup"] = json!(warmup);
    scenario["run"]["length"] = json!(length);
    scenario["faults"] = faults.clone();
    scenario
}

/// Runs a scenario on so many threads; no invariant may break.
pub(crate) fn ran_on(scenario: &Value, threads: usize) -> Results {
    let document = parse(&scenario.to_string()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let mut study = Study::new(document);
    run(&mut study, threads, &mut |_| {});
    let broken: Vec<String> = study.broken().iter().map(ToString::to_string).collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    study.results().expect("results")
}

/// Runs a scenario.
pub(crate) fn ran(scenario: &Value) -> Results {
    ran_on(scenario, 2)
}

/// Runs designs in the textbook world.
pub(crate) fn simulate(world: &Value, designs: &Value) -> Results {
    ran(&scenario(world, designs))
}

/// The design of this name.
pub(crate) fn design<'a>(results: &'a Results, name: &str) -> &'a DesignResults {
    let mut designs = results.designs.iter();
    designs
        .find(|design| design.name == name)
        .unwrap_or_else(|| panic!("no design {name}"))
}

/// A metric, a count a day, or the metric of a feed, an audit or an audience (`name/metric`) of a design.
pub(crate) fn found(results: &Results, name: &str, what: &str) -> Estimate {
    let design = design(results, name);
    let estimate = match what.split_once('/') {
        Some((name, metric)) => {
            let audits = design.audits.get(name);
            let audit = audits.and_then(|audit| audit.metrics.get(metric));
            let feed = || design.feeds.get(name).and_then(|feed| feed.get(metric));
            let audience = || {
                let audience = results.audiences.iter().find(|of| of.name == name)?;
                let mut designs = audience.designs.iter();
                let fitness = designs.find(|fitness| fitness.design == design.name)?;
                fitness.metrics.get(metric)
            };
            audit.or_else(feed).or_else(audience)
        }
        None => {
            let metric = design.metrics.get(what);
            metric.or_else(|| design.counts_per_day.get(what))
        }
    };
    *estimate.unwrap_or_else(|| panic!("{name} has no {what}"))
}

/// Checks each `(design, what, expected)`: |z| ≤ 4.
pub(crate) fn check(results: &Results, expected: &[(&str, &str, f64)]) {
    let mut failures = Vec::new();
    for (name, what, expected) in expected {
        let Estimate { mean, sd, .. } = found(results, name, what);
        let error = sd.unwrap() / f64::from(results.replicates).sqrt();
        // Where nothing is random (the age of a steady poll) only rounding may be left.
        let rounding = 1e-12 * expected.abs().max(f64::MIN_POSITIVE);
        let z = (mean - expected) / error.max(rounding);
        println!("{name:28} {what:24} expected {expected:12.6} found {mean:12.6} z {z:6.2}");
        if z.is_nan() || z.abs() > 4.0 {
            failures.push(format!(
                "{name}: {what} is {mean}, expected {expected}, z = {z:.1}"
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Checks all that theory says of these results, |z| ≤ 4, and that it says something of each of these numbers of
/// designs: metrics, counts a day, metrics of feeds.
pub(crate) fn holds(results: &Results, named: &[(&str, &[&str])]) {
    let mut failures = Vec::new();
    for theory in &results.theory {
        let (design, metric, expected) = (&theory.design, &theory.metric, theory.expected);
        let Some(found) = stayfresh::study::theory::found(results, theory) else {
            failures.push(format!(
                "{design}: {metric} is not defined, expected {expected}"
            ));
            continue;
        };
        let z = stayfresh::study::theory::z(expected, &found, results.replicates).unwrap();
        println!(
            "{design:28} {metric:32} expected {expected:12.6} found {:12.6} z {z:6.2}",
            found.mean
        );
        if z.is_nan() || z.abs() > 4.0 {
            failures.push(format!(
                "{design}: {metric} is {}, expected {expected}, z = {z:.1}",
                found.mean
            ));
        }
    }
    for (design, metrics) in named {
        for metric in *metrics {
            let is = |path: &str| path == *metric || path.ends_with(&format!("/{metric}"));
            if !results
                .theory
                .iter()
                .any(|theory| theory.design == *design && is(&theory.metric))
            {
                let why = results
                    .untold
                    .iter()
                    .find(|untold| untold.design == *design);
                failures.push(format!("theory does not say {design}: {metric}; {why:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Checks the paired difference of a design and the first in a metric, |z| ≤ 4, and that there is no doubt on
/// which side of 0 it is: it is further than 4 standard errors from it.
pub(crate) fn check_difference(results: &Results, name: &str, metric: &str, expected: f64) {
    let mut differences = results.differences.iter();
    let difference = differences
        .find(|difference| difference.of == name && difference.metric == metric)
        .unwrap_or_else(|| panic!("no difference of {name} in {metric}"));
    let [low, high] = difference.ci95.expect("more than one replicate");
    let error = (high - low) / 2.0 / student_975(results.replicates - 1);
    let (mean, versus) = (difference.mean, &difference.versus);
    let (z, from_0) = ((mean - expected) / error, mean / error);
    println!(
        "{name:28} {metric:24} expected {expected:+12.6} found {mean:+12.6} z {z:6.2}, of 0 {from_0:.0}"
    );
    assert!(
        z.abs() <= 4.0 && from_0.abs() > 4.0 && from_0.signum() == expected.signum(),
        "{name} less {versus}: {metric} is {mean}, expected {expected}, z = {z:.1}, of 0 {from_0:.1}"
    );
}

/// A design with one feed, polled.
pub(crate) fn polled(name: &str, pull: &Value) -> Value {
    json!({ "name": name, "feeds": [{ "name": "poll", "source": "inventory", "delivery": { "pull": pull } }] })
}

/// A design with one feed of deltas, pushed.
pub(crate) fn pushed(name: &str, push: &Value) -> Value {
    json!({ "name": name, "feeds": [{ "name": "push", "source": "deltas", "delivery": { "push": push } }] })
}

/// A design without feeds: what is held was missed before.
pub(crate) fn cached(name: &str, cache: &Value) -> Value {
    json!({ "name": name, "cache": cache })
}
