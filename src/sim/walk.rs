//! The walk through one stay's life with one design: from event to event, with exact integrals between.
//!
//! What happens at one instant happens in the order: world, expiry and purge, message, search. Between two
//! events nothing changes, so searches there are counted, not walked; regular polls that find nothing new
//! are passed over in one step.

use rand_distr::Distribution;

use super::clock::{DAY, Horizon, NEVER, Time};
use super::distribution::Exponential;
use super::random::{Key, Purpose, Stream};
use super::truth::{StayTruth, Write};
use crate::design::cache::{Cache, Purge, Ttl};
use crate::design::serving::{LiveCheck, OnMiss, Serving};
use crate::design::source::deltas;
use crate::design::source::inventory::Polls;
use crate::design::source::searches::Observed;
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::world::group::Booking;
use crate::world::searches::Searches;

/// What one feed brings about one stay.
#[derive(Debug)]
pub enum StayFeed<'a> {
    /// Answers of polls.
    Polls(Polls<'a>),
    /// Writes of a replica.
    Log(deltas::Log),
    /// Observed live answers.
    Observed(Observed<'a>),
}

impl StayFeed<'_> {
    #[inline]
    fn peek(&mut self) -> Time {
        match self {
            Self::Polls(polls) => polls.peek(),
            Self::Log(log) => log.peek(),
            Self::Observed(observed) => observed.peek(),
        }
    }

    #[inline]
    fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        match self {
            Self::Polls(polls) => polls.take(truth),
            Self::Log(log) => log.take(),
            Self::Observed(observed) => observed.take(truth),
        }
    }
}

/// What a design does to every stay alike.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    ttl: Ttl,
    purges_per_day: f64,
    serving: Serving,
    /// Each search must be met: what it does depends on the one before, or is observed.
    walks_searches: bool,
}

impl Policy {
    /// The policy of a cache and its serving; `observed` where a feed observes live answers.
    #[must_use]
    pub fn new(cache: &Cache, serving: &Serving, observed: bool) -> Self {
        let purges_per_day = match cache.purge {
            Purge::None => 0.0,
            Purge::Random(random) => random.per_day.get(),
        };
        let marked = serving.bypass.get() > 0.0 || serving.explore.get() > 0.0;
        Self {
            ttl: cache.ttl,
            purges_per_day,
            serving: *serving,
            walks_searches: observed || marked,
        }
    }
}

/// What is held for a stay in one layer.
#[derive(Debug, Clone, Copy)]
struct Entry {
    answer: bool,
    version: u32,
    read: Time,
    expires: Time,
}

/// One stay's keys: its own in the world and in the replicate's designs.
#[derive(Debug, Clone, Copy)]
pub struct StayKeys {
    /// Purges of its entries.
    pub purges: Key,
    /// Marks of its searches: explored, bypassed.
    pub marks: Key,
}

/// Working memory of a walk, kept between stays.
#[derive(Debug, Default)]
pub struct WalkScratch {
    layers: Vec<Option<Entry>>,
}

/// The walk itself.
pub struct Walk<'a, 'b> {
    policy: &'a Policy,
    horizon: Horizon,
    truth: StayTruth<'a>,
    /// Bookings of this stay, in time order.
    bookings: &'a [Booking],
    keys: StayKeys,
    searches: Searches<'a>,
    feeds: &'b mut [StayFeed<'a>],
    /// One a feed, after the first, which holds what misses asked.
    layers: &'b mut Vec<Option<Entry>>,
    tally: &'b mut Tally,
    now: Time,
    /// The current version.
    version: u32,
    available: bool,
    /// The layer that is served: the live one whose truth was read latest.
    served: Option<usize>,
    /// When the first of the layers' entries dies.
    next_expiry: Time,
    purge_stream: Option<Stream>,
    next_purge: Time,
    /// How many searches there have been (only counted where they are walked).
    ordinal: u64,
}

impl<'a, 'b> Walk<'a, 'b> {
    /// A walk about to start.
    #[allow(clippy::too_many_arguments)]
    #[must_use]
    pub fn new(
        policy: &'a Policy,
        horizon: Horizon,
        truth: StayTruth<'a>,
        bookings: &'a [Booking],
        keys: StayKeys,
        searches: Searches<'a>,
        feeds: &'b mut [StayFeed<'a>],
        scratch: &'b mut WalkScratch,
        tally: &'b mut Tally,
    ) -> Self {
        let layers = &mut scratch.layers;
        layers.clear();
        layers.resize(feeds.len() + 1, None);
        let version = truth.version_at(truth.enters);
        let available = truth.answer(version);
        let mut walk = Self {
            policy,
            horizon,
            truth,
            bookings,
            keys,
            searches,
            feeds,
            layers,
            tally,
            now: truth.enters,
            version,
            available,
            served: None,
            next_expiry: NEVER,
            purge_stream: None,
            next_purge: NEVER,
            ordinal: 0,
        };
        let from = truth.enters.max(horizon.warm);
        if from < truth.leaves {
            walk.tally.stay_time += i128::from(truth.leaves - from);
            let (start, stop) = (from - horizon.warm, truth.leaves - horizon.warm);
            walk.tally.hourly.stays.add(start, stop);
        }
        if policy.purges_per_day > 0.0 {
            walk.purge_stream = Some(keys.purges.stream());
            walk.next_purge = truth.enters;
            walk.draw_purge();
        }
        walk
    }

    /// Walks to the end of the stay's life; gives the searches' working memory back.
    pub fn run(mut self) -> Searches<'a> {
        let end = self.truth.leaves;
        loop {
            let next_change = self.truth.changes_after(self.version).unwrap_or(NEVER);
            let next_message = self
                .feeds
                .iter_mut()
                .map(StayFeed::peek)
                .min()
                .unwrap_or(NEVER);
            let next_search = if self.meets_searches() {
                self.searches.peek()
            } else {
                NEVER
            };
            let boundary = if self.now < self.horizon.warm {
                self.horizon.warm
            } else {
                NEVER
            };
            let next = next_change
                .min(self.next_expiry)
                .min(self.next_purge)
                .min(next_message)
                .min(next_search)
                .min(boundary)
                .min(end);
            self.pass(next);
            if next >= end {
                break;
            }
            if next == next_change {
                self.version += 1;
                self.available = !self.available;
                self.tally.counters.changes += u64::from(self.measured());
            } else if next == self.next_expiry {
                self.expire();
            } else if next == self.next_purge {
                self.purge();
            } else if next == next_message {
                self.receive();
            } else if next == next_search {
                self.meet_search();
            }
        }
        for feed in self.feeds.iter_mut() {
            if let StayFeed::Polls(polls) = feed {
                self.tally.counters.asks_poll += polls.finish();
            }
        }
        self.searches
    }

    #[inline]
    fn measured(&self) -> bool {
        self.now >= self.horizon.warm
    }

    #[inline]
    fn entry(&self) -> Option<&Entry> {
        self.served.and_then(|layer| self.layers[layer].as_ref())
    }

    /// Whether the next search is an event: it stores, renews, or is observed.
    #[inline]
    fn meets_searches(&self) -> bool {
        self.policy.walks_searches
            || match self.served {
                None => self.policy.serving.on_miss == OnMiss::AskLive,
                Some(_) => matches!(self.policy.ttl, Ttl::Sliding(_)),
            }
    }

    /// Passes the time until `next`, in which nothing changes.
    fn pass(&mut self, next: Time) {
        if next == self.now {
            return;
        }
        let (from, to) = (self.now, next);
        self.now = next;
        let counted = if self.meets_searches() {
            0
        } else {
            self.searches.take_until(to)
        };
        if from < self.horizon.warm {
            return;
        }
        let entry = self.entry().copied();
        self.account(from, to, entry, counted);
        if let Some(entry) = entry {
            let Tally {
                doubled_data_age,
                served_data_age,
                ..
            } = &mut *self.tally;
            *doubled_data_age += doubled_ramp(from - entry.read, to - entry.read);
            if counted > 0 {
                let offset = self
                    .keys
                    .marks
                    .purpose(Purpose::Strata)
                    .at(from as u64)
                    .word();
                served_data_age.add_strata(from - entry.read, to - entry.read, counted, offset);
            }
        }
    }

    /// Everything about a stretch but the data age, which a stretch of renewals has of its own.
    fn account(&mut self, from: Time, to: Time, entry: Option<Entry>, counted: u64) {
        let span = i128::from(to - from);
        let stale_since = entry.and_then(|entry| self.stale_since(&entry));
        let (start, stop) = (from - self.horizon.warm, to - self.horizon.warm);
        let tally = &mut *self.tally;
        if self.available {
            tally.available_time += span;
        }
        let says_available = match (&entry, self.policy.serving.on_miss) {
            (Some(entry), _) => entry.answer,
            (None, OnMiss::AskLive) => self.available,
            (None, OnMiss::SayAvailable) => true,
            (None, OnMiss::SaySoldOut) => false,
        };
        let counters = &mut tally.counters;
        counters.searches += counted;
        if says_available != self.available {
            if says_available {
                tally.false_available_time += span;
                tally.hourly.false_available.add(start, stop);
                counters.told_available_wrongly += counted;
            } else {
                tally.false_sold_out_time += span;
                tally.hourly.false_sold_out.add(start, stop);
                counters.told_sold_out_wrongly += counted;
                // A booking falls into the stretch that ends with it: it was made just after looking.
                let after = self.bookings.partition_point(|booking| booking.at <= from);
                let upto = self.bookings.partition_point(|booking| booking.at <= to);
                counters.bookings_called_sold_out += (upto - after) as u64;
            }
        }
        match self.policy.serving.live_check {
            LiveCheck::Never => {}
            LiveCheck::Shown => counters.asks_shown += if says_available { counted } else { 0 },
            LiveCheck::EverySearch => counters.asks_shown += counted,
        }
        let Some(entry) = entry else {
            counters.misses += counted;
            return;
        };
        counters.hits += counted;
        tally.entry_time += span;
        tally.hourly.entries.add(start, stop);
        if entry.answer != self.available {
            tally.wrong_entry_time += span;
        }
        match stale_since {
            None => {
                tally.fresh_time += span;
                tally.served_staleness.add(0, counted);
            }
            Some(since) => {
                tally.counters.stale_hits += counted;
                tally.doubled_staleness += doubled_ramp(from - since, to - since);
                tally.hourly.stale.add(start, stop);
                tally
                    .hourly
                    .staleness
                    .add(since - self.horizon.warm, start, stop);
                if counted > 0 {
                    let offset = self
                        .keys
                        .marks
                        .purpose(Purpose::Strata)
                        .at(from as u64)
                        .word();
                    tally
                        .served_staleness
                        .add_strata(from - since, to - since, counted, offset);
                }
            }
        }
    }

    /// The first change that an entry does not reflect.
    #[inline]
    fn stale_since(&self, entry: &Entry) -> Option<Time> {
        if entry.version >= self.version {
            None
        } else {
            self.truth.changes_after(entry.version)
        }
    }

    fn choose(&mut self) {
        // The layer whose truth was read latest; of equals, the feed listed later.
        self.served = None;
        self.next_expiry = NEVER;
        let mut latest = Time::MIN;
        for (index, layer) in self.layers.iter().enumerate() {
            let Some(entry) = layer else { continue };
            self.next_expiry = self.next_expiry.min(entry.expires);
            if entry.read >= latest {
                latest = entry.read;
                self.served = Some(index);
            }
        }
    }

    fn expire(&mut self) {
        let now = self.now;
        for layer in self.layers.iter_mut() {
            if layer.is_some_and(|entry| entry.expires <= now) {
                *layer = None;
                self.tally.counters.expired += u64::from(now >= self.horizon.warm);
            }
        }
        self.choose();
    }

    fn purge(&mut self) {
        let held = self.layers.iter().flatten().count() as u64;
        self.tally.counters.purged += if self.measured() { held } else { 0 };
        self.layers.fill(None);
        self.choose();
        self.draw_purge();
    }

    fn draw_purge(&mut self) {
        if let Some(stream) = &mut self.purge_stream {
            let days: f64 = Exponential.sample(stream) / self.policy.purges_per_day;
            self.next_purge = self
                .next_purge
                .saturating_add(((days * DAY as f64) as Time).max(1));
        }
    }

    fn expires(&self) -> Time {
        match self.policy.ttl {
            Ttl::None => NEVER,
            Ttl::Fixed(lifetime) | Ttl::Sliding(lifetime) => {
                self.now.saturating_add(lifetime.micros())
            }
        }
    }

    /// Stores in a layer what is no older than what it holds. An equal re-read renews.
    fn store(&mut self, layer: usize, write: Write) {
        let expires = self.expires();
        let entry = &mut self.layers[layer];
        let mut read = write.read;
        if let Some(held) = entry {
            if write.version < held.version {
                return;
            }
            if write.version == held.version {
                read = read.max(held.read);
            }
        }
        *entry = Some(Entry {
            answer: write.answer,
            version: write.version,
            read,
            expires,
        });
        self.tally.counters.cache_writes += u64::from(self.measured());
        self.choose();
    }

    /// Takes the messages that arrive now.
    fn receive(&mut self) {
        for index in 0..self.feeds.len() {
            // One at a time: looking for another would send the next poll on its way.
            if self.feeds[index].peek() == self.now
                && let Some(write) = self.feeds[index].take(&self.truth)
            {
                self.store(index + 1, write);
            }
        }
        if self.feeds.len() == 1 && !self.policy.walks_searches {
            self.pass_renewals();
        }
    }

    /// Passes over regular polls that find nothing new, in one step.
    fn pass_renewals(&mut self) {
        let (Some(1), Some(entry)) = (self.served, self.layers[1]) else {
            return;
        };
        let StayFeed::Polls(polls) = &mut self.feeds[0] else {
            return;
        };
        if entry.version != self.version || matches!(self.policy.ttl, Ttl::Sliding(_)) {
            return;
        }
        let boundary = if self.now < self.horizon.warm {
            self.horizon.warm
        } else {
            NEVER
        };
        let quiet_until = self
            .truth
            .changes_after(self.version)
            .unwrap_or(NEVER)
            .min(self.next_purge)
            .min(boundary)
            .min(self.truth.leaves)
            .min(self.layers[0].map_or(NEVER, |asked| asked.expires));
        let Some((gap, latency)) = polls.regular() else {
            return;
        };
        let asked_is_newer = self.layers[0].is_some_and(|asked| asked.read > entry.read);
        // Each poll must find the entry alive.
        if entry.expires.saturating_sub(self.now) <= gap || asked_is_newer {
            return;
        }
        let renewals = polls.renew_until(quiet_until - latency, gap);
        if renewals == 0 {
            return;
        }
        let (from, to) = (self.now, self.now + renewals as Time * gap);
        let counted = self.searches.take_until(to);
        let measured = from >= self.horizon.warm;
        if measured {
            self.account(from, to, Some(entry), counted);
            let tally = &mut *self.tally;
            tally.doubled_data_age += i128::from(renewals) * doubled_ramp(latency, latency + gap);
            tally
                .served_data_age
                .add_again(latency, latency + gap, counted);
            tally.counters.cache_writes += renewals;
        }
        self.now = to;
        let expires = self.expires();
        self.layers[1] = Some(Entry {
            read: to - latency,
            expires,
            ..entry
        });
        self.choose();
    }

    /// A search that is an event.
    fn meet_search(&mut self) {
        self.searches.take();
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let measured = u64::from(self.measured());
        let serving = self.policy.serving;
        let marks = self.keys.marks.at(ordinal);
        if serving.bypass.get() > 0.0
            && marks
                .purpose(Purpose::Bypassed)
                .happens(serving.bypass.get())
        {
            self.tally.counters.bypassed += measured;
            self.tally.counters.asks_shown += measured;
            self.observe(ordinal, measured);
            return;
        }
        self.tally.counters.searches += measured;
        let available = self.available;
        let says_available = match (self.entry().copied(), serving.on_miss) {
            (Some(entry), _) => {
                self.hit(&entry, measured);
                entry.answer
            }
            (None, OnMiss::AskLive) => {
                self.tally.counters.misses += measured;
                self.tally.counters.asks_miss += measured;
                let (read, version) = (self.now, self.version);
                self.store(
                    0,
                    Write {
                        visible: read,
                        read,
                        version,
                        answer: available,
                    },
                );
                // Asked live already: nothing is left to check.
                return;
            }
            (None, say) => {
                self.tally.counters.misses += measured;
                say == OnMiss::SayAvailable
            }
        };
        let counters = &mut self.tally.counters;
        if says_available && !available {
            counters.told_available_wrongly += measured;
        } else if !says_available && available {
            counters.told_sold_out_wrongly += measured;
        }
        let shown = match serving.live_check {
            LiveCheck::Never => false,
            LiveCheck::Shown => says_available,
            LiveCheck::EverySearch => true,
        };
        if shown {
            counters.asks_shown += measured;
            self.observe(ordinal, measured);
        } else if !says_available
            && serving.explore.get() > 0.0
            && marks
                .purpose(Purpose::Explored)
                .happens(serving.explore.get())
        {
            counters.asks_explore += measured;
            self.observe(ordinal, measured);
        }
    }

    fn hit(&mut self, entry: &Entry, measured: u64) {
        let since = self.stale_since(entry);
        let now = self.now;
        if measured > 0 {
            let tally = &mut *self.tally;
            tally.counters.hits += 1;
            tally.counters.stale_hits += u64::from(since.is_some());
            tally
                .served_staleness
                .add(since.map_or(0, |since| now - since), 1);
            tally.served_data_age.add(now - entry.read, 1);
        }
        if let (Ttl::Sliding(lifetime), Some(layer)) = (self.policy.ttl, self.served)
            && let Some(held) = &mut self.layers[layer]
        {
            held.expires = now.saturating_add(lifetime.micros());
            self.choose();
        }
    }

    /// A live answer was given: the feeds that observe traffic take note.
    fn observe(&mut self, ordinal: u64, measured: u64) {
        for feed in self.feeds.iter_mut() {
            if let StayFeed::Observed(observed) = feed
                && observed.observe(self.now, ordinal)
            {
                self.tally.counters.observations += measured;
            }
        }
    }
}
