//! What two real hotels did: the figures that demand is calibrated on.
//!
//! Drawn from N. Antonio, A. de Almeida, L. Nunes, "Hotel booking demand datasets", Data in Brief 22 (2019)
//! 41–49, doi 10.1016/j.dib.2018.11.126, CC BY 4.0: 119,390 bookings, one row a room, of a city hotel and a
//! resort, arrivals 1 July 2015 to 31 August 2017. The file itself is not shipped.
//!
//! A tour operator's contract shows as many rooms for many dates on one booking day. "Group" rows are those
//! of market segment Groups or customer type Group or Transient-Party.

/// Leads are cut at two years: the longest in the file is 737 days.
pub(crate) const LEAD_DAYS: usize = 738;
/// Longer stays, 0.1 % of the file, count as this many nights.
pub(crate) const LONGEST_STAY: usize = 28;

/// The figures of one hotel.
#[derive(Debug)]
pub(super) struct Figures {
    /// Share of bookings made at most so many days ahead; linear between the points.
    pub(super) booked_within: &'static [(usize, f64)],
    /// Shares of bookings for 1, 2, … nights, the few of no night left out.
    pub(super) nights: [f64; LONGEST_STAY],
    /// Shares of arrivals by month, January first, over two whole years.
    pub(super) arrivals_by_month: [f64; 12],
    /// Shares of arrivals by weekday, Monday first.
    pub(super) arrivals_by_weekday: [f64; 7],
    /// Shares of bookings by the weekday they are made on, Monday first (July 2015 to August 2016).
    pub(super) booked_by_weekday: [f64; 7],
    /// What is cancelled, by lead, in rising order.
    pub(super) cancelled: [Cancelled; 11],
    /// Deciles of (days from booking to cancellation) / lead, of what is cancelled later than on the booking
    /// day at leads of 8 days or more.
    pub(super) cancelled_after: [f64; 11],
    /// Bookings made a day, July 2015 to August 2016: mean.
    pub(super) booked_a_day: f64,
    /// The same: variance / mean.
    pub(super) dispersion: f64,
    /// Share of those bookings that are of groups.
    pub(super) groups: f64,
    /// The others among those bookings: (variance − mean) / mean².
    pub(super) others_excess: f64,
    /// Rooms of a group for one arrival day, as the mean that a room of a group sees.
    pub(super) group_rooms: f64,
}

/// Cancellations of bookings made up to so many days ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cancelled {
    /// The longest lead this holds for, in days.
    pub(super) within: usize,
    /// Share of bookings that are cancelled or not used.
    pub(super) share: f64,
    /// Share of the cancellations that come on the booking day.
    pub(super) same_day: f64,
}

const fn cancelled(within: usize, share: f64, same_day: f64) -> Cancelled {
    Cancelled {
        within,
        share,
        same_day,
    }
}

/// The city hotel (H2): 79,330 bookings.
pub(super) const CITY: Figures = Figures {
    booked_within: &[
        (0, 0.0392),
        (1, 0.0627),
        (2, 0.0769),
        (3, 0.0898),
        (5, 0.1153),
        (7, 0.1362),
        (10, 0.1609),
        (14, 0.1938),
        (21, 0.2431),
        (30, 0.2945),
        (45, 0.3770),
        (60, 0.4444),
        (75, 0.5075),
        (90, 0.5566),
        (120, 0.6505),
        (150, 0.7213),
        (180, 0.7864),
        (210, 0.8317),
        (240, 0.8632),
        (270, 0.8900),
        (300, 0.9218),
        (330, 0.9485),
        (365, 0.9659),
        (400, 0.9752),
        (450, 0.9874),
        (500, 0.9943),
        (550, 0.9967),
        (629, 1.0),
        (737, 1.0),
    ],
    nights: [
        0.1680, 0.2712, 0.2706, 0.1590, 0.0633, 0.0261, 0.0261, 0.0049, 0.0027, 0.0025, 0.0010,
        0.0008, 0.0005, 0.0013, 0.0005, 0.0002, 0.0001, 0.0001, 0.0002, 0.0002, 0.0001, 0.0001,
        0.0, 0.0001, 0.0, 0.0, 0.0001, 0.0004,
    ],
    arrivals_by_month: [
        0.051, 0.068, 0.089, 0.103, 0.113, 0.109, 0.062, 0.081, 0.102, 0.105, 0.060, 0.057,
    ],
    arrivals_by_weekday: [0.149, 0.115, 0.142, 0.164, 0.176, 0.139, 0.116],
    booked_by_weekday: [0.188, 0.128, 0.187, 0.160, 0.153, 0.106, 0.078],
    cancelled: [
        cancelled(0, 0.0878, 1.0),
        cancelled(1, 0.1249, 0.575),
        cancelled(3, 0.1143, 0.313),
        cancelled(7, 0.1540, 0.228),
        cancelled(14, 0.2482, 0.170),
        cancelled(30, 0.3438, 0.233),
        cancelled(60, 0.3876, 0.234),
        cancelled(90, 0.4145, 0.200),
        cancelled(180, 0.4799, 0.207),
        cancelled(365, 0.6272, 0.095),
        cancelled(737, 0.7112, 0.0),
    ],
    cancelled_after: [
        0.0, 0.053, 0.124, 0.217, 0.300, 0.404, 0.571, 0.727, 0.839, 0.935, 1.0,
    ],
    booked_a_day: 102.1,
    dispersion: 88.7,
    groups: 0.349,
    others_excess: 0.451,
    group_rooms: 33.2,
};

/// The resort (H1): 40,060 bookings.
pub(super) const RESORT: Figures = Figures {
    booked_within: &[
        (0, 0.0808),
        (1, 0.1206),
        (2, 0.1440),
        (3, 0.1639),
        (5, 0.1954),
        (7, 0.2231),
        (10, 0.2517),
        (14, 0.2846),
        (21, 0.3305),
        (30, 0.3830),
        (45, 0.4574),
        (60, 0.5099),
        (75, 0.5573),
        (90, 0.6016),
        (120, 0.6762),
        (150, 0.7393),
        (180, 0.8067),
        (210, 0.8583),
        (240, 0.9033),
        (270, 0.9354),
        (300, 0.9580),
        (330, 0.9739),
        (365, 0.9889),
        (400, 0.9964),
        (450, 0.9974),
        (500, 0.9994),
        (550, 1.0),
        (737, 1.0),
    ],
    nights: [
        0.1953, 0.1567, 0.1435, 0.1216, 0.0702, 0.0453, 0.1662, 0.0196, 0.0158, 0.0237, 0.0079,
        0.0040, 0.0025, 0.0206, 0.0008, 0.0006, 0.0003, 0.0007, 0.0003, 0.0, 0.0015, 0.0002,
        0.0002, 0.0, 0.0009, 0.0001, 0.0, 0.0014,
    ],
    arrivals_by_month: [
        0.060, 0.085, 0.091, 0.099, 0.097, 0.083, 0.077, 0.085, 0.085, 0.097, 0.067, 0.073,
    ],
    arrivals_by_weekday: [0.158, 0.122, 0.123, 0.156, 0.142, 0.176, 0.123],
    booked_by_weekday: [0.185, 0.157, 0.190, 0.154, 0.172, 0.101, 0.041],
    cancelled: [
        cancelled(0, 0.0485, 1.0),
        cancelled(1, 0.0552, 0.398),
        cancelled(3, 0.0860, 0.315),
        cancelled(7, 0.0796, 0.243),
        cancelled(14, 0.1677, 0.237),
        cancelled(30, 0.2510, 0.166),
        cancelled(60, 0.3082, 0.115),
        cancelled(90, 0.3469, 0.124),
        cancelled(180, 0.3743, 0.070),
        cancelled(365, 0.4127, 0.058),
        cancelled(737, 0.4662, 0.130),
    ],
    cancelled_after: [
        0.0, 0.033, 0.080, 0.152, 0.258, 0.393, 0.530, 0.675, 0.795, 0.913, 1.0,
    ],
    booked_a_day: 49.1,
    dispersion: 33.1,
    groups: 0.261,
    others_excess: 0.502,
    group_rooms: 17.5,
};

/// The figures above against the file they are drawn from, where it is at hand.
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::{CITY, Figures, LONGEST_STAY, RESORT};

    /// A booking in the file. Days are counted from 1 March of year 0.
    struct Row {
        arrival: i64,
        month: usize,
        lead: usize,
        nights: usize,
        cancelled: bool,
        /// When the booking was last touched: the day of its cancellation, of a cancelled one.
        settled: i64,
        group: bool,
        /// What the rooms of a group have in common.
        block: (String, String),
    }

    impl Row {
        fn made(&self) -> i64 {
            self.arrival - self.lead as i64
        }
    }

    fn day(year: i64, month: i64, day: i64) -> i64 {
        let (year, from_march) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        365 * year + year / 4 - year / 100 + year / 400 + (153 * from_march + 2) / 5 + day - 1
    }

    /// By `STAYFRESH_BOOKINGS`, or where it is kept beside the repository.
    fn file() -> Option<PathBuf> {
        let path = std::env::var_os("STAYFRESH_BOOKINGS").map_or_else(
            || {
                let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
                here.join("../shared/data/hotel_bookings.csv.gz")
            },
            PathBuf::from,
        );
        path.exists().then_some(path)
    }

    fn rows(path: &PathBuf, hotel: &str) -> Vec<Row> {
        let months = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let file = flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap());
        let mut reader = csv::Reader::from_reader(file);
        let column: BTreeMap<String, usize> = reader
            .headers()
            .unwrap()
            .iter()
            .map(String::from)
            .zip(0..)
            .collect();
        reader
            .records()
            .map(Result::unwrap)
            .filter(|row| row[column["hotel"]].starts_with(hotel))
            .map(|row| {
                let text = |name: &str| &row[column[name]];
                let number = |name: &str| text(name).parse::<i64>().unwrap();
                let month = months
                    .iter()
                    .position(|m| *m == text("arrival_date_month"))
                    .unwrap();
                let settled: Vec<i64> = text("reservation_status_date")
                    .split('-')
                    .map(|part| part.parse().unwrap())
                    .collect();
                let kind = text("customer_type");
                Row {
                    arrival: day(
                        number("arrival_date_year"),
                        month as i64 + 1,
                        number("arrival_date_day_of_month"),
                    ),
                    month,
                    lead: number("lead_time") as usize,
                    nights: (number("stays_in_weekend_nights") + number("stays_in_week_nights"))
                        as usize,
                    cancelled: number("is_canceled") == 1,
                    settled: day(settled[0], settled[1], settled[2]),
                    group: text("market_segment") == "Groups"
                        || kind == "Group"
                        || kind == "Transient-Party",
                    block: (text("market_segment").into(), text("agent").into()),
                }
            })
            .collect()
    }

    fn share(rows: &[&Row], hit: impl Fn(&Row) -> bool) -> f64 {
        rows.iter().filter(|row| hit(row)).count() as f64 / rows.len() as f64
    }

    /// Each figure as it is rounded, so within half a unit of its last place and a little.
    fn is(what: &str, file: f64, ours: f64, places: f64) {
        assert!(
            (file - ours).abs() <= 0.51 * places,
            "{what}: {file} in the file, {ours} here"
        );
    }

    fn compare(figures: &Figures, rows: &[Row]) {
        let all: Vec<&Row> = rows.iter().collect();
        for (within, ours) in figures.booked_within {
            is(
                &format!("booked within {within} d"),
                share(&all, |r| r.lead <= *within),
                *ours,
                1e-4,
            );
        }

        let nights: Vec<&Row> = rows.iter().filter(|r| r.nights > 0).collect();
        for (n, ours) in (1..).zip(figures.nights) {
            is(
                &format!("{n} nights"),
                share(&nights, |r| r.nights.min(LONGEST_STAY) == n),
                ours,
                1e-4,
            );
        }

        let weekday = |day: i64| (day + 2).rem_euclid(7) as usize;
        for (d, ours) in figures.arrivals_by_weekday.iter().enumerate() {
            is(
                &format!("arrivals on {d}"),
                share(&all, |r| weekday(r.arrival) == d),
                *ours,
                1e-3,
            );
        }
        let years: Vec<&Row> = rows
            .iter()
            .filter(|r| r.arrival < day(2017, 7, 1))
            .collect();
        for (m, ours) in figures.arrivals_by_month.iter().enumerate() {
            is(
                &format!("month {m}"),
                share(&years, |r| r.month == m),
                *ours,
                1e-3,
            );
        }

        let clean_up = day(2015, 10, 21);
        let mut from = 0;
        for ours in figures.cancelled {
            let here = |r: &&Row| (from..=ours.within).contains(&r.lead);
            let made: Vec<&Row> = rows.iter().filter(here).collect();
            let what = format!("cancelled at {from} to {} d", ours.within);
            is(&what, share(&made, |r| r.cancelled), ours.share, 1e-4);
            let cancelled: Vec<&Row> = made
                .into_iter()
                .filter(|r| r.cancelled && r.settled != clean_up)
                .collect();
            is(
                &what,
                share(&cancelled, |r| r.settled == r.made()),
                ours.same_day,
                1e-3,
            );
            from = ours.within + 1;
        }
        let mut parts: Vec<f64> = rows
            .iter()
            .filter(|r| r.cancelled && r.settled != clean_up && r.lead >= 8 && r.settled > r.made())
            .map(|r| (r.settled - r.made()) as f64 / r.lead as f64)
            .collect();
        parts.sort_by(f64::total_cmp);
        for (decile, ours) in figures.cancelled_after.iter().enumerate().skip(1) {
            let file = parts[(parts.len() - 1) * decile / 10];
            is(
                &format!("decile {decile} of cancellations"),
                file,
                *ours,
                2e-3,
            );
        }

        // A year and two months in which nearly all bookings made have their arrival in the file.
        let (first, last) = (day(2015, 7, 1), day(2016, 8, 31));
        let window: Vec<&Row> = rows
            .iter()
            .filter(|r| (first..=last).contains(&r.made()))
            .collect();
        let mut counts = vec![(0.0, 0.0); (last - first + 1) as usize];
        let mut blocks = BTreeMap::new();
        let mut by_weekday = [(0.0, 0.0); 7];
        for day in first..=last {
            by_weekday[weekday(day)].1 += 1.0;
        }
        for row in &window {
            let count = &mut counts[(row.made() - first) as usize];
            count.0 += 1.0;
            by_weekday[weekday(row.made())].0 += 1.0;
            if row.group {
                let same = (row.arrival, row.made(), row.nights, &row.block);
                *blocks.entry(same).or_insert(0.0) += 1.0;
            } else {
                count.1 += 1.0;
            }
        }
        let moments = |pick: fn(&(f64, f64)) -> f64| {
            let n = counts.len() as f64;
            let mean = counts.iter().map(pick).sum::<f64>() / n;
            let squares: f64 = counts
                .iter()
                .map(|c| (pick(c) - mean) * (pick(c) - mean))
                .sum();
            (mean, squares / n)
        };
        let (mean, variance) = moments(|c| c.0);
        is("booked a day", mean, figures.booked_a_day, 0.1);
        is("variance / mean", variance / mean, figures.dispersion, 0.1);
        let (mean, variance) = moments(|c| c.1);
        is(
            "excess of the others",
            (variance - mean) / (mean * mean),
            figures.others_excess,
            1e-3,
        );
        is("groups", share(&window, |r| r.group), figures.groups, 1e-3);
        let rooms: f64 = blocks.values().sum();
        let seen: f64 = blocks.values().map(|n| n * n).sum::<f64>() / rooms;
        is("rooms of a group", seen, figures.group_rooms, 0.1);
        let daily = by_weekday.map(|(booked, days)| booked / days);
        let total: f64 = daily.iter().sum();
        for (d, ours) in figures.booked_by_weekday.iter().enumerate() {
            is(&format!("booked on {d}"), daily[d] / total, *ours, 1e-3);
        }
    }

    #[test]
    fn figures_are_those_of_the_file() {
        let Some(path) = file() else {
            println!("skipped: no hotel_bookings.csv.gz; STAYFRESH_BOOKINGS may name it");
            return;
        };
        compare(&CITY, &rows(&path, "City"));
        compare(&RESORT, &rows(&path, "Resort"));
    }
}
