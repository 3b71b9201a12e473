//! Hotels with room types, bookings, cancellations, close-outs and a booking window that rolls.
//!
//! ```text
//!  requests ──available?──▶ bookings, group blocks ──▶ rooms left ───────┐
//!     └─────────────▶ cancellations ───────────────▶ rooms left ───────┤
//!  suppliers ──▶ close-outs and re-openings ──────▶ nights closed ─────┤──▶ rows ──rules──▶ answers
//!     └────────▶ restrictions of rate plans ─────▶ what a plan allows ──┘
//! ```
//!
//! A row is a room type's night, open while a room is left and the supplier has not closed it; or a rate plan's
//! night, with what the plan asks of stays that check in then. Who asks for what is in `requests`, calibrated
//! on `published` figures; `plans` and `supplier` are what suppliers do; `hotel` plays what happens in the
//! order of time; `sold_out` finds how many rooms make the wanted share of stays sold out.
//!
//! A message is sent for each row change that a stay which can be searched may notice. A night comes within
//! reach at 00:00 UTC of the first day on which a stay that uses it can be searched, and brings its state
//! with it.
//!
//! Day 0 is the first day of the run, Monday, 1 June 2026, and night 0 its night. Hotels are full of guests
//! and bookings then: requests are played from two years before. Requests that find no room are gone, so
//! bookings follow the published figures less closely than requests do.

use std::sync::Arc;

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::day_curve::DayCurve;
use super::group::{Calendar, Generate, Group, Record, RuleBook, Rules, Stay};
use super::live_service::LiveService;
use super::searches::SearchShape;
use super::shocks::{Factors, Shocks};
use super::two_state::Popularity;
use crate::scenario::limits;
use crate::scenario::quantity::{Count, Period, Rate, Share};
use crate::sim::clock::{DAY, Horizon, Time};
use crate::sim::distribution::Exponential;
use crate::sim::math;
use crate::sim::random::{Key, Purpose};

mod calendar;
mod calibration;
pub mod demand;
mod hotel;
#[cfg(test)]
mod marginals;
mod plans;
mod published;
mod requests;
mod sold_out;
mod supplier;
mod table;

use calibration::Calibration;
pub use calibration::Known;
use demand::Demand;
pub use demand::Hours;
use hotel::BEFORE;
pub(super) use hotel::Hotel;
use plans::Plans;
pub use plans::RatePlans;
pub(crate) use published::{LEAD_DAYS, LONGEST_STAY};
use requests::{Requests, When};
use supplier::Supplier;

/// Synthetic hotels, calibrated on published figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hotels {
    /// How many hotels are simulated.
    pub count: Count,
    /// How many hotels the board stands for; money is shown for both. Default: as many as are simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<Count>,
    /// How far ahead a stay can be searched: check-in lead 0 to this, in whole days.
    pub booking_window: Period,
    /// The longest stay that can be searched, in nights.
    #[schemars(range(max = limits::MOST_NIGHTS))]
    pub max_nights: Count,
    /// How searches spread over hotels, in order.
    #[serde(default)]
    pub popularity: Popularity,
    /// Who wants to book, and how.
    pub demand: Demand,
    /// What hotels have to sell.
    #[serde(default)]
    pub supply: Supply,
    /// Searches for each booking request.
    pub searches_per_request: Rate,
    /// Changes by suppliers, per hotel and day: rate updates that change no answer, close-outs, re-openings,
    /// restrictions of rate plans.
    #[schemars(range(max = limits::MOST_SUPPLIER_CHANGES))]
    pub supplier_changes_per_hotel_per_day: Rate,
    /// Hotels that come onto the board, per hotel on it and year; they come at any moment of the run, with
    /// all their stays. `count` are those on the board at some time. Assumed: 0, for in a fortnight one
    /// hotel in 260 would join at 10 % a year, and the board would not feel it; set it to see what a sample
    /// that is never renewed misses.
    #[serde(default = "none")]
    #[schemars(range(max = limits::MOST_TURNOVER))]
    pub joins_per_year: Rate,
    /// Hotels that leave the board, per hotel on it and year; their stays go with them. Assumed: 0.
    #[serde(default = "none")]
    #[schemars(range(max = limits::MOST_TURNOVER))]
    pub leaves_per_year: Rate,
    /// How much the domain service can take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_service: Option<LiveService>,
}

fn none() -> Rate {
    Rate::of(0.0)
}

/// What hotels have to sell, and what their suppliers do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Supply {
    /// Room types of a hotel. Each has its own number of rooms. Assumed.
    #[schemars(range(max = limits::MOST_ROOM_TYPES))]
    pub room_types: Count,
    /// Share of searchable stays that are sold out, over hotels and the run, those that no rate plan sells
    /// among them: 0.05, with the restrictions that are assumed. Hotels get as many rooms as make it so, as
    /// far as rooms can: what suppliers close and restrict is sold out whatever rooms there are. With one room
    /// type a close-out leaves nothing; 30 supplier changes a day then make 0.4 of the stays of the next 60
    /// days sold out, and 0.8 of the next 14 (with two room types, 0.4 of the next 14). Assumed: a sixth.
    pub sold_out_share: Share,
    /// How hotels differ: standard deviation of the logarithm of rooms for the same demand. Assumed.
    pub rooms_spread: Share,
    /// Share of supplier changes that close nights of a room type or reopen them. Assumed: 0.2.
    pub close_out_share: Share,
    /// Share of supplier changes that make or lift restrictions of rate plans; those that are neither are
    /// rate updates. Assumed: 0.3.
    pub restriction_share: Share,
    /// How long a close-out lasts, on average (exponential). Assumed: 2 days.
    pub close_out_lasts: Period,
    /// Nights that a supplier change touches: exactly, of a restriction; on average, of others (geometric).
    /// Assumed: 3.
    pub nights_per_change: Count,
    /// Rate plans and what they restrict.
    pub rate_plans: RatePlans,
}

impl Default for Supply {
    fn default() -> Self {
        Self {
            room_types: Count::of(3),
            sold_out_share: Share::of(1.0 / 6.0),
            rooms_spread: Share::of(0.3),
            close_out_share: Share::of(0.2),
            restriction_share: Share::of(0.3),
            close_out_lasts: Period::of(2 * DAY),
            nights_per_change: Count::of(3),
            rate_plans: RatePlans::default(),
        }
    }
}

/// The hotels, made ready.
#[derive(Debug)]
pub struct HotelsWorld {
    count: u64,
    represents: Option<f64>,
    horizon: Horizon,
    calendar: Calendar,
    rules: Rules,
    book: RuleBook,
    /// By kind of hotel.
    requests: Vec<Requests>,
    /// By kind of hotel.
    stays: Vec<Vec<Stay>>,
    shapes: Vec<SearchShape>,
    supplier: Supplier,
    plans: Plans,
    room_types: usize,
    rooms_spread: f64,
    /// Rooms for each room a night that is asked for.
    rooms: f64,
    /// Searches of each hotel, as a multiple of the mean; empty where all are alike.
    popularity: Vec<f64>,
    joins_per_year: f64,
    leaves_per_year: f64,
}

const YEAR: Time = 365 * DAY;

impl HotelsWorld {
    /// Makes hotels ready to be drawn. The number of rooms is found by walking a sample of them, as if no
    /// shock befell them.
    #[must_use]
    pub fn new(world: &Hotels, horizon: Horizon, shocks: &Shocks) -> Self {
        let window = (world.booking_window.micros() / DAY).max(1);
        let days = (horizon.end + DAY - 1) / DAY;
        let longest = world.max_nights.get();
        let room_types = world.supply.room_types.get();
        let plans = &world.supply.rate_plans;
        let calendar = Calendar {
            room_types,
            rate_plans: plans.count.get(),
            window: window as u32,
            nights: (window + days - 1) as u32 + longest - 1,
            longest,
        };
        let requests = requests(world, calendar, &[]);
        let hours = Arc::new(world.demand.hours.curve());
        let traffic = Factors::new(&shocks.traffic);
        let (shapes, stays) = shapes(world, calendar, horizon, &requests, (&hours, &traffic));

        let changes = world.supplier_changes_per_hotel_per_day.get();
        let close_outs = changes * world.supply.close_out_share.get();
        let restrictions = changes * world.supply.restriction_share.get();
        let nights_per_change = world.supply.nights_per_change.get();
        let reach = calendar.window + longest - 1;
        let count = u64::from(world.count.get());
        let mut ready = Self {
            count,
            represents: world
                .represents
                .map(|represents| f64::from(represents.get()) / count as f64),
            horizon,
            calendar,
            rules: Rules::Nights(calendar),
            book: RuleBook::default(),
            requests,
            stays,
            shapes,
            supplier: Supplier {
                rates_per_day: (changes - close_outs - restrictions).max(0.0),
                close_outs_per_day: close_outs / 2.0,
                close_out_lasts: world.supply.close_out_lasts.micros(),
                nights: f64::from(nights_per_change),
                room_types,
                rate_plans: plans.count.get(),
                window,
            },
            plans: Plans::new(plans, nights_per_change, restrictions, reach),
            room_types: room_types as usize,
            rooms_spread: world.supply.rooms_spread.get(),
            rooms: 1.0,
            popularity: world.popularity.weights(count),
            joins_per_year: 0.0,
            leaves_per_year: 0.0,
        };
        Calibration::give(&mut ready, world);
        ready.joins_per_year = world.joins_per_year.get();
        ready.leaves_per_year = world.leaves_per_year.get();
        ready.book = shocks.rule_book();
        if !Factors::new(&shocks.demand).is_one() {
            ready.requests = self::requests(world, calendar, &shocks.demand);
        }
        ready
    }

    /// Draws what a hotel is and all that would happen to it if it had rooms enough.
    fn draw(&self, replicate: Key, group: u64, hotel: &mut Hotel) {
        let requests = self.requests(group);
        requests.draw(
            replicate.purpose(Purpose::Requests).at(group),
            replicate.purpose(Purpose::Cancellations).at(group),
            &mut hotel.requests,
        );
        self.supplier.draw(
            replicate.purpose(Purpose::Supplier).at(group),
            requests,
            self.horizon.end,
            &mut hotel.spans,
        );
        hotel.plans = self.plans.count;
        self.plans.draw(
            replicate.purpose(Purpose::Plans).at(group),
            (-BEFORE, i64::from(self.calendar.nights) - 1),
            self.horizon.end,
            &mut hotel.plans_scratch,
            &mut hotel.restrictions,
        );
        hotel.schedule(requests.first_day(), self.horizon.end);

        let key = replicate.purpose(Purpose::Hotel);
        // Spread evenly over hotels, each of them uniform over replicates: a board is neither all full nor
        // all empty by chance. Multiples of the golden ratio leave no large gap.
        let evenly = key.unit() + group as f64 * 0.618_033_988_749_894_9;
        let place = (evenly - math::floor(evenly)).clamp(1e-9, 1.0 - 1e-9);
        let size =
            requests.rooms_a_night() * math::exp(self.rooms_spread * math::normal_quantile(place));
        let key = key.at(group);
        hotel.appeal.clear();
        hotel
            .appeal
            .extend((0..self.room_types as u64).map(|i| 0.5 + key.at(i).unit()));
        let total: f64 = hotel.appeal.iter().sum();
        hotel.sizes.clear();
        for (i, appeal) in (0..).zip(&mut hotel.appeal) {
            *appeal /= total;
            let round = key.at(1 << 32 | i).unit();
            hotel.sizes.push((size * *appeal, round));
        }
    }

    fn requests(&self, group: u64) -> &Requests {
        &self.requests[(group % self.requests.len() as u64) as usize]
    }

    /// When a hotel comes onto the board and when it leaves it.
    ///
    /// With J joining per hotel and year, a hotel is one that joins during a run of T years with chance
    /// JT / (1 + JT), at any moment alike: then as many join at any time as J asks for of those that are there
    /// at the start. Each leaves at a constant rate.
    fn joins_and_leaves(&self, replicate: Key, group: u64) -> (Time, Time) {
        let key = replicate.purpose(Purpose::OnBoard).at(group);
        let end = self.horizon.end;
        let expected = self.joins_per_year * end as f64 / YEAR as f64;
        let joins = if expected > 0.0 && key.at(0).happens(expected / (1.0 + expected)) {
            (key.at(1).unit() * end as f64) as Time
        } else {
            0
        };
        let leaves = if self.leaves_per_year > 0.0 {
            let stays = Exponential.sample(&mut key.stream()) * YEAR as f64 / self.leaves_per_year;
            joins.saturating_add(stays as Time).min(end)
        } else {
            end
        };
        (joins, leaves)
    }
}

/// The requests of each kind of hotel, with shocks of demand.
fn requests(world: &Hotels, calendar: Calendar, shocks: &[(Time, Time, f64)]) -> Vec<Requests> {
    let when = When {
        hours: world.demand.hours.curve(),
        shocks: Factors::new(shocks),
    };
    let reach = -(LONGEST_STAY as i64)..i64::from(calendar.nights);
    let days = i64::from(calendar.days());
    let kinds = world.demand.marginals().into_iter();
    kinds
        .map(|marginals| Requests::new(&marginals, &when, reach.clone(), days))
        .collect()
}

/// How searches of stays spread over time, and the stays of each kind of hotel.
fn shapes(
    world: &Hotels,
    calendar: Calendar,
    horizon: Horizon,
    requests: &[Requests],
    (hours, traffic): (&Arc<DayCurve>, &Factors),
) -> (Vec<SearchShape>, Vec<Vec<Stay>>) {
    let (window, days) = (i64::from(calendar.window), i64::from(calendar.days()));
    let mut shapes = Vec::new();
    let mut stays = Vec::new();
    let mut stretches = Vec::new();
    for requests in requests {
        let mut of_kind = Vec::new();
        for check_in in 0..i64::from(calendar.check_ins()) {
            let enters = (check_in - window + 1).max(0);
            let leaves = (check_in + 1).min(days);
            stretches.clear();
            for day in enters..leaves {
                let searches = world.searches_per_request.get() * requests.mean(day, check_in);
                let pieces = traffic.pieces(day * DAY, (day + 1) * DAY);
                stretches.extend(pieces.map(|(from, to, times)| (from, to, searches * times)));
            }
            of_kind.extend((1..=calendar.longest).map(|nights| Stay {
                enters: enters * DAY,
                leaves: (leaves * DAY).min(horizon.end),
                shape: shapes.len() as u32,
                nights,
                weight: requests.nights(nights),
                check_in: check_in * DAY,
                flips_per_day: [0.0; 2],
            }));
            shapes.push(match &world.demand.hours {
                Hours::Flat => SearchShape::new(horizon, &stretches),
                Hours::Typical | Hours::ByHour(_) => {
                    SearchShape::with_hours(horizon, &stretches, hours)
                }
            });
        }
        stays.push(of_kind);
    }
    (shapes, stays)
}

impl Generate for HotelsWorld {
    fn groups(&self) -> u64 {
        self.count
    }

    fn fill(&self, replicate: Key, group: u64, into: &mut Group) {
        into.clear(group);
        let weight = self.popularity.get(group as usize);
        into.search_scale = weight.copied().unwrap_or(1.0);
        let kind = (group % self.stays.len() as u64) as usize;
        into.stays.extend_from_slice(&self.stays[kind]);
        let on_board = self.joins_and_leaves(replicate, group);
        let (joins, leaves) = on_board;
        if joins > 0 || leaves < self.horizon.end {
            for stay in &mut into.stays {
                stay.enters = stay.enters.max(joins);
                stay.leaves = stay.leaves.min(leaves);
                if stay.enters >= stay.leaves {
                    (stay.enters, stay.leaves) = (self.horizon.end, self.horizon.end);
                }
            }
        }

        let mut hotel = std::mem::take(&mut into.hotel);
        self.draw(replicate, group, &mut hotel);
        hotel.open(self.rooms, self.calendar.nights);
        hotel.play(0, &self.book, None);
        hotel.rows(&mut into.rows.at_start);
        let record = Record {
            calendar: self.calendar,
            on_board,
            rows: &mut into.rows,
            bookings: &mut into.bookings,
        };
        hotel.play(self.horizon.end, &self.book, Some(record));
        into.bookings.sort_unstable();
        into.settle(&self.rules, &self.book, &mut hotel.rules);
        into.hotel = hotel;
    }

    fn rules(&self) -> &Rules {
        &self.rules
    }

    fn rule_book(&self) -> &RuleBook {
        &self.book
    }

    fn shapes(&self) -> &[SearchShape] {
        &self.shapes
    }

    fn slots(&self, _: u64) -> u32 {
        self.calendar.window * self.calendar.longest
    }

    fn stay_at(&self, slot: u32, at: Time) -> u32 {
        (at / DAY) as u32 * self.calendar.longest + slot
    }

    fn on_board(&self, replicate: Key, group: u64) -> (Time, Time) {
        self.joins_and_leaves(replicate, group)
    }

    fn kind(&self, group: u64) -> u64 {
        group % self.stays.len() as u64
    }

    fn scale(&self, group: u64) -> f64 {
        self.popularity.get(group as usize).copied().unwrap_or(1.0)
    }

    fn slot_searches(&self, kind: u64, at: Time, into: &mut Vec<f64>) {
        let stays = &self.stays[kind as usize];
        into.extend((0..self.slots(0)).map(|slot| {
            let stay = &stays[self.stay_at(slot, at) as usize];
            self.shapes[stay.shape as usize].per_day(at) * stay.weight
        }));
    }

    fn represents(&self) -> Option<f64> {
        self.represents
    }
}
