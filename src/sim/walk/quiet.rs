//! Stays to which nothing happens: the truth never changes while they can be searched, and a feed says nothing else.
//! Most stays far ahead are such. What the walk would find of them is written down at once here, and is the same.

use super::steady::{Held, PollSums, Steadily, doubled_data_age};
use super::{NEVER, Policy, Time};
use crate::design::delivery::pull::Regular;
use crate::design::serving::{LiveCheck, OnMiss};
use crate::measure::series::doubled_ramp;
use crate::measure::tally::Tally;
use crate::sim::truth::StayTruth;

/// A stay that is on the board before the warm-up ends and after it, and whose truth never changes.
#[derive(Debug, Clone, Copy)]
pub struct Quiet<'a> {
    truth: StayTruth<'a>,
    warm: Time,
    /// Measured searches.
    searches: u64,
}

impl<'a> Quiet<'a> {
    /// A stay with so many measured searches, if it is one.
    #[must_use]
    #[inline]
    pub fn new(truth: StayTruth<'a>, searches: u64, warm: Time) -> Option<Self> {
        let is_quiet = truth.changes().is_empty() && truth.enters < warm && warm < truth.leaves;
        is_quiet.then_some(Self {
            truth,
            warm,
            searches,
        })
    }
}

/// Quiet stays that leave at one moment, one after the other: what is alike of them is written down once.
#[derive(Debug, Default)]
pub struct Alike {
    /// How long each is measured.
    span: Time,
    stays: u64,
    /// Truly available.
    available: u64,
    /// Held from the start of the measured time to its end, always fresh;
    held: u64,
    /// of these, as loaded at the start of the run.
    loaded: u64,
    /// Searches of those that are held, and of those that are as loaded.
    searches: u64,
    searches_of_loaded: u64,
    /// Their polls, where they are polled, and how long the answers take.
    polls: PollSums,
    latency: Time,
    /// Twice ∫ data age of those that are polled.
    doubled_data_age: i128,
}

impl Alike {
    /// Makes room for a stay with such a span.
    #[inline]
    fn begin(&mut self, quiet: &Quiet<'_>, tally: &mut Tally) {
        let span = quiet.truth.leaves - quiet.warm;
        if span != self.span {
            self.note(quiet.warm, tally);
            self.span = span;
        }
        self.stays += 1;
        self.available += u64::from(quiet.truth.answer(0));
    }

    #[inline]
    fn hold(&mut self, quiet: &Quiet<'_>) {
        self.held += 1;
        self.searches += quiet.searches;
    }

    /// Writes down those that there were, measured from `warm` on.
    pub fn note(&mut self, warm: Time, tally: &mut Tally) {
        let Self {
            span,
            stays,
            available,
            held,
            loaded,
            searches,
            searches_of_loaded,
            polls,
            latency,
            doubled_data_age,
        } = std::mem::take(self);
        if stays == 0 {
            return;
        }
        let time = |stays: u64| i128::from(span) * i128::from(stays);
        tally.watched_time += time(stays);
        tally.available_time += time(available);
        tally.entry_time += time(held);
        tally.fresh_time += time(held);
        tally.hourly.entries.add_times(0, span, held);
        tally.served_staleness.add(0, searches);
        tally.counters.searches += searches;
        tally.counters.hits += searches;
        polls.note(latency, tally);
        tally.doubled_data_age += doubled_data_age;
        let (low, high) = (warm, warm + span);
        tally.doubled_data_age += doubled_ramp(low, high) * i128::from(loaded);
        if searches_of_loaded > 0 {
            let served = &mut tally.served_data_age;
            served.add_piece(low, high, searches_of_loaded);
        }
    }
}

impl Steadily<'_> {
    /// Writes down the life of a quiet stay whose polls settle, the first of them at `first`.
    #[inline]
    pub fn pass_quiet(&self, quiet: &Quiet<'_>, first: Time, alike: &mut Alike, tally: &mut Tally) {
        let (warm, leaves) = (quiet.warm, quiet.truth.leaves);
        let Regular { gap, latency } = self.regular;
        alike.begin(quiet, tally);
        alike.hold(quiet);
        alike.latency = latency;
        let asks = &mut tally.asks_by_minute;
        let Held { read, polls } = self.add_polls(first, leaves, &mut alike.polls, asks);
        let age = doubled_data_age((warm, leaves), read + latency, polls, (gap, latency));
        // Of stays of one check-in: far from any bound.
        alike.doubled_data_age = alike.doubled_data_age.wrapping_add(age);
        let served = &mut tally.served_data_age;
        served.add_again(latency, latency + gap, quiet.searches);
    }
}

impl Policy {
    /// Whether stays that are not audited can be quiet: nothing drops an entry, and nobody looks at each stretch or
    /// search.
    #[must_use]
    pub fn lets_be(&self) -> bool {
        self.purges_per_day == 0.0
            && self.readers.is_empty()
            && self.flushes.is_empty()
            && !self.meets_each
    }

    /// Writes down the life of a quiet stay whose answer is loaded at the start of the run, where that is right and
    /// nobody checks it; whether that is so.
    pub fn pass_loaded(
        &self,
        quiet: &Quiet<'_>,
        answer: bool,
        alike: &mut Alike,
        tally: &mut Tally,
    ) -> bool {
        if answer != quiet.truth.answer(0)
            || self.lifetime(answer) != Some(NEVER)
            || self.serving.live_check != LiveCheck::Never
        {
            return false;
        }
        alike.begin(quiet, tally);
        alike.hold(quiet);
        alike.loaded += 1;
        alike.searches_of_loaded += quiet.searches;
        true
    }

    /// Writes down the life of a quiet stay that nobody ever searches and of which nothing else is known, where
    /// that makes no answer wrong; whether it does not.
    #[inline]
    pub fn pass_unseen(&self, quiet: &Quiet<'_>, alike: &mut Alike, tally: &mut Tally) -> bool {
        let is_right = self.serving.on_miss == OnMiss::AskLive;
        if is_right {
            alike.begin(quiet, tally);
        }
        is_right
    }
}
