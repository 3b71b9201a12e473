//! What a run costs: `cargo bench`. Quote ratios from one run, never a time across machines.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use divan::{Bencher, counter::ItemsCount};
use serde_json::{Value, json};
use stayfresh::scenario::text::{Document, parse};
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
fn shared(stays: u32, flips_per_day: f64, searches_per_day: f64, design: &Value) -> Document {
    let scenario = json!({
        "version": 1, "seed": 1,
        "run": { "warmup": "0s", "length": "1d", "replicates": 1 },
        "world": { "two_state": {
            "stays": stays, "sells_out_per_day": flips_per_day, "reopens_per_day": flips_per_day,
            "searches_per_stay_per_day": searches_per_day, "popularity": { "zipf": 0.9 } } },
        "designs": [design]
    });
    parse(&scenario.to_string()).expect("a valid scenario")
}

/// A line with one consumer at 80 % load: 50,000 items × 40 changes a day.
fn at_a_line() -> Document {
    let design = json!({ "name": "push", "feeds": [{ "name": "push", "source": "deltas",
        "delivery": { "push": { "consumers": 1, "service": { "exponential": { "mean": "34560us" } } } } }] });
    shared(50_000, 40.0, 0.01, &design)
}

/// Polls that wait for a rate limit.
fn at_a_rate_limit() -> Document {
    let design = json!({ "name": "poll", "feeds": [{ "name": "poll", "source": "inventory",
        "delivery": { "pull": { "every": "36m", "rate_limit": { "per_second": 29, "burst": 10 } } } }] });
    shared(50_000, 1.0, 0.01, &design)
}

/// A cache with room for a third of the stays, each searched so often a day.
fn in_a_cache(entries: u32, searches_per_day: f64) -> Document {
    let capacity = json!({ "entries": entries, "evict": "lru" });
    let design = json!({ "name": "lru", "cache": { "capacity": capacity } });
    shared(3 * entries, 0.1, searches_per_day, &design)
}

/// An event is a message that comes or is done. The world is in it.
#[divan::bench(sample_count = 5)]
fn queue(bencher: Bencher<'_, '_>) {
    run_study(bencher, 2 * 2_000_000, || Study::new(at_a_line()));
}

/// An event is a poll. The world is in it.
#[divan::bench(sample_count = 5)]
fn rate_limit(bencher: Bencher<'_, '_>) {
    run_study(bencher, 2_000_000, || Study::new(at_a_rate_limit()));
}

/// An event is a search. The world is in it.
#[divan::bench(sample_count = 5)]
fn capacity(bencher: Bencher<'_, '_>) {
    let study = || Study::new(in_a_cache(100_000, 7.0));
    run_study(bencher, 2_100_000, study);
}

/// What the stays of these share, gone through in the order of time: making and sorting the world is not timed, nor are
/// the stays' own walks. Events are counted as they come.
mod shared_parts {
    use divan::Bencher;
    use divan::counter::ItemsCount;
    use stayfresh::scenario::Scenario;
    use stayfresh::scenario::quantity::Count;
    use stayfresh::scenario::text::Document;
    use stayfresh::sim::plan::{Circumstances, Plan, Planned};
    use stayfresh::sim::random::Key;
    use stayfresh::sim::shared::line::{Arrivals, serve};
    use stayfresh::sim::shared::{Limit, Moments, Room, dues, searches};
    use stayfresh::world::group::Generate;
    use stayfresh::world::{Shocks, World};

    const REPLICATE: u32 = 0;

    fn world(scenario: &Scenario) -> Box<dyn Generate> {
        scenario
            .world
            .generator(scenario.run.horizon(), &Shocks::default())
    }

    fn plan<'a>(scenario: &'a Scenario, world: &'a dyn Generate) -> Plan<'a> {
        let circumstances = Circumstances {
            faults: &[],
            readers: &[],
            meets_each: false,
        };
        let replicate = Key::replicate(scenario.seed.get(), REPLICATE);
        let horizon = scenario.run.horizon();
        Plan::new(
            &scenario.designs[0],
            circumstances,
            &[],
            world,
            replicate,
            horizon,
        )
    }

    /// An event is a message that comes or is done.
    #[divan::bench(sample_count = 20)]
    fn line(bencher: Bencher<'_, '_>) {
        let Document { scenario, .. } = super::at_a_line();
        let world = world(&scenario);
        let plan = plan(&scenario, &*world);
        let push = scenario.designs[0].feeds[0]
            .delivery
            .push()
            .expect("a push");
        let Planned::Deltas(feed) = &plan.feeds[0] else {
            unreachable!("deltas");
        };
        let troubles = feed.carrier.troubles();
        let arrivals = Arrivals::new(feed, push, &*world, plan.replicate, plan.horizon);
        let events = ItemsCount::new(2 * arrivals.len());
        bencher
            .counter(events)
            .bench_local(|| serve(push, troubles, &arrivals, plan.horizon));
    }

    /// An event is a poll.
    #[divan::bench(sample_count = 20)]
    fn rate_limit(bencher: Bencher<'_, '_>) {
        let Document { scenario, .. } = super::at_a_rate_limit();
        let world = world(&scenario);
        let plan = plan(&scenario, &*world);
        let Planned::Polls { pull, .. } = &plan.feeds[0] else {
            unreachable!("polls");
        };
        let limit = pull.rate_limit.expect("a rate limit");
        let mut moments = Moments::new(plan.horizon.end, usize::MAX);
        let stays = dues(&plan, &plan.feeds[0], &*world, &mut moments);
        let moments = moments.in_order();
        bencher
            .counter(ItemsCount::new(moments.len()))
            .bench_local(|| {
                let mut limit = Limit::new(limit.bucket(), stays);
                limit.meet(moments);
                limit.told()
            });
    }

    /// An event is a search.
    fn room(bencher: Bencher<'_, '_>, document: Document) {
        let Document { scenario, .. } = document;
        let world = world(&scenario);
        let plan = plan(&scenario, &*world);
        let mut moments = Moments::new(plan.horizon.end, usize::MAX);
        let stays = searches(&plan, &*world, &mut moments);
        let moments = moments.in_order();
        bencher
            .counter(ItemsCount::new(moments.len()))
            .bench_local(|| {
                let design = &scenario.designs[0];
                let mut room = Room::new(&plan, design, stays).expect("a capacity");
                room.meet(moments);
                room.told()
            });
    }

    #[divan::bench(sample_count = 20, args = [1_000, 10_000, 100_000])]
    fn cache(bencher: Bencher<'_, '_>, entries: u32) {
        // 2,100,000 searches, whatever the room.
        room(
            bencher,
            super::in_a_cache(entries, 700_000.0 / f64::from(entries)),
        );
    }

    /// Takes a minute and 4 GB. More stays than a scenario may have stays walked together, which these are not.
    #[divan::bench(sample_count = 3)]
    fn cache_of_10_million(bencher: Bencher<'_, '_>) {
        let mut document = super::in_a_cache(1_000_000, 2.0);
        let scenario = &mut document.scenario;
        let World::TwoState(world) = &mut scenario.world else {
            unreachable!("the textbook");
        };
        world.stays = Count::of(30_000_000);
        let capacity = scenario.designs[0].cache.capacity.as_mut();
        capacity.expect("a capacity").entries = Count::of(10_000_000);
        room(bencher, document);
    }
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
