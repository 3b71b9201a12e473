//! The published shares that requests hold to, and how closely.
//!
//! A share is compared as a ratio over independent hotels: it may be off by four standard errors between
//! hotels, plus the stated tolerance where the model is a little off by design.

use super::calendar::{month, weekday};
use super::published::{CITY, Figures, RESORT};
use super::requests::{ByHand, Demand, Request, Requests};
use crate::sim::clock::{DAY, NEVER};
use crate::sim::random::Key;
use crate::world::day_curve::DayCurve;
use crate::world::shocks::Factors;

const KINDS: [(&str, &Figures); 2] = [("city", &CITY), ("resort", &RESORT)];
const PER_DAY: f64 = 5.0;

/// Requests for arrivals on days 0 to `reach` − 1, made before the end of day `days` − 1, by hotel.
fn draw(figures: &Figures, per_day: f64, reach: i64, days: i64, hotels: u64) -> Vec<Vec<Request>> {
    draw_by_hand(figures, per_day, ByHand::default(), reach, days, hotels)
}

fn draw_by_hand(
    figures: &Figures,
    per_day: f64,
    by_hand: ByHand,
    reach: i64,
    days: i64,
    hotels: u64,
) -> Vec<Vec<Request>> {
    let demand = Demand {
        hours: DayCurve::typical(),
        shocks: Factors::new(&[]),
    };
    let law = Requests::new(figures, per_day, by_hand, &demand, 0..reach, days);
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
        for by_hand in [0.0, 0.1, 0.6, 1.0] {
            let by_hand = ByHand {
                group_share: Some(by_hand),
                cancelled_share: Some(by_hand),
            };
            let hotels = draw_by_hand(figures, PER_DAY, by_hand, 364, 364, 250);
            let found = share(&hotels, |_| true, |r| r.cancelled_at != NEVER);
            let wanted = by_hand.cancelled_share.unwrap_or_default();
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
