//! The world of hotels, seen from outside: what is sold out, what changes, and that it all adds up.

use serde_json::{Value, json};
use stayfresh::sim::clock::{DAY, Horizon, Time};
use stayfresh::sim::random::Key;
use stayfresh::world::Shocks;
use stayfresh::world::group::{ChangeStream, Generate, Group, Ignores, RowState, Rule, Rules};
use stayfresh::world::hotels::HotelsWorld;

const HORIZON: Horizon = Horizon {
    warm: 2 * DAY,
    end: 16 * DAY,
};
const WINDOW: i64 = 180;
const LONGEST: i64 = 7;

fn world(changed: &Value, horizon: Horizon) -> HotelsWorld {
    shocked(changed, horizon, &Shocks::default())
}

fn shocked(changed: &Value, horizon: Horizon, shocks: &Shocks) -> HotelsWorld {
    let mut world = json!({
        "count": 400, "booking_window": "180d", "max_nights": 7,
        "demand": { "requests_per_hotel_per_day": 5 },
        "searches_per_request": 500, "supplier_changes_per_hotel_per_day": 3
    });
    for (key, value) in changed.as_object().unwrap() {
        world[key] = value.clone();
    }
    HotelsWorld::new(&serde_json::from_value(world).unwrap(), horizon, shocks)
}

fn profile(name: &str) -> Value {
    json!({ "demand": { "requests_per_hotel_per_day": 5, "profile": name } })
}

/// Rate plans that restrict nothing.
fn no_restrictions() -> Value {
    json!({ "closed_share": 0, "min_nights_share": 0, "closed_to_arrival_share": 0, "min_lead_share": 0 })
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

/// A booking is of a stay in the window, available just before. Rows change as their streams say, and only
/// where a stay that can be searched may notice.
#[test]
fn rows_and_bookings_add_up() {
    let world = world(&profile("mixed"), HORIZON);
    let Rules::Nights(calendar) = *world.rules() else {
        panic!("hotels follow nights");
    };
    let mut bookings = 0;
    let mut sold_out = 0;
    let mut seen = vec![0; ChangeStream::ALL.len()];
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
        let mut rows = group.rows.at_start.clone();
        assert_eq!(rows.len() as u32, calendar.rows());
        assert!(group.rows.changes.is_sorted_by_key(|change| change.at));
        for change in &group.rows.changes {
            let is = change.state;
            let was = std::mem::replace(&mut rows[change.row as usize], is);
            assert!((0..HORIZON.end).contains(&change.at));
            let ahead = i64::from(calendar.night(change.row)) - change.at / DAY;
            assert!((0..WINDOW + LONGEST - 1).contains(&ahead), "{change:?}");
            let place = ChangeStream::ALL.iter().position(|s| *s == change.stream);
            seen[place.unwrap()] += 1;
            use ChangeStream as S;
            let of_plan = !matches!(
                change.stream,
                S::Bookings | S::GroupBlocks | S::Cancellations | S::CloseOuts | S::Reopenings
            );
            assert_eq!(calendar.is_plan(change.row), of_plan, "{change:?}");
            // What the stream may change, taken over; the rest must be as it was.
            let expected = match change.stream {
                S::Bookings | S::GroupBlocks => {
                    // A room is sold only where one is left.
                    assert!(was.open() && is.left < was.left, "{was:?} {change:?}");
                    sold_out += usize::from(is.left == 0);
                    let one = change.stream == S::Bookings;
                    assert!(!one || is.left + 1 == was.left, "{was:?} {change:?}");
                    RowState {
                        left: is.left,
                        ..was
                    }
                }
                S::Cancellations => {
                    assert!(is.left > was.left, "{was:?} {change:?}");
                    RowState {
                        left: is.left,
                        ..was
                    }
                }
                S::CloseOuts => {
                    assert!(is.closed);
                    RowState {
                        closed: true,
                        ..was
                    }
                }
                // Unless another close-out is still on.
                S::Reopenings | S::RatePlans => RowState {
                    closed: is.closed,
                    ..was
                },
                S::Rates => was,
                S::MinNights => RowState {
                    min_nights: is.min_nights,
                    ..was
                },
                S::ArrivalRules => RowState {
                    closed_to_arrival: is.closed_to_arrival,
                    ..was
                },
                S::LeadRules => RowState {
                    min_lead_days: is.min_lead_days,
                    ..was
                },
                S::Flips => panic!("hotels do not flip"),
            };
            assert_eq!(is, expected, "{was:?} {change:?}");
        }
    });
    assert!(
        bookings > 1_000 && sold_out > 1_000,
        "{bookings} {sold_out}"
    );
    assert!(seen[1..].iter().all(|seen| *seen > 50), "{seen:?}");
}

/// Mean over hotels and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let spread: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (spread / n / (n - 1.0)).sqrt())
}

/// Restrictions cover the wanted shares of rate plans' nights, at the start of the run and at its end, and
/// change as often as wanted (in a block that a night of the window is in, so a little more: 4 %). Within
/// four standard errors between hotels.
#[test]
fn restrictions_are_as_wanted() {
    let knobs = json!({ "supply": { "restriction_share": 0.6, "rate_plans": {
        "count": 2, "closed_share": 0.04, "min_nights_share": 0.2, "closed_to_arrival_share": 0.1,
        "min_lead_share": 0.3, "for_all_share": 0.4 } } });
    let world = world(&knobs, HORIZON);
    let Rules::Nights(calendar) = *world.rules() else {
        panic!("hotels follow nights");
    };
    let of = [
        |row: RowState| row.closed,
        |row: RowState| row.min_nights > 1,
        |row: RowState| row.closed_to_arrival,
        |row: RowState| row.min_lead_days > 0,
    ];
    let mut shares = vec![Vec::new(); 8];
    let mut for_all = Vec::new();
    let mut changes = Vec::new();
    each(&world, 0, 400, |group| {
        let mut rows = group.rows.at_start.clone();
        let first = (calendar.room_types * calendar.nights) as usize;
        for time in 0..2 {
            for (kind, is) in of.iter().enumerate() {
                let hit = rows[first..].iter().filter(|row| is(**row)).count();
                shares[time * 4 + kind].push(hit as f64 / (rows.len() - first) as f64);
            }
            for change in &group.rows.changes {
                rows[change.row as usize] = change.state;
            }
        }
        let nights = calendar.nights as usize;
        let both = (first..first + nights)
            .filter(|row| rows[*row].closed_to_arrival && rows[row + nights].closed_to_arrival);
        for_all.push(both.count() as f64 / nights as f64);
        let mut moments: Vec<Time> = group
            .rows
            .changes
            .iter()
            .filter(|change| change.stream > ChangeStream::Rates)
            .map(|change| change.at)
            .collect();
        moments.dedup();
        changes.push(moments.len() as f64 / 16.0);
    });
    for (found, wanted) in shares
        .iter()
        .zip([0.04, 0.2, 0.1, 0.3, 0.04, 0.2, 0.1, 0.3])
    {
        let (found, error) = mean(found);
        assert!(error < 0.1 * wanted, "too few to tell");
        assert!(
            (found - wanted).abs() < 4.0 * error,
            "{found} ± {error}, wanted {wanted}"
        );
    }
    // Both plans: for all, or else each by its own chance.
    let own = (0.1 - 0.04) / (1.0 - 0.04);
    let (found, error) = mean(&for_all);
    let wanted = 0.04 + 0.96 * own * own;
    assert!(
        (found - wanted).abs() < 4.0 * error,
        "{found} ± {error}, wanted {wanted}"
    );
    let (found, error) = mean(&changes);
    let wanted = 0.6 * 3.0;
    assert!(error < 0.03 * wanted, "too few to tell");
    assert!(
        (found - wanted).abs() < 0.04 * wanted + 4.0 * error,
        "{found} ± {error} changes a day, wanted {wanted}"
    );
}

/// Bookings follow the hours of the day, or none: |z| < 4.5 for each hour, between hotels.
#[test]
fn bookings_follow_the_hours() {
    let hours =
        |hours: &str| json!({ "requests_per_hotel_per_day": 5, "group_share": 0, "hours": hours });
    for (name, curve) in [
        ("typical", stayfresh::world::day_curve::DayCurve::typical()),
        ("flat", stayfresh::world::day_curve::DayCurve::flat()),
    ] {
        let world = world(
            &json!({ "demand": hours(name), "supply": { "sold_out_share": 0 } }),
            HORIZON,
        );
        let mut by_hour = vec![Vec::new(); 24];
        each(&world, 0, 400, |group| {
            let mut counts = [0.0; 24];
            for booking in &group.bookings {
                counts[(booking.at % DAY / (DAY / 24)) as usize] += 1.0;
            }
            let all: f64 = counts.iter().sum();
            for (hour, count) in counts.iter().enumerate() {
                let at = hour as Time * DAY / 24;
                let share = curve.below(at + DAY / 24) - curve.below(at);
                by_hour[hour].push(count - share * all);
            }
        });
        for (hour, off) in by_hour.iter().enumerate() {
            let (off, error) = mean(off);
            assert!(
                (off / error).abs() < 4.5,
                "{name}, hour {hour}: {off} ± {error}"
            );
        }
    }
}

/// Messages a day do not depend on how long the run is: over the same first week, of a run of one week and of
/// one of 26. Four standard errors between hotels.
#[test]
fn messages_a_day_do_not_depend_on_the_run() {
    let of_week = |end: Time| {
        let world = world(&profile("city"), Horizon { warm: DAY, end });
        let mut counts = Vec::new();
        each(&world, 5, 150, |group| {
            let changes = &group.rows.changes;
            counts.push(changes.partition_point(|change| change.at < 7 * DAY) as f64 / 7.0);
        });
        mean(&counts)
    };
    let (short, e) = of_week(7 * DAY);
    let (long, f) = of_week(182 * DAY);
    let error = (e * e + f * f).sqrt();
    assert!(error < 0.05 * short, "too few to tell: {short} ± {error}");
    assert!(
        (short - long).abs() < 4.0 * error,
        "{short} and {long} ± {error}"
    );
}

/// Hotels come and go as often as wanted, their stays with them, and nothing is told or booked before or
/// after. |z| < 4 against the law.
#[test]
fn hotels_join_and_leave() {
    let world = world(
        &json!({ "joins_per_year": 6, "leaves_per_year": 3, "popularity": { "zipf": 0.5 } }),
        HORIZON,
    );
    let years = 16.0 / 365.0;
    let hotels = 800;
    let (mut joined, mut left, mut there) = (0.0, 0.0, 0.0);
    each(&world, 2, hotels, |group| {
        let alive = |stay: &&stayfresh::world::group::Stay| stay.enters < stay.leaves;
        let joins = group.stays.iter().filter(alive).map(|s| s.enters).min();
        let leaves = group.stays.iter().filter(alive).map(|s| s.leaves).max();
        let (joins, leaves) = (joins.unwrap(), leaves.unwrap());
        assert!(joins < leaves && leaves <= HORIZON.end);
        joined += f64::from(u8::from(joins > 0));
        left += f64::from(u8::from(leaves < HORIZON.end));
        there += (leaves - joins) as f64 / DAY as f64 / 365.0;
        let inside = |at: Time| (joins..leaves).contains(&at);
        assert!(group.bookings.iter().all(|booking| inside(booking.at)));
        assert!(group.rows.changes.iter().all(|change| inside(change.at)));
        for booking in &group.bookings {
            assert!(available(group, booking.stay as usize, booking.at));
        }
        for stay in group.stays.iter().filter(|stay| !alive(stay)) {
            assert_eq!((stay.enters, stay.leaves), (HORIZON.end, HORIZON.end));
        }
    });
    let chance = 6.0 * years / (1.0 + 6.0 * years);
    let n = hotels as f64;
    let z = (joined - n * chance) / (n * chance * (1.0 - chance)).sqrt();
    assert!(z.abs() < 4.0, "{joined} joined, z = {z}");
    // Leaving is Poisson in the time on the board.
    let z = (left - 3.0 * there) / (3.0 * there).sqrt();
    assert!(z.abs() < 4.0, "{left} left in {there} years, z = {z}");
}

/// Demand twice and half as large for some days makes twice and half the bookings then where rooms do not
/// lack, and changes nothing that happened before. |z| < 4 between hotels.
#[test]
fn demand_shocks_multiply_requests() {
    let unlimited = json!({ "supplier_changes_per_hotel_per_day": 0,
        "supply": { "sold_out_share": 0, "rate_plans": no_restrictions() } });
    let usual = world(&unlimited, HORIZON);
    // Within a day; whole days with a piece of another.
    for (from, to, times) in [
        (10 * DAY + DAY / 3, 10 * DAY + DAY / 2, 4.0),
        (6 * DAY, 9 * DAY + DAY / 4, 2.0),
        (6 * DAY, 9 * DAY, 0.0),
    ] {
        let shocks = Shocks {
            demand: vec![(from, to, times)],
            ..Shocks::default()
        };
        let shocked = shocked(&unlimited, HORIZON, &shocks);
        let mut group = Group::default();
        let (mut within, mut after) = (Vec::new(), Vec::new());
        let mut hotel = 0;
        each(&usual, 7, 400, |as_usual| {
            shocked.fill(Key::replicate(42, 7), hotel, &mut group);
            hotel += 1;
            let count = |group: &Group, from: Time, to: Time| {
                let made = group.bookings.iter().filter(|b| (from..to).contains(&b.at));
                made.count() as f64
            };
            let day = from / DAY * DAY;
            assert_eq!(count(&group, 0, day), count(as_usual, 0, day));
            within.push(count(&group, from, to) - times * count(as_usual, from, to));
            after.push(count(&group, to, HORIZON.end) - count(as_usual, to, HORIZON.end));
        });
        for (what, off) in [("within", within), ("after", after)] {
            let (off, error) = mean(&off);
            assert!(
                off.abs() <= 4.0 * error,
                "×{times}, {what}: {off} ± {error}"
            );
        }
    }
}

/// What befalls nothing changes nothing; traffic changes searches alone; a rule that the domain does not have
/// yet changes answers until it does.
#[test]
fn other_shocks() {
    let all = |world: &HotelsWorld| {
        let mut all = String::new();
        each(world, 1, 3, |group| all += &everything(group));
        all
    };
    let usual = world(&profile("mixed"), HORIZON);
    let nothing = vec![(DAY, DAY, 3.0), (2 * DAY, 5 * DAY, 1.0)];
    let none = Shocks {
        traffic: nothing.clone(),
        demand: nothing,
        rules: Vec::new(),
    };
    let shocked_by = |shocks: &Shocks| shocked(&profile("mixed"), HORIZON, shocks);
    let same = shocked_by(&none);
    assert!(all(&same) == all(&usual) && same.shapes() == usual.shapes());
    assert_eq!(same.rule_book(), usual.rule_book());

    let (from, to) = (3 * DAY, 4 * DAY + DAY / 2);
    let busy = shocked_by(&Shocks {
        traffic: vec![(from, to, 3.0)],
        ..Shocks::default()
    });
    assert!(all(&busy) == all(&usual));
    let mass = |world: &HotelsWorld| -> f64 {
        world
            .shapes()
            .iter()
            .map(|shape| shape.measured_mass())
            .sum()
    };
    let more = mass(&busy) / mass(&usual);
    // 1.5 of 14 days three times as busy, with weekdays and hours.
    assert!((1.15..1.27).contains(&more), "{more}");

    let late = shocked_by(&Shocks {
        rules: vec![(Ignores::NONE.with(Rule::MinNights), from)],
        ..Shocks::default()
    });
    let (mut before, mut after) = (0, 0);
    let mut hotel = 0;
    let mut group = Group::default();
    each(&usual, 1, 50, |as_usual| {
        late.fill(Key::replicate(42, 1), hotel, &mut group);
        hotel += 1;
        for booking in &group.bookings {
            assert!(available(&group, booking.stay as usize, booking.at));
        }
        for (stay, times) in as_usual.stays.iter().enumerate() {
            for (at, wider) in [(from - 1, &mut before), (from + 1, &mut after)] {
                if (times.enters..times.leaves).contains(&at) && stay % 7 < 2 {
                    let (now, then) = (available(&group, stay, at), available(as_usual, stay, at));
                    *wider += i32::from(now) - i32::from(then);
                }
            }
        }
    });
    assert!(before > 300, "{before} more stays without the rule");
    assert!(after.abs() < before / 10, "{after} more stays with it");
}

/// The rates that a stay is said to flip at are those that other hotels flip at: within 20 %, of near and of
/// far stays, for days ahead are taken together and hotels differ.
#[test]
fn flips_are_as_often_as_said() {
    let world = world(&profile("mixed"), HORIZON);
    let mut all = [[0.0; 4]; 2];
    each(&world, 3, 300, |group| {
        for (index, stay) in group.stays.iter().enumerate() {
            let far = usize::from(stay.check_in / DAY > 40);
            let mut now = stay.enters;
            let mut open = available(group, index, now + 1);
            let [sells_out, reopens] = stay.flips_per_day.map(f64::from);
            let mut expect = |from: Time, to: Time, open: bool| {
                let days = (to - from) as f64 / DAY as f64;
                let (kind, rate) = if open { (0, sells_out) } else { (1, reopens) };
                all[far][kind] += rate * days;
            };
            let mut flips = [0.0; 2];
            for toggle in group.truth.of(index) {
                if (stay.enters + 1..stay.leaves).contains(&toggle.at) {
                    expect(now, toggle.at, open);
                    flips[usize::from(!open)] += 1.0;
                    now = toggle.at;
                    open = !open;
                }
            }
            expect(now, stay.leaves, open);
            all[far][2] += flips[0];
            all[far][3] += flips[1];
        }
    });
    for [sells_out, reopens, sold_out, reopened] in all {
        assert!(sold_out > 1_000.0 && reopened > 1_000.0);
        let off = [sold_out / sells_out - 1.0, reopened / reopens - 1.0];
        assert!(off.iter().all(|off| off.abs() < 0.2), "{all:?}");
    }
}

/// Searches are the wanted multiple of the requests that could be searched: 500 × what the shapes say
/// against what is booked where no hotel ever sells out. |z| ≤ 4 between hotels.
#[test]
fn searches_follow_requests() {
    let mut changed = profile("resort");
    changed["supply"] = json!({ "sold_out_share": 0, "rate_plans": no_restrictions() });
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
        "nights_per_change": 30, "rooms_spread": 1, "sold_out_share": 1, "restriction_share": 0,
        "rate_plans": { "count": 16, "closed_share": 1, "for_all_share": 0 } });
    let strict = json!({ "restriction_share": 0.8, "nights_per_change": 1, "rate_plans": {
        "count": 1, "closed_share": 0.5, "min_nights_share": 1, "closed_to_arrival_share": 0.5,
        "min_lead_share": 1, "for_all_share": 1 } });
    for (changed, end) in [
        (
            json!({ "demand": none, "booking_window": "1d", "max_nights": 1,
            "supplier_changes_per_hotel_per_day": 0 }),
            DAY / 24,
        ),
        (json!({ "demand": many, "max_nights": 30 }), DAY + 1),
        (
            json!({ "supply": strict, "joins_per_year": 100, "leaves_per_year": 100,
            "supplier_changes_per_hotel_per_day": 100 }),
            9 * DAY,
        ),
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
                    .all(|stay| stay.enters < stay.leaves && stay.leaves <= end
                        || (stay.enters, stay.leaves) == (end, end))
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
