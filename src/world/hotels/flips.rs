//! How often stays sell out and reopen, for whoever is to know the true rates.
//!
//! There is no formula: they are counted over a sample of hotels that depends on no seed, by kind of hotel,
//! nights, and days ahead, and averaged over the days on which a stay can be searched.

use super::HotelsWorld;
use crate::sim::clock::DAY;
use crate::sim::random::Key;
use crate::world::group::{Generate, Group};

/// Days ahead are counted together up to each of these, and beyond the last.
const WITHIN: [i64; 10] = [0, 1, 3, 7, 14, 30, 60, 90, 180, 365];
/// Hotels of each kind, and days of the run, that are looked at: fewer where stays are many.
const HOTELS: u64 = 32;
const DAYS: i64 = 16;
const STAY_DAYS: i64 = 1 << 20;

/// What was seen of stays that are so many days ahead, of so many nights.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Days in all that they were sold out, and available.
    days: [f64; 2],
    /// Flips from sold out, and from available.
    flips: [f64; 2],
}

fn bucket(lead: i64) -> usize {
    WITHIN.partition_point(|within| *within < lead)
}

/// Finds [`crate::world::group::Stay::flips_per_day`] of all stays.
pub(super) fn find(world: &mut HotelsWorld) {
    let longest = world.calendar.longest as usize;
    let sample = Key::replicate(0, 0).name("flips");
    let mut group = Group::default();
    let days = i64::from(world.calendar.days()).min(DAYS);
    let of_hotel = days * i64::from(world.calendar.window) * longest as i64;
    let hotels = (STAY_DAYS / of_hotel).clamp(2, HOTELS as i64) as u64;
    for kind in 0..world.stays.len() {
        let mut seen = vec![Seen::default(); (WITHIN.len() + 1) * longest];
        for hotel in 0..hotels {
            let kinds = world.stays.len() as u64;
            world.fill(sample, hotel * kinds + kind as u64, &mut group);
            look(&group, longest, days, &mut seen);
        }
        for (index, stay) in world.stays[kind].iter_mut().enumerate() {
            let check_in = stay.check_in / DAY;
            let (first, last) = (stay.enters / DAY, (stay.leaves - 1) / DAY);
            let mut total = Seen::default();
            for day in first..=last {
                let seen = &seen[bucket(check_in - day) * longest + index % longest];
                // Each day counts alike.
                let all: f64 = seen.days.iter().sum();
                for answer in 0..2 {
                    if all > 0.0 {
                        total.days[answer] += seen.days[answer] / all;
                        total.flips[answer] += seen.flips[answer] / all;
                    }
                }
            }
            let per_day = |answer: usize| {
                if total.days[answer] > 0.0 {
                    (total.flips[answer] / total.days[answer]) as f32
                } else {
                    0.0
                }
            };
            stay.flips_per_day = [per_day(1), per_day(0)];
        }
    }
}

/// Adds up what the stays of a hotel did.
fn look(group: &Group, longest: usize, days: i64, seen: &mut [Seen]) {
    for (index, stay) in group.stays.iter().enumerate() {
        let until = stay.leaves.min(days * DAY);
        let toggles = group.truth.of(index);
        let passed = toggles.partition_point(|toggle| toggle.at <= stay.enters);
        let mut available = group.truth.at_start[index] ^ (passed % 2 == 1);
        let mut ahead = toggles[passed..].iter().peekable();
        let mut now = stay.enters;
        while now < until {
            let midnight = (now / DAY + 1) * DAY;
            let toggle = ahead.peek().map_or(until, |toggle| toggle.at);
            let next = midnight.min(toggle).min(until);
            let lead = stay.check_in / DAY - now / DAY;
            let seen = &mut seen[bucket(lead) * longest + index % longest];
            seen.days[usize::from(available)] += (next - now) as f64 / DAY as f64;
            if next == toggle && next < until {
                seen.flips[usize::from(available)] += 1.0;
                available = !available;
                ahead.next();
            }
            now = next;
        }
    }
}
