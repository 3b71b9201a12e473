//! How many rooms make the wanted share of stays sold out.

use super::{Hotel, HotelsWorld};
use crate::sim::clock::DAY;
use crate::sim::math;
use crate::sim::random::Key;

/// A few hotels find roughly how many rooms, in so many steps; all then find it more closely.
const FEW: (usize, u32) = (32, 7);
const ALL: (usize, u32) = (256, 6);
/// Large hotels take long: beyond the least, no more are drawn than have so much happen to them in all.
const LEAST: usize = 16;
const EVENTS: usize = 250_000;
/// Moments of the run that are looked at.
const MOMENTS: i64 = 8;

/// Rooms for each room a night that is asked for, such that this share of the stays that can be searched is
/// sold out: over a sample of hotels that depends on no seed, and over the run. More rooms never make it
/// larger but for chance, so halving the range finds it; a share that no number of rooms gives is met as
/// closely as the range allows. The sample errs by some 0.006 of all stays, the steps by 0.002.
pub(super) fn rooms(world: &HotelsWorld, share: f64) -> f64 {
    let sample = Key::replicate(0, 0).name("sold out");
    let mut hotels = Vec::new();
    let mut events = 0;
    while hotels.len() < LEAST || (hotels.len() < ALL.0 && events < EVENTS) {
        let mut hotel = Hotel::default();
        world.draw(sample, hotels.len() as u64, &mut hotel);
        events += hotel.requests.len() + hotel.spans.len();
        hotels.push(hotel);
    }
    let (mut few, mut many) = (1.0 / 16.0, 16.0);
    for (sample, steps) in [(FEW.0.min(hotels.len()), FEW.1), (hotels.len(), ALL.1)] {
        for _ in 0..steps {
            let middle = math::sqrt(few * many);
            if sold_out(world, &mut hotels[..sample], middle) > share {
                few = middle;
            } else {
                many = middle;
            }
        }
        (few, many) = (few / 1.25, many * 1.25);
    }
    math::sqrt(few * many)
}

fn sold_out(world: &HotelsWorld, hotels: &mut [Hotel], rooms: f64) -> f64 {
    let longest = world.calendar.longest;
    let mut available = 0;
    for hotel in &mut *hotels {
        hotel.open(rooms, world.calendar.nights);
        for moment in 0..MOMENTS {
            let at = world.horizon.end / (2 * MOMENTS) * (2 * moment + 1);
            hotel.play(at, None);
            available += hotel.available(at / DAY, world.window, longest);
        }
    }
    let all = hotels.len() as u64 * MOMENTS as u64 * world.window as u64 * u64::from(longest);
    1.0 - available as f64 / all as f64
}
