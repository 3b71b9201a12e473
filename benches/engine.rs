//! What a run costs: `cargo bench`. Quote ratios from one run, never a time across machines.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use divan::{Bencher, counter::ItemsCount};
use serde_json::{Value, json};
use stayfresh::scenario::text::parse;
use stayfresh::study::Study;

fn main() {
    divan::main();
}

/// The textbook reference: 10,000 stays, both rates 2 a day, 20 searches a stay and day with Zipf 1, 30 days.
fn reference(design: &Value) -> Study {
    let scenario = json!({
        "version": 1, "seed": 1,
        "run": { "warmup": "0s", "length": "30d", "replicates": 1 },
        "world": { "two_state": {
            "stays": 10_000, "sells_out_per_day": 2, "reopens_per_day": 2,
            "searches_per_stay_per_day": 20, "popularity": { "zipf": 1 } } },
        "designs": [design]
    });
    Study::new(parse(&scenario.to_string()).expect("a valid scenario"))
}

/// Flips, polls and searches of the reference run: what an event queue would have to step through.
const EVENTS: u64 = 10_000 * 30 * (2 + 4 + 20);

fn run_all(bencher: Bencher<'_, '_>, design: &Value) {
    run_study(bencher, EVENTS, || reference(design));
}

fn run_study(bencher: Bencher<'_, '_>, events: u64, study: impl Fn() -> Study) {
    let study = study();
    bencher.counter(ItemsCount::new(events)).bench(|| {
        for part in 0..study.parts() {
            divan::black_box(study.run_part(part));
        }
    });
}

fn polled() -> Value {
    json!({ "name": "poll", "feeds": [
        { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }] })
}

/// Polled every 6 h at fixed phases: searches are counted.
#[divan::bench(sample_count = 10)]
fn polled_counted(bencher: Bencher<'_, '_>) {
    run_all(bencher, &polled());
}

/// The same, each search walked.
#[divan::bench(sample_count = 10)]
fn polled_walked(bencher: Bencher<'_, '_>) {
    run_study(bencher, EVENTS, || {
        reference(&polled()).walking_each_search()
    });
}

/// The same, and each hit restarts a long lifetime: the walk in general.
#[divan::bench(sample_count = 10)]
fn polled_sliding(bencher: Bencher<'_, '_>) {
    let mut design = polled();
    design["cache"] = json!({ "ttl": { "sliding": "30d" } });
    run_all(bencher, &design);
}

/// Pushed with latency and loss.
#[divan::bench(sample_count = 10)]
fn pushed(bencher: Bencher<'_, '_>) {
    run_all(
        bencher,
        &json!({ "name": "push", "feeds": [
        { "name": "push", "source": "deltas", "delivery": { "push": {
            "latency": { "lognormal": { "median": "2s", "p99": "30s" } }, "loss": 0.001 } } }] }),
    );
}

/// Hotels of the `push-vs-pull` preset, made: what happens to each, and the answers that follow.
#[divan::bench(sample_count = 10)]
fn world(bencher: Bencher<'_, '_>) {
    use stayfresh::sim::random::Key;
    use stayfresh::world::Shocks;
    use stayfresh::world::group::Group;

    let preset = stayfresh::scenario::presets::by_name("push-vs-pull").expect("the preset");
    let scenario = preset.read().expect("a valid scenario").scenario;
    let world = scenario
        .world
        .generator(scenario.run.horizon(), &Shocks::default());
    let hotels = world.groups();
    let mut group = Group::default();
    bencher.counter(ItemsCount::new(hotels)).bench_local(|| {
        for hotel in 0..hotels {
            world.fill(Key::replicate(42, 0), hotel, &mut group);
            divan::black_box(group.truth.changes());
        }
    });
}

/// The same board made ready: rooms are found, and how often stays flip, from a sample.
#[divan::bench(sample_count = 5)]
fn board(bencher: Bencher<'_, '_>) {
    use stayfresh::world::Shocks;

    let preset = stayfresh::scenario::presets::by_name("push-vs-pull").expect("the preset");
    let scenario = preset.read().expect("a valid scenario").scenario;
    bencher.bench(|| {
        scenario
            .world
            .generator(scenario.run.horizon(), &Shocks::default())
            .groups()
    });
}

/// A day of items that share something, with one design.
fn shared(stays: u32, flips_per_day: f64, searches_per_day: f64, design: &Value) -> Study {
    let scenario = json!({
        "version": 1, "seed": 1,
        "run": { "warmup": "0s", "length": "1d", "replicates": 1 },
        "world": { "two_state": {
            "stays": stays, "sells_out_per_day": flips_per_day, "reopens_per_day": flips_per_day,
            "searches_per_stay_per_day": searches_per_day, "popularity": { "zipf": 0.9 } } },
        "designs": [design]
    });
    Study::new(parse(&scenario.to_string()).expect("a valid scenario"))
}

/// A line with one consumer at 80 % load; an event is a message that comes or is done. The world is in it.
#[divan::bench(sample_count = 5)]
fn queue(bencher: Bencher<'_, '_>) {
    // 50,000 items × 40 changes a day.
    let design = json!({ "name": "push", "feeds": [{ "name": "push", "source": "deltas",
        "delivery": { "push": { "consumers": 1, "service": { "exponential": { "mean": "34560us" } } } } }] });
    run_study(bencher, 2 * 2_000_000, || {
        shared(50_000, 40.0, 0.01, &design)
    });
}

/// Polls that wait for a rate limit; an event is a poll. The world is in it.
#[divan::bench(sample_count = 5)]
fn rate_limit(bencher: Bencher<'_, '_>) {
    let design = json!({ "name": "poll", "feeds": [{ "name": "poll", "source": "inventory",
        "delivery": { "pull": { "every": "36m", "rate_limit": { "per_second": 29, "burst": 10 } } } }] });
    run_study(bencher, 2_000_000, || shared(50_000, 1.0, 0.01, &design));
}

/// A cache with room for 100,000 of 300,000 entries; an event is a search. The world is in it.
#[divan::bench(sample_count = 5)]
fn capacity(bencher: Bencher<'_, '_>) {
    let design =
        json!({ "name": "lru", "cache": { "capacity": { "entries": 100_000, "evict": "lru" } } });
    run_study(bencher, 2_100_000, || shared(300_000, 0.1, 7.0, &design));
}

/// The first part of each preset, one of many of the same size.
#[divan::bench(sample_count = 3, args = presets())]
fn preset(bencher: Bencher<'_, '_>, name: &str) {
    let preset = stayfresh::scenario::presets::by_name(name).expect("the preset");
    let study = Study::new(preset.read().expect("a valid scenario"));
    bencher.bench(|| study.run_part(0));
}

fn presets() -> impl Iterator<Item = &'static str> {
    stayfresh::scenario::presets::PRESETS
        .iter()
        .map(|preset| preset.name)
}
