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
    let study = reference(design);
    bencher.counter(ItemsCount::new(EVENTS)).bench(|| {
        for part in 0..study.parts() {
            divan::black_box(study.run_part(part));
        }
    });
}

/// Polled every 6 h at fixed phases: searches are counted.
#[divan::bench(sample_count = 10)]
fn polled_counted(bencher: Bencher<'_, '_>) {
    run_all(
        bencher,
        &json!({ "name": "poll", "feeds": [
        { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }] }),
    );
}

/// The same, and each hit restarts a long lifetime: every search is walked.
#[divan::bench(sample_count = 10)]
fn polled_walked(bencher: Bencher<'_, '_>) {
    run_all(
        bencher,
        &json!({ "name": "poll", "cache": { "ttl": { "sliding": "30d" } }, "feeds": [
        { "name": "poll", "source": "inventory", "delivery": { "pull": { "every": "6h" } } }] }),
    );
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
