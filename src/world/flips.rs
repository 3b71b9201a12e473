//! How often stays sell out and reopen, for whoever is to know the true rates.
//!
//! There is no formula: flips are counted over some hotels, by nights and days ahead, and averaged over the
//! days on which a stay can be searched.

use super::group::{Calendar, Group, Stay};
use crate::sim::clock::DAY;

/// Days ahead are counted together up to each of these, and beyond the last.
const WITHIN: [i64; 10] = [0, 1, 3, 7, 14, 30, 60, 90, 180, 365];
/// Hotels that are looked at, and days of the run: fewer hotels where stays are many.
const HOTELS: i64 = 32;
const DAYS: i64 = 16;
const STAY_DAYS: i64 = 1 << 20;

/// What was seen of hotels alike.
#[derive(Debug)]
pub(super) struct Flips {
    calendar: Calendar,
    days: i64,
    /// By days ahead, then nights.
    seen: Vec<Seen>,
}

/// What was seen of stays that are so many days ahead, of so many nights.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Days in all that they were sold out, and available.
    days: [f64; 2],
    /// Flips from sold out, and from available.
    flips: [f64; 2],
}

impl Flips {
    pub(super) fn new(calendar: Calendar) -> Self {
        Self {
            calendar,
            days: i64::from(calendar.days()).min(DAYS),
            seen: vec![Seen::default(); (WITHIN.len() + 1) * calendar.longest as usize],
        }
    }

    /// How many hotels are worth looking at.
    pub(super) fn hotels(&self) -> u64 {
        let of_hotel =
            self.days * i64::from(self.calendar.window) * i64::from(self.calendar.longest);
        (STAY_DAYS / of_hotel).clamp(2, HOTELS) as u64
    }

    /// Where stays of so many nights (less 1) are counted, so many days ahead.
    fn slot(&self, lead: i64, nights: usize) -> usize {
        let bucket = WITHIN.partition_point(|within| *within < lead);
        bucket * self.calendar.longest as usize + nights
    }

    /// Counts what the stays of a hotel do.
    pub(super) fn look(&mut self, group: &Group) {
        for (index, stay) in group.stays.iter().enumerate() {
            let until = stay.leaves.min(self.days * DAY);
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
                let slot = self.slot(lead, index % self.calendar.longest as usize);
                let seen = &mut self.seen[slot];
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

    /// How often a stay of `nights` (less 1) sells out and reopens, a day.
    fn of(&self, stay: &Stay, nights: usize) -> [f32; 2] {
        let (first, last) = (stay.enters / DAY, (stay.leaves - 1) / DAY);
        let mut total = Seen::default();
        for day in first..=last {
            let seen = &self.seen[self.slot(stay.check_in / DAY - day, nights)];
            // Each day counts alike.
            let all: f64 = seen.days.iter().sum();
            if all > 0.0 {
                for answer in 0..2 {
                    total.days[answer] += seen.days[answer] / all;
                    total.flips[answer] += seen.flips[answer] / all;
                }
            }
        }
        [1, 0].map(|answer| {
            if total.days[answer] > 0.0 {
                (total.flips[answer] / total.days[answer]) as f32
            } else {
                0.0
            }
        })
    }

    /// Sets [`Stay::flips_per_day`] of all stays of a hotel.
    pub(super) fn tell(&self, stays: &mut [Stay]) {
        let longest = self.calendar.longest as usize;
        for (index, stay) in stays.iter_mut().enumerate() {
            stay.flips_per_day = self.of(stay, index % longest);
        }
    }
}
