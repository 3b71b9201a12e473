//! What suppliers change: rates, and nights that they close and reopen. At all hours alike: much of it is
//! done by machines.

use rand_distr::Distribution;

use super::requests::{Requests, geometric, time_of_day, unit};
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::distribution::{Exponential, Poisson};
use crate::sim::random::Key;

/// The habits of suppliers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Supplier {
    /// Rate updates a day. They change no answer.
    pub(super) rates_per_day: f64,
    /// Close-outs a day. Each is followed by a re-opening.
    pub(super) close_outs_per_day: f64,
    /// How long a close-out lasts on average; exponential.
    pub(super) close_out_lasts: Time,
    /// Mean nights of a change; geometric from 1.
    pub(super) nights: f64,
    /// Room types, of which a close-out touches one, all alike.
    pub(super) room_types: u32,
    /// Rate plans, of which a rate update touches one, all alike.
    pub(super) rate_plans: u32,
    /// Days ahead that can be searched; the first night of a change follows the lead of requests.
    pub(super) window: i64,
}

/// A change of some nights of a room type, or of the rates of a rate plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    /// When it is made.
    pub(super) at: Time,
    /// When a close-out ends; [`NEVER`] for a rate update.
    pub(super) reopens: Time,
    /// The room type; of a rate update, the rate plan.
    pub(super) of: u32,
    /// The first night.
    pub(super) first: i64,
    /// How many nights.
    pub(super) nights: u32,
}

impl Supplier {
    /// The changes made from just before the start of the run, when what is closed then is closed, until
    /// `end`.
    pub(super) fn draw(&self, key: Key, requests: &Requests, end: Time, into: &mut Vec<Span>) {
        into.clear();
        let lasts = self.close_out_lasts as f64;
        // A close-out lasts as long after any moment as after its start, and the number of those under way
        // is Poisson.
        let closed = self.close_outs_per_day * lasts / DAY as f64;
        let mut day = -1;
        while day * DAY < end {
            let mut random = key.at(day as u64).stream();
            let mut draw = |mean: f64, closes: bool| {
                for _ in 0..(Poisson { mean }).sample(&mut random) {
                    let time = time_of_day(&mut random);
                    let at = if day < 0 { -1 } else { day * DAY + time };
                    let reopens = if closes {
                        at + 1 + (lasts * Exponential.sample(&mut random)) as Time
                    } else {
                        NEVER
                    };
                    let of = if closes {
                        self.room_types
                    } else {
                        self.rate_plans
                    };
                    into.push(Span {
                        at,
                        reopens,
                        of: (unit(&mut random) * f64::from(of)) as u32,
                        first: day.max(0) + requests.lead_within(self.window, unit(&mut random)),
                        nights: geometric(self.nights, &mut random),
                    });
                }
            };
            if day < 0 {
                draw(closed, true);
            } else {
                draw(self.close_outs_per_day, true);
                draw(self.rates_per_day, false);
            }
            day += 1;
        }
    }
}
