//! The domain service, asked stay by stay: each poll is a live ask and reads the truth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::design::delivery::pull::{Clock, Pull};
use crate::sim::clock::Time;
use crate::sim::random::Key;
use crate::sim::truth::{OnTheWay, StayTruth, Write};

/// The inventory itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Inventory {}

/// The polls of one stay, and their answers on the way.
#[derive(Debug)]
pub struct Polls<'a> {
    clock: Clock<'a>,
    /// When the stay leaves: nobody polls it then.
    until: Time,
    /// Polls from here on count.
    warm: Time,
    on_the_way: OnTheWay,
    /// Measured polls so far.
    polls: u64,
}

impl<'a> Polls<'a> {
    /// The polls of a stay. `key` is the stay's own in its feed.
    #[must_use]
    #[inline]
    pub fn new(pull: &'a Pull, key: Key, truth: &StayTruth<'_>, warm: Time) -> Self {
        let clock = Clock::new(pull, key, truth.enters);
        Self {
            clock,
            until: truth.leaves,
            warm,
            on_the_way: OnTheWay::default(),
            polls: 0,
        }
    }

    /// When the next answer arrives.
    #[inline]
    pub fn peek(&mut self) -> Time {
        // A later poll may overtake: all that are made before the nearest arrival must be on the way.
        loop {
            let nearest = self.on_the_way.peek();
            let read = self.clock.peek();
            if read >= self.until || read > nearest {
                return nearest;
            }
            self.send();
        }
    }

    #[inline]
    fn send(&mut self) {
        let poll = self.clock.poll();
        self.polls += u64::from(poll.read >= self.warm);
        if let Some(visible) = poll.visible {
            self.on_the_way.send(visible, poll.read);
        }
    }

    /// Takes the nearest answer.
    #[inline]
    pub fn take(&mut self, truth: &StayTruth<'_>) -> Option<Write> {
        self.on_the_way.take(truth)
    }

    /// The gap and the latency, where each poll to come is like the last and none is on the way.
    #[must_use]
    #[inline]
    pub fn regular(&self) -> Option<(Time, Time)> {
        if self.on_the_way.is_empty() {
            self.clock.regular()
        } else {
            None
        }
    }

    /// Passes over the regular polls before `until`, `gap` apart; how many they were.
    #[inline]
    pub fn renew_until(&mut self, until: Time, gap: Time) -> u64 {
        let next = self.clock.peek();
        let upto = |end: Time| (end - next + gap - 1).div_euclid(gap).max(0) as u64;
        let polls = upto(until.min(self.until));
        let unmeasured = upto(self.warm).min(polls);
        self.polls += polls - unmeasured;
        self.clock.skip(polls);
        polls
    }

    /// Measured polls, once the stay has left: also those whose answers come too late.
    #[must_use]
    pub fn finish(&mut self) -> u64 {
        while self.clock.peek() < self.until {
            self.send();
        }
        self.polls
    }
}
