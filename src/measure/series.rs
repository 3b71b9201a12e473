//! Curves over time, hour by hour after the warm-up: exact integrals, not samples.

use serde::{Deserialize, Serialize};

use crate::sim::clock::{DAY, HOUR, MINUTE, Time};

/// A stretch of time, counted from the end of the warm-up: when it begins and when it ends.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    begins: Turn,
    ends: Turn,
}

/// A moment, counted from the end of the warm-up, with the hour that it is in, and how much of that is past.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    at: Time,
    hour: usize,
    past: Time,
}

impl Stretch {
    /// From `from` to `to`, if that is any time.
    #[must_use]
    #[inline]
    pub fn new(from: Time, to: Time) -> Option<Self> {
        (from < to).then(|| Self::between(Turn::new(from), Turn::new(to)))
    }

    /// From one turn to a later one.
    #[must_use]
    #[inline]
    pub fn between(begins: Turn, ends: Turn) -> Self {
        Self { begins, ends }
    }

    /// Where it ends.
    #[must_use]
    #[inline]
    pub fn ends(&self) -> Turn {
        self.ends
    }

    /// How long it is.
    #[must_use]
    #[inline]
    pub fn length(&self) -> Time {
        self.ends.at - self.begins.at
    }
}

impl Turn {
    /// A moment from the end of the warm-up on.
    #[must_use]
    #[inline]
    pub fn new(at: Time) -> Self {
        let hour = at as u64 / HOUR as u64;
        Self {
            at,
            hour: hour as usize,
            // Not the remainder, which WebAssembly would divide for once more.
            past: at - hour as Time * HOUR,
        }
    }
}

/// Time spent in a state, by hour. A long stretch costs no more than a short one: what is kept of an hour are the
/// turns in it, where stretches begin and end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyTime {
    hours: Vec<Turns>,
}

/// The turns in an hour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Turns {
    /// How many more stretches begin in the hour than end.
    begun: i64,
    /// Of those that begin, less those that end: how much of the hour was past, in microseconds.
    past: i64,
}

impl Turns {
    #[inline]
    fn begin(&mut self, turn: Turn) {
        self.begun += 1;
        self.past += turn.past;
    }

    #[inline]
    fn end(&mut self, turn: Turn) {
        self.begun -= 1;
        self.past -= turn.past;
    }

    /// So many begin; of less than none, end.
    fn begin_times(&mut self, turn: Turn, times: i64) {
        self.begun += times;
        self.past += times * turn.past;
    }

    fn merge(&mut self, other: Self) {
        self.begun += other.begun;
        self.past += other.past;
    }
}

/// Microseconds in each hour, by the turns in it.
fn time_by_hour(turns: impl Iterator<Item = Turns>) -> impl Iterator<Item = i64> {
    turns.scan(0, |open, Turns { begun, past }| {
        *open += begun;
        Some(*open * HOUR - past)
    })
}

impl HourlyTime {
    /// For so much measured time.
    #[must_use]
    pub fn new(measured: Time) -> Self {
        Self {
            // What ends with the last hour ends in the one after.
            hours: vec![Turns::default(); hours(measured) + 1],
        }
    }

    /// Adds the stretch `from..to`, counted from the end of the warm-up.
    #[inline]
    pub fn add(&mut self, from: Time, to: Time) {
        if let Some(stretch) = Stretch::new(from, to) {
            self.add_stretch(stretch);
        }
    }

    /// Adds the stretch `from..to` so many times.
    pub fn add_times(&mut self, from: Time, to: Time, times: u64) {
        if let Some(Stretch { begins, ends }) = Stretch::new(from, to) {
            let times = times as i64;
            self.hours[begins.hour].begin_times(begins, times);
            self.hours[ends.hour].begin_times(ends, -times);
        }
    }

    /// Adds a stretch.
    #[inline(always)]
    pub fn add_stretch(&mut self, Stretch { begins, ends }: Stretch) {
        self.hours[begins.hour].begin(begins);
        self.hours[ends.hour].end(ends);
    }

    /// Adds another's time.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.hours.iter_mut().zip(&other.hours) {
            mine.merge(*theirs);
        }
    }

    /// Microseconds in each hour.
    pub fn hours(&self) -> impl Iterator<Item = i64> + '_ {
        let last = self.hours.len() - 1;
        time_by_hour(self.hours[..last].iter().copied())
    }
}

/// Time spent in a state that grows with it (staleness), and the integral of how far it has grown, by hour. A long
/// stretch costs no more than a short one: in whole hours the integral follows from how many stretches cover them, and
/// from when those have grown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourlyRamp {
    hours: Vec<Ramps>,
}

/// The turns in an hour of what grows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ramps {
    turns: Turns,
    /// Of the stretches that begin in the hour, less those that end, the sum of their origins;
    origins: i128,
    /// and of what was past of the hour, times twice the origin less what was past.
    products: i128,
}

impl Ramps {
    #[inline]
    fn product(origin: Time, turn: Turn) -> i128 {
        i128::from(turn.past) * i128::from(2 * origin - turn.past)
    }
}

impl HourlyRamp {
    /// For so much measured time.
    #[must_use]
    pub fn new(measured: Time) -> Self {
        Self {
            // What ends with the last hour ends in the one after.
            hours: vec![Ramps::default(); hours(measured) + 1],
        }
    }

    /// Adds a stretch, and ∫ (t − origin) dt over it; the origin is counted from the end of the warm-up, too.
    #[inline(always)]
    pub fn add_stretch(&mut self, origin: Time, Stretch { begins, ends }: Stretch) {
        let hour = &mut self.hours[begins.hour];
        hour.turns.begin(begins);
        hour.origins += i128::from(origin);
        hour.products += Ramps::product(origin, begins);
        let hour = &mut self.hours[ends.hour];
        hour.turns.end(ends);
        hour.origins -= i128::from(origin);
        hour.products -= Ramps::product(origin, ends);
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.hours.iter_mut().zip(&other.hours) {
            mine.turns.merge(theirs.turns);
            mine.origins += theirs.origins;
            mine.products += theirs.products;
        }
    }

    /// Microseconds in each hour.
    pub fn hours(&self) -> impl Iterator<Item = i64> + '_ {
        let last = self.hours.len() - 1;
        time_by_hour(self.hours[..last].iter().map(|hour| hour.turns))
    }

    /// Twice the integral in each hour.
    pub fn doubled(&self) -> impl Iterator<Item = i128> + '_ {
        let last = self.hours.len() - 1;
        let hours = (0..).zip(&self.hours[..last]);
        hours.scan((0, 0), |(open, origins), (hour, ramps)| {
            *open += i128::from(ramps.turns.begun);
            *origins += ramps.origins;
            // As if each stretch that begins were open all the hour, and each that ends were not at all: twice ∫ dt from
            // its start to its end, less its origin. Up to a turn that is too much, and of a stretch that begins, less
            // of one that ends, twice ∫ (t − origin) dt from `start` to `start` + past.
            let start: Time = hour * HOUR;
            let whole = *open * doubled_ramp(start, start + HOUR) - 2 * i128::from(HOUR) * *origins;
            let before = 2 * i128::from(start) * i128::from(ramps.turns.past) - ramps.products;
            Some(whole - before)
        })
    }
}

/// Events by minute: single and regular ones where they fall, counted ones spread evenly over their stretch, which
/// is where they are expected. In fixed point, so that adding in any order gives the same bits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// In partly covered minutes.
    parts: Vec<i64>,
    /// Change of what each whole minute gets from stretches that cover it.
    steps: Vec<i64>,
    /// By the minutes from one event to the next, in their order, which are few: how many more each minute gets than
    /// the one so much before it.
    regular: Vec<(usize, Vec<i64>)>,
}

/// How many whole minutes are past at a moment, which is not before the first.
#[inline]
fn minute(at: Time) -> usize {
    (at as u64 / MINUTE as u64) as usize
}

/// The minutes of all days that so many minutes begin: room is made day by day.
fn whole_days(minutes: usize) -> usize {
    minutes.next_multiple_of((DAY / MINUTE) as usize)
}

/// Fractions of an event.
const FRACTIONS: i64 = 1 << 16;

impl Minutes {
    /// So many events at `at`, counted from the end of the warm-up.
    #[inline]
    pub fn add(&mut self, at: Time, count: u64) {
        let minute = minute(at);
        self.reach(minute);
        self.parts[minute] += count as i64 * FRACTIONS;
    }

    /// Events one by one, as they are told, none of them after `until`; all counted from the end of the warm-up.
    #[inline]
    pub fn one_by_one(&mut self, until: Time) -> impl FnMut(Time) {
        self.reach(minute(until));
        let parts = &mut self.parts[..];
        |at| {
            let part = &mut parts[minute(at)];
            // 2^47 events in a minute are never reached.
            *part = part.wrapping_add(FRACTIONS);
        }
    }

    /// So many events, the first at `first`, counted from the end of the warm-up, the others `gap` apart.
    pub fn add_regular(&mut self, first: Time, gap: Time, count: u64) {
        if count == 0 {
            return;
        }
        let every = minute(gap);
        if every == 0 {
            // Evenly is where they fall, to one a minute.
            return self.add_even(first, first + count as Time * gap, count);
        }
        if every as Time * MINUTE != gap {
            return (0..count as Time).for_each(|event| self.add(first + event * gap, 1));
        }
        let from = minute(first);
        let last = from + (count as usize - 1) * every;
        let more = self.regular(every, last + every + 1);
        more[from] += 1;
        more[last + every] -= 1;
    }

    /// So many events somewhere in `from..to`, counted from the end of the warm-up.
    #[inline]
    pub fn add_even(&mut self, from: Time, to: Time, count: u64) {
        if from >= to || count == 0 {
            return;
        }
        let first = minute(from);
        let last = minute(to - 1);
        self.reach(last);
        let whole = count as i64 * FRACTIONS;
        let share = |length: Time| match whole.checked_mul(length) {
            Some(product) => product / (to - from),
            None => (i128::from(whole) * i128::from(length) / i128::from(to - from)) as i64,
        };
        if first == last {
            self.parts[first] += share(to - from);
            return;
        }
        self.parts[first] += share((first as Time + 1) * MINUTE - from);
        self.parts[last] += share(to - last as Time * MINUTE);
        let whole = share(MINUTE);
        self.steps[first + 1] += whole;
        self.steps[last] -= whole;
    }

    /// What is kept of events so many minutes apart, for so many minutes at least.
    #[inline]
    fn regular(&mut self, every: usize, minutes: usize) -> &mut [i64] {
        // Most often there is one.
        let index = match &self.regular[..] {
            [(only, _)] if *only == every => 0,
            _ => self.place_of(every),
        };
        let more = &mut self.regular[index].1;
        if more.len() < minutes {
            more.resize(whole_days(minutes), 0);
        }
        more
    }

    /// Where events so many minutes apart are kept.
    fn place_of(&mut self, every: usize) -> usize {
        match self.regular.iter().position(|(other, _)| *other >= every) {
            Some(index) if self.regular[index].0 == every => index,
            next => {
                let index = next.unwrap_or(self.regular.len());
                self.regular.insert(index, (every, Vec::new()));
                index
            }
        }
    }

    #[inline]
    fn reach(&mut self, minute: usize) {
        if self.parts.len() <= minute {
            self.grow(minute + 1);
        }
    }

    #[cold]
    fn grow(&mut self, minutes: usize) {
        let minutes = whole_days(minutes);
        self.parts.resize(minutes, 0);
        self.steps.resize(minutes, 0);
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        if let Some(last) = other.parts.len().checked_sub(1) {
            self.reach(last);
            add_all(&mut self.parts, &other.parts);
            add_all(&mut self.steps, &other.steps);
        }
        for (every, theirs) in &other.regular {
            add_all(self.regular(*every, theirs.len()), theirs);
        }
    }

    /// Events a second in the busiest minute.
    #[must_use]
    pub fn peak_per_s(&self) -> f64 {
        let minutes = self.parts.iter().zip(&self.steps);
        let mut events: Vec<i64> = minutes
            .scan(0, |whole, (part, step)| {
                *whole += step;
                Some(part + *whole)
            })
            .collect();
        for (every, more) in &self.regular {
            let mut regular = more.clone();
            for minute in *every..regular.len() {
                regular[minute] += regular[minute - every];
            }
            events.resize(events.len().max(regular.len()), 0);
            for (events, regular) in events.iter_mut().zip(regular) {
                *events += regular * FRACTIONS;
            }
        }
        let busiest = events.into_iter().max().unwrap_or(0);
        busiest as f64 / FRACTIONS as f64 / (MINUTE / crate::sim::clock::SECOND) as f64
    }
}

/// Twice ∫ x dx from `low` to `high`: whole, and exact.
#[must_use]
#[inline]
pub fn doubled_ramp(low: Time, high: Time) -> i128 {
    i128::from(high - low) * i128::from(high + low)
}

fn hours(measured: Time) -> usize {
    (measured as u64).div_ceil(HOUR as u64) as usize
}

fn add_all<N: Copy + std::ops::AddAssign>(mine: &mut [N], theirs: &[N]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += *theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_fill_the_hours_they_cover() {
        let mut time = HourlyTime::new(5 * HOUR);
        time.add(HOUR / 2, 4 * HOUR + 7);
        time.add(HOUR, 2 * HOUR);
        time.add(3, 3);
        time.add(4 * HOUR, 5 * HOUR);
        let hours: Vec<i64> = time.hours().collect();
        assert_eq!(hours, [HOUR / 2, 2 * HOUR, HOUR, HOUR, HOUR + 7]);
    }

    #[test]
    fn a_stretch_may_be_added_many_times_at_once() {
        let (mut one_by_one, mut at_once) = (HourlyTime::new(9 * HOUR), HourlyTime::new(9 * HOUR));
        for (from, to, times) in [
            (0, 9 * HOUR, 3),
            (HOUR / 3, 2 * HOUR, 4),
            (5, 5, 2),
            (7, 8, 0),
        ] {
            (0..times).for_each(|_| one_by_one.add(from, to));
            at_once.add_times(from, to, times);
        }
        assert_eq!(one_by_one, at_once);
    }

    #[test]
    fn regular_events_fall_where_each_of_them_would() {
        let events = [
            (0, 10 * MINUTE, 4),
            (7, 10 * MINUTE, 1),
            (3 * MINUTE + 5, MINUTE, 30),
            (MINUTE / 2, 7 * MINUTE, 6),
            (MINUTE / 3, 7 * MINUTE / 2, 9),
        ];
        for upto in 1..=events.len() {
            let (mut regular, mut single) = (Minutes::default(), Minutes::default());
            for &(first, gap, count) in &events[..upto] {
                let mut one = Minutes::default();
                one.add_regular(first, gap, count);
                regular.merge(&one);
                (0..count as Time).for_each(|event| single.add(first + event * gap, 1));
            }
            assert!(regular.peak_per_s() > 0.0);
            assert_eq!(
                regular.peak_per_s().to_bits(),
                single.peak_per_s().to_bits()
            );
        }
    }

    /// Hour by hour what a plain sum over its part of each stretch gives, also in two halves that are merged.
    #[test]
    fn ramps_fill_the_hours_they_cover() {
        let hours = 7;
        let mut expected = vec![0; hours as usize];
        let mut time = vec![0; hours as usize];
        let mut halves = [(); 2].map(|()| HourlyRamp::new(hours * HOUR));
        for index in 0..400 {
            let key = crate::sim::random::Key::replicate(8, 0).at(index);
            let mut ends = [0, 1].map(|end| (key.at(end).unit() * (hours * HOUR) as f64) as Time);
            // Some on the hour.
            if index % 3 == 0 {
                ends = ends.map(|end| (end + HOUR / 2) / HOUR * HOUR);
            }
            let (from, to) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            let origin = from - (key.at(2).unit() * 1e11) as Time;
            if let Some(stretch) = Stretch::new(from, to) {
                halves[index as usize % 2].add_stretch(origin, stretch);
            }
            for hour in 0..hours {
                let (start, stop) = (from.max(hour * HOUR), to.min((hour + 1) * HOUR));
                if start < stop {
                    expected[hour as usize] += doubled_ramp(start - origin, stop - origin);
                    time[hour as usize] += stop - start;
                }
            }
        }
        let [mut all, other] = halves;
        all.merge(&other);
        assert_eq!(all.doubled().collect::<Vec<_>>(), expected);
        assert_eq!(all.hours().collect::<Vec<_>>(), time);
    }

    #[test]
    fn ramps_add_up_over_hours() {
        let mut ramp = HourlyRamp::new(5 * HOUR);
        let stretch = Stretch::new(HOUR / 3, 4 * HOUR + 11).expect("some time");
        ramp.add_stretch(-HOUR, stretch);
        assert_eq!(
            ramp.doubled().sum::<i128>(),
            doubled_ramp(HOUR / 3 + HOUR, 5 * HOUR + 11)
        );
    }
}
