//! Stays to which nothing happens: the truth never changes while they can be searched, and a feed says nothing else.
//! Most stays far ahead are such. What the walk would find of them is written down at once here, and is the same.

use super::steady::{Steadily, doubled_data_age};
use super::{NEVER, Policy, Time, note_stay};
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

    /// The time in which it can be searched.
    fn note_time(&self, tally: &mut Tally) {
        let span = i128::from(self.truth.leaves - self.warm);
        note_stay(&self.truth, self.warm, tally);
        tally.watched_time += span;
        if self.truth.answer(0) {
            tally.available_time += span;
        }
    }

    /// What is held all the time is fresh.
    fn note_fresh(&self, tally: &mut Tally) {
        let span = self.truth.leaves - self.warm;
        self.note_time(tally);
        tally.entry_time += i128::from(span);
        tally.fresh_time += i128::from(span);
        tally.hourly.entries.add(0, span);
        tally.served_staleness.add(0, self.searches);
        tally.counters.searches += self.searches;
        tally.counters.hits += self.searches;
    }
}

impl Steadily<'_> {
    /// Writes down the life of a quiet stay whose polls settle, the first of them at `first`.
    pub fn pass_quiet(&self, quiet: &Quiet<'_>, first: Time, tally: &mut Tally) {
        let (warm, leaves) = (quiet.warm, quiet.truth.leaves);
        let Regular { gap, latency } = self.regular;
        let held = self.held(first);
        let renewed = self.note_polls(first, held, leaves, tally);
        let visible = held + latency;
        tally.doubled_data_age +=
            doubled_data_age((warm, leaves), visible, renewed.polls, (gap, latency));
        let served = &mut tally.served_data_age;
        served.add_again(latency, latency + gap, quiet.searches);
        quiet.note_fresh(tally);
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
    pub fn pass_loaded(&self, quiet: &Quiet<'_>, answer: bool, tally: &mut Tally) -> bool {
        if answer != quiet.truth.answer(0)
            || self.lifetime(answer) != Some(NEVER)
            || self.serving.live_check != LiveCheck::Never
        {
            return false;
        }
        let (low, high) = (quiet.warm, quiet.truth.leaves);
        tally.doubled_data_age += doubled_ramp(low, high);
        if quiet.searches > 0 {
            let served = &mut tally.served_data_age;
            served.add_piece(low, high, quiet.searches);
        }
        quiet.note_fresh(tally);
        true
    }

    /// Writes down the life of a quiet stay that nobody ever searches and of which nothing else is known, where
    /// that makes no answer wrong; whether it does not.
    pub fn pass_unseen(&self, quiet: &Quiet<'_>, tally: &mut Tally) -> bool {
        let is_right = self.serving.on_miss == OnMiss::AskLive;
        if is_right {
            quiet.note_time(tally);
        }
        is_right
    }
}
