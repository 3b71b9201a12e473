//! The domain service, asked stay by stay: each poll is a live ask and reads the truth.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::pull::paging::{Crawls, Seen};
use crate::design::delivery::pull::{Clock, Pull, Regular, Renewed};
use crate::design::trouble::Troubles;
use crate::measure::feed::FeedTally;
use crate::measure::tally::Tally;
use crate::sim::clock::{NEVER, Time};
use crate::sim::random::Key;
use crate::sim::truth::{OnTheWay, StayTruth, Write};

/// The inventory itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Inventory {}

/// Any interval will do for a stay that is never polled.
const NEVER_POLLED: Time = 1;

/// The polls of one stay, and their answers on the way.
#[derive(Debug)]
pub struct Polls<'a> {
    clock: Clock<'a>,
    troubles: &'a Troubles,
    /// The stay's own in its feed.
    key: Key,
    /// When the stay leaves: nobody polls it then.
    until: Time,
    /// Polls from here on count.
    warm: Time,
    on_the_way: OnTheWay,
    /// Polls wait for a rate limit, each in its turn.
    limited: bool,
    /// The truth, which decides when an adaptive reader asks again.
    truth: StayTruth<'a>,
    /// The answer of the last poll that succeeded, for a reader that compares.
    last: Option<bool>,
    /// When polls were made that nobody has noted yet.
    made: Vec<Time>,
    /// Measured polls so far, and those that failed.
    polls: u64,
    failed: u64,
}

impl Renewed {
    /// Writes the measured ones down, each asked a `gap` after the last and stored `latency` later.
    #[inline]
    pub fn note(&self, regular: Regular, warm: Time, tally: &mut Tally) {
        if self.measured > 0 {
            tally.feeds[0].applied_alike(self.measured, regular.latency);
            let asks = &mut tally.asks_by_minute;
            asks.add_regular(self.first - warm, regular.gap, self.measured);
        }
    }
}

impl<'a> Polls<'a> {
    /// The polls of a stay, `interval` apart; none without one. `key` is the stay's own in its feed.
    #[must_use]
    #[inline]
    pub fn new(
        pull: &'a Pull,
        troubles: &'a Troubles,
        key: Key,
        truth: &StayTruth<'a>,
        warm: Time,
        interval: Option<Time>,
    ) -> Self {
        let every = interval.unwrap_or(NEVER_POLLED);
        let clock = Clock::new(pull, every, key, truth.enters);
        Self {
            clock,
            troubles,
            key,
            until: if interval.is_some() {
                truth.leaves
            } else {
                truth.enters
            },
            warm,
            on_the_way: OnTheWay::default(),
            limited: pull.rate_limit.is_some(),
            truth: *truth,
            last: None,
            made: Vec::new(),
            polls: 0,
            failed: 0,
        }
    }

    /// When each poll is due, before anything has been polled, where nothing that they find moves them.
    pub fn dues(self) -> impl Iterator<Item = Time> {
        self.clock.moments(self.until)
    }

    /// When the next answer is taken, which arrives or has been held until a moment; or the next poll asks the
    /// rate limit, which nothing holds.
    #[inline]
    pub fn due(&mut self, held_until: Time) -> Time {
        self.peek().max(held_until).min(self.asks())
    }

    /// When the next poll asks the rate limit.
    #[inline]
    fn asks(&self) -> Time {
        let read = self.clock.peek();
        if self.limited && read < self.until {
            read
        } else {
            NEVER
        }
    }

    /// When the next answer arrives.
    #[inline]
    fn peek(&mut self) -> Time {
        if self.limited {
            return self.on_the_way.peek();
        }
        // A later poll may overtake: all that are made before the nearest arrival must be on the way.
        loop {
            let nearest = self.on_the_way.peek();
            let read = self.clock.peek();
            if read >= self.until || read > nearest {
                return nearest;
            }
            self.send(|at| at);
        }
    }

    /// Makes the next poll, when `admit` lets it pass.
    #[inline]
    fn send(&mut self, admit: impl FnOnce(Time) -> Time) {
        let mut poll = self.clock.poll();
        let passes = admit(poll.read);
        if passes > poll.read {
            let waits = passes - poll.read;
            poll.read = passes;
            poll.visible = poll.visible.map(|visible| visible.saturating_add(waits));
            // A stay waits in line once: what came due meanwhile is left out.
            let left_out = passes.min(self.until);
            while !self.clock.learns() && self.clock.peek() <= left_out {
                self.clock.poll();
            }
        }
        let poll = poll.meets(self.troubles, self.key);
        if poll.read >= self.until {
            return;
        }
        let measured = u64::from(poll.read >= self.warm);
        self.polls += measured;
        if measured > 0 {
            self.made.push(poll.read);
        }
        let learns = self.clock.learns();
        let mut answer = None;
        match poll.visible {
            Some(visible) => {
                let key = self.key.at(poll.read as u64);
                let turned =
                    !self.troubles.is_empty() && self.troubles.turns_round(key, poll.read, None);
                self.on_the_way.send(visible, poll.read, turned);
                if learns {
                    answer = Some(self.truth.read(poll.read, visible, turned).answer);
                }
            }
            None => self.failed += measured,
        }
        if learns {
            let changed = |answer| self.last.replace(answer).map(|last| last != answer);
            let changed = answer.and_then(changed);
            self.clock.found(poll, changed);
        }
    }

    /// Takes the nearest answer, if it arrives `now` or waited; nothing where a poll was due, which `admit`
    /// lets pass.
    #[inline]
    pub fn take(
        &mut self,
        now: Time,
        held_until: Time,
        truth: &StayTruth<'_>,
        admit: impl FnOnce(Time) -> Time,
    ) -> Option<Write> {
        if self.asks() <= now && now < self.on_the_way.peek().max(held_until) {
            self.send(admit);
            return None;
        }
        self.on_the_way.take(truth)
    }

    /// The polls, where each to come is like the last and none is on the way.
    #[must_use]
    #[inline]
    pub fn regular(&self, at: Time) -> Option<Regular> {
        if self.on_the_way.is_empty() && !self.limited && !self.troubles.any(at) {
            self.clock.regular()
        } else {
            None
        }
    }

    /// When the next poll is made, where it is regular.
    #[must_use]
    #[inline]
    pub fn next_read(&self) -> Time {
        self.clock.peek()
    }

    /// Until when nothing changes about the polls.
    #[must_use]
    #[inline]
    pub fn steady_until(&self, at: Time) -> Time {
        self.troubles.steady_until(at)
    }

    /// Passes over the regular polls before `until`.
    #[inline]
    pub fn renew_until(&mut self, until: Time, regular: Regular) -> Renewed {
        let next = self.clock.peek();
        let renewed = regular.renewed(next, until.min(self.until), self.warm);
        self.polls += renewed.measured;
        self.clock.skip(renewed.polls);
        renewed
    }

    /// Notes when measured polls were made since this was last asked; of those passed over in one step, nothing.
    pub fn made(&mut self, note: impl FnMut(Time)) {
        self.made.drain(..).for_each(note);
    }

    /// Measured polls that asked.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.polls
    }

    /// The stay has left: counts its measured polls, also those whose answers come too late.
    pub fn finish(&mut self, tally: &mut FeedTally) -> u64 {
        while !self.limited && self.clock.peek() < self.until {
            self.send(|at| at);
        }
        tally.changes += self.polls;
        tally.sent += self.polls;
        tally.lost += self.failed;
        tally.in_flight += self.on_the_way.read_since(self.warm);
        self.polls
    }
}

/// What crawls say of one stay.
#[derive(Debug)]
pub struct Crawled {
    /// By the moment at which the copy has it, the nearest last.
    seen: Vec<Seen>,
}

impl Crawled {
    /// Of the stay with this place in the list, while it can be searched. `key` is the stay's own in its feed.
    #[must_use]
    pub fn new(
        crawls: &Crawls,
        place: u32,
        truth: &StayTruth<'_>,
        troubles: &Troubles,
        key: Key,
    ) -> Self {
        let mut seen = Vec::new();
        let within = truth.enters..truth.leaves;
        let is_listed = |at| within.contains(&at) && truth.answer(truth.version_at(at));
        crawls.reader().seen(place, is_listed, &mut seen);
        seen.retain(|seen| within.contains(&seen.read));
        for seen in &mut seen {
            seen.listed ^= troubles.turns_round(key.at(seen.read as u64), seen.read, None);
        }
        seen.sort_by_key(|seen| (Reverse(seen.visible), Reverse(seen.read)));
        Self { seen }
    }

    /// When the copy has the next page with the stay, or that passed it by.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.seen.last().map_or(NEVER, |seen| seen.visible)
    }

    /// Takes it: what is not listed is taken for sold out.
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        let Seen {
            read,
            visible,
            listed,
        } = self.seen.pop()?;
        let read = truth.read(read, visible, false);
        Some(Write {
            answer: listed,
            ..read
        })
    }
}
