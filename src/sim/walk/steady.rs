//! The plain case, in one loop: one feed of regular polls, nothing that drops an entry, nobody who looks but
//! travellers. What the walk would find event by event is found change by change here, and is the same.

use super::{Commons, Entry, NEVER, Policy, StayFeed, Time, Walk};
use crate::design::delivery::pull::Regular;
use crate::design::serving::{LiveCheck, OnMiss};
use crate::measure::series::{Minutes, Stretch, Turn};
use crate::measure::tally::Tally;
use crate::sim::random::Key;
use crate::sim::truth::StayTruth;
use crate::world::group::Booking;
use crate::world::searches::{SearchScratch, Searches};

/// What a loop over a stay's changes has found so far.
struct Steady<'t, 'a> {
    tally: &'t mut Tally,
    searches: &'t mut Searches<'a>,
    warm: Time,
    from: Time,
    /// When the poll that is held was visible: others are a gap apart, each so long after it was made.
    visible: Time,
    gap: Time,
    latency: Time,
    /// When the poll is visible that no search has seen yet, where each is met.
    renews: Time,
    counted: u64,
    /// By the answer that is held, which is right: sold out, and available.
    fresh: [Time; 2],
    /// With an earlier version than the current one, where its answer is right, and where it is wrong; by that answer.
    // Answers are as good as random: what depends on them is looked up, not jumped to.
    stale: [[Spent; 2]; 2],
}

/// How long something was held, and how many searches met it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    pub(super) time: Time,
    pub(super) searches: u64,
}

/// Writes down what was held and was wrong: what was called sold out, and what available.
#[inline]
pub(super) fn note_wrong([sold_out, available]: [Spent; 2], tally: &mut Tally) {
    tally.false_available_time += i128::from(available.time);
    tally.false_sold_out_time += i128::from(sold_out.time);
    tally.wrong_entry_time += i128::from(available.time + sold_out.time);
    let counters = &mut tally.counters;
    counters.told_available_wrongly += available.searches;
    counters.told_sold_out_wrongly += sold_out.searches;
}

impl Policy {
    /// Whether nothing but polls and the truth decides what a search gets, for entries that are renewed every
    /// `gap`.
    fn is_plain(&self, gap: Time) -> bool {
        let outlives = |answer| self.lifetime(answer).is_some_and(|lifetime| lifetime > gap);
        self.purges_per_day == 0.0
            && self.readers.is_empty()
            && self.serving.live_check == LiveCheck::Never
            && outlives(true)
            && outlives(false)
    }

    /// Whether what misses asked may be asked again in its grace, before a poll overtakes it, and so on and on.
    fn may_renew_what_was_asked(&self, Regular { gap, latency }: Regular) -> bool {
        let ends_first = |answer| {
            self.lifetime(answer)
                .is_none_or(|life| life < gap + latency)
        };
        self.grace > 0
            && latency > 0
            && self.serving.on_miss == OnMiss::AskLive
            && (ends_first(true) || ends_first(false))
    }

    /// How these polls, a design's only feed, go on, where nothing but them and the truth decides what a search of any
    /// stay gets.
    #[must_use]
    pub fn steadily(&self, regular: Regular, warm: Time) -> Option<Steadily<'_>> {
        let ends = |answer| match self.lifetime(answer) {
            None | Some(NEVER) => 0,
            Some(lifetime) => lifetime.saturating_add(self.grace),
        };
        let is_plain = !self.walks_searches
            && self.is_plain(regular.gap)
            && !self.may_renew_what_was_asked(regular);
        let Regular { gap, latency } = regular;
        // What was asked while the first answer was on its way is newer, up to that of the poll after it was asked.
        let overtaken = (latency + gap - 2).max(0) / gap * gap;
        let longest = ends(true).max(ends(false));
        is_plain.then(|| Steadily {
            policy: self,
            regular,
            settles_after: latency.saturating_add(longest.max(overtaken)),
            warm,
        })
    }
}

/// What is held as the warm-up ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// When it was read.
    pub(super) read: Time,
    /// So many polls arrive since.
    pub(super) polls: u64,
}

/// Polls of stays that have left.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PollSums {
    /// In the measured time;
    made: u64,
    /// of them, those whose answers were there before their stay left.
    measured: u64,
    /// Answers that came in the measured time.
    arrived: u64,
}

impl PollSums {
    /// Writes them down; an answer is there so long after its poll.
    pub(super) fn note(self, latency: Time, tally: &mut Tally) {
        let Self {
            made,
            measured,
            arrived,
        } = self;
        tally.counters.asks_poll += made;
        tally.counters.cache_writes += arrived;
        tally.asks += made;
        let feed = &mut tally.feeds[0];
        feed.changes += made;
        feed.sent += made;
        feed.in_flight += made - measured;
        feed.applied_alike(measured, latency);
    }
}

/// Polls that decide, with the truth, what searches of a stay get.
#[derive(Debug, Clone, Copy)]
pub struct Steadily<'a> {
    policy: &'a Policy,
    /// The polls.
    pub(super) regular: Regular,
    /// So long after the first poll its answer is there, and what misses asked before is overtaken and, if it does not
    /// live for ever, gone.
    settles_after: Time,
    /// The end of the warm-up.
    pub(super) warm: Time,
}

impl Steadily<'_> {
    /// When a stay is first polled, whose polls have this key of their own.
    #[must_use]
    #[inline]
    pub fn first(&self, key: Key, truth: &StayTruth<'_>) -> Time {
        self.regular.first(key, truth.enters)
    }

    /// Whether polls, the first of them at `first`, reach a stay before the warm-up ends, and nothing takes their
    /// answers away.
    #[must_use]
    #[inline]
    pub fn settle(&self, first: Time, truth: &StayTruth<'_>) -> bool {
        let settled = first.saturating_add(self.settles_after);
        settled < self.warm && self.warm < truth.leaves && !self.policy.is_flushed(truth)
    }

    /// Adds the polls of a stay that leaves, the first of them made at `first`.
    #[inline(always)]
    pub(super) fn add_polls(
        &self,
        first: Time,
        leaves: Time,
        sums: &mut PollSums,
        asks: &mut Minutes,
    ) -> Held {
        let Self { regular, warm, .. } = *self;
        let Regular { gap, latency } = regular;
        // Those made before the warm-up ends and before the stay leaves; and of both, those whose answers are there by
        // then.
        let before = regular.before(first, warm);
        let upto = regular.before(first, leaves);
        let (there, arrive) = if latency == 0 {
            (before, upto)
        } else {
            let there = |at: Time| regular.before(first, at - latency);
            (there(warm), there(leaves))
        };
        let made = upto - before;
        let measured = arrive.saturating_sub(before);
        sums.made += made;
        sums.measured += measured;
        sums.arrived += arrive - there;
        let next = first + before as Time * gap;
        asks.add_regular(next - warm, gap, made);
        Held {
            read: first + (there as Time - 1) * gap,
            polls: arrive - there,
        }
    }

    /// Writes down the whole life of a stay whose polls settle, the first of them at `first`; gives the searches'
    /// working memory back.
    pub fn pass(
        &self,
        truth: StayTruth<'_>,
        first: Time,
        mut searches: Searches<'_>,
        bookings: Option<&impl Fn(Time, Time) -> u64>,
        tally: &mut Tally,
    ) -> SearchScratch {
        let (warm, leaves) = (self.warm, truth.leaves);
        searches.take_until(warm);
        // What changes at its very end is measured.
        let changed = truth.changes_before(truth.version_at(warm - 1), leaves);
        tally.counters.changes += u64::from(changed);
        let (mut sums, asks) = (PollSums::default(), &mut tally.asks_by_minute);
        let Held { read, polls } = self.add_polls(first, leaves, &mut sums, asks);
        sums.note(self.regular.latency, tally);
        let steady = Steady::new(tally, &mut searches, (warm, warm), read, self.regular);
        let held = truth.version_at(read);
        steady.pass(
            &truth,
            held,
            leaves,
            polls,
            self.policy.meets_each,
            bookings,
        );
        searches.into_scratch()
    }
}

/// Twice ∫ data age over a stretch, of answers that are visible so long after they were read, a gap apart: the first
/// of them at `visible`, before the stretch or as it begins, then `polls` others within it.
#[inline(always)]
pub(super) fn doubled_data_age(
    (from, to): (Time, Time),
    visible: Time,
    polls: u64,
    (gap, latency): (Time, Time),
) -> i128 {
    // The first may be older as the stretch begins, the last does not come to its end: all of them, less what is
    // missing of the first and the last.
    let upto = |length: Time| i128::from(length) * i128::from(length + 2 * latency);
    let last = visible + polls as Time * gap;
    // Each is below the square of some thousand years: nothing overflows that is not looked for.
    let all = upto(gap).wrapping_mul(i128::from(polls));
    all.wrapping_sub(upto(from - visible))
        .wrapping_add(upto(to - last))
}

impl Walk<'_> {
    /// Whether all polls to come are regular, and nothing but them and the truth decides what a search gets.
    fn stays_plain(&self, gap: Time) -> bool {
        let leaves = self.stay.truth.leaves;
        let StayFeed::Polls(polls) = &self.feeds[0] else {
            return false;
        };
        self.stay.audited.audits.is_empty()
            && self.policy.is_plain(gap)
            && polls.steady_until(self.now) >= leaves
            && self.next_flush() >= leaves
    }

    /// The feed's entry is this version, as read at a moment and stored so long after.
    fn hold(&mut self, version: u32, read: Time, latency: Time) {
        let answer = self.stay.truth.answer(version);
        let lifetime = self.policy.lifetime(answer).unwrap_or(NEVER);
        let expires = (read + latency).saturating_add(lifetime);
        self.layers[1] = Some(Entry {
            answer,
            version,
            read,
            expires,
            dies: expires.saturating_add(self.policy.grace),
        });
    }

    /// Passes over all that is to come, where polls and the truth are all there is; whether it is.
    pub(super) fn pass_steadily<C: Commons>(&mut self, commons: &mut C, tally: &mut Tally) -> bool {
        let (Some(1), Some(entry)) = (self.served, self.layers[1]) else {
            return false;
        };
        let truth = self.stay.truth;
        let to = truth.leaves;
        let asked =
            self.layers[0].is_some_and(|asked| asked.expires < to || asked.read > entry.read);
        let StayFeed::Polls(polls) = &mut self.feeds[0] else {
            return false;
        };
        let Some(regular) = polls.regular(self.now) else {
            return false;
        };
        let Regular { gap, latency } = regular;
        // An answer that was slow to come is not followed by others a gap after it, and one that a bug turned
        // round is put right by the next.
        let plain = self.now >= self.horizon.warm
            && self.now < to
            && !asked
            && entry.read + gap == polls.next_read()
            && entry.answer == truth.answer(entry.version)
            && self.stays_plain(gap);
        let StayFeed::Polls(polls) = &mut self.feeds[0] else {
            return false;
        };
        if !plain {
            return false;
        }
        let renewed = polls.renew_until(to - latency, regular);
        tally.counters.cache_writes += renewed.polls;
        renewed.note(regular, self.horizon.warm, tally);
        let bookings = |from: Time, to: Time| called(self.stay.bookings, from, to);
        let steady = Steady::new(
            tally,
            &mut self.stay.searches,
            (self.horizon.warm, self.now),
            entry.read,
            regular,
        );
        let each = self.policy.meets_each;
        let polls = renewed.polls;
        let version = steady.pass(&truth, entry.version, to, polls, each, Some(&bookings));
        // What changes as the stay leaves is no change of it any longer.
        let changed = truth.changes_before(self.version, to);
        tally.counters.changes += u64::from(changed);
        self.now = to;
        self.version += changed;
        self.available = truth.answer(self.version);
        self.hold(version, entry.read + renewed.polls as Time * gap, latency);
        self.choose(commons);
        true
    }
}

/// Bookings after `from` and until `to`.
#[must_use]
pub fn called(bookings: &[Booking], from: Time, to: Time) -> u64 {
    let upto = |at: Time| bookings.partition_point(|booking| booking.at <= at);
    (upto(to) - upto(from)) as u64
}

impl<'t, 'a> Steady<'t, 'a> {
    /// From `from` on, with the answer of a poll made at `read`.
    fn new(
        tally: &'t mut Tally,
        searches: &'t mut Searches<'a>,
        (warm, from): (Time, Time),
        read: Time,
        Regular { gap, latency }: Regular,
    ) -> Self {
        Self {
            tally,
            searches,
            warm,
            from,
            visible: read + latency,
            gap,
            latency,
            renews: read + latency + gap,
            counted: 0,
            fresh: [0; 2],
            stale: [[Spent::default(); 2]; 2],
        }
    }

    /// Goes on until `to`, where the stay leaves, with this version at first and these polls since; the version that
    /// is held then. With `each`, searches are met one by one.
    fn pass(
        mut self,
        truth: &StayTruth<'_>,
        held: u32,
        to: Time,
        polls: u64,
        each: bool,
        bookings: Option<&impl Fn(Time, Time) -> u64>,
    ) -> u32 {
        let version = if each {
            self.run::<true>(truth, held, to, bookings)
        } else {
            self.run::<false>(truth, held, to, bookings)
        };
        self.finish(to, polls, each);
        version
    }

    /// Goes from change to change until `to`, where the stay leaves; the version that is held then. `held` is the
    /// one held at first.
    #[inline]
    fn run<const EACH: bool>(
        &mut self,
        truth: &StayTruth<'_>,
        held: u32,
        to: Time,
        bookings: Option<&impl Fn(Time, Time) -> u64>,
    ) -> u32 {
        let changes = truth.changes();
        let first_read = self.visible - self.latency;
        let mut held = held as usize;
        let mut now = self.from;
        while let Some(change) = changes.get(held)
            && change.at < to
        {
            let since = change.at;
            let answer = truth.answer(held as u32);
            let start = since.max(now);
            self.fresh::<EACH>(now, start, answer);
            // The first poll of then or later.
            let read = since + self.gap - 1 - (since - first_read + self.gap - 1) % self.gap;
            let end = (read + self.latency).min(to);
            let begins = Turn::new(start - self.warm);
            let mut from = begins;
            let mut wrong = true;
            let version = held;
            held += 1;
            while let Some(change) = changes.get(held)
                && change.at < end
            {
                if change.at > start {
                    let stretch = Stretch::between(from, Turn::new(change.at - self.warm));
                    self.stale::<EACH>(since, stretch, change.at, answer, wrong, bookings);
                    from = stretch.ends();
                }
                wrong = !wrong;
                held += 1;
            }
            if start < end {
                let stretch = Stretch::between(from, Turn::new(end - self.warm));
                self.stale::<EACH>(since, stretch, end, answer, wrong, bookings);
                let all = Stretch::between(begins, stretch.ends());
                let origin = since - self.warm;
                self.tally.hourly.stale.add_stretch(origin, all);
            }
            now = end;
            // What the poll read is all until then: without what came while its answer was on its way,
            while self.latency > 0 && changes[held - 1].at > read {
                held -= 1;
            }
            if end == to {
                // A poll that would be visible as the stay leaves is not.
                return version as u32;
            }
            // and with what came at that very instant.
            while changes.get(held).is_some_and(|change| change.at <= read) {
                held += 1;
            }
        }
        self.fresh::<EACH>(now, to, truth.answer(held as u32));
        held as u32
    }

    /// A stretch with the current version.
    #[inline(always)]
    fn fresh<const EACH: bool>(&mut self, from: Time, to: Time, answer: bool) {
        if from >= to {
            return;
        }
        self.fresh[usize::from(answer)] += to - from;
        self.counted += self.searches::<EACH>(NEVER, to);
    }

    /// A stretch until `to` with an earlier version than the current one, of another answer or the same.
    #[inline(always)]
    fn stale<const EACH: bool>(
        &mut self,
        since: Time,
        stretch: Stretch,
        to: Time,
        answer: bool,
        wrong: bool,
        bookings: Option<&impl Fn(Time, Time) -> u64>,
    ) {
        let counted = self.searches::<EACH>(since, to);
        self.counted += counted;
        let length = stretch.length();
        let behind = &mut self.stale[usize::from(wrong)][usize::from(answer)];
        behind.time += length;
        behind.searches += counted;
        if wrong {
            self.tally.hourly.wrong(answer).add_stretch(stretch);
            if let Some(bookings) = bookings
                && !answer
            {
                self.tally.counters.bookings_called_sold_out += bookings(to - length, to);
            }
        }
        if !EACH && counted > 0 {
            let served = &mut self.tally.served_staleness;
            served.add_piece(to - length - since, to - since, counted);
        }
    }

    /// Searches before `to`, which find what is stale since a moment: counted, or each met.
    #[inline(always)]
    fn searches<const EACH: bool>(&mut self, since: Time, to: Time) -> u64 {
        if EACH {
            self.meet(since, to)
        } else {
            self.searches.take_until(to)
        }
    }

    /// Meets each search before `to`.
    #[inline(never)]
    fn meet(&mut self, since: Time, to: Time) -> u64 {
        let Self {
            tally,
            searches,
            renews,
            gap,
            latency,
            ..
        } = self;
        let (gap, oldest) = (*gap, *gap + *latency);
        let (mut count, mut read, mut renewed) = (0, *renews - oldest, *renews);
        let mut ages = tally.served_data_age.one_by_one();
        let mut meet = |at: Time| {
            count += 1;
            while at >= renewed {
                read += gap;
                renewed += gap;
            }
            ages(at - read);
        };
        if since == NEVER {
            searches.each_until(to, meet);
            tally.served_staleness.add(0, count);
        } else {
            let mut staleness = tally.served_staleness.one_by_one();
            searches.each_until(to, |at| {
                meet(at);
                staleness(at - since);
            });
        }
        *renews = renewed;
        count
    }

    /// Writes down what was found until `to`, before which so many polls became visible.
    #[inline]
    fn finish(self, to: Time, polls: u64, each: bool) {
        let Self { tally, .. } = self;
        let (start, stop) = (self.from - self.warm, to - self.warm);
        let span = to - self.from;
        tally.watched_time += i128::from(span);
        tally.entry_time += i128::from(span);
        tally.hourly.entries.add(start, stop);
        let [right, wrong] = self.stale;
        let is_available = self.fresh[1] + right[1].time + wrong[0].time;
        tally.available_time += i128::from(is_available);
        note_wrong(wrong, tally);
        tally.fresh_time += i128::from(self.fresh[0] + self.fresh[1]);
        let stale: u64 = self
            .stale
            .as_flattened()
            .iter()
            .map(|behind| behind.searches)
            .sum();
        let (low, high) = (self.latency, self.latency + self.gap);
        tally.doubled_data_age += doubled_data_age(
            (self.from, to),
            self.visible,
            polls,
            (self.gap, self.latency),
        );
        if !each {
            tally.served_data_age.add_again(low, high, self.counted);
            tally.served_staleness.add(0, self.counted - stale);
        }
        let counters = &mut tally.counters;
        counters.searches += self.counted;
        counters.hits += self.counted;
        counters.stale_hits += stale;
    }
}
