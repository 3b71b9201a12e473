//! What is told to each stay beforehand is what it meets where all are walked together.

use serde_json::{Value, json};

use super::*;
use crate::scenario::text::parse;
use crate::sim::clock::{DAY, HOUR, Horizon, Time};
use crate::sim::mishap;
use crate::sim::plan::Circumstances;
use crate::sim::random::Key;
use crate::sim::{lockstep, whole};
use crate::world::Shocks;
use crate::world::group::{Group, RuleBook, Rules};
use crate::world::searches::SearchShape;

/// A world whose stays are searched, enter and leave on the hour: much happens at one instant.
struct OnTheHour {
    world: Box<dyn Generate>,
    shapes: Vec<SearchShape>,
}

impl OnTheHour {
    fn new(world: Box<dyn Generate>, horizon: Horizon) -> Self {
        let hours = horizon.end / HOUR;
        let shape = |index: u64| {
            let happens = |hour: &Time| Key::replicate(index, 1).at(*hour as u64).happens(0.3);
            // Some of them twice at one instant.
            let twice = |hour: Time| std::iter::repeat_n(hour * HOUR, 1 + (hour % 5 == 0) as usize);
            let moments = (0..hours).filter(happens).flat_map(twice);
            SearchShape::told(horizon, moments.collect())
        };
        Self {
            world,
            shapes: (0..20).map(shape).collect(),
        }
    }
}

impl Generate for OnTheHour {
    fn groups(&self) -> u64 {
        self.world.groups()
    }
    fn fill(&self, replicate: Key, group: u64, into: &mut Group) {
        self.world.fill(replicate, group, into);
        for (index, stay) in (0_u32..).zip(&mut into.stays) {
            stay.shape = index % self.shapes.len() as u32;
            if index % 3 == 0 {
                stay.enters = stay.leaves.min(Time::from(index % 40) * HOUR);
                stay.leaves = stay.leaves.min(stay.enters + Time::from(index % 50) * HOUR);
            }
        }
    }
    fn rules(&self) -> &Rules {
        self.world.rules()
    }
    fn rule_book(&self) -> &RuleBook {
        self.world.rule_book()
    }
    fn shapes(&self) -> &[SearchShape] {
        &self.shapes
    }
    fn slots(&self, group: u64) -> u32 {
        self.world.slots(group)
    }
    fn stay_at(&self, slot: u32, at: Time) -> u32 {
        self.world.stay_at(slot, at)
    }
    fn on_board(&self, replicate: Key, group: u64) -> (Time, Time) {
        self.world.on_board(replicate, group)
    }
    fn kind(&self, group: u64) -> u64 {
        self.world.kind(group)
    }
    fn scale(&self, group: u64) -> f64 {
        self.world.scale(group)
    }
    fn slot_searches(&self, kind: u64, at: Time, into: &mut Vec<f64>) {
        self.world.slot_searches(kind, at, into);
    }
    fn hotel(&self, group: u64, index: u32) -> u64 {
        self.world.hotel(group, index)
    }
    fn represents(&self) -> Option<f64> {
        self.world.represents()
    }
}

/// Runs a design both ways, in three worlds; what it did there.
fn alike(design: &Value, faults: &[Value]) -> Vec<Tally> {
    let textbook = json!({ "two_state": { "stays": 700, "sells_out_per_day": 3, "reopens_per_day": 5,
        "searches_per_stay_per_day": 9, "popularity": { "zipf": 0.8 } } });
    let hotels = json!({ "hotels": { "count": 6, "booking_window": "12d", "max_nights": 2,
        "searches_per_request": 150, "supplier_changes_per_hotel_per_day": 4,
        "demand": { "requests_per_hotel_per_day": 5, "profile": "city" } } });
    let ran = |world: &Value, on_the_hour: bool| {
        let scenario = json!({ "version": 1, "seed": 5, "faults": faults,
            "run": { "warmup": "9h", "length": "2d", "replicates": 1 },
            "world": world, "designs": [design] });
        let scenario = parse(&scenario.to_string()).expect("a scenario").scenario;
        let (design, horizon) = (&scenario.designs[0], scenario.run.horizon());
        let mut world = scenario.world.generator(horizon, &Shocks::default());
        if on_the_hour {
            world = Box::new(OnTheHour::new(world, horizon));
        }
        let circumstances = Circumstances {
            faults: &scenario.faults,
            readers: &[],
            meets_each: false,
        };
        let replicate = Key::replicate(5, 0);
        let mishaps = mishap::of_design(&scenario.faults, design, replicate, horizon);
        let mut plan = Plan::new(design, circumstances, &mishaps, &*world, replicate, horizon);
        whole::prepare(&mut plan, design, &mishaps, &*world);
        assert!(lockstep::is_needed(design) && is_foretold(&plan, design));
        let (together, events) = lockstep::run(&plan, design, &*world);
        assert!(events.is_empty());
        for most in [MOMENTS, 1_000] {
            let alone = run(&plan, design, &*world, most);
            assert!(alone == together, "{design:?}, {most} moments at once");
        }
        together
    };
    vec![
        ran(&textbook, false),
        ran(&textbook, true),
        ran(&hotels, false),
    ]
}

#[test]
fn who_makes_room_is_told() {
    for evict in ["lru", "fifo", "random", "lfu", "sieve"] {
        let lives = [
            json!("none"),
            json!({ "fixed": "9m" }),
            json!({ "sliding": "8m" }),
        ];
        for ttl in lives {
            let cache = json!({ "capacity": { "entries": 30, "evict": evict }, "ttl": ttl });
            let design = json!({ "name": "room", "cache": cache,
                "serving": { "live_check": "shown" } });
            let tallies = alike(&design, &[]);
            let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum::<u64>();
            assert!(sum(|tally| tally.counters.hits) > 500);
            assert!(sum(|tally| tally.counters.evicted) > 500);
            let expired = sum(|tally| tally.counters.expired);
            assert_eq!(expired > 500, ttl != json!("none"), "{expired}");
        }
    }
}

#[test]
fn when_polls_pass_is_told() {
    let pulls = [
        json!({ "every": "2h" }),
        json!({ "every": "90m", "jitter": 0.3, "latency": { "fixed": "7m" }, "loss": 0.1 }),
        json!({ "every": "2h", "order": "shuffled", "latency": { "exponential": { "mean": "1h" } } }),
        json!({ "every": "2h", "order": "poisson" }),
        json!({ "budget_per_day": 9_000, "allocation": "freshest" }),
    ];
    let faults = [json!({ "outage": { "at": "1d", "lasts": "2h" } })];
    for mut pull in pulls {
        // Less than is asked, and more.
        for per_second in [0.03, 0.2] {
            pull["rate_limit"] = json!({ "per_second": per_second, "burst": 5 });
            let polls =
                json!({ "name": "poll", "source": "inventory", "delivery": { "pull": pull } });
            let push = json!({ "name": "push", "source": "deltas",
                "delivery": { "push": { "loss": 0.2, "consumers": 2 } } });
            for feeds in [json!([polls]), json!([push, polls])] {
                let design = json!({ "name": "limited", "feeds": feeds,
                    "cache": { "ttl": { "fixed": "4h" } } });
                for tally in alike(&design, &faults) {
                    assert!(tally.counters.asks_poll > 100);
                }
            }
        }
    }
}

/// What depends on what the copy says, or is shared in other ways, is not told.
#[test]
fn all_else_is_walked_together() {
    let feed = |source: &str, delivery: Value| json!({ "name": "f", "source": source, "delivery": delivery });
    let limit = json!({ "per_second": 1 });
    let room = json!({ "capacity": { "entries": 100 } });
    let adaptive = json!({ "every": "2h", "rate_limit": limit,
        "adaptive": { "min": "1h", "max": "8h" } });
    let designs = [
        json!({ "feeds": [feed("deltas", json!("push"))], "cache": room }),
        json!({ "cache": room, "serving": { "on_miss": "say_available" } }),
        json!({ "cache": { "capacity": { "entries": 100 }, "purge": { "random": { "per_day": 1 } } } }),
        json!({ "cache": { "capacity": { "entries": 100 }, "ttl": { "fixed": "1h" },
            "stale_while_revalidate": "1h" } }),
        json!({ "feeds": [feed("inventory", json!({ "pull": adaptive }))] }),
        json!({ "feeds": [feed("deltas", json!("push"))],
            "operations": { "circuit_breaker": { "max_flip_share": 0.2, "per": "1h", "reset_after": "1h" } } }),
    ];
    for mut design in designs {
        design["name"] = json!("other");
        let scenario = json!({ "version": 1, "run": { "warmup": "0s", "length": "1d", "replicates": 1 },
            "world": { "two_state": { "stays": 10, "sells_out_per_day": 3, "reopens_per_day": 5 } },
            "designs": [design] });
        let scenario = parse(&scenario.to_string()).unwrap_or_else(|all| panic!("{all:#?}"));
        let (design, horizon) = (&scenario.scenario.designs[0], Horizon { warm: 0, end: DAY });
        let world = scenario
            .scenario
            .world
            .generator(horizon, &Shocks::default());
        let circumstances = Circumstances {
            faults: &[],
            readers: &[],
            meets_each: false,
        };
        let plan = Plan::new(
            design,
            circumstances,
            &[],
            &*world,
            Key::replicate(1, 0),
            horizon,
        );
        assert!(
            lockstep::is_needed(design) && !is_foretold(&plan, design),
            "{design:?}"
        );
    }
}
