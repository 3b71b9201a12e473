//! The plain case, in one loop: one feed of regular polls, nothing that drops an entry, nobody who looks but
//! travellers. What the walk would find event by event is found change by change here, and is the same.

use super::{Commons, Entry, NEVER, Policy, StayFeed, Time, Walk};
use crate::design::serving::LiveCheck;
use crate::design::source::inventory::{Polls, Renewed};
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::sim::truth::StayTruth;
use crate::world::searches::Searches;

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
    stale: u64,
    told_available_wrongly: u64,
    told_sold_out_wrongly: u64,
    fresh_time: Time,
    available_time: Time,
    false_available_time: Time,
    false_sold_out_time: Time,
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

    /// The gap and the latency of polls, where a stay's whole life is plain and polls have reached it well before
    /// the warm-up ends: what misses asked is overtaken by then and, if it does not live for ever, gone.
    pub(super) fn settles(
        &self,
        polls: &Polls<'_>,
        truth: &StayTruth<'_>,
        warm: Time,
    ) -> Option<(Time, Time)> {
        let (enters, leaves) = (truth.enters, truth.leaves);
        let (gap, latency) = polls.regular(enters)?;
        let longest = [true, false].map(|answer| match self.lifetime(answer) {
            Some(NEVER) => 0,
            lifetime => lifetime.unwrap_or(NEVER),
        });
        let settled = (polls.next_read() + latency)
            .saturating_add(longest[0].max(longest[1]))
            .saturating_add(gap);
        let is_plain = settled < warm
            && warm < leaves
            && self.is_plain(gap)
            && polls.steady_until(enters) >= leaves
            && !self.flushes.iter().any(|at| (enters..leaves).contains(at));
        is_plain.then_some((gap, latency))
    }
}

/// Twice ∫ data age over a stretch, of answers that are visible so long after they were read, a gap apart: the first
/// of them at `visible`, before the stretch or as it begins, then `polls` others within it.
#[inline]
pub(super) fn doubled_data_age(
    (from, to): (Time, Time),
    visible: Time,
    polls: u64,
    (gap, latency): (Time, Time),
) -> i128 {
    // The first may be older as the stretch begins, the last does not come to its end: all of them, less what is
    // missing of the first and the last.
    let of_each = doubled_ramp(latency, latency + gap);
    let before = doubled_ramp(latency, latency + from - visible);
    let last = visible + polls as Time * gap;
    i128::from(polls) * of_each - before + doubled_ramp(latency, latency + to - last)
}

impl Walk<'_> {
    /// Passes over the warm-up, where polls settle by its end: nothing that is measured knows of it.
    pub(super) fn skip_warm_up<C: Commons>(&mut self, commons: &mut C) {
        let truth = self.stay.truth;
        let warm = self.horizon.warm;
        let StayFeed::Polls(polls) = &mut self.feeds[0] else {
            return;
        };
        if !self.stay.audited.audits.is_empty() {
            return;
        }
        let Some((gap, latency)) = self.policy.settles(polls, &truth, warm) else {
            return;
        };
        let first = polls.next_read() + latency;
        let passed = polls.renew_until(warm - latency, gap).polls;
        if passed == 0 {
            return;
        }
        let read = first - latency + (passed as Time - 1) * gap;
        self.stay.searches.take_until(warm);
        self.now = warm;
        // What changes at its very end is measured.
        self.version = truth.version_at(warm - 1);
        self.available = truth.answer(self.version);
        self.hold(truth.version_at(read), read, latency);
        self.choose(commons);
    }

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
        let Some((gap, latency)) = polls.regular(self.now) else {
            return false;
        };
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
        let renewed = polls.renew_until(to - latency, gap);
        let mut steady = Steady {
            tally,
            searches: &mut self.stay.searches,
            warm: self.horizon.warm,
            from: self.now,
            visible: entry.read + latency,
            gap,
            latency,
            renews: entry.read + latency + gap,
            counted: 0,
            stale: 0,
            told_available_wrongly: 0,
            told_sold_out_wrongly: 0,
            fresh_time: 0,
            available_time: 0,
            false_available_time: 0,
            false_sold_out_time: 0,
        };
        let bookings = |from: Time, to: Time| {
            let bookings = self.stay.bookings;
            if bookings.is_empty() {
                return 0;
            }
            let upto = |at: Time| bookings.partition_point(|booking| booking.at <= at);
            (upto(to) - upto(from)) as u64
        };
        let each = self.policy.meets_each;
        let version = if each {
            steady.run::<true>(&truth, entry.version, to, &bookings)
        } else {
            steady.run::<false>(&truth, entry.version, to, &bookings)
        };
        steady.finish(to, &renewed, each);
        // What changes as the stay leaves is no change of it any longer.
        let after = &truth.changes()[self.version as usize..];
        let changed = after.iter().take_while(|change| change.at < to).count();
        tally.counters.changes += changed as u64;
        self.now = to;
        self.version += changed as u32;
        self.available = truth.answer(self.version);
        self.hold(version, entry.read + renewed.polls as Time * gap, latency);
        self.choose(commons);
        true
    }
}

impl Steady<'_, '_> {
    /// Goes from change to change until `to`, where the stay leaves; the version that is held then. `held` is the
    /// one held at first.
    #[inline]
    fn run<const EACH: bool>(
        &mut self,
        truth: &StayTruth<'_>,
        held: u32,
        to: Time,
        bookings: &impl Fn(Time, Time) -> u64,
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
            let polls = (since - first_read + self.gap - 1) / self.gap;
            let read = first_read + polls * self.gap;
            let end = (read + self.latency).min(to);
            let mut next = held + 1;
            let mut right = false;
            let mut from = start;
            loop {
                let upto = changes.get(next).map_or(end, |change| change.at.min(end));
                if upto > from {
                    self.stale::<EACH>(since, from, upto, answer, right, bookings);
                    from = upto;
                }
                if upto == end {
                    break;
                }
                next += 1;
                right = !right;
            }
            let hours = &mut self.tally.hourly;
            hours.stale.add(start - self.warm, end - self.warm);
            hours
                .staleness
                .add(since - self.warm, start - self.warm, end - self.warm);
            self.tally.doubled_staleness += doubled_ramp(start - since, end - since);
            now = end;
            if end == to {
                // A poll that would be visible as the stay leaves is not.
                return held as u32;
            }
            while changes.get(held).is_some_and(|change| change.at <= read) {
                held += 1;
            }
        }
        self.fresh::<EACH>(now, to, truth.answer(held as u32));
        held as u32
    }

    /// A stretch with the current version.
    #[inline]
    fn fresh<const EACH: bool>(&mut self, from: Time, to: Time, answer: bool) {
        if from >= to {
            return;
        }
        self.fresh_time += to - from;
        if answer {
            self.available_time += to - from;
        }
        self.counted += self.searches::<EACH>(NEVER, to);
    }

    /// A stretch with an earlier version than the current one.
    #[inline]
    fn stale<const EACH: bool>(
        &mut self,
        since: Time,
        from: Time,
        to: Time,
        answer: bool,
        right: bool,
        bookings: &impl Fn(Time, Time) -> u64,
    ) {
        let counted = self.searches::<EACH>(since, to);
        self.counted += counted;
        self.stale += counted;
        let available = answer == right;
        if available {
            self.available_time += to - from;
        }
        let (start, stop) = (from - self.warm, to - self.warm);
        if !right && answer {
            self.false_available_time += to - from;
            self.told_available_wrongly += counted;
            self.tally.hourly.false_available.add(start, stop);
        } else if !right {
            self.false_sold_out_time += to - from;
            self.told_sold_out_wrongly += counted;
            self.tally.hourly.false_sold_out.add(start, stop);
            self.tally.counters.bookings_called_sold_out += bookings(from, to);
        }
        if !EACH && counted > 0 {
            let served = &mut self.tally.served_staleness;
            served.add_piece(from - since, to - since, counted);
        }
    }

    /// Searches before `to`, which find what is stale since a moment: counted, or each met.
    #[inline]
    fn searches<const EACH: bool>(&mut self, since: Time, to: Time) -> u64 {
        if !EACH {
            return self.searches.take_until(to);
        }
        let Self {
            tally,
            searches,
            renews,
            gap,
            latency,
            ..
        } = self;
        let (gap, oldest) = (*gap, *gap + *latency);
        let mut met = 0;
        searches.each_until(to, |at| {
            met += 1;
            while *renews <= at {
                *renews += gap;
            }
            tally.served_data_age.add(oldest - (*renews - at), 1);
            if since != NEVER {
                tally.served_staleness.add(at - since, 1);
            }
        });
        if since == NEVER {
            tally.served_staleness.add(0, met);
        }
        met
    }

    /// Writes down what was found until `to`, before which these polls became visible.
    #[inline]
    fn finish(self, to: Time, renewed: &Renewed, each: bool) {
        let Self { tally, .. } = self;
        let polls = renewed.polls;
        let (start, stop) = (self.from - self.warm, to - self.warm);
        let span = to - self.from;
        tally.watched_time += i128::from(span);
        tally.entry_time += i128::from(span);
        tally.hourly.entries.add(start, stop);
        tally.available_time += i128::from(self.available_time);
        tally.false_available_time += i128::from(self.false_available_time);
        tally.false_sold_out_time += i128::from(self.false_sold_out_time);
        tally.wrong_entry_time += i128::from(self.false_available_time + self.false_sold_out_time);
        tally.fresh_time += i128::from(self.fresh_time);
        let (low, high) = (self.latency, self.latency + self.gap);
        tally.doubled_data_age += doubled_data_age(
            (self.from, to),
            self.visible,
            polls,
            (self.gap, self.latency),
        );
        if !each {
            tally.served_data_age.add_again(low, high, self.counted);
            tally.served_staleness.add(0, self.counted - self.stale);
        }
        let counters = &mut tally.counters;
        counters.searches += self.counted;
        counters.hits += self.counted;
        counters.stale_hits += self.stale;
        counters.told_available_wrongly += self.told_available_wrongly;
        counters.told_sold_out_wrongly += self.told_sold_out_wrongly;
        counters.cache_writes += polls;
        renewed.note(self.latency, self.gap, self.warm, tally);
    }
}
