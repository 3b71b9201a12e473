//! The line of a feed's consumers: messages wait for a free one, first in, first out.
//!
//! ```text
//!                    ┌────────────── back to the head: a consumer died, commit after ─────────────┐
//!                    ▼                                                                            │
//!  arrive ──▶ line, or one a partition ──▶ consumers at work, at most so many at once ──▶ done, or died
//!                                          none starts in a pause
//! ```
//!
//! What is modelled
//! - Messages arrive in order of time. [`shared`](Line::shared): one line, its head is taken by any free
//!   consumer. [`partitioned`](Line::partitioned): a line each, with one consumer each.
//! - A consumer works on one message at a time, for as long as the caller says when it starts. Without
//!   pauses and deaths the starts are those of D. V. Lindley, "The theory of queues with a single server",
//!   Math. Proc. Cambridge Phil. Soc. 48(2), 1952, for one consumer, and of J. Kiefer, J. Wolfowitz, "On the
//!   theory of queues with many servers", Trans. Amer. Math. Soc. 78, 1955, for several.
//! - For a while fewer may be at work ([`fewer`](Line::fewer)) or none may start ([`pause`](Line::pause)).
//!   Work under way is finished; it counts as work, so those who finish first are those who are missing.
//!   Where partitions compete for fewer consumers, the oldest message at a head goes first.
//! - A consumer may die at its message, as one does whose call to another region takes longer than the group
//!   waits for it ([`Attempt::with_call`]; in Apache Kafka `max.poll.interval.ms`, KIP-62). Then the whole
//!   group, all partitions, stops for a rebalance: from that moment nobody starts, work under way is
//!   finished. Rebalances that overlap last until the last of them is over. A new consumer is there when
//!   the group goes on.
//! - What was committed [`After`](Commit::After) processing is not, yet: the message goes back to the head of
//!   its line and is tried again, before all that came later (at least once). What was committed
//!   [`Before`](Commit::Before) is lost (at most once). What a dead consumer had done is not applied.
//!
//! At one instant consumers become free or die first, then pauses end or begin, then work starts. All is
//! done in order of time, so a death is known to every start after it and to none before.
//!
//! A message costs O(log n) with n messages at work or partitions, whichever are more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::sim::clock::{NEVER, Time};

/// When a message counts as processed, should its consumer die.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Commit {
    /// After processing: it is tried again (at least once). What the dead consumer had done of it is not
    /// applied, so that it still counts once.
    #[default]
    After,
    /// Before processing: it is lost (at most once).
    Before,
}

/// When the line was done with a message, or lost it: one number, which is below 0 where it was lost.
#[derive(Debug, Clone, Copy)]
pub struct Ended(Time);

impl Ended {
    /// Done at a moment of the run.
    #[must_use]
    pub fn done_at(at: Time) -> Self {
        Self(at)
    }

    /// Lost at a moment of the run.
    #[must_use]
    pub fn lost_at(at: Time) -> Self {
        Self(!at)
    }

    /// When it was done; [`NEVER`] if it was lost.
    #[must_use]
    #[inline]
    pub fn done(self) -> Time {
        if self.0 < 0 { NEVER } else { self.0 }
    }

    /// When it was lost; [`NEVER`] if it was not.
    #[must_use]
    #[inline]
    pub fn lost(self) -> Time {
        if self.0 < 0 { !self.0 } else { NEVER }
    }
}

/// What becomes of one attempt at a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It is done after this long, in microseconds.
    Done(Time),
    /// The consumer is taken for dead after this long, in microseconds; one at least.
    Dies(Time),
}

impl Attempt {
    /// Work that begins with a call, answered after `call` (`None`: never), and takes `service` more. A call
    /// longer than `timeout` is the consumer's death.
    #[must_use]
    pub fn with_call(call: Option<Time>, service: Time, timeout: Time) -> Self {
        match call {
            Some(call) if call <= timeout => Self::Done(call.saturating_add(service)),
            _ => Self::Dies(timeout),
        }
    }
}

/// What happened in a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Messages that arrived.
    pub messages: u64,
    /// Attempts started: one a message, and one more for each that was tried again.
    pub attempts: u64,
    /// Consumers that died.
    pub deaths: u64,
    /// Messages lost with them.
    pub lost: u64,
    /// Time spent in line, in microseconds: the messages waiting, over time. Those put back wait again.
    pub waited: i128,
    /// The most messages in line at any moment.
    pub most_waiting: u64,
    /// Time spent at work, in microseconds: the consumers at work, over time.
    pub busy: i128,
}

/// A message in line.
#[derive(Debug, Clone)]
struct Waiting<M> {
    /// Its number in order of arrival.
    number: u64,
    /// Attempts made before.
    attempts: u32,
    message: M,
}

#[derive(Debug, Clone)]
struct Partition<M> {
    waiting: VecDeque<Waiting<M>>,
    at_work: u32,
}

/// Consumers and what waits for them. `M` is what the caller knows a message by.
///
/// ```
/// use stayfresh::design::delivery::line::{Attempt, Line};
///
/// let mut line = Line::shared(1);
/// line.pause(10, 20);
/// let mut done = vec![];
/// let mut work = |message: &char, _attempts, start| {
///     done.push((*message, start + 3));
///     Attempt::Done(3)
/// };
/// for (at, message) in [(9, 'a'), (10, 'b'), (15, 'c')] {
///     line.arrive(at, 0, message, &mut work);
/// }
/// line.advance(100, &mut work);
/// assert_eq!(done, [('a', 12), ('b', 23), ('c', 26)]);
/// ```
#[derive(Debug, Clone)]
pub struct Line<M> {
    partitions: Vec<Partition<M>>,
    /// The most at work in one partition, and in all.
    width: u32,
    consumers: u32,
    rebalance: Time,
    commit: Commit,
    now: Time,
    at_work: u32,
    waiting: u64,
    arrived: u64,
    /// From when on how many may be at work, in order of time, and which of them holds now.
    limits: Vec<(Time, u32)>,
    limit: usize,
    /// The end of the last rebalance.
    rebalanced: Time,
    /// When work ends, and in which partition.
    ends: BinaryHeap<Reverse<(Time, u32)>>,
    /// Which of the ends are deaths, by their time and the message's number.
    deaths: BTreeMap<(Time, u64), (u32, Waiting<M>)>,
    /// Partitions with a message and a consumer for it, by the number of the message at their head.
    ready: BinaryHeap<Reverse<(u64, u32)>>,
    totals: Totals,
}

impl<M> Line<M> {
    /// One line for all, taken by any free of `consumers`. `u32::MAX` of them are always enough.
    #[must_use]
    pub fn shared(consumers: u32) -> Self {
        Self::new(1, consumers, consumers)
    }

    /// `partitions` lines with one consumer each.
    #[must_use]
    pub fn partitioned(partitions: u32) -> Self {
        Self::new(partitions, 1, partitions)
    }

    fn new(partitions: u32, width: u32, consumers: u32) -> Self {
        let empty = || Partition {
            waiting: VecDeque::new(),
            at_work: 0,
        };
        Self {
            partitions: (0..partitions).map(|_| empty()).collect(),
            width,
            consumers,
            rebalance: 0,
            commit: Commit::After,
            now: 0,
            at_work: 0,
            waiting: 0,
            arrived: 0,
            limits: vec![(Time::MIN, u32::MAX)],
            limit: 0,
            rebalanced: 0,
            ends: BinaryHeap::new(),
            deaths: BTreeMap::new(),
            ready: BinaryHeap::new(),
            totals: Totals::default(),
        }
    }

    /// What a death costs: a pause of the group, in microseconds, and the message or not. Nothing and
    /// [`Commit::After`] unless said.
    #[must_use]
    pub fn on_death(mut self, rebalance: Time, commit: Commit) -> Self {
        self.rebalance = rebalance;
        self.commit = commit;
        self
    }

    /// Nobody starts from `from` until just before `to`: an outage, a storm of rebalances.
    pub fn pause(&mut self, from: Time, to: Time) {
        self.fewer(from, to, 0);
    }

    /// From `from` until just before `to` nobody starts while `at_work` messages or more are at work in the
    /// group. Where several such times overlap, the least holds. What has been simulated stays as it was.
    pub fn fewer(&mut self, from: Time, to: Time, at_work: u32) {
        if from >= to {
            return;
        }
        let first = self.limit_from(from);
        let end = self.limit_from(to);
        for (_, limit) in &mut self.limits[first..end] {
            *limit = at_work.min(*limit);
        }
        self.limit = self.limits.partition_point(|(from, _)| *from <= self.now) - 1;
    }

    /// The place of the limit that begins at this time.
    fn limit_from(&mut self, time: Time) -> usize {
        let place = self.limits.partition_point(|(from, _)| *from < time);
        if self.limits.get(place).is_none_or(|(from, _)| *from != time) {
            let before = self.limits[place - 1].1;
            self.limits.insert(place, (time, before));
        }
        place
    }

    /// A message arrives at `at`, no earlier than the one before, in partition `partition` (0 where the line
    /// is shared). All that happens until then is simulated.
    ///
    /// `work` is asked at the start of each attempt at any message, in order of time: the message, attempts
    /// made before, and now. It says what becomes of the attempt, and keeps what it wants to know.
    pub fn arrive(
        &mut self,
        at: Time,
        partition: u32,
        message: M,
        work: &mut impl FnMut(&M, u32, Time) -> Attempt,
    ) {
        debug_assert!(at >= self.now, "arrives at {at}, but it is {}", self.now);
        self.advance(at, work);
        let arrival = Waiting {
            number: self.arrived,
            attempts: 0,
            message,
        };
        self.arrived += 1;
        self.totals.messages += 1;
        self.put(partition, arrival);
        self.start(work);
    }

    /// Simulates all that happens up to and at `until`. Attempts under way then may end later; messages in
    /// line then have not been tried, or not to an end.
    pub fn advance(&mut self, until: Time, work: &mut impl FnMut(&M, u32, Time) -> Attempt) {
        while let Some(next) = self.next_change().filter(|next| *next <= until) {
            self.pass(next);
            self.settle();
            self.start(work);
        }
        self.pass(until);
    }

    /// Messages in line now.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting
    }

    /// Consumers at work now.
    #[must_use]
    pub fn at_work(&self) -> u32 {
        self.at_work
    }

    /// What happened since the start, or since this was last asked.
    pub fn take_totals(&mut self) -> Totals {
        std::mem::take(&mut self.totals)
    }

    /// When next someone becomes free, or may start who may not now.
    #[must_use]
    pub fn next_change(&self) -> Option<Time> {
        let end = self.ends.peek().map_or(NEVER, |Reverse((time, _))| *time);
        let limits = self.limits.get(self.limit + 1);
        let limit = limits.map_or(NEVER, |(from, _)| *from);
        let mut next = end.min(limit);
        if self.rebalanced > self.now {
            next = next.min(self.rebalanced);
        }
        (next < NEVER).then_some(next)
    }

    /// Lets time pass in which nothing happens.
    pub fn pass(&mut self, to: Time) {
        let span = to - self.now;
        if span > 0 {
            self.totals.waited += i128::from(self.waiting) * i128::from(span);
            self.totals.busy += i128::from(self.at_work) * i128::from(span);
            self.totals.most_waiting = self.totals.most_waiting.max(self.waiting);
            self.now = to;
        }
    }

    /// What happens now, before anyone starts.
    fn settle(&mut self) {
        // Before the ends, so that a partition becomes ready with the message that goes back to it.
        while let Some(death) = self.deaths.first_entry()
            && death.key().0 <= self.now
        {
            let (partition, waiting) = death.remove();
            self.totals.deaths += 1;
            self.rebalanced = self.now.saturating_add(self.rebalance);
            match self.commit {
                Commit::After => self.put(partition, waiting),
                Commit::Before => self.totals.lost += 1,
            }
        }
        while let Some(Reverse((time, number))) = self.ends.peek().copied()
            && time <= self.now
        {
            self.ends.pop();
            self.at_work -= 1;
            let partition = &mut self.partitions[number as usize];
            let was_full = partition.at_work == self.width;
            partition.at_work -= 1;
            if was_full && let Some(head) = partition.waiting.front() {
                self.ready.push(Reverse((head.number, number)));
            }
        }
        while let Some((from, _)) = self.limits.get(self.limit + 1)
            && *from <= self.now
        {
            self.limit += 1;
        }
    }

    /// Puts a message in line, behind all that arrived before it.
    fn put(&mut self, number: u32, waiting: Waiting<M>) {
        self.waiting += 1;
        let partition = &mut self.partitions[number as usize];
        if partition.waiting.is_empty() && partition.at_work < self.width {
            self.ready.push(Reverse((waiting.number, number)));
        }
        // A new one goes to the end, one that was tried is not far from the head.
        match partition.waiting.back() {
            Some(last) if last.number > waiting.number => {
                let earlier = |other: &Waiting<M>| other.number < waiting.number;
                let place = partition.waiting.partition_point(earlier);
                partition.waiting.insert(place, waiting);
            }
            _ => partition.waiting.push_back(waiting),
        }
    }

    /// Starts all that may start now.
    fn start(&mut self, work: &mut impl FnMut(&M, u32, Time) -> Attempt) {
        if self.now < self.rebalanced {
            return;
        }
        let limit = self.consumers.min(self.limits[self.limit].1);
        while self.at_work < limit
            && let Some(Reverse((_, number))) = self.ready.pop()
        {
            let partition = &mut self.partitions[number as usize];
            let Some(mut waiting) = partition.waiting.pop_front() else {
                continue;
            };
            self.waiting -= 1;
            self.at_work += 1;
            partition.at_work += 1;
            if partition.at_work < self.width
                && let Some(head) = partition.waiting.front()
            {
                self.ready.push(Reverse((head.number, number)));
            }
            self.totals.attempts += 1;
            let end = match work(&waiting.message, waiting.attempts, self.now) {
                Attempt::Done(after) => self.now.saturating_add(after.max(0)),
                Attempt::Dies(after) => {
                    let death = self.now.saturating_add(after.max(1));
                    waiting.attempts = waiting.attempts.saturating_add(1);
                    self.deaths
                        .insert((death, waiting.number), (number, waiting));
                    death
                }
            };
            self.ends.push(Reverse((end, number)));
        }
    }
}
