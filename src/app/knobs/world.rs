//! How long, how often, and the truth.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::make::{
    COUNTS, LENGTHS, NIGHTS, RATES, REPLICATES, WARMUPS, WINDOWS, duration, list, merged, number,
    rate, switch, text, variant, whole,
};
use super::supply::common;
use super::{Cell, Column, Knob, WORLD, demand};
use crate::scenario::presets::{BLANK, Preset};
use crate::scenario::{Scenario, limits, parts, presets};
use crate::world::two_state::RateSpread;
use crate::world::{Hotels, Trace, TwoState, World};

pub(super) fn run(scenario: &Scenario) -> Vec<Knob> {
    let run = &scenario.run;
    vec![
        duration(
            "/run/length",
            "Length",
            "Simulated time that is measured.",
            run.length,
            LENGTHS,
        ),
        duration(
            "/run/warmup",
            "Warm-up",
            "Simulated before measuring starts, so that the start leaves no trace.",
            run.warmup,
            WARMUPS,
        ),
        whole(
            "/run/replicates",
            "Replicates",
            "Independent repetitions; error bars need at least two.",
            run.replicates.get(),
            REPLICATES,
        ),
        switch(
            "/bounds",
            "Compare with bounds",
            "Adds two designs: one that has every change at once and loses none, and one that keeps no copy.",
            scenario.bounds,
        ),
    ]
}

pub(super) fn knobs(world: &World) -> Vec<Knob> {
    let mut knobs = vec![which(world)];
    knobs.extend(match world {
        World::TwoState(world) => two_state(world),
        World::Hotels(world) => hotels(world),
        World::Trace(world) => trace(world),
    });
    knobs
}

/// The kinds of world, each as it is begun with. Made once: they are read from presets.
static WORLDS: LazyLock<[(&str, Value); 3]> = LazyLock::new(|| {
    let of = |preset: &Preset| parts::world_of(preset.text).unwrap_or_default();
    let textbook = presets::by_name("textbook-polling").map_or(Value::Null, of);
    [
        ("textbook", textbook),
        ("hotels", of(&BLANK)),
        (
            "from a file",
            json!({ "trace": { "bookings": "bookings.csv", "booking_window": "60d", "max_nights": 7 } }),
        ),
    ]
});

/// What another world has by the same name, and means by it.
const SHARED: [&str; 5] = [
    "booking_window",
    "max_nights",
    "popularity",
    "searches_per_request",
    "live_service",
];

fn which(world: &World) -> Knob {
    let chosen = match world {
        World::TwoState(_) => 0,
        World::Hotels(_) => 1,
        World::Trace(_) => 2,
    };
    let written = serde_json::to_value(world).unwrap_or_default();
    let now = written.as_object().and_then(|of| of.values().next());
    let options = WORLDS.iter().map(|(label, usual)| {
        let mut usual = usual.clone();
        let parameters = usual.as_object_mut().and_then(|of| of.values_mut().next());
        if let (Some(Value::Object(new)), Some(now)) = (parameters, now) {
            for key in SHARED {
                if let (Some(new), Some(now)) = (new.get_mut(key), now.get(key)) {
                    *new = now.clone();
                }
            }
        }
        (*label, usual)
    });
    variant(
        WORLD,
        "Kind",
        "The truth that is copied: items that sell out and reopen at constant rates, hotels with rooms and bookings, or \
         hotels as a CSV file of bookings tells. Another one takes along what cannot be meant in it.",
        world,
        chosen,
        options.collect(),
    )
}

const CLASSES: &[Column] = &[
    Column {
        key: "share",
        cell: Cell::Number,
    },
    Column {
        key: "times",
        cell: Cell::Number,
    },
];

/// Whether all stays change at one rate, or how their rates differ.
fn rates(world: &TwoState, knobs: &mut Vec<Knob>) {
    let chosen = match (world.rate_spread, world.rate_classes.is_empty()) {
        (Some(_), _) => 1,
        (None, false) => 2,
        (None, true) => 0,
    };
    let classes = json!([{ "share": 0.5, "times": 0.5 }, { "share": 0.5, "times": 1.5 }]);
    knobs.push(merged(
        "/world/two_state",
        "Rates differ",
        "Whether all stays change at the same rates, at rates that spread (gamma), or in classes.",
        chosen,
        vec![
            ("no", json!({ "rate_spread": null, "rate_classes": null })),
            (
                "gamma",
                json!({ "rate_spread": { "gamma": { "shape": 1 } }, "rate_classes": null }),
            ),
            (
                "in classes",
                json!({ "rate_spread": null, "rate_classes": classes }),
            ),
        ],
    ));
    if let Some(RateSpread::Gamma(gamma)) = world.rate_spread {
        knobs.push(number(
            "/world/two_state/rate_spread/gamma/shape",
            "Rates alike",
            "How alike the stays' rates are: the shape of a gamma distribution. Small: a few change all the time.",
            gamma.shape.get(),
            "",
            &RATES[1..],
        ));
    }
    if !world.rate_classes.is_empty() {
        let classes = world.rate_classes.iter();
        let classes = classes.map(|class| format!("{} {}", class.share.get(), class.times.get()));
        knobs.push(list(
            "/world/two_state/rate_classes",
            "Classes",
            "The share of the stays, and what both their rates are multiplied by, such as 0.9 0.5, 0.1 5.5; shares add \
             up to 1.",
            Some(classes.collect::<Vec<_>>().join(", ")),
            String::new(),
            CLASSES,
        ));
    }
}

fn two_state(world: &TwoState) -> Vec<Knob> {
    let at = |key: &str| format!("/world/two_state/{key}");
    let mut knobs = vec![
        whole(
            at("stays"),
            "Stays",
            "Items that are searched.",
            world.stays.get(),
            COUNTS,
        ),
        rate(
            at("sells_out_per_day"),
            "Sells out",
            "Rate at which an available stay sells out.",
            world.sells_out_per_day.get(),
            "/day",
        ),
        rate(
            at("reopens_per_day"),
            "Reopens",
            "Rate at which a sold-out stay reopens.",
            world.reopens_per_day.get(),
            "/day",
        ),
        rate(
            at("searches_per_stay_per_day"),
            "Searches",
            "Searches of a stay, on average.",
            world.searches_per_stay_per_day.get(),
            "/day",
        ),
    ];
    rates(world, &mut knobs);
    let (popularity, live) = (Some(world.popularity), world.live_service);
    knobs.extend(common(
        "/world/two_state",
        popularity,
        world.represents,
        live,
    ));
    knobs
}

fn trace(world: &Trace) -> Vec<Knob> {
    let at = |key: &str| format!("/world/trace/{key}");
    let mut knobs = vec![
        text(
            at("bookings"),
            "Bookings",
            "What the CSV file of bookings is called here; it is chosen under Files.",
            &*world.bookings,
            None,
        ),
        text(
            at("searches"),
            "Searches",
            "What the CSV file of searches is called here, where there is one; without it they are made up.",
            world.searches.as_deref().unwrap_or_default(),
            Some("made up"),
        ),
        text(
            at("starts"),
            "First day",
            "The first day of the run, warm-up included, such as 2016-07-01.",
            world.starts.map_or_else(String::new, |day| day.to_string()),
            Some("by the file"),
        ),
        duration(
            at("booking_window"),
            "Booking window",
            "How far ahead a stay can be searched.",
            world.booking_window,
            WINDOWS,
        ),
        whole(
            at("max_nights"),
            "Longest stay, nights",
            "Nights of the longest stay that can be searched.",
            world.max_nights.get(),
            NIGHTS,
        ),
        rate(
            at("rooms_times"),
            "Rooms",
            "Rooms of a hotel, as a multiple of the most that bookings ever held for a night at once.",
            world.rooms_times.get(),
            "×",
        ),
    ];
    if world.searches.is_none() {
        knobs.push(rate(
            at("searches_per_request"),
            "Searches per request",
            "Searches for each room that is booked: look-to-book.",
            world.searches_per_request.get(),
            "",
        ));
    }
    let popularity = world.searches.is_none().then_some(world.popularity);
    demand::hours("/world/trace", &world.hours, &mut knobs);
    let live = world.live_service;
    knobs.extend(common("/world/trace", popularity, world.represents, live));
    knobs
}

fn hotels(world: &Hotels) -> Vec<Knob> {
    let at = |key: &str| format!("/world/hotels/{key}");
    let mut knobs = vec![
        whole(
            at("count"),
            "Hotels",
            "Hotels that are simulated.",
            world.count.get(),
            COUNTS,
        ),
        duration(
            at("booking_window"),
            "Booking window",
            "How far ahead a stay can be searched.",
            world.booking_window,
            WINDOWS,
        ),
        whole(
            at("max_nights"),
            "Longest stay, nights",
            "Nights of the longest stay that can be searched.",
            world.max_nights.get(),
            NIGHTS,
        ),
        rate(
            at("demand/requests_per_hotel_per_day"),
            "Requests",
            "Booking requests of a hotel.",
            world.demand.requests_per_hotel_per_day.get(),
            "/day",
        )
        .at_most(limits::MOST_REQUESTS),
        rate(
            at("searches_per_request"),
            "Searches per request",
            "Searches for each booking request: look-to-book.",
            world.searches_per_request.get(),
            "",
        ),
        rate(
            at("supplier_changes_per_hotel_per_day"),
            "Supplier changes",
            "Rate updates, close-outs and re-openings of a hotel.",
            world.supplier_changes_per_hotel_per_day.get(),
            "/day",
        )
        .at_most(limits::MOST_SUPPLIER_CHANGES),
        rate(
            at("joins_per_year"),
            "Hotels join",
            "Hotels that come onto the board, per hotel on it and year.",
            world.joins_per_year.get(),
            "/year",
        )
        .at_most(limits::MOST_TURNOVER),
        rate(
            at("leaves_per_year"),
            "Hotels leave",
            "Hotels that leave the board, per hotel on it and year.",
            world.leaves_per_year.get(),
            "/year",
        )
        .at_most(limits::MOST_TURNOVER),
    ];
    let (popularity, live) = (Some(world.popularity), world.live_service);
    knobs.extend(common("/world/hotels", popularity, world.represents, live));
    knobs
}
