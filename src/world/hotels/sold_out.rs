//! How many rooms make the wanted share of stays sold out, those that no rate plan sells among them.

use super::{Hotel, HotelsWorld};
use crate::sim::clock::{DAY, Time};
use crate::sim::math;
use crate::sim::random::Key;
use crate::world::group::{Answers, Calendar, RowState, RuleBook, Rules, RulesScratch};

/// A few hotels find roughly how many rooms, in so many steps of halving; all then find it more closely, in so
/// many of false position, for each takes long.
const FEW: (usize, u32) = (32, 7);
const ALL: (usize, u32) = (256, 2);
/// Large hotels take long: beyond the least, no more are drawn than have so much happen to them in all.
const LEAST: usize = 16;
const EVENTS: usize = 250_000;
/// Moments of the run that are looked at.
const MOMENTS: i64 = 8;

/// A hotel of the sample.
struct Sample {
    hotel: Hotel,
    /// Moment by moment, what some rate plan sells: by check-in and nights.
    sold: Vec<Vec<bool>>,
}

/// Rooms for each room a night that is asked for, such that this share of the stays that can be searched is
/// sold out: over a sample of hotels that depends on no seed, and over the run. More rooms never make it
/// larger but for chance, so halving the range finds it; a share that no number of rooms gives is met as
/// closely as the range allows; what no rate plan sells is not made good by rooms. The sample errs by some 0.006 of all stays, the steps by 0.002.
pub(super) fn rooms(world: &HotelsWorld, share: f64) -> f64 {
    let sample = Key::replicate(0, 0).name("sold out");
    let mut hotels: Vec<Sample> = Vec::new();
    let mut events = 0;
    while hotels.len() < LEAST || (hotels.len() < ALL.0 && events < EVENTS) {
        let mut hotel = Hotel::default();
        world.draw(sample, hotels.len() as u64, &mut hotel);
        events += hotel.requests.len() + hotel.spans.len();
        hotel.without_rates();
        let sold = sold(world, &mut hotel);
        hotels.push(Sample { hotel, sold });
    }
    let drawn = hotels.len();
    // In logarithms: twice as many rooms are one step.
    let mut excess =
        |first: usize, rooms: f64| sold_out(world, &mut hotels[..first], math::exp(rooms)) - share;
    let (mut few, mut many) = (-math::log(16.0), math::log(16.0));
    for _ in 0..FEW.1 {
        let middle = 0.5 * (few + many);
        if excess(FEW.0.min(drawn), middle) > 0.0 {
            few = middle;
        } else {
            many = middle;
        }
    }
    (few, many) = (few - 0.2, many + 0.2);
    let (mut too_many_sold, mut too_few_sold) = (excess(drawn, few), excess(drawn, many));
    for step in 0..=ALL.1 {
        if too_many_sold <= 0.0 {
            return math::exp(few);
        }
        if too_few_sold >= 0.0 {
            return math::exp(many);
        }
        let rooms = few + (many - few) * too_many_sold / (too_many_sold - too_few_sold);
        if step == ALL.1 {
            return math::exp(rooms);
        }
        let found = excess(drawn, rooms);
        if found > 0.0 {
            (few, too_many_sold) = (rooms, found);
        } else {
            (many, too_few_sold) = (rooms, found);
        }
    }
    math::exp(many)
}

fn moments(world: &HotelsWorld) -> impl Iterator<Item = Time> {
    let step = world.horizon.end / (2 * MOMENTS);
    (0..MOMENTS).map(move |moment| step * (2 * moment + 1))
}

/// What some rate plan sells at each moment: the answers that the rules give where there are rooms always.
fn sold(world: &HotelsWorld, hotel: &mut Hotel) -> Vec<Vec<bool>> {
    let calendar = world.calendar;
    // The nights within reach of a day, counted from it.
    let nights = calendar.window + calendar.longest - 1;
    let from_today = Rules::Nights(Calendar {
        room_types: 1,
        nights,
        ..calendar
    });
    let (mut rows, mut scratch, mut answers) =
        (Vec::new(), RulesScratch::default(), Answers::default());
    hotel.open(1.0, calendar.nights);
    moments(world)
        .map(|at| {
            hotel.play(at, &RuleBook::default(), None);
            rows.clear();
            rows.resize(nights as usize, RowState::with_rooms(1));
            for plan in hotel.plans_from(at / DAY) {
                rows.extend_from_slice(&plan[..nights as usize]);
            }
            from_today.answers(&RuleBook::default(), &rows, &[], &mut scratch, &mut answers);
            answers.at_start.clone()
        })
        .collect()
}

fn sold_out(world: &HotelsWorld, hotels: &mut [Sample], rooms: f64) -> f64 {
    let Calendar {
        window, longest, ..
    } = world.calendar;
    let mut available = 0;
    for Sample { hotel, sold } in &mut *hotels {
        hotel.open(rooms, world.calendar.nights);
        for (at, sold) in moments(world).zip(sold) {
            hotel.play(at, &RuleBook::default(), None);
            available += hotel.available(at / DAY, world.calendar, sold);
        }
    }
    let all = hotels.len() as u64 * MOMENTS as u64 * u64::from(window) * u64::from(longest);
    1.0 - available as f64 / all as f64
}
