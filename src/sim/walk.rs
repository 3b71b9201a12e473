//! The walk through one stay's life with one design: from event to event, with exact integrals between.
//!
//! What happens at one instant happens in the order: world, expiry and purge, message, search. Between two
//! events nothing changes, so searches there are counted, not walked; regular polls that find nothing new
//! are passed over in one step.

use rand_distr::Distribution;

mod quiet;
mod steady;
mod traffic;
mod written;

pub use quiet::{Alike, Quiet};
pub use steady::{Steadily, called};
pub use traffic::Traffic;
pub use written::Written;

use super::checks::Invariant;
use super::clock::{DAY, Horizon, NEVER, Time};
use super::commons::Commons;
use super::distribution::Exponential;
use super::film::Seen;
use super::random::{Key, Purpose, Stream};
use super::truth::{Kind, StayTruth, Write};
use crate::design::audit::{self, Frame, Probe};
use crate::design::cache::ttl::Stored;
use crate::design::cache::{Cache, Purge, Ttl};
use crate::design::delivery::pull::Regular;
use crate::design::serving::{OnMiss, Serving};
use crate::design::source::dataset::Published;
use crate::design::source::deltas;
use crate::design::source::hints::Hinted;
use crate::design::source::inventory::{Crawled, Polls};
use crate::design::source::searches::Observed;
use crate::design::{Apply, Design, Source};
use crate::measure::audience::Bulk;
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::scenario::audience::Weigh;
use crate::scenario::quantity::Period;
use crate::world::group::Booking;
use crate::world::searches::{SearchScratch, SearchShape, Searches};

/// What one feed brings about one stay.
#[derive(Debug)]
pub enum StayFeed<'a> {
    /// Answers of polls.
    Polls(Polls<'a>),
    /// Pages of crawls.
    Crawled(Crawled),
    /// Writes of a replica.
    Log(deltas::Log),
    /// Observed live answers.
    Observed(Observed<'a>),
    /// Datasets.
    Published(Published<'a>),
    /// Asked live after hints.
    Hinted(Hinted),
}

impl StayFeed<'_> {
    /// When the next message is taken, where the feed is held until a moment.
    #[inline]
    fn due(&mut self, held_until: Time) -> Time {
        match self {
            Self::Polls(polls) => polls.due(held_until),
            Self::Crawled(crawled) => crawled.peek().max(held_until),
            Self::Log(log) => log.peek().max(held_until),
            Self::Observed(observed) => observed.due(held_until),
            Self::Published(published) => published.peek().max(held_until),
            Self::Hinted(hinted) => hinted.due(held_until),
        }
    }
}

/// What a design does to every stay alike.
#[derive(Debug, Clone)]
pub struct Policy {
    ttl: Ttl,
    sold_out_ttl: Option<Period>,
    /// How long after its expiry an entry is still served.
    grace: Time,
    purges_per_day: f64,
    serving: Serving,
    /// By feed.
    apply: Vec<Apply>,
    /// Moments at which everything is dropped, in order.
    flushes: Vec<Time>,
    /// Each search must be met: what it does depends on the one before, or is observed.
    walks_searches: bool,
    /// Each search is met though it need not be.
    meets_each: bool,
    /// By what an entry says: nothing comes of a hit before the entry expires.
    hits_plainly: [bool; 2],
    /// Who reads the whole copy.
    readers: Vec<Bulk>,
}

impl Policy {
    /// The policy of a design, whose entries are all dropped at `flushes`, and whose copy `readers` read.
    /// With `meets_each`, searches are walked one by one also where they could be counted.
    #[must_use]
    pub fn new(design: &Design, flushes: Vec<Time>, readers: Vec<Bulk>, meets_each: bool) -> Self {
        let Cache {
            ttl,
            sold_out_ttl,
            purge,
            stale_while_revalidate,
            ..
        } = &design.cache;
        let observed = design
            .feeds
            .iter()
            .any(|feed| matches!(feed.source, Source::Searches(_)));
        let serving = design.serving;
        let marked = serving.bypass.get() > 0.0 || serving.explore.get() > 0.0;
        // What `Walk::meet_search` does of a hit, and `Walk::hit`, is all listed here.
        let hits_plainly = |answer: bool| {
            let asks = serving.live_check.checks(answer);
            let explores = !answer && serving.explore.get() > 0.0;
            !asks && !explores && serving.bypass.get() == 0.0 && ttl.sliding().is_none()
        };
        Self {
            meets_each,
            hits_plainly: [false, true].map(hits_plainly),
            ttl: ttl.clone(),
            sold_out_ttl: *sold_out_ttl,
            grace: stale_while_revalidate.micros(),
            purges_per_day: match purge {
                Purge::None => 0.0,
                Purge::Random(random) => random.per_day.get(),
            },
            serving,
            apply: design.feeds.iter().map(|feed| feed.apply).collect(),
            flushes,
            walks_searches: observed || marked,
            readers,
        }
    }

    /// How many read the whole copy.
    #[must_use]
    pub fn readers(&self) -> usize {
        self.readers.len()
    }

    /// Whether misses alone fill the copy, and an entry goes for nothing but a lack of room and the end of its
    /// lifetime, which is the same for all.
    #[must_use]
    pub fn is_filled_by_misses_alone(&self) -> bool {
        let alike = matches!(self.ttl, Ttl::None | Ttl::Fixed(_) | Ttl::Sliding(_));
        self.apply.is_empty()
            && self.serving.on_miss == OnMiss::AskLive
            && self.serving.bypass.get() == 0.0
            && alike
            && self.sold_out_ttl.is_none()
            && self.grace == 0
            && self.purges_per_day == 0.0
            && self.flushes.is_empty()
    }

    /// The lifetime, where every entry with this answer has the same.
    fn lifetime(&self, answer: bool) -> Option<Time> {
        match (&self.ttl, self.sold_out_ttl) {
            (_, Some(ttl)) if !answer => Some(ttl.micros()),
            (Ttl::None, _) => Some(NEVER),
            (Ttl::Fixed(ttl), _) => Some(ttl.micros()),
            _ => None,
        }
    }
}

/// Searches a day count in so many parts where they weigh.
const WEIGHTS: f64 = 1_048_576.0;

/// What is held for a stay in one layer.
#[derive(Debug, Clone, Copy)]
struct Entry {
    answer: bool,
    version: u32,
    read: Time,
    /// Its lifetime ends,
    expires: Time,
    /// and then its grace.
    dies: Time,
}

/// The answer that was read latest; of equals, the last.
fn latest(layers: impl Iterator<Item = Option<(Time, bool)>>) -> Option<bool> {
    let latest = layers.flatten().max_by_key(|(read, _)| *read);
    latest.map(|(_, answer)| answer)
}

/// One stay's keys: its own in the world and in the replicate's designs.
#[derive(Debug, Clone, Copy)]
pub struct StayKeys {
    /// Purges of its entries.
    pub purges: Key,
    /// Marks of its searches: explored, bypassed.
    pub marks: Key,
    /// Lifetimes of its entries.
    pub lifetimes: Key,
}

/// What a walk needs to know about its stay.
#[derive(Debug)]
pub struct Walked<'a> {
    /// The stay's number in the replicate.
    pub number: u32,
    /// Its truth.
    pub truth: StayTruth<'a>,
    /// Bookings of this stay, in time order.
    pub bookings: &'a [Booking],
    /// Its keys.
    pub keys: StayKeys,
    /// Its searches.
    pub searches: Searches<'a>,
    /// The audits of the design, and when they ask this stay.
    pub audited: Audited<'a>,
}

/// What audits have to do with a stay.
#[derive(Debug, Clone, Copy)]
pub struct Audited<'a> {
    /// By audit.
    pub audits: &'a [audit::Planned],
    /// When the stay is asked, in the order of time.
    pub probes: &'a [Probe],
    /// How its searches spread over time, and how many times as many it has.
    pub searches: (&'a SearchShape, f64),
    /// When its group came onto the board.
    pub joins: Time,
}

/// The walk itself.
#[derive(Debug)]
pub struct Walk<'a> {
    policy: &'a Policy,
    horizon: Horizon,
    stay: Walked<'a>,
    feeds: Vec<StayFeed<'a>>,
    /// One a feed, after the first, which holds what misses asked.
    layers: Vec<Option<Entry>>,
    now: Time,
    /// The current version.
    version: u32,
    available: bool,
    /// The layer that is served: the live one whose truth was read latest.
    served: Option<usize>,
    /// When the first of the layers' entries expires or dies.
    next_expiry: Time,
    purge_stream: Option<Stream>,
    next_purge: Time,
    /// How many of the flushes are past.
    flushed: usize,
    /// How many searches there have been (only counted where they are walked).
    ordinal: u64,
    /// By reader of the whole copy: the answer that it works with.
    read: Vec<Option<bool>>,
    /// A stretch that is not written down yet, as it may go on from its end.
    open: Option<Open>,
}

/// What a stretch is written down by, but for the age of what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Situation {
    available: bool,
    /// What the entry says, if there is one.
    held: Option<bool>,
    /// Since when it is stale, if it is.
    stale_since: Option<Time>,
}

/// A stretch that goes on where the next one begins at its end and is alike.
#[derive(Debug, Clone, Copy)]
struct Open {
    from: Time,
    to: Time,
    situation: Situation,
}

/// The polls of a stay that has left.
fn finish_polls(polls: &mut Polls<'_>, feed: usize, warm: Time, tally: &mut Tally) {
    tally.counters.asks_poll += polls.finish(&mut tally.feeds[feed]);
    tally.asks += polls.asked();
    polls.made(|at| tally.asks_by_minute.add(at - warm, 1));
}

/// What a walk writes down, and what its stay shares with others.
#[derive(Debug)]
pub struct Around<'t, C> {
    /// What the design did so far.
    pub tally: &'t mut Tally,
    /// What stays share.
    pub commons: &'t mut C,
}

/// The memory of a walk that is over, for the next.
#[derive(Debug)]
pub struct Remains<'a> {
    /// The searches' own.
    pub searches: SearchScratch,
    /// The feeds'.
    pub feeds: Vec<StayFeed<'a>>,
    /// The layers' and the readers'.
    pub layers: Layers,
}

/// Memory of what is held for a stay: one entry a layer; and by those who read the whole copy.
#[derive(Debug, Default)]
pub struct Layers(Vec<Option<Entry>>, Vec<Option<bool>>);

impl<'a> Walk<'a> {
    /// A walk about to start.
    #[must_use]
    pub fn new(
        policy: &'a Policy,
        horizon: Horizon,
        stay: Walked<'a>,
        feeds: Vec<StayFeed<'a>>,
        layers: Layers,
    ) -> Self {
        let Layers(mut layers, mut read) = layers;
        layers.clear();
        layers.resize(feeds.len() + 1, None);
        read.clear();
        read.resize(policy.readers.len(), None);
        let truth = &stay.truth;
        let enters = truth.enters;
        let version = truth.version_at(enters);
        let purges = policy.purges_per_day > 0.0;
        let mut walk = Self {
            policy,
            horizon,
            feeds,
            layers,
            now: enters,
            version,
            available: truth.answer(version),
            served: None,
            next_expiry: NEVER,
            purge_stream: purges.then(|| stay.keys.purges.stream()),
            next_purge: if purges { enters } else { NEVER },
            flushed: policy.flushes.partition_point(|at| *at < enters),
            ordinal: 0,
            read,
            open: None,
            stay,
        };
        walk.draw_purge();
        walk
    }

    /// Walks to the end of the stay's life.
    pub fn run<C: Commons>(mut self, around: &mut Around<'_, C>) -> Remains<'a> {
        loop {
            let mut next = self.next_but_searches(around.commons);
            if self.meets_searches::<C>() && !self.hit_plainly::<C>(next, around.tally) {
                next = next.min(self.stay.searches.peek());
            }
            if let Some(at) = around.commons.evicts(next, self.served.is_some()) {
                self.catch_up::<C>(at, around.tally);
                self.evict(around.tally);
                continue;
            }
            if self.step(next, around) {
                return self.finish(around);
            }
        }
    }

    /// When something happens next: the end of the stay's life at the latest.
    pub fn next<C: Commons>(&mut self, commons: &C) -> Time {
        let next = self.next_but_searches(commons);
        if self.meets_searches::<C>() {
            next.min(self.stay.searches.peek())
        } else {
            next
        }
    }

    /// When something happens next that is not a search.
    #[inline]
    fn next_but_searches<C: Commons>(&mut self, commons: &C) -> Time {
        let mut next = self.stay.truth.leaves.min(self.next_expiry);
        next = next.min(self.next_change()).min(self.next_purge);
        next = next.min(self.next_flush());
        for index in 0..self.feeds.len() {
            next = next.min(self.due(index, commons));
        }
        next.min(self.boundary())
    }

    /// Passes the time until `next` and lets happen what happens then; true at the end of the stay's life.
    pub fn step<C: Commons>(&mut self, next: Time, around: &mut Around<'_, C>) -> bool {
        self.pass::<C>(next, around.tally);
        if next >= self.stay.truth.leaves {
            return true;
        }
        if next == self.next_change() {
            self.version += 1;
            self.available = !self.available;
            self.show(around.commons, Seen::Truth(self.available));
            around.tally.counters.changes += u64::from(self.measured());
        } else if next == self.next_expiry {
            self.expire(around);
        } else if next == self.next_purge {
            self.purge(around);
        } else if next == self.next_flush() {
            self.flush(around);
        } else if !self.receive(around)
            && self.meets_searches::<C>()
            && next == self.stay.searches.peek()
        {
            self.meet_search(around);
        }
        false
    }

    /// The stay has left: what its feeds did, and the memory for the next.
    pub fn finish<C: Commons>(mut self, around: &mut Around<'_, C>) -> Remains<'a> {
        self.pass::<C>(self.stay.truth.leaves, around.tally);
        let tally = &mut *around.tally;
        self.close(tally);
        let warm = self.horizon.warm;
        for (index, feed) in self.feeds.iter_mut().enumerate() {
            match feed {
                StayFeed::Polls(polls) => finish_polls(polls, index, warm, tally),
                StayFeed::Published(published) => {
                    for at in published.reads(&self.stay.truth, warm) {
                        tally.counters.asks_poll += 1;
                        tally.asks += 1;
                        tally.asks_by_minute.add(at - warm, 1);
                    }
                }
                StayFeed::Observed(observed) => observed.finish(&mut tally.feeds[index]),
                StayFeed::Hinted(hinted) => {
                    // Asked when the hint came, also where the answer is held back.
                    for at in hinted.pending(&self.stay.truth, warm) {
                        tally.counters.asks_hint += 1;
                        tally.asks += 1;
                        tally.asks_by_minute.add(at - warm, 1);
                    }
                }
                StayFeed::Crawled(_) | StayFeed::Log(_) => {}
            }
        }
        if self.served.is_some() {
            around.commons.dropped(self.stay.number);
        }
        Remains {
            searches: self.stay.searches.into_scratch(),
            feeds: self.feeds,
            layers: Layers(self.layers, self.read),
        }
    }

    #[inline]
    fn measured(&self) -> bool {
        self.now >= self.horizon.warm
    }

    /// The end of the warm-up, while it lasts.
    #[inline]
    fn boundary(&self) -> Time {
        if self.now < self.horizon.warm {
            self.horizon.warm
        } else {
            NEVER
        }
    }

    #[inline]
    fn next_change(&self) -> Time {
        self.stay.truth.changes_after(self.version).unwrap_or(NEVER)
    }

    #[inline]
    fn next_flush(&self) -> Time {
        let flushes = &self.policy.flushes;
        flushes.get(self.flushed).copied().unwrap_or(NEVER)
    }

    /// When a feed's next message is taken.
    #[inline]
    fn due<C: Commons>(&mut self, feed: usize, commons: &C) -> Time {
        self.feeds[feed].due(commons.held_until(feed))
    }

    #[inline]
    fn entry(&self) -> Option<&Entry> {
        self.served.and_then(|layer| self.layers[layer].as_ref())
    }

    /// Whether the next search is an event: it stores, renews, or is observed.
    #[inline]
    fn meets_searches<C: Commons>(&self) -> bool {
        C::MEETS_SEARCHES
            || self.policy.walks_searches
            || self.policy.meets_each
            || match self.entry() {
                None => self.policy.serving.on_miss == OnMiss::AskLive,
                Some(entry) => self.policy.ttl.sliding().is_some() || entry.expires <= self.now,
            }
    }

    /// Passes the time until `next`, in which nothing changes.
    fn pass<C: Commons>(&mut self, next: Time, tally: &mut Tally) {
        if next == self.now {
            return;
        }
        if next < self.now {
            tally.checks.broken(Invariant::TimeRunsForward);
            return;
        }
        let counted = if self.meets_searches::<C>() {
            0
        } else {
            self.stay.searches.take_until(next)
        };
        let (from, to) = (self.now, next);
        self.now = next;
        if from < self.horizon.warm {
            return;
        }
        let entry = self.entry().copied();
        if entry.is_some_and(|entry| entry.dies < to) {
            tally.checks.broken(Invariant::ServedPastLifetime);
        }
        let situation = self.situation(entry);
        if counted > 0 || self.is_looked_at() {
            self.account(from, to, situation, counted, tally);
        } else {
            self.go_on(from, to, situation, tally);
        }
        if let Some(entry) = entry {
            tally.doubled_data_age += doubled_ramp(from - entry.read, to - entry.read);
            if counted > 0 {
                tally
                    .served_data_age
                    .add_piece(from - entry.read, to - entry.read, counted);
            }
        }
    }

    #[inline]
    fn situation(&self, entry: Option<Entry>) -> Situation {
        Situation {
            available: self.available,
            held: entry.map(|entry| entry.answer),
            stale_since: entry.and_then(|entry| self.stale_since(&entry)),
        }
    }

    /// Whether somebody looks at what is held at each moment.
    #[inline]
    fn is_looked_at(&self) -> bool {
        !self.stay.audited.audits.is_empty() || !self.read.is_empty()
    }

    /// A stretch without searches. Many events leave things as they are: it is written down once it ends.
    #[inline]
    fn go_on(&mut self, from: Time, to: Time, situation: Situation, tally: &mut Tally) {
        match &mut self.open {
            Some(open) if open.to == from && open.situation == situation => open.to = to,
            _ => {
                self.close(tally);
                self.open = Some(Open {
                    from,
                    to,
                    situation,
                });
            }
        }
    }

    /// Writes down the stretch that went on.
    fn close(&mut self, tally: &mut Tally) {
        if let Some(open) = self.open.take() {
            self.account(open.from, open.to, open.situation, 0, tally);
        }
    }

    /// Everything about a stretch but the data age, which a stretch of renewals has of its own.
    fn account(
        &mut self,
        from: Time,
        to: Time,
        situation: Situation,
        counted: u64,
        tally: &mut Tally,
    ) {
        let Situation {
            available,
            held,
            stale_since,
        } = situation;
        let span = i128::from(to - from);
        tally.watched_time += span;
        let warm = self.horizon.warm;
        let (start, stop) = (from - warm, to - warm);
        if available {
            tally.available_time += span;
        }
        let says_available = held.unwrap_or(match self.policy.serving.on_miss {
            OnMiss::AskLive => available,
            OnMiss::SayAvailable => true,
            OnMiss::SaySoldOut => false,
        });
        if !self.stay.audited.audits.is_empty() {
            self.audit(from, to, says_available == available, tally);
        }
        if !self.read.is_empty() {
            self.work_with_what_was_read(from, to, held, tally);
        }
        let counters = &mut tally.counters;
        counters.searches += counted;
        if says_available != available {
            if says_available {
                tally.false_available_time += span;
                tally.hourly.wrong(true).add(start, stop);
                counters.told_available_wrongly += counted;
            } else {
                tally.false_sold_out_time += span;
                tally.hourly.wrong(false).add(start, stop);
                counters.told_sold_out_wrongly += counted;
                // A booking falls into the stretch that ends with it: it was made just after looking.
                counters.bookings_called_sold_out += called(self.stay.bookings, from, to);
            }
        }
        let shown = self.policy.serving.live_check.checks(says_available);
        if shown && counted > 0 {
            counters.asks_shown += counted;
            tally.asks += counted;
            tally.asks_by_minute.add_even(start, stop, counted);
        }
        let counters = &mut tally.counters;
        let Some(answer) = held else {
            counters.misses += counted;
            return;
        };
        counters.hits += counted;
        tally.entry_time += span;
        tally.hourly.entries.add(start, stop);
        if answer != available {
            tally.wrong_entry_time += span;
        }
        match stale_since {
            None => {
                tally.fresh_time += span;
                tally.served_staleness.add(0, counted);
            }
            Some(since) => {
                tally.counters.stale_hits += counted;
                tally.hourly.add_stale(since - warm, start, stop);
                if counted > 0 {
                    tally
                        .served_staleness
                        .add_piece(from - since, to - since, counted);
                }
            }
        }
    }

    /// Lets those who read the whole copy work through a stretch with what they read last.
    fn work_with_what_was_read(
        &mut self,
        from: Time,
        to: Time,
        answer: Option<bool>,
        tally: &mut Tally,
    ) {
        let (warm, available) = (self.horizon.warm, self.available);
        let (shape, scale) = self.stay.audited.searches;
        let bookings = self.stay.bookings;
        let readers = self.policy.readers.iter().zip(&mut self.read);
        for ((reader, held), of_reader) in readers.zip(&mut tally.bulk) {
            let weight = |from: Time, to: Time| match reader.weigh {
                Weigh::Stays => i128::from(to - from),
                Weigh::Searches => {
                    let searches = (shape.mass_before(to) - shape.mass_before(from)) * scale;
                    (searches * WEIGHTS * WEIGHTS) as i128
                }
                Weigh::Bookings => {
                    let before = |at: Time| bookings.partition_point(|booking| booking.at <= at);
                    (before(to) - before(from)) as i128
                }
            };
            let read = reader.next(warm, from).min(to);
            if from < read {
                of_reader.add(weight(from, read), *held, available);
            }
            if read < to {
                *held = answer;
                of_reader.add(weight(read, to), *held, available);
            }
        }
    }

    /// Lets the audits look at a stretch in which the answer is right, or not.
    fn audit(&mut self, from: Time, to: Time, right: bool, tally: &mut Tally) {
        let Audited {
            audits,
            probes,
            searches: (shape, scale),
            joins,
        } = self.stay.audited;
        for (planned, of_audit) in audits.iter().zip(&mut tally.audits) {
            let waves = planned.within(from, to);
            of_audit.all.add(waves.clone(), 1, !right);
            if planned.frozen_at.is_some_and(|frozen| joins > frozen) {
                continue;
            }
            match planned.frame {
                Frame::Stays => of_audit.frame.add(waves, 1, !right),
                Frame::Searches => {
                    for wave in waves {
                        let searches = shape.per_day(planned.at(wave)) * scale;
                        let weight = (searches * WEIGHTS) as i128;
                        of_audit.frame.add(wave..wave + 1, weight, !right);
                    }
                }
            }
        }
        let due = probes.partition_point(|probe| probe.at < to);
        let (asked, later) = probes.split_at(due);
        for probe in asked.iter().filter(|probe| probe.at >= from) {
            if let Some(of_audit) = tally.audits.get_mut(probe.audit as usize) {
                of_audit.answers.set(probe.slot, right);
                tally.counters.asks_audit += 1;
                tally.asks += 1;
                let at = probe.at - self.horizon.warm;
                tally.asks_by_minute.add(at, 1);
            }
        }
        self.stay.audited.probes = later;
    }

    /// The first change that an entry does not reflect.
    #[inline]
    fn stale_since(&self, entry: &Entry) -> Option<Time> {
        self.stay.truth.stale_since(entry.version, self.version)
    }

    /// Finds what is served: the layer whose truth was read latest; of equals, the feed listed later.
    fn choose<C: Commons>(&mut self, commons: &mut C) {
        let held = self.served.is_some();
        self.served = None;
        self.next_expiry = NEVER;
        let mut latest = Time::MIN;
        for (index, layer) in self.layers.iter().enumerate() {
            let Some(entry) = layer else { continue };
            let ends = if entry.expires > self.now {
                entry.expires
            } else {
                entry.dies
            };
            self.next_expiry = self.next_expiry.min(ends);
            if entry.read >= latest {
                latest = entry.read;
                self.served = Some(index);
            }
        }
        match (held, self.served.is_some()) {
            (false, true) => commons.stored(self.stay.number),
            (true, false) => commons.dropped(self.stay.number),
            _ => {}
        }
        self.show(commons, Seen::Holds(self.entry().map(|entry| entry.answer)));
    }

    #[inline]
    fn show<C: Commons>(&self, commons: &mut C, seen: Seen) {
        commons.saw(self.stay.number, self.now, seen);
    }

    /// Whether a feed's publication would turn the answer round that is served at `at`.
    #[must_use]
    pub fn would_flip(&self, feed: usize, publication: usize, at: Time) -> bool {
        let StayFeed::Published(published) = &self.feeds[feed] else {
            return false;
        };
        let Some(write) = published.would_write(publication, &self.stay.truth) else {
            return false;
        };
        let written = (write.kind == Kind::Set).then_some((write.read, write.answer));
        let held = |layer: &Option<Entry>| {
            let entry = layer.filter(|entry| entry.dies > at);
            entry.map(|entry| (entry.read, entry.answer))
        };
        let after = self.layers.iter().enumerate().map(|(layer, entry)| {
            if layer == feed + 1 {
                written
            } else {
                held(entry)
            }
        });
        let before = latest(self.layers.iter().map(held));
        before.is_some_and(|before| latest(after).is_some_and(|after| before != after))
    }

    /// How far the walk is.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Others needed the room.
    pub fn evict(&mut self, tally: &mut Tally) {
        tally.counters.evicted += u64::from(self.measured());
        self.layers.fill(None);
        self.served = None;
        self.next_expiry = NEVER;
    }

    /// Passes the time until something happens to another stay that concerns this one.
    pub fn catch_up<C: Commons>(&mut self, until: Time, tally: &mut Tally) {
        self.pass::<C>(until, tally);
    }

    /// The feed's line was done with an observation of this stay.
    pub fn served(
        &mut self,
        feed: usize,
        at: Option<Time>,
        read: Time,
        key: Key,
        tally: &mut Tally,
    ) {
        if let StayFeed::Observed(observed) = &mut self.feeds[feed] {
            observed.served(at, read, key, &mut tally.feeds[feed]);
        }
    }

    fn expire<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        let now = self.now;
        let measured = u64::from(self.measured());
        for layer in &mut self.layers {
            if layer.is_some_and(|entry| entry.dies <= now) {
                *layer = None;
                around.tally.counters.expired += measured;
            }
        }
        self.choose(around.commons);
    }

    fn drop_all(&mut self) -> u64 {
        let held = self.layers.iter().flatten().count() as u64;
        self.layers.fill(None);
        if self.measured() { held } else { 0 }
    }

    fn purge<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        around.tally.counters.purged += self.drop_all();
        self.choose(around.commons);
        self.draw_purge();
    }

    fn flush<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        around.tally.counters.flushed += self.drop_all();
        self.choose(around.commons);
        self.flushed += 1;
    }

    fn draw_purge(&mut self) {
        if let Some(stream) = &mut self.purge_stream {
            let days: f64 = Exponential.sample(stream) / self.policy.purges_per_day;
            self.next_purge = self
                .next_purge
                .saturating_add(((days * DAY as f64) as Time).max(1));
        }
    }

    /// When an entry stored now expires, and when its grace ends.
    fn lives(&self, write: &Write) -> (Time, Time) {
        let now = self.now;
        let expires = match self.policy.sold_out_ttl {
            Some(ttl) if !write.answer => now.saturating_add(ttl.micros()),
            _ => {
                let stored = || Stored {
                    check_in: self.stay.truth.check_in,
                    quiet_for: write.read
                        - self
                            .stay
                            .truth
                            .since(write.version)
                            .unwrap_or(self.stay.truth.enters)
                            .min(write.read),
                    key: self.stay.keys.lifetimes.at(now as u64),
                };
                self.policy.ttl.expires(stored, now)
            }
        };
        (expires, expires.saturating_add(self.policy.grace))
    }

    /// Takes what is brought to a layer; whether it counted.
    fn store<C: Commons>(
        &mut self,
        layer: usize,
        write: &Write,
        around: &mut Around<'_, C>,
    ) -> bool {
        let measured = u64::from(self.measured());
        if write.read > self.now || write.version > self.version {
            around.tally.checks.broken(Invariant::NoEntryIsNewer);
        }
        let apply = match layer {
            0 => Apply::Newest,
            feed => self.policy.apply[feed - 1],
        };
        let mut read = write.read;
        match write.kind {
            Kind::Offer => {
                if let Some(held) = &self.layers[layer]
                    && apply == Apply::Newest
                {
                    if write.version < held.version {
                        return false;
                    }
                    if write.version == held.version {
                        read = read.max(held.read);
                    }
                }
            }
            Kind::Set => {}
            Kind::Confirm => {
                if let Some(held) = &mut self.layers[layer] {
                    held.version = write.version;
                    held.read = write.read;
                    self.choose(around.commons);
                }
                return true;
            }
            Kind::Invalidate => {
                // By the time of reading, as a message that comes before others of the same booking does not
                // say its version yet.
                for entry in &mut self.layers {
                    let older = entry.is_some_and(|entry| entry.read < write.read);
                    if older || (entry.is_some() && apply == Apply::LastArrival) {
                        *entry = None;
                        around.tally.counters.invalidated += measured;
                    }
                }
                self.choose(around.commons);
                return true;
            }
            Kind::Drop => {
                self.layers[layer] = None;
                self.choose(around.commons);
                return true;
            }
        }
        let (expires, dies) = self.lives(write);
        self.layers[layer] = Some(Entry {
            answer: write.answer,
            version: write.version,
            read,
            expires,
            dies,
        });
        around.tally.counters.cache_writes += measured;
        let (answer, read) = (write.answer, write.read);
        let from = layer.checked_sub(1).map(|feed| feed as u8);
        self.show(around.commons, Seen::Wrote { from, answer, read });
        self.choose(around.commons);
        true
    }

    /// Takes the messages that arrive now; whether there were any.
    fn receive<C: Commons>(&mut self, around: &mut Around<'_, C>) -> bool {
        let mut any = false;
        for index in 0..self.feeds.len() {
            // One at a time: looking for another would send the next poll on its way.
            if self.due(index, around.commons) != self.now {
                continue;
            }
            any = true;
            // What a breaker held back comes all at once when it lets go, which says nothing of the feed.
            let was_held = self.feeds[index].due(Time::MIN) < self.now;
            if let Some(write) = self.take(index, around) {
                let before = self.entry().map(|entry| entry.answer);
                let counts = self.store(index + 1, &write, around);
                let after = self.entry().map(|entry| entry.answer);
                if !was_held && before.is_some() && after.is_some() && before != after {
                    around.commons.flipped(index, self.now);
                }
                self.account_message(index, &write, counts, around.tally);
            }
        }
        if any && self.feeds.len() == 1 && !self.policy.walks_searches && C::ALONE {
            let passed = self.pass_steadily(around.commons, around.tally);
            if !passed && !self.policy.meets_each {
                self.pass_renewals(around);
            }
        }
        any
    }

    /// Takes a feed's next message.
    fn take<C: Commons>(&mut self, index: usize, around: &mut Around<'_, C>) -> Option<Write> {
        let truth = &self.stay.truth;
        let number = self.stay.number;
        let now = self.now;
        let commons = &mut *around.commons;
        match &mut self.feeds[index] {
            StayFeed::Polls(polls) => {
                let held_until = commons.held_until(index);
                polls.take(now, held_until, truth, |at| commons.admit(index, at))
            }
            StayFeed::Crawled(crawled) => crawled.take(truth),
            StayFeed::Log(log) => log.take(),
            StayFeed::Observed(observed) => observed.take(
                now,
                truth,
                &mut around.tally.feeds[index],
                &mut |observation| commons.queue(index, number, observation),
            ),
            StayFeed::Published(published) => {
                published.take(truth, now, |newest| commons.passed(index, newest))
            }
            StayFeed::Hinted(hinted) => {
                let held_until = commons.held_until(index);
                hinted.take(now, held_until, truth, |at| commons.admit(index, at))
            }
        }
    }

    /// Writes down what came of a message, where it is not a replica's.
    fn account_message(&self, index: usize, write: &Write, counts: bool, tally: &mut Tally) {
        let measured = write.read >= self.horizon.warm;
        let asked = write.read - self.horizon.warm;
        let feed = &mut tally.feeds[index];
        match &self.feeds[index] {
            StayFeed::Log(_) => return,
            StayFeed::Hinted(_) if measured => {
                tally.counters.asks_hint += 1;
                tally.asks += 1;
                tally.asks_by_minute.add(asked, 1);
                return;
            }
            StayFeed::Hinted(_) => return,
            StayFeed::Crawled(_) if measured => {
                feed.changes += 1;
                feed.sent += 1;
            }
            StayFeed::Published(_) if measured && write.kind == Kind::Set => {
                feed.changes += 1;
                feed.sent += 1;
            }
            StayFeed::Published(_) => return,
            StayFeed::Polls(_) | StayFeed::Observed(_) | StayFeed::Crawled(_) => {}
        }
        if measured && counts {
            feed.applied(self.now - write.read);
        } else if measured {
            feed.superseded += 1;
        }
    }

    /// Passes over regular polls that find nothing new, in one step.
    fn pass_renewals<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        let (Some(1), Some(entry)) = (self.served, self.layers[1]) else {
            return;
        };
        let quiet_until = self
            .next_change()
            .min(self.next_purge)
            .min(self.next_flush())
            .min(self.boundary())
            .min(self.stay.truth.leaves)
            .min(self.layers[0].map_or(NEVER, |asked| asked.expires));
        let StayFeed::Polls(polls) = &mut self.feeds[0] else {
            return;
        };
        let Some(lifetime) = self.policy.lifetime(entry.answer) else {
            return;
        };
        // An answer that a bug turned round is put right by the next poll.
        if entry.version != self.version || entry.answer != self.available {
            return;
        }
        let Some(regular) = polls.regular(self.now) else {
            return;
        };
        let Regular { gap, latency } = regular;
        // An answer that was slow to come is not followed by others a gap after it.
        if entry.read + latency != self.now {
            return;
        }
        let asked_is_newer = self.layers[0].is_some_and(|asked| asked.read > entry.read);
        // Each poll must find the entry alive.
        if entry.expires.saturating_sub(self.now) <= gap || asked_is_newer {
            return;
        }
        let quiet_until = quiet_until.min(polls.steady_until(self.now));
        let renewed = polls.renew_until(quiet_until - latency, regular);
        let renewals = renewed.polls;
        if renewals == 0 {
            return;
        }
        let (from, to) = (self.now, self.now + renewals as Time * gap);
        let counted = self.stay.searches.take_until(to);
        let warm = self.horizon.warm;
        let tally = &mut *around.tally;
        if from >= warm {
            let situation = self.situation(Some(entry));
            self.account(from, to, situation, counted, tally);
            tally.doubled_data_age += i128::from(renewals) * doubled_ramp(latency, latency + gap);
            tally
                .served_data_age
                .add_again(latency, latency + gap, counted);
            tally.counters.cache_writes += renewals;
        }
        renewed.note(regular, warm, tally);
        self.now = to;
        let expires = to.saturating_add(lifetime);
        self.layers[1] = Some(Entry {
            read: to - latency,
            expires,
            dies: expires.saturating_add(self.policy.grace),
            ..entry
        });
        self.choose(around.commons);
    }

    /// A search that is an event. Those of which nothing comes (`Policy::hits_plainly`) are not met here where the stay
    /// is walked by itself.
    fn meet_search<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        self.stay.searches.take();
        let ordinal = self.ordinal;
        self.ordinal += 1;
        let measured = u64::from(self.measured());
        let serving = self.policy.serving;
        let marks = self.stay.keys.marks.at(ordinal);
        if serving.bypass.get() > 0.0
            && marks
                .purpose(Purpose::Bypassed)
                .happens(serving.bypass.get())
        {
            around.tally.counters.bypassed += measured;
            around.tally.counters.asks_shown += measured;
            self.ask(around);
            self.observe(ordinal, around);
            return;
        }
        around.tally.counters.searches += measured;
        around.commons.looked(self.stay.number);
        let available = self.available;
        self.show(
            around.commons,
            Seen::Searched(self.entry().map(|entry| entry.answer)),
        );
        let says_available = match (self.entry().copied(), serving.on_miss) {
            (Some(entry), _) => {
                self.hit(&entry, around);
                entry.answer
            }
            (None, OnMiss::AskLive) => {
                around.tally.counters.misses += measured;
                around.tally.counters.asks_miss += measured;
                // Asked live already: nothing is left to check.
                self.ask_and_store(around);
                return;
            }
            (None, say) => {
                around.tally.counters.misses += measured;
                say == OnMiss::SayAvailable
            }
        };
        let counters = &mut around.tally.counters;
        if says_available && !available {
            counters.told_available_wrongly += measured;
        } else if !says_available && available {
            counters.told_sold_out_wrongly += measured;
        }
        let shown = serving.live_check.checks(says_available);
        if shown {
            counters.asks_shown += measured;
            self.ask(around);
            self.observe(ordinal, around);
        } else if !says_available
            && serving.explore.get() > 0.0
            && marks
                .purpose(Purpose::Explored)
                .happens(serving.explore.get())
        {
            counters.asks_explore += measured;
            self.ask(around);
            self.observe(ordinal, around);
        }
    }

    /// Meets the searches before `until`, until when nothing else happens, where nothing comes of them: each is a hit,
    /// and all is as before. Whether it is so.
    fn hit_plainly<C: Commons>(&mut self, until: Time, tally: &mut Tally) -> bool {
        let Some(entry) = self.entry().copied() else {
            return false;
        };
        if !C::ALONE
            || !self.policy.hits_plainly[usize::from(entry.answer)]
            || entry.expires <= self.now
        {
            return false;
        }
        let since = self.stale_since(&entry);
        let measured = self.measured();
        let searches = &mut self.stay.searches;
        let mut count = 0;
        if measured {
            let mut ages = tally.served_data_age.one_by_one();
            let mut staleness = tally.served_staleness.one_by_one();
            searches.each_until(until, |at| {
                count += 1;
                ages(at - entry.read);
                staleness(since.map_or(0, |since| at - since));
            });
        } else {
            searches.each_until(until, |_| count += 1);
        }
        self.ordinal += count;
        if measured {
            let counters = &mut tally.counters;
            counters.searches += count;
            counters.hits += count;
            counters.stale_hits += if since.is_some() { count } else { 0 };
            match (entry.answer, self.available) {
                (true, false) => counters.told_available_wrongly += count,
                (false, true) => counters.told_sold_out_wrongly += count,
                _ => {}
            }
        }
        true
    }

    /// The domain service is asked, now.
    fn ask<C: Commons>(&self, around: &mut Around<'_, C>) {
        self.show(around.commons, Seen::Asked);
        if self.measured() {
            let tally = &mut *around.tally;
            tally.asks += 1;
            tally.asks_by_minute.add(self.now - self.horizon.warm, 1);
        }
    }

    fn ask_and_store<C: Commons>(&mut self, around: &mut Around<'_, C>) {
        self.ask(around);
        let write = self.stay.truth.read(self.now, self.now, false);
        self.store(0, &write, around);
    }

    fn hit<C: Commons>(&mut self, entry: &Entry, around: &mut Around<'_, C>) {
        let since = self.stale_since(entry);
        let now = self.now;
        let measured = self.measured();
        if entry.dies <= now {
            around.tally.checks.broken(Invariant::ServedPastLifetime);
        }
        if measured {
            let tally = &mut *around.tally;
            tally.counters.hits += 1;
            tally.counters.stale_hits += u64::from(since.is_some());
            tally
                .served_staleness
                .add(since.map_or(0, |since| now - since), 1);
            tally.served_data_age.add(now - entry.read, 1);
        }
        if entry.expires <= now {
            // Served all the same, and asked again behind it.
            around.tally.counters.asks_revalidate += u64::from(measured);
            self.ask_and_store(around);
        } else if let (Some(lifetime), Some(layer)) = (self.policy.ttl.sliding(), self.served)
            && let Some(held) = &mut self.layers[layer]
            && (held.answer || self.policy.sold_out_ttl.is_none())
        {
            held.expires = now.saturating_add(lifetime);
            held.dies = held.expires.saturating_add(self.policy.grace);
            self.choose(around.commons);
        }
    }

    /// A live answer was given: the feeds that observe traffic take note.
    fn observe<C: Commons>(&mut self, ordinal: u64, around: &mut Around<'_, C>) {
        let (now, measured, number) = (self.now, u64::from(self.measured()), self.stay.number);
        let Around { tally, commons } = around;
        for (index, feed) in self.feeds.iter_mut().enumerate() {
            if let StayFeed::Observed(observed) = feed {
                let queue = &mut |observation| commons.queue(index, number, observation);
                let seen = observed.observe(now, ordinal, &mut tally.feeds[index], queue);
                tally.counters.observations += measured * u64::from(seen);
            }
        }
    }
}
