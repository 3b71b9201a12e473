//! The reader asks, again and again.
//!
//! `inventory` is polled stay by stay, each on its own clock. A log (`deltas`, `searches`) is read by one
//! reader: a read takes all that has been written since the last one that succeeded.
//!
//! Freshness and age of the three orders: J. Cho, H. Garcia-Molina, "Synchronizing a database to improve
//! freshness", SIGMOD 2000, section 4 (fixed, random and purely-random order).

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use crate::design::trouble::Troubles;
use crate::scenario::quantity::{Period, Share};
use crate::sim::clock::Time;
use crate::sim::distribution::Exponential;
use crate::sim::random::{Key, Purpose};

pub mod allocation;
pub mod paging;
pub mod rate_limit;

/// Pull delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Between polls of one stay (of the log, for a log).
    pub every: Period,
    /// When in its interval a stay is polled.
    #[serde(default)]
    pub order: Order,
    /// Each gap is uniform on every·(1 ± jitter), counted from the poll before. Only with `fixed` order.
    #[serde(default = "none")]
    pub jitter: Share,
    /// From the poll, when the truth is read, to the copy.
    #[serde(default)]
    pub latency: Delay,
    /// Share of polls that fail; nothing is asked again before the next.
    #[serde(default = "none")]
    pub loss: Share,
}

fn none() -> Share {
    Share::of(0.0)
}

/// When in its interval a stay is polled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Each stay at its own constant phase.
    #[default]
    Fixed,
    /// Once a cycle, at a fresh uniform moment of it.
    Shuffled,
    /// At memoryless moments, `every` apart on average.
    Poisson,
}

/// The moments at which one stay (or one log) is polled, in order.
#[derive(Debug)]
pub struct Clock<'a> {
    pull: &'a Pull,
    /// The poller's own key in its feed.
    key: Key,
    /// The ordinal of the next poll.
    slot: u64,
    /// When it is.
    next: Time,
    /// Constant gaps: nothing about the moments is random but the phase.
    steady: bool,
}

/// One poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// When the truth is read.
    pub read: Time,
    /// When the copy has it; `None` if the poll failed.
    pub visible: Option<Time>,
}

impl Poll {
    /// The poll as troubles leave it: it fails while nothing is delivered, takes longer, is lost. `key` is
    /// the poller's own.
    #[must_use]
    pub fn meets(self, troubles: &Troubles, key: Key) -> Self {
        let (Some(visible), false) = (self.visible, troubles.is_empty()) else {
            return self;
        };
        let read = self.read;
        let stopped = troubles.resumes(read, None) > read;
        let visible = if stopped || troubles.leaks(key.at(read as u64), read, None) {
            None
        } else {
            let slowed = troubles.slowed(read, None);
            Some(read.saturating_add(((visible - read) as f64 * slowed) as Time))
        };
        Self { read, visible }
    }
}

impl<'a> Clock<'a> {
    /// The polls from `from` on. `key` is the poller's own.
    #[must_use]
    pub fn new(pull: &'a Pull, key: Key, from: Time) -> Self {
        let every = pull.every.micros();
        let key_at = key.purpose(Purpose::Polls);
        let phase = || (key_at.unit() * every as f64) as Time;
        let steady = pull.order == Order::Fixed && pull.jitter.get() == 0.0;
        let mut clock = Self {
            pull,
            key,
            slot: 0,
            next: 0,
            steady,
        };
        match pull.order {
            Order::Fixed if steady => {
                // The first multiple of the interval that puts this stay's phase at or after `from`.
                let phase = phase();
                let slot = (from - phase + every - 1).div_euclid(every).max(0);
                clock.slot = slot as u64;
                clock.next = phase + slot * every;
            }
            Order::Fixed => clock.next = from + phase(),
            Order::Shuffled => {
                clock.slot = (from / every) as u64;
                clock.next = clock.in_cycle();
                while clock.next < from {
                    clock.advance();
                }
            }
            Order::Poisson => clock.next = from + clock.memoryless_gap(),
        }
        clock
    }

    /// When the next poll is.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Time {
        self.next
    }

    /// Makes the next poll.
    #[inline]
    pub fn poll(&mut self) -> Poll {
        let read = self.next;
        let key = self.key.at(self.slot);
        let visible = if self.pull.loss.get() > 0.0
            && key.purpose(Purpose::Loss).happens(self.pull.loss.get())
        {
            None
        } else {
            let latency = match self.pull.latency.constant() {
                Some(latency) => latency,
                None => self.pull.latency.sample(key.purpose(Purpose::Latency)),
            };
            Some(read.saturating_add(latency))
        };
        self.advance();
        Poll { read, visible }
    }

    /// The gap and the latency, where each poll is like the last: constant gaps, constant latency, no loss.
    #[must_use]
    #[inline]
    pub fn regular(&self) -> Option<(Time, Time)> {
        let latency = self.pull.latency.constant()?;
        (self.steady && self.pull.loss.get() == 0.0).then_some((self.pull.every.micros(), latency))
    }

    /// Passes over `polls` regular polls.
    #[inline]
    pub fn skip(&mut self, polls: u64) {
        self.slot += polls;
        self.next += polls as Time * self.pull.every.micros();
    }

    fn advance(&mut self) {
        let every = self.pull.every.micros();
        self.slot += 1;
        self.next = match self.pull.order {
            Order::Fixed if self.steady => self.next + every,
            Order::Fixed => {
                let spread = self.pull.jitter.get() * (2.0 * self.slot_key().unit() - 1.0);
                self.next + ((every as f64 * (1.0 + spread)) as Time).max(1)
            }
            Order::Shuffled => self.in_cycle(),
            Order::Poisson => self.next + self.memoryless_gap(),
        };
    }

    fn slot_key(&self) -> Key {
        self.key.purpose(Purpose::Polls).at(self.slot)
    }

    /// A uniform moment of the current cycle.
    fn in_cycle(&self) -> Time {
        let every = self.pull.every.micros();
        self.slot as Time * every + (self.slot_key().unit() * every as f64) as Time
    }

    fn memoryless_gap(&self) -> Time {
        let draw: f64 = Exponential.sample(&mut self.slot_key().stream());
        ((draw * self.pull.every.micros() as f64) as Time).max(1)
    }
}

/// The polls of a log, one reader for all: what was written before a poll that succeeds arrives with it.
#[derive(Debug, Default)]
pub struct LogReads(Vec<(Time, Time)>);

impl LogReads {
    /// The reader's polls until `end`. `key` is the feed's own.
    #[must_use]
    pub fn new(pull: &Pull, key: Key, end: Time, troubles: &Troubles) -> Self {
        let mut clock = Clock::new(pull, key, 0);
        let mut reads = Vec::new();
        while clock.peek() < end {
            let poll = clock.poll().meets(troubles, key);
            if let Some(visible) = poll.visible {
                reads.push((poll.read, visible));
            }
        }
        Self(reads)
    }

    /// When a message written at `at` arrives; `None` if no poll before the end of the run reads it.
    #[must_use]
    pub fn arrives(&self, at: Time) -> Option<Time> {
        let index = self.0.partition_point(|(read, _)| *read < at);
        self.0.get(index).map(|(_, visible)| *visible)
    }
}
