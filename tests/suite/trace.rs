//! The world of a trace: what its files say is what happens; what they cannot mean is reported.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use stayfresh::scenario::files::Uploads;
use stayfresh::scenario::text::{Document, parse};
use stayfresh::sim::clock::{DAY, HOUR, Time};
use stayfresh::sim::random::Key;
use stayfresh::world::group::{ChangeStream, Generate, Group, Rules};
use stayfresh::world::{Shocks, World};

use crate::cli::{Said, stayfresh};

const HOTELS: u64 = 3;
const WINDOW: i64 = 30;
const LONGEST: i64 = 4;
const RUN: i64 = 8;

/// A booking as it is written: hours from 1 January 2020.
struct Booked {
    hotel: u64,
    at: i64,
    check_in: i64,
    nights: i64,
    rooms: i64,
    cancelled_at: Option<i64>,
}

/// Random bookings over 60 days, more than a hotel of a few rooms can hold for long.
fn bookings() -> Vec<Booked> {
    let mut all = Vec::new();
    for i in 0..900 {
        let key = Key::replicate(5, 0).at(i);
        let within = |what: u64, below: u64| (key.at(what).word() % below) as i64;
        let at = within(0, 60 * 24);
        let nights = 1 + within(2, 6);
        all.push(Booked {
            hotel: key.at(1).word() % HOTELS,
            at,
            check_in: at / 24 + within(3, 25),
            nights,
            rooms: 1 + within(4, 3) * within(5, 2),
            cancelled_at: key.at(6).happens(0.4).then(|| at + within(7, 400)),
        });
    }
    all
}

fn stamp(hour: i64) -> String {
    let day = hour / 24;
    let months = [31, 29, 31, 30, 31, 30];
    let (mut month, mut of_month) = (0, day);
    while of_month >= months[month] {
        of_month -= months[month];
        month += 1;
    }
    let date = format!("2020-{:02}-{:02}", month + 1, of_month + 1);
    format!("{date}T{:02}:00:00Z", hour % 24)
}

fn csv(bookings: &[Booked]) -> String {
    let mut text = "hotel,booked_at,check_in,nights,rooms,cancelled_at\n".to_owned();
    for b in bookings {
        let cancelled = b.cancelled_at.map(stamp).unwrap_or_default();
        let check_in = &stamp(b.check_in * 24)[..10];
        let (hotel, at) = (b.hotel, stamp(b.at));
        writeln!(
            text,
            "h{hotel},{at},{check_in},{},{},{cancelled}",
            b.nights, b.rooms
        )
        .unwrap();
    }
    text
}

fn scenario(changed: &Value) -> String {
    let mut world = json!({
        "bookings": "bookings.csv", "starts": "2020-02-01",
        "booking_window": format!("{WINDOW}d"), "max_nights": LONGEST
    });
    for (key, value) in changed.as_object().unwrap() {
        world[key] = value.clone();
    }
    json!({
        "version": 1, "run": { "warmup": "1d", "length": "7d", "replicates": 2 },
        "world": { "trace": world },
        "designs": [{ "name": "push", "feeds": [{ "name": "d", "source": "deltas", "delivery": "push" }] }]
    })
    .to_string()
}

fn read(text: &str, files: &[(&str, &str)]) -> Result<Document, String> {
    let mut document = parse(text).map_err(|problems| problems.to_string())?;
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
    let files = Uploads(files.collect::<BTreeMap<_, _>>());
    match document.read_files(text, &files) {
        Ok(_) => Ok(document),
        Err(problems) => Err(problems.to_string()),
    }
}

fn generator(document: &Document, shocks: &Shocks) -> Box<dyn Generate> {
    let scenario = &document.scenario;
    scenario.world.generator(scenario.run.horizon(), shocks)
}

/// Every stay at every hour of the run, against a count of who has booked what by then, in hotels of six tenths
/// of the rooms that were ever booked for a night at once; a booking counts where its stay was available.
#[test]
fn rooms_are_taken_as_told() {
    let all = bookings();
    let document = read(
        &scenario(&json!({ "rooms_times": 0.6 })),
        &[("bookings.csv", &csv(&all))],
    )
    .unwrap();
    let world = generator(&document, &Shocks::default());
    assert_eq!(world.groups(), HOTELS);
    let Rules::Nights(calendar) = *world.rules() else {
        panic!("a trace follows nights");
    };
    // In order of appearance.
    let mut order = Vec::new();
    for b in &all {
        if !order.contains(&b.hotel) {
            order.push(b.hotel);
        }
    }
    let day_0 = 31;
    let mut group = Group::default();
    let mut seen = [0; 2];
    for (ordinal, hotel) in (0..).zip(order) {
        let of_hotel: Vec<&Booked> = all.iter().filter(|b| b.hotel == hotel).collect();
        let in_use = |night: i64, hour: i64| -> i64 {
            let there = |b: &&&Booked| {
                (b.check_in..b.check_in + b.nights).contains(&night)
                    && b.at <= hour
                    // Cancelled at the hour it was booked: a microsecond later.
                    && b.cancelled_at.is_none_or(|c| c > hour)
            };
            of_hotel.iter().filter(there).map(|b| b.rooms).sum()
        };
        world.fill(Key::replicate(1, 0), ordinal, &mut group);
        let rooms = group.rows.at_start[0].left + in_use(day_0, day_0 * 24 - 1) as i32;
        let peak = (0..90).flat_map(|night| (0..60 * 24).map(move |hour| (night, hour)));
        let peak = peak.map(|(night, hour)| in_use(night, hour)).max().unwrap();
        // A booking cancelled within its hour is in use for a moment between two hours.
        let most = (peak + 3) as f64 * 0.6;
        assert!(
            (peak as f64 * 0.6 - 0.5..=most + 0.5).contains(&f64::from(rooms)),
            "{rooms} rooms, {peak} in use"
        );
        for hour in 0..RUN * 24 {
            let at = hour * HOUR + HOUR / 2;
            for check_in in hour / 24..(hour / 24 + WINDOW) {
                for nights in 1..=LONGEST {
                    let stay = calendar.stay(check_in as u32, nights as u32) as usize;
                    let mut night = check_in..check_in + nights;
                    let free =
                        night.all(|n| in_use(n + day_0, day_0 * 24 + hour) < i64::from(rooms));
                    let toggles = group.truth.of(stay).iter().filter(|c| c.at <= at).count();
                    let said = group.truth.at_start[stay] ^ (toggles % 2 == 1);
                    assert_eq!(
                        said, free,
                        "hotel {hotel}, hour {hour}, {check_in}+{nights}"
                    );
                    seen[usize::from(free)] += 1;
                }
            }
        }
        for change in &group.rows.changes {
            assert!(matches!(
                change.stream,
                ChangeStream::Bookings | ChangeStream::Cancellations
            ));
        }
        let told = of_hotel.iter().filter(|b| {
            let made = b.at - day_0 * 24;
            (0..RUN * 24).contains(&made)
                && b.nights <= LONGEST
                && b.check_in - day_0 - made / 24 < WINDOW
        });
        let told = told.count();
        assert!(group.bookings.len() < told && 2 * group.bookings.len() > told);
        for booking in &group.bookings {
            let stay = booking.stay as usize;
            let before = |c: &&stayfresh::world::group::AnswerChange| c.at < booking.at;
            let toggles = group.truth.of(stay).iter().filter(before).count();
            // Or given back at that very moment.
            let is = group.truth.of(stay).iter().any(|c| c.at == booking.at);
            assert!(
                group.truth.at_start[stay] ^ (toggles % 2 == 1) || is,
                "{booking:?}"
            );
        }
    }
    assert!(seen.iter().all(|seen| *seen > 500), "{seen:?}");
}

/// Fewer rooms make more stays sold out; more make none. A day alone is a moment of that day, anew in each
/// replicate.
#[test]
fn rooms_and_days_alone() {
    let mut all = bookings();
    let sold_out = |times: f64, all: &[Booked]| {
        let text = scenario(&json!({ "rooms_times": times }));
        let document = read(&text, &[("bookings.csv", &csv(all))]).unwrap();
        let world = generator(&document, &Shocks::default());
        let mut group = Group::default();
        let mut closed = 0;
        for hotel in 0..HOTELS {
            world.fill(Key::replicate(1, 0), hotel, &mut group);
            closed += group.truth.at_start.iter().filter(|open| !**open).count();
        }
        closed
    };
    let closed = [0.4, 0.7, 10.0].map(|times| sold_out(times, &all));
    assert!(
        closed[0] > 2 * closed[1] && closed[1] > 0 && closed[2] == 0,
        "{closed:?}"
    );

    all.truncate(600);
    let with_times = csv(&all);
    let days = with_times.lines().map(|line| {
        let fields: Vec<&str> = line
            .split(',')
            .map(|f| f.split('T').next().unwrap())
            .collect();
        fields.join(",") + "\n"
    });
    let document = read(
        &scenario(&json!({ "rooms_times": 1 })),
        &[("bookings.csv", &days.collect::<String>())],
    )
    .unwrap();
    let world = generator(&document, &Shocks::default());
    let (mut group, mut moments) = (Group::default(), Vec::new());
    for replicate in 0..2 {
        world.fill(Key::replicate(1, replicate), 0, &mut group);
        assert!(
            group
                .rows
                .changes
                .iter()
                .all(|change| change.state.left >= 0)
        );
        moments.push(
            group
                .rows
                .changes
                .iter()
                .map(|c| c.at)
                .collect::<Vec<Time>>(),
        );
    }
    assert_ne!(moments[0], moments[1]);
    let by_day = |moments: &[Time]| {
        let mut days = [0_u32; RUN as usize];
        moments.iter().for_each(|at| days[(at / DAY) as usize] += 1);
        days
    };
    // The same happens on the same days, but for cancellations that meet their booking's day.
    let (a, b) = (by_day(&moments[0]), by_day(&moments[1]));
    assert!(
        a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 6),
        "{a:?} {b:?}"
    );
}

/// Searches of a file are searched, each once; traffic multiplies them.
#[test]
fn searches_are_those_of_the_file() {
    let mut searches = "nights,check_in,hotel,searched_at\n".to_owned();
    let mut wanted = 0.0;
    for i in 0..3_000 {
        let key = Key::replicate(6, 0).at(i);
        let hour = 31 * 24 + (key.at(0).word() % (RUN as u64 * 24)) as i64;
        let ahead = (key.at(1).word() % 40) as i64;
        let nights = 1 + (key.at(2).word() % 5) as i64;
        let hotel = key.at(3).word() % HOTELS;
        let check_in = stamp((hour / 24 + ahead) * 24);
        writeln!(
            searches,
            "{nights},{},h{hotel},{}",
            &check_in[..10],
            stamp(hour)
        )
        .unwrap();
        let measured = hour >= 32 * 24 && ahead < WINDOW && nights <= LONGEST;
        wanted += f64::from(u8::from(measured));
    }
    let text = scenario(&json!({ "searches": "searches.csv" }));
    let files = [
        ("bookings.csv", &*csv(&bookings())),
        ("searches.csv", &*searches),
    ];
    let mass = |shocks: &Shocks| {
        let world = generator(&read(&text, &files).unwrap(), shocks);
        let mut group = Group::default();
        let mut mass = 0.0;
        for hotel in 0..HOTELS {
            world.fill(Key::replicate(1, 0), hotel, &mut group);
            for stay in &group.stays {
                mass += stay.weight * world.shapes()[stay.shape as usize].measured_mass();
            }
        }
        mass
    };
    let times = |factor: f64| Shocks {
        traffic: vec![(0, 9 * DAY, factor)],
        ..Shocks::default()
    };
    let usual = mass(&Shocks::default());
    assert!(mass(&times(0.0)) == 0.0 && mass(&times(3.0)) == 3.0 * usual);
    let some = mass(&times(1.5));
    assert!((1.45..1.55).contains(&(some / usual)), "{some} of {usual}");

    let mut study = stayfresh::study::Study::new(read(&text, &files).unwrap());
    stayfresh::study::run(&mut study, 1, &mut |_| {});
    let results = study.results().unwrap();
    let found = results.designs[0].counts_per_day["searches"].mean * 7.0;
    assert!(
        (found - wanted).abs() < 1e-6,
        "{found} searches, {wanted} in the file"
    );
}

/// What rows cannot mean is told by line; what a file cannot be is an error with its place.
#[test]
fn rows_that_cannot_be_meant_are_told() {
    let text = scenario(&json!({}));
    let with = |rows: &str| {
        let mut document = parse(&text).unwrap();
        let file = format!("Hotel, booked_at ,check_in,nights,rooms,cancelled_at,agent\n{rows}");
        let files = Uploads(BTreeMap::from([(
            "bookings.csv".to_owned(),
            file.into_bytes(),
        )]));
        document.read_files(&text, &files)
    };
    let good = "\"a, b\",2020-02-02T10:00,2020-02-03,1,,,x\n";
    let bad = [
        (
            "a,2020-02-30,2020-02-03,1,1,,x",
            "`booked_at` is \"2020-02-30\"; expected such as 2016-07-01",
        ),
        (
            "a,2020-02-02,03/02/2020,1,1,,x",
            "`check_in` is \"03/02/2020\"",
        ),
        (
            "a,2020-02-04,2020-02-03,1,1,,x",
            "`check_in` is before `booked_at`",
        ),
        (
            "a,2020-02-02,2020-02-03,0,1,,x",
            "`nights` is \"0\"; expected a whole number from 1 to 366",
        ),
        ("a,2020-02-02,2020-02-03,1,-1,,x", "`rooms` is \"-1\""),
        (
            "a,2020-02-02,2020-02-03,1,1,2020-02-01,x",
            "`cancelled_at` is before `booked_at`",
        ),
        (
            ",2020-02-02,2020-02-03,1,1,,x",
            "`hotel` is empty; expected a hotel's name",
        ),
        ("a,2020-02-02,2020-02-03", "it has 3 fields; expected 7"),
    ];
    let mut rows = good.to_owned();
    for (row, _) in bad {
        rows += row;
        rows += "\n";
        rows += good;
    }
    let [report] = &with(&rows).unwrap()[..] else {
        panic!("one file, one report");
    };
    assert_eq!((report.rows, report.used), (17, 9));
    assert_eq!(report.unknown_columns, ["agent"]);
    assert_eq!(report.left_out.len(), bad.len());
    for ((line, (_, why)), left_out) in (3..).step_by(2).zip(bad).zip(&report.left_out) {
        assert_eq!(left_out.line, line, "{left_out:?}");
        assert!(left_out.why.starts_with(why), "{left_out:?}");
    }
    let many = with(
        &(bad[0].0.to_owned() + "\n")
            .repeat(1_000)
            .replacen("", good, 1),
    )
    .unwrap();
    assert_eq!(
        (many[0].rows, many[0].used, many[0].left_out.len()),
        (1_001, 1, 20)
    );

    let early = good.replace("2020-", "1999-");
    for (rows, parts) in [
        ("", vec!["/world/trace/bookings", "it has no rows"]),
        (
            bad[3].0,
            vec!["nothing can be used: line 2: `nights` is \"0\""],
        ),
        (
            early.as_str(),
            vec![
                "nothing is booked in the run, which is from 2020-02-01 to 2020-02-08",
                "1999-02-02 to 1999-02-02",
            ],
        ),
    ] {
        let said = with(rows).unwrap_err().to_string();
        assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    }
    // Searches that nobody of the run makes.
    let searched = scenario(&json!({ "searches": "searches.csv" }));
    let with_searches = |day: &str| {
        let searches =
            format!("hotel,searched_at,check_in,nights\nh1,{day}T10:00:00Z,2020-02-05,1\n");
        let rows = csv(&bookings());
        let files = [("bookings.csv", rows.as_str()), ("searches.csv", &searches)];
        read(&searched, &files)
    };
    with_searches("2020-02-03").unwrap();
    let said = with_searches("2020-01-20").unwrap_err();
    assert!(
        said.contains("nothing is searched in the run, which is from 2020-02-01 to 2020-02-08")
            && said.contains("searches were made, 2020-01-20 to 2020-01-20"),
        "{said}"
    );

    let lacking = [("bookings.csv", "hotel,booked_at,nights\n")];
    let said = read(&text, &lacking).unwrap_err();
    assert!(said.contains("the first line lacks `check_in`"), "{said}");
    let twice = [("bookings.csv", "hotel,booked_at,check_in,nights,Nights\n")];
    assert!(
        read(&text, &twice)
            .unwrap_err()
            .contains("`nights` is there twice")
    );
    let said = read(&text, &[]).unwrap_err();
    assert!(
        said.contains("no file of this name was given") && said.contains("line 1"),
        "{said}"
    );
}

/// The moment that `stamp` writes, in another way.
fn stamp_as(hour: i64, form: u8) -> String {
    let utc = stamp(hour);
    match form % 6 {
        0 => utc,
        1 => utc[..16].to_owned(),
        2 => utc[..19].replace('T', " "),
        3 => utc.replace('Z', ".000000Z"),
        4 => stamp(hour + 2).replace('Z', "+02:00"),
        _ if hour < 3 => utc,
        _ => stamp(hour - 3).replace('Z', "-0300"),
    }
}

/// A field as CSV may write it: what would be read otherwise is quoted, anything else can be.
fn field(text: &str, quoted: bool) -> String {
    if quoted || text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// However bookings are written, they say the same: columns in any order, others among them, quoted or not, lines of
/// any ending, blank ones, a byte order mark, any way to write a moment. What is no booking is told with its line,
/// and takes nothing with it.
#[test]
fn bookings_say_the_same_however_they_are_written() {
    let text = scenario(&json!({}));
    let all = bookings();
    let told = |csv: String| {
        let mut document = parse(&text).unwrap();
        let files = BTreeMap::from([("bookings.csv".to_owned(), csv.into_bytes())]);
        let reports = document.read_files(&text, &Uploads(files)).unwrap();
        (document, reports)
    };
    let (plain, _) = told(csv(&all));
    let (other, _) = told(csv(&all[1..]));
    assert!(plain != other, "what is booked is part of what is compared");
    let names = [
        "hotel",
        "booked_at",
        "check_in",
        "nights",
        "rooms",
        "cancelled_at",
        "agent, or \"none\"",
    ];
    let order = Just((0..names.len()).collect::<Vec<_>>()).prop_shuffle();
    let ways = prop::collection::vec(any::<u32>(), all.len());
    let config = ProptestConfig {
        cases: 64,
        ..ProptestConfig::default()
    };
    proptest!(config, |(order in order, ways in ways, ending in 0..3_usize, bom: bool, upper: bool, ends: bool)| {
        let row = |fields: [&str; 7], quoted: u32| {
            let fields = order.iter().map(|column| field(fields[*column], quoted >> column & 1 == 1));
            fields.collect::<Vec<_>>().join(",") + "\n"
        };
        let header = names.map(|name| if upper { name.to_uppercase() } else { name.to_owned() });
        let mut file = if bom { "\u{feff}".to_owned() } else { String::new() };
        file += &row(header.each_ref().map(String::as_str), 0);
        let mut lines = Vec::new();
        for (b, way) in all.iter().zip(&ways) {
            let [form, quoted, junk, agent] = way.to_le_bytes();
            if junk < 5 {
                // It has to be told.
                lines.push(1 + file.matches('\n').count() as u64);
                let check_in = if junk == 0 { "soon" } else { "2020-02-31" };
                file += &row(["h0", "2020-01-01", check_in, "1", "1", "", ""], quoted.into());
            } else if junk < 20 {
                file += "\n";
            }
            let pad = if form > 128 { " " } else { "" };
            let hotel = format!("{pad}h{}{pad}", b.hotel);
            let cancelled = b.cancelled_at.map(|hour| stamp_as(hour, form / 6)).unwrap_or_default();
            let rooms = if b.rooms == 1 && form % 2 == 0 { String::new() } else { b.rooms.to_string() };
            let agent = ["", "=1+1", "one, \"two\"", "of\ntwo lines"][usize::from(agent % 4)];
            file += &row([&hotel, &stamp_as(b.at, form), &stamp(b.check_in * 24)[..10], &b.nights.to_string(), &rooms,
                &cancelled, agent], quoted.into());
        }
        let rows = (all.len() + lines.len()) as u64;
        if !ends {
            file.pop();
        }
        let (document, reports) = told(file.replace('\n', ["\n", "\r\n", "\r"][ending]));
        prop_assert!(document == plain);
        let report = &reports[0];
        prop_assert_eq!((report.rows, report.used), (rows, all.len() as u64));
        lines.truncate(20);
        prop_assert_eq!(report.left_out.iter().map(|row| row.line).collect::<Vec<_>>(), lines);
    });
}

/// Files that are read, and would take more memory than there is.
#[test]
fn files_that_ask_for_too_much_are_refused() {
    // Each booking is of a year, and in the run is given back.
    let mut bookings = "hotel,booked_at,check_in,nights,rooms,cancelled_at\n".to_owned();
    for _ in 0..60_000 {
        bookings += "one,2020-02-02,2020-02-03,366,1,2020-02-03\n";
    }
    let world = json!({ "booking_window": "365d", "max_nights": 1 });
    let said = read(&scenario(&world), &[("bookings.csv", &bookings)]).unwrap_err();
    assert!(
        said.contains("44 million changes of one group of stays") && said.contains("reduce"),
        "{said}"
    );
    // Searches go with rooms, of which a booking may have many.
    let mut bookings = "hotel,booked_at,check_in,nights,rooms\n".to_owned();
    for _ in 0..200 {
        bookings += "one,2020-02-02,2020-02-03,1,10000\n";
    }
    let world = json!({ "searches_per_request": 1_000_000 });
    let said = read(&scenario(&world), &[("bookings.csv", &bookings)]).unwrap_err();
    assert!(
        said.contains("2 thousand billion searches in a replicate"),
        "{said}"
    );
    // Few searches, which a fault has made again and again.
    let searches =
        "hotel,searched_at,check_in,nights\nh1,2020-02-03T10:00:00Z,2020-02-05,1\n".to_owned();
    let searched = scenario(&json!({ "searches": "searches.csv" }));
    let with_faults = |faults: usize| {
        let mut scenario: Value = serde_json::from_str(&searched).unwrap();
        let fault = json!({ "traffic_drop": { "at": "0s", "lasts": "8d", "times": 1_000 } });
        scenario["faults"] = Value::Array(vec![fault; faults]);
        let rows = csv(&self::bookings());
        let files = [("bookings.csv", rows.as_str()), ("searches.csv", &searches)];
        read(&scenario.to_string(), &files)
    };
    with_faults(1).unwrap();
    let said = with_faults(3).unwrap_err();
    assert!(
        said.contains("1 billion searches to keep, of those of the file"),
        "{said}"
    );
}

/// What a trace does not have, and what it cannot mean.
#[test]
fn a_trace_is_checked() {
    for (changed, part) in [
        (json!({ "starts": "2020-02-30" }), "expected a date such as"),
        (json!({ "booking_window": "36h" }), "whole days"),
        (json!({ "rooms_times": 0 }), "above 0"),
        (json!({ "data": 1 }), "unknown"),
        (
            json!({ "searches": "s.csv", "searches_per_request": 40 }),
            "`searches_per_request` makes searches",
        ),
    ] {
        let said = parse(&scenario(&changed)).unwrap_err().to_string();
        assert!(said.contains(part), "{said}");
    }
    let mut shocked: Value = serde_json::from_str(&scenario(&json!({}))).unwrap();
    shocked["faults"] = json!([{ "demand_shock": { "at": "1d", "lasts": "1d", "times": 2 } }]);
    let said = parse(&shocked.to_string()).unwrap_err().to_string();
    assert!(said.contains("are facts"), "{said}");
    let document = parse(&scenario(&json!({}))).unwrap();
    assert_eq!(document.files(), ["bookings.csv"]);
    let World::Trace(trace) = &document.scenario.world else {
        panic!("a trace");
    };
    assert_eq!(trace.hotels(), 0);
}

/// The command line finds files beside the scenario, and says on stderr what it left out.
#[test]
fn the_command_line_reads_files() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trace");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("trace.json");
    let path = file.to_str().unwrap();
    std::fs::write(&file, scenario(&json!({}))).unwrap();
    let bookings = csv(&bookings()) + "h1,soon,2020-02-02,1,1,\n";
    std::fs::write(folder.join("bookings.csv"), bookings).unwrap();
    let Said { code, out, err } = stayfresh(&["run", path, "--json"], b"");
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("1 of 901 rows are left out"), "{err}");
    assert!(err.contains("line 902: `booked_at` is \"soon\""), "{err}");
    let results: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(results["designs"][0]["metrics"]["accuracy"]["mean"], 1.0);
    assert_eq!(
        results["scenario"]["world"]["trace"]["bookings"],
        "bookings.csv"
    );
    let Said { code, err, .. } = stayfresh(&["check", path], b"");
    assert_eq!(code, 0, "{err}");
    std::fs::write(&file, scenario(&json!({ "bookings": "none.csv" }))).unwrap();
    let Said { code, err, .. } = stayfresh(&["check", path], b"");
    assert_eq!(code, 2);
    assert!(
        err.contains("cannot read \"none.csv\"") && err.contains("trace.json:1:"),
        "{err}"
    );
}
