//! Hotels as they were: bookings, and searches where there are any, from CSV.
//!
//! ```text
//!  bookings.csv ──▶ bookings, cancellations ──▶ rooms left ──▶ rows ──rules──▶ answers
//!  searches.csv ──▶ searches
//! ```
//!
//! A file says who booked and who cancelled, not how many rooms there were: a hotel has one room type, with so
//! many times the most rooms that were ever held for a night at once. A booking of the file is a fact: it takes
//! its rooms even where none is left, but counts as a booking of the world only where its stay was available.
//! There are no rate plans and no suppliers.
//!
//! A moment given as a day alone falls into that day by its hours, drawn anew in each replicate (of a search:
//! once for all). All else is the same in all replicates.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::day_curve::DayCurve;
use super::flips::Flips;
use super::group::{
    Calendar, ChangeStream, Generate, Group, Record, RowState, RuleBook, Rules, RulesScratch, Stay,
};
use super::hotels::Hours;
use super::live_service::LiveService;
use super::searches::SearchShape;
use super::shocks::{Factors, Shocks};
use super::two_state::Popularity;
use crate::scenario::files::Files;
use crate::scenario::limits;
use crate::scenario::problem::Problem;
use crate::scenario::quantity::{Count, Period, Rate};
use crate::sim::clock::{DAY, Horizon, Time};
use crate::sim::math;
use crate::sim::random::{Key, Purpose};

mod moment;
mod read;

pub use moment::Date;
use moment::Moment;
use read::{Booked, Names, Searched};
pub use read::{LeftOut, Report};

/// Hotels as their bookings tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// A CSV file of bookings, with the columns `hotel`, `booked_at`, `check_in`, `nights` and, if known,
    /// `rooms` (1) and `cancelled_at` (empty for none). Moments are ISO 8601 in UTC: 2016-07-01T13:45:00Z, or a
    /// day alone. On the command line relative to the scenario's file.
    pub bookings: String,
    /// A CSV file of searches, with the columns `hotel`, `searched_at`, `check_in` and `nights`. Without it
    /// searches are made from `searches_per_request`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searches: Option<String>,
    /// The first day of the run, warm-up included. Default: the day on which half of the bookings had been
    /// made; there is a history before it, and much is known of what came after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Date>,
    /// How many hotels the file stands for; money is shown for both. Default: as many as it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represents: Option<Count>,
    /// How far ahead a stay can be searched: check-in lead 0 to this, in whole days.
    pub booking_window: Period,
    /// The longest stay that can be searched, in nights. Longer bookings take their rooms all the same.
    #[schemars(range(max = limits::MOST_NIGHTS))]
    pub max_nights: Count,
    /// Rooms of a hotel, as a multiple of the most that bookings ever held for a night at once, those among
    /// them that were cancelled later: hotels overbook. With 1 there is a room for every booking of the file.
    /// Default: 0.8. In the two hotels of Antonio et al. (2019) the most that were ever slept in are 0.88 and
    /// 0.64 of the most that were ever held.
    #[serde(default = "overbooked")]
    #[schemars(range(max = limits::MOST_ROOMS_TIMES))]
    pub rooms_times: Rate,
    /// How searches spread over hotels, in the order of the file. Not of a file of searches.
    #[serde(default)]
    pub popularity: Popularity,
    /// Searches for each room that is booked; days ahead and nights follow the bookings. Not of a file of
    /// searches. Assumed: 500, the low end of published look-to-book ratios.
    #[serde(default = "Trace::searches_per_request")]
    pub searches_per_request: Rate,
    /// How moments that are given as a day alone, and searches, spread over its hours.
    #[serde(default)]
    pub hours: Hours,
    /// How much the domain service can take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_service: Option<LiveService>,
    /// What the files say, once they are read.
    #[serde(skip)]
    data: Option<Arc<Data>>,
}

fn overbooked() -> Rate {
    Rate::of(0.8)
}

/// What the files say.
#[derive(Debug, PartialEq)]
struct Data {
    /// By hotel.
    bookings: Vec<Vec<Booked>>,
    /// By hotel, the most rooms ever held for a night at once.
    rooms: Vec<u32>,
    searches: Option<Vec<Searched>>,
    /// Day 0 of the run, from 1 January 1970, if the scenario does not say.
    starts: i64,
    /// Rooms booked, per hotel and day.
    rooms_a_day: f64,
    /// Bookings' shares by days ahead, and by nights less 1.
    leads: Vec<f64>,
    nights: Vec<f64>,
}

impl Trace {
    /// Searches for each room that is booked, where the scenario does not say.
    #[must_use]
    pub fn searches_per_request() -> Rate {
        Rate::of(500.0)
    }

    /// The names of its files.
    #[must_use]
    pub fn files(&self) -> Vec<&str> {
        let searches = self.searches.as_deref();
        [Some(self.bookings.as_str()), searches]
            .into_iter()
            .flatten()
            .collect()
    }

    /// How many hotels there are, once the files are read.
    #[must_use]
    pub fn hotels(&self) -> u64 {
        let hotels = self.data.as_ref().map(|data| data.bookings.len() as u64);
        hotels.unwrap_or(0)
    }

    /// Rooms that are booked in the file, once it is read: searches go with each.
    #[must_use]
    pub fn rooms_booked(&self) -> u64 {
        let hotels = self.data.iter().flat_map(|data| &data.bookings);
        hotels.flatten().map(|booked| u64::from(booked.rooms)).sum()
    }

    /// Searches in their file, once it is read; none where there is no such file.
    #[must_use]
    pub fn searches(&self) -> Option<u64> {
        let data = self.data.as_ref()?;
        data.searches.as_ref().map(|searches| searches.len() as u64)
    }

    /// Nights that are booked or given back within the calendar of a run: at one hotel the most, and in all.
    #[must_use]
    pub fn night_changes(&self, horizon: Horizon) -> (u64, u64) {
        let Some(data) = &self.data else {
            return (0, 0);
        };
        let first = self.day_0(data);
        let last = first + i64::from(self.calendar(horizon).nights);
        let of = |booked: &Booked| {
            let nights = booked.nights_within(first, last);
            (nights.end - nights.start).max(0) as u64
                * (1 + u64::from(booked.cancelled_at.is_some()))
        };
        let by_hotel = data.bookings.iter();
        let by_hotel = by_hotel.map(|of_hotel| of_hotel.iter().map(of).sum::<u64>());
        by_hotel.fold((0, 0), |(most, all), one| (most.max(one), all + one))
    }

    /// The nights that a run has to do with.
    fn calendar(&self, horizon: Horizon) -> Calendar {
        let window = (self.booking_window.micros() / DAY).max(1);
        let days = (horizon.end + DAY - 1) / DAY;
        let longest = self.max_nights.get();
        Calendar {
            room_types: 1,
            rate_plans: 0,
            window: window as u32,
            nights: (window + days - 1) as u32 + longest - 1,
            longest,
        }
    }

    /// Reads its files.
    ///
    /// # Errors
    /// For a file that cannot be read or has no row to use, and for a run that has no booking.
    pub(crate) fn read(
        &mut self,
        files: &dyn Files,
        horizon: Horizon,
    ) -> Result<Vec<Report>, Box<Problem>> {
        let open = |path: &str, name: &str| {
            files.open(name).map_err(|error| -> Box<Problem> {
                Problem::new(path, format!("cannot read {name:?}: {error}"))
                    .expected("a CSV file")
                    .suggest("give its name as it is, relative to the scenario's file")
                    .into()
            })
        };
        let at = |path: &str, mut problem: Box<Problem>| {
            problem.path = path.to_owned();
            problem
        };
        let path = "/world/trace/bookings";
        let mut names = Names::default();
        let file = open(path, &self.bookings)?;
        let (all, report) =
            read::bookings(&self.bookings, file, &mut names).map_err(|p| at(path, p))?;
        if all.is_empty() {
            return Err(nothing_to_use(path, &report));
        }
        let mut reports = vec![report];
        let mut searches = None;
        if let Some(name) = &self.searches {
            let path = "/world/trace/searches";
            let file = open(path, name)?;
            let (all, report) = read::searches(name, file, &names).map_err(|p| at(path, p))?;
            if all.is_empty() {
                return Err(nothing_to_use(path, &report));
            }
            reports.push(report);
            searches = Some(all);
        }
        let data = Data::new(all, names.len(), searches);
        self.overlaps(&data, horizon)?;
        self.data = Some(Arc::new(data));
        Ok(reports)
    }

    /// Day 0 of the run, from 1 January 1970.
    fn day_0(&self, data: &Data) -> i64 {
        self.starts.map_or(data.starts, Date::days)
    }

    /// A run in which nothing is booked is a mistake, and so is one in which nothing of a file is searched.
    fn overlaps(&self, data: &Data, horizon: Horizon) -> Result<(), Box<Problem>> {
        let booked = data.bookings.iter().flatten().map(|booked| booked.at.day());
        let booked: Vec<i64> = booked.collect();
        self.meets(data, &booked, horizon, ("booked", "bookings"))?;
        let Some(searches) = &data.searches else {
            return Ok(());
        };
        let searched: Vec<i64> = searches.iter().map(|searched| searched.at.day()).collect();
        self.meets(data, &searched, horizon, ("searched", "searches"))
    }

    /// Whether the run has any of these days.
    fn meets(
        &self,
        data: &Data,
        days: &[i64],
        horizon: Horizon,
        (done, what): (&str, &str),
    ) -> Result<(), Box<Problem>> {
        let first = self.day_0(data);
        let last = first + (horizon.end + DAY - 1) / DAY - 1;
        if days.iter().any(|day| (first..=last).contains(day)) {
            return Ok(());
        }
        let date = Date::of_days;
        let (from, to) = (days.iter().min(), days.iter().max());
        let [from, to] = [from, to].map(|day| date(day.copied().unwrap_or(0)));
        Err(Problem::new(
            "/world/trace/starts",
            format!(
                "nothing is {done} in the run, which is from {} to {}",
                date(first),
                date(last)
            ),
        )
        .expected(format!(
            "a run among the days on which {what} were made, {from} to {to}"
        ))
        .suggest("give another day, or none")
        .into())
    }
}

fn nothing_to_use(path: &str, report: &Report) -> Box<Problem> {
    let why = match report.left_out.first() {
        None => "it has no rows".to_owned(),
        Some(LeftOut { line, why }) => format!("line {line}: {why}"),
    };
    Problem::new(path, format!("{}: nothing can be used: {why}", report.file))
        .expected("rows below the line that names the columns")
        .into()
}

impl Data {
    fn new(all: Vec<Booked>, hotels: usize, searches: Option<Vec<Searched>>) -> Self {
        let mut days: Vec<i64> = all.iter().map(|booked| booked.at.day()).collect();
        days.sort_unstable();
        let starts = days[days.len() / 2];
        let span = days[days.len() - 1] - days[0] + 1;
        let total: f64 = all.iter().map(|booked| f64::from(booked.rooms)).sum();
        let mut leads = vec![0.0; 1_024];
        let mut nights = vec![0.0; 366];
        for booked in &all {
            let lead = (booked.check_in - booked.at.day()).min(1_023);
            leads[lead as usize] += f64::from(booked.rooms) / total;
            nights[booked.nights as usize - 1] += f64::from(booked.rooms) / total;
        }
        smooth(&mut leads);
        let mut by_hotel = vec![Vec::new(); hotels];
        for booked in all {
            by_hotel[booked.hotel as usize].push(booked);
        }
        Self {
            rooms: by_hotel
                .iter()
                .map(|of_hotel| most_held(of_hotel))
                .collect(),
            bookings: by_hotel,
            searches,
            starts,
            rooms_a_day: total / (span as f64 * hotels as f64),
            leads,
            nights,
        }
    }
}

/// Spreads shares evenly within 0, 1, 2 to 3, 4 to 7, 8 to 15 days and so on: a file has few of each.
fn smooth(shares: &mut [f64]) {
    let mut from = 1;
    while from < shares.len() {
        let to = (2 * from).min(shares.len());
        let mean = shares[from..to].iter().sum::<f64>() / (to - from) as f64;
        shares[from..to].fill(mean);
        from = to;
    }
}

/// The most rooms that were held for one night at once. Of what is known by the day alone, bookings come
/// before cancellations, so that it is enough whatever the hours.
fn most_held(bookings: &[Booked]) -> u32 {
    let mut turns: Vec<(Time, bool, usize)> = Vec::with_capacity(2 * bookings.len());
    for (index, booked) in bookings.iter().enumerate() {
        turns.push((booked.at.at, true, index));
        if let Some(cancelled) = booked.cancelled_at {
            // Not before a booking of the same moment.
            turns.push((cancelled.latest().max(booked.at.latest()) + 1, false, index));
        }
    }
    turns.sort_unstable();
    // Only nights that are booked count: between the first and the last there may be thousands of years.
    let mut stays: Vec<(i64, i64)> = bookings
        .iter()
        .map(|b| (b.check_in, b.check_in + i64::from(b.nights)))
        .collect();
    stays.sort_unstable();
    // Runs of nights without a gap: from the first to the last, and how many nights come before it.
    let mut runs: Vec<(i64, i64, usize)> = Vec::new();
    let mut nights = 0;
    for (from, to) in stays {
        match runs.last_mut() {
            Some((_, end, _)) if from <= *end => {
                nights += (to - *end).max(0) as usize;
                *end = to.max(*end);
            }
            _ => {
                runs.push((from, to, nights));
                nights += (to - from) as usize;
            }
        }
    }
    let place = |night: i64| {
        let run = runs.partition_point(|(from, ..)| *from <= night) - 1;
        runs[run].2 + (night - runs[run].0) as usize
    };
    let mut held = vec![0_u32; nights];
    let mut most = 0;
    for (_, is_booked, index) in turns {
        let booked = &bookings[index];
        let from = place(booked.check_in);
        for rooms in &mut held[from..from + booked.nights as usize] {
            if is_booked {
                *rooms += booked.rooms;
                most = most.max(*rooms);
            } else {
                *rooms -= booked.rooms;
            }
        }
    }
    most
}

/// The trace, made ready.
#[derive(Debug)]
pub struct TraceWorld {
    represents: Option<f64>,
    horizon: Horizon,
    calendar: Calendar,
    rules: Rules,
    book: RuleBook,
    hours: DayCurve,
    /// By hotel: its rooms and its bookings that matter, with days counted from the run's first.
    hotels: Vec<(i32, Vec<Booked>)>,
    /// The stays of a hotel that nobody searches for by file.
    stays: Vec<Stay>,
    /// By hotel: stays that are searched for by file, and the shapes of their searches.
    searched: Vec<Vec<(u32, u32)>>,
    shapes: Vec<SearchShape>,
    popularity: Vec<f64>,
}

impl TraceWorld {
    /// Makes a trace ready that has been read; one that has not has no hotels. A shock of demand changes
    /// nothing: bookings are facts.
    #[must_use]
    pub fn new(world: &Trace, horizon: Horizon, shocks: &Shocks) -> Self {
        let calendar = world.calendar(horizon);
        let hours = world.hours.curve();
        let mut ready = Self {
            represents: None,
            horizon,
            calendar,
            rules: Rules::Nights(calendar),
            book: shocks.rule_book(),
            hours: hours.clone(),
            hotels: Vec::new(),
            stays: Vec::new(),
            searched: Vec::new(),
            shapes: Vec::new(),
            popularity: Vec::new(),
        };
        let Some(data) = &world.data else {
            return ready;
        };
        let day_0 = world.day_0(data);
        let since = |moment: Moment| Moment {
            at: moment.at - day_0 * DAY,
            ..moment
        };
        let last_night = i64::from(calendar.nights);
        for (rooms, bookings) in data.rooms.iter().zip(&data.bookings) {
            let rooms = math::floor(f64::from(*rooms) * world.rooms_times.get() + 0.5).max(1.0);
            let shifted = bookings.iter().map(|booked| Booked {
                at: since(booked.at),
                cancelled_at: booked.cancelled_at.map(since),
                check_in: booked.check_in - day_0,
                ..*booked
            });
            let matters = shifted.filter(|booked| {
                booked.at.at < horizon.end
                    && booked.ends() > 0
                    && !booked.nights_within(0, last_night).is_empty()
            });
            ready.hotels.push((rooms as i32, matters.collect()));
        }
        let hotels = ready.hotels.len() as u64;
        ready.represents = world
            .represents
            .map(|represents| f64::from(represents.get()) / hotels as f64);
        let traffic = Factors::new(&shocks.traffic);
        ready.make_stays(world, data, &Arc::new(hours), &traffic);
        match &data.searches {
            Some(searches) => ready.search_as_told(searches, day_0, &traffic),
            None => ready.popularity = world.popularity.weights(hotels),
        }
        ready.find_flips();
        ready
    }

    /// The stays, and how their searches spread over time where no file tells.
    fn make_stays(&mut self, world: &Trace, data: &Data, hours: &Arc<DayCurve>, traffic: &Factors) {
        let calendar = self.calendar;
        let (window, days) = (i64::from(calendar.window), i64::from(calendar.days()));
        let per_hotel = world.searches_per_request.get() * data.rooms_a_day;
        if data.searches.is_some() {
            self.shapes.push(SearchShape::new(self.horizon, &[]));
        }
        let mut stretches = Vec::new();
        for check_in in 0..i64::from(calendar.check_ins()) {
            let enters = (check_in - window + 1).max(0);
            let leaves = (check_in + 1).min(days);
            if data.searches.is_none() {
                stretches.clear();
                for day in enters..leaves {
                    let lead = data.leads.get((check_in - day) as usize);
                    let searches = per_hotel * lead.copied().unwrap_or(0.0);
                    let pieces = traffic.pieces(day * DAY, (day + 1) * DAY);
                    stretches.extend(pieces.map(|(from, to, times)| (from, to, searches * times)));
                }
                self.shapes
                    .push(SearchShape::with_hours(self.horizon, &stretches, hours));
            }
            let shape = self.shapes.len() as u32 - 1;
            self.stays.extend((1..=calendar.longest).map(|nights| Stay {
                enters: enters * DAY,
                leaves: (leaves * DAY).min(self.horizon.end),
                shape,
                nights,
                weight: data.nights[nights as usize - 1],
                check_in: check_in * DAY,
                flips_per_day: [0.0; 2],
            }));
        }
    }

    /// Searches of a file, each at its moment. Traffic so many times as large repeats them, or leaves them out
    /// by chance, the same in all replicates.
    fn search_as_told(&mut self, searches: &[Searched], day_0: i64, traffic: &Factors) {
        let calendar = self.calendar;
        let key = Key::replicate(0, 0).name("searches of a trace");
        let mut all: Vec<(u32, u32, Time)> = Vec::new();
        for (row, searched) in (0..).zip(searches) {
            let key = key.at(row);
            let mut at = searched.at.at - day_0 * DAY;
            if searched.at.whole_day {
                at += self.hours.at(key.at(0).unit());
            }
            let check_in = searched.check_in - day_0;
            if !(0..i64::from(calendar.check_ins())).contains(&check_in)
                || searched.nights > calendar.longest
            {
                continue;
            }
            let stay = calendar.stay(check_in as u32, searched.nights);
            let Stay { enters, leaves, .. } = self.stays[stay as usize];
            if (enters..leaves).contains(&at) {
                let (times, _) = traffic.at(at);
                let more = key.at(1).happens(times - math::floor(times));
                for _ in 0..math::floor(times) as u64 + u64::from(more) {
                    all.push((searched.hotel, stay, at));
                }
            }
        }
        all.sort_unstable();
        self.searched = vec![Vec::new(); self.hotels.len()];
        for of_stay in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let times = of_stay.iter().map(|(_, _, at)| *at).collect();
            let shape = self.shapes.len() as u32;
            self.shapes.push(SearchShape::told(self.horizon, times));
            let (hotel, stay, _) = of_stay[0];
            self.searched[hotel as usize].push((stay, shape));
        }
    }

    /// Finds how often stays flip, in the hotels themselves.
    fn find_flips(&mut self) {
        let sample = Key::replicate(0, 0).name("flips");
        let mut flips = Flips::new(self.calendar);
        let mut group = Group::default();
        for hotel in 0..flips.hotels().min(self.groups()) {
            self.fill(sample, hotel, &mut group);
            flips.look(&group);
        }
        flips.tell(&mut self.stays);
    }

    /// When a booking is made and when it is cancelled, if it is.
    fn moments(&self, key: Key, booked: &Booked) -> (Time, Option<Time>) {
        let within = |moment: Moment, key: Key| {
            if moment.whole_day {
                moment.at + self.hours.at(key.unit())
            } else {
                moment.at
            }
        };
        let mut at = within(booked.at, key.at(0));
        let cancelled = booked.cancelled_at.map(|moment| {
            if booked.at.whole_day && !moment.whole_day {
                at = at.min((moment.at - 1).max(booked.at.at));
            }
            within(moment, key.at(1)).max(at + 1)
        });
        (at, cancelled)
    }
}

impl Generate for TraceWorld {
    fn groups(&self) -> u64 {
        self.hotels.len() as u64
    }

    fn fill(&self, replicate: Key, group: u64, into: &mut Group) {
        into.clear(group);
        into.search_scale = self.popularity.get(group as usize).copied().unwrap_or(1.0);
        into.stays.extend_from_slice(&self.stays);
        for (stay, shape) in self.searched.get(group as usize).into_iter().flatten() {
            let stay = &mut into.stays[*stay as usize];
            (stay.shape, stay.weight) = (*shape, 1.0);
        }

        let (rooms, bookings) = &self.hotels[group as usize];
        let key = replicate.purpose(Purpose::Requests).at(group);
        let mut turns: Vec<(Time, bool, u32)> = Vec::with_capacity(2 * bookings.len());
        for (index, booked) in (0_u32..).zip(bookings) {
            let (at, cancelled) = self.moments(key.at(u64::from(index)), booked);
            turns.push((at, true, index));
            turns.extend(cancelled.map(|at| (at, false, index)));
        }
        turns.retain(|(at, ..)| *at < self.horizon.end);
        // Rooms are given back before they are taken.
        turns.sort_unstable();

        let nights = i64::from(self.calendar.nights);
        let mut left = vec![*rooms; nights as usize];
        let before = turns.partition_point(|(at, ..)| *at < 0);
        let (history, run) = turns.split_at(before);
        for (_, is_booked, index) in history {
            let booked = &bookings[*index as usize];
            let takes = if *is_booked { 1 } else { -1 } * booked.rooms as i32;
            for night in booked.nights_within(0, nights) {
                left[night as usize] -= takes;
            }
        }
        let at_start = left.iter().map(|left| RowState::with_rooms(*left));
        into.rows.at_start.extend(at_start);
        let mut record = Record {
            calendar: self.calendar,
            on_board: (0, self.horizon.end),
            rows: &mut into.rows,
            bookings: &mut into.bookings,
        };
        for (at, is_booked, index) in run {
            let booked = &bookings[*index as usize];
            let within = booked.nights_within(0, nights);
            if *is_booked && within.clone().all(|night| left[night as usize] > 0) {
                record.booked(*at, booked.check_in, booked.nights);
            }
            let (takes, stream) = if *is_booked {
                (booked.rooms as i32, ChangeStream::Bookings)
            } else {
                (-(booked.rooms as i32), ChangeStream::Cancellations)
            };
            for night in within {
                let left = &mut left[night as usize];
                *left -= takes;
                record.note(*at, night as u32, RowState::with_rooms(*left), stream);
            }
        }
        into.bookings.sort_unstable();
        into.settle(&self.rules, &self.book, &mut RulesScratch::default());
    }

    fn rules(&self) -> &Rules {
        &self.rules
    }

    fn rule_book(&self) -> &RuleBook {
        &self.book
    }

    fn shapes(&self) -> &[SearchShape] {
        &self.shapes
    }

    fn slots(&self, _: u64) -> u32 {
        self.calendar.window * self.calendar.longest
    }

    fn stay_at(&self, slot: u32, at: Time) -> u32 {
        (at / DAY) as u32 * self.calendar.longest + slot
    }

    fn on_board(&self, _: Key, _: u64) -> (Time, Time) {
        (0, self.horizon.end)
    }

    fn kind(&self, group: u64) -> u64 {
        if self.searched.is_empty() { 0 } else { group }
    }

    fn scale(&self, group: u64) -> f64 {
        self.popularity.get(group as usize).copied().unwrap_or(1.0)
    }

    fn slot_searches(&self, kind: u64, at: Time, into: &mut Vec<f64>) {
        let stays = (0..self.slots(0)).map(|slot| self.stay_at(slot, at));
        let told = self.searched.get(kind as usize);
        into.extend(stays.map(|stay| {
            let told = told.and_then(|told| {
                let place = told.binary_search_by_key(&stay, |(of, _)| *of);
                place.ok().map(|place| told[place].1)
            });
            let Stay { shape, weight, .. } = self.stays[stay as usize];
            match told {
                Some(shape) => self.shapes[shape as usize].per_day(at),
                None => self.shapes[shape as usize].per_day(at) * weight,
            }
        }));
    }

    fn represents(&self) -> Option<f64> {
        self.represents
    }
}

#[cfg(test)]
mod tests {
    use super::read::Booked;
    use super::*;
    use crate::sim::random::Key;
    use crate::world::trace::moment::Moment;

    /// Against a sum night by night, of bookings in clusters that lie a thousand years apart.
    #[test]
    fn rooms_are_counted_where_nights_are_booked() {
        let root = Key::replicate(7, 3);
        for case in 0..60 {
            let key = root.at(case);
            let within = |key: Key, below: u64| (key.word() % below) as i64;
            let booked = |index: u64| {
                let key = key.at(index);
                let check_in = 365_000 * within(key.at(0), 3) + within(key.at(1), 40);
                let at = Moment {
                    at: DAY * (check_in - within(key.at(2), 30)),
                    whole_day: false,
                };
                let cancelled_at = key.at(3).happens(0.3).then(|| Moment {
                    at: at.at + within(key.at(4), 20) * DAY,
                    ..at
                });
                Booked {
                    hotel: 0,
                    at,
                    cancelled_at,
                    check_in,
                    nights: 1 + within(key.at(5), 9) as u32,
                    rooms: 1 + within(key.at(6), 3) as u32,
                }
            };
            let bookings: Vec<Booked> = (0..case).map(booked).collect();
            // At each moment of booking, what is held of that stay's nights.
            let held = |night: i64, at: Time| -> u32 {
                let covers =
                    |b: &&Booked| (b.check_in..b.check_in + i64::from(b.nights)).contains(&night);
                let holds = |b: &&Booked| {
                    b.at.at <= at
                        && b.cancelled_at
                            .is_none_or(|gone| gone.at.max(b.at.at) + 1 > at)
                };
                bookings
                    .iter()
                    .filter(covers)
                    .filter(holds)
                    .map(|b| b.rooms)
                    .sum()
            };
            let of_booking = |b: &Booked| {
                let nights = b.check_in..b.check_in + i64::from(b.nights);
                nights.map(|night| held(night, b.at.at)).max()
            };
            let expected = bookings.iter().filter_map(of_booking).max().unwrap_or(0);
            assert_eq!(most_held(&bookings), expected, "case {case}");
        }
    }
}
