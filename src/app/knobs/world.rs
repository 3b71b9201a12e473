//! How long, how often, and the truth.

use super::Knob;
use super::make::{
    COUNTS, LENGTHS, NIGHTS, RATES, REPLICATES, WARMUPS, WINDOWS, duration, number, rate, switch,
    whole,
};
use super::supply::common;
use crate::scenario::Scenario;
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
    match world {
        World::TwoState(world) => two_state(world),
        World::Hotels(world) => hotels(world),
        World::Trace(world) => trace(world),
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
    if let Some(RateSpread::Gamma(gamma)) = world.rate_spread {
        knobs.push(number(
            at("rate_spread/gamma/shape"),
            "Rates alike",
            "How alike the stays' rates are: the shape of a gamma distribution. Small: a few change all the time.",
            gamma.shape.get(),
            "",
            &RATES[1..],
        ));
    }
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
        ),
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
        ),
        rate(
            at("joins_per_year"),
            "Hotels join",
            "Hotels that come onto the board, per hotel on it and year.",
            world.joins_per_year.get(),
            "/year",
        ),
        rate(
            at("leaves_per_year"),
            "Hotels leave",
            "Hotels that leave the board, per hotel on it and year.",
            world.leaves_per_year.get(),
            "/year",
        ),
    ];
    let (popularity, live) = (Some(world.popularity), world.live_service);
    knobs.extend(common("/world/hotels", popularity, world.represents, live));
    knobs
}
