//! The published shares that requests hold to, or those set by hand, and how closely.
//!
//! A share is compared as a ratio over independent hotels: it may be off by four standard errors between
//! hotels, plus the stated tolerance where the model is a little off by design.

use serde_json::{Value, json};

use super::calendar::{month, weekday};
use super::demand::Demand;
use super::published::{CITY, Figures, RESORT};
use super::requests::{Request, Requests, When};
use crate::scenario::quantity::Share;
use crate::sim::clock::{DAY, HOUR, NEVER};
use crate::sim::math;
use crate::sim::random::Key;
use crate::world::shocks::Factors;

const KINDS: [(&str, &Figures); 2] = [("city", &CITY), ("resort", &RESORT)];
const PER_DAY: f64 = 5.0;

/// So many requests a day, all else as published.
fn published(per_day: f64) -> Demand {
    by_hand(json!({ "requests_per_hotel_per_day": per_day }))
}

fn by_hand(mut set: Value) -> Demand {
    if set.get("requests_per_hotel_per_day").is_none() {
        set["requests_per_hotel_per_day"] = PER_DAY.into();
    }
    serde_json::from_value(set).unwrap()
}

/// Requests for arrivals on days 0 to `reach` − 1, made before the end of day `days` − 1, by hotel.
fn draw(figures: &Figures, per_day: f64, reach: i64, days: i64, hotels: u64) -> Vec<Vec<Request>> {
    draw_by_hand(figures, &published(per_day), reach, days, hotels)
}

fn draw_by_hand(
    figures: &Figures,
    demand: &Demand,
    reach: i64,
    days: i64,
    hotels: u64,
) -> Vec<Vec<Request>> {
    let when = When {
        hours: demand.hours.curve(),
        shocks: Factors::new(&[]),
    };
    let law = Requests::new(&demand.marginals_of(figures), &when, 0..reach, days);
    (0..hotels)
        .map(|hotel| {
            let key = Key::replicate(7, 0).at(hotel);
            let mut requests = Vec::new();
            law.draw(key.at(0), key.at(1), &mut requests);
            requests
        })
        .collect()
}

/// All requests for a whole year of arrivals, all weekdays alike often.
fn year(figures: &Figures) -> Vec<Vec<Request>> {
    draw(figures, PER_DAY, 364, 364, 250)
}

fn lead(request: &Request) -> i64 {
    request.arrival - request.at.div_euclid(DAY)
}

fn made(request: &Request) -> i64 {
    request.at.div_euclid(DAY)
}

/// The share of those requests that are `counted` that are also `hit`, and its standard error.
fn share(
    hotels: &[Vec<Request>],
    counted: impl Fn(&Request) -> bool,
    hit: impl Fn(&Request) -> bool,
) -> (f64, f64) {
    let counts: Vec<(f64, f64)> = hotels
        .iter()
        .map(|requests| {
            let all = requests.iter().filter(|r| counted(r)).count();
            let hits = requests.iter().filter(|r| counted(r) && hit(r)).count();
            (hits as f64, all as f64)
        })
        .collect();
    let hits: f64 = counts.iter().map(|(hits, _)| hits).sum();
    let all: f64 = counts.iter().map(|(_, all)| all).sum();
    let share = hits / all;
    let square = |(h, a): &(f64, f64)| (h - share * a) * (h - share * a);
    let squares: f64 = counts.iter().map(square).sum();
    (share, squares.sqrt() / all)
}

fn holds(what: &str, (share, error): (f64, f64), published: f64, tolerance: f64) {
    let off = (share - published).abs();
    assert!(
        off <= tolerance + 4.0 * error,
        "{what}: {share:.4} ± {error:.4}, published {published:.4} (tolerance {tolerance})"
    );
    // A check that cannot fail is none.
    assert!(error < 0.015, "{what}: too few to tell, ± {error}");
}

/// Leads: at every point of the published table, and at the published percentiles.
#[test]
fn leads_are_as_published() {
    let percentiles = [
        [
            (0.10, 4),
            (0.25, 23),
            (0.50, 74),
            (0.75, 163),
            (0.90, 277),
            (0.99, 461),
        ],
        [
            (0.10, 1),
            (0.25, 10),
            (0.50, 57),
            (0.75, 155),
            (0.90, 238),
            (0.99, 379),
        ],
    ];
    for ((name, figures), percentiles) in KINDS.iter().zip(percentiles) {
        let hotels = year(figures);
        for (within, published) in figures.booked_within {
            let within = *within as i64;
            let found = share(&hotels, |_| true, |r| lead(r) <= within);
            holds(
                &format!("{name}: booked within {within} d"),
                found,
                *published,
                0.0,
            );
        }
        for (p, days) in percentiles {
            let (at_most, error) = share(&hotels, |_| true, |r| lead(r) <= days);
            let (less, _) = share(&hotels, |_| true, |r| lead(r) < days);
            // The table between its points is linear: that costs 0.003.
            let slack = 0.003 + 4.0 * error;
            assert!(
                less <= p + slack && at_most >= p - slack,
                "{name}: the {p} quantile is not {days} d: {less} are below, {at_most} up to it"
            );
        }
    }
}

/// Nights: every share of 0.2 % or more, the resort's week among them, and all the others together.
#[test]
fn nights_are_as_published() {
    for (name, figures) in KINDS {
        let hotels = year(figures);
        let total: f64 = figures.nights.iter().sum();
        let common = |nights: u32| figures.nights[nights as usize - 1] >= 0.002;
        for (nights, published) in (1..).zip(figures.nights).filter(|(n, _)| common(*n)) {
            let found = share(&hotels, |_| true, |r| r.nights == nights);
            holds(
                &format!("{name}: {nights} nights"),
                found,
                published / total,
                0.0,
            );
        }
        let rare: f64 = figures.nights.iter().filter(|share| **share < 0.002).sum();
        let found = share(&hotels, |_| true, |r| !common(r.nights));
        holds(&format!("{name}: rare nights"), found, rare / total, 0.0);
    }
    let resort = year(&RESORT);
    let (week, _) = share(&resort, |_| true, |r| r.nights == 7);
    let (six, _) = share(&resort, |_| true, |r| r.nights == 6);
    assert!(week > 3.0 * six, "the resort's week does not stand out");
}

/// Weekdays of arrival and of booking.
#[test]
fn weekdays_are_as_published() {
    for (name, figures) in KINDS {
        let hotels = year(figures);
        let total: f64 = figures.arrivals_by_weekday.iter().sum();
        for (day, published) in figures.arrivals_by_weekday.iter().enumerate() {
            let found = share(&hotels, |_| true, |r| weekday(r.arrival) == day);
            // Months hold different numbers of each weekday: 0.001.
            holds(
                &format!("{name}: arrivals on {day}"),
                found,
                published / total,
                0.001,
            );
        }
        let hotels = draw(figures, PER_DAY, 364 + 738, 364, 250);
        let total: f64 = figures.booked_by_weekday.iter().sum();
        for (day, published) in figures.booked_by_weekday.iter().enumerate() {
            let found = share(&hotels, |r| r.at >= 0, |r| weekday(made(r)) == day);
            holds(
                &format!("{name}: booked on {day}"),
                found,
                published / total,
                0.001,
            );
        }
    }
}

/// Months of arrival, over a whole year; within 0.002, for months begin on different weekdays.
#[test]
fn months_are_as_published() {
    for (name, figures) in KINDS {
        let hotels = draw(figures, PER_DAY, 365, 365, 250);
        let total: f64 = figures.arrivals_by_month.iter().sum();
        for (of_year, published) in figures.arrivals_by_month.iter().enumerate() {
            let found = share(&hotels, |_| true, |r| month(r.arrival) == of_year);
            holds(
                &format!("{name}: month {of_year}"),
                found,
                published / total,
                0.002,
            );
        }
    }
}

/// Cancelled shares and same-day cancellations by lead, and over all leads.
#[test]
fn cancellations_are_as_published() {
    for ((name, figures), (overall, same_day)) in KINDS.iter().zip([(0.417, 0.180), (0.278, 0.117)])
    {
        let hotels = year(figures);
        let cancelled = |r: &Request| r.cancelled_at != NEVER;
        let on_the_day = |r: &Request| r.cancelled_at / DAY == r.at / DAY;
        let mut from = 0;
        for law in figures.cancelled {
            let within = law.within as i64;
            let here = |r: &Request| (from..=within).contains(&lead(r));
            let what = format!("{name}: cancelled at lead {from} to {within}");
            holds(&what, share(&hotels, here, cancelled), law.share, 0.0);
            from = within + 1;
        }
        // By-lead shares and the leads between the points of their table: 0.003 together.
        let found = share(&hotels, |_| true, cancelled);
        holds(&format!("{name}: cancelled"), found, overall, 0.003);
        // The published figure counts a clean-up of the hotel's books: 0.01.
        let found = share(&hotels, cancelled, on_the_day);
        holds(
            &format!("{name}: cancelled on the day"),
            found,
            same_day,
            0.01,
        );
    }
}

/// Days from booking to cancellation: published median and 90 % quantile, within 0.03 of the share below
/// (the elapsed part of the lead is taken to be alike at all leads); never after the day of arrival.
#[test]
fn cancellations_come_when_published() {
    for ((name, figures), quantiles) in KINDS
        .iter()
        .zip([[(0.5, 26), (0.9, 169)], [(0.5, 21), (0.9, 164)]])
    {
        let hotels = year(figures);
        let cancelled = |r: &Request| r.cancelled_at != NEVER;
        let after = |r: &Request| r.cancelled_at.div_euclid(DAY) - made(r);
        for (p, days) in quantiles {
            let found = share(&hotels, cancelled, |r| after(r) <= days);
            holds(
                &format!("{name}: cancelled within {days} d"),
                found,
                p,
                0.03,
            );
        }
        for request in hotels.iter().flatten().filter(|r| cancelled(r)) {
            assert!(request.cancelled_at > request.at);
            assert!(after(request) <= lead(request), "{request:?}");
        }
    }
}

/// Bookings a day: variance / mean is 1 + c·mean with the published c, at the published size and at ours;
/// within 5 % (season and weekday of the arrival move a day's mean a little) and four standard errors.
#[test]
fn bookings_a_day_are_as_bursty_as_published() {
    for (name, figures) in KINDS {
        let excess = (figures.dispersion - 1.0) / figures.booked_a_day;
        for (per_day, hotels) in [(figures.booked_a_day, 40), (PER_DAY, 400)] {
            let days = 364;
            let drawn = draw(figures, per_day, days + 738, days, hotels);
            let counts: Vec<Vec<f64>> = drawn
                .iter()
                .map(|requests| {
                    let mut counts = vec![0.0; days as usize];
                    for request in requests.iter().filter(|r| r.at >= 0) {
                        counts[made(request) as usize] += 1.0;
                    }
                    counts
                })
                .collect();
            let all = (days * hotels as i64) as f64;
            let mean = counts.iter().flatten().sum::<f64>() / all;
            let off = (mean / per_day - 1.0).abs();
            assert!(off < 0.03, "{name}: mean {mean} of {per_day}");
            let ratios: Vec<f64> = counts
                .iter()
                .map(|of_hotel| {
                    let squares: f64 = of_hotel.iter().map(|n| (n - mean) * (n - mean)).sum();
                    squares / days as f64 / mean
                })
                .collect();
            let n = ratios.len() as f64;
            let ratio = ratios.iter().sum::<f64>() / n;
            let spread: f64 = ratios.iter().map(|r| (r - ratio) * (r - ratio)).sum();
            let error = (spread / (n * (n - 1.0))).sqrt();
            let law = 1.0 + excess * per_day;
            assert!(
                (ratio - law).abs() <= 0.05 * law + 4.0 * error,
                "{name} at {per_day} a day: {ratio} ± {error}, law {law}"
            );
            assert!(error < 0.08 * law, "{name}: too few to tell, ± {error}");
        }
    }
}

/// Shares set by hand are met as published ones are.
#[test]
fn shares_set_by_hand_are_met() {
    for (name, figures) in KINDS {
        for wanted in [0.0, 0.1, 0.6, 1.0] {
            let by_hand = Demand {
                group_share: Some(Share::of(wanted)),
                cancelled_share: Some(Share::of(wanted)),
                ..published(PER_DAY)
            };
            let hotels = draw_by_hand(figures, &by_hand, 364, 364, 250);
            let found = share(&hotels, |_| true, |r| r.cancelled_at != NEVER);
            holds(&format!("{name}: cancelled by hand"), found, wanted, 0.0);
            // Whoever shares the moment of another request is of a group; a few groups ask for one room.
            let grouped = hotels.iter().map(|requests| {
                let mut moments: Vec<i64> = requests.iter().map(|r| r.at).collect();
                moments.sort_unstable();
                let alone = moments.chunk_by(|a, b| a == b).filter(|m| m.len() == 1);
                1.0 - alone.count() as f64 / requests.len() as f64
            });
            let grouped = grouped.sum::<f64>() / hotels.len() as f64;
            assert!(
                grouped <= wanted && grouped >= 0.8 * wanted,
                "{name}: {grouped} of rooms in groups, by hand {wanted}"
            );
        }
    }
}

/// A year of arrivals by hand; of bookings, where all their arrivals are to be seen.
fn a_year(set: Value) -> Vec<Vec<Request>> {
    draw_by_hand(&CITY, &by_hand(set), 364, 364, 250)
}

fn a_year_of_bookings(set: Value, hotels: u64) -> Vec<Vec<Request>> {
    let mut drawn = draw_by_hand(&CITY, &by_hand(set), 364 + 738, 364, hotels);
    for requests in &mut drawn {
        requests.retain(|request| request.at >= 0);
    }
    drawn
}

#[test]
fn lead_times_set_by_hand_are_met() {
    let hotels = a_year(json!({ "lead_time": { "cumulative": [
        { "within": "0d", "share": 0.1 }, { "within": "9d", "share": 0.4 }, { "within": "99d", "share": 1 } ] } }));
    for (within, share_of_all) in [
        (0, 0.1),
        (4, 0.1 + 0.3 * 4.0 / 9.0),
        (9, 0.4),
        (54, 0.7),
        (99, 1.0),
    ] {
        let found = share(&hotels, |_| true, |r| lead(r) <= within);
        holds(&format!("within {within} d"), found, share_of_all, 0.0);
    }
    let hotels = a_year(json!({ "lead_time": { "exponential": { "mean": "30d" } } }));
    for within in [0, 6, 29, 89] {
        let below = 1.0 - math::exp(-(within + 1) as f64 / 30.0);
        let found = share(&hotels, |_| true, |r| lead(r) <= within);
        holds(
            &format!("exponential, within {within} d"),
            found,
            below,
            0.0,
        );
    }
    let law = json!({ "lognormal": { "median": "20d", "p99": "200d" } });
    let hotels = a_year(json!({ "lead_time": law }));
    for (days, below) in [(20, 0.5), (200, 0.99)] {
        // What is cut is 0.0002 of all.
        let found = share(&hotels, |_| true, |r| lead(r) < days);
        holds(
            &format!("log-normal, less than {days} d"),
            found,
            below,
            2e-4,
        );
    }
}

/// Nights, weekdays and months, with parts of which there is nothing.
#[test]
fn weights_set_by_hand_are_met() {
    let hotels = a_year(json!({ "nights": [1, 0, 2, 1] }));
    for (nights, wanted) in (1..).zip([0.25, 0.0, 0.5, 0.25, 0.0]) {
        let found = share(&hotels, |_| true, |r| r.nights == nights);
        holds(&format!("{nights} nights"), found, wanted, 0.0);
    }
    let weights = [5, 1, 1, 0, 1, 1, 1];
    let hotels = a_year(json!({ "arrivals_by_weekday": weights }));
    for (day, weight) in weights.into_iter().enumerate() {
        let found = share(&hotels, |_| true, |r| weekday(r.arrival) == day);
        // Months hold different numbers of each weekday: 0.001.
        holds(
            &format!("arrivals on {day}"),
            found,
            f64::from(weight) / 10.0,
            0.001,
        );
    }
    let hotels = a_year_of_bookings(json!({ "requests_by_weekday": weights }), 250);
    for (day, weight) in weights.into_iter().enumerate() {
        let found = share(&hotels, |_| true, |r| weekday(made(r)) == day);
        holds(
            &format!("booked on {day}"),
            found,
            f64::from(weight) / 10.0,
            0.001,
        );
    }
    let weights = [0, 0, 1, 1, 1, 1, 6, 6, 2, 1, 1, 0];
    let hotels = draw_by_hand(
        &CITY,
        &by_hand(json!({ "arrivals_by_month": weights })),
        365,
        365,
        250,
    );
    for (of_year, weight) in weights.into_iter().enumerate() {
        let found = share(&hotels, |_| true, |r| month(r.arrival) == of_year);
        // Months begin on different weekdays: 1 % of their share.
        let wanted = f64::from(weight) / 20.0;
        holds(&format!("month {of_year}"), found, wanted, 0.01 * wanted);
    }
}

#[test]
fn cancellations_set_by_hand_are_met() {
    let hotels = a_year(json!({
        "cancelled_by_lead_time": [
            { "within": "6d", "share": 0, "same_day_share": 0 },
            { "within": "29d", "share": 0.5, "same_day_share": 0.25 },
            { "share": 0.9, "same_day_share": 0 }],
        "cancelled_after_deciles": [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] }));
    let cancelled = |r: &Request| r.cancelled_at != NEVER;
    let on_the_day = |r: &Request| r.cancelled_at / DAY == r.at / DAY;
    for (leads, wanted, same_day) in [
        (0..=6, 0.0, None),
        (7..=29, 0.5, Some(0.25)),
        (30..=737, 0.9, Some(0.0)),
    ] {
        let what = format!("leads {leads:?}");
        let here = |r: &Request| leads.contains(&lead(r));
        holds(&what, share(&hotels, here, cancelled), wanted, 0.0);
        if let Some(same_day) = same_day {
            let found = share(&hotels, |r| here(r) && cancelled(r), on_the_day);
            holds(&format!("{what}, on the day"), found, same_day, 0.0);
        }
    }
    let far = |r: &Request| lead(r) >= 100 && cancelled(r);
    let gone = |r: &Request| (r.cancelled_at.div_euclid(DAY) - made(r)) as f64 / lead(r) as f64;
    for (part, wanted) in [(0.5, 0.0), (0.75, 0.5), (0.9, 0.8)] {
        // A day is up to a hundredth of the lead, over which a fiftieth of them are cancelled.
        holds(
            &format!("by {part}"),
            share(&hotels, far, |r| gone(r) <= part),
            wanted,
            0.02,
        );
    }
    // A share over all leads scales what is set by lead.
    let hotels = a_year(json!({ "cancelled_share": 0.3, "cancelled_by_lead_time": [
        { "within": "29d", "share": 0.2, "same_day_share": 0 }, { "share": 0.6, "same_day_share": 0 }] }));
    holds("cancelled", share(&hotels, |_| true, cancelled), 0.3, 0.0);
    let (near, _) = share(&hotels, |r| lead(r) < 30, cancelled);
    let (far, _) = share(&hotels, |r| lead(r) >= 30, cancelled);
    let odds = |p: f64| p / (1.0 - p);
    let ratio = odds(far) / odds(near);
    // (0.6 / 0.4) / (0.2 / 0.8), within a tenth: some four of its standard errors.
    assert!(
        (ratio / 6.0 - 1.0).abs() < 0.1,
        "odds are {ratio} times as high"
    );
}

/// A mean over numbers that are independent, and its standard error.
fn mean(numbers: &[f64]) -> (f64, f64) {
    let n = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / n;
    let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (squares / n / (n - 1.0)).sqrt())
}

/// Sizes of groups are independent of each other: |z| ≤ 4.
#[test]
fn groups_set_by_hand_are_met() {
    let hotels = a_year_of_bookings(
        json!({ "group_share": 0.5, "rooms_per_group": 6, "arrival_days_per_group": 2.5 }),
        100,
    );
    let grouped = share(&hotels, |_| true, |r| r.group);
    holds("rooms of groups", grouped, 0.5, 0.0);
    let (mut rooms, mut days) = (Vec::new(), Vec::new());
    for requests in &hotels {
        let of_groups: Vec<&Request> = requests.iter().filter(|r| r.group && r.rooms > 0).collect();
        // A group asks at one moment, for the same rooms on each day.
        for group in of_groups.chunk_by(|a, b| a.at == b.at) {
            rooms.push(f64::from(group[0].rooms));
            days.push(group.len() as f64);
        }
    }
    for (what, numbers, wanted) in [("rooms", rooms, 6.0), ("days", days, 2.5)] {
        let (found, error) = mean(&numbers);
        assert!(
            (found - wanted).abs() <= 4.0 * error,
            "{what}: {found} ± {error}"
        );
        assert!(error < 0.03 * wanted, "{what}: too few to tell, ± {error}");
    }
}

/// A day's number of single requests: variance = mean + overdispersion · mean², to four standard errors
/// between hotels, of days that are alike.
#[test]
fn overdispersion_set_by_hand_is_met() {
    for overdispersion in [0.0, 0.2, 1.5] {
        let hotels = a_year_of_bookings(
            json!({ "overdispersion": overdispersion, "group_share": 0, "requests_by_weekday": [1, 1, 1, 1, 1, 1, 1],
                "arrivals_by_weekday": [1, 1, 1, 1, 1, 1, 1], "lead_time": { "exponential": { "mean": "60d" } },
                "arrivals_by_month": [31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] }),
            200,
        );
        let squares: Vec<f64> = hotels
            .iter()
            .map(|requests| {
                let mut counts = [0.0; 364];
                for request in requests {
                    counts[made(request) as usize] += 1.0;
                }
                counts
                    .map(|n| (n - PER_DAY) * (n - PER_DAY))
                    .iter()
                    .sum::<f64>()
                    / 364.0
            })
            .collect();
        let (variance, error) = mean(&squares);
        let law = PER_DAY + overdispersion * PER_DAY * PER_DAY;
        assert!(
            (variance - law).abs() <= 4.0 * error,
            "{variance} ± {error}, law {law}"
        );
        assert!(error < 0.03 * law, "too few to tell, ± {error}");
    }
}

/// Moments of single requests over the day are independent: chi-square with 23 degrees of freedom, and none in
/// an hour without weight.
#[test]
fn hours_set_by_hand_are_met() {
    let weights: Vec<u32> = (0..24).map(|hour| hour % 6).collect();
    let total = f64::from(weights.iter().sum::<u32>());
    let hotels = a_year(json!({ "group_share": 0, "hours": { "by_hour": weights } }));
    let mut counts = [0.0; 24];
    for request in hotels.iter().flatten() {
        counts[(request.at.rem_euclid(DAY) / HOUR) as usize] += 1.0;
    }
    let all: f64 = counts.iter().sum();
    let mut chi = 0.0;
    for (count, weight) in counts.into_iter().zip(&weights) {
        let expected = all * f64::from(*weight) / total;
        if *weight == 0 {
            assert_eq!(count, 0.0);
        } else {
            chi += (count - expected) * (count - expected) / expected;
        }
    }
    // Four hours have no weight: 19 degrees of freedom, of which 50 is exceeded once in 10,000 times.
    assert!(chi < 50.0, "chi-square {chi}");
    for request in hotels.iter().flatten().filter(|r| r.cancelled_at != NEVER) {
        let hour = request.cancelled_at.rem_euclid(DAY) / HOUR;
        assert!(weights[hour as usize] > 0, "cancelled at {hour}");
    }
}

/// What is published, written out by hand, is the same to the last bit.
#[test]
fn published_figures_written_out_are_the_same() {
    for profile in ["city", "resort"] {
        let as_is = by_hand(json!({ "profile": profile }));
        let text = serde_json::to_string(&as_is.written_out()).unwrap();
        let written: Demand = serde_json::from_str(&text).unwrap();
        assert!(written.lead_time.is_some() && written.nights.is_some());
        assert_eq!(written.marginals(), as_is.marginals(), "{profile}");
        assert_eq!(written.written_out(), written, "{profile}");
    }
}

/// Parts that leave the draws of all others alone.
#[test]
fn parts_set_by_hand_move_no_others() {
    let days = |request: &Request| {
        (
            request.at.div_euclid(DAY),
            request.cancelled_at.div_euclid(DAY),
        )
    };
    let usual = a_year(json!({}));
    let same = |changed: Value, strip: &dyn Fn(Request) -> Request| {
        let other = a_year(changed.clone());
        let all = |hotels: &[Vec<Request>]| -> Vec<Request> {
            hotels
                .iter()
                .flatten()
                .map(|request| strip(*request))
                .collect()
        };
        assert!(other != usual, "{changed} changes nothing");
        assert!(all(&other) == all(&usual), "{changed} moves other draws");
    };
    same(json!({ "nights": [1, 1] }), &|r| Request { nights: 0, ..r });
    for cancelled in [
        json!({ "cancelled_share": 0.1 }),
        json!({ "cancelled_by_lead_time": [{ "share": 0.5, "same_day_share": 0.5 }] }),
        json!({ "cancelled_after_deciles": [0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 1] }),
    ] {
        same(cancelled, &|r| Request {
            cancelled_at: 0,
            ..r
        });
    }
    same(json!({ "hours": "flat" }), &|r| {
        let (at, cancelled_at) = days(&r);
        Request {
            at,
            cancelled_at,
            ..r
        }
    });
}
