//! Natural traffic in the plain case, in one loop: what is shown is checked live, the answer is observed and there
//! at once, and nothing is forgotten. What the walk would find event by event is found search by search here, and
//! is the same.

use super::{NEVER, Policy, Time, called};
use crate::design::serving::{LiveCheck, OnMiss};
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::sim::truth::StayTruth;
use crate::world::group::Booking;
use crate::world::searches::{SearchScratch, Searches};

impl Policy {
    /// Whether nothing but the truth, earlier searches and the loss of everything decides what a search gets, where
    /// what is seen live is there at once.
    #[must_use]
    pub fn only_traffic_matters(&self) -> bool {
        let serving = self.serving;
        self.purges_per_day == 0.0
            && self.readers.is_empty()
            && serving.live_check == LiveCheck::Shown
            && serving.on_miss == OnMiss::AskLive
            && serving.bypass.get() == 0.0
            && serving.explore.get() == 0.0
            && self.lifetime(true) == Some(NEVER)
            && self.lifetime(false) == Some(NEVER)
    }

    /// Whether everything is dropped while a stay can be searched.
    #[must_use]
    pub fn is_flushed(&self, truth: &StayTruth<'_>) -> bool {
        let within = truth.enters..truth.leaves;
        self.flushes.iter().any(|at| within.contains(at))
    }
}

/// What the measured searches of a stay found after the first.
#[derive(Default)]
struct Found {
    /// Shown, so asked live, observed and stored.
    shown: u64,
    /// Not shown, as they were told sold out.
    hidden: u64,
    /// Of both, those that met a stale entry.
    stale: u64,
    told_available_wrongly: u64,
    told_sold_out_wrongly: u64,
    /// Twice ∫ data age.
    doubled_data_age: i128,
}

/// The life of a stay of which its truth and its searches are all there is to know.
pub struct Traffic<'a, B> {
    truth: StayTruth<'a>,
    searches: Searches<'a>,
    /// Its bookings, in time order, for whoever asks: few do.
    bookings: B,
    warm: Time,
}

impl<'a, B: Fn() -> &'a [Booking]> Traffic<'a, B> {
    /// A stay with these searches, none of them before it enters.
    #[must_use]
    pub fn new(truth: StayTruth<'a>, searches: Searches<'a>, bookings: B, warm: Time) -> Self {
        Self {
            truth,
            searches,
            bookings,
            warm,
        }
    }

    /// Writes its whole life down; gives the searches' working memory back.
    pub fn pass(mut self, tally: &mut Tally) -> SearchScratch {
        self.note_truth(tally);
        let first = self.searches.peek();
        if first < self.truth.leaves {
            self.searches.take();
            self.note_miss(first, tally);
            self.renew(first, tally);
        }
        self.searches.into_scratch()
    }

    /// The time that is measured of a stretch that ends at `to`: from when, if any is.
    #[inline]
    fn measured(&self, from: Time, to: Time) -> Option<Time> {
        let from = from.max(self.warm);
        (from < to).then_some(from)
    }

    /// Writes down what is true in the time in which it can be searched.
    fn note_truth(&self, tally: &mut Tally) {
        let StayTruth { enters, leaves, .. } = self.truth;
        let Some(mut from) = self.measured(enters, leaves) else {
            return;
        };
        tally.watched_time += i128::from(leaves - from);
        // What changes as the warm-up ends is measured.
        let before = self.truth.version_at(enters.max(self.warm - 1));
        let mut available = self.truth.answer(before);
        let mut open = 0;
        for change in &self.truth.changes()[before as usize..] {
            if change.at >= leaves {
                break;
            }
            if available {
                open += change.at - from;
            }
            from = change.at;
            available = !available;
            tally.counters.changes += 1;
        }
        if available {
            open += leaves - from;
        }
        tally.available_time += i128::from(open);
    }

    /// The first search finds nothing, and leaves what it was told.
    fn note_miss(&self, first: Time, tally: &mut Tally) {
        let leaves = self.truth.leaves;
        if let Some(from) = self.measured(first, leaves) {
            tally.entry_time += i128::from(leaves - from);
            let entries = &mut tally.hourly.entries;
            entries.add(from - self.warm, leaves - self.warm);
        }
        if first >= self.warm {
            tally.counters.searches += 1;
            tally.counters.misses += 1;
            tally.counters.asks_miss += 1;
            tally.counters.cache_writes += 1;
            tally.asks += 1;
            tally.asks_by_minute.add(first - self.warm, 1);
        }
    }

    /// Passes over all that comes after the first search.
    fn renew(&mut self, first: Time, tally: &mut Tally) {
        let (truth, warm) = (self.truth, self.warm);
        let leaves = truth.leaves;
        let mut found = Found::default();
        let mut read = first;
        let mut held = truth.version_at(first);
        let mut stale = 0;
        loop {
            let change = truth.changes_after(held).unwrap_or(leaves).min(leaves);
            if !truth.answer(held) {
                // Nobody is shown it, so nothing puts it right.
                stale += self.hide(held, read, change, &mut found, tally);
                found.age(read, leaves, warm);
                break;
            }
            let (mut shown, mut squares) = (0, 0_u128);
            let mut before = read;
            {
                let mut asks = tally.asks_by_minute.one_by_one((change - warm - 1).max(0));
                let mut ages = tally.served_data_age.one_by_one();
                self.searches.each_until(change, |at| {
                    let age = at - read;
                    read = at;
                    if at < warm {
                        before = at;
                        return;
                    }
                    shown += 1;
                    asks(at - warm);
                    ages(age);
                    squares = squares.wrapping_add(u128::from(age as u64) * u128::from(age as u64));
                });
            }
            if shown > 0 {
                found.shown += shown;
                // All of each age, less what the first has of it before the warm-up ends.
                let unmeasured = before.max(warm) - before;
                found.doubled_data_age += squares as i128 - doubled_ramp(0, unmeasured);
            }
            if change == leaves {
                found.age(read, leaves, warm);
                break;
            }
            // What is shown though it is behind is put right by the next search.
            let next = self.searches.peek().min(leaves);
            for (from, to, wrong) in stretches(truth, held, next) {
                if wrong && let Some(from) = self.measured(from, to) {
                    tally.false_available_time += i128::from(to - from);
                    tally.wrong_entry_time += i128::from(to - from);
                    let hours = tally.hourly.wrong(true);
                    hours.add(from - warm, to - warm);
                }
            }
            stale += self.note_stale(change, next, tally);
            found.age(read, next, warm);
            if next == leaves {
                break;
            }
            self.searches.take();
            while truth.changes_after(held).is_some_and(|at| at <= next) {
                held += 1;
            }
            if next >= warm {
                found.shown += 1;
                found.stale += 1;
                found.told_available_wrongly += u64::from(!truth.answer(held));
                tally.served_staleness.add(next - change, 1);
                tally.served_data_age.add(next - read, 1);
                tally.asks_by_minute.add(next - warm, 1);
            }
            read = next;
        }
        let held_for = self.measured(first, leaves).map_or(0, |from| leaves - from);
        tally.fresh_time += i128::from(held_for - stale);
        found.note(tally);
    }

    /// Passes over all that is left with an answer that hides the stay, right until `change`; how long it is stale.
    fn hide(
        &mut self,
        held: u32,
        read: Time,
        change: Time,
        found: &mut Found,
        tally: &mut Tally,
    ) -> Time {
        let (truth, warm) = (self.truth, self.warm);
        {
            let mut ages = tally.served_data_age.one_by_one();
            self.searches.each_until(change, |at| {
                if at >= warm {
                    found.hidden += 1;
                    ages(at - read);
                }
            });
        }
        for (from, to, wrong) in stretches(truth, held, truth.leaves) {
            if wrong && let Some(from) = self.measured(from, to) {
                tally.false_sold_out_time += i128::from(to - from);
                tally.wrong_entry_time += i128::from(to - from);
                let hours = tally.hourly.wrong(false);
                hours.add(from - warm, to - warm);
                tally.counters.bookings_called_sold_out += called((self.bookings)(), from, to);
            }
            self.searches.each_until(to, |at| {
                if at >= warm {
                    found.hidden += 1;
                    found.stale += 1;
                    found.told_sold_out_wrongly += u64::from(wrong);
                    tally.served_staleness.add(at - change, 1);
                    tally.served_data_age.add(at - read, 1);
                }
            });
        }
        self.note_stale(change, truth.leaves, tally)
    }

    /// Writes down that what is held is stale from `since` to `to`; how much of it is measured.
    fn note_stale(&self, since: Time, to: Time, tally: &mut Tally) -> Time {
        let Some(from) = self.measured(since, to) else {
            return 0;
        };
        let warm = self.warm;
        tally.hourly.add_stale(since - warm, from - warm, to - warm);
        to - from
    }
}

/// The stretches of a stay's life from the first change after a version until `to`, and whether the answer of that
/// version is wrong there.
fn stretches(
    truth: StayTruth<'_>,
    held: u32,
    to: Time,
) -> impl Iterator<Item = (Time, Time, bool)> {
    let changes = &truth.changes()[held as usize..];
    let behind = (1..).zip(changes);
    behind
        .take_while(move |(_, change)| change.at < to)
        .map(move |(next, change)| {
            let end = changes.get(next).map_or(to, |next| next.at.min(to));
            (change.at, end, next % 2 == 1)
        })
}

impl Found {
    /// What is held was read at a moment, and is held until `to`.
    #[inline]
    fn age(&mut self, read: Time, to: Time, warm: Time) {
        let from = read.max(warm);
        if from < to {
            self.doubled_data_age += doubled_ramp(from - read, to - read);
        }
    }

    fn note(self, tally: &mut Tally) {
        let shown = self.shown;
        let hits = self.hidden + shown;
        tally.doubled_data_age += self.doubled_data_age;
        tally.served_staleness.add(0, hits - self.stale);
        tally.asks += shown;
        let counters = &mut tally.counters;
        counters.searches += hits;
        counters.hits += hits;
        counters.stale_hits += self.stale;
        counters.told_available_wrongly += self.told_available_wrongly;
        counters.told_sold_out_wrongly += self.told_sold_out_wrongly;
        counters.asks_shown += shown;
        counters.observations += shown;
        counters.cache_writes += shown;
        let feed = &mut tally.feeds[0];
        feed.changes += shown;
        feed.sent += shown;
        feed.applied_alike(shown, 0);
    }
}
