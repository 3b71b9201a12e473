//! Who wants to book, part by part: as the profile's published figures, or set by hand.

use serde_json::json;

use super::make::{PERCENTS, RATES, choice, duration, list, number_or, share_or, variant};
use super::{Cell, Column, Knob, Section};
use crate::scenario::quantity::{Rate, Share};
use crate::world::day_curve::TYPICAL;
use crate::world::hotels::Hours;
use crate::world::hotels::demand::{CancelledWithin, Demand, LeadTime, Profile, RequestedWithin};

const AT: &str = "/world/hotels/demand";

const PUBLISHED: &str = "as published";

const WEIGHTS: &[Column] = &[Column {
    key: "",
    cell: Cell::Number,
}];
const POINTS: &[Column] = &[
    Column {
        key: "within",
        cell: Cell::Duration,
    },
    Column {
        key: "share",
        cell: Cell::Number,
    },
];
const BANDS: &[Column] = &[
    Column {
        key: "within",
        cell: Cell::DurationOrLast,
    },
    Column {
        key: "share",
        cell: Cell::Number,
    },
    Column {
        key: "same_day_share",
        cell: Cell::Number,
    },
];

/// Steps of a mean that is at least 1.
const MEANS: &[f64] = &[
    1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 50.0, 100.0,
];
const LEADS: &[&str] = &[
    "1d", "2d", "3d", "5d", "7d", "10d", "14d", "21d", "30d", "45d", "60d", "90d", "120d", "180d",
    "365d", "730d",
];

pub(super) fn section(demand: &Demand) -> Section {
    let usual = Demand {
        profile: demand.profile,
        ..Demand::published(demand.requests_per_hotel_per_day)
    };
    let published = usual.written_out();
    let mut knobs = vec![choice(
        at("profile"),
        "Profile",
        "The published figures that all follows which is not set by hand.",
        match demand.profile {
            Profile::City => 0,
            Profile::Resort => 1,
            Profile::Mixed => 2,
        },
        &[("city", "city"), ("resort", "resort"), ("mixed", "mixed")],
    )];
    weights(demand, &published, &mut knobs);
    lead_time(demand, &published, &mut knobs);
    groups(demand, &mut knobs);
    cancellations(demand, &published, &mut knobs);
    hours(AT, &demand.hours, &mut knobs);
    let title = "Profile, and what is set by hand";
    Section::new(title, *demand != usual, knobs)
}

fn at(key: &str) -> String {
    format!("{AT}/{key}")
}

/// What holds where nothing is set: the profile's figures, of which two kinds of hotels have no one set.
fn default_of(demand: &Demand, published: Option<String>) -> String {
    match (demand.profile, published) {
        (Profile::City | Profile::Resort, Some(published)) => published,
        _ => PUBLISHED.to_owned(),
    }
}

fn rates(weights: &[Rate]) -> String {
    let words: Vec<String> = weights.iter().map(|w| w.get().to_string()).collect();
    words.join(", ")
}

fn weights(demand: &Demand, published: &Demand, knobs: &mut Vec<Knob>) {
    let months = |of: &Demand| of.arrivals_by_month.as_ref().map(|w| rates(w));
    let arrivals = |of: &Demand| of.arrivals_by_weekday.as_ref().map(|w| rates(w));
    let requests = |of: &Demand| of.requests_by_weekday.as_ref().map(|w| rates(w));
    let nights = |of: &Demand| of.nights.as_ref().map(|w| rates(w));
    let mut add = |key: &str, label, help, of: &dyn Fn(&Demand) -> Option<String>| {
        let default = default_of(demand, of(published));
        knobs.push(list(at(key), label, help, of(demand), default, WEIGHTS));
    };
    add(
        "arrivals_by_month",
        "Season",
        "Weights of the 12 months of arrival, January first; empty for the published ones.",
        &months,
    );
    add(
        "arrivals_by_weekday",
        "Arrival weekdays",
        "Weights of the 7 weekdays of arrival, Monday first; empty for the published ones.",
        &arrivals,
    );
    add(
        "requests_by_weekday",
        "Booking weekdays",
        "Weights of the 7 weekdays on which requests are made, Monday first; empty for the published ones.",
        &requests,
    );
    add(
        "nights",
        "Nights",
        "Weights of stays of 1, 2, … nights, at most 28 of them; empty for the published ones.",
        &nights,
    );
}

fn lead_time(demand: &Demand, published: &Demand, knobs: &mut Vec<Knob>) {
    let chosen = match &demand.lead_time {
        None => 0,
        Some(LeadTime::Exponential(_)) => 1,
        Some(LeadTime::Lognormal(_)) => 2,
        Some(LeadTime::Cumulative(_)) => 3,
    };
    knobs.push(variant(
        at("lead_time"),
        "Lead time",
        "From a request to its arrival day: as published, by a law, or by shares of requests within so many days.",
        &demand.lead_time,
        chosen,
        vec![
            (PUBLISHED, serde_json::Value::Null),
            ("exponential", json!({ "exponential": { "mean": "60d" } })),
            ("log-normal", json!({ "lognormal": { "median": "30d", "p99": "365d" } })),
            ("by shares", json!(published.lead_time)),
        ],
    ));
    match &demand.lead_time {
        None => {}
        Some(LeadTime::Exponential(law)) => knobs.push(duration(
            at("lead_time/exponential/mean"),
            "Lead time, mean",
            "It is exponential with this mean, cut at 737 days.",
            law.mean,
            LEADS,
        )),
        Some(LeadTime::Lognormal(law)) => {
            for (key, label, span) in [
                ("median", "Lead time, median", law.median),
                ("p99", "Lead time, p99", law.p99),
            ] {
                knobs.push(duration(
                    at(&format!("lead_time/lognormal/{key}")),
                    label,
                    "Half are shorter than the median, 99 of 100 than the p99; cut at 737 days.",
                    span,
                    LEADS,
                ));
            }
        }
        Some(LeadTime::Cumulative(points)) => {
            let point = |p: &RequestedWithin| format!("{}d {}", days(p.within), p.share.get());
            let text: Vec<String> = points.iter().map(point).collect();
            knobs.push(list(
                at("lead_time/cumulative"),
                "Requested within",
                "Days ahead, and the share of all requests made at most so long ahead, such as 7d 0.2, 90d 1.",
                Some(text.join(", ")),
                String::new(),
                POINTS,
            ));
        }
    }
}

/// Whole days: `0d`, where a duration would be written `0s`.
fn days(within: crate::scenario::quantity::Duration) -> i64 {
    within.micros() / crate::sim::clock::DAY
}

fn groups(demand: &Demand, knobs: &mut Vec<Knob>) {
    knobs.push(share_or(
        at("group_share"),
        "Groups",
        "Share of rooms that groups ask for, several at once; as published, 35 % in cities and 26 % in resorts.",
        demand.group_share.map(Share::get),
        PUBLISHED,
        PERCENTS,
    ));
    knobs.push(number_or(
        at("rooms_per_group"),
        "Rooms of a group",
        "On each of its arrival days, on average, 1 to 1,000; as published, it grows with the hotel.",
        demand.rooms_per_group.map(Rate::get),
        PUBLISHED,
        MEANS,
    ));
    knobs.push(number_or(
        at("arrival_days_per_group"),
        "Arrival days of a group",
        "Asked for at once, on average, 1 to 1,000; as published, it grows with the hotel.",
        demand.arrival_days_per_group.map(Rate::get),
        PUBLISHED,
        MEANS,
    ));
    knobs.push(number_or(
        at("overdispersion"),
        "Overdispersion",
        "Of a day’s single requests, variance = mean + overdispersion × mean², from 0 (Poisson) to 10; as published, \
         some 0.4.",
        demand.overdispersion.map(Rate::get),
        PUBLISHED,
        &RATES[..16],
    ));
}

fn cancellations(demand: &Demand, published: &Demand, knobs: &mut Vec<Knob>) {
    knobs.push(share_or(
        at("cancelled_share"),
        "Cancelled",
        "Share of bookings that are cancelled or not used; it scales the odds at each lead time alike. As published, \
         42 % in cities and 28 % in resorts.",
        demand.cancelled_share.map(Share::get),
        "by lead time",
        PERCENTS,
    ));
    let bands = |of: &Demand| {
        let band = |band: &CancelledWithin| {
            let within = band
                .within
                .map_or_else(String::new, |w| format!("{}d ", days(w)));
            format!("{within}{} {}", band.share.get(), band.same_day_share.get())
        };
        let bands = of.cancelled_by_lead_time.as_ref();
        bands.map(|bands| bands.iter().map(band).collect::<Vec<_>>().join(", "))
    };
    knobs.push(list(
        at("cancelled_by_lead_time"),
        "Cancelled by lead time",
        "Days ahead up to which it holds, the share that is cancelled, and the share of those on the booking day, such \
         as 7d 0.1 0.2, 0.5 0; empty for the published ones.",
        bands(demand),
        default_of(demand, bands(published)),
        BANDS,
    ));
    let deciles = |of: &Demand| {
        let deciles = of.cancelled_after_deciles.as_ref();
        deciles.map(|deciles| rates(&deciles.map(|share| Rate::of(share.get()))))
    };
    knobs.push(list(
        at("cancelled_after_deciles"),
        "Cancelled after",
        "When the others are cancelled than those on the booking day: 11 deciles of the part of the lead time gone by, \
         0 to 1; empty for the published ones.",
        deciles(demand),
        default_of(demand, deciles(published)),
        WEIGHTS,
    ));
}

/// How what happens spreads over the hours of a day, in the world or the part of it at this pointer.
pub(super) fn hours(at: &str, hours: &Hours, knobs: &mut Vec<Knob>) {
    let at = |key: &str| format!("{at}/{key}");
    knobs.push(variant(
        at("hours"),
        "Hours",
        "How searches, requests and cancellations spread over the hours of a day, in UTC.",
        hours,
        match hours {
            Hours::Typical => 0,
            Hours::Flat => 1,
            Hours::ByHour(_) => 2,
        },
        vec![
            ("typical", json!("typical")),
            ("flat", json!("flat")),
            ("by hour", json!({ "by_hour": TYPICAL })),
        ],
    ));
    if let Hours::ByHour(weights) = hours {
        knobs.push(list(
            at("hours/by_hour"),
            "Hour by hour",
            "Weights of the 24 hours, from 00:00 UTC on.",
            Some(rates(&weights[..])),
            String::new(),
            WEIGHTS,
        ));
    }
}
