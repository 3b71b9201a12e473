//! The reader asks, again and again.
//!
//! `inventory` is polled stay by stay, each on its own clock. A log (`deltas`, `searches`, `hints`) is read by
//! one reader: a read takes all that has been written since the last one that succeeded.
//!
//! ```text
//!  every, or budget_per_day shared out by its allocation
//!                   │
//!  order, jitter ──▶ when a stay is due ──▶ rate_limit ──▶ read ──latency, loss──▶ visible
//!                   ▲                                       │
//!                   └──── adaptive: did the answer change? ◀┘
//!
//!  every ──▶ a crawl starts ──▶ paging: page after page of the list, each through rate_limit
//! ```
//!
//! Freshness and age of the three orders: J. Cho, H. Garcia-Molina, "Synchronizing a database to improve
//! freshness", SIGMOD 2000, section 4 (fixed, random and purely-random order).

use rand_distr::Distribution;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::delay::Delay;
use crate::design::trouble::Troubles;
use crate::scenario::quantity::{LONGEST, Period, Rate, Share};
use crate::sim::clock::Time;
use crate::sim::distribution::Exponential;
use crate::sim::random::{Key, Purpose};

pub mod adaptive;
pub mod allocation;
pub mod paging;
pub mod rate_limit;

pub use adaptive::Adaptive;
pub use allocation::Allocation;
pub use paging::Paging;
pub use rate_limit::{Bucket, RateLimit};

/// Pull delivery: exactly one of `every` and `budget_per_day`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pull {
    /// Between polls of one stay (of the log, for a log; between the starts of crawls, with `paging`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Period>,
    /// Asks a day over all stays, shared out by `allocation`: each stay gets an interval of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_per_day: Option<Rate>,
    /// How `budget_per_day` is shared out.
    #[serde(default)]
    pub allocation: Allocation,
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
    /// Each stay's interval follows its changes, from `every` on. Only with `fixed` order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adaptive: Option<Adaptive>,
    /// At most so many asks a second; what exceeds it waits in line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<RateLimit>,
    /// The list of available stays is crawled page by page; a crawl starts `every` so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paging: Option<Paging>,
}

fn none() -> Share {
    Share::of(0.0)
}

impl Pull {
    /// Between polls as `every` says, in microseconds; 100 years, as good as never, where a budget gives
    /// each stay an interval of its own.
    #[must_use]
    pub fn interval(&self) -> Time {
        self.every.map_or(LONGEST, Period::micros)
    }

    /// The polls of a stay, `every` apart, where each is like the last: constant gaps, constant latency, no loss.
    #[must_use]
    #[inline]
    pub fn regular(&self, every: Time) -> Option<Regular> {
        let latency = self.latency.constant()?;
        let alike = self.has_constant_gaps() && self.loss.get() == 0.0 && self.adaptive.is_none();
        alike.then_some(Regular {
            gap: every,
            latency,
        })
    }

    /// Nothing about the moments of polls is random but the phase.
    fn has_constant_gaps(&self) -> bool {
        self.order == Order::Fixed && self.jitter.get() == 0.0
    }
}

/// Polls that are all alike: so long from one to the next, each so long on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Regular {
    /// From one to the next.
    pub gap: Time,
    /// From the poll to the copy.
    pub latency: Time,
}

/// Regular polls that were passed over.
#[derive(Debug, Clone, Copy)]
pub struct Renewed {
    /// How many.
    pub polls: u64,
    /// Of them, those in the measured part of the run: the last ones.
    pub measured: u64,
    /// When the first of those is made, if there is one.
    pub first: Time,
}

impl Regular {
    /// The first poll at `from` or later of the poller with this key of its own: its ordinal, and when it is.
    #[inline(always)]
    fn start(gap: Time, key: Key, from: Time) -> (u64, Time) {
        let phase = (key.purpose(Purpose::Polls).unit() * gap as f64) as Time;
        if from <= phase {
            return (0, phase);
        }
        // The first multiple of the interval that puts the phase there.
        let slot = ((from - phase - 1) as u64) / gap as u64 + 1;
        (slot, phase + slot as Time * gap)
    }

    /// When the first poll at `from` or later is, of the poller with this key of its own.
    #[must_use]
    #[inline]
    pub fn first(&self, key: Key, from: Time) -> Time {
        Self::start(self.gap, key, from).1
    }

    /// How many polls are made before `end`, the first of them at `next`.
    #[must_use]
    #[inline(always)]
    pub fn before(&self, next: Time, end: Time) -> u64 {
        if end <= next {
            0
        } else {
            // Without a look for overflows: times of a run are far from any.
            (end.wrapping_sub(next).wrapping_sub(1) as u64 / self.gap as u64).wrapping_add(1)
        }
    }

    /// The polls before `until`, the first of them at `next`; measured from `warm` on.
    #[must_use]
    #[inline]
    pub fn renewed(&self, next: Time, until: Time, warm: Time) -> Renewed {
        let polls = self.before(next, until);
        let unmeasured = self.before(next, warm).min(polls);
        Renewed {
            polls,
            measured: polls - unmeasured,
            first: next + unmeasured as Time * self.gap,
        }
    }
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
    /// Between polls now.
    every: Time,
    /// Gaps are the interval: nothing about the moments is random but the phase.
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
        let (Some(_), false) = (self.visible, troubles.is_empty()) else {
            return self;
        };
        let read = self.read;
        if troubles.leaks(key.at(read as u64), read, None) {
            return Self {
                read,
                visible: None,
            };
        }
        self.reads_log(troubles)
    }

    /// The read of a log as troubles leave it: a leak takes messages out of the log, not the reader.
    #[must_use]
    pub fn reads_log(self, troubles: &Troubles) -> Self {
        let (Some(visible), false) = (self.visible, troubles.is_empty()) else {
            return self;
        };
        let read = self.read;
        let stopped = troubles.resumes(read, None) > read;
        let slowed = troubles.slowed(read, None);
        let takes = ((visible - read) as f64 * slowed) as Time;
        Self {
            read,
            visible: (!stopped).then(|| read.saturating_add(takes)),
        }
    }
}

impl<'a> Clock<'a> {
    /// The polls from `from` on, `every` apart. `key` is the poller's own.
    #[must_use]
    pub fn new(pull: &'a Pull, every: Time, key: Key, from: Time) -> Self {
        let steady = pull.has_constant_gaps();
        let mut clock = Self {
            pull,
            key,
            slot: 0,
            next: 0,
            every,
            steady,
        };
        match pull.order {
            Order::Fixed if steady => {
                (clock.slot, clock.next) = Regular::start(every, key, from);
            }
            Order::Fixed => {
                let phase = key.purpose(Purpose::Polls).unit() * every as f64;
                clock.next = from + phase as Time;
            }
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

    /// When the polls before `end` are, where nothing that they find moves them.
    pub fn moments(mut self, end: Time) -> impl Iterator<Item = Time> {
        std::iter::from_fn(move || {
            let at = self.next;
            (at < end).then(|| {
                self.advance();
                at
            })
        })
    }

    /// The polls before `end`.
    pub fn until(mut self, end: Time) -> impl Iterator<Item = Poll> {
        std::iter::from_fn(move || (self.next < end).then(|| self.poll()))
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

    /// Whether what a poll found moves the next: [`Self::found`] is to be told of each.
    #[must_use]
    #[inline]
    pub fn learns(&self) -> bool {
        self.pull.adaptive.is_some()
    }

    /// Tells of the last poll, as it was made in the end, whether it brought an answer other than the last
    /// one before it that succeeded; `None`, and the interval stays, where it failed or is the first.
    pub fn found(&mut self, poll: Poll, changed: Option<bool>) {
        if let (Some(adaptive), Some(changed)) = (&self.pull.adaptive, changed) {
            self.every = adaptive.after(self.every, changed);
        }
        let next = poll.read.saturating_add(self.every);
        // Who goes by the answer cannot ask again before it is there.
        self.next = poll.visible.map_or(next, |visible| next.max(visible));
    }

    /// The polls, where each is like the last.
    #[must_use]
    #[inline]
    pub fn regular(&self) -> Option<Regular> {
        self.pull.regular(self.every)
    }

    /// Passes over `polls` regular polls.
    #[inline]
    pub fn skip(&mut self, polls: u64) {
        self.slot += polls;
        self.next += polls as Time * self.every;
    }

    fn advance(&mut self) {
        let every = self.every;
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
        let every = self.every;
        self.slot as Time * every + (self.slot_key().unit() * every as f64) as Time
    }

    fn memoryless_gap(&self) -> Time {
        let draw: f64 = Exponential.sample(&mut self.slot_key().stream());
        ((draw * self.every as f64) as Time).max(1)
    }
}

/// The polls of a log, one reader for all: what was written before a poll that succeeds arrives with it.
#[derive(Debug, Default)]
pub struct LogReads(Vec<(Time, Time)>);

impl LogReads {
    /// The reader's polls until `end`. `key` is the feed's own.
    #[must_use]
    pub fn new(pull: &Pull, key: Key, end: Time, troubles: &Troubles) -> Self {
        let polls = Clock::new(pull, pull.interval(), key, 0).until(end);
        let seen = |poll: Poll| Some((poll.read, poll.reads_log(troubles).visible?));
        Self(polls.filter_map(seen).collect())
    }

    /// When a message written at `at` arrives; `None` if no poll before the end of the run reads it.
    #[must_use]
    pub fn arrives(&self, at: Time) -> Option<Time> {
        let index = self.0.partition_point(|(read, _)| *read < at);
        self.0.get(index).map(|(_, visible)| *visible)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::quantity::Duration;
    use crate::sim::clock::{HOUR, MINUTE};

    fn adaptive(latency: Time) -> Pull {
        Pull {
            every: Some(Period::of(2 * HOUR)),
            budget_per_day: None,
            allocation: Allocation::Uniform,
            order: Order::Fixed,
            jitter: none(),
            latency: Delay::Fixed(Duration::of(latency)),
            loss: none(),
            adaptive: Some(Adaptive {
                min: Period::of(HOUR),
                max: Period::of(8 * HOUR),
            }),
            rate_limit: None,
            paging: None,
        }
    }

    /// When the polls after the first are, counted from it, where it is said what they found.
    fn polls(pull: &Pull, found: &[Option<bool>]) -> Vec<Time> {
        let mut clock = Clock::new(pull, pull.interval(), Key::replicate(1, 1), 0);
        assert_eq!(clock.regular(), None);
        let start = clock.peek();
        let each = found.iter().map(|found| {
            let poll = clock.poll();
            clock.found(poll, *found);
            clock.peek() - start
        });
        each.collect()
    }

    #[test]
    fn what_a_poll_finds_moves_the_next() {
        let found = [
            None,
            Some(false),
            Some(false),
            Some(false),
            Some(true),
            None,
            Some(true),
            Some(true),
            Some(true),
        ];
        let hours = [2, 6, 14, 22, 26, 30, 32, 33, 34];
        assert_eq!(polls(&adaptive(0), &found), hours.map(|hour| hour * HOUR));
    }

    /// The answer takes longer than the shortest interval: the next poll is made when it is there.
    #[test]
    fn who_goes_by_the_answer_waits_for_it() {
        let late = adaptive(90 * MINUTE);
        let halves = [4, 7, 10, 14].map(|half| half * 30 * MINUTE);
        let found = [None, Some(true), Some(true), Some(false)];
        assert_eq!(polls(&late, &found), halves);
        // Also after the first.
        assert_eq!(
            polls(&adaptive(5 * HOUR), &[None, None]),
            [5 * HOUR, 10 * HOUR]
        );
    }
}
