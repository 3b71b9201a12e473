//! Who wants to book, and how, as a reviewer writes it; and what requests follow then: the published figures
//! of a profile, each part of which gives way to what is set by hand.
//!
//! Each part has an effect of its own: setting one leaves what the others are as it was. Only the by-lead
//! shares of cancellations and [`Demand::cancelled_share`] are two views of one thing: the share scales them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::published::{CITY, Cancelled, Figures, LEAD_DAYS, LONGEST_STAY, RESORT};
use super::requests::weekday_factors;
use crate::design::delivery::delay::{Exponential, Lognormal};
use crate::scenario::limits;
use crate::scenario::quantity::{Duration, Rate, Share};
use crate::sim::clock::{DAY, HOUR, Time};
use crate::sim::math;
use crate::world::day_curve::DayCurve;

/// Who wants to book, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demand {
    /// Rooms requested, per hotel and day; a year's mean.
    #[schemars(range(max = limits::MOST_REQUESTS))]
    pub requests_per_hotel_per_day: Rate,
    /// The published figures that all follows which is not set by hand.
    #[serde(default)]
    pub profile: Profile,
    /// Season: weights of the months of arrival, January first. Default: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrivals_by_month: Option<[Rate; 12]>,
    /// Weights of the weekdays of arrival, Monday first. Default: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrivals_by_weekday: Option<[Rate; 7]>,
    /// Weights of the weekdays on which requests are made, Monday first. Default: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_by_weekday: Option<[Rate; 7]>,
    /// From a request to its arrival day, at most 737 days. Default: as published (median: city 74 days,
    /// resort 57).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead_time: Option<LeadTime>,
    /// Weights of stays of 1, 2, … nights; at most 28 of them. Default: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nights: Option<Vec<Rate>>,
    /// Share of rooms that groups ask for, several at once. Default: as published (city 0.35, resort 0.26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_share: Option<Share>,
    /// Rooms that a group asks for on each of its arrival days, on average (geometric from 1). Default: as
    /// published, which grows with the hotel (at 5 requests a day, 1.8 for city and 1.8 for resort).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rooms_per_group: Option<Rate>,
    /// Arrival days that a group asks for at once, on average (geometric from 1): a tour operator's contract
    /// has many. Default: as published, which grows with the hotel (at 5 requests a day, city 2.0, resort 2.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival_days_per_group: Option<Rate>,
    /// How bursty single requests are beyond chance and weekdays: of a day's number, variance = mean +
    /// overdispersion · mean² (negative binomial; 0 is Poisson). Default: as published (city 0.36, resort
    /// 0.35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdispersion: Option<Rate>,
    /// Share of bookings that are cancelled or not used, over all leads; it scales the odds at each lead
    /// alike. Default: as `cancelled_by_lead_time` makes it (as published, city 0.42, resort 0.28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_share: Option<Share>,
    /// What is cancelled of bookings made so long ahead, from the nearest to the farthest. Default: as
    /// published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by_lead_time: Option<Vec<CancelledWithin>>,
    /// When the others are cancelled than those on the day of booking: 11 deciles, from the least to the most,
    /// of the part of the lead time that has gone by then. Default: as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_after_deciles: Option<[Share; 11]>,
    /// How searches, requests and cancellations spread over the hours of a day.
    #[serde(default)]
    pub hours: Hours,
}

/// From a request to its arrival day, in whole days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LeadTime {
    /// Shares of requests made at most so long ahead; linear between the points.
    Cumulative(Vec<RequestedWithin>),
    /// Exponential, cut at 737 days.
    Exponential(Exponential),
    /// Log-normal, by its median and its 99th percentile, cut at 737 days.
    Lognormal(Lognormal),
}

/// A point of the distribution of lead times.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestedWithin {
    /// The longest lead time that counts, in whole days: `"0d"` is for arrivals on the day itself.
    pub within: Duration,
    /// Share of all requests; 1 at the last point.
    pub share: Share,
}

/// What is cancelled of bookings made so long ahead.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelledWithin {
    /// The longest lead time that this holds for, in whole days; the last holds for all others and has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Duration>,
    /// Share of these bookings that are cancelled or not used.
    pub share: Share,
    /// Share of the cancellations that come on the day of booking; with lead time 0 all do.
    pub same_day_share: Share,
}

/// The hours of a day, in UTC.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Hours {
    /// Quiet before dawn, even over the day, most in the evening. Assumed.
    #[default]
    Typical,
    /// The same at all hours.
    Flat,
    /// Weights of the 24 hours, from 00:00 on.
    ByHour(Box<[Rate; 24]>),
}

impl Hours {
    pub(in crate::world) fn curve(&self) -> DayCurve {
        match self {
            Self::Typical => DayCurve::typical(),
            Self::Flat => DayCurve::flat(),
            Self::ByHour(weights) => {
                let hour = |(hour, weight): (Time, Rate)| {
                    let from = hour * HOUR;
                    (from, from + HOUR, weight.get())
                };
                let hours: Vec<(Time, Time, f64)> = (0..).zip(**weights).map(hour).collect();
                DayCurve::new(&hours).0
            }
        }
    }
}

/// The published figures that a hotel follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A city hotel: short stays, many cancellations.
    #[default]
    City,
    /// A resort: stays peak at a week.
    Resort,
    /// Hotels of both kinds, half and half. What is set by hand holds for both.
    Mixed,
}

impl Profile {
    /// The kinds of hotels: the i-th hotel is of the i-th kind, over and over.
    fn kinds(self) -> &'static [&'static Figures] {
        match self {
            Self::City => &[&CITY],
            Self::Resort => &[&RESORT],
            Self::Mixed => &[&CITY, &RESORT],
        }
    }
}

impl Demand {
    /// So many requests, all else as published of the city hotel.
    #[must_use]
    pub fn published(requests_per_hotel_per_day: Rate) -> Self {
        Self {
            requests_per_hotel_per_day,
            profile: Profile::default(),
            arrivals_by_month: None,
            arrivals_by_weekday: None,
            requests_by_weekday: None,
            lead_time: None,
            nights: None,
            group_share: None,
            rooms_per_group: None,
            arrival_days_per_group: None,
            overdispersion: None,
            cancelled_share: None,
            cancelled_by_lead_time: None,
            cancelled_after_deciles: None,
            hours: Hours::default(),
        }
    }

    /// What the requests of each kind of hotel follow.
    pub(super) fn marginals(&self) -> Vec<Marginals> {
        let kinds = self.profile.kinds().iter();
        kinds.map(|figures| self.marginals_of(figures)).collect()
    }

    /// The published figures, each part replaced by what is set by hand.
    pub(super) fn marginals_of(&self, figures: &Figures) -> Marginals {
        let per_day = self.requests_per_hotel_per_day.get();
        let mut all = Marginals::published(figures, per_day);
        if let Some(months) = &self.arrivals_by_month {
            all.arrivals_by_month = months.map(Rate::get);
        }
        if let Some(weekdays) = &self.arrivals_by_weekday {
            all.arrivals_by_weekday = weekdays.map(Rate::get);
        }
        if let Some(weekdays) = &self.requests_by_weekday {
            all.requests_by_weekday = weekdays.map(Rate::get);
        }
        if let Some(lead_time) = &self.lead_time {
            all.leads = lead_time.by_day();
        }
        if let Some(nights) = &self.nights {
            all.nights = [0.0; LONGEST_STAY];
            for (into, weight) in all.nights.iter_mut().zip(nights) {
                *into = weight.get();
            }
        }
        if let Some(share) = self.group_share {
            all.group_share = share.get();
        }
        if let Some(rooms) = self.rooms_per_group {
            all.rooms_per_group = rooms.get();
        }
        if let Some(days) = self.arrival_days_per_group {
            all.arrival_days_per_group = days.get();
        }
        if let Some(overdispersion) = self.overdispersion {
            all.overdispersion = overdispersion.get();
        }
        if let Some(bands) = &self.cancelled_by_lead_time {
            let band = |band: &CancelledWithin| Cancelled {
                within: band.within.map_or(LEAD_DAYS - 1, days),
                share: band.share.get(),
                same_day: band.same_day_share.get(),
            };
            all.cancelled = bands.iter().map(band).collect();
        }
        if let Some(deciles) = &self.cancelled_after_deciles {
            all.cancelled_after = deciles.map(Share::get);
        }
        all.cancelled_share = self.cancelled_share.map(Share::get);
        all
    }

    /// The same demand with each part written out that is not set by hand: as published, of the first kind
    /// of hotel. `cancelled_share` stays as it is.
    #[must_use]
    pub fn written_out(&self) -> Self {
        let [figures, ..] = self.profile.kinds() else {
            return self.clone();
        };
        let all = self.marginals_of(figures);
        let within = |&(within, share): &(usize, f64)| RequestedWithin {
            within: Duration::of(within as Time * DAY),
            share: Share::of(share),
        };
        let last = all.cancelled.len() - 1;
        let cancelled = |(index, band): (usize, &Cancelled)| CancelledWithin {
            within: (index < last).then(|| Duration::of(band.within as Time * DAY)),
            share: Share::of(band.share),
            same_day_share: Share::of(band.same_day),
        };
        Self {
            arrivals_by_month: Some(all.arrivals_by_month.map(Rate::of)),
            arrivals_by_weekday: Some(all.arrivals_by_weekday.map(Rate::of)),
            requests_by_weekday: Some(all.requests_by_weekday.map(Rate::of)),
            lead_time: Some(self.lead_time.clone().unwrap_or_else(|| {
                LeadTime::Cumulative(figures.booked_within.iter().map(within).collect())
            })),
            nights: Some(all.nights.map(Rate::of).to_vec()),
            group_share: Some(Share::of(all.group_share)),
            rooms_per_group: Some(Rate::of(all.rooms_per_group)),
            arrival_days_per_group: Some(Rate::of(all.arrival_days_per_group)),
            overdispersion: Some(Rate::of(all.overdispersion)),
            cancelled_by_lead_time: Some(all.cancelled.iter().enumerate().map(cancelled).collect()),
            cancelled_after_deciles: Some(all.cancelled_after.map(Share::of)),
            ..self.clone()
        }
    }

    /// Whether weekdays of booking, weekdays of arrival and lead times can all be met: with all requests made
    /// on Mondays for the day itself, no arrival is on a Tuesday.
    #[must_use]
    pub fn weekdays_fit(&self) -> bool {
        let fits = |all: Marginals| {
            let (made, arrived) = (&all.requests_by_weekday, &all.arrivals_by_weekday);
            weekday_factors(made, arrived, &all.leads).is_some()
        };
        self.marginals().into_iter().all(fits)
    }

    /// The share of requests that are made at most so many days ahead; the least of any kind of hotel.
    #[must_use]
    pub fn requested_within(&self, days: usize) -> f64 {
        let within = |all: Marginals| all.leads.iter().take(days + 1).sum::<f64>();
        self.marginals().into_iter().map(within).fold(1.0, f64::min)
    }
}

impl LeadTime {
    /// The share of each lead time, in days; all add up to 1.
    fn by_day(&self) -> Vec<f64> {
        match self {
            Self::Cumulative(points) => {
                let point = |point: &RequestedWithin| (days(point.within), point.share.get());
                by_day(points.iter().map(point))
            }
            Self::Exponential(law) => {
                let mean = law.mean.micros() as f64;
                cut(|time| -math::expm1(-time / mean))
            }
            Self::Lognormal(law) => {
                let (median, sigma) = (law.median.micros() as f64, law.sigma());
                cut(|time| math::normal_share_below(math::log(time / median) / sigma))
            }
        }
    }
}

/// Whole days of a duration.
fn days(duration: Duration) -> usize {
    (duration.micros() / DAY) as usize
}

/// The share of each lead time from shares of at most so many days, linear between them.
fn by_day(points: impl Iterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut leads = vec![0.0; LEAD_DAYS];
    let (mut lead, mut below) = (0, 0.0);
    for (within, share) in points {
        let each = (share - below) / (within + 1 - lead) as f64;
        leads[lead..=within].fill(each);
        (lead, below) = (within + 1, share);
    }
    leads
}

/// The share of each lead time from a distribution function of time, cut at the longest.
fn cut(below: impl Fn(f64) -> f64) -> Vec<f64> {
    let ends: Vec<f64> = (1..=LEAD_DAYS)
        .map(|days| below(days as f64 * DAY as f64))
        .collect();
    let all = ends[LEAD_DAYS - 1];
    let mut before = 0.0;
    let share = |end: f64| {
        let share = (end - before) / all;
        before = end;
        share
    };
    ends.into_iter().map(share).collect()
}

/// What the requests of one kind of hotel follow.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marginals {
    /// Rooms requested a day, a year's mean.
    pub(super) per_day: f64,
    /// Share of each lead time, in days; they add up to 1.
    pub(super) leads: Vec<f64>,
    /// Weights of 1, 2, … nights.
    pub(super) nights: [f64; LONGEST_STAY],
    /// Weights of months of arrival, January first.
    pub(super) arrivals_by_month: [f64; 12],
    /// Weights of weekdays of arrival, Monday first.
    pub(super) arrivals_by_weekday: [f64; 7],
    /// Weights of weekdays of booking, Monday first.
    pub(super) requests_by_weekday: [f64; 7],
    /// What is cancelled, by lead, in rising order.
    pub(super) cancelled: Vec<Cancelled>,
    /// Deciles of (days from booking to cancellation) / lead, of what is cancelled later than on the booking
    /// day.
    pub(super) cancelled_after: [f64; 11],
    /// Share of requests that are cancelled; none, where that is as it is by lead.
    pub(super) cancelled_share: Option<f64>,
    /// Share of rooms that groups ask for.
    pub(super) group_share: f64,
    /// Mean rooms of a group on each arrival day.
    pub(super) rooms_per_group: f64,
    /// Mean arrival days of a group.
    pub(super) arrival_days_per_group: f64,
    /// Of a day's single requests: (variance − mean) / mean².
    pub(super) overdispersion: f64,
}

impl Marginals {
    /// As published, of a hotel of this size: contracts give it the published excess of its variance.
    fn published(figures: &Figures, per_day: f64) -> Self {
        let total: f64 = figures.booked_by_weekday.iter().sum();
        let made = figures.booked_by_weekday.map(|share| 7.0 * share / total);
        let squares: f64 = made.iter().map(|m| m * m / 7.0).sum();
        // Single requests: gamma and weekdays together make the published excess.
        let overdispersion = (1.0 + figures.others_excess) / squares - 1.0;
        let shape = 1.0 / overdispersion;
        // Of all bookings a day: variance / mean = (1 − g) + g·size + mean·(weekdays and gamma), where size
        // is the contract's size that a room sees.
        let g = figures.groups;
        let mean = figures.booked_a_day;
        let days = squares * (1.0 + (1.0 - g) * (1.0 - g) / shape) - 1.0;
        let size = (figures.dispersion - (1.0 - g) - mean * days) / g;
        // Seen sizes grow with the hotel from 1 room; a geometric law is seen as twice its mean − 1.
        let grown = |at_published: f64| 1.0 + (at_published - 1.0) * per_day / mean;
        let seen_rooms = grown(figures.group_rooms);
        let seen_arrivals = grown(size) / seen_rooms;
        Self {
            per_day,
            leads: by_day(figures.booked_within.iter().copied()),
            nights: figures.nights,
            arrivals_by_month: figures.arrivals_by_month,
            arrivals_by_weekday: figures.arrivals_by_weekday,
            requests_by_weekday: figures.booked_by_weekday,
            cancelled: figures.cancelled.to_vec(),
            cancelled_after: figures.cancelled_after,
            cancelled_share: None,
            group_share: g,
            rooms_per_group: (seen_rooms + 1.0) / 2.0,
            arrival_days_per_group: (seen_arrivals.max(1.0) + 1.0) / 2.0,
            overdispersion,
        }
    }
}
