//! A replica's copy of a stay, in one loop: an entry is there from the start and nothing drops it, so that what is
//! written and the truth are all there is. What the walk would find event by event is the same.

use super::steady::{Spent, note_wrong};
use super::{NEVER, Policy, Time, called};
use crate::design::serving::LiveCheck;
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::sim::checks::Invariant;
use crate::sim::truth::{Kind, StayTruth, Write};
use crate::world::group::Booking;
use crate::world::searches::{SearchScratch, Searches};

impl Policy {
    /// Whether nothing but what feeds write and the truth decides what a search gets, where an entry is there from the
    /// start.
    #[must_use]
    pub fn only_writes_matter(&self) -> bool {
        self.lets_be()
            && !self.walks_searches
            && self.serving.live_check == LiveCheck::Never
            && self.lifetime(true) == Some(NEVER)
            && self.lifetime(false) == Some(NEVER)
    }
}

/// The life of a stay of which what is written, the truth and its searches are all there is to know.
pub struct Written<'a, 'w, B> {
    truth: StayTruth<'a>,
    /// In time order; the first is made as the stay enters, and is an entry.
    writes: &'w [Write],
    searches: Searches<'a>,
    /// Its bookings, in time order, for whoever asks: few do.
    bookings: B,
    warm: Time,
    /// By whether it is wrong, and by the answer.
    held: [[Spent; 2]; 2],
    stale: Spent,
    doubled_data_age: i128,
}

impl<'a, 'w, B: Fn() -> &'a [Booking]> Written<'a, 'w, B> {
    /// A stay with these writes, each of them an entry or what puts one right, and with these searches, none of them
    /// before it enters.
    #[must_use]
    pub fn new(
        truth: StayTruth<'a>,
        writes: &'w [Write],
        searches: Searches<'a>,
        bookings: B,
        warm: Time,
    ) -> Self {
        Self {
            truth,
            writes,
            searches,
            bookings,
            warm,
            held: Default::default(),
            stale: Spent::default(),
            doubled_data_age: 0,
        }
    }

    /// Writes its whole life down; gives the searches' working memory back.
    pub fn pass(mut self, tally: &mut Tally) -> SearchScratch {
        let StayTruth { enters, leaves, .. } = self.truth;
        let (truth, warm) = (self.truth, self.warm);
        let mut version = truth.version_at(enters);
        let mut writes = self.writes.iter().peekable();
        let mut entry: Option<Write> = None;
        let mut now = enters;
        loop {
            let change = truth.changes_after(version).unwrap_or(NEVER);
            let write = writes.peek().map_or(NEVER, |write| write.visible);
            let boundary = if now < warm { warm } else { NEVER };
            let next = change.min(write).min(leaves).min(boundary);
            if let Some(entry) = &entry
                && now < next
            {
                self.stretch((now, next), entry, version, tally);
            }
            if next == leaves {
                break;
            }
            now = next;
            let measured = u64::from(now >= warm);
            if now == change {
                version += 1;
                tally.counters.changes += measured;
            } else if now == write
                && let Some(write) = writes.next()
            {
                if write.read > now || write.version > version {
                    tally.checks.broken(Invariant::NoEntryIsNewer);
                }
                match (write.kind, &mut entry) {
                    // The answer stays what it is.
                    (Kind::Confirm, Some(entry)) => {
                        (entry.version, entry.read) = (write.version, write.read);
                    }
                    _ => {
                        entry = Some(*write);
                        tally.counters.cache_writes += measured;
                    }
                }
            }
        }
        self.note(tally);
        self.searches.into_scratch()
    }

    /// A stretch in which nothing changes.
    #[inline]
    fn stretch(
        &mut self,
        (from, to): (Time, Time),
        entry: &Write,
        version: u32,
        tally: &mut Tally,
    ) {
        let warm = self.warm;
        let counted = self.searches.take_until(to);
        if from < warm {
            return;
        }
        let span = to - from;
        let answer = entry.answer;
        let wrong = answer != self.truth.answer(version);
        let held = &mut self.held[usize::from(wrong)][usize::from(answer)];
        held.time += span;
        held.searches += counted;
        if wrong {
            let hours = tally.hourly.wrong(answer);
            hours.add(from - warm, to - warm);
            if !answer {
                tally.counters.bookings_called_sold_out += called((self.bookings)(), from, to);
            }
        }
        let (read, age) = (entry.read, &mut self.doubled_data_age);
        *age += doubled_ramp(from - read, to - read);
        let since = self.truth.stale_since(entry.version, version);
        if let Some(since) = since {
            self.stale.time += span;
            self.stale.searches += counted;
            tally.hourly.add_stale(since - warm, from - warm, to - warm);
        }
        if counted > 0 {
            let served = &mut tally.served_data_age;
            served.add_piece(from - read, to - read, counted);
            let served = &mut tally.served_staleness;
            match since {
                None => served.add(0, counted),
                Some(since) => served.add_piece(from - since, to - since, counted),
            }
        }
    }

    /// Writes down what was found in all stretches.
    fn note(&self, tally: &mut Tally) {
        let StayTruth { enters, leaves, .. } = self.truth;
        let from = enters.max(self.warm);
        if from >= leaves {
            return;
        }
        let [right, wrong] = self.held;
        // As it was gone through: what is missed shows.
        let time: Time = self.held.as_flattened().iter().map(|held| held.time).sum();
        let span = i128::from(time);
        tally.watched_time += span;
        tally.entry_time += span;
        let hours = &mut tally.hourly.entries;
        hours.add(from - self.warm, leaves - self.warm);
        tally.fresh_time += span - i128::from(self.stale.time);
        tally.available_time += i128::from(right[1].time + wrong[0].time);
        note_wrong(wrong, tally);
        tally.doubled_data_age += self.doubled_data_age;
        let searches = self.held.as_flattened().iter().map(|held| held.searches);
        let searches: u64 = searches.sum();
        let counters = &mut tally.counters;
        counters.searches += searches;
        counters.hits += searches;
        counters.stale_hits += self.stale.searches;
    }
}
