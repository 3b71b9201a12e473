//! How many rooms make the wanted share of stays sold out.

use super::{Hotel, HotelsWorld};
use crate::sim::clock::DAY;
use crate::sim::math;
use crate::sim::random::Key;

/// Hotels walked, and moments of the run looked at.
const HOTELS: u64 = 64;
const MOMENTS: i64 = 8;

/// Rooms for each room a night that is asked for, such that this share of the stays that can be searched is
/// sold out: over a sample of hotels that depends on no seed, and over the run. More rooms never make it
/// larger but for chance, so halving the range finds it, to 0.2 %; a share that no number of rooms gives is
/// met as closely as the range allows.
pub(super) fn rooms(world: &HotelsWorld, share: f64) -> f64 {
    let sample = Key::replicate(0, 0).name("rooms");
    let mut hotels: Vec<Hotel> = (0..HOTELS)
        .map(|ordinal| {
            let mut hotel = Hotel::default();
            world.draw(sample, ordinal, &mut hotel);
            hotel
        })
        .collect();
    let (mut few, mut many) = (1.0 / 16.0, 16.0);
    for _ in 0..12 {
        let middle = math::sqrt(few * many);
        if sold_out(world, &mut hotels, middle) > share {
            few = middle;
        } else {
            many = middle;
        }
    }
    many
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
