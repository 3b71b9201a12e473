//! The world of hotels, seen from outside: what is sold out, what changes, and that it all adds up.

use serde_json::{Value, json};
use stayfresh::sim::clock::{DAY, Horizon, Time};
use stayfresh::sim::random::Key;
use stayfresh::world::Shocks;
use stayfresh::world::group::{ChangeStream, Generate, Group, Rules};
use stayfresh::world::hotels::HotelsWorld;

const HORIZON: Horizon = Horizon {
    warm: 2 * DAY,
    end: 16 * DAY,
};
const WINDOW: i64 = 180;
const LONGEST: i64 = 7;

fn world(changed: &Value, horizon: Horizon) -> HotelsWorld {
    let mut world = json!({
        "count": 400, "booking_window": "180d", "max_nights": 7,
        "demand": { "requests_per_hotel_per_day": 5 },
        "searches_per_request": 500, "supplier_changes_per_hotel_per_day": 3
    });
    for (key, value) in changed.as_object().unwrap() {
        world[key] = value.clone();
    }
    HotelsWorld::new(
        &serde_json::from_value(world).unwrap(),
        horizon,
        &Shocks::default(),
    )
}

fn profile(name: &str) -> Value {
    json!({ "demand": { "requests_per_hotel_per_day": 5, "profile": name } })
}

fn each(world: &HotelsWorld, replicate: u32, hotels: u64, mut look: impl FnMut(&Group)) {
    let mut group = Group::default();
    for hotel in 0..hotels {
        world.fill(Key::replicate(42, replicate), hotel, &mut group);
        look(&group);
    }
}

/// Whether a stay is available at a moment.
fn available(group: &Group, stay: usize, at: Time) -> bool {
    let toggles = group.truth.of(stay).iter().filter(|c| c.at < at).count();
    group.truth.at_start[stay] ^ (toggles % 2 == 1)
}

/// The share of stays that are sold out, by time in the window, of those with this lead; its standard error.
fn sold_out(
    world: &HotelsWorld,
    leads: std::ops::Range<i64>,
    days: std::ops::Range<i64>,
) -> (f64, f64) {
    let mut shares = Vec::new();
    each(world, 0, 400, |group| {
        let (mut closed, mut all) = (0.0, 0.0);
        for (i, stay) in group.stays.iter().enumerate() {
            let check_in = (stay.shape as i64) % (group.stays.len() as i64 / LONGEST);
            for day in days.clone() {
                let noon = day * DAY + DAY / 2;
                if (stay.enters..stay.leaves).contains(&noon) && leads.contains(&(check_in - day)) {
                    all += 1.0;
                    closed += f64::from(u8::from(!available(group, i, noon)));
                }
            }
        }
        shares.push(closed / all);
    });
    let n = shares.len() as f64;
    let mean = shares.iter().sum::<f64>() / n;
    let spread: f64 = shares.iter().map(|s| (s - mean) * (s - mean)).sum();
    (mean, (spread / n / (n - 1.0)).sqrt())
}

/// A sixth of stays is sold out, for each profile, and other shares where they are asked for. The number of
/// rooms is found on 256 other hotels: two samples' errors, and 0.005 for the steps of the search and for
/// looking at noon alone.
#[test]
fn the_wanted_share_of_stays_is_sold_out() {
    let supply = |share: f64| json!({ "supply": { "sold_out_share": share } });
    for (changed, wanted) in [
        (profile("city"), 1.0 / 6.0),
        (profile("resort"), 1.0 / 6.0),
        (profile("mixed"), 1.0 / 6.0),
        (supply(0.05), 0.05),
        (supply(0.4), 0.4),
    ] {
        let world = world(&changed, HORIZON);
        let (share, error) = sold_out(&world, 0..WINDOW, 0..16);
        assert!(error < 0.01, "too few to tell, ± {error}");
        let both = error * (1.0 + 400.0 / 256.0_f64).sqrt();
        assert!(
            (share - wanted).abs() < 0.005 + 4.0 * both,
            "{changed}: {share} ± {both} of stays are sold out, wanted {wanted}"
        );
    }
}

/// Near stays are sold out far more often than far ones; hotels differ; answers toggle daily in each hotel.
#[test]
fn the_board_tells_a_story() {
    for name in ["city", "resort"] {
        let world = world(&profile(name), HORIZON);
        let (near, _) = sold_out(&world, 0..8, 0..16);
        let (far, error) = sold_out(&world, 120..WINDOW, 0..16);
        assert!(near > 0.35 && near < 0.65, "{name}: near stays, {near}");
        assert!(
            far > 0.04 && far < 0.16,
            "{name}: far stays, {far} ± {error}"
        );
        let (mut toggles, mut all) = (0, 0);
        each(&world, 0, 400, |group| {
            toggles += group.truth.changes();
            all += 1;
        });
        let per_hotel_day = toggles as f64 / f64::from(all) / 16.0;
        assert!(
            (8.0..30.0).contains(&per_hotel_day),
            "{name}: {per_hotel_day} toggles a day"
        );
    }
}

/// The run starts with hotels as full as they stay: near stays at the start and at the end, over a fortnight
/// in which the season hardly moves. Within 0.03 and four standard errors.
#[test]
fn the_run_starts_with_its_history() {
    let world = world(&profile("resort"), HORIZON);
    let (start, error) = sold_out(&world, 0..30, 0..1);
    let (end, _) = sold_out(&world, 0..30, 15..16);
    assert!(
        (start - end).abs() < 0.03 + 4.0 * error,
        "{start} at the start, {end} at the end, ± {error}"
    );
}

/// What a group holds, for comparisons.
fn everything(group: &Group) -> String {
    format!(
        "{} {} {:?} {:?} {:?} {:?}",
        group.ordinal,
        group.search_scale,
        group.stays,
        group.rows,
        group.truth.at_start,
        group.bookings
    )
}

#[test]
fn a_hotel_depends_on_its_key_alone() {
    let mut changed = profile("mixed");
    changed["popularity"] = json!({ "zipf": 0.9 });
    let world = world(&changed, HORIZON);
    let mut forward = Vec::new();
    each(&world, 3, 6, |group| forward.push(everything(group)));
    let mut group = Group::default();
    for hotel in (0..6).rev() {
        world.fill(Key::replicate(42, 3), hotel, &mut group);
        assert!(
            everything(&group) == forward[hotel as usize],
            "hotel {hotel}"
        );
        world.fill(Key::replicate(42, 4), hotel, &mut group);
        assert!(
            everything(&group) != forward[hotel as usize],
            "replicates are alike"
        );
    }
    assert!(forward[0].len() > 10_000);
}

/// Check-in leads are 0 to W − 1 at every moment, each once for every number of nights.
#[test]
fn the_window_rolls_at_midnight() {
    // A run that ends within a day.
    let horizon = Horizon {
        warm: DAY,
        end: 5 * DAY + DAY / 3,
    };
    let world = world(&profile("city"), horizon);
    let Rules::Nights(calendar) = *world.rules() else {
        panic!("hotels follow nights");
    };
    assert_eq!(i64::from(calendar.check_ins()), WINDOW + 5);
    let mut group = Group::default();
    world.fill(Key::replicate(1, 0), 0, &mut group);
    assert_eq!(group.stays.len() as i64, (WINDOW + 5) * LONGEST);
    for at in [0, DAY - 1, DAY, 3 * DAY, 5 * DAY, horizon.end - 1] {
        let mut there = Vec::new();
        for check_in in 0..i64::from(calendar.check_ins()) {
            for nights in 1..=LONGEST {
                let stay = &group.stays[calendar.stay(check_in as u32, nights as u32) as usize];
                if (stay.enters..stay.leaves).contains(&at) {
                    there.push((check_in - at / DAY, nights));
                }
            }
        }
        let all = (0..WINDOW).flat_map(|lead| (1..=LONGEST).map(move |nights| (lead, nights)));
        assert_eq!(there, all.collect::<Vec<_>>(), "at {at}");
    }
    let last = group.stays.iter().map(|stay| stay.leaves).max();
    assert_eq!(last, Some(horizon.end));
}

/// A booking is of a stay in the window, available just before. Rows open and close as their streams say.
#[test]
fn rows_and_bookings_add_up() {
    let world = world(&profile("mixed"), HORIZON);
    let (mut bookings, mut cancelled, mut closed_out, mut sold) = (0, 0, 0, 0);
    each(&world, 1, 100, |group| {
        assert!(group.bookings.is_sorted());
        for booking in &group.bookings {
            let stay = &group.stays[booking.stay as usize];
            assert!(
                (stay.enters..stay.leaves).contains(&booking.at),
                "{booking:?} of {stay:?}"
            );
            assert!(
                available(group, booking.stay as usize, booking.at),
                "{booking:?}"
            );
        }
        bookings += group.bookings.len();
        let mut open: Vec<bool> = group.rows.at_start.iter().map(|row| row.open()).collect();
        assert!(group.rows.changes.is_sorted_by_key(|change| change.at));
        for change in &group.rows.changes {
            let was = open[change.row as usize];
            let is = change.state.open();
            open[change.row as usize] = is;
            assert!((0..HORIZON.end).contains(&change.at));
            match change.stream {
                // A room is sold only where one is left; giving one back never closes.
                ChangeStream::Bookings => {
                    assert!(was, "{change:?}");
                    sold += usize::from(!is);
                }
                ChangeStream::Cancellations => {
                    assert!(is || !was, "{change:?}");
                    cancelled += 1;
                }
                ChangeStream::CloseOuts => {
                    assert!(!is, "{change:?}");
                    closed_out += usize::from(was);
                }
                ChangeStream::Reopenings => assert!(is || !was, "{change:?}"),
                ChangeStream::Rates => assert_eq!(was, is, "{change:?}"),
                other => panic!("no {other:?} here"),
            }
        }
    });
    assert!(bookings > 1_000 && cancelled > 1_000 && closed_out > 100 && sold > 1_000);
}

/// Searches are the wanted multiple of the requests that could be searched: 500 × what the shapes say
/// against what is booked where no hotel ever sells out. |z| ≤ 4 between hotels.
#[test]
fn searches_follow_requests() {
    let mut changed = profile("resort");
    changed["supply"] = json!({ "sold_out_share": 0 });
    changed["supplier_changes_per_hotel_per_day"] = json!(0);
    let world = world(&changed, HORIZON);
    let mut differences = Vec::new();
    each(&world, 0, 400, |group| {
        let searches: f64 = group
            .stays
            .iter()
            .map(|stay| stay.weight * world.shapes()[stay.shape as usize].measured_mass())
            .sum();
        let booked = group
            .bookings
            .iter()
            .filter(|b| b.at >= HORIZON.warm)
            .count();
        differences.push(searches / 500.0 - booked as f64);
    });
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let spread: f64 = differences.iter().map(|d| (d - mean) * (d - mean)).sum();
    let z = mean / (spread / n / (n - 1.0)).sqrt();
    assert!(z.abs() <= 4.0, "{mean} requests a hotel too many, z = {z}");
}

/// Popularity has mean 1 and falls as the ordinal to the power of the exponent.
#[test]
fn popularity_scales_searches_alone() {
    let world = world(&json!({ "popularity": { "zipf": 0.9 } }), HORIZON);
    let mut scales = Vec::new();
    each(&world, 0, 400, |group| scales.push(group.search_scale));
    let mean = scales.iter().sum::<f64>() / 400.0;
    assert!((mean - 1.0).abs() < 1e-12);
    assert!((scales[0] / scales[9] - 10_f64.powf(0.9)).abs() < 1e-9);
}

/// The corners of what a scenario may say: each can be drawn, with an answer for every stay.
#[test]
fn extremes_can_be_drawn() {
    let none = json!({ "requests_per_hotel_per_day": 0 });
    let many = json!({ "requests_per_hotel_per_day": 500, "profile": "mixed",
        "group_share": 1, "cancelled_share": 1 });
    let singles =
        json!({ "requests_per_hotel_per_day": 1e-3, "group_share": 0, "cancelled_share": 0 });
    let busy = json!({ "room_types": 16, "close_out_share": 1, "close_out_lasts": "365d",
        "nights_per_change": 30, "rooms_spread": 1, "sold_out_share": 1 });
    for (changed, end) in [
        (
            json!({ "demand": none, "booking_window": "1d", "max_nights": 1,
            "supplier_changes_per_hotel_per_day": 0 }),
            DAY / 24,
        ),
        (json!({ "demand": many, "max_nights": 30 }), DAY + 1),
        (
            json!({ "demand": singles, "supply": busy, "booking_window": "750d",
            "supplier_changes_per_hotel_per_day": 100 }),
            3 * DAY,
        ),
        (
            json!({ "booking_window": "1d", "supply": { "room_types": 1, "rooms_spread": 0,
            "sold_out_share": 0 } }),
            400 * DAY,
        ),
    ] {
        let world = world(&changed, Horizon { warm: 0, end });
        each(&world, 0, 4, |group| {
            assert_eq!(group.truth.at_start.len(), group.stays.len());
            assert!(group.rows.changes.iter().all(|change| change.at < end));
            assert!(
                group
                    .stays
                    .iter()
                    .all(|stay| stay.enters < stay.leaves && stay.leaves <= end)
            );
            assert!(group.stays.iter().all(|stay| stay.weight.is_finite()));
        });
        assert!(
            world
                .shapes()
                .iter()
                .all(|shape| shape.measured_mass().is_finite())
        );
    }
}
