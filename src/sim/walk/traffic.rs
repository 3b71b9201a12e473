//! Natural traffic in the plain case, in one loop: what is shown is checked live, the answer is observed and there
//! at once, and nothing is forgotten. What the walk would find event by event is found search by search here, and
//! is the same.

use super::{Entry, NEVER, Policy, StayFeed, Time, Walk};
use crate::design::serving::{LiveCheck, OnMiss};
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;

impl Policy {
    /// Whether nothing but the truth and earlier searches decides what a search gets.
    fn only_traffic_matters(&self) -> bool {
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
}

/// What the measured searches of a stay found.
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

impl Walk<'_> {
    /// Passes over the whole life of a stay, where it is natural traffic alone; whether it is.
    pub(super) fn pass_traffic(&mut self, tally: &mut Tally) -> bool {
        let [StayFeed::Observed(observed)] = &self.feeds[..] else {
            return false;
        };
        let leaves = self.stay.truth.leaves;
        let is_plain = observed.is_immediate()
            && self.policy.only_traffic_matters()
            && self.stay.audited.audits.is_empty()
            && !tally.feeds[0].watch.looks_at_each()
            && self.next_flush() >= leaves;
        if !is_plain {
            return false;
        }
        if let Some(entry) = self.miss(tally) {
            self.renew(entry, tally);
        }
        true
    }

    /// The current answer, as given to a search now.
    fn given(&self) -> Entry {
        Entry {
            answer: self.available,
            version: self.version,
            read: self.now,
            expires: NEVER,
            dies: NEVER,
        }
    }

    /// The truth changes now.
    fn turn(&mut self, tally: &mut Tally) {
        self.version += 1;
        self.available = !self.available;
        tally.counters.changes += u64::from(self.measured());
    }

    /// Passes the time until `to` with what is held; from when on it is measured.
    fn pass_holding(&mut self, to: Time, entry: Option<Entry>, tally: &mut Tally) -> Time {
        let from = std::mem::replace(&mut self.now, to).max(self.horizon.warm);
        if from < to {
            self.account(from, to, entry, 0, tally);
        }
        from
    }

    /// Passes over what comes before the first search, and over that, which misses; what is held then, if there is
    /// one.
    fn miss(&mut self, tally: &mut Tally) -> Option<Entry> {
        let leaves = self.stay.truth.leaves;
        let first = self.stay.searches.peek().min(leaves);
        let mut change = self.next_change();
        while change <= first && change < leaves {
            self.pass_holding(change, None, tally);
            self.turn(tally);
            change = self.next_change();
        }
        self.pass_holding(first, None, tally);
        if first == leaves {
            return None;
        }
        self.stay.searches.take();
        let measured = u64::from(self.measured());
        tally.counters.searches += measured;
        tally.counters.misses += measured;
        tally.counters.asks_miss += measured;
        tally.counters.cache_writes += measured;
        tally.asks += measured;
        if measured > 0 {
            tally.asks_by_minute.add(first - self.horizon.warm, 1);
        }
        Some(self.given())
    }

    /// Passes over all that comes after the first search, which left this entry.
    fn renew(&mut self, mut entry: Entry, tally: &mut Tally) {
        let (warm, leaves) = (self.horizon.warm, self.stay.truth.leaves);
        let mut found = Found::default();
        while self.now < leaves {
            let change = self.next_change().min(leaves);
            let since = self.stale_since(&entry);
            // What is shown though it is behind is put right by the next search.
            let is_behind = entry.answer && since.is_some();
            let until = if is_behind {
                change.min(self.stay.searches.peek())
            } else {
                change
            };
            let from = self.pass_holding(until, Some(entry), tally);
            let mut read = entry.read;
            let mut age = |read: Time, to: Time| {
                let from = from.max(read);
                if from < to {
                    found.doubled_data_age += doubled_ramp(from - read, to - read);
                }
            };
            if !entry.answer {
                // Nobody is shown it, so nothing puts it right.
                let wrong = u64::from(self.available);
                self.stay.searches.each_until(until, |at| {
                    if at >= warm {
                        found.hidden += 1;
                        found.told_sold_out_wrongly += wrong;
                        if let Some(since) = since {
                            found.stale += 1;
                            tally.served_staleness.add(at - since, 1);
                        }
                        tally.served_data_age.add(at - read, 1);
                    }
                });
            } else if !is_behind {
                self.stay.searches.each_until(until, |at| {
                    if at >= warm {
                        found.shown += 1;
                        tally.served_data_age.add(at - read, 1);
                        tally.asks_by_minute.add(at - warm, 1);
                        age(read, at);
                    }
                    read = at;
                });
            }
            age(read, until);
            entry.read = read;
            if until < change {
                self.stay.searches.take();
                if let Some(since) = since.filter(|_| until >= warm) {
                    found.shown += 1;
                    found.stale += 1;
                    found.told_available_wrongly += u64::from(!self.available);
                    tally.served_staleness.add(until - since, 1);
                    tally.served_data_age.add(until - read, 1);
                    tally.asks_by_minute.add(until - warm, 1);
                }
                entry = self.given();
            } else if change < leaves {
                self.turn(tally);
            }
        }
        found.note(tally);
    }
}

impl Found {
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
