//! What one design did in one replicate, in whole numbers: adding tallies in any order, from any number of
//! threads, gives the same bits.

use serde::{Deserialize, Serialize};

use super::audience::BulkTally;
use super::audit::AuditTally;
use super::feed::FeedTally;
use super::histogram::Histogram;
use super::series::{HourlyRamp, HourlyTime, Minutes, Stretch};
use crate::sim::checks::{Checks, Invariant};
use crate::sim::clock::{Horizon, Time};

macro_rules! counters {
    (@is_by searches) => { true };
    (@is_by) => { false };
    ($($(#[$doc:meta])* $name:ident $(by $what:ident)?;)*) => {
        /// Things that happened in the measured part of a run.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Counters {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Counters {
            /// The names of all counters, in the order of results.
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];

            /// Whether there are the more of each the more searches there are; else, the more hotels.
            pub const BY_SEARCHES: &[bool] = &[$(counters!(@is_by $($what)?)),*];

            /// The counters in the order of [`Self::NAMES`].
            #[must_use]
            pub fn in_order(&self) -> Vec<u64> {
                vec![$(self.$name),*]
            }

            fn merge(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

counters! {
    /// Changes of true answers of stays in the window.
    changes;
    /// Bookings of the world.
    bookings;
    /// Bookings whose stay was called sold out just before.
    bookings_called_sold_out;
    /// Searches that read the copy.
    searches by searches;
    /// Searches of other channels, answered live.
    bypassed by searches;
    /// Searches that found a live entry.
    hits by searches;
    /// Hits on an entry that was not fresh.
    stale_hits by searches;
    /// Searches that found none.
    misses by searches;
    /// Searches told available where it was sold out.
    told_available_wrongly by searches;
    /// Searches told sold out where it was available.
    told_sold_out_wrongly by searches;
    /// Live asks for a miss.
    asks_miss by searches;
    /// Live asks for an answer that was shown (or for every search); bypassing searches included.
    asks_shown by searches;
    /// Live asks to see whether a sold-out answer still holds.
    asks_explore by searches;
    /// Live asks of a poll or of a dataset's build, failed ones included.
    asks_poll;
    /// Live asks behind an answer served in its grace.
    asks_revalidate by searches;
    /// Live asks after a hint.
    asks_hint;
    /// Live asks of audits.
    asks_audit;
    /// Messages of change streams and hints, lost ones and duplicates included.
    deltas;
    /// Calls to another region.
    calls;
    /// Pages read of the list of available stays.
    pages;
    /// Stays on those pages that stand before what their crawl had reached already.
    repeated_on_pages;
    /// Listed stays that a page passed by without showing them, as the list had moved.
    missed_by_pages;
    /// Live answers observed and sent, lost ones included.
    observations by searches;
    /// Entries written, or renewed by an equal re-read.
    cache_writes;
    /// Entries dropped by their lifetime.
    expired;
    /// Entries dropped by a purge.
    purged;
    /// Entries dropped because everything was.
    flushed;
    /// Entries dropped because a message said that they changed.
    invalidated;
    /// Entries dropped to make room for others.
    evicted;
}

/// One design's numbers in one replicate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Things that happened.
    pub counters: Counters,
    /// Microseconds of stays in the window.
    pub stay_time: i128,
    /// The same, as it was walked.
    pub watched_time: i128,
    /// Of these, truly available.
    pub available_time: i128,
    /// Of these, called available though sold out.
    pub false_available_time: i128,
    /// Of these, called sold out though available.
    pub false_sold_out_time: i128,
    /// Microseconds of live entries.
    pub entry_time: i128,
    /// Of these, with the current version.
    pub fresh_time: i128,
    /// Of these, with the wrong answer.
    pub wrong_entry_time: i128,
    /// Twice ∫ data age over live entries, in square microseconds.
    pub doubled_data_age: i128,
    /// Staleness met by hits.
    pub served_staleness: Histogram,
    /// Data age met by hits.
    pub served_data_age: Histogram,
    /// Live asks, counted where they are made.
    pub asks: u64,
    /// Live asks by minute, whatever their cause.
    pub asks_by_minute: Minutes,
    /// By hour.
    pub hourly: Hourly,
    /// By feed.
    pub feeds: Vec<FeedTally>,
    /// By audit.
    pub audits: Vec<AuditTally>,
    /// By audience that reads the copy in bulk.
    pub bulk: Vec<BulkTally>,
    /// Invariants that were broken.
    pub checks: Checks,
}

/// Curves over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hourly {
    /// Stays in the window.
    pub stays: HourlyTime,
    /// By what they are wrongly called: sold out, and available.
    wrong: [HourlyTime; 2],
    /// Live entries.
    pub entries: HourlyTime,
    /// Live entries that are not fresh, and their staleness.
    pub stale: HourlyRamp,
}

impl Hourly {
    /// Called available though sold out.
    #[must_use]
    pub fn false_available(&self) -> &HourlyTime {
        &self.wrong[1]
    }

    /// Called sold out though available.
    #[must_use]
    pub fn false_sold_out(&self) -> &HourlyTime {
        &self.wrong[0]
    }

    /// Called available, or sold out, though the other is true.
    #[inline]
    pub fn wrong(&mut self, available: bool) -> &mut HourlyTime {
        &mut self.wrong[usize::from(available)]
    }

    /// An entry that is stale since a moment is held over `from..to`, all counted from the end of the warm-up.
    #[inline]
    pub fn add_stale(&mut self, since: Time, from: Time, to: Time) {
        if let Some(stretch) = Stretch::new(from, to) {
            self.stale.add_stretch(since, stretch);
        }
    }
}

impl Tally {
    /// Nothing yet, of a design with so many feeds.
    #[must_use]
    pub fn new(horizon: Horizon, feeds: usize) -> Self {
        let measured: Time = horizon.measured();
        let time = || HourlyTime::new(measured);
        Self {
            counters: Counters::default(),
            stay_time: 0,
            watched_time: 0,
            available_time: 0,
            false_available_time: 0,
            false_sold_out_time: 0,
            entry_time: 0,
            fresh_time: 0,
            wrong_entry_time: 0,
            doubled_data_age: 0,
            served_staleness: Histogram::default(),
            served_data_age: Histogram::default(),
            asks: 0,
            asks_by_minute: Minutes::default(),
            feeds: vec![FeedTally::default(); feeds],
            audits: Vec::new(),
            bulk: Vec::new(),
            checks: Checks::default(),
            hourly: Hourly {
                stays: time(),
                wrong: [time(), time()],
                entries: time(),
                stale: HourlyRamp::new(measured),
            },
        }
    }

    /// Adds another part of the same replicate.
    pub fn merge(&mut self, other: &Self) {
        self.counters.merge(&other.counters);
        self.stay_time += other.stay_time;
        self.watched_time += other.watched_time;
        self.available_time += other.available_time;
        self.false_available_time += other.false_available_time;
        self.false_sold_out_time += other.false_sold_out_time;
        self.entry_time += other.entry_time;
        self.fresh_time += other.fresh_time;
        self.wrong_entry_time += other.wrong_entry_time;
        self.doubled_data_age += other.doubled_data_age;
        self.served_staleness.merge(&other.served_staleness);
        self.served_data_age.merge(&other.served_data_age);
        self.asks += other.asks;
        self.asks_by_minute.merge(&other.asks_by_minute);
        for (mine, theirs) in self.feeds.iter_mut().zip(&other.feeds) {
            mine.merge(theirs);
        }
        if self.audits.is_empty() {
            self.audits.clone_from(&other.audits);
        } else {
            for (mine, theirs) in self.audits.iter_mut().zip(&other.audits) {
                mine.merge(theirs);
            }
        }
        if self.bulk.is_empty() {
            self.bulk.clone_from(&other.bulk);
        } else {
            for (mine, theirs) in self.bulk.iter_mut().zip(&other.bulk) {
                mine.merge(theirs);
            }
        }
        self.checks.merge(&other.checks);
        self.hourly.stays.merge(&other.hourly.stays);
        for (mine, theirs) in self.hourly.wrong.iter_mut().zip(&other.hourly.wrong) {
            mine.merge(theirs);
        }
        self.hourly.entries.merge(&other.hourly.entries);
        self.hourly.stale.merge(&other.hourly.stale);
    }

    /// Live asks, summed over their causes.
    #[must_use]
    pub fn live_asks(&self) -> u64 {
        let c = &self.counters;
        c.asks_miss
            + c.asks_shown
            + c.asks_explore
            + c.asks_poll
            + c.asks_revalidate
            + c.asks_hint
            + c.asks_audit
    }

    /// Checks what must add up at the end.
    pub fn check(&mut self) {
        let asks = self.live_asks() == self.asks;
        let Self {
            counters: c,
            checks,
            feeds,
            ..
        } = self;
        let feeds_add_up = feeds.iter().all(FeedTally::adds_up);
        checks.holds(Invariant::ChangesAddUp, feeds_add_up);
        checks.holds(Invariant::AsksAddUp, asks);
        checks.holds(Invariant::AllIsWatched, self.watched_time == self.stay_time);
        checks.holds(Invariant::SearchesAddUp, c.searches == c.hits + c.misses);
        checks.holds(Invariant::MissesAskOnce, c.asks_miss <= c.misses);
        let told_wrong = c.told_available_wrongly + c.told_sold_out_wrongly;
        let wrong = self.false_available_time + self.false_sold_out_time;
        let answers = told_wrong <= c.searches
            && wrong <= self.stay_time
            && self.false_sold_out_time <= self.available_time
            && self.wrong_entry_time <= self.entry_time;
        checks.holds(Invariant::AnswersAddUp, answers);
        checks.holds(
            Invariant::CoverageIsAShare,
            self.entry_time <= self.stay_time,
        );
        checks.holds(Invariant::FreshIsHeld, self.fresh_time <= self.entry_time);
    }
}
