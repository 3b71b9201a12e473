//! What is set by hand of who wants to book: whether it makes a distribution, and whether the parts fit.

use super::{at_most, delay};
use crate::design::delivery::Delay;
use crate::scenario::pointer::join;
use crate::scenario::problem::Problem;
use crate::scenario::quantity::{Duration, Rate, Share, format_duration};
use crate::sim::clock::{DAY, Time};
use crate::world::Hotels;
use crate::world::hotels::demand::{CancelledWithin, Demand, LeadTime, RequestedWithin};
use crate::world::hotels::{Hours, LEAD_DAYS, LONGEST_STAY};

const PATH: &str = "/world/hotels/demand";

/// The longest lead time.
const LONGEST_LEAD: Time = (LEAD_DAYS as Time - 1) * DAY;
/// The largest group, in rooms and in arrival days.
const MOST_ROOMS: f64 = 1_000.0;
const MOST_ARRIVAL_DAYS: f64 = 1_000.0;
/// The burstiest demand: some 30 times what is published.
const MOST_OVERDISPERSION: f64 = 10.0;
/// Shares by lead time whose odds can be scaled to any share of all bookings.
const SCALABLE: std::ops::RangeInclusive<f64> = 0.001..=0.999;

/// What is wrong with demand.
pub(super) fn check(world: &Hotels, problems: &mut Vec<Problem>) {
    let before = problems.len();
    let demand = &world.demand;
    each_part(demand, problems);
    hours(&demand.hours, &join(PATH, "hours"), problems);
    cancellations(demand, problems);
    if problems.len() == before {
        together(world, problems);
    }
}

/// Weights by hour, of which some are above 0.
pub(super) fn hours(hours: &Hours, path: &str, problems: &mut Vec<Problem>) {
    if let Hours::ByHour(weights) = hours {
        some_weight(&weights[..], &join(path, "by_hour"), problems);
    }
}

fn each_part(demand: &Demand, problems: &mut Vec<Problem>) {
    let months = demand.arrivals_by_month.as_ref().map(|w| &w[..]);
    let arrivals = demand.arrivals_by_weekday.as_ref().map(|w| &w[..]);
    let requests = demand.requests_by_weekday.as_ref().map(|w| &w[..]);
    for (key, weights) in [
        ("arrivals_by_month", months),
        ("arrivals_by_weekday", arrivals),
        ("requests_by_weekday", requests),
        ("nights", demand.nights.as_deref()),
    ] {
        if let Some(weights) = weights {
            some_weight(weights, &join(PATH, key), problems);
        }
    }
    if let Some(nights) = demand.nights.as_ref().filter(|n| n.len() > LONGEST_STAY) {
        problems.push(
            Problem::new(
                join(PATH, "nights"),
                format!("`nights` has {} weights", nights.len()),
            )
            .expected(format!(
                "at most {LONGEST_STAY}, of stays of 1, 2, … nights"
            )),
        );
    }
    if let Some(lead_time) = &demand.lead_time {
        check_lead_time(lead_time, &join(PATH, "lead_time"), problems);
    }
    for (key, mean, most, what) in [
        (
            "rooms_per_group",
            demand.rooms_per_group,
            MOST_ROOMS,
            "rooms",
        ),
        (
            "arrival_days_per_group",
            demand.arrival_days_per_group,
            MOST_ARRIVAL_DAYS,
            "days",
        ),
    ] {
        let Some(mean) = mean.map(Rate::get) else {
            continue;
        };
        at_most(mean, (most, what), PATH, key, problems);
        if mean < 1.0 {
            problems.push(
                Problem::new(join(PATH, key), format!("`{key}` is {mean}"))
                    .expected("at least 1: a group that asks for less asks for nothing"),
            );
        }
    }
    if let Some(overdispersion) = demand.overdispersion {
        let most = (MOST_OVERDISPERSION, "(as published, it is 0.4)");
        at_most(overdispersion.get(), most, PATH, "overdispersion", problems);
    }
}

fn some_weight(weights: &[Rate], path: &str, problems: &mut Vec<Problem>) {
    if weights.iter().all(|weight| weight.get() <= 0.0) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let problem = if weights.is_empty() {
            Problem::new(path, format!("`{name}` has no weights"))
        } else {
            Problem::new(path, format!("the weights of `{name}` are all 0"))
        };
        problems.push(problem.expected("at least one weight above 0"));
    }
}

fn check_lead_time(lead_time: &LeadTime, path: &str, problems: &mut Vec<Problem>) {
    match lead_time {
        LeadTime::Cumulative(points) => cumulative(points, &join(path, "cumulative"), problems),
        LeadTime::Exponential(law) => {
            if law.mean.micros() <= 0 {
                problems.push(
                    Problem::new(join(path, "exponential/mean"), "the mean is 0")
                        .expected("a duration longer than zero"),
                );
            }
        }
        LeadTime::Lognormal(law) => {
            delay(Delay::Lognormal(*law), path, problems);
            if law.p99 == law.median {
                problems.push(
                    Problem::new(
                        format!("{path}/lognormal/p99"),
                        format!("`p99` is {}, as is `median`", law.p99),
                    )
                    .expected("more than `median`: lead times differ"),
                );
            }
        }
    }
}

fn cumulative(points: &[RequestedWithin], path: &str, problems: &mut Vec<Problem>) {
    let within = points.iter().map(|point| Some(point.within));
    rising(within, path, problems);
    let mut below = Share::of(0.0);
    for (index, point) in points.iter().enumerate() {
        if point.share < below {
            problems.push(
                Problem::new(
                    format!("{path}/{index}/share"),
                    format!(
                        "`share` is {}, less than {} of the point before",
                        point.share.get(),
                        below.get()
                    ),
                )
                .expected("shares of all requests made at most so long ahead: they never fall"),
            );
        }
        below = point.share;
    }
    let problem = match points.last() {
        None => Problem::new(path, "there are no points"),
        Some(last) if last.share.get() != 1.0 => Problem::new(
            format!("{path}/{}/share", points.len() - 1),
            format!(
                "the last `share` is {}: what of the other requests?",
                last.share.get()
            ),
        ),
        Some(_) => return,
    };
    problems.push(
        problem
            .expected("a last point with a `share` of 1")
            .suggest("add {\"within\": \"365d\", \"share\": 1}, with the longest lead time"),
    );
}

/// Lead times in whole days, each longer than the one before.
fn rising(within: impl Iterator<Item = Option<Duration>>, path: &str, problems: &mut Vec<Problem>) {
    let mut before: Option<Duration> = None;
    for (index, within) in within.enumerate() {
        let Some(within) = within else {
            continue;
        };
        let at = format!("{path}/{index}/within");
        if within.micros() % DAY != 0 || within.micros() > LONGEST_LEAD {
            problems.push(
                Problem::new(at, format!("`within` is {within}")).expected(format!(
                    "whole days, from 0d to {}",
                    format_duration(LONGEST_LEAD)
                )),
            );
        } else if before.is_some_and(|before| before >= within) {
            problems.push(
                Problem::new(
                    at,
                    format!("`within` is {within}, no more than that of the one before"),
                )
                .expected("lead times from the nearest to the farthest"),
            );
        }
        before = Some(within);
    }
}

fn cancellations(demand: &Demand, problems: &mut Vec<Problem>) {
    if let Some(bands) = &demand.cancelled_by_lead_time {
        let path = join(PATH, "cancelled_by_lead_time");
        by_lead_time(bands, &path, problems);
        if let Some(share) = demand.cancelled_share {
            let fixed = bands
                .iter()
                .position(|b| !SCALABLE.contains(&b.share.get()));
            if let Some(index) = fixed {
                problems.push(
                    Problem::new(
                        format!("{path}/{index}/share"),
                        format!(
                            "`cancelled_share`, {}, scales the odds at each lead time, and those of {} \
                             cannot be scaled",
                            share.get(),
                            bands[index].share.get()
                        ),
                    )
                    .expected(format!(
                        "shares from {} to {}, or no `cancelled_share`",
                        SCALABLE.start(),
                        SCALABLE.end()
                    ))
                    .suggest("remove `cancelled_share`: the shares by lead time say it all"),
                );
            }
        }
    }
    if let Some(deciles) = &demand.cancelled_after_deciles
        && let Some(index) = deciles.windows(2).position(|pair| pair[1] < pair[0])
    {
        problems.push(
            Problem::new(
                format!("{PATH}/cancelled_after_deciles/{}", index + 1),
                format!(
                    "the decile is {}, less than {} before it",
                    deciles[index + 1].get(),
                    deciles[index].get()
                ),
            )
            .expected("11 parts of the lead time that never fall, from the least to the most"),
        );
    }
}

fn by_lead_time(bands: &[CancelledWithin], path: &str, problems: &mut Vec<Problem>) {
    rising(bands.iter().map(|band| band.within), path, problems);
    let others = bands.split_last().map_or(bands, |(_, others)| others);
    if let Some(index) = others.iter().position(|band| band.within.is_none()) {
        problems.push(
            Problem::new(
                format!("{path}/{index}"),
                "a band without `within` holds for all, and is not the last",
            )
            .expected("`within` in every band but the last"),
        );
    }
    if bands.last().is_none_or(|band| band.within.is_some()) {
        problems.push(
            Problem::new(path, "no band holds for bookings made further ahead")
                .expected("a last band without `within`")
                .suggest("add {\"share\": …, \"same_day_share\": …}"),
        );
    }
}

/// What only all parts together say.
fn together(world: &Hotels, problems: &mut Vec<Problem>) {
    let demand = &world.demand;
    if !demand.weekdays_fit() {
        let set = [
            ("lead_time", demand.lead_time.is_some()),
            ("arrivals_by_weekday", demand.arrivals_by_weekday.is_some()),
            ("requests_by_weekday", demand.requests_by_weekday.is_some()),
        ];
        let key = set
            .iter()
            .find(|(_, is_set)| *is_set)
            .map_or("", |(k, _)| k);
        problems.push(
            Problem::new(
                join(PATH, key),
                "no demand has these weekdays of booking, weekdays of arrival and lead times",
            )
            .expected(
                "three distributions that can all be met: with requests for the same day alone, both weekdays \
                 are one",
            )
            .suggest("give more weekdays some weight, or spread `lead_time` over a week and more"),
        );
        return;
    }
    let window = (world.booking_window.micros() / DAY).max(1) as usize;
    if demand.requested_within(window - 1) <= 0.0 {
        problems.push(
            Problem::new(
                join(PATH, "lead_time"),
                format!(
                    "no request is made within the booking window, {}",
                    world.booking_window
                ),
            )
            .expected("some lead times that are shorter")
            .suggest("shorten `lead_time`, or make `booking_window` longer"),
        );
    }
    let longest = world.max_nights.get() as usize;
    let weights = demand.nights.iter().flatten();
    if demand.nights.is_some() && weights.take(longest).all(|weight| weight.get() <= 0.0) {
        problems.push(
            Problem::new(
                join(PATH, "nights"),
                format!("no stay of 1 to {longest} nights is ever wanted, and no longer one can be searched"),
            )
            .expected("some weight above 0 of at most `max_nights`"),
        );
    }
}
