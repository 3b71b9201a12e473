//! Who asks for rooms, when, for which nights, and what of it is cancelled later.
//!
//! Requests for arrival day a made on day b have the mean
//!
//! ```text
//! requests a day × weekday(b) × lead(a − b) × weekday(a) × season(month of a)
//! ```
//!
//! with factors such that leads, arrival weekdays, arrival months and booking weekdays each keep their
//! published shares. Single requests made on a day are negative binomial around it: the day's demand is a
//! gamma variate. Groups come as a Poisson process of contracts; a contract asks at one moment for a
//! geometric number of rooms on each of a geometric number of arrival days.
//!
//! The bookings of a day then hold to variance = mean + c·mean²: c is the published hotel's, so that a small
//! hotel is as bursty, for its size, as the published one. Contracts grow with the hotel to make it so.
//!
//! Within a day requests and cancellations follow its hours. A shock of demand multiplies the means of a day
//! by what it makes of the day's mass, and moves its hours.

use rand::Rng;

use super::calendar::{MONTH_DAYS, month, weekday};
use super::demand::Marginals;
use super::published::{Cancelled, LEAD_DAYS};
use super::table::{Counts, Table};
use crate::sim::clock::{DAY, NEVER, Time};
use crate::sim::random::{Key, Stream};
use crate::world::day_curve::DayCurve;
use crate::world::shocks::Factors;

/// When in a day requests come, and what befalls demand.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub(super) hours: DayCurve,
    pub(super) shocks: Factors,
}

/// The requests for one kind of hotel.
#[derive(Debug)]
pub(super) struct Requests {
    /// Rooms requested a day, a year's mean.
    per_day: f64,
    /// Factor of the weekday a request is made on, Monday first.
    made: [f64; 7],
    /// Days ahead.
    leads: Table,
    /// Pull of each arrival day from [`Self::first_day`] on.
    pull: Vec<f64>,
    /// The largest pull.
    strongest: f64,
    /// Nights − 1.
    nights: Table,
    /// The first booking day that can matter.
    first_day: i64,
    /// Booking days, from the first to the last of the run.
    days: Vec<BookingDay>,
    /// The hours of a day: of most days the first.
    hours: Vec<DayCurve>,
    /// Of a day's single requests: (variance − mean) / mean².
    overdispersion: f64,
    contracts: Contracts,
    cancelled: Vec<Cancelled>,
    /// Which of them holds, by lead.
    cancelled_at: Vec<u16>,
    cancelled_after: [f64; 11],
}

/// What is asked for on one day.
#[derive(Debug, Clone, Copy)]
struct BookingDay {
    /// The chance that nothing is asked for.
    quiet: f64,
    /// Single requests for arrival days in reach.
    singles: Counts,
    /// Contracts with an arrival day in reach.
    contracts: Counts,
    /// Mean arrival days in reach of each of those; geometric from 1.
    arrivals: f64,
    /// Shares of the leads that end before the reach, and within it.
    leads: (f64, f64),
    /// Which hours it has.
    hours: u32,
}

/// Contracts of groups.
#[derive(Debug, Clone, Copy)]
struct Contracts {
    /// Share of rooms that groups ask for.
    share: f64,
    /// Mean arrival days of a contract; geometric from 1.
    arrivals: f64,
    /// Mean rooms on each arrival day; geometric from 1.
    rooms: f64,
}

/// A request for one room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Request {
    /// When it is made.
    pub(super) at: Time,
    /// When it is cancelled, should it become a booking; [`NEVER`] if it is not.
    pub(super) cancelled_at: Time,
    /// The arrival day, counted from the start of the run.
    pub(super) arrival: i64,
    /// Nights.
    pub(super) nights: u32,
    /// Which room type is taken, as a point of the unit interval.
    pub(super) pick: f64,
    /// Of a group's contract.
    pub(super) group: bool,
    /// A contract's rooms for one arrival day are asked for at once: how many from this request on, for the
    /// first of them; 0 for the others.
    pub(super) rooms: u32,
}

impl Contracts {
    fn per_day(&self, rooms: f64) -> f64 {
        rooms * self.share / (self.arrivals * self.rooms)
    }
}

/// Rounds of fitting after which it is looked whether it has converged, and after which it is given up. With
/// published leads it converges by a factor of about 100 a round.
const ROUNDS: std::ops::Range<u32> = 20..2_000;

/// Factors of booking weekday, arrival weekday and lead modulo 7, by iterated proportional fitting (W. E.
/// Deming, F. F. Stephan, Annals of Mathematical Statistics 11, 1940): each keeps its own shares. `None` if
/// no factors do.
pub(super) fn weekday_factors(
    made: &[f64; 7],
    arrived: &[f64; 7],
    leads: &[f64],
) -> Option<([f64; 7], [f64; 7], [f64; 7])> {
    let normalised = |shares: &[f64; 7]| {
        let total: f64 = shares.iter().sum();
        shares.map(|share| share / total)
    };
    let (made, arrived) = (normalised(made), normalised(arrived));
    let mut residues = [0.0; 7];
    for (lead, share) in leads.iter().enumerate() {
        residues[lead % 7] += share;
    }
    let residues = normalised(&residues);
    let (mut of_made, mut of_arrived, mut of_lead) = (made, arrived, [1.0; 7]);
    // Gives how far off the shares were before.
    let fit = |target: &[f64; 7], factor: &mut [f64; 7], others: &dyn Fn(usize) -> f64| {
        let mut off = 0.0_f64;
        for i in 0..7 {
            let others = others(i);
            off = off.max((target[i] - factor[i] * others).abs());
            factor[i] = if others > 0.0 {
                target[i] / others
            } else {
                0.0
            };
        }
        off
    };
    let over = |f: &dyn Fn(usize) -> f64| (0..7).map(f).sum::<f64>();
    for round in 1..ROUNDS.end {
        let off_made = fit(&made, &mut of_made, &|b| {
            over(&|r| residues[r] * of_lead[r] * of_arrived[(b + r) % 7])
        });
        let off_arrived = fit(&arrived, &mut of_arrived, &|a| {
            over(&|r| residues[r] * of_lead[r] * of_made[(a + 7 - r) % 7])
        });
        let off_leads = fit(&[1.0; 7], &mut of_lead, &|r| {
            if residues[r] > 0.0 {
                over(&|b| of_made[b] * of_arrived[(b + r) % 7])
            } else {
                1.0
            }
        });
        if round >= ROUNDS.start && off_made.max(off_arrived).max(off_leads) < 1e-9 {
            return Some((of_made, of_arrived, of_lead));
        }
    }
    None
}

impl Requests {
    /// The requests for arrival days in `reach`, made before the end of day `days` − 1 of the run. That weekdays
    /// and leads fit is checked when the scenario is read.
    pub(super) fn new(
        marginals: &Marginals,
        when: &When,
        reach: std::ops::Range<i64>,
        days: i64,
    ) -> Self {
        let weights = (
            &marginals.requests_by_weekday,
            &marginals.arrivals_by_weekday,
        );
        let mut leads = marginals.leads.clone();
        let (of_made, of_arrived, of_lead) =
            weekday_factors(weights.0, weights.1, &leads).unwrap_or(([1.0; 7], [1.0; 7], [1.0; 7]));
        for (lead, share) in leads.iter_mut().enumerate() {
            *share *= of_lead[lead % 7];
        }
        let total: f64 = leads.iter().sum();
        let made = of_made.map(|factor| 7.0 * factor * total);
        let leads = Table::new(&leads);

        let year: f64 = MONTH_DAYS.iter().sum();
        let arrivals: f64 = marginals.arrivals_by_month.iter().sum();
        let pull_of = |day: i64| {
            let share = marginals.arrivals_by_month[month(day)] / arrivals;
            of_arrived[weekday(day)] * share * year / MONTH_DAYS[month(day)]
        };
        let first_day = reach.start - LEAD_DAYS as i64 + 1;
        let pull: Vec<f64> = (first_day..days + LEAD_DAYS as i64).map(pull_of).collect();
        let strongest = pull.iter().copied().fold(0.0, f64::max);

        let mut law = Self {
            per_day: marginals.per_day,
            made,
            leads,
            pull,
            strongest,
            nights: Table::new(&marginals.nights),
            first_day,
            days: Vec::new(),
            hours: vec![when.hours.clone()],
            overdispersion: marginals.overdispersion,
            contracts: Contracts {
                share: marginals.group_share,
                arrivals: marginals.arrival_days_per_group,
                rooms: marginals.rooms_per_group,
            },
            cancelled: marginals.cancelled.clone(),
            cancelled_at: (0..LEAD_DAYS)
                .map(|lead| marginals.cancelled.partition_point(|c| c.within < lead) as u16)
                .collect(),
            cancelled_after: marginals.cancelled_after,
        };
        if let Some(share) = marginals.cancelled_share {
            law.cancel_share(share);
        }
        law.days = (first_day..days)
            .map(|day| {
                let (hours, mass) = law.hours_of(day, when);
                law.booking_day(day, &reach, hours, mass)
            })
            .collect();
        law
    }

    /// Which hours a day has, and how many times the usual demand.
    fn hours_of(&mut self, day: i64, when: &When) -> (u32, f64) {
        let midnight = day * DAY;
        let pieces: Vec<(Time, Time, f64)> = when
            .shocks
            .pieces(midnight, midnight + DAY)
            .map(|(from, to, times)| (from - midnight, to - midnight, times))
            .collect();
        if let [(_, _, times)] = pieces[..] {
            return (0, times);
        }
        let (hours, mass) = when.hours.times(&pieces);
        self.hours.push(hours);
        (self.hours.len() as u32 - 1, mass)
    }

    fn booking_day(
        &self,
        day: i64,
        reach: &std::ops::Range<i64>,
        hours: u32,
        times: f64,
    ) -> BookingDay {
        let nearest = (reach.start - day).max(0) as usize;
        let farthest = (reach.end - 1 - day).clamp(-1, LEAD_DAYS as i64 - 1) as usize;
        let pulled = |from: usize, to: usize| -> f64 {
            let pull = &self.pull[(day - self.first_day) as usize..];
            (from..to).map(|l| self.leads.share(l) * pull[l]).sum()
        };
        let all = pulled(0, LEAD_DAYS);
        let within = if nearest < farthest.wrapping_add(1) {
            pulled(nearest, farthest + 1)
        } else {
            0.0
        };
        let rooms = self.per_day * self.made[weekday(day)] * times;
        let singles = rooms * (1.0 - self.contracts.share) * within;
        let singles = Counts::overdispersed(singles, self.overdispersion);
        // A geometric number of arrival days, each in reach with the same chance: none is, or again a geometric
        // number.
        let in_reach = if all > 0.0 { within / all } else { 0.0 };
        let stop = 1.0 / self.contracts.arrivals;
        let some = in_reach + stop - in_reach * stop;
        let contracts = self.contracts.per_day(rooms * all) * in_reach / some;
        let contracts = Counts::poisson(contracts);
        BookingDay {
            quiet: singles.none() * contracts.none(),
            singles,
            contracts,
            arrivals: some / stop,
            leads: (
                self.leads.below(nearest),
                self.leads.below(farthest.wrapping_add(1)) - self.leads.below(nearest),
            ),
            hours,
        }
    }

    /// Scales the odds of being cancelled, at every lead alike, until this share is.
    fn cancel_share(&mut self, share: f64) {
        let published = self.cancelled.clone();
        let scaled = |odds: f64, p: f64| p * odds / (1.0 - p + p * odds);
        let mean = |odds: f64| {
            let mut from = 0;
            let mut sum = 0.0;
            for bucket in &published {
                let to = bucket.within + 1;
                let share = self.leads.below(to) - self.leads.below(from);
                sum += share * scaled(odds, bucket.share);
                from = to;
            }
            sum
        };
        let (mut low, mut high) = (1e-6, 1e6);
        for _ in 0..60 {
            let middle = crate::sim::math::sqrt(low * high);
            if mean(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        let odds = if share <= 0.0 { 0.0 } else { high };
        for bucket in &mut self.cancelled {
            bucket.share = if share >= 1.0 {
                1.0
            } else {
                scaled(odds, bucket.share)
            };
        }
    }

    /// The first day on which a request that matters can be made.
    pub(super) fn first_day(&self) -> i64 {
        self.first_day
    }

    /// Rooms asked for a night, a year's mean.
    pub(super) fn rooms_a_night(&self) -> f64 {
        self.per_day * (self.nights.mean() + 1.0)
    }

    /// Mean requests made on a day of the run for an arrival day, of any number of nights.
    pub(super) fn mean(&self, day: i64, arrival: i64) -> f64 {
        let lead = arrival - day;
        if !(0..LEAD_DAYS as i64).contains(&lead) {
            return 0.0;
        }
        self.per_day
            * self.made[weekday(day)]
            * self.leads.share(lead as usize)
            * self.pull[(arrival - self.first_day) as usize]
    }

    /// The share of requests that are for this many nights.
    pub(super) fn nights(&self, nights: u32) -> f64 {
        self.nights.share(nights as usize - 1)
    }

    /// Days ahead, fewer than `window`, at this point of the unit interval; whatever the arrival day.
    pub(super) fn lead_within(&self, window: i64, unit: f64) -> i64 {
        let share = self.leads.below(window as usize);
        self.leads.at(unit * share).min(window as usize - 1) as i64
    }

    /// All requests, day by day. What happens on a day depends on the day's own key.
    pub(super) fn draw(&self, requests: Key, cancellations: Key, into: &mut Vec<Request>) {
        into.clear();
        for (day, law) in (self.first_day..).zip(&self.days) {
            let key = requests.at(day as u64);
            if key.at(0).happens(law.quiet) {
                continue;
            }
            let mut random = key.stream();
            let (singles, contracts) = loop {
                let singles = law.singles.at(unit(&mut random));
                let contracts = law.contracts.at(unit(&mut random));
                if singles + contracts > 0 {
                    break (singles, contracts);
                }
            };
            let today = into.len();
            let hours = &self.hours[law.hours as usize];
            for _ in 0..singles {
                let at = day * DAY + hours.at(unit(&mut random));
                let arrival = day + self.lead(law, day, &mut random);
                let nights = self.nights.at(unit(&mut random)) as u32 + 1;
                into.push(Request {
                    at,
                    cancelled_at: NEVER,
                    arrival,
                    nights,
                    pick: unit(&mut random),
                    group: false,
                    rooms: 1,
                });
            }
            for _ in 0..contracts {
                let at = day * DAY + hours.at(unit(&mut random));
                let nights = self.nights.at(unit(&mut random)) as u32 + 1;
                let rooms = geometric(self.contracts.rooms, &mut random);
                for _ in 0..geometric(law.arrivals, &mut random) {
                    let arrival = day + self.lead(law, day, &mut random);
                    for room in 0..rooms {
                        into.push(Request {
                            at,
                            cancelled_at: NEVER,
                            arrival,
                            nights,
                            pick: unit(&mut random),
                            group: true,
                            rooms: if room == 0 { rooms } else { 0 },
                        });
                    }
                }
            }
            self.cancel(cancellations.at(day as u64), day, &mut into[today..]);
        }
    }

    /// Days ahead, among those in reach, with the pull of the arrival day (by rejection).
    #[inline]
    fn lead(&self, law: &BookingDay, day: i64, random: &mut Stream) -> i64 {
        let (from, share) = law.leads;
        let pull = &self.pull[(day - self.first_day) as usize..];
        loop {
            let lead = self.leads.at((from + share * unit(random)).min(BELOW_ONE));
            if unit(random) * self.strongest < pull[lead] {
                return lead as i64;
            }
        }
    }

    /// Decides the cancellations of a day's requests. Rooms of a group for one arrival go together.
    fn cancel(&self, key: Key, day: i64, requests: &mut [Request]) {
        let mut of_block = NEVER;
        for (ordinal, request) in (0..).zip(requests.iter_mut()) {
            if request.rooms == 0 {
                request.cancelled_at = of_block;
                continue;
            }
            let lead = (request.arrival - day) as usize;
            let key = key.at(ordinal);
            let law = &self.cancelled[usize::from(self.cancelled_at[lead])];
            if key.happens(law.share) {
                request.cancelled_at = self.cancelled_at(key, day, request, lead, law.same_day);
            }
            of_block = request.cancelled_at;
        }
    }

    fn cancelled_at(
        &self,
        key: Key,
        day: i64,
        request: &Request,
        lead: usize,
        same_day: f64,
    ) -> Time {
        let hours = &self.hours[0];
        let time = key.at(2).unit();
        if lead == 0 || key.at(0).happens(same_day) {
            let made = hours.below(request.at - day * DAY);
            let at = day * DAY + hours.at(made + time * (1.0 - made));
            // Later than it was made; the day after, of a request of the day's last moment.
            return at.max(request.at + 1);
        }
        let decile = key.at(1).unit() * 10.0;
        let (below, part) = (decile as usize, decile - crate::sim::math::floor(decile));
        let points = &self.cancelled_after;
        let after = points[below] + part * (points[below + 1] - points[below]);
        let days = ((after * lead as f64) as i64 + 1).min(lead as i64);
        (day + days) * DAY + hours.at(time)
    }
}

/// The largest number below 1.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// A uniform number in [0, 1).
#[inline]
pub(super) fn unit(random: &mut Stream) -> f64 {
    (random.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A uniform time within a day.
#[inline]
pub(super) fn time_of_day(random: &mut Stream) -> Time {
    (unit(random) * DAY as f64) as Time
}

/// Geometric on 1, 2, … with this mean.
#[inline]
pub(super) fn geometric(mean: f64, random: &mut Stream) -> u32 {
    let more = 1.0 - 1.0 / mean;
    let mut left = unit(random);
    let mut count = 1;
    // What is left of a uniform number below `more` is uniform below 1 again.
    while left < more {
        left /= more;
        count += 1;
    }
    count
}
